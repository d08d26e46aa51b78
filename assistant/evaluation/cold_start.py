"""How long a fresh process takes: to print the help text, and to serve the page."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

_COMMAND = (sys.executable, "-c", "from assistant.cli import main; main()")
_LOOK_AGAIN_SECONDS = 0.02
_PATIENCE_SECONDS = 120


def help_seconds() -> float:
    """From starting a process to the end of `youju --help`."""
    began = time.perf_counter()
    subprocess.run([*_COMMAND, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def page_seconds(library: Path, index: Path, model: str | None, *, data_dir: Path) -> float:
    """From starting `youju chat` on a library that is indexed to the first whole page.

    `data_dir` takes what the command remembers, so that the user's own last library stays the last one.
    Raises RuntimeError if the process ends before, TimeoutError if there is no page for two minutes.
    """
    port = _free_port()
    options = ["--index", str(index), "--port", str(port), "--no-browser", *(["--model", model] if model else [])]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*_COMMAND, "chat", str(library), *options],
        env={**os.environ, "YOUJU_DATA_DIR": str(data_dir)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - began < _PATIENCE_SECONDS:
            if process.poll() is not None:
                raise RuntimeError(f"`youju chat` ended with status {process.returncode} before it served a page")
            if _is_up(port):
                return time.perf_counter() - began
            time.sleep(_LOOK_AGAIN_SECONDS)
        raise TimeoutError(f"`youju chat` served no page within {_PATIENCE_SECONDS} s")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _is_up(port: int) -> bool:
    # http.client goes straight to the address; urllib would ask a proxy from the environment.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", "/")
        page = connection.getresponse()
        return page.status == http.client.OK and bool(page.read())
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
