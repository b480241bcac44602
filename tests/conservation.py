"""Conservation: every cell of every sheet is used in the result, or covered by a finding that names it as unused.

A :class:`Case` is a policy and its tables; each cell knows which other values would be legal in its place. The judge
puts one of them there and looks: the students of the JSON change, or the sheets are refused, or a finding names the
cell, its row or its column. All else is a :class:`Violation`, shrunk to a case that can be read.

``conservation_tables.py`` makes teachers' own tables, ``conservation_exports.py`` those of the systems,
``conservation_silence.py`` takes whole things away. Findings are judged by rule and place, never by their text.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

# all that is asked of kurssi stands here
from kurssi.course.check import Checked, check
from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.gradebook.gradebook import grade as grade_sheets
from kurssi.reports.json_report import _student as student_as_json  # `document` writes and seals the whole text: slow
from kurssi.reports.json_report import document as json_of
from kurssi.sheets import Reading
from kurssi.sheets.layouts import LAYOUTS
from strategies import document

RULES_ARE_NAMED = True
"""Whether a rule of the policy that had nothing to act on is named by a finding, so that its lack is a violation."""

COLUMN_RULES = frozenset({"unused-columns", "late-costs-nothing"})
"""Rules whose place in the header's row names a column as unused."""

ROW_RULES = frozenset(
    {"test-student", "unknown-group", "rows-skipped", "own-marks-unused", "marks-without-effect", "summary-row"}
)
"""Rules whose place names a whole row as unused, or that list such rows."""

CELL_RULES = frozenset({"group-cell-unused", "late-costs-nothing", "names-differ"})
"""Rules that list the cells they are about."""

PEER_RULES = frozenset({"no-peer-marks", "peer-not-applied", "marks-without-effect", "own-marks-unused"})
"""Rules that say why peer marks move nothing."""

LINE_RULES = frozenset({"partly-read"})
"""Rules that name what a line of a file without columns says beside who took part."""

OPEN: Mapping[tuple[str, ...], str] = {}
"""Kinds of violations that are known, by the beginning of a signature without its layout. It is to become empty."""

ENGLISH = Words("en")
LAYOUT_NAMES = frozenset(layout.name for layout in LAYOUTS)
Data = dict[str, Any]


class Cell(NamedTuple):
    """A cell, and what else could stand in it; a header or a cell that is not to be changed has no others."""

    text: str
    kind: str = ""
    others: tuple[str, ...] = ()


@dataclass
class Table:
    """A table as a file holds it, or a worksheet of a workbook: then ``tab`` is its name."""

    name: str
    rows: list[list[Cell]]
    kind: str = "students"
    header: int = 0
    """The index of the header's row; above it stands what a system writes there."""
    delimiter: str = ","
    encoding: str = "utf-8"
    tab: str | None = None

    def csv(self) -> bytes:
        """The file."""
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=self.delimiter).writerows([[c.text for c in row] for row in self.rows])
        return stream.getvalue().encode(self.encoding)


@dataclass
class Case:
    """A policy, its tables, and what beside them is graded."""

    label: str
    """Which writer made it: ``plain``, or a layout and its language."""
    assessment: Data
    tables: list[Table]
    overrides: Table | None = None
    maps: list[tuple[str, str]] = field(default_factory=list)

    @property
    def all_tables(self) -> list[Table]:
        """The sheets, and the overrides after them."""
        return [*self.tables, *([self.overrides] if self.overrides else [])]

    def text(self) -> str:
        """The implementation file."""
        return document(self.assessment, None)

    def cells(self) -> Iterator[tuple[int, int, int]]:
        """The cells that can be changed: table, row and column."""
        for t, table in enumerate(self.all_tables):
            for r, row in enumerate(table.rows):
                for c, cell in enumerate(row):
                    if cell.others:
                        yield t, r, c

    def replaced(self, at: tuple[int, int, int], text: str) -> Case:
        """The case with another text in one cell; the tables that stay are shared."""
        t, r, c = at
        table = self.all_tables[t]
        rows = list(table.rows)
        rows[r] = [*rows[r][:c], rows[r][c]._replace(text=text), *rows[r][c + 1 :]]
        return swapped(self, table, replace(table, rows=rows))


def cell_at(case: Case, at: tuple[int, int, int]) -> Cell:
    return case.all_tables[at[0]].rows[at[1]][at[2]]


