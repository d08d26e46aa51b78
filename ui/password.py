"""One password for the page where more than one's own machine reaches it: who knows it has a session for a while.

Nothing is kept on disk: sessions end with the server, and the password itself is forgotten for its scrypt hash.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import math
import re
import secrets
import time
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Callable
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from ui.password_page import login_page

LOGIN, LOGOUT, HEALTH = "/login", "/logout", "/healthz"
IDLE_SECONDS = 12 * 3600.0  # a session that nobody uses ends: a day's work, with a break in it
SESSION_SECONDS = 7 * 24 * 3600.0  # and any session after a week
SESSIONS = 1000  # at once; the one used longest ago gives way
FORM_BYTES = 8192  # what one may send who has not said the password
PASSWORD_CHARACTERS = 1024

# About 50 ms and 16 MB a guess: OWASP's smallest recommendation for scrypt has more memory, which a small computer
# that others may ask to guess should not spend; how often one may guess is limited below.
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}

FREE_ATTEMPTS = 5  # mistyping is no attack; after these each one waits twice as long as the one before
LONGEST_WAIT = 300.0  # seconds
ATTEMPTS_A_MINUTE = 60  # of all addresses together: who has many of them guesses no faster. Open sessions go on
_ADDRESSES = 10_000  # remembered; the one seen longest ago is forgotten

# A path of this server with a query: two slashes, or one that is written otherwise, would lead to another one.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,2000}")


class Lock:
    """Answers whoever has no session; `clock` gives seconds that only grow."""

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        if not 0 < len(password) <= PASSWORD_CHARACTERS:
            raise ValueError(f"A password has 1 to {PASSWORD_CHARACTERS} characters.")
        self._salt = secrets.token_bytes(16)
        self._hash = self._hashed(password)
        self._clock = clock
        self._attempts = Attempts(clock)
        self._sessions: OrderedDict[bytes, tuple[float, float]] = OrderedDict()  # begun and last used
        self._guessing = asyncio.Lock()  # one hash at a time: their memory would add up

    async def answer(self, scope: Scope, receive: Receive, language: str) -> Response | None:
        """What to send instead of the page; None for who has a session. `language` is that of the login page."""
        headers = Headers(scope=scope)
        path, looking = scope["path"], scope["method"] in ("GET", "HEAD")
        inside = self._is_open(self._token(headers, scope))
        if path == LOGOUT:
            return PlainTextResponse("Log out by a button.", 405, {"allow": "POST"}) if looking else self._leave(scope)
        if path == LOGIN:
            if not looking:
                return await self._enter(scope, receive, language)
            wanted = _local(parse_qs(scope["query_string"].decode("latin-1")).get("next", ["/"])[-1])
            return RedirectResponse(wanted, 303) if inside else _page(language, wanted)
        if inside:
            return None
        if path == HEALTH:
            return JSONResponse({"ok": True})
        if looking and _is_reader(headers):
            return RedirectResponse(LOGIN + _after(scope), 303)
        # A script is told, so that its page can send the reader to the login page.
        return JSONResponse({"error": "login", "login": LOGIN}, 401)

    def watched(self, headers: Headers, scope: Scope, send: Send) -> Send:
        """`send` until the session ends: an event stream that is open then ends, too."""
        token = self._token(headers, scope)
        ended = False

        async def sending(message: Message) -> None:
            nonlocal ended
            if ended:
                return
            if message["type"] == "http.response.body" and not self._is_open(token, used=False):
                ended = True
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        return sending

    async def _enter(self, scope: Scope, receive: Receive, language: str) -> Response:
        form = await _form(scope, receive)
        if form is None:
            return PlainTextResponse("This is not the login form.", 400)
        wanted = _local(form.get("next", "/"))
        address = _network(scope.get("client"))
        wait = self._attempts.begin(address)
        if wait > 0:
            seconds = math.ceil(wait)
            return _page(language, wanted, status=429, wait=seconds, headers={"retry-after": str(seconds)})
        given = form.get("password", "")
        async with self._guessing:
            hashed = await asyncio.to_thread(self._hashed, given[: PASSWORD_CHARACTERS + 1])
        if not hmac.compare_digest(hashed, self._hash):
            return _page(language, wanted, status=403, wrong=True)
        self._attempts.succeeded(address)
        response = RedirectResponse(wanted, 303)
        self._set_cookie(response, scope, self._begin())
        return response

    def _leave(self, scope: Scope) -> Response:
        token = self._token(Headers(scope=scope), scope)
        self._sessions.pop(_key(token), None)
        response = RedirectResponse(LOGIN, 303)
        self._set_cookie(response, scope, "")
        return response

    # sessions

    def _begin(self) -> str:
        token = secrets.token_urlsafe(32)
        now = self._clock()
        self._sessions[_key(token)] = (now, now)
        while len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)
        return token

    def _is_open(self, token: str, *, used: bool = True) -> bool:
        """Whether the session has not ended; a stream that runs by itself does not count as use."""
        key, now = _key(token), self._clock()
        begun, last = self._sessions.get(key, (-math.inf, -math.inf))
        if now - begun > SESSION_SECONDS or now - last > IDLE_SECONDS:
            self._sessions.pop(key, None)
            return False
        if used:
            self._sessions[key] = (begun, now)
            self._sessions.move_to_end(key)
        return True

    def _token(self, headers: Headers, scope: Scope) -> str:
        return cookie_parser(headers.get("cookie", "")).get(_cookie_name(scope), "")

    def _set_cookie(self, response: Response, scope: Scope, token: str) -> None:
        # A proxy in front may speak https while this server does not: the origin of the form tells.
        secure = scope["scheme"] == "https" or Headers(scope=scope).get("origin", "").startswith("https:")
        response.set_cookie(
            _cookie_name(scope),
            token,
            max_age=int(SESSION_SECONDS) if token else 0,
            secure=secure,
            httponly=True,
            samesite="strict",
        )

    def _hashed(self, password: str) -> bytes:
        typed = unicodedata.normalize("NFC", password)  # keyboards write an é in one letter or in two
        return hashlib.scrypt(typed.encode("utf-8", "surrogatepass"), salt=self._salt, **_SCRYPT)


class Attempts:
    """How often may be guessed. An attempt counts when it begins, so that many at once count as many."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()  # how often, and from when on again
        self._recent: deque[float] = deque()

    def begin(self, address: str) -> float:
        """Seconds to wait before another attempt; 0 where this one may be made now."""
        now = self._clock()
        while self._recent and now - self._recent[0] >= 60:
            self._recent.popleft()
        failed, again = self._failed.get(address, (0, 0.0))
        if now < again:
            return again - now
        if len(self._recent) >= ATTEMPTS_A_MINUTE:
            return 60 - (now - self._recent[0])
        self._recent.append(now)
        failed += 1
        wait = 0.0 if failed < FREE_ATTEMPTS else min(2.0 ** (failed - FREE_ATTEMPTS + 1), LONGEST_WAIT)
        self._failed[address] = (min(failed, 1000), now + wait)
        self._failed.move_to_end(address)
        if len(self._failed) > _ADDRESSES:
            self._failed.popitem(last=False)
        return 0.0

    def succeeded(self, address: str) -> None:
        """What this address mistyped before is forgotten."""
        self._failed.pop(address, None)
        if self._recent:
            self._recent.pop()


