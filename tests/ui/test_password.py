"""The password before the page: what is refused without it, how often it may be guessed, when a session ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.datastructures import Headers

import ui.app
from tests.ui.axe import violations
from tests.ui.fake_library import FakeAssistant
from tests.ui.running import Running
from ui.guard import Guard
from ui.password import (
    ATTEMPTS_A_MINUTE,
    FORM_BYTES,
    FREE_ATTEMPTS,
    IDLE_SECONDS,
    LONGEST_WAIT,
    SESSION_SECONDS,
    SESSIONS,
    Attempts,
    Lock,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PASSWORD = "储备粮 & <é>"


def build(monkeypatch: pytest.MonkeyPatch) -> Running:
    monkeypatch.setattr(ui.app, "Guard", lambda app, **options: Guard(app, **{**options, "password": PASSWORD}))
    return Running(FakeAssistant())


@pytest.fixture(scope="module")
def locked() -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as monkeypatch, build(monkeypatch) as running:
        yield running


def client(running: Running, **headers: str) -> httpx.Client:
    return httpx.Client(base_url=running.url, headers={"origin": running.url, **headers}, trust_env=False)


def enter(browser: httpx.Client, password: str = PASSWORD, **fields: str) -> httpx.Response:
    return browser.post("/login", data={"password": password, **fields})


def routes(app: Any) -> set[str]:
    """Every path that the application and Gradio in it have a route for."""
    found = set()
    for route in app.routes:
        found.add(getattr(route, "path", ""))
        for inside in (getattr(route, "app", None), getattr(route, "original_router", None)):
            if hasattr(inside, "routes"):
                found |= {one if one.startswith("/") else f"/{one}" for one in routes(inside)}
    return found


def test_no_route_of_ours_or_of_gradio_is_served_without_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    create = ui.app.create_app
    monkeypatch.setattr("tests.ui.running.create_app", lambda *a, **k: made.append(create(*a, **k)) or made[0])
    with build(monkeypatch) as running, client(running) as browser:
        paths = routes(made[0])
        known = {"/", "/queue/join", "/queue/data", "/assets/{path:path}", "/ui/base.css"}
        assert known <= paths | {path.removeprefix("/gradio_api") for path in paths}
        paths |= {f"/gradio_api{path}" for path in paths}
        for path in sorted(paths - {"/healthz", "/login", "/logout"}):
            asked = path.replace("{path:path}", "index.html").replace("{session_hash}", "abc")
            for method in ("GET", "POST"):
                status = browser.request(method, asked).status_code
                assert status in (401, 404, 405), (method, asked, status)
        for path in ("/", "/gradio_api/startup-events", "/gradio_api/heartbeat/abc", "/ui/base.css", "/library/state"):
            assert browser.get(path).status_code == 401
        assert browser.post("/gradio_api/run/predict", json={}).json() == {"error": "login", "login": "/login"}


def test_healthz_says_only_that_it_is_there(locked: Running) -> None:
    with client(locked) as browser:
        assert browser.get("/healthz").json() == {"ok": True}
        enter(browser)
        assert browser.get("/healthz").json() == {"ok": True, "model": "ready"}


def test_a_reader_is_led_to_the_login_and_from_there_to_what_was_asked_for(locked: Running) -> None:
    with client(locked, accept="text/html") as browser:
        response = browser.get("/gradio_api/startup-events?x=1&y=文")
        assert response.status_code == 303
        login = response.headers["location"]
        assert login == "/login?next=%2Fgradio_api%2Fstartup-events%3Fx%3D1%26y%3D%25E6%2596%2587"
        page = browser.get(login)
        assert page.status_code == 200
        assert 'value="/gradio_api/startup-events?x=1&amp;y=%E6%96%87"' in page.text
        response = enter(browser, next="/gradio_api/startup-events?x=1&y=%E6%96%87")
        assert response.headers["location"] == "/gradio_api/startup-events?x=1&y=%E6%96%87"
        assert browser.get(response.headers["location"]).status_code == 200
        assert browser.get("/").status_code == 200
        assert browser.get("/login").headers["location"] == "/"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "/\r\nX: y",
        "javascript:1",
        "",
        "/login",
    ],
)
def test_the_login_leads_to_no_other_site(locked: Running, wanted: str) -> None:
    with client(locked) as browser:
        assert enter(browser, next=wanted).headers["location"] == "/"
        browser.cookies.clear()
        assert 'name="next" value="/"' in browser.get("/login", params={"next": wanted}).text


def test_scripts_are_told_by_401_whoever_they_are(locked: Running) -> None:
    with client(locked, accept="text/html", **{"x-youju": "1"}) as browser:
        assert browser.get("/").status_code == 401
    with client(locked, accept="text/html", **{"sec-fetch-mode": "cors", "sec-fetch-site": "same-origin"}) as browser:
        assert browser.get("/").status_code == 401


@pytest.mark.parametrize("wrong", ["", " ", PASSWORD + " ", PASSWORD[:-1], PASSWORD.upper(), "x" * 3000])
def test_only_the_password_opens(locked: Running, wrong: str) -> None:
    with client(locked) as browser:
        response = enter(browser, wrong)
        assert response.status_code == 403
        assert "set-cookie" not in response.headers
        assert browser.get("/").status_code == 401
        assert enter(browser, PASSWORD).status_code == 303  # which also forgets what was wrong before
        assert browser.get("/").status_code == 200


def test_a_letter_with_an_accent_is_the_same_from_every_keyboard(locked: Running) -> None:
    with client(locked) as browser:
        assert enter(browser, PASSWORD.replace("é", "e\u0301")).status_code == 303


def test_the_cookie_is_for_this_server_alone_and_no_script_reads_it(locked: Running) -> None:
    with client(locked) as browser:
        cookie = enter(browser).headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    assert name == f"youju_session_{locked.address[1]}"
    assert len(rest.partition(";")[0]) >= 43
    parts = {part.strip().lower() for part in rest.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/", f"max-age={int(SESSION_SECONDS)}"} <= parts
    assert "secure" not in parts
    with client(locked, origin=locked.url.replace("http:", "https:")) as browser:  # a server in front speaks https
        assert "secure" in enter(browser).headers["set-cookie"].lower()


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, "é", "'"])
def test_no_other_cookie_opens(locked: Running, cookie: str) -> None:
    with client(locked) as browser:
        header = f"youju_session_{locked.address[1]}={cookie}".encode()
        assert browser.get("/", headers={b"cookie": header}).status_code == 401


def test_the_form_of_another_site_or_of_another_kind_is_refused(locked: Running) -> None:
    with client(locked) as browser:
        for origin in ("http://evil.example", "null"):
            response = browser.post("/login", data={"password": PASSWORD}, headers={"origin": origin})
            assert response.status_code == 403
            assert "set-cookie" not in response.headers
            assert browser.post("/logout", headers={"origin": origin}).status_code == 403
        assert browser.post("/login", json={"password": PASSWORD}).status_code == 400
        assert browser.post("/login", files={"password": PASSWORD.encode()}).status_code == 400
        assert enter(browser, "x" * FORM_BYTES).status_code == 400
        assert browser.get("/logout").status_code == 405


def test_logging_out_ends_this_session_and_no_other(locked: Running) -> None:
    with client(locked) as browser, client(locked) as other:
        enter(browser)
        enter(other)
        token = dict(browser.cookies)
        response = browser.post("/logout")
        assert response.headers["location"] == "/login"
        assert "max-age=0" in response.headers["set-cookie"].lower()
        assert browser.get("/").status_code == 401
        browser.cookies.update(token)  # kept by somebody
        assert browser.get("/").status_code == 401
        assert other.get("/").status_code == 200


def test_the_login_page_allows_no_script_and_its_style_by_name(locked: Running) -> None:
    with client(locked) as browser:
        response = browser.get("/login")
    policy = response.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self' 'sha256-" in policy
    assert "unsafe" not in policy
    assert response.headers["cache-control"] == "no-store"
    assert "<script" not in response.text


def test_the_login_page_comes_in_the_readers_language(locked: Running) -> None:
    with client(locked, **{"accept-language": "zh"}) as browser:
        assert "请输入密码" in browser.get("/login").text
        assert "密码不对" in enter(browser, "x").text
        enter(browser)
    with client(locked, **{"accept-language": "en"}) as browser:
        assert '<html lang="en">' in browser.get("/login").text
        assert "Try again" in enter(browser, "x").text
        enter(browser)


# With a clock of the test's own


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Caller:
    """Somebody with an address and a cookie, before a lock."""

    def __init__(self, lock: Lock, address: str = "10.0.0.1") -> None:
        self.lock = lock
        self.address = address
        self.cookie = ""

    def ask(self, path: str = "/", method: str = "GET", form: dict[str, str] | None = None) -> int:
        """The status; 200 for what the lock lets through."""
        body = urlencode(form or {}).encode()
        headers = {"host": "h:1", "cookie": self.cookie, "content-type": "application/x-www-form-urlencoded"}
        scope = {
            "type": "http",
            "path": path,
            "method": method,
            "query_string": b"",
            "scheme": "http",
            "server": ("h", 1),
            "client": (self.address, 9),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        with ThreadPoolExecutor(1) as thread:  # Playwright leaves a loop in the thread of the tests
            response = thread.submit(asyncio.run, self.lock.answer(scope, receive, "en")).result()
        if response is None:
            return 200
        if "set-cookie" in response.headers:
            self.cookie = response.headers["set-cookie"].partition(";")[0]
        return response.status_code

    def enter(self, password: str) -> int:
        return self.ask("/login", "POST", {"password": password})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Lock:
    monkeypatch.setattr(Lock, "_hashed", lambda self, password: password.encode())  # as slow as it should be
    return Lock("p", clock)


def test_a_session_ends_when_nobody_uses_it(lock: Lock, clock: Clock) -> None:
    caller = Caller(lock)
    assert caller.enter("p") == 303
    for _ in range(3):
        clock.now += IDLE_SECONDS - 1
        assert caller.ask() == 200
    clock.now += IDLE_SECONDS + 1
    assert caller.ask() == 401


def test_a_session_ends_after_a_week_whoever_uses_it(lock: Lock, clock: Clock) -> None:
    caller = Caller(lock)
    caller.enter("p")
    end = clock.now + SESSION_SECONDS
    while clock.now + IDLE_SECONDS - 1 < end:
        clock.now += IDLE_SECONDS - 1
        assert caller.ask() == 200
    clock.now = end + 1
    assert caller.ask() == 401


def test_so_many_sessions_and_no_more_are_kept(lock: Lock) -> None:
    first, last = Caller(lock), Caller(lock)
    first.enter("p")
    for _ in range(SESSIONS):
        last.enter("p")
    assert last.ask() == 200
    assert first.ask() == 401
    assert len(lock._sessions) == SESSIONS


def test_an_event_stream_tells_nothing_more_when_its_session_has_ended(lock: Lock) -> None:
    caller = Caller(lock)
    caller.enter("p")
    scope = {"server": ("h", 1)}
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def stream() -> None:
        sending = lock.watched(Headers({"cookie": caller.cookie}), scope, send)
        await sending({"type": "http.response.start", "status": 200})
        await sending({"type": "http.response.body", "body": b"1", "more_body": True})
        lock._leave({"headers": [(b"cookie", caller.cookie.encode())], "scheme": "http", **scope})
        await sending({"type": "http.response.body", "body": b"2", "more_body": True})
        await sending({"type": "http.response.body", "body": b"3", "more_body": True})

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, stream()).result()
    assert sent[1:] == [
        {"type": "http.response.body", "body": b"1", "more_body": True},
        {"type": "http.response.body", "body": b"", "more_body": False},
    ]


def test_who_guesses_waits_longer_and_longer_and_others_do_not(lock: Lock, clock: Clock) -> None:
    caller, other = Caller(lock), Caller(lock, "10.0.0.2")
    for _ in range(FREE_ATTEMPTS):
        assert caller.enter("x") == 403
    waited = []
    for _ in range(12):
        assert caller.enter("p") == 429  # even the right one
        begun = clock.now
        while caller.enter("x") == 429:
            clock.now += 1
        waited.append(clock.now - begun)
    assert waited == sorted(waited)
    assert waited[:3] == [2, 4, 8]
    assert waited[-1] == LONGEST_WAIT
    assert other.enter("p") == 303
    clock.now += LONGEST_WAIT
    assert caller.enter("p") == 303
    assert caller.enter("x") == 403  # and begins anew


def test_many_addresses_together_guess_no_faster_and_sessions_go_on(lock: Lock, clock: Clock) -> None:
    owner = Caller(lock)
    owner.enter("p")
    statuses = [Caller(lock, f"10.1.{n // 250}.{n % 250}").enter("x") for n in range(ATTEMPTS_A_MINUTE + 20)]
    assert statuses == [403] * ATTEMPTS_A_MINUTE + [429] * 20
    assert owner.ask() == 200
    clock.now += 60
    assert Caller(lock, "10.2.0.0").enter("p") == 303


def test_the_addresses_of_one_network_count_as_one(lock: Lock) -> None:
    statuses = [Caller(lock, f"2001:db8::{n:x}").enter("x") for n in range(1, FREE_ATTEMPTS + 2)]
    assert statuses[-1] == 429
    assert Caller(lock, "2001:db8:0:1::1").enter("x") == 403


def test_attempts_at_once_count_as_many(clock: Clock) -> None:
    attempts = Attempts(clock)
    waits = [attempts.begin("a") for _ in range(FREE_ATTEMPTS * 3)]
    assert waits.count(0.0) == FREE_ATTEMPTS


def test_a_password_of_no_letters_is_none() -> None:
    with pytest.raises(ValueError, match="1 to"):
        Lock("")


# In a browser


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("locale", "wrong"), [("zh-CN", "密码不对"), ("en", "not the password")])
def test_logging_in_by_keyboard_on_a_phone_without_scripts(
    browser: Browser, locked: Running, locale: str, wrong: str, scheme: Any
) -> None:
    trouble: list[str] = []
    context = browser.new_context(locale=locale, color_scheme=scheme, viewport={"width": 360, "height": 640})
    try:
        page = context.new_page()
        page.on("request", lambda request: trouble.append(request.url) if not is_ours(request.url) else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))

        def is_ours(url: str) -> bool:
            return url.startswith((locked.url, "data:"))

        page.goto(locked.url)
        assert page.url.endswith("/login")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.activeElement.id") == "password"
        page.keyboard.type("x")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        assert wrong in page.get_by_role("alert").inner_text()
        assert violations(page) == []
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#send:not(:empty)")  # Gradio runs behind it
        assert context.cookies()[0]["httpOnly"]
        page.goto(locked.url + "/login")
        assert page.url == locked.url + "/"
        assert trouble == []
    finally:
        context.close()
