import contextlib
import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.citing.verification import Cited, Verdict, verify
from assistant.text.sentences import sentences
from assistant.types import Citation
from tests.index.library import make_assistant, write

RULES = (
    "# 值班办法\n\n## 第一章 总则\n\n第一条 为了规范值班，制定本办法。\n\n第二条 值班电话由办公室公布。\n\n"
    "## 第二章 值班\n\n第三条 每个工作日至少有2人值班。\n\n第四条 值班人员应当在三十日内提交记录。\n\n"
    "第五条 值班人员不得擅自离岗。\n\n## 第三章 附则\n\n第六条 值班电话由办公室公布。\n\n"
    "第七条 本办法自2021年1月1日起施行。\n"
)
DRILL = "Fire drills\n\nEvery building holds a fire drill twice a year. The safety officer keeps the records.\n"
NOTES = "会议纪要\n\n会议决定设立联络员制度，每月通报一次情况。\n\n散会。\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    write(tmp_path / "texts", {"办法.md": RULES, "drill.txt": DRILL, "纪要/一月.txt": NOTES})
    return tmp_path / "texts"


@pytest.fixture
def assistant(library: Path, tmp_path: Path) -> Assistant:
    made = make_assistant(tmp_path)
    made.update()
    return made


def quoted(assistant: Assistant, document: str, quote: str, *, last: bool = False) -> Cited:
    text = assistant.document(document)
    start = text.text.rindex(quote) if last else text.text.index(quote)
    passages = assistant.snapshot().passages_in([document])
    stored = [one.passage for one in passages if one.passage.start <= start < one.passage.end]
    heading = stored[0].heading if stored else ()
    return Cited(document, text.digest, text.title, start, start + len(quote), quote, heading)


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def one(assistant: Assistant, wanted: Cited) -> Verdict:
    (verdict,) = verify(assistant, [wanted])
    return verdict


def present(verdict: Verdict, library: Path) -> str:
    return (library / verdict.document).read_text("utf-8")[verdict.start : verdict.end]


QUOTE = "值班人员应当在三十日内提交记录。"


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize(
    ("name", "quote", "old", "new", "state", "shown"),
    [
        ("办法.md", QUOTE, "散", "散", "unchanged", QUOTE),
        ("办法.md", QUOTE, "2021年", "2022年", "unchanged", QUOTE),
        ("办法.md", QUOTE, "为了规范值班", "为了进一步规范全村的值班", "moved", QUOTE),
        ("办法.md", QUOTE, "三十日", "六十日", "changed", "六十日"),
        ("办法.md", "值班人员不得擅自离岗。", "不得擅自离岗", "得擅自离岗", "changed", "得擅自离岗"),
        ("办法.md", "本办法自2021年1月1日起施行。", "2021年", "2022年", "changed", "2022年"),
        ("办法.md", "第五条 值班人员不得擅自离岗。", "第五条 值班人员不得擅自离岗。\n\n", "", "deleted", ""),
        ("drill.txt", "Every building holds a fire drill twice a year.", "twice", "thrice", "changed", "thrice"),
        ("drill.txt", "The safety officer keeps the records.", "Fire drills", "Fire drills (2025)", "moved", "safety"),
        ("纪要/一月.txt", "每月通报一次情况。", "每月通报一次情况。", "由他另行说明。", "deleted", ""),
    ],
)
def test_what_became_of_a_quote(
    assistant: Assistant,
    library: Path,
    name: str,
    quote: str,
    old: str,
    new: str,
    state: str,
    shown: str,
    indexed: bool,
) -> None:
    wanted = quoted(assistant, name, quote)
    before = (library / name).read_text("utf-8")
    rewrite(library / name, lambda text: text.replace(old, new))
    edited = (library / name).read_text("utf-8") != before
    if indexed:
        assistant.update()
    verdict = one(assistant, wanted)
    assert verdict.state == state, verdict
    assert verdict.newer == (edited and not indexed)
    assert shown in present(verdict, library)
    if state in ("unchanged", "moved"):
        assert present(verdict, library) == quote
    if state == "deleted":
        assert not verdict.gone
        assert (verdict.start, verdict.end) == (0, 0)
        assert verdict.pieces == ((quote, "removed"),)
    if state == "changed":
        now = "".join(text for text, kind in verdict.pieces if kind != "removed")
        assert now == present(verdict, library)
        assert "".join(text for text, kind in verdict.pieces if kind != "added") == quote


def test_the_difference_is_shown_in_readable_pieces(assistant: Assistant, library: Path) -> None:
    wanted = quoted(assistant, "办法.md", QUOTE)
    rewrite(library / "办法.md", lambda text: text.replace("三十日", "六十日"))
    verdict = one(assistant, wanted)
    assert ("三十", "removed") in verdict.pieces
    assert ("六十", "added") in verdict.pieces
    assert verdict.heading[0] == "第二章 值班"
    assert not verdict.only_form


