"""A real file system that is full: writes get 507 as a problem, reads go on, and writing works again as soon as there is room.
Also with a log so long that each commit wants a checkpoint, at start-up, and on a file system that is read-only. Needs root, to
mount: a tmpfs, and an ext4 in a file where mkfs.ext4 is there."""
import os
import random
import shutil
import subprocess

import ground
import inside
import load

CYCLES = 4
LONG_LOG = 10000 * 4120  # bytes: then a commit is followed by a checkpoint
READS = ["/v1/actors?limit=20", "/v1/actors?q=writer", "/v1/changes?since=0&limit=5", "/v1/claims", "/metrics"]


def run_quietly(*line):
    return subprocess.run(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


class Mounted:
    """A small file system, with a file that takes what room there is."""

    def __init__(self, trial, kind, megabytes):
        self.folder, self.kind = trial.folder / kind, kind
        self.folder.mkdir()
        self.filler = self.folder / "filler"
        if kind == "tmpfs":
            self.there = run_quietly("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(self.folder))
        else:
            image = trial.folder / f"{kind}.image"
            with image.open("wb") as file:
                file.truncate(megabytes << 20)
            self.there = (shutil.which("mkfs.ext4") is not None and run_quietly("mkfs.ext4", "-q", str(image)) and
                          run_quietly("mount", "-o", "loop", str(image), str(self.folder)))

    def free(self):
        disk = os.statvfs(self.folder)
        return disk.f_bavail * disk.f_frsize

    def fill(self, left):
        with self.filler.open("ab") as file:
            try:
                while self.free() > left:
                    file.write(bytes(min(1 << 20, max(4096, self.free() - left))))
                    file.flush()
            except OSError:
                pass  # it is full

    def empty(self):
        self.filler.unlink(missing_ok=True)

    def read_only(self, yes):
        return run_quietly("mount", "-o", f"remount,{'ro' if yes else 'rw'}", str(self.folder))

    def end(self):
        if self.there:
            run_quietly("umount", "-l", str(self.folder))


def is_problem(answer):
    return answer.headers["Content-Type"] == "application/problem+json" and answer.json()["status"] == answer.status


def reads_go_on(trial, client, when):
    for target in READS:
        answer = client.get(target)
        trial.requests += 1
        trial.expect(answer.status == 200, f"{when}, GET {target} was answered {answer}")


def write_until_full(trial, server, name, most):
    """A load until it is refused; it knows what was kept."""
    writing = load.Load(server.port, trial.seed, name, writers=1, how=load.HOW.replace(" again", "") + " bulk bulk article",
                        refusals=(503, 507), most=0)
    writer, refused = writing.writers[0], 0
    for _ in range(most):
        getattr(writer, "do_" + writer.random.choice(writing.how))()
        refused += writer.ops[-1].status == 507
        if refused == 12:
            break
    trial.requests += len(writing.ops())
    trial.faults += refused
    return writing, refused


def cycle(trial, mounted, server, number, chance):
    """Fill it, meet 507, read; make room, write at once."""
    client = server.client()
    mounted.fill(chance.choice([0, 0, 200_000, 2_000_000, 5_000_000]))
    writing, refused = write_until_full(trial, server, f"{mounted.kind[0]}{number}", 4000)
    trial.expect(refused, f"{mounted.kind}: it never was full")
    answer = client.ask("POST", "/v1/actors", [{"name": f"Too much {row}", "kind": "group"} for row in range(2000)])
    trial.expect(answer.status == 507 and is_problem(answer), f"{mounted.kind} is full, and a large write was answered {answer}")
    reads_go_on(trial, client, f"{mounted.kind} is full")
    trial.expect(client.get("/readyz").status == 503, f"{mounted.kind}: /readyz does not tell that the disk is full")
    mounted.empty()
    answer = client.ask("POST", "/v1/actors", {"name": "There is room again", "kind": "group"})
    trial.expect(answer.status == 201, f"{mounted.kind}: with room again a write was answered {answer}")
    for odd in writing.odd:
        trial.wrong(odd)
    trial.rounds += 1
    client.close()
    return writing


def long_log(trial, mounted, server):
    """Fills the log while the file itself may not grow, so that no checkpoint can be made; then makes room."""
    client = server.client()
    log = ground.store_files(server.database)[1]
    mounted.fill(LONG_LOG + 8_000_000)
    good, number = True, 0
    while good and number < 400:
        answer = client.ask("POST", "/v1/actors", [{"name": f"Log {number} {row}", "kind": "group"} for row in range(500)])
        good, number = answer.good, number + 1
    trial.expect(answer.status == 507, f"{mounted.kind}: a long log and a full disk, and a write was answered {answer}")
    trial.expect(log.stat().st_size > LONG_LOG, f"{mounted.kind}: the log has only {log.stat().st_size} bytes")
    trial.requests += number
    reads_go_on(trial, client, f"{mounted.kind} is full of the log")
    mounted.empty()
    answer = client.ask("POST", "/v1/actors", {"name": "There is room again", "kind": "group"})
    trial.expect(answer.status == 201, f"{mounted.kind}: with room for a checkpoint a write was answered {answer}")
    trial.figures[f"{mounted.kind}, longest log"] = f"{log.stat().st_size / 1e6:.0f} MB"
    trial.rounds += 1
    trial.faults += 1
    client.close()


def start_when(trial, mounted, server, when):
    """It comes up or says why not."""
    try:
        server.start()
        reads_go_on(trial, server.client(), when)
        server.stop()
    except RuntimeError as problem:
        trial.expect("exit status 1)" in str(problem) and "readout: " in str(problem), f"{when}: {problem}")
        trial.notes.append(f"{when}: {str(problem).split('readout: ', 1)[-1].replace(str(trial.folder), '…')}")
    trial.rounds += 1
    trial.faults += 1


def on(trial, mounted, chance):
    database = mounted.folder / "store.db"
    server = ground.Server(trial, database)
    server.start()
    loads = [cycle(trial, mounted, server, number, chance) for number in range(CYCLES)]
    long_log(trial, mounted, server)
    mounted.fill(0)
    server.kill()
    start_when(trial, mounted, server, f"{mounted.kind} is full")
    mounted.empty()
    server.start()
    client = server.client()
    load.compare(trial, client, loads)
    client.close()
    trial.expect(server.stop() == 0, "SIGTERM did not end it with 0")
    inside.inspect(trial, database, trial.folder / "copy.db")
    if mounted.read_only(True):
        start_when(trial, mounted, server, f"{mounted.kind} is read-only")
        mounted.read_only(False)
    else:
        trial.notes.append(f"{mounted.kind} could not be made read-only")
    server.start()
    load.compare(trial, server.client(), loads)
    trial.expect(server.stop() == 0, "SIGTERM did not end it with 0")


def run(trial):
    if os.geteuid() != 0:
        trial.skipped = "only root may mount"
        return
    tried = []
    for kind in ("tmpfs", "ext4"):
        mounted = Mounted(trial, kind, 128)
        try:
            if mounted.there:
                trial.progress(kind)
                on(trial, mounted, random.Random(f"{trial.seed}/{kind}"))
                tried.append(kind)
            else:
                trial.notes.append(f"no {kind} could be mounted")
        finally:
            for server in list(trial.servers):
                server.kill()
            mounted.end()
    if not tried:
        trial.skipped = "no file system could be mounted"
