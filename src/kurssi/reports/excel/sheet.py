"""What all sheets of the workbook share: formats made once, text that stays text, columns as wide as they need."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from fractions import Fraction
from textwrap import wrap
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.reports.rows import STATUS
from kurssi.values.numbers import whole_number
from kurssi.values.times import When

from . import figures
from .unprinted import keep_from_print

MOST_ROWS = 1_048_575
"""Rows of one worksheet below its heading; longer lists go on on another sheet."""
MOST_DETAILED = 5000
"""Students up to whom every part and step is written: beyond, nobody reads a million rows."""
LONGEST = 32_000
"""Characters of one cell; Excel takes 32,767."""
MOST_HEADER = 100
"""Characters of a page header; Excel takes 255, and each & counts twice."""
A4 = 9
LINE_HEIGHT = 15
HIGHEST = 405
"""Points of the highest row that Excel takes."""

DARK, PALE, LINE = "#1F3864", "#E8EDF5", "#B4B4B4"
RED, RED_FILL = "#8A1010", "#FBE3E1"
AMBER, AMBER_FILL = "#6B4400", "#FFF1CC"
GREY = "#595959"

BOLD = 1.15
"""Width of a bold letter, in characters."""
FOLDED: dict[str, object] = {"level": 1, "hidden": True}
"""Of a row or column in a group that a click opens."""

_DATES = {
    "en": ("d mmm yyyy", r"\ hh:mm", ":ss"),
    "fi": (r"d\.m\.yyyy", r"\ h\.mm", r"\.ss"),
    "sv": (r"d\.m\.yyyy", r"\ hh:mm", ":ss"),
}
"""Number formats of a date, of the time of day after it, and of its seconds."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_RISKY = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")

Format = Any
Cell: TypeAlias = "str | Shown | None"
Entry: TypeAlias = "Cell | Computed"


class Computed(NamedTuple):
    """A formula, and what it comes to."""

    formula: str
    value: Cell
    format: Format = None


class Shown(NamedTuple):
    """A number or a time with the format it is shown in and the width that takes."""

    value: float | datetime
    format: Format
    width: int


class Column(NamedTuple):
    """A column of a list: its heading, the most characters it may be wide, and whether longer text is wrapped."""

    heading: str
    most: int = 24
    wrap: bool = False
    centre: bool = False
    folded: bool = False
    """Whether it belongs to a group, closed at first, whose own column stands before it."""


def clean(text: str) -> str:
    """Text without characters that a workbook cannot hold, and not too long for a cell."""
    if not text.isprintable():
        text = _CONTROL.sub("", text.replace("\t", " "))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def headed(text: str) -> str:
    """A heading with a capital letter."""
    return text[:1].upper() + text[1:]


