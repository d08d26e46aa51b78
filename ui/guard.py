"""What stands between the network and the page: which hosts, paths and origins are served, and under which policy.

The page is for one person's own texts, so everything it does not need is refused: file and proxy routes of Gradio
(its server fetches any address it is given there), uploads, requests that another site makes a browser send, and
names that only a rebound DNS entry would use.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.messages import TITLE, words_for

REQUEST_BYTES = 2_000_000  # the longest question that is worth an answer about its length, many times over

# What the page asks for, and nothing else of the 70 routes that Gradio brings.
_PATHS = {"/", "/healthz", "/page.css", "/page.js", "/theme.css", "/manifest.json"}
_FOLDERS = (
    "/assets/",
    "/static/",
    "/gradio_api/queue/",
    "/gradio_api/heartbeat/",
    "/gradio_api/startup-events",
    "/gradio_api/app_id",  # a tab asks it to find the server again after a restart
    "/gradio_api/cancel",
    "/gradio_api/reset",
)

# Styles: Svelte and Gradio set style attributes and add style elements as they run, so these cannot be hashed.
_POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_OPEN_GRAPH = re.compile(r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*>')
_ICON = quote(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f5c63"/>'
    '<path d="M8 10h16M8 22h9" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>'
    '<path d="M7 16h18" stroke="#f4d675" stroke-width="5"/></svg>'
)
_HEAD = (
    f'<title>{TITLE}</title><link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{_ICON}">'
    '<link rel="stylesheet" href="page.css"><script src="page.js" defer></script></head>'
)


class Guard:
    """ASGI middleware around the whole application; `host` is the address that the server listens on."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._hosts = {"localhost", "127.0.0.1", "::1", host.strip("[]").lower()}
        self._any_address = host in ("", "0.0.0.0", "::")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
        elif scope["path"] == "/":
            await self._page(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if not self._trusted(headers.get("host", "")):
            return PlainTextResponse("This name is not one of this computer's.", 400)
        path = scope["path"]
        if path not in _PATHS and not path.startswith(_FOLDERS):
            return PlainTextResponse("Not found", 404)
        if scope["method"] in ("GET", "HEAD"):
            return None
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers["host"]:
            return PlainTextResponse("Only the page itself may ask.", 403)
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdigit():
            return PlainTextResponse("The length of the request is missing.", 411)
        if int(length) > REQUEST_BYTES:
            return PlainTextResponse("The request is too long.", 413)
        return None

    def _trusted(self, header: str) -> bool:
        """A name that this computer is known by. An address is safe when listening on all: rebinding needs a name."""
        try:
            name = (urlsplit(f"//{header}").hostname or "").lower()
        except ValueError:
            return False
        if name in self._hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return self._any_address

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send Gradio's page with our own head and with a policy that names each of its inline scripts by hash."""
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self._app(scope, receive, collect)
        words = words_for(Headers(scope=scope).get("accept-language"))
        html = _OPEN_GRAPH.sub("", body.decode())
        html = html.replace('lang="en"', f'lang="{words.language}"', 1)
        html = html.replace("</head>", _HEAD, 1)
        content = html.encode()
        hashes = "".join(
            f" 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
            for script in _INLINE_SCRIPT.findall(html)
        )
        headers = MutableHeaders(raw=start["headers"])
        headers["cache-control"] = "no-store"
        headers["vary"] = "accept-language"
        shown = b"" if scope["method"] == "HEAD" else content
        headers["content-length"] = str(len(content))
        send = _with_headers(send, hashes)
        await send(start)
        await send({"type": "http.response.body", "body": shown})


def _with_headers(send: Send, hashes: str = "") -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            headers["content-security-policy"] = _POLICY.format(scripts=hashes)
        await send(message)

    return sending
