"""The reader's routes: what they give, to whom, and what they make of hostile addresses."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.citing.styles import STYLES
from tests.index.library import make_assistant
from tests.ui import reader_library as room
from tests.ui.running import Running

Get = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    assistant = room.library(tmp_path_factory.mktemp("room"))
    yield assistant
    assistant.close()


@pytest.fixture(scope="module")
def get(assistant: Assistant) -> Iterator[Get]:
    with Running(assistant) as server:
        yield room.getting(server)


def test_any_place_is_quoted_with_its_source_in_every_style(get: Get, assistant: Assistant) -> None:
    start = assistant.document(room.RULES).text.index(room.QUOTE)
    end = start + len(room.QUOTE)
    made = set()
    for style in STYLES:
        response = get("/reader/quote", "zh-CN", document=room.RULES, at=f"{start - 1}-{end}", style=style)
        assert response.status_code == 200
        assert f"“{room.QUOTE}”" in response.text  # without the space that a selection brings along
        made.add(response.text)
    assert len(made) == len(STYLES)
    assert get("/reader/quote", "zh-CN", document=room.RULES, at="5-999999", style="plain").status_code == 404
    assert get("/reader/quote", "zh-CN", document=room.RULES, at="", style="plain").status_code == 404


@pytest.mark.parametrize(("language", "told"), [("zh-CN", "第二章 人员"), ("en", "Passage 2 of 3")])
def test_the_page_of_a_document_stands_alone(get: Get, assistant: Assistant, language: str, told: str) -> None:
    response = get(room.address(assistant, room.RULES, room.QUOTE, room.OTHER_QUOTE), language)
    page = html.unescape(response.text)
    assert response.status_code == 200
    assert f'<html lang="{language}">' in page
    assert "保密办法" in re.findall("<title>(.*?)</title>", page)[0]
    assert told in page
    assert re.search(f'<mark class="quoted chosen" id="place"[^>]*>{room.QUOTE}</mark>', page)
    assert re.search(f'<mark class="quoted"[^>]*>{room.OTHER_QUOTE}</mark>', page)
    assert "script-src 'self';" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"document": ""},
        {"document": "没有.txt"},
        {"document": "../../../etc/passwd"},
        {"document": "/etc/passwd"},
        {"document": "a\0b"},
        {"document": "长" * 5_000},
        {"document": "<script>alert(1)</script>"},
        {"document": "\u202egnp.txt", "at": "1-2"},
    ],
)
def test_what_is_no_document_is_a_clear_page(get: Get, parameters: dict[str, str]) -> None:
    response = get("/read", **parameters)
    assert response.status_code == 404
    assert "没有" in response.text
    assert "/?show=library" in html.unescape(response.text)
    assert "<script>alert" not in response.text
    assert "\u202e" not in response.text
    for path in ("page", "sheet", "original", "part", "find", "where", "contents"):
        refused = get(f"/reader/{path}", **parameters)
        assert refused.status_code == 404, path
        assert "root:" not in refused.text
    assert get("/reader/open", **parameters).status_code == 200  # the pane shows it


def test_half_a_character_in_an_address_is_no_document(get: Get) -> None:
    assert get("/read?document=%ED%A0%80&at=1-2").status_code == 404
    assert get("/read?document=%FF%FE").status_code == 404


@pytest.mark.parametrize(
    "parameters",
    [
        {"at": "0-99999999999"},
        {"at": "5-2"},
        {"at": "a"},
        {"at": "-1-5"},
        {"at": "9" * 5_000},
        {"at": "0-5", "also": "," * 20_000},
        {"at": "0-5", "also": "3-2,x,9999999999-9999999999", "numbers": "1,x,-5"},
        {"from_": "9" * 4_400},
        {"from_": "9999999999"},
        {"from_": "-3"},
        {"quote": "x" * 10_000, "at": "0-5"},
        {"numbers": "0,99999999"},
    ],
)
def test_hostile_places_are_never_an_error(get: Get, parameters: dict[str, str]) -> None:
    for path in ("/read", "/reader/open", "/reader/where", "/reader/part", "/reader/sheet"):
        response = get(path, document=room.PDF, version="x", end="9" * 500, page="9" * 500, width="-1", **parameters)
        assert response.status_code == 200, (path, response.text)


def test_an_unreachable_place_is_told(get: Get) -> None:
    page = html.unescape(get("/read", document=room.RULES, at="0-99999").text)
    assert "地址里的位置不在这份文本里" in page
    assert "涉密人员" in page


def test_the_parts_of_a_text_together_are_the_text(get: Get, assistant: Assistant) -> None:
    document = assistant.document(room.LONG)
    found, place = "", 0
    while place < 300_000:
        parts = get(
            "/reader/part",
            document=room.LONG,
            version=document.digest[:16],
            from_=place,
            end=place + 100_000,
        ).text
        spans = [(int(a), int(b)) for a, b in re.findall(r'data-start="(\d+)" data-end="(\d+)"', parts)]
        assert spans[0][0] == place
        assert all(one[1] == next_one[0] for one, next_one in pairwise(spans))
        place = spans[-1][1]
        found += html.unescape(re.sub("<[^>]+>", "", parts))
    assert found == document.text[: len(found)]
    assert len(found) >= 300_000


def test_the_pane_gets_a_part_and_the_page_of_its_own_the_whole(get: Get, assistant: Assistant) -> None:
    at = f"{250_000}-{250_040}"
    part = get("/reader/open", document=room.LONG, at=at).text
    whole = get("/read", document=room.LONG, at=at).text
    assert 'id="place"' in part
    assert 'id="place"' in whole
    assert 50_000 < _characters(part) < 80_000
    assert _characters(whole) == 500_000
    assert _characters(get("/read", document=room.ENDLESS, at=at).text) < 80_000


def _characters(page: str) -> int:
    return sum(int(b) - int(a) for a, b in re.findall(r'data-start="(\d+)" data-end="(\d+)"', page))


def test_finding_folds_and_counts(get: Get, assistant: Assistant) -> None:
    document = assistant.document(room.LONG)
    version = document.digest[:16]
    found = get("/reader/find", document=room.LONG, version=version, query="第１２条".replace("条", "天")).json()
    assert found["total"] >= 1
    start, end = found["spans"][0]
    assert document.text[start:end] in ("第12天", "第十二天")
    assert len(get("/reader/find", document=room.LONG, version=version, query="粮食").json()["spans"]) <= 2_000
    assert get("/reader/find", document=room.LONG, version=version, query="没有这样的词").json()["total"] == 0
    assert get("/reader/find", document=room.LONG, version=version, query="").json()["total"] == 0


def test_a_text_that_an_update_has_replaced_is_told(get: Get) -> None:
    assert get("/reader/find", document=room.RULES, version="other", query="涉密").json() == {"renewed": True}
    assert 'class="renewed"' in get("/reader/part", document=room.RULES, version="other", from_=0, end=100).text


@pytest.mark.parametrize(
    ("language", "alt"), [("zh-CN", "《{title}》第 2 页的图像"), ("en", "Picture of page 2 of {title}")]
)
def test_a_page_is_a_picture_with_its_quotes_boxed(get: Get, assistant: Assistant, language: str, alt: str) -> None:
    document = assistant.document(room.PDF)
    start = document.pages[1] + 40
    at, also = f"{start}-{start + 50}", f"{start + 60}-{start + 70}"
    facts = get("/reader/sheet", language, document=room.PDF, page=2, at=at, also=also, numbers="4,2").json()
    assert facts["name"].startswith(alt.format(title=document.title))
    assert [box["number"] for box in facts["boxes"]] == [4, 2]
    assert facts["boxes"][0]["chosen"]
    assert all(0 <= edge <= 1 for box in facts["boxes"] for line in box["lines"] for edge in line)
    picture = get("/reader/page", document=room.PDF, page=2, width=600)
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert get("/reader/sheet", document=room.PDF, page=1, at=at).json()["boxes"] == []


def test_what_cannot_be_drawn_is_explained_and_no_error_of_the_page(get: Get) -> None:
    facts = get("/reader/sheet", document=room.RULES, page=1).json()
    assert "画不出来" in html.unescape(facts["problem"])
    assert get("/reader/page", document=room.RULES, page=1).status_code == 400


def test_the_original_file_is_given_as_a_download(get: Get, assistant: Assistant) -> None:
    response = get("/reader/original", document=room.HOSTILE_TEXT)
    assert response.content == (assistant.library / room.HOSTILE_TEXT).read_bytes()
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_file_that_is_newer_or_gone_is_told_and_its_text_stays(get: Get, assistant: Assistant) -> None:
    path = assistant.library / "other.txt"
    before = path.read_bytes()
    try:
        path.write_bytes(before + b"More.\n")
        assert "文件比索引新" in html.unescape(get("/read", document="other.txt").text)
        path.unlink()
        page = html.unescape(get("/read", document="other.txt").text)
        assert "文件已不在资料库里" in page
        assert "fire drill" in page
        assert 'class="download"' not in page
        assert get("/reader/original", document="other.txt").status_code == 400
        path.symlink_to("/etc/hostname")
        assert get("/reader/original", document="other.txt").status_code == 400
    finally:
        path.unlink(missing_ok=True)
        path.write_bytes(before)


def test_a_library_that_was_never_indexed_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    with Running(make_assistant(tmp_path)) as server:
        response = room.getting(server)("/read", document="甲.txt")
    assert response.status_code == 400
    assert "索引" in html.unescape(response.text)