class Writer:
    """The workbook being written: its formats, and the class and the words that every sheet is written from."""

    def __init__(self, file: Any, book: Gradebook, words: Words, *, detailed: bool) -> None:
        self.file = file
        self.book = book
        self.words = words
        self.detailed = detailed
        """Whether the workbook shows every part and every step, and is live."""
        self.zone = ZoneInfo(book.policy.timezone)
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._quoted: dict[int, Format] = {}
        self._properties: dict[int, dict[str, object]] = {}
        self._times: dict[bool, Format] = {}
        self._rules: dict[Path, str] = {}
        self._figures: dict[tuple[Fraction, int, str, str, bool], Shown] = {}
        self._short = _without_folders([read.path for read in book.inputs])
        self._names: set[str] = set()
        self.text = self.format()
        self.wrapped = self.format(text_wrap=True)
        self.centred = self.format(align="center")
        self.bold = self.format(bold=True)
        self.heading, self.centred_heading = (
            self.format(
                bold=True,
                text_wrap=True,
                align=align,
                valign="vcenter",
                font_color="#FFFFFF",
                bg_color=DARK,
                border=1,
                border_color=LINE,
            )
            for align in ("left", "center")
        )
        self.section = self.format(bold=True, font_size=13, font_color=DARK, valign="vcenter")
        self.title = self.format(bold=True, font_size=16, font_color=DARK)

    # ---- formats and figures -------------------------------------------------------------------------------

    def format(self, **properties: object) -> Format:
        """A cell format; the same properties give the same one."""
        key = tuple(sorted(properties.items()))
        made = self._formats.get(key)
        if made is None:
            whole = {"valign": "top", **properties}
            made = self._formats[key] = self.file.add_format(whole)
            self._properties[id(made)] = whole
        return made

    def input(self, **properties: object) -> Format:
        """The format of a cell that somebody may change: framed and shaded."""
        frame: dict[str, object] = {"border": 1, "border_color": LINE, "bg_color": PALE, "align": "center"}
        return self.format(**{**frame, **properties})

    def input_time(self, at: datetime) -> Format:
        """The format of a time that somebody may change."""
        seconds = bool(at.second)
        made = self._times.get(seconds)
        if made is None:
            made = self._times[seconds] = self.input(num_format=self.time_format(at))
        return made

    def quoted(self, format_: Format) -> Format:
        """The same format for text that a spreadsheet would take for a formula once somebody edits the cell."""
        made = self._quoted.get(id(format_))
        if made is None:
            made = self.file.add_format({**self._properties[id(format_)], "quote_prefix": True})
            self._quoted[id(format_)] = made
        return made

    def figure(
        self,
        value: Fraction,
        at_least: int = 0,
        same: figures.Same | None = None,
        *,
        signed: bool = False,
        after: str = "",
        kind: str = "",
    ) -> Shown:
        """An exact number with at least so many decimals; ``kind`` names what ``same`` compares with."""
        key = (value, at_least, kind, after, signed)
        known = self._figures.get(key)
        if known is None:
            places, whole = figures.decimals(value, same)
            places = max(places, at_least)
            code = figures.number_format(places, about=not whole, signed=signed, after=after)
            width = len(str(abs(int(value)))) + places + 2 + 2 * (not whole) + (len(after) + 1 if after else 0)
            known = Shown(figures.held(value), self.format(num_format=code, align="center"), width)
            if len(self._figures) < 50_000:
                self._figures[key] = known
        return known

    def count(self, number: int) -> Shown:
        """A whole number."""
        return Shown(number, self.format(num_format="0", align="center"), len(str(number)))

    def percent(self, part: int, whole: int) -> Shown:
        """A share, in per cent with one decimal."""
        return Shown(figures.held(Fraction(part, whole)), self.format(num_format="0.0 %", align="center"), 7)

    def result(self, value: Fraction | None) -> Cell:
        """What came out of a step: a number, or as text with its fraction where decimals do not end or are many."""
        if value is None:
            return None
        if figures.ends(value) is not None:
            return self.figure(value)
        return self.words.exactly(value)

    def grade(self, grade: int) -> Cell:
        """A grade by its label: a number where the label is one."""
        label = self.book.policy.scale.label(grade)
        number = whole_number(label)
        return label if number is None else Shown(number, self.centred, len(label))

    def moment(self, when: When | None) -> Cell:
        """A time as this file's zone has it, as a real date; as text where a workbook knows no such date."""
        if when is None:
            return None
        at = when.at
        if not 1901 <= at.year <= 9998 or at.microsecond:
            return str(when)
        if at.tzinfo is not None:
            at = at.astimezone(self.zone).replace(tzinfo=None)
        code = self.time_format(at, clock=when.clock)
        return Shown(at, self.format(num_format=code, align="center"), 18 if when.clock else 12)

    def time_format(self, at: datetime, *, clock: bool = True) -> str:
        """The number format of a time: with seconds where it has some."""
        day, time, seconds = _DATES[self.words.language]
        return day + (time + (seconds if at.second else "") if clock else "")

    def rule(self, path: Path) -> str:
        """Where a rule stands."""
        known = self._rules.get(path)
        if known is None:
            known = self._rules[path] = self.book.rule(path)
        return known

    def short(self, path: str) -> str:
        """A file's name without its folders, where no other file that was read has the same."""
        return self._short.get(path, path)

    # ---- sheets --------------------------------------------------------------------------------------------

    def sheet(self, name: str) -> Any:
        """A new worksheet, ready to print: A4 across, one page wide, pages numbered."""
        from .quick_worksheet import QuickWorksheet  # with XlsxWriter, which who asks for a width does not need

        sheet = self.file.add_worksheet(self._free(name), worksheet_class=QuickWorksheet)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        course = _plain(f"{self.book.id}  {self.book.file.course.name}"[:MOST_HEADER])
        sheet.set_header(f"&L{course}&R&A")
        page = _plain(self.words("page {page} of {pages}", page="#1#", pages="#2#"))
        sheet.set_footer(f"&Lkurssi&R{page.replace('#1#', '&P').replace('#2#', '&N')}")
        return sheet

    def _free(self, name: str) -> str:
        """A name that a worksheet may have and that is not taken."""
        wanted = re.sub(r"[\[\]:*?/\\]", " ", clean(name)).strip().strip("'")[:31] or "kurssi"
        free, number = wanted, 1
        while free.casefold() in self._names:
            number += 1
            free = f"{wanted[: 30 - len(str(number))]} {number}"
        self._names.add(free.casefold())
        return free

    def begin(self, sheet: Any, row: int, text: str) -> None:
        """The heading of a section."""
        sheet.set_row(row, 24)
        self.put(sheet, row, 0, text, self.section)

    def put(self, sheet: Any, row: int, column: int, cell: Entry, format_: Format = None) -> int:
        """Writes one cell; the result is how wide it is."""
        if cell is None or cell == "":
            return 0
        if isinstance(cell, str):
            text = clean(cell)
            format_ = format_ or self.text
            sheet.write_string(row, column, text, self.quoted(format_) if text.startswith(_RISKY) else format_)
            return max(map(len, text.split("\n"))) if "\n" in text else len(text)
        if isinstance(cell, Computed):
            return self._put_formula(sheet, row, column, cell, format_)
        if isinstance(cell.value, datetime):
            sheet.write_datetime(row, column, cell.value, cell.format)
        else:
            sheet.write_number(row, column, cell.value, cell.format)
        return cell.width

    def _put_formula(self, sheet: Any, row: int, column: int, cell: Computed, format_: Format) -> int:
        shown, format_ = cell.value, cell.format or format_
        if isinstance(shown, Shown):
            sheet.write_formula(row, column, f"={cell.formula}", format_ or shown.format, shown.value)
            return shown.width
        text = clean(shown) if isinstance(shown, str) else ""
        sheet.write_formula(row, column, f"={cell.formula}", format_ or self.text, text)
        return len(text)


