"""A database whose very schema is damaged is told as damaged."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from assistant.index.schema import connect_for_reading, is_damage


def test_a_schema_that_is_no_text_is_damage_and_no_mistake_of_python(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE passages (id)")
        made.execute("PRAGMA writable_schema = ON")
        made.execute("UPDATE sqlite_master SET name = cast(x'70f5ff' AS TEXT), sql = 'CREATE TABLE ('")
        made.commit()
    with contextlib.closing(connect_for_reading(path)) as read, pytest.raises(sqlite3.DatabaseError) as told:
        read.execute("SELECT count(*) FROM passages").fetchone()
    assert is_damage(told.value)
