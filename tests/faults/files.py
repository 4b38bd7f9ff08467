"""A table of what a database file may be: each time a clear sentence and a non-zero exit, or it works; never a silent new
database in the place of an old one, never a crash."""
import contextlib
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time

import ground
import inside
import load

NOBODY = 65534
READS = ["/v1/actors?limit=500", "/v1/articles?expand=outlet", "/v1/claims?expand=speaker,reports&facets=stance",
         "/v1/search?q=talks", "/v1/changes?since=0&limit=500", "/v1/actors/1", "/v1/actors/1/history", "/v1/articles/1/mentions",
         "/v1/articles/1/novelty", "/v1/timeline", "/v1/discrepancies", "/v1/positions", "/v1/stats", "/v1/topics.csv",
         "/v1/meetings.ics", "/readyz"]
HOW = load.HOW.replace(" again", "")
ALL_GOOD = (200,)
DAMAGED = (200, 404, 410, 500, 503)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


class Case:
    """Works on a copy of the store in a folder of its own."""

    def __init__(self, trial, base):
        self.trial, self.base = trial, base
        self.folder = trial.folder / "case"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self.database = self.folder / "store.db"
        self.log = ground.store_files(self.database)[1]
        ground.copy_store(base, self.database)

    def serve(self):
        """(whether it came up, its exit status or None, what it said)."""
        self.server = ground.Server(self.trial, self.database)
        try:
            self.server.start()
            return True, None, ""
        except RuntimeError as problem:
            said = str(problem)
            return False, int(said.split("exit status ", 1)[1].split(")", 1)[0]), said

    def refuses(self, title, words, untouched=True):
        before = digest(self.database), digest(self.log)
        up, status, said = self.serve()
        self.trial.rounds += 1
        self.trial.faults += 1
        if up:
            self.server.stop()
            self.trial.wrong(f"{title}: it starts")
            return
        if status < 1 or "readout: " not in said or words not in said:
            self.trial.wrong(f"{title}: exit status {status}, {said}")
        if untouched and (digest(self.database), digest(self.log)) != before:
            self.trial.wrong(f"{title}: the file was changed")

    def battery(self, title, allowed, writes):
        client = self.server.client()
        try:
            for target in READS:
                answer = client.get(target)
                self.trial.requests += 1
                if answer.status not in allowed:
                    self.trial.wrong(f"{title}: GET {target} was answered {answer}")
            for body in ({"name": "Afterwards", "kind": "group"}, {"name": "Afterwards too", "kind": "group"}):
                answer = client.ask("POST", "/v1/actors", body)
                self.trial.requests += 1
                if answer.status not in writes:
                    self.trial.wrong(f"{title}: a write was answered {answer}")
        except ground.Lost as problem:
            self.trial.wrong(f"{title}: {problem}; the server {'lives' if self.server.alive() else 'ended'}")
        client.close()
        status = self.server.stop() if self.server.alive() else self.server.wait()
        if status != 0:
            self.trial.wrong(f"{title}: the server ended with {status}")

    def works(self, title):
        up, _, said = self.serve()
        self.trial.rounds += 1
        self.trial.faults += 1
        if self.trial.expect(up, f"{title}: it does not start: {said}"):
            self.battery(title, ALL_GOOD, (201,))

    def damaged(self, title):
        """Whether it came up; either way it must not crash."""
        up, status, said = self.serve()
        self.trial.rounds += 1
        self.trial.faults += 1
        if up:
            self.battery(title, DAMAGED, (201, 409, 500, 503))
        elif status != 1 or "readout: " not in said:
            self.trial.wrong(f"{title}: exit status {status}, {said}")
        return up


def make_bases(trial):
    """A store closed well, of all nouns, and one that was killed, with a log."""
    plain, killed = trial.folder / "plain.db", trial.folder / "killed.db"
    for path, end in ((plain, "stop"), (killed, "stop"), (killed, "kill")):
        server = ground.Server(trial, path, "--demo")
        server.start()
        writing = load.Load(server.port, trial.seed, f"f{end}", writers=2, how=HOW, most=25).start()
        writing.join()
        for odd in writing.odd:
            trial.wrong(odd)
        getattr(server, end)()
    return plain, killed


