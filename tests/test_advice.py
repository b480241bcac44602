"""What findings advise: it loses no data, and what they say to write is taken and means what was said."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kurssi.course.check import check
from kurssi.course.yaml_reader import load
from kurssi.diagnostics.finding import Finding
from kurssi.diagnostics.words import Words
from strategies import yaml_text

SOURCE = Path(__file__).parent.parent / "src" / "kurssi"
CASES = sorted((Path(__file__).parent / "cases").glob("*/bad*.yaml"))


# ---- advice never loses data -------------------------------------------------------------------------------

LOSES = re.compile(r"\b(delete|remove|erase|throw away|keep one|clear the|empty the)\b", re.IGNORECASE)
ABOUT_SIGNS = {
    "take the quotation marks away",
    "correct the number, or delete the line",
    "show it, or clear the filter, to see what is read",
}
"""Advice about signs and views, which hold no data."""
LOSES_IN = {
    "fi": re.compile(r"\b(poista|tyhjennä)\b", re.IGNORECASE),
    "sv": re.compile(r"\b(ta bort|radera|töm|stryk)\b", re.IGNORECASE),
}


@cache
def sentences() -> dict[str, str]:
    """Every sentence of the source, with the module that says it."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("msg", "nmsg", "tr", "words", "Msg", "plural"):
                    texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                    found |= {text: path.name for text in texts if isinstance(text, str)}
    return found


def test_no_sentence_says_to_delete_anything() -> None:
    said = {text: module for text, module in sentences().items() if LOSES.search(text) and text not in ABOUT_SIGNS}
    assert not said


@pytest.mark.parametrize("language", sorted(LOSES_IN))
def test_no_translation_says_to_delete_anything(language: str) -> None:
    words = Words(language)
    said = {text: words.translate(text) for text in sentences() if text and text not in ABOUT_SIGNS}
    assert not {text: own for text, own in said.items() if LOSES_IN[language].search(own)}


# ---- what is to be written is taken ------------------------------------------------------------------------

LITERAL = re.compile(
    r"\b(?:write|add|or) ([a-z_]+: (?:\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|[^\s,;]+(?: %)?)(?:, [a-z_]+: \w+)*)"
)


def literals(finding: Finding) -> list[dict[str, Any]]:
    """What the English help says to write, as keys and values."""
    text = Words("en").say(finding.help) if finding.help is not None else ""
    found = [load((match + "\n").replace("…", "x").encode(), "help").data for match in LITERAL.findall(text)]
    return [data for data in found if isinstance(data, dict) and all(value is not None for value in data.values())]


REFUSED = ("unknown-key", "unknown-value", "wrong-type", "off-scale", "boundaries", "percent-without-of")
"""Rules that say of a key that it cannot stand there, or not with this value; others may ask for more."""


def blocks(data: Any, path: tuple[str | int, ...]) -> list[dict[str, Any]]:
    """The blocks around a path, the innermost first, and those of the list that it ends at."""
    found: list[dict[str, Any]] = []
    here = data
    for step in (*path, None):
        if isinstance(here, dict):
            found.append(here)
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            break
    items = [item for item in here if isinstance(item, dict)] if isinstance(here, list) else []
    return [*items, *reversed(found)]


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_the_help_says_to_write_is_taken(case: Path) -> None:
    raw = case.read_bytes()
    for finding in check(raw, case.name, lambda _: False).findings:
        for literal in literals(finding):
            assert_is_taken(raw, finding, literal)


def assert_is_taken(raw: bytes, finding: Finding, literal: dict[str, Any]) -> None:
    """In one of the blocks around its place the literal is taken, and the finding is gone."""
    tried = []
    for at in range(len(blocks(load(raw, "f").data, finding.path))):
        data = load(raw, "f").data
        blocks(data, finding.path)[at].update(literal)
        after = check(yaml_text(data).encode(), "f", lambda _: False).findings
        said = (finding.rule, finding.message, finding.help)
        refused = [f for f in after if f.rule in REFUSED and set(map(str, f.path)) & set(literal)]
        if not refused and not any((f.rule, f.message, f.help) == said for f in after):
            return
        tried.append([Words("en").say(f.message) for f in after])
    pytest.fail(f"{literal} is not taken: {tried}")
