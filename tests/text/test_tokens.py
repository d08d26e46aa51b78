"""Words, bigrams and the content words of a question: nothing that a text holds is hidden from the keyword leg."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.text.normal import fold, fold_with_offsets
from assistant.text.tokens import Tokens, holds, terms_in


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(tmp_path_factory.mktemp("jieba"))


def test_jieba_keeps_its_cache_where_it_is_told(tmp_path: Path) -> None:
    Tokens(tmp_path).words("粮食安全")
    assert (tmp_path / "jieba.cache").is_file()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("粮食安全", {"粮食", "安全"}),
        ("國務院辦公廳", {"国务院", "办公厅"}),  # traditional script
        ("ＧＤＰ增长６．９％", {"gdp", "增长", "6.9"}),  # full width
        ("Running policies", {"run", "polici"}),
        ("COVID-19疫情", {"covid-19", "covid", "19", "疫情"}),
    ],
)
def test_words(tokens: Tokens, text: str, words: set[str]) -> None:
    assert words <= set(tokens.words(text))


def test_bigrams_hide_no_word_behind_a_wrong_segmentation(tokens: Tokens) -> None:
    assert tokens.bigrams("南京市长江大桥") == ["南京", "京市", "市长", "长江", "江大", "大桥"]
    assert tokens.bigrams("A 导 B") == ["导"]


def test_a_question_is_reduced_to_what_it_is_about(tokens: Tokens) -> None:
    question = tokens.question("粮食自给率要达到多少？")
    assert [term.text for term in question.terms] == ["粮食", "自给率"]
    assert "食自" in question.bigrams  # neighbours
    assert "到多" not in question.bigrams  # no bigram spans a word that only asks
    english = tokens.question("What are the Policies of the committee?")
    assert [term.text for term in english.terms] == ["Policies", "committee"]


def test_what_only_asks_for_a_number_names_none(tokens: Tokens) -> None:
    assert [term.text for term in tokens.question("外婆是哪一年去世的？").terms] == ["外婆", "去世"]
    assert "一个月" not in [term.text for term in tokens.question("加班一个月最多多少小时？").terms]
    assert "一年" in [term.text for term in tokens.question("期限一年以上的，试用期多久？").terms]


def test_what_asks_for_a_name_is_no_word_of_the_text(tokens: Tokens) -> None:
    assert [term.text for term in tokens.question("总经理叫什么名字？").terms] == ["总经理"]


def test_a_meeting_is_one_word_and_will_is_none(tokens: Tokens) -> None:
    assert [term.text for term in tokens.question("年会在哪里开？").terms] == ["年会", "开"]
    assert "会" not in [term.text for term in tokens.question("今年会涨工资吗？").terms]


def test_a_long_word_is_asked_for_by_its_parts(tokens: Tokens) -> None:
    assert [term.text for term in tokens.question("怎样提高粮食产量").terms] == ["提高", "粮食", "产量"]
    assert [term.text for term in tokens.question("国务院").terms] == ["国务院"]  # 国务 and 务院 do not make it


def test_terms_are_written_as_the_question_writes_them(tokens: Tokens) -> None:
    terms = tokens.question("國務院與ＧＤＰ").terms
    assert [(term.text, term.folded) for term in terms] == [("國務院", "国务院"), ("ＧＤＰ", "gdp")]
    assert terms_in(terms, fold("国务院公布GDP")) == frozenset(terms)
    assert terms_in(terms, fold("gdps")) == frozenset()  # English words count whole


def test_names_are_told_from_words_that_any_text_may_lack(tokens: Tokens) -> None:
    said = {
        term.text: tokens.is_noun(term) for term in tokens.question("刑罚 台风 反间谍 包括 每年 公布 2035 ox").terms
    }
    assert {word for word, noun in said.items() if noun} >= {"刑罚", "台风", "2035"}
    assert not {word for word, noun in said.items() if noun} & {"包括", "每年", "公布", "ox"}


@given(st.text(max_size=60))
def test_folding_keeps_the_way_back(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(offsets) == len(folded) + 1
    assert offsets[-1] == len(text)
    assert offsets == sorted(offsets)


@given(st.text(alphabet="國务院粮食安全Ａa1½㎏é ", max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_can_be_cut(tokens: Tokens, text: str) -> None:
    question = tokens.question(text)
    assert all(tokens.bigrams(text))
    assert all(term.text in text and term.folded for term in question.terms)


def test_a_number_is_searched_for_in_whatever_way_it_is_written(tokens: Tokens) -> None:
    chinese, arabic = tokens.question("第十二条怎么规定？"), tokens.question("第12条怎么规定？")
    assert [(term.text, term.folded) for term in chinese.terms] == [("第十二条", "第12条"), ("规定", "规定")]
    assert [term.folded for term in arabic.terms] == ["第12条", "规定"]
    for question in (chinese, arabic):
        assert {"12", "12条", "第12条"} <= set(question.words)
    for text in ("第十二条 略", "第 12 条 略"):
        assert {"12", "12条", "第12条"} <= set(tokens.numbers(text))
        assert terms_in(chinese.terms, fold(text)) == {chinese.terms[0]}
    assert terms_in(chinese.terms, fold("第一百一十二条")) == frozenset()
    assert [term.folded for term in tokens.question("二〇二一年").terms] == ["2021"]
    share = tokens.question("百分之三十").terms
    assert terms_in(share, fold("占30%")) == frozenset(share)


def test_a_counted_number_is_not_the_end_of_another(tokens: Tokens) -> None:
    terms = tokens.question("12条").terms
    assert terms_in(terms, fold("共112条")) == frozenset()
    assert terms_in(terms, fold("共12条")) == frozenset(terms)


def test_a_question_of_nothing_but_question_words_is_still_searched_for(tokens: Tokens) -> None:
    question = tokens.question("有没有")
    assert (question.terms, question.words, question.bigrams) == ((), (), ())
    assert [phrase.bigrams for phrase in question.phrase] == [("有没", "没有")]


def test_words_of_letters_and_digits_are_held_whole() -> None:
    assert list(holds("said by ai, 2012年 12条", "ai")) == [8]
    assert list(holds("said by ai, 2012年 12条", "12")) == [18]
    assert list(holds("粮食安全", "食安")) == [1]
    assert list(holds("哈哈哈", "哈哈")) == [0, 1]


def test_names_are_tagged_and_the_words_lie_end_to_end(tokens: Tokens) -> None:
    text = "李白在 长安, with abc。"
    found = tokens.tagged(text)
    assert [(text[word.start : word.end], word.tag) for word in found if word.tag] == [("李白", "nr"), ("长安", "ns")]
    assert [word.start for word in found] == [0, *(word.end for word in found[:-1])]
    assert found[-1].end == len(text)
    own = tokens.with_dictionary("青龙山庄 5 ns\n")
    assert [word.tag for word in own.tagged("青龙山庄")] == ["ns"]
    assert tokens.tagged("") == []


def test_words_that_may_be_names_or_numbers_do_not_only_ask(tokens: Tokens) -> None:
    assert [term.text for term in tokens.question("Did the US win World War I?").terms] == [
        "US",
        "win",
        "World",
        "War",
        "I",
    ]