def refusals(trial, plain, killed):
    case = Case(trial, plain)
    case.database.unlink()
    case.database.mkdir()
    case.refuses("a folder", "cannot open")
    case = Case(trial, plain)
    case.database = case.folder / "none" / "store.db"
    case.refuses("no folder", "cannot open")
    case = Case(trial, plain)
    case.database.write_bytes(random.Random(trial.seed).randbytes(65536))
    case.refuses("garbage", "not an SQLite database")
    case = Case(trial, plain)
    case.database.write_text("These are notes.\n" * 100)
    case.refuses("a text", "not an SQLite database")
    for title, sql, words in (("a newer version", "PRAGMA user_version = 1000", "version 1000"),
                              ("another application's", "PRAGMA application_id = 1", "not one of Readout")):
        case = Case(trial, plain)
        with contextlib.closing(sqlite3.connect(case.database)) as connection:
            connection.execute(sql)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        case.refuses(title, words)
    for title, sql in (("another's table", "CREATE TABLE notes (text)"), ("another's, and empty", "PRAGMA application_id = 7"),
                       ("another's version", "PRAGMA user_version = 3")):
        case = Case(trial, plain)
        case.database.unlink()
        with contextlib.closing(sqlite3.connect(case.database)) as connection:
            connection.execute(sql)
        case.refuses(title, "not one of Readout")
    case = Case(trial, killed)
    case.database.unlink()
    case.refuses("a log without its database", "log")
    case = Case(trial, killed)
    case.database.write_bytes(b"")
    case.refuses("a log beside an empty database", "log")
    for name in ("get /v1/topics", "backup copy.db", "check"):
        status, said = ground.command(trial, *name.split(), "--database", trial.folder / "missing.db")
        trial.expect(status == 1 and "no such database" in said, f"{name} of a missing database ended with {status}: {said}")
        trial.expect(not (trial.folder / "missing.db").exists(), f"{name} made a database")


def new_ones(trial, plain):
    case = Case(trial, plain)
    case.database.unlink()
    up, _, said = case.serve()
    trial.expect(up, f"a missing database is not made: {said}")
    trial.expect(case.server.stop() == 0, "SIGTERM did not end it with 0")
    case.database.write_bytes(b"")
    ground.store_files(case.database)[1].unlink(missing_ok=True)
    up, _, said = case.serve()
    trial.expect(up, f"an empty file does not become a store: {said}")
    trial.expect(case.server.stop() == 0, "SIGTERM did not end it with 0")
    trial.rounds += 2


def forbidden(trial, plain):
    """As somebody who may not. Root may everything."""
    if os.geteuid() != 0:
        trial.notes.append("not root: files that may not be read were left out")
        return
    binary = trial.folder / "readout"
    shutil.copy(trial.binary, binary)
    for part in [trial.folder, *trial.folder.parents]:
        if not part.stat().st_mode & 0o001:
            trial.notes.append(f"{part} is closed to others: files that may not be read were left out")
            return
    for title, mode, folder in (("may not be read", 0o000, 0o777), ("may not be written", 0o444, 0o777),
                                ("lies in a folder that may not be written", 0o644, 0o555)):
        case = Case(trial, plain)
        case.database.chmod(mode)
        case.folder.chmod(folder)
        before = digest(case.database)
        line = [str(binary), "serve", "--listen", "127.0.0.1:0", "--log", "off", "--database", str(case.database)]
        done = subprocess.run(line, user=NOBODY, group=NOBODY, extra_groups=[], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=60, preexec_fn=ground.die_with_us, check=False)
        said = done.stdout.decode(errors="replace")
        trial.expect(done.returncode == 1 and "readout: " in said, f"a file that {title}: {done.returncode}, {said}")
        trial.expect(digest(case.database) == before, f"a file that {title} was changed")
        trial.notes.append(f"a file that {title}: {said.strip().split(': ', 2)[-1]}")
        trial.rounds += 1
        trial.faults += 1


