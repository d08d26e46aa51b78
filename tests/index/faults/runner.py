"""A process that has everything imported and forks a child for each fault, and the side that drives it.

A child is as good as a fresh process: nothing of the index was ever open in its parent. Jobs and results are lines of
JSON. Started with `python -m tests.index.faults.runner ROOT NAME LIBRARY`.
"""

from __future__ import annotations

import ctypes
import dataclasses
import errno
import gc
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.errors import LibraryIndexError, YoujuError
from assistant.index.database import Database
from assistant.types import Progress
from embeddings.embedder import Vectors
from tests.fake_embedder import FakeEmbedder

KINDS = ("open", "write", "grow", "truncate", "sync", "rename", "unlink", "rmdir", "mkdir", "link", "note")
NEEDING_ROOM = ("open", "write", "grow", "rename", "mkdir", "link")
CHANGING = (*NEEDING_ROOM, "truncate", "unlink", "rmdir")  # a kill before a sync leaves what a kill after it leaves
MODES = {"count": 1, "kill": 2, "half": 3, "once": 4, "from": 5}
QUESTIONS = ("粮食自给率要达到多少？", "涉密人员上岗前应当做什么？", "Who keeps the records of fire drills?", "水利")
_HEADER = struct.Struct("=6IQq")
_SECONDS = 60  # after which a child counts as hanging


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """What happens to which of the numbered calls; `mode` is one of MODES."""

    mode: str
    kinds: tuple[str, ...] = CHANGING
    at: int = 0
    error: int = errno.ENOSPC


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """A logged call. `offset` is of a write, the new size of a truncation, or whether an opened file was there."""

    kind: str
    number: int
    error: int
    path: str
    path2: str
    inode: int
    offset: int
    data: bytes

    def __str__(self) -> str:
        return f"{self.kind} {self.path}{' → ' if self.path2 else ''}{self.path2}"


def read_log(path: Path) -> Iterator[Call]:
    content, place = path.read_bytes(), 0
    while place < len(content):
        kind, number, error, *lengths, inode, offset = _HEADER.unpack_from(content, place)
        place += _HEADER.size
        parts = []
        for length in lengths:
            parts.append(content[place : place + length])
            place += length
        yield Call(KINDS[kind], number, error, parts[0].decode(), parts[1].decode(), inode, offset, parts[2])


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """What a process sees of the library."""

    generation: int
    model: str
    texts: Mapping[str, str]
    counts: tuple[int, int, int]
    passages: frozenset[tuple[str, int, int]]

    def same(self, other: Seen | None) -> bool:
        """Whether both are the same state of the library, whatever number their generation has."""
        return other is not None and dataclasses.replace(self, generation=other.generation) == other


class Runner:
    """Drives one runner process. For one thread."""

    def __init__(self, root: Path, name: str, library: Path, shim: Path) -> None:
        self.index = root / name / "index"
        self.log = root / name / "log"
        self._files = Path(__file__)
        top = self._files.parents[3]
        temporary = root / name / "tmp"
        temporary.mkdir(parents=True)
        temporary.chmod(0o777)  # one job is done as another user
        environment = {
            **os.environ,
            "OMP_NUM_THREADS": "1",  # a process with threads of its own cannot be forked
            "PYTHONPATH": str(top),
            "TMPDIR": str(temporary),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.index.faults.runner", str(root / name), str(library), str(shim)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=top,
            env=environment,
            text=True,
        )
        self._receive()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the runner ended ({self._process.poll()})"
        result: dict[str, Any] = json.loads(line)
        assert "traceback" not in result, result["traceback"]
        assert result.get("signal") in (None, signal.SIGKILL), f"a child ended by signal {result['signal']}"
        return result

    def do(self, job: str, fault: Fault | None = None, **values: Any) -> dict[str, Any]:
        """Run a job in a child of its own; `{"signal": 9}` where it was killed."""
        assert self._process.stdin is not None
        told = {"job": job, "fault": None if fault is None else dataclasses.asdict(fault), **values}
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return self._receive()

    def calls(self) -> list[Call]:
        """The log of the last job with a fault."""
        return list(read_log(self.log))


