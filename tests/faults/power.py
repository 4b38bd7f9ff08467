"""A power cut: of each file, what was written since its last sync may be there or not, in any part, and torn.

One load is written to a store while the disk keeps a log of every write and sync. Then, for cuts at many places of that log, the
files are made as the cut may have left them, the server is started on them, and every write answered before the cut must be
there. With a disk that lies about its syncs the same comparison has to find writes lost: else it would prove nothing.
"""
import random
import time

import ground
import inside
import load
import shim

SECTOR = 512
LOG_BYTES, LOG_SECONDS = 150_000_000, 60
HOW = load.HOW.replace(" again", "") + " bulk bulk article"
# How much of what is not synced is there after the cut: nothing, all, any writes, any sectors, or all up to some write.
LEFT = ["nothing", "all", "writes", "sectors", "beginning"]


class File:
    """What is certain of a file, and what was done to it since."""

    def __init__(self):
        self.durable, self.pending = None, []

    def sync(self, covered):
        for entry in self.pending:
            if entry.number < covered:
                self.durable = apply(self.durable, entry, None)
        self.pending = [entry for entry in self.pending if entry.number >= covered]

    def sync_folder(self):
        """What was deleted stays so. SQLite syncs the folder with the first sync of a new file, and after some deletions."""
        deleted = [at for at, entry in enumerate(self.pending) if entry.kind == "delete"]
        if deleted:
            self.durable, self.pending = None, self.pending[deleted[-1] + 1:]

    def after_cut(self, left, chance):
        content = None if self.durable is None else bytearray(self.durable)
        share = chance.random()
        limit = chance.randrange(len(self.pending) + 1)
        for at, entry in enumerate(self.pending):
            if left == "all" or (left == "beginning" and at < limit) or (left == "writes" and chance.random() < share):
                content = apply(content, entry, None)
            elif left == "sectors":
                content = apply(content, entry, chance)
        return content


def take(files, entry):
    file = files[entry.role]
    folder = (entry.kind == "sync" and file.durable is None) or (entry.kind == "delete" and entry.offset)
    if entry.kind == "sync":
        file.sync(entry.offset)
    else:
        file.pending.append(entry)
    for other in files if folder else []:
        other.sync_folder()


def apply(content, entry, chance):
    """With `chance`, of each write some sectors; else it is whole."""
    if entry.kind == "delete":
        return content if chance and chance.random() < 0.5 else None
    content = bytearray() if content is None else content
    if entry.kind == "truncate":
        if not chance or chance.random() < 0.5:
            del content[entry.offset:]
            content.extend(bytes(max(0, entry.offset - len(content))))
        return content
    for at in range(0, len(entry.data), SECTOR if chance else max(1, len(entry.data))):
        if chance and chance.random() < 0.5:
            continue
        part = entry.data[at:at + SECTOR] if chance else entry.data
        place = entry.offset + at
        content.extend(bytes(max(0, place - len(content))))
        content[place:place + len(part)] = part
    return content


def write_load(trial, database):
    """A store and its log of writes, from its making on, through some checkpoints, until it is killed."""
    disk = shim.Disk(trial, logged=True)
    server = ground.Server(trial, database, environment=disk.environment)
    server.start()
    writing = load.Load(server.port, trial.seed, "p", writers=6, how=HOW).start()
    began = time.monotonic()
    while time.monotonic() - began < LOG_SECONDS and disk.log.stat().st_size < LOG_BYTES and server.alive():
        trial.progress(f"{disk.log.stat().st_size / 1e6:.0f} MB of {LOG_BYTES / 1e6:.0f} MB written")
        time.sleep(0.1)
    server.kill()
    writing.join()
    trial.requests += len(writing.ops())
    for odd in writing.odd:
        trial.wrong(odd)
    entries = shim.read_log(disk.log)
    disk.log.unlink()
    return writing, entries


