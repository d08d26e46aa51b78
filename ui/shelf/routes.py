"""The routes of the library's room: its state, updates of it, and the table of its documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response

from ui.desk import Desk
from ui.replies import data, words_of
from ui.shelf.state import view


def routes(desk: Desk) -> APIRouter:
    """Everything under /library."""
    router = APIRouter(prefix="/library")

    def state(request: Request) -> Response:
        return data(asdict(view(desk.assistant, desk.updates, words_of(request))) | {"sample": desk.offers_sample})

    @router.get("/state")
    def look(request: Request) -> Response:
        return state(request)

    @router.post("/update")
    def update(request: Request) -> Response:
        desk.updates.start()
        return state(request)

    @router.post("/stop")
    def stop(request: Request) -> Response:
        desk.updates.stop()
        return state(request)

    @router.post("/preview")
    def preview(request: Request) -> Response:
        desk.updates.start_preview()
        return state(request)

    @router.post("/follow")
    def follow(request: Request, on: Annotated[bool, Body(embed=True)]) -> Response:
        desk.updates.follow(on=on)
        return state(request)

    @router.post("/sample")
    def sample(request: Request) -> Response:
        if desk.offers_sample:
            desk.use_sample()
        return state(request)

    return router
