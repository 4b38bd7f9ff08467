#!/usr/bin/env python3
"""A long and tame load, to see whether anything grows that should not; `make soak` calls it.

    soak.py READOUT SCRATCH [--minutes 30] [--rate 60] [--seed 1]

READOUT is the server's binary, SCRATCH a folder for its store. The clients (clients.py) ask for everything that world.py knows, at a
rate that leaves the machine most of its time. Every few seconds the server's memory, open files, threads and log are looked at.

What grows is known: an article every now and then with what it says, and a version for each write to a pool of claims. So the store
grows, and with it what SQLite keeps of it, up to 16 MB a connection. What SQLite and the kept replies take is told by /metrics and
has its bound; the rest of the private memory is the server's own, and flat: its slope, that of Theil and Sen after a warm-up, comes
to next to nothing. Flat is the time of each kind of request, too. No request was answered otherwise than it should; files and threads
are as many as before; the log kept its bound; the server stops with 0, and `readout check` finds nothing in the store. Fails when one
of these does not hold. Standard library only.
"""
import argparse
import collections
import ctypes
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from clients import Client, Ledger, Listeners  # noqa: E402  (its folder is none of the path's)
from world import World, ingest  # noqa: E402

CLIENTS, LISTENERS, POOL, FILLING = 4, 10, 200, 60
SAMPLE_SECONDS = 3
WARM_SHARE = 0.25  # of the time, before anything is judged
MEMORY_SHARE, MEMORY_BYTES = 0.04, 2 << 20  # the server's own memory may drift so much: noise of the allocator
TIME_SHARE, TIME_SECONDS = 0.5, 0.004  # the median of a kind of request may
RISES = 0.75  # … and what drifts rises from window to window, in most pairs of them
LOG_BYTES = 96 << 20
LOOPS, CACHE_BYTES, ENGINE_BYTES = 2, 8 << 20, 5 * (16 << 20)  # SQLite: a cache for each loop, the writer and the keys; statements
FILES_MORE = 3 * LOOPS  # each loop opens the store once more when it is first asked about a key: the file, its log, its index
PR_SET_PDEATHSIG = 1
# glibc raises by itself the size from which a block is given back when it is freed, and what it then keeps goes up and down with what
# was asked lately. Held where it begins, what is seen is what the server holds.
GIVES_BACK = {"MALLOC_MMAP_THRESHOLD_": str(128 << 10), "MALLOC_TRIM_THRESHOLD_": str(256 << 10)}


def tell(text):
    if sys.stderr.isatty():
        print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)


# ---- the server ----------------------------------------------------------------------------------------------------------


