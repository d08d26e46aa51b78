import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.readers.jsonl import read
from assistant.types import Document


def corpus(*rows: Any) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows).encode()


def ids(documents: tuple[Document, ...]) -> list[str]:
    return [document.id for document in documents]


def test_a_document_a_line():
    reading = read(
        corpus(
            {"id": "甲", "title": "存粮办法", "text": "粮食要放在干燥处。"},
            {"_id": 7, "text": "值班人员要按时到岗，不得迟到早退，更不得无故缺勤，违者按规定处理。"},
            "",
            {"text": "No id here."},
        ),
        "c.jsonl",
    )
    assert reading.problems == ()
    assert [(d.id, d.title) for d in reading.documents] == [
        ("c.jsonl#甲", "存粮办法"),
        ("c.jsonl#7", "值班人员要按时到岗，不得迟到早退，更不得无故缺勤"),
        ("c.jsonl#4", "No id here"),
    ]
    assert reading.documents[0].encoding == "utf-8"


def test_bad_lines_are_told_by_number_and_stop_nothing():
    reading = read(
        corpus(
            {"id": "a", "text": "好的一行。"},
            "{not json",
            "[1, 2]",
            {"id": "a", "text": "重复的一行。"},
            {"id": "b", "text": " "},
            {"id": "c"},
            {"id": True, "text": "甲"},
            '{"id": "d", "text": "a\\u0000b"}',
            '{"id": "e", "text": "a\\ud800b"}',
            {"id": "f", "text": 3},
            "[" * 100_000,
            {"id": "z", "text": "最后一行。"},
        ),
        "c.jsonl",
    )
    assert ids(reading.documents) == ["c.jsonl#a", "c.jsonl#z"]
    assert {problem.path for problem in reading.problems} == {"c.jsonl"}
    assert [problem.reason.split(". ")[0] for problem in reading.problems] == [
        "2 lines are not valid JSON, first: line 2",
        "Line 3 is no JSON object",
        "Line 4 repeats the id of an earlier line",
        "3 lines have no text, first: line 5",
        "Line 7 has an id that is neither text nor a whole number",
        "2 lines hold NUL characters or halves of surrogate pairs, first: line 8",
    ]


def test_thousands_of_equal_problems_are_one():
    (problem,) = read(corpus(*[{"id": n} for n in range(2000)]), "c.jsonl").problems
    assert problem.reason.startswith("2,000 lines have no text, first: line 1.")


def test_a_line_number_never_takes_the_id_of_another_line():
    reading = read(corpus({"text": "甲"}, {"id": "1", "text": "乙"}, {"id": "line-1", "text": "丙"}), "c.jsonl")
    assert ids(reading.documents) == ["c.jsonl#line-line-1", "c.jsonl#1", "c.jsonl#line-1"]


def test_only_newlines_end_a_line():
    data = '{"id": 1, "text": "甲\u2028乙\x85丙"}\r\n{"id": 2, "text": "丁"}\r\n'.encode()
    reading = read(data, "c.jsonl")
    assert [document.text for document in reading.documents] == ["甲\u2028乙\x85丙", "丁"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str):
    text = '{"id": 1, "text": "粮食安全是国之大者，要守住耕地红线。"}\n{"id": 2, "text": "保密工作很重要。"}'
    assert len(read(text.encode(encoding), "c.jsonl").documents) == 2


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), max_size=8))
def test_texts_come_back_exactly_and_with_unlike_ids(texts: list[str]):
    data = "\n".join(json.dumps({"text": text}) for text in [*texts, "末"]).encode()
    reading = read(data, "c.jsonl")
    storable = [t for t in texts if t.strip() and not any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in t)]
    assert [document.text for document in reading.documents] == [*storable, "末"]
    assert len(set(ids(reading.documents))) == len(reading.documents)
