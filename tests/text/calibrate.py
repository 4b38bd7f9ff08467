#!/usr/bin/env python3
"""How often claims of each confidence are right: the counts of the table in server/text/confidence.c.

    calibrate.py --server http://127.0.0.1:8080 --sets DIR      DIR holds gold/, data/gum-news.json and score/score.py

Claims that were found in the same way have the same confidence. A claim is right if its content overlaps with an annotated one by
at least one half and the speaker (annotated reports) or the source (GUM) is right, too. Standard library only.
"""
import argparse
import collections
import json
import pathlib
import sys


def right_in_report(score, claim, gold, aligned):
    mine = score.points(score.pieces(claim["content"]))
    groups = collections.defaultdict(list)
    for target in gold["claims"]:
        groups[target["id"]].append(target)
        groups["whole " + target["attribution"]].append(target)
    for group in groups.values():
        theirs = set().union(*(score.points(score.pieces(target["content"])) for target in group))
        speakers = {s for target in group for s in (target["speaker"], target["speaker_alt"], *target["co_speakers"])}
        if score.jaccard(mine, theirs) >= 0.5 and aligned.get(claim["speaker"]) in speakers:
            return True
    return False


def right_in_news(score, claim, item):
    mine = score.points(score.pieces(claim["content"]))
    words = score.points(score.pieces(claim.get("source")) + score.pieces(claim.get("cue")))
    for target in item["claims"]:
        if score.jaccard(mine, score.points(score.pieces(target["content"]))) >= 0.5:
            if not target["source"] or words & score.points([target["source"]]):
                return True
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="http://127.0.0.1:8080")
    parser.add_argument("--sets", type=pathlib.Path, required=True)
    options = parser.parse_args()
    sys.path.insert(0, str(options.sets / "score"))
    import score

    right, seen = collections.Counter(), collections.Counter()

    def count(claim, is_right):
        key = round(claim["confidence"], 3)
        seen[key] += 1
        right[key] += is_right

    def extract(text, day):
        return score.call("POST", options.server + "/v1/extract", {"text": text, **({"published_on": day} if day else {})})

    for _, gold in score.golds(options.sets / "gold"):
        answer = extract(score.text_of(options.sets / "gold", gold), gold["article"]["published_on"])
        aligned = score.align_actors(answer["actors"], gold["actors"])
        for claim in answer["claims"]:
            count(claim, right_in_report(score, claim, gold, aligned))
    for item in json.loads((options.sets / "data" / "gum-news.json").read_text())["items"]:
        for claim in extract(item["text"], item["published_on"])["claims"]:
            count(claim, right_in_news(score, claim, item))
    for key in sorted(seen):
        print(f"{key:.3f}   {right[key]} of {seen[key]}: {right[key] / seen[key]:.2f}")


if __name__ == "__main__":
    main()
