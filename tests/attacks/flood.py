"""More of everything than there is room for: requests, writes, connections. What cannot be served is 429 or 503 with Retry-After, or a
closed connection; nothing else from 500 up, memory stays bounded, and soon after all is as it was."""

import re
import socket
import subprocess
import time

from common import (Failed, Row, Server, Witness, calm_latency, check_memory, check_served, latency_row, raise_file_limit, tell,
                    version_of)

MEMORY = 400 << 20
OTHERS = 1.5  # seconds that 19 of 20 requests of another client may take while both cores are taken
ELSEWHERE = ["--unlimited", "192.0.2.0/24"]  # so that the limits hold for loopback, too

WRITES = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local count = 0
function request()
  count = count + 1
  return wrk.format(nil, "/v1/topics", nil, '{"slug":"flood-' .. tostring(wrk.thread):gsub("%W", "") .. "-" .. count .. '","name":"Flood"}')
end
"""
EXTRACTS = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "text/plain"
wrk.body = string.rep("No concessions will be made, Deputy Foreign Minister Sergei Ryabkov said on Sunday in Geneva. ", 400)
"""


def run_tool(command, seconds):
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 60)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{command[0]} did not end") from error
    return ran.stdout + ran.stderr


def h2load(count, clients, path):
    def work(server, row, scratch):
        output = run_tool(["h2load", "--h1", "-n", str(count), "-c", str(clients), "-t", "1", "-N", "20", server.base + path], 120)
        if "status codes:" not in output:
            raise Failed(f"h2load: {output[-300:]}")
        five = int(re.search(r"(\d+) 5xx", output)[1])
        row.trial += ": " + re.search(r"status codes: (.*)", output)[1]
        return five
    return work


def wrk(seconds, connections, path, script=None):
    def work(server, row, scratch):
        command = ["wrk", "-t1", "-c", str(connections), "-d", str(seconds), "--timeout", "20s"]
        if script:
            (scratch / "wrk.lua").write_text(script)
            command += ["-s", str(scratch / "wrk.lua")]
        output = run_tool([*command, server.base + path], seconds)
        done = re.search(r"(\d+) requests in", output)
        if not done:
            raise Failed(f"wrk: {output[-300:]}")
        refused = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
        row.trial += f": {int(done[1]):,} answers, {int(refused[1]) if refused else 0:,} refusals"
        return 0
    return work


def connections(count):
    """Opened and held, from one address."""
    def work(server, row, scratch):
        held, closed = [], 0
        for _ in range(count):
            try:
                held.append(socket.create_connection(("127.0.0.1", server.port), timeout=5))
            except OSError:
                closed += 1
        time.sleep(1)
        for connection in held:
            connection.setblocking(False)
            try:
                closed += connection.recv(1) == b""
            except BlockingIOError:
                pass
            except OSError:
                closed += 1
        row.requests += count
        row.trial += f": {closed} closed at once"
        time.sleep(1)
        for connection in held:
            connection.close()
        return 0
    return work


# tool, what, flags, work, whether another client has to be served meanwhile
FLOODS = [
    ("h2load", "one address, past its rate", ELSEWHERE, h2load(30000, 200, "/v1/claims?limit=20"), True),
    ("h2load", "no rate, 1,000 connections", ["--rate-limit", "0"], h2load(60000, 1000, "/v1/claims?limit=20"), True),
    ("h2load", "room for 50 connections", ["--max-connections", "50", "--idle-timeout", "3"], h2load(5000, 300, "/v1/topics"), False),
    ("wrk", "searches", ["--rate-limit", "0", "--rate-limit-costly", "0", "--cache-bytes", "0"], wrk(6, 500, "/v1/search?q=missiles+talks"), True),
    ("wrk", "writes, 32 may wait", ["--rate-limit", "0", "--max-pending-writes", "32"], wrk(6, 300, "/v1/topics", WRITES), True),
    ("wrk", "articles to read, 16 may wait", ["--rate-limit", "0", "--rate-limit-costly", "0", "--max-pending-readings", "16"],
     wrk(6, 100, "/v1/extract", EXTRACTS), True),
    ("own sockets", "2,000 connections of one address", ELSEWHERE, connections(2000), True),
    ("own sockets", "4,000 connections", ["--idle-timeout", "5"], connections(4000), True),
]


def attack(trial, tool, name, flags, work, served):
    row = Row(tool, name)
    tell(f"floods: {name}")
    begin = time.monotonic()
    scratch = trial.scratch / name.replace(" ", "-").replace(",", "")
    with Server(trial.binary, scratch, *flags, *trial.server_flags) as server:
        calm = calm_latency(server, 1)
        with Witness(server) as during:
            five = work(server, row, scratch)
        time.sleep(1)
        after = calm_latency(server, 1)
        if served:
            latency_row(row, calm, during, after, OTHERS)
        elif after.errors or after.median() > max(3 * calm.median(), 0.05):
            row.findings.append(f"afterwards: {after.errors[:1]}, {after.median() * 1000:.1f} ms")
        statuses = server.served()
        if five > statuses.get(503, 0):
            row.findings.append(f"{five} answers from 500 up, of which {statuses.get(503, 0)} were 503")
        check_served(server, row)
        check_memory(row, server, MEMORY)
    row.findings += server.findings
    row.seconds = time.monotonic() - begin
    return row


def run(trial):
    raise_file_limit()
    versions = {"h2load": "h2load " + version_of("h2load", "--version"), "wrk": "wrk " + version_of("wrk", "--version")}
    for tool, *rest in FLOODS:
        yield attack(trial, versions.get(tool, tool), *rest)