class List:
    """A list with a heading on top that stays in sight, is repeated on every page, and can be filtered."""

    def __init__(
        self,
        writer: Writer,
        name: str,
        columns: Sequence[Column],
        frozen: int,
        table: str | None = None,
        finish: Callable[[List], None] | None = None,
        *,
        printed: bool = True,
    ) -> None:
        self.writer = writer
        self.name = name
        self.columns = columns
        self.frozen = frozen
        self.table = table
        self.finish = finish
        self.printed = printed
        self.formats = [writer.wrapped if c.wrap else writer.centred if c.centre else writer.text for c in columns]
        self.most = [c.most - 2 if c.wrap else LONGEST + 1 for c in columns]
        self.headings = _unique([clean(c.heading) for c in columns])
        self.widths = [0] * len(columns)
        self.row = self.sheets = 0
        self.sheet: Any = None
        self._begin()

    def _begin(self) -> None:
        self.sheet = self.writer.sheet(self.name)
        self.sheet.freeze_panes(1, self.frozen)
        if self.printed:
            self.sheet.repeat_rows(0)
        else:
            keep_from_print(self.sheet, len(self.columns))
        self.row = 0
        self.sheets += 1

    @property
    def next_row(self) -> int:
        """The number of the next row, as formulas count."""
        return (self.row if self.row < MOST_ROWS else 0) + 2

    def make_room(self) -> None:
        """Goes on on another sheet where this one is full."""
        if self.row >= MOST_ROWS:
            self.end()
            self._begin()

    def add(self, cells: Sequence[Entry]) -> None:
        """One more row."""
        self.make_room()
        self.row += 1
        put, sheet, row, widths, formats = self.writer.put, self.sheet, self.row, self.widths, self.formats
        lines = 1
        for column, cell in enumerate(cells):
            if cell is not None and cell != "":
                width = put(sheet, row, column, cell, formats[column])
                if width > widths[column]:
                    widths[column] = width
                if width > self.most[column]:
                    text = cell.value if isinstance(cell, Computed) else cell
                    if isinstance(text, str):
                        lines = max(lines, lines_of(text, self.most[column]))
        if lines > 1:
            sheet.set_row(row, height(lines))

    def end(self) -> None:
        """Writes the heading, the widths and the filter; nothing is added afterwards."""
        last = len(self.columns) - 1
        writer = self.writer
        headings = [writer.centred_heading if c.centre else writer.heading for c in self.columns]
        headings = [
            writer.quoted(format_) if text.startswith(_RISKY) else format_
            for text, format_ in zip(self.headings, headings, strict=True)
        ]
        if self.table is not None and self.row:
            columns = [{"header": t, "header_format": f} for t, f in zip(self.headings, headings, strict=True)]
            name = self.table + "_" * (self.sheets - 1)
            options = {"name": name, "style": "Table Style Light 1", "columns": columns, "description": self.name}
            self.sheet.add_table(0, 0, self.row, last, options)
        else:
            for column, (text, format_) in enumerate(zip(self.headings, headings, strict=True)):
                self.sheet.write_string(0, column, text, format_)
            self.sheet.autofilter(0, 0, max(self.row, 1), last)
        lines = 1
        for column, (text, spec, longest) in enumerate(zip(self.headings, self.columns, self.widths, strict=True)):
            word = max(map(len, text.split()), default=0)
            width = max(min(longest + 2, spec.most), word * BOLD + 2.5)  # of bold letters, and for the filter's arrow
            after = self.columns[column + 1 : column + 2]
            opens = not spec.folded and any(following.folded for following in after)
            group: dict[str, object] = FOLDED if spec.folded else {"collapsed": True} if opens else {}
            self.sheet.set_column(column, column, width, None, group)
            lines = max(lines, len(wrap(text, max(int((width - 2) / BOLD), 1))))
        self.sheet.outline_settings(symbols_right=False)
        self.sheet.set_row(0, height(lines) + 10)
        if self.finish is not None:
            self.finish(self)


