"""The sample library is what a visitor sees first: enough texts, well formed, and questions with known answers."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant import readers
from assistant.config import SAMPLE_LIBRARY, SETTINGS_FILE, load_settings

QUESTIONS = Path(__file__).parents[1] / "questions" / "sample.jsonl"
DOCUMENTS = tuple(sorted(path for path in SAMPLE_LIBRARY.iterdir() if path.suffix in {".md", ".txt"}))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HEADING = re.compile(
    r"""^(?: \#{1,6}\ \S                                 # Markdown
         | [一二三四五六七八九十]+、                       # 一、
         | 第[一二三四五六七八九十百]+(?:编|章|节|条|部分)   # 第一章
         | \d+\.\ [A-Z][a-z ]+$                          # 1. Responsibilities
         )""",
    re.VERBOSE | re.MULTILINE,
)


def read(path: Path) -> tuple[str, str]:
    """The text and which of the two encodings of the sample it is in."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("gb18030"), "gb18030"


def is_chinese(text: str) -> bool:
    return len(CHINESE.findall(text)) > len(text) / 3


def questions() -> list[dict[str, Any]]:
    return [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


ANSWERABLE = [case for case in questions() if case["answerable"]]
UNANSWERABLE = [case for case in questions() if not case["answerable"]]


def test_at_least_ten_chinese_and_two_english_documents() -> None:
    languages = Counter(is_chinese(read(path)[0]) for path in DOCUMENTS)
    assert languages[True] >= 10
    assert languages[False] >= 2


def test_both_kinds_of_text_files_and_an_old_encoding_are_shown() -> None:
    assert {path.suffix for path in DOCUMENTS} == {".md", ".txt"}
    assert Counter(read(path)[1] for path in DOCUMENTS) == {"utf-8": len(DOCUMENTS) - 1, "gb18030": 1}


def test_the_sample_holds_nothing_but_texts_and_its_settings() -> None:
    others = {path.name for path in SAMPLE_LIBRARY.iterdir()} - {path.name for path in DOCUMENTS}
    assert others == {SETTINGS_FILE}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_has_a_readable_length_and_headings(path: Path) -> None:
    text, _ = read(path)
    assert 500 <= len(text) <= 2000
    assert len(HEADING.findall(text)) >= 3
    assert text.endswith("\n")
    assert not re.search(r"[\ufffd\ufeff\r\t]|[ ]+$", text, re.MULTILINE)


def test_no_paragraph_stands_twice() -> None:
    paragraphs = Counter(
        line.strip()
        for path in DOCUMENTS
        for line in read(path)[0].splitlines()
        if squeezed(line)  # a rule of a table holds no words
    )
    assert [paragraph for paragraph, times in paragraphs.items() if times > 1] == []


def test_every_kind_of_structure_occurs() -> None:
    everything = "\n".join(read(path)[0] for path in DOCUMENTS)
    for pattern in (r"^# ", r"^一、", r"^（一）", r"^1\. ", r"一是.+二是.+三是", r"^第一章 ", r"^第一条 ", r"^\| --- "):
        assert re.search(pattern, everything, re.MULTILINE), pattern


def test_two_documents_give_different_hours_for_the_same_office() -> None:
    old, _ = read(SAMPLE_LIBRARY / "石桥村便民服务站管理办法（2023年）.txt")
    new, _ = read(SAMPLE_LIBRARY / "石桥村网格与便民服务指南（2025年版）.md")
    assert "周一至周五8:30至17:00" in old
    assert "2023年3月1日起施行" in old
    assert "周一至周五8:00至17:30" in new
    assert "自2025年2月1日起" in new


def test_the_settings_offer_questions_in_both_languages() -> None:
    examples = load_settings(library=SAMPLE_LIBRARY).examples
    assert len(examples) == len(set(examples)) >= 6
    assert sum(is_chinese(example) for example in examples) >= 6
    assert sum(not CHINESE.search(example) for example in examples) >= 2


def test_one_offered_question_has_no_answer_here() -> None:
    """The visitor is to see an honest refusal: the word the question turns on stands in no text."""
    assert any("医保" in example for example in load_settings(library=SAMPLE_LIBRARY).examples)
    assert not any("医保" in read(path)[0] for path in DOCUMENTS)


def test_forty_questions_eight_of_them_without_an_answer() -> None:
    assert len(ANSWERABLE) == 32
    assert len(UNANSWERABLE) == 8
    assert len({case["id"] for case in questions()}) == 40
    assert len({case["question"] for case in questions()}) == 40
    assert {frozenset(case) for case in questions()} == {
        frozenset({"id", "question", "answerable", "document", "quote", "answers"})
    }


def test_every_document_is_asked_about() -> None:
    assert {case["document"] for case in ANSWERABLE} == {path.name for path in DOCUMENTS}


@pytest.mark.parametrize("case", ANSWERABLE, ids=lambda case: case["id"])
def test_a_quote_stands_once_in_its_document_and_holds_the_answers(case: dict[str, Any]) -> None:
    path = SAMPLE_LIBRARY / case["document"]
    (document,) = readers.read(path, path.name, limit_bytes=100_000).documents
    assert document.text.count(case["quote"]) == 1
    assert case["answers"]
    assert all(answer in case["quote"] for answer in case["answers"])


@pytest.mark.parametrize("case", ANSWERABLE, ids=lambda case: case["id"])
def test_a_question_is_asked_in_words_of_its_own(case: dict[str, Any]) -> None:
    """No run of a quote's text, half as long as the question, is simply repeated in it."""
    question, quote = squeezed(case["question"]), squeezed(case["quote"])
    length = max(6, len(question) // 2)
    copied = [question[i : i + length] for i in range(len(question) - length + 1) if question[i : i + length] in quote]
    assert copied == []


@pytest.mark.parametrize("case", UNANSWERABLE, ids=lambda case: case["id"])
def test_an_unanswerable_question_claims_no_place(case: dict[str, Any]) -> None:
    assert case["document"] is None
    assert case["quote"] is None
    assert case["answers"] == []
