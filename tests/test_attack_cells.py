"""Extremes in every kind of cell and every date of a file: a finding with its place, or a grade, never a fault."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest

import workbook_builders as workbooks
from effort import one_in
from kurssi.cli import run

Capture = pytest.CaptureFixture[str]

TIMES = [
    *("0001-01-01 00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "1899-12-31T23:59+02:00"),
    *("9999-12-31 23:59", "0001-01-01 00:00", "31.12.9999 10.00", "9999-12-31", "0001-01-01", "2200-01-01", "1.1.0001"),
    *("0000-00-00", "99999-01-01", "31.12.99", "1/1/0001", "12/31/9999", "3999999999", "1000000000", "-1", "1e99"),
    *("24:00", "2024-01-01T24:00", "2024-02-30", "2024-03-31T03:30", "2024-06-30T23:59:60Z"),
    *("1 January 0001, 0:00", "31. joulukuuta 9999, 23.59", "9" * 5000),
]
NUMBERS = [
    "0",
    "-0",
    "-1",
    "1e400",
    "1E-400",
    "nan",
    "inf",
    "-Infinity",
    "∞",
    "٣",
    "３",
    "½",
    "1/0",
    "1/3",
    "0x1f",
    "+5",
]
NUMBERS += [
    "9" * 15,
    "9" * 5000,
    "0." + "0" * 5000 + "1",
    "1.2.3",
    "1,2,3",
    "--",
    "−3",
    "3-",
    " 3 ",
    "3\u00a0",
    "%",
    "110 %",
    "-50 %",
]
LENGTHS = [
    "999999:59:59",
    "99999 days, 99:99:99",
    "9" * 400 + " years",
    "9" * 5000,
    "9" * 30 + " days",
    "-1:00:00",
    "late",
    "1 day",
]
WORDS = [
    "?",
    "-",
    "EX",
    "AHOT",
    "H",
    "HYV",
    "x",
    "withheld",
    "=1+1",
    "#REF!",
    "",
    " ",
    "\t",
    "A" * 100_000,
    "\U0001f600" * 99,
    "\ufffd",
]
CELLS = [*TIMES, *NUMBERS, *LENGTHS, *WORDS]

PLAN = """\
kurssi: 1
course: {{code: X, name: Course, credits: 5}}
implementation: {{id: x-1, language: en, timing: {{start: {start}, end: {end}}}, enrollment: {{start: {start}, end: {end}}}}}
schedule: {{weeks: {weeks}, sessions: [{{week: 3, hours: 3, start: "23:59"}}, {{date: {start}, hours: 3}}, {{date: {end}, hours: 2}}]}}
assessment:
  evaluation_scale: 0-5
  parts:
    - {{id: essay, name: Essay, weight: 50, by: group, due: {due}, retakes: [{{due: {due}}}], peer: {{method: webpa, weight: 50 %}}}}
    - {{id: exam, name: Exam, weight: 50, graded: points, max: 40, linear: {{1: 50 %, 5: 90 %}}, due: {due}}}
    - {{id: quiz, name: Quiz, graded: pass-fail, due: {due}}}
  late: {{deduct: 0.5, per: {per}, closes: {closes}, grace: {closes}, free: {{budget: 2 d, spend: in-order}}}}
  activity: {{levels: {{active: 0.5}}}}
