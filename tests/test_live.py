"""The formulas of the Excel report: recalculated elsewhere they come to kurssi's own grades, changed ones too."""

from __future__ import annotations

import copy
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import formualizer
import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from effort import MORE
from kurssi.cli import run
from kurssi.course.check import check
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook, grade
from kurssi.grading import Grader, Result
from kurssi.grading.result import flat
from kurssi.grading.spreadsheet.cells import Key, Texts, too_near
from kurssi.reports.excel.live import HEAD, Live
from kurssi.reports.workbook import workbook
from strategies import World, checked_once, document, examples, leaves_of, worlds
from workbook_reading import Book, Cells, changed

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "implementations").glob("*.yaml"))
WORDS = Words("en")

ALWAYS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""LibreOffice takes the values that a file holds; with this it computes every formula anew."""


# ---- recalculating -----------------------------------------------------------------------------------------


def cells(data: bytes) -> Cells:
    """Every cell of a workbook and its value."""
    return Book(data).values


def recalculated(data: bytes) -> bytes:
    """The workbook with every formula computed by formualizer, without an error in any cell."""
    done = formualizer.recalculate_xlsx_bytes(data)
    assert done["summary"]["errors"] == 0, done["summary"]
    return bytes(done["bytes"])


def by_libreoffice(workbooks: Sequence[bytes], folder: Path) -> list[bytes]:
    """The workbooks with every formula computed by LibreOffice."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    names = [f"{n}.xlsx" for n in range(len(workbooks))]
    for name, data in zip(names, workbooks, strict=True):
        (folder / name).write_bytes(data)
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", "out", *names]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)
    return [(folder / "out" / name).read_bytes() for name in names]


def plain(value: Any) -> Any:
    """A value for comparing: an empty text and an empty cell are the same, and so are times within a second."""
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    return "" if value is None else value


def same(one: Any, other: Any) -> bool:
    one, other = plain(one), plain(other)
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) < 1e-9
    return bool(one == other)


def check_same(data: bytes, again: bytes) -> None:
    """Every formula comes to the value that is stored with it."""
    book, computed = Book(data), cells(again)
    stored, asked = book.values, book.formulas
    assert asked
    differ = {at: (stored[at], computed.get(at)) for at in asked if not same(stored[at], computed.get(at))}
    assert not differ, {at: (*pair, asked[at]) for at, pair in differ.items()}


# ---- worlds ------------------------------------------------------------------------------------------------


def book_of(world: World) -> Gradebook:
    checked = checked_once(document(world.assessment, world.timing_end))
    assert checked.file is not None
    policy = world.policy()
    class_list = world.class_list(policy)
    results = tuple(Grader(policy, class_list, as_of=world.as_of).results(class_list.students))
    findings = tuple(checked.findings)
    return Gradebook(checked.file, checked.document, policy, class_list, results, (), findings, world.as_of)


def live_of(book: Gradebook) -> Live:
    return Live(book, WORDS, Texts("", "", "", "", "WITHHELD", "", "", ""))


def names_of(data: bytes) -> dict[str, str]:
    """The named cells: where each stands."""
    return Book(data).names


def check_grades(again: bytes, live: Live, results: Sequence[Result]) -> None:
    """The grades of a recalculated workbook are those that kurssi computes; none where something is open is right."""
    found = cells(again)
    scale = live.policy.scale
    for row, result in enumerate(results, HEAD + 1):
        grade = found[live.sheet_name, f"{live.letter(Key('grade'))}{row}"]
        opened = found[live.sheet_name, f"{live.letter(Key('open'))}{row}"]
        label = "–" if result.grade is None else scale.label(result.grade)
        assert str(grade) == label or (opened and grade == "–"), (row, grade, label)
        if opened or result.exact is None:
            continue
        exact = found[live.sheet_name, f"{live.letter(Key('exact'))}{row}"]
        assert abs(Fraction(exact) - result.exact) < Fraction(1, 10**9), (row, exact, result.exact)


# ---- the examples ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The reports of the shipped classes, in every language, by the command line."""
    folder = tmp_path_factory.mktemp("reports")
    made = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        for example in EXAMPLES:
            for language in ("fi", "en", "sv"):
                target = folder / f"{example.stem}-{language}.xlsx"
                assert run(["grade", str(example.relative_to(ROOT)), "--lang", language, "-o", str(target)]) == 0
                made.append(target.read_bytes())
    return made


def test_the_examples_recalculated(reports: list[bytes]) -> None:
    for data in reports:
        check_same(data, recalculated(data))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_examples_recalculated_by_libreoffice(reports: list[bytes], tmp_path: Path) -> None:
    for data, again in zip(reports, by_libreoffice(reports, tmp_path), strict=True):
        check_same(data, again)


def test_names_are_defined_and_used(reports: list[bytes]) -> None:
    """No formula uses a name that is not there, and no name of a weight or limit stands for nothing."""
    for data in reports:
        known = names_of(data)
        assert {"weight_exam", "late_deduct", "minimum_exam", "activity_adjust"} <= {*known, "activity_adjust"}
        text = " ".join(Book(data).formulas.values())
        for name in known:
            if not name.startswith(("_xlnm", "weights_sum")):
                assert name in text, name


# ---- generated policies and classes ------------------------------------------------------------------------


@given(world=worlds(composites=True))
@examples(12)
def test_any_policy_and_class_recalculated(world: World) -> None:
    data = workbook(book_of(world), WORDS)
    check_same(data, recalculated(data))


