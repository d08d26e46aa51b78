"""A library of one file of every format: indexed whole, sound, and quoted right."""

from pathlib import Path

import pytest

from assistant.errors import LibraryIndexError, ReadTimeoutError
from assistant.readers.worker import Reader
from tests.fake_embedder import FakeEmbedder
from tests.index.library import make_assistant, write
from tests.readers.samples import SAMPLES


def test_every_format_is_indexed_and_quoted(tmp_path: Path) -> None:
    library = tmp_path / "texts"
    library.mkdir()
    for kind, make in SAMPLES.items():
        (library / f"样本.{kind}").write_bytes(make())
    embedder = FakeEmbedder()
    assistant = make_assistant(tmp_path, embedder, threshold=0)
    report = assistant.update()
    assert report.problems == ()
    files = {info.id.split("#")[0] for info in assistant.documents()}
    assert files == {f"样本.{kind}" for kind in SAMPLES}
    assert assistant.check().sound
    quoted = set()
    for info in assistant.documents():
        document = assistant.document(info.id)
        question = " ".join(document.text.split())[:80]
        for citation in assistant.ask(question).citations:
            assert assistant.document(citation.document).text[citation.start : citation.end] == citation.quote
            quoted.add(citation.document.split("#")[0])
    assert quoted
    assert not assistant.update().changed


def test_what_takes_too_long_is_tried_again_only_when_it_or_the_limit_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "texts", {"慢.txt": "很慢的文本。\n", "快.txt": "快的文本在这里。\n"})
    read = Reader.read
    tried: list[str] = []

    def slow(self: Reader, path: Path, document_id: str) -> object:
        tried.append(document_id)
        if document_id == "慢.txt":
            raise ReadTimeoutError("慢.txt took longer than 60 seconds to read and was left out.")
        return read(self, path, document_id)

    monkeypatch.setattr(Reader, "read", slow)
    assistant = make_assistant(tmp_path)
    assert [problem.path for problem in assistant.update().problems] == ["慢.txt"]
    tried.clear()
    write(tmp_path / "texts", {"快.txt": "快的文本改了。\n"})
    assert [problem.path for problem in assistant.update().problems] == ["慢.txt"]
    assert tried == ["快.txt"]
    assert not assistant.status().changes
    write(tmp_path / "texts", {"慢.txt": "很慢的文本，改了。\n"})
    assistant.update()
    assert tried == ["快.txt", "慢.txt"]
    make_assistant(tmp_path, read_seconds=90).update()
    assert tried == ["快.txt", "慢.txt", "慢.txt"]
    monkeypatch.undo()
    assert make_assistant(tmp_path, read_seconds=95).update().added == 1


def test_an_index_is_not_kept_where_the_texts_are(tmp_path: Path) -> None:
    write(tmp_path / "texts", {"文.txt": "一段文字。\n"})
    for index in (tmp_path / "texts", tmp_path):
        with pytest.raises(LibraryIndexError, match="folder of its own"):
            make_assistant(tmp_path, index=index).update()
    assert [path.name for path in (tmp_path / "texts").iterdir()] == ["文.txt"]
