import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.marks import masked, without_marks
from assistant.text.measure import measure
from assistant.text.paragraphs import split
from assistant.types import Heading


def cut(text: str, name: str = "甲.txt", limit: int = 500) -> list[tuple[tuple[str, ...], str]]:
    passages = split(name, text, passage_characters=limit)
    return [(passage.heading, without_marks(text, passage.start, passage.end)) for passage in passages]


LAW = """中华人民共和国粮食安全保障法

（2023年12月29日通过）

目　　录

第一章　总　　则
第二章　耕地保护
第三章　附　　则

第一章　总　　则

第一条　为了保障粮食有效供给，制定本法。

第二条　粮食安全工作坚持党的领导。
国家建立粮食安全责任制。

第二章　耕地保护

第十条　有下列情形之一的，处一万元以下罚款：
（一）擅自占用耕地的；
（二）法律规定的其他情形。
前款规定的罚款，由县级人民政府决定。

第三章　附　　则

第十一条规定的罚款上缴国库。
"""


def test_a_statute():
    title = "中华人民共和国粮食安全保障法"
    assert cut(LAW) == [
        ((title,), "（2023年12月29日通过）"),
        ((title,), "目　　录\n\n第一章　总　　则\n第二章　耕地保护\n第三章　附　　则"),
        ((title, "第一章 总 则", "第一条"), "第一条　为了保障粮食有效供给，制定本法。"),
        ((title, "第一章 总 则", "第二条"), "第二条　粮食安全工作坚持党的领导。\n国家建立粮食安全责任制。"),
        (
            (title, "第二章 耕地保护", "第十条"),
            "第十条　有下列情形之一的，处一万元以下罚款：\n（一）擅自占用耕地的；\n（二）法律规定的其他情形。\n"
            "前款规定的罚款，由县级人民政府决定。",
        ),
        ((title, "第三章 附 则"), "第十一条规定的罚款上缴国库。"),
    ]


NOTICE = """关于做好安全生产工作的通知

各县人民政府：

为进一步做好工作，现将有关事项通知如下：

一、总体要求
坚持安全第一、预防为主、综合治理的方针不动摇。
（一）加强组织领导
各级要高度重视，主要负责人要亲自抓、负总责。
1.落实责任
主要负责人负总责，分管负责人具体抓各项工作。
（二）完善制度。
要建立健全制度，明确责任人，做到奖惩分明，落实到位。
二、主要任务
1、排查隐患；
2、整改问题；
3、总结经验。
三、工作要求。各单位要认真落实，及时上报进展。
"""


def test_an_official_notice():
    title, first = "关于做好安全生产工作的通知", "一、总体要求"
    assert cut(NOTICE) == [
        ((title,), "各县人民政府：\n\n为进一步做好工作，现将有关事项通知如下："),
        ((title, first), "坚持安全第一、预防为主、综合治理的方针不动摇。"),
        ((title, first, "（一）加强组织领导"), "各级要高度重视，主要负责人要亲自抓、负总责。"),
        ((title, first, "（一）加强组织领导", "1.落实责任"), "主要负责人负总责，分管负责人具体抓各项工作。"),
        ((title, first, "（二）完善制度"), "要建立健全制度，明确责任人，做到奖惩分明，落实到位。"),
        ((title, "二、主要任务"), "1、排查隐患；\n2、整改问题；\n3、总结经验。"),
        ((title, "三、工作要求"), "三、工作要求。各单位要认真落实，及时上报进展。"),
    ]


def test_a_conclusion_is_not_under_the_last_of_several_one_paragraph_sections():
    sections = [f"{number}、第{number}项工作。各单位要认真落实这一项工作，及时上报。" for number in "一二三"]
    text = "\n".join(
        ["前言是一段普通的话，说明为什么要做这些工作。", *sections, "总之，要久久为功，不能半途而废，务求实效。"]
    )
    assert [heading for heading, _ in cut(text)] == [
        (),
        ("一、第一项工作",),
        ("二、第二项工作",),
        ("三、第三项工作",),
        (),
    ]


def test_numbered_paragraphs_of_which_few_have_a_title_are_items():
    long = "在普遍增产粮食的基础上抓好两头，一头是抓好商品粮基地和国营农场，一头是扶助低产缺粮地区。" * 2
    text = f"主要措施\n\n（一）{long}\n（二）{long}\n（三）改良土壤。{long}\n（四）{long}\n"
    assert {heading for heading, _ in cut(text)} == {("主要措施",)}


