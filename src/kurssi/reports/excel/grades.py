"""The sheet that a teacher opens first: one row per student."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import PartResult
from kurssi.grading.spreadsheet.cells import Key
from kurssi.policy.model import Part, Policy
from kurssi.reports.rows import STATUS, columns, remark, sign_of
from kurssi.values.numbers import exact

from . import figures
from .live import Live
from .sheet import Cell, Column, Computed, Entry, Format, List, Writer, headed, mark_endless, mark_status
from .signs import sign


class Heads(NamedTuple):
    """Whether the list has these columns: those that nobody has anything in are left out."""

    surname: bool
    first_name: bool
    group: bool


def begin(writer: Writer, heads: Heads, *, live: Live | None = None) -> List:
    """The list of grades with its columns, and no student yet."""
    words, policy = writer.words, writer.book.policy
    parts = columns(writer.book)
    spec = [Column(headed(words("no.")), 8, centre=True)] if live else []
    spec += [Column(headed(words("student number")), 20)]
    spec += [Column(headed(words("surname")))] if heads.surname else []
    spec += [Column(headed(words("first name")))] if heads.first_name else []
    frozen = len(spec)
    spec += [Column(headed(words("group")), 16)] if heads.group else []
    start = len(spec)
    spec += [Column(_heading(writer, part, live=live is not None), 20, centre=True) for part in parts]
    numbers = [*range(start, len(spec)), len(spec) + (policy.activity is not None)]
    spec += [Column(headed(words("activity")), centre=True)] if policy.activity is not None else []
    spec += [
        Column(headed(words("exact")) + (" %" if policy.percent else ""), centre=True),
        Column(headed(words("grade")), centre=True),
    ]
    spec += [Column(headed(words("status"))), Column(headed(words("remark")), 70, wrap=True)]
    return List(writer, words("Grades"), spec, frozen, table="Grades", finish=lambda filled: _mark(filled, numbers))


def most_of(policy: Policy, part: Part) -> Fraction | None:
    """The most points of a part that is shown in points; None of others, which are shown as they count."""
    return part.max if policy.percent and part.in_points and not part.parts else None


def _heading(writer: Writer, part: Part, *, live: bool) -> str:
    """The name of a part, with the most points there can be or the sign of per cent."""
    policy = writer.book.policy
    most = most_of(policy, part) if live else None
    if most is not None:
        return f"{part.name} / {writer.words.about(most)}"
    return f"{part.name} %" if policy.percent and (part.parts or part.valued) else part.name


def write(writer: Writer, live: Live) -> None:
    """Numbers as numbers, student numbers as text; columns that nobody has anything in are left out.

    What the sheet of parts comes to is looked up there, by the number in the first column.
    """
    book, words = writer.book, writer.words
    policy, results = book.policy, book.results
    heads = heads_of(book)
    weighs = any(part.counts for part in policy.parts)
    out = begin(writer, heads, live=live)
    signed = signed_format(writer)
    for number, result in enumerate(results, 1):
        student = result.student
        cells: list[Entry] = [writer.count(number), student.student]
        cells += [student.surname] if heads.surname else []
        cells += [student.first_name] if heads.first_name else []
        cells += [student.group] if heads.group else []
        for part in result.parts:
            mark = sign(live.formulas.texts, part)
            most = most_of(policy, part.part)
            scaled = part if most is None or part.value is None else part._replace(value=part.value * most / 100)
            cells.append(mark if isinstance(mark, str) else value(writer, scaled))
        if policy.activity is not None:
            cells.append(writer.figure(result.adjust, signed=True) if result.adjust else None)
        cells.append(None if result.exact is None else writer.figure(result.exact))
        cells.append("–" if result.grade is None else writer.grade(result.grade))
        cells.append(words.say(STATUS[result.status]))
        cells.append(remark(book, result, words))
        found = _looked_up(live, out.next_row, policy.activity is not None and weighs, weighs)
        for column, formula in enumerate(found, len(cells) - len(found)):
            shown = cells[column]
            if formula is not None and not isinstance(shown, Computed):
                adjust = column == len(cells) - 5 and policy.activity is not None
                cells[column] = Computed(formula, shown, signed if adjust else None)
        out.add(cells)
    out.end()


def heads_of(book: Gradebook) -> Heads:
    """The columns that somebody has something in."""
    students = [result.student for result in book.results]
    return Heads(any(s.surname for s in students), any(s.first_name for s in students), any(s.group for s in students))


def signed_format(writer: Writer) -> Format:
    """The format of what activity adds: with its sign."""
    code = figures.number_format(1, signed=True).replace("0.0", "0.0##")
    return writer.format(num_format=code, align="center")


def _looked_up(live: Live, row: int, activity: bool, weighs: bool) -> list[str | None]:
    """The formulas of the cells from the first part to the remark."""
    at = f"$A{row}"

    def of(what: str, part: str = "") -> str:
        return live.look_up(Key(what, part), at)

    decided = f"ISNUMBER({of('number')})"
    found: list[str | None] = []
    for part in live.policy.parts:
        at_part, most = of("value", part.id), most_of(live.policy, part)
        found.append(at_part if most is None else f"IF(ISNUMBER({at_part}),{at_part}*{exact(most)}/100,{at_part})")
    if live.policy.activity is not None:
        adjust = of("adjust") if activity else None
        found.append(f'IF({adjust}=0,"",{adjust})' if adjust else None)
    found.append(f'IF({decided},{of("exact")},"")' if weighs else None)
    return [*found, of("grade"), of("status"), live.remark(at)]


def _mark(filled: List, numbers: Sequence[int]) -> None:
    """Failed and incomplete students stand out, by colour and by type; the status says it in words."""
    status = len(filled.columns) - 2
    filled.sheet.ignore_errors({"number_stored_as_text": f"A2:B{filled.row + 1}"})
    mark_status(filled.writer, filled.sheet, 1, filled.row, status - 1, status)
    mark_endless(filled.writer, filled.sheet, 1, filled.row, numbers)


def value(writer: Writer, result: PartResult) -> Cell:
    """A part's value, or the sign for why it has none."""
    sign = sign_of(result, writer.words)
    return sign if sign is not None or result.value is None else writer.figure(result.value)
