"""The chat as a Gradio application: the question box, and the way by which a turn begins.

Gradio has no component for citations, and its chat component sends the whole conversation with every answer. Here the
turn of a question arrives in a hidden Markdown component (which sanitises it), `chat.js` puts it in its place and asks
for its answer. What a question belongs to comes with it in a hidden text box, as JSON that the script writes.
"""

from __future__ import annotations

import json
import os
from typing import Any

# Before the import, or Gradio looks for outside hosts; and else it keeps a record of every event and summarises all
# of them with pandas after each one.
os.environ |= {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**12),
}
import gradio as gr

from ui import handlers
from ui.desk import Asked, Desk
from ui.guard import words_of
from ui.messages import TITLE

_ASK = "ask-prepared"


def blocks(desk: Desk) -> Any:
    """The part of the page that asks."""
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as made:
        with gr.Row(elem_id="composer"):
            question = gr.Textbox(elem_id="question", show_label=False, container=False, lines=1, max_lines=8)
            send = gr.Button("", elem_id="send", variant="primary")
        arrivals = gr.Markdown("", elem_id="arrivals", sanitize_html=True, latex_delimiters=[], container=False)
        # Not shown: what a question belongs to, and the button for questions that are not typed.
        context = gr.Textbox("{}", elem_id="context", container=False)
        prepared = gr.Button("", elem_id=_ASK)

        def ask(request: gr.Request, event: gr.EventData, typed: str, belonging: str) -> tuple[Any, Any]:
            """The turn, which is only just begun, and the question box."""
            # A session has copies of the components, so the button that was pressed is known by its name.
            is_prepared = getattr(event.target, "elem_id", None) == _ASK
            asked = _asked(belonging, None if is_prepared else typed)
            markup = handlers.begin(desk, asked, words_of(request.headers))
            return markup or gr.skip(), gr.skip() if is_prepared else ""  # what is being typed is left alone

        # Without Gradio's queue: its stream of events now and then loses one that begins as another ends.
        gr.on(
            [question.submit, send.click, prepared.click],
            ask,
            [question, context],
            [arrivals, question],
            trigger_mode="once",
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
    return made


def _asked(belonging: str, typed: str | None) -> Asked:
    """What is asked, from what the script wrote; anything that is not as it writes it is let be."""
    try:
        found = json.loads(belonging)
    except (ValueError, RecursionError):
        found = {}
    if not isinstance(found, dict):
        found = {}
    conversation, within = found.get("conversation"), found.get("within")
    places = [place for place in within if isinstance(place, str)] if isinstance(within, list) else []
    known = conversation if isinstance(conversation, str) else ""
    if typed is not None:
        return Asked(typed, known, within=tuple(places))
    question, replaces = found.get("question"), found.get("replaces")
    return Asked(
        question if isinstance(question, str) else "",
        known,
        replaces if isinstance(replaces, int) and known else None,
        tuple(places),
        alone=found.get("alone") is True,
    )
