"""Refusals of what a question names and no text has: which document, which part, and what there is instead."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.addressing.parts import Step
from assistant.types import Refusal


def no_document(names: Sequence[str], *, inside: bool, chinese: bool) -> Refusal:
    """For documents that are neither in the library (or the part of it that is searched) nor mentioned there."""
    if chinese:
        where = "所选范围的文本中" if inside else "文本中"
        reason = f"{where}没有{'、'.join(names)}，也没有提到{'它们' if len(names) > 1 else '它'}。"
    else:
        reason = f"The texts{' searched' if inside else ''} neither hold nor mention {', '.join(names)}."
    return Refusal(reason, tuple(names))


def only_mentioned(name: str, labels: Sequence[str], *, chinese: bool) -> Refusal:
    """For parts of a document that the texts mention, without holding it."""
    if chinese:
        reason = f"文本提到了{name}，但没有收入它，也没有提到它的{'、'.join(labels)}。"
    else:
        reason = f"The texts mention {name}, but do not hold it, and do not mention its {', '.join(labels)}."
    return Refusal(reason, tuple(f"{name}{label}" if chinese else f"{name}, {label}" for label in labels))


def no_part(
    title: str, labels: Sequence[str], steps: Sequence[Step], inner: tuple[str, int, str] | None, *, chinese: bool
) -> Refusal:
    """For parts that a document (or, for an empty title, any document) does not have.

    `steps` are those of that kind which it has; `inner` is the part it has, how many parts that has, and their kind.
    """
    named = "、".join(labels) if chinese else ", ".join(labels)
    if not title:
        reason = f"文本中没有{named}。" if chinese else f"The texts have no {named}."
    elif inner is not None:
        outer, count, kind = inner
        reason = (
            f"{title}中没有{named}：{outer}有{count}{kind}。"
            if chinese
            else f"{title} has no {named}: that part has {count}."
        )
    elif not steps:
        reason = f"{title}中没有{named}。" if chinese else f"{title} has no {named}."
    else:
        reason = _with_what_there_is(title, named, steps, chinese=chinese)
    return Refusal(reason, tuple(labels))


def _with_what_there_is(title: str, named: str, steps: Sequence[Step], *, chinese: bool) -> str:
    ordered = sorted(steps, key=_order)
    first, last = ordered[0], ordered[-1]
    gaps = _order(last)[0] - _order(first)[0] + 1 > len({_order(step)[0] for step in ordered})
    if not chinese:
        return f"{title} has no {named}: it has {first.number} to {last.number}{' with gaps' if gaps else ''}."
    if first == last:
        return f"{title}中没有{named}：文本中有的是{first.label}。"
    if gaps:
        return f"{title}中没有{named}：文本中有它的{len(ordered)}{first.kind}，在{first.label}到{last.label}之间。"
    return f"{title}中没有{named}：它有{first.label}至{last.label}。"


def _order(step: Step) -> tuple[int, str]:
    main, _, sub = step.number.partition("之")
    return int(main) if main.isdecimal() else 0, sub
