"""Workbooks: .xlsx, .xlsm, .ods and .xls by way of calamine; what it would lose or choke on is looked at first."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from kurssi.findings import Finding, Place, Severity
from kurssi.messages import Wrong, msg
from kurssi.numbers import MOST_DIGITS
from kurssi.vocabulary import REPORT

from .markup import OdsMarkup, oddities, percent_styles, percents
from .table import NONE_ODD, OLE, Area, Cell, Native, Oddities, Row, Table, is_blank, letters

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

MOST_UNPACKED = 500 * 2**20
MOST_RATIO = 200
SMALL_UNPACKED = 50 * 2**20
"""An archive that unpacks to more than this may not be packed tighter than :data:`MOST_RATIO` to one."""

MOST_CELLS = 10_000_000
"""From A1 to the last cell with something in it; the reader needs memory for all of them, empty or not."""

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream of an OLE file that holds an .xlsx workbook with a password."""
_LOCKED_XLS = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.S)
"""An .xls workbook with a password: its beginning, perhaps a write protection, and the record FILEPASS."""

DAMAGED = msg("open it in the spreadsheet program and save it again as .xlsx")


class Found(NamedTuple):
    """What a look at one worksheet's XML found: how far it reaches, cells whose value is an error, what else is odd."""

    rows: int
    columns: int
    errors: dict[tuple[int, int], str]
    """By row and column, both from 1; the text is the error, or ``=`` for a formula that was never computed."""
    odd: Oddities = NONE_ODD


NOTHING = Found(0, 0, {})


def read_workbook(name: str, raw: bytes) -> tuple[list[Table], list[Finding]]:
    """The visible worksheets of a workbook that have anything in them.

    Raises :class:`Wrong` where nothing can be read: damaged, encrypted, too large.
    """
    findings = []
    found: dict[str, Found] = {}
    if raw.startswith(OLE):
        if ENCRYPTED in raw or _LOCKED_XLS.search(raw):
            raise locked(name)
        findings.append(
            Finding(
                "old-workbook",
                Severity.warning,
                msg("in an old .xls workbook a cell with an error such as #N/A cannot be told from an empty one"),
                Place(name),
                msg("save it as .xlsx"),
            )
        )
    else:
        found = _look_inside(name, raw)
    tables, hidden = _by_calamine(name, raw, found)
    findings += [
        Finding(
            "unread-worksheet",
            Severity.info,
            msg("the worksheet “{sheet}” is hidden and is not read", sheet=sheet),
            Place(name),
            msg("make it visible if it holds scores"),
            sheet,
        )
        for sheet in hidden
    ]
    return tables, findings


def locked(name: str) -> Wrong:
    """What there is to say of a workbook that only opens with a password."""
    return Wrong(msg("{file} is locked with a password", file=name), msg("save it without the password, or as CSV"))


