"""The page that Gradio sends, with our own frame put around it: there before the first of Gradio's scripts runs."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.messages import TITLE
from ui.policy import page_policy

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_OPEN_GRAPH = re.compile(r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*>')
# Gradio's colours until its styles are there: white, then dark. Ours come with base.css, before anything is shown.
_FIRST_STYLE = re.compile(r"\s*<style>[^<]*--bg:[^<]*</style>")
ICON = "data:image/svg+xml," + quote(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f5c63"/>'
    '<path d="M8 10h16M8 22h9" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>'
    '<path d="M7 16h18" stroke="#f4d675" stroke-width="5"/></svg>'
)
_HEAD = (
    f'<title>{TITLE}</title><meta name="color-scheme" content="light dark">'
    f'<link rel="icon" type="image/svg+xml" href="{ICON}">'
)


@dataclass(frozen=True, slots=True)
class Shell:
    """Markup around Gradio's own, escaped by who makes it; a script in it runs only from a file (`src`)."""

    head: str = ""
    before: str = ""  # at the beginning of the body
    after: str = ""  # right behind Gradio's element


def sha256_source(content: str) -> str:
    """How a policy names an inline script or style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


async def page_of(app: ASGIApp, scope: Scope, receive: Receive, send: Send, language: str, shell: Shell) -> None:
    """Send Gradio's page in its shell, with a policy that names each of Gradio's inline scripts by hash."""
    start: Message = {}
    body = bytearray()

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    # Asked for in full even where only the head is wanted: the length and the policy depend on it.
    await app({**scope, "method": "GET"} if scope["method"] == "HEAD" else scope, receive, collect)
    headers = MutableHeaders(raw=start["headers"])
    content = bytes(body)
    if start["status"] == 200:
        html = body.decode()
        # Before the shell is put in: a script that found its way into that one stays without a name.
        headers["content-security-policy"] = page_policy(map(sha256_source, _INLINE_SCRIPT.findall(html)))
        content = _framed(html, language, shell).encode()
    headers["cache-control"] = "no-store"
    headers["vary"] = "accept-language, cookie"
    headers["content-length"] = str(len(content))
    await send(start)
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})


def _framed(html: str, language: str, shell: Shell) -> str:
    html = _FIRST_STYLE.sub("", _OPEN_GRAPH.sub("", html), count=1)
    html = html.replace('lang="en"', f'lang="{language}"', 1)
    html = html.replace("</head>", f"{_HEAD}{shell.head}</head>", 1)
    html = html.replace("<gradio-app", f"{shell.before}<gradio-app", 1)
    return html.replace("</gradio-app>", f"</gradio-app>{shell.after}", 1)