"""  # noqa: E501
GOOD = {
    "start": "2024-01-15",
    "end": "2024-03-18",
    "weeks": "3-11",
    "due": "2024-03-01 12:00",
    "per": "day",
    "closes": "7 d",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text(PLAN.format(**GOOD), "utf-8")
    return tmp_path


def tried(capsys: Capture, *arguments: str) -> tuple[int, str]:
    code = run(arguments)
    out, err = capsys.readouterr()
    assert "fault of kurssi" not in err, (arguments, err[:2000])
    return code, out + err


HEADERS = [
    *("student", "name", "surname", "first name", "email", "group", "essay", "essay submitted", "essay due"),
    *("essay 2", "essay 2 submitted", "essay 2 due", "exam", "exam submitted", "exam due", "exam late"),
    *("quiz", "quiz submitted", "activity", "attended"),
]
PLAIN = dict(
    zip(
        HEADERS,
        [
            "1",
            "A B",
            "A",
            "B",
            "a@b.c",
            "G",
            "4",
            "2024-03-01 13:00",
            *[""] * 4,
            "30",
            "2024-02-01 13:00",
            "",
            "",
            "x",
            *["2024-02-01 13:00", "active", ""],
        ],
        strict=True,
    )
)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize("header", HEADERS)
def test_an_extreme_in_a_cell_is_no_fault(header: str, folder: Path, capsys: Capture) -> None:
    headers = [name for name in HEADERS if name != "name" or header == "name"]
    if header == "name":
        headers = [name for name in headers if name not in ("surname", "first name")]
    for chunk in range(0, len(CELLS), 12):  # some at a time, and each of them with its own row
        for cells in ([CELLS[chunk]], CELLS[chunk : chunk + 12]):
            rows = [{**PLAIN, "student": str(n), "group": f"G{n}", header: cell} for n, cell in enumerate(cells)]
            lines = [",".join(headers), *(",".join(quoted(row[name]) for name in headers) for row in rows)]
            (folder / "s.csv").write_text("\n".join(lines) + "\n", "utf-8")
            code, _ = tried(capsys, "grade", "x.yaml", "s.csv", "--format", "json")
            assert code in (0, 1)


def test_the_plain_row_can_be_graded(folder: Path, capsys: Capture) -> None:
    headers = [name for name in HEADERS if name not in ("name", "exam late")]
    rows = [",".join(headers), ",".join(PLAIN[name] for name in headers)]
    (folder / "s.csv").write_text("\n".join(rows) + "\n", "utf-8")
    code, said = tried(capsys, "grade", "x.yaml", "s.csv")
    assert code == 0, said


@pytest.mark.parametrize("text", TIMES[:7])
def test_a_time_at_the_end_of_the_calendar_is_an_error_with_its_cell(text: str, folder: Path, capsys: Capture) -> None:
    for header in ("essay submitted", "essay due"):
        (folder / "s.csv").write_text(f"student,group,essay,{header},exam,quiz\n1,G,4,{text},30,x\n", "utf-8")
        code, said = tried(capsys, "grade", "x.yaml", "s.csv")
        assert code == 1
        assert "bad-time" in said
        assert "cell D2" in said


def test_extremes_in_peer_marks_and_overrides_are_no_fault(folder: Path, capsys: Capture) -> None:
    (folder / "s.csv").write_text("student,group,essay,exam,quiz\n1,G,4,30,x\n2,G,4,30,x\n", "utf-8")
    for cell in CELLS:
        text = quoted(cell)
        (folder / "p.csv").write_text(f"from,to,a,b\n1,2,{text},1\n2,1,3,{text}\n", "utf-8")
        assert tried(capsys, "grade", "x.yaml", "s.csv", "p.csv")[0] in (0, 1)
    for cell in CELLS:
        text = quoted(cell)
        (folder / "overrides.csv").write_text(f"student,grade,reason,by,date\n1,{text},{text},{text},{text}\n", "utf-8")
        assert tried(capsys, "grade", "x.yaml", "s.csv")[0] in (0, 1)


DATES = [
    "0001-01-01",
    "9999-12-31",
    "1899-12-31",
    "1900-01-01",
    "2199-12-31",
    "2200-01-01",
    "0000-01-01",
    "99999-01-01",
]
EXTREMES = [
    *({"start": day, "end": day} for day in DATES),
    *({"end": day} for day in DATES),
    *({"due": day} for day in [*DATES, "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "2199-12-31T23:59-12:00"]),
    *({"due": due, "closes": "100000 d"} for due in ("2199-12-31", "1900-01-01")),
    *(
        {"closes": f"{n} {unit}", "per": per}
        for n in (0, 36525, 999999)
        for unit, per in zip("hdw", cycle(("hour", "day", "week")))
    ),
    *({"weeks": weeks} for weeks in ("53-1", "0-1", "1-53", "99")),
    {"start": "1900-01-01", "end": "2199-12-31"},
]


@pytest.mark.parametrize("changed", one_in(2, EXTREMES), ids=str)
def test_a_date_at_the_end_of_the_calendar_is_no_fault(changed: dict[str, str], folder: Path, capsys: Capture) -> None:
    (folder / "x.yaml").write_text(PLAN.format(**{**GOOD, **changed}), "utf-8")
    row = "1,G,4,2024-03-01 13:00,30,x\n"
    (folder / "s.csv").write_text(f"student,group,essay,essay submitted,exam,quiz\n{row}", "utf-8")
    for command in (
        "validate x.yaml",
        "workload x.yaml --by-week",
        "grade x.yaml s.csv --as-of 2024-02-01",
        "grade x.yaml s.csv --format json",
        "explain x.yaml 1 s.csv",
        "plan x.yaml --format ics",
        "plan x.yaml",
        "policy x.yaml" if "per" in changed else "plan x.yaml --format md",
        "new --from x.yaml --weeks 52 --force",
        "new --from x.yaml --weeks 500000 --force",
        "new --from x.yaml --start 2190-01-01 --id y --force -o y.yaml",
        "sheet x.yaml -o e.xlsx --force",
        "grade x.yaml s.csv -o g.xlsx --force",
    ):
        tried(capsys, *command.split())


@pytest.mark.parametrize("day", TIMES, ids=lambda text: text[:30])
def test_an_extreme_day_in_an_option_is_no_fault(day: str, folder: Path, capsys: Capture) -> None:
    (folder / "s.csv").write_text("student,group,essay,exam,quiz\n1,G,4,30,x\n", "utf-8")
    for line in (["--as-of", day], ["--list", "sisu", "--date", day], ["--feedback", "f", "--force", "--date", day]):
        tried(capsys, "grade", "x.yaml", "s.csv", *line)
    tried(capsys, "new", "--code", "X", "--name", "Y", "--start", day, "--end", day, "-o", "-")


# ---- extremes in workbooks ---------------------------------------------------------------------------------

SERIALS = [
    *("-1e308", "-693594", "-1", "-0.5", "0", "0.5", "0.9999999", "1", "59", "60", "60.999999", "61", "36525.5"),
    *(
        "2958465",
        "2958465.99999999",
        "2958466",
        "2958466.5",
        "3000000",
        "99999999",
        "1e15",
        "1e308",
        "1e400",
        "nan",
        "",
    ),
]
"""Dates as Excel counts them: before its first day, around the day that was none, and beyond its last."""

ISO = [
    *("0000-00-00", "0001-01-01", "0001-01-01T00:00:00", "1582-10-15", "1899-12-30", "1899-12-31T23:59:59"),
    *("9999-12-31T23:59:59", "9999-12-31T24:00:00", "10000-01-01", "-0001-01-01", "2024-02-30", "2024-03-31T03:30:00"),
    *("2024-03-01T12:00:00.999999999", "2024-03-01T12:00:00Z", "9999-12-31T23:59:59-14:00", "x", ""),
]
SPANS = ["PT0S", "PT24H", "PT999999999999H", "-PT1H", "P99999D", "PT1H1M1.999999999S", "P", "x", ""]

AS_DATE = (
    f'{workbooks.XML}<styleSheet xmlns="{workbooks.MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="46"/></cellXfs></styleSheet>'
)
HEADS = ["student", "group", "essay", "essay submitted", "essay due", "exam", "exam submitted", "exam late"]


def as_xlsx(cell: str, epoch: str) -> bytes:
    """A class of one whose times, and one score, are such a cell."""
    strings = "".join(f"<si><t>{text}</t></si>" for text in [*HEADS, "G1"])
    head = "".join(f'<c r="{chr(65 + at)}1" t="s"><v>{at}</v></c>' for at in range(len(HEADS)))
    row = f'<c r="A2"><v>1</v></c><c r="B2" t="s"><v>{len(HEADS)}</v></c><c r="C2"><v>3</v></c>'
    row += "".join(cell.format(place=f"{letter}2") for letter in "DEFGH")
    sheet = workbooks.sheet_xml(f'<row r="1">{head}</row><row r="2">{row}</row>')
    members = workbooks.xlsx_members(sheet, strings=workbooks.strings_xml(strings), styles=AS_DATE)
    book = str(members["xl/workbook.xml"]).replace("<sheets>", f"<workbookPr{epoch}/><sheets>")
    return workbooks.packed({**members, "xl/workbook.xml": book})


def as_ods(cell: str) -> bytes:
    """The same as an .ods workbook."""
    head = "".join(map(workbooks.text_cell, HEADS))
    row = workbooks.text_cell("1") + workbooks.text_cell("G1") + workbooks.CELL.format("") + 5 * cell
    rows = f"<table:table-row>{head}</table:table-row><table:table-row>{row}</table:table-row>"
    return workbooks.ods(workbooks.content_xml(rows))


def a_book(suffix: str, value: str) -> list[bytes]:
    """Workbooks with the value as a date, a time and a length of time, in every way that the format has."""
    if suffix == ".ods":
        kinds = (("date", "date-value"), ("time", "time-value"), ("float", "value"), ("percentage", "value"))
        cell = '<table:table-cell office:value-type="{}" office:{}="{}"><text:p>{}</text:p></table:table-cell>'
        return [as_ods(cell.format(kind, key, value, value)) for kind, key in kinds]
    cells = [f'<c r="{{place}}" s="{style}"><v>{value}</v></c>' for style in (1, 2)]
    cells.append(f'<c r="{{place}}" s="1" t="d"><v>{value}</v></c>')
    return [as_xlsx(cell, epoch) for cell in cells for epoch in ("", ' date1904="1"')]


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
@pytest.mark.parametrize("value", one_in(2, dict.fromkeys([*SERIALS, *ISO, *SPANS])))
def test_an_extreme_date_of_a_workbook_is_read_or_refused_with_its_cell(
    folder: Path, capsys: Capture, suffix: str, value: str
) -> None:
    for raw in a_book(suffix, value):
        (folder / f"h{suffix}").write_bytes(raw)
        code, said = tried(capsys, "grade", "x.yaml", f"h{suffix}", "--format", "json")
        assert code in (0, 1), said
        assert code == 0 or f"h{suffix}" in said
        assert tried(capsys, "sheet", "x.yaml", "--from", f"h{suffix}")[0] in (0, 1)
