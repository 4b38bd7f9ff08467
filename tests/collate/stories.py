#!/usr/bin/env python3
"""Measures comparing against stories of our own, each told by several outlets; `make evaluate` calls it.

    stories.py READOUT [--show] [STORY...]

READOUT is the server's binary. A story is a file of tests/collate/stories: its articles, and what a good editor finds on
comparing them (the README beside this file describes the lines). Each story goes into an empty store in three orders, and all of
them into one store. Prints one line a figure, `name value`, and with --show what was missed and what was invented. Standard
library only.
"""
import argparse
import collections
import contextlib
import dataclasses
import json
import pathlib
import re
import sys
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "text"))
from evaluate import f1, server  # noqa: E402  (its folder is none of the path's)

LEAST_OVERLAP = 0.5
GAP = " … "


# ---- a story -------------------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Article:
    key: str
    outlet: str = ""
    day: str = ""
    title: str = ""
    paragraphs: list = dataclasses.field(default_factory=list)

    @property
    def text(self):
        return "\n\n".join([self.title, *self.paragraphs])


@dataclasses.dataclass
class Story:
    name: str
    articles: dict = dataclasses.field(default_factory=dict)
    clusters: dict = dataclasses.field(default_factory=dict)  # key: the number of its origins
    reports: list = dataclasses.field(default_factory=list)  # (article, characters, cluster)
    apart: list = dataclasses.field(default_factory=list)  # (cluster, cluster)
    meetings: list = dataclasses.field(default_factory=list)  # (day, city)
    perhaps: list = dataclasses.field(default_factory=list)
    discrepancies: list = dataclasses.field(default_factory=list)  # {kind, about, sides: [[(article, [characters])]]}


def places_of(article, fragment):
    """Every place where a fragment stands, as sets of characters; what lies in a gap belongs to it."""
    first, _, last = fragment.partition(GAP)
    places = []
    start = article.text.find(first)
    while start >= 0:
        end = start + len(first)
        if last:
            found = article.text.find(last, end)
            end = found + len(last) if found >= 0 else -1
        if end > 0:
            places.append(set(range(start, end)))
        start = article.text.find(first, start + 1)
    return places


def fields_of(line):
    """A value and its options: `text   name=value   name=value`."""
    value, *options = re.split(r" {3,}", line)
    return value.strip(), dict(option.split("=", 1) for option in options if "=" in option)


class Reader:
    """Reads the lines of one file; a line that says nothing it knows ends the program."""

    def __init__(self, path):
        self.path, self.number, self.story = path, 0, Story(path.stem)
        self.article = self.cluster = self.discrepancy = None

    def fail(self, why):
        sys.exit(f"{self.path}:{self.number}: {why}")

    def read(self):
        for self.number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("> "):
                self.article.paragraphs.append(line[2:])
            elif line.startswith("  "):
                self.evidence(line.strip())
            elif line and not line.startswith("#"):
                word, _, rest = line.partition(": ")
                getattr(self, "on_" + word, lambda _: self.fail(f"unknown word: {word}"))(rest)
        return self.story

    def on_article(self, key):
        self.article = self.story.articles[key] = Article(key)

    def on_outlet(self, name):
        self.article.outlet = name

    def on_day(self, day):
        self.article.day = day

    def on_title(self, title):
        self.article.title = title

    def on_cluster(self, rest):
        key, options = fields_of(rest)
        self.cluster, self.discrepancy = key, None
        self.story.clusters[key] = int(options["origins"])

    def on_apart(self, rest):
        keys = tuple(fields_of(rest)[0].split())
        if len(keys) != 2 or not set(keys) <= set(self.story.clusters):
            self.fail("two clusters of this file are wanted")
        self.story.apart.append(keys)

    def on_meeting(self, rest, into="meetings"):
        day, options = fields_of(rest)
        getattr(self.story, into).append((day, options.get("city")))

    def on_perhaps(self, rest):
        self.on_meeting(rest, "perhaps")

    def on_discrepancy(self, rest):
        kind, options = fields_of(rest)
        self.cluster, self.discrepancy = None, {"kind": kind, "about": options["about"], "sides": []}
        self.story.discrepancies.append(self.discrepancy)

    def evidence(self, line):
        side = []
        for quoted in re.split(r" {3,}", line):
            key, _, fragment = quoted.partition(": ")
            places = places_of(self.story.articles[key], fragment) if key in self.story.articles else []
            if not places:
                self.fail(f"this does not stand in its article: {quoted}")
            side.append((key, places))
        if self.discrepancy:
            self.discrepancy["sides"].append(side)
        else:
            self.story.reports += [(key, place, self.cluster) for key, places in side for place in places]


