"""Conversations: what was asked of a library, kept in one SQLite file beside its index."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.conversations import serialised
from assistant.conversations.file import ConversationFile
from assistant.conversations.searching import (
    SearchText,
    SearchWord,
    excerpt,
    search_text,
    search_words,
    title_text,
)
from assistant.conversations.turns import Conversation, ConversationInfo, NewTurn, StoredTurn
from assistant.conversations.wording import automatic_title, title_of
from assistant.errors import ConversationError, UnknownConversationError
from assistant.types import Turn

FILE_NAME = "conversations.sqlite"
UNDO_SECONDS = 600.0
_EMPTY_KEPT = timedelta(days=1)  # a conversation without a turn: a page that was opened and left
_ID = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")
_TITLE = 0  # the number under which a title is searched

_INFO = (
    "SELECT id, title, automatic, created, changed, "
    "(SELECT count(*) FROM turns WHERE conversation = conversations.key), key FROM conversations "
)


class Conversations:
    """All conversations of one library. Safe to use from several threads, and beside other processes.

    Nothing is read or written before the first call. Where the file was damaged, it was moved aside and a new one
    begun, which `notice` tells. Every method raises ConversationError where the disk does not allow it, and
    UnknownConversationError for a conversation that is not there.
    """

    def __init__(self, path: Path, *, undo_seconds: float = UNDO_SECONDS) -> None:
        """`undo_seconds`: for how long a deleted conversation can be restored."""
        self.path = path
        self._file = ConversationFile(path)
        self._undo_seconds = undo_seconds
        self._timer: threading.Timer | None = None
        self._timer_lock = threading.Lock()
        self._tidied = self._closed = False

    def notice(self) -> str | None:
        """What happened to the file, for the user; told once."""
        return self._file.notice()

    def close(self) -> None:
        with self._timer_lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()
        self._file.close()

    # conversations

    def create(self, *, within: Sequence[str] = ()) -> Conversation:
        """A new conversation, not listed before it has a turn. `within`: the folders and documents it is for."""
        self._tidy_once()
        now, made = _now(), secrets.token_urlsafe(16)
        places = (within,) if isinstance(within, str) else tuple(within)
        self._file.write(
            lambda connection: connection.execute(
                "INSERT INTO conversations (id, within, created, changed) VALUES (?, ?, ?, ?)",
                (made, json.dumps(places), now, now),
            )
        )
        return Conversation(ConversationInfo(made, _untitled(now), now, now, 0), (), places)

    def listed(self, query: str = "", *, limit: int = 200, offset: int = 0) -> tuple[ConversationInfo, ...]:
        """Those with a turn, the newest change first; for a query, those that hold each of its words somewhere.

        Words are parted by white space and compared without regard to width, case, traditional or simplified script
        and the way numbers are written. Titles, questions, answers and quotes are searched.
        """
        self._tidy_once()
        words = search_words(query)
        clauses = "WHERE deleted IS NULL AND EXISTS (SELECT 1 FROM turns WHERE conversation = conversations.key) "
        values: list[object] = []
        for word in words:
            found, forms = _holds(word)
            clauses += f"AND EXISTS (SELECT 1 FROM searched WHERE conversation = conversations.key AND {found}) "
            values += forms
        order = "ORDER BY changed DESC, key DESC LIMIT ? OFFSET ?"

        def work(connection: sqlite3.Connection) -> tuple[ConversationInfo, ...]:
            rows = connection.execute(_INFO + clauses + order, (*values, limit, offset)).fetchall()
            return tuple(_info(row, *(_excerpt(connection, row[6], words) if words else ("", ()))) for row in rows)

        return self._file.read(work)

    def open(self, conversation_id: str) -> Conversation:
        """With all its turns; one that cannot be read any more is there as "unreadable"."""
        self._tidy_once()

        def work(connection: sqlite3.Connection) -> Conversation:
            key = _key(connection, conversation_id)
            row = connection.execute(f"{_INFO} WHERE key = ?", (key,)).fetchone()
            (within,) = connection.execute("SELECT within FROM conversations WHERE key = ?", (key,)).fetchone()
            return Conversation(_info(row), _turns(connection, key), _places(within))

        return self._file.read(work)

    def rename(self, conversation_id: str, title: str) -> ConversationInfo:
        """An empty title, or one without anything to see, gives back the automatic one: the first question."""
        given = title_of(title)

        def work(connection: sqlite3.Connection) -> ConversationInfo:
            key = _key(connection, conversation_id)
            connection.execute("UPDATE conversations SET title = ? WHERE key = ?", (given, key))
            connection.execute("DELETE FROM searched WHERE conversation = ? AND number = ?", (key, _TITLE))
            if given:
                _keep_searched(connection, key, _TITLE, title_text(given))
            return _info(connection.execute(f"{_INFO} WHERE key = ?", (key,)).fetchone())

        return self._file.write(work)

    def delete(self, conversation_id: str) -> None:
        """It can be restored for a while, and is removed for good then."""

        def work(connection: sqlite3.Connection) -> None:
            key = _key(connection, conversation_id)
            connection.execute("UPDATE conversations SET deleted = ? WHERE key = ?", (time.time(), key))

        self._file.write(work)
        self._plan(self._undo_seconds)

    def restore(self, conversation_id: str) -> ConversationInfo:
        """Undo a deletion. Raises UnknownConversationError where it was removed for good."""

        def work(connection: sqlite3.Connection) -> ConversationInfo:
            key = _key(connection, conversation_id, deleted_too=True)
            connection.execute("UPDATE conversations SET deleted = NULL WHERE key = ?", (key,))
            return _info(connection.execute(f"{_INFO} WHERE key = ?", (key,)).fetchone())

        return self._file.write(work)

    # turns

    def add(self, conversation_id: str, turn: NewTurn) -> StoredTurn:
        """Keep a turn under the next number, whoever else adds one now."""
        dated, record, searched = _prepared(turn)

        def work(connection: sqlite3.Connection) -> int:
            key = _key(connection, conversation_id)
            query = "SELECT coalesce(max(number), 0) + 1 FROM turns WHERE conversation = ?"
            number = int(connection.execute(query, (key,)).fetchone()[0])
            connection.execute(
                "INSERT INTO turns (conversation, number, format, record, checksum) VALUES (?, ?, ?, ?, ?)",
                (key, number, serialised.TURN_FORMAT, record, serialised.checksum(record)),
            )
            _keep_searched(connection, key, number, searched)
            _touch(connection, key, number, turn.question)
            return number

        return serialised.stored(self._file.write(work), dated)

    def replace(self, conversation_id: str, number: int, turn: NewTurn) -> StoredTurn:
        """Keep a turn in the place of an earlier one; later turns stay."""
        dated, record, searched = _prepared(turn)

        def work(connection: sqlite3.Connection) -> None:
            key = _key(connection, conversation_id)
            changed = connection.execute(
                "UPDATE turns SET format = ?, record = ?, checksum = ? WHERE conversation = ? AND number = ?",
                (serialised.TURN_FORMAT, record, serialised.checksum(record), key, number),
            )
            if not changed.rowcount:
                raise _no_turn(number)
            _keep_searched(connection, key, number, searched)
            _touch(connection, key, number, turn.question)

        self._file.write(work)
        return serialised.stored(number, dated)

    def last_turn(self, conversation_id: str) -> Turn | None:
        """What the next question may refer to: the last answered turn; None where nothing was answered yet."""

        def work(connection: sqlite3.Connection) -> Turn | None:
            key = _key(connection, conversation_id)
            query = "SELECT number FROM turns WHERE conversation = ? ORDER BY number DESC"
            for (number,) in connection.execute(query, (key,)).fetchall():
                for turn in _turns(connection, key, number):
                    if turn.kind == "answered" and turn.answer is not None:
                        return turn.answer.turn
            return None

        return self._file.read(work)

    # removing for good

    def _tidy_once(self) -> None:
        """What an earlier process left: deleted conversations, and those that nobody began."""
        if not self._tidied and self._file.exists():
            self._tidied = True
            self._tidy()

    def _tidy(self) -> None:
        def work(connection: sqlite3.Connection) -> tuple[int, float | None]:
            due = time.time() - self._undo_seconds
            removed = connection.execute("DELETE FROM conversations WHERE deleted <= ?", (due,)).rowcount
            connection.execute(
                "DELETE FROM conversations WHERE created < ? "
                "AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation = conversations.key)",
                ((datetime.now(UTC) - _EMPTY_KEPT).isoformat(),),
            )
            query = "SELECT min(deleted) FROM conversations WHERE typeof(deleted) = 'real'"
            (oldest,) = connection.execute(query).fetchone()
            return removed, oldest

        with contextlib.suppress(ConversationError):  # on a disk that is full or read-only; told by who keeps a turn
            removed, oldest = self._file.write(work)
            if removed:
                self._file.checkpoint()
            if oldest is not None:
                self._plan(float(oldest) + self._undo_seconds - time.time())

    def _plan(self, seconds: float) -> None:
        """Tidy later; once is enough, as whatever is not due then is planned again."""
        with self._timer_lock:
            if self._closed or (self._timer is not None and self._timer is not threading.current_thread()):
                return
            self._timer = threading.Timer(max(0.05, min(seconds, self._undo_seconds)) + 0.01, self._tidy_later)
            self._timer.daemon = True
            self._timer.start()

    def _tidy_later(self) -> None:
        if not self._closed:
            self._tidy()
        with self._timer_lock:
            if self._timer is threading.current_thread():
                self._timer = None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _prepared(turn: NewTurn) -> tuple[NewTurn, bytes, SearchText]:
    """A turn with its time, as it is kept, and what is searched of it: worked out before anybody has to wait."""
    asked_at = turn.asked_at or datetime.now().astimezone().isoformat(timespec="seconds")
    dated = replace(turn, asked_at=asked_at)
    return dated, serialised.written(dated), search_text(dated)


def _key(connection: sqlite3.Connection, conversation_id: str, *, deleted_too: bool = False) -> int:
    if _ID.match(conversation_id):
        query = "SELECT key, deleted FROM conversations WHERE id = ?"
        row = connection.execute(query, (conversation_id,)).fetchone()
        if row is not None and (row[1] is None or deleted_too):
            return int(row[0])
        if row is not None:
            raise UnknownConversationError("This conversation was deleted. Restore it, or begin a new one.")
    raise UnknownConversationError("This conversation is not there any more. Begin a new one.")


def _no_turn(number: int) -> UnknownConversationError:
    return UnknownConversationError(f"This conversation has no turn {number}. Load the page again.")


def _info(row: Sequence[object], found: str = "", matched: tuple[tuple[int, int], ...] = ()) -> ConversationInfo:
    name, given, automatic, created, changed, turns, _ = row
    title = str(given or automatic) or _untitled(str(created))
    return ConversationInfo(str(name), title, str(created), str(changed), int(str(turns)), found, matched)


def _untitled(created: str) -> str:
    """What a conversation is called that has neither a title nor a question to see: when it was begun."""
    try:
        return datetime.fromisoformat(created).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return created[:16]


def _places(within: object) -> tuple[str, ...]:
    try:
        places = json.loads(str(within))
    except (ValueError, RecursionError):
        return ()
    return tuple(str(place) for place in places) if isinstance(places, list) else ()


def _turns(connection: sqlite3.Connection, key: int, number: int | None = None) -> tuple[StoredTurn, ...]:
    """All turns of a conversation in order, or the one of that number."""
    rows = connection.execute(
        "SELECT turns.number, format, record, checksum, plain FROM turns LEFT JOIN searched "
        "ON searched.conversation = turns.conversation AND searched.number = turns.number "
        "WHERE turns.conversation = ? AND turns.number = coalesce(?, turns.number) ORDER BY turns.number",
        (key, number),
    )
    return tuple(
        serialised.read(found, form, record, checksum, str(plain or "").partition("\n")[0])
        for found, form, record, checksum, plain in rows
        if isinstance(found, int)
    )


def _keep_searched(connection: sqlite3.Connection, key: int, number: int, text: SearchText) -> None:
    connection.execute(
        "INSERT INTO searched (conversation, number, folded, plain) VALUES (?, ?, ?, ?) ON CONFLICT "
        "(conversation, number) DO UPDATE SET folded = excluded.folded, plain = excluded.plain",
        (key, number, text.folded, text.plain),
    )


def _touch(connection: sqlite3.Connection, key: int, number: int, question: str) -> None:
    connection.execute("UPDATE conversations SET changed = ? WHERE key = ?", (_now(), key))
    if number == 1:
        automatic = automatic_title(question)
        connection.execute("UPDATE conversations SET automatic = ? WHERE key = ?", (automatic, key))


def _holds(word: SearchWord) -> tuple[str, list[str]]:
    """A condition on a row of the table that is searched, and its values. `instr` knows no patterns."""
    forms = list(dict.fromkeys([word.literal, word.folded]))
    return "(" + " OR ".join(["instr(folded, ?) > 0"] * len(forms)) + ")", forms


def _excerpt(
    connection: sqlite3.Connection, key: int, words: Sequence[SearchWord]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """From the turn that holds the most of the words; the title where only that does."""
    conditions, values = zip(*(_holds(word) for word in words), strict=True)
    flat = [form for forms in values for form in forms]
    row = connection.execute(
        f"SELECT plain, folded FROM searched WHERE conversation = ? AND ({' OR '.join(conditions)}) "
        f"ORDER BY {' + '.join(conditions)} DESC, number = {_TITLE}, number LIMIT 1",
        (key, *flat, *flat),
    ).fetchone()
    return ("", ()) if row is None else excerpt(SearchText(str(row[0]), str(row[1])), words)
