"""Every kind of call to the disk fails, at its first, second, … n-th time, once or from then on, during a script of requests
and during start-up. A write then gets 507 or 503, as a problem; reads go on; once the disk is well again writes work, without a
restart. Nothing answered well is lost, nothing refused is there, and the server neither ends nor hangs."""
import random

import ground
import inside
import load
import shim

# SQLite's codes.
BUSY, READONLY, FULL, CANTOPEN = 5, 8, 13, 14
ERROR_OF = {"read": 266, "short": 522, "write": 778, "sync": 1034, "truncate": 1546, "size": 1802, "delete": 2570,
            "access": 3338, "lock": 3850, "shm_size": 4874, "shm_lock": 5130, "shm_map": 5386}

# What fails, with which code, and whether a reader may notice.
FAULTS = [
    ("disk full", "write", FULL, False),
    ("write fails", "write", ERROR_OF["write"], False),
    ("read-only", "write", READONLY, False),
    ("sync fails", "sync", ERROR_OF["sync"], False),
    ("truncate fails", "truncate", ERROR_OF["truncate"], False),
    ("read fails", "read", ERROR_OF["read"], True),
    ("short read", "read", ERROR_OF["short"], True),
    ("size fails", "size", ERROR_OF["size"], True),
    ("lock fails", "lock", ERROR_OF["lock"], True),
    ("shared memory: no room", "shm_map", ERROR_OF["shm_size"], True),
    ("shared memory: no map", "shm_map", ERROR_OF["shm_map"], True),
    ("shared memory: no lock", "shm_lock", ERROR_OF["shm_lock"], True),
    ("shared memory: taken", "shm_lock", BUSY, True),
    ("open fails", "open", CANTOPEN, True),
    ("delete fails", "delete", ERROR_OF["delete"], True),
    ("access fails", "access", ERROR_OF["access"], True),
]
STEPS = 10  # requests that write, in a script
READS = ["/v1/actors?limit=20", "/v1/actors/1", "/v1/actors?q=first", "/v1/changes?since=0&limit=5", "/v1/articles?expand=outlet"]
REFUSALS = (503, 507)
HOW = "create patch bulk article claim merge delete"
SECONDS = 20  # for any one answer


def make_bases(trial):
    """A store that was closed well, and one that was killed with so long a log that each commit runs into a checkpoint."""
    bases = {}
    for name, rows in (("plain", 0), ("checkpoint", 6000)):
        path = trial.folder / f"{name}.db"
        server = ground.Server(trial, path)
        server.start()
        client = server.client()
        client.ask("POST", "/v1/actors", {"name": "The first", "kind": "group"})
        client.ask("POST", "/v1/articles", {"text": "Russia will make no concessions, Sergei Ryabkov said on Sunday."})
        log = ground.store_files(path)[1]
        for part in range(40 if rows else 0):
            if log.stat().st_size > 10000 * 4120:
                break
            answer = client.ask("POST", "/v1/actors", [{"name": f"Filler {part} {row}", "kind": "group"} for row in range(rows)])
            trial.expect(answer.good, f"the filler was answered {answer}")
        client.close()
        if rows:
            server.kill()
        else:
            server.stop()
        bases[name] = path
    return bases


def is_problem(answer):
    return answer.headers.get("Content-Type") == "application/problem+json" and answer.json()["status"] == answer.status