# ---- what the server makes of it -----------------------------------------------------------------------------------------

def ask(address, path, body=None):
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(address + path, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)
    except urllib.error.HTTPError as error:
        sys.exit(f"{path}: {error.code} {error.read()[:500].decode(errors='replace')}")
    except OSError as error:
        sys.exit(f"{path}: the server does not answer: {error}")


def every(address, path):
    items, url = [], path
    while url:
        page = ask(address, url.removeprefix(address))
        items += page["items"]
        url = page["next"]
    return items


@dataclasses.dataclass
class Record:
    articles: dict  # id: (story, article)
    claims: list
    meetings: list
    discrepancies: list
    actors: list


def record_of(binary, articles):
    """The record of a fresh store that got these articles, [(story, article)], in this order."""
    with server(binary) as address:
        ids = {}
        for story, article in articles:
            reply = ask(address, "/v1/articles", {
                "title": article.title, "text": article.text, "outlet": article.outlet,
                "url": f"https://{article.key}.example/{story}", "published_at": article.day + "T12:00:00Z"})
            ids[reply["id"]] = (story, article.key)
        lists = [every(address, "/v1/" + path) for path in
                 ("claims?limit=200&expand=reports", "meetings?limit=200", "discrepancies?limit=200", "actors?limit=200")]
    return Record(ids, *lists)


def characters(spans):
    return {i for span in spans for i in range(span["start"], span["end"])}


# ---- the record without its ids ------------------------------------------------------------------------------------------

NOT_COMPARED = {"id", "version", "created_at", "updated_at", "claim_id", "links", "external_id"}


