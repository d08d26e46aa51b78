"""One bench for all tests of faults; they are skipped where system calls cannot be intercepted."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.index.faults.scenario import Bench, Prepared, Scenario

_MACHINES = ("x86_64", "aarch64")
_ROOM = 200_000_000  # bytes


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        pytest.skip(f"system calls are intercepted on Linux on {' and '.join(_MACHINES)} only")
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not Path("/usr/include/linux/seccomp.h").exists():
        if os.environ.get("YOUJU_REQUIRE_FAULTS"):
            pytest.fail("no C compiler or kernel headers: apt-get install gcc libc6-dev linux-libc-dev")
        pytest.skip("needs a C compiler and the kernel's headers: apt-get install gcc libc6-dev linux-libc-dev")
    # Not below pytest's own folder, which only its owner may enter: one test goes on as another user.
    memory = Path("/dev/shm")  # much quicker, where there is room
    where = memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None
    with tempfile.TemporaryDirectory(prefix="youju-faults-", dir=where) as name:
        root = Path(name).resolve()
        root.chmod(0o755)
        shim = root / "faults.so"
        source = Path(__file__).with_name("faults.c")
        options = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-pthread"]
        subprocess.run([compiler, *options, "-o", str(shim), str(source)], check=True)
        made = Bench(root, shim)
        yield made
        made.close()


@pytest.fixture
def prepared(bench: Bench, scenario: Scenario) -> Prepared:
    return bench.prepare(scenario)
