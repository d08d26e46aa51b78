"""Plots as inline SVG: pure functions of plain values. Colours and type come from the page's style, by class.

All are drawn 360 units wide, the width of a telephone, so that their type is never smaller than it looks there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH = 360
_LEFT, _RIGHT, _TOP = 44, 14, 10  # room for the figures beside an axis
_SIDE = WIDTH - _LEFT - _RIGHT  # of the square or oblong that is drawn in
_MOST_POINTS = 400  # of a curve: more cannot be told apart
_ROW, _GAP, _BAR = 15, 12, 10  # a bar's row, the gap between groups, the bar itself


def bars(groups: Mapping[str, Mapping[str, float]], legs: Sequence[str]) -> str:
    """Groups of bars between 0 and 1, one bar a leg, each with its value."""
    left, room = 78, WIDTH - 78 - 42
    parts = []
    top = _TOP
    for name, values in groups.items():
        middle = top + _ROW * len(legs) / 2
        parts.append(_text(left - 10, middle + 4, name, "end"))
        for leg in legs:
            value = values.get(leg)
            if value is not None:
                width = max(1.0, value * room)
                parts.append(
                    f'<rect class="bar {escape(leg)}" x="{left}" y="{top + (_ROW - _BAR) / 2:.1f}" '
                    f'width="{width:.1f}" height="{_BAR}" rx="2">{_title(f"{name}, {leg}: {value:.3f}")}</rect>'
                )
                parts.append(_text(left + width + 5, top + _ROW / 2 + 4, f"{value:.3f}", "start", "value"))
            top += _ROW
        top += _GAP
    parts.insert(0, f'<line class="axis" x1="{left}" y1="{_TOP - 4}" x2="{left}" y2="{top - _GAP + 4}"/>')
    return _svg(top - _GAP + 8, "Retrieval measures of each leg of the search", parts)


def risk_coverage(
    points: Sequence[Mapping[str, float]], now: tuple[float, float] | None, threshold: float | None
) -> str:
    """The share of wrong answers over the share of questions answered, with the point of the threshold in use."""
    height = 220
    highest = max([point["risk"] for point in points] + [now[1] if now else 0.0, 0.05])
    ceiling = next(limit for limit in (0.08, 0.2, 0.4, 0.6, 0.8, 1.0) if highest <= limit + 1e-9)
    parts = _axes(height, ceiling, "share of questions answered", "share of answers that are wrong")
    kept = (
        [points[i * len(points) // _MOST_POINTS] for i in range(_MOST_POINTS)] if len(points) > _MOST_POINTS else points
    )
    steps = [(point["coverage"], point["risk"]) for point in kept]
    if steps:
        # The last point is kept whatever was left out: there everything is answered.
        steps.append((points[-1]["coverage"], points[-1]["risk"]))
        drawn = " ".join(f"{_x(x):.1f},{_y(y / ceiling, height):.1f}" for x, y in steps)
        parts.append(f'<polyline class="curve" points="{drawn}"/>')
    if now:
        x, y = _x(now[0]), _y(now[1] / ceiling, height)
        name = "the fitted threshold" if threshold is None else f"threshold {threshold:g}"
        said = f"{name}: {now[0]:.1%} answered, {now[1]:.1%} of these wrong"
        parts.append(f'<line class="guide" x1="{x:.1f}" y1="{y:.1f}" x2="{x:.1f}" y2="{_y(0, height):.1f}"/>')
        parts.append(f'<circle class="now" cx="{x:.1f}" cy="{y:.1f}" r="5">{_title(said)}</circle>')
        anchor, shift = ("end", -9) if now[0] > 0.6 else ("start", 9)
        parts.append(_text(x + shift, max(_TOP + 12, y - 8), f"at {name}", anchor, "value"))
    return _svg(height + 44, "Risk–coverage curve", parts)


def reliability(rows: Sequence[Mapping[str, Any]]) -> str:
    """What happened over what was promised, one dot a bin, its area by the number of questions."""
    height = 270
    parts = _axes(height, 1.0, "confidence", "share that came true")
    parts.append(f'<line class="guide" x1="{_x(0)}" y1="{_y(0, height)}" x2="{_x(1)}" y2="{_y(1, height)}"/>')
    most = max((row["count"] for row in rows), default=1)
    for row in rows:
        x, promised, y = _x(row["probability"]), _y(row["probability"], height), _y(row["happened"], height)
        said = f"{row['count']:,} questions: {row['probability']:.0%} promised, {row['happened']:.0%} came true"
        parts.append(f'<line class="gap" x1="{x:.1f}" y1="{promised:.1f}" x2="{x:.1f}" y2="{y:.1f}"/>')
        radius = 3 + 8 * (row["count"] / most) ** 0.5
        parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">{_title(said)}</circle>')
    return _svg(height + 44, "Reliability diagram", parts)


def _axes(height: int, ceiling: float, across: str, upwards: str) -> list[str]:
    """The frame of a plot: x from 0 to 1, y from 0 to `ceiling`."""
    parts = []
    for step in range(5):
        share = step / 4
        y = _y(share, height)
        parts.append(f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + _SIDE}" y2="{y:.1f}"/>')
        parts.append(_text(_LEFT - 6, y + 4, f"{share * ceiling:.0%}", "end"))
        parts.append(_text(_x(share), height + 16, f"{share:.0%}", "middle"))
    parts.append(_text(_LEFT + _SIDE / 2, height + 36, across, "middle", "name"))
    middle = (height + _TOP) / 2
    turned = f"translate(11 {middle:.0f}) rotate(-90)"
    parts.append(f'<text class="name" text-anchor="middle" transform="{turned}">{escape(upwards)}</text>')
    return parts


def _x(share: float) -> float:
    return _LEFT + share * _SIDE


def _y(share: float, height: int) -> float:
    return height - share * (height - _TOP)


def _text(x: float, y: float, words: str, anchor: str, style: str = "tick") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _title(words: str) -> str:
    return f"<title>{escape(words)}</title>"


def _svg(height: float, name: str, parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(name)}">{"".join(parts)}</svg>'
