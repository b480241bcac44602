"""Every rule at work on files: ``cases/<rule>/bad*.yaml`` says exactly ``expected*.txt``, ``good*.yaml`` is silent.

Of a rule across files the cases are folders, ``bad*/`` and ``good*/``.
``KURSSI_UPDATE_CASES=1`` rewrites the expected files; read the difference before it is committed.
"""

from __future__ import annotations

import ast
import inspect
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run
from kurssi.course.check import check, check_across, seen
from kurssi.course.rules import Rule, book, checking, paragraphs, registry
from kurssi.course.rules import sheets as sheet_rules
from kurssi.course.rules import survey as feedback_rules
from kurssi.course.schema import schema
from kurssi.course.yaml_reader import load
from kurssi.diagnostics.finding import Finding, Severity
from strategies import yaml_text

CASES = Path(__file__).parent / "cases"
UPDATE = os.environ.get("KURSSI_UPDATE_CASES") == "1"


def cases(kind: str) -> list[str]:
    found = [path for path in CASES.glob(f"*/{kind}*") if path.suffix == ".yaml" or path.is_dir()]
    return sorted(path.relative_to(CASES).as_posix() for path in found)


BAD, GOOD = cases("bad"), cases("good")
FILES = [case for case in BAD if case.endswith(".yaml")]

OF_SHEETS = frozenset(
    name
    for rules in (sheet_rules.cells, sheet_rules.exports, sheet_rules.students, sheet_rules.tables, feedback_rules)
    for name in re.findall(r"documented\(\s*\"([a-z-]+)\"", inspect.getsource(rules))
)
"""Rules that only sheets can break: they have a help page here, and cases of their own elsewhere."""
COMPANIONS = {
    "accepted-unused/bad-figure.yaml": {"workload-total"},  # the finding that is accepted with the wrong figure
    "accepted-unused/bad-empty-reason.yaml": {"workload-total"},
    "accepted-unused/bad-no-figure.yaml": {"workload-total"},
    "accepted-unused/bad-found-where-none.yaml": {"late-without-size"},
    "course-drift/bad-accepted": {"accepted-unused"},  # accepted with the figure of an earlier year
    "no-part-with-weight/bad-zero.yaml": {"weights-sum"},
    "unknown-key/bad-finnish.yaml": {"missing-key"},  # nimi is no slip of name, so name is missing, too
}
"""Cases that cannot be without a finding of another rule."""


