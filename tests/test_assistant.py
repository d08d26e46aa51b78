"""Asking, end to end, without a model: the JSON contract, refusals, bad questions, many clients at once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.contract import answer_json
from assistant.errors import QuestionError
from tests.index.library import TEXTS, make_assistant, write


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    tmp_path = tmp_path_factory.mktemp("library")
    write(tmp_path / "texts", TEXTS)
    made = make_assistant(tmp_path, threshold=0.0)
    made.update()
    return made


def test_the_json_of_an_answer(assistant: Assistant) -> None:
    value = json.loads(
        json.dumps(answer_json(assistant.ask("粮食自给率要达到多少？"), question_id=7), ensure_ascii=False)
    )
    assert " ".join(value) == (
        "id question answered answer sentences citations passages confidence refusal index timings_ms "
        "asked added places differing mentions"
    )
    assert value["id"] == 7
    assert value["answered"] is True
    assert value["refusal"] is None
    assert 0 <= value["confidence"] <= 1
    assert set(value["sentences"][0]) == {"text", "citations", "item"}
    assert value["answer"].startswith(value["sentences"][0]["text"])
    assert "[" not in value["answer"]
    citation = value["citations"][0]
    assert set(citation) == {"number", "document", "title", "heading", "page", "start", "end", "quote", "answers"}
    text = (assistant.library / citation["document"]).read_bytes().decode()
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert citation["document"] == "粮食.txt"
    assert citation["heading"] == ["一、总体要求"]
    passage = value["passages"][0]
    assert {"document", "start", "end", "text", "score", "why"} <= set(passage)
    assert set(passage["why"]) == {"dense", "keyword", "terms"}
    assert "粮食" in passage["why"]["terms"]
    scores = [p["score"] for p in value["passages"]]
    assert scores == sorted(scores, reverse=True)
    assert set(value["index"]) == {"generation", "built_at", "stale"}
    assert value["timings_ms"]["total"] > 0


def test_no_id_where_the_question_had_none(assistant: Assistant) -> None:
    assert "id" not in answer_json(assistant.ask("粮食"))


def test_a_refusal_names_what_is_missing_and_shows_the_nearest_passages(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    made = make_assistant(tmp_path, threshold=1.0)
    made.update()
    answer = made.ask("反间谍法规定了哪些刑罚？")
    assert not answer.answered
    assert answer.text == ""
    assert answer.citations == ()
    assert answer.refusal is not None
    assert "反间谍" in "".join(answer.refusal.missing)
    assert answer.hits


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "empty"),
        (" \n\t　", "empty"),
        ("？！。……", "no words"),
        ("😀🎉", "no words"),
        ("粮" * 100_000, "100,000 characters"),
        ("坏\ud800字", "not valid Unicode"),
    ],
    ids=["empty", "blank", "signs", "emoji", "long", "surrogate"],
)
def test_questions_that_cannot_be_searched_for(assistant: Assistant, question: str, message: str) -> None:
    for action in (assistant.ask, assistant.search):
        with pytest.raises(QuestionError, match=message):
            action(question)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=80))
def test_any_other_question_is_answered_with_true_quotes(assistant: Assistant, question: str) -> None:
    try:
        answer = assistant.ask(question)
    except QuestionError:
        return
    for citation in answer.citations:
        assert assistant.document(citation.document).text[citation.start : citation.end] == citation.quote


def test_each_leg_alone(assistant: Assistant) -> None:
    keyword = assistant.search("保密承诺书", dense_weight=0)
    assert keyword[0].passage.document == "保密/办法.md"
    assert keyword[0].keyword is not None
    dense = assistant.search("保密承诺书", dense_weight=1)
    assert [hit.score for hit in dense] == sorted((hit.score for hit in dense), reverse=True)
    assert len(assistant.search("粮食", limit=2)) == 2


def test_questions_are_answered_while_updates_run(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path, threshold=0.0)
    assistant.update()
    stop = threading.Event()

    def ask() -> int:
        count = 0
        while not stop.is_set():
            answer = assistant.ask("粮食自给率要达到多少？")
            for citation in answer.citations:
                # The document may be newer than the answer; the quote was true of the generation it names.
                assert citation.end - citation.start == len(citation.quote)
            assert answer.hits
            count += 1
        return count

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        try:
            for number in range(8):
                write(tmp_path / "texts", {"粮食.txt": TEXTS["粮食.txt"] + f"\n第{number}次修改。\n"})
                assert assistant.update().changed
        finally:
            stop.set()
        assert all(future.result() > 0 for future in asking)
    assert assistant.ask("第7次修改").hits[0].text.endswith("第7次修改。")


def test_examples_come_from_the_library(assistant: Assistant) -> None:
    examples = assistant.examples()
    assert any("粮食" in example for example in examples)
    assert make_examples(assistant) == ("问题一？",)


def make_examples(assistant: Assistant) -> tuple[str, ...]:
    chosen = assistant.settings.model_copy(update={"examples": ("问题一？", "问题二？")})
    return Assistant(chosen).examples(limit=1)