@contextmanager
def _without_panics() -> Iterator[None]:
    """A fault inside the reader's Rust code prints itself to the stream of errors; nobody can do anything with it."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no such stream
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _by_calamine(name: str, raw: bytes, found: dict[str, Found]) -> tuple[list[Table], list[str]]:
    """The visible worksheets' tables, and the names of the hidden ones."""
    import python_calamine as calamine  # only who has a workbook pays for it

    tables, hidden = [], []
    old = raw.startswith(OLE)  # nothing has looked inside such a file
    try:
        with _without_panics():
            workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
            for meta in workbook.sheets_metadata:
                if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                if meta.visible != calamine.SheetVisibleEnum.Visible:
                    hidden.append(meta.name)
                    continue
                sheet = workbook.get_sheet_by_name(meta.name)
                looked = found.get(meta.name, NOTHING)
                odd = looked.odd
                if old:
                    ranges = sheet.merged_cell_ranges or ()
                    areas = (Area(a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in ranges)
                    odd = Oddities(merged=tuple(areas), blind=True)
                left = sheet.start[1] if sheet.start else 0  # the reader leaves empty columns in front out
                tables.append(Table(name, meta.name, _rows(sheet.iter_rows(), left, looked.errors), odd))
    except calamine.PasswordError:
        raise locked(name) from None
    except (calamine.CalamineError, ValueError, OSError, OverflowError):
        raise Wrong(msg("{file} is damaged or not a workbook", file=name), DAMAGED) from None
    except BaseException as error:
        # A fault inside the reader's Rust code arrives as an exception that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise Wrong(msg("{file} is damaged or not a workbook", file=name), DAMAGED) from None
    return tables, hidden


def _rows(rows: Iterable[Sequence[object]], left: int, errors: dict[tuple[int, int], str]) -> list[Row]:
    """The rows that have anything in them, each with ``left`` empty cells in front.

    ``errors`` are put back where calamine has seen nothing.
    """
    front: list[Cell] = [""] * left
    known = _Known()
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in errors.items():
        by_row.setdefault(row, {})[column] = text
    out = []
    for number, values in enumerate(rows, 1):
        cells: list[Cell] = [v if type(v) is str else known[type(v)][v] for v in values]
        if left:
            cells = front + cells
        if number in by_row:
            _put(cells, by_row.pop(number))
        for cell in cells:
            if not is_blank(cell):
                out.append(Row(number, cells))
                break
    for number, at in sorted(by_row.items()):  # below everything that calamine has seen
        out.append(Row(number, _put([], at)))
    return out


class _Cells(dict[object, Cell]):
    """Cells by the value that calamine gives: a class has few different scores, and fewer times than students."""

    def __missing__(self, value: object) -> Cell:
        cell = self[value] = _native(value)
        return cell


class _Known(dict[type, _Cells]):
    """The cells of one worksheet by type, because ``True`` and 1 are one key."""

    def __missing__(self, kind: type) -> _Cells:
        cells = self[kind] = _Cells()
        return cells


def _put(cells: list[Cell], errors: dict[int, str]) -> list[Cell]:
    for column, text in errors.items():
        cells += [""] * (column - len(cells))
        cells[column - 1] = Native("error", text)
    return cells


def _native(value: object) -> Cell:
    """A cell that is not text."""
    if isinstance(value, bool):
        return Native("bool", "TRUE" if value else "FALSE")
    if isinstance(value, (float, int)):
        return number_cell(value)
    if isinstance(value, datetime):
        value = _whole_second(value)
        return Native("datetime", value.isoformat(" "), value)
    if isinstance(value, date):
        return Native("date", value.isoformat(), value)
    if isinstance(value, (time, timedelta)):
        return Native("time", str(value))
    return "" if value is None else str(value)


def number_cell(value: float) -> Cell:
    """A number as the workbook shows it in full, to 15 digits: further ones are noise of binary arithmetic."""
    number = Decimal(repr(value))
    if not number.is_finite():
        return Native("error", "#NUM!")
    number = Context(prec=MOST_DIGITS, rounding=ROUND_HALF_EVEN).plus(number)
    if number.adjusted() >= MOST_DIGITS or number.adjusted() < -MOST_DIGITS:
        return Native("number", repr(value))
    number = Decimal(0) if number.is_zero() else number
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Native("number", text, Fraction(text))


def _whole_second(when: datetime) -> datetime:
    """Without the millisecond that a time gains or loses as a fraction of a day."""
    nearest = (when + timedelta(milliseconds=500)).replace(microsecond=0)
    return nearest if abs(nearest - when) <= timedelta(milliseconds=1) else when


# ---- a look inside before calamine gets it -------------------------------------------------------------------


def _look_inside(name: str, raw: bytes) -> dict[str, Found]:
    """What :class:`Found` says of each worksheet, by name. Raises :class:`Wrong` for what must not be opened."""
    import zipfile  # only who has a workbook pays for it
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = {info.filename: info for info in archive.infolist()}
            _refuse_bombs(name, raw, sum(info.file_size for info in archive.infolist()))
            if "xl/workbook.bin" in members:
                raise Wrong(msg("{file} is a binary workbook (.xlsb)", file=name), msg("save it as .xlsx"))
            if "docProps/core.xml" in members:
                _refuse_report(name, _unpack(name, archive, members["docProps/core.xml"]))
            opened = (_Member(info.filename, _unpack(name, archive, info)) for info in archive.infolist())
            if "xl/workbook.xml" in members:
                known = members.get("xl/styles.xml")
                styles = percent_styles(_unpack(name, archive, known)) if known is not None else frozenset()
                return _look_xlsx(name, opened, styles)
            if "content.xml" in members:
                return _look_ods(name, opened)
    except Wrong:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, OverflowError):
        raise Wrong(msg("{file} is damaged or only a part of a workbook", file=name), DAMAGED) from None
    except RuntimeError:  # what zipfile raises for an encrypted member
        raise locked(name) from None
    raise Wrong(msg("{file} is an archive, but not a workbook", file=name), msg("give a .xlsx workbook or a CSV file"))