@given(world=worlds(peers=True))
@examples(8)
def test_peer_marks_recalculated(world: World) -> None:
    data = workbook(book_of(world), WORDS)
    check_same(data, recalculated(data))


def drawn(number: int, of: st.SearchStrategy[World]) -> list[World]:
    """So many generated worlds, always the same unless the profile draws new ones."""
    found: list[World] = []

    @settings(max_examples=number, phases=[Phase.generate], database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(world=of)
    def collect(world: World) -> None:
        found.append(world)

    collect()
    return found


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_generated_classes_recalculated_by_libreoffice(tmp_path: Path) -> None:
    made = [workbook(book_of(world), WORDS) for world in drawn(12 * MORE, worlds())]
    for data, again in zip(made, by_libreoffice(made, tmp_path), strict=True):
        check_same(data, again)


def test_a_late_pass_fail_part_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows no deduction; the parts after it do, by the same rule."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "x.yaml").write_text(
        "kurssi: 1\ncourse: {code: K, name: K, credits: 5}\nimplementation: {id: K-1}\nassessment:\n"
        "  evaluation_scale: 0-5\n  late: {deduct: 1, at_most: 2, closes: 7 d}\n  parts:\n"
        "    - {id: talk, graded: pass-fail, due: 2024-03-01 12:00}\n    - {id: essay, due: 2024-03-04 12:00}\n"
    )
    (tmp_path / "s.csv").write_text("student,talk,essay,essay submitted\n1,HYV,4,2024-03-05 11:00\n")
    out = tmp_path / "o.xlsx"
    assert run(["grade", str(tmp_path / "x.yaml"), str(tmp_path / "s.csv"), "-o", str(out)]) == 0
    check_same(out.read_bytes(), recalculated(out.read_bytes()))


# ---- changes -----------------------------------------------------------------------------------------------


def score_changes(world: World) -> Iterator[tuple[World, str, str, int, str]]:
    """The world with one score of one student made another, as a teacher would type it."""
    for index, student in enumerate(world.students):
        for part, attempts in student["cells"].items():
            for n, cell in enumerate(attempts):
                score = cell["score"].replace(",", ".")
                try:
                    number = Decimal(score)
                except ArithmeticError:
                    continue
                other = copy.deepcopy(world)
                graded = next(p for p in leaves_of(world.parts) if p["id"] == part)
                if graded.get("graded") == "pass-fail":
                    new = "H" if number else "HYV"
                elif graded.get("graded") == "points":
                    new = str(Decimal(graded["max"]) - number)
                elif isinstance(world.assessment["evaluation_scale"], dict):
                    continue
                else:
                    low, high = {"0-5": (0, 5), "H-5": (0, 5), "4-10": (4, 10), "pass-fail": (0, 1)}[
                        world.assessment["evaluation_scale"]
                    ]
                    new = str(low + high - number)
                other.students[index]["cells"][part][n]["score"] = new
                yield other, student["student"], part, n + 1, new


def typed(text: str) -> Any:
    """What a spreadsheet makes of what is typed."""
    try:
        return float(text)
    except ValueError:
        return text


def check_change(world: World, other: World, student: str, part: str, attempt: int, entered: object) -> None:
    """Who enters this in the workbook of ``world`` gets the grades of ``other``."""
    book, wanted = book_of(world), book_of(other)
    live = live_of(book)
    row = HEAD + 1 + [s["student"] for s in world.students].index(student)
    cell = f"{live.letter(Key('score', part, attempt))}{row}"
    again = recalculated(changed(workbook(book, WORDS), {(live.sheet_name, cell): entered}))
    check_grades(again, live, wanted.results)


@given(world=worlds(peers=False), data=st.data())
@examples(20)
def test_a_changed_score_changes_the_grade_as_kurssi_does(world: World, data: st.DataObject) -> None:
    world.as_of = None
    choices = list(score_changes(world))
    if not choices:
        return
    other, student, part, attempt, new = data.draw(st.sampled_from(choices))
    check_change(world, other, student, part, attempt, typed(new))


def word_changes(world: World) -> Iterator[tuple[World, str, str, int, str]]:
    """The world with one score of one student made a word, as a teacher would type it."""
    scale = world.assessment["evaluation_scale"]
    labels = {str(label).upper() for label in scale["values"]} if isinstance(scale, dict) else set()
    leaves = {part["id"]: part for part in leaves_of(world.parts)}
    for index, student in enumerate(world.students):
        for part, attempts in student["cells"].items():
            if world.group_scores.get(student["group"] or "", {}).get(part):
                continue
            gate = leaves[part].get("graded") == "pass-fail"
            for n in range(len(attempts)):
                words = ["EX", "AHOT", "-", "?", "PIDÄTETTY", "fail", "hylätty"]
                words += ["H", "HYV", "S", "x", "pass", "hyväksytty"] if gate else ["H"] * (scale in ("0-5", "H-5"))
                for word in words:
                    if word.upper() in labels and not gate:
                        continue
                    other = copy.deepcopy(world)
                    other.students[index]["cells"][part][n]["score"] = word
                    yield other, student["student"], part, n + 1, word


@given(world=worlds(peers=False), data=st.data())
@examples(20)
def test_a_word_in_place_of_a_score_changes_the_grade_as_kurssi_does(world: World, data: st.DataObject) -> None:
    world.as_of = None
    choices = list(word_changes(world))
    if not choices:
        return
    other, student, part, attempt, new = data.draw(st.sampled_from(choices))
    check_change(world, other, student, part, attempt, new)


