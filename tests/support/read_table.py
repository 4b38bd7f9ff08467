"""Reads a CSV file with Python's csv module and prints it as JSON, an object a row."""
import csv
import json
import sys

data = open(sys.argv[1], "rb").read()
assert data.endswith(b"\r\n"), "the last row has no end"
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    reader = csv.reader(file, strict=True)
    header = next(reader)
    rows = list(reader)
for row in rows:
    assert len(row) == len(header), row
print(json.dumps([dict(zip(header, row)) for row in rows]))
