"""Bytes that are no good HTTP: what smuggles requests past proxies, what is cut off, what is too long, and what is something else
altogether. Every row says which statuses are right; 0 stands for a connection that is closed without a word. Behind each comes a
good request over another connection: it has to be served, and to get its own answer."""

import http.client
import socket
import time

from common import Row, Server, check_memory, check_served, connect, tell

MEMORY = 256 << 20
PATIENCE = 8  # seconds that an answer, or the end of a connection, may take

HOST = b"Host: 127.0.0.1\r\n"
GET = b"GET /livez HTTP/1.1\r\n" + HOST
POST = b"POST /v1/extract HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
SECOND = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
REFUSED = (400,)
CLOSED = (0, 400)


def chunked(body, more=b""):
    return POST + b"Transfer-Encoding: chunked\r\n" + more + b"\r\n" + body


# name, bytes, statuses of the first answer, the most answers that may come at all
CASES = [
    # ---- two ways to tell where a body ends
    ("length and coding", POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND, REFUSED, 1),
    ("coding and length", POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SECOND, REFUSED, 1),
    ("two lengths", POST + b"Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + SECOND, REFUSED, 1),
    ("a list of lengths", POST + b"Content-Length: 0, 60\r\n\r\n" + SECOND, CLOSED, 1),
    ("two codings", POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SECOND, (400, 501), 1),
    ("identity, then chunked", POST + b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + SECOND, (400, 501), 1),
    ("chunked, then something", POST + b"Transfer-Encoding: chunked, nothing\r\n\r\n0\r\n\r\n" + SECOND, (400, 501), 1),
    ("xchunked", POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND, (400, 501), 1),
    ("chunked with a tab", POST + b"Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n", (400, 422), 1),
    ("chunked behind a vertical tab", POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SECOND, (400, 501), 1),
    ("a space before the colon", POST + b"Transfer-Encoding : chunked\r\n\r\n" + SECOND, CLOSED, 1),
    ("a folded coding", POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", (0, 400, 422), 1),
    ("a coding behind a bare LF", POST + b"X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (0, 400, 422), 1),
    ("a coding behind a bare CR", POST + b"Content-Length: 0\r\nX: y\rTransfer-Encoding: chunked\r\n\r\n", (0, 400), 1),
    # ---- lengths
    ("a negative length", POST + b"Content-Length: -1\r\n\r\n" + SECOND, CLOSED, 1),
    ("a length with a plus", POST + b"Content-Length: +4\r\n\r\nabcd" + SECOND, CLOSED, 1),
    ("a length in hexadecimal", POST + b"Content-Length: 0x4\r\n\r\nabcd" + SECOND, CLOSED, 1),
    ("no length at all", POST + b"Content-Length: \r\n\r\n" + SECOND, CLOSED, 1),
    ("a length past 2^64", POST + b"Content-Length: 18446744073709551617\r\n\r\n" + SECOND, (0, 400, 413), 1),
    ("a length past 2^63", POST + b"Content-Length: 9223372036854775808\r\n\r\n" + SECOND, (0, 400, 413), 1),
    ("a length past the limit", POST + b"Content-Length: 99999999999\r\n\r\nabc", (413,), 1),
    # ---- chunks
    ("a chunk past 2^64", chunked(b"10000000000000000\r\nab\r\n0\r\n\r\n"), (0, 400, 413), 1),
    ("a negative chunk", chunked(b"-1\r\nab\r\n0\r\n\r\n"), CLOSED, 1),
    ("a chunk in no hexadecimal", chunked(b"zz\r\nab\r\n0\r\n\r\n"), CLOSED, 1),
    ("a chunk with 0x", chunked(b"0x2\r\nab\r\n0\r\n\r\n"), CLOSED, 1),
    ("a chunk longer than it says", chunked(b"2\r\nabcdef\r\n0\r\n\r\n"), CLOSED, 1),
    ("a chunk without its end", chunked(b"2\r\nab0\r\n\r\n"), CLOSED, 1),
    ("an extension of 100 KB", chunked(b"2;" + b"x" * 100000 + b"\r\nab\r\n0\r\n\r\n"), (0, 400, 408, 413, 431), 1),
    ("10,000 chunks of a byte", chunked(b"1\r\na\r\n" * 10000 + b"0\r\n\r\n"), (400,), 1),
    ("trailers that set a length", chunked(b"2\r\n{}\r\n0\r\nContent-Length: 60\r\n\r\n") + GET + b"Connection: close\r\n\r\n", (400, 422), 2),
    ("10,000 trailers", chunked(b"2\r\n{}\r\n0\r\n" + b"X: y\r\n" * 10000 + b"\r\n"), (0, 400, 413, 422, 431), 1),
    ("chunks that end in the middle", chunked(b"ff\r\nabc"), CLOSED, 1),
    # ---- request lines
    ("no version", b"GET /livez\r\n\r\n", CLOSED + (505,), 1),
    ("HTTP/0.9", b"GET /\r\n", CLOSED + (505,), 1),
    ("HTTP/1.0 without a host", b"GET /livez HTTP/1.0\r\n\r\n", (200,), 1),
    ("HTTP/1.1 without a host", b"GET /livez HTTP/1.1\r\n\r\n", REFUSED, 1),
    ("two hosts", GET + b"Host: b\r\n\r\n", REFUSED, 1),
    ("HTTP/2.0", b"GET /livez HTTP/2.0\r\n" + HOST + b"\r\n", (0, 400, 505), 1),
    ("HTTP/9.9", b"GET /livez HTTP/9.9\r\n" + HOST + b"\r\n", (0, 400, 505), 1),
    ("HTTP/1.10", b"GET /livez HTTP/1.10\r\n" + HOST + b"\r\n", (0, 400, 505), 1),
    ("http in small letters", b"GET /livez http/1.1\r\n" + HOST + b"\r\n", (0, 400, 505), 1),
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (0, 400, 501, 505), 1),
    ("an absolute target", b"GET http://elsewhere.example/livez HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (200, 400, 404), 1),
    ("an authority for a target", b"CONNECT elsewhere.example:443 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (400, 404, 405), 1),
    ("an asterisk for a target", b"OPTIONS * HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (200, 204, 400, 404), 1),
    ("a target without a slash", b"GET livez HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (400, 404), 1),
    ("a path that climbs", b"GET /../../../../etc/passwd HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (400, 404), 1),
    ("a path that climbs in escapes", b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (400, 404), 1),
    ("a fragment", b"GET /livez#x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (200, 400, 404), 1),
    ("a NUL in the path", b"GET /livez\x00x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (0, 400, 404), 1),
    ("an escaped NUL", b"GET /v1/claims?q=%00 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (400,), 1),
    ("bytes that are no UTF-8", b"GET /v1/claims?q=%ff%fe HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (400,), 1),
    ("half an escape", b"GET /v1/claims?q=%2 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (400,), 1),
    ("raw bytes in the query", b"GET /v1/claims?q=\xc3\x28 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (0, 400), 1),
    ("two spaces", b"GET  /livez  HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (0, 200, 400, 404, 505), 1),
    ("tabs for spaces", b"GET\t/livez\tHTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (0, 200, 400, 501, 505), 1),
    ("bare line feeds", b"GET /livez HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", (0, 200, 400), 1),
    ("a method of 1 MB", b"A" * (1 << 20) + b" / HTTP/1.1\r\n" + HOST + b"\r\n", (0, 400, 414, 431, 501), 1),
    ("a target of 9 KB", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (414,), 1),
    ("a target of 1 MB", b"GET /" + b"a" * (1 << 20) + b" HTTP/1.1\r\n" + HOST + b"\r\n", (0, 414, 431), 1),
    ("a method that HTTP has not", b"BREW /livez HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (501,), 1),
    ("TRACE", b"TRACE /livez HTTP/1.1\r\n" + HOST + b"X-Secret: 1\r\nConnection: close\r\n\r\n", (405,), 1),
    # ---- headers
    ("1,000 headers", GET + b"".join(b"X-%d: y\r\n" % i for i in range(1000)) + b"\r\n", (431,), 1),
    ("100,000 headers", GET + b"X: y\r\n" * 100000 + b"\r\n", (0, 431), 1),
    ("a header of 1 MB", GET + b"X: " + b"y" * (1 << 20) + b"\r\n\r\n", (0, 431), 1),
    ("a name of 100 KB", GET + b"X" * 100000 + b": y\r\n\r\n", (0, 431), 1),
    # The library takes this for the end of the headers (libmicrohttpd 0.9.75), and tells nobody; a proxy would refuse it.
    ("a header without a name", GET + b": y\r\nConnection: close\r\n\r\n", (0, 200, 400), 2),
    ("a name with a space in it", GET + b"X y: z\r\nConnection: close\r\n\r\n", (0, 400), 1),
    ("a header without a colon", GET + b"nonsense\r\nConnection: close\r\n\r\n", (0, 200, 400), 1),
    ("a NUL in a header", GET + b"X: a\x00b\r\nConnection: close\r\n\r\n", (0, 200, 400), 1),
    ("an id that splits the answer", GET + b"X-Request-Id: a\rb\r\nConnection: close\r\n\r\n", (0, 200, 400), 1),
    ("an Accept of 500 types", GET + b"Accept: " + b",".join(b"a/%d;q=0.5" % i for i in range(500)) + b"\r\nConnection: close\r\n\r\n", (200, 406), 1),
    ("a q that is no number", GET + b"Accept: a/b;q=nan,*/*;q=1e9\r\nConnection: close\r\n\r\n", (200, 400, 406), 1),
    ("1,000 entity tags", GET + b"If-None-Match: " + b",".join(b'"%d"' % i for i in range(1000)) + b"\r\nConnection: close\r\n\r\n", (200, 431), 1),
    ("a range", GET + b"Range: bytes=" + b",".join(b"0-%d" % i for i in range(1000)) + b"\r\nConnection: close\r\n\r\n", (200,), 1),
    ("Expect of something else", POST + b"Expect: a-miracle\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", (417, 400, 422), 1),
    ("an Upgrade", GET + b"Connection: Upgrade, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n", (200,), 1),
    ("a coding that does not exist", POST + b"Content-Encoding: br\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", (415,), 1),
    ("gzip that is none", POST + b"Content-Encoding: gzip\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", (400,), 1),
    # ---- something else altogether
    ("TLS", bytes.fromhex("16030100c8010000c40303") + bytes(189), CLOSED, 1),
    ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n", CLOSED, 1),
    ("SMTP", b"EHLO a\r\nMAIL FROM:<a@b>\r\n", CLOSED + (501,), 1),
    ("NULs", bytes(100000), CLOSED + (414, 431), 1),
    ("every byte", bytes(range(256)) * 64, CLOSED + (414, 431), 1),
    ("line feeds", b"\r\n" * 50000, (0, 400, 414, 431), 1),
    ("nothing", b"", (0,), 0),
    ("half a request line", b"GET /liv", (0, 400, 408), 1),
    ("half a header", GET + b"X-Half", (0, 400, 408), 1),
    ("half a body", POST + b"Content-Length: 100\r\n\r\n{", (0, 400, 408), 1),
    # ---- one behind the other
    ("garbage behind a request", GET + b"\r\n" + b"\x00\xff" * 50 + b"\r\n\r\n", (200,), 2),
    ("a refused one before a good one", b"GET /nothing HTTP/1.1\r\n" + HOST + b"\r\n" + GET + b"Connection: close\r\n\r\n", (404,), 2),
    ("200 at once", (GET + b"\r\n") * 199 + GET + b"Connection: close\r\n\r\n", (200,), 200),
    ("a body behind a GET", GET + b"Content-Length: %d\r\n\r\n" % len(SECOND) + SECOND + GET + b"Connection: close\r\n\r\n", (200, 400), 2),
]


def answers_in(data):
    """The statuses of the answers that stand one behind the other; -1 where they do not."""
    statuses = []
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1."):
            return statuses + [-1]
        status = int(head[9:12])
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            if name.lower() == b"transfer-encoding":
                return statuses + [status]
        statuses += [] if status == 100 else [status]
        # The library writes the head of its own answer to a wrong Content-Length twice (libmicrohttpd 0.9.75).
        if status in (400, 413) and rest.startswith(head + b"\r\n\r\n"):
            rest = rest[len(head) + 4:]
        data = rest[length:]
    return statuses


def exchange(server, data):
    """Sends, hangs up its own half, and reads to the end. The statuses of the answers, and how long it took; None: no end in time."""
    connection = connect(server)
    begin = time.monotonic()
    received = b""
    try:
        connection.settimeout(PATIENCE)
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has hung up already, which is an answer
        while True:
            try:
                piece = connection.recv(65536)
            except TimeoutError:
                return None, received
            except OSError:
                break
            if not piece:
                break
            received += piece
    finally:
        connection.close()
    return answers_in(received), received


def try_one(server, name, data, right, most):
    statuses, received = exchange(server, data)
    if statuses is None:
        return f"{name}: neither an answer nor an end within {PATIENCE} s; got {received[:80]!r}"
    first = statuses[0] if statuses else 0
    if first not in right:
        return f"{name}: {first}, where {right} would be right: {received[:300]!r}"
    if len(statuses) > most:
        return f"{name}: {len(statuses)} answers {statuses}, where {most} may come"
    if -1 in statuses:
        return f"{name}: bytes that are no answer: {received[-200:]!r}"
    if b"/smuggled" in received:
        return f"{name}: what was hidden in the body was answered"
    status, headers, body = server.ask("/livez", headers={"X-Request-Id": "mine"})
    if status != 200 or headers["X-Request-Id"] != "mine" or b"ok" not in body:
        return f"{name}: the next request of another got {status} {body[:80]!r}"
    return None


def is_problem(received):
    return b"application/problem+json" in received


def kept_apart(server):
    """One connection, two requests: nothing of the first shows in the second."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", "/v1/claims/999999", headers={"X-Request-Id": "first", "Accept": "application/json", "If-None-Match": '"x"'})
    first = connection.getresponse()
    first.read()
    connection.request("GET", "/v1/topics?limit=1")
    second = connection.getresponse()
    body = second.read()
    connection.close()
    if second.status != 200 or second.headers["X-Request-Id"] == "first" or b"items" not in body:
        return f"a second request on a connection got {second.status}, {second.headers['X-Request-Id']}"
    return None


def run(trial):
    row = Row("own bytes", f"{len(CASES)} shapes of raw HTTP")
    with Server(trial.binary, trial.scratch, "--body-timeout", "2", "--idle-timeout", "2", *trial.server_flags) as server:
        before = server.sockets()
        for name, data, right, most in CASES:
            tell(f"raw HTTP: {name}")
            row.findings += filter(None, [try_one(server, name, data, right, most)])
            if not server.alive():
                break
        row.findings += filter(None, [kept_apart(server)])
        check_served(server, row, allowed=(501,))
        check_memory(row, server, MEMORY)
        end = time.monotonic() + PATIENCE
        while server.sockets() > before + 2 and time.monotonic() < end:
            time.sleep(0.1)
        if server.sockets() > before + 2:
            row.findings.append(f"{server.sockets() - before} sockets are left open")
    row.findings += server.findings
    yield row
