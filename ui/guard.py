"""What stands between the network and the page: which hosts, paths and origins are served, and under which policy.

The page is for one person's own texts, so everything it does not need is refused: file and proxy routes of Gradio
(its server fetches any address it is given there), whatever create_app did not name, requests that another site makes
a browser send, and names that only a rebound DNS entry would use. With a password, `ui.password` asks for it here.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.frame import Shell, page_of
from ui.messages import CHINESE, ENGLISH, Words, words_for
from ui.password import LOGIN, LOGOUT, Lock
from ui.policy import page_policy, with_headers

REQUEST_BYTES = 2_000_000  # the longest question that is worth an answer about its length, many times over
UPLOAD = "/library/upload"  # the one request that may be longer, where uploads are switched on
LANGUAGE_COOKIE = "youju_language"

# What the page asks for, and nothing else of the 70 routes that Gradio brings.
_GRADIO_PATHS = {
    "/",
    "/theme.css",
    "/manifest.json",
    "/gradio_api/startup-events",
    "/gradio_api/app_id",  # a tab asks it to find the server again after a restart
    "/gradio_api/run/predict",
}
_GRADIO_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/")

# A name or an address and a port, as browsers send it; nothing that a parser of addresses might take apart otherwise.
_HOST = re.compile(r"(\[[0-9a-f:.%]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.IGNORECASE)
# Hidden in a path, these are only ever an attempt to leave a folder: ids of documents stand in the query.
_HIDDEN = re.compile(rb"%2f|%5c", re.IGNORECASE)


class _TooLongError(Exception):
    """More came than may come; raised where the application reads the request."""


class Guard:
    """ASGI middleware around the whole application; `host` is the address that the server listens on.

    Served are Gradio's own routes as far as a page needs them, the `paths`, and what lies under the `folders` (which
    end in “/”). `uploads` is how many bytes a POST to UPLOAD may have; None where nothing can be uploaded.
    `page` gives the markup that is put around Gradio in the page. With a `password` everything but /healthz needs it.
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        *,
        paths: Collection[str] = ("/healthz",),
        folders: Collection[str] = (),
        uploads: int | None = None,
        page: Callable[[Words, Headers], Shell] | None = None,
        password: str | None = None,
    ) -> None:
        self._app = app
        self._paths = frozenset(paths)
        self._folders = tuple(folders)
        if not all(folder.startswith("/") and folder.endswith("/") and len(folder) > 2 for folder in folders):
            raise ValueError(f"A folder begins and ends with “/”, or it lets in more than it names: {self._folders}")
        self._uploads = uploads
        self._page = page
        self._lock = None if password is None else Lock(password)
        self._hosts = {"localhost", "127.0.0.1", "::1", _plain(host)}
        self._any_address = _plain(host) in ("", "0.0.0.0", "::")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "websocket":  # nothing here speaks it, and it knows no same origin
            await send({"type": "websocket.close", "code": 1008})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        gradio = path in _GRADIO_PATHS or path.startswith(_GRADIO_FOLDERS)
        headers = Headers(scope=scope)
        response = self._refusal(scope, headers)
        if response is None:
            receive = _limited(receive, self._most(path))
            if self._lock is not None:
                response = await self._lock.answer(scope, receive, language_of(headers))
                if response is None:
                    send = self._lock.watched(headers, scope, send)
        if response is not None:
            await response(scope, receive, with_headers(send))
            return
        if path == "/":
            words = words_of(headers)
            shell = Shell() if self._page is None else self._page(words, headers)
            await page_of(self._app, scope, receive, with_headers(send), words.language, shell)
            return
        await self._passed_on(scope, receive, with_headers(send, page_policy() if gradio else None))

    async def _passed_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """To the application; a request that turns out too long is answered as such, whatever became of it there."""
        too_long = started = False

        async def receiving() -> Message:
            nonlocal too_long
            try:
                return await receive()
            except _TooLongError:
                too_long = True
                raise

        async def sending(message: Message) -> None:
            nonlocal started
            if too_long and not started:
                return
            started = True
            await send(message)

        with contextlib.suppress(_TooLongError):
            await self._app(scope, receiving, sending)
        if too_long and not started:
            await _refused(413)(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if not self._trusted(headers.get("host", "")):
            return PlainTextResponse("This name is not one of this computer's.", 400)
        path = scope["path"]
        if not (_is_plain(path, scope.get("raw_path")) and self._served(path)):
            return _refused(404)
        method = scope["method"]
        if method in ("GET", "HEAD"):
            return None if _may_look(headers) else _refused(403)
        if method != "POST":
            return PlainTextResponse("Method not allowed", 405, {"allow": "GET, HEAD, POST"})
        if not _is_own(headers):
            return _refused(403)
        length = headers.get("content-length")
        if length is None and path == UPLOAD:
            return None  # what arrives is counted
        if length is None or not length.isascii() or not length.isdigit():
            return PlainTextResponse("The length of the request is missing.", 411)
        if len(length) > 15 or int(length) > self._most(path):
            return _refused(413)
        return None

    def _served(self, path: str) -> bool:
        if path == UPLOAD:
            return self._uploads is not None
        if path in (LOGIN, LOGOUT):  # Gradio has routes of these names, too
            return self._lock is not None
        return path in _GRADIO_PATHS or path in self._paths or path.startswith((*_GRADIO_FOLDERS, *self._folders))

    def _most(self, path: str) -> int:
        return self._uploads if path == UPLOAD and self._uploads is not None else REQUEST_BYTES

    def _trusted(self, header: str) -> bool:
        """A name that this computer is known by. An address is safe when listening on all: rebinding needs a name."""
        found = _HOST.fullmatch(header)
        if not found:
            return False
        name = _plain(found[1])
        return name in self._hosts or (self._any_address and _is_address(name))


def words_of(headers: Headers) -> Words:
    """The words of the language that a reader chose, or else of the one that the browser prefers."""
    chosen = cookie_parser(headers.get("cookie", "")).get(LANGUAGE_COOKIE)
    for words in (CHINESE, ENGLISH):
        if chosen == words.language:
            return words
    return words_for(headers.get("accept-language"))


def language_of(headers: Headers) -> str:
    """“zh-CN” or “en”, as `words_of`."""
    return words_of(headers).language


def is_loopback(host: str) -> bool:
    """Whether listening there is listening to this computer alone."""
    name = _plain(host)
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)


