"""What every exported form of a conversation holds, in the words of one language; the forms only set it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.conversations.turns import Conversation, StoredTurn
from assistant.conversations.wording import one_line, readable
from assistant.types import Answer, Citation, Refusal, Sentence

Notes = Mapping[tuple[int, int], str]  # (number of the turn, of the citation) → a sentence to print with the quote


@dataclass(frozen=True, slots=True)
class ExportWords:
    """The words of an export."""

    language: str
    summary: str
    asked: str
    within: str
    understood: str
    quotes: str
    page: str
    comma: str
    list_comma: str
    title: str
    note: str
    differing: str
    undated: str
    refused: str
    missing: str
    failed: str
    stopped: str
    unreadable: str
    mentions: str
    stale: str


_CHINESE = ExportWords(
    language="zh-CN",
    summary="{n} 个问题，{first} 至 {last}",
    asked="提问时间：",
    within="范围：",
    understood="理解为：",
    quotes="原文",
    page="第 {n} 页",
    comma="，",
    list_comma="、",
    title="《{title}》",
    note="注：",
    differing="文本给出的不一致，最新的在前：",
    undated="没有注明日期",
    refused="文本里没有找到答案。",
    missing="文本中没有出现：",
    failed="没有得到回答：",
    stopped="提问后停止，没有回答。",
    unreadable="这一轮的记录已经损坏，或由更新的版本保存，无法读出。",
    mentions="共 {n} 段，见于 {m} 篇文档。",
    stale="回答时，文件比索引更新。",
)
_ENGLISH = ExportWords(
    language="en",
    summary="Questions: {n}; {first} to {last}",
    asked="Asked: ",
    within="Within: ",
    understood="Understood as: ",
    quotes="Quotes",
    page="page {n}",
    comma=", ",
    list_comma=", ",
    title="{title}",
    note="Note: ",
    differing="The texts differ on this, the newest first:",
    undated="undated",
    refused="The texts do not answer this.",
    missing="Not found in the texts: ",
    failed="There was no answer: ",
    stopped="It was stopped before there was an answer.",
    unreadable="What was kept of this turn is damaged, or was kept by a newer version, and cannot be read.",
    mentions="Passages: {n}, documents: {m}.",
    stale="Files were newer than the index when this was answered.",
)


@dataclass(frozen=True, slots=True)
class ExportedQuote:
    """A quote and its source; number 0 is a passage that an answer only lists."""

    number: int
    pieces: tuple[tuple[str, bool], ...]  # of the quote, and whether each is what was asked for
    source: str  # title, headings, page and file, on one line
    note: str


@dataclass(frozen=True, slots=True)
class ExportedTurn:
    """A question and what is printed under it, in order."""

    number: int
    question: str
    details: tuple[str, ...]
    lead: tuple[str, ...]  # in the place of sentences: why there is no answer, or what is listed
    sentences: tuple[Sentence, ...]  # citing quotes that are there
    differing: tuple[Sentence, ...]  # values that are not the same, each with its date
    quotes: tuple[ExportedQuote, ...]


def words_of(language: str) -> ExportWords:
    """Chinese for "zh-CN", English for "en"."""
    return _CHINESE if language.lower().startswith("zh") else _ENGLISH


def exported(conversation: Conversation, notes: Notes, words: ExportWords) -> Iterator[ExportedTurn]:
    for turn in conversation.turns:
        details = [(words.asked, moment(turn.asked_at)), (words.within, words.list_comma.join(turn.within))]
        given = turn.answer
        if given is not None:
            details.append((words.understood, given.asked))
        known = frozenset() if given is None else frozenset(citation.number for citation in given.citations)
        yield ExportedTurn(
            turn.number,
            one_line(turn.question) or "…",
            tuple(label + one_line(text) for label, text in details if one_line(text)),
            tuple(_lead(turn, words)),
            () if given is None else tuple(_cited(sentence, known) for sentence in given.sentences),
            () if given is None else tuple(_differing(given, known, words)),
            () if given is None else tuple(_quotes(given, turn.number, notes, words)),
        )


def summary(conversation: Conversation, words: ExportWords) -> str:
    first, last = moment(conversation.info.created), moment(conversation.info.changed)
    day = first[: first.find(" ") + 1]
    return words.summary.format(n=len(conversation.turns), first=first, last=last.removeprefix(day))


def moment(time: str) -> str:
    """A time as the clock here shows it."""
    try:
        return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return one_line(time)[:40]


def _lead(turn: StoredTurn, words: ExportWords) -> Iterator[str]:
    given = turn.answer
    if turn.kind == "unreadable":
        yield words.unreadable
    elif turn.kind == "stopped":
        yield words.stopped
    elif turn.kind == "failed":
        yield words.failed + one_line(turn.message or "")
    elif turn.kind == "refused":
        yield from _refused(given.refusal if given is not None else None, words)
    if given is not None and given.mentions is not None and given.answered:
        yield words.mentions.format(n=given.mentions.passages, m=len(given.mentions.documents))
    if given is not None and given.index.stale:
        yield words.stale


def _refused(refusal: Refusal | None, words: ExportWords) -> Iterator[str]:
    """The reason as it was given, which is in the language of the question."""
    if refusal is not None and one_line(refusal.reason):
        yield one_line(refusal.reason)
        return
    yield words.refused
    if refusal is not None and refusal.missing:
        yield words.missing + words.list_comma.join(one_line(word) for word in refusal.missing)


def _cited(sentence: Sentence, known: frozenset[int]) -> Sentence:
    numbers = tuple(number for number in sentence.citations if number in known)
    return Sentence(one_line(sentence.text), numbers, sentence.item)


def _differing(given: Answer, known: frozenset[int], words: ExportWords) -> Iterator[Sentence]:
    for value in given.differing:
        date = one_line(value.date or "") or words.undated
        yield _cited(Sentence(f"{one_line(value.text)} ({date})", (value.citation,)), known)


def _quotes(given: Answer, turn: int, notes: Notes, words: ExportWords) -> Iterator[ExportedQuote]:
    for citation in given.citations:
        source = _source(citation.title, citation.document, citation.heading, citation.page, words)
        note = one_line(notes.get((turn, citation.number), ""))
        yield ExportedQuote(citation.number, _pieces(citation), source, note)
    for document in () if given.mentions is None else given.mentions.documents:
        for mention in document.mentions:
            place = mention.passage
            source = _source(document.title, document.document, place.heading, place.page, words)
            yield ExportedQuote(0, ((readable(mention.text).strip(), False),), source, "")


def _pieces(citation: Citation) -> tuple[tuple[str, bool], ...]:
    """Of a stored citation the spans may be anything: the quote is shown whole then."""
    pieces = citation.pieces
    if "".join(text for text, _ in pieces) != citation.quote:
        pieces = ((citation.quote, False),)
    return tuple((readable(text), asked) for text, asked in pieces)


def _source(title: str, document: str, heading: tuple[str, ...], page: int | None, words: ExportWords) -> str:
    shown, file = one_line(title), one_line(document)
    name = shown or file
    if shown and not shown.startswith("《"):
        name = words.title.format(title=shown)
    path = " › ".join([name, *filter(None, map(one_line, heading))])
    paged = "" if page is None else words.comma + words.page.format(n=page)
    brackets = "（{}）" if words is _CHINESE else " ({})"
    return path + paged + (brackets.format(file) if shown else "")