def _per_cent(weight: object) -> float:
    """What a cell of the workbook says for a weight as the file has it: 40, 40 %, 1/3."""
    text = str(weight).removesuffix(" %")
    return float(Fraction(text) * 100 if "/" in text else Fraction(text))


@given(world=worlds(peers=False))
@examples(20)
def test_changed_weights_change_the_grades_as_kurssi_does(world: World) -> None:
    world.as_of = None
    parts = [p for p in world.assessment.get("parts", ()) if p.get("weight") is not None and not p.get("bonus")]
    if len(parts) < 2:
        return
    other = copy.deepcopy(world)
    mine = [p for p in other.assessment["parts"] if p["id"] in (parts[0]["id"], parts[1]["id"])]
    mine[0]["weight"], mine[1]["weight"] = mine[1]["weight"], mine[0]["weight"]
    book, wanted = book_of(world), book_of(other)
    data = workbook(book, WORDS)
    changes = {}
    for part in mine:
        page, cell = names_of(data)[f"weight_{part['id']}"].replace("'", "").replace("$", "").split("!")
        changes[page, cell] = _per_cent(part["weight"])
    check_grades(recalculated(changed(data, changes)), live_of(book), wanted.results)


@given(world=worlds(peers=False))
@examples(20)
def test_a_changed_deduction_changes_the_grades_as_kurssi_does(world: World) -> None:
    world.as_of = None
    late = world.assessment.get("late", {})
    if not isinstance(late.get("deduct"), (int, Decimal, str)):
        return
    other = copy.deepcopy(world)
    percent = isinstance(late["deduct"], str)
    other.assessment["late"]["deduct"] = "12.5 %" if percent else Decimal("0.75")
    book, wanted = book_of(world), book_of(other)
    data = workbook(book, WORDS)
    place = names_of(data).get("late_deduct")
    if place is None:
        return  # nothing in this class can be late
    page, cell = place.replace("'", "").replace("$", "").split("!")
    again = recalculated(changed(data, {(page, cell): 12.5 if percent else 0.75}))
    check_grades(again, live_of(book), wanted.results)


@pytest.mark.parametrize("new", ["1", "2.5", "5"])
def test_a_changed_group_score_moves_every_member_by_the_peer_factor(new: str) -> None:
    def world(score: str) -> World:
        peer = {"weight": "50 %", "penalty": "10 %", "at_most": Decimal("0.5")}
        parts = [{"id": "report", "by": "group", "peer": peer}]
        blank: dict[str, Any] = {"activity": None, "attended": None, "cells": {}}
        students = [{"student": name, "group": "A", **blank} for name in ("1", "2", "3")]
        given = [("1", "2", "5"), ("1", "3", "3"), ("2", "1", "1"), ("2", "3", "2")]  # 3 is silent
        marks = [{"from": one, "to": other, "marks": {"work": mark}} for one, other, mark in given]
        cell = {"score": score, "submitted": None, "due": None}
        return World({"evaluation_scale": "0-5", "parts": parts}, students, {"A": {"report": [cell]}}, marks)

    book = book_of(world("4"))
    live = live_of(book)
    rows = range(HEAD + 1, HEAD + 4)
    cell = live.letter(Key("score", "report", 1))
    data = changed(workbook(book, WORDS), {(live.sheet_name, f"{cell}{row}"): float(new) for row in rows})
    check_grades(recalculated(data), live, book_of(world(new)).results)
    factors = {cells(data)[live.sheet_name, f"{live.letter(Key('factor', 'report'))}{row}"] for row in rows}
    assert len(factors) == 3
    assert all(isinstance(factor, float) for factor in factors)


# ---- times around a change of the clock ---------------------------------------------------------------------

NIGHTS = {
    "Europe/Helsinki": [(2023, 3, 26), (2023, 10, 29), (2024, 3, 31), (2024, 10, 27), (2025, 3, 30), (2027, 10, 31)],
    "America/New_York": [(2024, 3, 10), (2024, 11, 3), (2025, 11, 2)],
    "Australia/Lord_Howe": [(2024, 4, 7), (2024, 10, 6)],
    "Asia/Tokyo": [(2024, 10, 27)],
}
"""Nights in which a clock changes, by half an hour on Lord Howe and never in Tokyo."""


@st.composite
def nightly(draw: st.DrawFn, zone: str, *, offset: bool = True) -> str:
    """A time near a change of the clock, some days from it."""
    night = datetime(*draw(st.sampled_from(NIGHTS[zone])))  # noqa: DTZ001 - local time
    minutes = draw(st.one_of(st.sampled_from([90, 120, 150, 165, 180, 195, 210, 225, 240, 255]), st.integers(30, 330)))
    days = draw(st.sampled_from([0, 0, 0, 0, -1, 1, 2, -7, 7, 8]))
    text = (night + timedelta(days=days, minutes=minutes)).isoformat(" ", "minutes")
    if offset and draw(st.integers(0, 5)) == 0:
        text += draw(st.sampled_from(["+02:00", "+03:00", "-05:00", "-04:00", "+11:00"]))
    return text


