"""Lists to hand on: Peppi, Sisu, and results to publish without names."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.reports.lists.public import FEWEST, suppressed
from kurssi.values.collation import finnish_key
from strategies import examples

ROOT = Path(__file__).parent.parent
PLAN = str(ROOT / "implementations" / "KH00BT03-2024.yaml")
NAMES = [row.split(";")[1] for row in (ROOT / "examples/KH00BT03-2024/arvostelu.csv").read_text("utf-8").splitlines()]

SMALL = """\
kurssi: 1
course: {{code: XX1, name: Course, credits: 2.5}}
implementation: {{id: XX1-1, language: en, teaching_languages: [sv]}}
assessment: {{evaluation_scale: {scale}, parts: [{{id: exam, {part}}}]}}
"""


@pytest.fixture
def small(tmp_path: Path) -> list[str]:
    """A class of the scale 0-5 in an order of its own."""
    (tmp_path / "x.yaml").write_text(SMALL.format(scale="0-5", part="weight: 100"), "utf-8")
    rows = ["student;surname;first name;exam", "03;Öhman;Bo;5", "01;Åberg;Åsa;0", "02;Ahti;Eero;3,5", "4;=1+1;X;?"]
    (tmp_path / "s.csv").write_text("\n".join(rows), "utf-8")
    return [str(tmp_path / "x.yaml"), str(tmp_path / "s.csv")]


def listed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    assert run(["grade", *arguments]) == code
    out, err = capsys.readouterr()
    return out, err


# ---- order ---------------------------------------------------------------------------------------------------


def test_surnames_are_in_finnish_order() -> None:
    for right in (
        ["Aalto", "Virta", "Wallin", "Übel", "Yli", "Zetterberg", "Åberg", "Äijälä", "Öhman"],
        ["Aalto", "af Ursin", "Aho", "Ahonen-Mäki", "Ähtäri", "Ö"],
        ["Linden", "linden", "Lindén", "Lindeni"],
        ["Mäki", "Mäki Aho", "Mäki-Aho", "Mäkinen"],
    ):
        for turned in (right, right[::-1]):
            assert sorted(turned, key=finnish_key) == right


@given(name=st.text(max_size=8))
def test_a_letter_is_the_same_however_it_is_written(name: str) -> None:
    assert finnish_key(unicodedata.normalize("NFD", name)) == finnish_key(unicodedata.normalize("NFC", name))


# ---- Peppi ---------------------------------------------------------------------------------------------------


def test_peppi(capsys: pytest.CaptureFixture[str], small: list[str]) -> None:
    out, err = listed(capsys, *small, "--list", "peppi", "--format", "json")
    found = json.loads(out)
    assert [(r["number"], r["surname"], r["student"], r["grade"]) for r in found["rows"]] == [
        ("1", "=1+1", "4", "–"),
        ("2", "Ahti", "02", "4"),
        ("3", "Åberg", "01", "0"),
        ("4", "Öhman", "03", "5"),
    ]
    assert found["figures"] == {
        "students": "4", "graded": "3", "failed": "1", "incomplete": "1", "sum": "9",
        "grade_0": "1", "grade_1": "0", "grade_2": "0", "grade_3": "0", "grade_4": "1", "grade_5": "1",
    }  # fmt: skip
    assert "1 student has no grade yet" in err


def test_peppi_sums_are_those_of_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(listed(capsys, PLAN, "--list", "peppi", "--format", "json")[0])
    report = json.loads(listed(capsys, PLAN, "--format", "json")[0])
    grades = {s["student"]: s["label"] for s in report["students"] if s["grade"] is not None}
    assert {r["student"]: r["grade"] for r in rows["rows"] if r["grade"] != "–"} == grades
    assert {k: int(v) for k, v in rows["figures"].items() if k.startswith("grade_")} == {
        f"grade_{k}": v for k, v in report["summary"]["distribution"].items()
    }
    assert int(rows["figures"]["sum"]) == sum(s["grade"] or 0 for s in report["students"])


def test_every_form_of_a_list(capsys: pytest.CaptureFixture[str], tmp_path: Path, small: list[str]) -> None:
    files = [tmp_path / name for name in ("p.csv", "p.md", "p.json", "p.xlsx")]
    out, _ = listed(capsys, *small, "--list", "peppi", "--lang", "fi", *(f"-o{path}" for path in files))
    assert "arvosanojen summa" in out
    rows = list(csv.reader(io.StringIO(files[0].read_bytes().decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:5] == ["nro", "sukunimi", "etunimi", "opiskelijanumero", "arvosana"]
    assert rows[1][1] == "'=1+1"
    assert rows[2][3] == "02"
    assert "| 2 | Ahti | Eero | 02 | 4 |  |" in files[1].read_text("utf-8")
    sheet = openpyxl.load_workbook(files[3]).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["2", "Ahti", "Eero", "02", "4"] in [row[:5] for row in cells]
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    first = files[3].read_bytes()
    listed(capsys, *small, "--list", "peppi", "--lang", "fi", "-o", str(files[3]))
    assert files[3].read_bytes() == first


def test_peppi_without_names_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path, small: list[str]) -> None:
    (tmp_path / "s.csv").write_text("student;exam\n2;5\n1;3\n", "utf-8")
    out, err = listed(capsys, *small, "--list", "peppi", "--format", "json")
    assert [row["student"] for row in json.loads(out)["rows"]] == ["1", "2"]
    assert "no surnames" in err


# ---- Sisu ----------------------------------------------------------------------------------------------------


def test_sisu(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, small: list[str]) -> None:
    target = tmp_path / "sisu.csv"
    assert run(["grade", *small, "--list", "sisu", "--date", "2024-03-05", "-o", str(target)]) == 0
    out, err = capsysbinary.readouterr()
    assert out == (
        b'"studentNumber","grade","credits","assessmentDate","completionLanguage","comment"\n'
        b'"03","5","2.5","5.3.2024","sv",""\n'
        b'"01","0","2.5","5.3.2024","sv",""\n'
        b'"02","4","2.5","5.3.2024","sv",""\n'
    )
    assert target.read_bytes() == out
    assert b"left out, because they have no grade yet: 4" in err


def test_sisu_of_passed_and_failed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plan, sheet = tmp_path / "x.yaml", tmp_path / "s.csv"
    plan.write_text(SMALL.format(scale="pass-fail", part="graded: pass-fail"), "utf-8")
    sheet.write_text("student;exam\n1;HYV\n2;H\n", "utf-8")
    out, err = listed(capsys, str(plan), str(sheet), "--list", "sisu")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["studentNumber"], row["grade"]) for row in rows] == [("1", "pass"), ("2", "fail")]
    today = date.today()  # noqa: DTZ011
    assert rows[0]["assessmentDate"] == f"{today.day}.{today.month}.{today.year}"
    assert "--date" in err
    plan.write_text(SMALL.format(scale="4-10", part="weight: 100"), "utf-8")
    sheet.write_text("student;exam\n1;9\n", "utf-8")
    out, err = listed(capsys, str(plan), str(sheet), "--list", "sisu", code=1)
    assert out == ""
    assert "--list peppi" in err


# ---- to publish ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "csv", "md", "json"])
@pytest.mark.parametrize("numbers", [False, True])
def test_nothing_published_names_anybody(capsys: pytest.CaptureFixture[str], form: str, numbers: bool) -> None:
    more = ["--with-numbers"] if numbers else []
    out, err = listed(capsys, PLAN, "--list", "public", "--format", form, *more, "--lang", "en")
    for name in NAMES[1:]:
        assert name not in out
    assert ("0000001" in out) is numbers
    assert ("where your institution allows it" in err) is numbers


def test_a_small_class_publishes_nothing(capsys: pytest.CaptureFixture[str], small: list[str]) -> None:
    out, _ = listed(capsys, *small, "--list", "public", "--format", "json")
    assert json.loads(out)["rows"] == []
    assert json.loads(out)["figures"] == {}


def test_student_numbers_are_in_their_own_order(capsys: pytest.CaptureFixture[str], small: list[str]) -> None:
    out, _ = listed(capsys, *small, "--list", "public", "--with-numbers", "--format", "json")
    assert [(r["student"], r["grade"]) for r in json.loads(out)["rows"]] == [
        ("01", "0"), ("02", "4"), ("03", "5"), ("4", "–"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([7, 1, 1, 7, 9, 2], [None, None, None, None, 9, None]),
        ([0, 5, 6, 9, 5, 0], [None, None, 6, 9, None, None]),
        ([7, 2, 1, 7, 9, 2], [7, None, None, 7, 9, None]),
        ([0, 10, 40, 80, 50, 20], [None, None, 40, 80, 50, 20]),
        ([0, 4, 3, 9, 20, 0], [None, None, None, 9, 20, None]),
        ([0, 1, 0, 0, 20, 0], [None] * 6),
        ([0, 0, 0, 30, 0, 0], [None] * 6),
        ([5, 6, 7, 8, 9, 10], [5, 6, 7, 8, 9, 10]),
        ([16, 4], [None, None]),
        ([4, 4], [None, None]),
    ],
)
def test_small_counts_are_not_shown(counts: list[int], shown: list[int | None]) -> None:
    assert suppressed(counts) == shown


@examples(200)
@given(counts=st.lists(st.integers(0, 12), min_size=2, max_size=8).filter(lambda c: sum(c) >= FEWEST))
def test_no_small_count_can_be_worked_out_from_the_total(counts: list[int]) -> None:
    shown = suppressed(counts)
    hidden = [count for count, kept in zip(counts, shown, strict=True) if kept is None]
    assert all(kept is None or kept == count for count, kept in zip(counts, shown, strict=True))
    assert not any(kept is not None and 0 < kept < FEWEST for kept in shown)
    if hidden:
        assert sum(hidden) >= FEWEST
        assert len(hidden) > 1


# ---- what does not go together -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [PLAN, "--date", "2024-03-05"],
        [PLAN, "--with-numbers"],
        [PLAN, "--list", "peppi", "--with-numbers"],
        [PLAN, "--list", "public", "--date", "2024-03-05"],
        [PLAN, "--list", "sisu", "--date", "5.13.2024"],
        [PLAN, "--list", "sisu", "-o", "{tmp}/a.xlsx"],
        [PLAN, "--list", "peppi", "-o", "{tmp}/a.html"],
        [str(ROOT / "implementations"), "--list", "peppi"],
    ],
)
def test_what_does_not_go_together(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    listed(capsys, *(a.replace("{tmp}", str(tmp_path)) for a in arguments), code=2)
    assert not list(tmp_path.iterdir())
