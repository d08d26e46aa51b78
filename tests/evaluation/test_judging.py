"""One case judged: its place in the library, its rankings, its citations."""

from dataclasses import replace

import pytest

from assistant.evaluation.judging import Gold, judge, locate, put, ranking_of
from assistant.evaluation.questions import Case
from assistant.types import Hit, Passage
from tests.evaluation.fake_assistant import FakeAssistant

TEXTS = {
    "甲.txt": "粮食自给率达到一百\n涉密人员签订保密承诺书\n签订保密承诺书以后",
    "corpus.jsonl#7": "The Normans lived in Normandy.",
    "corpus.jsonl#8": "国家安全的基础是人民",
}


@pytest.fixture
def assistant():
    return FakeAssistant(texts=dict(TEXTS))


def gold_of(case, assistant):
    found, problems = locate([case], assistant)
    return found[case.id], [problem.reason for problem in problems]


def test_passage_ids_name_documents_with_or_without_their_corpus(assistant):
    case = Case("q", "谁？", passage_ids=("7", "corpus.jsonl#8", "甲.txt"))
    assert gold_of(case, assistant) == (Gold(frozenset(TEXTS)), [])


def test_a_quote_is_found_wherever_it_stands(assistant):
    everywhere, _ = gold_of(Case("q", "签什么？", quote="签订保密承诺书"), assistant)
    assert everywhere == Gold(frozenset({"甲.txt"}), (("甲.txt", 14, 21), ("甲.txt", 22, 29)), spanned=True)
    assert all(TEXTS[name][start:end] == "签订保密承诺书" for name, start, end in everywhere.spans)
    one, _ = gold_of(Case("q", "签什么？", document="甲.txt", start=22, end=29, quote="签订保密承诺书"), assistant)
    assert one.spans == (("甲.txt", 22, 29),)


def test_a_span_that_the_text_has_outgrown_is_found_again_by_its_quote(assistant):
    gold, problems = gold_of(Case("q", "？", document="甲.txt", start=0, end=5, quote="自给率达到"), assistant)
    assert gold.spans == (("甲.txt", 2, 7),)
    assert problems == []


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (Case("q", "谁负责？", passage_ids=("9",)), "“9”"),
        (Case("q", "谁负责？", quote="不在任何文本里"), "不在任何文本里"),
        (Case("q", "谁负责？", document="乙.txt", quote="人民"), "乙.txt"),
        (Case("q", "谁负责？", document="甲.txt", start=1, end=999), "span 1 to 999"),
    ],
)
def test_a_place_the_library_does_not_hold_is_a_problem_and_counts_as_missed(assistant, case, said):
    gold, problems = gold_of(case, assistant)
    assert any(said in problem for problem in problems)
    outcome = put(case, gold, assistant)
    assert {measure for leg in outcome.retrieval.values() for measure in leg.values()} == {0}


def hit(document, start):
    return Hit(Passage(document, start, start + 10), "", "", 1.0, None, None)


def test_documents_are_ranked_by_their_first_passage():
    ranking, gold = ranking_of([hit("乙", 0), hit("甲", 0), hit("乙", 10), hit("丙", 0)], Gold(frozenset({"丙"})))
    assert ranking == ["乙", "甲", "丙"]
    assert gold == {"丙"}


def test_with_a_span_passages_are_ranked_and_its_places_count_once():
    gold = Gold(frozenset({"甲"}), (("甲", 12, 15), ("甲", 25, 26)), spanned=True)
    ranking, names = ranking_of([hit("甲", 0), hit("甲", 10), hit("甲", 20), hit("乙", 10)], gold)
    assert [name in names for name in ranking] == [False, True, False]
    assert len(names) == 1


def test_an_answer_is_judged_by_words_place_and_ranking(assistant):
    case = Case("q", "涉密人员签订？", answers=("保密承诺书",), quote="涉密人员签订保密承诺书")
    outcome = put(case, gold_of(case, assistant)[0], assistant)
    assert outcome.answered
    assert outcome.decisive_holds
    assert outcome.shown_holds
    assert outcome.best_on_gold_span
    assert (outcome.quotes_equal, outcome.on_gold_document, outcome.on_gold_span) == (1, 1, 1)
    assert outcome.closeness["character_f1"] == pytest.approx(2 * (5 / 11) / (5 / 11 + 1))
    assert outcome.retrieval["fused"]["hit_at_1"] == outcome.retrieval["dense"]["hit_at_1"] == 1
    assert outcome.retrieval["keyword"]["hit_at_1"] == 0  # the fake ranks that leg backwards
    assert outcome.retrieval["keyword"]["mrr_at_10"] == pytest.approx(1 / 5)


def test_what_nobody_knows_is_not_judged(assistant):
    unknown = put(Case("q", "国家安全的基础？", answers=("人民",)), Gold(), assistant)
    assert unknown.decisive_holds
    assert (unknown.on_gold_document, unknown.best_on_gold_span, unknown.retrieval) == (None, None, {})
    place_only = put(Case("q", "国家安全的基础？", passage_ids=("8",)), Gold(frozenset({"corpus.jsonl#8"})), assistant)
    assert (place_only.decisive_holds, place_only.closeness, place_only.on_gold_document) == (None, {}, 1)
    unanswerable = put(Case("q", "国家安全的基础？", answerable=False), Gold(), assistant)
    assert (unanswerable.decisive_holds, unanswerable.on_gold_document, unanswerable.retrieval) == (None, None, {})


def test_a_refusal_of_an_answerable_question_misses_on_every_count(assistant):
    case = Case("q", "什么完全不同呢？", answers=("人民",), quote="国家安全的基础是人民")
    outcome = put(case, gold_of(case, assistant)[0], assistant)
    assert not outcome.answered
    assert (outcome.decisive_holds, outcome.shown_holds, outcome.best_on_gold_span) == (False, False, False)
    assert outcome.quotes == ()


def test_a_quote_that_differs_from_its_span_is_counted(assistant):
    case = Case("q", "国家安全的基础？", answers=("人民",))
    answer = assistant.ask(case.question)
    (citation,) = answer.citations
    wrong = (citation, replace(citation, start=1), replace(citation, document="gone.txt"))
    outcome = judge(case, Gold(), replace(answer, citations=wrong), assistant, 1.0, {})
    assert (outcome.quotes_equal, len(outcome.quotes)) == (1, 3)
