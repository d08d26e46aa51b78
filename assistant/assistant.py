"""Assistant: the main path, and the only place where the parts are put together.

ask:     question → search (both legs, fused) → compose (sentences, citations) → Answer
update:  scan → diff → read → split → embed → publish → the next snapshot
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from assistant.addressing.resolve import Address, resolve
from assistant.addressing.respective import respective
from assistant.answering.addressed import compose_addressed
from assistant.answering.extractive import Composed
from assistant.answering.respective import united
from assistant.answering.sentences import Candidate, candidates
from assistant.asking import listing
from assistant.asking.about import about
from assistant.asking.checking import check_question
from assistant.asking.followup import stand_alone
from assistant.asking.suggesting import Suggestion, suggestions
from assistant.citing.verification import Cited, Verdict, verify
from assistant.config import Settings
from assistant.errors import NotIndexedError
from assistant.index.check import Check
from assistant.index.cutting import Recipe
from assistant.index.database import Database, damaged, unreadable
from assistant.index.freshness import Freshness
from assistant.index.garbage import collect
from assistant.index.repair import mark, rebuilding
from assistant.index.scan import newer, scan
from assistant.index.schema import is_damage
from assistant.index.snapshot import Snapshot
from assistant.index.status import status
from assistant.index.update import Update, rebuild_derived, settle
from assistant.models import LoadEmbedder, Models, ModelState
from assistant.readers.worker import Limits
from assistant.retrieval.about import documents_about
from assistant.retrieval.kinds import of_kind
from assistant.retrieval.mentions import mentions
from assistant.retrieval.places import documents_within
from assistant.retrieval.preference import find
from assistant.retrieval.search import Found
from assistant.snapshots import Snapshots
from assistant.text.tokens import Tokens
from assistant.types import (
    Answer,
    CheckReport,
    Document,
    DocumentInfo,
    GcReport,
    Hit,
    IndexState,
    Mentions,
    Preview,
    Progress,
    Status,
    Turn,
    UpdateReport,
)
from embeddings.embedder import load_embedder

logger = logging.getLogger(__name__)


class Assistant:
    """Answers questions from one library. Safe to call from several threads; answers go on during an update."""

    def __init__(self, settings: Settings, *, load: LoadEmbedder | None = None) -> None:
        """`load` makes an embedder from a model's name; by default any sentence-transformers model."""
        self.settings = settings
        self.library = settings.library
        self.index_dir = settings.index_dir
        self._models = Models(
            load or (lambda name: load_embedder(name, cache_dir=settings.cache_dir, batch_size=settings.batch_size))
        )
        self._tokens = Tokens(settings.cache_dir)
        self._snapshots = Snapshots(self.library, self.index_dir, self._tokens)
        self._freshness = Freshness(self._is_stale)

    # asking

    def ask(
        self,
        question: str,
        *,
        within: Iterable[str] = (),
        after: Turn | None = None,
        threshold: float | None = None,
    ) -> Answer:
        """Answer from the texts, or from those within some folders and documents (paths relative to the library).

        A question that only makes sense `after` an earlier one (`Answer.turn`) is made to stand alone, and one for
        every mention of some words, or for the documents about something, is answered by the list of them, for which no
        model is needed. `threshold` is used instead of the setting.

        Raises QuestionError, NotIndexedError, EmbedderError, LibraryIndexError.
        """
        began = time.perf_counter()
        self._check(question)
        with self._reading():
            snapshot = self._snapshots.current()
            look = self._freshness.start()
            inside = self._inside(snapshot, within)
            tokens = self._tokens.with_dictionary(snapshot.dictionary)
            alone = stand_alone(question, after, tokens, lambda name: snapshot.document(name).title)
            self._check(alone.question)
            if (listed := self._listed(snapshot, alone.question, tokens, inside)) is not None:
                spent = round((time.perf_counter() - began) * 1e3, 2)
                state = IndexState(snapshot.generation, snapshot.built_at, look())
                return listing.answer(question, alone, listed, state, {"mentions": spent, "total": spent})
            before = after.documents if after else ()
            least = self.settings.threshold if threshold is None else threshold
            limit, weight = self.settings.passages, self.settings.dense_weight
            answered = self._respectively(snapshot, tokens, alone.question, inside, least)
            if answered is None:
                found, address = self._find(snapshot, alone.question, limit, weight, inside, before)
            searched = time.perf_counter()
            if answered is None:
                composed = compose_addressed(snapshot, tokens, found, address, threshold=least)
            else:
                found, address, composed = answered
            citations = snapshot.numbered(composed.citations)
        done = time.perf_counter()
        timings = {**found.timings_ms, "answer": (done - searched) * 1e3, "total": (done - began) * 1e3}
        return Answer(
            question,
            composed.sentences,
            citations,
            found.hits,
            composed.confidence,
            composed.refusal,
            IndexState(snapshot.generation, snapshot.built_at, look()),
            {stage: round(value, 2) for stage, value in timings.items()},
            asked=alone.question if alone.question != question else "",
            added=alone.added,
            places=address.shown,
            differing=composed.differing,
        )

    def _respectively(
        self,
        snapshot: Snapshot,
        tokens: Tokens,
        question: str,
        inside: frozenset[str] | None,
        threshold: float | None,
    ) -> tuple[Found, Address, Composed] | None:
        """What each of several documents answers that a question names (A和B分别…); None where not all of them do."""
        each: list[tuple[Found, Address, Composed]] = []
        for own in respective(snapshot, question, inside):
            found, address = self._find(
                snapshot, own.question, self.settings.passages, self.settings.dense_weight, own.documents
            )
            each.append((found, address, compose_addressed(snapshot, tokens, found, address, threshold=threshold)))
        composed = united([one for *_, one in each]) if each else None
        if composed is None:
            return None
        hits = tuple(hit for ranked in zip_longest(*(found.hits for found, *_ in each)) for hit in ranked if hit)
        timings = {stage: sum(found.timings_ms[stage] for found, *_ in each) for stage in each[0][0].timings_ms}
        names = tuple(dict.fromkeys(name for _, address, _ in each for name in address.shown))
        first = replace(each[0][0], hits=hits[: self.settings.passages], timings_ms=timings)
        return first, Address(names=names), composed

    @staticmethod
    def _listed(snapshot: Snapshot, question: str, tokens: Tokens, inside: frozenset[str] | None) -> Mentions | None:
        """Every mention, or the documents about something, where a question asks for that."""
        if words := listing.wanted(question):
            found = mentions(snapshot, words, snapshot.area(inside))
            return of_kind(found, listing.kind_asked(question))
        if (wanted := about(question)) is not None:
            return documents_about(snapshot, tokens, wanted.words, wanted.kind, inside, is_sure=wanted.is_sure)
        return None

    def search(
        self, query: str, *, limit: int = 10, dense_weight: float | None = None, within: Iterable[str] = ()
    ) -> tuple[Hit, ...]:
        """The passages that best match, best first. `dense_weight` 1 is embeddings alone, 0 is keywords alone.

        `within` keeps the search to some folders and documents, exactly. Raises as `ask` does.
        """
        self._check(query)
        weight = self.settings.dense_weight if dense_weight is None else dense_weight
        with self._reading():
            snapshot = self._snapshots.current()
            return self._find(snapshot, query, limit, weight, self._inside(snapshot, within))[0].hits

    def named(self, question: str, *, within: Iterable[str] = ()) -> tuple[str, ...]:
        """What a question names, as it is shown: documents, or parts of them (《…》 › 第十二条). No model is needed.

        Raises QuestionError, NotIndexedError, LibraryIndexError.
        """
        self._check(question)
        with self._reading():
            snapshot = self._snapshots.current()
            return resolve(snapshot, question, inside=self._inside(snapshot, within)).shown

    def mentions(self, words: str, *, within: Iterable[str] = ()) -> Mentions:
        """Every passage that holds all of the words, in the order of the texts; no model is needed.

        “Words in quotation marks” are one. Raises QuestionError, NotIndexedError, LibraryIndexError.
        """
        self._check(words)
        with self._reading():
            snapshot = self._snapshots.current()
            return mentions(snapshot, words, snapshot.area(self._inside(snapshot, within)))

    def suggestions(self, answer: Answer, *, asked: Sequence[str] = (), limit: int = 3) -> tuple[Suggestion, ...]:
        """Questions that may follow an answer: each is one that headings near its sources answer; none was `asked`."""
        with self._reading():
            return suggestions(self._snapshots.current(), answer, asked=asked, limit=limit)

    def verify(self, quotes: Sequence[Cited]) -> tuple[Verdict, ...]:
        """What became of quotes of earlier answers: compared with the texts as they are now, indexed or not."""
        return verify(self, quotes)

    def snapshot(self) -> Snapshot:
        """The state of the library that is asked now. Raises NotIndexedError, LibraryIndexError."""
        with self._reading():
            return self._snapshots.current()

    def inspect(self, question: str, *, limit: int | None = None) -> tuple[Found, list[Candidate]]:
        """What an answer is chosen from: the passages found and every sentence of the best ones, with its signals."""
        self._check(question)
        with self._reading():
            snapshot = self._snapshots.current()
            found, _ = self._find(snapshot, question, limit or self.settings.passages, self.settings.dense_weight, None)
            return found, candidates(snapshot, self._tokens.with_dictionary(snapshot.dictionary), found)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Tell a database that breaks while it is read as what it is."""
        try:
            yield
        except sqlite3.Error as error:
            raise (damaged if is_damage(error) else unreadable)(self.index_dir, error) from error

    def _check(self, question: str) -> None:
        check_question(question, self.settings.question_characters)

    def _inside(self, snapshot: Snapshot, within: Iterable[str]) -> frozenset[str] | None:
        """The documents (by id) in some places; None for all. Raises QuestionError."""
        places = [within] if isinstance(within, str) else list(within)
        if not places:
            return None
        return documents_within(places, [document.id for document in snapshot.documents()], self.library)

    def _find(
        self,
        snapshot: Snapshot,
        question: str,
        limit: int,
        dense_weight: float,
        inside: frozenset[str] | None,
        before: Sequence[str] = (),
    ) -> tuple[Found, Address]:
        return find(
            snapshot,
            question,
            self._tokens.with_dictionary(snapshot.dictionary),
            self._models.of(snapshot.model),
            limit=limit,
            dense_weight=dense_weight,
            inside=inside,
            documents=before,
        )

    # the index

    def update(
        self, on_progress: Callable[[Progress], None] | None = None, *, stop: threading.Event | None = None
    ) -> UpdateReport:
        """Bring the index up to date with the texts; `stop` ends it early, and what it embedded is kept.

        Raises LibraryError, IndexBusyError, EmbedderError, UpdateStoppedError.
        """
        report = self._next(on_progress, stop).run()
        self._freshness.forget()
        if self._snapshots.held is not None:  # somebody asks here
            settle(self.index_dir, self._snapshots.current(wait=True))
        logger.info("generation %d: %d documents", report.generation, report.documents)
        return report

    def preview(self, on_progress: Callable[[Progress], None] | None = None) -> Preview:
        """What an update would do now; nothing is written. Raises LibraryError, LibraryIndexError."""
        return self._next(on_progress, None).preview()

    def check(self, *, repair: bool = False, on_progress: Callable[[Progress], None] | None = None) -> CheckReport:
        """Verify the whole index; `repair` mends it from the texts, and only what is wrong is embedded again.

        Raises NotIndexedError, IndexVersionError; for a repair also what `update` raises.
        """
        began = time.monotonic()
        tell = on_progress or (lambda progress: None)
        found = before = Check(self.library, self.index_dir, self._recipe(), tell).run()
        if repair and before.findings:
            if before.rebuild_database:
                with rebuilding(self.library, self.index_dir) as folder:
                    self._next(tell, None, index_dir=folder).run()
                self._freshness.forget()
            elif before.needs_update:
                mark(self.index_dir, before)
                self.update(tell)
            if before.rebuild_derived:
                rebuild_derived(self.index_dir, self._tokens, sound_too=True)
            found = Check(self.library, self.index_dir, self._recipe(), tell).run()
        return CheckReport(
            found.documents,
            found.passages,
            found.windows,
            found.files,
            tuple(found.findings),
            tuple(finding for finding in before.findings if finding not in found.findings),
            time.monotonic() - began,
        )

    def gc(self) -> GcReport:
        """Drop what no generation needs. Raises NotIndexedError, IndexBusyError, LibraryIndexError."""
        return collect(self.index_dir)

    def _next(
        self,
        on_progress: Callable[[Progress], None] | None,
        stop: threading.Event | None,
        *,
        index_dir: Path | None = None,
    ) -> Update:
        return Update(
            self.library,
            index_dir or self.index_dir,
            self._tokens,
            self._recipe(),
            self.settings.model,
            lambda: self._models.named(self.settings.model),
            on_progress or (lambda progress: None),
            stop,
        )

    def status(self) -> Status:
        """What the library holds, and how the texts on disk differ. Works without an index (generation 0)."""
        with self._reading():
            return status(self.library, self.index_dir, self.settings.model)

    def _is_stale(self) -> bool:
        database = Database.open(self.index_dir)
        try:
            return bool(newer(self.library, scan(self.library), database.files()))
        finally:
            database.close()

    def documents(self, *, within: Iterable[str] = ()) -> tuple[DocumentInfo, ...]:
        """The library's documents, or those within some places. Raises QuestionError for a place that is not there."""
        with self._reading():
            snapshot = self._snapshots.current()
            inside = self._inside(snapshot, within)
            return tuple(one for one in snapshot.documents() if inside is None or one.id in inside)

    def document(self, document_id: str) -> Document:
        """One document as it was indexed. Raises KeyError."""
        with self._reading():
            return self._snapshots.current().document(document_id)

    def examples(self, limit: int = 4) -> tuple[str, ...]:
        """Questions to begin with: the library's own, or made from its documents' titles."""
        if self.settings.examples:
            return self.settings.examples[:limit]
        try:
            titles = [document.title for document in self.documents()[: limit * 5]]
        except NotIndexedError:
            return ()
        chosen = list(dict.fromkeys(title for title in titles if 2 < len(title) <= 40))[:limit]
        return tuple(
            f"What does “{title}” say?" if title.isascii() else f"《{title.strip('《》')}》讲了什么？"
            for title in chosen
        )

    def close(self) -> None:
        self._snapshots.close()

    # the model

    def load_model(self) -> None:
        """Load the embedding model now (otherwise the first question does); a second call waits for the first.

        Also reads jieba's dictionary. Raises EmbedderError.
        """
        self._tokens.question("预备 ready")  # also loads the stemmer of English
        self._tokens.tagged("预备")
        try:
            self._models.of(self._snapshots.current().model)
        except NotIndexedError:
            self._models.named(self.settings.model)

    @property
    def limits(self) -> Limits:
        """What reading one file may take."""
        return Limits(
            file_bytes=self.settings.file_megabytes * 1_000_000,
            memory_bytes=self.settings.read_megabytes * 1_000_000,
            seconds=self.settings.read_seconds,
            characters=self.settings.document_characters,
        )

    @property
    def model_state(self) -> ModelState:
        return self._models.state

    def _recipe(self) -> Recipe:
        return Recipe(
            self.settings.passage_characters,
            self.settings.window_characters,
            self.settings.batch_size,
            self.limits,
        )
