"""What the server lets in, and the policy it sends with the page: the real application, without a browser."""

from __future__ import annotations

import base64
import hashlib
import http.client
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.ui.fake_library import FakeAssistant
from tests.ui.running import Running


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
    assert "page.css" in chinese
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


@pytest.mark.parametrize("path", ["/healthz", "/page.js", "/theme.css", "/gradio_api/startup-events"])
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
    assert httpx.post(server.url + "/gradio_api/queue/join", trust_env=False, **send).status_code == 403
    send["headers"] = {"origin": "null"}
    assert httpx.post(server.url + "/gradio_api/queue/join", trust_env=False, **send).status_code == 403


def test_a_request_of_many_megabytes_or_unknown_length_is_refused(server: Running) -> None:
    path = server.url + "/gradio_api/queue/join"
    assert httpx.post(path, content=b"x" * 3_000_000, trust_env=False).status_code == 413
    assert httpx.post(path, content=iter([b"{}"]), trust_env=False).status_code == 411


def test_head_of_the_page(server: Running) -> None:
    response = httpx.head(server.url + "/", trust_env=False)
    assert response.status_code == 200
    assert response.content == b""


def test_listening_on_all_addresses_trusts_addresses_but_no_names() -> None:
    with Running(FakeAssistant(), host="0.0.0.0") as running:
        assert get(running, "/healthz", host="192.168.1.7:7860").status_code == 200
        assert get(running, "/healthz", host="evil.example").status_code == 400
