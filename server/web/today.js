// today
