"""Answers to questions that name a place: its own sentences, its outline, or the sentence in it that answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.addressing.addresses import asks_only
from assistant.addressing.outline import begins_item
from assistant.addressing.resolve import Address, FoundPart
from assistant.answering.citations import Chosen, cite
from assistant.answering.confidence import confidence, is_enough
from assistant.answering.extractive import Composed, chosen_of, compose
from assistant.answering.kinds import agreement, lacks
from assistant.answering.opposites import negated_otherwise, turned_round
from assistant.answering.ranking import Ranked, rank
from assistant.answering.sentences import candidates
from assistant.index.snapshot import Snapshot
from assistant.retrieval.search import Found
from assistant.retrieval.words import share, word_weights
from assistant.text.normal import fold
from assistant.text.sentences import sentences
from assistant.text.tokens import Tokens, terms_in
from assistant.types import Document, Passage, Refusal

_MOST_SENTENCES = 10  # of a chapter or a document; more are told by its headings
_LONGEST_ARTICLE = 60  # sentences
_FEWEST_SENTENCES = 3  # of a chapter, where those of several documents are shown
_UNSURE = 0.8  # several documents have such a part, and the question does not say which is meant
_GIVEN = 0.6  # of an answer within the place that is named: at least so much, where the kind of answer is there
_LACKING = 0.2  # where the best sentence there has no number or date, and one is asked for
_HELD = 0.75  # of what is asked of a document, by weight: so much a sentence of it holds to be taken for an answer
_OWN_NUMBER = re.compile(
    r"^\W*第\s*\S{1,8}?\s*[条條](?:之[一二三四五六七八九十])?\s*"
)  # is no number that is asked for
_WORD = re.compile(r"\w")
_DECORATION = re.compile(r"[\s#*_>]*")
_TITLE_WITHIN = 1_000  # characters


@dataclass(frozen=True, slots=True)
class _Group:
    """Passages under one heading, in order."""

    heading: str  # empty for a passage without one of its own
    passages: tuple[Passage, ...]
    above: int  # where the text before the first one ends: its headings lie between


def compose_addressed(
    snapshot: Snapshot, tokens: Tokens, found: Found, address: Address, *, threshold: float | None
) -> Composed:
    """Answer from what the question names where it names something, else from what was found."""
    if address.refusal is not None:
        return Composed((), (), 0.0, address.refusal)
    if address.parts and (address.only or address.title_only):
        chosen = _headings(snapshot, address) if address.title_only else _contents(snapshot, address)
        sure = 1.0 if address.is_sure else _UNSURE
        if chosen and sure >= (threshold or 0.0):
            return Composed(*cite(chosen), sure, None)
    if address.parts:
        return _within(snapshot, tokens, found, address, threshold)
    composed = compose(snapshot, tokens, found, threshold=threshold)
    if composed.refusal is not None and address.is_exact and address.documents:
        return _in_documents(snapshot, tokens, found, address, threshold) or composed
    return composed


def _in_documents(
    snapshot: Snapshot, tokens: Tokens, found: Found, address: Address, threshold: float | None
) -> Composed | None:
    """A sentence of the documents named that holds what is asked besides, and the kind of thing that is asked for.

    Which text is meant is known, so that less has to speak for it than where any text of the library may answer.
    """
    terms = [term for term in tokens.question(address.rest).terms if not asks_only(term.folded)]
    weights = word_weights(snapshot, tokens, terms)
    ranked = [
        one
        for one in rank(candidates(snapshot, tokens, found))
        if one.candidate.chosen.document.id in address.documents
    ]
    for index, one in enumerate(ranked):
        chosen = one.candidate.chosen
        text = _OWN_NUMBER.sub("", one.candidate.text)
        held = share(weights, terms_in(terms, fold("\n".join((*chosen.passage.heading[1:], text)))))
        if held < _HELD or not terms_in(terms, fold(text)) or not _fits(found.query.text, text):
            continue
        first = [one, *ranked[:index], *ranked[index + 1 :]]
        sure = max(confidence(found, first, tokens), _GIVEN + (1 - _GIVEN) * held)
        if is_enough(sure, found, first, threshold):
            return chosen_of(snapshot, tokens, found, first, sure)
    return None


def _fits(question: str, sentence: str) -> bool:
    """Whether a sentence has the kind of thing that is asked for, and does not say the opposite of the question."""
    asked, said = fold(question), fold(sentence)
    return agreement(question, sentence) >= 0 and not negated_otherwise(asked, said) and not turned_round(asked, said)


def _contents(snapshot: Snapshot, address: Address) -> list[Chosen]:
    """What stands at the places, one after the other."""
    parts = address.parts
    most = _MOST_SENTENCES if address.is_sure else max(_FEWEST_SENTENCES, 2 * _MOST_SENTENCES // len(parts))
    return [chosen for part in parts for chosen in _content(snapshot, part, most)]


def _content(snapshot: Snapshot, part: FoundPart, most: int) -> list[Chosen]:
    """The sentences of a part, or the outline of one that has more than `most`."""
    document = snapshot.document(part.document)
    stored = snapshot.passages(part.passages)
    if part.is_long:
        groups = _groups(snapshot, part)
        whole = _heading(document, part.heading, groups[0]) if part.heading and groups else _title(document, groups)
        if sum(len(sentences(document.text, p.start, p.end)) for p in part.pieces[:most]) >= most:
            return [*whole, *_outline(document, groups, most)][:most]
    else:
        whole = []
    for piece in part.pieces:
        for start, end in sentences(document.text, piece.start, piece.end):
            if _WORD.search(document.text, start, end):
                item = piece.item or begins_item(document.text, start, end)
                whole.append(Chosen(document, stored[piece.passage].passage, start, end, item=item and bool(whole)))
    return whole[:_LONGEST_ARTICLE]


def _groups(snapshot: Snapshot, part: FoundPart) -> list[_Group]:
    """The passages of a part by the headings right under it."""
    stored = snapshot.passages({number + step for number in part.passages for step in (-1, 0)})
    own = [stored[number] for number in part.passages]
    depth = part.depth if part.heading else _common([one.passage.heading for one in own])
    groups: list[_Group] = []
    for one in own:
        passage = one.passage
        heading = passage.heading[depth] if len(passage.heading) > depth else ""
        if groups and heading and groups[-1].heading == heading:
            last = groups[-1]
            groups[-1] = _Group(heading, (*last.passages, passage), last.above)
        else:
            before = stored.get(one.id - 1)
            above = before.passage.end if before is not None and before.document_id == one.document_id else 0
            groups.append(_Group(heading, (passage,), min(above, passage.start)))
    return groups


def _common(paths: Sequence[tuple[str, ...]]) -> int:
    """How many headings (a title, mostly) nearly all passages of a document are under."""
    depth = 0
    while True:
        here = [path[depth] for path in paths if len(path) > depth]
        if not here or len(here) < 0.8 * len(paths) or len(set(here)) > 1:
            return depth
        depth += 1


def _outline(document: Document, groups: Sequence[_Group], most: int) -> list[Chosen]:
    """The headings under a part in order, with the first sentence under each if there is room; else first sentences."""
    headed = [group for group in groups if group.heading]
    shown = headed if len(headed) > 1 else groups
    both = 2 * len(shown) < most
    chosen: list[Chosen] = []
    for group in shown:
        heading = _heading(document, group.heading, group) if group.heading else []
        chosen += [Chosen(document, one.passage, one.start, one.end, item=True) for one in heading]
        if both or not heading:
            passage = group.passages[0]
            spans = sentences(document.text, passage.start, passage.end)
            span = next((span for span in spans if _WORD.search(document.text, *span)), None)
            chosen += (
                [] if span is None else [Chosen(document, passage, *span, item=not heading and bool(group.heading))]
            )
    return chosen


def _heading(document: Document, title: str, group: _Group) -> list[Chosen]:
    """The line of a heading above the first passage under it; none where it begins that text, or is wrapped."""
    return _line(document, title, group.above, group.passages[0].start, group.passages[0])


def _title(document: Document, groups: Sequence[_Group]) -> list[Chosen]:
    """The line of the text that is its title."""
    return (
        _line(document, document.title, 0, min(len(document.text), _TITLE_WITHIN), groups[0].passages[0])
        if groups
        else []
    )


def _line(document: Document, title: str, start: int, end: int, passage: Passage) -> list[Chosen]:
    wanted = " ".join(title.split())
    position = start
    for line in document.text[start:end].splitlines(keepends=True):
        left = position + _DECORATION.match(line).end()  # type: ignore[union-attr]
        right = position + len(line.rstrip().rstrip("#*：: "))
        position += len(line)
        if " ".join(document.text[left:right].split()) == wanted:
            return [Chosen(document, passage, left, right)]
    return []


def _headings(snapshot: Snapshot, address: Address) -> list[Chosen]:
    """The heading of each place."""
    chosen = []
    for part in address.parts:
        groups = _groups(snapshot, part)
        if groups:
            chosen += _heading(snapshot.document(part.document), part.heading, groups[0])
    return chosen


def _within(snapshot: Snapshot, tokens: Tokens, found: Found, address: Address, threshold: float | None) -> Composed:
    """The sentences at the places that answer what is asked of them; where none does, what the other texts say."""
    ranked = [one for one in rank(candidates(snapshot, tokens, found)) if _is_in(one, address.parts)]
    sure = _sureness(snapshot, tokens, found, ranked, address) if ranked else 0.0
    if ranked and is_enough(sure, found, ranked, threshold):
        return chosen_of(snapshot, tokens, found, ranked, sure)
    elsewhere = compose(snapshot, tokens, found, threshold=threshold)
    if elsewhere.citations:
        first = elsewhere.citations[0]
        if not _covers(address.parts, first.document, first.start, first.end):
            return elsewhere
    labels = address.shown
    if any(term.is_cjk for term in found.query.tokens.terms):
        reason = f"{'、'.join(labels)}中没有找到这个问题的答案。"
    else:
        reason = f"{', '.join(labels)}: no answer to this question stands there."
    missing = () if elsewhere.refusal is None else elsewhere.refusal.missing
    return Composed((), (), sure if elsewhere.refusal is None else elsewhere.confidence, Refusal(reason, missing))


def _sureness(snapshot: Snapshot, tokens: Tokens, found: Found, ranked: Sequence[Ranked], address: Address) -> float:
    """The probability that the best sentence answers, given that it stands where the question says."""
    usual = confidence(found, ranked, tokens)
    best = ranked[0].candidate
    if lacks(found.query.text, _OWN_NUMBER.sub("", best.text)):
        return min(usual, _LACKING)
    terms = [term for term in tokens.question(address.rest).terms if not asks_only(term.folded)]
    weights = word_weights(snapshot, tokens, terms)
    held = terms_in(terms, fold("\n".join(_texts(snapshot, address.parts))))
    given = _GIVEN + (1 - _GIVEN) * share(weights, held) if held or not terms else 0.0
    return max(usual, given if address.is_sure else _UNSURE * given)


def _texts(snapshot: Snapshot, parts: Iterable[FoundPart]) -> Iterable[str]:
    for part in parts:
        text = snapshot.document(part.document).text
        yield from (text[piece.start : piece.end] for piece in part.pieces)


def _is_in(ranked: Ranked, parts: Sequence[FoundPart]) -> bool:
    chosen = ranked.candidate.chosen
    return _covers(parts, chosen.document.id, chosen.start, chosen.end)


def _covers(parts: Sequence[FoundPart], document: str, start: int, end: int) -> bool:
    """Whether a span of a document is, in part, one of some parts."""
    return any(
        part.document == document and piece.start < end and start < piece.end for part in parts for piece in part.pieces
    )
