"""A real server of the page on a free port, in a thread of the test."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import uvicorn
from fastapi import FastAPI

from ui.app import create_app


class Running:
    def __init__(self, assistant: Any, host: str = "127.0.0.1") -> None:
        self.assistant = assistant
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the server of the page does
        self.address: tuple[str, int] = self._listener.getsockname()
        self.url = f"http://127.0.0.1:{self.address[1]}"

        async def build() -> FastAPI:
            # Outside a loop Gradio makes one for each of its locks and never closes it, which is a warning.
            return create_app(assistant, host=host)

        with ThreadPoolExecutor(1) as thread:  # Playwright has a loop of its own in the thread of the tests
            app = thread.submit(asyncio.run, build()).result()
        self.desk = app.state.desk
        config = uvicorn.Config(app, log_level="error", proxy_headers=False, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the server did not start")
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.desk.updates.close()
        self._server.should_exit = True
        self._thread.join(15)
        self._listener.close()