def validate(name: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    code = run(["validate", "--format", "text", "--color", "never", "--lang", "en", *more, name])
    return code, capsys.readouterr().out


def rules_in(text: str) -> set[str]:
    return set(re.findall(r"^(?:error|warning|info)\[([a-z-]+)\]: ", text, re.MULTILINE))


# ---- the files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", BAD)
def test_bad_file_says_exactly_this(
    case: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = CASES / case
    monkeypatch.chdir(path.parent)
    code, out = validate(path.name, capsys)
    expected = path.with_name(path.stem.replace("bad", "expected", 1) + ".txt")
    if UPDATE:
        expected.write_text(out, encoding="utf-8", newline="\n")
    assert out == expected.read_text(encoding="utf-8")
    assert rules_in(out) - COMPANIONS.get(case, set()) == {path.parent.name}
    counting = [level for level in Severity if re.search(f"^{level.name}\\[", out, re.MULTILINE)]
    worst = max(counting)
    assert code == (1 if worst is Severity.error else 0)
    if worst is not Severity.error:
        assert validate(path.name, capsys, "--strict") == (1 if worst is Severity.warning else 0, out)


@pytest.mark.parametrize("case", GOOD)
def test_good_file_is_silent(case: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    path = CASES / case
    monkeypatch.chdir(path.parent)
    code, out = validate(path.name, capsys, "--strict")
    assert rules_in(out) == set()
    assert code == 0


@pytest.mark.parametrize("case", FILES)
def test_the_underlined_span_is_in_the_file(case: str) -> None:
    raw = (CASES / case).read_bytes()
    lines = raw.decode("utf-8", "replace").split("\n")
    for finding in check(raw, case).findings:
        place = finding.place
        assert 1 <= place.line <= len(lines)
        assert place.column <= len(lines[place.line - 1]) + 1
        assert (place.line, place.column) <= (place.end_line, place.end_column)  # empty: of the whole file
        assert place.end_column <= len(lines[place.end_line - 1]) + 2


def test_no_expected_file_is_left_over() -> None:
    wanted = {(CASES / case).with_name(Path(case).stem.replace("bad", "expected", 1) + ".txt") for case in BAD}
    assert set(CASES.glob("*/*.txt")) == wanted


def test_there_are_enough_cases() -> None:
    assert len(BAD) >= 60
    assert {Path(case).parent.name for case in BAD} <= set(book())


# ---- the book ----------------------------------------------------------------------------------------------


def examples_of(rule: Rule) -> dict[str, str]:
    """The example under ``Fails::`` and under ``Passes::``, without indentation."""
    out: dict[str, str] = {}
    heading = None
    for paragraph in paragraphs(rule.doc):
        if paragraph.startswith("    "):
            text = "\n".join(line[4:] for line in paragraph.split("\n")) + "\n"
            if heading:
                out[heading] = out[heading] + "\n" + text if heading in out else text
        else:
            heading = paragraph.removesuffix("::") if paragraph.endswith("::") else None
    return out


@pytest.mark.parametrize("name", sorted(book()))
def test_rule_has_a_help_page(name: str) -> None:
    rule = book()[name]
    assert re.fullmatch("[a-z]+(-[a-z]+)*", name)
    title, *rest = paragraphs(rule.doc)
    assert title.endswith(".")
    assert not title.startswith("    ")
    assert any(paragraph.startswith("Why: ") for paragraph in rest)
    found = examples_of(rule)
    assert set(found) == {"Fails", "Passes"}
    assert found["Fails"] != found["Passes"]


@pytest.mark.parametrize("name", sorted(book()))
def test_rule_is_shown_by_the_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "rule", name]) == 0
    out = capsys.readouterr().out
    severities = ", ".join(severity.name for severity in book()[name].severities)
    assert out.startswith(f"{name} ({severities})\n")
    assert "\nWhy: " in out
    assert "\nFails:\n" in out
    assert "\nPasses:\n" in out


def test_the_list_of_rules_is_the_book(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "rule"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == sorted(book())


@pytest.mark.parametrize("name", sorted(set(book()) - OF_SHEETS))
def test_rule_has_a_case(name: str) -> None:
    across = book()[name].cross_file is not None
    for case in ("bad", "good"):
        assert (CASES / name / case).is_dir() if across else (CASES / name / f"{case}.yaml").is_file()


NOT_YAML_ON_PURPOSE = {("bad-yaml", "Fails"), ("duplicate-key", "Fails")}


def files_of(name: str, side: str) -> list[bytes]:
    """The files of an example; of a rule across files each begins with a comment that names it."""
    return [
        part.encode() for part in re.split(r"^# [a-z0-9]+\.yaml$", examples_of(book()[name])[side], flags=re.M) if part
    ]


@pytest.mark.parametrize("side", ["Fails", "Passes"])
@pytest.mark.parametrize("name", sorted(set(book()) - OF_SHEETS))
def test_example_is_yaml(name: str, side: str) -> None:
    findings = [finding for text in files_of(name, side) for finding in load(text, name).findings]
    if (name, side) in NOT_YAML_ON_PURPOSE:
        assert {finding.rule for finding in findings} == {name}
    else:
        assert not findings


@cache
def schema_of_files() -> dict[str, Any]:
    """The schema, which takes long to make; nothing here changes it."""
    return schema()


def completed(example: Any) -> dict[str, Any]:
    """A whole file around an example of a help page."""
    properties = schema_of_files()["definitions"]
    if isinstance(example, list):
        return completed({"parts": example})
    (first, *_) = example
    items = example.get("parts")
    hours = isinstance(items, list) and items and isinstance(items[0], dict) and "hours" in items[0]
    blocks = {"schedule": "Schedule", "workload": "Workload", "assessment": "Assessment"}
    file: dict[str, Any]
    if first in schema_of_files()["properties"]:
        file = dict(example)
    elif hours or first == "total":
        file = {"workload": example}
    elif first == "attendance":
        file = {"assessment": {"activity": example}}
    else:
        owner = next((b for b, d in blocks.items() if b != "workload" and first in properties[d]["properties"]), None)
        if owner:
            file = {owner: example}
        elif first in properties["Implementation"]["properties"]:
            file = {"implementation": {"id": "X-1", **example}}
        else:
            file = {"assessment": {"parts": [{"id": "exam", "weight": 100, **example}]}}
    course = {"code": "X", "name": "Palvelumuotoilu", "credits": 5}
    file = {"kurssi": 1, "course": course, "implementation": {"id": "X-1"}, **file}
    if "assessment" in file:
        whole: dict[str, Any] = {"evaluation_scale": "H-5"}
        if "ways" not in file["assessment"]:
            whole["parts"] = [{"id": "exam", "weight": 100}]
        file["assessment"] = {**whole, **file["assessment"]}
    if "accepted" in file:
        file["workload"] = {"total": "135 h", "parts": [{"name": "all", "hours": "134 h"}]}
    return file


@pytest.mark.parametrize("side", ["Fails", "Passes"])
@pytest.mark.parametrize("name", sorted(set(book()) - OF_SHEETS - {"bad-yaml", "duplicate-key"}))
def test_example_does_what_the_help_says(name: str, side: str) -> None:
    texts = [yaml_text(completed(load(text, name).data)) for text in files_of(name, side)]
    checked = [check(text.encode(), f"{n}.yaml", "scores/KH00BT03-2024.csv".__eq__) for n, text in enumerate(texts)]
    facts = [facts for one in checked if (facts := seen(one)) is not None]
    found = {finding.rule for finding in [*check_across(facts), *(f for one in checked for f in one.findings)]}
    assert (name in found) is (side == "Fails"), texts


def test_rules_of_sheets_say_every_severity_that_they_have() -> None:
    used: dict[str, set[str]] = {}
    for path in sorted((Path(inspect.getfile(Finding)).parent.parent).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
            if name not in ("error", "add", "Finding", "Bad") or not node.args:  # type: ignore[attr-defined]
                continue
            rule, *rest = node.args  # type: ignore[attr-defined]
            if isinstance(rule, ast.Constant) and rule.value in book():
                given = ast.walk(rest[0]) if rest else ()  # one severity, or one of two: ``a if … else b``
                severities = {n.attr for n in given if isinstance(n, ast.Attribute) and n.attr in Severity.__members__}
                used.setdefault(rule.value, set()).update({"error"} if name in ("error", "Bad") else severities)
    said = {name: {severity.name for severity in book()[name].severities} for name in used}
    assert used == said


def test_every_severity_is_used() -> None:
    assert {rule.severity for rule in book().values()} == set(Severity)


def test_checking_a_file_loads_every_rule_that_checks() -> None:
    checks = {name for name, r in book().items() if r.check or r.referenced_files or r.cross_file or r.policy_hazard}
    assert set(checking()) == checks


def test_every_rule_stands_where_its_kind_is_looked_for() -> None:
    """One in another module would be found by chance: where something else had loaded that module before."""
    for entry in book().values():
        families = (
            (entry.check or entry.referenced_files, registry.ONE_FILE),
            (entry.policy_hazard, registry.POLICY),
            (entry.cross_file, registry.ACROSS_FILES),
        )
        for asked, family in families:
            if asked is not None:
                assert asked.__module__.removeprefix("kurssi.course.rules.").partition(".")[0] in family, entry.name
