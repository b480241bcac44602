"""Broken score sheets: tables of a class with odd cells as CSV, .xlsx, .ods and .xls, then broken as files break."""

from __future__ import annotations

import random
import re
import struct
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from kurssi.cli.outputs import WRITERS
from kurssi.course.check import Checked, check
from kurssi.diagnostics.renderers.common import Paint
from kurssi.diagnostics.renderers.screen import as_screen
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import grade
from kurssi.reports.console import table
from kurssi.surveys.reading import read_surveys

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import hostile_xls as old
import workbook_builders as workbooks

Rows = list[list[str]]

PLANS = [
    """\
kurssi: 1
course: {code: X, name: Course, credits: 5}
implementation: {id: x-1, language: en}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: essay, name: Essay, weight: 50, due: 2024-03-01 12:00, retakes: [{due: 2024-03-10}]}
    - {id: exam, name: Exam, weight: 50, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}}
    - {id: quiz, name: Quiz, graded: pass-fail}
  late: {deduct: 0.5, per: day, closes: 7 d}
  activity: {levels: {active: 0.5}}
""",
    """\
kurssi: 1
course: {code: X, name: Course, credits: 5}
implementation: {id: x-1, language: fi}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: essay, name: Essay, weight: 40, by: group, peer: {method: webpa, weight: 50 %}}
    - {id: exam, name: Exam, weight: 60, minimum: 1, required: true}
""",
    """\
kurssi: 1
course: {code: X, name: Course, credits: 5}
implementation: {id: x-1, language: sv}
assessment:
  evaluation_scale: pass-fail
  parts: [{id: quiz, name: Quiz, graded: pass-fail}, {id: exam, name: Exam, graded: pass-fail}]
""",
]
HEADERS = [
    "student", "name", "surname", "first name", "email", "group", "essay", "Essay", "essay submitted", "essay 2",
    "exam", "exam submitted", "exam late", "quiz", "activity", "attended", "from", "to", "a", "grade", "reason", "by",
    "date", "opiskelijanumero", "nimi", "", "Username", "Last Access", "Exam (Real)", "Total Points", "NPS", "x",
]  # fmt: skip
CELLS = [
    *("0", "1", "2", "3", "4", "5", "3,5", "4.25", "-1", "40", "1e9", "1/3", "½", "80 %", "٣", "9" * 400, "", " ", "?"),
    *("-", "EX", "H", "HYV", "x", "#N/A", "=1+1", "0012", "active", "G1", "G 1", "Åström", "a@b.c", "\u202eabc", "::x"),
    *("2024-02-28 10:00", "1.3.2024 klo 12.01", "9999-12-31 23:59-12:00", "0001-01-01T00:00+14:00", "45352.5", "24:00"),
    *("1 day 3 hours", "1:00:00", "late", "fail", "hylätty", "withheld", "A" * 300, '"', "a\nb", "'", "&amp;", "\x00"),
    *("\U0001f600", "\ud800", "true", "nan", "inf", "0x1F", "1_000", "1 000,5", "(3)", "3 (uusinta)", "\t", "sum"),
]  # fmt: skip


def a_class(dice: random.Random) -> Rows:
    """A table of a class, with some cells, rows and columns that do not belong there."""
    headers = ["student", "name", "group", "essay", "exam", "quiz"][: dice.randint(2, 6)]
    if dice.random() < 0.1:
        headers = ["from", "to", "a", "b"]
    rows = [headers]
    for n in range(dice.choice((0, 1, 2, 3, 5, 8, 30))):
        rows.append([str(n + 1), f"Name{n}", f"G{n % 3}", str(n % 6), str(n % 5), "x"][: len(headers)])
    for _ in range(dice.choice((0, 1, 1, 2, 4))):
        dice.choice(ROW_CHANGES)(dice, rows)
    return rows


def _cell(dice: random.Random, rows: Rows) -> None:
    row = dice.choice(rows)
    if row:
        row[dice.randrange(len(row))] = dice.choice(CELLS)


def _header(dice: random.Random, rows: Rows) -> None:
    row = rows[0]
    if row:
        row[dice.randrange(len(row))] = dice.choice(HEADERS)


def _column(dice: random.Random, rows: Rows) -> None:
    at = dice.randint(0, len(rows[0]))
    head = dice.choice(HEADERS)
    for n, row in enumerate(rows):
        row.insert(at, dice.choice(CELLS) if n else head)


def _row(dice: random.Random, rows: Rows) -> None:
    rows.insert(dice.randint(0, len(rows)), list(dice.choice(rows)))


def _short(dice: random.Random, rows: Rows) -> None:
    row = dice.choice(rows)
    del row[dice.randint(0, len(row)) :]


def _without(dice: random.Random, rows: Rows) -> None:
    if len(rows) > 1:
        del rows[dice.randrange(len(rows))]


