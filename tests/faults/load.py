"""A write load that remembers what it was answered, and the comparison of a store with that.

Each writer has records of its own and waits for each answer, so of every record the order of its writes is known. A record must
be as the last answered write left it, or as one that was under way would have; a refused write must have done nothing.
"""
import hashlib
import json
import random
import threading
import time
import uuid

import ground

PEOPLE = ["Sergei Ryabkov", "Wendy Sherman", "Jens Stoltenberg", "Antony Blinken", "Sergei Lavrov", "Josep Borrell"]
TITLES = ["Deputy Foreign Minister", "Deputy Secretary of State", "Secretary General", "Foreign Minister"]
PLACES = ["Geneva", "Brussels", "Vienna", "Moscow", "Washington"]
THINGS = ["make no concessions", "discuss missile deployments", "limit military exercises", "withdraw its troops",
          "answer in writing", "continue the talks"]
AGENCIES = ["Interfax reported", "Reuters reported", "according to AFP", "TASS said"]
HOW = "create patch bulk article claim merge delete again"
GONE = {"gone": True}  # deleted, or merged into another: no list has it


class Op:
    """One request that writes: when it was asked and answered, and what each record it touches becomes by it."""
    __slots__ = ("kind", "began", "ended", "status", "states", "key", "target", "body", "ids")

    def __init__(self, kind, states):
        self.kind, self.states = kind, states
        self.began = time.monotonic_ns()
        self.ended = self.status = self.key = self.target = self.body = None
        self.ids = {}

    def answered(self, cut=None):
        return self.ended is not None and (cut is None or self.ended <= cut)

    def kept(self, cut=None):
        return self.answered(cut) and 200 <= self.status < 300


class Writer(threading.Thread):
    def __init__(self, load, number):
        super().__init__(daemon=True)
        self.load, self.name = load, f"{load.name}w{number}"
        self.random = random.Random(f"{load.seed}/{self.name}")
        self.client = ground.Client(load.port, load.seconds)
        self.ops, self.live, self.count = [], [], 0
        self.versions = {}
        self.problem = None

    def run(self):
        try:
            while not self.load.stopping and (self.load.most is None or len(self.ops) < self.load.most):
                getattr(self, "do_" + self.random.choice(self.load.how))()
        except ground.Lost as lost:
            self.problem = lost
        finally:
            self.client.close()

    def fresh(self):
        self.count += 1
        return f"{self.name}n{self.count}"

    def perform(self, kind, method, target, body, states, headers=None, key=None):
        op = Op(kind, states)
        op.key, op.target, op.body = key, target, body
        self.ops.append(op)
        answer = self.client.ask(method, target, body, headers)
        op.status, op.ended = answer.status, time.monotonic_ns()
        if answer.status not in (200, 201, 204, 207, *self.load.refusals):
            self.load.odd.append(f"{method} {target} was answered {answer}")
        return op, answer

    # ---- what it does

    def actor(self, name):
        return {"external_id": name, "name": f"Writer {name}", "kind": "group"}

    def state(self, body, version=1):
        return {**body, "version": version}

    def do_create(self):
        body = self.actor(self.fresh())
        key = ("actors", body["external_id"])
        op, answer = self.perform("create", "POST", "/v1/actors", body, [(key, self.state(body))])
        if op.kept():
            self.live.append((key, answer.json()["id"], self.state(body)))

    def do_again(self):
        """With a key, and without an external_id, so that nothing else keeps it from being made twice."""
        name, key = self.fresh(), uuid.UUID(int=self.random.getrandbits(128))
        body = {"name": f"Writer {name}", "kind": "group"}
        headers = {"Idempotency-Key": f'"{key}"'}
        op, answer = self.perform("again", "POST", "/v1/actors", body, [], headers, headers)
        if op.kept():
            op.ids["actor"] = answer.json()["id"]

    def do_patch(self):
        if not self.live:
            return self.do_create()
        at = self.random.randrange(len(self.live))
        key, number, before = self.live[at]
        after = {**before, "title": f"title {self.random.randrange(10 ** 9)}", "version": before["version"] + 1}
        op, answer = self.perform("patch", "PATCH", f"/v1/actors/{number}", {"title": after["title"]}, [(key, after)])
        if op.kept():
            self.live[at] = (key, number, after)
            if answer.json()["version"] != after["version"]:
                self.load.odd.append(f"a patch of {key} made version {answer.json()['version']}, not {after['version']}")
        return None

    def do_bulk(self):
        bodies = [self.actor(self.fresh()) for _ in range(self.random.randrange(2, 40))]
        states = [(("actors", body["external_id"]), self.state(body)) for body in bodies]
        op, answer = self.perform("bulk", "POST", "/v1/actors", bodies, states)
        if op.kept():
            self.live += [(key, item["id"], state) for (key, state), item in zip(states, answer.json()["items"])][:3]

    def do_article(self):
        name, pick = self.fresh(), self.random.choice
        text = " ".join(f"{pick(['Russia', 'The United States', 'NATO'])} will {pick(THINGS)} at the talks in {pick(PLACES)}, "
                        f"{pick(TITLES)} {pick(PEOPLE)} said on Sunday, {pick(AGENCIES)}. This is part {name}."
                        for _ in range(self.random.randrange(1, 6)))
        body = {"external_id": name, "title": f"Article {name}", "text": text, "url": f"https://example.org/{name}",
                "published_at": f"2022-01-{self.random.randrange(1, 28):02d}"}
        state = {"external_id": name, "title": body["title"], "sha256": hashlib.sha256(text.encode()).hexdigest()}
        op, answer = self.perform("article", "POST", "/v1/articles", body, [(("articles", name), state)])
        if op.kept():
            op.ids = {"article": answer.json()["id"], **answer.json().get("extracted", {})}

    def do_claim(self):
        name = self.fresh()
        body = {"external_id": name, "text": f"Nothing was agreed about {name}."}
        if self.live:
            body["speaker_id"] = self.random.choice(self.live)[1]
        state = {"external_id": name, "text": body["text"]}  # merging its speaker makes a version of it
        self.perform("claim", "POST", "/v1/claims", body, [(("claims", name), state)])

    def do_merge(self):
        if len(self.live) < 2:
            return self.do_create()
        into, key = self.live.pop(0), self.live.pop(0)
        states = [(into[0], {"external_id": into[0][1]}), (key[0], GONE)]
        op, _ = self.perform("merge", "POST", f"/v1/actors/{into[1]}/merge", {"from_ids": [key[1]]}, states)
        op.ids = {"gone": [key[1]]}
        return None

    def do_delete(self):
        if not self.live:
            return self.do_create()
        key, number, _ = self.live.pop(self.random.randrange(len(self.live)))
        op, _ = self.perform("delete", "DELETE", f"/v1/actors/{number}", None, [(key, GONE)])
        op.ids = {"deleted": number}
        return None


