"""Where an answer stands in the library, and what is said of a place that is not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.judging import put
from assistant.evaluation.places import Gold, locate, nearest
from assistant.evaluation.questions import Case, Quoted
from tests.evaluation.fake_assistant import FakeAssistant

TEXTS = {
    "甲.txt": "粮食自给率达到一百\n涉密人员签订保密承诺书\n签订保密承诺书以后",
    "corpus.jsonl#7": "The Normans lived in Normandy.",
    "corpus.jsonl#8": "国家安全的基础是人民",
    "办法/丁.txt": "第一条　为了安全。第二条　有效期为6年，每3年复审一次。第三条　自2025年起施行。",
}


@pytest.fixture
def assistant():
    return FakeAssistant(texts=dict(TEXTS))


def gold_of(case, assistant):
    found, problems = locate([case], assistant)
    return found[case.id], [problem.reason for problem in problems]


@pytest.mark.parametrize("name", ["corpus.jsonl#7", "7"])
def test_a_line_of_a_corpus_has_two_names(assistant, name):
    assert gold_of(Case("q", "谁？", passage_ids=(name,)), assistant) == (Gold(frozenset({"corpus.jsonl#7"})), [])


@pytest.mark.parametrize("name", ["办法/丁.txt", "丁.txt", "./办法/丁.txt", "办法\\丁.txt"])
def test_a_file_is_found_by_its_path_as_anyone_may_write_it(assistant, name):
    gold, problems = gold_of(Case("q", "几年？", document=name, quote="有效期为6年"), assistant)
    assert (gold.documents, problems) == (frozenset({"办法/丁.txt"}), [])


def test_a_name_that_two_files_share_means_neither(assistant):
    assistant.texts["旧/丁.txt"] = "第二条　有效期为5年。"
    _, problems = gold_of(Case("q", "几年？", document="丁.txt", quote="有效期为6年"), assistant)
    assert "no document “丁.txt”" in problems[0]


def test_a_quote_is_found_wherever_it_stands(assistant):
    everywhere, _ = gold_of(Case("q", "签什么？", quote="签订保密承诺书"), assistant)
    assert everywhere.spans == (("甲.txt", 14, 21), ("甲.txt", 22, 29))
    assert all(TEXTS[name][start:end] == "签订保密承诺书" for name, start, end in everywhere.spans)
    assert everywhere.sentences == ((("甲.txt", 10, 21),), (("甲.txt", 22, 31),))
    one, _ = gold_of(Case("q", "签什么？", document="甲.txt", start=22, end=29, quote="签订保密承诺书"), assistant)
    assert one.spans == (("甲.txt", 22, 29),)


def test_a_span_that_the_text_has_outgrown_is_found_again_by_its_quote(assistant):
    gold, problems = gold_of(Case("q", "几年？", document="甲.txt", start=0, end=5, quote="自给率达到"), assistant)
    assert gold.spans == (("甲.txt", 2, 7),)
    assert problems == []


def test_gold_sentences_are_those_a_quote_runs_through(assistant):
    gold, _ = gold_of(Case("q", "几年？", quote="每3年复审一次。第三条"), assistant)
    text = TEXTS["办法/丁.txt"]
    (both,) = gold.sentences
    assert [text[start:end] for _, start, end in both] == [
        "第二条　有效期为6年，每3年复审一次。",
        "第三条　自2025年起施行。",
    ]
    assert gold.met([both[0]]) == 0.5
    assert gold.met([("办法/丁.txt", 0, len(text))]) == 1
    assert gold.met([("甲.txt", 0, len(text))]) == 0


def test_gold_sentences_of_a_passage_are_those_that_say_an_answer(assistant):
    case = Case("q", "几年？", answers=("5年", "6年"), passage_ids=("丁.txt",))
    gold, _ = gold_of(case, assistant)
    assert {TEXTS["办法/丁.txt"][s:e] for several in gold.sentences for _, s, e in several} == {
        "第二条　有效期为6年，每3年复审一次。"
    }
    number = Case("q", "几？", answers=("2",), passage_ids=("丁.txt",))  # 2025 is another number
    assert gold_of(number, assistant)[0].sentences == ()
    assistant.texts["办法/丁.txt"] *= 100  # so long that words stand there by chance
    assert gold_of(case, assistant)[0].sentences == ()


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (Case("q", "谁负责？", passage_ids=("9",)), ["“9”", "Correct the name"]),
        (Case("q", "谁负责？", document="办法/丁.text", quote="人民"), ["Did you mean “办法/丁.txt”"]),
        (Case("q", "几年？", document="甲.txt", start=1, end=999), ["31 characters", "span 1 to 999"]),
        (
            Case("q", "几年？", document="丁.txt", quote="有效期是6年,每三年复审一次"),
            ["丁.txt does not hold", "characters 13–27", "“有效期为6年，每3年复审一次”"],
        ),
        (
            Case("q", "几年？", quote="有效期是6年，每3年复审一次"),
            ["The library does not hold", "“有效期为6年，每3年复审一次”"],
        ),
        (Case("q", "几年？", document="甲.txt", quote="基础是人民"), ["It stands in corpus.jsonl#8, characters 5–10"]),
        (Case("q", "几年？", document="甲.txt", quote="完全不相干的粮食二字"), ["Nothing there comes near it"]),
    ],
)
def test_a_place_the_library_does_not_hold_is_told_with_what_is_near_and_counts_as_missed(assistant, case, said):
    gold, problems = gold_of(case, assistant)
    assert len(problems) == 1
    assert all(words in problems[0] for words in said), problems
    outcome = put(case, gold, assistant)
    assert {measure for leg in outcome.retrieval.values() for measure in leg.values()} == {0}


def test_problems_name_the_line(assistant):
    _, problems = locate([Case("乙", "谁？", passage_ids=("9",), line=7)], assistant)
    assert problems[0].path == "line 7 (乙)"


def test_what_is_near_is_looked_for_only_so_often(assistant):
    _, problems = locate([Case(str(n), "？", document="丁.txt", quote="有效期是6年") for n in range(52)], assistant)
    assert "Nearest" in problems[49].reason
    assert "Nearest" not in problems[51].reason


def test_the_nearest_place_does_not_mind_width_case_and_a_line_break():
    text = "前面的话。The ＷＴＯ rules\napply, 自１日起。后面的话"
    likeness, start, end = nearest(text, "the WTO rules apply, 自1日起")
    assert text[start:end] == "The ＷＴＯ rules\napply, 自１日起"
    assert likeness > 0.8


@given(st.text("粮食安全人民基础，。", min_size=2, max_size=60), st.data())
def test_a_quote_that_stands_there_is_its_own_nearest_place(text, data):
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    likeness, left, right = nearest(text, text[start:end])
    assert likeness > 0
    assert 0 <= left < right <= len(text)
    unlike = nearest(text, "天地玄黄宇宙洪荒")
    assert unlike is None


def test_every_right_place_counts_and_each_is_an_alternative(assistant):
    case = Case("q", "？", document="甲.txt", quote="一百", also=(Quoted("8", "人民"), Quoted("丁.txt", "6年", 22, 24)))
    gold, problems = gold_of(case, assistant)
    assert problems == []
    assert gold.spanned
    assert gold.spans == (("甲.txt", 7, 9), ("corpus.jsonl#8", 8, 10), ("办法/丁.txt", 17, 19))
    assert gold.documents == {"甲.txt", "corpus.jsonl#8", "办法/丁.txt"}
    assert gold.met([("corpus.jsonl#8", 0, 10)]) == 1


def test_a_right_place_that_is_gone_is_told_only_where_none_is_left(assistant):
    gone = Quoted("8", "不在这里的话")
    assert gold_of(Case("q", "？", quote="一百", also=(gone,)), assistant)[1] == []
    _, (reason,) = gold_of(Case("q", "？", also=(gone,)), assistant)
    assert "does not hold the quote" in reason


def test_rejected_places_are_found_and_told_where_none_is_left(assistant):
    there, gone = Quoted("8", "人民"), Quoted("丙.txt", "人民")
    gold, problems = gold_of(Case("q", "？", answerable=None, unwanted=(gone, there)), assistant)
    assert (gold.unwanted, gold.documents, gold.spanned, problems) == (
        (("corpus.jsonl#8", 8, 10),),
        frozenset(),
        False,
        [],
    )
    assert gold.is_unwanted("corpus.jsonl#8", 0, 9)
    assert not gold.is_unwanted("corpus.jsonl#8", 0, 8)
    assert not gold.is_unwanted("甲.txt", 8, 10)
    _, (reason,) = gold_of(Case("q", "？", answerable=None, unwanted=(gone,)), assistant)
    assert 'none of the places under "not"' in reason
