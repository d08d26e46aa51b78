"""Where the page's password may come from, and that nothing tells it to anybody else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.config import Settings, load_settings
from assistant.errors import SettingsError
from assistant.password import given_password, read_password

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("content", "password"),
    [
        ("秘密\n", "秘密"),
        ("秘密", "秘密"),
        ("two words\r\n", "two words"),
        ("\ufeffa", "a"),
        (" a ", " a "),
        ("密" * 1024 + "\r\n", "密" * 1024),
    ],
)
def test_a_file_holds_it_in_its_only_line(tmp_path: Path, content: str, password: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(content.encode())
    file.chmod(0o600)
    assert given_password(file, ask=False) == password


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb\n", b"\xff\xfe", "密".encode() * 1025, b"a" * 100_000])
def test_a_file_that_holds_no_password_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "密码文件"
    file.write_bytes(content)
    for wrong in (file, tmp_path, tmp_path / "密码文件 none"):
        with pytest.raises(SettingsError, match=r"密码文件|cannot be read") as error:
            read_password(wrong)
        assert "only line" in str(error.value)


@pytest.mark.skipif(sys.platform == "win32", reason="the mode of a file does not tell who may read it there")
@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_file_that_others_can_read_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int, warned: bool
) -> None:
    file = tmp_path / "password"
    file.write_text("geheim")
    file.chmod(mode)
    assert read_password(file) == "geheim"
    assert ("chmod 600" in caplog.text) == warned
    assert "geheim" not in caplog.text


def test_there_is_one_source_and_asking_needs_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert given_password(None, ask=False) is None
    with pytest.raises(SettingsError, match="not both"):
        given_password(tmp_path, ask=True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("secret\n"))
    with pytest.raises(SettingsError, match="terminal"):
        given_password(None, ask=True)


def test_a_variable_sets_it_and_youju_toml_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUJU_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("YOUJU_PASSWORD", "geheim")
    settings = load_settings(library=tmp_path)
    assert settings.password == "geheim"
    assert load_settings(library=tmp_path, password="from a flag").password == "from a flag"
    assert "geheim" not in repr(settings)
    assert "geheim" not in str(settings)
    (tmp_path / "youju.toml").write_text('password = "x"\n')
    with pytest.raises(SettingsError, match=r"youju\.toml holds a password.*--password-file"):
        load_settings(library=tmp_path)


def test_without_one_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUJU_PASSWORD", "")
    assert Settings(library=tmp_path).password is None


CHAT = """
import os, sys
import ui.server
from assistant.cli import main

ui.server.serve = lambda assistant, *_, **__: print(assistant.settings.password, "YOUJU_PASSWORD" in os.environ)
sys.argv = ["youju", "chat", *sys.argv[1:]]
main()
"""


def chat(tmp_path: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", CHAT, str(tmp_path / "none"), *arguments],
        cwd=ROOT,
        env={**os.environ, "YOUJU_DATA_DIR": str(tmp_path / "data"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_takes_it_from_a_file_or_the_variable_and_hands_it_to_no_other_process(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("geheim\n")
    file.chmod(0o600)
    assert chat(tmp_path, "--password-file", str(file), YOUJU_PASSWORD="other") == (0, "geheim False\n", "")
    assert chat(tmp_path, YOUJU_PASSWORD="geheim") == (0, "geheim False\n", "")
    assert chat(tmp_path)[1] == "None False\n"
    status, _, errors = chat(tmp_path, "--password-file", str(tmp_path))
    assert status == 1
    assert "cannot be read" in errors
    assert chat(tmp_path, "--ask-password")[0] == 1
    assert chat(tmp_path, "--password", "geheim")[0] == 1


def test_a_library_that_is_not_there_is_not_remembered(tmp_path: Path) -> None:
    chat(tmp_path)
    assert not (tmp_path / "data" / "library").exists()
