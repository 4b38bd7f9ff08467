"""Reads an iCalendar file with python3-icalendar and prints what it found, a property a line."""
import sys

import icalendar

data = open(sys.argv[1], "rb").read()
for line in data.split(b"\r\n"):
    assert len(line) <= 75, "a line is not folded: %r" % line
    line.decode("utf-8")  # a fold never cuts a character
assert b"\n" not in data.replace(b"\r\n", b""), "a line ends without CR"
calendar = icalendar.Calendar.from_ical(data)
for name in ("version", "prodid", "name", "x-wr-calname", "x-published-ttl", "refresh-interval"):
    assert name in calendar, name
for event in calendar.walk("vevent"):
    assert event.errors == [], event.errors
    for name in ("uid", "dtstamp", "dtstart", "last-modified", "sequence", "summary", "status", "url"):
        assert name in event, name
    for name in ("uid", "sequence", "status", "summary", "location", "description"):
        if name in event:
            print("%s=%s" % (name, str(event[name]).replace("\n", "|")))
    for name in ("dtstart", "dtend"):
        if name in event:
            print("%s=%s" % (name, event[name].dt.isoformat()))
    print("categories=%s" % "+".join(str(category) for category in event["categories"].cats))