class Load:
    """Several writers. `how`: what they do, a word as often as it is wished; `refusals`: answers that are no surprise."""

    def __init__(self, port, seed, name, writers=4, how=HOW, refusals=(), seconds=30, most=None):
        self.port, self.seed, self.name, self.how, self.refusals = port, seed, name, how.split(), refusals
        self.seconds, self.most, self.stopping, self.odd = seconds, most, False, []
        self.writers = [Writer(self, number) for number in range(writers)]

    def start(self):
        for writer in self.writers:
            writer.start()
        return self

    def join(self):
        for writer in self.writers:
            writer.join()

    def stop(self):
        self.stopping = True
        self.join()

    def ops(self):
        return [op for writer in self.writers for op in writer.ops]

    def histories(self):
        found = {}
        for op in self.ops():
            for key, state in op.states:
                found.setdefault(key, []).append((op, state))
        return found


def possible(history, cut, until=None):
    """What the record may be: as the last write left it that was answered by `cut`, or a later one, begun by `until` (or `cut`),
    that is not known to have failed."""
    states = [None]
    for op, state in history:
        if cut is not None and op.began > (until or cut):
            break
        if op.kept(cut):
            states = [state]
        elif not op.answered() or op.kept():
            states.append(state)
    return states


def listing(trial, client, noun):
    """All of a noun by external_id; complains when the list is not sound in itself."""
    found, ids, target, total = {}, set(), f"/v1/{noun}?limit=500&sort=id", None
    while target:
        answer = client.get(target)
        trial.requests += 1
        if not trial.expect(answer.status == 200, f"{target} was answered {answer}"):
            return found
        page = answer.json()
        total = page["total"] if total is None else total
        for item in page["items"]:
            trial.expect(item["id"] not in ids, f"{noun} {item['id']} is listed twice")
            ids.add(item["id"])
            if item.get("external_id"):
                trial.expect(item["external_id"] not in found, f"{item['external_id']} is there twice")
                found[item["external_id"]] = item
        target = page["next"] and page["next"].split(str(client.port), 1)[1]
    trial.expect(total == len(ids), f"{noun}: total says {total}, the list has {len(ids)}")
    return found