def test_only_headings_still_give_passages():
    assert cut("一、甲\n二、乙\n（一）丙\n") == [((), "一、甲"), (("二、乙",), "（一）丙")]


def test_a_heading_with_nothing_under_it_is_a_passage():
    assert cut("一、甲\n正文在此，说明甲的情况。\n二、乙\n三、丙\n正文在此，说明丙的情况。") == [
        (("一、甲",), "正文在此，说明甲的情况。"),
        ((), "二、乙"),
        (("三、丙",), "正文在此，说明丙的情况。"),
    ]


def test_each_line_of_a_chinese_text_is_a_paragraph():
    lines = [
        "国家安全是民族复兴的根基，社会稳定是国家强盛的前提。",
        "粮食安全是国之大者，要守住耕地红线，一亩也不能少。",
    ]
    assert cut("\n".join(lines)) == [((), line) for line in lines]


def test_a_salutation_goes_with_what_follows():
    assert cut("各位代表！\n\n过去一年，成绩来之不易，值得倍加珍惜。") == [
        ((), "各位代表！\n\n过去一年，成绩来之不易，值得倍加珍惜。")
    ]


def test_a_lead_in_keeps_its_items():
    items = "".join(f"\n——第{n}方面的工作平稳推进，各项指标都在合理区间，好于预期。" for n in "一二三四")
    text = "主要做了以下工作：" + items
    assert cut(text) == [((), text)]
    parts = cut(text, limit=100)
    assert len(parts) == 2
    assert parts[0][1].startswith("主要做了以下工作：")
    assert parts[1][1].startswith("——")


def test_a_long_paragraph_is_cut_before_items_in_like_pieces():
    sentence = "坚持把粮食生产放在首位，有序推进结构调整，确保播种面积稳定。"
    text = "粮食工作有四条。" + "".join(f"{n}是落实责任。{sentence * 4}" for n in "一二三四")
    parts = [part for _, part in cut(text, limit=300)]
    assert "".join(parts) == text
    assert [part[:2] for part in parts[1:]] == ["三是"]
    assert all(measure(part) <= 300 for part in parts)


def test_wrapped_english_lines_are_one_paragraph():
    text = (
        "Grain is kept in a dry place and is inspected every month by the keeper\n"
        "of the store, who writes down what has been found, in a book that\n"
        "is kept for five years.\n\n"
        "A second paragraph begins here. It is short.\n"
    )
    first, second = text.split("\n\n")
    assert cut(text, "a.txt") == [((), first), ((), second.strip())]


def test_english_headings():
    text = (
        "The Annual Report\n\nChapter 1\n\nGrain is kept in a dry place by its keeper.\n\nSection 1.2 Tasks\n\n"
        "The keeper must:\n- lock the door;\n- tell Dr. Li.\n"
    )
    assert cut(text, "a.txt") == [
        (("The Annual Report", "Chapter 1"), "Grain is kept in a dry place by its keeper."),
        (("The Annual Report", "Chapter 1", "Section 1.2 Tasks"), "The keeper must:\n- lock the door;\n- tell Dr. Li."),
    ]


def test_marks_split_nothing_and_are_at_no_edge():
    first = "##paidbegin##第一段没有断##m##开，说的是粮食安全的事情。\n##paidend##\n\n"
    text = first + "第二段说的是保密工作的事情，也不短。<!-- 完 -->\n"
    passages = split("甲.txt", text)
    assert [text[p.start : p.end] for p in passages] == [
        "第一段没有断##m##开，说的是粮食安全的事情。",
        "第二段说的是保密工作的事情，也不短。",
    ]


def test_a_line_of_a_corpus_is_one_passage_where_it_fits():
    text = (
        "个体工商户可以个人经营，也可以家庭经营，依法登记即可。\n\n个体工商户的合法权益受法律保护，任何单位不得侵害。"
    )
    assert cut(text, "law.jsonl#1") == [((), text)]
    assert len(cut(text, "law.txt")) == 2


def test_marked_headings_are_the_only_ones():
    text = "总则\n一、这里的编号不是标题而是正文\n正文说的是粮食，一亩不能少。\n细则\n正文说的是保密，一刻不能松懈。\n"
    outline = (Heading(0, 2, 1), Heading(text.index("细则"), text.index("细则") + 2, 2))
    found = split("甲.docx", text, outline=outline)
    assert [(p.heading, text[p.start : p.end]) for p in found] == [
        (("总则",), "一、这里的编号不是标题而是正文"),
        (("总则",), "正文说的是粮食，一亩不能少。"),
        (("总则", "细则"), "正文说的是保密，一刻不能松懈。"),
    ]


