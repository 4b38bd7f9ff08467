// meetings
