"""What all tabs of one page share: the library that is asked, its updates, its conversations, the questions under way.

A tab keeps nothing but its address: a conversation lives in the store beside the index, and a reload finds it again.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import SAMPLE_LIBRARY
from assistant.conversations.store import FILE_NAME, Conversations
from assistant.conversations.turns import NewTurn, StoredTurn
from assistant.errors import ConversationError, UnknownConversationError
from assistant.types import Answer, Turn
from ui.shelf.updates import Updates

if TYPE_CHECKING:
    from assistant.assistant import Assistant

logger = logging.getLogger(__name__)

MakeAssistant = Callable[[Path], "Assistant"]  # of a library's folder
_RECENT = 64  # questions of all tabs: each asks for its answer within a second


class StoppedError(Exception):
    """Somebody stopped a question that was being answered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a tab puts it."""

    question: str
    conversation: str = ""  # "": a new one
    replaces: int | None = None  # the number of the turn that is edited or asked again
    within: tuple[str, ...] = ()
    alone: bool = False  # exactly as it is written, whatever was asked before


@dataclass(frozen=True, slots=True)
class Underway:
    """A question that is being answered; `settled` has the answer, or the error."""

    conversation: str  # "" where it cannot be kept
    number: int
    question: str
    within: tuple[str, ...] = ()
    serial: int = field(default_factory=count(1).__next__)  # tells every asking of one question from the others
    settled: Future[Answer] = field(default_factory=Future)
    unkept: threading.Event = field(default_factory=threading.Event)  # set where the disk did not take the answer

    @property
    def answer(self) -> Answer | None:
        """The answer, if it is there by now."""
        return self.settled.result() if self.settled.done() and self.settled.exception() is None else None


@dataclass(frozen=True, slots=True)
class _Room:
    """A library with what belongs to it: a question is asked of it and kept in it, whatever the page turns to."""

    assistant: Assistant
    updates: Updates
    conversations: Conversations

    @classmethod
    def of(cls, assistant: Assistant) -> _Room:
        return cls(assistant, Updates(assistant), Conversations(assistant.index_dir / FILE_NAME))


class Desk:
    """The shared state of a page. Thread-safe; nothing here waits for an answer or an update."""

    def __init__(self, assistant: Assistant, make: MakeAssistant | None = None) -> None:
        """`make` opens another library: without it the page cannot offer the sample."""
        self._make = make
        self._lock = threading.Lock()
        self._turning = threading.Lock()
        self._underway: dict[tuple[str, int], Underway] = {}
        self._answered: set[int] = set()  # the serials of those of them whose answers are being kept just now
        self._recent: deque[Underway] = deque(maxlen=_RECENT)
        self._unkept = 0
        self._damaged = ""
        self._room = _Room.of(assistant)

    @property
    def assistant(self) -> Assistant:
        return self._room.assistant

    @property
    def updates(self) -> Updates:
        return self._room.updates

    @property
    def conversations(self) -> Conversations:
        return self._room.conversations

    @property
    def damaged(self) -> str:
        """What became of a file of conversations that was damaged; told until the page ends, for any tab may ask."""
        self._damaged = self.conversations.notice() or self._damaged
        return self._damaged

    @property
    def offers_sample(self) -> bool:
        """Whether the page can turn to the sample library."""
        return self._make is not None and self.assistant.library != SAMPLE_LIBRARY

    def use_sample(self) -> None:
        """Turn from this library to the sample one, and index that where it never was. Raises YoujuError.

        Questions under way are answered from the library that they were asked of, and kept there; what it has open is
        closed once nobody holds it.
        """
        assert self._make is not None
        with self._turning:
            if not self.offers_sample:  # another tab was faster
                return
            before = self._room
            self._room = _Room.of(self._make(SAMPLE_LIBRARY))  # at once: no question may be kept with another library
            self._damaged = ""
        before.updates.close()
        if not self.assistant.status().generation:
            self.updates.start()
        threading.Thread(target=self._load_model, name="load", daemon=True).start()

    def _load_model(self) -> None:
        try:
            self.assistant.load_model()
        except Exception:  # the page goes on, and tells whoever asks a question
            logger.exception("the model of the sample library")

    # questions under way

    def begin(self, asked: Asked) -> Underway:
        """Keep a question, as one that was not answered yet, and begin to answer it in a thread.

        A turn that is asked again stays what it is until there is another answer.
        """
        try:
            return self._begin(asked)
        except UnknownConversationError:  # deleted, in another tab or by another process: there is a new one
            return self._begin(replace(asked, conversation="", replaces=None))

    def _begin(self, asked: Asked) -> Underway:
        """Raises UnknownConversationError."""
        after, room = None, self._room
        kept = room.conversations
        conversation, number = asked.conversation, asked.replaces or 0
        try:
            if asked.replaces:
                turns = kept.open(conversation).turns
                if number not in {turn.number for turn in turns}:
                    raise ConversationError(f"Turn {number} is not there any more.")
                after = _last_answered(turn for turn in turns if turn.number < number)
            else:
                if conversation:
                    after = kept.last_turn(conversation)
                else:
                    conversation = kept.create(within=asked.within).id
                number = kept.add(conversation, NewTurn(asked.question, within=asked.within)).number
        except UnknownConversationError:
            raise
        except ConversationError as error:  # asking is never held up by keeping
            logger.warning("%s The question is answered and not kept.", error)
            conversation, number = "", self._next_unkept()
        if asked.alone:
            after = None
        underway = Underway(conversation, number, asked.question, asked.within)
        with self._lock:
            self._underway[conversation, number] = underway
            self._recent.append(underway)
        thread = threading.Thread(target=self._answer, args=(underway, asked, after, room), name="ask", daemon=True)
        thread.start()
        return underway

    def _next_unkept(self) -> int:
        with self._lock:
            self._unkept += 1
            return 1_000_000 + self._unkept

    def underway(self, conversation: str, number: int) -> Underway | None:
        """The question of a turn, while it is being answered."""
        with self._lock:
            return self._underway.get((conversation, number))

    def recent(self, conversation: str, number: int) -> Underway | None:
        """The question of a turn that is being answered or was, a moment ago: also one that could not be kept."""
        with self._lock:
            found = (one for one in reversed(self._recent) if (one.conversation, one.number) == (conversation, number))
            return next(found, None)

    def stop(self, conversation: str, number: int) -> bool:
        """Give up a question; False where it is not being answered any more."""
        with self._lock:
            underway = self._underway.get((conversation, number))
            # Within the lock: an answer that is just there and this must not both settle it. One that is being kept is
            # shown: else the page would say that the question was stopped, and show its answer when it is opened again.
            if underway is None or underway.serial in self._answered:
                return False
            del self._underway[conversation, number]
            underway.settled.set_exception(StoppedError())
        return True

    def _answer(self, underway: Underway, asked: Asked, after: Turn | None, room: _Room) -> None:
        outcome: Answer | Exception
        try:
            outcome = room.assistant.ask(asked.question, within=asked.within, after=after)
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            outcome = error
        with self._lock:
            present = self._underway.get((underway.conversation, underway.number))
            if present is not underway:  # stopped, or asked anew meanwhile: this answer is nobody's
                return
            self._answered.add(underway.serial)
        _keep(underway, asked, outcome, room)
        with self._lock:
            self._answered.discard(underway.serial)
            if self._underway.get((underway.conversation, underway.number)) is not underway:
                return
            del self._underway[underway.conversation, underway.number]
            if isinstance(outcome, Exception):
                underway.settled.set_exception(outcome)
            else:
                underway.settled.set_result(outcome)

    def close(self) -> None:
        """The page is going."""
        self.updates.close()
        self.conversations.close()
        self.assistant.close()


def _last_answered(turns: Iterable[StoredTurn]) -> Turn | None:
    """What a question after some turns may refer to."""
    answers = [turn.answer for turn in turns if turn.answer is not None and turn.answer.answered]
    return answers[-1].turn if answers else None


def _keep(underway: Underway, asked: Asked, outcome: Answer | Exception, room: _Room) -> None:
    if not underway.conversation or (asked.replaces and isinstance(outcome, Exception)):
        return  # what was answered before is worth more than an error
    if isinstance(outcome, Exception):
        turn = NewTurn(asked.question, message=str(outcome), within=asked.within)
    else:
        turn = NewTurn(asked.question, outcome, within=asked.within, digests=_digests(room.assistant, outcome))
    try:
        room.conversations.replace(underway.conversation, underway.number, turn)
    except UnknownConversationError as error:
        logger.warning("%s The answer is shown and not kept.", error)
    except ConversationError as error:
        logger.warning("%s The answer is shown and not kept.", error)
        underway.unkept.set()
    except Exception:  # whatever it is: somebody waits for the answer
        logger.exception("an answer that could not be kept")


def _digests(assistant: Assistant, answer: Answer) -> dict[str, str]:
    """Of every document that an answer cites, as it is now: by them a quote is verified later."""
    digests = {}
    for name in dict.fromkeys(citation.document for citation in answer.citations):
        try:
            digests[name] = assistant.document(name).digest
        except Exception:  # noqa: BLE001 - the next generation may not hold it any more
            continue
    return digests
