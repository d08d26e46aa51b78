"""The routes of the library's room: what they write into the library's folder, and what they refuse."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.config import SAMPLE_LIBRARY
from tests.index.library import TEXTS, make_assistant, settings, write
from tests.ui.running import Running
from tests.ui.test_shelf_updates import until
from ui.messages import CHINESE, ENGLISH
from ui.shelf import routes, updates, uploads

OWN = {"x-youju": "1", "accept-language": "zh"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("served")
    write(folder / "texts", TEXTS)
    assistant = make_assistant(folder, uploads=True, file_megabytes=1)
    assistant.update()
    with Running(assistant) as running:
        yield running


@pytest.fixture
def put(served: Running) -> Callable[..., dict[str, Any]]:
    def put(name: str, content: bytes | Iterator[bytes], **query: str) -> dict[str, Any]:
        answer = httpx.post(
            f"{served.url}/library/upload", params={"name": name, **query}, content=content, headers=OWN
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return put


def test_a_file_is_put_into_a_folder_and_never_over_another_unasked(served: Running, put: Callable[..., Any]) -> None:
    place = served.assistant.library / "保密"
    assert put("一.txt", "第一稿".encode(), folder="保密")["outcome"] == "added"
    assert put("一.txt", "第一稿".encode(), folder="保密")["outcome"] == "there"
    refused = put("一.txt", "第二稿".encode(), folder="保密")
    assert (refused["reason"], refused["said"]) == ("exists", "那里已有同名文件，内容不同")
    assert (place / "一.txt").read_text("utf-8") == "第一稿"
    assert put("一.txt", "第二稿".encode(), folder="保密", replace="yes")["outcome"] == "replaced"
    assert (place / "一.txt").read_text("utf-8") == "第二稿"


@pytest.mark.parametrize(
    ("name", "folder", "reason"),
    [
        ("../跑.txt", "", "name"),
        ("..\\跑.txt", "", "name"),
        ("a\u202etxt.txt", "", "name"),
        ("youju.toml", "", "name"),
        (".youjuignore", "", "name"),
        ("a.exe", "", "kind"),
        ("a.txt", "..", "folder"),
        ("a.txt", "保密/../..", "folder"),
        ("a.txt", "/etc", "folder"),
        ("a.txt", "没有", "folder"),
    ],
)
def test_nothing_leaves_the_library(
    served: Running, put: Callable[..., Any], name: str, folder: str, reason: str
) -> None:
    before = sorted(served.assistant.library.parent.rglob("*.*"))
    refused = put(name, b"text", folder=folder)
    assert refused["reason"] == reason
    assert refused["said"]
    assert sorted(served.assistant.library.parent.rglob("*.*")) == before


def test_what_is_too_long_is_cut_off_and_leaves_nothing(served: Running) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield "长".encode() * 20_000

    for content in (b"x" * 1_000_001, pieces()):
        try:
            answer = httpx.post(f"{served.url}/library/upload?name=a.txt", content=content, headers=OWN)
        except httpx.TransportError:  # the server has closed the connection before all of it was sent
            continue
        assert answer.status_code == 413
    assert not list(served.assistant.library.glob("*a.txt*"))
    assert not list(served.assistant.library.glob(".youju-*"))


def test_uploads_over_slow_lines_hold_nothing_else_up(served: Running) -> None:
    head = b"POST /library/upload?name=%d.txt HTTP/1.1\r\nHost: localhost\r\nx-youju: 1\r\nContent-Length: 9\r\n\r\nabc"
    with contextlib.ExitStack() as lines:
        slow = [lines.enter_context(socket.create_connection(served.address)) for _ in range(60)]
        for number, line in enumerate(slow):
            line.sendall(head % number)
        while not list(served.assistant.library.glob(".youju-*")):
            pass
        assert httpx.get(f"{served.url}/library/state", headers=OWN, timeout=30).status_code == 200
        for line in slow:
            line.sendall(b"defghi")
        for line in slow:
            assert line.recv(100).startswith(b"HTTP/1.1 200")
    for number in range(60):
        path = served.assistant.library / f"{number}.txt"
        assert path.read_bytes() == b"abcdefghi"
        path.unlink()


def test_an_upload_that_sends_no_more_is_given_up(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_UPLOAD_PAUSE", 0.05)
    with socket.create_connection(served.address) as line:
        line.sendall(b"POST /library/upload?name=z.txt HTTP/1.1\r\nHost: localhost\r\nx-youju: 1\r\n")
        line.sendall(b"Content-Length: 9\r\n\r\nabc")
        assert line.recv(100).startswith(b"HTTP/1.1 408")
    assert not list(served.assistant.library.glob("*z.txt*"))
    assert not list(served.assistant.library.glob(".youju-*"))


def test_another_site_can_put_nothing_here(served: Running) -> None:
    url = f"{served.url}/library/upload?name=b.txt"
    assert httpx.post(url, content=b"text").status_code == 403
    assert httpx.post(url, content=b"text", headers={"origin": "http://evil.example"}).status_code == 403
    assert not (served.assistant.library / "b.txt").exists()


def test_uploads_are_only_where_they_are_switched_on_and_never_in_the_sample(tmp_path: Path) -> None:
    on = settings(tmp_path, uploads=True)
    assert uploads.allowed(on)
    assert not uploads.allowed(settings(tmp_path))
    sample = on.model_copy(update={"library": SAMPLE_LIBRARY})
    assert not uploads.allowed(sample)
    assert "<code>youju chat" in uploads.upload_part(settings(tmp_path), ENGLISH).replace("&#32;", " ")
    assert "不收新文件" in uploads.upload_part(sample, CHINESE)


def test_the_dictionary_is_written_whole_or_not_at_all(served: Running) -> None:
    def save(text: str, seen: str) -> dict[str, str]:
        answer = httpx.post(f"{served.url}/library/dictionary", json={"text": text, "seen": seen}, headers=OWN)
        assert answer.status_code == 200
        return dict(answer.json())

    path = served.assistant.library / "youju.dict"
    refused = save("清河镇\nabc", "")
    assert "第 2 行" in refused["problems"]
    assert "seen" not in refused
    assert not path.exists()
    saved = save("清河镇", "")
    assert path.read_text("utf-8") == "清河镇\n"
    path.write_text("别人的词\n<b>词</b>\n", "utf-8")
    conflict = save("我的词", saved["seen"])
    assert "别人的词" in conflict["said"]
    assert "<b>" not in conflict["said"]
    assert path.read_text("utf-8").startswith("别人的词")
    path.unlink()


def test_the_table_is_made_again_only_where_something_changed(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "LOOK_SHARE", 1e9)  # of a small library: looked at every time
    made: list[object] = []
    real = routes.overview
    monkeypatch.setattr(routes, "overview", lambda assistant: made.append(assistant) or real(assistant))

    def table(**query: str) -> str:
        answer = httpx.get(f"{served.url}/library/documents", params=query, headers=OWN)
        return answer.text.replace("&#46;", ".")

    write(served.assistant.library, {"另一篇.txt": "后来的文字。"})
    assert "另一篇.txt" in table()
    first = len(made)
    assert "另一篇.txt" in table(q="另一")
    assert "另一篇.txt" not in table(q="没有")
    assert len(made) == first
    (served.assistant.library / "另一篇.txt").unlink()
    assert "另一篇.txt" not in table()
    assert len(made) == first + 1


def test_a_library_that_is_damaged_says_what_to_do(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    assistant.close()
    (assistant.index_dir / "library.sqlite").write_bytes(b"no database" * 1000)
    with Running(make_assistant(tmp_path)) as running:
        parts = httpx.get(f"{running.url}/library/parts", headers=OWN).text
        assert "资料库" in parts
        assert "part&#61;check" in parts or "part=check" in parts
        state = httpx.get(f"{running.url}/library/state", headers=OWN).json()
        assert "资料库现在用不了" in state["welcome"]
        assert httpx.get(f"{running.url}/library/documents", headers=OWN).status_code == 400


def test_what_was_just_written_is_seen_at_once(
    served: Running, put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where looking takes so long that it is done now and then only."""
    served.desk.updates.start()
    until(lambda: not served.desk.updates.running)
    monkeypatch.setattr(updates, "LOOK_SHARE", 1e-9)

    def look(path: str = "state", **body: object) -> str:
        url = f"{served.url}/library/{path}"
        answer = httpx.post(url, json=body, headers=OWN) if path != "state" else httpx.get(url, headers=OWN)
        return str(answer.json().get("library"))

    look("look")
    assert "索引是最新的" in look()
    put("刚放的.txt", "刚放进来的文字。".encode())
    assert "新增 1" in look()
    (served.assistant.library / "刚放的.txt").unlink()
    assert "新增 1" in look()
    assert "索引是最新的" in look("look")
    look("dictionary", text="新词", seen="")
    assert "新增 1" in look()
    (served.assistant.library / "youju.dict").unlink()
    look("look")
