"""What an update is going to write, read and cut already: kept in temporary tables on disk, however large it is.

They belong to one connection and are gone with it, also after a kill.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from assistant.index.cutting import CutPassage, embedded_text
from assistant.index.database import Database, outline_json
from assistant.index.vectors import Model
from assistant.text.windows import window_text
from assistant.types import Document, Window

_TABLES = """
CREATE TEMP TABLE new_documents (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, file TEXT NOT NULL, digest TEXT NOT NULL, title TEXT NOT NULL,
    context TEXT NOT NULL, text TEXT NOT NULL, encoding TEXT, pages TEXT NOT NULL, outline TEXT NOT NULL,
    indexed_at TEXT, characters INTEGER NOT NULL
);
CREATE TEMP TABLE new_passages (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    heading TEXT NOT NULL, page INTEGER
);
CREATE TEMP TABLE new_windows (
    id INTEGER PRIMARY KEY, passage INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, key BLOB NOT NULL
);
CREATE INDEX temp.new_passages_document ON new_passages (document);
CREATE INDEX temp.new_windows_passage ON new_windows (passage);
"""

# The rows of the three tables follow the highest ids that were ever given.
_PUBLISH = """
INSERT INTO documents (
    id, name, file, digest, title, context, text, encoding, pages, outline, indexed_at, characters
)
SELECT id + :documents, name, file, digest, title, context, text, encoding, pages, outline,
    coalesce(indexed_at, :now), characters
FROM new_documents ORDER BY id;
INSERT INTO passages (id, document, start, "end", heading, page)
SELECT id + :passages, document + :documents, start, "end", heading, page FROM new_passages ORDER BY id;
INSERT INTO windows (id, passage, start, "end", key)
SELECT id + :windows, passage + :passages, start, "end", key FROM new_windows ORDER BY id
"""


class Staging:
    """The new documents of one update, with their passages and windows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection = database.connection
        for statement in _TABLES.strip().split(";\n"):
            self._connection.execute(statement)
        self.count = 0  # documents

    def add(
        self,
        file: str,
        document: Document,
        context: str,
        passages: Iterable[CutPassage],
        *,
        indexed_at: str | None = None,
    ) -> None:
        """`context` is the title the document is embedded under, which a new name of its file does not change.

        `indexed_at` is of a document that is only written again (ISO 8601 with offset); None: it is new or edited.
        """
        self.count += 1
        structure = (json.dumps(document.pages), outline_json(document.outline), indexed_at, len(document.text))
        values = (document.id, file, document.digest, document.title, context, document.text, document.encoding)
        with self._together():
            cursor = self._connection.execute(
                "INSERT INTO new_documents "
                "(name, file, digest, title, context, text, encoding, pages, outline, indexed_at, characters) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, *structure),
            )
            document_id = cursor.lastrowid
            for cut in passages:
                passage = cut.passage
                cursor = self._connection.execute(
                    'INSERT INTO new_passages (document, start, "end", heading, page) VALUES (?, ?, ?, ?, ?)',
                    (
                        document_id,
                        passage.start,
                        passage.end,
                        json.dumps(passage.heading, ensure_ascii=False),
                        passage.page,
                    ),
                )
                passage_id = cursor.lastrowid
                self._connection.executemany(
                    'INSERT INTO new_windows (passage, start, "end", key) VALUES (?, ?, ?, ?)',
                    ((passage_id, window.start, window.end, key) for window, key in cut.windows),
                )

    @contextmanager
    def _together(self) -> Iterator[None]:
        """One transaction for many rows, also within one that is open."""
        self._connection.execute("SAVEPOINT staging")
        yield
        self._connection.execute("RELEASE staging")

    def unknown_keys(self, model: Model | None) -> set[bytes]:
        """Keys of the windows that a model never embedded; of all for None."""
        query = (
            "SELECT DISTINCT key FROM new_windows "
            "WHERE NOT EXISTS (SELECT 1 FROM vectors WHERE model = ? AND vectors.key = new_windows.key)"
        )
        return {row[0] for row in self._connection.execute(query, (None if model is None else model.id,))}

    def windows(self) -> Iterator[tuple[bytes, str]]:
        """Keys and embedded texts of all windows, document by document."""
        documents = self._connection.execute("SELECT id, context, text FROM new_documents ORDER BY id")
        query = (
            'SELECT heading, new_windows.start, new_windows."end", key FROM new_windows '
            "JOIN new_passages ON new_passages.id = passage WHERE document = ? ORDER BY new_windows.id"
        )
        for document_id, context, text in documents:
            for heading, start, end, key in self._connection.execute(query, (document_id,)):
                yield key, embedded_text(context, json.loads(heading), window_text(text, Window(start, end)))

    def publish(self, now: str) -> None:
        """Copy all rows into the database's own tables, within its transaction; `now` is ISO 8601 with offset."""
        newest = dict(zip(("documents", "passages", "windows"), self._database.newest_rows(), strict=True))
        for statement in _PUBLISH.strip().split(";\n"):
            self._connection.execute(statement, {**newest, "now": now})
