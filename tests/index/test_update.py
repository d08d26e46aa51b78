"""An update writes what changed and nothing else, and nothing is lost on the way."""

import multiprocessing
import os
import sqlite3
import time
from pathlib import Path

import filelock
import pytest

from assistant.assistant import Assistant
from assistant.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexVersionError,
    LibraryError,
    LibraryIndexError,
    NotIndexedError,
    ReadError,
)
from assistant.index.database import recorded_library
from assistant.readers.worker import Reader
from assistant.types import Progress
from tests.fake_embedder import FakeEmbedder
from tests.index.library import TEXTS, make_assistant, settings, write


@pytest.fixture
def library(tmp_path: Path) -> Path:
    write(tmp_path / "texts", TEXTS)
    return tmp_path / "texts"


def quotes_hold(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.hits
    for citation in answer.citations:
        assert assistant.document(citation.document).text[citation.start : citation.end] == citation.quote


def test_first_update_indexes_everything(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path, threshold=0)
    with pytest.raises(NotIndexedError, match="youju index"):
        assistant.ask("粮食自给率")
    report = assistant.update()
    assert (report.generation, report.added, report.edited, report.removed) == (1, 3, 0, 0)
    assert report.documents == 3
    assert report.embedded == report.windows > 0
    assert {d.id for d in assistant.documents()} == set(TEXTS)
    quotes_hold(assistant, "粮食自给率要达到多少？")
    assert assistant.ask("粮食自给率要达到多少？").citations[0].document == "粮食.txt"


def test_nothing_changed_embeds_nothing_and_keeps_the_generation(tmp_path: Path, library: Path) -> None:
    embedder = FakeEmbedder()
    make_assistant(tmp_path, embedder).update()
    embedded = list(embedder.texts_embedded)
    os.utime(library / "safety.txt", (1, 1))  # another time, the same content
    report = make_assistant(tmp_path, embedder).update()
    assert (report.generation, report.changed, report.embedded) == (1, False, 0)
    assert embedder.texts_embedded == embedded


def test_an_edited_paragraph_embeds_only_its_own_windows(tmp_path: Path, library: Path) -> None:
    embedder = FakeEmbedder()
    assistant = make_assistant(tmp_path, embedder)
    assistant.update()
    before = len(embedder.texts_embedded)
    path = library / "保密" / "办法.md"
    path.write_text(path.read_text("utf-8").replace("签订保密承诺书", "签订保密责任书"), "utf-8")
    report = assistant.update()
    assert (report.generation, report.edited, report.embedded) == (2, 1, 1)
    assert "责任书" in "".join(embedder.texts_embedded[before:])
    assert any("责任书" in hit.text for hit in assistant.search("涉密人员签订什么"))
    assert not any("承诺书" in hit.text for hit in assistant.search("涉密人员签订什么"))


def test_removed_and_renamed_files(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path)
    assistant.update()
    (library / "safety.txt").unlink()
    (library / "粮食.txt").rename(library / "粮食安全.txt")
    report = assistant.update()
    assert (report.added, report.removed, report.renamed, report.embedded) == (0, 1, 1, 0)
    assert {d.id for d in assistant.documents()} == {"粮食安全.txt", "保密/办法.md"}
    assert not any(hit.passage.document == "safety.txt" for hit in assistant.search("fire drill"))


def test_a_rename_embeds_nothing_though_the_title_is_the_name(tmp_path: Path) -> None:
    text = "国内生产总值增长百分之六点九。\n" * 3
    write(
        tmp_path / "texts", {"2016年工作报告.txt": "各位代表：\n" + text, "2017年工作报告.txt": "各位代表：\n" + text}
    )
    assistant = make_assistant(tmp_path)
    first = assistant.update()
    assert first.embedded < first.windows  # the same text twice, under two titles
    (tmp_path / "texts" / "2016年工作报告.txt").rename(tmp_path / "texts" / "旧报告.txt")
    report = assistant.update()
    assert (report.renamed, report.embedded, report.documents) == (1, 0, 2)
    assert {d.title for d in assistant.documents()} == {"旧报告", "2017年工作报告"}
    (tmp_path / "texts" / "旧报告.txt").write_text("各位代表：\n" + text + "新增的一句话在这里。\n", "utf-8")
    assert assistant.update().embedded == 1


def test_the_same_text_twice_is_embedded_once_and_cited_twice(tmp_path: Path, library: Path) -> None:
    write(library, {"副本.txt": TEXTS["粮食.txt"]})
    assistant = make_assistant(tmp_path)
    report = assistant.update()
    assert report.embedded < report.windows
    assert {hit.passage.document for hit in assistant.search("粮食自给率")[:2]} == {"粮食.txt", "副本.txt"}


def test_another_model_keeps_the_old_vectors_and_answers_until_its_own_are_there(tmp_path: Path, library: Path) -> None:
    models = {"fake": FakeEmbedder(), "other": FakeEmbedder(name="other", fingerprint="other-1", dim=64)}
    first = Assistant(settings(tmp_path), load=models.__getitem__)
    first.update()
    second = Assistant(settings(tmp_path, model="other"), load=models.__getitem__)
    assert second.status().model_changed
    assert second.ask("粮食自给率").index.generation == 1  # answered by the old model
    assert models["other"].queries_embedded == []
    report = second.update()
    assert (report.generation, report.embedded) == (2, report.windows)
    second.ask("粮食自给率")
    assert models["other"].queries_embedded
    made = len(models["fake"].texts_embedded)
    assert first.update().embedded == 0  # back to the first model: nothing is embedded again
    assert len(models["fake"].texts_embedded) == made


class Interrupted(FakeEmbedder):
    """Stops as Ctrl-C would, after some batches."""

    def __init__(self, batches: int) -> None:
        super().__init__()
        self.left = batches

    def encode_passages(self, texts):  # type: ignore[no-untyped-def]
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return super().encode_passages(texts)


def test_an_interrupted_update_goes_on_where_it_stopped(tmp_path: Path, library: Path) -> None:
    interrupted = Interrupted(batches=2)
    with pytest.raises(KeyboardInterrupt):
        make_assistant(tmp_path, interrupted, batch_size=2).update()
    assert len(interrupted.texts_embedded) == 4
    embedder = FakeEmbedder()
    report = make_assistant(tmp_path, embedder).update()
    assert report.embedded == report.windows - 4
    assert not set(embedder.texts_embedded) & set(interrupted.texts_embedded)


class Slow(FakeEmbedder):
    def encode_passages(self, texts):  # type: ignore[no-untyped-def]
        time.sleep(0.05)
        return super().encode_passages(texts)


def _update(tmp_path: Path) -> None:
    make_assistant(tmp_path, Slow(), batch_size=1).update()


def test_a_killed_update_leaves_the_old_generation_and_the_vectors_made(tmp_path: Path, library: Path) -> None:
    make_assistant(tmp_path).update()
    write(library, {f"新{i}.txt": f"第{i}份新增文件讲的是第{i}件事情。\n" for i in range(60)})
    process = multiprocessing.get_context("spawn").Process(target=_update, args=(tmp_path,))
    process.start()
    time.sleep(3.0)
    process.kill()
    process.join()
    assistant = make_assistant(tmp_path)
    quotes_hold(assistant, "粮食自给率要达到多少？")
    report = assistant.update()
    assert report.documents == 63
    quotes_hold(assistant, "第7份新增文件讲什么？")


def test_two_updates_at_once(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path)
    assistant.update()
    with filelock.FileLock(tmp_path / "index" / "lock"), pytest.raises(IndexBusyError, match="Another process"):
        assistant.update()
    assert assistant.ask("粮食自给率").hits


def test_another_process_update_is_noticed(tmp_path: Path, library: Path) -> None:
    reader, writer = make_assistant(tmp_path), make_assistant(tmp_path)
    writer.update()
    assert reader.ask("消防").index.generation == 1
    write(library, {"消防.txt": "消防通道必须保持畅通。\n"})
    assert reader.ask("消防通道").index.stale
    writer.update()
    answer = reader.ask("消防通道")
    assert answer.index.generation == 2
    assert answer.hits[0].passage.document == "消防.txt"


@pytest.mark.parametrize("damage", ["vectors", "keywords", "manifest", "all", "truncated"])
def test_derived_files_are_made_again_without_embedding(tmp_path: Path, library: Path, damage: str) -> None:
    before = make_assistant(tmp_path)
    before.update()
    before.close()
    folder = tmp_path / "index" / "derived" / "1"
    victims = {
        "vectors": [folder / "vectors.faiss"],
        "keywords": [next(iter((folder / "keywords").glob("*.term")))],
        "manifest": [folder / "derived.json"],
        "all": [path for path in folder.rglob("*") if path.is_file()],
        "truncated": [folder / "vectors.faiss"],
    }[damage]
    for victim in victims:
        data = bytearray(victim.read_bytes())
        if damage in ("manifest", "all"):
            victim.unlink()
        elif damage == "truncated":
            victim.write_bytes(data[: len(data) // 2])
        else:
            data[len(data) // 2] ^= 0xFF
            victim.write_bytes(data)
    embedder = FakeEmbedder()
    assistant = make_assistant(tmp_path, embedder)
    quotes_hold(assistant, "粮食自给率")
    assert embedder.texts_embedded == []


def test_missing_and_empty_libraries_lose_nothing(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path)
    assistant.update()
    library.rename(tmp_path / "away")
    with pytest.raises(LibraryError, match="does not exist"):
        assistant.update()
    (tmp_path / "texts").mkdir()
    with pytest.raises(LibraryError, match="no text"):
        assistant.update()
    assert assistant.ask("粮食自给率").hits
    (tmp_path / "texts").rmdir()
    (tmp_path / "texts").write_text("")
    with pytest.raises(LibraryError, match="not a folder"):
        assistant.update()


def test_a_bad_file_never_stops_an_update(tmp_path: Path, library: Path) -> None:
    (library / "图片.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (library / "空.txt").write_bytes(b"")
    (library / "报告.xyz").write_bytes(b"?")
    (library / ".hidden.txt").write_text("秘密")
    (library / "~$draft.txt").write_text("草稿")
    assistant = make_assistant(tmp_path)
    report = assistant.update()
    assert report.documents == 3
    assert {problem.path for problem in report.problems} == {"图片.txt", "空.txt", "报告.xyz"}
    assert {problem.path for problem in assistant.status().problems} == {"图片.txt", "空.txt", "报告.xyz"}
    assert assistant.update().changed is False


def test_an_index_of_another_library_is_not_overwritten(tmp_path: Path, library: Path) -> None:
    make_assistant(tmp_path).update()
    write(tmp_path / "other", {"a.txt": "别的文本。"})
    with pytest.raises(LibraryIndexError, match="belongs to the library"):
        make_assistant(tmp_path, library=tmp_path / "other").update()
    assert make_assistant(tmp_path).ask("粮食自给率").hits


def test_an_index_of_a_newer_version_is_refused(tmp_path: Path, library: Path) -> None:
    make_assistant(tmp_path).update()
    with sqlite3.connect(tmp_path / "index" / "library.sqlite") as connection:
        connection.execute("UPDATE settings SET value = '99' WHERE key = 'format'")
    connection.close()
    for action in (lambda a: a.ask("粮食"), lambda a: a.update(), lambda a: a.status()):
        with pytest.raises(IndexVersionError, match="newer version"):
            action(make_assistant(tmp_path))


def test_a_damaged_database_is_told_clearly(tmp_path: Path, library: Path) -> None:
    make_assistant(tmp_path).update()
    (tmp_path / "index" / "library.sqlite").write_bytes(b"not a database" * 1000)
    for action in (lambda a: a.ask("粮食"), lambda a: a.update()):
        with pytest.raises(IndexDamagedError, match="texts are untouched"):
            action(make_assistant(tmp_path))


def test_an_index_inside_its_library_is_no_text(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path, index=library / "索引")
    assistant.update()
    assert assistant.update().problems == ()
    assert not assistant.status().changes


def test_the_log_does_not_grow_with_every_update(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path)
    sizes = []
    for number in range(12):
        write(library, {"粮食.txt": TEXTS["粮食.txt"] + f"第{number}次修改的内容。\n"})
        assistant.update()
        assistant.ask("粮食自给率")
        sizes.append((tmp_path / "index" / "library.sqlite-wal").stat().st_size)
    assert sizes[-1] <= 2 * max(sizes[:4])  # it would be five times as large


def test_status_before_and_after(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path)
    before = assistant.status()
    assert (before.generation, before.built_at, len(before.changes.added)) == (0, None, 3)
    assistant.update()
    (library / "safety.txt").write_text("Changed.")
    (library / "粮食.txt").unlink()
    write(library, {"new.txt": "New."})
    after = assistant.status()
    assert (after.changes.added, after.changes.edited, after.changes.removed) == (
        ("new.txt",),
        ("safety.txt",),
        ("粮食.txt",),
    )


def test_progress_tells_documents_speed_and_time_left(tmp_path: Path, library: Path) -> None:
    seen: list[Progress] = []
    make_assistant(tmp_path, batch_size=1).update(seen.append)
    assert list(dict.fromkeys(p.stage for p in seen)) == ["scan", "read", "embed", "publish"]
    last = [p for p in seen if p.stage == "embed"][-1]
    assert last.windows == last.windows_total > 0
    assert last.windows_per_second > 0
    assert last.seconds_left == 0


def test_the_index_folder_is_private(tmp_path: Path, library: Path) -> None:
    make_assistant(tmp_path).update()
    assert (tmp_path / "index").stat().st_mode & 0o077 == 0
    assert (tmp_path / "index" / "library.sqlite").stat().st_mode & 0o077 == 0


class Forgetful(FakeEmbedder):
    """Fails as a full disk or a power cut would, before anything is published."""

    def encode_passages(self, texts):  # type: ignore[no-untyped-def]
        raise OSError(28, "No space left on device")


def test_an_unfinished_index_remembers_its_library(tmp_path: Path, library: Path) -> None:
    with pytest.raises(LibraryIndexError, match="Make room"):
        make_assistant(tmp_path, Forgetful()).update()
    assert recorded_library(tmp_path / "index") == library
    write(tmp_path / "other", {"a.txt": "别的文本。"})
    with pytest.raises(LibraryIndexError, match="belongs to the library"):
        make_assistant(tmp_path, library=tmp_path / "other").update()
    assert make_assistant(tmp_path).update().documents == 3


def test_places_that_cannot_be_written_are_told(tmp_path: Path, library: Path) -> None:
    for index in (library / "粮食.txt", Path("/proc/nowhere")):
        with pytest.raises(LibraryIndexError, match="cannot be written"):
            make_assistant(tmp_path, index=index).update()


def test_links_in_circles_and_out_of_the_library_are_listed(tmp_path: Path, library: Path) -> None:
    (library / "self.txt").symlink_to(library / "self.txt")
    (library / "nothing.txt").symlink_to(library / "no such file")
    (tmp_path / "outside.txt").write_text("外面的文本。", "utf-8")
    (library / "out.txt").symlink_to(tmp_path / "outside.txt")
    (library / "again").symlink_to(library, target_is_directory=True)
    report = make_assistant(tmp_path).update()
    assert report.documents == 3
    assert {problem.path for problem in report.problems} == {"self.txt", "nothing.txt", "out.txt", "again"}


def test_a_file_that_could_not_be_read_is_tried_again(tmp_path: Path, library: Path) -> None:
    (library / "大.txt").write_text("一段很长的文本。\n" * 100_000, "utf-8")
    report = make_assistant(tmp_path, file_megabytes=1).update()
    assert [problem.path for problem in report.problems] == ["大.txt"]
    again = make_assistant(tmp_path, file_megabytes=1).update()
    assert (again.changed, again.problems) == (False, report.problems)
    assert make_assistant(tmp_path, file_megabytes=50).update().documents == 4


def test_a_file_that_fails_for_once_keeps_what_was_indexed(
    tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = make_assistant(tmp_path)
    assistant.update()

    def fail(reader: Reader, path: Path, document_id: str) -> None:
        raise ReadError(f"{document_id} took too long.")

    with monkeypatch.context() as patched:
        patched.setattr(Reader, "read", fail)
        report = make_assistant(tmp_path, window_characters=60).update()  # another recipe: everything is read again
    assert report.documents == 3
    assert len(report.problems) == 3
    assert make_assistant(tmp_path, window_characters=60).update().problems == ()


def test_two_files_that_make_the_same_name_do_not_stop_an_update(tmp_path: Path, library: Path) -> None:
    write(library, {"a.jsonl": '{"id": "1.txt", "text": "语料中的一段。"}\n', "a.jsonl#1.txt": "同名的文件。"})
    report = make_assistant(tmp_path).update()
    assert report.documents == 4
    assert [problem.path for problem in report.problems] == ["a.jsonl#1.txt"]


def test_a_name_that_an_unchanged_file_has_does_not_stop_an_update(tmp_path: Path, library: Path) -> None:
    write(library, {"a.jsonl": '{"id": "1.txt", "text": "语料中的一段。"}\n'})
    assistant = make_assistant(tmp_path)
    assistant.update()
    write(library, {"a.jsonl#1.txt": "同名的文件。"})
    report = assistant.update()
    assert report.documents == 4
    assert [problem.path for problem in report.problems] == ["a.jsonl#1.txt"]


def test_what_was_removed_is_missing_at_once(tmp_path: Path, library: Path) -> None:
    write(library, {"量子.txt": "量子计算机使用量子比特。\n"})
    assistant = make_assistant(tmp_path, threshold=1.0)
    assistant.update()
    (library / "量子.txt").unlink()
    assistant.update()
    refusal = assistant.ask("量子是什么？").refusal
    assert refusal is not None
    assert refusal.missing == ("量子",)


def test_a_database_that_was_only_just_made_is_no_damage(tmp_path: Path, library: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "library.sqlite").touch()
    assistant = make_assistant(tmp_path)
    assert assistant.status().generation == 0
    with pytest.raises(NotIndexedError):
        assistant.ask("粮食")
    assert assistant.update().generation == 1
