"""Sizes of files as people read them."""

from __future__ import annotations


def size(number: int) -> str:
    """A number of bytes in the unit that helps: 1.5 MB is 1,500,000."""
    if number < 1000:
        return f"{number} B"
    amount = float(number)
    for unit in ("KB", "MB"):
        amount /= 1000
        if amount < 999.5:
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"
    return f"{amount / 1000:.1f} GB"
