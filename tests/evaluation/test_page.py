"""The report page: whole HTML that loads nothing, shows what went wrong, and takes nothing from a text for markup."""

import re
from html.parser import HTMLParser

import pytest

from assistant.evaluation import plots
from assistant.evaluation.comparison import compare
from assistant.evaluation.page import page
from assistant.evaluation.questions import Case, Quoted
from assistant.evaluation.results import entry, results_of
from assistant.evaluation.run import evaluate
from tests.evaluation.fake_assistant import FakeAssistant

HOSTILE = "</bdi></style><script>alert(1)</script><img src=http://x.test/y onerror=a()>&\"'\x00\x1b\u202e"
TEXTS = {"甲.txt": "粮食自给率达到一百\n涉密人员签订保密承诺书", "乙.txt": "国家安全的基础是人民"}
CASES = (
    Case("1", "粮食自给率达到多少", answers=("一百",), document="甲.txt", start=0, end=9),
    Case("2", "国家安全的基础", answers=("军队",), document="乙.txt"),  # answered wrong
    Case("3", "何时何地何故公布", answers=("去年",), document="甲.txt"),  # refused
    Case("4", "保密承诺书第几条", answerable=False, asked_of="甲.txt", kind="adversarial"),  # answered
    Case("5", "月亮离太阳多远", answerable=False, kind="random"),  # refused, rightly
)
VOID = {"meta", "line", "rect", "circle", "polyline", "br"}


class Tree(HTMLParser):
    """Elements, and whether each is closed in its turn."""

    def __init__(self, markup):
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], [], [], []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def results(cases=CASES, texts=TEXTS, name="own"):
    assistant = FakeAssistant(texts=dict(texts))
    return results_of({name: entry(evaluate(assistant, cases), assistant)})


def test_the_page_is_whole_and_loads_nothing():
    tree = Tree(page(results()))
    assert not {"script", "img", "link", "iframe", "a", "object"} & set(tree.tags)
    assert not {"src", "href", "onclick"} & {name for name, _ in tree.attributes}
    assert not re.search(r"url\(|@import|https?:", page(results()))
    assert ("http-equiv", "Content-Security-Policy") in tree.attributes
    assert tree.tags.count("svg") == 4  # search, risk–coverage, and the confidence twice


def test_what_went_wrong_is_shown_with_what_was_cited_instead():
    words = " ".join(Tree(page(results())).words)
    assert "Answered wrong: 1" in words
    assert re.search(r"国家安全的基础 .*军队.*Cited instead 国家安全的基础是人民", words)
    assert "Answered although the texts do not say: 1" in words
    assert "It seems to stand in 甲.txt" in words
    assert "Refused although the texts say it: 1" in words
    assert "5 questions, 3 of them answerable, asked of 2 documents (2 passages)" in words
    assert "月亮离太阳多远" not in words  # nothing is wrong there


def test_texts_questions_and_names_are_never_markup():
    bad = f"粮食{HOSTILE}"
    cases = (
        Case(HOSTILE, f"{bad}？", answers=(HOSTILE,), document=HOSTILE, line=1),
        Case("2", bad, answerable=False, asked_of=HOSTILE, kind="adversarial", line=2),
        Case("3", "月亮离太阳多远", quote=HOSTILE, passage_ids=(HOSTILE,), line=3),
    )
    before = results(cases, {bad: "月亮"}, HOSTILE)
    after = results(cases, {bad: bad, "乙": HOSTILE}, HOSTILE)
    after["sets"][HOSTILE]["settings"]["model"] = HOSTILE
    markup = page(after, compare(before, after))
    tree = Tree(markup)
    assert not {"script", "img"} & set(tree.tags)
    assert "onerror" not in {name for name, _ in tree.attributes}
    assert not re.search("[\x00\x1b\u202e]", markup)
    assert "<script>alert(1)</script>" in "".join(tree.words)  # shown as what it is
    assert "Settings that differ" in markup


def test_a_comparison_names_the_questions_that_moved():
    before = results(texts={**TEXTS, "乙.txt": "国家安全的基础是军队"})
    words = " ".join(Tree(page(results(), compare(before, results()))).words)
    assert "Got worse: 1" in words
    assert "right → wrong 国家安全的基础" in words
    assert "\N{MINUS SIGN}0.333" in words
    assert "Since 20" in words


def test_problems_are_shown():
    words = " ".join(Tree(page(results((*CASES, Case("6", "谁？", passage_ids=("9",), line=6))))).words)
    assert "1 to mend in the questions file" in words
    assert "line 6 (6): The library has no document “9”" in words


@pytest.mark.parametrize("cases", [CASES[:1], CASES[4:], (Case("q", "？？", answerable=False),)])
def test_a_page_of_very_little_is_whole(cases):
    Tree(page(results(cases)))


def test_a_share_is_shown_with_how_far_it_is_known():
    words = " ".join(Tree(page(results())).words)
    assert "33.3%" in words
    assert "6% to 79% is likely, from 3 questions" in words  # Wilson, 1 of 3


def test_almost_all_quotes_equal_is_not_called_all():
    found = results()
    found["sets"]["own"]["figures"]["citations.equal"] = 0.99999
    assert "99.99%" in page(found)


def test_a_long_curve_is_thinned_and_keeps_its_end():
    points = [{"threshold": 1 - i / 5000, "coverage": (i + 1) / 5000, "risk": i / 10000} for i in range(5000)]
    drawn = plots.risk_coverage(points, (0.5, 0.25), 0.5)
    (line,) = re.findall(r'points="([^"]+)"', drawn)
    assert len(line.split()) <= 401
    assert line.split()[-1].startswith(f"{plots.WIDTH - 14:.1f},")
    assert "50.0% answered, 25.0% of these wrong" in drawn


@pytest.mark.parametrize(("highest", "ceiling"), [(0, "8%"), (0.08, "8%"), (0.081, "20%"), (0.61, "80%"), (1, "100%")])
def test_the_axis_of_the_risk_ends_above_the_highest_in_whole_percents(highest, ceiling):
    drawn = plots.risk_coverage([{"threshold": 0.5, "coverage": 1.0, "risk": highest}], None, 0.5)
    ticks = re.findall(r'text-anchor="end">([^<]+)<', drawn)
    assert (ticks[0], ticks[-1], len(ticks)) == ("0%", ceiling, 5)


def test_every_bar_is_as_long_as_its_value():
    drawn = plots.bars({"hit@1": {"dense": 0.5, "keyword": 0.25, "fused": 1.0}}, ("dense", "keyword", "fused"))
    widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', drawn)]
    assert [width / widths[2] for width in widths] == pytest.approx([0.5, 0.25, 1])


def test_places_that_are_right_or_rejected_are_shown_as_such():
    rejected, also = Quoted("乙.txt", "国家安全的基础是人民"), Quoted("甲.txt", "<b>粮食</b>")
    cases = (
        Case("6", "国家安全的基础", answerable=None, unwanted=(rejected,)),
        Case("7", "国家安全的基础", document="甲.txt", quote="粮食", also=(also,)),
        Case("8", "何时何地何故公布"),
    )
    words = " ".join(Tree(page(results((*CASES, *cases)))).words)
    assert "rejected places not cited" in words
    assert "乙.txt · does not answer" in words
    assert "<b>粮食</b>" in words
    assert "Any answer." in words
