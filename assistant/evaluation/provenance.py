"""What a results file must say so that its figures can be made again: commit, versions, machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("youju", "torch", "sentence-transformers", "transformers", "faiss-cpu", "tantivy", "jieba", "numpy")


def provenance() -> dict[str, Any]:
    """Commit, versions and machine, ready for JSON."""
    return {
        "commit": commit(),
        "made_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
        "machine": {"system": platform.platform(), "processors": os.cpu_count()},
    }


def commit() -> str | None:
    """The checkout's commit, with “-dirty” if files differ from it; None outside a checkout or without git."""
    if not (_ROOT / ".git").exists():
        return None
    try:
        named = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain")
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{named}-dirty" if changed else named


def write_results(path: Path, results: Mapping[str, Any]) -> None:
    """Write a results file whole or not at all."""
    write_whole(path, json.dumps(results, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=_ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