def test_of_several_places_the_heading_decides(assistant: Assistant, library: Path) -> None:
    quote = "值班电话由办公室公布。"
    early, late = quoted(assistant, "办法.md", quote), quoted(assistant, "办法.md", quote, last=True)
    assert early.start != late.start
    rewrite(library / "办法.md", lambda text: text.replace("制定本办法。", "制定本办法。" + "本办法适用于全村。" * 10))
    assistant.update()
    now = (library / "办法.md").read_text("utf-8")
    verdicts = verify(assistant, [early, late])
    assert [verdict.start for verdict in verdicts] == [now.index(quote), now.rindex(quote)]
    assert [verdict.heading[0] for verdict in verdicts] == ["第一章 总则", "第三章 附则"]


def test_of_several_places_what_stands_around_decides_while_the_old_text_is_known(
    assistant: Assistant, library: Path
) -> None:
    name, quote = "清单.txt", "联系人：办公室。"
    before = f"清单\n\n甲室在一楼。{quote}\n\n乙室在二楼。{quote}\n\n丙室在三楼。{quote}\n"
    write(library, {name: before})
    assistant.update()
    place = before.rindex(quote)
    wanted = Cited(name, assistant.document(name).digest, "清单", place, place + len(quote), quote)
    # As long as the others: now the second one stands where the third one stood.
    rewrite(library / name, lambda text: text.replace("清单\n\n", "清单\n\n丁室在四楼。本室没有指定人。\n\n"))
    now = (library / name).read_text("utf-8")
    assert now.startswith(quote, place)
    verdict = one(assistant, wanted)
    assert (verdict.state, verdict.start) == ("moved", now.rindex(quote))


GRADES = "事故分级\n\n死亡3人以上不满10人的，是较大事故。\n\n死亡10人以上不满30人的，是重大事故。\n"


@pytest.mark.parametrize("indexed", [False, True])
def test_a_sentence_that_stood_beside_it_is_no_change_of_it(assistant: Assistant, library: Path, indexed: bool) -> None:
    """While the old text is known, or the other sentence was cited as well."""
    write(library, {"分级.txt": GRADES})
    assistant.update()
    wanted = [
        quoted(assistant, "分级.txt", "死亡3人以上不满10人的，是较大事故。"),
        quoted(assistant, "分级.txt", "死亡10人以上不满30人的，是重大事故。"),
    ]
    rewrite(library / "分级.txt", lambda text: text.replace(wanted[0].quote, ""))
    if indexed:
        assistant.update()
    assert [verdict.state for verdict in verify(assistant, wanted)] == ["deleted", "moved"]
    if not indexed:
        assert one(assistant, wanted[0]).state == "deleted"


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize("edited", [False, True])
def test_a_renamed_file_is_followed(assistant: Assistant, library: Path, indexed: bool, edited: bool) -> None:
    wanted = quoted(assistant, "纪要/一月.txt", "会议决定设立联络员制度，每月通报一次情况。")
    if edited:
        rewrite(library / "纪要/一月.txt", lambda text: text.replace("散会。", "会议到此结束。"))
    (library / "纪要/一月.txt").rename(library / "一月会议.txt")
    if indexed:
        assistant.update()
    verdict = one(assistant, wanted)
    assert (verdict.state, verdict.document, verdict.newer) == ("moved", "一月会议.txt", not indexed)
    assert present(verdict, library) == wanted.quote


def test_a_renamed_and_changed_document_is_known_by_its_title(assistant: Assistant, library: Path) -> None:
    wanted = quoted(assistant, "办法.md", QUOTE)
    rewrite(library / "办法.md", lambda text: text.replace("三十日", "六十日"))
    (library / "办法.md").rename(library / "新办法.md")
    assistant.update()
    verdict = one(assistant, wanted)
    assert (verdict.state, verdict.document) == ("changed", "新办法.md")


def test_a_sentence_that_went_to_another_document_is_found_there(assistant: Assistant, library: Path) -> None:
    quote = "会议决定设立联络员制度，每月通报一次情况。"
    wanted = quoted(assistant, "纪要/一月.txt", quote)
    rewrite(library / "纪要/一月.txt", lambda text: text.replace(quote, ""))
    rewrite(library / "drill.txt", lambda text: f"{text}\n{quote}\n")
    for _ in range(2):
        verdict = one(assistant, wanted)
        assert (verdict.state, verdict.document) == ("moved", "drill.txt")
        assert present(verdict, library) == quote
        assistant.update()