@st.composite
def nights(draw: st.DrawFn) -> World:
    """A class of one student whose times lie about such nights."""
    zone = draw(st.sampled_from(["Europe/Helsinki", "Europe/Helsinki", *NIGHTS]))
    late: dict[str, Any] = {
        "deduct": draw(st.sampled_from([Decimal("0.125"), 1, [Decimal("0.5"), 1, Decimal("1.5"), 2]])),
        "per": draw(st.sampled_from(["hour", "hour", "day", "week"])),
        "not_below": 0,
    }
    late["grace"] = draw(st.sampled_from([None, None, "15 min", "1 h", "1 d"]))
    late["closes"] = draw(st.sampled_from([None, None, "2 h", "25 h", "1 d", "1 w"]))
    if draw(st.integers(0, 3)) == 0:
        late["free"] = {"budget": {"hour": "2 h", "day": "2 d", "week": "1 w"}[late["per"]]}
    late = {key: value for key, value in late.items() if value is not None}
    parts: list[dict[str, Any]] = []
    given: dict[str, Any] = {}
    for n in range(draw(st.integers(1, 3))):
        parts.append({"id": f"p{n}", "due": draw(nightly(zone)), "required": False})
        due = draw(nightly(zone)) if draw(st.integers(0, 2)) == 0 else None
        score = draw(st.sampled_from(["5", "5", "4.5", "H"]))
        given[f"p{n}"] = [{"score": score, "submitted": draw(nightly(zone)), "due": due}]
    student = {"student": "1", "group": None, "activity": None, "attended": None, "cells": given}
    assessment = {"evaluation_scale": "0-5", "may_fail": True, "timezone": zone, "late": late, "parts": parts}
    return World(assessment, [student])


def check_times(world: World, edits: Sequence[tuple[str, str, str]]) -> None:
    """Who types these times into the workbook gets the grade of a sheet with the same times."""
    other = copy.deepcopy(world)
    book = book_of(world)
    live = live_of(book)
    changes = {}
    stands = cells(workbook(book, WORDS))
    for part, what, text in edits:
        if plain(stands[live.sheet_name, f"{live.letter(Key(what, part, 1))}{HEAD + 1}"]) == datetime.fromisoformat(
            text
        ):
            continue  # nothing is changed by it
        other.students[0]["cells"][part][0][what] = text
        changes[live.sheet_name, f"{live.letter(Key(what, part, 1))}{HEAD + 1}"] = datetime.fromisoformat(text)
    data = workbook(book, WORDS)
    check_same(data, recalculated(data))
    check_grades(recalculated(changed(data, changes)), live, book_of(other).results)


@given(data=st.data())
@examples(8)
def test_a_changed_time_changes_the_grade_as_kurssi_does(data: st.DataObject) -> None:
    world = data.draw(nights())
    zone = world.assessment["timezone"]
    names = st.sampled_from([part["id"] for part in world.assessment["parts"]])
    edits = data.draw(
        st.lists(
            st.tuples(names, st.sampled_from(["submitted", "submitted", "due"]), nightly(zone, offset=False)),
            max_size=2,
            unique_by=lambda edit: edit[:2],
        )
    )
    check_times(world, edits)


def in_the_hour_that_runs_twice(submitted: str) -> World:
    parts = [{"id": "essay", "due": "2024-10-27 03:15"}]
    cell = {"score": "5", "submitted": submitted, "due": None}
    student = {"student": "1", "group": None, "activity": None, "attended": None, "cells": {"essay": [cell]}}
    return World({"evaluation_scale": "0-5", "late": {"deduct": 1, "per": "hour"}, "parts": parts}, [student])


@pytest.mark.parametrize(
    ("before", "typed", "grade"),
    [
        ("2024-10-27 03:45", "2024-10-27 06:30", 1),  # what was 0 units, and a value from kurssi
        ("2024-10-27 03:00", "2024-10-27 04:10", 4),  # 55 minutes after the later 03:15
        ("2024-10-27 03:00", "2024-10-27 04:20", 3),
        ("2024-10-27 03:00", "2024-10-27 03:59", 5),  # the earlier 03:59
        ("2024-10-27 03:45+02:00", "2024-10-27 03:44", 5),
        ("2024-10-27 03:45+02:00", "2024-10-27 04:10", 4),
        ("2024-10-27 03:00:00.5", "2024-10-27 04:10", 4),  # no time that a spreadsheet holds
    ],
)
def test_an_edited_time_in_the_hour_that_runs_twice(before: str, typed: str, grade: int) -> None:
    world = in_the_hour_that_runs_twice(before)
    other = in_the_hour_that_runs_twice(typed)
    assert book_of(other).results[0].grade == grade
    check_times(world, [("essay", "submitted", typed)])


def test_an_edited_deadline_in_another_year_keeps_its_clock_changes() -> None:
    world = in_the_hour_that_runs_twice("2024-10-27 03:00")
    check_times(world, [("essay", "due", "2026-03-29 02:30"), ("essay", "submitted", "2026-03-29 04:20")])
    check_times(world, [("essay", "due", "2030-10-26 12:00"), ("essay", "submitted", "2030-10-27 12:00")])
    check_times(world, [("essay", "due", "2022-10-29 12:00"), ("essay", "submitted", "2022-10-30 12:00")])


@pytest.mark.parametrize(
    ("due", "submitted", "grade"),
    [("2024-03-04 12:00:00.5", "2024-03-04 12:00:00", 5), ("2024-03-04 12:00:00.5", "2024-03-04 12:00:01", 4),
     ("2024-03-04 12:00:00.5", "2024-03-04 13:00:00", 4), ("2024-03-04 12:00:00.5", "2024-03-04 13:00:01", 3)],
)  # fmt: skip
def test_a_deadline_within_a_second(due: str, submitted: str, grade: int) -> None:
    """A spreadsheet holds it to the second, and who comes in that second is in time."""
    world, other = in_the_hour_that_runs_twice("2024-03-04 11:00:00.25"), in_the_hour_that_runs_twice(submitted)
    world.assessment["parts"][0]["due"] = other.assessment["parts"][0]["due"] = due
    assert book_of(other).results[0].grade == grade
    check_times(world, [("essay", "submitted", submitted)])
    check_times(world, [("essay", "due", "2024-03-04 10:00")])


