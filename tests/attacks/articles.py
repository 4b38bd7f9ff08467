"""Hostile articles, read by POST /v1/extract and kept by POST /v1/articles: each is answered in time with 2xx, 413 or 422 (or 503 where
the server has a budget for it), memory stays bounded, and another client is served meanwhile."""

import json
import time

from common import Row, Server, Witness, calm_latency, check_memory, check_served, latency_row, tell

MEMORY = 1 << 30  # 2 MB of single capitals, each of them a name, take 0.6 GB to read
EACH = 20  # seconds that one article may take
BUDGET = 150  # for all of them
OTHERS = 1.0  # seconds that 19 of 20 requests of another client may take meanwhile; it is one core less for them
MEGABYTE = 1 << 20

ATTRIBUTION = "\u201cThe talks failed,\u201d Foreign Minister Anna Berg told Reuters on Monday in Geneva. "


def filled(pattern, size):
    """The pattern over and over, with a number where it has a place for one."""
    if "{}" not in pattern:
        return pattern * (size // len(pattern.encode()))
    pieces, length, number = [], 0, 0
    while length < size:
        pieces.append(pattern.format(number))
        length += len(pieces[-1].encode())
        number += 1
    return "".join(pieces)


def page(body):
    return ("<html><head><title>a</title></head><body>" + body + "</body></html>").encode()


MOST = 1990000  # bytes: a text may have 2,000,000 characters
PAGE = 4900000  # bytes: a page may have 5,000,000
PLAIN = {
    "2 MB of quotation marks": lambda: filled('"', MOST),
    "2 MB of opening marks": lambda: filled("\u201c", MOST),
    "2 MB of marks inside marks": lambda: filled("\u201c\u2018", MOST // 2) + filled("\u2019\u201d", MOST // 2),
    "2 MB of apostrophes": lambda: filled("a'b ", MOST),
    "words of 1 MB": lambda: filled("a" * MEGABYTE + " ", MOST),
    "one word of 2 MB": lambda: "a" * MOST,
    "one name of 2 MB": lambda: filled("Anna ", MOST),
    "2 MB of dots": lambda: filled(".", MOST),
    "2 MB of commas and names": lambda: filled("Berg, ", MOST),
    "2 MB of white space": lambda: filled(" \n\t\u00a0\u2003", MOST),
    "2 MB of right-to-left marks": lambda: filled("\u202ea\u202d\u200f", MOST),
    "zero-width joiners": lambda: filled("\u200d\u200b", MOST),
    "combining towers": lambda: filled("a" + "\u0301" * 200 + " ", MOST),
    "emoji of many parts": lambda: filled("\U0001f468\u200d\U0001f469\u200d\U0001f467 ", MOST),
    "private characters": lambda: filled("\ue000\U000f0000", MOST),
    "every sentence an attribution": lambda: filled(ATTRIBUTION, MOST),
    "every sentence another speaker": lambda: filled("\u201cNothing was agreed,\u201d said Anna Berg{0}, minister of State{0}. ", MOST),
    "said said said": lambda: filled("said ", MOST),
    "he said she said": lambda: filled("he said that she said that ", MOST),
    "attributions inside attributions": lambda: filled("Anna Berg said that Boris Hahn said that ", MOST),
    "according to according to": lambda: filled("according to ", MOST),
    "thousands of dates": lambda: filled("On 12 January 2022, next Monday, 01/02/2022, 2022-01-{0:02d} and last year. ", MOST),
    "thousands of names": lambda: filled("Anna Berg{0} of Town{0} met Boris Hahn{0}. ", MOST),
    "thousands of meetings": lambda: filled("The foreign ministers of France and Germany met in Geneva on {0} January 2022. ", MOST),
    "thousands of agencies": lambda: filled("Reuters reported that Interfax reported that TASS reported it. ", MOST),
    "numbers": lambda: filled("1,234,567.89 ", MOST),
    "one number of 2 MB": lambda: "9" * MOST,
    "URLs": lambda: filled("https://a.example/{0}?b=c ", MOST),
    "brackets": lambda: filled("(", MOST // 2) + filled(")", MOST // 2),
    "dashes": lambda: filled("\u2014 Anna \u2014 ", MOST),
    "initials": lambda: filled("A. B. ", MOST),
    "capitals": lambda: filled("A B ", MOST),
    "line breaks between letters": lambda: filled("a\n", MOST),
    "SQL and scripts": lambda: filled("'; DROP TABLE articles; -- <script>alert(1)</script> ", MEGABYTE),
}
PAGES = {
    "100,000 elements deep": lambda: page("<div>" * 100000 + "a" + "</div>" * 100000),
    "tables in tables": lambda: page("<table><tr><td>" * 50000),
    "a million tags": lambda: page("<b>a</b>" * 600000),
    "tags that close nothing": lambda: page("</b>" * MEGABYTE),
    "half a tag": lambda: page("<a href='" * 500000),
    "one attribute of 5 MB": lambda: page("<a title='" + "a" * PAGE + "'>b</a>"),
    "300,000 attributes": lambda: page("<a " + " ".join(f"a{i}=b" for i in range(300000)) + ">b</a>"),
    "entities": lambda: page("&amp;&#65;&lt;&nonsense;" * 200000),
    "numbers of characters past all": lambda: page("&#99999999999;&#xD800;&#0;" * 150000),
    "an entity bomb": lambda: ('<!DOCTYPE a [<!ENTITY a0 "a">' + "".join(
        f'<!ENTITY a{i} "{"&a%d;" % (i - 1) * 10}">' for i in range(1, 20)) + "]><html><body>&a19;</body></html>").encode(),
    "an outside entity": lambda: b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><body>&a;</body></html>',
    "comments": lambda: page("<!-- -- -->" * 400000),
    "a comment without end": lambda: page("<!--" + "a" * PAGE),
    "scripts": lambda: page("<script>alert(1)</script>" * 200000),
    "a script without end": lambda: page("<script>" + "a" * PAGE),
    "CDATA": lambda: page("<![CDATA[a]]>" * 300000),
    "frames": lambda: page("<frameset><frame>" * 100000),
    "NULs in a page": lambda: page("a\x00b" * MEGABYTE),
    "a page in UTF-16": lambda: ("\ufeff" + "<p>a</p>" * 100000).encode("utf-16"),
}


class Attack:
    def __init__(self, server, row):
        self.server, self.row, self.slowest = server, row, (0.0, "")

    def send(self, name, path, media, body):
        begin = time.monotonic()
        try:
            status, _, answer = self.server.ask(path, "POST", body, {"Content-Type": media}, timeout=EACH * 2)
        except OSError as error:
            self.row.findings.append(f"{name}: {path}: {type(error).__name__} after {time.monotonic() - begin:.1f} s")
            return
        taken = time.monotonic() - begin
        self.slowest = max(self.slowest, (taken, f"{name} ({path.split('?')[0]}, {status})"))
        if status not in (200, 201, 413, 422, 503):
            self.row.findings.append(f"{name}: {path}: {status} {answer[:200]!r}")
        if status == 503 and b"Retry" not in answer and not json.loads(answer).get("code"):
            self.row.findings.append(f"{name}: {path}: a 503 that is no problem")
        if taken > EACH:
            self.row.findings.append(f"{name}: {path}: {taken:.1f} s")


def run(trial):
    row = Row("own articles", f"{len(PLAIN) + len(PAGES)} hostile articles, twice")
    with Server(trial.binary, trial.scratch, *trial.server_flags) as server:
        attack = Attack(server, row)
        calm = calm_latency(server)
        end, done = time.monotonic() + BUDGET, 0
        with Witness(server) as during:
            for name, make, media in [(n, m, "text/plain") for n, m in PLAIN.items()] + [(n, m, "text/html") for n, m in PAGES.items()]:
                tell(f"hostile articles: {name}")
                made = make()
                if isinstance(made, bytes):
                    read = kept = made
                else:
                    read, kept = made.encode(), made[:MOST].encode()
                attack.send(name, "/v1/extract?published_on=2022-01-09", media, read)
                attack.send(name, "/v1/articles?published_at=2022-01-09", media, kept)
                done += 1
                if not server.alive() or time.monotonic() > end:
                    break
        after = calm_latency(server)
        latency_row(row, calm, during, after, OTHERS)
        check_served(server, row, allowed=(503,))
        check_memory(row, server, MEMORY)
        if done < len(PLAIN) + len(PAGES):
            row.trial += f", of which {done} in the time there was"
        row.trial += f" (slowest: {attack.slowest[0]:.1f} s, {attack.slowest[1]})"
    row.findings += server.findings
    yield row
