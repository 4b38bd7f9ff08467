"""Hostile JSON to every operation that takes a body. What is no JSON is 400 with a position; what is JSON and no good is 422 or 400
with a pointer; what is too large 413. Nothing may change, and memory stays within a few times the limit of a body."""

import json
import re
import time

from common import Row, Server, check_memory, check_served, tell

BODY = 8 << 20  # the server's limit
MEMORY = 512 << 20
EACH = 10  # seconds that one request may take


def nested(left, right, depth, inner="1"):
    return (left * depth + inner + right * depth).encode()


# Bytes that are no JSON, or none that this server takes: 400, and where.
BROKEN = {
    "nothing": b"",
    "white space": b" \t\r\n ",
    "a NUL": b"\x00",
    "a NUL behind": b"{}\x00",
    "a NUL in a string": b'{"name":"a\x00b"}',
    "an escaped NUL": b'{"name":"a\\u0000b"}',
    "an escaped NUL in a key": b'{"a\\u0000b":1}',
    "a lone high surrogate": b'{"name":"\\ud800"}',
    "a lone low surrogate": b'{"name":"\\udc00"}',
    "surrogates the wrong way round": b'{"name":"\\udc00\\ud800"}',
    "a high surrogate and a letter": b'{"name":"\\ud800a"}',
    "a surrogate in UTF-8": b'{"name":"\xed\xa0\x80"}',
    "an overlong slash": b'{"name":"\xc0\xaf"}',
    "an overlong NUL": b'{"name":"\xc0\x80"}',
    "UTF-8 past U+10FFFF": b'{"name":"\xf4\x90\x80\x80"}',
    "half a character": b'{"name":"\xe2\x82"}',
    "a lone continuation": b'{"name":"\x80"}',
    "Latin-1": '{"name":"Z\xfcrich"}'.encode("latin-1"),
    "UTF-16": '{"name":"a"}'.encode("utf-16"),
    "UTF-16 without its mark": '{"name":"a"}'.encode("utf-16-le"),
    "UTF-32": '{"name":"a"}'.encode("utf-32"),
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "a byte order mark inside": b'{\xef\xbb\xbf"name":"a"}',
    "a key twice": b'{"name":"a","name":"b"}',
    "a key twice, once escaped": b'{"name":"a","n\\u0061me":"b"}',
    "a key twice, deep": b'{"nonsense":[{"a":1,"a":1}]}',
    "cut in an object": b'{"name":"a"',
    "cut in a key": b'{"nam',
    "cut behind a colon": b'{"name":',
    "cut in a string": b'{"name":"a',
    "cut in an escape": b'{"name":"\\u00',
    "cut in an array": b"[1,2",
    "cut in a word": b'{"name":tru',
    "cut in a number": b'{"name":1e',
    "something behind": b"{} {}",
    "a comma behind": b'{"name":"a"},',
    "a comma at the end": b'{"name":"a",}',
    "a comma at the end of an array": b"[1,]",
    "two commas": b'{"name":"a",,"kind":"b"}',
    "no comma": b'{"name":"a" "kind":"b"}',
    "no colon": b'{"name" "a"}',
    "a bracket that closes a brace": b'{"name":"a"]',
    "single quotes": b"{'name':'a'}",
    "keys without quotes": b'{name:"a"}',
    "a comment": b'{/* */"name":"a"}',
    "NaN": b'{"name":NaN}',
    "Infinity": b'{"name":-Infinity}',
    "True": b'{"name":True}',
    "a leading plus": b'{"name":+1}',
    "a leading zero": b'{"name":01}',
    "a leading point": b'{"name":.5}',
    "a point at the end": b'{"name":1.}',
    "hexadecimal": b'{"name":0x10}',
    "two minus signs": b'{"name":--1}',
    "1e400": b'{"name":1e400}',
    "-1e400": b'{"name":-1e400}',
    "a whole number past 64 bits": b'{"name":92233720368547758080}',
    "a number of 100,000 digits": b'{"name":' + b"9" * 100000 + b"}",
    "an unknown escape": b'{"name":"\\x41"}',
    "a tab in a string": b'{"name":"a\tb"}',
    "a line feed in a string": b'{"name":"a\nb"}',
    "a form feed between": b'{\x0c"name":"a"}',
    "a no-break space between": b'{\xc2\xa0"name":"a"}',
    "a string alone that does not end": b'"',
    "1,000,000 open brackets": b"[" * 1000000,
    "1,000,000 open braces": b'{"a":' * 200000,
    "100,000 deep, and closed": nested("[", "]", 100000),
    "33 deep": nested("[", "]", 33),
    "33 objects deep": nested('{"a":', "}", 33),
    "1 MB of backslashes": b'{"name":"' + b"\\" * (1 << 20) + b'"',
    "XML": b"<?xml version='1.0'?><a/>",
    "a form": b"name=a&kind=b",
}

# Good by the grammar, or too much before that is seen.
BY_NAME = {"33 deep": {400, 422}, "33 objects deep": {400, 422}, "1,000,000 open brackets": {400, 413},
           "1,000,000 open braces": {400, 413}, "100,000 deep, and closed": {400, 413}}

