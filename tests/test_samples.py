"""Real exports in a folder of one's own, ``KURSSI_SAMPLES``: each is read into a class, or refused for a reason.

The files are not part of the project. Without the folder these tests are skipped; a sample that is not in the folder is
skipped, too.
"""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from kurssi.course.check import check
from kurssi.diagnostics.finding import Finding, Severity
from kurssi.policy.model import Policy, resolve
from kurssi.sheets import Reading, read_sheets
from kurssi.values.classlist import ClassList

FOLDER = Path(os.environ.get("KURSSI_SAMPLES", "/nonexistent"))

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="KURSSI_SAMPLES names no folder")


class Case(NamedTuple):
    """What a sample is read with, and what comes of it."""

    parts: str
    """Parts as ``id max name``, separated by ``|``; a part without max is pass-fail."""
    students: int | None = None
    """How many students are read; ``None`` where the sample is refused."""
    refused: str = ""
    """The rule that refuses it."""
    maps: tuple[str, ...] = ()
    check: str = ""
    """A student and what is read of it: ``A16000000 lab 10``."""
    roster: str = ""
    """A roster that is given first."""


NAMES = "opiskelijanumero;sukunimi;etunimi\n1;O'Connor;Emily\n2;Karimi;Milad Arash\n3;Missing;Student\n4;Karimi;Sara\n"
CASES: dict[str, Case] = {
    "aalto-ossi-import.csv": Case("a 1 Tier A|b 1 Tier B", 4, check="131433 a 1"),
    "apogee-sis-import.csv": Case("a 20 Note", refused="sheet-header"),
    "blackboard-export-70.csv": Case("a 100 Quiz 2026-01-09", 69, check="21918140 a missing"),
    "blackboard-offline-03.ods": Case("a 10 Quiz 3", 9, check="wbones a 1"),
    "blackboard-upload-02.tsv": Case("a 10 Quiz 3", 5, check="wcarver a 2"),
    "brightspace-avenue-classlist.csv": Case("a 10 Lab", refused="no-part"),
    "brightspace-header-weighted.csv": Case("a 10 Lab x", refused="no-rows"),
    "canvas-demo-with-letters.csv": Case("a 30 Q1|b 50 MT1|c 100 final exam", 9, check="1033320625 c 45.25"),
    "canvas-full-manual-posting.csv": Case("lab 10 Lab 01|b 24 Midterm Exam", 4, check="A22222222 b 22.5"),
    "canvas-gradebook-minimal.csv": Case("a 10 Assignment 1", 2, check="6 a missing"),
    "canvas-prairielearn-fixture.csv": Case("a 10 Quiz 1", 3, check="jblock3430 a 8"),
    "canvas-roster-chico.csv": Case("a 10 Lab", refused="no-part"),
    "catme-response-list.txt": Case("peer_review", 4, check="2 peer_review passed", roster=NAMES),
    "doenet-export.csv": Case("a 100 Sample Activity 1", 13, check="D0012 a 50.1"),
    "examsoft-scores-bom.csv": Case("a 75 Koe", 69, maps=("Pts=a",), check="28663476 a 49"),
    "gradescope-5min-late.csv": Case("a 10 Lab 01|b 32 Lab 02", 4, check="A12345678 b 31"),
    "gradescope-course-export.csv": Case("a 11 Homework 01", 4, check="A12345678 a 9"),
    "gradescope-demo-names-column.csv": Case("a 20 Lab 2|b 50 Midterm", 10, check="3032412514 a 5"),
    "gradescope-mean-output.csv": Case("a 100 hw", 3, maps=("sid=student", "hw1=a of 1.01"), check="000123456 a 100"),
    "gradescope-per-question.csv": Case("a 100 Koe", 1, maps=("Total Score=a",), check="EXAMPLE_RCS a 77"),
    "gradescope-unlinked-example-com.csv": Case("a 12 Demo Midterm", 21, check="236722432 a missing"),
    "markus-grade-entry-form.csv": Case("a 4 Q1|b 5 Q2", 2, check="c5anthei b 5"),
    "markus-grade-entry-total.csv": Case("a 100 Test", 1, check="c8shosta a 22"),
    "moodle-grade-export-import.csv": Case("a 100 Assignment for grape group", 2, check="student7@example.com a 56"),
    "moodle-grader-export-header-real.csv": Case("a 100 Checkpoint 1", refused="sheet-header"),
    "moodle-import-ragged-bad.csv": Case("a 100 Assignment for grape group", refused="ragged-row"),
    "moodle-import-with-feedback.csv": Case("a 100 Second new grade item", 2, check="student7@mail.com a 44"),
    "nbgrader-export.csv": Case("a 23 Ps", 2, maps=("score=a", "timestamp=a submitted"), check="hacker a 3"),
    "oneroster-v1p1-lineItems.csv": Case("a 5 Tentti", refused="sheet-header"),
    "oneroster-v1p1-results.csv": Case(
        "a 5 Tentti", 2, maps=("studentSourcedId=student", "score=a"), check="stu-1 a 4"
    ),
    "pawtograder-import.csv": Case("a 100 Imported Quiz", 3, check="alice-gradebook@pawtograder.net a 95"),
    "rgtracker-course-info.csv": Case("a 100 lab1", refused="sheet-header"),
    "rgtracker-grade-info.csv": Case("a 100 grade", refused="duplicate-student"),
    "sakai-gradebookng-import-i18n.csv": Case("a 10 a1", 2, check="student1 a 7"),
    "sisu-import-passfail.csv": Case("a", 2, maps=("grade=a",), check="117486 a passed"),
    "sisu-import.csv": Case("a 5 Koe", 3, maps=("grade=a",), check="114732 a 5"),
    "sisu-results.csv": Case("a 5 Koe", 1, maps=("grade=a",), check="123456 a 5"),
    "submitty-numeric-upload.csv": Case("a 10 Koe", refused="sheet-header"),
    "ucsb-egrades-crlf.csv": Case("a 5 Koe", 3, maps=("Perm #=student", "Grade=a"), check="1234567 a missing"),
    "ucsd-egrades-roster.tsv": Case("a 5 Koe", refused="ragged-row"),
}