def seen_of(result: Mapping[str, Any]) -> Seen | None:
    """None where there is no index yet; fails where a quote is not its span or counts do not agree."""
    if result["error"] is not None:
        assert result["error"].startswith("NotIndexedError"), result["error"]
        return None
    documents, passages, _ = counts = tuple(result["counts"])
    assert result["quotes_wrong"] == [], result["quotes_wrong"]
    assert result["citations"] > 0, "no citation was made"
    assert len(result["texts"]) == documents, (sorted(result["texts"]), counts)
    assert result["listed_passages"] == len(result["passages"]) == passages, (result["passages"], counts)
    assert tuple(result["status"]) == counts, (result["status"], counts)
    return Seen(
        result["generation"],
        result["model"],
        result["texts"],
        (documents, passages, counts[2]),
        frozenset((name, start, end) for name, start, end in result["passages"]),
    )


# The process itself


def _look(assistant: Assistant) -> dict[str, Any]:
    """Everything that can be asked."""
    wrong: list[str] = []
    citations, generation = 0, -1
    try:
        for question in QUESTIONS:
            answer = assistant.ask(question)
            generation = answer.index.generation
            for citation in answer.citations:
                citations += 1
                text = assistant.document(citation.document).text
                if text[citation.start : citation.end] != citation.quote:
                    wrong.append(f"{citation.document} {citation.start}:{citation.end} is not {citation.quote!r}")
        hits = assistant.search(QUESTIONS[0], limit=100, dense_weight=1)
        listed = assistant.documents()
        texts = {info.id: assistant.document(info.id).text for info in listed}
        status = assistant.status()
        database = Database.open(assistant.index_dir)
        counts = database.counts()
        database.close()
    except YoujuError as error:
        return {"error": f"{type(error).__name__}: {error}"}
    except Exception:  # noqa: BLE001 told to the test, which judges it
        return {"error": traceback.format_exc()}
    return {
        "error": None,
        "generation": generation,
        "model": status.model,
        "texts": texts,
        "counts": counts,
        "status": (status.documents, status.passages, status.windows),
        "listed_passages": sum(info.passages for info in listed),
        "passages": sorted((hit.passage.document, hit.passage.start, hit.passage.end) for hit in hits),
        "citations": citations,
        "quotes_wrong": wrong,
    }


class _Child:
    """What a forked child does."""

    def __init__(self, assistants: Mapping[str, Assistant], embedders: Mapping[str, FakeEmbedder], shim: Path) -> None:
        self._assistants = assistants
        self._embedders = embedders
        self._library = ctypes.CDLL(str(shim))

    def run(self, told: dict[str, Any], log: Path) -> dict[str, Any]:
        fault = told["fault"] and Fault(**told["fault"])
        assistant = self._assistants[told.get("model", "fake")]
        return getattr(self, told["job"])(assistant, fault, log, told)  # type: ignore[no-any-return]

    def _arm(self, where: Path, fault: Fault | None, log: Path) -> None:
        if fault is not None:
            where.mkdir(exist_ok=True)
            bits = sum(1 << KINDS.index(kind) for kind in fault.kinds)
            arguments = (os.fsencode(where), os.fsencode(log), MODES[fault.mode], bits, fault.at, fault.error)
            assert self._library.faults_arm(*arguments) == 0, "system calls cannot be intercepted here"

    def _note(self, progress: Progress) -> None:
        self._library.faults_note(progress.stage.encode())

    def ask(self, assistant: Assistant, fault: Fault | None, log: Path, told: dict[str, Any]) -> dict[str, Any]:
        self._arm(assistant.index_dir, fault, log)
        return _look(assistant)

    def update(self, assistant: Assistant, fault: Fault | None, log: Path, told: dict[str, Any]) -> dict[str, Any]:
        """Asks before where told to, updates with the fault, looks and checks where told to."""
        before = _look(assistant) if told.get("asks") else None
        embedder = self._embedders[assistant.settings.model]
        embedder.texts_embedded.clear()
        self._arm(assistant.index_dir, fault, log)
        error, known, trace = None, True, ""
        try:
            assistant.update(self._note)
            self._library.faults_note(b"done")
        except Exception as caught:  # noqa: BLE001 what it is is told to the test, which judges it
            error, known = f"{type(caught).__name__}: {caught}", isinstance(caught, LibraryIndexError)
            trace = traceback.format_exc()
        embedded = list(embedder.texts_embedded)
        result: dict[str, Any] = {
            "error": error,
            "known": known,
            "trace": trace,
            "before": before,
            "embedded": embedded,
        }
        if told.get("looks"):
            result["during"] = _look(assistant)
        if told.get("checks"):
            result["findings"] = [f"{found.place}: {found.reason}" for found in assistant.check().findings]
        if fault is not None:
            result["calls"] = self._library.faults_disarm()
        return result

    def build(self, assistant: Assistant, fault: Fault | None, log: Path, told: dict[str, Any]) -> dict[str, Any]:
        """An index made without faults."""
        assistant.update()
        look = _look(assistant)
        assistant.close()
        return look

    def as_nobody(self, assistant: Assistant, fault: Fault | None, log: Path, told: dict[str, Any]) -> dict[str, Any]:
        """Asks and updates without the right to write."""
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        look = _look(assistant)
        result = self.update(assistant, None, log, {})
        return {"look": look, "update": result, "again": _look(assistant)}


