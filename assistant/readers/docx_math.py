"""Formulas of Word documents in one line, as people type them: (a+b)/2, x², √(n), ∑_(i=1)^n.

Source: ECMA-376 part 1, 22.1 (Office Math).
"""

from __future__ import annotations

import re
from typing import Any

from assistant.readers.body import lowered, raised

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WORD_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_DEEPEST = 40
# What needs no brackets beside a fraction bar or a raised sign.
_SIMPLE = re.compile(r"[\w.]*%?", re.UNICODE)

FORMULA = f"{_MATH}oMath"


def formula(element: Any, depth: int = 0) -> str:
    """The text of a formula or a piece of it."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in (f"{_MATH}t", _WORD_TEXT):
        return element.text or ""
    if depth > _DEEPEST or tag.endswith("Pr"):
        return ""
    name = tag.removeprefix(_MATH)
    if name in ("sSup", "sSub", "sSubSup", "sPre", "nary"):
        return _with_scripts(element, name, depth)
    parts = {
        key: formula(child, depth + 1)
        for key in ("num", "den", "deg", "e", "lim")
        if (child := element.find(f"{_MATH}{key}")) is not None
    }
    match name:
        case "f":
            return f"{_closed(parts.get('num', ''))}/{_closed(parts.get('den', ''))}"
        case "rad":
            return f"{raised(parts.get('deg', ''))}√{_closed(parts.get('e', ''))}"
        case "limLow" | "limUpp":
            return f"{parts.get('e', '')}_{_closed(parts.get('lim', ''))}"
        case "d":
            inside = _sign(element, "sepChr", "|").join(_each(element, "e", depth))
            return _sign(element, "begChr", "(") + inside + _sign(element, "endChr", ")")
        case "eqArr":
            return "; ".join(_each(element, "e", depth))
        case "m":
            return "; ".join(" ".join(_each(row, "e", depth + 1)) for row in element.findall(f"{_MATH}mr"))
        case "func":
            return " ".join((*_each(element, "fName", depth), *_each(element, "e", depth)))
    return "".join(formula(child, depth + 1) for child in element)


def _each(element: Any, name: str, depth: int) -> list[str]:
    return [formula(child, depth + 1) for child in element.findall(f"{_MATH}{name}")]


def _with_scripts(element: Any, name: str, depth: int) -> str:
    base, sub, sup = ("".join(_each(element, key, depth)) for key in ("e", "sub", "sup"))
    below = lowered(sub) if lowered(sub) != sub else f"_{_closed(sub)}" if sub else ""
    above = raised(sup) if raised(sup) != sup else f"^{_closed(sup)}" if sup else ""
    if name == "nary":
        return f"{_sign(element, 'chr', '∫')}{below}{above} {base}"
    return f"{below}{above}{base}" if name == "sPre" else f"{base}{below}{above}"


def _sign(element: Any, name: str, default: str) -> str:
    """A sign that the properties of a piece name: its bracket, its sum."""
    for properties in element:
        if isinstance(properties.tag, str) and properties.tag.endswith("Pr"):
            sign = properties.find(f"{_MATH}{name}")
            if sign is not None:
                return str(sign.get(f"{_MATH}val", ""))
    return default


def _closed(text: str) -> str:
    text = text.strip()
    return text if _SIMPLE.fullmatch(text) else f"({text})"
