#!/usr/bin/env python3
"""Measures reading and comparing against gold annotations, published sets and our own stories; `make evaluate` calls it.

    evaluate.py READOUT LIKENESS SHARED OUTPUT

READOUT is the server's binary, LIKENESS the program that compares names (tests/text/likeness.c), SHARED the folder with the
annotated texts, the sets and their scorer, and OUTPUT the file that gets the table. Where SHARED is not there, only the stories
(tests/collate) are measured and nothing is written. Standard library only.
"""
import contextlib
import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

SECONDS = 1800  # for one set
SCORER = pathlib.Path("score") / "score.py"
STORIES = pathlib.Path(__file__).resolve().parent.parent / "collate" / "stories.py"

# What is measured: a line of the scorer, in which set, the floor that simple rules reach, and the aim.
ROWS = [
    ("claims, F1", "five articles", "extract.claims.f1", None, 0.75),
    ("claims with the right speaker, F1", "five articles", "extract.claims_with_speaker.f1", None, 0.65),
    ("days that claims were said on", "five articles", "extract.claim_said_on", None, 0.95),
    ("named mentions, F1", "five articles", "extract.mentions.f1", None, 0.85),
    ("who is the same, B-cubed F1", "five articles", "extract.merging.f1", None, 0.90),
    ("boilerplate, characters, F1", "five articles", "extract.boilerplate_characters.f1", None, 0.90),
    ("meetings, F1", "five articles", "extract.meetings.f1", None, 0.80),
    ("participants, F1", "five articles", "extract.participants.f1", None, 0.70),
    ("corroboration, B-cubed F1", "five articles together", "across.corroboration.b_cubed_f1", 0.63, 0.78),
    ("calendar, F1", "five articles together", "across.calendar.f1", None, 0.80),
    ("core discrepancies", "five articles together", "across.core_discrepancies.recall", 0.0, 8 / 12),
    ("corroboration, B-cubed F1", "ten stories", "stories.corroboration.b_cubed_f1", 0.75, 0.78),
    ("… with all stories in one store", "ten stories", "stories.one_store.b_cubed_f1", 0.75, 0.78),
    ("origins counted right", "ten stories", "stories.origins_right", 0.18, None),
    ("claims that are alike, kept apart", "ten stories", "stories.kept_apart", 1.0, None),
    ("stories the same in any order of ingest", "ten stories", "stories.any_order", None, 1.0),
    ("calendar, F1", "ten stories", "stories.calendar.f1", None, 0.80),
    ("discrepancies, recall", "ten stories", "stories.discrepancies.recall", 0.0, 8 / 12),
    ("discrepancies, precision", "ten stories", "stories.discrepancies.precision", None, None),
    ("attributions: content and right source", "PolNeAR, part", "polnear-train.all_content_and_source", 0.31, 0.50),
    ("… of direct speech", "PolNeAR, part", "polnear-train.direct_content_and_source", 0.67, 0.82),
    ("exact sources, F1", "PolNeAR, part", "polnear-train.exact_source.f1", 0.47, 0.55),
    ("exact cues, F1", "PolNeAR, part", "polnear-train.exact_cue.f1", 0.49, 0.58),
    ("exact contents, F1", "PolNeAR, part", "polnear-train.exact_content.f1", 0.43, 0.50),
    ("attributions: content and right source", "GUM news", "gum-news.all_content_and_source", None, None),
    ("days", "GUM news", "gum-news.day", 0.76, 0.90),
    ("days", "date cases", "dates.day", 0.76, 0.90),
    ("contacts, recall", "re3d, half", "re3d-half.contact_recall", 0.66, 0.75),
    ("contacts, precision", "re3d, half", "re3d-half.contact_precision", 0.35, 0.60),
    ("same name or not, F1", "name pairs", "names.f1", 0.66, 0.76),
]

HEAD = """# How well Readout reads and compares

`make evaluate` measures this and writes this file. The texts and the sets that it measures with are not in this repository, but for
the stories (`tests/collate`); where they are not beside it, it measures the stories alone and writes nothing. The floor is what
simple rules reach: chrono-node for days, every report alone for corroboration (in the stories: equal wordings together, others
alone), Levenshtein's distance for names, and a list of verbs of saying for attributions.

| what | set | measured | aim | floor |
|---|---|---|---|---|
"""

TAIL = """
The five articles are reports on one round of talks, annotated in full; they were read while the rules were written, so unseen
articles will fare worse. The ten stories are our own, 41 articles of invented outlets, written before the rules that compare and
without a look at them. Claims were not tuned on them (0.903 at the first run); for discrepancies they were read after the first run
(0.106), so that figure is no longer one of unseen texts. PolNeAR (Newell, Margolin and Ruths 2018), GUM (Zeldes 2017, CC BY), re3d
(Dstl), the cases of chrono and Recognizers-Text (MIT) and the pairs of names were only measured with: no word list and no weight was
made from them.
"""