class _Member(NamedTuple):
    name: str
    data: bytes


def _refuse_bombs(name: str, raw: bytes, unpacked: int) -> None:
    if unpacked > MOST_UNPACKED or (unpacked > SMALL_UNPACKED and unpacked > MOST_RATIO * len(raw)):
        raise Wrong(
            msg("{file} would unpack to {size} MiB and is not opened", file=name, size=unpacked // 2**20),
            msg("a score sheet of a class is far smaller: copy the cells that count to a new workbook"),
        )


def _refuse_report(name: str, properties: bytes) -> None:
    if f"category>{REPORT}<".encode() in properties:
        raise Wrong(
            msg("{file} is a report that kurssi wrote, not a score sheet", file=name),
            msg("give the score sheet that it was made from; a score that was changed in the report is entered there"),
        )


def _unpack(name: str, archive: ZipFile, info: ZipInfo) -> bytes:
    """The bytes of a member; one that is longer than the archive says is refused."""
    said = info.file_size
    info.file_size = said + 1  # so that one byte too many is seen, but not more of them
    with archive.open(info) as member:
        data = member.read()
    info.file_size = said
    if len(data) != said:
        raise Wrong(msg("{file} is damaged or only a part of a workbook", file=name), DAMAGED)
    return data


def _refuse_far(name: str, sheet: str, found: Found) -> None:
    if found.rows * found.columns > MOST_CELLS:
        raise Wrong(
            msg(
                "the worksheet {sheet} of {file} reaches to {cell}: too far for a score sheet",
                sheet=sheet,
                file=name,
                cell=f"{letters(found.columns - 1)}{found.rows}",
            ),
            msg("delete what stands far below or far to the right of the table"),
        )


# A quick look that passes nearly every sheet: each cell is written as every program writes it, has a value or nothing
# in it, is no error, and stands within column Z and row 299,999 (7.8 million cells).
_OTHER_CELL = re.compile(
    rb'<c(?! r="[A-Z](?:\d{1,5}|[12]\d{5})"(?: s="\d+")?(?: t="(?:s|n|str|b|d|inlineStr)")?(?:><v>[^<]|><is>|/>| />)'
    rb"|[A-Za-z])"
)
_PREFIXED_CELL = b":c"
_OPENS = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*?)(/?)>")
_CLOSES = re.compile(rb"</(?:\w+:)?c\s*>")
_AT = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([A-Za-z]*)(\d*)[\"']")
_TYPE = re.compile(rb"(?<![\w:])t\s*=\s*[\"'](\w+)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<|<(?:\w+:)?t(?:\s[^>]*)?>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def _look_xlsx(name: str, members: Iterator[_Member], percent: frozenset[bytes]) -> dict[str, Found]:
    texts: dict[str, str] = {}
    found: dict[str, Found] = {}
    for member in members:
        if b"sheetData" in member.data:
            looked = _look_sheet(member.data)
            if percent and (shown := percents(member.data, percent)):
                looked = looked._replace(odd=looked.odd._replace(percents=shown))
            found[member.name] = looked
            _refuse_far(name, member.name.rpartition("/")[2], found[member.name])
        elif member.name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            texts[member.name] = member.data.decode("utf-8", "replace")
    targets = {
        at.get("Id", ""): at.get("Target", "")
        for at in _elements(texts.get("xl/_rels/workbook.xml.rels", ""), "Relationship")
    }
    sheets = {}
    for at in _elements(texts.get("xl/workbook.xml", ""), "sheet"):
        relation = next((value for key, value in at.items() if key.rpartition(":")[2] == "id"), "")
        target = targets.get(relation, "").lstrip("/")
        sheets[at.get("name", "")] = found.get(target) or found.get(f"xl/{target}") or NOTHING
    return sheets


def _elements(xml: str, tag: str) -> Iterator[dict[str, str]]:
    """The attributes of every element of that name."""
    for match in re.finditer(rf"<(?:\w+:)?{tag}\s([^>]*)>", xml):
        yield {key: unescape(one or two) for key, one, two in _ATTRIBUTE.findall(match[1])}


def _look_sheet(data: bytes) -> Found:
    """How far a worksheet's cells reach, which of them hold an error or a formula, and what is merged or hidden.

    Most sheets have none of these and pass the quick look; only the others are gone through cell by cell.
    """
    odd = oddities(data)
    if _PREFIXED_CELL not in data and not _OTHER_CELL.search(data):
        return NOTHING._replace(odd=odd) if odd is not NONE_ODD else NOTHING
    row = column = rows = columns = 0
    errors = {}
    formulas: dict[int, list[int]] = {}
    for tag in _OPENS.finditer(data):
        at = _AT.search(tag[2])
        if tag[1] == b"row":
            row, column = (int(at[2]) if at and at[2] else row + 1), 0
            continue
        if at and at[1]:
            column = 0
            for letter in at[1].upper():
                column = column * 26 + letter - 64
            row = int(at[2] or 0) or row
        else:
            column += 1
        if tag[3]:
            continue  # empty: only a format
        rows, columns = max(rows, row), max(columns, column)
        kind = _TYPE.search(tag[2])
        kind_name = kind[1] if kind else b"n"
        end = _CLOSES.search(data, tag.end())
        body = data[tag.end() : end.start() if end else tag.end()]
        value = _VALUE.search(body)
        if kind_name == b"e":
            errors[row, column] = (value[1] or b"").decode("utf-8", "replace") if value else "#N/A"
        elif _FORMULA.search(body):
            if value is None and kind_name != b"str":
                errors[row, column] = "="
            else:
                formulas.setdefault(column, []).append(row)
    if formulas:
        odd = odd._replace(formulas={at: tuple(where) for at, where in formulas.items()})
    return Found(rows, columns, errors, odd)


_ODS = re.compile(rb"<table:(table|table-row|table-column|table-cell|covered-table-cell)(?=[\s/>])([^>]*?)(/?)>")
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,9})[\"']")


