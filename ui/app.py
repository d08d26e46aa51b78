"""The page as an application: its layout and its wiring. What events do is in handlers, markup in render.

Gradio has no component for citations, and its chat component sends the whole conversation with every answer. Here one
turn at a time arrives in a hidden Markdown component (which sanitises it), and `page.js` puts it in its place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse

# Before the import, or Gradio looks for outside hosts; and else it keeps a record of every event and summarises all
# of them with pandas after each one.
os.environ |= {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**12),
}
import gradio as gr

from assistant.types import Turn
from ui import handlers, render
from ui.guard import Guard
from ui.messages import CHINESE, TITLE, Words, words_for
from ui.updates import Updates

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_FILES = {"page.css": "text/css", "page.js": "text/javascript"}
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
AS_WRITTEN = "ask-as-written"
_ASKING_AT_ONCE = 16  # questions of all tabs together; answering itself is safe in threads


def create_app(assistant: Assistant, *, host: str = "127.0.0.1") -> FastAPI:
    """The chat page of one library; `host` is the address it will listen on, which is a name to trust.

    `app.state.updates` is what all its tabs share: whoever serves the page closes it.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    updates = app.state.updates = Updates(assistant)
    app.add_middleware(Guard, host=host)

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"ok": True, "model": assistant.model_state})

    for name, kind in _FILES.items():
        app.add_api_route(f"/{name}", _file(name, kind), methods=["GET"])

    gr.mount_gradio_app(
        app,
        _blocks(assistant, updates),
        path="/",
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        show_error=False,
        max_file_size="1kb",  # nothing is uploaded; the guard refuses the route as well
        enable_monitoring=False,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
    )
    return app


def _file(name: str, kind: str) -> Any:
    path = Path(__file__).parent / name

    def send() -> FileResponse:
        return FileResponse(path, media_type=kind, headers={"cache-control": "no-cache"})

    return send


class _Events:
    """The listeners: handlers, with what Gradio adds to a call and wants back from it."""

    def __init__(self, assistant: Assistant, updates: Updates) -> None:
        self._assistant = assistant
        self._updates = updates
        self.examples: list[gr.Button] = []

    def greet(self, request: gr.Request) -> list[Any]:
        words = _words(request)
        return [
            gr.Textbox(placeholder=words.placeholder, label=words.question),
            gr.Button(words.ask, interactive=True),
            render.panel(words),
            *self.look(request),
        ]

    def look(self, request: gr.Request) -> list[Any]:
        """What stands in the bar, in its order there, then the greeting, the timer and the examples."""
        words = _words(request)
        view = handlers.view(self._assistant, self._updates, words)
        examples = [gr.skip()] * len(self.examples)
        if view.examples is not None:
            texts = [*view.examples, *[""] * len(self.examples)][: len(self.examples)]
            examples = [gr.Button(text, visible=bool(text)) for text in texts]
        label: dict[str, Any] = {} if view.button is None else {"value": view.button}
        stop = words.stopping if view.stopping else words.stop
        return [
            gr.skip() if view.library is None else view.library,
            gr.Checkbox(view.following, label=words.follow),
            gr.Button(words.preview, visible=view.wanted),
            gr.Button(**label, interactive=not view.updating, variant="primary" if view.wanted else "secondary"),
            gr.Button(stop, visible=view.updating),
            view.progress,
            view.preview,
            gr.skip() if view.welcome is None else view.welcome,
            gr.Timer(view.interval),
            *examples,
        ]

    def update(self, request: gr.Request) -> list[Any]:
        self._updates.start()
        return self.look(request)

    def stop(self, request: gr.Request) -> list[Any]:
        self._updates.stop()
        return self.look(request)

    def preview(self, request: gr.Request) -> list[Any]:
        self._updates.start_preview()
        return self.look(request)

    def follow(self, request: gr.Request, on: bool) -> list[Any]:  # noqa: FBT001 - Gradio hands it over so
        self._updates.follow(on=on)
        return self.look(request)

    def ask(
        self,
        request: gr.Request,
        event: gr.EventData,
        typed: str,
        turn: int,
        last: Turn | None,
        written: str,
        *offered: str,
    ) -> Iterator[list[Any]]:
        """The arrival, the question box, the send button, the number of the turn and what the next may refer to."""
        # A session has copies of the components, so the button that was pressed is known by its name.
        pressed = getattr(event.target, "elem_id", None)
        texts = dict(zip((example.elem_id for example in self.examples), offered, strict=True))
        asked = {**texts, AS_WRITTEN: written}.get(pressed, typed)
        after = None if pressed == AS_WRITTEN else last
        box = "" if pressed not in texts and pressed != AS_WRITTEN else gr.skip()  # what is being typed is left alone
        for arrival in handlers.ask(self._assistant, asked or "", turn + 1, _words(request), after):
            yield [arrival.markup, box, gr.Button(interactive=False), turn + 1, arrival.last]
            box = gr.skip()
        yield [gr.skip(), gr.skip(), gr.Button(interactive=True), gr.skip(), gr.skip()]


