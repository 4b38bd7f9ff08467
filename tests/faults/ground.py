"""What every trial stands on: a server that can be started, killed and asked; a folder for what it leaves; and where it tells
what did not hold."""
import contextlib
import ctypes
import http.client
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import time

START_SECONDS = 30
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1


class Lost(Exception):
    """The connection ended before an answer came."""


def die_with_us():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def good(self):
        return 200 <= self.status < 300

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"{self.status} {self.body[:300].decode(errors='replace')}"


class Client:
    """One connection that is kept."""

    def __init__(self, port, seconds=30):
        self.port, self.seconds, self.connection = port, seconds, None

    def ask(self, method, target, body=None, headers=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        sent = dict(headers or {})
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body, ensure_ascii=False).encode()
            sent.setdefault("Content-Type", "application/json")
        try:
            self.connection.request(method, target, body, sent)
            reply = self.connection.getresponse()
            answer = Answer(reply.status, reply.headers, reply.read())
        except (OSError, http.client.HTTPException) as problem:
            self.close()
            raise Lost(f"{method} {target}: {type(problem).__name__} {problem}") from problem
        if reply.will_close:
            self.close()
        return answer

    def get(self, target):
        return self.ask("GET", target)

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Server:
    """The real binary on a store; `under` is put before its command line, as strace is."""

    def __init__(self, trial, database, *settings, under=(), environment=None):
        self.trial, self.database, self.settings = trial, pathlib.Path(database), settings
        self.under, self.environment = list(under), {**os.environ, **(environment or {})}
        self.process, self.port, self.told = None, 0, ""

    def start(self):
        """The seconds it took; RuntimeError with what it said when it does not come up."""
        line = [*self.under, str(self.trial.binary), "serve", "--listen", "127.0.0.1:0", "--log", "error", "--database",
                str(self.database), *self.settings]
        errors = open(self.trial.folder / "errors.txt", "ab")
        began = time.monotonic()
        at = errors.tell()
        self.process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                                        env=self.environment, preexec_fn=die_with_us)
        errors.close()
        self.trial.servers.append(self)
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        said = self.process.stdout.readline().decode() if ready else ""
        if not said.startswith("readout is listening on "):
            status = self.wait() if ready else self.kill()
            said += (self.trial.folder / "errors.txt").read_bytes()[at:].decode(errors="replace")
            raise RuntimeError(f"the server did not start (exit status {status}): {said.strip()}")
        self.port = int(said.rsplit(":", 1)[1])
        return time.monotonic() - began

    @property
    def pid(self):
        """Of the server itself, also under strace."""
        if not self.under:
            return self.process.pid
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def wait(self, seconds=STOP_SECONDS):
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.trial.wrong(f"the server did not end within {seconds} s and was killed")
            status = self.kill()
        self.process.stdout.close()
        if self in self.trial.servers:
            self.trial.servers.remove(self)
        return status

    def signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            self.signal(signal.SIGKILL)
        return self.wait()

    def stop(self, seconds=STOP_SECONDS):
        self.signal(signal.SIGTERM)
        return self.wait(seconds)

    def client(self, seconds=30):
        return Client(self.port, seconds)


def command(trial, *arguments, seconds=120, user=None):
    """A command of the binary: its exit status (negative: the signal that ended it) and all that it printed."""
    done = subprocess.run([str(trial.binary), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=seconds, preexec_fn=die_with_us, user=user, check=False)
    return done.returncode, done.stdout.decode(errors="replace")


def store_files(database):
    return [pathlib.Path(str(database) + end) for end in ("", "-wal", "-shm", "-journal")]


def remove_store(database):
    for path in store_files(database):
        path.unlink(missing_ok=True)


def copy_store(database, into):
    """The file and its log, without the shared memory, which is made anew."""
    remove_store(into)
    for path, copy in zip(store_files(database)[:2], store_files(into)[:2]):
        if path.exists():
            shutil.copyfile(path, copy)


class Trial:
    """One trial: counts what it did, and collects what did not hold."""

    def __init__(self, name, title, options):
        self.name, self.title, self.options = name, title, options
        self.binary, self.disk, self.seed = options.binary, options.disk, options.seed
        self.folder = options.scratch / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.figures, self.failures, self.notes, self.servers, self.skipped = {}, [], [], [], None
        self.requests = self.rounds = self.faults = 0
        self.quiet = False

    def wrong(self, text):
        self.failures.append(text)
        if len(self.failures) <= 20 and not self.quiet:
            self.clear()
            print(f"{self.name}: {text[:600]}", file=sys.stderr)

    def expect(self, holds, text):
        if not holds:
            self.wrong(text)
        return holds

    def progress(self, text):
        if sys.stderr.isatty():
            print(f"\r\033[K{self.name}: {text}", end="", file=sys.stderr, flush=True)

    def clear(self):
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def end(self):
        for server in list(self.servers):
            with contextlib.suppress(ProcessLookupError, OSError):
                server.process.kill()
                server.process.wait(10)
        if not self.failures:
            shutil.rmtree(self.folder, ignore_errors=True)


def spread_of(seconds):
    """Median, 95th percentile and most, in milliseconds."""
    ordered = sorted(seconds)
    at = lambda share: ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000
    return f"median {at(0.5):.0f} ms, 95 % {at(0.95):.0f} ms, most {ordered[-1] * 1000:.0f} ms" if ordered else "none"