def without_column(table: Table, column: int) -> Table:
    """The table without one of its columns."""
    return replace(table, rows=[[*row[:column], *row[column + 1 :]] for row in table.rows])


def swapped(case: Case, old: Table, new: Table) -> Case:
    """The case with another table in the place of one."""
    tables = [new if table is old else table for table in case.tables]
    return replace(case, tables=tables, overrides=new if case.overrides is old else case.overrides)


class Violation(NamedTuple):
    """A cell that was changed, and nothing came of it and nothing was said."""

    case: Case
    at: tuple[int, int, int]
    new: str
    came: str = "silent"
    closed: bool = False
    """Whether lateness has closed an attempt of the class."""

    @property
    def signature(self) -> tuple[str, ...]:
        """Violations with the same are taken to have one cause."""
        table, cell = self.case.all_tables[self.at[0]], cell_at(self.case, self.at)
        layout = self.case.label.partition(" ")[0]
        kind = f"{cell.kind}, one closed" if self.closed and cell.kind.startswith("score") else cell.kind
        change = f"{sort_of(cell.text)} -> {sort_of(self.new)}"
        return layout, table.kind, kind, change if self.came == "silent" else f"{change} ({self.came})"

    @property
    def known(self) -> bool:
        """Whether it is of a kind that is known."""
        return self.came == "silent" and any(self.signature[1 : 1 + len(kind)] == kind for kind in OPEN)

    def show(self) -> str:
        """The case to be typed in again: policy, sheets, cell, old and new value."""
        t, r, c = self.at
        table, cell = self.case.all_tables[t], cell_at(self.case, self.at)
        header = table.rows[table.header][c].text if table.header >= 0 else ""
        where = f"{table.name}{'!' + table.tab if table.tab else ''}, row {r + 1}, column {c + 1} ({header})"
        change = f"=> {where}: {cell.text!r} -> {self.new!r}: "
        change += "the same students, and nothing is said" if self.came == "silent" else self.came
        return f"### {' | '.join(self.signature)}\n\n```\n{written(self.case)}\n{change}\n```"


def written(case: Case) -> str:
    """The policy and the sheets of a case, to be typed in again."""
    lines = [case.text().rstrip(), *([f"# with {case.maps}"] if case.maps else [])]
    for table in case.all_tables:
        lines.append(f"--- {table.name}{' ! ' + table.tab if table.tab else ''}")
        lines.append(
            replace(table, encoding="utf-8").csv().decode().replace("\t", " <tab> ").replace("\r", "").rstrip()
        )
    return "\n".join(lines)


WORDS = frozenset({"-", "?", "ex", "ahot", "rpl", "h", "fail", "hylätty", "hyv", "x", "null", "n/a"})


def sort_of(text: str) -> str:
    """A text as signatures know it."""
    if not text:
        return "blank"
    if text.casefold() in WORDS:
        return text
    if text.replace(".", "", 1).replace(",", "", 1).lstrip("-").isdecimal():
        return "number"
    return "time" if text[0].isdecimal() and (":" in text or text.count(".") > 1 or text[:2] == "20") else "text"


# ---- running -----------------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """What came of a case: the students of its JSON, or none where it was refused; what was said."""

    students: list[Data] | None
    findings: Sequence[Finding]
    unused: frozenset[tuple[str, str]] = frozenset()
    crash: str = ""
    """What was raised, where something was."""


def errors(outcome: Outcome) -> set[str]:
    """The rules that refuse a case."""
    return {finding.rule for finding in outcome.findings if finding.severity is Severity.error}