# JSON, put where a property belongs: refused by its schema, or fit for it by chance.
VALUES = {
    "null": b"null",
    "true": b"true",
    "zero below nothing": b"-0",
    "2^53 + 1": b"9007199254740993",
    "the largest whole number": b"9223372036854775807",
    "the smallest": b"-9223372036854775808",
    "1e308": b"1e308",
    "a number next to nothing": b"1e-400",
    "half": b"0.5",
    "an empty string": b'""',
    "an empty array": b"[]",
    "an empty object": b"{}",
    "arrays, 20 deep": nested("[", "]", 20),
    "right to left": '"\u202eabc\u202c"'.encode(),
    "a combining tower": ('"a' + "\u0301" * 300 + '"').encode(),
    "noncharacters": '"\ufffe\uffff"'.encode(),
    "a delete": b'"\\u007f"',
    "an escaped pair": b'"\\ud83d\\ude00"',
    "SQL": b'"\'; DROP TABLE claims; --"',
    "a script": b'"<script>alert(1)</script>"',
    "a line feed, escaped": b'"a\\r\\nX-Injected: 1"',
    "a string of 300 KB": b'"' + b"a" * 300000 + b'"',
}

# Too much of something: 413, 422 or 400.
LARGE = {
    "1,000,000 elements": b"[" + b",".join([b"1"] * 1000000) + b"]",
    "100,000 objects": b"[" + b",".join([b"{}"] * 100000) + b"]",
    "a key of 1 MB": b'{"' + b"k" * (1 << 20) + b'":1}',
    "100,000 keys": b"{" + b",".join(b'"k%d":1' % i for i in range(100000)) + b"}",
    "a string of 7 MB": b'{"nonsense":"' + b"a" * (7 << 20) + b'"}',
    "7 MB of escapes": b'{"nonsense":"' + b"\\u0001" * (7 << 17) + b'"}',
    "7 MB of spaces": b" " * (7 << 20) + b'{"nonsense":1}',
    "more than the limit": b'{"nonsense":"' + b"a" * BODY + b'"}',
}


def resolve(contract, schema):
    while "$ref" in schema:
        at = contract
        for step in schema["$ref"][2:].split("/"):
            at = at[step]
        schema = at
    return schema


def properties_of(contract, schema, depth=0):
    """The names of the properties that a body of this schema may have."""
    schema = resolve(contract, schema)
    names = set(schema.get("properties", ()))
    for part in schema.get("anyOf", []) + schema.get("allOf", []) + schema.get("oneOf", []):
        names |= properties_of(contract, part, depth + 1) if depth < 4 else set()
    return names


def operations_of(contract):
    """Those with a body of JSON: method, path, its type, its properties, and whether it can be tried dry."""
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
            for media, described in content.items():
                if not media.endswith("json") or media.endswith("ndjson"):
                    continue
                parameters = [resolve(contract, given)["name"] for given in operation.get("parameters", ())]
                yield (method.upper(), re.sub(r"\{[^}]*\}", "1", path), media,
                       sorted(properties_of(contract, described.get("schema", {}))), "dry_run" in parameters)


def tells_where(body):
    """A pointer, or a position in what was sent."""
    problem = json.loads(body)
    faults = problem.get("errors", [])
    return any(fault.get("pointer", "").startswith("#") or "parameter" in fault for fault in faults) or \
        re.search(r"line \d+|byte \d+|column \d+|position \d+", problem.get("detail", "")) is not None


def fault_in(status, body, right, seconds):
    if status not in right:
        return f"{status}, where {sorted(right)} would be right: {body[:250]!r}"
    if status in (400, 422) and not tells_where(body):
        return f"{status} that does not say where: {body[:250]!r}"
    return f"{seconds:.1f} s" if seconds > EACH else None


class Attack:
    def __init__(self, server, row):
        self.server, self.row = server, row
        self.seen = set()

    def send(self, name, method, path, media, body, right):
        begin = time.monotonic()
        try:
            status, _, answer = self.server.ask(path, method, body, {"Content-Type": media}, timeout=EACH * 3)
            fault = fault_in(status, answer, right, time.monotonic() - begin)
        except (OSError, ValueError) as error:
            fault = f"{type(error).__name__}: {error}"
        if fault and (name, fault[:40]) not in self.seen:  # one of a kind for all operations
            self.seen.add((name, fault[:40]))
            self.row.findings.append(f"{name}, {method} {path} ({media}): {fault}")


def last_change(server):
    changes = server.get_json("/v1/changes?limit=1")
    lists = [server.get_json(f"/v1/{noun}?limit=1&count=exact")["total"]
             for noun in ("articles", "actors", "claims", "meetings", "topics", "discrepancies")]
    return changes.get("last_seq"), lists


def run(trial):
    row = Row("own JSON", f"{len(BROKEN) + len(VALUES) + len(LARGE)} kinds of hostile JSON")
    with Server(trial.binary, trial.scratch, *trial.server_flags) as server:
        attack = Attack(server, row)
        before = last_change(server)
        for method, path, media, properties, dry in operations_of(server.contract()):
            tell(f"hostile JSON: {method} {path}")
            for name, body in BROKEN.items():
                attack.send(name, method, path, media, body, BY_NAME.get(name, {400}))
            for name, body in LARGE.items() if media == "application/json" else ():
                attack.send(name, method, path, media, body, {400, 413, 422})
            dry_path = path + "?dry_run=true" if dry else path
            for property_name in properties if dry else ["nonsense"]:
                for name, value in VALUES.items():
                    body = b'{"%s":%s}' % (property_name.encode(), value)
                    right = {200, 201, 204, 400, 409, 413, 422} if dry else {400, 413, 422}
                    attack.send(f"{name} as {property_name}", method, dry_path, media, body, right)
        if last_change(server) != before:
            row.findings.append(f"the record has changed: {before} before, {last_change(server)} after")
        check_served(server, row, allowed=())
        check_memory(row, server, MEMORY)
    row.findings += server.findings
    yield row
