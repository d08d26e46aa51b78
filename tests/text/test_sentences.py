import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.marks import masked
from assistant.text.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text))]


CHINESE = [
    (["粮食安全是国之大者。", "要牢牢守住耕地红线！", "怎么守？", "靠制度。"]),
    (["加强领导；", "健全机制；", "落实责任。"]),
    (["品种：小麦；产量：1.2万吨；面积：300亩。"]),
    (["小麦；产量：1.2万吨；备注：先收后种。", "另报。"]),
    (["小麦；产量：720。"]),
    (["要求：一、开会；", "二、总结；", "三、上报。"]),
    (["（一）主任：张三；", "（二）副主任：李四。"]),
    (["会议强调：要抓紧；", "要抓实；", "期限：年底。"]),
    (["一是结合实际，强化保障；", "二是健全机制，落细责任；", "三是依靠技术，提高产量。"]),
    (["（一）擅自占用耕地的；", "（二）破坏种植条件的。"]),
    (["真的吗？！", "他想了很久也没有想出来……", "天亮了。"]),
    (["“不要怕。”他说。", "大家都笑了。"]),
    (["他问：“为什么？”", "没有人回答。"]),
    (["“怎么办？”成了大家的问题。", "办法是有的。"]),
    (["习近平强调，“要坚持安全第一。要预防为主。”", "各地认真落实。"]),
    (["要做到“甲不离岗；乙不脱岗”，严格交接。"]),
    (["他（她？）来过两次。", "没有登记。"]),
    (["见《谁来养活中国？》一书。", "书在架上。"]),
    (["《安全生产法》规定：“安全第一。”", "必须执行。"]),
    (["自给率达100%。", "细颗粒物（PM2.5）下降3.1%。"]),
    (["他说：「不行。」", "然後離開了。"]),
    (["网址是www.gov.cn，文件是a.txt。", "请查看。"]),
    (["约翰.史密斯写了这本书。", "书很好。"]),
    (["会议结束了。[1]", "大家散去。"]),
]
ENGLISH = [
    (["Grain is kept dry.", "It costs $3.5 a bag."]),
    (["Mr. Smith met Dr. J. R. Brown of the U.S. Army.", "They spoke, e.g. about grain, i.e. food."]),
    (["See Fig. 3 and No. 5 in vol. 2.", "Is that all?", "Yes!"]),
    (["The answer is no.", "He went home."]),
    (["It is in Washington, D.C.", "The house is white."]),
    (["Smith et al. (2003) said so.", "Others did not."]),
    (['"Stop. Now." he said.', "Then he left."]),
    (['He said "It is late."', "Nobody moved."]),
    (["Go to http://www.example.com/a.b?c=d.e now.", "Read README.md first."]),
    (["Version 2.0.1 is out.", "It runs on Node.js."]),
    (["Well... perhaps.", "He waited...", "Then it rang."]),
    (["(He had left.)", "The room was empty."]),
    (["It began at 5 p.m. and ended at 6 a.m. on Monday."]),
    (["St. Paul's, Trinity-St. Paul's and Mt. Everest are names."]),
    (["It is true.[12]", "So is this."]),
    (["Apple Inc. and Foo Ltd. were sued.", "Both won."]),
]
MIXED = [
    (["使用 Python 3.11 运行。", "See the README.", "然后重启。"]),
    (["他说OK!", "然后走了。"]),
    (["GDP增长6.5%.", "CPI is 2.1%."]),
]


@pytest.mark.parametrize("parts", CHINESE)
def test_chinese(parts: list[str]):
    assert cut("".join(parts)) == parts


@pytest.mark.parametrize("parts", ENGLISH)
def test_english(parts: list[str]):
    assert cut(" ".join(parts)) == parts


@pytest.mark.parametrize("parts", MIXED)
def test_mixed(parts: list[str]):
    assert cut(" ".join(parts)) == parts


