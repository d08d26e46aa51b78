"""What keeping a large library up to date costs: an edit, a rename, memory, and questions asked meanwhile."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import numpy as np

from assistant.assistant import Assistant
from assistant.evaluation.bench import Bench, Figure, seconds_of
from assistant.evaluation.metrics import percentile
from assistant.evaluation.questions import evenly_spaced, read_questions
from assistant.evaluation.sets import corpus_library
from assistant.types import UpdateReport
from embeddings.embedder import Embedder, Vectors

_REPEATS = 5
_PARAGRAPHS = 20  # of a document; about as many passages
_CLIENTS = 8


class StandInEmbedder:
    """Random unit vectors, the same for the same text, in the name of another model: its time is not what is measured.

    Questions go to the model itself, and so do passages while `real` is set.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.fingerprint = embedder.fingerprint
        self.dim = embedder.dim
        self.real = False

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        if self.real:
            return self._embedder.encode_passages(texts)
        return random_vectors(texts, self.dim)


def random_vectors(texts: Sequence[str], dim: int) -> Vectors:
    """Unit vectors of shape (len(texts), dim), each drawn from its text."""
    rows = np.empty((len(texts), dim), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        row[:] = np.random.default_rng(seed).standard_normal(dim, dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def many_documents(bench: Bench, count: int) -> Iterator[tuple[str, bytes]]:
    """Names and contents of documents of twenty paragraphs each, real sentences in ever new company."""
    rows = [json.loads(line) for name in ("zh_law", "zh_wiki") for line in bench.corpus(name).splitlines()]
    texts = cycle(" ".join(row["text"].split()) for row in rows)
    for number in range(count):
        paragraphs = (f"第{number + 1}号文件第{n}段。{text}" for n, text in enumerate(islice(texts, _PARAGRAPHS), 1))
        text = "\n\n".join((f"关于第{number + 1}号事项", *paragraphs))
        yield f"{number // 100:02}/文件{number + 1}.txt", f"{text}\n".encode()


def library_of_documents(bench: Bench, folder: Path, count: int) -> Path:
    """A library of so many documents; one that is there already is left as it is."""
    complete = folder / ".complete"
    if not complete.exists():
        for name, content in many_documents(bench, count):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        complete.touch()
    return folder


def measure_editing(bench: Bench, documents: int = 1000) -> list[Figure]:
    """One edited paragraph, one renamed file, nothing at all: from the call to the swap, with the real model."""
    folder = bench.work / "editing"
    library = library_of_documents(bench, folder / "library", documents)
    embedder = StandInEmbedder(bench.embedder)
    with closing(bench.assistant(bench.settings(library, folder / "index"), embedder)) as assistant:
        assistant.update()  # the bulk, with random vectors
        embedder.real = True
        assistant.ask("第一号文件规定了什么？")  # from now on a snapshot is open, which each update swaps
        passages = assistant.status().passages
        unchanged = [seconds_of(assistant.update) for _ in range(_REPEATS)]
        edits = [_edit(assistant, library, number) for number in range(_REPEATS)]
        renames = [_rename(assistant, library, number) for number in range(_REPEATS)]
    return [
        Figure(
            f"update with nothing changed, {documents:,} documents of twenty passages",
            median(unchanged),
            "s",
            at_most=1,
        ),
        Figure("one edited paragraph, to the swap", median(seconds for seconds, _ in edits), "s", at_most=2),
        Figure("… windows embedded, at most", max(report.embedded for _, report in edits), "", at_most=4),
        Figure("one renamed file, to the swap", median(seconds for seconds, _ in renames), "s", at_most=2),
        Figure("… windows embedded", max(report.embedded for _, report in renames), "", at_most=0),
        Figure("… passages of the library", passages, ""),
    ]


def _edit(assistant: Assistant, library: Path, number: int) -> tuple[float, UpdateReport]:
    path = library / "03" / f"文件{310 + number}.txt"
    paragraphs = path.read_text("utf-8").split("\n\n")
    paragraphs[5] = f"本段于{time.time_ns()}改写，其余各段不变。"
    path.write_text("\n\n".join(paragraphs), "utf-8")
    return _timed(assistant)


def _rename(assistant: Assistant, library: Path, number: int) -> tuple[float, UpdateReport]:
    path = next((library / "05").glob(f"*{510 + number}.txt"))
    path.rename(path.with_name(f"改名{time.time_ns()}-{510 + number}.txt"))
    return _timed(assistant)


def _timed(assistant: Assistant) -> tuple[float, UpdateReport]:
    """An update with the swap to the new generation."""
    began = time.perf_counter()
    report = assistant.update()
    generation = assistant.ask("第一号文件规定了什么？").index.generation
    seconds = time.perf_counter() - began
    if generation != report.generation:
        raise RuntimeError("the answer after an update came from an older generation")
    return seconds, report


def measure_clients(bench: Bench, documents: int = 800, quiet_seconds: float = 20) -> list[Figure]:
    """Eight clients that ask one question after the other: alone, and while every text of the library is replaced."""
    folder = bench.work / "clients"
    shutil.rmtree(folder, ignore_errors=True)  # vectors that are there already would make the update shorter
    lines = bench.corpus("zh_law").splitlines(keepends=True)
    cases = read_questions(bench.shared / "evaluation" / "zh_law" / "questions.jsonl")
    questions = [case.question for case in evenly_spaced(cases, 100)]
    library = corpus_library(folder / "library", {"old.jsonl": b"".join(lines[:documents])})
    with closing(bench.assistant(bench.settings(library, folder / "index"))) as assistant:
        assistant.update()
        for question in questions[:10]:
            assistant.ask(question)
        quiet = _ask_while(assistant, questions, lambda: time.sleep(quiet_seconds))
        corpus_library(library, {"new.jsonl": b"".join(lines[documents : 2 * documents])})
        reports: list[UpdateReport] = []
        busy = _ask_while(assistant, questions, lambda: reports.append(assistant.update()))
        generation = assistant.ask(questions[0]).index.generation
    if generation != reports[0].generation or not reports[0].embedded:
        raise RuntimeError("the update did not do what was to be measured")
    ratio = percentile(busy.milliseconds, 0.95) / percentile(quiet.milliseconds, 0.95)
    return [
        Figure("8 clients asking during a full update, p95 against without", ratio, "×", at_most=3),
        Figure("… answers that failed", quiet.failed + busy.failed, "", at_most=0),
        Figure("… p95 without an update", percentile(quiet.milliseconds, 0.95), "ms"),
        Figure("… p95 with one", percentile(busy.milliseconds, 0.95), "ms"),
        Figure("… answers during it", len(busy.milliseconds), ""),
        Figure("… windows embedded meanwhile", reports[0].embedded, ""),
        Figure("… the update took", reports[0].seconds, "s"),
    ]


@dataclass(slots=True)
class _Asked:
    """How long the answers of all clients took, and how many there were none of."""

    milliseconds: list[float] = field(default_factory=list)
    failed: int = 0


def _ask_while(assistant: Assistant, questions: Sequence[str], action: Callable[[], object]) -> _Asked:
    asked, ended = _Asked(), threading.Event()

    def client(first: int) -> None:
        for question in cycle((*questions[first:], *questions[:first])):
            if ended.is_set():
                return
            began = time.perf_counter()
            try:
                assistant.ask(question)
            except Exception:  # noqa: BLE001 - whatever it is, it is counted
                asked.failed += 1
            asked.milliseconds.append((time.perf_counter() - began) * 1000)

    with ThreadPoolExecutor(_CLIENTS) as clients:
        for number in range(_CLIENTS):
            clients.submit(client, number * len(questions) // _CLIENTS)
        try:
            action()
        finally:
            ended.set()
    return asked


def measure_memory(bench: Bench, documents: int = 5000) -> list[Figure]:
    """What the update of a library of about 100,000 passages takes beyond the loaded model, in a process of its own."""
    folder = bench.work / "memory"
    library = library_of_documents(bench, folder / "library", documents)
    shutil.rmtree(folder / "index", ignore_errors=True)
    figures = []
    for name in ("first update of 100,000 passages", "update of one document of 100,000 passages"):
        command = [sys.executable, "-m", "assistant.evaluation.memory", str(library), str(folder / "index")]
        measured = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        figures += [
            Figure(f"{name}, memory at most, beyond the loaded model", measured["beyond_model"], "MB", at_most=300),
            Figure("… the model and what is imported", measured["model"], "MB"),
            Figure("… passages", measured["passages"], ""),
            Figure("… windows", measured["windows"], ""),
        ]
        _edit_one(library)
    return figures


def _edit_one(library: Path) -> None:
    path = library / "07" / "文件710.txt"
    path.write_text(f"{path.read_text('utf-8')}\n本段于{time.time_ns()}补充。\n", "utf-8")
