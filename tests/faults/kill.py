"""kill -9 at any moment of a write load: what was answered well is there afterwards, once, and nothing is half there."""
import random
import time

import ground
import inside
import load

RESTART_SECONDS = 1.0
ROUNDS_A_STORE = 10  # then a new one, so that the comparison stays short


def keys_are_known(trial):
    """Whether a request with an Idempotency-Key that comes again gets the first answer."""
    database = trial.folder / "probe.db"
    server = ground.Server(trial, database)
    server.start()
    client = server.client()
    body, key = {"name": "Twice", "kind": "group"}, {"Idempotency-Key": '"probe"'}
    answers = [client.ask("POST", "/v1/actors", body, key) for _ in range(2)]
    server.stop()
    ground.remove_store(database)
    return answers[0].json()["id"] == answers[1].json()["id"]


def run(trial):
    how = load.HOW if keys_are_known(trial) else load.HOW.replace(" again", "")
    if how != load.HOW:
        trial.notes.append("this server knows no Idempotency-Key")
    chance = random.Random(f"{trial.seed}/kill")
    starts, kept, wal = [], 0, 0
    for number in range(trial.options.rounds):
        database = trial.folder / f"store{number // ROUNDS_A_STORE}.db"
        if number % ROUNDS_A_STORE == 0:
            loads = []
        server = ground.Server(trial, database)
        server.start()
        writing = load.Load(server.port, trial.seed, f"k{number}", how=how).start()
        time.sleep(chance.choice([chance.uniform(0, 0.05), chance.uniform(0, 0.5), chance.uniform(0.2, 1.0)]))
        server.kill()
        writing.join()
        loads.append(writing)
        trial.requests += len(writing.ops())
        log = ground.store_files(database)[1]
        wal = max(wal, log.stat().st_size if log.exists() else 0)
        inside.inspect(trial, database, trial.folder / "copy.db")

        server = ground.Server(trial, database)
        starts.append(server.start())
        client = server.client()
        kept = load.compare(trial, client, loads) if number % ROUNDS_A_STORE else kept + load.compare(trial, client, loads)
        load.look_closer(trial, client, loads[-1:], 5)
        load.asked_again(trial, client, writing)
        client.close()
        for odd in writing.odd:
            trial.wrong(odd)
        trial.expect(server.stop() == 0, "SIGTERM after the comparison did not end with 0")
        trial.rounds += 1
        trial.faults += 1
        if (number + 1) % ROUNDS_A_STORE == 0:
            ground.remove_store(database)
        trial.progress(f"{number + 1} of {trial.options.rounds} rounds, {trial.requests} requests, restart {starts[-1]:.2f} s")
        if len(trial.failures) > 20:
            break
    ordered = sorted(starts)
    trial.expect(ordered[int(len(ordered) * 0.95)] < RESTART_SECONDS or len(ordered) < 2, "a restart takes a second or longer")
    trial.figures["restart"] = ground.spread_of(starts)
    trial.figures["largest log left"] = f"{wal / 1e6:.1f} MB"
