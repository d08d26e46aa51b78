"""The routes of the library's room: its state, what is done with it, its documents, its words and its questions."""

from __future__ import annotations

import threading
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import anyio
import anyio.from_thread
import anyio.to_thread
from fastapi import APIRouter, Body, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from assistant.assistant import Assistant
from assistant.errors import IndexDamagedError, SettingsError
from assistant.evaluation.feedback import judged, questions_file
from assistant.evaluation.last_run import last_run, read_own
from assistant.library.overview import Overview, overview
from assistant.types import Status
from ui.desk import Desk
from ui.messages import Words
from ui.replies import data, fragment, words_of
from ui.shelf import checks, room, table, uploads, wordlist
from ui.shelf.questions import OwnQuestions, questions_part
from ui.shelf.state import view
from ui.shelf.updates import FIRST_LOOK_WAITED, LOOK_WAITED, slow
from ui.shelf.upkeep import Work
from ui.telling import told

# Uploads that are taken at once, in threads of their own: over a slow line each holds one for as long as it takes, and
# none of them may be missing where the page is answered. One that sends nothing for so many seconds is given up.
_UPLOADS, _UPLOAD_PAUSE = 8, 60.0
_GONE = 499  # whoever sent a file has closed the connection: nobody reads this


class _Shelf:
    """The table of the library that is shown, made again only where the texts or the index are other ones."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None
        self._status: Status | None = None
        self._found: Overview | None = None

    def overview(self) -> Overview:
        """Raises LibraryIndexError, LibraryError. While another request looks through a slow drive: what was found."""
        assistant, updates = self._desk.assistant, self._desk.updates
        found = self._found if self._assistant is assistant else None
        if not self._lock.acquire(timeout=FIRST_LOOK_WAITED if found is None else LOOK_WAITED):
            if found is None:
                raise slow(assistant)
            return found
        try:
            if self._found is not None and self._assistant is assistant:
                if updates.running:  # which looks at the texts already
                    return self._found
                if updates.status() == self._status:
                    return self._found
            self._status = updates.status()
            self._found, self._assistant = overview(assistant), assistant
            return self._found
        finally:
            self._lock.release()


def routes(desk: Desk) -> APIRouter:
    """Everything under /library."""
    router = APIRouter(prefix="/library")
    _act(router, desk)
    _show(router, desk)
    _write(router, desk)
    return router


def _act(router: APIRouter, desk: Desk) -> None:
    """What is done with the library; all of it answers with the state that comes of it."""

    def state(request: Request) -> Response:
        return data(asdict(view(desk.assistant, desk.updates, words_of(request), sample=desk.offers_sample)))

    @router.get("/state")
    def look(request: Request) -> Response:
        return state(request)

    @router.post("/look")
    def look_again(request: Request) -> Response:
        desk.updates.look_anew()
        return state(request)

    @router.post("/update")
    def update(request: Request) -> Response:
        desk.updates.start()
        return state(request)

    @router.post("/stop")
    def stop(request: Request) -> Response:
        desk.updates.stop()
        desk.updates.upkeep.stop()
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
        desk.use_sample()
        return state(request)

    @router.post("/work")
    def begin(request: Request, work: Annotated[Work, Body(embed=True)]) -> Response:
        desk.updates.upkeep.start(work)
        return state(request)


def _show(router: APIRouter, desk: Desk) -> None:
    """The room, and what of it changes."""
    shelf = _Shelf(desk)

    @router.get("/room")
    def whole(request: Request) -> Response:
        words = words_of(request)
        return fragment(room.frame(words, uploads.upload_words(desk.assistant.settings, words)))

    @router.get("/parts")
    def parts(request: Request) -> Response:
        shown = _parts(desk, words_of(request))
        return fragment("".join(f'<div data-part="{name}">{markup}</div>' for name, markup in shown.items()))

    @router.get("/documents")
    def documents(
        request: Request, q: str = "", kind: str = "", state: str = "", sort: str = "state", page: int = 1
    ) -> Response:
        text = q[:200].encode(errors="replace").decode()
        asked = table.Asked(text, kind, state, sort.removesuffix("-"), down=sort.endswith("-"), page=page)
        return fragment(table.documents(shelf.overview(), asked, words_of(request), datetime.now().astimezone()))


def _write(router: APIRouter, desk: Desk) -> None:
    """What is written into the library's folder: its own words, and files where that is switched on."""

    @router.post("/dictionary")
    def save(request: Request, text: Annotated[str, Body()], seen: Annotated[str, Body()]) -> Response:
        shown = wordlist.save(desk.assistant.library, text, seen, words_of(request))
        desk.updates.look_anew()
        return data(shown)

    @router.post("/dictionary/check")
    def checked(request: Request, text: Annotated[str, Body(embed=True)]) -> Response:
        return fragment(wordlist.checked(text, words_of(request)))

    threads = anyio.CapacityLimiter(_UPLOADS)

    @router.post("/upload")
    async def upload(request: Request, name: str, folder: str = "", replace: str = "") -> Response:
        settings, words = desk.assistant.settings, words_of(request)
        if not uploads.allowed(settings):
            return data({"reason": "off", "said": ""}, 403)
        stream = request.stream()

        async def following() -> bytes | None:
            with anyio.move_on_after(_UPLOAD_PAUSE):
                return await anext(stream, None)
            raise TimeoutError

        def taking() -> dict[str, str]:
            chunks = iter(lambda: anyio.from_thread.run(following), None)
            return uploads.take(settings, name, folder, chunks, words, replace=replace == "yes")

        try:
            # A refusal is an answer like any other: as an error a browser would write it to its console.
            shown = await anyio.to_thread.run_sync(taking, limiter=threads)
        except ClientDisconnect:
            return data({}, _GONE)
        except TimeoutError:
            return data(None, 408)  # the page tells that it failed
        desk.updates.look_anew()
        return data(shown)


def _parts(desk: Desk, words: Words) -> dict[str, str]:
    """What of the room changes with the library."""
    assistant, updates = desk.assistant, desk.updates
    settings, now = assistant.settings, datetime.now().astimezone()
    generation, wanted = 0, False
    try:
        status = updates.known if updates.running and updates.known is not None else updates.status()
    except Exception as error:  # noqa: BLE001 - an event meets the world here; `told` logs what is unexpected
        folder = settings.library
        damaged, sample = isinstance(error, IndexDamagedError), desk.offers_sample
        head = room.head_error(folder.name, str(folder), told(error, words), words, sample=sample, damaged=damaged)
    else:
        generation = status.generation
        wanted = room.dictionary_changed(status) and generation > 0
        head = room.head(status, assistant.model_state, words, now, sample=desk.offers_sample, updating=updates.running)
    ended = dict(updates.upkeep.ended)
    return {
        "head": head,
        "upload": uploads.upload_part(settings, words),
        "dictionary": wordlist.dictionary_part(assistant.library, words, wanted=wanted),
        "check": checks.check_part(ended, words),
        "questions": questions_part(
            _own_questions(assistant),
            last_run(assistant.index_dir),
            ended.get("questions"),
            words,
            now,
            generation=generation,
        ),
    }


def _own_questions(assistant: Assistant) -> OwnQuestions:
    path = questions_file(assistant.index_dir)
    try:
        if not path.exists() or not path.read_bytes().strip():
            return OwnQuestions(str(path))
        return OwnQuestions(str(path), len(read_own(assistant.index_dir)), len(judged(path).rows))
    except (SettingsError, OSError) as error:
        return OwnQuestions(str(path), mistake=str(error))
