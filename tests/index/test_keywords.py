"""The keyword index: exact in what it holds, and made again, without embedding, when a library's own words change."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.errors import LibraryError
from assistant.index import keywords
from assistant.index.keywords import KeywordIndex
from assistant.text.dictionary import DICTIONARY_FILE
from assistant.text.tokens import QuestionTokens, Required, Term, Tokens, required
from assistant.types import Problem
from tests.fake_embedder import FakeEmbedder
from tests.index.library import CACHE, TEXTS, make_assistant, write

TOKENS = Tokens(CACHE)
PASSAGES = {
    1: "南京市长江大桥",
    2: "第十二条 应当在三十日内办理，占百分之三十。",
    3: "依照第12条，共30日，占30%。",
    5: "COVID-19疫情期间的有没有",
    8: "税收",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> KeywordIndex:
    folder = tmp_path_factory.mktemp("keywords")
    keywords.build(folder, TOKENS, PASSAGES.items())
    return KeywordIndex(folder, keywords.checksums(folder))


def found(index: KeywordIndex, question: str, **within: Any) -> list[int]:
    return sorted(passage for passage, _ in index.search(TOKENS.question(question), 10, **within))


@pytest.mark.parametrize(
    ("question", "passages"),
    [
        ("市长", [1]),  # whatever jieba makes of it
        ("京市长江", [1]),
        ("第12条", [2, 3]),
        ("第十二条", [2, 3]),
        ("三十日", [2, 3]),
        ("30%", [2, 3]),
        ("有没有", [5]),  # nothing but a word that asks
        ("的有", [5]),
        ("covid", [5]),
        ("税", [8]),  # no bigram of its own
        ("收", [8]),
    ],
)
def test_what_is_there_is_found(index: KeywordIndex, question: str, passages: list[int]) -> None:
    assert found(index, question) == passages


def test_the_same_number_counts_once_more_than_another(index: KeywordIndex) -> None:
    scores = dict(index.search(TOKENS.question("第12条"), 10))
    assert min(scores[2], scores[3]) > 1.0
    (term,) = TOKENS.question("第十二条").terms
    assert index.frequency(term) == 2
    (other,) = TOKENS.question("第二条").terms
    assert index.frequency(other) == 0


def test_a_filter_is_exact_and_no_match(index: KeywordIndex) -> None:
    assert found(index, "第12条", within=[(3, 9)]) == [3]
    assert found(index, "第12条", within=[]) == []
    everywhere = dict(index.search(TOKENS.question("第12条"), 10))
    (inside,) = index.search(TOKENS.question("第12条"), 10, within=[(2, 2)])
    assert inside == (2, pytest.approx(everywhere[2]))
    assert index.search(QuestionTokens((), (), ()), 10, within=[(1, 9)]) == []


def test_holding_takes_every_word_in_any_of_its_forms(index: KeywordIndex) -> None:
    assert index.holding([[required("长江"), required("大桥")]]) == [1]
    assert index.holding([[required("第十二条"), required("第12条")], [required("30")]]) == [2, 3]
    assert index.holding([[Required()]]) == [1, 2, 3, 5, 8]
    assert index.holding([[Required()]], within=[(2, 5)]) == [2, 3, 5]
    assert index.holding([[required("江")], [required("桥")]]) == [1]


# a library's own words


@pytest.fixture
def library(tmp_path: Path) -> Path:
    write(tmp_path / "texts", TEXTS)
    return tmp_path / "texts"


def cut(assistant: Assistant, question: str) -> list[str]:
    """The words of a question that a search finds in the texts."""
    return [term for hit in assistant.search(question)[:1] for term in hit.terms]


def indexed(assistant: Assistant, word: str) -> int:
    """In how many passages the texts were cut into a word."""
    return assistant.snapshot().keywords.frequency(Term(word, word, is_cjk=True))


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


def test_new_words_make_the_keyword_index_again_and_embed_nothing(
    tmp_path: Path, library: Path, embedder: FakeEmbedder
) -> None:
    assistant = make_assistant(tmp_path, embedder)
    assistant.update()
    embedded = len(embedder.texts_embedded)
    vectors = sorted((tmp_path / "index" / "derived").rglob("vectors.faiss"))[-1].read_bytes()
    assert cut(assistant, "耕地占补平衡") == ["耕地", "占补", "平衡"] or "占补平衡" not in cut(
        assistant, "耕地占补平衡"
    )
    write(library, {DICTIONARY_FILE: "占补平衡 1000 n\n"})
    assert assistant.ask("耕地占补平衡").index.stale
    assert assistant.status().changes.added == (DICTIONARY_FILE,)
    preview = assistant.preview()
    assert preview
    assert (preview.dictionary, preview.windows, preview.added) == (True, 0, ())
    report = assistant.update()
    assert (report.changed, report.generation, report.embedded, report.documents) == (True, 2, 0, len(TEXTS))
    assert report.problems == ()
    assert cut(assistant, "耕地占补平衡") == ["耕地", "占补平衡"]
    assert indexed(assistant, "占补平衡") == 1
    assert len(embedder.texts_embedded) == embedded
    assert sorted((tmp_path / "index" / "derived").rglob("vectors.faiss"))[-1].read_bytes() == vectors
    assert not assistant.ask("耕地占补平衡").index.stale
    assert not assistant.update().changed
    assert not assistant.preview()
    assert assistant.check().sound
    assert all(info.id != DICTIONARY_FILE for info in assistant.documents())


def edited(library: Path) -> None:
    write(library, {DICTIONARY_FILE: "高标准农田\n"})


def removed(library: Path) -> None:
    (library / DICTIONARY_FILE).unlink()


def ruled_out(library: Path) -> None:
    write(library, {".youjuignore": f"{DICTIONARY_FILE}\n"})


@pytest.mark.parametrize("change", [edited, removed, ruled_out])
def test_words_that_go_are_forgotten(tmp_path: Path, library: Path, change: Callable[[Path], None]) -> None:
    write(library, {DICTIONARY_FILE: "占补平衡\n"})
    assistant = make_assistant(tmp_path)
    assistant.update()
    assert "占补平衡" in cut(assistant, "耕地占补平衡")
    change(library)
    assert assistant.update().changed
    assert indexed(assistant, "占补平衡") == 0
    assert "占补平衡" not in cut(assistant, "耕地占补平衡")


def test_another_assistant_cuts_questions_as_the_texts_were_cut(tmp_path: Path, library: Path) -> None:
    write(library, {DICTIONARY_FILE: "占补平衡\n"})
    make_assistant(tmp_path).update()
    write(library, {DICTIONARY_FILE: ""})  # is not what the index was made with
    assert "占补平衡" in cut(make_assistant(tmp_path), "耕地占补平衡")


def test_a_bad_line_is_a_problem_until_it_is_mended(tmp_path: Path, library: Path) -> None:
    write(library, {DICTIONARY_FILE: "占补平衡\nnot a word\n"})
    assistant = make_assistant(tmp_path)
    (problem,) = assistant.update().problems
    assert (problem.path, problem.reason[:7]) == (DICTIONARY_FILE, "line 2:")
    assert assistant.status().problems == (problem,)
    assert "占补平衡" in cut(assistant, "耕地占补平衡")
    write(library, {DICTIONARY_FILE: "占补平衡\n"})
    report = assistant.update()
    assert (report.problems, report.changed) == ((), False)
    assert assistant.status().problems == ()


def test_words_stay_while_their_file_cannot_be_read(
    tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(library, {DICTIONARY_FILE: "占补平衡\n"})
    assistant = make_assistant(tmp_path)
    assistant.update()

    def refuse(library: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("assistant.index.plan.read_dictionary", refuse)
    report = assistant.update()
    assert not report.changed
    expected = "cannot be read (Permission denied): check its permissions"
    assert report.problems == (Problem(DICTIONARY_FILE, expected),)
    assert "占补平衡" in cut(assistant, "耕地占补平衡")


def test_a_folder_with_nothing_but_words_holds_no_text(tmp_path: Path) -> None:
    write(tmp_path / "texts", {DICTIONARY_FILE: "占补平衡\n"})
    with pytest.raises(LibraryError, match="holds no text"):
        make_assistant(tmp_path).update()


def test_a_dictionary_counts_only_in_the_root(tmp_path: Path, library: Path) -> None:
    write(library, {f"保密/{DICTIONARY_FILE}": "占补平衡\n"})
    (problem,) = make_assistant(tmp_path).update().problems
    assert problem.path == f"保密/{DICTIONARY_FILE}"
