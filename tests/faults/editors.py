"""Many editors change the same records, each on condition that nobody did since it looked: of each version exactly one makes the
next, the others are told (412), and nothing that was written is lost."""
import random
import threading
import time

import ground

EDITORS, RECORDS, SECONDS = 8, 4, 6


class Editor(threading.Thread):
    """Adds one to the number in a record's title, again and again."""

    def __init__(self, trial, port, records, number):
        super().__init__(daemon=True)
        self.client, self.records = ground.Client(port), records
        self.random = random.Random(f"{trial.seed}/editor{number}")
        self.until = time.monotonic() + SECONDS
        self.won, self.stale, self.other, self.asked = [], 0, [], 0

    def run(self):
        while time.monotonic() < self.until:
            record = self.random.choice(self.records)
            before = self.client.get(f"/v1/actors/{record}")
            title = str(int(before.json()["title"]) + 1)
            answer = self.client.ask("PATCH", f"/v1/actors/{record}", {"title": title}, {"If-Match": before.headers["ETag"]})
            self.asked += 2
            if answer.status == 200:
                self.won.append((record, answer.json()["version"]))
                if answer.json()["title"] != title or answer.json()["version"] != before.json()["version"] + 1:
                    self.other.append(f"{before} became {answer}")
            elif answer.status == 412:
                self.stale += 1
            else:
                self.other.append(str(answer))
        self.client.close()


def run(trial):
    server = ground.Server(trial, trial.folder / "store.db")
    server.start()
    client = server.client()
    records = [client.ask("POST", "/v1/actors", {"name": f"Edited {number}", "kind": "person", "title": "0"}).json()["id"]
               for number in range(RECORDS)]
    editors = [Editor(trial, server.port, records, number) for number in range(EDITORS)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
        for other in editor.other:
            trial.wrong(f"an editor was answered {other}")
    won = [made for editor in editors for made in editor.won]
    stale = sum(editor.stale for editor in editors)
    trial.expect(len(won) == len(set(won)), "a version was made twice")
    for record in records:
        now, wins = client.get(f"/v1/actors/{record}").json(), sum(made[0] == record for made in won)
        trial.expect(now["version"] == wins + 1 and now["title"] == str(wins), f"{wins} edits won, and the record is {now}")
        versions, target = [], f"/v1/actors/{record}/history?limit=500"
        while target:
            page = client.get(target).json()
            versions += [item["version"] for item in page["items"]]
            target = page["next"] and page["next"].split(str(client.port), 1)[1]
        trial.expect(versions == list(range(wins + 1, 0, -1)), f"the history of {record} has gaps")
    trial.expect(won and stale, f"{len(won)} edits won and {stale} were told 412: that was no contest")
    client.close()
    server.stop()
    trial.requests, trial.rounds, trial.faults = sum(editor.asked for editor in editors), 1, stale
    trial.figures["edits"] = f"{len(won)} made a version, {stale} were told 412, by {EDITORS} editors of {RECORDS} records"
