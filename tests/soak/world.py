"""What the clients of a soak know and ask: articles made of the stories of tests/collate, with other names and numbers each time,
and one function a kind of request. A kind asks through `client.ask(kind, …, expect=…)`; any other status is an error."""
import json
import pathlib
import random
import re
import threading

STORIES = pathlib.Path(__file__).resolve().parent.parent / "collate" / "stories"

# Words with a capital that are no names.
KEPT = set(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September "
    "October November December Foreign Minister Ministry President Prime Deputy Secretary State Chairman Union Mr Mrs Ms Dr "
    "The A An In On At I We He She It They But And".split())
SYLLABLES = "ba der fin gol hal ira ken lom mar nev ost pel ruk sam tor ulm ven wex yar zan".split()


def stories():
    """Each story as a list of its articles: (title, paragraphs)."""
    found = []
    for path in sorted(STORIES.glob("*.txt")):
        articles = []
        for line in path.read_text().split("\n"):
            if line.startswith("article:"):
                articles.append(["", []])
            elif line.startswith("title:"):
                articles[-1][0] = line[6:].strip()
            elif line.startswith("> "):
                articles[-1][1].append(line[2:])
        found.append(articles)
    return found


class World:
    """Shared by all clients; what changes in it stands behind the lock."""

    def __init__(self, seed, pool):
        self.lock = threading.Lock()
        self.stories, self.seed, self.pool = stories(), seed, pool
        self.articles, self.claims, self.actors, self.told = [], [], [], 0
        self.tags = {}

    def name(self, dice):
        return "".join(dice.choice(SYLLABLES) for _ in range(dice.randint(2, 3))).capitalize()

    def article(self, number):
        """The same for the same number. Articles of one story that are told one after the other share their names, so that there
        is something to compare; later ones have others, so that what is compared does not grow with what is there."""
        story = self.stories[number // 3 % len(self.stories)]
        title, paragraphs = story[number % len(story)]
        dice = random.Random(f"{self.seed} {number // 3}")
        whole = "\n\n".join([title, *paragraphs])
        names = {word: self.name(dice) for word in sorted(set(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}", whole)) - KEPT)}
        shift = dice.randint(1, 40)
        text = re.sub(r"\b[A-Z][a-z]+\b", lambda found: names.get(found[0], found[0]), whole)
        text = re.sub(r"\b[1-9]\d?\b", lambda found: str(int(found[0]) + shift), text)
        return {"title": text.split("\n")[0], "text": text, "language": "en", "outlet": f"Outlet {number % 12}",
                "url": f"http://outlet.example/{self.seed}/{number}",
                "published_at": f"2021-{1 + number // 25 % 12:02}-{1 + number % 25:02}"}

    def next_article(self):
        with self.lock:
            self.told += 1
            return self.told

    def some(self, dice, which):
        with self.lock:
            return dice.choice(which) if which else 1


# ---- kinds ---------------------------------------------------------------------------------------------------------------


def by_id(client, world, dice):
    which = dice.choice(["claims", "actors", "articles"])
    client.ask("by id", "GET", f"/v1/{which}/{world.some(dice, getattr(world, which))}", expect=(200, 410))


LISTS = ["/v1/claims?limit=20", "/v1/articles?sort=-published_at&limit=20", "/v1/actors?sort=name&limit=50",
         "/v1/claims?min_outlets=2&sort=-report_count", "/v1/claims?stance=asserts,denies&expand=speaker",
         "/v1/meetings?starts_on__gte=2021-06-01", "/v1/claims?facets=stance,speaker,outlet&limit=1",
         "/v1/discrepancies?status=open", "/v1/articles?language=en&fields=id,title&limit=100", "/v1/changes?since=0&limit=50",
         "/v1/timeline?from=2021-03-01&to=2021-04-01", "/v1/topics"]


def lists(client, world, dice):
    path = dice.choice(LISTS)
    client.ask("lists", "GET", path)


def filters(client, world, dice):
    client.ask("filters", "GET", dice.choice([
        f"/v1/claims?speaker_id={world.some(dice, world.actors)}&expand=reports.article",
        f"/v1/claims?said_on__gte=2021-0{dice.randint(1, 9)}-01&sort=-said_on&limit={dice.randint(1, 100)}",
        f"/v1/articles?actor_id={world.some(dice, world.actors)}", f"/v1/articles?published_at=2021-05-{dice.randint(10, 25)}"]))


def search(client, world, dice):
    word = dice.choice("minister talks border ferry strike vaccine rate agreement ceasefire factory".split())
    client.ask("search", "GET", dice.choice([f"/v1/search?q={word}", f"/v1/claims?q={word}&limit=10", f"/v1/search?q={word}s&limit=5",
                                            f"/v1/actors/suggest?q={dice.choice(SYLLABLES)}"]))


def formats(client, world, dice):
    client.ask("formats", "GET", dice.choice(
        ["/v1/claims.csv?limit=50&q=minister", "/v1/meetings.ics", "/v1/articles.atom?sort=-published_at", "/v1/topics.ndjson",
         "/v1/articles.csv?published_at=2021-05-12", "/v1/claims?limit=5"]),
        headers={"Accept-Encoding": dice.choice(["gzip", "zstd", "identity"])})


def conditional(client, world, dice):
    path = dice.choice(["/v1/topics", "/v1/claims?limit=5", "/v1/stats"])
    tag = world.tags.get(path)
    answer = client.ask("conditional", "GET", path, headers={"If-None-Match": tag} if tag else {}, expect=(200, 304))
    if answer and answer.getheader("ETag"):
        world.tags[path] = answer.getheader("ETag")


def details(client, world, dice):
    article, claim, actor = (world.some(dice, which) for which in (world.articles, world.claims, world.actors))
    client.ask("details", "GET", dice.choice(
        [f"/v1/articles/{article}/novelty", f"/v1/claims/{claim}/origins", f"/v1/claims/{claim}/chain", f"/v1/claims/{claim}/similar",
         f"/v1/claims/{claim}/reports?explain=true", f"/v1/actors/{actor}/titles", f"/v1/articles/{article}/revisions",
         f"/v1/claims/{claim}/history"]), expect=(200, 404, 410))


def questions(client, world, dice):
    kind = dice.randrange(4)
    if kind == 0:
        client.ask("positions", "GET", "/v1/positions?topic=talks")
    elif kind == 1:
        client.ask("charts", "GET", "/v1/stats/timeline?series=claims,articles&from=2021-01-01&to=2021-12-31&interval=week")
    elif kind == 2:
        text = world.article(dice.randint(1, max(1, world.told)))["text"]
        quotes = re.findall(r'"([^"]{20,200})"', text) or [text[40:120]]
        client.ask("verify", "POST", "/v1/quotes/verify", {"quote": dice.choice(quotes)})
    else:
        client.ask("extract", "POST", "/v1/extract", world.article(dice.randint(1, 1000))["text"], {"Content-Type": "text/plain"})


def ingest(client, world, dice):
    article = world.article(world.next_article())
    answer = client.ask("ingest", "POST", "/v1/articles", article, expect=(200, 201))
    if answer and answer.status == 201:
        made = json.loads(answer.data)
        with world.lock:
            world.articles.append(made["id"])
            del world.articles[:-2000]
    if dice.random() < 0.1:  # the same again, and one whose text was changed where it was published
        client.ask("ingest again", "POST", "/v1/articles", article, expect=(200,))
        client.ask("ingest again", "POST", "/v1/articles", {**article, "text": article["text"] + " It ended late."}, expect=(200,))


def write(client, world, dice):
    """The pool has a fixed number of claims: they are changed, hidden and shown again."""
    key = f"soak-{dice.randrange(world.pool)}"
    body = {"external_id": key, "text": f"Point {dice.randint(1, 10**6)} was agreed on.", "stance": dice.choice(["asserts", "denies"]),
            "topics": ["talks"], "speaker_id": world.some(dice, world.actors)}
    answer = client.ask("write", "POST", "/v1/claims?upsert=true", body, expect=(200, 201, 410))
    if not answer or answer.status == 410:
        return
    made, tag = json.loads(answer.data), answer.getheader("ETag")
    client.ask("write", "PATCH", f"/v1/claims/{made['id']}", {"said_on": f"2021-02-{dice.randint(10, 28)}"},
               {"Content-Type": "application/merge-patch+json", "If-Match": tag}, expect=(200, 410, 412))
    if dice.random() < 0.2:
        client.ask("write", "DELETE", f"/v1/claims/{made['id']}", expect=(204, 410))
        client.ask("write", "POST", f"/v1/claims/{made['id']}/restore", expect=(200, 410))


BAD = [("GET", "/v1/nothing", None, {}, 404), ("GET", "/v1/claims?speaker=1&speaker_id=x", None, {}, 400),
       ("GET", "/v1/claims?limit=9999", None, {}, 400), ("POST", "/v1/claims", "{", {"Content-Type": "application/json"}, 400),
       ("POST", "/v1/claims", {"text": 7}, {}, 422), ("DELETE", "/v1/stats", None, {}, 405),
       ("GET", "/v1/claims?cursor=abc", None, {}, 400), ("GET", "/v1/claims", None, {"Accept": "image/png"}, 406),
       ("GET", "/v1/search?q=%22%22", None, {}, 400), ("GET", "/v1/claims/999999999", None, {}, 404),
       ("POST", "/v1/claims", "x", {"Content-Type": "image/png"}, 415)]


def bad(client, world, dice):
    method, path, body, headers, status = dice.choice(BAD)
    client.ask("bad", method, path, body, headers, expect=(status,))


def broken(client, world, dice):
    """Half a request, then nobody is there."""
    client.send_half(dice.choice([b"GET /v1/cla", b"POST /v1/claims HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n{\"text\":",
                                  b"GET /v1/claims?limit=500 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01"]))


KINDS = [(30, by_id), (12, lists), (8, filters), (6, search), (5, formats), (8, conditional), (8, details), (4, questions),
         (1.2, ingest), (5, write), (6, bad), (2, broken)]