def test_a_full_stop_ends_chinese_sentences_where_the_text_has_no_other():
    assert cut("粮食丰收了.大家都高兴.") == ["粮食丰收了.", "大家都高兴."]


def test_a_straight_quote_that_opens_belongs_to_the_next_sentence():
    assert cut('它们住在沼泽。"Barasingha"是它们的名字。') == ["它们住在沼泽。", '"Barasingha"是它们的名字。']


def test_list_numbers_at_the_beginning_of_a_line_stay_with_their_item():
    assert cut("1. Lock the door\n2. Call Mr. Li. Then wait.\n3、关灯。\n一．总则\n(a). one") == [
        "1. Lock the door",
        "2. Call Mr. Li.",
        "Then wait.",
        "3、关灯。",
        "一．总则",
        "(a). one",
    ]


def test_a_line_break_ends_a_sentence():
    assert cut("主要任务\r\n（一）排查隐患\r\n（二）整改问题") == ["主要任务", "（一）排查隐患", "（二）整改问题"]


def test_a_wrapped_chinese_line_does_not():
    text = (
        "国家安全是民族复兴的根基，社会稳定是国家强盛的前提，必须坚定\n"
        "不移贯彻总体国家安全观，把维护国家安全贯穿党和国家工作各方面\n"
        "全过程，确保国家安全和社会稳定。"
    )
    assert cut(text) == [text]


def test_a_wrapped_english_line_does_not():
    text = (
        "Grain is kept in a dry place and is inspected every month by Mr.\n"
        "Smith, who writes down what he has found, and tells the keeper of\n"
        "the store."
    )
    assert cut(text) == [text]


def test_marks_split_nothing():
    inside = "粮食自给率##paidbegin##达到<!-- 注 -->100%。"
    assert cut(inside + "##paidend##第二句。") == [inside, "第二句。"]
    wrapped = "Grain is kept in a dry place and is inspected every month by the\n##paidbegin##\nkeeper of the store."
    assert cut(wrapped) == [wrapped]


def test_an_overlong_sentence_is_cut_at_clause_ends():
    text = "各县各乡都要抓好落实，" * 120
    parts = cut(text)
    assert "".join(parts) == text
    assert all(len(part) <= 600 and part.endswith("，") for part in parts)


@pytest.mark.parametrize(
    "text", ["字" * 50_000, "a" * 50_000, "（" * 50_000, "“" * 20_000, "a." * 20_000, "\r\n" * 9_000]
)
def test_nothing_is_lost_of_a_long_line(text: str):
    assert "".join(cut(text)) == text.strip()


WORDS = "粮食 安全。 吗？ ！ ； …… … “ ” （ ） 《 》 「 」 \" ' ( ) [1]"
OTHERS = "😀 שלום مرحبا ##m## <!--x--> Mr. U.S. e.g. 3.5 . ! ? ; Word"
MORE = "word 1. 一、 （一） - | 他说 ， ："
PIECES = st.sampled_from(
    [*WORDS.split(), *OTHERS.split(), *MORE.split(), "\n", "\r\n", "\r", "\u2028", "\u3000", " ", "\t", "\x00", "\x1f"]
)


TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_only_white_space_and_marks_lie_between_sentences(text: str):
    check(text, masked(text), 0, len(text))


@settings(deadline=None)
@given(TEXTS, st.data())
def test_the_same_for_any_part_of_a_text(text: str, data: st.DataObject):
    text = text.replace("#", "号").replace("<!", "")
    start = data.draw(st.integers(0, len(text)))
    check(text, text, start, data.draw(st.integers(start, len(text))))


def check(text: str, visible: str, start: int, end: int) -> None:
    position = start
    for left, right in sentences(text, start, end):
        assert position <= left < right <= end
        assert not visible[position:left].strip()
        assert visible[left:right] == visible[left:right].strip()
        position = right
    assert not visible[position:end].strip()
