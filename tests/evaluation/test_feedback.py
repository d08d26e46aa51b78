"""What is said of answers: one line a question in a file that `read_questions` accepts, and that loses nothing."""

import json
import multiprocessing
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SettingsError
from assistant.evaluation import feedback
from assistant.evaluation.feedback import Kept, judged, offered, questions_file, record
from assistant.evaluation.questions import Quoted, read_questions
from assistant.types import Answer, Citation, DocumentMentions, IndexState, Mentions, Refusal, Sentence

AT = datetime(2026, 5, 1, 9, 30, tzinfo=timezone(timedelta(hours=8)))
STATE = IndexState(1, "2026-05-01T00:00:00+00:00", stale=False)


def citation(number, document="办法/甲.txt", start=3, quote="涉密人员签订保密承诺书。"):
    return Citation(number, document, "甲", (), None, start, start + len(quote), quote)


def answer(question="涉密人员要签什么？", first=1, second=1, **changes):
    """An answer whose first sentence has `first` citations, and the second `second`."""
    numbers = range(1, first + second + 1)
    citations = tuple(citation(n, start=20 * n, quote=f"第{n}处的原文。") for n in numbers)
    sentences = (Sentence("一", tuple(numbers[:first])), Sentence("二", tuple(numbers[first:])))
    return replace(Answer(question, sentences, citations, (), 0.9, None, STATE), **changes)


def refusal(question="涉密人员要签什么？"):
    return Answer(question, (), (), (), 0.1, Refusal("没有找到"), STATE)


def rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line and line[0] == "{"]


@pytest.fixture
def path(tmp_path):
    return questions_file(tmp_path / "index")


def test_a_right_answer_is_a_case_with_its_document_quote_and_span(path):
    kept = record(path, answer(), "right", at=AT)
    assert kept.verdict == "right"
    (case,) = read_questions(path)
    assert kept.case == case
    assert (case.question, case.answerable) == ("涉密人员要签什么？", True)
    assert (case.document, case.quote, case.start, case.end) == ("办法/甲.txt", "第1处的原文。", 20, 27)
    assert case.also == case.unwanted == ()
    assert rows(path)[0]["judged_at"] == "2026-05-01T09:30:00+08:00"


def test_all_places_of_an_interrupted_first_sentence_are_right(path):
    record(path, answer(first=3), "right", at=AT)
    (case,) = read_questions(path)
    assert case.quote == "第1处的原文。"
    assert case.also == (Quoted("办法/甲.txt", "第2处的原文。", 40, 47), Quoted("办法/甲.txt", "第3处的原文。", 60, 67))


def test_a_wrong_source_is_not_to_be_cited_and_says_nothing_of_whether_there_is_an_answer(path):
    record(path, answer(), "wrong", at=AT)
    (case,) = read_questions(path)
    assert case.answerable is None
    assert case.unwanted == (Quoted("办法/甲.txt", "第1处的原文。", 20, 27),)
    assert (case.document, case.quote) == (None, None)


def test_an_answer_that_should_have_been_a_refusal(path):
    record(path, answer(), "missing", at=AT)
    (case,) = read_questions(path)
    assert case.answerable is False


def test_a_refusal_that_should_have_been_an_answer_wants_any_answer(path):
    record(path, refusal(), "missing", at=AT)
    (case,) = read_questions(path)
    assert case.answerable is True
    assert (case.document, case.quote, case.answers) == (None, None, ())


def test_a_refusal_that_is_right(path):
    record(path, refusal(), "right", at=AT)
    assert read_questions(path)[0].answerable is False


def test_what_is_offered():
    mentions = answer(sentences=(), citations=(), mentions=Mentions(("粮",), (DocumentMentions("a", "a", (None,)),)))
    assert offered(answer()) == offered(answer(), 2) == ("right", "wrong", "missing")
    assert offered(refusal()) == offered(mentions) == ("right", "missing")
    with pytest.raises(ValueError, match="no citation 9"):
        offered(answer(), 9)


def test_what_is_not_offered_writes_nothing(path):
    with pytest.raises(ValueError, match="wrong"):
        record(path, refusal(), "wrong", at=AT)
    assert not path.exists()


def test_a_list_of_mentions_can_be_right_or_be_nothing(path):
    mentions = answer(sentences=(), citations=(), mentions=Mentions(("粮",), (DocumentMentions("a", "a", (None,)),)))
    for verdict, answerable in (("right", True), ("missing", False)):
        record(path, mentions, verdict, at=AT)
        assert judged(path).verdicts(mentions) == {None: verdict}
        assert read_questions(path)[0].answerable is answerable


