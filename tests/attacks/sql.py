"""sqlmap against every parameter of every list, ids in paths, headers, and bodies of JSON: no injection may be found. It is told that
the database is SQLite. A parameter that several lists of one noun share is tried once."""

import re
import subprocess
import time
import urllib.parse

from common import Row, Server, check_memory, check_served, tell, version_of
from json_bodies import resolve

MEMORY = 400 << 20
NOT_WORTH = {"limit", "facets"}  # numbers and words of a short list, refused before anything is asked of the store

HEADERS = ["If-None-Match", "Accept", "Host", "Last-Event-ID", "Prefer", "X-Request-Id", "Authorization", "Idempotency-Key"]
BODIES = [
    ("POST", "/v1/topics?dry_run=true", '{"slug":"a*","name":"b*"}'),
    ("POST", "/v1/actors?dry_run=true", '{"name":"Anna*","kind":"person*","external_id":"anna*"}'),
    ("POST", "/v1/claims?dry_run=true", '{"text":"a*","speaker_id":"b*"}'),
    ("POST", "/v1/actors/1/merge?dry_run=true", '{"from_ids":["a*"]}'),
    ("PATCH", "/v1/claims/1?dry_run=true", '{"text":"a*","topics":["talks*"]}'),
    ("POST", "/v1/quotes/verify", '{"quote":"We will not accept any concessions*"}'),
]


def example_of(parameter, contract):
    schema = resolve(contract, parameter.get("schema", {}))
    value = parameter.get("example", schema.get("default", schema.get("enum", ["1"])[0]))
    if isinstance(value, list):
        value = value[0]
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_fresh(noun, name, seen):
    """Whether no list of the noun has had it; of the operators (said_on__gte, …) one parameter each is enough."""
    base, _, operator = name.partition("__")
    key = (noun, operator or base)
    if base in NOT_WORTH or key in seen:
        return False
    seen.add(key)
    return True


def targets_of(contract):
    """One URL a list, with the parameters that no list of its noun has had yet: its path, its query, their names."""
    seen = set()
    for path, methods in contract["paths"].items():
        operation = methods.get("get")
        if not operation or not path.startswith("/v1/") or operation["operationId"] == "streamEvents":
            continue
        noun = path.rstrip("/").split("/")[-1]
        given = [resolve(contract, one) for one in methods.get("parameters", []) + operation.get("parameters", [])]
        fresh = [one for one in given if one["in"] == "query" and is_fresh(noun, one["name"], seen)]
        query = "&".join(f"{one['name']}={urllib.parse.quote(example_of(one, contract))}" for one in fresh)
        filled = re.sub(r"\{[^}]*\}", "1*", path) if "{" in path else path
        if query or "*" in filled:
            yield filled, query


def sqlmap(trial, server, row, seconds, url, *options):
    command = ["sqlmap", "-u", url, "--batch", "--dbms", "sqlite", "--level", "1", "--risk", "1", "--technique", "BEUQ", "--threads", "2", "--keep-alive",
               "--flush-session", "--disable-coloring", "--output-dir", str(trial.scratch / "sqlmap"), "--timeout", "10", "--retries", "0",
               "--skip-waf", "--parse-errors", *options]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)
        output = ran.stdout + ran.stderr
    except subprocess.TimeoutExpired as expired:
        output = (expired.stdout or b"").decode(errors="replace")
        row.cut = getattr(row, "cut", 0) + 1
    with open(trial.scratch / "sqlmap.txt", "a", encoding="utf-8") as log:
        log.write(f"\n==== {url} {options}\n{output}")
    # What it suspects on the way ("appears to be …") it looks into itself, and takes back.
    for sign in ("identified the following injection point", "is vulnerable", "parsed DBMS error message"):
        if sign in output:
            row.findings.append(f"{url} {options}: {sign}: {output[output.index(sign) - 150:][:400]}")


def run(trial):
    version = "sqlmap " + version_of("sqlmap", "--version")
    budget = trial.seconds  # for all of it
    (trial.scratch / "sqlmap.txt").write_text("")
    with Server(trial.binary, trial.scratch, "--rate-limit", "0", "--rate-limit-costly", "0", *trial.server_flags) as server:
        contract = server.contract()
        lists = list(targets_of(contract))
        tries = [(server.base + path + ("?" + query if query else ""), ()) for path, query in lists]
        tries += [(server.base + "/v1/claims?limit=1", ("-H", f"{name}: x*")) for name in HEADERS]
        tries += [(server.base + path, ("--method", method, "--data", body, "-H", "Content-Type: application/json"))
                  for method, path, body in BODIES]
        row = Row(version, f"{len(lists)} lists, {len(HEADERS)} headers, {len(BODIES)} bodies")
        begin = time.monotonic()
        done = 0
        for url, options in tries:
            left = budget - (time.monotonic() - begin)
            if left < 5:
                break
            tell(f"sqlmap: {url}")
            sqlmap(trial, server, row, min(60, left), url, *options)
            done += 1
        row.seconds = time.monotonic() - begin
        if done < len(tries):
            row.trial += f", of which {done} in the time there was (SECONDS= gives more)"
        check_served(server, row, allowed=())
        check_memory(row, server, MEMORY)
    row.findings += server.findings
    yield row