def matches(item, state):
    if state is None or state is GONE:
        return item is None
    return item is not None and all(item.get(name) == value for name, value in state.items())


def compare(trial, client, loads, cut=None, until=None):
    """Every write that was answered well (by `cut`) is there, once, with its content; and of the others nothing halfway."""
    found = {noun: listing(trial, client, noun) for noun in ("actors", "claims", "articles")}
    known = set()
    kept = 0
    for load in loads:
        for key, history in load.histories().items():
            known.add(key)
            item, states = found[key[0]].get(key[1]), possible(history, cut, until)
            kept += states[-1] is not None
            if not any(matches(item, state) for state in states):
                trial.wrong(f"{key} is {json.dumps(item)}, and should be one of {states}: "
                            f"{[(op.kind, op.status) for op, _ in history]}")
        for op in load.ops():
            if op.kind == "bulk" and until is None:
                there = sum(key[1] in found[key[0]] for key, _ in op.states)
                if not op.kept(cut) and 0 < there < len(op.states):
                    trial.wrong(f"{there} of the {len(op.states)} of a bulk write are there")
    prefixes = tuple(load.name + "w" for load in loads)
    for noun, items in found.items():
        for name in items:
            if name.startswith(prefixes):
                trial.expect((noun, name) in known, f"nobody asked for {name}")
    return kept


def look_closer(trial, client, loads, some, cut=None):
    """A sample: deleted is gone, merged says so, an article has all that was found in it, search finds what is there."""
    chance = random.Random(f"{trial.seed}/look")
    ops = [op for load in loads for op in load.ops() if op.kept(cut)]
    by_kind = lambda *kinds: (lambda of: chance.sample(of, min(some, len(of))))([op for op in ops if op.kind in kinds])

    def ask(target):
        trial.requests += 1
        return client.get(target)

    for op in by_kind("delete"):
        answer = ask(f"/v1/actors/{op.ids['deleted']}")
        trial.expect(answer.status == 410, f"actor {op.ids['deleted']} was deleted, and is {answer.status}")
    for op in by_kind("merge"):
        answer = ask(f"/v1/actors/{op.ids['gone'][0]}")
        trial.expect(answer.good and answer.json()["merged_into_id"], f"actor {op.ids['gone']} was merged, and is {answer}")
    for op in by_kind("article"):
        number = op.ids["article"]
        answer = ask(f"/v1/articles/{number}?expand=text")
        trial.expect(answer.good and answer.json().get("text") == op.body["text"], f"article {number} has another text")
        for what in ("mentions", "reports"):
            total = ask(f"/v1/articles/{number}/{what}?limit=1").json().get("total")
            if what in op.ids:
                trial.expect(total == op.ids[what], f"article {number} has {total} {what}, and {op.ids[what]} were found")
    last = {key: possible(history, cut) for load in loads for key, history in load.histories().items() if key[0] == "actors"}
    live = sorted(key[1] for key, states in last.items() if len(states) == 1 and states[0] not in (None, GONE))
    for name in chance.sample(live, min(some, len(live))):
        answer = ask(f"/v1/actors?q={name}")
        names = [item["external_id"] for item in answer.json()["items"]] if answer.good else answer
        trial.expect(answer.good and name in names, f"a search for {name} finds {names}")


def asked_again(trial, client, load):
    """The writes with a key, all of them, once more: what was answered comes again, what was not is done once."""
    for op in load.ops():
        if op.key is None or op.status not in (None, 201):
            continue
        answers = [client.ask("POST", op.target, op.body, op.key) for _ in range(2)]
        trial.requests += 2
        ids = {answer.json().get("id") for answer in answers} | set(op.ids.values())
        if not trial.expect(all(answer.status == 201 for answer in answers) and len(ids) == 1,
                            f"{op.body} asked again came to {[str(answer) for answer in answers]}, and was {op.ids}"):
            continue
        found = client.get(f"/v1/actors?name={op.body['name'].replace(' ', '%20')}").json()
        trial.expect(found["total"] == 1, f"{op.body['name']} was asked for again and is there {found['total']} times")