# ---- the server ----------------------------------------------------------------------------------------------------------

@contextlib.contextmanager
def server(binary):
    """A server on a scratch store; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        command = [binary, "serve", "--listen", "127.0.0.1:0", "--log", "off", "--database", f"{folder}/evaluation.db"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield process.stdout.readline().split()[-1]
            finally:
                process.terminate()


def ask(address, body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(address + "/v1/extract", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)


# ---- the scorer's figures ------------------------------------------------------------------------------------------------

def scored(script, *arguments):
    """Each line of a scorer is a name, a value and what stands behind it."""
    command = [sys.executable, str(script), *arguments]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=SECONDS).stdout
    return {found[1]: float(found[2]) for found in re.finditer(r"^(\S+) ([0-9.]+|nan)\b", output, re.M)}


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def over_articles(binary, shared):
    with server(binary) as address:
        figures = scored(shared / SCORER, "extract", "--server", address)
    figures["extract.merging.f1"] = f1(figures["extract.merging_precision"], figures["extract.merging_recall"])
    with server(binary) as address:
        figures.update(scored(shared / SCORER, "across", "--server", address))
    return figures


def over_set(binary, shared, name):
    with server(binary) as address:
        return scored(shared / SCORER, "set", str(shared / "data" / f"{name}.json"), "--server", address)


# ---- figures of our own --------------------------------------------------------------------------------------------------

def overlap(a, b):
    return a["start"] < b["end"] and b["start"] < a["end"]


def contact_precision(binary, shared):
    """Of the places where a meeting is seen, those that are marked as a contact between two parties."""
    seen = right = 0
    items = json.loads((shared / "data" / "re3d-half.json").read_text())["items"]
    with server(binary) as address:
        for item in items:
            answer = ask(address, {"text": item["text"], "published_on": item["published_on"]})
            for mention in (m for meeting in answer["meetings"] for m in meeting["mentions"]):
                seen += 1
                right += any(overlap(mention, contact) for contact in item["contacts"])
    return {"re3d-half.contact_precision": right / seen if seen else 0.0}


def days(binary, shared):
    """An expression counts as right when the day is; one that means none, when none is given."""
    asked = right = 0
    with server(binary) as address:
        for line in (shared / "data" / "date-cases.jsonl").read_text().splitlines():
            case = json.loads(line)
            start = case["text"].find(case["expression"])
            place = {"start": start, "end": start + len(case["expression"])}
            answer = ask(address, {"text": case["text"], "published_on": case["ref"]})
            given = {d.get("value", "")[:10] for d in answer["dates"] if overlap(d, place)}
            wanted = {case["value"], case.get("value_future", case["value"])}
            asked += 1
            right += not given if wanted == {"0001-01-01"} else bool(given & wanted)
    return {"dates.day": right / asked if asked else 0.0}


def names(likeness, shared):
    with open(shared / "data" / "name-pairs.csv", newline="", encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    kinds = {"Person": "person"}
    lines = "".join(f"{kinds.get(p['schema'], 'organization')}\t{p['name1']}\t{p['name2']}\n" for p in pairs)
    output = subprocess.run([likeness], input=lines, stdout=subprocess.PIPE, text=True, check=True, timeout=SECONDS).stdout
    same = [float(number) >= 0.7 for number in output.split()]
    match = [pair["is_match"] == "true" for pair in pairs]
    hits = sum(a and b for a, b in zip(same, match))
    return {"names.f1": f1(hits / sum(same) if sum(same) else 0.0, hits / sum(match))}


# ---- the table -----------------------------------------------------------------------------------------------------------

def shown(number):
    return "–" if number is None else f"{number:.2f}"


def table(figures):
    lines = []
    for what, where, key, floor, aim in ROWS:
        value = figures.get(key)
        mark = "" if aim is None or value is None else " ✓" if value >= aim else ""
        lines.append(f"| {what} | {where} | {'not measured' if value is None else f'{value:.3f}{mark}'} | {shown(aim)} | {shown(floor)} |")
    return "\n".join(lines) + "\n"


def main():
    binary, likeness, shared, output = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    figures = scored(STORIES, binary)
    if not (shared / SCORER).exists():
        print(table(figures), end="")
        print(f"skipped: the annotated texts and sets are not in {shared}; SHARED=FOLDER says where they are")
        return
    figures.update(over_articles(binary, shared))
    for name in ("polnear-train", "gum-news", "re3d-half"):
        figures.update(over_set(binary, shared, name))
    figures.update(contact_precision(binary, shared))
    figures.update(days(binary, shared))
    figures.update(names(likeness, shared))
    result = table(figures)
    output.write_text(HEAD + result + TAIL, encoding="utf-8")
    print(result, end="")


if __name__ == "__main__":
    main()