@pytest.mark.parametrize("typed", ["2041-03-31 04:20", "1999-03-28 04:20", "2041-06-01"])
def test_a_time_typed_where_no_change_of_the_clock_is_known_gives_no_grade(typed: str) -> None:
    """The clock changes in most years, and the table ends some years after the class."""
    live, data = typed_time("due", typed)
    again = cells(recalculated(data))
    row = HEAD + 1
    assert again[live.sheet_name, f"{live.letter(Key('units', 'essay', 1))}{row}"] == "?"
    assert again[live.sheet_name, f"{live.letter(Key('grade'))}{row}"] == "–"
    assert again[live.sheet_name, f"{live.letter(Key('changed'))}{row}"]


def typed_time(what: str, text: str) -> tuple[Live, bytes]:
    book = book_of(in_the_hour_that_runs_twice("2024-10-27 03:00"))
    live = live_of(book)
    place = live.sheet_name, f"{live.letter(Key(what, 'essay', 1))}{HEAD + 1}"
    return live, changed(workbook(book, WORDS), {place: datetime.fromisoformat(text)})


def test_a_text_for_a_time_gives_no_grade() -> None:
    book = book_of(in_the_hour_that_runs_twice("2024-10-27 03:00"))
    live = live_of(book)
    place = live.sheet_name, f"{live.letter(Key('submitted', 'essay', 1))}{HEAD + 1}"
    again = cells(recalculated(changed(workbook(book, WORDS), {place: "eilen"})))
    assert again[live.sheet_name, f"{live.letter(Key('grade'))}{HEAD + 1}"] == "–"


# ---- a budget that is spent where it helps ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "what", "text"),
    [
        ("essay", "score", "1"),  # the day may now help the exam
        ("exam", "submitted", "2024-03-04 10:00"),
        ("essay", "submitted", "2024-03-04 10:00"),
        ("exam", "score", "-"),
        ("quiz", "score", "4"),  # a grade nearer to the next one may be helped by another day
    ],
)
def test_what_is_forgiven_where_it_helps_is_gone_once_something_is_changed(part: str, what: str, text: str) -> None:
    book = book_of(helped_world({}))
    live = live_of(book)
    data = workbook(book, WORDS)
    check_same(data, recalculated(data))
    new: Any = datetime.fromisoformat(text) if what == "submitted" else typed(text)
    again = recalculated(changed(data, {(live.sheet_name, f"{live.letter(Key(what, part, 1))}{HEAD + 1}"): new}))
    check_grades(again, live, book_of(helped_world({(part, what): text})).results)
    assert cells(again)[live.sheet_name, f"{live.letter(Key('grade'))}{HEAD + 1}"] == "–"
    forgiven = [
        cells(again)[live.sheet_name, f"{live.letter(Key('forgiven', p, 1))}{HEAD + 1}"] for p in ("essay", "exam")
    ]
    assert not any(forgiven)


def test_who_comes_late_in_the_workbook_may_be_helped() -> None:
    book = book_of(
        helped_world({("essay", "submitted"): "2024-03-04 10:00", ("exam", "submitted"): "2024-03-04 10:00"})
    )
    live = live_of(book)
    place = live.sheet_name, f"{live.letter(Key('submitted', 'exam', 1))}{HEAD + 1}"
    for time, wanted in ((datetime(2024, 3, 4, 11), "4"), (datetime(2024, 3, 5, 13), "–")):  # noqa: DTZ001
        again = cells(recalculated(changed(workbook(book, WORDS), {place: time})))
        assert str(again[live.sheet_name, f"{live.letter(Key('grade'))}{HEAD + 1}"]) == wanted


def helped_world(edits: dict[tuple[str, str], str]) -> World:
    late = {"deduct": 1, "per": "day", "free": {"budget": "1 d", "spend": "where-it-helps"}}
    parts = [{"id": name, "due": "2024-03-04 12:00"} for name in ("essay", "exam")]
    given = {
        "essay": [{"score": "5", "submitted": "2024-03-05 10:00", "due": None}],
        "exam": [{"score": "4", "submitted": "2024-03-06 10:00", "due": None}],
        "quiz": [{"score": "3", "submitted": None, "due": None}],
    }
    for (part, what), text in edits.items():
        given[part][0][what] = text
    student = {"student": "1", "group": None, "activity": None, "attended": None, "cells": given}
    return World({"evaluation_scale": "0-5", "late": late, "parts": [*parts, {"id": "quiz"}]}, [student])


# ---- who is incomplete -------------------------------------------------------------------------------------


def equal_parts(retakes: Sequence[int], cells: Sequence[Sequence[str]]) -> World:
    """A student in parts of equal weight, each with so many retakes."""
    parts: list[dict[str, Any]] = [{"id": f"p{n}", "retakes": more} for n, more in enumerate(retakes)]
    given = {
        part["id"]: [{"score": score, "submitted": None, "due": None} for score in scores]
        for part, scores in zip(parts, cells, strict=True)
    }
    student = {"student": "1", "group": None, "activity": None, "attended": None, "cells": given}
    return World({"evaluation_scale": "0-5", "parts": parts}, [student])