async def _form(scope: Scope, receive: Receive) -> dict[str, str] | None:
    """The fields of the login form; None for anything else."""
    if not Headers(scope=scope).get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > FORM_BYTES:
            return None
        if not message.get("more_body"):
            break
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return None
    return {name: values[-1] for name, values in fields.items()}


def _page(
    language: str,
    wanted: str,
    *,
    status: int = 200,
    wrong: bool = False,
    wait: int = 0,
    headers: dict[str, str] | None = None,
) -> Response:
    content, policy = login_page(language, wanted, wrong=wrong, wait=wait)
    about = {"content-security-policy": policy, "cache-control": "no-store", "vary": "accept-language, cookie"}
    return HTMLResponse(content, status, {**about, **(headers or {})})


def _is_reader(headers: Headers) -> bool:
    """Whether this is somebody at an address bar or a link, and no script."""
    mode = headers.get("sec-fetch-mode")
    if mode is not None:
        return mode == "navigate"
    return "x-youju" not in headers and "text/html" in headers.get("accept", "")


def _after(scope: Scope) -> str:
    """The query of the login page that leads back to what was asked for."""
    query = scope["query_string"].decode("latin-1")
    wanted = quote(scope["path"]) + (f"?{query}" if query else "")
    return "" if wanted == "/" else f"?next={quote(_local(wanted), safe='')}"


def _local(wanted: str) -> str:
    leads_back = _LOCAL.fullmatch(wanted) and wanted.partition("?")[0] not in (LOGIN, LOGOUT)
    return wanted if leads_back else "/"


def _cookie_name(scope: Scope) -> str:
    """With the port in it: cookies know none, and two servers of one computer would share one."""
    return f"youju_session_{(scope.get('server') or ('', 0))[1]}"


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _network(client: tuple[str, int] | None) -> str:
    """Whom an address belongs to: somebody who has one of IPv6 has the 2**64 beside it, too."""
    if client is None:
        return ""
    try:
        address = ipaddress.ip_address(client[0].partition("%")[0])
    except ValueError:
        return client[0]
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
