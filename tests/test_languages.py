"""Findings in Finnish and Swedish hold no English sentence.

A sentence that waits for its translator is passed over until a release (``make release-check``, which sets
``KURSSI_RELEASE``): whoever adds a rule need not know Finnish. A sentence that no translator would see fails always.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import kurssi
from kurssi.course.check import check
from kurssi.diagnostics.message import Msg, Terms
from kurssi.diagnostics.words import Words

CASES = sorted((Path(__file__).parent / "cases").glob("*/bad*.yaml"))
RELEASE = os.environ.get("KURSSI_RELEASE") == "1"
LOCALE = Path(kurssi.__file__).parent / "locale"


def messages(value: object) -> Iterator[Msg]:
    if isinstance(value, Msg):
        yield value
        for inner in value.args.values():
            yield from messages(inner)
    elif isinstance(value, Terms):
        for inner in value.items:
            yield from messages(inner)


@cache
def waiting(language: str) -> frozenset[str]:
    """What stands in the catalogue without a translation."""
    with (LOCALE / language / "LC_MESSAGES" / "kurssi.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return frozenset(
        m.id if isinstance(m.id, str) else m.id[0]
        for m in catalogue
        if m.id and not any(m.string if isinstance(m.string, tuple) else (m.string,))
    )


def english(language: str) -> set[str]:
    """The sentences of findings that are shown in English."""
    words = Words(language)
    left = set()
    for path in CASES:
        for finding in check(path.read_bytes(), path.name, lambda _: False).findings:
            for message in [*messages(finding.message), *messages(finding.help)]:
                prose = re.search("[A-Za-z]{2,} [a-z]{2,}", re.sub(r"\{[^}]*\}", "", message.text))
                number = message.args.get("n")
                text = message.text
                if message.plural is not None and isinstance(number, int):
                    said = words.catalogue.ngettext(text, message.plural, number)
                else:
                    said = words.catalogue.gettext(text)
                if prose and said in (text, message.plural):
                    left.add(text)
    return left


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_finding_can_be_translated(language: str) -> None:
    left = english(language) - waiting(language)
    assert not left, "\n".join(sorted(left))


@pytest.mark.skipif(not RELEASE, reason="translations are complete in a release: make release-check")
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_finding_is_translated(language: str) -> None:
    left = english(language)
    assert not left, "\n".join(sorted(left))


# ---- the script that holds the catalogues to the source ----------------------------------------------------


@pytest.fixture
def script() -> ModuleType:
    path = Path(__file__).parent.parent / "scripts" / "messages.py"
    spec = importlib.util.spec_from_file_location("messages_script", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def with_one_new_sentence(script: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path, finnish: str) -> None:
    """The catalogues, as they are, with one sentence more, and its translation into Finnish."""
    template = script.collect()
    template.add("the {thing} is new", locations=[("course/rules/texts.py", 0)])
    monkeypatch.setattr(script, "collect", lambda: template)
    old = script.load

    def load(language: str) -> Catalog:
        catalogue: Catalog = old(language)
        catalogue.add("the {thing} is new", finnish if language == "fi" else "")
        return catalogue

    monkeypatch.setattr(script, "load", load)
    catalogues = {language: script.merged(language, template) for language in script.LANGUAGES}
    monkeypatch.setattr(script, "po_path", lambda language: folder / f"{language}.po")
    for language, catalogue in catalogues.items():
        (folder / f"{language}.po").write_bytes(script.po_bytes(catalogue))
        (folder / f"{language}.mo").write_bytes(script.mo_bytes(catalogue))


@pytest.mark.parametrize(
    ("finnish", "release", "code", "said"),
    [
        ("", False, 0, "warning: fi: not translated: 'the {thing} is new'"),
        ("", True, 1, "fi: not translated: 'the {thing} is new'"),
        ("{thing} on uusi", False, 0, None),
        ("{asia} on uusi", False, 1, "fi: other fields than the English: '{asia} on uusi'"),
    ],
)
def test_a_missing_translation_is_a_warning_until_a_release(
    finnish: str,
    release: bool,
    code: int,
    said: str | None,
    script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with_one_new_sentence(script, monkeypatch, tmp_path, finnish)
    monkeypatch.setattr(sys, "argv", ["messages.py", "--check", *(["--release"] if release else [])])
    assert script.main() == code
    lines = [line for line in capsys.readouterr().err.splitlines() if "{thing}" in line or "{asia}" in line]
    assert (said in lines) if said is not None else not [line for line in lines if line.startswith("fi:")]