def open_to_network(host: str, password: str | None) -> bool:
    """Whether whoever reaches this computer can read the library; the page and the terminal say so."""
    return password is None and not is_loopback(host)


def _plain(host: str) -> str:
    """A name in small letters; an address in the shortest of its forms, without brackets."""
    name = host.strip("[]").lower()
    return ipaddress.ip_address(name).compressed if _is_address(name) else name


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_plain(path: str, raw: bytes | None) -> bool:
    """A path that means what it says, whoever reads it next: no steps up, hidden separators or broken letters."""
    if raw is not None and _HIDDEN.search(raw):
        return False
    if "\\" in path or "�" in path or any(ord(letter) < 32 or ord(letter) == 127 for letter in path):
        return False
    return not any(part in (".", "..") for part in path.split("/")) and "//" not in path


def _may_look(headers: Headers) -> bool:
    """Another site may link here; it may not put what is here into itself, or have it looked up unseen."""
    if headers.get("sec-fetch-site") not in ("cross-site", "same-site"):
        return True
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


def _is_own(headers: Headers) -> bool:
    """Whether the page itself, or no browser at all, makes this request.

    Browsers name the origin of whatever changes something. What names none must have a header that no other site can
    make a browser send without asking first, which is always refused (OPTIONS).
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return headers.get("x-youju") == "1"
    if site not in (None, "same-origin"):
        return False
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == headers["host"].lower()


def _limited(receive: Receive, most: int) -> Receive:
    """Counts what arrives: a length that is told need not be true, and one in pieces tells none."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise _TooLongError
        return message

    return receiving


def _refused(status: int) -> Response:
    texts = {403: "Only the page itself may ask.", 404: "Not found", 413: "The request is too long."}
    return PlainTextResponse(texts[status], status)
