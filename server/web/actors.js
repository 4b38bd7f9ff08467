// actors