def mark_status(writer: Writer, sheet: Any, first: int, last: int, left: int, status: int) -> None:
    """Failed and incomplete students stand out from one column to that of their status, by type and by colour."""
    from xlsxwriter.utility import xl_col_to_name

    failed = writer.format(bold=True, font_color=RED, bg_color=RED_FILL)
    incomplete = writer.format(italic=True, font_color=AMBER, bg_color=AMBER_FILL)
    for state, format_ in (("failed", failed), ("incomplete", incomplete)):
        text = writer.words.say(STATUS[state]).replace('"', '""')
        criteria = f'=${xl_col_to_name(status)}{first + 1}="{text}"'
        rule = {"type": "formula", "criteria": criteria, "format": format_}
        sheet.conditional_format(first, left, max(last, first), status, rule)


def mark_endless(writer: Writer, sheet: Any, first: int, last: int, columns: Sequence[int]) -> None:
    """Numbers whose decimals do not end are shown with ≈ and as many decimals as it takes not to look rounder.

    A conditional format, because a formula may come to another number tomorrow.
    """
    from xlsxwriter.utility import xl_col_to_name

    for column in columns:
        cell = f"${xl_col_to_name(column)}{first + 1}"
        endless = f"ISNUMBER({cell}),ROUND({cell},6)<>ROUND({cell},12)"
        for places, criteria in (
            (9, f"=AND({endless},ROUND({cell},3)=ROUND({cell},2))"),
            (3, f"=AND({endless})"),
        ):
            format_ = writer.format(num_format=figures.number_format(places, about=True))
            rule = {"type": "formula", "criteria": criteria, "format": format_, "stop_if_true": True}
            sheet.conditional_format(first, column, max(last, first), column, rule)


def lines_of(text: str, width: int) -> int:
    """About how many lines a text takes in a column."""
    return sum(max(1, -(-len(line) // max(width, 1))) for line in text.split("\n"))


def height(lines: int) -> int:
    """The height of a row of so many lines. Not every program finds it by itself."""
    return min(LINE_HEIGHT * lines, HIGHEST)


def _without_folders(paths: Sequence[str]) -> dict[str, str]:
    names = {path: path.replace("\\", "/").rpartition("/")[2] for path in paths}
    return {path: name if list(names.values()).count(name) == 1 else path for path, name in names.items()}


def by_student(filled: List) -> None:
    """Student numbers, as text, in the first column; a line above every row where another student begins.

    The line is a conditional format, so it survives sorting and filtering.
    """
    filled.sheet.ignore_errors({"number_stored_as_text": f"A2:A{filled.row + 1}"})
    if filled.table is None:
        line = filled.writer.file.add_format({"top": 1, "top_color": LINE})
        rule = {"type": "formula", "criteria": "=$A2<>$A1", "format": line}
        filled.sheet.conditional_format(1, 0, max(filled.row, 1), len(filled.columns) - 1, rule)


def _unique(headings: Sequence[str]) -> list[str]:
    """Headings of a table: none empty, none twice, whatever the case."""
    out: list[str] = []
    taken: set[str] = set()
    for heading in headings:
        wanted = " ".join(heading.split())[:200] or "–"
        free, number = wanted, 1
        while free.lower() in taken:
            number += 1
            free = f"{wanted} ({number})"
        taken.add(free.lower())
        out.append(free)
    return out


def _plain(text: str) -> str:
    """Text of a header or footer, where & has a meaning."""
    return clean(text).replace("&", "&&")
