#!/usr/bin/env python3
"""A real browser and a record full of scripts: what comes from articles must show as text and never run.

    tests/attacks/browser.py BINARY [FOLDER]

Starts a server, writes hostile texts wherever the interface takes text, opens each representation of them in a headless Chromium
(Debian's package `chromium`), and does the same with pages of a stranger's site that try to embed them. Each text would, if it
ran, ask for a canary: a path of the server, which its log would show, or of the stranger's site. A page of that site that holds
the same texts as HTML is opened first: there they have to run, or the trial would prove nothing. FOLDER (the current one unless
told) keeps the server's log. The exit status is 1 when something ran, was embedded or made an element, and 2 when the trial could
not be carried out."""

import concurrent.futures
import csv
import html.parser
import http.server
import io
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from common import Failed, Server, tell  # noqa: E402

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--virtual-time-budget=2000", "--dump-dom"]
PAGE_SECONDS, FILE_SECONDS = 90, 6
SHOWN = r"text/(plain|html)|application/(\w+\+)?(json|xml)"  # all else the browser keeps as a file
AT_ONCE = 2

# What a browser puts around a text that is no page of its own, and what our own pages never have.
INERT = {"html", "head", "body", "pre", "meta", "div", "style"}
WANTED_BY_NONE = {"img", "iframe", "object", "embed", "base", "video", "math"}
DESK = ["/", "/desk/claims", "/desk/articles", "/desk/actors", "/desk/meetings?month=2022-01", "/desk/positions", "/desk/discrepancies",
        "/desk/search?q=script", "/desk/volume"]
OURS = re.compile(r"/(desk/[^<]*|docs|problems(/[a-z-]+)?|)([?#].*)?$")
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"

# ---- the texts --------------------------------------------------------------------------------------------------------------
# %s is the canary. Most end what may stand around them first.

