"""The nouns of the project: frozen, and importing nothing of ours.

path ─read→ Document ─split→ Passage ─cut→ Window ─embed→ vector
question ─search→ Hit ─compose→ Answer ─ Sentence ─ Citation (back to the Document by its span)

A span is a pair of character offsets into `Document.text`, end exclusive. A higher score is better, everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that a format marks as one; where there are several, few are guessed from the text."""

    start: int
    end: int
    level: int  # 1 is the outermost


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a library, exactly as it was read; every span of the project points into `text`."""

    id: str  # path relative to the library, "/" separators; a line of a corpus is "file.jsonl#id"
    title: str
    text: str
    digest: str  # sha256 of title, text and structure, hexadecimal
    encoding: str | None = None  # what was detected: "utf-8", "gb18030", …
    pages: tuple[int, ...] = ()  # the offset at which each page begins, for formats that have pages
    outline: tuple[Heading, ...] = ()  # in order; not kept in the index: passages carry their heading paths


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a part of a long one: what is found and shown."""

    document: str
    start: int
    end: int
    heading: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """One to three whole sentences of a passage: what is embedded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and why."""

    passage: Passage
    title: str
    text: str  # the passage as it is searched and shown: without marks
    score: float
    dense: float | None  # deviations above the background; None where the embedding leg is off
    keyword: float | None  # BM25, as a part of what the question's words could bring; None where it holds none
    terms: tuple[str, ...] = ()  # words of the question that the passage holds, as the question writes them
    window: Window | None = None  # the best window
    coverage: float | None = None  # by weight, the share of the question's words that it holds with title and headings
    absent: tuple[str, ...] = ()  # words of the question that it does not hold


