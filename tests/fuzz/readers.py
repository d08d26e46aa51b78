"""`make fuzz`: the readers fuzzed one after the other, each for some time, and what was found.

Ends with 1 where something was found; the files stay in .fuzz/FORMAT/findings, beside what they led to. What a library
does that hangs or crashes the process is told and no finding: the worker process is there for that.
"""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.readers.samples import SAMPLES

FORMATS = ("txt", "md", "jsonl", "csv", "html", "docx", "xlsx", "pptx", "epub", "ods", "eml")
_FOLDER = Path(__file__).parents[2] / ".fuzz"
_SHORTEST = 5  # seconds that are worth starting a process for
_ENCODINGS = ("gb18030", "utf-16", "utf-16-le", "big5")


def main() -> int:
    """Fuzz the formats that the command names, all without one."""
    options = argparse.ArgumentParser(prog="make fuzz ARGS=", description=__doc__)
    options.add_argument("formats", nargs="*", metavar="FORMAT", help=", ".join(FORMATS))
    options.add_argument("--seconds", type=float, default=60, help="for each format")
    given = options.parse_args()
    unknown = set(given.formats) - set(FORMATS)
    if unknown:
        options.error(f"no such format: {', '.join(sorted(unknown))}")
    found: list[Path] = []
    for suffix in given.formats or FORMATS:
        found += fuzz(suffix, given.seconds)
    for path in found:
        sys.stdout.write(f"FOUND {path}: see {path.stem}.trace beside it\n")
    sys.stdout.write(f"{len(found)} findings\n" if found else "nothing found\n")
    return 1 if found else 0


def fuzz(suffix: str, seconds: float) -> list[Path]:
    """Fuzz one format; the files that show something wrong."""
    folder = _FOLDER / suffix
    _prepare(folder, suffix)
    findings, current, log = folder / "findings", folder / "current", folder / "log"
    end = time.monotonic() + seconds
    runs = lost = 0
    while (left := end - time.monotonic()) > _SHORTEST or not runs:
        command = [sys.executable, "-m", "tests.fuzz.target", suffix, str(folder)]
        command += [f"-max_total_time={max(1, int(left))}", "-print_final_stats=1", f"-seed={lost + 1}"]
        with log.open("wb") as output:
            code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
        told = log.read_text("utf-8", "replace")
        runs += _count(told)
        if code == 0:
            break
        if not current.exists():
            raise RuntimeError(f"the fuzzing process did not start:\n{told[-2000:]}")
        lost += 1
        if code < 0:
            current.replace(folder / "lost" / f"{lost}-{signal.Signals(-code).name}.{suffix}")
        else:  # no library ends a process so
            current.replace(findings / f"ended-{code}.{suffix}")
            (findings / f"ended-{code}.trace").write_text(told[-5000:], "utf-8")
    current.unlink(missing_ok=True)
    found = sorted(findings.glob(f"*.{suffix}"))
    sys.stdout.write(f"{suffix}: {runs:,} files, {len(found)} findings, {lost} lost to a library\n")
    sys.stdout.flush()
    return found


def _prepare(folder: Path, suffix: str) -> None:
    """The folders, with what fuzzing begins with: valid files, and what was found the last time."""
    for name in ("corpus", "findings", "lost"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for old in (folder / "findings").iterdir():
        if old.suffix == ".trace":
            old.unlink()
        else:
            old.replace(folder / "corpus" / old.name)
    sample = SAMPLES[suffix]()
    (folder / "corpus" / "sample").write_bytes(sample)
    if suffix in ("txt", "md", "jsonl", "csv"):
        for encoding in _ENCODINGS:
            (folder / "corpus" / encoding).write_bytes(sample.decode().encode(encoding, "ignore"))


def _count(told: str) -> int:
    """How many files a process read, as libFuzzer tells: at its end, or in the last line about its progress."""
    numbers = re.findall(r"number_of_executed_units: (\d+)|^#(\d+)\s", told, re.MULTILINE)
    return int(numbers[-1][0] or numbers[-1][1]) if numbers else 1


if __name__ == "__main__":
    sys.exit(main())
