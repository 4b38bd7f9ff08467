"""Clients that are slow on purpose, hundreds at once: slowhttptest's four, and our own for what it cannot do. Another client measures
its latency before, meanwhile and after; when they are gone everything is as it was."""



import re

import socket
import subprocess
import time

from common import (Failed, Row, Server, Witness, calm_latency, check_memory, check_served, connect, latency_row,
                    raise_file_limit, tell, version_of)

MEMORY = 400 << 20
OTHERS = 0.5  # seconds that 19 of 20 requests of another client may take meanwhile
CONNECTIONS = 500
TIMES = ["--idle-timeout", "4", "--body-timeout", "4", "--send-timeout", "4"]
OUT = 16  # seconds after which a server with those times has rid itself of every slow client

SLOWHTTPTEST = [
    ("headers that never end", ["-H", "-i", "1"]),
    ("bodies that never end", ["-B", "-i", "1", "-s", "8192", "-t", "POST", "-f", "application/json"]),
    ("ranges", ["-R"]),
    ("replies that nobody reads", ["-X", "-w", "1", "-y", "10", "-n", "2", "-z", "16", "-k", "3"]),
]


def paths_of(name):
    return {"bodies that never end": "/v1/topics", "replies that nobody reads": "/openapi.yaml"}.get(name, "/v1/claims")


def run_slowhttptest(server, row, name, options, seconds):
    command = ["slowhttptest", *options, "-c", str(CONNECTIONS), "-r", "250", "-l", str(seconds), "-p", "3",
               "-u", server.base + paths_of(name)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 60)
    output = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", ran.stdout)
    if "slow HTTP test status" not in output:
        raise Failed(f"slowhttptest ended with {ran.returncode}: {(output + ran.stderr)[-300:]}")
    opened = [int(number) for number in re.findall(r"connected:\s+(\d+)", output)]
    closed = [int(number) for number in re.findall(r"closed:\s+(\d+)", output)]
    row.requests += max(opened + [0]) + max(closed + [0])


# ---- our own ----------------------------------------------------------------------------------------------------------------


class Drip:
    """One connection that says its piece a byte at a time, or reads so, or does nothing."""

    def __init__(self, server, says, hears=0, window=0, half=False):
        self.socket = socket.socket()
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", server.port))
        self.says, self.at, self.hears = says, 0, hears
        if hears:
            self.socket.sendall(says)
            self.at = len(says)
        if half:
            self.socket.shutdown(socket.SHUT_WR)
        self.socket.setblocking(False)
        self.gone = False

    def step(self):
        """A byte more, each way; notices when the server has hung up."""
        try:
            if self.at < len(self.says):
                self.at += self.socket.send(self.says[self.at:self.at + 1])
            if self.socket.recv(self.hears or 65536) == b"":
                self.gone = True
        except BlockingIOError:
            pass
        except OSError:
            self.gone = True


HEAD = b"Host: 127.0.0.1\r\nX-Slow: " + b"a" * 4000
OWN = [
    ("a byte of the request line at a time", b"GET /" + b"a" * 4000, {}),
    ("a byte of the headers at a time", b"GET /v1/claims HTTP/1.1\r\n" + HEAD, {}),
    ("a byte of the body at a time", b"POST /v1/topics HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n" + b" " * 9999, {}),
    ("a byte of a chunk at a time", b"POST /v1/topics HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 2000, {}),
    ("a byte of the reply at a time", b"GET /openapi.yaml HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {"hears": 1, "window": 2048}),
    ("replies behind each other, unread", b"GET /openapi.yaml HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 30, {"hears": 1, "window": 2048}),
    ("nothing at all", b"", {}),
    ("empty lines", b"\r\n" * 5000, {}),
    ("nothing, half closed", b"", {"half": True}),
]


def run_own(server, row, says, options):
    before = server.sockets()
    drips = []
    for _ in range(CONNECTIONS):
        try:
            drips.append(Drip(server, says, **options))
        except OSError:
            break
    row.requests += len(drips)
    begin = time.monotonic()
    left = len(drips)
    while time.monotonic() < begin + OUT and left > len(drips) // 50:
        for drip in drips:
            if not drip.gone:
                drip.step()
        time.sleep(0.25)
        left = server.sockets() - before  # what the kernel still holds for a reader is no longer the server's
    row.trial += f", out after {time.monotonic() - begin:.0f} s"
    for drip in drips:
        drip.socket.close()
    if left > len(drips) // 50:
        row.findings.append(f"{left} of {len(drips)} are still connected after {OUT} s")


# ---- both -------------------------------------------------------------------------------------------------------------------


def attack(trial, tool, name, work):
    row = Row(tool, f"{CONNECTIONS} x {name}")
    tell(f"slow clients: {name}")
    begin = time.monotonic()
    scratch = trial.scratch / name.replace(" ", "-").replace(",", "")
    with Server(trial.binary, scratch, *TIMES, *trial.server_flags) as server:
        calm = calm_latency(server, 1)
        before = server.sockets()
        with Witness(server) as during:
            work(server, row)
        end = time.monotonic() + OUT
        while server.sockets() > before + 4 and time.monotonic() < end:
            time.sleep(0.1)
        if server.sockets() > before + 4:
            row.findings.append(f"{server.sockets() - before} sockets are still open {OUT} s after all had left")
        latency_row(row, calm, during, calm_latency(server, 1), OTHERS)
        check_served(server, row)
        check_memory(row, server, MEMORY)
    row.findings += server.findings
    row.seconds = time.monotonic() - begin
    return row


def run(trial):
    raise_file_limit()
    tool = "slowhttptest " + version_of("slowhttptest", "-h")
    for name, options in SLOWHTTPTEST:
        yield attack(trial, tool, name, lambda server, row: run_slowhttptest(server, row, name, options, 8))
    for name, says, options in OWN:
        yield attack(trial, "own drips", name, lambda server, row: run_own(server, row, says, options))