def _look_ods(name: str, members: Iterator[_Member]) -> dict[str, Found]:
    texts = {member.name: member.data for member in members if member.name in ("content.xml", "META-INF/manifest.xml")}
    if b"encryption-data" in texts.get("META-INF/manifest.xml", b""):
        raise locked(name)
    data = texts["content.xml"]
    sheets: dict[str, Found] = {}
    sheet, row, repeat, column, rows, columns = "", 0, 1, 0, 0, 0
    errors: dict[tuple[int, int], str] = {}
    odd = OdsMarkup()
    odds: dict[str, OdsMarkup] = {}
    for tag in _ODS.finditer(data):
        many = _REPEATED.search(tag[2])
        times = int(many[1]) if many else 1
        if tag[1] == b"table":
            attributes = {k: unescape(a or b) for k, a, b in _ATTRIBUTE.findall(tag[2].decode("utf-8", "replace"))}
            sheet, row, repeat, column, rows, columns, errors = attributes.get("table:name", ""), 0, 0, 0, 0, 0, {}
            odd = OdsMarkup()
        elif tag[1] == b"table-column":
            odd.column(tag[2], times)
        elif tag[1] == b"table-row":
            row, repeat, column = row + repeat if row else 1, times, 0
            odd.row(tag[2], row, times)
        else:
            column += times
            if b"value-type" in tag[2] or not tag[3]:
                rows, columns = max(rows, row + max(repeat, 1) - 1), max(columns, column)
                error = b'calcext:value-type="error"' in tag[2]
                odd.cell(tag[2], row, column - times + 1, formula=not error)
                if error:
                    errors[row, column - times + 1] = "#N/A"
        sheets[sheet] = Found(rows, columns, errors)
        odds[sheet] = odd
        _refuse_far(name, sheet, sheets[sheet])
    return {sheet: found._replace(odd=odds[sheet].found()) for sheet, found in sheets.items()}
