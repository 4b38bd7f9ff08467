"""schemathesis over the contract: examples, the edges of every schema, generated and broken data, and chains of operations that
follow from what they answer. hooks.py says what it has to know, and which of its findings the design contradicts."""

import json
import os
import pathlib
import re
import subprocess
import time

from common import ROOT, Failed, Row, Server, check_memory, check_served, tell, version_of

MEMORY = 512 << 20
HERE = pathlib.Path(__file__).resolve().parent


def report_of(output):
    """Its findings, each once: the kind, the operation, and what was said."""
    found = []
    for section in re.split(r"\n(?=_{3,} \S)", output):
        head = re.match(r"_+ (.*?) _+\n", section)
        if not head:
            continue
        for case in re.split(r"\n(?=\d+\. Test Case ID)", section)[1:]:
            curl = re.search(r"^\s+curl .*", case, re.M)
            answer = re.search(r"^\[\d+\].*\n\n\s+`(.*)", case, re.M)
            said = re.sub(r'.*?"status":', "", answer[1])[:300] if answer else ""
            for failure in re.split(r"\n(?=- ST\d)", case)[1:]:
                found.append(f"{failure[2:].splitlines()[0]}: {head[1]}: {said}: {curl[0].strip()[:300] if curl else ''}")
    errors = re.search(r"^Errors:\n((?:  .*\n)+)", output, re.M)
    return found + ([line.strip() for line in errors[1].splitlines()] if errors else [])


def operations_in(output):
    selected = re.search(r"Selected: (\d+)", output)
    return selected[1] if selected else "?"


def reach_of(output):
    """How many operations its last phase came to before its time was over; SECONDS= gives more."""
    phases = [line for line in output.split("= SUMMARY =")[0].splitlines() if re.search(r"\d+ (passed|failed)", line)]
    scenarios = "Scenarios:" in output
    if scenarios or not phases:
        tested = re.search(r"Tested: (\d+)", output)
        return tested[1] if tested else "?"
    return sum(int(number) for number in re.findall(r"(\d+) (?:passed|failed)", phases[-1]))


def make_key(server, *wishes):
    said = subprocess.run([str(server.binary), "keys", "create", "attacks", *wishes, "--database", str(server.scratch / "readout.db")],
                          capture_output=True, text=True, check=False)
    found = re.search(r"readout_\w+", said.stdout)
    if not found:
        raise Failed(f"readout keys create: {said.stdout}{said.stderr}")
    return found[0]


def configure(scratch, key):
    """The configuration, with the key that every request shows."""
    text = (HERE / "schemathesis.toml").read_text()
    path = scratch / "schemathesis.toml"
    path.write_text(text + (f'\n[auth.openapi.bearer]\nbearer = "{key}"\n' if key else ""))
    return path


def attack(trial, server, key, row, seconds, *options):
    accepted = server.scratch / "accepted.json"
    accepted.unlink(missing_ok=True)
    environment = dict(os.environ, SCHEMATHESIS_HOOKS="hooks", PYTHONPATH=str(HERE), PYTHONDONTWRITEBYTECODE="1",
                       ATTACKS_ACCEPTED=str(accepted), ATTACKS_NOBODY="" if key else "1")
    command = [str(trial.venv / "bin" / "schemathesis"), "--config-file", str(configure(server.scratch, key)), "run",
               str(ROOT / "openapi.yaml"), "--url", server.base, "--max-time", str(seconds), *options]
    begin = time.monotonic()
    with open(server.scratch / "schemathesis.txt", "w+", encoding="utf-8") as log:
        status = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=server.scratch, check=False,
                                timeout=seconds * 4 + 300).returncode
        log.seek(0)
        output = log.read()
    row.seconds = time.monotonic() - begin
    row.findings += report_of(output)
    if status not in (0, 1) or (status == 1 and not row.findings) or "Tested:" not in output:
        row.findings.append(f"schemathesis ended with {status}: {output[-300:]}")
    cases = re.search(r"(\d+) generated", output)
    row.trial += f": {reach_of(output)} of {operations_in(output)} operations, {cases[1] if cases else 0} cases"
    if accepted.exists():
        row.accepted = sum(json.loads(accepted.read_text()).values())


# What is tried, the phases of it, with which key, and its share of the time.
RUNS = [
    ("examples and edges, as admin", "admin", 1.0, ["--phases", "examples,coverage", "--checks", "all"]),
    ("fuzzing, as admin", "admin", 0.5, ["--phases", "fuzzing", "--checks", "all"]),
    ("chains of operations, as admin", "admin", 0.5, ["--phases", "stateful", "--checks", "all"]),
    ("the edges, as nobody", None, 0.4, ["--phases", "examples,coverage", "--checks", "not_a_server_error,nothing_for_nobody"]),
]


def run(trial):
    version = version_of(str(trial.venv / "bin" / "schemathesis"), "--version")
    for name, scope, share, options in RUNS:
        tell(f"schemathesis: {name}")
        row = Row("schemathesis " + version, name)
        with Server(trial.binary, trial.scratch / name.split(",")[0].replace(" ", "-"), "--rate-limit", "0", "--rate-limit-costly", "0",
                    *trial.server_flags) as server:
            key = make_key(server, "scope=admin")
            attack(trial, server, key if scope else None, row, max(20, int(trial.seconds * share)), *options)
            check_served(server, row, allowed=(501,), key=key)  # hooks.py says when
            check_memory(row, server, MEMORY)
        row.findings += server.findings
        yield row
