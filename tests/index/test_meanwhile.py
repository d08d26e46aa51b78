"""Questions during updates, and clocks and times that lie."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.errors import UpdateStoppedError
from assistant.types import Answer
from tests.fake_embedder import FakeEmbedder
from tests.index.library import TEXTS, make_assistant, write

QUESTION = "粮食自给率是多少？"
CLIENTS = 8


@pytest.fixture
def library(tmp_path: Path) -> Path:
    write(tmp_path / "texts", TEXTS)
    return tmp_path / "texts"


class Slow(FakeEmbedder):
    """Takes its time with passages, and says when it has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def encode_passages(self, texts):
        self.begun.set()
        time.sleep(0.05)
        return super().encode_passages(texts)


def test_eight_clients_ask_while_every_text_is_replaced(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path, Slow(), batch_size=1)
    assistant.update()
    answers: list[Answer] = []
    faults: list[BaseException] = []
    ended = threading.Event()

    def client() -> None:
        generation = 0
        while not ended.is_set():
            try:
                answer = assistant.ask(QUESTION)
                texts = {c.document: assistant.document(c.document).text for c in answer.citations}
                same = all(texts[c.document][c.start : c.end] == c.quote for c in answer.citations)
                # A document asked for later may be of the next generation, where it is another text.
                if not same and assistant.status().generation == answer.index.generation:
                    raise AssertionError(answer)
                assert answer.index.generation >= generation
                generation = answer.index.generation
                answers.append(answer)
            except BaseException as error:  # noqa: BLE001 - told by the test
                faults.append(error)

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in clients:
        thread.start()
    try:
        for rate in (95, 90, 85):
            edited = {name: text.replace("100%", f"{rate}%") + f"第{rate}次修改。\n" for name, text in TEXTS.items()}
            write(library, edited)
            assistant.update()
            assert f"{rate}%" in assistant.ask(QUESTION).text
    finally:
        ended.set()
        for thread in clients:
            thread.join()
    assert not faults
    assert {answer.index.generation for answer in answers} >= {1, 4}
    assert all(answer.answered for answer in answers)
    for answer in answers:
        rate = {1: "100%", 2: "95%", 3: "90%", 4: "85%"}[answer.index.generation]
        assert rate in answer.text


def test_a_stopped_update_keeps_what_it_embedded(tmp_path: Path, library: Path) -> None:
    embedder = Slow()
    assistant = make_assistant(tmp_path, embedder, batch_size=1)
    stop = threading.Event()
    stopped: list[BaseException] = []

    def update() -> None:
        try:
            assistant.update(stop=stop)
        except UpdateStoppedError as error:
            stopped.append(error)

    thread = threading.Thread(target=update)
    thread.start()
    assert embedder.begun.wait(10)
    stop.set()
    thread.join(10)
    assert len(stopped) == 1
    made = len(embedder.texts_embedded)
    assert made
    again = FakeEmbedder()
    report = make_assistant(tmp_path, again).update()
    assert not set(embedder.texts_embedded) & set(again.texts_embedded)
    assert report.documents == 3


def test_a_stop_that_came_first_does_nothing(tmp_path: Path, library: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(UpdateStoppedError):
        make_assistant(tmp_path).update(stop=stop)
    assert not (tmp_path / "index").exists()


@contextmanager
def same_time(path: Path) -> Iterator[None]:
    """Whatever is done to the file, its time of change says nothing of it."""
    before = path.stat()
    yield
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_an_edit_of_the_same_size_and_time_is_noticed(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path)
    assistant.update()
    path = library / "粮食.txt"
    with same_time(path):
        path.write_bytes(TEXTS["粮食.txt"].replace("100%", "050%").encode())
    assert assistant.status().changes.edited == ("粮食.txt",)
    assert assistant.ask(QUESTION).index.stale
    assert assistant.update().edited == 1
    assert "050%" in assistant.ask(QUESTION).text


@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_jumps(tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch, years: int) -> None:
    """Backwards (the index is from the future then) and forwards: what changed is decided by content."""
    assistant = make_assistant(tmp_path)
    assistant.update()
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + years * 31_536_000)
    for path in library.rglob("*.*"):
        os.utime(path, (time.time(), time.time()))
    assert not assistant.update().changed
    write(library, {"粮食.txt": TEXTS["粮食.txt"].replace("100%", "90%")})
    os.utime(library / "粮食.txt", (time.time(), time.time()))
    report = assistant.update()
    assert (report.edited, report.generation) == (1, 2)
    assert "90%" in assistant.ask(QUESTION).text
    assert not assistant.update().changed
    assert assistant.check().sound


def test_two_files_that_swap_their_names(tmp_path: Path, library: Path) -> None:
    embedder = FakeEmbedder()
    assistant = make_assistant(tmp_path, embedder)
    assistant.update()
    embedder.texts_embedded.clear()
    one, other, spare = library / "粮食.txt", library / "safety.txt", library / "spare"
    one.rename(spare)
    other.rename(one)
    spare.rename(other)
    report = assistant.update()
    assert report.documents == 3
    answer = assistant.ask(QUESTION)
    assert answer.citations[0].document == "safety.txt"
    assert assistant.check().sound


def test_an_update_of_an_index_folder_that_vanished(tmp_path: Path, library: Path) -> None:
    """Somebody deletes the index while it is open: answers go on, and the next update builds it again."""
    import shutil

    assistant = make_assistant(tmp_path)
    assistant.update()
    assert "100%" in assistant.ask(QUESTION).text
    shutil.rmtree(tmp_path / "index")
    assert "100%" in assistant.ask(QUESTION).text
    assert assistant.update().documents == 3
    assert "100%" in make_assistant(tmp_path).ask(QUESTION).text
    assert "100%" in assistant.ask(QUESTION).text
    assert assistant.check().sound