def _swapped(dice: random.Random, rows: Rows) -> None:
    here, there = dice.randrange(len(rows)), dice.randrange(len(rows))
    rows[here], rows[there] = rows[there], rows[here]


ROW_CHANGES: list[Callable[[random.Random, Rows], None]] = [
    _cell, _cell, _cell, _cell, _header, _column, _row, _short, _without, _swapped,
]  # fmt: skip


def noise(dice: random.Random, raw: bytes) -> bytes:
    """Some bytes written over, left out, doubled or put in."""
    start = dice.randint(0, len(raw))
    end = min(len(raw), start + dice.choice((0, 1, 1, 2, 4, 40)))
    put = dice.choice((b"", dice.randbytes(dice.randint(1, 4)), raw[start:end] * 2, b"\0", b"\xff" * 4))
    return raw[:start] + put + raw[end:]


# ---- CSV ---------------------------------------------------------------------------------------------------


def as_csv(dice: random.Random, rows: Rows) -> bytes:
    """As text, with any separator, ends of lines, quotation marks and encoding."""
    sign = dice.choice((",", ",", ";", "\t", "|", " "))
    quotes = dice.random() < 0.9

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if quotes and re.search(rf'[{sign}"\r\n]', text) else text

    text = dice.choice(("\n", "\n", "\r\n", "\r")).join(sign.join(map(cell, row)) for row in rows)
    text = dice.choice(("", "", "", "\ufeff", f"sep={sign}\n", "Title\n", "\n\n")) + text
    code = dice.choice(("utf-8", "utf-8", "utf-8", "utf-16", "cp1252", "latin-1", "utf-16-le", "utf-32"))
    raw = text.encode(code, "surrogatepass" if code.startswith("utf") else "replace")
    return noise(dice, raw) if dice.random() < 0.2 else raw


# ---- .xlsx, .ods -------------------------------------------------------------------------------------------

NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")
XML_TOKENS = [
    "<c>", "</c>", "<c/>", "<row>", "</row>", "<v>", "</v>", "<f>1</f>", "<is><t>x</t></is>", "<!--", "-->",
    "<![CDATA[",
    "]]>", "&amp;", "&a;", "&#0;", "&#x41;", "<?x?>", "<!DOCTYPE x>", "</sheetData>", "<sheetData/>", "<mergeCells>",
    '<mergeCell ref="A1:B9"/>', '<mergeCell ref="B2"/>', "<t>", "<si/>", "<text:s text:c='9'/>", "<text:p/>", "<a",
    "<table:table-cell/>", "<table:covered-table-cell/>", "<table:table-row/>", 'hidden="1"', 't="e"', 't="s"', "\0",
]  # fmt: skip
VALUES = [
    "", "0", "1", "-1", "2", "A1", "B2", "XFD1048576", "ZZZZ1", "A0", "1048576", "4294967295", "99999999999999999999",
    "1.5", "1e400", "e", "s", "str", "inlineStr", "b", "d", "n", "true", "float", "string", "date", "time",
    "percentage",
    "boolean", "2024-01-01", "9999-12-31T23:59:59", "PT1H", "PT999999999999H", "9%", "A1:B2", "rId9", "#N/A", "\ud7ff",
]  # fmt: skip


def _xml(dice: random.Random, text: str) -> str:
    kind = dice.randrange(6)
    if kind == 0:
        values = [match.span(1) for match in re.finditer(r'="([^"]*)"', text)]
        if values:
            start, end = dice.choice(values)
            return text[:start] + dice.choice(VALUES) + text[end:]
    tags = [match.span() for match in re.finditer(r"<[^<>]*>", text)]
    if not tags:
        return text
    start, end = dice.choice(tags)
    if kind == 1:
        return text[:start] + text[end:]
    if kind == 2:
        return text[:start] + text[start:end] * dice.choice((2, 3, 50)) + text[end:]
    if kind == 3:
        other = dice.choice(tags)
        return text[:start] + text[other[0] : other[1]] + text[end:]
    if kind == 4:
        return text[: dice.randint(0, len(text))]
    return text[:start] + dice.choice(XML_TOKENS) + text[start:]


def _archive(dice: random.Random, members: dict[str, str | bytes]) -> bytes:
    for _ in range(dice.choice((0, 1, 1, 1, 2, 5))):
        if not members:
            break
        name = dice.choice([*members])
        text = members[name]
        if isinstance(text, str):
            members[name] = _xml(dice, text)
        if dice.random() < 0.03:
            del members[name]
        elif dice.random() < 0.03:
            members[dice.choice((name.upper(), f"/{name}", "xl/workbook.bin", "x"))] = members[name]
    method = dice.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    data = {k: v.encode("utf-8", "surrogatepass") if isinstance(v, str) else v for k, v in members.items()}
    raw = workbooks.packed(data, method, 1)
    if dice.random() < 0.3:
        for _ in range(dice.choice((1, 1, 3))):
            raw = noise(dice, raw)
    return raw


