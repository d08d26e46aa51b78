"""Memory of one update beyond the loaded model: `python -m assistant.evaluation.memory LIBRARY INDEX` prints JSON.

In a process of its own, for the peak of a process is never forgotten. The model is loaded and has embedded a batch
before; vectors are drawn at random, so that a library of any size takes minutes.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import typer

from assistant.assistant import Assistant
from assistant.config import load_settings
from assistant.evaluation.library_benchmark import StandInEmbedder
from embeddings.embedder import load_embedder

_BATCH = ["有据从自己的文本中找出答案，并指出原句所在。" * 6] * 32


def main(library: Path, index: Path) -> None:
    """Update the index and print megabytes: the model's, the update's beyond it, and what was indexed."""
    settings = load_settings(library=library, index=index)
    embedder = load_embedder(settings.model, cache_dir=settings.cache_dir)
    embedder.encode_passages(_BATCH)
    assistant = Assistant(settings, load=lambda name: StandInEmbedder(embedder))
    assistant.load_model()
    model = _megabytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # forget the peak so far
    report = assistant.update()
    peak = _megabytes("VmHWM")
    sys.stdout.write(
        json.dumps(
            {
                "model": model,
                "beyond_model": peak - model,
                "seconds": report.seconds,
                "passages": report.passages,
                "windows": report.windows,
            }
        )
    )


def _megabytes(line: str) -> float:
    status = Path("/proc/self/status").read_text("ascii")
    found = re.search(rf"{line}:\s+(\d+) kB", status)
    if found is None:
        raise RuntimeError(f"the system does not tell {line}")
    return int(found[1]) * 1024 / 1e6


if __name__ == "__main__":
    typer.run(main)
