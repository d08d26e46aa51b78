"""An answer's quotes with their sources, as they are copied."""

from __future__ import annotations


def copied(*a):
    return ""
