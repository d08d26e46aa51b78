"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable

import pytest


def until(true: Callable[[], object], seconds: float = 30) -> None:
    """A test that waits in vain ends with a message of its own, long before its time limit."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            pytest.fail("what was waited for did not happen")
        time.sleep(0.01)
