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
from assistant.types import Turn
from tests.fake_embedder import FakeEmbedder
from tests.index.library import TEXTS, make_assistant, write
from tests.index.library import settings as library_settings


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
    own = {"number", "document", "title", "heading", "page", "start", "end", "quote", "answers", "ordinal"}
    assert set(citation) == own
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


def test_a_question_that_follows_another_is_made_to_stand_alone(assistant: Assistant) -> None:
    first = assistant.ask("《保密办法》第二条怎么规定？")
    assert (first.asked, first.added) == ("", ())
    assert first.turn.question == "《保密办法》第二条怎么规定？"
    second = assistant.ask("那第一条呢？", after=first.turn)
    assert second.question == "那第一条呢？"
    assert second.asked == "《保密办法》第一条怎么规定？"
    assert second.added == ("《保密办法》", "怎么规定")
    assert second.hits[0].passage.document == "保密/办法.md"
    value = answer_json(second)
    assert (value["question"], value["asked"]) == ("那第一条呢？", "《保密办法》第一条怎么规定？")
    assert value["added"] == ["《保密办法》", "怎么规定"]
    assert assistant.ask("为什么？", after=second.turn).asked == "《保密办法》第一条怎么规定？为什么？"
    assert assistant.ask("粮食自给率要达到多少？", after=second.turn).asked == ""  # a new topic
    assert assistant.ask("那第一条呢？").asked == ""


def test_the_title_of_a_cited_document_is_what_an_article_is_of(assistant: Assistant) -> None:
    turn = Turn("涉密人员上岗前应当签什么？", ("保密/办法.md", "gone.txt"))
    assert assistant.ask("那第二条呢？", after=turn).asked == "《保密办法》第二条怎么规定？"
    assert assistant.ask("那第二条呢？", after=Turn("涉密人员上岗前应当签什么？", ("gone.txt",))).asked == ""


def test_what_is_made_of_a_question_is_no_longer_than_a_question_may_be(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    made = make_assistant(tmp_path, question_characters=30)
    made.update()
    turn = Turn("确保粮食自给率达到百分之百的措施一共有哪几个方面？")
    assert len(turn.question) <= 30
    with pytest.raises(QuestionError, match="too long"):
        made.ask("为什么会这样？", after=turn)
    assert made.ask("为什么会这样？").asked == ""


def test_a_question_for_every_mention_is_answered_by_the_list_and_needs_no_model(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    make_assistant(tmp_path).update()

    def no_model(name: str) -> FakeEmbedder:
        raise AssertionError("the model was wanted")

    made = Assistant(library_settings(tmp_path), load=no_model)
    answer = made.ask("列出所有提到“涉密”的段落")
    assert answer.mentions == made.mentions("“涉密”")
    assert answer.mentions is not None
    assert (answer.mentions.passages, answer.answered, answer.confidence) == (2, True, 1.0)
    assert (answer.sentences, answer.citations, answer.hits, answer.refusal) == ((), (), (), None)
    assert answer_json(answer)["mentions"]["passages"] == 2
    assert set(answer.timings_ms) == {"mentions", "total"}
    assert made.ask("那粮食呢？", after=answer.turn).asked == "列出所有提到“粮食”的段落"
    inside = made.ask("哪些地方提到了“涉密”？", within=["粮食.txt"])
    assert not inside.answered
    assert inside.confidence == 0.0
    assert inside.refusal is not None
    assert inside.refusal.missing == ("涉密",)
    assert "涉密" in inside.refusal.reason
    english = made.ask("Where is the safety officer mentioned?")
    assert english.mentions is not None
    assert english.mentions.words == ("safety officer",)
    assert english.answered
    assert "No passage" in str(made.ask("Where is the dragon mentioned?").refusal)
    assert made.model_state == "waiting"


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