LOCKER = """import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    connection.execute(statement).fetchall()
print("locked", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def another_program(database, *statements):
    """Has run these and holds what locks they gave it. A process of its own: locks are a process's, and end when it closes the
    file."""
    other = subprocess.Popen([sys.executable, "-c", LOCKER, str(database), *statements], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, preexec_fn=ground.die_with_us)
    try:
        other.stdout.readline()
        yield
    finally:
        other.stdin.close()
        other.wait()
        other.stdout.close()


def locked(trial, plain):
    case = Case(trial, plain)
    with another_program(case.database, "PRAGMA locking_mode = EXCLUSIVE", "BEGIN IMMEDIATE", "UPDATE tally SET live = live"):
        case.refuses("locked by another program", "locked", untouched=False)
    case = Case(trial, plain)
    up, _, said = case.serve()
    if not trial.expect(up, f"a good copy does not start: {said}"):
        return
    with another_program(case.database, "BEGIN IMMEDIATE"):
        client = while_locked(trial, case)
    answer = client.ask("POST", "/v1/actors", {"name": "Has waited", "kind": "group"})
    trial.expect(answer.status == 201, f"after another program wrote, a write was answered {answer}")
    client.close()
    trial.expect(case.server.stop() == 0, "SIGTERM did not end it with 0")
    trial.rounds += 2
    trial.faults += 2


def while_locked(trial, case):
    client = case.server.client()
    answer = client.ask("POST", "/v1/actors", {"name": "Has to wait", "kind": "group"})
    trial.expect(answer.status == 503 and "Retry-After" in answer.headers,
                 f"while another program wrote, a write was answered {answer}")
    trial.expect(client.get("/v1/actors").status == 200, "while another program wrote, reading failed")
    return client


def two_servers(trial, plain):
    """Two servers on one file, and a load on each: neither may harm what the other writes."""
    case = Case(trial, plain)
    servers = [ground.Server(trial, case.database) for _ in range(2)]
    for server in servers:
        server.start()
    loads = [load.Load(server.port, trial.seed, name, writers=3, how=HOW, refusals=(503,)).start()
             for server, name in zip(servers, ("one", "two"))]
    time.sleep(2)
    for writing in loads:
        writing.stop()
        trial.requests += len(writing.ops())
        for odd in writing.odd:
            trial.wrong(f"two servers on one file: {odd}")
    for server in servers:
        trial.expect(server.stop() == 0, "two servers on one file: SIGTERM did not end one with 0")
    inside.inspect(trial, case.database, trial.folder / "copy.db")
    servers[0].start()
    load.compare(trial, servers[0].client(), loads)
    trial.expect(servers[0].stop() == 0, "SIGTERM did not end it with 0")
    trial.rounds += 1
    trial.faults += 1


def truncated(trial, plain, killed, chance, count):
    size = plain.stat().st_size
    came_up = 0
    for at in sorted({1, 15, 16, 99, 100, 511, 512, 4095, 4096, 8192, size - 4096, size - 1} |
                     {chance.randrange(1, size) for _ in range(count)}):
        case = Case(trial, plain)
        os.truncate(case.database, at)
        if case.damaged(f"cut at byte {at} of {size}"):
            came_up += 1
            trial.wrong(f"cut at byte {at} of {size}: it starts as if nothing was missing")
        trial.progress(f"cut at byte {at} of {size}")
    size = ground.store_files(killed)[1].stat().st_size
    for at in sorted({0, 1, 31, 32, 56, size - 1} | {chance.randrange(1, size) for _ in range(count)}):
        case = Case(trial, killed)
        os.truncate(case.log, at)
        case.works(f"log cut at byte {at} of {size}")
        inside.inspect(trial, case.database, trial.folder / "copy.db")
        trial.progress(f"log cut at byte {at} of {size}")


def sqlite_finds(database, copy):
    ground.copy_store(database, copy)
    try:
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    except sqlite3.Error:
        return True
    finally:
        ground.remove_store(copy)


def flipped(trial, plain, killed, chance, count):
    """One byte is another one: in the header, in the schema, in pages, in the log."""
    size, log_size = plain.stat().st_size, ground.store_files(killed)[1].stat().st_size
    places = [(plain, at) for at in [*range(16, 100, 4), *chance.sample(range(100, 4096), count // 4)]]
    places += [(plain, at) for at in (chance.randrange(4096, size) for _ in range(count))]
    places += [(killed, size + at) for at in (chance.randrange(log_size) for _ in range(count // 4))]
    refused = found = both = 0
    for number, (base, at) in enumerate(places):
        case = Case(trial, base)
        path, place = (case.log, at - size) if base == killed else (case.database, at)
        with path.open("r+b") as file:
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ (1 << chance.randrange(8))]))
        title = f"a flipped bit at byte {place} of the {'log' if base == killed else 'file'}"
        bad = sqlite_finds(case.database, trial.folder / "copy.db")
        status, said = ground.command(trial, "check", "--database", case.database)
        trial.expect(status in (0, 1), f"{title}: readout check ended with {status}: {said[-300:]}")
        trial.expect(status == 1 or not bad, f"{title}: SQLite finds it and readout check does not: {said[-300:]}")
        found += status == 1
        both += bad
        refused += not case.damaged(title)
        trial.progress(f"{number + 1} of {len(places)} flipped bits")
    trial.figures["flipped bits"] = (f"{len(places)}; {refused} keep it from starting, SQLite's own check finds {both}, "
                                     f"readout check {found}")


def run(trial):
    chance = random.Random(f"{trial.seed}/files")
    count = max(8, trial.options.rounds // 2)
    plain, killed = make_bases(trial)
    refusals(trial, plain, killed)
    new_ones(trial, plain)
    forbidden(trial, plain)
    locked(trial, plain)
    two_servers(trial, plain)
    truncated(trial, plain, killed, chance, count // 2)
    flipped(trial, plain, killed, chance, count)
