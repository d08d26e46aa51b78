"""How anything from a text, a file or a setting gets into the report page."""

from __future__ import annotations

from html import escape


def safe(value: object) -> str:
    """Escaped, and without what may not stand in HTML or would be invisible in it."""
    return escape(
        "".join(sign if sign.isprintable() or sign in " \n\t" else "\N{REPLACEMENT CHARACTER}" for sign in str(value))
    )
