"""Charts and diagrams (SmartArt) of Office files as lines: for a chart a line for each of its categories.

Read from the chart's own copy of its data (ECMA-376 part 1, 21.2), which every kind of chart has in the same form.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from assistant.readers.body import one_line
from assistant.readers.number_formats import number_text, shown
from assistant.readers.rows import Cell, table_lines

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TEXT = f"{_DRAWING}t"
# What refers to them in a text, and by what.
CHART = f"{_CHART}chart"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# The day that spreadsheets count from, and the days they know.
_FIRST_DAY = datetime.date(1899, 12, 30)
_LAST_DAY = 2_958_465
_MOST_POINTS = 10_000
_DATE_FORMAT = re.compile(r'^(?:"[^"]*"|\[[^\]]*\]|[^"\[ymd])*[ymd]', re.IGNORECASE)


def chart_lines(space: Any) -> list[str]:
    """The title of a chart and its figures, from the root element of its part."""
    title = space.find(f"{_CHART}chart/{_CHART}title")
    lines = [one_line("".join(text.text or "" for text in title.iter(_TEXT)))] if title is not None else []
    area = space.find(f"{_CHART}chart/{_CHART}plotArea")
    for plot in area if area is not None else ():
        series = plot.findall(f"{_CHART}ser")
        if series:
            lines += _plot(series)
    return [line for line in lines if line]


def diagram_lines(data: Any) -> list[str]:
    """The texts of a diagram, from the root element of the part with its data."""
    texts = (
        one_line(
            "".join("\n" if run.tag != _TEXT else run.text or "" for run in paragraph.iter(_TEXT, f"{_DRAWING}br"))
        )
        for paragraph in data.iter(f"{_DRAWING}p")
    )
    return [text for text in texts if text]


def relation(element: Any) -> str:
    """The id of the relationship by which a text has a chart or the data of a diagram."""
    return str(element.get(f"{_RELATIONS}id") or element.get(f"{_RELATIONS}dm") or "")


def _plot(series: list[Any]) -> list[str]:
    categories: dict[int, str] = {}
    columns = []
    for one in series:
        for index, text in (_points(one, "cat") or _points(one, "xVal")).items():
            categories.setdefault(index, text)
        columns.append((_name(one), _points(one, "val") or _points(one, "yVal")))
    rows: list[list[Cell | None]] = [[Cell("", header=True), *(Cell(name, header=True) for name, _ in columns)]]
    places = sorted({index for _, values in columns for index in values} | categories.keys())
    for index in places[:_MOST_POINTS]:
        figures = (Cell(text) if (text := values.get(index, "")) else None for _, values in columns)
        rows.append([Cell(categories.get(index, "")), *figures])
    return table_lines(rows) if len(rows) > 1 else []


def _name(series: Any) -> str:
    name = series.find(f"{_CHART}tx")
    return "" if name is None else one_line(" ".join(text.text or "" for text in name.iter(f"{_CHART}v")))


def _points(series: Any, kind: str) -> dict[int, str]:
    """What a series says at each of its points; a category within another one is told after it."""
    source = series.find(f"{_CHART}{kind}")
    if source is None:
        return {}
    levels = list(source.iter(f"{_CHART}lvl"))
    if levels:
        found = _cached(levels[0], "")
        for level in levels[1:]:
            outer = _cached(level, "")
            for index in found:
                above = max((place for place in outer if place <= index), default=None)
                found[index] = f"{outer[above]} {found[index]}" if above is not None else found[index]
        return found
    code = next((item.text or "" for item in source.iter(f"{_CHART}formatCode")), "")
    return _cached(source, code if next(source.iter(f"{_CHART}numCache"), None) is not None else None)


def _cached(parent: Any, code: str | None) -> dict[int, str]:
    """The texts of points by their places; numbers in the format `code`, None for text."""
    found = {}
    for point in parent.iter(f"{_CHART}pt"):
        text = next((value.text or "" for value in point.iter(f"{_CHART}v")), "")
        own = point.get("formatCode", code)
        found[int(point.get("idx", "0"))] = one_line(text if own is None else _figure(text, own))
    return found


def _figure(text: str, code: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return text
    if _DATE_FORMAT.match(code) and code.lower() != "general" and 0 < value < _LAST_DAY:
        day = _FIRST_DAY + datetime.timedelta(days=int(value))
        return shown(day, code) or day.isoformat()
    told = shown(value, code) if code and code.lower() != "general" else None
    return told if told is not None else number_text(value)
