"""What each part of the ranking brings: `python -m assistant.evaluation.ablation`, on the halves it was not chosen on.

Each row leaves one part out; the first is the recipe that came before: 0.65 of the deviations and 0.35 of BM25 scaled
to eight deviations at its best.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress as Bars

from assistant.assistant import Assistant
from assistant.config import load_settings
from assistant.evaluation.judging import SEARCH_LIMIT, ranking_of
from assistant.evaluation.metrics import hit_at, ndcg_at_10
from assistant.evaluation.places import Gold, locate
from assistant.evaluation.questions import Case, read_questions
from assistant.evaluation.report import markdown_table
from assistant.evaluation.run import open_set
from assistant.evaluation.sets import SETS, SHARED, questions_of
from assistant.index.snapshot import Snapshot
from assistant.retrieval.fusion import fuse, weights
from assistant.retrieval.search import Query, Scored, score
from assistant.retrieval.words import word_weights
from assistant.text.tokens import Tokens
from assistant.types import Hit
from embeddings.embedder import Embedder, Vectors, load_embedder
from embeddings.query_adapter import AdaptedEmbedder

_BEST = 8.0  # deviations that the best keyword match weighed in the recipe before
Fused = Callable[[Scored], Mapping[int, float]]


def _before(scored: Scored) -> dict[int, float]:
    best = max(scored.keyword.values(), default=0.0) or 1.0
    return {
        one: 0.65 * dense + 0.35 * _BEST * scored.keyword.get(one, 0.0) / best for one, dense in scored.dense.items()
    }


def _fused(scored: Scored) -> dict[int, float]:
    return fuse(scored.dense, scored.keyword, scored.coverage, dense_weight=0.5)


def _without_coverage(scored: Scored) -> dict[int, float]:
    fitted = {**weights(), "keyword": weights()["keyword"] + weights()["coverage"]}
    return fuse(scored.dense, scored.keyword, {}, dense_weight=0.5, fitted=fitted)


# Name → whether questions pass the adapter, whether their language is taken out, and how signals are added.
VARIANTS: dict[str, tuple[bool, bool, Fused]] = {
    "the recipe before": (False, False, _before),
    "without the adapter": (False, True, _fused),
    "with the language left in": (True, False, _fused),
    "without coverage": (True, True, _without_coverage),
    "all": (True, True, _fused),
}


def main(shared: Annotated[Path, typer.Option(help="The folder of the public data.")] = SHARED) -> None:
    """Print nDCG@10 and hit@1 of each variant on each set."""
    if not (shared / "evaluation").is_dir():
        typer.echo(f"The public evaluation data is not here ({shared}): nothing to measure.")
        return
    embedder = load_embedder(cache_dir=load_settings(library=shared).cache_dir)
    assert isinstance(embedder, AdaptedEmbedder)
    tokens = Tokens(load_settings(library=shared).cache_dir)
    columns: dict[str, dict[str, str]] = {}
    for name in SETS:
        with Bars(console=Console(stderr=True)) as bars:
            assistant, _ = open_set(name, shared, None, bars, load=lambda _: embedder)
        with closing(assistant):
            columns[name] = _measure(name, shared, assistant, embedder, tokens)
    typer.echo(markdown_table(["", *SETS], [[row, *(columns[name][row] for name in SETS)] for row in VARIANTS]))


def _measure(
    name: str, shared: Path, assistant: Assistant, embedder: AdaptedEmbedder, tokens: Tokens
) -> dict[str, str]:
    cases = [case for case in read_questions(questions_of(name, shared=shared)) if case.half == "test"]
    places, _ = locate(cases, assistant)
    known = [case for case in cases if case.answerable and (places[case.id].documents or places[case.id].spanned)]
    found: dict[str, str] = {}
    for row, (adapts, neutral, fused) in VARIANTS.items():
        snapshot = assistant.snapshot()
        direction = snapshot.language_direction
        snapshot.language_direction = direction if neutral else None
        rows = [
            _judge(snapshot, case, places[case.id], embedder if adapts else embedder.embedder, tokens, fused)
            for case in known
        ]
        snapshot.language_direction = direction
        found[row] = f"{fmean(ndcg for ndcg, _ in rows):.3f} ({fmean(hit for _, hit in rows):.3f})"
    return found


def _judge(
    snapshot: Snapshot, case: Case, gold: Gold, embedder: Embedder, tokens: Tokens, fused: Fused
) -> tuple[float, float]:
    vector: Vectors = embedder.encode_queries([case.question])[0]
    words = tokens.question(case.question)
    query = Query(case.question, words, word_weights(snapshot, tokens, words.terms), vector)
    scores = fused(score(snapshot, query))
    best = sorted(scores, key=lambda passage: (-scores[passage], passage))[:SEARCH_LIMIT]
    stored = snapshot.passages(best)
    hits = [Hit(stored[one].passage, stored[one].title, "", scores[one], None, None) for one in best]
    ranking, right = ranking_of(hits, gold)
    return ndcg_at_10(ranking, right), hit_at(ranking, right, 1)


if __name__ == "__main__":
    typer.run(main)
