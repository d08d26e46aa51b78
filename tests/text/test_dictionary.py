"""A library's own words: jieba's format, a problem for each bad line, and words that are cut whole."""

from pathlib import Path

import pytest

from assistant.text.dictionary import DICTIONARY_FILE, dictionary_words, read_dictionary
from assistant.text.tokens import Tokens
from tests.index.library import CACHE


def written(tmp_path: Path, content: bytes) -> tuple[str, tuple[str, ...]]:
    (tmp_path / DICTIONARY_FILE).write_bytes(content)
    text, problems = read_dictionary(tmp_path)
    assert all(problem.path == DICTIONARY_FILE for problem in problems)
    return text, tuple(problem.reason for problem in problems)


def test_a_library_without_one_has_no_words_of_its_own(tmp_path: Path) -> None:
    assert read_dictionary(tmp_path) == ("", ())


def test_the_format_is_that_of_jieba(tmp_path: Path) -> None:
    text, problems = written(tmp_path, "\ufeff涉密人员 300 nr\n占补平衡\r\n\n５Ｇ網絡 v\n占补平衡 7\n".encode())
    assert not problems
    words = {own.word: (own.frequency, own.tag) for own in dictionary_words(text)}
    assert words == {"涉密人员": (300, "nr"), "占补平衡": (7, "n"), "5g网络": (None, "v")}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("network 3 n", "no Chinese word"),
        ("粮食，安全", "no Chinese word"),
        ("粮食 多少 n", "is not “word frequency tag”"),
        ("粮食 3 n n", "is not “word frequency tag”"),
        ("粮食 99999999999999999999", "frequency is above"),
        ("粮" * 51, "longer than 50"),
    ],
)
def test_a_bad_line_is_named_and_the_others_count(tmp_path: Path, line: str, reason: str) -> None:
    text, problems = written(tmp_path, f"占补平衡\n{line}\n涉密人员\n".encode())
    assert text == "占补平衡\n涉密人员"
    (problem,) = problems
    assert problem.startswith("line 2: ")
    assert reason in problem


def test_another_encoding_is_named(tmp_path: Path) -> None:
    text, problems = written(tmp_path, "占补平衡".encode("gb18030"))
    assert text == ""
    assert "not UTF-8" in problems[0]


def test_own_words_are_cut_whole_and_only_where_they_are_known() -> None:
    base = Tokens(CACHE)
    own = base.with_dictionary("食自给\n5g网络\n高标准农田 3 v")
    assert "食自给" not in base.words("粮食自给率")
    assert "高标准农田" in own.words("建设高标准农田")
    assert {"5g网络", "5g", "网络"} <= set(own.words("推广５Ｇ網絡"))
    assert "5g网络" not in own.words("推广15g网络")
    assert [term.folded for term in own.question("建设高标准农田和5G网络").terms] == ["建设", "高标准农田", "5g网络"]
    verb, name = own.question("高标准农田 5G网络").terms
    assert (own.is_noun(verb), own.is_noun(name)) == (False, True)
    assert base.with_dictionary("") is base
    assert base.with_dictionary("食自给") is base.with_dictionary("食自给")
