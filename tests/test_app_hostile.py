"""Hostile files given to the page: it is always answered, in plain data that is not too much to show."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import hostile
import hostile_workbooks
import hostile_xls
from hostile import PLAN, Kind, kinds
from hostile_runs import SCORES
from kurssi.browser import Desk

SMALL = 5_000
"""What is hostile by its size alone is tried elsewhere; here each kind is given in little, and all of them fast."""
MOST_TOLD = 3_000_000
"""Characters of an answer: what a page shows without a pause."""
SHEETS = [
    kind
    for kind in kinds(".csv", ".xlsx", ".ods", ".xls")
    if not kind.role and not re.search("MiB|very many|last row|repeated", kind.name)
]
assert hostile_workbooks.__name__ != hostile_xls.__name__  # both enter their kinds


class Page:
    """Asks as the page does, and takes nothing but what a browser can take."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(str(folder))
        self.desk.language("en")

    def ask(self, name: str, **given: Any) -> Any:
        told = self.desk.ask(json.dumps({"name": name, "with": given}))
        told.encode("utf-8")  # a lone surrogate would not come through
        assert len(told) <= MOST_TOLD
        return json.loads(told, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setenv("KURSSI_LANG", "en")
    monkeypatch.setattr(hostile, "SIZE", SMALL)
    before = Path.cwd()
    yield Page(tmp_path)
    os.chdir(before)


def is_answered(found: Any) -> bool:
    """Whether there is a class, or it is said why not."""
    errors = [one for one in found["findings"] if one["severity"] == "error"]
    said = found["class"] is not None or bool(errors) or not found["assessed"]
    return said and all(one["message"] for one in found["findings"])


@pytest.mark.parametrize("kind", [*kinds(".yaml")], ids=lambda kind: kind.name)
def test_a_hostile_plan_is_answered(kind: Kind, page: Page) -> None:
    Path("h.yaml").write_bytes(kind.make())
    Path("s.csv").write_text(SCORES, "utf-8")
    found = page.ask("findings", file="h.yaml", everything=True)
    assert all(one["message"] and one["line"] >= 1 for one in found["findings"])
    assert is_answered(page.ask("grade", file="h.yaml", sheets=["s.csv"], maps=[]))
    page.ask("understood", file="h.yaml", sheets=["s.csv"], maps=[])
    page.ask("proposals", file="h.yaml", line=2, column=3)
    page.ask("help", file="h.yaml", line=2, column=3)


@pytest.mark.parametrize("kind", SHEETS, ids=lambda kind: kind.name)
def test_a_hostile_sheet_is_answered(kind: Kind, page: Page) -> None:
    Path("x.yaml").write_text(PLAN, "utf-8")
    name = f"h{kind.suffix}"
    Path(name).write_bytes(kind.make())
    page.ask("understood", file="x.yaml", sheets=[name], maps=[])
    found = page.ask("grade", file="x.yaml", sheets=[name], maps=[])
    assert is_answered(found)
    if found["class"] is not None:
        page.ask("figures")
    if found["class"] is not None and found["class"]["students"]:
        page.ask("explain", student=found["class"]["students"][0]["student"])
        page.ask("what_if", rule="grace", part=None, change=1)


def test_the_files_for_a_browser_are_made_where_only_the_tests_are_at_hand() -> None:
    """The page's own tests start it as a script: the benchmarks cannot be imported there."""
    code = "import page_hostile; print(len(page_hostile.sample()))"
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent, env=own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 40
