"""A small library of texts and an assistant over it that needs no model."""

import atexit
import shutil
import tempfile
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.config import Settings
from tests.fake_embedder import FakeEmbedder

# One for all tests of a process: reading jieba's dictionary takes a second.
CACHE = Path(tempfile.mkdtemp(prefix="youju-tests-"))
atexit.register(shutil.rmtree, CACHE, ignore_errors=True)

TEXTS = {
    "粮食.txt": (
        "粮食安全\n\n一、总体要求\n确保粮食自给率达100%。严格实行耕地占补平衡。\n"
        "二、措施\n一是建设高标准农田。二是推广优良品种。三是发展农业保险。\n"
    ),
    "保密/办法.md": "# 保密办法\n\n第一条 涉密人员上岗前应当签订保密承诺书。\n\n第二条 涉密文件不得带回家中。\n",
    "safety.txt": (
        "Fire drills\n\nEvery building holds a fire drill twice a year. "
        "The safety officer keeps the records for 3.5 years.\n"
    ),
}


def write(library: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def settings(tmp_path: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "library": tmp_path / "texts",
        "index": tmp_path / "index",
        "data_dir": tmp_path / "data",
        "cache_dir": CACHE,
        "model": "fake",
        **changes,
    }
    return Settings(**values)


def make_assistant(tmp_path: Path, embedder: FakeEmbedder | None = None, **changes: Any) -> Assistant:
    chosen = embedder or FakeEmbedder()
    return Assistant(settings(tmp_path, **changes), load=lambda name: chosen)