def policy(parts: str) -> Policy:
    """A policy under basis percent with these parts."""
    lines = []
    for part in parts.split("|"):
        if match := re.fullmatch(r"(\w+) (\d+) (.+)", part):
            lines.append(f"    - {{id: {match[1]}, name: {match[3]}, graded: points, max: {match[2]}}}")
        else:
            lines.append(f"    - {{id: {part}, name: Vertaisarviointi, graded: pass-fail}}")
    if not any("max" in line for line in lines):
        lines.append("    - {id: other, name: Muu, graded: points, max: 5}")
    text = (
        "kurssi: 1\ncourse: {code: K, name: N, credits: 5}\nimplementation: {id: K1}\nassessment:\n"
        "  evaluation_scale: 0-5\n  basis: percent\n  boundaries: [50, 60, 70, 80, 90]\n  parts:\n" + "\n".join(lines)
    )
    checked = check(text.encode(), "x.yaml")
    assert checked.file is not None
    assert checked.gradable, checked.findings
    return resolve(checked.file)


def read(name: str) -> tuple[ClassList | None, list[Finding]]:
    """A sample with its policy and mapping."""
    case = CASES[name]
    sources = [(name, (FOLDER / name).read_bytes())]
    if case.roster:
        sources.insert(0, ("roster.csv", case.roster.encode()))
    maps = tuple((text.rpartition("=")[0], text.rpartition("=")[2]) for text in case.maps)
    return read_sheets(sources, policy(case.parts), Reading(maps=maps))


@pytest.mark.parametrize("name", sorted(CASES))
def test_sample(name: str) -> None:
    if not (FOLDER / name).is_file():
        pytest.skip("the folder has no such sample")
    case = CASES[name]
    classlist, findings = read(name)
    errors = {f.rule for f in findings if f.severity is Severity.error}
    if case.students is None:
        assert classlist is None
        assert case.refused in errors
        return
    assert classlist is not None, findings
    assert len(classlist.students) == case.students
    student, part, value = case.check.split()
    attempts = {s.student: s.attempts.get(part, ()) for s in classlist.students}[student]
    said = "missing" if not attempts else str(attempts[0].score) if attempts[0].score is not None else attempts[0].state
    assert said in (value, _fraction(value))


def _fraction(value: str) -> str:
    return str(Fraction(value)) if re.fullmatch(r"[\d.]+", value) else value


def test_every_table_in_the_folder_has_a_case() -> None:
    """A new sample fails here until somebody says what comes of it."""
    tables = {path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".tsv", ".ods", ".xlsx", ".xls")}
    assert tables <= set(CASES)
