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
from typing import TYPE_CHECKING

import typer
import uvicorn

from assistant.errors import YoujuError

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
    A port in use gives way to the next free one, and that is said. The model is loaded after the page is up.
    Raises ServerError for an address that this computer does not have.
    """
    listener = _listen(host, port)
    with listener:
        taken = listener.getsockname()[1]
        if port not in (0, taken):
            typer.echo(f"Port {port} is in use; serving on {taken} instead.", err=True)
        if not _is_loopback(host):
            typer.echo(f"Listening on {host}: whoever can reach this computer can read the library.", err=True)
        from ui.app import create_app  # imports Gradio, which takes seconds: errors about the address come first

        # Proxy headers could put another address into the page.
        app = create_app(assistant, host=host)
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
            if not _announce(server, host, taken, open_browser=open_browser):
                return
            if watch:
                app.state.updates.follow(on=True)
            try:
                assistant.load_model()
            except Exception as error:  # noqa: BLE001 - the page goes on, and tells whoever asks a question
                typer.echo(str(error), err=True)

        threading.Thread(target=greet, name="greet", daemon=True).start()
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:  # uvicorn hands the signal on when it has shut down
            pass
        finally:
            app.state.updates.close()
            assistant.close()


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


def _announce(server: uvicorn.Server, host: str, port: int, *, open_browser: bool) -> bool:
    """Wait for the page, say where it is, and open it. False if it never answered."""
    reached = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    shown = f"[{reached}]" if ":" in reached else reached
    deadline = time.monotonic() + PAGE_SECONDS
    while not _answers(reached, port):
        if server.should_exit or time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    address = f"http://{shown}:{port}"
    typer.echo(address)
    sys.stdout.flush()
    if open_browser and _has_desktop():
        webbrowser.open(address)
    return True


def _answers(host: str, port: int) -> bool:
    # http.client goes straight to the address; urllib would ask a proxy from the environment.
    connection = http.client.HTTPConnection(host, port, timeout=PAGE_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _has_desktop() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
