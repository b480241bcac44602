"""A very large table is graded piece by piece: to the same bytes and the same words as a table that is read whole."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given

from effort import MORE, one_in
from kurssi import operating_system
from kurssi.cli import files, grading, large, outputs, run
from kurssi.reports.excel import sheet
from kurssi.streaming import csv_lines, large_class, line_cache, trie, wide_table, workers
from strategies import World, document, examples, leaves_of, worlds

PLAN = """\
kurssi: 1
course: {code: KX00AA01, name: Course, credits: 5}
implementation: {id: KX00AA01-1, language: fi, timing: {start: 2024-01-15, end: 2024-03-18}}
assessment:
  evaluation_scale: H-5
  parts:
    - {id: work, name: Työ, weight: 40, due: 2024-03-04 23:59}
    - {id: essay, weight: 40, due: 2024-03-11, retakes: 1}
    - {id: exam, weight: 20, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}}
    - {id: peer_review, graded: pass-fail}
  late: {deduct: 0.5, per: day, grace: 1 h, not_below: 1, closes: 7 d}
  activity: {levels: {active: 0.5, passive: -0.5}}
"""
HEADER = [
    "student", "name", "group", "work", "work submitted", "work due", "essay", "essay submitted", "essay 2", "exam",
    "peer_review", "activity",
]  # fmt: skip


def rows(number: int) -> list[list[str]]:
    """A class with something of everything that is not out of the ordinary."""
    dice = random.Random(number)
    names = ["Ek", "Ek, Åsa", 'Ek "Oy"', "=Ek", "  Ek   Bo ", "Ek; Bo", ""]
    whens = ["2024-03-04 23:59", "2024-03-05 00:00", "2024-03-05T00:59:30", "2024-03-06 10:12:13.5", "5.3.2024 10.12",
             "2024-03-09 01:00Z", "2024-03-20 08:00", "2024-02-01 00:00", "2024-03-01", ""]  # fmt: skip
    made = []
    for n in range(number):
        made.append(
            [
                f"{n:05}",
                dice.choice(names),
                dice.choice(["A", "B", "", "C  1"]),
                dice.choice(["1", "2,5", "3.5", "4", "5", "0", "?", "EX", "H", "AHOT"]),
                dice.choice(whens),
                dice.choice(["", "", "", "2024-03-06 12:00", "7.3.2024"]),
                dice.choice(["1", "2", "3", "4", "5", "?"]),
                dice.choice(whens),
                dice.choice(["", "", "5", "3"]),
                dice.choice(["20", "36", "40", "12.25", "33,3"]),
                dice.choice(["HYV", "HYV", "x", "H"]),
                dice.choice(["", "active", "Passive"]),
            ]
        )
    return made


def table(rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


class Said(NamedTuple):
    code: int
    out: str
    err: str
    file: bytes | None


class Both:
    """Grades a table in both ways."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        self.streamed: list[bool] = []
        for name in ("_as_csv", "_as_workbook"):
            self._watch(name)
        self.cut: list[bool] = []
        """Of each block of lines without quotation marks, whether it was cut into texts."""
        inner = line_cache.LinePattern.of

        def of(how: line_cache.LinePattern, lines: str) -> line_cache.Batch | None:
            batch = inner(how, lines)
            self.cut.append(batch is not None)
            return batch

        patch.setattr(line_cache.LinePattern, "of", of)
        patch.setattr(operating_system, "cores", lambda: 1)
        patch.setattr(outputs, "MOST_SHOWN", 0)
        patch.setattr(wide_table, "BATCH", 7)
        patch.setattr(wide_table, "PIECE", 3000)
        patch.setattr(wide_table, "BLOCK", 700)
        patch.setattr(wide_table, "LINE", 20)

    def _watch(self, name: str) -> None:
        inner = getattr(large, name)

        def spy(*arguments: Any, **options: Any) -> int | None:
            code: int | None = inner(*arguments, **options)
            self.streamed.append(code is not None)
            return code

        self.patch.setattr(large, name, spy)

    def whole(self, plan: str, raw: bytes, *options: str) -> Said:
        self.patch.setattr(grading, "LARGE", 1 << 40)
        return said(plan, raw, options)

    def pieces(self, plan: str, raw: bytes, *options: str) -> Said:
        self.patch.setattr(grading, "LARGE", 0)
        return said(plan, raw, options)

    def compare(self, plan: str, raw: bytes, *options: str) -> Said:
        whole = self.whole(plan, raw, *options)
        assert self.pieces(plan, raw, *options) == whole
        return whole


