"""Searching conversations: every word somewhere in one, compared as the keyword leg of a question compares words.

Chinese has no word boundaries and most words have two characters, which indexes of character triples do not find; and
some thousand turns are looked through in a moment. So the folded text of each turn is kept and looked through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.conversations.turns import NewTurn
from assistant.conversations.wording import one_line
from assistant.errors import ConversationError
from assistant.text.normal import fold, fold_with_offsets, literal, literal_with_offsets
from assistant.types import Answer, Span

EXCERPT_CHARACTERS = 90
_BEFORE = 25  # characters of an excerpt before the first word
_BLOCK, _OVERLAP = 1_000, 200  # characters of a long line that are looked through at once, and twice
# Folding takes about 2 µs a character, while somebody waits for an answer: what counts most comes first.
_ASKED, _CITED, _MENTIONED = 5_000, 40_000, 15_000  # characters of a question, of an answer, of what one only lists
_QUERY_CHARACTERS, _QUERY_WORDS = 1_000, 30
_FORMS = "\x1f"  # between the two forms of a line


@dataclass(frozen=True, slots=True)
class SearchText:
    """What of a turn is searched: line for line as it reads, and folded."""

    plain: str
    folded: str


@dataclass(frozen=True, slots=True)
class SearchWord:
    """A word in the forms that a folded line may hold."""

    literal: str
    folded: str  # numbers written one way

    def position(self, folded: str) -> int:
        found = [at for at in (folded.find(self.literal), folded.find(self.folded)) if at >= 0]
        return min(found, default=-1)


def search_text(turn: NewTurn) -> SearchText:
    """The question on the first line, then the answer and its quotes."""
    return _lines([one_line(turn.question[:_ASKED]), *_pieces(turn.answer)])


def title_text(title: str) -> SearchText:
    return _lines([title])


def _lines(pieces: Iterable[str]) -> SearchText:
    plain = list(dict.fromkeys(pieces))
    return SearchText("\n".join(plain), "\n".join(_folded(line) for line in plain))


def _folded(line: str) -> str:
    """Both forms: a number that is typed may be a part of one that is written, 十二 of 二十二."""
    characters, numbers = literal(line), fold(line)
    return characters if numbers == characters else f"{characters}{_FORMS}{numbers}"


def _pieces(answer: Answer | None) -> Iterator[str]:
    if answer is None:
        return
    cited = [sentence.text for sentence in answer.sentences] + [citation.quote for citation in answer.citations]
    titles = [title for citation in answer.citations for title in (citation.title, *citation.heading)]
    yield from _within(_CITED, cited + titles)
    if answer.mentions is not None:
        documents = answer.mentions.documents
        listed = [document.title for document in documents]
        yield from _within(_MENTIONED, listed + [one.text for found in documents for one in found.mentions])


def _within(characters: int, texts: Iterable[str]) -> Iterator[str]:
    for text in dict.fromkeys(texts):
        if characters <= 0:
            return
        line = one_line(text[:characters])
        characters -= len(line)
        if line:
            yield line


def search_words(query: str) -> tuple[SearchWord, ...]:
    """The words of a query; nothing in it has a meaning of its own. Raises ConversationError for one too long."""
    words = dict.fromkeys(literal(one_line(query[: _QUERY_CHARACTERS + 1])).split())
    if len(query) > _QUERY_CHARACTERS or len(words) > _QUERY_WORDS:
        raise ConversationError(
            f"That is too much to look for (up to {_QUERY_CHARACTERS:,} characters and {_QUERY_WORDS} words). "
            "Look for fewer words."
        )
    return tuple(SearchWord(word, fold(word)) for word in words)


def excerpt(text: SearchText, words: Sequence[SearchWord]) -> tuple[str, tuple[Span, ...]]:
    """A short part of a text around the first word found in it, and where the words are in that part."""
    for plain, folded in zip(text.plain.split("\n"), text.folded.split("\n"), strict=False):
        if any(word.position(folded) >= 0 for word in words):
            line, spans = _found_in(plain, words)
            return _cut(line, spans)
    return _cut(text.plain.partition("\n")[0], [])


def _found_in(line: str, words: Sequence[SearchWord]) -> tuple[str, list[Span]]:
    """The part of a line that was looked through, and the words in it."""
    for start in range(0, len(line), _BLOCK):
        block = line[max(0, start - _OVERLAP) : start + _BLOCK]
        if spans := _spans(block, words):
            return block, spans
    return line, []


def _spans(line: str, words: Sequence[SearchWord]) -> list[Span]:
    spans = set()
    forms: tuple[tuple[Callable[[str], tuple[str, list[int]]], Callable[[SearchWord], str]], ...] = (
        (literal_with_offsets, lambda word: word.literal),
        (fold_with_offsets, lambda word: word.folded),
    )
    for with_offsets, form in forms:
        text, offsets = with_offsets(line)
        for word in words:
            at = text.find(form(word))
            while at >= 0:
                first, last = offsets[at], at + len(form(word))
                # A number's characters all lead to where it begins: the span ends where the next one leads.
                after = next((offset for offset in offsets[last:] if offset > offsets[last - 1]), len(line))
                spans.add((first, after))
                at = text.find(form(word), last)
    return _apart(sorted(spans))


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap made one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _cut(line: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    if len(line) - start < EXCERPT_CHARACTERS:
        start = max(0, min(start, len(line) - EXCERPT_CHARACTERS))
    end = start + EXCERPT_CHARACTERS
    before, after = ("…" if start else ""), ("…" if end < len(line) else "")
    shift = len(before) - start
    kept = [(first + shift, min(last, end) + shift) for first, last in spans if first < end]
    return before + line[start:end] + after, tuple(kept)
