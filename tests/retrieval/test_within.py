"""A search that is kept to some places returns what they hold, all of it and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.errors import QuestionError
from assistant.retrieval.places import documents_within
from tests.index.library import make_assistant, write

NAMES = ("a.txt", "法规/办法.md", "法规/细则.txt", "法规二/办法.md", "corpus.jsonl#1", "corpus.jsonl#12", "café/x.txt")


def within(*places: str) -> frozenset[str]:
    return documents_within(places, NAMES, Path("/texts"))


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("a.txt", {"a.txt"}),
        ("法规", {"法规/办法.md", "法规/细则.txt"}),  # and not 法规二
        ("./法规/", {"法规/办法.md", "法规/细则.txt"}),
        ("法规\\办法.md", {"法规/办法.md"}),
        ("/texts/法规二", {"法规二/办法.md"}),
        ("corpus.jsonl", {"corpus.jsonl#1", "corpus.jsonl#12"}),
        ("corpus.jsonl#1", {"corpus.jsonl#1"}),
        ("cafe\u0301", {"café/x.txt"}),
        (".", set(NAMES)),
        ("/texts", set(NAMES)),
    ],
)
def test_a_place_is_a_folder_a_file_or_a_document(place: str, found: set[str]) -> None:
    assert within(place) == found


def test_several_places_are_one_area() -> None:
    assert within("a.txt", "法规二") == {"a.txt", "法规二/办法.md"}


@pytest.mark.parametrize(
    ("place", "near"),
    [("法规/办发.md", "法规/办法.md"), ("办法", "法规/办法.md"), ("corpus.json", "corpus.jsonl"), ("A.TXT", "a.txt")],
)
def test_an_unknown_place_names_near_ones(place: str, near: str) -> None:
    with pytest.raises(QuestionError, match=f"“{place}”.*Near it: .*{near}"):
        within(place)


def test_an_unknown_place_that_is_like_none() -> None:
    with pytest.raises(QuestionError) as error:
        within("xyz")
    assert "Near" not in str(error.value)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Where 300 passages match better than the two that are asked for."""
    tmp_path = tmp_path_factory.mktemp("library")
    better = "".join(f"粮食安全，粮食安全，第{number}段粮食安全。\n\n" for number in range(300))
    worse = "天气晴朗。\n\n各地说到了粮食，也说到了许多别的事情，比如道路、学校和医院的建设。\n"
    write(
        tmp_path / "texts", {"甲/多.txt": better, "乙/少.txt": worse, "乙/丙/无.txt": "今天下雨。\n", "丁.txt": worse}
    )
    assistant = make_assistant(tmp_path, threshold=0.0)
    assistant.update()
    yield assistant
    assistant.close()


@pytest.mark.parametrize("weight", [0.0, 0.65, 1.0])
def test_nothing_of_the_place_is_lost_to_better_ones_elsewhere(assistant: Assistant, weight: float) -> None:
    assert all(
        hit.passage.document == "甲/多.txt" for hit in assistant.search("粮食安全", limit=50, dense_weight=weight)
    )
    hits = assistant.search("粮食安全", limit=50, dense_weight=weight, within=["乙"])
    assert {hit.passage.document for hit in hits} == {"乙/少.txt", "乙/丙/无.txt"}
    assert len(hits) == 2
    assert "粮食" in hits[0].text
    assert hits[0].keyword is not None
    assert hits[1].keyword is None  # the filter itself is no match


def test_scores_are_those_of_the_whole_library(assistant: Assistant) -> None:
    everywhere = {hit.passage: hit.keyword for hit in assistant.search("许多别的事情", limit=100, dense_weight=0)}
    (first, *_) = assistant.search("许多别的事情", within=["乙/少.txt"], dense_weight=0)
    assert first.keyword == pytest.approx(everywhere[first.passage])


def test_the_whole_library_is_a_place(assistant: Assistant) -> None:
    assert assistant.search("粮食安全", within=["."]) == assistant.search("粮食安全")


def test_an_answer_cites_only_the_place(assistant: Assistant) -> None:
    answer = assistant.ask("粮食安全", within=["乙", "丁.txt"])
    assert {hit.passage.document for hit in answer.hits} == {"乙/少.txt", "乙/丙/无.txt", "丁.txt"}
    assert {citation.document for citation in answer.citations} <= {"乙/少.txt", "丁.txt"}


def test_a_place_that_is_not_there(assistant: Assistant) -> None:
    for action in (assistant.ask, assistant.search, assistant.mentions):
        with pytest.raises(QuestionError, match="“乙/多"):
            action("粮食", within=["乙/多.txt"])


def test_many_documents_are_as_exact_as_one(tmp_path: Path) -> None:
    """Every second of 200 documents: more ranges of ids than are searched as ranges."""
    write(tmp_path / "texts", {f"{number:03}.txt": f"第{number}份粮食报告。\n" for number in range(200)})
    assistant = make_assistant(tmp_path)
    assistant.update()
    places = [f"{number:03}.txt" for number in range(0, 200, 2)]
    hits = assistant.search("粮食报告", limit=100, within=places, dense_weight=0)
    assert {hit.passage.document for hit in hits} == set(places)
    assert assistant.mentions("粮食报告", within=places).passages == 100
    assert [info.id for info in assistant.documents(within=places)] == places