def _blocks(assistant: Assistant, updates: Updates) -> Any:
    events = _Events(assistant, updates)
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        with gr.Column(elem_id="page"):
            with gr.Row(elem_id="bar"):
                library = _markup("library")
                follow = gr.Checkbox(label=CHINESE.follow, elem_id="follow", container=False, interactive=True)
                preview = gr.Button(CHINESE.preview, elem_id="preview-button", size="sm", visible=False)
                update = gr.Button(CHINESE.update, elem_id="update", size="sm", interactive=False)
                stop = gr.Button(CHINESE.stop, elem_id="stop", size="sm", visible=False)
                progress = _markup("progress")
                previewed = _markup("preview")
            with gr.Column(elem_id="conversation"), gr.Column(elem_id="welcome"):
                greeting = _markup("greeting")
                for number in range(handlers.EXAMPLES):
                    name = f"example-{number}"
                    events.examples.append(gr.Button("", visible=False, elem_id=name, elem_classes="example"))
            with gr.Row(elem_id="composer"):
                question = gr.Textbox(elem_id="question", show_label=False, container=False, lines=1, max_lines=6)
                send = gr.Button("", elem_id="send", variant="primary")
            with gr.Column(elem_id="panel"):
                hint = _markup("hint")
            arrivals = _markup("arrivals")
            # Not shown: the button in a turn that asks its question exactly as it was written comes through these.
            written = gr.Textbox(elem_id="written", container=False)
            as_written = gr.Button("", elem_id=AS_WRITTEN)
        turn, last = gr.State(0), gr.State(None)  # of one tab: its number of turns, and the last one
        timer = gr.Timer(handlers.IDLE_INTERVAL)
        around = [library, follow, preview, update, stop, progress, previewed, greeting, timer, *events.examples]
        blocks.load(events.greet, None, [question, send, hint, *around], **_QUIET)
        timer.tick(events.look, None, around, **_QUIET)
        update.click(events.update, None, around, **_QUIET)
        stop.click(events.stop, None, around, **_QUIET)
        preview.click(events.preview, None, around, **_QUIET)
        follow.input(events.follow, follow, around, **_QUIET)
        # One listener for every way of asking: with "once", a tab has one question under way and loses no arrival.
        gr.on(
            [question.submit, send.click, as_written.click, *(example.click for example in events.examples)],
            events.ask,
            [question, turn, last, written, *events.examples],
            [arrivals, question, send, turn, last],
            trigger_mode="once",
            concurrency_limit=_ASKING_AT_ONCE,
            **_QUIET,
        )
    return blocks


def _markup(name: str) -> gr.Markdown:
    """A place for markup of ui.render; sanitised by Gradio although render lets nothing through."""
    return gr.Markdown("", elem_id=name, sanitize_html=True, latex_delimiters=[], container=False)


def _words(request: gr.Request) -> Words:
    return words_for(request.headers.get("accept-language"))