def said(plan: str, raw: bytes, options: Sequence[str]) -> Said:
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        Path("plan.yaml").write_text(plan, "utf-8")
        Path("scores.csv").write_bytes(raw)
        for name in ("plan.yaml", "scores.csv"):
            os.utime(name, (0, 0))  # a workbook says when its files were changed
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(["grade", "plan.yaml", "scores.csv", *(options or ("-o", "out.csv"))])
        out.flush()
        file = next(iter(Path().glob("out.*")), Path("out.csv"))
        shown = out.buffer.getvalue().decode("utf-8")
        return Said(code, shown, err.getvalue(), file.read_bytes() if file.exists() else None)


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Both:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return Both(monkeypatch)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("options", [(), ("--format", "csv"), ("--format", "csv", "-o", "out.csv", "--lang", "en")])
def test_the_same_bytes(both: Both, delimiter: str, options: tuple[str, ...]) -> None:
    made = both.compare(PLAN, table(rows(400), delimiter=delimiter), *options)
    assert made.code == 0, made.err
    assert both.streamed == [True]
    assert (made.file or made.out.encode()).count(b"\r\n") > 200


@pytest.mark.parametrize("named", [True, False])
def test_a_workbook_of_the_same_bytes(both: Both, named: bool) -> None:
    both.patch.setattr(sheet, "MOST_DETAILED", 10)
    made = rows(400)
    if not named:
        made = [[row[0], f"Ek {row[0]}", *row[2:]] for row in made]
    whole = both.compare(PLAN, table(made), "-o", "out.xlsx")
    assert whole.code == 0, whole.err
    assert both.streamed == [True]
    assert whole.file is not None
    assert whole.file.startswith(b"PK")


@pytest.mark.parametrize("odd", ["twice", "bad score", "ragged"])
def test_a_workbook_of_an_odd_table_is_left_to_the_usual_way(both: Both, odd: str) -> None:
    both.patch.setattr(sheet, "MOST_DETAILED", 10)
    made = both.compare(PLAN, ODD[odd], "-o", "out.xlsx")
    assert made.file is None
    assert both.streamed == [False]


def test_a_first_name_that_only_a_later_piece_has(both: Both) -> None:
    both.patch.setattr(sheet, "MOST_DETAILED", 10)
    made = [[row[0], "Ek", *row[2:]] for row in rows(200)]
    made[-1][1] = "Ek, Åsa"
    assert both.compare(PLAN, table(made), "-o", "out.xlsx").file
    assert both.streamed == [False]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"bom": True}, id="bom"),
        pytest.param({"blank": True}, id="blank rows"),
        pytest.param({"last": True}, id="no line end"),
    ],
)
def test_forms_of_the_file_that_are_ordinary(both: Both, change: dict[str, bool]) -> None:
    raw = table(rows(100))
    if "bom" in change:
        raw = b"\xef\xbb\xbf" + raw
    if "blank" in change:
        lines = raw.split(b"\r\n")
        raw = b"\r\n".join([*lines[:5], b"", b"," * (len(HEADER) - 1), *lines[5:], b"", b""])
    if "last" in change:
        raw = raw.removesuffix(b"\r\n")
    assert both.compare(PLAN, raw).code == 0
    assert both.streamed == [True]


def changed(row: int, column: str, text: str) -> bytes:
    made = rows(60)
    made[row][HEADER.index(column)] = text
    return table(made)


def two_dates(one: str, other: str) -> bytes:
    """Slashed dates far apart, so that they are never looked at together piece by piece."""
    made = rows(60)
    made[3][HEADER.index("essay submitted")] = one
    made[50][HEADER.index("essay submitted")] = other
    return table(made)