def typed_over(world: World, other: World) -> tuple[bytes, Live]:
    """The workbook of a world after the cells of another one were typed into it."""
    book = book_of(world)
    live = live_of(book)
    changes = {}
    for row, (before, after) in enumerate(zip(world.students, other.students, strict=True), HEAD + 1):
        for part, attempts in after["cells"].items():
            for n, (old, new) in enumerate(zip(before["cells"][part], attempts, strict=True), 1):
                if old != new:
                    place = live.sheet_name, f"{live.letter(Key('score', part, n))}{row}"
                    changes[place] = typed(new["score"])
    return recalculated(changed(workbook(book, WORDS), changes)), live


def test_a_failed_gate_that_moves_to_where_a_retake_is_open() -> None:
    """As many open cells and closed gates as before, and the same mean: but what failed for good is now open."""
    before = equal_parts([0, 0, 1], [["3"], ["-"], ["3", "?"]])
    after = equal_parts([0, 0, 1], [["3"], ["3"], ["0", "?"]])
    assert [book_of(world).results[0].status for world in (before, after)] == ["failed", "incomplete"]
    again, live = typed_over(before, after)
    found = cells(again)
    assert [found[live.sheet_name, f"{live.letter(Key(what))}{HEAD + 1}"] for what in ("grade", "status")] == [
        "–",
        "incomplete",
    ]


def test_what_is_withheld_may_still_pass_where_so_many_are_needed() -> None:
    two = {"id": "seminars", "need": 2, "parts": [{"id": name, "graded": "pass-fail"} for name in ("one", "two")]}
    given = {"one": "HYV", "two": "PIDÄTETTY", "essay": "4"}
    cells_ = {name: [{"score": score, "submitted": None, "due": None}] for name, score in given.items()}
    student = {"student": "1", "group": None, "activity": None, "attended": None, "cells": cells_}
    data = workbook(book_of(World({"evaluation_scale": "0-5", "parts": [two, {"id": "essay"}]}, [student])), WORDS)
    check_same(data, recalculated(data))


def test_what_is_withheld_is_not_passed_where_a_grade_or_a_bonus_asks_for_it() -> None:
    """The highest grade left is below the one that asks for it, and no bonus is added on its account."""
    bonus = {"steps": [{"from": "50 %", "add": Decimal("0.5")}], "only_if": ["essay"]}
    quiz = {"id": "quiz", "graded": "points", "max": 10, "boundaries": [2, 4, 6, 8, 10], "bonus": bonus}
    given = {"essay": "PIDÄTETTY", "exam": "4", "quiz": "8"}
    cells_ = {name: [{"score": score, "submitted": None, "due": None}] for name, score in given.items()}
    student = {"student": "1", "group": None, "activity": None, "attended": None, "cells": cells_}
    parts = [{"id": "essay", "required": False}, {"id": "exam"}, quiz]
    policy = {"evaluation_scale": "0-5", "parts": parts, "requires": {3: {"essay": "pass"}}}
    data = workbook(book_of(World(policy, [student])), WORDS)
    check_same(data, recalculated(data))


def test_a_score_between_two_labels_is_computed_there_too() -> None:
    """The mean of markers, or of criteria, on a scale of letters: nobody changed anything, so nothing says so."""
    rubric = [
        {"id": name, "name": name, "weight": weight, "levels": {"U": "weak", "G": "good", "VG": "strong"}}
        for name, weight in (("method", 75), ("text", 25))
    ]
    parts = [
        {"id": "exam", "weight": 40, "markers": {"of": ["A", "B"]}},
        {"id": "paper", "weight": 60, "rubric": rubric},
    ]
    marks = {"exam": {"A": "VG", "B": "G"}, "paper": {"method": "G", "text": "VG"}}
    empty: dict[str, Any] = {"score": None, "submitted": None, "due": None}
    cells_ = {part: [{**empty, "cells": said}] for part, said in marks.items()}
    student = {"student": "1", "group": None, "activity": None, "attended": None, "cells": cells_}
    world = World({"evaluation_scale": {"values": ["U", "G", "VG"], "passes_from": "G"}, "parts": parts}, [student])
    book = book_of(world)
    assert (book.results[0].grade, book.results[0].exact) == (1, Fraction("1.35"))
    data = workbook(book, WORDS)
    again = recalculated(data)
    check_same(data, again)
    check_grades(again, live_of(book), book.results)


@given(data=st.data())
@examples(25)
def test_who_has_something_open_has_no_grade_that_kurssi_does_not_give(data: st.DataObject) -> None:
    retakes = data.draw(st.lists(st.integers(0, 1), min_size=2, max_size=4))
    words = st.sampled_from(["0", "3", "3", "-", "?"])
    scores = [st.lists(words, min_size=more + 1, max_size=more + 1) for more in retakes]
    before, after = (equal_parts(retakes, data.draw(st.tuples(*scores))) for _ in range(2))
    again, live = typed_over(before, after)
    book = book_of(after)
    check_grades(again, live, book.results)
    if before != after and before.students != after.students and book.results[0].status == "incomplete":
        page = openpyxl.load_workbook(BytesIO(again), data_only=True).worksheets[0]
        remark = next(cell.column_letter for cell in page[1] if cell.value == "Remark")
        assert "within reach" in page[f"{remark}2"].value


