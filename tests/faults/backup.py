"""A backup while others write: consistent, with everything answered before it began; and restored, it is the store again."""
import signal
import subprocess
import time

import ground
import inside
import load


def opened(trial, database, writing, began, ended):
    server = ground.Server(trial, database)
    server.start()
    client = server.client()
    load.compare(trial, client, [writing], began, ended)
    load.look_closer(trial, client, [writing], 3, began)
    client.close()
    trial.expect(server.stop() == 0, "SIGTERM did not end it with 0")


def checked(trial, database):
    status, said = ground.command(trial, "check", "--database", database)
    trial.expect(status == 0, f"readout check ended with {status}: {said.strip()}")


def cut_short(trial, database):
    """A backup that is killed leaves nothing that could be taken for one."""
    copy = trial.folder / "killed.db"
    backup = subprocess.Popen([str(trial.binary), "backup", str(copy), "--database", str(database)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, preexec_fn=ground.die_with_us)
    time.sleep(0.02)
    backup.send_signal(signal.SIGKILL)
    status = backup.wait()
    if copy.exists() and status != 0:
        trial.wrong(f"a backup that was killed left {copy.stat().st_size} bytes under its name")


def run(trial):
    rounds = max(3, trial.options.rounds // 10)
    database, restored = trial.folder / "store.db", trial.folder / "restored.db"
    server = ground.Server(trial, database)
    server.start()
    seconds, sizes = [], []
    for number in range(rounds):
        writing = load.Load(server.port, trial.seed, f"b{number}", how=load.HOW.replace(" again", "") + " bulk bulk").start()
        time.sleep(1)
        copy = trial.folder / f"copy{number}.db"
        began = time.monotonic_ns()
        status, said = ground.command(trial, "backup", copy, "--database", database)
        ended = time.monotonic_ns()
        cut_short(trial, database)
        refused, _ = ground.command(trial, "restore", copy, "replace", "--database", database)
        trial.expect(refused == 1, f"readout restore over a store that is served ended with {refused}")
        time.sleep(0.2)
        writing.stop()
        trial.requests += len(writing.ops())
        for odd in writing.odd:
            trial.wrong(odd)
        if not trial.expect(status == 0, f"readout backup ended with {status}: {said.strip()}"):
            break
        again, said = ground.command(trial, "backup", copy, "--database", database)
        trial.expect(again == 1, f"readout backup over a file that is there ended with {again}: {said.strip()}")
        seconds.append((ended - began) / 1e9)
        sizes.append(copy.stat().st_size)
        checked(trial, copy)
        status, said = ground.command(trial, "restore", copy, "--database", restored)
        trial.expect(status == 0, f"readout restore ended with {status}: {said.strip()}")
        inside.inspect(trial, restored, trial.folder / "look.db")
        opened(trial, restored, writing, began, ended)
        checked(trial, restored)
        ground.remove_store(restored)
        copy.unlink()
        trial.rounds += 1
        trial.faults += 1
        trial.progress(f"{number + 1} of {rounds} backups")
    trial.expect(server.stop() == 0, "SIGTERM did not end it with 0")
    trial.figures["a backup took"] = ground.spread_of(seconds)
    trial.figures["of"] = ", ".join(f"{size / 1e6:.0f} MB" for size in sizes)