@pytest.mark.parametrize("number", [None, 1, 2])
@pytest.mark.parametrize("verdict", ["right", "wrong", "missing"])
def test_the_same_again_takes_it_back(path, number, verdict):
    record(path, answer("别的问题？"), "right", at=AT)
    before = path.read_bytes()
    assert record(path, answer(), verdict, number, at=AT).verdict == verdict
    assert judged(path).verdicts(answer())[number] == verdict
    assert record(path, answer(), verdict, number, at=AT) == Kept(None, None)
    assert path.read_bytes() == before


@pytest.mark.parametrize("number", [None, 2])
def test_another_replaces_it(path, number):
    for verdict in ("right", "wrong", "missing", "wrong", "right", "missing", "right"):
        record(path, answer(), verdict, number, at=AT)
        assert judged(path).verdicts(answer())[number] == verdict
        assert len(rows(path)) == 1
    assert "not" not in rows(path)[0]
    assert "answerable" not in rows(path)[0]


def test_an_answer_and_its_citations_agree(path):
    record(path, answer(), "right", at=AT)
    assert judged(path).verdicts(answer()) == {None: "right", 1: "right"}
    record(path, answer(), "wrong", 1, at=AT)
    assert judged(path).verdicts(answer()) == {None: "wrong", 1: "wrong"}
    record(path, answer(), "right", 2, at=AT)
    assert judged(path).verdicts(answer()) == {None: "wrong", 1: "wrong", 2: "right"}
    (case,) = read_questions(path)
    assert (case.quote, case.unwanted[0].quote) == ("第2处的原文。", "第1处的原文。")


def test_a_citation_that_says_nothing_of_it_is_told_from_a_wrong_one(path):
    record(path, answer(), "missing", 2, at=AT)
    assert judged(path).verdicts(answer()) == {2: "missing"}
    assert read_questions(path)[0].unwanted[0].quote == "第2处的原文。"


def test_nothing_is_right_where_the_texts_hold_no_answer(path):
    record(path, answer(), "right", 2, at=AT)
    record(path, answer(), "missing", at=AT)
    (case,) = read_questions(path)
    assert (case.answerable, case.quote) == (False, None)
    record(path, answer(), "right", 2, at=AT)
    assert read_questions(path)[0].answerable is True


def test_an_answer_is_wanted_until_that_is_taken_back_though_a_place_is_known(path):
    record(path, answer(), "right", at=AT)
    record(path, refusal(), "missing", at=AT)
    assert judged(path).verdicts(refusal()) == {None: "missing"}
    assert judged(path).verdicts(answer()) == {None: "right", 1: "right"}
    assert record(path, refusal(), "missing", at=AT).verdict is None
    assert judged(path).verdicts(answer()) == {None: "right", 1: "right"}


@pytest.mark.parametrize(
    "again", ["涉密人员要签什么？", " 涉密人员要签什么", "涉密人員要簽什麼?", "涉密人员要签什么。"]
)
def test_the_same_question_asked_again_keeps_its_line(path, again):
    record(path, answer(), "right", at=AT)
    moved = answer(again)
    moved = replace(moved, citations=tuple(replace(c, start=c.start + 5, end=c.end + 5) for c in moved.citations))
    assert judged(path).verdicts(moved)[None] == "right"
    record(path, moved, "wrong", 2, at=AT)
    assert len(rows(path)) == 1
    assert judged(path).verdicts(answer()) == {None: "right", 1: "right", 2: "wrong"}


def test_a_follow_up_is_kept_as_it_was_understood(path):
    record(path, answer("那2023年呢？", asked="2023年的粮食产量是多少？"), "right", at=AT)
    assert read_questions(path)[0].question == "2023年的粮食产量是多少？"
    assert judged(path).verdicts(answer("2023年的粮食产量是多少？"))[None] == "right"


def test_a_question_kept_to_a_folder_is_another_one_than_that_of_all(path):
    record(path, answer(), "right", at=AT, within=["办法", "附件"])
    record(path, answer(), "wrong", at=AT)
    assert [case.within for case in read_questions(path)] == [("办法", "附件"), ()]
    assert judged(path).verdicts(answer(), within=["附件", "办法"])[None] == "right"
    assert judged(path).verdicts(answer())[None] == "wrong"


HAND = (
    '# 保密的问题\n{"question":"谁负责？",   "quote":"各级党委负责。", "备注":[1, {"a":2}]}\n\n'
    '// 下一组\n{"question": "涉密人员要签什么？", "answers": ["承诺书"]}'
)


