"""The pages of the guide are run: below a command stands what it prints, files are written, questions answered."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parent.parent / "scripts"


@pytest.fixture
def guide_run(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(SCRIPTS), *sys.path])
    return importlib.import_module("guide_run")


@pytest.fixture
def guide_rules(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(SCRIPTS), *sys.path])
    return importlib.import_module("guide_rules")


PAGE = """\
# A page

```yaml title="essay.yaml"
kurssi: 1
course: {code: E1, name: Essay, credits: 2}
implementation: {id: essay, language: en}
assessment:
  evaluation_scale: H-5
  parts: [{id: essay, name: Essay, weight: 90}]
```

```console
$ kurssi validate --format concise essay.yaml
something that kurssi does not print
```
"""


def test_a_command_shows_what_it_prints(guide_run: ModuleType) -> None:
    text = guide_run.refreshed(PAGE, "en")
    assert "something that" not in text
    assert "error[weights-sum] the weights sum to 90, not 100: 90" in text
    assert "virhe[weights-sum]" in guide_run.refreshed(PAGE, "fi")
    assert guide_run.refreshed(text, "en") == text


def test_recipes_are_taken_along_and_questions_answered(guide_run: ModuleType) -> None:
    page = "<!-- in cookbook/letters -->\n```console\n$ kurssi grade letters.yaml\n```\n"
    assert "Exactly an A" in guide_run.refreshed(page, "en")
    page = (
        "<!-- answers: A1 | Name | 5 | 2026-01-12 | 2026-03-13 |  | 8x3 | Exam 100 | 50 p | y -->\n"
        '```console\n$ kurssi new\n```\n\n<!-- as written -->\n```yaml title="A1-2026.yaml"\nold\n```\n'
    )
    text = guide_run.refreshed(page, "en")
    assert "Exam: 100 %, 50 points" in text
    assert "graded: points, max: 50" in text
    assert "old" not in text


def test_a_page_leaves_nothing_behind(guide_run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KURSSI_LANG", raising=False)
    guide_run.refreshed(PAGE, "fi")
    assert list(tmp_path.iterdir()) == []
    assert "KURSSI_LANG" not in guide_run.os.environ


def test_every_rule_has_a_topic(guide_rules: ModuleType) -> None:
    assert sum(map(len, guide_rules.by_topic().values())) == len(guide_rules.book())
