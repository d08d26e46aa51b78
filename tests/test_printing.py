"""How an answer is told in a terminal: what was asked for is underlined, items are a list, differences are said."""

import pytest
from rich.console import Console

from assistant import printing
from assistant.types import Answer, Citation, IndexState, Mentions, Sentence, Value


def told(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The text, and the text with the terminal's styles."""
    texts = []
    for styled in (False, True):
        out = Console(
            highlight=False, soft_wrap=True, force_terminal=styled, color_system="standard" if styled else None
        )
        monkeypatch.setattr(printing, "out", out)
        with out.capture() as captured:
            printing.answer(answer)
        texts.append(captured.get())
    return texts[0], texts[1]


def answer(*pieces: tuple[str, bool], **changes: object) -> Answer:
    """Each piece is a sentence of its own, True for an item."""
    citations = tuple(
        Citation(number, "a.txt", "办法", (), None, 0, len(text), text) for number, (text, _) in enumerate(pieces, 1)
    )
    sentences = tuple(Sentence(text, (number,), item) for number, (text, item) in enumerate(pieces, 1))
    values = {"sentences": sentences, "citations": citations, **changes}
    return Answer("问", hits=(), confidence=0.9, refusal=None, index=IndexState(1, "", stale=False), **values)  # type: ignore[arg-type]


def test_items_are_indented_and_have_a_bullet_where_they_have_no_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, _ = told(answer(("措施：", False), ("一是检查；", True), ("督办。", True)), monkeypatch)
    assert plain.startswith("措施： [1]\n  一是检查； [2]\n  • 督办。 [3]\n")


def test_what_was_asked_for_is_underlined(monkeypatch: pytest.MonkeyPatch) -> None:
    quote = "罚款\n500元。"
    citation = Citation(1, "a.txt", "办法", (), None, 20, 20 + len(quote), quote, ((23, 27),))
    plain, styled = told(answer(sentences=(Sentence("罚款 500元。", (1,)),), citations=(citation,)), monkeypatch)
    assert plain.startswith("罚款 500元。 [1]\n")
    assert "\x1b[1;4m500元\x1b[0m" in styled


def test_values_that_differ_are_told_with_their_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    values = (Value("300元", 1, "2025-01-06"), Value("100元", 2, None))
    plain, _ = told(answer(("押金300元。", False), ("押金100元。", False), differing=values), monkeypatch)
    assert "The texts differ on this, the newest first: 300元 (2025-01-06) [1]; 100元 (undated) [2]\n" in plain
    assert "differ" not in told(answer(("押金300元。", False)), monkeypatch)[0]


@pytest.mark.parametrize("words", ["[/x]", "[bold]"])
def test_words_that_are_mentioned_nowhere_are_no_markup(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, _ = told(answer(mentions=Mentions((words,), ())), monkeypatch)
    assert words in plain
