"""Launching, as a process of its own: what is printed, when, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.ui.fake_library import FakeAssistant
from ui.server import ServerError, serve

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys, webbrowser
from tests.ui.fake_library import FakeAssistant
from ui.server import serve

webbrowser.open = lambda address: print("opened", address, flush=True)
heavy = {"torch", "sentence_transformers", "faiss"}
assistant = FakeAssistant()
assistant.state = "waiting"
print("imported", sorted(heavy & set(sys.modules)), "gradio" in sys.modules, flush=True)
serve(assistant, "127.0.0.1", int(sys.argv[1]), open_browser=sys.argv[2] == "open")
print("ended", flush=True)
"""


@contextmanager
def launched(port: int, browser: str = "no", **environment: str) -> Iterator[subprocess.Popen[str]]:
    clean = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(port), browser],
        cwd=ROOT,
        env={**clean, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Ctrl-C, and what was printed since the last line that was read."""
    process.send_signal(signal.SIGINT)
    process.wait(20)
    assert process.stdout
    assert process.stderr
    return process.stdout.read(), process.stderr.read()  # not communicate(): it forgets what readline() has buffered


def wait_for_model(address: str) -> None:
    for _ in range(200):
        if httpx.get(f"{address}/healthz", trust_env=False).json()["model"] == "ready":
            return
    pytest.fail("the model was not loaded after the page was up")


def test_the_address_is_printed_when_the_page_answers_and_ctrl_c_ends_it_cleanly() -> None:
    port = free_port()
    with launched(port) as process:
        assert line(process) == "imported [] False"  # what is heavy comes after the address is known to be free
        assert line(process) == f"http://127.0.0.1:{port}"
        page = httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
        assert page.status_code == 200
        wait_for_model(f"http://127.0.0.1:{port}")
        with httpx.stream("GET", f"http://127.0.0.1:{port}/gradio_api/heartbeat/abc", trust_env=False):
            output, errors = ended(process)  # with a page open, which holds a connection
        assert output == "ended\n"
        assert errors == ""
        assert process.returncode == 0


def test_a_port_in_use_gives_way_to_the_next_free_one_and_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with launched(port) as process:
            line(process)
            address = line(process)
            other = int(address.rpartition(":")[2])
            assert port < other < port + 100
            _, errors = ended(process)
            assert errors == f"Port {port} is in use; serving on {other} instead.\n"


@pytest.mark.parametrize(
    ("display", "browser", "opened"), [(":0", "open", True), (":0", "no", False), ("", "open", False)]
)
@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="these always have a desktop")
def test_a_browser_opens_only_where_it_is_wanted_and_there_is_a_desktop(
    display: str, browser: str, opened: bool
) -> None:
    port = free_port()
    with launched(port, browser, DISPLAY=display) as process:
        line(process)
        address = line(process)
        wait_for_model(address)  # which is loaded last
        output, _ = ended(process)
        assert (f"opened {address}\n" in output) == opened


@pytest.mark.parametrize("host", ["no.such.host.invalid", "8.8.8.8"])
def test_an_address_that_this_computer_does_not_have_is_told_before_anything_is_loaded(host: str) -> None:
    with pytest.raises(ServerError, match=re.escape(host)):
        serve(FakeAssistant(), host, 0, open_browser=False)


FOLLOWED = """
import sys
from pathlib import Path
from tests.ui.fake_library import FakeAssistant
from assistant.types import Changes
from ui.server import serve

assistant = FakeAssistant()
assistant.settings = assistant.settings.model_copy(update={"library": Path(sys.argv[1]), "index": Path("/none")})
assistant.changes = Changes(("新.md",), (), ())
update = assistant.update
assistant.update = lambda *a, **k: (print("updated", flush=True), update(*a, **k))[1]
serve(assistant, "127.0.0.1", 0, open_browser=False, watch=sys.argv[2] == "watch")
"""


@pytest.mark.parametrize("watch", ["watch", "no"])
def test_the_folder_is_followed_from_the_start_where_that_is_wanted(tmp_path: Path, watch: str) -> None:
    command = [sys.executable, "-c", FOLLOWED, str(tmp_path), watch]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        address = line(process)
        wait_for_model(address)
        if watch == "watch":
            assert line(process) == "updated"
        output, errors = ended(process)
        assert (output, errors) == ("", "")


STARTED = """
import sys
from pathlib import Path
from tests.ui.fake_library import FakeAssistant
from assistant.types import Changes, Problem
from ui.server import serve
import ui.app

kind, host, password, *wired = sys.argv[1:]
if password and not wired:
    Guard = ui.app.Guard
    ui.app.Guard = lambda app, **options: Guard(app, **{**options, "password": password})
assistant = FakeAssistant(indexed=kind == "indexed")
assistant.settings = assistant.settings.model_copy(update={"password": password or None})
if kind == "new":
    assistant.changes = Changes(("a.md", "b.md"), (), ())
if kind == "missing":
    assistant.problems = (Problem("/no/such", "The library /no/such does not exist."),)
serve(assistant, host, 0, open_browser=False)
"""


@contextmanager
def started(kind: str, host: str = "127.0.0.1", password: str = "", *more: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", STARTED, kind, host, password, *more]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_library_that_was_never_indexed_is_read_while_the_page_is_up() -> None:
    with started("new") as process:
        address = line(process)
        assert httpx.get(address, trust_env=False).status_code == 200
        assert (
            line(process)
            == "The library /资料/示例资料库 is new here: 2 files are being read. The page shows how far it is."
        )
        wait_for_model(address)
        assert ended(process) == ("", "")


@pytest.mark.parametrize(("kind", "reason"), [("missing", "does not exist"), ("empty", "holds no text")])
def test_a_library_that_has_nothing_to_read_does_not_end_the_page(kind: str, reason: str) -> None:
    with started(kind) as process:
        address = line(process)
        wait_for_model(address)
        assert httpx.get(address, trust_env=False).status_code == 200
        output, errors = ended(process)
        assert output == ""
        assert reason in errors
        assert errors.count("\n") == 1


@pytest.mark.parametrize(("host", "password"), [("127.0.0.1", ""), ("0.0.0.0", ""), ("0.0.0.0", "geheim-密码")])
def test_listening_where_others_can_reach_it_is_warned_of(host: str, password: str) -> None:
    with started("indexed", host, password) as process:
        address = line(process).replace("0.0.0.0", "127.0.0.1")
        assert httpx.get(address, trust_env=False).status_code == (401 if password else 200)
        _, errors = ended(process)
    assert ("without a password" in errors) == (host == "0.0.0.0" and not password)
    assert ("unencrypted" in errors) == bool(password)
    assert (errors == "") == (host == "127.0.0.1")
    assert "geheim" not in errors


def test_the_password_of_the_settings_is_asked_for() -> None:
    with started("indexed", "127.0.0.1", "geheim", "wired") as process:
        address = line(process)
        assert address.startswith("http://")
        assert httpx.get(address, trust_env=False).status_code == 401


def test_a_page_that_does_not_ask_for_its_password_is_not_served() -> None:
    unlocked = STARTED.replace('"password": password}', '"password": None}')
    assert unlocked != STARTED
    command = [sys.executable, "-c", unlocked, "indexed", "127.0.0.1", "geheim"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == ""
    assert "does not ask for its password" in done.stderr


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_the_command_serves_a_page_for_a_library_that_is_not_there(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    command = [
        sys.executable,
        "-m",
        "assistant",
        "chat",
        str(tmp_path / folder),
        "--no-browser",
        "--port",
        str(free_port()),
    ]
    environment = {**os.environ, "YOUJU_DATA_DIR": str(tmp_path / "data")}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert httpx.get(line(process), trust_env=False).status_code == 200
        finally:
            process.kill()


LOADED = """
import sys, gc
from ui.loading import import_gradio
import_gradio()
import gradio
from gradio import component_meta
assert gc.isenabled()
assert len(sys.meta_path) == int(sys.argv[1])
class Own(gradio.Textbox):
    pass
print(component_meta.create_or_modify_pyi.__module__, gradio.Textbox("文").value)
"""


def test_gradio_is_imported_without_writing_beside_its_own_source() -> None:
    count = subprocess.run(
        [sys.executable, "-c", "import sys, gradio; print(len(sys.meta_path))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    done = subprocess.run([sys.executable, "-c", LOADED, count], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "ui.loading 文\n", done.stderr