class Runner:
    """Grades cases of one policy, and keeps the bytes of tables that stay."""

    def __init__(self, case: Case) -> None:
        self.raw = case.text().encode()
        self.checked: Checked = check(self.raw, "x.yaml")
        self.gradable = self.checked.gradable
        self._bytes: dict[int, tuple[Table, bytes]] = {}

    def files(self, case: Case) -> list[tuple[str, bytes]]:
        """The sheets by name; worksheets of one name make one workbook."""
        found: dict[str, list[Table]] = {}
        for table in case.tables:
            found.setdefault(table.name, []).append(table)
        return [(name, workbook(t) if t[0].tab else self._csv(t[0])) for name, t in found.items()]

    def _csv(self, table: Table) -> bytes:
        known = self._bytes.get(id(table))
        if known is None or known[0] is not table:
            if len(self._bytes) > 20:
                self._bytes.clear()
            known = self._bytes[id(table)] = (table, table.csv())
        return known[1]

    def book(self, case: Case, only: str | None = None) -> tuple[Gradebook | None, Sequence[Finding]]:
        """The graded class, or none where the sheets are refused, and what is said."""
        overrides = (case.overrides.name, self._csv(case.overrides)) if case.overrides else None
        reading = Reading(maps=tuple(case.maps))
        return grade_sheets(self.checked, self.raw, self.files(case), overrides, reading=reading, only=only)

    def run(self, case: Case, only: str | None = None) -> Outcome:
        """What comes of it."""
        try:
            book, findings = self.book(case, only)
        except Exception as error:  # noqa: BLE001 - never raises, says the contract
            return Outcome(None, (), crash=f"{type(error).__name__}: {error}")
        if book is None:
            return Outcome(None, findings)
        unused = frozenset((source.file, source.column) for source in book.class_list.unused)
        return Outcome([student_as_json(book, result, ENGLISH) for result in book.results], findings, unused)


def students_of_document(book: Gradebook) -> list[Data]:
    """The students as the JSON of ``grade`` has them."""
    students: list[Data] = json.loads(json_of(book))["students"]
    return students