def test_a_grade_that_stands_whatever_is_open_stands_until_a_size_changes() -> None:
    world = equal_parts([0, 0, 1], [["3"], ["-"], ["3", "?"]])
    data = workbook(book_of(world), WORDS)
    live = live_of(book_of(world))
    at = live.sheet_name, f"{live.letter(Key('grade'))}{HEAD + 1}"
    assert cells(recalculated(data))[at] == 0
    page, cell = names_of(data)["minimum_p1"].replace("'", "").replace("$", "").split("!")
    assert cells(recalculated(changed(data, {(page, cell): 2})))[at] == "–"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_is_open_is_compared_by_libreoffice_alike(tmp_path: Path) -> None:
    """Zeros and empty cells, times, words: as kurssi wrote them they are unchanged there, too; changed ones are not."""

    def waits(world: World) -> bool:
        return any(
            r.computed is not None and any(a.state == "ungraded" for p in flat(r.parts).values() for a in p.attempts)
            for r in book_of(world).results
        )

    written = [workbook(book_of(world), WORDS) for world in drawn(8 * MORE, worlds(peers=False).filter(waits))]
    assert len(written) >= 5
    for data, again in zip(written, by_libreoffice(written, tmp_path), strict=True):
        check_same(data, again)


# ---- a free budget, spent in order of deadlines -----------------------------------------------------------


@st.composite
def spending_worlds(draw: st.DrawFn) -> World:
    """Late work that spends a free budget: parts with late rules of their own, extensions, closed ones, equal times."""
    parts: list[dict[str, Any]] = []
    per, budgets = draw(st.sampled_from([("hour", ["0 h", "5 h", "30 h", "75 h"]), ("day", ["1 d", "2 d", "1 w"])]))
    rules = st.fixed_dictionaries(
        {"deduct": st.sampled_from([1, Decimal("0.25"), [0, 1, 2]]), "per": st.sampled_from(["hour", "day", "week"])},
        optional={"closes": st.sampled_from(["1 d", "3 d"]), "grace": st.sampled_from(["1 h", "1 d"])},
    )
    whole: dict[str, Any] = {**draw(rules), "per": per, "free": {"budget": draw(st.sampled_from(budgets))}}
    if draw(st.integers(0, 2)) == 2:
        whole["free"]["whole"] = True
    if draw(st.integers(0, 3)) == 3 and whole["free"]["budget"] in ("75 h", "2 d", "1 w"):
        whole["free"]["at_most"] = "24 h"
    days = st.sampled_from(
        ["2024-02-01", "2024-02-02 12:00", "2024-02-02 23:59", "2024-03-30 12:00", "2024-03-31 03:30"]
    )
    for n in range(draw(st.integers(1, 5))):
        part: dict[str, Any] = {"id": f"p{n}", "due": draw(days), "retakes": draw(st.integers(0, 1))}
        if draw(st.booleans()):
            part["late"] = draw(st.one_of(st.just("none"), rules, rules))
        if n and draw(st.integers(0, 5)) == 0:
            part["graded"] = "pass-fail"
        parts.append(part)
    students = []
    for n in range(draw(st.integers(1, 3))):
        cells = {}
        for part in parts:
            words = ["HYV", "H"] if part.get("graded") else ["5", "3.5", "1", "0", "4", "H", "?", "EX", "-"]
            due = draw(st.one_of(st.none(), st.none(), st.none(), days))
            at = datetime.fromisoformat((due or part["due"])[:10]) + timedelta(hours=draw(st.integers(-5, 100)))
            cells[part["id"]] = [{"score": draw(st.sampled_from(words)), "submitted": f"{at}", "due": due}]
        student = {"student": f"{n}", "group": None, "activity": None, "attended": None, "cells": cells}
        students.append(student)
    return World({"evaluation_scale": "0-5", "late": whole, "parts": parts}, students)


@given(world=spending_worlds())
@examples(20)
def test_a_budget_spent_in_order_recalculated(world: World) -> None:
    data = workbook(book_of(world), WORDS)
    check_same(data, recalculated(data))


@given(world=spending_worlds(), data=st.data())
@examples(25)
def test_a_change_spends_the_budget_as_kurssi_does(world: World, data: st.DataObject) -> None:
    """A score, a time of handing in, an extension, or the budget itself."""
    book, live = book_of(world), live_of(book_of(world))
    written = workbook(book, WORDS)
    other = copy.deepcopy(world)
    index = data.draw(st.integers(0, len(world.students) - 1))
    part = data.draw(st.sampled_from([p["id"] for p in world.assessment["parts"]]))
    what = data.draw(st.sampled_from(["score", "submitted", "due", "budget"]))
    if what == "budget":
        if "late_budget" not in names_of(written) or "at_most" in world.assessment["late"]["free"]:
            return
        hours = data.draw(st.sampled_from([0, 24, 48, 240]))
        other.assessment["late"]["free"]["budget"] = f"{hours} h"
        page, cell = names_of(written)["late_budget"].replace("'", "").replace("$", "").split("!")
        new: Any = hours
    else:
        if what != "score" and Key(what, part, 1) not in {field.key for field in live.fields}:
            return
        page, cell = live.sheet_name, f"{live.letter(Key(what, part, 1))}{HEAD + 1 + index}"
        if what == "score":
            graded = next(p for p in world.assessment["parts"] if p["id"] == part).get("graded")
            text = data.draw(st.sampled_from(["HYV", "H"] if graded else ["0", "5", "2.5", "fail", "-", "?", "EX"]))
            new = typed(text)
        else:
            new = datetime(2024, 2, 1, 12) + timedelta(hours=data.draw(st.integers(0, 80)))  # noqa: DTZ001
            text = f"{new}"
        other.students[index]["cells"][part][0][what] = text
    keys = [f.key for f in live.fields if f.key.what in ("units", "turn")]
    places = [(live.sheet_name, f"{live.letter(key)}{HEAD + 1 + index}") for key in keys]
    if not all(place in Book(written).formulas for place in places):
        return  # at this student the change of the clock makes them values
    again = recalculated(changed(written, {(page, cell): new}))
    check_grades(again, live, book_of(other).results)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_budgets_spent_in_order_recalculated_by_libreoffice(tmp_path: Path) -> None:
    made = [workbook(book_of(world), WORDS) for world in drawn(8 * MORE, spending_worlds())]
    for data, again in zip(made, by_libreoffice(made, tmp_path), strict=True):
        check_same(data, again)


