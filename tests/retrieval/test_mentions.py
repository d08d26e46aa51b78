"""Every mention: whatever the texts hold literally is found, all of it, and in its place."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.config import SAMPLE_LIBRARY
from assistant.errors import QuestionError
from assistant.text.normal import CJK
from assistant.types import Document
from tests.index.library import TEXTS, make_assistant, write

SHARED = Path(__file__).parents[3] / "shared"
MANY = {
    "第十二条.txt": "管理办法\n\n第十二条 应当在三十日内办理。\n\n第十三条 依照第 12 条办理，期限为30日。\n",
    "wrapped.txt": "Records\n\nThe officer keeps the re-\ncords. They said that AI helps; the paid ai drill is new.\n",
    "换行.txt": (
        "通知\n\n各地区各部门都要高度重视这一件事情，认真研究，周密部署，切实抓好粮食\n"
        "安全工作，因为它是国家的头等大事，关系到每一个家庭的生活，一刻也不能\n"
        "放松，更不能忘记。\n\n##paidbegin##粮食##paidend##安全的措施一一列明如下，请各地参照执行。\n"
    ),
}
PHRASE = re.compile(rf"[{CJK}，。、；：“”（）《》]+")


def made(tmp_path: Path, texts: dict[str, str]) -> Assistant:
    write(tmp_path / "texts", texts)
    assistant = make_assistant(tmp_path)
    assistant.update()
    return assistant


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return made(tmp_path_factory.mktemp("library"), {**TEXTS, **MANY})


def quotes(assistant: Assistant, words: str) -> dict[str, list[str]]:
    """What the documents hold at the spans of the mentions."""
    found = assistant.mentions(words)
    return {
        one.document: [assistant.document(one.document).text[a:b] for m in one.mentions for a, b in m.spans]
        for one in found.documents
    }


def test_a_number_is_found_in_whatever_way_it_is_written(assistant: Assistant) -> None:
    for words in ("第12条", "第十二条"):
        assert quotes(assistant, words) == {"第十二条.txt": ["第十二条", "第 12 条"]}
    for words in ("三十日", "30日"):
        assert quotes(assistant, words) == {"第十二条.txt": ["三十日", "30日"]}


def test_what_only_a_heading_says_belongs_to_the_passage_under_it(assistant: Assistant) -> None:
    (found,) = assistant.mentions("总体要求").documents
    (mention,) = found.mentions
    assert mention.passage.heading == ("一、总体要求",)
    assert "总体要求" not in mention.text
    assert quotes(assistant, "总体要求") == {"粮食.txt": ["总体要求"]}


def test_line_breaks_and_marks_part_no_words(assistant: Assistant) -> None:
    assert quotes(assistant, "粮食安全")["换行.txt"] == ["粮食\n安全", "粮食##paidend##安全"]
    assert quotes(assistant, "不能放松") == {"换行.txt": ["不能\n放松"]}


def test_words_of_letters_are_whole(assistant: Assistant) -> None:
    assert quotes(assistant, "ai") == {"wrapped.txt": ["AI", "ai"]}
    assert quotes(assistant, '"Fire Drill"') == {"safety.txt": ["fire drill"]}


def test_all_words_have_to_be_held_and_quoted_ones_together(assistant: Assistant) -> None:
    both = assistant.mentions("自给率 耕地")
    assert both.words == ("自给率", "耕地")
    assert both.passages == 1
    assert assistant.mentions("自给率 承诺书").passages == 0
    assert assistant.mentions("“自给率 耕地”").passages == 0
    with pytest.raises(QuestionError, match="no words"):
        assistant.mentions("“。”")


def test_one_character_is_enough(assistant: Assistant) -> None:
    assert quotes(assistant, "耕") == {"粮食.txt": ["耕"]}
    assert quotes(assistant, "一一") == {"换行.txt": ["一一"]}


def test_nothing_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.index.snapshot._READ", 7)
    monkeypatch.setattr("assistant.retrieval.mentions._READ", 50)
    lines = "".join(f"第{number}段说的是粮食安全。\n\n" for number in range(150))
    assistant = made(tmp_path, {"长.txt": lines, "短.txt": "粮食安全。\n\n别的事情。\n"})
    found = assistant.mentions("粮食安全")
    assert found.passages == 151
    assert {one.document: len(one.mentions) for one in found.documents} == {"长.txt": 150, "短.txt": 1}
    places = [mention.passage.start for one in found.documents for mention in one.mentions if one.document == "长.txt"]
    assert places == sorted(places)
    assert assistant.mentions("粮食安全", within=["短.txt"]).passages == 1


def occurrences(assistant: Assistant, document: Document, phrase: str) -> set[tuple[int, int]]:
    """Where a text holds a phrase, found by reading it; not where it goes on from one passage to the next."""
    snapshot = assistant.snapshot()
    stored = snapshot.passages(snapshot.keywords.passages()).values()
    spans = [(one.passage.start, one.passage.end) for one in stored if one.passage.document == document.id]
    edges = {edge for span in spans for edge in span}
    found = {
        (match.start(), match.start() + len(phrase)) for match in re.finditer(f"(?={re.escape(phrase)})", document.text)
    }
    return {(start, end) for start, end in found if not any(start < edge < end for edge in edges)}


class Phrases:
    """A library, and phrases cut from its texts at random."""

    def __init__(self, library: Path, tmp_path: Path) -> None:
        self.assistant = make_assistant(tmp_path, library=library)
        self.assistant.update()
        self.documents = [self.assistant.document(info.id) for info in self.assistant.documents()]
        self.runs = [match[0] for document in self.documents for match in PHRASE.finditer(document.text)]

    def check(self, phrase: str) -> None:
        found = self.assistant.mentions(f'"{phrase}"')
        spans = {(one.document, span) for one in found.documents for m in one.mentions for span in m.spans}
        for document in self.documents:
            for start, end in occurrences(self.assistant, document, phrase):
                assert any(name == document.id and left <= start and end <= right for name, (left, right) in spans), (
                    f"{phrase} at {start} of {document.id}"
                )

    def check_search(self, phrase: str) -> None:
        """The keyword leg, too, returns every passage that holds the phrase."""
        snapshot = self.assistant.snapshot()
        tokens = self.assistant._tokens.question(phrase)
        ids = {passage for passage, _ in snapshot.keywords.search(tokens, len(snapshot.keywords))}
        found = {one.passage for one in snapshot.passages(ids).values()}
        for one in self.assistant.mentions(f'"{phrase}"').documents:
            for mention in one.mentions:
                if phrase in mention.text:
                    assert mention.passage in found, phrase


def libraries() -> list[Path]:
    return [SAMPLE_LIBRARY, SHARED / "seeds", SHARED / "evaluation" / "files"]


@pytest.fixture(scope="module", params=libraries(), ids=lambda path: path.name)
def phrases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Phrases:
    if not request.param.is_dir():
        pytest.skip(f"the evaluation data is not at {SHARED.name} beside the checkout")
    return Phrases(request.param, tmp_path_factory.mktemp("phrases"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_phrase_of_the_texts_is_found(phrases: Phrases, data: st.DataObject) -> None:
    run = data.draw(st.sampled_from([run for run in phrases.runs if len(run) > 1]))
    start = data.draw(st.integers(0, len(run) - 2))
    phrase = run[start : data.draw(st.integers(start + 2, min(len(run), start + 20)))]
    if not any(character.isalnum() for character in phrase):
        return
    phrases.check(phrase)
    phrases.check_search(phrase)


def test_mentions_are_in_the_order_of_the_texts(assistant: Assistant) -> None:
    found = assistant.mentions("的")
    assert [one.document for one in found.documents] == sorted(one.document for one in found.documents)
    for one in found.documents:
        assert all(a.passage.start < b.passage.start for a, b in pairwise(one.mentions))
        assert all(a[1] <= b[0] for m in one.mentions for a, b in pairwise(m.spans))
