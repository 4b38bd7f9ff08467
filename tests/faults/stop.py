"""SIGTERM under load: what is under way is answered, /readyz says 503 meanwhile, event streams end as they should, the exit
status is 0 in time, and every write answered well is there afterwards. Also amid a long article and a load of a thousand."""
import socket
import threading
import time

import ground
import load

HURRIED = "a thousand articles and no time"
# What a round has under way at SIGTERM, and how many seconds it is given (--stop-timeout). For the last one these may be too few:
# then it is given up, and nothing of it is kept.
SPECIAL = {1: ("a long article", 60), 2: ("a thousand articles", 120), 3: (HURRIED, 1)}
USUAL = ("the load", 10)
SLACK = 10  # on a machine that does other things as well
SENTENCE = "Russia will make no concessions at the talks in Geneva, Deputy Foreign Minister Sergei Ryabkov said on Sunday. "


class Listener(threading.Thread):
    """Listens to /v1/events until the stream ends, and knows whether it ended well: by the last chunk."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.socket.sendall(b"GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        self.heard = b""

    def run(self):
        try:
            while part := self.socket.recv(65536):
                self.heard += part
        except OSError as problem:
            self.heard += str(problem).encode()
        self.socket.close()

    def ended_well(self):
        return self.heard.startswith(b"HTTP/1.1 200") and self.heard.endswith(b"\r\n0\r\n\r\n")


class Asker(threading.Thread):
    """One request that takes long."""

    def __init__(self, port, target, body):
        super().__init__(daemon=True)
        self.client, self.target, self.body = ground.Client(port, 150), target, body
        self.answer = self.problem = None

    def run(self):
        try:
            self.answer = self.client.ask("POST", self.target, self.body)
        except ground.Lost as problem:
            self.problem = problem
        self.client.close()


def bodies_of(what, number):
    if what == "a long article":
        return [{"text": SENTENCE * 1500, "external_id": f"long{number}"}]
    if what.startswith("a thousand articles"):
        return [[{"text": f"Number {at} of {number}. {SENTENCE if at % 10 == 0 else ''}It rained in place {at * 7919 % 1000}.",
                  "external_id": f"bulk{number}n{at}"} for at in range(1000)]]
    return []


class Half:
    """A request for /readyz of which a part is sent, and the rest once the server stops."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        self.socket.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n")

    def end(self):
        """The status; None where the connection was closed instead."""
        try:
            self.socket.sendall(b"\r\n")
            return int(self.socket.recv(65536).split(b" ", 2)[1])
        except (OSError, IndexError):
            return None
        finally:
            self.socket.close()


def one_round(trial, database, number, what, given):
    server = ground.Server(trial, database, "--stop-timeout", str(given))
    server.start()
    how = load.HOW.replace(" again", "")
    writing = load.Load(server.port, trial.seed, f"t{number}", writers=5, how=how, refusals=(503,)).start()
    listeners = [Listener(server.port) for _ in range(4)]
    halves = [Half(server.port) for _ in range(3)]
    for one in [*listeners]:
        one.start()
    askers = [Asker(server.port, "/v1/articles", body) for body in bodies_of(what, number)]
    time.sleep(0.3)
    for asker in askers:
        asker.start()
    time.sleep(0.15)
    began = time.monotonic()
    server.signal(15)
    time.sleep(0.02)
    ready = [half.end() for half in halves]
    status = server.wait(given + SLACK)
    seconds = time.monotonic() - began
    writing.stop()
    for one in [*listeners, *askers]:
        one.join()
    trial.expect(status == 0, f"SIGTERM amid {what} ended it with {status}")
    trial.expect(200 not in ready, f"while it stopped /readyz was {ready}")
    for listener in listeners:
        trial.expect(listener.ended_well(), f"an event stream ended with {listener.heard[-80:]!r}")
    for asker in askers:
        trial.expect((asker.answer is not None and asker.answer.good) or what == HURRIED,
                     f"{what}, under way at SIGTERM, came to {asker.answer or asker.problem}")
    for odd in writing.odd:
        trial.wrong(odd)
    trial.requests += len(writing.ops()) + len(listeners) + len(askers) + len(ready)
    return writing, askers, seconds, ready


def run(trial):
    rounds = max(5, trial.options.rounds // 5)
    stops, seen, long_ones = [], 0, []
    for number in range(rounds):
        database = trial.folder / f"store{number}.db"
        what, given = SPECIAL.get(number, USUAL)
        writing, askers, seconds, ready = one_round(trial, database, number, what, given)
        if number in SPECIAL:
            long_ones.append(f"{what} {seconds:.1f} s of {given} s")
        else:
            stops.append(seconds)
        seen += ready.count(503)
        server = ground.Server(trial, database)
        server.start()
        client = server.client()
        load.compare(trial, client, [writing])
        load.look_closer(trial, client, [writing], 3)
        for asker in askers:
            names = [body["external_id"] for body in (asker.body if isinstance(asker.body, list) else [asker.body])]
            there = load.listing(trial, client, "articles")
            good = asker.answer is not None and asker.answer.good
            kept = sum(name in there for name in names)
            trial.expect(kept == len(names) if good else kept == 0,
                         f"{what} came to {asker.answer}, and {kept} of {len(names)} are kept")
        client.close()
        trial.expect(server.stop() == 0, "SIGTERM without load did not end it with 0")
        trial.rounds += 1
        trial.faults += 1
        trial.progress(f"{number + 1} of {rounds} rounds")
    trial.expect(seen, "/readyz was never seen to say 503")
    trial.figures["from SIGTERM to the end"] = ground.spread_of(stops)
    trial.figures["amid"] = ", ".join(long_ones)