SCRIPTS = [
    "<script>fetch('%s-script')</script>",
    "\"'></title></pre></textarea></style></script><script src=\"%s-src\"></script>",
    "<img src=\"%s-img\" onerror=\"fetch('%s-onerror')\">",
    "<img src=x onerror=fetch('%s-bare')>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"fetch('%s-svg')\"><script>fetch('%s-svgscript')</script></svg>",
    "<iframe srcdoc=\"<script>parent.fetch('%s-srcdoc')</script>\"></iframe>",
    "<iframe src=\"javascript:fetch('%s-frame')\"></iframe>",
    "<object data=\"data:text/html,<script>fetch('%s-object')</script>\"></object><embed src=\"%s-embed\">",
    "<link rel=stylesheet href=\"%s-link\"><style>@import url('%s-import'); body { background: url('%s-css') }</style>",
    "<meta http-equiv=refresh content=\"0;url=%s-refresh\"><base href=\"%s-base/\">",
    "<body onload=\"fetch('%s-body')\" onpageshow=\"fetch('%s-show')\">",
    "<details open ontoggle=\"fetch('%s-toggle')\"><video><source onerror=\"fetch('%s-video')\"></video></details>",
    "]]><script xmlns=\"http://www.w3.org/1999/xhtml\">fetch('%s-xhtml')</script><![CDATA[",
    "--><?xml-stylesheet type=\"text/xsl\" href=\"%s-xsl\"?><!ENTITY x SYSTEM \"%s-entity\">&x;<!--",
    "&lt;script&gt;fetch('%s-entities')&lt;/script&gt;&#60;script&#62;fetch('%s-numbers')&#60;/script&#62;",
    "+ADw-script+AD4-fetch('%s-utf7')+ADw-/script+AD4-",
    "\uff1cscript\uff1efetch('%s-wide')\uff1c/script\uff1e \u00c0\u00bcscript\u00c0\u00befetch('%s-overlong')",
    "\u2028fetch('%s-line');\u2029</script><script>fetch('%s-separator')</script>\u202e<tpircs>",
    "javascript:fetch('%s-javascript')//data:text/html,<script>fetch('%s-data')</script>",
    "<a href=\"javascript:fetch('%s-click')\" autofocus onfocus=\"fetch('%s-focus')\" tabindex=1>a</a>",
]
FORMULAS = ["=HYPERLINK(\"%s-formula\")", "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "=1;=2"]
BROKEN = [b"\xc0\xbcscript\xc0\xbe", b"\xe0\x80\xbcscript", b"\xff\xfe<\x00s\x00", b"\xed\xa0\x80<script>", b"\x00<script>"]


def texts(canary):
    """Half of them ask the server itself, half the stranger."""
    return [text.replace("%s", "/canary" if number % 2 else canary) for number, text in enumerate(SCRIPTS + FORMULAS)]


# ---- the stranger's site ----------------------------------------------------------------------------------------------------


class Stranger:
    """A site on another port that serves the pages it is given and notes every other path that is asked for."""

    def __init__(self):
        stranger = self
        self.pages, self.asked = {}, []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                page = stranger.pages.get(self.path)
                if page is None and self.path != "/favicon.ico":
                    stranger.asked.append(self.path)
                self.send_response(200 if page is not None else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write((page or "").encode())

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


# ---- the browser ------------------------------------------------------------------------------------------------------------


def browse(url, seconds=PAGE_SECONDS):
    """The document as it is after two seconds of the page's own time; empty where the browser keeps it as a file, which it does
    without end."""
    folder = tempfile.mkdtemp(prefix="readout-browser-")
    browser = subprocess.Popen([BROWSER, *FLAGS, f"--user-data-dir={folder}", url], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    try:
        return browser.communicate(timeout=seconds)[0].decode(errors="replace")
    except subprocess.TimeoutExpired as error:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.communicate()
        if seconds == FILE_SECONDS:
            return ""
        raise Failed(f"the browser does not end with {url}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Elements(html.parser.HTMLParser):
    """What a document is made of."""

    def __init__(self, document):
        super().__init__()
        self.names, self.handlers, self.title, self.inside = {}, [], "", None
        self.feed(document)

    def handle_starttag(self, name, attributes):
        self.names[name] = self.names.get(name, 0) + 1
        self.handlers += [attribute for attribute, _ in attributes if attribute.startswith("on")]
        self.inside = name

    def handle_endtag(self, name):
        self.inside = None

    def handle_data(self, data):
        self.title += data if self.inside == "title" else ""


# ---- what is written and what is opened -------------------------------------------------------------------------------------


def send(server, path, body, kind="application/json"):
    data = body if isinstance(body, (bytes, str)) else json.dumps(body)
    status, _, answer = server.ask(path, "POST", data if isinstance(data, bytes) else data.encode(), {"Content-Type": kind})
    return status, answer


def fill(server, canary):
    """Writes every text wherever it is taken. Gives how many writes were."""
    kept = 0

    def keep(path, body, kind="application/json"):
        nonlocal kept
        status, answer = send(server, path, body, kind)
        kept += status in (200, 201)
        if status >= 500:
            raise Failed(f"POST {path} was answered with {status}: {answer[:300]}")

    hostile = texts(canary)
    for number, text in enumerate(hostile):
        keep("/v1/actors", {"name": text[:200], "kind": "person", "external_id": f"hostile-{number}", "title": text[:100],
                            "aliases": [{"text": "x" + text[:150]}]})
        keep("/v1/topics", {"slug": f"hostile-{number}", "name": text[:100], "description": text, "keywords": [text[:60]]})
        keep("/v1/claims", {"text": text, "speaker_id": f"hostile-{number}", "topics": [f"hostile-{number}"]})
        keep("/v1/meetings", {"name": text[:200], "kind": "talks", "city": text[:60], "venue": text[:60],
                              "starts_on": "2022-01-10"})
        keep("/v1/articles?extract=false", {"title": text[:300], "text": text + "\n\n" + text, "published_at": "2022-01-09T08:00:00Z",
                                            "url": f"https://outlet.example/{number}?{urllib.parse.quote(text[:80])}",
                                            "byline": text[:100], "dateline": text[:100]})
    keep("/v1/articles?published_at=2022-01-09", "\n\n".join(hostile), "text/plain")
    page = "".join(f"<p>{text} said Sergei Ryabkov on Sunday.</p>" for text in hostile)
    keep("/v1/articles?published_at=2022-01-09", f"<html><head><title>{hostile[0]}</title></head><body>{page}</body></html>", "text/html")
    return kept


def refuse_broken(server):
    """Bytes that are not UTF-8 never come in."""
    findings = []
    for broken in BROKEN:
        for path, body, kind in (("/v1/topics", b'{"slug":"broken","name":"' + broken + b'"}', "application/json"),
                                 ("/v1/articles?extract=false", broken, "text/plain")):
            status, _ = send(server, path, body, kind)
            if status < 400 or status >= 500:
                findings.append(f"POST {path} of {broken!r} was answered with {status}")
    return findings


NOUNS = ["articles", "claims", "meetings", "actors", "topics"]
ENDINGS = {"articles": ["", ".ndjson", ".atom", ".jsonfeed", ".jsonld", ".csv"], "claims": ["", ".atom"], "meetings": ["", ".atom", ".ics"],
           "actors": ["", ".jsonld"], "topics": [""]}


def paths(server):
    """Every representation that there is, one record, what repeats the request, and the pages of ours: each view of the desk,
    and of each noun the first and the last that was written."""
    script = urllib.parse.quote("<script>fetch('/canary-path')</script>", safe="")
    article = server.get_json("/v1/articles?limit=1&sort=-id")["items"][0]["id"]
    views = [f"/desk/{noun}/{server.get_json(f'/v1/{noun}?limit=1&sort={order}')['items'][0]['id']}"
             for noun in ("articles", "claims", "meetings", "actors") for order in ("id", "-id")]
    return ([f"/v1/{noun}{ending}" + ("" if ending else "?limit=500") for noun in NOUNS for ending in ENDINGS[noun]] +
            [f"/v1/articles/{article}", f"/v1/articles/{article}/mentions", f"/v1/search?q={script}", f"/v1/topics?slug={script}",
             f"/v1/claims?sort={script}", f"/v1/{script}", f"/problems/{script}", "/v1/changes?limit=500", "/openapi.yaml", "/problems",
             "/problems/not-found", "/docs", "/docs#<img src=x onerror=fetch('/canary-hash')>", f"/desk/search?q={script}",
             f"/desk/claims?topic={script}", f"/desk/claims?{script}"] + DESK + views)


def check_headers(server, path, findings):
    """Gives whether a browser shows what it gets."""
    status, headers, body = server.ask(urllib.parse.quote(path.split("#")[0], safe="/?&=%"), headers={"Accept": ACCEPT})
    wanted = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin"}
    for name, value in wanted.items():
        if headers[name] != value:
            findings.append(f"{path} ({status}) has {name}: {headers[name]}")
    policy = headers["Content-Security-Policy"] or ""
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or re.search("script-src[^;]*unsafe", policy):
        findings.append(f"{path} ({status}) has Content-Security-Policy: {policy}")
    kind = headers["Content-Type"] or ""
    if body and ("text/html" in kind) != bool(OURS.match(path)):
        findings.append(f"{path} ({status}) is {kind}")
    return re.match(SHOWN, kind) is not None


def check_tables(server, findings):
    """No text breaks out of its cell."""
    for noun in NOUNS:
        rows = list(csv.reader(io.StringIO(server.ask(f"/v1/{noun}.csv")[2].decode(), newline="")))
        total = server.get_json(f"/v1/{noun}?limit=1&count=exact")["total"]
        if len(rows) != total + 1 or len({len(row) for row in rows}) != 1:
            findings.append(f"/v1/{noun}.csv has {len(rows)} rows for {total} items, of {sorted({len(row) for row in rows})} cells")


def check_document(path, document, shown, findings):
    elements = Elements(document)
    ours = OURS.match(path)
    unwanted = set(elements.names) & WANTED_BY_NONE if ours else set(elements.names) - INERT
    if elements.handlers or unwanted or elements.names.get("script", 0) > (2 if ours else 0):
        findings.append(f"{path} has the elements {elements.names}, with {elements.handlers}")
    if bool(elements.title) != bool(ours):
        findings.append(f"{path} has the title {elements.title[:80]!r}")
    if shown and not document:
        findings.append(f"{path} shows nothing")


# ---- the trial --------------------------------------------------------------------------------------------------------------


def embedding(server):
    """A page that takes our replies for scripts, styles, pictures and frames, and tells of each that it got."""
    tags = []
    for path in ("/v1/articles.ndjson", "/v1/articles", "/v1/claims.csv", "/openapi.json", "/docs"):
        url = server.base + path
        name = urllib.parse.quote(path, safe="")
        tags.append(f"<script src='{url}' onload=\"fetch('/embedded-script-{name}')\"></script>"
                    f"<link rel=stylesheet href='{url}' onload=\"fetch('/embedded-style-{name}')\">"
                    f"<img src='{url}' onload=\"fetch('/embedded-img-{name}')\">"
                    f"<script>fetch('{url}', {{mode: 'no-cors'}}).then(() => fetch('/embedded-fetch-{name}'), () => 0)</script>")
    return "<!DOCTYPE html><title>stranger</title>" + "".join(tags) + "<script>fetch('/sane')</script>"


def canaries(server):
    """What of the record was asked for, by the server's log; but for the paths that were opened."""
    log = (server.scratch / "server.log").read_text(errors="replace").splitlines()
    targets = [json.loads(line).get("target", "") for line in log if line.startswith("{") and "canary" in line]
    return [target for target in targets if target.startswith("/canary")]


def prove_that_it_would_show(stranger):
    page = "<!DOCTYPE html><title>control</title>" + "".join(text.replace("%s", stranger.origin + "/canary") for text in SCRIPTS[:5])
    stranger.pages["/control"] = page
    browse(stranger.origin + "/control")
    if not {"/canary-script", "/canary-svg"} <= set(stranger.asked):
        raise Failed(f"scripts do not run in this browser even where they may: {stranger.asked}")
    stranger.asked.clear()


def open_page(server, path, findings):
    tell(path)
    shown = check_headers(server, path, findings)
    check_document(path, browse(server.base + path, PAGE_SECONDS if shown else FILE_SECONDS), shown, findings)


def trial(server, stranger):
    kept = fill(server, stranger.origin + "/canary")
    findings = refuse_broken(server)
    check_tables(server, findings)
    chosen = paths(server)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for opened in [pool.submit(open_page, server, path, findings) for path in chosen]:
            opened.result()
    findings += [f"a text ran: it asked for {path}" for path in canaries(server) + stranger.asked]
    stranger.asked.clear()
    stranger.pages["/embedding"] = embedding(server)
    browse(stranger.origin + "/embedding")
    if "/sane" not in stranger.asked:
        raise Failed("the stranger's page did not run")
    findings += [f"a stranger's page could take ours: {path}" for path in stranger.asked if path.startswith("/embedded")]
    return kept, len(chosen) + 1, findings


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        return 2
    begin = time.monotonic()
    stranger = Stranger()
    try:
        prove_that_it_would_show(stranger)
        with Server(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else "."), "--log", "info",
                    demo=False) as server:
            kept, opened, findings = trial(server, stranger)
        findings += server.findings
    except Failed as error:
        print(f"browser.py: {error}", file=sys.stderr)
        return 2
    finally:
        stranger.close()
    for finding in findings:
        print(finding)
    print(f"{kept} hostile writes kept, {opened} pages opened in {time.monotonic() - begin:.0f} s: "
          f"{'nothing ran' if not findings else f'{len(findings)} findings'}")
    return 1 if findings else 0


BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"

if __name__ == "__main__":
    sys.exit(main())