BASE = table(rows(60))
ODD = {
    "an average": changed(50, "student", "Keskiarvo"),
    "bad score": changed(40, "work", "seven"),
    "off the scale": changed(41, "exam", "41"),
    "bad time": changed(42, "work submitted", "2024-02-30 10:00"),
    "no such clock": changed(42, "work submitted", "2024-03-02 25:00"),
    "beyond midnight": changed(42, "work submitted", "2024-03-02 24:01"),
    "a day that could be late": changed(43, "work submitted", "2024-03-05"),
    "unknown level": changed(44, "activity", "lively"),
    "early extension": changed(45, "work due", "2024-01-01"),
    "time and not submitted": changed(46, "work", "-"),
    "slashes": changed(46, "essay submitted", "3/4/2024 10:00"),
    "slashes of two kinds": two_dates("13/2/2024 10:00", "2/13/2024 10:00"),
    "twice": changed(50, "student", "00007"),
    "no number": changed(51, "student", " "),
    "a shortened number": changed(51, "student", "1.2E+07"),
    "ragged": BASE + b"99999,Ek\r\n",
    "longer": BASE + b"99999,Ek,A,1,,,1,,,20,HYV,,,\r\n",
    "open quote": BASE + b'99999,"Ek,A,1,,,1,,,20,HYV,\r\n',
    "not utf-8": BASE.replace(b"00059,", b"00059\xe4,"),
    "nul": BASE.replace(b"00058,", b"000\x0058,"),
    "utf-16": BASE.decode().encode("utf-16"),
    "sep": b"sep=,\r\n" + BASE,
    "old line ends": BASE.replace(b"\r\n", b"\r"),
    "only a header": table([]),
    "empty": b"",
    "two columns alike": table([[*row, "1"] for row in rows(30)], header=[*HEADER, "Työ"]),
    "a column without a header": table([[*row, "1"] for row in rows(30)], header=[*HEADER, ""]),
    "no student": table(rows(30), header=["number", *HEADER[1:]]),
    "peer sheet": table([["1", "2", "3"]], header=["from", "to", "mark"]),
    "too many attempts": table([[*row, "1"] for row in rows(30)], header=[*HEADER, "work 2"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_the_same_findings(both: Both, name: str) -> None:
    made = both.compare(PLAN, ODD[name])
    assert not any(both.streamed)
    assert made.err


def test_midnight_at_the_end_of_a_day(both: Both) -> None:
    made = rows(60)
    texts = ["2024-03-04 24:00", "2024-03-05T24:00:00", "4.3.2024 24.00", "2024-03-11 24:00"]
    for number, row in enumerate(made):
        row[HEADER.index("work submitted")] = texts[number % 4]
    assert both.compare(PLAN, table(made)).code == 0
    assert both.streamed == [True]


def test_slashed_dates_are_decided_by_the_whole_column(both: Both) -> None:
    assert both.compare(PLAN, two_dates("1/2/2024 10:00", "13/2/2024 10:00")).code == 0
    assert both.streamed == [False]


def test_blanks_before_a_quotation_mark(both: Both) -> None:
    raw = changed(7, "name", "Ek, Eva").replace(b',"Ek, Eva"', b', "Ek, Eva"')
    assert b', "Ek, Eva"' in raw
    made = both.compare(PLAN, raw)
    assert made.code == 0
    assert both.streamed == [True]
    assert made.file is not None
    assert b'""Ek, Eva' not in made.file


def test_columns_that_nothing_uses_are_listed(both: Both) -> None:
    made = both.compare(PLAN, table([[*row, "x"] for row in rows(30)], header=[*HEADER, "shoe size"]))
    assert both.streamed == [True]
    assert "shoe size" in made.err


def test_overrides_beside_the_table_are_not_overlooked(both: Both, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "scores.csv").write_bytes(BASE)
    (tmp_path / "overrides.csv").write_text("student,grade,reason,by,date\n00003,5,appeal,Ek,2024-03-20\n", "utf-8")
    both.patch.setattr(grading, "LARGE", 0)
    out = tmp_path / "out.csv"
    assert run(["grade", str(tmp_path / "plan.yaml"), str(tmp_path / "scores.csv"), "-o", str(out)]) == 0
    assert not both.streamed
    assert "appeal" in out.read_text("utf-8")


def test_a_group_is_spelled_as_it_stands_first(both: Both) -> None:
    raw = changed(1, "group", "c 1")
    assert both.compare(PLAN, raw).file
    both.patch.setattr(operating_system, "cores", lambda: 2)  # where other processes saw others first
    both.compare(PLAN, raw)
    assert both.streamed[0]


def test_all_blanks_are_known() -> None:
    blanks = {sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isspace()}
    assert blanks == {*wide_table.BLANKS}


def test_numbers_that_ascend_only_in_pieces(both: Both) -> None:
    made = rows(300)
    raw = table([*made[150:], *made[:150]])
    assert both.compare(PLAN, raw).code == 0
    assert both.compare(PLAN, raw.replace(b"00280,", b"00007,")).code == 1
    assert both.streamed == [True, False]


def test_lines_without_quotation_marks(both: Both) -> None:
    """They are not read by a reader of CSV: to the same bytes, whatever blanks and first column they have."""
    made = [[" ".join(cell.split()).replace('"', "").replace(",", ".") for cell in row] for row in rows(300)]
    made[20][1], made[21][1], made[22][1], made[23][1] = "Ek\xa0Bo", "Ek\u2003\u2003Bo ", "Ek  Bo", " Ek Bo\u3000"
    made[24] = [f" {cell} " for cell in made[24]]
    raw = table([[*row[1:], row[0]] for row in made], header=[*HEADER[1:], HEADER[0]])
    assert b'"' not in raw
    for text in (raw, raw.replace(b"\r\n", b"\n"), raw.removesuffix(b"\r\n")):
        assert both.compare(PLAN, text).code == 0
    assert both.streamed == [True] * 3


CUT = """\
kurssi: 1
course: {code: KX00AA01, name: Course, credits: 5}
implementation: {id: KX00AA01-1, language: fi, timing: {start: 2024-01-15, end: 2024-03-18}}
assessment:
  evaluation_scale: H-5
  parts:
    - {id: work, name: Työ, weight: 40, due: 2024-03-04 23:59}
    - {id: essay, weight: 40, due: 2024-03-11}
    - {id: exam, weight: 20, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}}
    - {id: peer_review, graded: pass-fail}
  late: {deduct: 0.5, per: day, not_below: 1, closes: 7 d}
  activity: {levels: {active: 0.5, passive: -0.5}}
"""
CUT_HEADER = ["student", "name", "group", "work", "work submitted", "shoe size", "essay", "essay submitted", "exam",
              "peer_review", "activity"]  # fmt: skip


def cut_rows(number: int, **whens: Sequence[str]) -> list[list[str]]:
    """A class whose lines have no quotation marks, and whose texts come again."""
    dice = random.Random(number)
    made = []
    for n in range(number):
        times = [
            f"2024-03-{dice.randint(1, 14):02} {dice.choice((0, 12, 23)):02}:{dice.randint(0, 59):02}" for _ in "ab"
        ]
        row = [f"{n:05}", f"Ek {n}", dice.choice("AB"), dice.choice("12345"), times[0], str(dice.randint(35, 47))]
        row += [dice.choice("12345"), times[1], dice.choice(["20", "36", "40"]), "HYV", dice.choice(["", "active"])]
        for column, texts in whens.items():
            if dice.random() < 0.5:
                row[CUT_HEADER.index(column.replace("_", " "))] = dice.choice(texts)
        made.append(row)
    return made


@pytest.mark.parametrize(("delimiter", "language"), one_in(3, itertools.product(",;\t", ["en", "fi"])))
@pytest.mark.parametrize(
    ("plan", "made"),
    [
        pytest.param(CUT, cut_rows(400), id="to the minute"),
        pytest.param(CUT, cut_rows(400, work_submitted=["", "2024-03-06 12:00:30", "6.3.2024 12.00"]), id="times"),
        pytest.param(CUT, cut_rows(400, name=["=Ek", "-1", "@Ek", "Ek  Bo", " Ek", "Ek ", "Ek\xa0Bo"]), id="odd names"),
        pytest.param(CUT, cut_rows(400, group=["=A", "C  1", " ", "c 1"]), id="odd groups"),
        pytest.param(CUT, cut_rows(400, exam=["?", "EX", "12.25", " 33.3 "]), id="states"),
        pytest.param(CUT.replace("23:59", "12:30"), cut_rows(400), id="a deadline within an hour"),
        pytest.param(CUT.replace("23:59", "12:00"), cut_rows(400), id="a deadline at the hour"),
        pytest.param(CUT.replace("closes: 7 d", "closes: 7 d, grace: 30 min"), cut_rows(400), id="grace"),
        pytest.param(CUT.replace("closes: 7 d", "closes: 7 d, free: {budget: 2 d}"), cut_rows(400), id="free days"),
        pytest.param(CUT.replace(", closes: 7 d", ""), cut_rows(400), id="never closed"),
    ],
)  # fmt: skip
def test_lines_that_are_cut(both: Both, plan: str, made: list[list[str]], language: str, delimiter: str) -> None:
    raw = table(made, header=CUT_HEADER, delimiter=delimiter)
    assert b'"' not in raw
    said = both.compare(plan, raw, "-o", "out.csv", "--lang", language)
    assert said.code == 0, said.err
    assert both.streamed == [True]
    assert all(both.cut)


def test_late_times_without_a_late_rule_are_cut(both: Both) -> None:
    """That lateness costs nothing is said of the whole class."""
    whole = both.compare(CUT.replace("  late:", "  #"), table(cut_rows(300), header=CUT_HEADER), "-o", "out.csv")
    assert "[late-costs-nothing]" in whole.err
    assert both.streamed == [True]
    assert all(both.cut)


def test_hours_late_when_the_clock_changes_after_the_deadline(both: Both) -> None:
    """At half past four on the last of March it is three and a half hours since midnight."""
    plan = CUT.replace("2024-03-04 23:59", "2024-03-30 23:59").replace("per: day", "per: hour")
    made = cut_rows(300)
    for n, row in enumerate(made):
        row[CUT_HEADER.index("work submitted")] = f"2024-03-31 {n % 9:02}:30"
    assert both.compare(plan, table(made, header=CUT_HEADER)).file
    assert both.streamed == [True]


@pytest.mark.parametrize(
    "order",
    [
        ["student", "surname", "first name", "work", "work submitted", "exam", "activity"],
        ["student", "first name", "surname", "work", "work submitted", "exam", "activity"],
        ["work", "work submitted", "student", "name", "exam", "activity"],
        ["name", "activity", "student", "exam", "work", "work submitted"],
        ["student", "name", "surname", "exam", "work", "work submitted", "group"],
        ["exam", "activity", "work", "work submitted", "student"],
        ["student", "exam"],
        ["student", "work", "work submitted"],
    ],
    ids=" ".join,
)
def test_columns_in_any_order(both: Both, order: list[str]) -> None:
    made = cut_rows(300)
    dice = random.Random(1)
    names = {"surname": ["Ek", "Yli Ek", "=Ek"], "first name": ["", "Bo", "-"]}
    cells = [
        [dice.choice(names[name]) if name in names else row[CUT_HEADER.index(name)] for name in order] for row in made
    ]
    assert both.compare(CUT, table(cells, header=order, delimiter=";")).file
    twice_named = {"name", "surname"} <= set(order)  # the whole table says which of the names counts
    assert both.streamed == [not twice_named]
    assert all(both.cut)
    assert twice_named or both.cut


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("work submitted", "2024-03-02 24:"),
        ("work submitted", "2024-03-02 12:"),
        ("work submitted", "2024-03-02 1"),
        ("work submitted", "2024-03-02 12:60"),
        ("work submitted", "2024-03-02 25:10"),
        ("work submitted", "2024-02-30 12:10"),
        ("work submitted", "XXXX-02-30 12:10"),
        ("essay submitted", "2/2/2024 12:10"),
        ("work", "seven"),
        ("exam", "41"),
        ("activity", "lively"),
        ("name", "E\0k"),
        ("student", "00007"),
        ("student", " "),
        ("student", ""),
        ("student", "1.2E+07"),
    ],
)
def test_findings_in_lines_that_are_cut(both: Both, column: str, text: str) -> None:
    both.patch.setattr(large_class, "BEGIN", 5000)  # before the odd one
    made = cut_rows(300)
    made[200][CUT_HEADER.index(column)] = text
    assert both.compare(CUT, table(made, header=CUT_HEADER)).err
    assert both.streamed == [False]
    assert both.cut


@pytest.mark.parametrize("extra", [",x", ",", ",,"])
def test_more_cells_than_columns_in_lines_that_are_cut(both: Both, extra: str) -> None:
    lines = table(cut_rows(300), header=CUT_HEADER).split(b"\r\n")
    lines[250] += extra.encode()
    assert both.compare(CUT, b"\r\n".join(lines)).err
    assert both.streamed == [False]


def test_texts_that_seldom_come_again_are_not_cut(both: Both) -> None:
    made = cut_rows(300)
    for number, row in enumerate(made):
        row[CUT_HEADER.index("exam")] = f"{number / 10:g}"
    assert both.compare(CUT, table(made, header=CUT_HEADER)).code == 0
    assert both.streamed == [True]
    assert all(both.cut)  # the exam by itself does not; with the points of everybody nothing does
    made = [[*row[:3], f"{number / 100:g}", *row[4:]] for number, row in enumerate(made)]
    assert both.compare(CUT, table(made, header=CUT_HEADER)).code == 0


@pytest.mark.parametrize("most", [1, 20, 100])
def test_little_is_kept(both: Both, most: int) -> None:
    for module in (wide_table, csv_lines, trie):
        both.patch.setattr(module, "MOST_TEXTS", most)
    made = cut_rows(400, work_submitted=["", "2024-03-06 12:00:30"])
    both.patch.setattr(csv_lines.Lines, "_group", lambda self, text: self.spelled.setdefault(text, text))
    assert both.compare(CUT, table(made, header=CUT_HEADER)).file
    assert both.streamed == [True]


@pytest.mark.parametrize("row", [10, 200, 299])
def test_a_cell_too_many_beside_one_too_few(both: Both, row: int) -> None:
    lines = table([[cell.replace(",", ".").replace('"', "") for cell in row] for row in rows(300)]).split(b"\r\n")
    lines[row], lines[row + 1 if row < 299 else row - 1] = lines[row] + b",1", b"00999,Ek,A,1,,,1,,,20,HYV"
    assert both.compare(PLAN, b"\r\n".join(lines)).err
    assert both.streamed == [False]


def test_peer_marks_by_criteria_without_marks(both: Both) -> None:
    """A rule with weights of criteria in it, of a part that stops the grade."""
    peers = "by: group, required: true, peer: {criteria: {care: 40, skill: 60}}"
    plan = PLAN.replace(
        "{id: work, name: Työ, weight: 40, due: 2024-03-04 23:59}", f"{{id: work, weight: 40, {peers}}}"
    )
    assert peers in plan
    made = [[f"{n:05}", "A", ["", "4", "H"][n % 3], "3"] for n in range(60)]
    whole = both.compare(plan, table(made, header=["student", "group", "work", "exam"]))
    assert whole.file
    assert whole.file.count(b"\r\n") == 61


def test_a_part_made_in_groups_where_nobody_is_in_one(both: Both) -> None:
    """Of an empty cell far below there is something to say; where there is none the table is graded in pieces."""
    plan = PLAN.replace("{id: work, name: Työ, weight: 40,", "{id: work, name: Työ, weight: 40, by: group,")
    assert "by: group" in plan
    header = ["student", "work", "essay", "exam", "peer_review"]
    made = [[f"{n:05}", "45"[n % 2], "34"[n % 2], str(n % 30), ["HYV", "H"][n % 2]] for n in range(300)]
    both.compare(plan, table(made, header=header))
    made[280][1] = ""
    both.compare(plan, table(made, header=header))
    assert both.streamed == [True, False]


def test_on_all_cores(both: Both) -> None:
    both.patch.setattr(operating_system, "cores", lambda: 2)
    raw = table(rows(300))
    assert both.compare(PLAN, raw).code == 0
    assert both.compare(PLAN, raw.replace(b"00280,", b"00007,")).code == 1
    assert both.streamed == [True, False]


@pytest.mark.parametrize("cores", [1, 2])
def test_a_line_end_between_quotation_marks_far_behind_the_first(both: Both, cores: int) -> None:
    """Until then pieces end with lines; from there on rows are counted."""
    both.patch.setattr(large_class, "BEGIN", 5000)
    both.patch.setattr(operating_system, "cores", lambda: cores)
    made = cut_rows(600)
    for row in (300, 301, 450):
        made[row][CUT_HEADER.index("shoe size")] = "4\r\n\r\n2" * 100
    assert both.compare(CUT, table(made, header=CUT_HEADER)).code == 0
    assert both.streamed == [True]
    assert any(both.cut) or cores > 1
    raw = table(made, header=CUT_HEADER)
    assert both.compare(CUT, raw.replace(b"00500,", b"00007,")).code == 1
    assert both.compare(CUT, raw[: raw.rindex(b'"')]).err
    assert both.streamed == [True, False, False]


@pytest.mark.parametrize("cell", ["x" * 200_000, "x" * 800, "4\r\n2" * 2000], ids=["refused", "long", "of many lines"])
def test_a_cell_that_is_too_long_for_a_piece(both: Both, cell: str) -> None:
    both.patch.setattr(large_class, "BEGIN", 5000)
    made = cut_rows(300)
    made[200][CUT_HEADER.index("shoe size")] = cell
    both.compare(CUT, table(made, header=CUT_HEADER))
    assert both.streamed == [False]


def test_a_table_that_changes_while_it_is_read_is_read_whole(both: Both) -> None:
    inner = large_class._together

    def while_it_is_read(*arguments: Any) -> large_class.Sums:
        os.utime("scores.csv", (1, 1))
        return inner(*arguments)

    both.patch.setattr(large_class, "_together", while_it_is_read)
    assert both.compare(CUT, table(cut_rows(60), header=CUT_HEADER)).file
    assert both.streamed == [False]


@pytest.mark.skipif(operating_system.start_method() != "fork", reason="elsewhere there is one process")
def test_what_another_process_cannot_make_is_made_here() -> None:
    here = os.getpid()

    def make(span: workers.Span) -> tuple[int, list[bytes]]:
        if span == (4, 5) and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        if span == (7, 8) and os.getpid() != here:
            raise ValueError
        return -span[0], [b"a", b"b"]

    spans = [(number, number + 1) for number in range(10)]
    assert list(workers.in_order(make, spans, 2)) == [(-start, b"ab") for start, _ in spans]

    def odd(span: workers.Span) -> tuple[int, list[bytes]]:
        return 1 // (span[0] - 5), []

    with pytest.raises(ZeroDivisionError):
        list(workers.in_order(odd, spans, 2))


def test_several_lists_and_one_in_another_folder(both: Both, tmp_path: Path) -> None:
    both.patch.setattr(files, "AHEAD", 1000)
    (tmp_path / "there").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "there" / "linked.csv")
    names = ["one.csv", "two.csv", "one.csv", "there/three.csv", "link.csv"]
    paths = [argument for name in names for argument in ("-o", str(tmp_path / name))]
    made = both.compare(CUT, table(cut_rows(60), header=CUT_HEADER), "-o", "out.csv", *paths)
    assert both.streamed == [True]
    assert made.code == 0, made.err
    assert {(tmp_path / name).read_bytes() for name in names} == {made.file}
    assert (tmp_path / "link.csv").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kurssi", "link.csv", "one.csv", "there", "two.csv"]


