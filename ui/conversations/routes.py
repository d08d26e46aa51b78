"""The routes of conversations: the list, one of them, a turn of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response

from ui import handlers
from ui.conversations import listing, turns
from ui.desk import Desk
from ui.replies import data, fragment, problem, words_of


def routes(desk: Desk) -> APIRouter:
    """Everything under /conversations."""
    router = APIRouter(prefix="/conversations")

    @router.get("")
    def listed(request: Request, query: str = "") -> Response:
        found = desk.conversations.listed(query)
        return fragment(listing.conversations(found, query, words_of(request)))

    @router.get("/{identity}")
    def opened(request: Request, identity: str) -> Response:
        words = words_of(request)
        conversation = desk.conversations.open(identity)
        asked = [turn.question for turn in conversation.turns]
        shown = []
        for turn in conversation.turns:
            underway = desk.underway(identity, turn.number)
            last = turn is conversation.turns[-1]
            shown.append(
                turns.kept(turn, words, desk, last=last, asked=asked)
                if underway is None
                else handlers.waiting(desk, underway, words)
            )
        return fragment(listing.conversation(conversation, "".join(shown), words))

    @router.get("/{identity}/turns/{number}")
    def turn(request: Request, identity: str, number: int) -> Response:
        words = words_of(request)
        underway = desk.underway(identity, number)
        if underway is not None:
            return fragment(handlers.waiting(desk, underway, words))
        conversation = desk.conversations.open(identity)
        asked = [one.question for one in conversation.turns]
        for one in conversation.turns:
            if one.number == number:
                return fragment(turns.kept(one, words, desk, last=True, asked=asked))
        return problem(words.gone_error, status=404)

    @router.post("/{identity}/turns/{number}/stop")
    def stop(identity: str, number: int) -> Response:
        return data({"stopped": desk.stop("" if identity == "-" else identity, number)})

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

    return router
