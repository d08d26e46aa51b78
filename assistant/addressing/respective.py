"""Questions about several named documents at once: 考勤制度和公园条例分别从什么时候开始实施, each asked of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.addressing.addresses import without_lead
from assistant.addressing.resolve import shown_title
from assistant.addressing.titles import Title, Titles, is_generic, titles
from assistant.index.snapshot import Snapshot

_EACH = re.compile(
    r"(?P<names>.{4,120}?)(?P<of>的[^的]{1,20}|第[\d一二三四五六七八九十百零]{1,6}[条章节])?(?:分别|各自|各是)(?P<rest>.{2,})",
    re.DOTALL,
)
_AND = re.compile(r"\s*(?:、|以及|和|与|及|跟|同|,|，)\s*")
_MOST = 4  # documents
_SHORTEST = 3  # characters of a name
_MARKS = '《》〈〉“”"「」 \t'


@dataclass(frozen=True, slots=True)
class Own:
    """What such a question asks of one document."""

    question: str
    documents: frozenset[str]  # all versions of it


def respective(snapshot: Snapshot, question: str, inside: frozenset[str] | None) -> tuple[Own, ...]:
    """The question for each of the documents that it names; none where it does not name several, each for sure."""
    match = _EACH.fullmatch(question.strip())
    if match is None:
        return ()
    known = titles(snapshot)
    for names in _split(without_lead(match["names"])):
        meant = [_meant(known, name.strip(_MARKS)) for name in names]
        documents = [frozenset(one.document for one in found) for found in meant]
        documents = documents if inside is None else [found & inside for found in documents]
        if all(documents) and sum(map(len, documents)) == len(frozenset().union(*documents)):
            asked = (match["of"] or "") + match["rest"]
            return tuple(Own(shown_title(found[0]) + asked, own) for found, own in zip(meant, documents, strict=True))
    return ()


def _split(words: str) -> Iterator[list[str]]:
    """The names in some words: parted at every word that joins names, then at one of them, as names have some."""
    joints = list(_AND.finditer(words))
    every = _AND.split(words)
    if 2 <= len(every) <= _MOST:
        yield every
    if len(joints) > 1:
        for joint in joints[: 2 * _MOST]:
            yield [words[: joint.start()], words[joint.end() :]]


def _meant(known: Titles, name: str) -> tuple[Title, ...]:
    """The versions of the one document that a name means."""
    if len(name) < _SHORTEST or is_generic(name):
        return ()
    found = known.named(name)
    groups = () if found else known.holding(name)
    return found or (groups[0] if len(groups) == 1 else () if groups else known.short(name))
