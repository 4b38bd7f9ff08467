"""The clients of a soak: some that ask, on connections that they keep or not, and listeners that come and go."""
import http.client
import json
import random
import select
import socket
import struct
import threading
import time

import world as asking


class Client(threading.Thread):
    """Asks now and then, at random, so that all clients together ask `rate` times a second."""

    def __init__(self, port, world, ledger, seed, rate):
        super().__init__(daemon=True)
        self.port, self.world, self.ledger, self.rate = port, world, ledger, rate
        self.dice, self.ending, self.connection = random.Random(seed), threading.Event(), None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def ask(self, kind, method, path, body=None, headers=None, expect=(200,)):
        sent = dict(headers or {})
        if body is not None and not isinstance(body, str):
            body = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        if self.connection and self.dice.random() < 0.05:
            self.close()
        fresh = self.connection is None
        began = time.monotonic()
        try:
            if fresh:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self.connection.request(method, path, body.encode() if body is not None else None, sent)
            answer = self.connection.getresponse()
            answer.data = answer.read()
        except (OSError, http.client.HTTPException) as problem:
            self.close()
            if not self.ending.is_set():
                self.ledger.wrong(kind, f"{method} {path}: {type(problem).__name__} {problem}")
            return None
        self.ledger.asked(kind, time.monotonic() - began)
        if answer.status not in expect:
            self.ledger.wrong(kind, f"{method} {path}: {answer.status} {answer.data[:200]!r}")
            return None
        return answer

    def send_half(self, data):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as half:
            half.sendall(data)
            if self.dice.random() < 0.5:  # with a reset
                half.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.ledger.asked("broken", 0)

    def run(self):
        weights, kinds = zip(*asking.KINDS)
        while not self.ending.wait(self.dice.expovariate(self.rate)):
            try:
                self.dice.choices(kinds, weights)[0](self, self.world, self.dice)
            except OSError as problem:
                self.ledger.wrong("connect", str(problem))
        self.close()


class Listeners(threading.Thread):
    """Keeps about so many listeners to /v1/events: some read and leave as they should, some vanish with a reset, some read a byte
    a second, some never read."""

    def __init__(self, port, ledger, seed, wanted):
        super().__init__(daemon=True)
        self.port, self.ledger, self.wanted = port, ledger, wanted
        self.dice, self.ending, self.open = random.Random(seed), threading.Event(), {}

    def listen(self):
        manner = self.dice.choice(["well", "well", "reset", "slow", "deaf"])
        path = self.dice.choice(["/v1/events", "/v1/events?noun=claim", "/v1/events?since=1", "/v1/events?topic=talks"])
        peer = socket.socket()
        if manner in ("slow", "deaf"):
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.settimeout(10)
        peer.connect(("127.0.0.1", self.port))
        peer.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".encode())
        self.open[peer] = [manner, time.monotonic() + self.dice.uniform(1, 40), 0]
        self.ledger.asked("listen", 0)

    def leave(self, peer):
        if self.open.pop(peer)[0] == "reset":
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()

    def turn(self):
        now = time.monotonic()
        readable, _, _ = select.select([peer for peer, state in self.open.items() if state[0] != "deaf" and now >= state[2]], [], [], 0)
        for peer in readable:
            slow = self.open[peer][0] == "slow"
            self.open[peer][2] = now + 1 if slow else 0
            try:
                if not peer.recv(1 if slow else 65536):
                    self.leave(peer)
            except OSError:
                self.leave(peer)
        for peer in [peer for peer, state in self.open.items() if now > state[1]]:
            self.leave(peer)

    def run(self):
        while not self.ending.wait(0.2):
            try:
                if len(self.open) < self.wanted:
                    self.listen()
                self.turn()
            except OSError as problem:
                self.ledger.wrong("listen", str(problem))
        for peer in list(self.open):
            self.leave(peer)


class Ledger:
    """What the clients saw."""

    def __init__(self):
        self.lock, self.times, self.errors, self.first_errors = threading.Lock(), [], 0, []

    def asked(self, kind, seconds):
        with self.lock:
            self.times.append((time.monotonic(), kind, seconds))

    def wrong(self, kind, what):
        with self.lock:
            self.errors += 1
            line = f"{kind}: {what}"
            if len(self.first_errors) < 8 and line not in self.first_errors:
                self.first_errors.append(line)