def test_pages():
    text = "第一页的话在这里，说的是粮食安全。\n第二页的话在这里，说的是保密工作。"
    assert [p.page for p in split("甲.pdf", text, page_starts=(0, 18))] == [1, 2]
    assert [p.page for p in split("甲.txt", text)] == [None, None]


FRAGMENTS = st.sampled_from(
    [
        "第一章 总则",
        "第二条　为了粮食安全，制定本法。",
        "一、甲",
        "一、甲工作。要落实。",
        "（一）乙",
        "（二）乙的；",
        "1. 丙",
        "目录",
        "附件：",
        "粮食安全是国之大者，要守住耕地红线，一亩也不能少。",
        "标题一样的行",
        "各位代表！",
        "主要任务：",
        "——甲。乙。",
        "A line of English words.",
        "Chapter 2",
        "# 井号",
        "##m##",
        "<!-- 注 -->",
        "- item",
        "```",
        "> 引",
        "| a | b |",
        "|---|---|",
        "---",
        "1",
        "字" * 130,
        "\x00",
        "😀",
    ]
)
TEXTS = st.lists(st.tuples(FRAGMENTS, st.sampled_from(["\n", "\r\n", "\n\n", "\u2028", " ", ""])), max_size=25).map(
    lambda parts: "".join(part + end for part, end in parts)
)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(["甲.txt", "a.md", "c.jsonl#1"]), st.integers(100, 600))
def test_passages_are_ordered_trimmed_spans(text: str, name: str, limit: int):
    visible = masked(text)
    position = 0
    for passage in split(name, text, passage_characters=limit):
        assert position <= passage.start < passage.end <= len(text)
        piece = visible[passage.start : passage.end]
        assert piece == piece.strip()
        position = passage.end


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(["甲.txt", "c.jsonl#1"]))
def test_every_word_is_in_a_passage_or_its_heading_path(text: str, name: str):
    visible = masked(text)
    passages = split(name, text, passage_characters=100)
    headings = {re.sub(r"\W", "", title) for passage in passages for title in passage.heading}
    position = 0
    for start, end in [*((p.start, p.end) for p in passages), (len(text), len(text))]:
        for line in re.split(r"[\r\n\u2028]", visible[position:start]):
            words = re.sub(r"\W", "", line)
            assert not words or words in headings
        position = end


@pytest.mark.parametrize("text", ["", " \n\u3000", "##paidbegin##\n##paidend##", "<!-- 只有注 -->"])
def test_nothing_gives_no_passages(text: str):
    assert split("甲.txt", text) == ()
    assert split("甲.md", text) == ()


def test_a_heading_with_a_full_stop_above_deeper_headings():
    text = (
        "方案\n\n一、总体要求\n\n（一）工作目标。年底前完成全部试点工作，实现资源优化融合。\n\n（二）基本原则。\n\n"
        "1.问题导向。针对建设分散的问题，建设统一的平台，带动服务水平提升。\n\n"
        "2.开放融合。坚持创新驱动，支撑新技术的无缝对接和灵活扩展。\n\n二、试点范围\n\n选择十个省开展试点。"
    )
    paths = {piece[:2]: path for path, piece in cut(text)}
    assert paths["1."] == ("方案", "一、总体要求", "（二）基本原则", "1.问题导向")
    assert paths["2."] == ("方案", "一、总体要求", "（二）基本原则", "2.开放融合")


def test_an_item_with_a_remark_is_no_heading():
    text = (
        "措施\n\n一、贸易\n\n（一）支持开展汽车平行进口试点。（负责部门：商务部）\n\n"
        "（二）支持设立首次进口药品口岸。（负责部门：药监局、海关总署）\n\n二、金融\n\n各银行要落实。"
    )
    assert cut(text)[0] == (
        ("措施", "一、贸易"),
        "（一）支持开展汽车平行进口试点。（负责部门：商务部）\n\n（二）支持设立首次进口药品口岸。（负责部门：药监局、海关总署）",
    )


def test_what_is_attached_is_a_list_also_after_numbered_headings():
    text = (
        "通知\n\n一、纪律\n\n1.建立台账。各村要建立物资台账，每月核对一次。\n\n2.定期调度。镇里每月调度一次，通报结果。\n\n"
        "附件：1.防汛物资清单\n\n2.值班安排表\n\n清河镇人民政府办公室，电话：6677"
    )
    assert all("值班安排表" not in title for path, _ in cut(text) for title in path)
