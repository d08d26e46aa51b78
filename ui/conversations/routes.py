"""The routes of conversations: the list, one of them, a turn of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Request
from fastapi.responses import PlainTextResponse, Response

from assistant.citing.styles import Style
from assistant.conversations.export import export_docx, export_html, export_markdown, file_name
from assistant.conversations.turns import StoredTurn
from assistant.errors import ConversationError
from assistant.evaluation.feedback import judged, offered, questions_file, record
from assistant.types import Answer
from ui import handlers
from ui.conversations import listing, turns, verifying
from ui.conversations.copying import copied
from ui.conversations.words import turn_words
from ui.desk import Desk, Underway
from ui.replies import data, fragment, problem, words_of
from ui.telling import told

UNKEPT = "-"  # where a conversation stands in an address that could not be kept
_EXPORTS = {
    "md": (export_markdown, "text/markdown; charset=utf-8"),
    "docx": (export_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "html": (export_html, "text/html; charset=utf-8"),
}


def routes(desk: Desk) -> APIRouter:
    """Everything under /conversations."""
    router = APIRouter(prefix="/conversations")

    @router.get("")
    def listed(request: Request, query: str = "") -> Response:
        words = words_of(request)
        try:
            found = desk.conversations.listed(query)
        except ConversationError as error:  # told where the list would be
            return problem(*told(error, words), status=200)
        return fragment(listing.conversations(found, query, words, damaged=desk.damaged))

    @router.get("/{identity}")
    def opened(request: Request, identity: str) -> Response:
        words = words_of(request)
        conversation = desk.conversations.open(identity)
        asked = [turn.question for turn in conversation.turns]
        said, shown = turns.verdicts(desk), []
        for turn in conversation.turns:
            underway = desk.underway(identity, turn.number)
            last = turn is conversation.turns[-1]
            shown.append(
                turns.kept(turn, said, words, desk, last=last, asked=asked)
                if underway is None
                else handlers.waiting(desk, underway, words)
            )
        return fragment(listing.conversation(conversation, "".join(shown), words))

    @router.get("/{identity}/verification")
    def verification(request: Request, identity: str) -> Response:
        words = words_of(request)
        found = verifying.verdicts(desk.assistant, desk.conversations.open(identity).turns)
        return data(verifying.facts(found, words, turn_words(words)))

    @router.get("/{identity}/export")
    def export(request: Request, identity: str, format: Literal["md", "docx", "html"]) -> Response:  # noqa: A002
        words = words_of(request)
        conversation = desk.conversations.open(identity)
        found = verifying.verdicts(desk.assistant, conversation.turns)
        notes = verifying.notes(found, turn_words(words))
        make, kind = _EXPORTS[format]
        name = quote(file_name(conversation, format))
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "no-store"}
        return Response(make(conversation, notes, words.language), media_type=kind, headers=headers)

    @router.post("/{identity}/title")
    def rename(identity: str, title: Annotated[str, Body(embed=True)]) -> Response:
        return data({"title": desk.conversations.rename(identity, title).title})

    @router.post("/{identity}/delete")
    def delete(identity: str) -> Response:
        desk.conversations.delete(identity)
        return data({})

    @router.post("/{identity}/restore")
    def restore(identity: str) -> Response:
        desk.conversations.restore(identity)
        return data({})

    _add_turns(router, desk)
    return router


def _add_turns(router: APIRouter, desk: Desk) -> None:
    """What is asked of one turn of a conversation."""

    @router.get("/{identity}/turns/{number}")
    def turn(request: Request, identity: str, number: int) -> Response:
        words = words_of(request)
        recent = desk.recent("" if identity == UNKEPT else identity, number)
        if recent is not None:
            return fragment(handlers.outcome(desk, recent, words))
        kept = desk.conversations.open(identity).turns
        asked = [one.question for one in kept]
        shown = turns.kept(_numbered(kept, number), turns.verdicts(desk), words, desk, last=True, asked=asked)
        return fragment(shown)

    @router.get("/{identity}/turns/{number}/quotes")
    def quotes(
        request: Request,
        identity: str,
        number: int,
        style: Style,
        citation: int | None = None,
    ) -> Response:
        answer, _ = _answered(desk, identity, number)
        return PlainTextResponse(copied(desk.assistant, answer, style, words_of(request).language, citation))

    @router.post("/{identity}/turns/{number}/verdict")
    def verdict(
        identity: str,
        number: int,
        verdict: Annotated[Literal["right", "wrong", "missing"], Body()],
        citation: Annotated[int | None, Body()] = None,
    ) -> Response:
        answer, within = _answered(desk, identity, number)
        if citation is not None and citation not in {one.number for one in answer.citations}:
            raise KeyError(citation)
        if verdict not in offered(answer, citation):  # a button of another answer: the question was asked anew
            raise KeyError(verdict)
        path = questions_file(desk.assistant.index_dir)
        now = datetime.now().astimezone()
        record(path, answer, verdict, citation, at=now, within=within)
        in_force = judged(path).verdicts(answer, within=within)
        return data({"" if one is None else str(one): said for one, said in in_force.items()})

    @router.post("/{identity}/turns/{number}/stop")
    def stop(identity: str, number: int) -> Response:
        return data({"stopped": desk.stop("" if identity == UNKEPT else identity, number)})


def _numbered(kept: Sequence[StoredTurn], number: int) -> StoredTurn:
    """Raises KeyError."""
    return {turn.number: turn for turn in kept}[number]


def _answered(desk: Desk, identity: str, number: int) -> tuple[Answer, Sequence[str]]:
    """The answer of a turn that has one, and the places it was kept to. Raises ConversationError, KeyError."""
    turn: Underway | StoredTurn | None
    turn = desk.recent("", number) if identity == UNKEPT else _numbered(desk.conversations.open(identity).turns, number)
    if turn is None or turn.answer is None:
        raise KeyError(number)
    return turn.answer, turn.within
