"""The Excel report: what other programs read in it, that nothing in it runs, and that it is the same every time."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from fractions import Fraction
from io import BytesIO
from math import ceil, floor
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.course.check import check
from kurssi.diagnostics.words import LANGUAGES, Words
from kurssi.gradebook.gradebook import Gradebook, grade
from kurssi.grading import Grader
from kurssi.grading.rounding import rounded
from kurssi.reports.excel import figures, sheet
from kurssi.reports.excel.quick_worksheet import QuickWorksheet
from kurssi.reports.rows import STATUS
from kurssi.reports.workbook import workbook
from strategies import World, document, examples, worlds

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "implementations" / "KH00BT03-2024.yaml"
UTF8_CSV = "csv:Text - txt - csv (StarCalc):44,34,76"
MARCH = datetime.fromisoformat("2024-03-01")
SHEETS = ["Grades", "Summary", "Parts", "Weights and limits", "Explanation", "Policy", "Findings", "Inputs"]

RICH = """\
kurssi: 1
course: {code: XX1, name: "Rich & odd: =1+1", credits: 5}
implementation: {id: RICH-2024, language: en, timing: {start: 2024-01-15, end: 2024-03-18}}
assessment:
  evaluation_scale: 0-5
  parts:
    - id: project
      name: Projekti
      weight: 60
      parts:
        - id: report
          name: Raportti
          weight: 70
          by: group
          due: 2024-03-04 23:59
          peer: {weight: 50 %, at_most: 1, penalty: 10 %}
        - {id: demo, name: Esitys, weight: 30, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}, required: true}
    - id: exercises
      name: Harjoitukset
      weight: 40
      best: 2
      parts:
        - {id: e1, name: Harjoitus 1, graded: points, max: 10, boundaries: [5, 6, 7, 8, 9], due: 2024-02-01}
        - id: e2
          graded: points
          max: 10
          boundaries: [5, 6, 7, 8, 9]
          due: 2024-02-08
          late: {deduct: [0.5, 1, 2], per: week}
        - id: e3
          graded: points
          max: 10
          boundaries: [5, 6, 7, 8, 9]
          minimum: 40 %
          retakes: [{due: 2024-03-01 12:00}]
          retake_at_most: 3
          attempt: latest
    - {id: extra, name: Grade, bonus: true, weight: 10}
    - {id: safety, name: "=Safety", graded: pass-fail}
  late:
    deduct: 10 %
    of: earned
    per: hour
    grace: 1 h
    at_most: 50 %
    closes: 2 d
    free: {budget: 2 d, spend: where-it-helps}
  activity:
    attendance: {of: 8, bands: [{from: 90 %, adjust: 0.5}, {from: 50 %, adjust: 0}, {from: 0 %, adjust: -0.5}]}
  criteria: {fail: [one, two], good: "first\\n\\nlast", "@own": "=2+2"}