def choose(entries, count, chance):
    """Anywhere; amid checkpoints, where the main file is written; and right behind a write of the log, before its sync."""
    main = [at for at, entry in enumerate(entries) if entry.role == shim.MAIN and entry.kind != "sync"]
    log = [at + 1 for at, entry in enumerate(entries[:-1]) if entry.role == shim.WAL and entries[at + 1].kind == "sync"]
    cuts = {chance.randrange(1, len(entries)) for _ in range(count // 3)}
    cuts |= {chance.choice(main) for _ in range(count // 3)} | {chance.choice(log) for _ in range(count - count // 3 * 2)}
    return sorted(cut for cut in cuts if cut)


def put(database, files, left, chance):
    ground.remove_store(database)
    for role, path in ((shim.MAIN, 0), (shim.WAL, 1), (shim.JOURNAL, 3)):
        content = files[role].after_cut(left, chance)
        if content is not None:
            ground.store_files(database)[path].write_bytes(content)


def reopen(trial, database, writing, cut):
    server = ground.Server(trial, database)
    seconds = server.start()
    client = server.client()
    load.compare(trial, client, [writing], cut)
    load.look_closer(trial, client, [writing], 2, cut)
    answer = client.ask("POST", "/v1/actors", {"name": "After the cut", "kind": "group"})
    trial.expect(answer.status == 201, f"after the cut a write was answered {answer}")
    client.close()
    trial.expect(server.stop() == 0, "SIGTERM after the comparison did not end with 0")
    inside.inspect(trial, database, trial.folder / "copy.db")
    return seconds


def lies_are_seen(trial, entries, writing, database, chance):
    """The last cut once more, on a disk that kept nothing since the store was made: writes are lost, and that is found."""
    files = [File() for _ in range(4)]
    for entry in entries[:-1]:
        if entry.kind != "sync" or entry.role == shim.MAIN or entry.number < len(entries) // 4:
            take(files, entry)
    put(database, files, "nothing", chance)
    failures, trial.failures, trial.quiet = trial.failures, [], True
    try:
        reopen(trial, database, writing, entries[-1].time)
    except RuntimeError:
        trial.failures.append("it does not start")
    seen, trial.failures, trial.quiet = len(trial.failures), failures, False
    trial.expect(seen, "a disk that lied about its syncs was not noticed: the comparison is blind")


def run(trial):
    chance = random.Random(f"{trial.seed}/power")
    database = trial.folder / "store.db"
    writing, entries = write_load(trial, trial.folder / "load.db")
    ground.remove_store(trial.folder / "load.db")
    cuts = choose(entries, max(6, trial.options.rounds // 2), chance)
    files, at, starts, left_of = [File() for _ in range(4)], 0, [], {}
    for number, cut in enumerate(cuts):
        for entry in entries[at:cut]:
            take(files, entry)
        at, left = cut, LEFT[number % len(LEFT)]
        put(database, files, left, chance)
        before = len(trial.failures)
        try:
            starts.append(reopen(trial, database, writing, entries[cut].time))
        except RuntimeError as problem:
            trial.wrong(f"after a power cut: {problem}")
        if len(trial.failures) > before:
            trial.wrong(f"… that was the cut at entry {cut} of {len(entries)}, with {left} of the writes not synced left")
        left_of[left] = left_of.get(left, 0) + 1
        trial.rounds += 1
        trial.faults += 1
        trial.progress(f"{number + 1} of {len(cuts)} cuts")
        if len(trial.failures) > 20:
            return
    lies_are_seen(trial, entries, writing, database, chance)
    main = sum(entry.role == shim.MAIN and entry.kind == "sync" for entry in entries)
    trial.figures["log"] = (f"{len(entries)} writes and syncs, {main} syncs of the file itself, "
                            f"{sum(op.kept() for op in writing.ops())} writes answered")
    trial.figures["left of what was not synced"] = ", ".join(f"{left} {count}" for left, count in left_of.items())
    trial.figures["restart"] = ground.spread_of(starts)
