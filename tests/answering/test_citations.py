"""A quote is always exactly what stands at its span, and a mark is never quoted."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.citations import Chosen, cite, holds
from assistant.types import Document, Passage


def document(text: str) -> Document:
    return Document("a.txt", "标题", text, "0" * 64)


def test_a_sentence_that_a_mark_interrupts_is_one_sentence_with_two_citations() -> None:
    text = "粮食自给率##paidbegin##要达到100%。后文。"
    passage = Passage("a.txt", 0, len(text), ("一、总则",))
    sentences, citations = cite([Chosen(document(text), passage, 0, text.index("后"))])
    assert [s.text for s in sentences] == ["粮食自给率要达到100%。"]
    assert sentences[0].citations == (1, 2)
    assert [c.quote for c in citations] == ["粮食自给率", "要达到100%。"]
    assert all(holds(c, text) for c in citations)
    assert citations[0].heading == ("一、总则",)


def test_line_breaks_stay_in_the_quote_and_not_in_the_sentence() -> None:
    text = "The plan was adopted\n  in 2021."
    sentences, citations = cite([Chosen(document(text), Passage("a.txt", 0, len(text)), 0, len(text))])
    assert sentences[0].text == "The plan was adopted in 2021."
    assert citations[0].quote == text


@given(st.text(alphabet="文字 。\n#pab<!->", max_size=60), st.data())
def test_quotes_equal_their_spans_and_numbers_count_up(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    chosen = [Chosen(document(text), Passage("a.txt", 0, len(text)), start, end)] * 2
    sentences, citations = cite(chosen)
    assert all(holds(citation, text) for citation in citations)
    assert [citation.number for citation in citations] == list(range(1, len(citations) + 1))
    assert [n for sentence in sentences for n in sentence.citations] == [c.number for c in citations]


def test_a_changed_text_no_longer_holds_the_quote() -> None:
    text = "第一条 内容。"
    _, citations = cite([Chosen(document(text), Passage("a.txt", 0, len(text)), 0, len(text))])
    assert not holds(citations[0], "第二条 内容。")