def test_where_nothing_can_be_written(both: Both) -> None:
    made = both.compare(CUT, table(cut_rows(60), header=CUT_HEADER), "-o", "nowhere/out.csv")
    assert made.code == 2
    assert "nowhere" in made.err
    assert both.streamed == [True]


INTERRUPTED = """
import sys
from kurssi import operating_system as crew
from kurssi.cli import grading, run
from kurssi.cli import files as writing
from kurssi.streaming import line_cache as cut, wide_table as wide
crew.cores = lambda: 4
grading.LARGE, wide.PIECE = 0, 50_000
sys.exit(run(["grade", "plan.yaml", "scores.csv", "-o", "out.xlsx"]))
"""


@pytest.mark.skipif(operating_system.start_method() != "fork", reason="elsewhere there is one process")
def test_ctrl_c_stops_all_processes_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    made = rows(300)
    (tmp_path / "scores.csv").write_bytes(table([[f"{n:07}", *made[n % 300][1:]] for n in range(60_000)]))
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    for _ in range(MORE):
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
        pipes["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # which a background job ignores
        with subprocess.Popen([sys.executable, "-c", INTERRUPTED], cwd=tmp_path, env=environment, **pipes) as process:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            while process.poll() is None and len(children.read_text().split()) < 4:
                pass
            if process.poll() is None:
                time.sleep(0.5)  # they have begun
                os.killpg(process.pid, signal.SIGINT)
            _, said_ = process.communicate(timeout=60)
        assert process.returncode in (0, 130)
        assert b"Traceback" not in said_
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


def test_a_file_of_somebody_else_is_not_overwritten(both: Both, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "scores.csv").write_bytes(BASE)
    out = tmp_path / "out.csv"
    out.write_text("mine", "utf-8")
    both.patch.setattr(grading, "LARGE", 0)
    arguments = ["grade", str(tmp_path / "plan.yaml"), str(tmp_path / "scores.csv"), "-o", str(out)]
    assert run(arguments) == 2
    assert out.read_text("utf-8") == "mine"
    assert run([*arguments, "--force"]) == 0
    assert run(arguments) == 0  # by now it is our own
    assert both.streamed == [True] * 3


# ---- generated policies and classes --------------------------------------------------------------------------


def sheet_of(world: World, *, simple: bool = False) -> bytes:
    """The world's class as one wide table, the cells of its groups at their members; several times over.

    ``simple``: first attempts only, without deadlines of a student's own.
    """
    leaves = list(leaves_of(world.parts))
    header = ["student", "group", "activity", "attended"]
    most = {leaf["id"]: 1 if simple else _attempts(leaf) for leaf in leaves}
    for leaf in leaves:
        for number in range(1, most[leaf["id"]] + 1):
            name = leaf["id"] if number == 1 else f"{leaf['id']} {number}"
            header += [name, f"{name} submitted", f"{name} due"][: 2 if simple else 3]
    activity = world.assessment.get("activity", {})
    keep = [at for at, name in enumerate(header) if name not in ("activity", "attended")]
    keep += [2] if "levels" in activity else [3] if "attendance" in activity else []
    dice = random.Random(len(header))
    made = []
    for n in range(3 * len(world.students)):
        student = world.students[n % len(world.students)]
        row = [f"{dice.randint(0, 9)}{n:03}", student["group"] or "", student["activity"] or ""]
        row.append("" if student["attended"] is None else str(student["attended"]))
        for leaf in leaves:
            donor = dice.choice(world.students)
            cells = donor["cells"].get(leaf["id"]) or world.group_scores.get(donor["group"] or "", {}).get(
                leaf["id"], []
            )
            for number in range(most[leaf["id"]]):
                cell = cells[number] if number < len(cells) else {}
                row += [str(cell.get(key) or "") for key in ("score", "submitted", "due")[: 2 if simple else 3]]
        made.append([row[at] for at in keep])
    return table(made, header=[header[at] for at in keep])


def _attempts(leaf: dict[str, Any]) -> int:
    retakes = leaf.get("retakes", 0)
    return 1 + (retakes if isinstance(retakes, int) else len(retakes))


STREAMED: list[bool] = []


@examples(50)
@given(worlds(peers=False))
def test_generated_classes(world: World) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as state:
        patch.setenv("XDG_STATE_HOME", state)
        both = Both(patch)
        options = ("--as-of", world.as_of.isoformat()) if world.as_of else ()
        both.compare(document(world.assessment, world.timing_end), sheet_of(world), "-o", "out.csv", *options)
        STREAMED.extend(both.streamed)


CUTS: list[bool] = []


@examples(35)
@given(worlds(peers=False))
def test_generated_classes_whose_lines_are_cut(world: World) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as state:
        patch.setenv("XDG_STATE_HOME", state)
        patch.setattr(line_cache, "OF_EIGHT", 8)
        both = Both(patch)
        options = ("--as-of", world.as_of.isoformat()) if world.as_of else ()
        raw = sheet_of(world, simple=True)
        both.compare(document(world.assessment, world.timing_end), raw, "-o", "out.csv", *options)
        CUTS.append(any(both.cut) and any(both.streamed))


@examples(15)
@given(worlds(peers=False))
def test_workbooks_of_generated_classes(world: World) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as state:
        patch.setenv("XDG_STATE_HOME", state)
        patch.setattr(sheet, "MOST_DETAILED", 0)
        both = Both(patch)
        both.compare(document(world.assessment, world.timing_end), sheet_of(world), "-o", "out.xlsx")


def test_generated_classes_were_streamed() -> None:
    # where a part is made in groups, an empty cell may take the score of another row
    assert not STREAMED or sum(STREAMED) > len(STREAMED) / 3
    assert not CUTS or sum(CUTS) > len(CUTS) / 4


# ---- what is said of the whole table -------------------------------------------------------------------------

TIMES = [f"2024-03-{1 + n % 9:02} 10:00" for n in range(60)]


@pytest.mark.parametrize("options", [(), ("-o", "out.xlsx")])
@pytest.mark.parametrize(
    ("late", "due", "own", "rules"),
    [
        ("", ", due: 2024-03-04", False, {"late-costs-nothing"}),
        ("  late: none", ", due: 2024-03-04", False, set()),
        ("", ", due: 2024-03-04, late: none", False, set()),
        ("", "", True, {"late-costs-nothing"}),
        ("  late: {deduct: 1}", "", True, {"nothing-to-act-on"}),
        ("  late: {deduct: 1}", ", due: 2024-03-04", True, set()),
        ("  late: {deduct: 1}", "", False, {"nothing-to-act-on"}),
        ("", ", graded: pass-fail, due: 2024-03-04", False, {"late-costs-nothing"}),
    ],
)
def test_times_beside_no_late_rule_are_streamed(
    both: Both, late: str, due: str, own: bool, rules: set[str], options: tuple[str, ...]
) -> None:
    both.patch.setattr(sheet, "MOST_DETAILED", 0)
    plan = (
        "kurssi: 1\ncourse: {code: KX00AA01, name: Course, credits: 5}\nimplementation: {id: KX00AA01-1}\n"
        f"assessment:\n  evaluation_scale: 0-5\n{late}\n  parts:\n    - {{id: work{due}}}\n    - {{id: exam}}\n"
    )
    more = [["2024-03-06" if n % 3 else ""] if own else [] for n in range(60)]
    made = [[f"{n:05}", str(n % 2), time, str(n % 6), *more[n]] for n, time in enumerate(TIMES)]
    header = ["student", "work", "work submitted", "exam", *(["work due"] if own else [])]
    whole = both.compare(plan, table(made, header=header), *options)
    assert both.streamed == [True]
    assert set(re.findall(r"\[(late-costs-nothing|nothing-to-act-on)\]", whole.err)) == rules


@pytest.mark.parametrize(("first", "second"), [("0", "H"), ("4", "4,0"), ("HYV", "x")])
def test_scores_that_say_the_same_in_two_ways(both: Both, first: str, second: str) -> None:
    plan = PLAN.replace(
        "peer_review, graded: pass-fail", "peer_review" + (", graded: pass-fail" if first != "4" else "")
    )
    made = [[*row[:10], second if n % 2 else first, row[11]] for n, row in enumerate(rows(60))]
    both.compare(plan, table(made))
