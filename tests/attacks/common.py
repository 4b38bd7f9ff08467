"""What the trials share: a server of their own, another client whose latency tells how the rest of the world fares, and rows of the
table. Standard library only."""

import dataclasses
import http.client
import json
import os
import pathlib
import re
import resource
import select
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
STRANGER = "127.0.0.9"  # where the other client comes from: caps for one address are not its own
PROMPT = 10  # seconds that a server may take to begin, and to end


class Failed(Exception):
    """A trial could not be carried out."""


@dataclasses.dataclass
class Row:
    tool: str
    trial: str
    requests: int = 0
    findings: list = dataclasses.field(default_factory=list)
    accepted: int = 0  # contradicted by the design, with the reason in the code
    latency: str = ""
    peak: int = 0  # bytes
    seconds: float = 0

    @property
    def held(self):
        return not self.findings


def version_of(*command):
    """The first number with a dot in what a tool says of itself."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError as error:
        raise Failed(f"{command[0]} is not installed: make attacks installs it") from error
    found = re.search(r"\d+\.\d[\w.]*", said.stdout + said.stderr)
    return found[0] if found else "?"


def tell(text):
    """Progress, on a terminal alone."""
    if sys.stderr.isatty():
        print(f"\r\033[K  {text[:100]}", end="", file=sys.stderr, flush=True)


# ---- the server -------------------------------------------------------------------------------------------------------------


class Server:
    """A fresh server with the demonstration record, on a free port of loopback; out of a `with` it has to end well."""

    def __init__(self, binary, scratch, *flags, listen="127.0.0.1:0", demo=True):
        self.binary, self.scratch, self.flags = binary, pathlib.Path(scratch), list(flags)
        self.listen, self.demo = listen, demo
        self.findings = []
        self.process = None
        self.scratch.mkdir(parents=True, exist_ok=True)

    def __enter__(self):
        for old in self.scratch.glob("readout.db*"):
            old.unlink()
        self.log = open(self.scratch / "server.log", "w", encoding="utf-8")
        command = [str(self.binary), "serve", "--listen", self.listen, "--database", str(self.scratch / "readout.db"),
                   "--log", "warning", *(["--demo"] if self.demo else []), *self.flags]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("READOUT_")}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, env=environment)
        self.port = self.read_port()
        self.base = f"http://127.0.0.1:{self.port}"
        return self

    def read_port(self):
        ready, _, _ = select.select([self.process.stdout], [], [], PROMPT)
        line = self.process.stdout.readline().decode() if ready else ""
        found = re.search(r":(\d+)\s*$", line)
        if not found:
            self.process.kill()
            self.process.wait()
            raise Failed(f"the server did not begin: {line}{(self.scratch / 'server.log').read_text()[-400:]}")
        return int(found[1])

    def __exit__(self, kind, error, trace):
        self.peak = max(self.peak_now(), getattr(self, "peak", 0))
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=PROMPT + 10)
            if status != 0:
                self.findings.append(f"the server ended with {status}: {self.log_tail()}")
        except subprocess.TimeoutExpired:
            self.findings.append("the server did not end at SIGTERM")
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def log_tail(self):
        return (self.scratch / "server.log").read_text(errors="replace")[-300:].replace("\n", " ")

    def alive(self):
        return self.process.poll() is None

    def status_field(self, name):
        try:
            text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0
        found = re.search(rf"^{name}:\s+(\d+) kB", text, re.M)
        return int(found[1]) * 1024 if found else 0

    def peak_now(self):
        """The most memory it ever held."""
        return self.status_field("VmHWM")

    def sockets(self):
        """How many it has open."""
        folder = f"/proc/{self.process.pid}/fd"
        count = 0
        for descriptor in os.listdir(folder):
            try:
                count += os.readlink(f"{folder}/{descriptor}").startswith("socket:")
            except OSError:
                pass  # closed since
        return count

    def ask(self, path, method="GET", body=None, headers=(), timeout=30, source="127.0.0.1"):
        """Status, headers, body; on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout, source_address=(source, 0))
        try:
            connection.request(method, path, body=body, headers=dict(headers))
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def get_json(self, path):
        return json.loads(self.ask(path, source=STRANGER)[2])

    def served(self, key=None):
        """How many requests it has answered, by status."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        text = self.ask("/metrics", headers=headers, source=STRANGER)[2].decode()
        counts = {}
        for status, count in re.findall(r'^http_requests_total\{[^}]*status="(\d+)"[^}]*\} (\d+)', text, re.M):
            counts[int(status)] = counts.get(int(status), 0) + int(count)
        return counts

    def contract(self):
        return self.get_json("/openapi.json")


def check_served(server, row, allowed=(503,), key=None):
    """Counts the requests into the row; none may have ended in a 5xx but those allowed, and the server has to be there still."""
    if not server.alive():
        row.findings.append(f"the server is gone ({server.process.returncode}): {server.log_tail()}")
        return
    counts = server.served(key)
    row.requests += sum(counts.values())
    for status, count in sorted(counts.items()):
        if status >= 500 and status not in allowed:
            row.findings.append(f"{count} answers were {status}")


# ---- the other client -------------------------------------------------------------------------------------------------------


class Witness:
    """Another client, from another address, that asks for a page of claims over a new connection 20 times a second."""

    PATH = "/v1/claims?limit=5&expand=speaker"

    def __init__(self, server, path=PATH, pause=0.05, timeout=30):
        self.server, self.path, self.pause, self.timeout = server, path, pause, timeout
        self.taken, self.refused, self.errors = [], 0, []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def once(self):
        begin = time.monotonic()
        try:
            status, _, _ = self.server.ask(self.path, timeout=self.timeout, source=STRANGER)
        except (OSError, http.client.HTTPException) as error:
            self.errors.append(f"{type(error).__name__}: {error}")
            return
        self.taken.append(time.monotonic() - begin)
        self.refused += status != 200

    def run(self):
        while not self.stopping.is_set():
            self.once()
            self.stopping.wait(self.pause)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, error, trace):
        self.stopping.set()
        self.thread.join(self.timeout + 5)

    def median(self):
        return statistics.median(self.taken) if self.taken else float("inf")

    def worst(self):
        """What 19 of 20 stay below."""
        return sorted(self.taken)[int(len(self.taken) * 0.95)] if self.taken else float("inf")


def calm_latency(server, seconds=1.5):
    with Witness(server) as witness:
        time.sleep(seconds)
    return witness


def milliseconds(seconds):
    return f"{seconds * 1000:.1f}"


def latency_row(row, calm, during, after, bound, what="others"):
    """Tells the latency before, during and after; `bound` in seconds is what 19 of 20 requests may take meanwhile."""
    row.latency = (f"{milliseconds(calm.median())} → {milliseconds(during.median())} (x{during.median() / calm.median():.1f}, "
                   f"p95 {milliseconds(during.worst())}) → {milliseconds(after.median())}")
    row.requests += len(during.taken)
    if during.errors:
        row.findings.append(f"{what}: {len(during.errors)} of {len(during.taken) + len(during.errors)} got no answer: {during.errors[0]}")
    if during.refused:
        row.findings.append(f"{what}: {during.refused} of {len(during.taken)} were refused")
    if during.worst() > bound:
        row.findings.append(f"{what}: 19 of 20 answers took up to {milliseconds(during.worst())} ms, more than {bound * 1000:.0f}")
    if after.errors or after.refused or after.median() > max(calm.median() * 3, 0.05):
        row.findings.append(f"afterwards: {len(after.errors)} errors, {after.refused} refused, {milliseconds(after.median())} ms")


def raise_file_limit():
    """As many sockets as this process may have."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


# ---- memory -----------------------------------------------------------------------------------------------------------------


def check_memory(row, server, bound):
    row.peak = max(row.peak, server.peak_now())
    if row.peak > bound:
        row.findings.append(f"memory reached {row.peak >> 20} MiB, more than {bound >> 20}")


def connect(server, source="127.0.0.1", timeout=10):
    return socket.create_connection(("127.0.0.1", server.port), timeout=timeout, source_address=(source, 0))