def test_weights_that_do_not_sum_to_100_give_nobody_a_grade(reports: list[bytes]) -> None:
    data = reports[0]
    page, cell = names_of(data)["weight_exam"].replace("'", "").replace("$", "").split("!")
    found = cells(recalculated(changed(data, {(page, cell): 99})))
    grades = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    column = next(c.column_letter for c in grades[1] if c.value == "Arvosana")
    assert {found[grades.title, f"{column}{row}"] for row in range(2, grades.max_row + 1)} == {"–"}


# ---- what a spreadsheet would get wrong --------------------------------------------------------------------

TWO_PARTS = """\
kurssi: 1
course: {{code: KX00AA01, name: Course, credits: 5}}
implementation: {{id: KX00AA01-1}}
assessment:
  evaluation_scale: 0-5
  rounding: {rounding}
  parts: [{{id: one, weight: {one}}}, {{id: two, weight: {two}, minimum: 1}}]
"""


def graded(rounding: str, weight: int, scores: Sequence[tuple[str, str]]) -> Gradebook:
    raw = TWO_PARTS.format(rounding=rounding, one=weight, two=100 - weight).encode()
    lines = ["student;one;two", *(f"{n:03};{one};{two}" for n, (one, two) in enumerate(scores))]
    book, findings = grade(check(raw, "x.yaml"), raw, [("s.csv", "\n".join(lines).encode())])
    assert book is not None, findings
    return book


def binary_traps() -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Weights and scores whose mean is exactly a half, and not so when counted in binary floating point."""
    for weight in range(1, 100):
        found = []
        for one in range(10, 51):
            for two in range(10, 51):
                exact = Fraction(weight * one + (100 - weight) * two, 1000)
                binary = (weight * (one / 10) + (100 - weight) * (two / 10)) / 100
                if (exact * 2).denominator == 1 and exact.denominator == 2 and Fraction(binary) != exact:
                    found.append((str(Decimal(one) / 10), str(Decimal(two) / 10)))
        if found:
            yield weight, found


def test_halves_round_up_there_too() -> None:
    traps = list(binary_traps())
    assert sum(len(scores) for _, scores in traps) > 20
    for rounding in ("half-up", "half-even", "down", "up"):
        for weight, scores in traps:
            data = workbook(graded(rounding, weight, scores), WORDS)
            check_same(data, recalculated(data))


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param(("3.49999999999999", "3.49999999999999"), id="just under a half"),
        pytest.param(("3.50000000000001", "3.50000000000001"), id="just above a half"),
        pytest.param(("5", "0.99999999999999"), id="just below the minimum"),
        pytest.param(("2.49999999999", "2.5"), id="half of it"),
    ],
)
@pytest.mark.parametrize("rounding", ["half-up", "half-even", "down", "up"])
def test_what_sixteen_digits_cannot_tell_apart_is_a_value(scores: tuple[str, str], rounding: str) -> None:
    book = graded(rounding, 50, [scores, ("3", "4")])
    data = workbook(book, WORDS)
    again = recalculated(data)
    check_same(data, again)
    live = live_of(book)
    found = cells(again)
    for row, result in enumerate(book.results, HEAD + 1):
        assert found[live.sheet_name, f"{live.letter(Key('number'))}{row}"] == result.computed


@given(
    value=st.fractions(min_value=0, max_value=100, max_denominator=10**7),
    bound=st.decimals(0, 100, places=4).map(Fraction),
)
def test_values_of_few_decimals_are_never_too_near_to_a_bound(value: Fraction, bound: Fraction) -> None:
    assert too_near(value, bound) == (value != bound and abs(value - bound) < Fraction(1, 10**8))
    if value.denominator * bound.denominator <= 10**8:
        assert not too_near(value, bound)
        assert (round((value - bound) * 10**9) < 0) == (value < bound)


def test_a_changed_student_is_marked_with_what_kurssi_gave(reports: list[bytes]) -> None:
    data = reports[1]
    page = openpyxl.load_workbook(BytesIO(data), data_only=True).worksheets[0]
    heads = {cell.value: cell.column_letter for cell in page[1]}
    place = names_of(data)["weight_exam"].replace("'", "").replace("$", "").split("!")
    other = names_of(data)["weight_group_work"].replace("'", "").replace("$", "").split("!")
    again = cells(recalculated(changed(data, {(place[0], place[1]): 0, (other[0], other[1]): 100})))
    remarks = [str(again[page.title, f"{heads['Remark']}{row}"] or "") for row in range(2, page.max_row + 1)]
    assert any(remark.startswith("changed in this workbook; kurssi gave") for remark in remarks)
    for row, remark in enumerate(remarks, 2):
        before = page[f"{heads['Grade']}{row}"].value
        if again[page.title, f"{heads['Grade']}{row}"] != before:
            assert f"kurssi gave {before}." in remark
