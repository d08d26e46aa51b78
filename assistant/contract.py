"""The JSON of an answer: a contract with everybody who calls Youju from a program (README, “The JSON of an answer”)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.types import Answer, CheckReport, DocumentInfo, GcReport, Hit, Mentions, Preview, Status, UpdateReport

NO_ID = object()  # a question without an id, which is not one with the id null


def answer_json(answer: Answer, question_id: object = NO_ID) -> dict[str, Any]:
    """`id` is there only where the question had one."""
    return {
        **({} if question_id is NO_ID else {"id": question_id}),
        "question": answer.question,
        "answered": answer.answered,
        "answer": answer.text,
        "sentences": [{"text": s.text, "citations": list(s.citations), "item": s.item} for s in answer.sentences],
        "citations": [
            {**asdict(one), "heading": list(one.heading), "answers": [list(span) for span in one.answers]}
            for one in answer.citations
        ],
        "passages": [hit_json(hit) for hit in answer.hits],
        "confidence": round(answer.confidence, 4),
        "refusal": None
        if answer.refusal is None
        else {"reason": answer.refusal.reason, "missing": list(answer.refusal.missing)},
        "index": asdict(answer.index),
        "timings_ms": dict(answer.timings_ms),
        "asked": answer.asked or answer.question,
        "added": list(answer.added),
        "places": list(answer.places),
        "differing": [asdict(value) for value in answer.differing],
        "mentions": None if answer.mentions is None else mentions_json(answer.question, answer.mentions),
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """One passage, and why it was found: deviations above the background, BM25, words of the question it holds."""
    return {
        "document": hit.passage.document,
        "title": hit.title,
        "heading": list(hit.passage.heading),
        "page": hit.passage.page,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.text,
        "score": round(hit.score, 4),
        "why": {
            "dense": None if hit.dense is None else round(hit.dense, 4),
            "keyword": None if hit.keyword is None else round(hit.keyword, 4),
            "terms": list(hit.terms),
        },
    }


def mentions_json(query: str, found: Mentions) -> dict[str, Any]:
    """Every passage that holds the words, counted and by document; `spans` are where the document's text holds them."""
    return {
        "query": query,
        "words": list(found.words),
        "passages": found.passages,
        "documents": [
            {
                "document": document.document,
                "title": document.title,
                "passages": len(document.mentions),
                "mentions": [
                    {
                        "heading": list(mention.passage.heading),
                        "page": mention.passage.page,
                        "start": mention.passage.start,
                        "end": mention.passage.end,
                        "text": mention.text,
                        "spans": [list(span) for span in mention.spans],
                    }
                    for mention in document.mentions
                ],
            }
            for document in found.documents
        ],
    }


def report_json(report: UpdateReport) -> dict[str, Any]:
    return {**asdict(report), "seconds": round(report.seconds, 3)}


def preview_json(preview: Preview) -> dict[str, Any]:
    """What an update would do, and in `changes` whether it would do anything."""
    seconds = None if preview.seconds is None else round(preview.seconds, 3)
    return {"changes": bool(preview), **asdict(preview), "seconds": seconds}


def check_json(report: CheckReport) -> dict[str, Any]:
    """What was looked at and found, and in `sound` whether nothing is wrong now."""
    return {"sound": report.sound, **asdict(report), "seconds": round(report.seconds, 3)}


def gc_json(report: GcReport) -> dict[str, Any]:
    return asdict(report)


def status_json(status: Status, documents: Sequence[DocumentInfo]) -> dict[str, Any]:
    """The status, and in `contents` a row for each document."""
    return {
        **asdict(status),
        "library": str(status.library),
        "index": str(status.index),
        "contents": [asdict(document) for document in documents],
    }
