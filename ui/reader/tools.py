"""The reader's tools as markup: drawings, and buttons that are one. Pure."""

from __future__ import annotations

from ui.escape import escape

_ICONS = {
    "back": "M15 5l-7 7 7 7",
    "on": "M9 5l7 7-7 7",
    "up": "M5 15l7-7 7 7",
    "down": "M5 9l7 7 7-7",
    "list": "M4 6h2M9 6h11M4 12h2M9 12h11M4 18h2M9 18h11",
    "find": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21",
    "larger": "M5 12h14M12 5v14",
    "smaller": "M5 12h14",
    "fit": "M3 12h18M7 8l-4 4 4 4M17 8l4 4-4 4",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
}


def icon(name: str) -> str:
    """A drawing of a tool."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{_ICONS[name]}"/></svg>'


def tool(kind: str, drawing: str, label: str, key: str = "") -> str:
    """A button with a drawing; `key` is the one on the keyboard that does the same."""
    keyed = f' aria-keyshortcuts="{key}"' if key else ""
    title = f"{label} ({key})" if key else label
    return (
        f'<button type="button" class="tool {kind}" aria-label="{escape(label)}" title="{escape(title)}"{keyed}>'
        f"{icon(drawing)}</button>"
    )
