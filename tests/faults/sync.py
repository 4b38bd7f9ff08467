"""The order of the system calls: no write is answered before the sync of the log that covers it has come back."""
import re
import shutil
import time

import ground
import load

CALLS = "pwrite64,fdatasync,fsync,sendto,sendmsg,write,writev"
LINE = re.compile(r"^(\d+) +(?:(\w+)\((\d+)<([^>]*)>|<\.\.\. (\w+) resumed>)(.*)$")
DOCUMENT = re.compile(r'\\"version\\":(\d+),\\"external_id\\":\\"([^"\\]+)\\"')
LOAD_SECONDS = 4


def events(path):
    """(what, documents): a write to the log, the beginning and the good end of a sync of it, an answer; in the order of time."""
    under_way = {}
    with path.open(errors="replace") as lines:
        for line in lines:
            found = LINE.match(line)
            if not found:
                continue
            thread, call, _, file, resumed, rest = found.groups()
            if resumed:
                if under_way.pop(thread, None) == "sync" and rest.rstrip().endswith("= 0"):
                    yield "synced", thread
            elif call == "pwrite64" and file.endswith("-wal"):
                yield "written", DOCUMENT.findall(rest)
            elif call in ("fdatasync", "fsync") and file.endswith("-wal"):
                yield "syncing", thread
                if rest.rstrip().endswith("= 0"):
                    yield "synced", thread
                else:
                    under_way[thread] = "sync"
            elif "HTTP/1.1 20" in rest:
                yield "answered", DOCUMENT.findall(rest)[:1]


def run(trial):
    if not shutil.which("strace"):
        trial.skipped = "strace is not installed"
        return
    trace = trial.folder / "trace.txt"
    server = ground.Server(trial, trial.folder / "store.db",
                           under=["strace", "-f", "-y", "-s", "9000", "-e", f"trace={CALLS}", "-o", str(trace)])
    try:
        server.start()
    except RuntimeError as problem:
        trial.skipped = f"strace may not trace here: {problem}"
        return
    writing = load.Load(server.port, trial.seed, "s", writers=8, how="create create patch claim article").start()
    time.sleep(LOAD_SECONDS)
    writing.stop()
    trial.expect(server.stop() == 0, "SIGTERM under strace did not end with 0")
    for odd in writing.odd:
        trial.wrong(odd)

    written, synced, syncing, at = {}, -1, {}, 0  # where a document last went to the log; what is covered
    answers, syncs, shared, since = 0, 0, 0, 0
    for at, (what, of) in enumerate(events(trace)):
        if what == "written":
            for document in of:
                written.setdefault(document, at)  # a page goes to the log again with whatever its neighbours are given
        elif what == "syncing":
            syncing[of] = at
        elif what == "synced":
            synced = max(synced, syncing[of])
            syncs, shared, since = syncs + 1, shared + (since > 1), 0
        elif of:
            answers, since = answers + 1, since + 1
            place = written.get(of[0])
            if trial.expect(place is not None, f"{of[0]} was answered and never written to the log"):
                trial.expect(place < synced, f"{of[0]} was answered before the log was synced")
    good = sum(op.kept() for op in writing.ops())
    trial.expect(answers >= good > 0, f"{good} writes were answered, and the trace has {answers} answers")
    trial.requests, trial.rounds = len(writing.ops()), 1
    trial.figures["answers after their sync"] = f"{answers}, with {syncs} syncs of the log; {shared} syncs let several answers go"
