// meeting
