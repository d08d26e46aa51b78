import hashlib
import os
import sys
from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.readers import read, supported
from assistant.readers.table import FORMATS

LIMIT = 1_000_000


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_a_text_is_read_exactly(tmp_path: Path):
    text = "\ufeff值班手册\r\n\r\n第一行。\n\t最后一行，没有换行"
    path = put(tmp_path, "甲.TXT", text)
    reading = read(path, "子/甲.TXT", limit_bytes=LIMIT)
    assert reading.problems == ()
    (document,) = reading.documents
    assert document.id == "子/甲.TXT"
    assert document.text == text[1:]
    assert document.title == "值班手册"
    assert document.encoding == "utf-8-sig"
    assert document.digest == hashlib.sha256(f"值班手册\0{text[1:]}".encode()).hexdigest()


@pytest.mark.parametrize(("encoding", "shown"), [("gbk", "gb18030"), ("big5", "big5"), ("utf-16", "utf-16")])
def test_the_encoding_is_kept(tmp_path: Path, encoding: str, shown: str):
    text = "今天天氣很好，我們一起去公園玩。" if encoding == "big5" else "今天天气很好，我们一起去公园玩。"
    (document,) = read(put(tmp_path, "a.txt", text.encode(encoding)), "a.txt", limit_bytes=LIMIT).documents
    assert (document.text, document.encoding) == (text, shown)


def test_a_cut_off_file_is_read_and_told(tmp_path: Path):
    data = ("第一行说的是粮食安全。\n第二行说的是保密工作。").encode()[:-1]
    reading = read(put(tmp_path, "a.txt", data), "a.txt", limit_bytes=LIMIT)
    assert reading.documents[0].text.endswith("保密工作\ufffd")
    assert reading.problems[0].path == "a.txt"
    assert "line 2" in reading.problems[0].reason


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl"])
@pytest.mark.parametrize("data", [b" \r\n\t\n", "\u2028\xa0".encode(), "\ufeff\u3000".encode()])
def test_a_file_without_text(tmp_path: Path, name: str, data: bytes):
    with pytest.raises(ReadError, match=r"a\.\w+ holds no text"):
        read(put(tmp_path, name, data), name, limit_bytes=LIMIT)


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_an_empty_file(tmp_path: Path, suffix: str):
    with pytest.raises(ReadError, match=rf"^a\{suffix} is empty \(0 bytes\)\. Put"):
        read(put(tmp_path, f"a{suffix}", b""), f"a{suffix}", limit_bytes=LIMIT)


def test_the_source_of_a_web_page_is_read_and_told(tmp_path: Path):
    page = "\n<!DOCTYPE html><html><body><p>今天天气很好。</p></body></html>"
    reading = read(put(tmp_path, "a.txt", page), "a.txt", limit_bytes=LIMIT)
    assert reading.documents[0].text == page
    assert "change the end of its name to .html" in reading.problems[0].reason


def test_a_file_over_the_limit(tmp_path: Path):
    path = put(tmp_path, "a.txt", "x" * 101)
    with pytest.raises(ReadError, match="larger than 100 bytes"):
        read(path, "a.txt", limit_bytes=100)
    assert read(path, "a.txt", limit_bytes=101).documents


def test_what_cannot_be_opened(tmp_path: Path):
    with pytest.raises(ReadError, match="no longer there"):
        read(tmp_path / "a.txt", "a.txt", limit_bytes=LIMIT)
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(ReadError, match="no regular file"):
        read(tmp_path / "b.txt", "b.txt", limit_bytes=LIMIT)
    (tmp_path / "c.txt").symlink_to("c.txt")
    with pytest.raises(ReadError, match=r"c\.txt is a link that leads to itself\. Remove it"):
        read(tmp_path / "c.txt", "c.txt", limit_bytes=LIMIT)
    with pytest.raises(ReadError, match="format that is not read"):
        read(put(tmp_path, "a.exe", "x"), "a.exe", limit_bytes=LIMIT)


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_a_pipe_does_not_block(tmp_path: Path):
    os.mkfifo(tmp_path / "p.txt")
    with pytest.raises(ReadError, match="no regular file"):
        read(tmp_path / "p.txt", "p.txt", limit_bytes=LIMIT)


def test_supported_names():
    assert all(supported(Path(name)) for name in ("甲.txt", "a.TEXT", "b.md", "c.Markdown", "d.jsonl"))
    assert not any(supported(Path(name)) for name in ("a", "a.txt.bak", "a.exe", ".txt"))


def test_a_markdown_title(tmp_path: Path):
    cases = {
        "---\ntitle: 来自前言\n---\n# 标题\n正文。": "来自前言",
        "前面的话，不是标题，是一句完整的话。\n\n## 第一个**标题**\n": "第一个标题",
        "```\n# 代码\n```\n\n没有标题的正文，只有一句话。": "值班手册",
    }
    for text, title in cases.items():
        (document,) = read(put(tmp_path, "值班手册.md", text), "值班手册.md", limit_bytes=LIMIT).documents
        assert (document.title, document.text) == (title, text)


def test_a_row_of_a_markdown_table_names_its_columns(tmp_path: Path):
    text = (
        "# 车辆费用\n\n按下表执行：\n| 车型 | **日租**上限 | [押金](押金.md) |\n"
        "|:--|---|--:|\n| 轿车 \\| 越野车 | 300元 | `2000元` |\n"
        "| 客车 |  | 5000元 |\n以上费用含税。\n\n```\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n```\n"
    )
    rows = "车型：轿车 | 越野车；日租上限：300元；押金：2000元。\n\n车型：客车；押金：5000元。\n\n"
    for newline in ("\n", "\r\n"):
        source = text.replace("\n", newline)
        (document,) = read(put(tmp_path, "车辆.md", source), "车辆.md", limit_bytes=LIMIT).documents
        before, after = source.partition("| 车型")[0], source[source.index("以上") :]
        assert document.text == before + newline + rows.replace("\n", newline) + after
        assert document.title == "车辆费用"


def test_what_looks_like_a_markdown_table_and_is_none_stays(tmp_path: Path):
    for text in (
        "甲 | 乙\n丙 | 丁\n",
        "| 只有一列 |\n|---|\n| 说明 |\n",
        "| 项目 | 单价 |\n|---|---|\n",
        "> | 甲 | 乙 |\n> |---|---|\n> | 1 | 2 |\n",
    ):
        (document,) = read(put(tmp_path, "a.md", text), "a.md", limit_bytes=LIMIT).documents
        assert document.text == text
