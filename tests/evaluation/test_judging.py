"""One case judged: its place in the library, its rankings, its citations."""

from dataclasses import replace

import pytest

from assistant.evaluation.judging import judge, put, ranking_of
from assistant.evaluation.places import Gold, locate
from assistant.evaluation.questions import Case, Quoted
from assistant.types import Answer, Citation, Hit, IndexState, Passage, Sentence
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
    return locate([case], assistant)[0][case.id]


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
    outcome = put(case, gold_of(case, assistant), assistant)
    assert outcome.answered
    assert outcome.decisive_holds
    assert outcome.shown_holds
    assert outcome.best_on_gold_span
    (cited,) = outcome.cited
    assert (cited.equal, cited.on_gold_document, cited.on_gold_sentence, outcome.gold_cited) == (True, True, True, 1)
    assert outcome.right
    assert outcome.closeness["character_f1"] == pytest.approx(2 * (5 / 11) / (5 / 11 + 1))
    assert outcome.retrieval["fused"]["hit_at_1"] == outcome.retrieval["dense"]["hit_at_1"] == 1
    assert outcome.retrieval["keyword"]["hit_at_1"] == 0  # the fake ranks that leg backwards
    assert outcome.retrieval["keyword"]["mrr_at_10"] == pytest.approx(1 / 5)


def test_what_nobody_knows_is_not_judged(assistant):
    unknown = put(Case("q", "国家安全的基础？", answers=("人民",)), Gold(), assistant)
    assert unknown.decisive_holds
    assert (unknown.cited[0].on_gold_document, unknown.best_on_gold_span, unknown.retrieval) == (None, None, {})
    assert (unknown.cited[0].on_gold_sentence, unknown.gold_cited) == (None, None)
    place_only = put(Case("q", "国家安全的基础？", passage_ids=("8",)), Gold(frozenset({"corpus.jsonl#8"})), assistant)
    assert (place_only.decisive_holds, place_only.closeness, place_only.cited[0].on_gold_document) == (None, {}, True)
    unanswerable = put(Case("q", "国家安全的基础？", answerable=False), Gold(), assistant)
    assert (unanswerable.decisive_holds, unanswerable.retrieval, unanswerable.closeness) == (None, {}, {})
    assert unanswerable.cited[0].on_gold_document is None


@pytest.mark.parametrize(
    ("case", "right"),
    [
        (Case("q", "国家安全的基础？", answers=("人民",), quote="粮食自给率"), True),  # its words decide
        (Case("q", "国家安全的基础？", answers=("军队",), quote="人民"), False),
        (Case("q", "国家安全的基础？", quote="基础是人民"), True),  # without words its place
        (Case("q", "国家安全的基础？", quote="粮食自给率", document="甲.txt"), False),
        (Case("q", "国家安全的基础？", passage_ids=("8",)), True),  # without a span its document
        (Case("q", "国家安全的基础？", passage_ids=("7",)), False),
        (Case("q", "国家安全的基础？", answerable=False), False),  # nothing can be right
    ],
)
def test_an_answer_is_right_by_the_most_that_is_known(assistant, case, right):
    assert put(case, gold_of(case, assistant), assistant).right is right


def test_what_a_refusal_kept_back_is_judged_but_counts_as_a_refusal(assistant):
    case = Case("q", "国家的什么完全不同呢？", answers=("人民",), quote="国家安全的基础是人民")
    outcome = put(case, gold_of(case, assistant), assistant)
    assert (outcome.answered, outcome.sentences, outcome.decisive_holds) == (False, (), False)
    assert (outcome.withheld, outcome.right) == ("国家安全的基础是人民", True)
    assert assistant.settings.threshold is None  # the Assistant that is measured is not changed
    assert put(Case("q", "月亮有多远呢？", answerable=False), Gold(), assistant).withheld == ""


def test_closeness_is_measured_as_the_language_has_it(assistant):
    chinese = put(Case("q", "国家安全的基础？", quote="国家安全的基础是人民。"), Gold(), assistant)
    assert chinese.closeness == {"exact_match": 1, "character_f1": 1}  # against the quote where no answer is given
    english = put(Case("q", "Where did the Normans live in?", answers=("in Normandy",)), Gold(), assistant)
    # normans / lived / in / normandy: 2 of 4, and 2 of 2
    assert english.closeness == {"word_exact_match": 0, "word_f1": pytest.approx(2 / 3)}


def test_a_refusal_of_an_answerable_question_misses_on_every_count(assistant):
    case = Case("q", "什么完全不同呢？", answers=("人民",), quote="国家安全的基础是人民")
    outcome = put(case, gold_of(case, assistant), assistant)
    assert not outcome.answered
    assert (outcome.decisive_holds, outcome.shown_holds, outcome.best_on_gold_span) == (False, False, False)
    assert (outcome.cited, outcome.gold_cited) == ((), 0)


def test_a_quote_that_differs_from_its_span_is_counted(assistant):
    case = Case("q", "国家安全的基础？", answers=("人民",))
    answer = assistant.ask(case.question)
    (citation,) = answer.citations
    wrong = (citation, replace(citation, start=1), replace(citation, document="gone.txt"))
    outcome = judge(case, Gold(), replace(answer, citations=wrong), assistant, 1.0, {})
    assert [cited.equal for cited in outcome.cited] == [True, False, False]