def test_of_several_documents_that_hold_it_none_is_guessed(assistant: Assistant, library: Path) -> None:
    quote = "会议决定设立联络员制度，每月通报一次情况。"
    wanted = quoted(assistant, "纪要/一月.txt", quote)
    write(library, {"甲.txt": f"甲文\n\n{quote}\n", "乙.txt": f"乙文\n\n{quote}\n"})
    (library / "纪要/一月.txt").unlink()
    assistant.update()
    verdict = one(assistant, wanted)
    assert (verdict.state, verdict.gone) == ("deleted", True)


@pytest.mark.parametrize("indexed", [False, True])
def test_a_removed_file_is_told_from_a_removed_sentence(assistant: Assistant, library: Path, indexed: bool) -> None:
    wanted = quoted(assistant, "drill.txt", "The safety officer keeps the records.")
    (library / "drill.txt").unlink()
    if indexed:
        assistant.update()
    verdict = one(assistant, wanted)
    assert (verdict.state, verdict.gone, verdict.document) == ("deleted", True, "drill.txt")


def test_a_file_that_cannot_be_read_never_stops_the_others(assistant: Assistant, library: Path) -> None:
    write(library, {"表.docx": "no archive"})
    bad = Cited("表.docx", "", "表", 0, 2, "内容")
    empty = quoted(assistant, "drill.txt", "The safety officer keeps the records.")
    good = quoted(assistant, "办法.md", QUOTE)
    (library / "drill.txt").write_bytes(b"")
    verdicts = verify(assistant, [bad, empty, good])
    assert [verdict.state for verdict in verdicts] == ["unreadable", "unreadable", "unchanged"]
    assert "表.docx" in verdicts[0].reason
    assert "drill.txt is empty" in verdicts[1].reason


def test_a_link_out_of_the_library_is_not_followed(assistant: Assistant, library: Path, tmp_path: Path) -> None:
    wanted = quoted(assistant, "drill.txt", "The safety officer keeps the records.")
    secret = tmp_path / "secret.txt"
    secret.write_text(DRILL + "more", "utf-8")
    (library / "drill.txt").unlink()
    (library / "drill.txt").symlink_to(secret)
    verdict = one(assistant, wanted)
    assert verdict.state == "deleted"
    assert verdict.gone


