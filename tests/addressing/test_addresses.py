"""What a question names is read from its words alone: titles, document numbers, parts, and what else it asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.addressing.addresses import asks_only, asks_title, asks_what, canonical_number, read
from assistant.addressing.parts import Step, chinese, name_of, number, step_of


def parts(question: str) -> list[str]:
    return [one.part.label for one in read(question).parts]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("第十二条怎么规定", ["第十二条"]),
        ("第12条讲什么", ["第十二条"]),
        ("第 １２ 条", ["第十二条"]),
        ("第一百二十条之一", ["第一百二十条之一"]),
        ("第三条和第五条", ["第三条", "第五条"]),
        ("第三条至第五条", ["第三条", "第四条", "第五条"]),
        ("第三至五条", ["第三条", "第四条", "第五条"]),
        ("第3-5条", ["第三条", "第四条", "第五条"]),
        ("第三、五、七条", ["第三条", "第五条", "第七条"]),
        ("第二章第十二条第二款第（三）项", ["第二章第十二条第二款第（三）项"]),
        ("第十条第二款、第三款", ["第十条第二款", "第十条第三款"]),
        ("第三章第五条、第六条和第四章第七条", ["第三章第五条", "第三章第六条", "第四章第七条"]),
        ("第二篇第一分编", ["第二编第一分编"]),
        ("第二部分", ["第二部分"]),
        ("附则讲什么", ["附则"]),
        ("附件1的内容", ["附件1"]),
        ("第三条和两项措施", ["第三条"]),
        ("第十二條怎麼規定", ["第十二条"]),
        ("Article 12", ["Article 12"]),
        ("articles 3 and 5", ["Article 3", "Article 5"]),
        ("Section 3.2", ["Section 3.2"]),
        ("section 3 of chapter 2", ["Section 3 of Chapter 2"]),
        ("chapter IV", ["Chapter IV"]),
        ("the second chapter", ["second Chapter"]),
        ("Article 3(2)", ["Article 3(2)"]),
        ("第三方在第二天和第三产业", []),
        ("第一项目组和一条章程", []),
    ],
)
def test_parts_are_read_however_they_are_written(question: str, found: list[str]) -> None:
    assert [label.lower() for label in parts(question)] == [label.lower() for label in found]


def test_parts_of_an_english_question_are_the_same_as_those_of_a_chinese_one() -> None:
    first, second = read("Article 3(2) says").parts[0], read("第三条第二款").parts[0]
    assert first.part.steps == second.part.steps == (Step("条", "3"), Step("款", "2"))


@pytest.mark.parametrize(
    ("question", "clear"),
    [
        ("中国第一条铁路是什么时候建成的？", False),
        ("第二节车厢在哪", False),
        ("第二项措施是什么", False),
        ("第一条怎么规定", True),
        ("第一条：", True),
        ("section 2 fees", True),
        ("part 2 fees", False),
    ],
)
def test_what_follows_a_number_tells_whether_a_part_is_meant(question: str, *, clear: bool) -> None:
    assert [one.clear for one in read(question).parts] == [clear]


def test_a_part_that_is_broken_is_not_what_is_asked_for() -> None:
    assert read("违反《保密办法》第三条怎么处罚").parts[0].broken
    assert read("违反第三条的怎么处罚").parts[0].broken
    assert not read("根据《保密办法》第三条怎么处罚").parts[0].broken


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("《保密办法》讲什么", ["保密办法"]),
        ("《关于适用《民法典》的解释》第五条", ["关于适用《民法典》的解释"]),
        ("〈保密办法〉和《细则》", ["保密办法", "细则"]),
        ("《關於保密的辦法》", ["關於保密的辦法"]),  # as the question writes it
        ("《没有关上", []),
        ("《》", []),
    ],
)
def test_titles_in_marks_are_read_whole(question: str, names: list[str]) -> None:
    assert [name.text for name in read(question).names if name.marked] == names


@pytest.mark.parametrize(
    ("question", "written", "canonical"),
    [
        ("国发〔2021〕3号讲什么", "国发〔2021〕3号", "国发〔2021〕3号"),
        ("请问国发[2021]3号文件", "国发[2021]3号", "国发〔2021〕3号"),
        ("根据国办函【2018】71 号，", "国办函【2018】71 号", "国办函〔2018〕71号"),
        ("国发（２０２１）第３号", "国发（２０２１）第３号", "国发〔2021〕3号"),
        ("國發〔二〇二一〕三號", "國發〔二〇二一〕三號", "国发〔2021〕3号"),
        ("林防发2023年5号", "林防发2023年5号", "林防发〔2023〕5号"),
        ("（2021）云08民终123号判了什么", "（2021）云08民终123号", "〔2021〕云08民终123号"),
        ("（2021）京01民终10023号判了什么", "（2021）京01民终10023号", "〔2021〕京01民终10023号"),
        ("国务院令第736号", "国务院令第736号", "国务院令736号"),
    ],
)
def test_document_numbers_are_compared_in_one_form(question: str, written: str, canonical: str) -> None:
    (found,) = read(question).numbers
    assert found.text == written
    assert canonical_number(found.text) == canonical
    assert found.forms()[0] == canonical


@pytest.mark.parametrize("question", ["2021年3月3日3号楼", "第3号", "（2021年）", "他2023年5号来"])
def test_other_numbers_are_none(question: str) -> None:
    assert read(question).numbers == ()


@pytest.mark.parametrize(
    ("question", "only"),
    [
        ("《办法》第十二条怎么规定？", True),
        ("请告诉我《办法》第十二条的具体内容是什么", True),
        ("What does Article 12 say?", True),
        ("第三章有哪些条", True),
        ("第十二条", True),
        ("《办法》第十二条规定的罚款是多少", False),
        ("第十二条在哪里", False),
        ("第十二条为什么这样规定", False),
        ("What does Article 12 say about fees?", False),
    ],
)
def test_whether_a_question_asks_for_the_place_alone(question: str, *, only: bool) -> None:
    assert asks_only(read(question).rest()) is only


def test_what_else_a_question_may_ask_of_a_place() -> None:
    assert asks_title(read("第三章的标题是什么").rest())
    assert not asks_title(read("第三章讲什么").rest())
    assert asks_what(read("什么是《办法》").rest())
    assert not asks_what(read("《办法》讲什么").rest())


@given(st.integers(1, 9_999))
def test_a_number_in_chinese_is_read_back(value: int) -> None:
    assert number(chinese(value)) == str(value) == number(str(value))


@pytest.mark.parametrize(
    ("heading", "step"),
    [
        ("第三章　总　则", Step("章", "3")),
        ("第十二条 预约", Step("条", "12")),
        ("**第十二條** 预约", Step("条", "12")),
        ("第一百二十条之一", Step("条", "120之1")),
        ("一、总体要求", Step("一", "1")),
        ("（二）基本原则", Step("（一）", "2")),
        ("3. Borrowing", Step("1", "3")),
        ("3.2 Protection", Step("1.1", "3.2")),
        ("Article 2. Fees", Step("条", "2")),
        ("§ 4", Step("节", "4")),
        ("附件2", Step("附件", "2")),
        ("总体要求", None),
    ],
)
def test_the_number_of_a_heading(heading: str, step: Step | None) -> None:
    assert step_of(heading) == step


def test_what_a_heading_says_besides_its_number() -> None:
    assert name_of("第五章　附　则") == "附则"
    assert name_of("附则") == "附则"


@given(st.text(alphabet="第三十二1２条章款项、至和（）()《》〔〕2021号国发之一 Article section of.", max_size=60))
def test_any_question_is_read(question: str) -> None:
    reading = read(question)
    spans = [(one.start, one.end) for one in reading.names] + [(one.start, one.end) for one in reading.numbers]
    for start, end in spans + [(one.start, one.end) for one in reading.parts]:
        assert 0 <= start < end <= len(reading.folded)
    asks_only(reading.rest())


def test_a_long_question_is_read_quickly() -> None:
    """Words that can be read in several ways, many times: without care this would take longer than anybody waits."""
    for question in ("哪些" * 1_000 + "吗x", "第三、" * 600 + "条", "《" * 1_000, "(2021)云" * 300):
        assert not asks_only(read(question).rest() + "x")


def test_of_a_question_that_names_more_than_a_person_would_not_all_is_read() -> None:
    reading = read("第一至第九十九条、" * 100 + "《甲》" * 100 + "国发〔2021〕3号、" * 100)
    assert [len(found) for found in (reading.parts, reading.names, reading.numbers)] == [60, 60, 60]
