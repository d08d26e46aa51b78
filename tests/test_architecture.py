"""Imports point one way: ui → assistant → embeddings. Front ends see Assistant and its types only."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "embeddings": {"embeddings"},
    "assistant": {"assistant", "embeddings"},
    "ui": {"ui", "assistant", "embeddings"},
}
# What the page may know of the assistant, and the one thing of embeddings: the error it shows.
SEEN_BY_UI = {
    "assistant",
    "assistant.asking.suggesting",
    "assistant.assistant",
    "assistant.citing.sources",
    "assistant.citing.styles",
    "assistant.citing.verification",
    "assistant.config",
    "assistant.conversations.export",
    "assistant.conversations.store",
    "assistant.conversations.turns",
    "assistant.errors",
    "assistant.evaluation.feedback",
    "assistant.evaluation.last_run",
    "assistant.library.dictionary",
    "assistant.library.overview",
    "assistant.library.receiving",
    "assistant.reading.finding",
    "assistant.reading.opening",
    "assistant.reading.original",
    "assistant.reading.pictures",
    "assistant.retrieval.why",
    "assistant.text.normal",
    "assistant.types",
    "assistant.watch",
    "embeddings.embedder",
}
HEAVY = {
    "torch",
    "sentence_transformers",
    "transformers",
    "faiss",
    "gradio",
    "numpy",
    "pydantic_settings",
    "jieba",
    "tantivy",
}


def modules() -> list[Path]:
    return [path for package in ALLOWED for path in sorted((ROOT / package).rglob("*.py"))]


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = {name for name in imports(path) if name.partition(".")[0] in {*ALLOWED, "tests"}}
    launching = path == ROOT / "assistant" / "cli.py"  # the one command that starts the page
    assert {name for name in ours if name.partition(".")[0] not in ALLOWED[package]} <= (
        {"ui.server"} if launching else set()
    )
    if package == "ui":
        assert {name for name in ours if not name.startswith("ui")} <= SEEN_BY_UI


def test_only_one_module_imports_jieba() -> None:
    assert [path.name for path in modules() if "jieba" in imports(path)] == ["jieba_words.py"]


def test_types_and_errors_import_nothing_of_ours() -> None:
    for name in ("types.py", "errors.py"):
        ours = {found for found in imports(ROOT / "assistant" / name) if found.partition(".")[0] in ALLOWED}
        assert not ours


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["ask", "--help"],
        ["ask"],
        ["nonsense"],
        ["search"],
        ["index", "/no/such/folder"],
        ["ask", "q", "--limit"],
    ],
    ids=" ".join,
)
def test_help_and_errors_about_arguments_import_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\nsys.argv = ['youju', *sys.argv[1:]]\nfrom assistant.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('HEAVY', sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    assert done.stdout.rstrip().endswith("HEAVY []"), done.stdout + done.stderr


def test_importing_the_command_does_nothing_heavy() -> None:
    program = f"import sys, assistant.cli\nprint(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
