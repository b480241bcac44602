"""The documents for whoever carries kurssi on: their links lead somewhere, and what they name is there."""

from __future__ import annotations

import importlib.util
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kurssi.cli import run
from kurssi.cli.outputs import WRITERS

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "kurssi"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOR_USERS = ("README.md", "CHANGELOG.md", "rules.md", "commands.md")
OWN = [page for page in PAGES if page.name not in FOR_USERS and "guide" not in page.parts]
"""Pages about the source, written by hand."""
MADE_UP = {"reports/tab_separated.py", "opus.py", "tests/cases/topic-is-number/"}
"""Files that only the examples of the pages have."""


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(text: str) -> str:
    """A page without what stands in fences."""
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(text: str) -> Iterator[str]:
    """The anchors of a page's headings, as forges make them, and those that are written out."""
    for heading in re.findall(r"^#+ (.*)$", prose(text), flags=re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
    yield from re.findall(r'<a id="([^"]+)">', text)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", OWN, ids=name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """``grading/grader.py`` stands in the source or in the repository, or beside another that the page names."""
    named = set(re.findall(r"`([\w./-]*(?:\.(?:py|yml|yaml|toml)|\w/))`", prose(page.read_text("utf-8"))))
    folders = {ROOT, SOURCE, *(SOURCE / path for path in named if path.endswith("/"))}
    folders |= {(SOURCE / path).parent for path in named if "/" in path}
    examples = {"grade.yaml", "bad.yaml", "good.yaml", "bad/", "good/", "sv/"} | MADE_UP
    examples |= {"about.yaml", "fi/NAME.yaml", "en/NAME.yaml", "examples/cookbook/NAME/"}  # of a recipe
    assert not [path for path in sorted(named - examples) if not any((folder / path).exists() for folder in folders)]


def test_contributing_is_one_page() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()) <= 80


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "adr").glob("0*.md")), ids=name)
def test_a_decision_is_short_and_listed(page: Path) -> None:
    text = page.read_text("utf-8")
    assert len(text.splitlines()) <= 40
    assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == ["Context", "Decision", "Consequences"]
    title = text.splitlines()[0].removeprefix("# ")
    number, _, decision = title.partition(" ")
    assert f"| [{number}]({page.name}) | {decision} |" in (page.parent / "README.md").read_text("utf-8")


# ---- the picture of the packages ---------------------------------------------------------------------------


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("architecture_script", ROOT / "scripts" / "architecture.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("| `planning` |", "| planning |", "docs/architecture.md has no line for planning"),
        ("  L0 --> L1", "  L1 --> L0", "docs/architecture.md is behind pyproject.toml"),
        ("<!-- layers end -->", "", "docs/architecture.md has no place for the picture"),
    ],
)
def test_the_picture_is_held_to_the_contracts(
    old: str,
    new: str,
    said: str,
    script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "architecture.md"
    page.write_text(script.PAGE.read_text("utf-8").replace(old, new), "utf-8")
    monkeypatch.setattr(script, "PAGE", page)
    monkeypatch.setattr(sys, "argv", ["architecture.py", "--check"])
    assert script.main() == (1 if said else 0)
    assert said in capsys.readouterr().err


# ---- examples that can be run ------------------------------------------------------------------------------


def test_the_report_of_the_how_to_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "how-to" / "add-a-report.md").read_text("utf-8")
    code = re.search(r"^   ```python\n(.*?)^   ```", page, flags=re.MULTILINE | re.DOTALL)
    assert code is not None
    module: dict[str, Any] = {"__name__": "kurssi.reports.tab_separated", "__package__": "kurssi.reports"}
    exec(textwrap.dedent(code[1]), module)
    monkeypatch.setitem(WRITERS, ".csv", lambda book, words: module["as_tsv"](book, words).encode())
    assert run(["grade", str(ROOT / "implementations" / "KH00BT03-2024.yaml"), "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("0000001\t3\n")
