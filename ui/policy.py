"""What a browser may do with an answer of ours: the policy and the other headers of every response."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

# Styles: Svelte and Gradio set style attributes and add style elements as they run, so these cannot be hashed.
_GRADIO = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
_OWN_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)
# A document of the library, which anybody may have written, and whatever else is no page of ours. Browsers show a
# picture in a page of their own, with a style of their own.
_NO_PAGE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
_ALWAYS = {
    "x-content-type-options": "nosniff",
    # Not “no-referrer”: a browser would tell a form's origin as “null”, and the guard could not know it for our own.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def page_policy(scripts: Iterable[str] = ()) -> str:
    """Of the page that Gradio runs in; `scripts` are the hashes of the inline ones."""
    return _GRADIO.format(scripts=_sources(scripts))


def own_policy(styles: Iterable[str] = ()) -> str:
    """Of a page of our own; `styles` are the hashes of its inline style elements."""
    return _OWN_PAGE.format(styles=_sources(styles))


def with_headers(send: Send, policy: str | None = None) -> Send:
    """`send`, with the headers added: `policy`, or the one for what is sent (a page, a download, anything else).

    What is not Gradio's is not kept by the browser unless it says so itself: it is somebody's own texts.
    """

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_ALWAYS)
            if policy is None:
                headers.setdefault("cache-control", "no-store")
            if "content-security-policy" not in headers:
                headers["content-security-policy"] = policy or _policy_for(headers)
        await send(message)

    return sending


def _policy_for(headers: MutableHeaders) -> str:
    kept = headers.get("content-disposition", "").lower().startswith("attachment")
    return own_policy() if headers.get("content-type", "").startswith("text/html") and not kept else _NO_PAGE


def _sources(hashes: Iterable[str]) -> str:
    return "".join(f" '{one}'" for one in hashes)