"""
TIMED = """\
kurssi: 1
course: {code: K, name: K, credits: 5}
implementation: {id: K-1}
assessment: {evaluation_scale: 0-5, parts: [{id: essay}]}
"""
HEADER = (
    "student;name;group;report;report submitted;demo;e1;e1 submitted;e2;e2 submitted;"
    "e3;e3 2;e3 2 submitted;extra;safety;attended\n"
)
ROSTER = """\
007;=HYPERLINK("http://x");A;;;31;7;;8;2024-02-20 10:00:05;3;9;2024-03-01 13:00;3;HYV;8
0008;+1;A;;;36;10;2024-02-02 03:00;EX;;9;;;;HYV;4
@SUM(A1);http://example.org;A;;;17;4;;4;;?;;;4;HYV;1
-4;"-1+1|cmd";B;4;2024-03-05T01:00:00+00:00;EX;EX;;EX;;EX;;;5;?;
5;Five;B;4;2024-03-04 23:59:30;33;5;;6;;7;;;5;EX;7
"""
GROUPS = "group;report;report submitted\nA;4;5.3.2024 3.00\n"
MARKS = "from;to;work\n007;0008;3\n007;@SUM(A1);5\n0008;007;4\n0008;@SUM(A1);3\n"
OVERRIDES = "student;grade;reason;by;date\n5;2;=cmd|oral exam;@Teacher;2024-03-20\n"


def load(data: bytes, *, formulas: bool = False) -> Any:
    return openpyxl.load_workbook(BytesIO(data), data_only=not formulas)


def members(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def column(page: Any, heading: str) -> list[Any]:
    headings = [cell.value for cell in page[1]]
    at = headings.index(heading)
    return [row[at] for row in page.iter_rows(min_row=2)]


@pytest.fixture(scope="module")
def home() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        yield


@pytest.fixture(scope="module")
def example(home: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, Any]]:
    """The shipped example as a workbook and as JSON, by the command line."""
    folder = tmp_path_factory.mktemp("example")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        arguments = ["grade", str(EXAMPLE.relative_to(ROOT)), "--lang", "en"]
        outputs = ["-o", str(folder / "g.xlsx"), "-o", str(folder / "g.json")]
        assert run([*arguments, *outputs]) == 0
    return (folder / "g.xlsx").read_bytes(), json.loads((folder / "g.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def rich() -> Gradebook:
    raw = RICH.encode()
    sheets = [("s.csv", (HEADER + ROSTER).encode()), ("g.csv", GROUPS.encode()), ("folder/p.csv", MARKS.encode())]
    book, findings = grade(check(raw, "rich.yaml"), raw, sheets, ("overrides.csv", OVERRIDES.encode()))
    assert book is not None, findings
    return book


def test_its_sheets_are_named_and_in_order(example: tuple[bytes, dict[str, Any]]) -> None:
    file = load(example[0])
    assert file.sheetnames == SHEETS
    assert file.active.title == "Grades"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_gives_a_workbook_that_opens(language: str, rich: Gradebook) -> None:
    file = load(workbook(rich, Words(language)))
    assert len(file.sheetnames) == 8
    assert all(1 <= len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in file.sheetnames)


def test_grades_agree_with_the_json_report(example: tuple[bytes, dict[str, Any]]) -> None:
    data, report = example
    page = load(data)["Grades"]
    students = report["students"]
    numbers = column(page, "Student number")
    assert [cell.value for cell in numbers] == [s["student"] for s in students]
    assert {cell.data_type for cell in numbers} == {"s"}
    assert numbers[0].value == "0000001"
    labels = ["–" if cell.value is None else str(cell.value) for cell in column(page, "Grade")]
    assert labels == [s["label"] or "–" for s in students]
    assert {type(cell.value) for cell in column(page, "Grade")} == {int, str}
    assert [cell.value for cell in column(page, "Status")] == [s["status"] for s in students]
    for name, part in (("Tentti", "exam"), ("Pienryhmätöiden tuotokset", "group_work")):
        for cell, student in zip(column(page, name), students, strict=True):
            value = student["parts"][part]["value"]
            if cell.data_type == "n":
                assert Fraction(str(cell.value)) == Fraction(value)
            else:
                assert cell.value in {"–", "?", "EX", "AHOT"}


def test_exact_values_are_numbers_of_fifteen_digits_and_never_above(example: tuple[bytes, dict[str, Any]]) -> None:
    data, report = example
    checked = 0
    for cell, student in zip(column(load(data)["Grades"], "Exact"), report["students"], strict=True):
        if student["exact"] is None:
            assert cell.value is None
            continue
        exact = Fraction(student["exact"])
        held = Fraction(repr(cell.value))
        assert cell.data_type == "n"
        assert 0 <= exact - held < Fraction(1, 10**14)
        assert ("/" in student["exact"]) == (held != exact)
        checked += 1
    assert checked > 20


def test_what_does_not_end_stands_in_full_in_the_explanation(example: tuple[bytes, dict[str, Any]]) -> None:
    file = load(example[0])
    first = [row for row in file["Explanation"].iter_rows(min_row=2, values_only=True) if row[0] == "0000001"]
    assert ("mean", "3.333… (10/3)") in [(row[3], row[5]) for row in first]


def test_grades_are_a_table_that_stays_in_sight(example: tuple[bytes, dict[str, Any]]) -> None:
    file = load(example[0])
    page = file["Grades"]
    table = page.tables["Grades"]
    assert table.ref == page.dimensions
    assert table.autoFilter is not None
    assert table.tableStyleInfo.showRowStripes
    assert [c.name for c in table.tableColumns] == [cell.value for cell in page[1]]
    assert page.freeze_panes == "E2"
    assert file["Explanation"].freeze_panes == "C2"
    assert file["Explanation"].auto_filter.ref == file["Explanation"].dimensions


def test_every_sheet_is_ready_to_print(example: tuple[bytes, dict[str, Any]]) -> None:
    for page in load(example[0]):
        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize == 9
        assert page.sheet_properties.pageSetUpPr.fitToPage
        across = 2 if page.title == "Parts" else 1  # without what is folded away
        assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (across, 0)
        assert "KH00BT03-2024" in page.oddHeader.left.text
        assert "&P" in page.oddFooter.right.text
        assert "&N" in page.oddFooter.right.text
        if page.title in ("Grades", "Findings", "Inputs"):  # the explanation is not printed
            assert page.print_title_rows == "$1:$1"
        if page.title == "Parts":
            assert (page.print_title_rows, page.print_title_cols) == ("$1:$3", "$A:$C")


def test_the_chart_is_native_and_described(example: tuple[bytes, dict[str, Any]]) -> None:
    files = members(example[0])
    charts = [name for name in files if name.startswith("xl/charts/chart")]
    assert len(charts) == 1
    assert '<c:barDir val="col"/>' in files[charts[0]]
    drawing = next(text for name, text in files.items() if name.startswith("xl/drawings/drawing"))
    description = re.search(r'descr="([^"]+)"', drawing)
    assert description is not None
    assert "H: 7, 1: 1, 2: 1, 3: 7, 4: 9, 5: 2, incomplete: 3" in description[1]


def test_properties_say_what_it_is_and_no_time_but_the_courses(example: tuple[bytes, dict[str, Any]]) -> None:
    properties = load(example[0]).properties
    assert properties.subject == "KH00BT03-2024"
    assert properties.creator == "kurssi"
    assert properties.title == "Asiakkuuksien johtaminen ja palvelumuotoilu: grades"
    assert properties.created == MARCH.replace(day=18)
    assert properties.modified == MARCH.replace(day=18)


def under(page: Any, heading: str, part: str) -> list[Any]:
    """The cells of a column of the sheet of parts, by the part above it and its own heading."""
    about = None
    for parts, own in zip(page[1], page[2], strict=True):
        about = parts.value or about
        if (about, re.sub(r" (/ [\d.]+|%)$", "", own.value)) == (part, heading):
            return [row[own.column - 1] for row in page.iter_rows(min_row=4)]
    raise AssertionError((heading, part))


def test_times_are_dates_of_the_local_clock(example: tuple[bytes, dict[str, Any]], rich: Gradebook) -> None:
    def moments(found: list[Any]) -> list[datetime]:
        return [cell.value.replace(microsecond=0) for cell in found if cell.value is not None]

    # 2024-03-12T00:30:00+03:00 in the sheet
    late = moments(under(load(example[0])["Parts"], "Submitted", "Yksilötyöt"))
    assert MARCH.replace(day=11, hour=23, minute=30) in late
    page = load(workbook(rich, Words("en")))["Parts"]
    seconds = under(page, "Submitted", "e2")[0]
    assert moments([seconds]) == [MARCH.replace(month=2, day=20, hour=10, second=5)]
    assert seconds.number_format.endswith("ss")
    minutes = under(page, "Submitted", "Raportti")[0]
    assert moments([minutes]) == [MARCH.replace(day=5, hour=3)]
    assert minutes.number_format.endswith("mm")


def test_every_step_of_the_json_report_is_explained(example: tuple[bytes, dict[str, Any]]) -> None:
    data, report = example
    rows = list(load(data)["Explanation"].iter_rows(min_row=2, values_only=True))
    steps = [(s["student"], step["rule"]) for s in report["students"] for step in s["steps"]]
    assert [(row[0], row[6]) for row in rows] == steps
    assert all(row[4] for row in rows)


def test_text_never_becomes_a_formula_or_a_link(rich: Gradebook) -> None:
    data = workbook(rich, Words("en"))
    for page in load(data, formulas=True):
        for row in page.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    for text in ("HYPERLINK", "cmd|", "SUM(A1)", "http:", "=Safety"):
                        assert text not in cell.value, (page.title, cell.coordinate)
                elif isinstance(cell.value, str) and cell.value[:1] in set("=+-@"):
                    assert cell.quotePrefix, (page.title, cell.coordinate, cell.value)
    values = {cell.value for cell in column(load(data)["Grades"], "Name")}
    assert {'=HYPERLINK("http://x")', "+1", "-1+1|cmd", "http://example.org"} <= values
    for name, text in members(data).items():
        assert "<hyperlink" not in text, name
        assert 'TargetMode="External"' not in text, name


def test_nothing_is_hidden_locked_or_run(rich: Gradebook) -> None:
    files = members(workbook(rich, Words("en")))
    for name, text in files.items():
        assert "vba" not in name.lower()
        assert "externalLink" not in name
        assert "comments" not in name
        if name.startswith(("xl/workbook", "xl/worksheets/sheet")):
            visible = re.sub('<definedName name="_xlnm._FilterDatabase"[^>]*>', "", text)  # what any filter has
            visible = re.sub('<col [^>]*outlineLevel="1"[^>]*>', "", visible)  # a group, which opens
            for empty in re.finditer('<col min="([0-9]+)" max="\\1" [^>]*hidden="1"[^>]*>', visible):
                letter = openpyxl.utils.get_column_letter(int(empty[1]))
                assert f'<c r="{letter}' not in text  # an empty one, which is all that the sheet prints
                visible = visible.replace(empty[0], "")
            assert 'hidden="1"' not in visible
            assert "veryHidden" not in text
            assert "Protection" not in text


def test_a_part_named_as_a_column_keeps_its_own_heading(rich: Gradebook) -> None:
    page = load(workbook(rich, Words("en")))["Grades"]
    headings = [cell.value for cell in page[1]]
    assert [h for h in headings if h.startswith("Grade")] == ["Grade", "Grade (2)"]
    assert "=Safety" in headings


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_heading_of_the_parts_is_broken_within_a_word(language: str, rich: Gradebook) -> None:
    page = load(workbook(rich, Words(language))).worksheets[2]
    widths: dict[int, float] = {}
    for dimension in page.column_dimensions.values():
        widths |= dict.fromkeys(range(dimension.min, dimension.max + 1), dimension.width)
    for cell in page[2]:
        for word in cell.value.replace("-", "- ").split():
            assert len(word) <= widths[cell.column], (cell.value, widths[cell.column])
        lines = len(textwrap.wrap(cell.value, int(widths[cell.column] / 1.15)))
        assert page.row_dimensions[2].height >= 15 * lines


def test_parts_show_every_attempt_and_what_it_comes_to(rich: Gradebook) -> None:
    page = load(workbook(rich, Words("en")))["Parts"]
    kinds = {cell.value for cell in page[3]}
    assert kinds == {"enter", "formula", "from kurssi"}
    scores = [under(page, heading, "e3")[0].value for heading in ("Score", "Score 2")]
    assert scores == [3, 9]
    assert under(page, "Value", "e3")[0].value == 3
    assert under(page, "Late units 2", "e3")[0].value == 0  # within the hour of grace
    assert isinstance(under(page, "Peer factor", "Raportti")[0].value, float)
    assert under(page, "Value", "e2")[0].value == 3  # two started weeks cost 1


def test_missing_not_graded_yet_and_graded_0_are_three_things(example: tuple[bytes, dict[str, Any]]) -> None:
    data, report = example
    page = load(data)["Parts"]
    numbers = [str(row[1]) for row in page.iter_rows(min_row=4, values_only=True)]
    for name, part in (("Yksilötyöt", "individual"), ("Tentti", "exam")):
        values = dict(zip(numbers, (cell.value for cell in under(page, "Value", name)), strict=True))
        for student in report["students"]:
            state = student["parts"][part]["state"]
            shown = values[student["student"]]
            assert {"missing": shown == "–", "ungraded": shown == "?", "scored": isinstance(shown, float)}.get(
                state, True
            )
            assert (shown == 0) == (state == "scored" and student["parts"][part]["value"] == "0")


def test_notes_name_the_incomplete_the_overridden_and_what_was_found(
    rich: Gradebook, example: tuple[bytes, dict[str, Any]]
) -> None:
    cells = [cell.value for row in load(workbook(rich, Words("en")))["Summary"].iter_rows() for cell in row]
    assert "incomplete" in cells
    assert "set by hand" in cells
    assert any("=cmd|oral exam" in str(value) for value in cells)
    findings = load(example[0])["Findings"]
    assert "workload-total" in [cell.value for cell in column(findings, "Rule")]
    inputs = load(example[0])["Inputs"]
    hashes = [cell.value for cell in column(inputs, "SHA-256")]
    assert [i["sha256"] for i in example[1]["inputs"]] == hashes[: len(example[1]["inputs"])]
    assert example[1]["policy"]["sha256"] in hashes


def test_inputs_say_when_each_file_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock of the policy's time zone, in whole seconds. The same files at other times are another report."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "x.yaml").write_text(TIMED)
    (tmp_path / "s.csv").write_text("student,essay\n1,4\n")
    made = []
    for second in (10.75, 10.25, 11):
        for name, hour in (("x.yaml", 0), ("s.csv", 3600)):
            os.utime(tmp_path / name, (0, 1_711_846_800 + hour + second))  # 31 March 2024, 1:00 UTC: the clock changes
        arguments = ["grade", str(tmp_path / "x.yaml"), str(tmp_path / "s.csv"), "--lang", "en", "--force"]
        assert run([*arguments, "-o", str(tmp_path / "o.xlsx")]) == 0
        made.append((tmp_path / "o.xlsx").read_bytes())
    found = [cell.value for cell in column(load(made[0])["Inputs"], "Last changed")]
    assert found[:2] == [datetime.fromisoformat(f"2024-03-31 0{hour}:00:10") for hour in (4, 5)]
    assert set(found[2:]) == {None}
    assert made[0] == made[1] != made[2]


def test_the_same_class_gives_the_same_bytes(home: None, tmp_path: Path) -> None:
    made = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        target = tmp_path / f"{seed}.xlsx"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "XDG_STATE_HOME": str(tmp_path)}
        arguments = ["grade", str(EXAMPLE.relative_to(ROOT)), "-o", str(target)]
        subprocess.run(
            [sys.executable, "-m", "kurssi", *arguments], check=True, capture_output=True, env=environment, cwd=ROOT
        )
        made.append(target.read_bytes())
    assert made[0] == made[1]


def test_a_large_class_has_no_sheets_of_parts_and_steps(rich: Gradebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_DETAILED", 4)
    file = load(workbook(rich, Words("en")))
    assert file.sheetnames == ["Grades", "Summary", "Policy", "Inputs"] or "Parts" not in file.sheetnames
    assert any("kurssi explain" in str(c.value) for row in file["Summary"].iter_rows() for c in row)


def test_a_list_longer_than_a_worksheet_goes_on_on_another(rich: Gradebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 3)
    file = load(workbook(rich, Words("en")))
    assert file["Grades"].max_row == 4
    assert file["Grades 2"].max_row == 3
    assert [cell.value for cell in file["Grades 2"][1]] == [cell.value for cell in file["Grades"][1]]
    assert set(file["Grades 2"].tables) == {"Grades_"}


def test_text_that_a_cell_cannot_hold_is_cleaned() -> None:
    assert sheet.clean("a\x00b\x0bc\ud800d\uffffe\tf\ng") == "abcde f\ng"
    assert len(sheet.clean("x" * 40_000)) <= 32_767


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_grades(example: tuple[bytes, dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "g.xlsx").write_bytes(example[0])
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", UTF8_CSV, "g.xlsx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=180,
    )
    lines = (tmp_path / "g.csv").read_text("utf-8").splitlines()
    assert len(lines) == 1 + len(example[1]["students"])
    assert lines[1].startswith("1,0000001,Aikataulu,Aatu,R1,")


@given(world=worlds(), language=st.sampled_from(LANGUAGES))
@examples(10)
def test_any_policy_and_class_gives_a_workbook_that_agrees(world: World, language: str) -> None:
    raw = document(world.assessment, world.timing_end).encode()
    checked = check(raw, "x.yaml")
    assert checked.file is not None
    policy = world.policy()
    class_list = world.class_list(policy)
    results = tuple(Grader(policy, class_list, as_of=world.as_of).results(class_list.students))
    book = Gradebook(checked.file, checked.document, policy, class_list, results, (), tuple(checked.findings))
    words = Words(language)
    file = load(workbook(book, words))
    first = file.worksheets[0]
    # status and remark are the last two columns, exact and grade stand before them
    rows = [row[-4:] for row in first.iter_rows(min_row=2)]
    for (exact, label, status, _), result in zip(rows, results, strict=True):
        assert str(label.value) == ("–" if result.grade is None else policy.scale.label(result.grade))
        assert status.value == words.say(STATUS[result.status])
        assert (exact.value is None) == (result.exact is None)
        if result.exact is not None:
            held = Fraction(repr(exact.value))
            assert held <= result.exact
            assert rounded(policy, held) == rounded(policy, result.exact)
    assert not [c for page in file for row in page.iter_rows() for c in row if c.data_type == "e"]


# ---- figures -----------------------------------------------------------------------------------------------

ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "half-up": lambda value: floor(value + Fraction(1, 2)),
    "down": floor,
    "up": ceil,
    "half-even": round,
}
values = st.fractions(min_value=0, max_value=100, max_denominator=10**9)
near = st.builds(
    lambda half, distance, sign: max(Fraction(half, 2) + sign * Fraction(1, distance), Fraction(0)),
    st.integers(0, 200),
    st.integers(3, 10**8),
    st.sampled_from((-1, 1)),
)


@pytest.mark.parametrize("rounding", ROUNDINGS)
@given(value=values | near)
def test_what_is_shown_is_rounded_as_the_exact_value_is(rounding: str, value: Fraction) -> None:
    rule = ROUNDINGS[rounding]
    places, whole = figures.decimals(value, lambda shown: rule(shown) == rule(value))
    shown = figures.as_shown(Fraction(repr(figures.held(value))), places)
    assert rule(shown) == rule(value)
    assert whole == (shown == value) or not whole


@given(value=values | near)
def test_a_cell_holds_what_fits_and_never_more(value: Fraction) -> None:
    held = Fraction(repr(figures.held(value)))
    assert held <= value
    assert value - held < Fraction(1, 10**12)
    if len(str(value.limit_denominator(10**6))) and figures.ends(value) is not None:
        assert held == value


def test_number_formats() -> None:
    assert figures.number_format(0) == '0;"−"0'
    assert figures.number_format(2, about=True) == '"≈ "0.00;"≈ ""−"0.00'
    assert figures.number_format(1, signed=True) == '+0.0;"−"0.0;0.0'
    assert figures.number_format(1, after="?") == '0.0" ?";"−"0.0" ?"'


def test_quick_worksheets_write_what_the_library_writes() -> None:
    def written(kind: Any) -> bytes:
        memory = BytesIO()
        book = xlsxwriter.Workbook(memory, {"in_memory": True})
        book.set_properties({"created": datetime.fromisoformat("2024-03-18")})  # else the second in which it is made
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("One & two", worksheet_class=kind)
        sheet.set_row(5, 20, bold)
        sheet.set_column(4, 4, 12, day)
        for row, format_ in enumerate((None, bold)):
            sheet.write_string(row, 0, 'Ä "<&>"\n ', format_)
            sheet.write_number(row, 1, 1 / 3, format_)
            sheet.write_datetime(row, 2, datetime.fromisoformat("2024-03-18 12:00"), day)
            sheet.write_blank(row, 3, None, format_)
            sheet.write_formula(row, 4, '=IF(A1<>"<&>",SUM(B1:B2),"")', format_, 0.5)
            sheet.write_formula(row, 5, "=A1&B1", format_, "<&> #N/A")
            sheet.write_formula(row, 6, "=1/0", format_, "#DIV/0!")
            sheet.write_formula(row, 7, "=A9", format_, "")
            sheet.write_formula(row, 8, "=A1&B2", format_, 'a <"b">\n c')
            sheet.write_formula(row, 9, "=A1<B2", format_, True)
            sheet.write_number(row + 5, 4, 123456789012345, format_)
        sheet.conditional_format(0, 0, 1, 1, {"type": "formula", "criteria": "=$B1>1", "format": bold})
        sheet.set_row(19, 30)  # without a cell, as are those before
        sheet.write_string(40, 3, "far", bold)
        sheet.write_number(2, 9, 7, bold)  # after the others, to the right and below
        sheet.write_number(1_048_576, 0, 1)
        sheet.write_string(0, 16_384, "beyond")
        other = book.add_worksheet("Noted", worksheet_class=kind)
        other.write_string(1, 1, "x", bold)
        other.write_comment(3, 2, "a note")
        book.add_worksheet("Empty", worksheet_class=kind).set_row(3, 30)
        sheet.write_formula(1_048_576, 0, "=1")
        book.close()
        return memory.getvalue()

    assert written(QuickWorksheet) == written(None)