@dataclass(frozen=True, slots=True)
class Citation:
    """A literal quote and its place: `document.text[start:end] == quote`, always."""

    number: int
    document: str
    title: str
    heading: tuple[str, ...]
    page: int | None
    start: int
    end: int
    quote: str
    answers: tuple[Span, ...] = ()  # within the quote, in the document's text: the words that were asked for
    ordinal: int | None = None  # of its passage in the document, from 1

    @property
    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """The quote in pieces, and whether each is what was asked for."""
        edges = [self.start, *(edge for span in self.answers for edge in span), self.end]
        parts = [self.quote[left - self.start : right - self.start] for left, right in pairwise(edges)]
        return tuple((part, bool(number % 2)) for number, part in enumerate(parts) if part)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer and the numbers of the citations that hold it."""

    text: str
    citations: tuple[int, ...]
    item: bool = False  # of the list that an earlier sentence begins


@dataclass(frozen=True, slots=True)
class Value:
    """What one document gives for something that others give otherwise."""

    text: str
    citation: int
    date: str | None  # of the document: "2024", "2024-05" or "2024-05-01"; None where it says none


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the texts were found to hold no answer."""

    reason: str
    missing: tuple[str, ...] = ()  # words of the question that the texts do not hold


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which state of the library an answer came from."""

    generation: int
    built_at: str  # ISO 8601 with offset
    stale: bool  # texts on disk are newer than the index


@dataclass(frozen=True, slots=True)
class Turn:
    """What a question that follows an answered one may leave unsaid."""

    question: str  # as it stood alone
    documents: tuple[str, ...] = ()  # cited, by id, in order


@dataclass(frozen=True, slots=True)
class Answer:
    """What the texts say to a question; no sentences and no mentions means: not found in the texts."""

    question: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    confidence: float  # 0 to 1
    refusal: Refusal | None
    index: IndexState
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    asked: str = ""  # the question that was answered, where that is another: it follows an earlier one
    added: tuple[str, ...] = ()  # what of it comes from the earlier question
    places: tuple[str, ...] = ()  # documents and parts of them that the question names: "《…法》 › 第十二条"
    differing: tuple[Value, ...] = ()  # values for the same thing that are not the same, the newest first
    mentions: Mentions | None = None  # every mention, where the question asks for that

    @property
    def answered(self) -> bool:
        return bool(self.sentences) or (self.mentions is not None and self.mentions.passages > 0)

    @property
    def turn(self) -> Turn:
        """What the next question may refer to."""
        documents = dict.fromkeys(citation.document for citation in self.citations)
        return Turn(self.asked or self.question, tuple(documents))

    @property
    def text(self) -> str:
        return "\n".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Mention:
    """A passage that holds some words literally, itself or in the headings right above it."""

    passage: Passage
    text: str  # the passage as it is searched and shown: without marks
    spans: tuple[tuple[int, int], ...]  # of the words, in the document's text


@dataclass(frozen=True, slots=True)
class DocumentMentions:
    """The mentions of one document, in the order of its text."""

    document: str
    title: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Mentions:
    """Every passage of a library that holds some words, by document."""

    words: tuple[str, ...]  # looked for, as they were asked for; each passage holds all of them
    documents: tuple[DocumentMentions, ...]
    about: bool = False  # the documents about the words were asked for: each has one passage

    @property
    def passages(self) -> int:
        return sum(len(document.mentions) for document in self.documents)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file (or a line of one) that could not be read, and what to do about it."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """How the texts on disk differ from the index."""

    added: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.edited or self.removed)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an update stands; `windows_total` is 0 until all texts are read."""

    stage: str  # "scan", "read", "embed", "publish"
    documents: int = 0
    documents_total: int = 0
    windows: int = 0
    windows_total: int = 0
    windows_per_second: float = 0.0
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class PassageChanges:
    """How many passages an update adds, changes and removes; those of a renamed document stay what they are."""

    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What an update would do now; nothing is written to find out."""

    added: tuple[str, ...]  # documents, by id
    edited: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[str, ...]  # by their new ids; neither added nor removed
    passages: PassageChanges
    windows: int  # to embed
    seconds: float | None  # expected, for embedding; None where there is nothing to go by
    problems: tuple[Problem, ...] = ()
    dictionary: bool = False  # the library's own words changed: the keyword index is made again

    def __bool__(self) -> bool:
        return bool(self.added or self.edited or self.removed or self.renamed or self.windows or self.dictionary)


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did."""

    generation: int
    changed: bool
    added: int
    edited: int
    removed: int
    renamed: int  # neither added nor removed
    passages_changed: PassageChanges
    documents: int
    passages: int
    windows: int
    embedded: int  # windows that had to be embedded; the others were known
    seconds: float
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an index, where, and what mends it."""

    place: str  # "database", "vectors", "derived files", or a document's id
    reason: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check of an index looked at and found."""

    documents: int
    passages: int
    windows: int
    files: int  # texts on disk that were read again and compared; those edited since belong to the next update
    findings: tuple[Finding, ...]  # what is wrong now; after a repair: what could not be mended
    repaired: tuple[Finding, ...]  # what was wrong and is mended
    seconds: float

    @property
    def sound(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class GcReport:
    """What nothing needed any more."""

    vectors: int
    models: int
    generations: int  # derived files of generations that are gone
    bytes: int  # freed on disk


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """One row of a library's table of contents."""

    id: str
    title: str
    encoding: str | None
    characters: int
    passages: int
    kind: str = ""  # of its file: "docx", "pdf", "md", "txt", …
    indexed_at: str | None = None  # when this text came into the index, ISO 8601 with offset; None: not known
    bytes: int | None = None  # of its file, as of the last update
    modified_at: str | None = None  # its file, as of the last update; ISO 8601 with offset
    file: str = ""  # that it came from, relative to the library: for a line of a corpus not its id


@dataclass(frozen=True, slots=True)
class Status:
    """What the library holds and how the index stands to it."""

    library: Path
    index: Path
    generation: int  # 0: never indexed
    built_at: str | None
    model: str  # the model of the index, or the one an update would use
    model_changed: bool  # the settings name another model than the index was made with
    documents: int
    passages: int
    windows: int
    changes: Changes  # texts on disk that are newer than the index
    problems: tuple[Problem, ...] = ()
    ignored: int = 0  # files that .youjuignore leaves out