@pytest.mark.parametrize(
    "name", ["../secret.txt", "/etc/hostname", "没有/这个.txt", "a\x00b", "", "x.jsonl#1", "#", "办法.md/x"]
)
def test_a_stored_name_leads_nowhere_but_into_the_library(assistant: Assistant, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("绝密内容在这里。", "utf-8")
    verdict = one(assistant, Cited(name, "", "标题", 0, 8, "绝密内容在这里。"))
    assert verdict.state == "deleted"
    assert verdict.gone


@pytest.mark.parametrize(
    ("start", "end", "quote"), [(-5, 3, QUOTE), (10**9, 10**9 + 5, QUOTE), (0, 0, ""), (0, 4, "\ud800"), (5, 2, "。")]
)
def test_damaged_citations_are_judged_all_the_same(assistant: Assistant, start: int, end: int, quote: str) -> None:
    digest = assistant.document("办法.md").digest
    verdict = one(assistant, Cited("办法.md", digest, "值班办法", start, end, quote))
    assert verdict.state == ("moved" if quote in (QUOTE, "。") else "deleted")


def test_a_file_touched_but_the_same_is_as_it_was_indexed(assistant: Assistant, library: Path) -> None:
    wanted = quoted(assistant, "办法.md", QUOTE)
    os.utime(library / "办法.md", (1, 1))
    verdict = one(assistant, wanted)
    assert (verdict.state, verdict.newer) == ("unchanged", False)


def test_without_an_index_the_files_are_read(library: Path, tmp_path: Path) -> None:
    fresh = make_assistant(tmp_path)
    start = RULES.index(QUOTE)
    verdict = one(fresh, Cited("办法.md", "", "值班办法", start, start + len(QUOTE), QUOTE))
    assert (verdict.state, verdict.newer) == ("unchanged", True)


def test_lines_of_a_corpus(assistant: Assistant, library: Path) -> None:
    name, quote = "法条.jsonl", "不满八周岁的未成年人，由父母代理。"
    write(library, {name: f'{{"id": "a", "text": "别的内容，与此无关。"}}\n{{"id": "b", "text": "{quote}"}}\n'})
    assistant.update()
    wanted = Cited(f"{name}#b", assistant.document(f"{name}#b").digest, "法条", 0, len(quote), quote)
    assert one(assistant, wanted).state == "unchanged"
    rewrite(library / name, lambda text: text.replace("八周岁", "六周岁"))
    verdict = one(assistant, wanted)
    assert (verdict.state, verdict.document, verdict.newer) == ("changed", f"{name}#b", True)
    assert ("八", "removed") in verdict.pieces
    rewrite(library / name, lambda text: text.splitlines()[0])
    verdict = one(assistant, wanted)
    assert (verdict.state, verdict.gone) == ("deleted", True)


def test_other_line_breaks_are_a_change_of_form_only(assistant: Assistant, library: Path) -> None:
    write(library, {"长.txt": "说明\n\n本办法所称值班，是指在办公场所\n轮流值守、处理突发事项的活动。\n"})
    assistant.update()
    wanted = quoted(assistant, "长.txt", "本办法所称值班，是指在办公场所\n轮流值守、处理突发事项的活动。")
    (library / "长.txt").write_bytes(
        "说明\r\n\r\n本办法所称值班，是指在办公场所轮流值守、处理突发事项的活动。\r\n".encode()
    )
    verdict = one(assistant, wanted)
    assert verdict.state == "changed"
    assert verdict.only_form


def test_nothing_to_verify_needs_nothing(tmp_path: Path) -> None:
    assert verify(make_assistant(tmp_path), []) == ()


def test_the_index_is_not_touched(assistant: Assistant, library: Path) -> None:
    wanted = quoted(assistant, "办法.md", QUOTE)
    rewrite(library / "办法.md", lambda text: "新的一行。\n\n" + text)
    database = assistant.index_dir / "library.sqlite"
    before = database.read_bytes()
    one(assistant, wanted)
    assert database.read_bytes() == before


def test_an_index_that_is_damaged_in_part_is_no_hindrance(assistant: Assistant) -> None:
    wanted = quoted(assistant, "办法.md", QUOTE)
    assistant.close()
    with contextlib.closing(sqlite3.connect(assistant.index_dir / "library.sqlite")) as damaging, damaging:
        damaging.execute("ALTER TABLE documents RENAME COLUMN file TO gone")
    assert one(assistant, wanted).state == "unchanged"


def test_an_edited_file_is_read_once(assistant: Assistant, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = quoted(assistant, "办法.md", QUOTE)
    rewrite(library / "办法.md", lambda text: "新的一行。\n\n" + text)
    first = one(assistant, wanted)
    monkeypatch.setattr("assistant.readers.worker.Reader.read", lambda *_: pytest.fail("it was read again"))
    assert one(assistant, wanted) == first


def test_a_citation_is_kept_as_it_was(assistant: Assistant) -> None:
    document = assistant.document("办法.md")
    start = document.text.index(QUOTE)
    citation = Citation(1, document.id, document.title, ("第二章 值班",), None, start, start + len(QUOTE), QUOTE)
    assert one(assistant, Cited.of(citation, document.digest)).state == "unchanged"


LONG = "\n\n".join(
    f"第{number}条 第{number}项工作由{who}负责，每年{number}月底前完成{what}，并报告结果。"
    for number, (who, what) in enumerate(
        [(who, what) for who in ("甲科", "乙科", "丙科") for what in ("检查", "培训", "演练", "统计")], 1
    )
)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Assistant, Path]:
    folder = tmp_path_factory.mktemp("edited")
    write(folder / "texts", {"长.txt": f"工作安排\n\n{LONG}\n"})
    made = make_assistant(folder)
    made.update()
    return made, folder / "texts"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 11), st.randoms(use_true_random=False))
def test_edits_elsewhere_never_change_a_quote(
    edited: tuple[Assistant, Path], chosen: int, chance: random.Random
) -> None:
    """A document edited anywhere but in the quote: it is unchanged or moved, and stands where the verdict says."""
    assistant, library = edited
    document = assistant.document("长.txt")
    start, end = sentences(document.text, 0, len(document.text))[1 + chosen]
    quote = document.text[start:end]
    before, after = document.text[:start], document.text[end:]
    for _ in range(chance.randint(1, 4)):
        before, after = _edited(before, chance), _edited(after, chance)
    now = before + quote + after
    (library / "长.txt").write_text(now, "utf-8", newline="")
    verdict = one(assistant, Cited("长.txt", document.digest, document.title, start, end, quote))
    assert verdict.state in ("unchanged", "moved")
    assert now[verdict.start : verdict.end] == quote
    assert (verdict.state == "unchanged") == (verdict.start == start)


def _edited(text: str, chance: random.Random) -> str:
    first = chance.randint(0, len(text))
    last = min(len(text), first + chance.choice([0, 0, 1, 5, 40]))
    return text[:first] + chance.choice(["", "改", "新增的一句话。", "\n\n", "a b", text[first:last]]) + text[last:]
