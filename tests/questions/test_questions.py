"""The sets of questions with known answers: well formed, and every answer stands where its question says it does.

Confidence is fitted on these sets and measured with them: a wrong line would teach Youju to be wrong. The texts of
`files` are public evaluation texts, which lie beside the repository; where they are absent, what needs them is skipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant import readers
from assistant.evaluation.questions import read_questions
from assistant.text.normal import literal

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHARED = ROOT.parent / "shared"

# Name → the folder of its texts, and its questions. A further set is a further row.
SETS: dict[str, tuple[Path, Path]] = {
    "files": (SHARED / "evaluation" / "files", HERE / "files.jsonl"),
    "domains_a": (ROOT / "tests" / "domains" / "a", HERE / "domains_a.jsonl"),
    "domains_b": (ROOT / "tests" / "domains" / "b", HERE / "domains_b.jsonl"),
}

KEYS = {
    "answerable": {"id", "question", "answerable", "document", "quote", "answers", "style"},
    "adversarial": {"id", "question", "answerable", "kind", "asked_of"},
    "random": {"id", "question", "answerable", "kind"},
}
STYLES = {"near", "everyday", "cross", "traditional"}
LARGEST = 100_000_000  # bytes of a text
CHINESE = re.compile(r"[\u4e00-\u9fff]")

Question = dict[str, Any]
every_set = pytest.mark.parametrize("name", SETS)


@cache
def questions(name: str) -> tuple[Question, ...]:
    lines = SETS[name][1].read_text("utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


@cache
def texts(name: str) -> dict[str, str]:
    """The texts of a set's library as Youju reads them, by document. Skips the test where the library is absent."""
    library = SETS[name][0]
    if not library.is_dir():
        if library.is_relative_to(SHARED):
            pytest.skip(
                f"the public evaluation texts ({library.relative_to(ROOT.parent)}) are not beside the repository"
            )
        pytest.fail(f"the texts of the set “{name}” are missing: {library.relative_to(ROOT)}")
    files = sorted(path for path in library.rglob("*") if path.is_file() and readers.supported(path))
    readings = (readers.read(path, path.relative_to(library).as_posix(), limit_bytes=LARGEST) for path in files)
    return {document.id: document.text for reading in readings for document in reading.documents}


def answerable(name: str, *styles: str) -> list[Question]:
    return [case for case in questions(name) if case["answerable"] and (not styles or case["style"] in styles)]


def ids(cases: Iterable[Question]) -> list[str]:
    return [case["id"] for case in cases]


def of_kind(name: str, kind: str) -> list[Question]:
    return [case for case in questions(name) if not case["answerable"] and case["kind"] == kind]


def form(case: Question) -> str:
    return "answerable" if case["answerable"] is True else str(case["kind"])


def is_chinese(text: str) -> bool:
    return len(CHINESE.findall(text)) > len(text) / 4


@every_set
def test_evaluate_reads_the_set(name: str) -> None:
    cases = read_questions(SETS[name][1])
    assert [(case.id, case.answerable) for case in cases] == [(q["id"], q["answerable"]) for q in questions(name)]


@every_set
def test_every_line_has_the_fields_of_its_kind_and_no_others(name: str) -> None:
    assert ids(case for case in questions(name) if set(case) != KEYS[form(case)]) == []
    assert {case["style"] for case in answerable(name)} <= STYLES


@every_set
def test_nothing_is_empty_or_has_white_space_around_it(name: str) -> None:
    def words(case: Question) -> list[str]:
        return [value for value in case.values() if isinstance(value, str)] + list(case.get("answers", ()))

    assert ids(case for case in questions(name) if any(not word or word != word.strip() for word in words(case))) == []
    assert ids(case for case in answerable(name) if not case["answers"]) == []


@every_set
def test_no_id_and_no_question_stands_twice(name: str) -> None:
    cases = questions(name)
    assert len({case["id"] for case in cases}) == len(cases)
    assert len({literal(case["question"]) for case in cases}) == len(cases)


@every_set
def test_every_third_question_or_so_has_no_answer_and_both_kinds_occur(name: str) -> None:
    cases, misleading, elsewhere = questions(name), of_kind(name, "adversarial"), of_kind(name, "random")
    assert 0.25 <= (len(misleading) + len(elsewhere)) / len(cases) <= 0.45
    assert 0.35 <= len(misleading) / (len(misleading) + len(elsewhere)) <= 0.65


@every_set
def test_every_quote_is_in_its_document(name: str) -> None:
    library = texts(name)
    assert ids(case for case in answerable(name) if case["quote"] not in library.get(case["document"], "")) == []


@every_set
def test_every_answer_is_in_its_quote(name: str) -> None:
    wrong = (case for case in answerable(name) if any(answer not in case["quote"] for answer in case["answers"]))
    assert ids(wrong) == []


@every_set
def test_every_adversarial_question_is_asked_of_a_document_that_exists(name: str) -> None:
    library = texts(name)
    assert ids(case for case in of_kind(name, "adversarial") if case["asked_of"] not in library) == []


@every_set
def test_a_cross_question_is_asked_in_the_other_language(name: str) -> None:
    wrong = (case for case in answerable(name, "cross") if is_chinese(case["question"]) == is_chinese(case["quote"]))
    assert ids(wrong) == []


@every_set
def test_a_traditional_question_is_asked_in_the_other_script(name: str) -> None:
    """One of question and quote is in traditional characters, the other is not; a few are written alike in both."""

    def is_traditional(text: str) -> bool:
        characters = CHINESE.findall(text)
        return any(literal(character) != character for character in characters)

    wrong = (
        case
        for case in answerable(name, "traditional")
        if is_traditional(case["question"]) == is_traditional(case["quote"])
    )
    assert ids(wrong) == []


@pytest.mark.parametrize("name", ["zh_law", "zh_wiki", "en_wiki"])
def test_the_questions_for_fitting_are_of_passages_that_there_are(name: str) -> None:
    corpus = SHARED / "evaluation" / name
    if not corpus.is_dir():
        pytest.skip("the public evaluation data is not beside the checkout")
    known = {json.loads(line)["id"] for line in (corpus / "passages.jsonl").read_text("utf-8").splitlines()}
    public = {json.loads(line)["question"] for line in (corpus / "questions.jsonl").read_text("utf-8").splitlines()}
    cases = read_questions(HERE / "fitting" / f"{name}.jsonl")
    assert {passage for case in cases for passage in case.passage_ids} <= known
    assert len({case.question for case in cases}) == len(cases)
    assert not public & {case.question for case in cases}
