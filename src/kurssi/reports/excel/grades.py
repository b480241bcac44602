"""The sheet that a teacher opens first: one row per student."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import PartResult
from kurssi.grading.result import OUT, flat
from kurssi.grading.spreadsheet.cells import EXCUSED, PASSED, RECOGNISED, Key
from kurssi.policy.model import Part, Policy
from kurssi.reports import part_cells
from kurssi.reports.part_cells import Shown
from kurssi.reports.rows import STATUS, remark, sign_of
from kurssi.values.numbers import exact

from . import figures
from .live import Live, letters
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
    spec = [Column(headed(words("no.")), 8, centre=True)] if live else []
    spec += [Column(headed(words("student number")), 20)]
    spec += [Column(headed(words("surname") if heads.first_name else words("name")))] if heads.surname else []
    spec += [Column(headed(words("first name")))] if heads.first_name else []
    frozen = len(spec)
    spec += [Column(headed(words("group")), 16)] if heads.group else []
    start = len(spec)
    spec += list(_of_parts(writer, live=live is not None))
    numbers = [*range(start, len(spec)), len(spec) + (policy.activity is not None)]
    spec += [Column(headed(words("activity")), centre=True)] if policy.activity is not None else []
    spec += [
        Column(headed(words("exact")) + (" %" if policy.percent else ""), centre=True),
        Column(headed(words("grade")), centre=True),
    ]
    spec += [Column(headed(words("status"))), Column(headed(words("remark")), 70, wrap=True)]
    groups = list(_places(policy, start)) if live else []
    return List(
        writer, words("Grades"), spec, frozen, table="Grades", finish=lambda filled: _mark(filled, groups, numbers)
    )


def _of_parts(writer: Writer, *, live: bool) -> Iterator[Column]:
    """The columns of the parts, those of a series folded behind one for all of it, which only formulas can sum."""
    for shown in part_cells.columns(writer.book.policy):
        grouped = live and shown.of_series
        if grouped:
            yield Column(_of_group(writer, shown), 20, centre=True)
        for part in shown.parts:
            yield Column(_heading(writer, part, live=live), 20, centre=True, folded=grouped)


def _places(policy: Policy, start: int) -> Iterator[tuple[Shown, int]]:
    """Each series with the column for all of it; its parts follow."""
    for shown in part_cells.columns(policy):
        if shown.of_series:
            yield shown, start
        start += len(shown.parts) + shown.of_series


def _of_group(writer: Writer, shown: Shown) -> str:
    """The heading of the column for all of a series."""
    most = _most_of_all(writer.book.policy, shown)
    if most is not None:
        return f"{shown.name} / {writer.words.about(most)}"
    return f"{shown.name} %" if writer.book.policy.percent and shown.parts[0].valued else shown.name


def _most_of_all(policy: Policy, shown: Shown) -> Fraction | None:
    """The most points of a series that is shown in points."""
    most = [most_of(policy, part) for part in shown.parts]
    return None if None in most else sum([one for one in most if one is not None], Fraction(0))


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
        start, every = len(cells), flat(result.parts)
        for group in part_cells.columns(policy):
            each = [_scaled(live, every[part.id]) for part in group.parts]
            if group.of_series:
                cells.append(_all_of(writer, group, each, [every[part.id] for part in group.parts]))
            cells += [one if isinstance(one, str) else value(writer, one) for one in each]
        if policy.activity is not None:
            cells.append(writer.figure(result.adjust, signed=True) if result.adjust else None)
        cells.append(None if result.exact is None else writer.figure(result.exact))
        cells.append("–" if result.grade is None else writer.grade(result.grade))
        cells.append(words.say(STATUS[result.status]))
        cells.append(remark(book, result, words))
        found = _looked_up(live, out.next_row, start, policy.activity is not None and weighs, weighs)
        for column, formula in enumerate(found, len(cells) - len(found)):
            shown = cells[column]
            if formula is not None and not isinstance(shown, Computed):
                adjust = column == len(cells) - 5 and policy.activity is not None
                cells[column] = Computed(formula, shown, signed if adjust else None)
        out.add(cells)
    out.end()


def _scaled(live: Live, part: PartResult) -> PartResult | str:
    """A part with its value as the sheet shows it, or the sign for why it has none."""
    mark, most = sign(live.formulas.texts, part), most_of(live.policy, part.part)
    if isinstance(mark, str):
        return mark
    return part if most is None or part.value is None else part._replace(value=part.value * most / 100)


def _all_of(writer: Writer, shown: Shown, each: Sequence[PartResult | str], results: Sequence[PartResult]) -> Cell:
    """What a series comes to: the sum of its points, the mean of its values, or how many are passed."""
    asked = [one for one, result in zip(each, results, strict=True) if result.state not in OUT]
    if not asked:
        return each[0] if isinstance(each[0], str) else None
    if not shown.parts[0].valued:
        return f"{sum(one == PASSED for one in asked)}/{len(asked)}"
    values = [one.value for one in asked if not isinstance(one, str) and one.value is not None]
    total, policy = sum(values, Fraction(0)), writer.book.policy
    if _most_of_all(policy, shown) is not None:
        return writer.figure(total)
    return writer.figure((total + policy.lowest * (len(asked) - len(values))) / len(asked))


def _group_formula(policy: Policy, shown: Shown, cells: str, first: str) -> str:
    """The same of cells on the sheet; ``first`` is the first of them."""
    out, number = f'(COUNTIF({cells},"{EXCUSED}")+COUNTIF({cells},"{RECOGNISED}"))', len(shown.parts)
    if not shown.parts[0].valued:
        found = f'COUNTIF({cells},"{PASSED}")&"/"&({number}-{out})'
    elif _most_of_all(policy, shown) is not None:
        found = f"SUM({cells})"
    else:
        lowest = f"{exact(policy.lowest)}*({number}-{out}-COUNT({cells}))"
        found = f"(SUM({cells})+{lowest})/({number}-{out})"
    return f"IF({out}={number},{first},{found})"


def heads_of(book: Gradebook) -> Heads:
    """The columns that somebody has something in."""
    students = [result.student for result in book.results]
    return Heads(any(s.surname for s in students), any(s.first_name for s in students), any(s.group for s in students))


def signed_format(writer: Writer) -> Format:
    """The format of what activity adds: with its sign."""
    code = figures.number_format(1, signed=True).replace("0.0", "0.0##")
    return writer.format(num_format=code, align="center")


def _looked_up(live: Live, row: int, start: int, activity: bool, weighs: bool) -> list[str | None]:
    """The formulas of the cells from the first part, in the column ``start``, to the remark."""
    at = f"$A{row}"

    def of(what: str, part: str = "") -> str:
        return live.look_up(Key(what, part), at)

    decided = f"ISNUMBER({of('number')})"
    found: list[str | None] = []
    for shown in part_cells.columns(live.policy):
        if shown.of_series:
            at_first = start + len(found) + 1
            first, last = (f"{letters(at)}{row}" for at in (at_first, at_first + len(shown.parts) - 1))
            found.append(_group_formula(live.policy, shown, f"{first}:{last}", first))
        for part in shown.parts:
            at_part, most = of("value", part.id), most_of(live.policy, part)
            found.append(at_part if most is None else f"IF(ISNUMBER({at_part}),{at_part}*{exact(most)}/100,{at_part})")
    if live.policy.activity is not None:
        adjust = of("adjust") if activity else None
        found.append(f'IF({adjust}=0,"",{adjust})' if adjust else None)
    found.append(f'IF({decided},{of("exact")},"")' if weighs else None)
    return [*found, of("grade"), of("status"), live.remark(at)]


def _mark(filled: List, groups: Sequence[tuple[Shown, int]], numbers: Sequence[int]) -> None:
    """Failed and incomplete students stand out, by colour and by type; the status says it in words."""
    status = len(filled.columns) - 2
    filled.sheet.ignore_errors({"number_stored_as_text": f"A2:B{filled.row + 1}"})
    mark_status(filled.writer, filled.sheet, 1, filled.row, status - 1, status)
    for shown, column in groups:
        _mark_fewer(filled, shown, column)
    mark_endless(filled.writer, filled.sheet, 1, filled.row, numbers)


def _mark_fewer(filled: List, shown: Shown, column: int) -> None:
    """Points of a series stand beside the most there can be where somebody is excused from some of it."""
    most = _most_of_all(filled.writer.book.policy, shown)
    if most is None:
        return
    cells = f"${letters(column + 1)}2:${letters(column + len(shown.parts))}2"
    for fewer in range(1, len(shown.parts)):
        rest = most - sum([part.max or Fraction(0) for part in shown.parts[:fewer]], Fraction(0))
        criteria = f'=COUNTIF({cells},"{EXCUSED}")+COUNTIF({cells},"{RECOGNISED}")={fewer}'
        format_ = filled.writer.format(num_format=f'General" / {filled.writer.words.about(rest)}"')
        rule = {"type": "formula", "criteria": criteria, "format": format_, "stop_if_true": True}
        filled.sheet.conditional_format(1, column, max(filled.row, 1), column, rule)


def value(writer: Writer, result: PartResult) -> Cell:
    """A part's value, or the sign for why it has none."""
    sign = sign_of(result, writer.words)
    return sign if sign is not None or result.value is None else writer.figure(result.value)
