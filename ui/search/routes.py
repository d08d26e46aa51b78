"""The routes of the search room: passages, every mention, and places to keep to.

What is looked for comes in the body of a request: a question may be long, an address may not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTasks

from assistant.errors import NotIndexedError, QuestionError, YoujuError
from embeddings.embedder import EmbedderError
from ui.desk import Desk
from ui.escape import escape
from ui.messages import Words
from ui.replies import data, fragment, problem, words_of
from ui.search import export, mentions, passages, places
from ui.search.room import Mode, address
from ui.search.searched import ChangedError, Searched
from ui.search.words import search_words
from ui.telling import told

_Text = Annotated[str, Body()]
_Places = Annotated[tuple[str, ...], Body()]
_Number = Annotated[int, Body(ge=0)]


def routes(desk: Desk) -> APIRouter:
    """/search and everything under it."""
    router = APIRouter(prefix="/search")
    searched = Searched()
    _search_routes(router, desk, searched)
    _place_routes(router, desk, searched)
    return router


def _search_routes(router: APIRouter, desk: Desk, searched: Searched) -> None:
    @router.get("")
    def opened(q: str = "", mode: Mode = "passages", within: Annotated[tuple[str, ...], Query()] = ()) -> Response:
        return RedirectResponse(address(q, mode, within), 303)

    @router.post("/passages")
    def best(request: Request, query: _Text, within: _Places = (), start: _Number = 0) -> Response:
        def listed(words: Words) -> str:
            hits, named = searched.passages(desk.assistant, query, within)
            return passages.found(hits, named, start, words, dense_weight=desk.assistant.settings.dense_weight)

        return _answered(desk, request, within, listed)

    @router.post("/mentions")
    def every(request: Request, query: _Text, within: _Places = ()) -> Response:
        def listed(words: Words) -> str:
            found, generation = searched.mentions(desk.assistant, query, within)
            return mentions.found(found, generation, query, within, words)

        return _answered(desk, request, within, listed)

    @router.post("/mentions/part")
    def part(
        request: Request,
        query: _Text,
        generation: _Number,
        start: _Number,
        within: _Places = (),
        document: Annotated[int | None, Body(ge=0)] = None,
    ) -> Response:
        """More documents, or more passages of one of them (by its place in the list)."""

        def listed(words: Words) -> str:
            found, _ = searched.mentions(desk.assistant, query, within, generation)
            if document is None:
                return mentions.documents(found, start, words)
            if document >= len(found.documents):
                raise KeyError(document)
            return mentions.passages(found.documents[document], start, words)

        return _answered(desk, request, within, listed)

    @router.get("/mentions/export")
    def exported(
        request: Request,
        q: str,
        format: Literal["csv", "md"],  # noqa: A002
        within: Annotated[tuple[str, ...], Query()] = (),
    ) -> Response:
        words = words_of(request)
        found, _ = searched.mentions(desk.assistant, q, within)
        content = export.as_csv(found, words) if format == "csv" else export.as_markdown(found, words)
        name = quote(export.file_name(found, format, words, datetime.now().astimezone().date()))
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "no-store"}
        kind = "text/csv; charset=utf-8" if format == "csv" else "text/markdown; charset=utf-8"
        return Response(content, media_type=kind, headers=headers)


def _place_routes(router: APIRouter, desk: Desk, searched: Searched) -> None:
    @router.get("/places")
    def listed(request: Request, query: str = "", folder: str = "", start: Annotated[int, Query(ge=0)] = 0) -> Response:
        def rows(words: Words) -> str:
            known, own = searched.places(desk.assistant), search_words(words.language)
            if query.strip():
                return places.rows(known.named(query), start, own, paths=True)
            later.add_task(lambda: known.folded)  # whoever opens the list may well filter it next
            return places.rows(known.inside(folder), start, own, paths=False)

        later = BackgroundTasks()
        reply = _answered(desk, request, (), rows)
        reply.background = later
        return reply

    @router.post("/places/named")
    def named(request: Request, within: Annotated[tuple[str, ...], Body(embed=True)]) -> Response:
        """What places are called together, what each is called, and which are gone."""
        words = words_of(request)
        gone = _gone(desk, within)
        names = [place if place in gone else _name(desk, place) for place in within]
        label = places.together(names, words)
        whole = search_words(words.language).whole
        return data(
            {
                "label": label,
                "names": names,
                "gone": list(gone),
                "told": _told_gone(gone, words) if gone else "",
                "whole": whole,
            }
        )


def _answered(desk: Desk, request: Request, within: Sequence[str], listed: Callable[[Words], str]) -> HTMLResponse:
    """A list, or in its place what went wrong: that is an answer, too, and no failure of a request."""
    words = words_of(request)
    own = search_words(words.language)
    try:
        return fragment(listed(words))
    except ChangedError:
        return problem(own.changed, status=200)
    except NotIndexedError:
        reading = desk.updates.running
        link = f'<a class="button" href="/?show=library">{escape(own.to_progress if reading else own.to_library)}</a>'
        return _problem(own.first_reading if reading else own.not_indexed, link)
    except (YoujuError, EmbedderError) as error:
        gone = _gone(desk, within) if isinstance(error, QuestionError) else ()
        if gone:
            return _problem(
                _told_gone(gone, words), f'<button type="button" class="button whole">{escape(own.whole)}</button>'
            )
        return problem(*told(error, words), status=200)


def _problem(message: str, remedy: str) -> HTMLResponse:
    """What went wrong, and markup of what to do."""
    return fragment(f'<div class="problem" role="alert"><p class="lead">{escape(message)}</p><p>{remedy}</p></div>')


def _gone(desk: Desk, within: Sequence[str]) -> tuple[str, ...]:
    """The places that are not in the library any more."""
    gone = []
    for place in within:
        try:
            desk.assistant.documents(within=[place])
        except QuestionError:
            gone.append(place)
    return tuple(gone)


def _name(desk: Desk, place: str) -> str:
    """Of a document its title, of a folder or a file its name."""
    found = desk.assistant.documents(within=[place])
    title = found[0].title.strip() if len(found) == 1 and found[0].id == place else ""
    return title or place.rstrip("/").rpartition("/")[2] or place


def _told_gone(gone: Sequence[str], words: Words) -> str:
    names = words.list_comma.join(f"“{place}”" for place in gone)
    return words.count(search_words(words.language).gone, len(gone), names=names)