def answered(assistant, pieces):
    """An answer with a sentence for each (text, answer or "", item), all from one document that is their texts."""
    assistant.texts["乙.txt"] = "".join(text for text, _, _ in pieces)
    sentences, citations, start = [], [], 0
    for number, (text, marked, item) in enumerate(pieces, start=1):
        at = start + text.index(marked)
        spans = ((at, at + len(marked)),) if marked else ()
        citations.append(Citation(number, "乙.txt", "", (), None, start, start + len(text), text, spans))
        sentences.append(Sentence(text, (number,), item))
        start += len(text)
    return Answer("问", tuple(sentences), tuple(citations), (), 0.9, None, IndexState(1, "", stale=False))


def test_what_is_marked_is_judged_and_else_the_sentence(assistant):
    case = Case("q", "何时施行？", answers=("2021年",))
    marked = judge(case, Gold(), answered(assistant, [("自2021年起施行。", "2021年", False)]), assistant, 1.0, {})
    assert marked.closeness == {"exact_match": 1, "character_f1": 1}
    plain = judge(case, Gold(), answered(assistant, [("自2021年起施行。", "", False)]), assistant, 1.0, {})
    assert plain.closeness["exact_match"] == 0
    assert 0 < plain.closeness["character_f1"] < 1
    other = [("见办法。", "", False), ("自2021年起施行。", "2021年", False)]  # only the first sentence is judged
    assert judge(case, Gold(), answered(assistant, other), assistant, 1.0, {}).closeness["exact_match"] == 0


def test_a_list_counts_as_the_sentence_that_begins_it(assistant):
    case = Case("q", "有哪些措施？", answers=("演练",))
    pieces = [("措施如下：", "", False), ("一是检查；", "", True), ("二是演练。", "", True), ("此外督办。", "", False)]
    gold = Gold(frozenset({"乙.txt"}), (("乙.txt", 12, 14),), spanned=True)
    outcome = judge(case, gold, answered(assistant, pieces), assistant, 1.0, {})
    assert outcome.decisive_holds
    assert outcome.right
    assert outcome.best_on_gold_span
    after = [(text, marked, False) for text, marked, _ in pieces]
    outcome = judge(case, gold, answered(assistant, after), assistant, 1.0, {})
    assert (outcome.decisive_holds, outcome.right, outcome.best_on_gold_span) == (False, False, False)
    assert outcome.shown_holds


REJECTED = Quoted("corpus.jsonl#8", "国家安全的基础是人民")


def test_a_rejected_place_is_seen_in_the_first_sentence_and_says_nothing_else(assistant):
    case = Case("q", "国家安全的基础？", answerable=None, unwanted=(REJECTED,))
    outcome = put(case, gold_of(case, assistant), assistant)
    assert outcome.answered
    assert outcome.unwanted_cited is True
    assert (outcome.right, outcome.retrieval, outcome.withheld, outcome.gold_cited) == (None, {}, "", None)
    other = Case("q", "粮食自给率达到多少？", answerable=None, unwanted=(REJECTED,))
    assert put(other, gold_of(other, assistant), assistant).unwanted_cited is False
    refused = Case("q", "月亮离太阳多远？", answerable=None, unwanted=(REJECTED,))
    outcome = put(refused, gold_of(refused, assistant), assistant)
    assert (outcome.answered, outcome.unwanted_cited) == (False, False)
    assert put(replace(case, unwanted=()), Gold(), assistant).unwanted_cited is None


def test_a_rejected_place_behind_a_later_sentence_does_no_harm(assistant):
    case = Case("q", "？", answerable=None, unwanted=(REJECTED,))
    citations = (
        Citation(1, "甲.txt", "", (), None, 0, 9, "粮食自给率达到一百"),
        Citation(2, "corpus.jsonl#8", "", (), None, 0, 10, "国家安全的基础是人民"),
    )
    state = IndexState(1, "", stale=False)
    answer = Answer("？", (Sentence("一", (1,)), Sentence("二", (2,))), citations, (), 0.9, None, state)
    assert judge(case, gold_of(case, assistant), answer, assistant, 1.0, {}).unwanted_cited is False
    first = replace(answer, sentences=answer.sentences[::-1])
    assert judge(case, gold_of(case, assistant), first, assistant, 1.0, {}).unwanted_cited is True


def test_any_answer_is_judged_as_one_where_nothing_else_is_wanted(assistant):
    outcome = put(Case("q", "国家安全的基础？"), Gold(), assistant)
    assert (outcome.answered, outcome.right, outcome.retrieval) == (True, None, {})


def test_a_case_kept_to_some_places_is_asked_there(assistant, monkeypatch):
    seen = []
    plain = {name: getattr(type(assistant), name) for name in ("ask", "search")}

    def spy(name):
        def call(self, question, *, within=(), **how):
            seen.append((name, within))
            return plain[name](self, question, **how)

        return call

    for name in plain:
        monkeypatch.setattr(type(assistant), name, spy(name))
    case = Case("q", "月亮离太阳多远？", answers=("三",), document="甲.txt", within=("甲.txt",))
    put(case, gold_of(case, assistant), assistant)
    assert [name for name, _ in seen if name == "ask"] == ["ask", "ask"]  # and what a refusal kept back
    assert {within for name, within in seen if name == "ask"} == {("甲.txt",)}
    seen.clear()
    put(replace(case, within=()), gold_of(case, assistant), assistant)
    assert {within for _, within in seen} == {()}
