"""What the server lets in, and the policy it sends with the page: the real application, without a browser."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import http.client
import re
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response

import ui.app
from tests.ui.fake_library import FakeAssistant
from tests.ui.running import Running
from ui.frame import Shell
from ui.guard import REQUEST_BYTES, Guard, is_loopback, language_of, open_to_network
from ui.messages import Words


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with Running(FakeAssistant()) as running:
        yield running


def get(server: Running, path: str, **headers: str) -> httpx.Response:
    return httpx.get(server.url + path, headers=headers, trust_env=False)


def test_healthz(server: Running) -> None:
    assert get(server, "/healthz").json() == {"ok": True, "model": "ready"}


def test_the_page_comes_in_the_language_of_the_browser_with_its_own_head(server: Running) -> None:
    chinese = get(server, "/", **{"accept-language": "zh-CN"}).text
    assert 'lang="zh-CN"' in chinese
    assert "<title>有据 Youju</title>" in chinese
    assert 'lang="en"' in get(server, "/", **{"accept-language": "en"}).text
    assert "/ui/base.css" in chinese
    assert "og:" not in chinese
    assert not re.search(r'(?:src|href|content)="https?:', chinese)


def test_the_policy_names_every_inline_script_and_allows_no_evaluation(server: Running) -> None:
    response = get(server, "/")
    policy = response.headers["content-security-policy"]
    scripts = re.findall(r"<script(?![^>]*src=)[^>]*>(.*?)</script>", response.text, re.DOTALL)
    assert scripts
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert "unsafe" not in directives["script-src"]
    assert directives["default-src"] == "'none'"
    assert directives["form-action"] == "'self'"
    assert directives["img-src"] == "'self' data: blob:"
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/healthz", "/ui/page.js", "/theme.css", "/gradio_api/startup-events"])
def test_every_answer_carries_the_headers(server: Running, path: str) -> None:
    response = get(server, path)
    assert response.status_code == 200
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://localhost:1/secret",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://localhost:1/",
        "/gradio_api/upload",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/runs",
        "/gradio_api/call/ask",
        "/gradio_api/deep_link",
        "/monitoring",
        "/monitoring/summary",
        "/docs",
        "/openapi.json",
        "/login",
        "/config",
        "//gradio_api/file=/etc/passwd",
        "/assets/../gradio_api/file=/etc/passwd",
        "/assets/..%2f..%2f..%2findex.html",
        "/static/%2e%2e/%2e%2e/index.html",
    ],
)
def test_what_the_page_does_not_need_is_not_served(server: Running, path: str) -> None:
    # httpx would tidy the path up
    host, port = server.address
    connection = http.client.HTTPConnection(host, port, timeout=10)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    assert 400 <= status < 500


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "8.8.8.8", "", "[", "a b"]
)
def test_other_names_for_this_computer_are_refused(server: Running, host: str) -> None:
    assert get(server, "/", host=host).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:7860"])
def test_its_own_names_are_served(server: Running, host: str) -> None:
    assert get(server, "/healthz", host=host).status_code == 200


def test_another_site_cannot_ask(server: Running) -> None:
    send = {"content": "{}", "headers": {"content-type": "text/plain", "origin": "http://evil.example"}}
    assert httpx.post(server.url + "/gradio_api/run/predict", trust_env=False, **send).status_code == 403
    send["headers"] = {"origin": "null"}
    assert httpx.post(server.url + "/gradio_api/run/predict", trust_env=False, **send).status_code == 403


def test_a_request_of_many_megabytes_or_unknown_length_is_refused(server: Running) -> None:
    path, own = server.url + "/gradio_api/run/predict", {"origin": server.url}
    assert httpx.post(path, content=b"x" * 3_000_000, headers=own, trust_env=False).status_code == 413
    assert httpx.post(path, content=iter([b"{}"]), headers=own, trust_env=False).status_code == 411


def test_head_of_the_page(server: Running) -> None:
    response = httpx.head(server.url + "/", trust_env=False)
    assert response.status_code == 200
    assert response.content == b""


def test_listening_on_all_addresses_trusts_addresses_but_no_names() -> None:
    with Running(FakeAssistant(), host="0.0.0.0") as running:
        assert get(running, "/healthz", host="192.168.1.7:7860").status_code == 200
        assert get(running, "/healthz", host="evil.example").status_code == 400


# The guard by itself, around an application that tells what reached it.

HERE = "http://localhost:7860"
HTML = {"content-type": "text/html; charset=utf-8"}


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while scope["method"] == "POST":
        try:
            message = await receive()
        except Exception:
            if scope["path"] != "/rooms/form":
                raise
            await Response("I could not read that", 400)(scope, receive, send)  # as FastAPI does
            return
        body += message["body"]
        if not message["more_body"]:
            break
    if scope["path"] == "/rooms/page":
        response = Response("<p>文</p>", headers=HTML)
    elif scope["path"] == "/rooms/original":
        response = Response(
            "<script>1</script>", headers={**HTML, "content-disposition": "attachment; filename=a.html"}
        )
    elif scope["path"] == "/rooms/picture":
        response = Response(b"", headers={"content-type": "image/svg+xml", "cache-control": "max-age=60"})
    else:
        response = JSONResponse({"path": scope["path"], "bytes": len(body)})
    await response(scope, receive, send)


def answer(
    path: str,
    *,
    method: str = "GET",
    raw_path: str | None = None,
    body: Sequence[bytes] = (b"",),
    kind: str = "http",
    guard: dict[str, Any] | None = None,
    **headers: str,
) -> tuple[int, Headers, bytes]:
    """Status, headers and body; “_” in the name of a header is “-”."""
    given = {"host": "localhost:7860", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "raw_path": (raw_path or path).encode(),
        "query_string": b"",
        "scheme": "http",
        "server": ("127.0.0.1", 7860),
        "client": ("127.0.0.1", 5),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    parts = [{"type": "http.request", "body": part, "more_body": True} for part in body]
    parts[-1]["more_body"] = False
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return parts.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    options = {"paths": {"/healthz", "/rooms"}, "folders": ("/rooms/", "/library/"), **(guard or {})}
    with ThreadPoolExecutor(1) as thread:  # Playwright leaves a loop in the thread of the tests
        thread.submit(asyncio.run, Guard(echo, "127.0.0.1", **options)(scope, receive, send)).result()
    if kind != "http":
        return sent[0]["code"], Headers({}), b""
    assert [message["type"] for message in sent].count("http.response.start") == 1
    return sent[0]["status"], Headers(raw=sent[0]["headers"]), b"".join(one.get("body", b"") for one in sent)


def post(path: str, **options: Any) -> int:
    body = options.setdefault("body", (b"{}",))
    if options.pop("told", True):
        options.setdefault("content_length", str(sum(map(len, body))))
    return answer(path, method="POST", **options)[0]


@pytest.mark.parametrize("path", ["/rooms", "/rooms/a/b", "/healthz", "/rooms/第一章 总则.md", "/rooms/a..b"])
def test_what_create_app_names_is_served(path: str) -> None:
    assert answer(path)[0] == 200


@pytest.mark.parametrize(
    "path", ["/", "/rooms2", "/room", "/rooms2/a", "/login", "/logout", "/library/upload", "/page.css"]
)
def test_everything_else_is_not(path: str) -> None:
    assert answer(path, guard={"paths": (), "folders": ("/rooms/", "/library/")})[0] == (200 if path == "/" else 404)


def test_a_folder_that_would_let_in_more_than_it_names_is_refused() -> None:
    for folder in ("/rooms", "rooms/", "/"):
        with pytest.raises(ValueError, match="folder"):
            Guard(echo, "127.0.0.1", folders=[folder])


@pytest.mark.parametrize(
    ("path", "raw_path"),
    [
        ("/rooms/../secret", "/rooms/%2e%2e/secret"),
        ("/rooms/../secret", "/rooms/../secret"),
        ("/rooms/./a", "/rooms/%2E/a"),
        ("/rooms/..", "/rooms/.."),
        ("/rooms/../secret", "/rooms/..%2fsecret"),
        ("/rooms/a/secret", "/rooms/a%2Fsecret"),
        ("/rooms/..\\secret", "/rooms/..%5csecret"),
        ("/rooms/\0", "/rooms/%00"),
        ("/rooms/a\r\nb", "/rooms/a%0d%0ab"),
        ("/rooms//etc/passwd", "/rooms//etc/passwd"),
        ("/rooms/\ufffd\ufffd/a", "/rooms/%c0%af/a"),
        ("/rooms/\ufffd\ufffd./a", "/rooms/%c0%ae./a"),
    ],
)
def test_no_path_leaves_its_folder(path: str, raw_path: str) -> None:
    assert answer(path, raw_path=raw_path)[0] == 404


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "get", "XYZ"])
def test_other_methods_are_refused(method: str) -> None:
    status, headers, _ = answer("/rooms", method=method, origin=HERE)
    assert status == 405
    assert headers["allow"] == "GET, HEAD, POST"


def test_a_websocket_is_closed_and_a_scope_of_another_kind_is_not_answered() -> None:
    assert answer("/gradio_api/queue/join", kind="websocket")[0] == 1008


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": HERE},
        {"origin": HERE, "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin"},
        {"origin": "https://localhost:7860"},  # a server in front that speaks https
        {"x_youju": "1"},  # no browser
    ],
)
def test_the_page_itself_may_change_something(headers: dict[str, str]) -> None:
    assert post("/rooms/a", **headers) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x_youju": "0"},
        {"origin": "null"},
        {"origin": "null", "x_youju": "1"},
        {"origin": ""},
        {"origin": "http://localhost"},
        {"origin": "http://localhost:7861"},
        {"origin": "http://localhost:7860.evil.example"},
        {"origin": "http://evil.example", "x_youju": "1"},
        {"origin": "file://localhost:7860"},
        {"origin": "http://["},
        {"origin": HERE, "sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"referer": HERE + "/"},
    ],
)
def test_nobody_else_may(headers: dict[str, str]) -> None:
    assert post("/rooms/a", **headers) == 403


@pytest.mark.parametrize(
    ("site", "mode", "destination", "status"),
    [
        ("same-origin", "cors", "empty", 200),
        ("none", "navigate", "document", 200),
        ("cross-site", "navigate", "document", 200),
        ("cross-site", "navigate", "iframe", 403),
        ("cross-site", "no-cors", "image", 403),
        ("same-site", "no-cors", "script", 403),
        ("cross-site", "cors", "empty", 403),
    ],
)
def test_another_site_may_link_here_but_not_look_things_up(site: str, mode: str, destination: str, status: int) -> None:
    given = {"sec_fetch_site": site, "sec_fetch_mode": mode, "sec_fetch_dest": destination}
    assert answer("/rooms/a", **given)[0] == status


def test_what_arrives_is_counted_whatever_length_was_told() -> None:
    half = b"x" * (REQUEST_BYTES // 2)
    assert post("/rooms/a", origin=HERE, body=(half, half)) == 200
    assert post("/rooms/a", origin=HERE, body=(half, half, b"x")) == 413
    assert post("/rooms/a", origin=HERE, body=(half, half, b"x"), content_length="5") == 413
    assert post("/rooms/form", origin=HERE, body=(half, half, b"x"), content_length="5") == 413
    assert post("/rooms/a", origin=HERE, told=False) == 411
    for length in ("-1", "1e3", "", "9" * 5000, "٣"):
        assert post("/rooms/a", origin=HERE, content_length=length) in (411, 413)


def test_an_upload_has_a_limit_of_its_own_where_uploads_are_switched_on() -> None:
    on = {"uploads": REQUEST_BYTES * 2}
    body = (b"x" * REQUEST_BYTES, b"x" * REQUEST_BYTES)
    assert post("/library/upload", origin=HERE, body=body) == 404
    assert post("/library/upload", origin=HERE, body=body, guard=on) == 200
    assert post("/library/upload", origin=HERE, body=(*body, b"x"), guard=on) == 413
    assert post("/library/upload", origin=HERE, body=body, guard=on, told=False) == 200  # in pieces
    assert post("/library/upload", origin=HERE, body=(*body, b"x"), guard=on, told=False) == 413
    assert post("/library/upload", body=body, guard=on) == 403
    assert post("/library/other", origin=HERE, body=body, guard=on) == 413


def test_a_page_of_our_own_runs_no_inline_script_and_an_original_runs_nothing() -> None:
    page = answer("/rooms/page")[1]
    assert "script-src 'self';" in page["content-security-policy"]
    assert "unsafe" not in page["content-security-policy"]
    assert page["cache-control"] == "no-store"
    original = answer("/rooms/original")[1]
    assert original["content-security-policy"].startswith("default-src 'none'")
    assert "sandbox" in original["content-security-policy"]
    assert "script" not in original["content-security-policy"]
    assert original["x-content-type-options"] == "nosniff"
    picture = answer("/rooms/picture")[1]
    assert "sandbox" in picture["content-security-policy"]
    assert picture["cache-control"] == "max-age=60"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("[::1]:7860", 200),
        ("[0:0:0:0:0:0:0:1]", 200),
        ("user@localhost", 400),
        ("localhost/evil", 400),
        ("localhost:7860:80", 400),
        ("localhost:port", 400),
        ("localhost evil.example", 400),
        ("localhost.evil.example", 400),
        ("[::1", 400),
        ("０", 400),
    ],
)
def test_a_name_is_taken_as_a_whole(host: str, status: int) -> None:
    assert answer("/rooms", host=host)[0] == status


@pytest.mark.parametrize(
    ("listening", "asked", "served"),
    [
        ("Mybox.local", "mybox.local:7860", True),
        ("mybox.local", "other.local:7860", False),
        ("192.168.1.7", "192.168.1.7:7860", True),
        ("192.168.1.7", "192.168.1.8", False),
        ("::", "[fe80::1]:7860", True),
        ("0:0:0:0:0:0:0:0", "[fe80::1]:7860", True),
        ("", "10.0.0.3", True),
        ("0.0.0.0", "mybox.local", False),
    ],
)
def test_names_follow_the_address_that_is_listened_on(listening: str, asked: str, served: bool) -> None:
    assert Guard(echo, listening)._trusted(asked) == served


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("", False),
        ("::", False),
        ("127.0.0.1.evil.example", False),
        ("192.168.1.7", False),
    ],
)
def test_what_is_open_to_the_network(host: str, loopback: bool) -> None:
    assert is_loopback(host) == loopback
    assert open_to_network(host, None) == (not loopback)
    assert not open_to_network(host, "secret")


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("", "zh-CN", "zh-CN"),
        ("", "en-GB,zh;q=0.5", "en"),
        ("youju_language=en", "zh-CN", "en"),
        ("a=b; youju_language=zh-CN", "en", "zh-CN"),
        ("youju_language=<script>", "en", "en"),
        ("youju_language=", "zh", "zh-CN"),
    ],
)
def test_a_chosen_language_wins_over_the_browsers(cookie: str, accepted: str, language: str) -> None:
    assert language_of(Headers({"cookie": cookie, "accept-language": accepted})) == language


# The frame around Gradio


@pytest.fixture
def framed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    def page(words: Words, headers: Headers) -> Shell:
        told = f'<main id="frame">{words.ask}{headers.get("x-told", "")}</main>'
        return Shell('<link rel="stylesheet" href="own.css">', told, "<footer>终</footer><script>evil()</script>")

    monkeypatch.setattr(ui.app, "Guard", lambda app, **options: Guard(app, **{**options, "page": page}))
    with Running(FakeAssistant()) as running:
        yield running


def test_the_frame_stands_around_gradio_in_the_language_that_was_chosen(framed: Running) -> None:
    response = get(framed, "/", cookie="youju_language=zh-CN", **{"accept-language": "en", "x-told": "!"})
    html = response.text
    assert '<main id="frame">提问!</main><gradio-app' in html
    assert "</gradio-app><footer>终</footer>" in html
    assert '<link rel="stylesheet" href="own.css"></head>' in html
    assert 'lang="zh-CN"' in html
    assert "cookie" in response.headers["vary"]
    assert int(response.headers["content-length"]) == len(response.content)


def test_nothing_of_gradio_paints_the_page_white_before_our_colours_come(framed: Running) -> None:
    head = get(framed, "/").text.partition("</head>")[0]
    assert "--bg" not in head
    assert "<style" not in head
    assert '<meta name="color-scheme" content="light dark">' in head


def test_a_script_that_gets_into_the_frame_has_no_name_in_the_policy(framed: Running) -> None:
    policy = get(framed, "/").headers["content-security-policy"]
    assert base64.b64encode(hashlib.sha256(b"evil()").digest()).decode() not in policy
    assert "'sha256-" in policy


# The server behind the guard


@pytest.mark.parametrize(
    ("request_line", "header", "statuses"),
    [
        ("GET / HTTP/1.1", "x-long: " + "a" * 200_000, (400, 431)),
        ("GET /?" + "a" * 200_000 + " HTTP/1.1", "a: b", (400, 414, 431)),
        ("GET http://evil.example/ HTTP/1.1", "a: b", (400, 404)),
        ("GET / HTTP/1.1", "Host: evil.example", (400,)),
        ("GET * HTTP/1.1", "a: b", (400, 404)),
        ("TRACE / HTTP/1.1", "a: b", (405,)),
        ("GET /healthz HTTP/1.1", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: YQ==", (200, 403)),
    ],
    ids=["header", "query", "absolute", "two hosts", "asterisk", "trace", "upgrade"],
)
def test_requests_that_no_browser_makes(
    server: Running, request_line: str, header: str, statuses: tuple[int, ...]
) -> None:
    with socket.create_connection(server.address, timeout=10) as connection:
        connection.settimeout(10)
        text = f"{request_line}\r\nHost: 127.0.0.1\r\n{header}\r\nConnection: close\r\n\r\n"
        try:
            connection.sendall(text.encode())
            status = int(connection.recv(64).split(b" ")[1])
        except ConnectionResetError:  # refused while it was still being sent
            status = statuses[0]
    assert status in statuses