class Run:
    """One fault at one place."""

    def __init__(self, trial, base, what, nth, lasting, name):
        self.trial, (self.title, self.kind, self.code, self.seen_by_readers) = trial, what
        self.base, self.nth, self.lasting, self.name = base, nth, lasting, name
        self.lies = self.code == ERROR_OF["short"]  # then it may not end, nor hang, and no more can be asked
        self.disk, self.database = shim.Disk(trial), trial.folder / "store.db"

    def wrong(self, text):
        self.trial.wrong(f"{self.title}, call {self.nth}{' and after' if self.lasting else ''}, {self.name}: {text}")

    def arm(self):
        self.disk.fail(self.kind, self.code, self.nth, self.lasting)

    def read(self, client, target, strict):
        answer = client.get(target)
        self.trial.requests += 1
        allowed = (200,) if strict or not self.seen_by_readers else (200, 503)
        if self.lies and not strict:
            allowed += (404, 500)  # what comes back is not what was written: the file looks damaged
        if answer.status not in allowed:
            self.wrong(f"GET {target} was answered {answer}")
        if answer.status != 200 and not is_problem(answer):
            self.wrong(f"GET {target} was answered {answer.status} without a problem")

    def write_script(self, server):
        """Its writes one by one, with reads between."""
        refusals = REFUSALS + ((404, 409, 410, 422, 500) if self.lies else ())
        writing = load.Load(server.port, self.trial.seed, "d", writers=1, how=HOW, refusals=refusals, seconds=SECONDS)
        writer, client = writing.writers[0], server.client(SECONDS)
        for step in range(STEPS):
            getattr(writer, "do_" + writing.how[step % len(writing.how)])()
            self.read(client, READS[step % len(READS)], False)
        return writing, writer, client

    def requests(self):
        """The fault comes while requests are answered."""
        ground.copy_store(self.base, self.database)
        server = ground.Server(self.trial, self.database, environment=self.disk.environment)
        server.start()
        self.arm()
        writing, writer, client = self.write_script(server)
        self.disk.heal()
        if not self.lies:
            for target in READS:
                self.read(client, target, True)
            writer.do_create()
            if not writer.ops[-1].kept():
                self.wrong(f"with the disk well again a write was answered {writer.ops[-1].status}")
        self.settle(server, writing, client)

    def settle(self, server, writing, client):
        self.trial.requests += len(writing.ops())
        for odd in writing.odd if not self.lies else []:
            self.wrong(odd)
        before = len(self.trial.failures)
        if not self.lies:
            load.compare(self.trial, client, [writing])
        client.close()
        status = server.stop()
        if status != 0:
            self.wrong(f"SIGTERM ended it with {status}")
        if not self.lies:
            inside.inspect(self.trial, self.database, self.trial.folder / "copy.db", whole=False)
        if len(self.trial.failures) > before:
            self.wrong("… that was it")

    def start(self):
        """The fault comes while the server opens its store: it comes up, or says why not; and does once the disk is well."""
        if self.base:
            ground.copy_store(self.base, self.database)
        else:
            ground.remove_store(self.database)
        self.arm()
        server = ground.Server(self.trial, self.database, environment=self.disk.environment)
        try:
            server.start()
            up = True
        except RuntimeError as problem:
            up = False
            if "exit status 1)" not in str(problem) or "readout: " not in str(problem):
                self.wrong(f"while it starts: {problem}")
        self.disk.heal()
        if not up:
            server.start()
        client = server.client(SECONDS)
        for target in READS:
            if self.base or "/1" not in target:
                self.read(client, target, True)
        answer = client.ask("POST", "/v1/actors", {"name": "After it", "kind": "group"})
        if answer.status != 201:
            self.wrong(f"once it is up a write was answered {answer}")
        client.close()
        if server.stop() != 0:
            self.wrong("once it was up SIGTERM did not end it with 0")
        inside.inspect(self.trial, self.database, self.trial.folder / "copy.db", whole=False)

    def go(self, phase):
        try:
            getattr(self, phase)()
        except (ground.Lost, RuntimeError) as problem:
            dead = [server for server in self.trial.servers if not server.alive()]
            self.wrong(f"{'the server ended' if dead else 'no answer came'}: {problem}")
        for server in list(self.trial.servers):
            server.kill()
        return self.disk.seen, self.disk.failed


def places(count, most, chance):
    """The first ones, and some of the others."""
    first = list(range(1, min(count, most // 2) + 1))
    rest = [at for at in range(len(first) + 1, count + 1)]
    return first + sorted(chance.sample(rest, min(len(rest), most - len(first))))


def run(trial):
    chance = random.Random(f"{trial.seed}/disk")
    bases = make_bases(trial)
    most = max(3, trial.options.rounds // 20)
    table = []
    for what in FAULTS:
        provoked = 0
        cases = [("requests", "plain", bases["plain"]), ("start", "an old store", bases["plain"]), ("start", "a new store", None)]
        if what[1] in ("write", "read", "sync", "truncate"):
            cases += [("requests", "checkpoint", bases["checkpoint"]), ("start", "a long log", bases["checkpoint"])]
        for phase, name, base in cases:
            count, _ = Run(trial, base, what, 0, False, name).go(phase)
            for lasting in (False,) if what[2] == BUSY else (False, True):  # for ever would be as long as SQLite waits, each time
                for nth in places(count, most if name != "checkpoint" else most // 2, chance):
                    _, failed = Run(trial, base, what, nth, lasting, f"{phase}, {name}").go(phase)
                    provoked += failed
                    trial.rounds += 1
                    trial.faults += failed
                    trial.progress(f"{what[0]}, {phase}, {name}: {nth} of {count}; {trial.rounds} rounds")
                    if len(trial.failures) > 200:
                        return
        table.append(f"{what[0]} {provoked}")
    trial.figures["faults"] = ", ".join(table)
