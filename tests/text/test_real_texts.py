"""The readers and the splitting on real public texts, where they lie beside the checkout."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.readers import read
from assistant.text.marks import without_marks
from assistant.text.paragraphs import split
from assistant.text.sentences import sentences
from assistant.text.windows import windows
from assistant.types import Document

SHARED = Path(__file__).parents[3] / "shared"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not (SHARED / "seeds").is_dir(), reason=f"the evaluation data is not at {SHARED.name} beside the checkout"
    ),
]


def documents(relative: str) -> tuple[Document, ...]:
    path = SHARED / relative
    reading = read(path, path.name, limit_bytes=50_000_000)
    assert reading.problems == ()
    return reading.documents


@pytest.mark.parametrize(
    ("path", "encoding", "title"),
    [
        ("seeds/000_1de2b8558a34d7ec.txt", "utf-8", "国泰民安是人民群众最基本、最普遍的愿望"),
        ("seeds/004_ff4120c23c8bbd5d.txt", "utf-8", "国家安全工作主题教育心得体会"),
        ("evaluation/files/2016年政府工作报告.gb18030.txt", "gb18030", "2016年政府工作报告"),
        (
            "evaluation/files/2019年中华人民共和国国务院政府工作报告.txt",
            "utf-8",
            "2019年中华人民共和国国务院政府工作报告",
        ),
    ],
)
def test_titles_and_encodings(path: str, encoding: str, title: str):
    (document,) = documents(path)
    assert (document.title, document.encoding) == (title, encoding)
    data = (SHARED / path).read_bytes()
    assert document.text == data.decode(encoding)


def test_the_sections_of_a_seed():
    (document,) = documents("seeds/000_1de2b8558a34d7ec.txt")
    paths = [passage.heading for passage in split(document.id, document.text)]
    assert list(dict.fromkeys(paths)) == [
        (),
        ("一、保障粮食安全提高粮食产能",),
        ("二、维护社会稳定加强民族团结",),
        ("三、健全管理提升保密意识",),
    ]
    assert paths[-1] == ()


def test_no_mark_in_the_search_text_of_a_seed():
    (document,) = documents("seeds/004_ff4120c23c8bbd5d.txt")
    passages = split(document.id, document.text)
    assert "##" in document.text
    assert not any("##" in without_marks(document.text, passage.start, passage.end) for passage in passages)


def test_the_quotes_of_the_seed_questions_lie_in_one_sentence():
    lines = (SHARED / "evaluation/seeds/questions.jsonl").read_text("utf-8").splitlines()
    asked = [row for row in map(json.loads, lines) if row["answerable"]]
    assert asked
    for row in asked:
        (document,) = documents(f"seeds/{row['document']}")
        holding = [
            span
            for passage in split(document.id, document.text)
            for span in sentences(document.text, passage.start, passage.end)
            if span[0] <= row["start"] and row["end"] <= span[1]
        ]
        assert len(holding) == 1, row["quote"]


def test_a_work_report_has_its_headings():
    (document,) = documents("evaluation/files/2019年中华人民共和国国务院政府工作报告.txt")
    paths = {passage.heading for passage in split(document.id, document.text)}
    tasks = [path[1] for path in paths if len(path) == 2]
    assert {path[0] for path in paths if path} == {
        "一、2018年工作回顾",
        "二、2019年经济社会发展总体要求和政策取向",
        "三、2019年政府工作任务",
    }
    assert len(tasks) == 10
    assert "（二）激发市场主体活力，着力优化营商环境" in tasks


@pytest.mark.parametrize("name", ["zh_law", "zh_wiki", "en_wiki"])
def test_every_sentence_of_a_corpus_is_in_a_window(name: str):
    for document in documents(f"evaluation/{name}/passages.jsonl")[:200]:
        text = document.text
        passages = split(document.id, text)
        assert all(first.end <= second.start for first, second in pairwise(passages))
        covered = "".join("".join(text[w.start : w.end].split()) for p in passages for w in windows(text, p))
        assert covered == "".join(text.split())


def test_no_english_sentence_ends_at_an_abbreviation():
    endings = (
        "Mr.",
        "Dr.",
        "St.",
        "U.S.",
        "e.g.",
        "i.e.",
        "vs.",
        "No.",
        "Inc.",
        "Jr.",
        "ca.",
        "c.",
        "al.",
        "Rev.",
        "p.",
    )
    for document in documents("evaluation/en_wiki/passages.jsonl"):
        for start, end in sentences(document.text, 0, len(document.text))[:-1]:
            assert not document.text[start:end].endswith(tuple(f" {ending}" for ending in endings)), document.text[
                start:end
            ]
