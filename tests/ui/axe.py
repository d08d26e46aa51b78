"""What axe-core finds wrong with a page for those who hear it, see it badly or have no mouse."""

from __future__ import annotations

import functools
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

_RUN = """(wanted) => axe.run(wanted, { resultTypes: ["violations"] }).then((found) => found.violations)"""


def violations(page: Page, within: str = "html", *, least: str = "serious") -> list[str]:
    """A line for each element that breaks a rule: how bad, the rule, the element, what to do; [] for a good page.

    `within` is a selector of the part to look at, `least` one of minor, moderate, serious and critical.
    What is hidden, or behind something that moves, is not looked at: open it and let it come to rest first.
    """
    levels = ["minor", "moderate", "serious", "critical"]
    wanted = levels[levels.index(least) :]
    # Evaluated, not added as an element: the page's own policy allows no script that it does not name.
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(_RUN, within)
    return [
        f"{one['impact']} {one['id']}: {node['html'][:200]} – {' '.join(node['failureSummary'].split())}"
        for one in found
        if one["impact"] in wanted
        for node in one["nodes"]
    ]


@functools.cache
def _source() -> str:
    # Found, not imported: the package's own module does what is done here, but as an element of the page.
    package = importlib.util.find_spec("axe_playwright_python")
    if package is not None and package.origin is not None:
        return Path(package.origin).with_name("axe.min.js").read_text("utf-8")
    reason = "axe-core is not installed: pip install -e '.[dev]'"
    if os.environ.get("YOUJU_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
