"""The confidence of an answer, given the same evidence."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.confidence import confidence, fewness
from assistant.answering.ranking import rank, weights
from tests.index.library import TEXTS, make_assistant, write


def test_few_documents_are_up_to_a_hundred_and_many_from_three_hundred() -> None:
    assert [fewness(count) for count in (0, 1, 100, 300, 10_000)] == [1, 1, 1, 0, 0]
    assert fewness(100) > fewness(150) > fewness(250) > 0


@pytest.mark.parametrize(
    ("question", "pairing"), [("涉密文件能带回家吗？", "chinese"), ("Who keeps records?", "english")]
)
def test_the_same_evidence_says_more_in_a_library_of_few_documents(tmp_path: Path, question: str, pairing: str) -> None:
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    found, candidates = assistant.inspect(question)
    assert found.documents == len(TEXTS)
    few, many = (confidence(replace(found, documents=count), rank(candidates)) for count in (3, 500))
    likelier = weights()["few_documents"][pairing]
    assert few >= many
    assert (few > many) == (likelier > 0)
