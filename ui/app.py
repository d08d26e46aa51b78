"""The page as an application: its rooms and the chat, put together behind the guard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from assistant.errors import YoujuError
from embeddings.embedder import EmbedderError
from ui import chat
from ui.conversations.routes import routes as conversation_routes
from ui.desk import Desk, MakeAssistant
from ui.guard import Guard, open_to_network
from ui.reader.routes import routes as reader_routes
from ui.replies import data, failed
from ui.search.routes import routes as search_routes
from ui.shelf.routes import routes as shelf_routes
from ui.shell import shell

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_KINDS = {".css": "text/css", ".js": "text/javascript"}
_FOLDERS = [Path(__file__).parent / name for name in ("static", "conversations", "reader", "search", "shelf")]


def create_app(assistant: Assistant, *, host: str = "127.0.0.1", make: MakeAssistant | None = None) -> FastAPI:
    """The page of one library; `host` is the address it will listen on, which is a name to trust.

    `app.state.desk` is what all its tabs share: whoever serves the page closes it. `make` opens another library by its
    folder; with it the page offers the sample.
    """
    import gradio as gr

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    desk = app.state.desk = Desk(assistant, make)
    settings = assistant.settings
    app.state.open_to_network = open_to_network(host, settings.password)
    app.add_middleware(
        Guard,
        host=host,
        paths=("/healthz", "/conversations", "/read", "/search"),
        folders=("/ui/", "/conversations/", "/reader/", "/search/", "/library/"),
        page=lambda words, headers: shell(words, open_to_network=app.state.open_to_network),
        uploads=settings.file_megabytes * 1_000_000 if settings.uploads else None,
        password=settings.password,
    )

    @app.get("/healthz")
    def healthz() -> Response:
        return data({"ok": True, "model": desk.assistant.model_state})

    @app.exception_handler(YoujuError)
    @app.exception_handler(EmbedderError)
    @app.exception_handler(KeyError)
    @app.exception_handler(RequestValidationError)
    @app.exception_handler(HTTPException)
    def told(request: Request, error: Exception) -> Response:
        return failed(request, error)

    for room in (conversation_routes, reader_routes, search_routes, shelf_routes):
        app.include_router(room(desk))
    for path in sorted(path for folder in _FOLDERS for path in folder.iterdir() if path.suffix in _KINDS):
        app.add_api_route(f"/ui/{path.name}", _file(path), methods=["GET"])

    gr.mount_gradio_app(
        app,
        chat.blocks(desk),
        path="/",
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        show_error=False,
        max_file_size="1kb",  # nothing is uploaded through Gradio; the guard refuses the route as well
        enable_monitoring=False,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        # An application of its own, which would answer these with 500.
        app_kwargs={"exception_handlers": dict.fromkeys((KeyError, RequestValidationError, HTTPException), told)},
    )
    return app


def _file(path: Path) -> Any:
    def send() -> FileResponse:
        return FileResponse(path, media_type=_KINDS[path.suffix], headers={"cache-control": "no-cache"})

    return send