@pytest.mark.parametrize("ending", ["", "\n", "\n\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_written_by_hand_and_comments_stay_byte_for_byte(path, ending, mark):
    path.parent.mkdir()
    path.write_bytes(f"{mark}{HAND}{ending}".encode())
    record(path, answer(), "right", at=AT)
    assert path.read_bytes().startswith(f"{mark}{HAND}\n".encode())
    assert len(read_questions(path)) == 3
    record(path, answer(), "right", at=AT)
    assert path.read_bytes().decode().rstrip("\n") == f"{mark}{HAND}"


def test_a_file_with_windows_line_ends_keeps_them(path):
    path.parent.mkdir()
    path.write_bytes(f"{HAND}\n".replace("\n", "\r\n").encode())
    record(path, answer(), "right", at=AT)
    assert path.read_bytes().replace(b"\r\n", b"").count(b"\n") == 0
    assert len(read_questions(path)) == 3


def test_what_somebody_added_to_a_line_of_ours_stays(path):
    record(path, answer(), "right", at=AT)
    row = {**rows(path)[0], "note": "同事核对过", "id": "Q7"}
    path.write_text("\ufeff" + json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    record(path, answer(), "wrong", at=AT)
    (changed,) = [json.loads(path.read_text("utf-8-sig"))]
    assert (changed["note"], changed["id"]) == ("同事核对过", "Q7")
    record(path, answer(), "wrong", at=AT)
    assert path.read_text("utf-8").startswith("\ufeff# {")
    assert "同事核对过" in path.read_text("utf-8")
    with pytest.raises(SettingsError, match="holds no question"):
        read_questions(path)
    record(path, answer(), "right", at=AT)
    assert len(read_questions(path)) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"question": "谁？"}\n{"question": ', "line 2 is not JSON"),
        ('{"question": "谁？"}', "nothing is known"),
        ('{"question": "谁？", "not": [{"document": "a"}]}', "needs"),
        ('{"question": "谁？", "judged_at": "", "answerable": 1}', "true or false"),
    ],
)
def test_a_file_with_a_mistake_is_told_and_never_written_to(path, content, said):
    path.parent.mkdir()
    path.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=said) as raised:
        record(path, answer(), "right", at=AT)
    assert str(path) in str(raised.value)
    with pytest.raises(SettingsError, match=said):
        judged(path)
    assert path.read_text("utf-8") == content


def test_a_file_in_another_encoding_is_told_and_never_written_to(path):
    path.parent.mkdir()
    path.write_bytes('{"question": "谁？", "answers": ["甲"]}'.encode("gb18030"))
    with pytest.raises(SettingsError, match="not UTF-8"):
        record(path, answer(), "right", at=AT)
    assert path.read_bytes() == '{"question": "谁？", "answers": ["甲"]}'.encode("gb18030")


def test_a_link_to_a_file_elsewhere_stays_a_link(path, tmp_path):
    path.parent.mkdir()
    (tmp_path / "kept.jsonl").write_text(HAND, "utf-8")
    path.symlink_to(tmp_path / "kept.jsonl")
    record(path, answer(), "right", at=AT)
    assert path.is_symlink()
    assert len(read_questions(tmp_path / "kept.jsonl")) == 3


def test_a_write_that_fails_leaves_the_file_and_says_what_to_do(path, monkeypatch):
    record(path, answer(), "right", at=AT)
    before = path.read_bytes()
    monkeypatch.setattr(feedback.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(SettingsError, match="No space left on device") as raised:
        record(path, answer(), "wrong", at=AT)
    assert "make room" in str(raised.value)
    assert path.read_bytes() == before
    assert sorted(file.name for file in path.parent.iterdir()) == ["questions.jsonl", "questions.jsonl.lock"]


def test_a_file_that_another_holds_for_long_is_told(path, monkeypatch):
    monkeypatch.setattr(feedback, "_SECONDS", 0.05)
    path.parent.mkdir()
    with feedback.filelock.FileLock(f"{path}.lock"), pytest.raises(SettingsError, match="Another process"):
        record(path, answer(), "right", at=AT)


def _say(path, name):
    for number in range(5):
        record(path, answer(f"{name}的第{number}个问题？"), "right", at=AT)


def test_threads_and_processes_lose_nothing(path, monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))  # by which the processes find this module
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_say, args=(path, f"进程{n}")) for n in range(2)]
    threads = [threading.Thread(target=_say, args=(path, f"线程{n}")) for n in range(4)]
    for one in (*processes, *threads):
        one.start()
    for one in (*processes, *threads):
        one.join()
    assert len(read_questions(path)) == 30


_PRESSES = st.lists(
    st.tuples(st.sampled_from(["right", "wrong", "missing"]), st.sampled_from([None, 1, 2, 3])), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(_PRESSES)
def test_whatever_is_pressed_the_file_can_be_read_and_holds_one_line(tmp_path_factory, presses):
    path = tmp_path_factory.mktemp("f") / "questions.jsonl"
    mine = answer(first=2)
    for verdict, number in presses:
        kept = record(path, mine, verdict, number, at=AT)
        assert judged(path).verdicts(mine).get(number) == kept.verdict
        assert (kept.case is None) == (not rows(path))
        if rows(path):
            assert read_questions(path) == (kept.case,)
    # No place is both right and not.
    for case in read_questions(path) if path.exists() and rows(path) else ():
        assert {case.quote, *(one.quote for one in case.also)}.isdisjoint(one.quote for one in case.unwanted)