class Server:
    def __init__(self, binary, scratch):
        self.binary, self.store = binary, scratch / "soak.db"
        self.log = open(scratch / "server.log", "wb")
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--database", self.store, "--demo", "--loops", str(LOOPS), "--extract", "on",
             "--cache-bytes", str(CACHE_BYTES), "--idle-timeout", "20", "--log", "info"],
            env={**os.environ, **GIVES_BACK}, stdout=subprocess.PIPE, stderr=self.log, text=True,
            preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
        line = self.process.stdout.readline()
        if "127.0.0.1:" not in line:
            sys.exit(f"soak: the server does not listen; {scratch}/server.log says why")
        self.port = int(line.rsplit(":", 1)[1])
        self.proc = pathlib.Path(f"/proc/{self.process.pid}")

    def sample(self):
        memory = {}
        for line in (self.proc / "smaps_rollup").read_text().split("\n")[1:]:
            words = line.split()
            if len(words) == 3:
                memory[words[0].rstrip(":")] = int(words[1]) << 10
        log = pathlib.Path(f"{self.store}-wal")
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as answer:
            told = dict(line.rsplit(" ", 1) for line in answer.read().decode().split("\n") if line and line[0] != "#")
        engine, kept = (int(float(told[f"{name}_bytes"])) for name in ("db_memory", "reply_cache"))
        return {"own": memory["Anonymous"] - engine - kept, "engine": engine, "kept": kept, "private": memory["Anonymous"],
                "resident": memory["Rss"], "files": len(os.listdir(self.proc / "fd")),
                "threads": len(os.listdir(self.proc / "task")), "log": log.stat().st_size if log.exists() else 0,
                "store": self.store.stat().st_size, "processor": self.processor()}

    def processor(self):
        words = (self.proc / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


# ---- judging -------------------------------------------------------------------------------------------------------------


def slope(points):
    """Of Theil and Sen: the median of the slopes between all pairs, which a few outliers do not move."""
    if len(points) > 200:
        points = points[:: len(points) // 200 + 1]
    slopes = [(y2 - y1) / (x2 - x1) for i, (x1, y1) in enumerate(points) for x2, y2 in points[i + 1:] if x2 > x1]
    return statistics.median(slopes) if slopes else 0.0


def rising(points):
    pairs = [later > earlier for i, (_, earlier) in enumerate(points) for _, later in points[i + 1:]]
    return sum(pairs) / max(1, len(pairs))


def plot(title, points, show):
    """One line of bars from the least to the most."""
    bars, width = " ▁▂▃▄▅▆▇█", 80
    values = [value for _, value in points]
    cells = [values[i * len(values) // width:(i + 1) * len(values) // width] for i in range(width)]
    cells = [statistics.median(cell) for cell in cells if cell]
    least, most = min(values), max(values)
    line = "".join(bars[round((value - least) / (most - least) * 8) if most > least else 4] for value in cells)
    print(f"  {title:<16} {show(least):>10} |{line}| {show(most)}")


def megabytes(value):
    return f"{value / (1 << 20):.1f} MB"


class Verdict:
    def __init__(self):
        self.good = True

    def say(self, holds, text):
        self.good &= bool(holds)
        print(f"  {'holds' if holds else 'FAILS'}  {text}")


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def judge_times(verdict, times, began, ended):
    kinds = collections.defaultdict(list)
    for at, kind, seconds in times:
        if seconds and at >= began:
            kinds[kind].append((at, seconds))
    print(f"\n  {'kind':<14} {'requests':>8} {'p50 ms':>8} {'p90 ms':>8} {'p99 ms':>8} {'drift of p50':>13}")
    slower = []
    for kind, found in sorted(kinds.items()):
        seconds = [value for _, value in found]
        middle = statistics.median(seconds)
        windows = []
        for i in range(12):
            lower, upper = began + (ended - began) * i / 12, began + (ended - began) * (i + 1) / 12
            window = [value for at, value in found if lower <= at < upper]
            if len(window) >= 5:
                windows.append((upper, statistics.median(window)))
        drift = slope(windows) * (ended - began) if len(windows) >= 6 else 0.0
        if drift > TIME_SHARE * middle + TIME_SECONDS and rising(windows) >= RISES:
            slower.append(kind)
        print(f"  {kind:<14} {len(seconds):>8} {middle * 1000:>8.2f} {quantile(seconds, 0.9) * 1000:>8.2f}"
              f" {quantile(seconds, 0.99) * 1000:>8.2f} {drift * 1000:>+10.2f} ms")
    print()
    verdict.say(not slower, "requests take as long at the end as at the beginning" + (f": not {', '.join(slower)}" if slower else ""))


def judge(samples, ledger, idle, began, ended):
    verdict = Verdict()
    steady = [sample for sample in samples if sample["at"] >= began]
    print()
    for title, key, show in (("own memory", "own", megabytes), ("SQLite's", "engine", megabytes),
                             ("kept replies", "kept", megabytes), ("resident", "resident", megabytes),
                             ("open files", "files", str), ("threads", "threads", str), ("log", "log", megabytes),
                             ("store", "store", megabytes)):
        plot(title, [(sample["at"], sample[key]) for sample in samples], show)
    judge_times(verdict, ledger.times, began, ended)
    drift = slope([(sample["at"], sample["own"]) for sample in steady]) * (ended - began)
    middle = statistics.median(sample["own"] for sample in steady)
    asked = sum(1 for at, _, _ in ledger.times if at >= began)
    verdict.say(drift <= MEMORY_SHARE * middle + MEMORY_BYTES,
                f"own memory is flat: {megabytes(middle)}, drift {drift / 1024:+.0f} KB in {(ended - began) / 60:.1f} minutes and"
                f" {asked} requests, {drift / max(1, asked):+.1f} bytes a request")
    for title, key, most in (("SQLite's", "engine", ENGINE_BYTES), ("the kept replies'", "kept", CACHE_BYTES)):
        seen = max(sample[key] for sample in samples)
        verdict.say(seen <= most, f"{title} memory kept its bound: {megabytes(seen)} of {megabytes(most)}")
    verdict.say(ledger.errors == 0, f"no error: {ledger.errors} of {len(ledger.times)} requests")
    for line in ledger.first_errors:
        print(f"           {line}")
    verdict.say(idle[1]["files"] <= idle[0]["files"] + FILES_MORE, f"open files: {idle[0]['files']} before, {idle[1]['files']} after")
    verdict.say(idle[1]["threads"] == idle[0]["threads"], f"threads: {idle[0]['threads']} before, {idle[1]['threads']} after")
    log = max(sample["log"] for sample in samples)
    verdict.say(log <= LOG_BYTES, f"the log kept its bound: {megabytes(log)} at most")
    busy = (samples[-1]["processor"] - samples[0]["processor"]) / (samples[-1]["at"] - samples[0]["at"])
    print(f"         the load was tame: {busy:.2f} of a core; the store grew from {megabytes(samples[0]['store'])} to"
          f" {megabytes(samples[-1]['store'])}")
    return verdict


# ---- the order of things -------------------------------------------------------------------------------------------------


def fill(server, world, ledger):
    """Articles, actors and claims for the clients to ask for."""
    client = Client(server.port, world, ledger, 0, 1)
    for number in range(FILLING):
        tell(f"filling: article {number + 1} of {FILLING}")
        ingest(client, world, client.dice)
    for which in ("claims", "actors"):
        answer = client.ask("fill", "GET", f"/v1/{which}?limit=500&fields=id")
        getattr(world, which).extend(item["id"] for item in json.loads(answer.data)["items"])
    client.close()


def run(server, world, ledger, options):
    samples, seconds = [], options.minutes * 60
    clients = [Client(server.port, world, ledger, f"{options.seed} {i}", options.rate / CLIENTS) for i in range(CLIENTS)]
    listeners = Listeners(server.port, ledger, f"{options.seed} listeners", LISTENERS)
    before, start = server.sample(), time.monotonic()
    for thread in (*clients, listeners):
        thread.start()
    while (passed := time.monotonic() - start) < seconds and server.process.poll() is None:
        samples.append({"at": time.monotonic(), **server.sample()})
        tell(f"{passed / 60:.1f} of {options.minutes:g} minutes: {len(ledger.times)} requests, {ledger.errors} errors,"
             f" {megabytes(samples[-1]['private'])} private")
        time.sleep(SAMPLE_SECONDS)
    for thread in (*clients, listeners):
        thread.ending.set()
    for thread in (*clients, listeners):
        thread.join(60)
    ended = time.monotonic()
    for _ in range(60):  # those who vanished are noticed in time
        after = server.sample()
        if after["files"] <= before["files"]:
            break
        time.sleep(0.5)
    return samples, (before, after), start + seconds * WARM_SHARE, ended


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("readout")
    parser.add_argument("scratch", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    shutil.rmtree(options.scratch, ignore_errors=True)
    options.scratch.mkdir(parents=True)
    ledger, world = Ledger(), World(options.seed, POOL)
    server = Server(options.readout, options.scratch)
    try:
        fill(server, world, ledger)
        samples, idle, began, ended = run(server, world, ledger, options)
        status = server.stop()
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
    tell("")
    print(f"soak: {options.minutes:g} minutes, {len(ledger.times)} requests, seed {options.seed}")
    verdict = judge(samples, ledger, idle, began, ended)
    verdict.say(status == 0, f"the server stopped with {status}")
    check = subprocess.run([options.readout, "check", "--database", server.store], capture_output=True, text=True)
    verdict.say(check.returncode == 0, f"readout check: {(check.stdout + check.stderr).strip()[:2000]}")
    return 0 if verdict.good else 1


if __name__ == "__main__":
    sys.exit(main())
