"""The table of a library's files: each once, with what became of it since, however they are looked for and ordered."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.overview import KEYS, STATES, Entry, Overview, matching, ordered, overview, page_of
from assistant.types import Changes, DocumentInfo, Problem, Status
from tests.index.library import TEXTS, make_assistant, write
from tests.ui.fake_library import FakeAssistant

STATUS = Status(Path("/书"), Path("/索引"), 1, "2026-01-01T00:00:00+08:00", "fake", False, 0, 0, 0, Changes())


def table(*entries: Entry) -> Overview:
    return Overview(STATUS, entries, dictionary=False)


def document(path: str, title: str = "", **values: object) -> Entry:
    info = dataclasses.replace(DocumentInfo(path, title, "utf-8", 10, 1, file=path), **values)  # type: ignore[arg-type]
    return Entry(path, path, title, path.rpartition(".")[2], "current", (), info)


def states(found: Overview) -> dict[str, str]:
    return {entry.path: entry.state for entry in found.entries}


def test_without_an_index_every_text_is_new(tmp_path: Path) -> None:
    write(tmp_path / "texts", {**TEXTS, "youju.dict": "占补平衡\n", "图.png": "x"})
    found = overview(make_assistant(tmp_path))
    assert states(found) == {"图.png": "problem"} | dict.fromkeys(TEXTS, "added")
    assert found.dictionary
    assert all(entry.document is None for entry in found.entries)


def test_a_missing_library_is_a_problem(tmp_path: Path) -> None:
    (entry,) = overview(make_assistant(tmp_path)).entries
    assert (entry.state, entry.kind) == ("problem", "")
    assert "does not exist" in entry.problems[0]


def test_every_file_is_in_the_state_that_the_disk_says(tmp_path: Path) -> None:
    library = tmp_path / "texts"
    lines = [{"id": name, "text": f"{name}说了一些话。"} for name in "甲乙"]
    corpus = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    write(library, {**TEXTS, "语料.jsonl": corpus + "\n{", "空.txt": " ", "旧.doc": "x", "不要.txt": "不要。"})
    write(library, {".youjuignore": "不要.txt\n", "youju.dict": "占补平衡\n坏，行\n"})
    assistant = make_assistant(tmp_path)
    assistant.update()
    found = overview(assistant)
    assert states(found) == {
        "粮食.txt": "current", "保密/办法.md": "current", "safety.txt": "current", "语料.jsonl": "current",
        "语料.jsonl#甲": "current", "语料.jsonl#乙": "current", "空.txt": "problem", "旧.doc": "problem",
        "youju.dict": "problem",
    }  # fmt: skip
    assert (found.status.ignored, found.dictionary) == (1, False)
    assert found.counts == {"problem": 4, "added": 0, "edited": 0, "removed": 0, "current": 6}
    assert dict(found.kinds) == {"txt": 3, "md": 1, "jsonl": 3, "doc": 1, "dict": 1}
    by_path = {entry.path: entry for entry in found.entries}
    assert [entry.path for entry in found.entries] == sorted(by_path)
    assert by_path["保密/办法.md"].title == "保密办法"
    assert by_path["保密/办法.md"].document == next(one for one in assistant.documents() if one.id == "保密/办法.md")
    assert "Line 3" in by_path["语料.jsonl"].problems[0]

    write(library, {"粮食.txt": "改了。\n", "语料.jsonl": corpus, "新.md": "# 新\n\n新的。\n", "空.txt": "不空了。"})
    (library / "safety.txt").unlink()
    write(library, {"youju.dict": "占补平衡\n"})
    found = overview(assistant)
    assert states(found) == {
        "粮食.txt": "edited", "保密/办法.md": "current", "safety.txt": "removed", "语料.jsonl": "edited",
        "语料.jsonl#甲": "edited", "语料.jsonl#乙": "edited", "空.txt": "edited", "旧.doc": "problem",
        "新.md": "added", "youju.dict": "problem",
    }  # fmt: skip
    assert found.dictionary

    assistant.update()
    found = overview(assistant)
    assert set(states(found).values()) == {"current", "problem"}
    assert [entry.path for entry in matching(found, state="problem")] == ["旧.doc"]


def test_an_update_between_the_two_looks_shows_no_file_twice() -> None:
    class Between(FakeAssistant):
        def status(self) -> Status:
            new = next(iter(self._documents))
            return dataclasses.replace(super().status(), changes=Changes(added=(new,)))

    found = overview(Between())  # type: ignore[arg-type]
    assert len(found.entries) == len({entry.path for entry in found.entries}) == 4
    assert set(states(found).values()) == {"current"}


def test_a_problem_of_a_document_is_told_in_its_row() -> None:
    assistant = FakeAssistant()
    assistant.problems = (Problem("english/tea.md", "甲"), Problem("english/tea.md", "乙"), Problem("b/图.png", "丙"))
    found = {entry.path: entry for entry in overview(assistant).entries}  # type: ignore[arg-type]
    assert found["english/tea.md"].problems == ("甲", "乙")
    assert found["english/tea.md"].state == "current"
    assert (found["b/图.png"].state, found["b/图.png"].kind) == ("problem", "png")


TITLES = table(
    document("甲/Ａbc.TXT", "國家糧食安全"),
    document("乙/b.md", "第十二條 规定"),
    document("丙/危险\ue0f0\ue0f1.md", "标题\ue0f1二"),
    document("丁/c.pdf", "Straße ﬁx"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 4),
        ("   ", 4),
        ("国家粮食", 1),
        ("國家", 1),
        ("abc", 1),
        ("ＡＢＣ.txt", 1),
        ("安全 abc", 1),
        ("abc 安全", 1),
        ("abc 规定", 0),
        ("第十二条", 1),
        ("FIX", 1),
        ("标题", 1),
        ("\ue0f1", 0),
        ("安全甲", 0),
        (".md", 2),
        ("*", 0),
    ],
)
def test_letters_are_compared_as_they_are_meant(text: str, found: int) -> None:
    assert len(matching(TITLES, text=text)) == found


def test_nothing_matches_in_an_empty_table() -> None:
    assert matching(table(), text="甲", kind="txt", state="current") == ()


def test_kind_and_state_and_text_all_hold() -> None:
    broken = dataclasses.replace(document("a.md", "甲"), problems=("坏",))
    edited = dataclasses.replace(document("b.md", "甲"), state="edited")
    found = table(broken, edited, document("c.txt", "甲"), document("d.md", "乙"))
    assert matching(found, kind="md") == (broken, edited, found.entries[3])
    assert matching(found, kind="md", state="current", text="甲") == (broken,)
    assert matching(found, state="problem") == (broken,)
    assert matching(found, state="edited") == (edited,)
    assert matching(found, state="nonsense") == ()
    for state in STATES:
        assert found.counts[state] == len(matching(found, state=state))


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ("path", "a2.txt a10.md b.pdf c.png"),
        ("title", "a10.md b.pdf a2.txt c.png"),
        ("kind", "a10.md b.pdf c.png a2.txt"),
        ("state", "c.png b.pdf a2.txt a10.md"),
        ("encoding", "b.pdf a2.txt a10.md c.png"),
        ("characters", "a10.md a2.txt b.pdf c.png"),
        ("passages", "b.pdf a2.txt a10.md c.png"),
        ("bytes", "a2.txt b.pdf a10.md c.png"),
        ("indexed_at", "b.pdf a2.txt a10.md c.png"),
        ("modified_at", "a10.md a2.txt b.pdf c.png"),
    ],
)
def test_every_column_has_its_order_and_what_is_not_known_comes_last(key: str, order: str) -> None:
    entries = [
        document("a10.md", "按第2条", characters=1, passages=3, modified_at="2026-01-01T00:00:00+08:00"),
        document(
            "a2.txt", "中文", encoding="utf-8", characters=2, passages=2, bytes=10,
            indexed_at="2026-03-01T00:30:00+08:00", modified_at="2026-01-02T00:00:00+08:00",
        ),
        dataclasses.replace(
            document(
                "b.pdf", "按第10条", encoding="gb18030", characters=3, passages=1, bytes=200,
                indexed_at="2026-02-28T17:00:00+01:00", modified_at="2026-01-02T00:00:00+00:00",
            ),
            state="edited",
        ),
        Entry("c.png", "c.png", "", "png", "problem", ("x",)),
    ]  # fmt: skip
    entries = list(ordered(entries, "path"))
    found = [entry.path for entry in ordered(entries, key)]
    assert found == order.split()
    backwards = [entry.path for entry in ordered(entries, key, descending=True)]
    missing = {"path": 0, "kind": 0, "state": 0, "bytes": 2, "indexed_at": 2}.get(key, 1)
    known = len(found) - missing
    assert backwards[known:] == found[known:]
    ties = {"encoding", "state"} & {key}  # of equal ones the path decides, either way
    assert ties or backwards[:known] == found[:known][::-1]


def test_a_column_that_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match=r"“size”.*indexed_at"):
        ordered((), "size")


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=12, unique_by=lambda pair: pair[0]))
def test_any_names_can_be_ordered_and_looked_for(names: list[tuple[str, str]]) -> None:
    found = table(*(document(path, title) for path, title in names))
    for key in KEYS:
        for descending in (False, True):
            assert sorted(one.path for one in ordered(found.entries, key, descending=descending)) == sorted(
                path for path, _ in names
            )
    for path, title in names:
        assert (
            any(one.path == path for one in matching(found, text=f"{title} {path}"))
            or "\ue0f0" in path + title
            or ("\ue0f1" in path + title)
        )


@given(st.integers(0, 40), st.integers(-3, 50), st.integers(1, 12))
def test_pages_hold_every_entry_once(count: int, number: int, size: int) -> None:
    entries = tuple(document(f"{n}.txt") for n in range(count))
    page = page_of(entries, number, size=size)
    assert page.total == count
    assert page.number == max(1, min(number, page.pages))
    pages = [page_of(entries, n, size=size) for n in range(1, page.pages + 1)]
    assert tuple(entry for one in pages for entry in one.entries) == entries
    assert all(one.entries for one in pages) or not count