def plain(record):
    """What the record says, with names for ids, so that two stores can be compared."""
    actors = {actor["id"]: actor["name"] for actor in record.actors}
    meetings = {m["id"]: (m["name"], m["starts_on"], m["city"]) for m in record.meetings}
    claims = {claim["id"]: claim["text"] for claim in record.claims}
    known = {"article_id": record.articles, "occasion_id": meetings, "meeting_id": meetings, "merged_into_id": claims}

    def value_of(key, value):
        if key.endswith("_id") and value is not None:
            return known.get(key, actors).get(value, "?")
        if key == "via":
            return sorted(actors.get(ref, "?") for ref in value)
        if isinstance(value, dict):
            return {k: value_of(k, v) for k, v in value.items() if k not in NOT_COMPARED}
        if isinstance(value, list):
            return sorted((value_of("", item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
        return value

    return {name: [json.dumps(item, sort_keys=True, ensure_ascii=False) for item in value_of("", getattr(record, name))]
            for name in ("claims", "meetings", "discrepancies")}


def orders_of(story):
    """As written, backwards, and from the middle on."""
    articles = [(story.name, article) for article in story.articles.values()]
    middle = len(articles) // 2
    return [articles, articles[::-1], articles[middle:] + articles[:middle]]


def unlike(path, mine, theirs):
    """The fields in which two values differ."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for key in mine:
            yield from unlike(f"{path}.{key}", mine[key], theirs.get(key))
    elif isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        for one, other in zip(mine, theirs):
            yield from unlike(path, one, other)
    elif mine != theirs:
        yield f"{path}: {json.dumps(mine)[:200]} or {json.dumps(theirs)[:200]}"


def difference(one, other):
    """What only one of two records says, field by field where the other has something like it."""
    for name in one:
        mine, theirs = collections.Counter(one[name]), collections.Counter(other[name])
        gone = [json.loads(line) for line in (mine - theirs).elements()]
        come = [json.loads(line) for line in (theirs - mine).elements()]
        for item in gone:
            twin = max(come, key=lambda like: -len(list(unlike("", item, like))), default=None)
            if twin is not None:
                come.remove(twin)
            yield from unlike(name, item, twin)
        for item in come:
            yield from unlike(name, None, item)


# ---- the figures ---------------------------------------------------------------------------------------------------------

def claims_of(story, record):
    """Which claim holds each fragment: {number of the fragment: claim}."""
    best = {}
    for claim in record.claims:
        for report in claim["reports"]:
            where = record.articles[report["article_id"]]
            mine = characters(report["content"])
            for i, (key, wanted, _) in enumerate(story.reports):
                overlap = len(mine & wanted) / len(mine | wanted) if where == (story.name, key) else 0
                if overlap >= max(LEAST_OVERLAP, best.get(i, (0, None))[0]):
                    best[i] = (overlap, claim)
    return {i: claim for i, (_, claim) in best.items()}


class Figures(collections.Counter):
    """Sums over the stories, and what --show prints."""

    def __init__(self, show):
        super().__init__()
        self.show, self.story = show, ""

    def tell(self, line):
        if self.show:
            print(f"  {self.story}: {line}")


def corroboration(story, record, figures, prefix):
    """B-cubed over the fragments that are in the record. In `story` the key of a fragment stands for its cluster."""
    held = claims_of(story, record)
    cluster = [key for _, _, key in story.reports]
    for i, claim in held.items():
        mine = {k for k, other in held.items() if other["id"] == claim["id"]}
        theirs = {k for k in held if cluster[k] == cluster[i]}
        figures[prefix + ".precision"] += len(mine & theirs) / len(mine)
        figures[prefix + ".recall"] += len(mine & theirs) / len(theirs)
    figures[prefix + ".found"] += len(held)
    figures[prefix + ".wanted"] += len(story.reports)
    return held


def shown_fragments(story, held, figures):
    """What is together and should not be, and what is not and should."""
    for i, (key, place, cluster) in enumerate(story.reports):
        text = story.articles[key].text[min(place):max(place) + 1]
        if i not in held:
            figures.tell(f"not read in {key}: «{text}» ({cluster})")
    for key in story.clusters:
        claims = {held[i]["id"]: held[i] for i, report in enumerate(story.reports) if i in held and report[2] == key}
        if len(claims) > 1:
            figures.tell(f"{key} is in {len(claims)} claims: " + ", ".join(f"«{c['text'][:60]}»" for c in claims.values()))
    together = collections.defaultdict(set)
    for i, claim in held.items():
        together[claim["id"]].add(story.reports[i][2])
    for keys in together.values():
        if len(keys) > 1:
            figures.tell("in one claim, and should not be: " + ", ".join(sorted(keys)))


def origins(story, held, figures):
    """The origins of all the claims that hold a cluster, where several articles have it."""
    for key, wanted in story.clusters.items():
        mine = [i for i in held if story.reports[i][2] == key]
        if len({story.reports[i][0] for i in mine}) < 2:
            continue
        counted = sum({held[i]["id"]: held[i]["origin_count"] for i in mine}.values())
        figures["origins.asked"] += 1
        figures["origins.right"] += counted == wanted
        if counted != wanted:
            figures.tell(f"{key} has {wanted} origins, and {counted} were counted")


def kept_apart(story, held, figures):
    for pair in story.apart:
        one, other = ({held[i]["id"] for i in held if story.reports[i][2] == key} for key in pair)
        if one and other:
            figures["apart.asked"] += 1
            figures["apart.right"] += not one & other


def same_meeting(wanted, got):
    return wanted[0] == got[0] and (None in (wanted[1], got[1]) or wanted[1].casefold() == got[1].casefold())


def calendar(story, record, figures):
    left = [(m["starts_on"], m["city"]) for m in record.meetings if m["starts_on"]]
    for meeting in story.meetings:
        found = next((got for got in sorted(left, key=lambda got: got[1] != meeting[1]) if same_meeting(meeting, got)), None)
        figures["calendar.wanted"] += 1
        if found:
            figures["calendar.hit"] += 1
            figures["calendar.seen"] += 1
            left.remove(found)
        else:
            figures.tell(f"missed meeting {meeting}")
    for got in left:
        if not any(same_meeting(meeting, got) for meeting in story.perhaps):
            figures["calendar.seen"] += 1
            figures.tell(f"invented meeting {got}")


def same_discrepancy(wanted, item, record, story):
    """The same kind, with evidence on two sides."""
    evidence = [(record.articles[e["article_id"]], characters([e])) for value in item["values"] for e in value["evidence"]]

    def touched(side):
        return any(where == (story.name, key) and mine & place
                   for key, places in side for place in places for where, mine in evidence)

    return item["kind"] in wanted["kind"].split("/") and sum(touched(side) for side in wanted["sides"]) >= 2


def discrepancies(story, record, figures):
    right = set()
    for wanted in story.discrepancies:
        found = [i for i, item in enumerate(record.discrepancies) if same_discrepancy(wanted, item, record, story)]
        right.update(found)
        figures["discrepancies.wanted"] += 1
        figures["discrepancies.hit"] += bool(found)
        if not found:
            figures.tell(f"missed discrepancy: {wanted['kind']}, {wanted['about']}")
    figures["discrepancies.seen"] += len(record.discrepancies)
    figures["discrepancies.right"] += len(right)
    for i, item in enumerate(record.discrepancies):
        if i not in right:
            sides = " / ".join(str(value["value"])[:60] for value in item["values"])
            figures.tell(f"invented discrepancy: {item['kind']}, {sides}")


def in_any_order(story, record, binary, figures):
    first = plain(record)
    figures["orders.asked"] += 1
    for order in orders_of(story)[1:]:
        lines = list(difference(first, plain(record_of(binary, order))))
        if lines:
            for line in lines[:12]:
                figures.tell("by order: " + line)
            return
    figures["orders.right"] += 1


def measure(binary, stories, figures):
    for number, story in enumerate(stories, 1):
        if sys.stderr.isatty():
            print(f"\r\033[Kstory {number} of {len(stories)}: {story.name}", end="", file=sys.stderr, flush=True)
        figures.story = story.name
        record = record_of(binary, orders_of(story)[0])
        held = corroboration(story, record, figures, "corroboration")
        shown_fragments(story, held, figures)
        origins(story, held, figures)
        kept_apart(story, held, figures)
        calendar(story, record, figures)
        discrepancies(story, record, figures)
        in_any_order(story, record, binary, figures)
    record = record_of(binary, [pair for story in stories for pair in orders_of(story)[0]])
    for story in stories:
        corroboration(story, record, figures, "together")
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def part(figures, name, of):
    return figures[name] / figures[of] if figures[of] else 0.0


def print_figures(figures):
    for name, key in (("corroboration.b_cubed_f1", "corroboration"), ("one_store.b_cubed_f1", "together")):
        precision, recall = part(figures, key + ".precision", key + ".found"), part(figures, key + ".recall", key + ".found")
        print(f"stories.{name} {f1(precision, recall):.3f}   precision {precision:.3f} recall {recall:.3f}   "
              f"({figures[key + '.found']} of {figures[key + '.wanted']} fragments found)")
    for name, key in (("origins_right", "origins"), ("kept_apart", "apart"), ("any_order", "orders")):
        print(f"stories.{name} {part(figures, key + '.right', key + '.asked'):.3f}   "
              f"({figures[key + '.right']} of {figures[key + '.asked']})")
    precision, recall = part(figures, "calendar.hit", "calendar.seen"), part(figures, "calendar.hit", "calendar.wanted")
    print(f"stories.calendar.f1 {f1(precision, recall):.3f}   precision {precision:.3f} recall {recall:.3f}   "
          f"({figures['calendar.hit']} of {figures['calendar.seen']} found, {figures['calendar.wanted']} wanted)")
    for name, hit, of in (("recall", "hit", "wanted"), ("precision", "right", "seen")):
        print(f"stories.discrepancies.{name} {part(figures, 'discrepancies.' + hit, 'discrepancies.' + of):.3f}   "
              f"({figures['discrepancies.' + hit]} of {figures['discrepancies.' + of]})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("stories", nargs="*", help="only these, by name")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    stories = [Reader(path).read() for path in sorted((HERE / "stories").glob("*.txt"))
               if not options.stories or path.stem in options.stories]
    figures = Figures(options.show)
    with contextlib.suppress(BrokenPipeError):
        measure(options.binary, stories, figures)
        print_figures(figures)


if __name__ == "__main__":
    main()
