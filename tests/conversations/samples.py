"""Answers to keep: a few by hand, and any that the types allow."""

from typing import Any

from hypothesis import strategies as st

from assistant.conversations.turns import NewTurn
from assistant.types import (
    Answer,
    Citation,
    DocumentMentions,
    Hit,
    IndexState,
    Mention,
    Mentions,
    Passage,
    Refusal,
    Sentence,
    Value,
    Window,
)

STATE = IndexState(3, "2026-03-01T14:05:00+08:00", stale=False)
HOSTILE = (
    "<script>window.pwned=1</script> ${x} {{y}} ![leak](http://leak.example/a.png) [go](javascript:alert(1)) "
    "`code` **bold** _it_ <!-- | a | b | $$x$$ www.leak.example a@leak.example http://leak.example/ ~~gone~~ "
    "&lt;b&gt; \u202egnp.exe\u202c \" onmouseover='x' \x00\x07 \ud800"
)


def cited(
    question: str = "中央储备粮每年轮换多少？", quote: str = "每年轮换的数量一般为储备总量的百分之二十至三十。"
) -> Answer:
    first = Citation(1, "粮食/办法.md", "储备粮管理办法", ("第三章 轮换", "第十二条"), 4, 10, 10 + len(quote), quote)
    second = Citation(2, "safety.txt", "Fire drills", (), None, 0, 20, "Twice a year, at 9h.", ((0, 5),))
    sentences = (Sentence(quote, (1,)), Sentence("Twice a year, at 9h.", (2,), item=True))
    hit = Hit(
        Passage("粮食/办法.md", 0, 60, ("第三章 轮换",), 4),
        "储备粮管理办法",
        quote,
        1.5,
        2.0,
        None,
        ("轮换",),
        Window(1, 9),
    )
    return Answer(question, sentences, (first, second), (hit,), 0.9, None, STATE, {"total": 12.5})


def refused(question: str = "火星上有什么？") -> Answer:
    return Answer(question, (), (), (), 0.1, Refusal("文本中没有找到这个问题的答案。", ("火星",)), STATE)


def listing(question: str = "提到“轮换”的段落") -> Answer:
    one = Mention(Passage("粮食/办法.md", 0, 8, ("第三章",), 2), "轮换计划由企业提出", ((0, 2),))
    mentions = Mentions(("轮换",), (DocumentMentions("粮食/办法.md", "储备粮管理办法", (one,)),))
    return Answer(question, (), (), (), 1.0, None, STATE, mentions=mentions)


def turn(question: str = "中央储备粮每年轮换多少？", **changes: Any) -> NewTurn:
    return NewTurn(question, cited(question), digests={"粮食/办法.md": "ab" * 32}, **changes)


# Any characters: lone surrogates, NUL, and a few that mean something to what reads the text.
TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "粮食安全第十二条百分之三\ud800\udfff\x00\x1f\n\r\t\u202e\u2028\ufffe<>&\"'[](){}*_`#|\\$~.:/@!-=+1"
        ),
    ),
    max_size=60,
)
_WHOLE = st.integers(-(10**20), 10**20)
_NUMBER = st.floats(allow_nan=False)


def _some(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


_SPAN = st.tuples(_WHOLE, _WHOLE)
_PASSAGE = st.builds(Passage, TEXT, _WHOLE, _WHOLE, _some(TEXT), st.none() | _WHOLE)
_HIT = st.builds(
    Hit, _PASSAGE, TEXT, TEXT, _NUMBER, st.none() | _NUMBER, st.none() | _NUMBER, _some(TEXT),
    st.none() | st.builds(Window, _WHOLE, _WHOLE),
)  # fmt: skip
_CITATION = st.builds(
    Citation, st.integers(1, 6), TEXT, TEXT, _some(TEXT), st.none() | _WHOLE, _WHOLE, _WHOLE, TEXT, _some(_SPAN)
)
_MENTION = st.builds(Mention, _PASSAGE, TEXT, _some(_SPAN))
_MENTIONS = st.builds(Mentions, _some(TEXT), _some(st.builds(DocumentMentions, TEXT, TEXT, _some(_MENTION))))
ANSWERS = st.builds(
    Answer,
    question=TEXT,
    sentences=_some(st.builds(Sentence, TEXT, _some(st.integers(0, 7)), st.booleans())),
    citations=_some(_CITATION),
    hits=_some(_HIT),
    confidence=_NUMBER,
    refusal=st.none() | st.builds(Refusal, TEXT, _some(TEXT)),
    index=st.builds(IndexState, _WHOLE, TEXT, st.booleans()),
    timings_ms=st.dictionaries(TEXT, _NUMBER, max_size=2),
    asked=TEXT,
    added=_some(TEXT),
    places=_some(TEXT),
    differing=_some(st.builds(Value, TEXT, st.integers(0, 7), st.none() | TEXT)),
    mentions=st.none() | _MENTIONS,
)
TURNS = st.builds(
    NewTurn, TEXT, st.none() | ANSWERS, st.none() | TEXT, _some(TEXT), TEXT, st.dictionaries(TEXT, TEXT, max_size=2)
)
