"""What the page's own routes give back: fragments of markup and JSON, in the language of whoever asks, and errors."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from assistant.errors import UnknownConversationError
from ui import guard
from ui.escape import escape
from ui.messages import Words
from ui.telling import told

_UNKEPT = {"cache-control": "no-store"}  # a library's texts stay out of the browser's cache


def words_of(request: Request) -> Words:
    """The words of the page in the language of the browser, or in the one chosen on the page."""
    return guard.words_of(request.headers)


class _Data(JSONResponse):
    def render(self, content: Any) -> bytes:
        # What a request brought, or a broken text, may hold lone surrogates, for which UTF-8 has no place.
        return json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def fragment(markup: str, status: int = 200) -> HTMLResponse:
    """A piece of the page."""
    return HTMLResponse(markup, status, _UNKEPT)


def data(content: object, status: int = 200) -> JSONResponse:
    """Facts for a script of the page."""
    return _Data(content, status, _UNKEPT)


def problem(message: str, detail: str = "", status: int = 400) -> HTMLResponse:
    """What went wrong and what to do, as the page shows it."""
    said = f'<p class="lead">{escape(message)}</p>' + (f'<p class="detail">{escape(detail)}</p>' if detail else "")
    return fragment(f'<div class="problem" role="alert">{said}</div>', status)


def failed(request: Request, error: Exception) -> HTMLResponse:
    """An error of a route, told in the language of the page.

    YoujuError, EmbedderError, KeyError, a request of another shape, or what the framework itself refuses.
    """
    words = words_of(request)
    status = error.status_code if isinstance(error, HTTPException) else 422
    if isinstance(error, KeyError) or status == 404:
        return problem(words.gone_error, status=404)
    if isinstance(error, RequestValidationError | HTTPException):  # what was wrong may be no text: it is not repeated
        return problem(words.unclear_error, status=status)
    return problem(*told(error, words), status=404 if isinstance(error, UnknownConversationError) else 400)