class _Remembering(FakeEmbedder):
    """Knows what its parent process embedded: most of an update's time would be spent on that."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._known: dict[str, Vectors] = {}

    def _encode(self, texts: Sequence[str]) -> Vectors:
        for text in texts:
            if text not in self._known:
                self._known[text] = super()._encode([text])[0]
        return np.stack([self._known[text] for text in texts])


def _warmed(root: Path, library: Path) -> tuple[dict[str, Assistant], dict[str, FakeEmbedder]]:
    """The assistants that children use, after everything that is loaded when it is first needed has been."""
    embedders: dict[str, FakeEmbedder] = {
        "fake": _Remembering(dim=64),
        "other": _Remembering(dim=32, name="other", fingerprint="other-1"),
    }
    assistants = {}
    for model in embedders:
        settings = Settings(
            library=library, index=root / "index", data_dir=root, cache_dir=root, model=model, threshold=0
        )
        assistants[model] = Assistant(settings, load=embedders.__getitem__)
    extra = library / f"{root.name}.txt"
    for text, model in (("先前的内容。", "fake"), ("一段新的内容。", "fake"), ("一段新的内容。", "other")):
        extra.write_text(text, "utf-8")
        assistants[model].update()
        _look(assistants[model])
    for assistant in assistants.values():
        assistant.close()  # it opens the index anew, as in a process that never had it open
    extra.unlink()
    shutil.rmtree(root / "index")
    gc.collect()  # the snapshots
    gc.freeze()  # a collection in a child would touch, and so copy, all memory
    for _ in range(1000):
        if _threads() == 1:
            break
        time.sleep(0.01)
    return assistants, embedders


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _serve(root: Path, library: Path, shim: Path) -> None:
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    child = _Child(*_warmed(root, library), shim)
    output.write('{"ready": true}\n')
    output.flush()
    for line in sys.stdin:
        assert _threads() == 1, "a fork would lose all threads but one"
        receiving, sending = os.pipe()
        pid = os.fork()
        if pid == 0:
            signal.alarm(_SECONDS)
            try:
                result = child.run(json.loads(line), root / "log")
            except BaseException:  # noqa: BLE001 told to the test
                result = {"traceback": traceback.format_exc()}
            with os.fdopen(sending, "w") as pipe:
                json.dump(result, pipe, ensure_ascii=True)
            os._exit(0)
        os.close(sending)
        with os.fdopen(receiving) as pipe:
            answer = pipe.read()
        status = os.waitpid(pid, 0)[1]
        for left in (root / "tmp").iterdir():  # a child that is killed does not clear up
            shutil.rmtree(left)
        if os.WIFSIGNALED(status):
            answer = json.dumps({"signal": os.WTERMSIG(status)})
        output.write(answer + "\n")
        output.flush()


if __name__ == "__main__":
    _serve(*(Path(argument) for argument in sys.argv[1:]))
