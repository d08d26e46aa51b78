import pytest

from assistant.readers.titles import title_of, title_of_name

BODY = "国泰民安是人民群众最基本、最普遍的愿望。实现中国梦，保证人民安居乐业，国家安全是头等大事。\n第二段。"


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("国家安全工作主题教育心得体会\n" + BODY, "004_ff4120c23c8bbd5d.txt", "国家安全工作主题教育心得体会"),
        (BODY, "000_1de2b8558a34d7ec.txt", "国泰民安是人民群众最基本、最普遍的愿望"),
        ("各位代表！\n\n" + BODY, "1978年国务院政府工作报告.txt", "1978年国务院政府工作报告"),
        ("各位代表：\n\n" + BODY, "报告/2016年政府工作报告.gb18030.txt", "2016年政府工作报告"),
        ("各位代表：\n\n" + BODY, "content_5338761.txt", "国泰民安是人民群众最基本、最普遍的愿望"),
        ("一、总则\n" + BODY, "003-值班手册.txt", "值班手册"),
        ("标题：存粮办法\n" + BODY, "a1b2c3d4e5.txt", "存粮办法"),
        ("##paidbegin##\n怎样存粮？\n" + BODY, "1.txt", "怎样存粮？"),
        (
            "要以设立全民国家安全教育日为契机，以总体国家安全观为指导，全面实施国家安全法。",
            "1.txt",
            "要以设立全民国家安全教育日为契机，以总体国家安全观为指导",
        ),
        ("Storing Grain\n\nGrain is kept dry. It is inspected.", "notes.txt", "Storing Grain"),
        ("Grain is kept dry. It is inspected.", "annual-report-2019.txt", "annual report 2019"),
        ("Grain is kept dry. It is inspected.", "0001.txt", "Grain is kept dry"),
        ("值班 checklist\nBring keys.", "1.txt", "值班 checklist"),
    ],
)
def test_titles(text: str, name: str, title: str):
    assert title_of(text, name) == title


def test_a_long_first_sentence_is_cut_at_a_word_or_with_an_ellipsis():
    title = title_of("The keeper of the store writes down everything that has been found in it every day.", "1.txt")
    assert title == "The keeper of the store writes down everything that has…"
    assert title_of("字" * 100) == "字" * 30 + "…"


@pytest.mark.parametrize(
    "name",
    [
        "000_1de2b8558a34d7ec",
        "content_5338761",
        "20240301",
        "新建文本文档",
        "新建文本文档 (2)",
        "未命名1",
        "a1b2c3d4e5f6",
        "file-3",
        "x",
        "550e8400-e29b-41d4-a716-446655440000",
        "doc_12",
        "untitled",
        "下载",
        "IMG_0012",
    ],
)
def test_names_that_say_nothing(name: str):
    assert title_of_name(f"a/{name}.txt") == ""


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("12_粮食安全_ff4120c23c8bbd5d", "粮食安全"),
        ("工作总结（1）", "工作总结"),
        ("2019-工作总结", "2019-工作总结"),
        ("grain_storage", "grain storage"),
    ],
)
def test_names_that_say_something(name: str, title: str):
    assert title_of_name(f"{name}.txt") == title
