"""How headings become questions: in their own language and script, and never of what is none to ask by."""

import pytest

from assistant.addressing.parts import step_of
from assistant.asking.phrasing import Heading, names_of_document, phrased


def heading(*path):
    return Heading(path[-1] if path else "", tuple(map(step_of, path)))


def first(title, *path):
    return next(phrased(title, heading(*path)), None)


@pytest.mark.parametrize(
    ("title", "path", "question"),
    [
        ("《某办法》", ("第二章 值班", "第十二条"), "《某办法》第十二条是怎么规定的？"),
        ("《某办法》", ("第二章 值班", "第十二条 【交接】"), "《某办法》第十二条是怎么规定的？"),
        ("《某办法》", ("第四章　会议室与公用物品",), "《某办法》关于会议室与公用物品有哪些规定？"),
        ("《某办法》", ("第五章 附 则",), "《某办法》附 则讲了什么？"),
        (
            "《年度报告》",
            ("三、重点工作", "（二）加强供给侧改革，增强动力"),
            "《年度报告》关于加强供给侧改革，增强动力讲了什么？",
        ),
        ("《年度报告》", ("二、存在的问题",), "《年度报告》中存在的问题有哪些？"),
        ("《年度报告》", ("一、2024 年工作回顾",), "《年度报告》的2024 年工作回顾讲了什么？"),
        ("《指南》", ("二、出了问题怎么办？",), "《指南》里，出了问题怎么办？"),
        ("《指南》", ("（三）K8s集群",), "《指南》关于K8s集群讲了什么？"),
        ("《指南》", (), "《指南》讲了什么？"),
        ("《管理辦法》", ("第三章 公物借用",), "《管理辦法》關於公物借用有哪些規定？"),
        ("《管理辦法》", ("第十三條",), "《管理辦法》第十三條是怎麼規定的？"),
        ("“Safety policy”", ("4. Fire",), "What does “Safety policy” say about fire?"),
        ("“Safety policy”", ("DNA samples",), "What does “Safety policy” say about DNA samples?"),
        ("“Charter”", ("Chapter 2", "Article 12"), "What does Article 12 of “Charter” say?"),
        ("“Charter”", (), "What does “Charter” say?"),
    ],
)
def test_a_heading_is_asked_for_naturally(title, path, question):
    assert first(title, *path) == question


@pytest.mark.parametrize(
    "written",
    [
        "1.1",
        "3.5",
        "2024",
        "表1 主要指标",
        "图三",
        "甲 | 乙 | 丙",
        "目录",
        "其他",
        "---",
        "https://a.example/x",
        "<img src=x onerror=alert(1)>",
        "\u202egnp.exe",
        "${x}",
        "《别的办法》解读",
        "来电人：我能不能转？真的吗？",
        "长" * 31,
        "（未完",
        "Table 3 Figures",
        "word " * 30,
    ],
)
def test_what_is_no_heading_to_ask_by_is_left_out(written):
    assert heading(written).name == ""
    assert not list(phrased("“Report”", heading(written)))


def test_a_heading_without_usable_words_is_asked_for_by_its_number():
    assert list(phrased("《报告》", heading("二、" + "长" * 31))) == ["《报告》第二部分讲了什么？"]
    nested = heading("第三章 收费", "第一节 " + "长" * 31)
    assert list(phrased("《章程》", nested)) == ["《章程》第三章第一节讲了什么？"]
    assert list(phrased("《报告》", heading("三、工作", "2. " + "长" * 31))) == []


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("某办法", ["《某办法》"]),
        ("《某办法》", ["《某办法》"]),
        ("关于《某法》的解释", ["《关于〈某法〉的解释》"]),
        ("关于印发《试点方案》的通知", ["《试点方案》", "《关于印发〈试点方案〉的通知》"]),
        ("Safety policy", ["“Safety policy”"]),
        ("长" * 51, []),
        ('"quoted" title', []),
        ("", []),
    ],
)
def test_how_documents_are_named(title, names):
    assert list(names_of_document(title)) == names