def as_xlsx(dice: random.Random, rows: Rows) -> bytes:
    """As a workbook, whose XML and archive may be broken."""
    strings: list[str] = []
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for at, text in enumerate(row):
            place = f"{chr(65 + at % 26)}{number}"
            if NUMBER.fullmatch(text):
                cells.append(f'<c r="{place}"><v>{text}</v></c>')
            elif text:
                cells.append(f'<c r="{place}" t="s"><v>{len(strings)}</v></c>')
                strings.append(f"<si><t>{escape(text)}</t></si>")
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    sheet, shared = workbooks.sheet_xml("".join(lines)), workbooks.strings_xml("".join(strings))
    return _archive(dice, workbooks.xlsx_members(sheet, strings=shared))


def as_ods(dice: random.Random, rows: Rows) -> bytes:
    """As an .ods workbook, in the same way."""
    lines = []
    for row in rows:
        cells = [
            workbooks.CELL.format("").replace("3", text)
            if NUMBER.fullmatch(text)
            else workbooks.text_cell(escape(text))
            for text in row
        ]
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return _archive(dice, workbooks.ods_members(workbooks.content_xml("".join(lines))))


# ---- .xls --------------------------------------------------------------------------------------------------


def as_xls(dice: random.Random, rows: Rows) -> bytes:
    """As an old workbook, whose records and sectors may be broken."""
    strings: list[str] = []
    records = []
    for number, row in enumerate(rows):
        for at, text in enumerate(row):
            if NUMBER.fullmatch(text):
                records.append(old.number_cell(number, at, float(text)))
            elif text:
                records.append(old.text_cell(number, at, len(strings)))
                strings.append(text.encode("latin-1", "replace").decode("latin-1"))
    for _ in range(dice.choice((0, 1, 1, 2))):
        record = bytearray(dice.choice(records)) if records else bytearray(4)
        struct.pack_into("<H", record, dice.choice((0, 2, 4, 6)) % max(len(record) - 1, 1), dice.choice(WORDS))
        records.insert(dice.randint(0, len(records)), bytes(record))
    table = bytearray(old.texts(*strings))
    if dice.random() < 0.2:
        struct.pack_into("<H", table, dice.randrange(len(table) - 1), dice.choice(WORDS))
    header: dict[str, int] = {}
    if dice.random() < 0.2:
        field = dice.choice(("tables", "directory", "cutoff", "chains", "more", "shift", "major", "small"))
        header[field] = dice.choice(WORDS)
    chain = [dice.choice((old.END, old.FREE, 1, 2, 3, 9)) for _ in range(9)] if dice.random() < 0.1 else None
    raw = old.xls(old.stream(b"".join(records), bytes(table[:60_000])), "Workbook", chain, None, **header)
    return noise(dice, raw) if dice.random() < 0.5 else raw


WORDS = (0, 1, 2, 3, 4, 9, 255, 256, 512, 32767, 65535)

# ---- all ---------------------------------------------------------------------------------------------------

KINDS: dict[str, Callable[[random.Random, Rows], bytes]] = {
    ".csv": as_csv,
    ".xlsx": as_xlsx,
    ".ods": as_ods,
    ".xls": as_xls,
}


def broken(dice: random.Random) -> tuple[str, bytes]:
    """A sheet, and the suffix that its name ends with."""
    suffix = dice.choice([*KINDS])
    return suffix, KINDS[suffix](dice, a_class(dice))


@cache
def plans() -> list[tuple[Checked, bytes]]:
    """The policies by which sheets are graded."""
    return [(check(text.encode(), "x.yaml"), text.encode()) for text in PLANS]


SCORES = b"student,group,essay,exam,quiz\n1,G1,3,3,x\n2,G1,4,4,x\n3,G2,5,5,x\n"
ENGLISH = Words("en")


def look(raw: bytes, suffix: str, thorough: bool) -> None:
    """Everything that ``grade`` does with a sheet; raises where something is wrong."""
    name = f"h{suffix}"
    at = raw[-1] % len(PLANS) if raw else 0
    checked, plan = plans()[at]
    beside = [("s.csv", SCORES)] if raw[:40].find(b"from") >= 0 else []
    book, findings = grade(checked, plan, [*beside, (name, raw)], None)
    if book is None and not findings:
        raise AssertionError("nothing is graded, and nobody is told why")
    if book is not None:
        table(book, ENGLISH, 100, False)
    if not thorough:
        return
    as_screen(findings, {}, ENGLISH, Paint(False))
    grade(checked, plan, [("s.csv", SCORES)], ("overrides.csv", raw))
    read_surveys([(name, raw)])
    if book is not None:
        for write in (".csv", ".json", ".md"):
            WRITERS[write](book, ENGLISH)
