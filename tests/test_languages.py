"""Findings in Finnish and Swedish hold no English sentence, be they about files or about sheets.

A sentence that waits for its translator is passed over until a release (``make release-check``, which sets
``KURSSI_RELEASE``): whoever adds a rule need not know Finnish. A sentence that no translator would see fails always.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import kurssi
from kurssi.course.check import check
from kurssi.diagnostics.finding import Finding, Place, Severity
from kurssi.diagnostics.message import Msg, Terms
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import grade
from kurssi.policy.model import resolve
from kurssi.sheets import read_sheets
from test_exports_said import EXPORTS
from test_teacher_tables import CANVAS, PLAIN, PLAN, READ, REFUSED, as_csv

SOURCE = Path(__file__).parent.parent / "src" / "kurssi"
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


def untranslated(findings: Iterable[Finding], words: Words) -> set[str]:
    """The English sentences that are left in findings of another language."""
    left = set()
    for finding in findings:
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
def test_every_finding_is_translated(language: str) -> None:
    findings = [f for path in CASES for f in check(path.read_bytes(), path.name, lambda _: False).findings]
    left = untranslated(findings, Words(language)) - waiting(language)
    assert not left, "\n".join(sorted(left))


def of_sheets() -> Iterator[Finding]:
    """What is said of teachers' tables, of exports of every layout, and of sheets of groups and peer marks."""
    for plan in (PLAN, PLAN.replace("by: group}", "by: group, peer: {method: webpa}}")):
        checked = check(plan.encode(), "plan.yaml")
        assert checked.file is not None
        policy = resolve(checked.file)
        tables = [as_csv(rows) for _, rows, *_ in (*READ, *REFUSED)]
        tables += [text.encode() for _, text in EXPORTS.values()]
        tables += [CANVAS.encode(), b"ryhma;Ryhmaty\xf6\nR1;4\n", b"from;to;osuus\n0101;0102;\n0101;0999;5\n"]
        for number, table in enumerate(tables):
            yield from read_sheets([(f"{number}.csv", table)], policy)[1]
            yield from read_sheets([("class.csv", as_csv(PLAIN)), (f"{number}.csv", table)], policy)[1]
            yield from grade(checked, plan.encode(), [(f"{number}.csv", table)])[1]
        overrides = "student,grade,reason,by,date\n0101,9,,x,2024\n0999,3,syy,x,2024-03-20\n"
        yield from grade(checked, plan.encode(), [("class.csv", as_csv(PLAIN))], ("o.csv", overrides.encode()))[1]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_finding_of_sheets_is_translated(language: str) -> None:
    findings = list(of_sheets())
    assert len({f.rule for f in findings}) >= 20
    left = untranslated(findings, Words(language)) - waiting(language)
    assert not left, "\n".join(sorted(left))


def literals_of(*packages: str) -> Iterator[Msg]:
    """Every sentence that the source of these packages may say."""
    for package in packages:
        for path in sorted((SOURCE / package).rglob("*.py")):
            if path.parent.name == "layouts":
                continue  # what a layout is, for the help of a command
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
                if isinstance(node, ast.Call) and name in ("msg", "nmsg") and isinstance(node.args[0], ast.Constant):
                    plural = node.args[1].value if name == "nmsg" and isinstance(node.args[1], ast.Constant) else None
                    yield Msg(str(node.args[0].value), {"n": 2} if plural else {}, str(plural) if plural else None)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_sentence_about_sheets_and_grades_is_translated(language: str) -> None:
    """What no table above comes to say."""
    told = [
        Finding("any", Severity.info, message, Place("")) for message in literals_of("sheets", "gradebook", "grading")
    ]
    left = untranslated(told, Words(language)) - waiting(language)
    assert not left, "\n".join(sorted(left))


@pytest.mark.skipif(not RELEASE, reason="translations are complete in a release: make release-check")
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_nothing_waits_for_a_translator_at_a_release(language: str) -> None:
    findings = [f for path in CASES for f in check(path.read_bytes(), path.name, lambda _: False).findings]
    left = untranslated([*findings, *of_sheets()], Words(language))
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


def with_one_sentence(script: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path, finnish: str) -> None:
    """A source that says one sentence, and catalogues with its translation into Finnish."""
    template = Catalog()
    template.add("the {thing} is new", locations=[("course/rules/texts.py", 0)])

    def load(language: str) -> Catalog:
        catalogue = Catalog(locale=language, project="kurssi", charset="utf-8", fuzzy=False)
        catalogue.add("the {thing} is new", finnish if language == "fi" else "")
        return catalogue

    for name, value in {"SOURCE": folder, "collect": lambda: template, "load": load}.items():
        monkeypatch.setattr(script, name, value)
    monkeypatch.setattr(script, "po_path", lambda language: folder / f"{language}.po")
    for language in script.LANGUAGES:
        catalogue = script.merged(language, template)
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
    with_one_sentence(script, monkeypatch, tmp_path, finnish)
    monkeypatch.setattr(sys, "argv", ["messages.py", "--check", *(["--release"] if release else [])])
    assert script.main() == code
    lines = [line for line in capsys.readouterr().err.splitlines() if "{thing}" in line or "{asia}" in line]
    assert (said in lines) if said is not None else not [line for line in lines if line.startswith("fi:")]
