"""Latin abbreviations and the Chinese terms they stand for: each finds the other, as whole words only."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.retrieval.why import why
from assistant.text.abbreviations import other_names
from assistant.text.normal import fold
from assistant.text.tokens import Tokens, terms_in
from tests.index.library import CACHE, make_assistant, write


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("2030年GDP目标", {"生产总值"}),
        ("全区地区生产总值", {"gdp", "生产总值"}),
        ("R&D经费", {"研发", "研究与试验发展"}),
        ("PM2.5浓度", {"细颗粒物", "pm25"}),
        ("人工智能产业", {"ai"}),
        ("maid, gdpr, rai", set()),
        ("农业生产总值", set()),
    ],
)
def test_other_names(text: str, names: set[str]) -> None:
    assert {name for *_, others in other_names(fold(text)) for name in others} == names


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("GDP增长多少", "地区生产总值增长百分之六", True),
        ("地区生产总值是多少", "全年GDP为三百亿元", True),
        ("R&D人员", "研发人员二百人", True),
        ("AI产业", "人工智能产业", True),
        ("HR电话", "人力资源科的电话", True),
        ("AI产业", "rain said", False),
        ("人工智能", "The aid is paid", False),
        ("GDP增长多少", "总产值增长", False),
    ],
)
def test_a_word_of_the_question_is_held_by_its_other_name(question: str, text: str, held: bool) -> None:
    terms = Tokens(CACHE).question(question).terms
    named = [term for term in terms if term.others]
    assert named
    assert (terms_in(named, fold(text)) == frozenset(named)) is held


def test_the_other_name_is_searched_for_and_nothing_is_said_to_be_missing(tmp_path: Path) -> None:
    texts = {f"{n}.txt": f"第{n}篇\n\n这里说的是{n}号桥的修缮，与别的事情没有关系。\n" for n in range(30)}
    texts["目标.txt"] = "主要目标\n\n全区生产总值增长百分之六，细颗粒物平均浓度下降到三十微克以下。\n"
    texts["short.txt"] = "Office\n\nThe AI office is on the second floor of the new building by the lake.\n"
    write(tmp_path / "texts", texts)
    assistant = make_assistant(tmp_path, threshold=1.0)
    assistant.update()
    for question, document in (
        ("GDP增长多少？", "目标.txt"),
        ("PM2.5浓度降到多少？", "目标.txt"),
        ("人工智能办公室在几楼？", "short.txt"),
    ):
        hits = assistant.search(question, dense_weight=0)
        assert hits[0].passage.document == document
        refusal = assistant.ask(question).refusal
        assert refusal is not None
        assert not {"GDP", "PM2.5", "人工", "智能"} & set(refusal.missing)
    first = assistant.search("GDP增长多少？", dense_weight=0)[0]
    assert "GDP" in first.terms
    assert [first.text[start:end] for start, end in why(first).spans] == ["生产总值增长"] or "生产总值" in {
        first.text[start:end] for one in why(first).matched for start, end in one.spans
    }
