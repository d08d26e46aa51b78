"""Launching the page: an address, a server, a browser where there is a desktop."""

from __future__ import annotations

import errno
import http.client
import logging
import os
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
import uvicorn

from assistant.errors import YoujuError
from ui.guard import is_loopback, open_to_network
from ui.loading import import_gradio

if TYPE_CHECKING:
    from assistant.assistant import Assistant

PORTS_TRIED = 100
PAGE_SECONDS = 60.0  # a machine on which the page takes longer than this is told that it does not answer


class ServerError(YoujuError):
    """The page cannot be served at this address; the message says why and what to do."""


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # An open page holds a connection that never ends by itself: cutting it off is how this ends, and no error.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def serve(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    open_browser: bool = True,
    watch: bool = False,
) -> None:
    """Serve the chat page until Ctrl-C; the address is printed, on a line of its own, once the page answers.

    With `watch` the folder is followed from then on, as by the switch on the page.
    A port in use gives way to the next free one, and that is said. The model is loaded after the page is up, and a
    library that was never indexed is read then, too.
    Raises ServerError for an address that this computer does not have.
    """
    listener = _listen(host, port)
    with listener:
        taken = listener.getsockname()[1]
        if port not in (0, taken):
            typer.echo(f"Port {port} is in use; serving on {taken} instead.", err=True)
        _warn(host, assistant.settings.password)
        import_gradio()  # which takes a second: errors about the address come first
        from ui.app import create_app

        app = create_app(assistant, host=host, make=_another(assistant))
        desk = app.state.desk
        # Proxy headers could put another address into the page.
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)

        def greet() -> None:
            locked = assistant.settings.password is not None
            if not _announce(server, host, taken, locked=locked, open_browser=open_browser):
                return
            if watch:
                desk.updates.follow(on=True)
            try:
                _index_first(assistant, desk.updates)
                assistant.load_model()
            except Exception as error:  # noqa: BLE001 - the page goes on, and tells whoever asks a question
                typer.echo(str(error), err=True)

        threading.Thread(target=greet, name="greet", daemon=True).start()
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:  # uvicorn hands the signal on when it has shut down
            pass
        finally:
            desk.close()


def _another(assistant: Assistant) -> Callable[[Path], Assistant]:
    """What opens another library with the settings of this one."""
    settings = assistant.settings
    return lambda library: type(assistant)(settings.model_copy(update={"library": library, "index": None}))


def _warn(host: str, password: str | None) -> None:
    """Say what it means to listen where others can reach it."""
    if open_to_network(host, password):
        typer.echo(
            f"Warning: listening on {host} without a password. Whoever can reach this computer over the network can "
            "read the whole library, ask it, and change what is kept with it. Set a password with --ask-password, "
            "--password-file FILE or the variable YOUJU_PASSWORD; or listen on 127.0.0.1.",
            err=True,
        )
    elif not is_loopback(host):
        typer.echo(
            f"Listening on {host}, with a password. Texts and password travel unencrypted: use it in a network that "
            "you trust, or put a server that speaks https in front.",
            err=True,
        )


def _index_first(assistant: Assistant, updates: Any) -> None:
    """Begin the first update of a library that has texts; the page shows how far it is.

    A library that is missing or empty is left alone: the page explains that, and what to do.
    """
    status = assistant.status()
    if status.generation:
        return
    files = len(status.changes.added)
    if files:
        updates.start()
        counted = "1 file is" if files == 1 else f"{files:,} files are"
        typer.echo(f"The library {status.library} is new here: {counted} being read. The page shows how far it is.")
        sys.stdout.flush()
    else:
        reason = status.problems[0].reason if status.problems else "It holds no text that can be read."
        typer.echo(f"Nothing to index in {status.library}: {reason}", err=True)


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to the port, or to the next free one."""
    try:
        family = socket.getaddrinfo(host or None, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
    except OSError as error:
        raise ServerError(f"The address “{host}” is not known: {error}. Use 127.0.0.1.") from error
    for candidate in range(port, min(port + PORTS_TRIED, 65536)) if port else (0,):
        listener = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there it would allow two servers on one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # asyncio does this only for sockets that name their protocol; without it every answer on a connection that is
        # kept open waits 40 ms for an acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise ServerError(
                    f"Cannot listen on {host}, port {candidate}: {error}. Use 127.0.0.1 and a port above 1023."
                ) from error
        else:
            return listener
    raise ServerError(f"No free port from {port} to {port + PORTS_TRIED - 1} on {host}. Choose another with --port.")


def _announce(server: uvicorn.Server, host: str, port: int, *, locked: bool, open_browser: bool) -> bool:
    """Wait for the page, say where it is, and open it. False if it never answered.

    A page that has a password and shows itself without one ends the server.
    """
    reached = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    shown = f"[{reached}]" if ":" in reached else reached
    deadline = time.monotonic() + PAGE_SECONDS
    wanted = http.client.UNAUTHORIZED if locked else http.client.OK
    while (status := _status(reached, port)) != wanted:
        if locked and status == http.client.OK:
            typer.echo("The page does not ask for its password, and is not served.", err=True)
            server.should_exit = True
        if server.should_exit or time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    address = f"http://{shown}:{port}"
    typer.echo(address)
    sys.stdout.flush()
    if open_browser and _has_desktop():
        webbrowser.open(address)
    return True


def _status(host: str, port: int) -> int | None:
    """What the page answers to somebody without a session; None before it answers."""
    # http.client goes straight to the address; urllib would ask a proxy from the environment.
    connection = http.client.HTTPConnection(host, port, timeout=PAGE_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def _has_desktop() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
