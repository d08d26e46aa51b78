"""What the READMEs say exists: commands, settings, files, packages, and the keys of an answer's JSON."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from assistant.config import Settings
from assistant.contract import answer_json, hit_json, status_json
from assistant.types import (
    Answer,
    Changes,
    Citation,
    DocumentInfo,
    Hit,
    IndexState,
    Passage,
    Sentence,
    Status,
)

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh.md")
PICTURES = ROOT / "ui" / "pictures"
MOST_BYTES = 1_200_000  # of all pictures: a clone and a page of the README stay quick
# Where data and caches lie is for tests and packagers; the library is what every command is about.
UNTOLD = {"library", "data_dir", "cache_dir"}


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def section(heading: str) -> str:
    """Of the English README, up to the next heading."""
    return text("README.md").partition(f"{heading}\n")[2].partition("\n#")[0]


@cache
def help_of(command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *command.split(), "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=60,
        check=False,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
    )
    return done.stdout if done.returncode == 0 else ""


@pytest.mark.parametrize("name", READMES)
def test_every_command_exists_with_its_options(name: str) -> None:
    shown = set(re.findall(r"(?m)(?:^|`)youju ([a-z]+)([^`#\n]*)", text(name)))
    assert {command for command, _ in shown} >= {"index", "ask", "search", "status", "chat", "check", "evaluate", "gc"}
    for command, rest in sorted(shown):
        described = help_of(command)
        assert described, f"youju {command}"
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in described, f"youju {command} {option}"


@pytest.mark.parametrize("option", ["--host", "--password-file", "--ask-password", "--uploads", "--watch"])
def test_options_of_the_page_are_told(option: str) -> None:
    assert option in help_of("chat")
    assert all(option in text(name) for name in READMES)


def test_both_show_the_same_commands() -> None:
    shown = [
        {
            tuple(re.findall(r"^[a-z]+|--[a-z-]+", line))
            for line in re.findall(r"(?m)^youju (.*?)(?: +#.*)?$", text(name))
        }
        for name in READMES
    ]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", READMES)
def test_modules_and_targets_exist(name: str) -> None:
    for module in re.findall(r"python -m\s+([a-z_.]+[a-z_])", text(name)):
        assert importlib.util.find_spec(module), module
    targets = set(re.findall(r"(?m)^([a-z]+):", text("Makefile")))
    for target in re.findall(r"(?m)(?:^|`)make ([a-z]+)", text(name)):
        assert target in targets, target


@pytest.mark.parametrize("name", READMES)
def test_files_and_links_exist(name: str) -> None:
    written = text(name)
    for link in re.findall(r"\]\(([^)#:]+)\)", written):
        assert (ROOT / link).is_file(), link
    for path in re.findall(r"`((?:assistant|embeddings|ui|tests)/[\w./]*)", written):
        assert (ROOT / path).exists(), path
    headings = {heading.strip().lower().replace(" ", "-") for heading in re.findall(r"(?m)^#+ (.+)$", written)}
    assert set(re.findall(r"\]\(#([^)]+)\)", written)) <= headings


@pytest.mark.parametrize("name", READMES)
def test_every_picture_is_shown_with_what_it_shows(name: str) -> None:
    shown = dict(re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", text(name)))
    assert len(shown) == len(re.findall(r"!\[", text(name)))
    english = set() if name == "README.md" else {"ui/pictures/chat-en.png"}
    assert set(shown.values()) == {path.relative_to(ROOT).as_posix() for path in PICTURES.iterdir()} - english


def test_pictures_are_small_and_stay_out_of_the_wheel() -> None:
    pictures = list(PICTURES.iterdir())
    assert sum(path.stat().st_size for path in pictures) < MOST_BYTES
    packaged = tomllib.loads(text("pyproject.toml"))["tool"]["setuptools"]["package-data"]["ui"]
    assert not [pattern for pattern in packaged if PurePosixPath("pictures/chat.png").match(pattern)]


def test_every_setting_is_told_with_its_default() -> None:
    rows = re.findall(r"(?m)^\| (`[^|]+) \| ([^|]+) \|", section("### Settings"))
    told = {name: default.strip() for names, default in rows for name in re.findall(r"`(\w+)`", names)}
    assert set(told) == set(Settings.model_fields) - UNTOLD
    for name, default in told.items():
        present = Settings.model_fields[name].default
        if isinstance(present, bool):
            assert default == str(present).lower(), name
        elif isinstance(present, int | float) and "," not in default.replace(",000", ""):
            assert float(default.replace(",", "")) == present, name


def test_every_dependency_is_told() -> None:
    packages = [
        re.match(r"[\w-]+", one)[0]  # type: ignore[index]
        for one in tomllib.loads(text("pyproject.toml"))["project"]["dependencies"]
    ]
    told = re.findall(r"(?m)^\| ([\w, -]+) \|", section("## Why each dependency"))
    assert {name.strip() for names in told for name in names.split(",")} - {"package"} == set(packages)


def test_the_json_of_an_answer_has_the_keys_that_are_told() -> None:
    told = json.loads(re.search(r"```json\n(.*?)```", text("README.md"), re.DOTALL)[1])  # type: ignore[index]
    citation = Citation(1, "a", "a", (), None, 0, 1, "甲", ordinal=1)
    hit = Hit(Passage("a", 0, 1), "a", "甲", 1.0, 1.0, 1.0)
    answer = Answer("问", (Sentence("甲", (1,)),), (citation,), (hit,), 0.9, None, IndexState(1, "", stale=False))
    given = json.loads(json.dumps(answer_json(answer, "1")))
    assert set(given) == set(told)
    assert set(given["citations"][0]) == set(told["citations"][0])
    assert set(given["sentences"][0]) == set(told["sentences"][0])
    assert set(given["index"]) == set(told["index"])
    assert set(hit_json(hit)) == set(told["passages"][0])
    assert set(hit_json(hit)["why"]) == set(told["passages"][0]["why"])


def test_the_rows_of_a_status_have_the_keys_that_are_told() -> None:
    status = Status(ROOT, ROOT, 1, None, "default", False, 1, 1, 1, Changes())
    row = status_json(status, [DocumentInfo("a", "a", None, 1, 1)])["contents"][0]
    told = section("### The JSON of an answer").partition("`youju status --json`")[2]
    assert set(row) <= set(re.findall(r"`(\w+)`", told))
