"""Coverage-guided fuzzing of one reader, in this process: `python -m tests.fuzz.target FORMAT FOLDER [OPTIONS]`.

What breaks the rules of `tests.readers.oracle`, hangs, or raises where no ReadError is raised is written to
`FOLDER/findings`, once for each place in the code, and fuzzing goes on. A process that is lost in the middle of a file
leaves that file as `FOLDER/current`.
"""

from __future__ import annotations

import contextlib
import faulthandler
import random
import resource
import signal
import struct
import sys
import traceback
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[2]
# Our own code reads these: whatever is raised is a finding. Elsewhere only what our code raises is one, for the worker
# process makes a ReadError of what the libraries raise.
OURS = frozenset({"txt", "md", "jsonl", "csv", "html"})
# Seconds of this process for one file; what does not even end then is in a library, and the system ends it.
_SOFT, _HARD = 8, 20
_NEVER = 100_000  # libFuzzer's own time limit cannot tell our code from a library
_MEMORY = 3_000_000_000
_LONGEST_TEXT, _LONGEST_ARCHIVE = 4096, 65_536


class SlowError(Exception):
    """One file took too long."""


def _slow(number: int, frame: FrameType | None) -> None:
    raise SlowError(f"more than {_SOFT} seconds")


def is_finding(error: BaseException, suffix: str) -> bool:
    if isinstance(error, AssertionError | SlowError) or suffix in OURS:
        return True
    last = traceback.extract_tb(error.__traceback__)[-1].filename
    return Path(last).is_relative_to(ROOT / "assistant")


def place_of(error: BaseException) -> str:
    """Where an error came from: one finding for each place."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT)] or frames
    name = Path(ours[-1].filename).stem
    return f"{type(error).__name__}-{name}-{ours[-1].lineno}"


def examined(suffix: str) -> Callable[[bytes], None]:
    """What reads a file of a format and raises for what is wrong with the outcome."""
    from importlib import import_module

    from assistant.errors import ReadError
    from assistant.readers.table import FORMATS
    from assistant.readers.worker import in_one_line
    from tests.readers.oracle import assert_consistent, assert_told

    module = import_module(f"assistant.readers.{FORMATS[f'.{suffix}']}")
    name = f"子/文件.{suffix}"

    def examine(data: bytes) -> None:
        try:
            reading = module.read(data, name)
        except ReadError as error:
            assert_told(ReadError(in_one_line(str(error))), name)
        else:
            assert_consistent(reading, name)

    return examine


def _mutator(mutate: Callable[[bytes, int], bytes]) -> Callable[[bytes, int, int], bytes]:
    """Changes parts of a zip archive and packs it again with right checksums."""
    from tests.readers.mutations import mutated, part_to_damage
    from tests.readers.samples import packed, parts

    def change(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        try:
            content = parts(data)
        except (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, EOFError, RuntimeError):
            return mutate(data, longest)
        if not content:
            return mutate(data, longest)
        if chance.randrange(2):
            name = part_to_damage(content, chance)
            content[name] = mutate(content[name], len(content[name]) + 1000)
            changed = packed(content)
        else:
            changed = mutated(data, chance)
        return changed if len(changed) <= longest else data

    return change


def main() -> None:
    import atheris

    suffix, folder = sys.argv[1], Path(sys.argv[2])
    with atheris.instrument_imports(include=["assistant"]):
        examine = examined(suffix)
    from tests.readers.samples import SAMPLES

    seen: set[str] = set()
    current = folder / "current"

    def one(data: bytes) -> None:
        current.write_bytes(data)
        signal.setitimer(signal.ITIMER_VIRTUAL, _SOFT)
        signal.setitimer(signal.ITIMER_PROF, _HARD)
        try:
            examine(data)
        except Exception as error:  # noqa: BLE001  all of them are looked at
            place = place_of(error)
            if place not in seen and is_finding(error, suffix):
                seen.add(place)
                (folder / "findings" / f"{place}.{suffix}").write_bytes(data)
                (folder / "findings" / f"{place}.trace").write_text("".join(traceback.format_exception(error)), "utf-8")
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)

    packed = SAMPLES[suffix]().startswith(b"PK")
    longest = _LONGEST_ARCHIVE if packed else _LONGEST_TEXT
    options = [
        sys.argv[0],
        f"-timeout={_NEVER}",
        "-handle_segv=0",
        "-handle_abrt=0",
        f"-max_len={longest}",
        *sys.argv[3:],
    ]
    # `Mutate` becomes another function when fuzzing begins.
    mutate = _mutator(lambda data, longest: atheris.Mutate(data, longest))
    changes = {"custom_mutator": mutate} if packed else {}
    signal.signal(signal.SIGVTALRM, _slow)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    faulthandler.disable()
    atheris.Setup([*options, str(folder / "corpus")], one, **changes)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