def workbook(tables: Sequence[Table]) -> bytes:
    """A workbook of these worksheets; what looks like a number is one, but for student numbers."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for table in tables:
            sheet = book.add_worksheet(table.tab)
            for r, row in enumerate(table.rows):
                for c, cell in enumerate(row):
                    if cell.kind not in ("student", "from", "to") and sort_of(cell.text) == "number" and cell.text:
                        sheet.write_number(r, c, float(cell.text.replace(",", ".")))
                    else:
                        sheet.write_string(r, c, cell.text)
    return stream.getvalue()


# ---- judging -----------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What a run has come to."""

    tables: int = 0
    cells: int = 0
    used: int = 0
    refused: int = 0
    named: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    """Cases that are refused as they stand, by the rule that refuses them: they say nothing."""
    crashes: Counter[str] = field(default_factory=Counter)
    """What was raised for cases as they stand."""
    by_label: Counter[str] = field(default_factory=Counter)
    """Cells changed, by the writer of the table."""
    kinds: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """Violations by signature."""
    least: dict[tuple[str, ...], Violation] = field(default_factory=dict)
    """The smallest of each kind."""
    idle: Counter[str] = field(default_factory=Counter)
    """Rules of policies that had nothing to act on and that no finding, or more than one, names."""
    idle_least: dict[str, Case] = field(default_factory=dict)
    """The smallest case of each."""

    def add(self, other: Tally) -> None:
        """Takes in the tally of another process."""
        for name in ("tables", "cells", "used", "refused", "named"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.unread += other.unread
        self.crashes += other.crashes
        self.by_label += other.by_label
        self.kinds += other.kinds
        self.idle += other.idle
        for signature, violation in other.least.items():
            self.keep(signature, violation)
        for name, case in other.idle_least.items():
            self.keep_idle(name, case)

    def keep_idle(self, name: str, case: Case) -> None:
        """Keeps the smaller of two cases whose rule had nothing to act on."""
        known = self.idle_least.get(name)
        if known is None or size_of(case) < size_of(known):
            self.idle_least[name] = case

    def keep(self, signature: tuple[str, ...], violation: Violation) -> None:
        """Keeps the smaller of two violations of a kind."""
        known = self.least.get(signature)
        if known is None or size_of(violation.case) < size_of(known.case):
            self.least[signature] = violation


def size_of(case: Case) -> int:
    return sum(len(row) for table in case.all_tables for row in table.rows) + len(case.text()) // 10


BY_STUDENT = ("score", "submitted", "due", "late", "activity", "attended", "status")


def judge(runner: Runner, case: Case, base: Outcome, at: tuple[int, int, int], new: str) -> str:
    """What comes of one changed cell: ``used``, ``refused``, ``named``, ``silent`` or ``crash``."""
    changed = case.replaced(at, new)
    cell, students = cell_at(case, at), base.students or []
    short = cell.kind.partition(" ")[0] in BY_STUDENT and case.all_tables[at[0]].kind == "students" and students
    if short:  # the student of the row first, then everybody, then with every step: most changes are seen at once
        row = at[1] - case.all_tables[at[0]].header - 1
        one = students[row] if 0 <= row < len(students) else students[0]
        quick = runner.run(changed, only=one["student"])
        if quick.students is None:
            return "crash" if quick.crash else "refused"
        if quick.students and quick.students[0] != one:
            return "used"
    outcome = runner.run(changed)
    if outcome.students is None:
        return "crash" if outcome.crash else "refused"
    if outcome.students != students:
        return "used"
    return "named" if is_named(case, at, base) or is_named(case, at, outcome) else "silent"


def is_named(case: Case, at: tuple[int, int, int], outcome: Outcome) -> bool:
    """Whether a finding names the cell, or its row or column as unused."""
    t, r, c = at
    table = case.all_tables[t]
    header = table.rows[table.header][c].text if table.header >= 0 else ""
    called = (header or xl_col_to_name(c)).casefold()  # some systems repeat a header: it is told apart by one before it
    if any(file == table.name and column.casefold().endswith(called) for file, column in outcome.unused):
        return True
    for finding in outcome.findings:
        place = finding.place
        if place.file != table.name or (table.tab and not (place.cell or "").startswith(f"{table.tab}!")):
            continue
        if place.line == r + 1 and (place.column == c + 1 or finding.rule in ROW_RULES):
            return True
        listed = (finding.found or "").split(", ")
        if finding.rule in ROW_RULES and str(r + 1) in listed:
            return True
        if finding.rule in CELL_RULES and f"{table.tab + '!' if table.tab else ''}{xl_col_to_name(c)}{r + 1}" in listed:
            return True
        if finding.rule in LINE_RULES or (finding.rule == "rows-above-header" and place.line <= r + 1 < int(listed[0])):
            return True
        # of overrides.csv unused columns are named by the finding alone
        here = place.column == c + 1 or header in (finding.found or "").split(", ")
        if finding.rule in COLUMN_RULES and place.line == table.header + 1 and header and here:
            return True
    return False


MARKS = ("mark", "own mark")


def says_the_same(case: Case, at: tuple[int, int, int], new: str) -> bool:
    """Whether two cells say the same.

    No lateness, and none at all; marks, of which the only one is the whole share; a group's score that another member's
    row says, too; who a row is about that says nothing.
    """
    table, here = case.all_tables[at[0]], cell_at(case, at)
    if here.kind.startswith("late") and not (here.text + new).strip("0:"):
        return True
    if here.kind == "email" and not new and not any(c.text for i, c in enumerate(table.rows[at[1]]) if i != at[2]):
        return True
    if here.kind.startswith("score") and said_by_the_group(case, at, new):
        return True
    if here.kind not in MARKS:
        return False
    giver = next(i for i, cell in enumerate(table.rows[at[1]]) if cell.kind == "from")
    taker = next(i for i, cell in enumerate(table.rows[at[1]]) if cell.kind == "to")

    def total(row: Sequence[Cell]) -> float:
        return sum(float(cell.text.replace(",", ".") or 0) for cell in row if cell.kind in MARKS)

    mine = table.rows[at[1]]
    others = [row for i, row in enumerate(table.rows) if i not in (at[1], table.header) and row[taker].text]
    others = [row for row in others if row[giver].text == mine[giver].text and row[taker].text != mine[giver].text]
    changed = [*mine[: at[2]], here._replace(text=new), *mine[at[2] + 1 :]]
    return not any(map(total, others)) and bool(total(mine)) and bool(total(changed))


def counts_otherwise(runner: Runner, case: Case, base: Outcome, at: tuple[int, int, int]) -> bool:
    """Whether another value of the cell changes something, so that it is used."""
    return any(judge(runner, case, base, at, other) != "silent" for other in ("0", "1", "2", "3,5", "5"))


def said_by_the_group(case: Case, at: tuple[int, int, int], new: str) -> bool:
    """Whether a member's cell of a group's part is empty or says what the others' say, before and after."""
    table = case.all_tables[at[0]]
    row, header = table.rows[at[1]], table.rows[table.header][at[2]].text.casefold()
    shared = [part for part, _ in _leaves(case.assessment["parts"], ()) if part.get("by") == "group"]
    names = [str(part[key]).casefold() for part in shared for key in ("id", "name", "column") if key in part]
    if not any(name in header for name in names):
        return False
    group = next((i for i, cell in enumerate(row) if cell.kind == "group"), None)
    if group is None or not row[group].text:
        return False
    name = row[group].text.casefold()
    others = {
        other[at[2]].text
        for r, other in enumerate(table.rows)
        if r != at[1] and len(other) > max(group, at[2]) and other[group].text.casefold() == name
    } - {""}
    return len(others) == 1 and {row[at[2]].text, new} <= others | {""}


def examine(case: Case, rng: random.Random, tally: Tally, most: int | None) -> None:
    """Changes up to ``most`` cells of a case, one at a time, and enters what comes of it."""
    runner = Runner(case)
    base = runner.run(case) if runner.gradable else Outcome(None, runner.checked.findings)
    if base.students is None:
        tally.unread.update(f"{case.label}: {rule}" for rule in errors(base))
        tally.crashes.update([f"{base.crash}\n{written(case)}"] if base.crash else [])
        return
    tally.tables += 1
    places = list(case.cells())
    for at in places if most is None or len(places) <= most else rng.sample(places, most):
        new = rng.choice(cell_at(case, at).others)
        if says_the_same(case, at, new):
            continue
        came = judge(runner, case, base, at, new)
        if came == "silent" and cell_at(case, at).kind in MARKS and counts_otherwise(runner, case, base, at):
            continue  # shares of a marker's marks: what is twice as much of all that count is the same share
        tally.cells += 1
        tally.by_label[case.label] += 1
        if came not in ("silent", "crash"):
            setattr(tally, came, getattr(tally, came) + 1)
            continue
        violation = Violation(case, at, new, came, "'state': 'closed'" in str(base.students))
        tally.kinds[violation.signature] += 1
        tally.keep(violation.signature, violation)
    if RULES_ARE_NAMED:
        for path in unnamed_rules(case, base):
            name = f"{case.label}: {path[-1]}"
            tally.idle.update([name])
            tally.keep_idle(name, case)


# ---- rules without anything to act on ------------------------------------------------------------------------


def idle_rules(case: Case, outcome: Outcome) -> Iterator[tuple[str | int, ...]]:
    """The path of each rule of the policy that had nothing to act on in this class."""
    students = outcome.students or []
    whole = case.assessment
    parts = list(_leaves(whole["parts"], ("assessment", "parts")))
    seen = {part["id"]: [_find(s["parts"], part["id"]) for s in students] for part, _ in parts}

    def timed(ids: Sequence[str]) -> bool:
        attempts = [a for i in ids for one in seen[i] if one for a in one["attempts"]]
        return any(a["submitted"] and a["due"] for a in attempts)

    # where no part takes the rule, or none that has grades to deduct from, it costs nothing
    general = [p["id"] for p, _ in parts if "late" not in p and _can_cost(p, whole.get("late"))]
    if general and isinstance(whole.get("late"), dict) and not timed(general):
        yield "assessment", "late"
    if "activity" in whole and not any(
        s["activity"] and (s["activity"]["level"] is not None or s["activity"]["attended"] is not None)
        for s in students
    ):
        yield "assessment", "activity"
    for part, path in parts:
        found = [one for one in seen[part["id"]] if one]
        if isinstance(part.get("late"), dict) and _can_cost(part, part["late"]) and not timed([part["id"]]):
            yield *path, "late"
        if "peer" in part and not any(one["peer"] for one in found):
            yield *path, "peer"


def _can_cost(part: Data, rule: object) -> bool:
    """Whether a late rule can cost something in a part: of passed or failed nothing is deducted."""
    return part.get("graded") != "pass-fail" or (isinstance(rule, dict) and "closes" in rule)


def unnamed_rules(case: Case, outcome: Outcome) -> list[tuple[str | int, ...]]:
    """Those of :func:`idle_rules` that not exactly one finding names; that of peer marks has findings of its own."""
    paths = [f.path for f in outcome.findings]
    peers = any(finding.rule in PEER_RULES for finding in outcome.findings)
    return [
        path
        for path in idle_rules(case, outcome)
        if not ((path[-1] == "peer" and peers) or sum(p[: len(path)] == path for p in paths) == 1)
    ]


def _leaves(parts: Sequence[Data], path: tuple[str | int, ...]) -> Iterator[tuple[Data, tuple[str | int, ...]]]:
    for index, part in enumerate(parts):
        if "parts" in part:
            yield from _leaves(part["parts"], (*path, index, "parts"))
        else:
            yield part, (*path, index)


def _find(parts: Mapping[str, Data], name: str) -> Data | None:
    for key, part in parts.items():
        if key == name:
            return part
        if (below := _find(part["parts"], name)) is not None:
            return below
    return None
