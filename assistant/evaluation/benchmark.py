"""What everything around the embedding model costs, as ratios within one run: `make benchmark`.

Absolute times depend on the machine and on its other work; a ratio of two things measured in turn hardly does.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from assistant.config import load_settings
from assistant.errors import YoujuError
from assistant.evaluation.bench import Bench, Figure, RecordingEmbedder, seconds_of
from assistant.evaluation.cold_start import help_seconds, page_seconds
from assistant.evaluation.library_benchmark import measure_clients, measure_editing, measure_memory
from assistant.evaluation.metrics import percentile
from assistant.evaluation.provenance import provenance, write_results
from assistant.evaluation.questions import evenly_spaced, read_questions
from assistant.evaluation.report import markdown_table
from assistant.evaluation.sets import CORPUS, SHARED, corpus_library
from embeddings.embedder import EmbedderError, load_embedder
from embeddings.query_adapter import AdaptedEmbedder
from embeddings.sentence_transformer import SentenceTransformerEmbedder

_SLICES = 6  # the indexed documents are so many libraries: a median of their ratios outlives a busy neighbour
_WARM_UP_DOCUMENTS = 20  # first calls allocate and compile, on both sides
_REPEATS = 5
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True, slots=True)
class Slice:
    """One library indexed fresh, and its windows embedded bare; loading the model is in neither."""

    windows: int
    seconds: float
    processor_seconds: float
    bare_seconds: float
    bare_processor_seconds: float


def measure_indexing(bench: Bench, documents: int = 1500) -> list[Figure]:
    """A fresh update against a bare model given the same windows right after it, slice by slice."""
    lines = bench.corpus("zh_law").splitlines(keepends=True)
    _index_and_embed(bench, lines[-_WARM_UP_DOCUMENTS:])
    size = documents // _SLICES
    slices = [_index_and_embed(bench, lines[first : first + size]) for first in range(0, size * _SLICES, size)]
    ratios = [part.bare_seconds / part.seconds for part in slices]
    processor_ratios = [part.bare_processor_seconds / part.processor_seconds for part in slices]
    return [
        Figure("indexing against bare embedding of the same windows", median(ratios), "×", at_least=0.85),
        Figure("… lowest of the slices", min(ratios), "×"),
        Figure("… highest of the slices", max(ratios), "×"),
        Figure("… in processor time, which a busy machine disturbs less", median(processor_ratios), "×"),
        Figure("windows indexed", sum(part.windows for part in slices), ""),
        Figure("indexing", median(part.windows / part.seconds for part in slices), "windows/s"),
        Figure("bare embedding", median(part.windows / part.bare_seconds for part in slices), "windows/s"),
    ]


def _index_and_embed(bench: Bench, lines: Sequence[bytes]) -> Slice:
    with TemporaryDirectory() as folder:
        library = corpus_library(Path(folder) / "library", {CORPUS: b"".join(lines)})
        recording = RecordingEmbedder(bench.embedder)
        settings = bench.settings(library, Path(folder) / "index")
        with closing(bench.assistant(settings, recording)) as assistant:
            assistant.load_model()
            began = time.process_time()
            seconds = seconds_of(assistant.update)
            processor_seconds = time.process_time() - began
        began = time.process_time()
        bare_seconds = bench.bare_passages(recording.texts, settings.batch_size)
        bare_processor_seconds = time.process_time() - began
    return Slice(len(recording.texts), seconds, processor_seconds, bare_seconds, bare_processor_seconds)


def measure_asking(bench: Bench, questions: int = 200) -> list[Figure]:
    """Answers at about 5,000 passages against the bare embedding of the same questions, pair by pair."""
    files = {f"{name}.jsonl": bench.corpus(name) for name in ("zh_law", "zh_wiki")}
    library = corpus_library(bench.work / "asking" / "library", files)
    cases = evenly_spaced(read_questions(bench.shared / "evaluation" / "zh_law" / "questions.jsonl"), questions)
    with closing(bench.assistant(bench.settings(library, bench.work / "asking" / "index"))) as assistant:
        assistant.update()
        for case in cases[:_WARM_UP_DOCUMENTS]:
            assistant.ask(case.question)
            bench.bare_query(case.question)
        stages: dict[str, list[float]] = {"ask": [], "bare embedding": []}
        for position, case in enumerate(cases):
            for asking in (True, False) if position % 2 else (False, True):
                if asking:
                    began = time.perf_counter()
                    answer = assistant.ask(case.question)
                    stages["ask"].append((time.perf_counter() - began) * 1000)
                    for stage, value in answer.timings_ms.items():
                        stages.setdefault(f"stage {stage}", []).append(value)
                else:
                    stages["bare embedding"].append(bench.bare_query(case.question) * 1000)
        passages = assistant.status().passages
    halves = {name: percentile(values, 0.5) for name, values in stages.items()}
    return [
        Figure(
            "a question against bare embedding of it, p50", halves["ask"] / halves["bare embedding"], "×", at_most=3
        ),
        Figure("passages", passages, ""),
        *(Figure(f"{name}, p50", value, "ms") for name, value in halves.items()),
        Figure("ask, p95", percentile(stages["ask"], 0.95), "ms"),
        Figure("bare embedding, p95", percentile(stages["bare embedding"], 0.95), "ms"),
    ]


def measure_unchanged(bench: Bench, documents: int = 1000) -> list[Figure]:
    """An update of a library of as many files, in which nothing changed."""
    rows = [json.loads(line) for line in bench.corpus("zh_law").splitlines()[:documents]]
    files = {f"{row['id']}.txt": f"{row['title']}\n\n{row['text']}\n".encode() for row in rows}
    library = corpus_library(bench.work / "unchanged" / "library", files)
    with closing(bench.assistant(bench.settings(library, bench.work / "unchanged" / "index"))) as assistant:
        assistant.update()
        taken = [seconds_of(assistant.update) for _ in range(_REPEATS)]
    return [Figure(f"update with nothing changed, {len(files):,} documents", median(taken), "s", at_most=1)]


def measure_cold_start(bench: Bench) -> list[Figure]:
    """What a user waits for: the help text, and the page of a library that is indexed already."""
    library, index = bench.work / "unchanged" / "library", bench.work / "unchanged" / "index"
    page = [page_seconds(library, index, bench.model, data_dir=bench.work / "data") for _ in range(3)]
    return [
        Figure("youju --help, from process start", median(help_seconds() for _ in range(_REPEATS)), "s", at_most=0.5),
        Figure("youju chat, from process start to the page", median(page), "s", at_most=5),
    ]


MEASUREMENTS: dict[str, Callable[[Bench], list[Figure]]] = {
    "indexing": measure_indexing,
    "asking": measure_asking,
    "unchanged": measure_unchanged,
    "cold_start": measure_cold_start,
    "editing": measure_editing,
    "clients": measure_clients,
    "memory": measure_memory,
}


def report(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [
        [
            figure.name,
            f"{figure.value:,.3g} {figure.unit}".rstrip() if figure.value < 1000 else f"{figure.value:,.0f}",
            "" if limit is None else f"{'≥' if figure.at_least is not None else '≤'} {limit:g}",
            "" if limit is None else "yes" if figure.met else "**NO**",
        ]
        for figure in figures
        for limit in (figure.at_least if figure.at_least is not None else figure.at_most,)
    ]
    return markdown_table(["", "measured", "target", "met"], rows)


@app.command()
def main(
    measure: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(MEASUREMENTS)}; repeat it.")] = None,
    model: Annotated[str | None, typer.Option(help="Any sentence-transformers model, by name or folder.")] = None,
    shared: Annotated[Path, typer.Option(help="The folder of the public data.")] = SHARED,
    output: Annotated[Path, typer.Option(help="The results file to write.")] = Path("results/benchmark.json"),
) -> None:
    """Measure what indexing, asking, looking for changes and starting cost. Exits 1 if a target is missed."""
    if not (shared / "evaluation").is_dir():
        typer.echo(f"The public evaluation data is not here ({shared}): nothing to measure.")
        return
    unknown = [name for name in measure or () if name not in MEASUREMENTS]
    if unknown:
        raise typer.BadParameter(f"there is no measurement “{unknown[0]}”: choose from {', '.join(MEASUREMENTS)}")
    figures: list[Figure] = []
    try:
        bench = _bench(shared, model)
        for name in measure or MEASUREMENTS:
            typer.echo(f"Measuring: {name} …", err=True)
            figures += MEASUREMENTS[name](bench)
    except (YoujuError, EmbedderError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(report(figures))
    write_results(output, {**provenance(), "figures": [{**asdict(figure), "met": figure.met} for figure in figures]})
    typer.echo(f"\nEverything measured is in {output}.")
    if not all(figure.met for figure in figures):
        raise typer.Exit(1)


def _bench(shared: Path, model: str | None) -> Bench:
    settings = load_settings(library=shared, model=model)
    import torch

    # A thread that torch met before the embedder was loaded keeps the number of threads that torch chose by itself;
    # the embedder changes it for the threads that call it.
    alone = ThreadPoolExecutor(max_workers=1)
    alone.submit(torch.get_num_threads).result()
    embedder = load_embedder(settings.model, cache_dir=settings.cache_dir)
    model_alone = embedder.embedder if isinstance(embedder, AdaptedEmbedder) else embedder
    assert isinstance(model_alone, SentenceTransformerEmbedder)
    bare = model_alone._model  # noqa: SLF001  the very model: the same weights, precision and device on both sides

    def passages(texts: Sequence[str], batch_size: int) -> float:
        encode = partial(bare.encode_document, batch_size=batch_size, show_progress_bar=False)
        return alone.submit(seconds_of, lambda: encode(list(texts))).result()

    def query(text: str) -> float:
        return alone.submit(seconds_of, lambda: bare.encode_query(text, show_progress_bar=False)).result()

    return Bench(shared, settings.cache_dir / "benchmark", model, embedder, passages, query)


if __name__ == "__main__":
    app()
