"""What makes the workbook live: which columns the sheet of parts has, and where each stands.

A size of the policy stands in a named cell (:mod:`.sizes`), what a student got in a cell of the sheet of parts, and the
formulas between them come from :mod:`.formulas`. The other sheets look a student up by the number in the first column,
so that sorting any of them moves no grade to somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import Grader, PartResult, Result
from kurssi.grading.activity import with_activity
from kurssi.grading.attempts import formula as attempts
from kurssi.grading.conversion import formula as conversion
from kurssi.grading.lateness import LateClock, depends_on_grade
from kurssi.grading.lateness import formula as lateness
from kurssi.grading.mean import capped, mean_of_way, weigh
from kurssi.grading.mean import formula as mean
from kurssi.grading.result import flat
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import Key, Needs, Texts, between_labels, fits, quoted, too_near
from kurssi.policy.model import Late, Part, Policy
from kurssi.values.classlist import OPEN, Attempt
from kurssi.values.times import When

from . import clock
from .formulas import Formulas

HEAD = 3
"""Rows above the first student of the sheet of parts: the part, the column, and how the column comes about."""
GUARDED = 90
"""Cells that are compared in one formula with what kurssi read."""
ENTER, FORMULA, VALUE = "enter", "formula", "value"


class Field(NamedTuple):
    """A column: what it holds, the part it belongs to, and whether it is entered, a formula, or a value of kurssi's."""

    key: Key
    part: Part | None
    kind: str


class Live:
    """The sheet of parts of one class, before it is written."""

    def __init__(self, book: Gradebook, words: Words, texts: Texts) -> None:
        self.book = book
        self.words = words
        self.policy = book.policy
        self.named = any(r.student.name for r in book.results)
        grader = Grader(book.policy, as_of=book.as_of)
        self.wholes = [_whole_of(book, grader, result) for result in book.results]
        years = _years(book)
        self.clock_changes = tuple(clock.changes(ZoneInfo(book.policy.timezone), *years)) if years else ()
        self.needs = _needs(book, self.wholes, years if self.clock_changes else None)
        self.fields = list(_fields(self.policy, self.needs, self.named))
        self._letters = {field.key: letters(i) for i, field in enumerate(self.fields)}
        self.formulas = Formulas(self.policy, self.needs, texts, self._letters.__getitem__, partial(heading_cell, self))
        self.sheet_name = words("Parts")
        self.templates = {field.key: _template(self, field) for field in self.fields}
        """The formula of every column, for one row; None for what is entered or comes from kurssi."""
        self.too_long = any(
            field.kind == FORMULA and self.templates[field.key] is None and field.key.what != "kurssi_entered"
            for field in self.fields
        )
        """Whether a formula is longer than a cell may hold."""
        self.entered = [field for field in self.fields if field.kind == ENTER and field.key.what != "override"]
        """What a grade is computed from, an override apart."""
        self._late_clocks: dict[tuple[str, When], LateClock] = {}
        self.used = _used(self)
        """Names of cells that a formula starts from."""

    def late_clock(self, part: Part, late: Late, due: When) -> LateClock:
        """How late what is due then comes, by the clock."""
        known = self._late_clocks.get((part.id, due))
        if known is None:
            known = self._late_clocks[part.id, due] = LateClock(late, due, ZoneInfo(self.policy.timezone))
        return known

    def fits(self, template: str) -> bool:
        """Whether a formula is short enough for the cells of every student."""
        return fits(template, HEAD + len(self.book.results))

    def letter(self, key: Key) -> str:
        """The letters of a column."""
        return self._letters[key]

    def column(self, key: Key) -> str:
        """A column of all students, for a formula on another sheet."""
        letter = self._letters[key]
        return f"{self.prefix}${letter}${HEAD + 1}:${letter}${HEAD + max(len(self.book.results), 1)}"

    @cached_property
    def prefix(self) -> str:
        """The sheet's name as formulas write it."""
        return "'" + self.sheet_name.replace("'", "''") + "'!"

    def look_up(self, key: Key, number: str) -> str:
        """A student's cell of a column, by the student's number in the list."""
        return f"INDEX({self.column(key)},MATCH({number},{self.column(Key('no'))},0))"

    def remark(self, number: str) -> str:
        """What is to be said of a student: kurssi's remark as long as it holds, else what has changed."""
        by_kurssi, grade = (self.look_up(Key(what), number) for what in ("kurssi_remark", "kurssi_grade"))
        reasons, changed, opened = (self.look_up(Key(what), number) for what in ("reasons", "changed", "open"))
        here = quoted(self.words("changed in this workbook; kurssi gave"))
        undecided = quoted(self.words("changed in this workbook: kurssi grade finds which grades are within reach now"))
        said = f'IF({opened}>0,{undecided},{here}&" "&{grade}&". "&{reasons})'
        return f'IF({changed}<>"",{said},IF({by_kurssi}="","",{by_kurssi}))'


def _used(live: Live) -> frozenset[str]:
    found = set(re.findall(r"[a-z][a-z0-9_]*", " ".join(text for text in live.templates.values() if text)))
    found.update(names.due(part, n) for part in live.policy.leaves() for n in range(1, len(part.dues) + 1))
    return frozenset(found | ({names.BOUNDARIES} if "pass_value" in found else set()))


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class Whole(NamedTuple):
    """A student's total with what is open counted as the lowest; None where nothing is weighed."""

    mean: Fraction | None
    exact: Fraction | None
    fine: bool
    """Whether the value is too near to a bound for the digits of a spreadsheet."""
    asked: bool
    """The same of the value of a part, and what a grade asks of it."""
    opened: int
    """How many cells are not graded yet, what is held, and lateness that is forgiven where it helps."""
    held: int
    """How much keeps the grade from being decided by the formulas, open cells apart: such a value, and what may still
    come at the day of ``--as-of``.
    """


def _whole_of(book: Gradebook, grader: Grader, result: Result) -> Whole:
    policy, top = book.policy, result.parts
    if policy.of_ways:
        best = mean_of_way(next(way for way in top if way.chosen)).value
        mean = None if best is None else capped(best, policy.cap)
    else:
        mean = weigh(top, policy).value
    exact = None if mean is None else with_activity(policy, mean, result.adjust or Fraction(0))
    fine = exact is not None and any(too_near(exact, bound) for bound in _bounds(policy, exact))
    parts = flat(top)
    asked = any(
        demand.of_value and (value := parts[demand.part].value) is not None and too_near(value, demand.bound)
        for demand in policy.requires
    )
    asked = asked or any(
        found.value is not None and too_near(found.value, bound)
        for found in parts.values()
        if found.part.stepped is not None and found.part.stepped.whole is None
        for bound in found.part.stepped.bounds
    )
    held = int(fine or asked)
    held += sum(without_label(policy, one.part, attempt.given) for one in parts.values() for attempt in one.attempts)
    if book.as_of is not None:
        held += sum(len(grader.coming(result.student, part)) for part in policy.leaves())
    own = (found for found in parts.values() if found.part.takes is None)
    attempts = (attempt for found in own for attempt in found.attempts)
    opened = held + int(_may_be_helped(policy, result)) + sum(attempt.state in OPEN for attempt in attempts)
    return Whole(mean, exact, fine, asked, opened, held)


def counting_parts(top: Sequence[PartResult]) -> Sequence[PartResult]:
    """Of the parts of the top level those that count: those of the way that does, where there are ways."""
    return next((way.children for way in top if way.part.is_way and way.chosen), top)


def without_label(policy: Policy, part: Part, given: Attempt) -> bool:
    """Whether a score lies between two labels that are numbers, as the mean of markers can: no formula takes it."""
    between = given.score is not None and given.score.denominator != 1
    return between and policy.scale.own and part.in_grades and not between_labels(policy, part)


def _may_be_helped(policy: Policy, result: Result) -> bool:
    """Whether a free budget that is spent where it helps can be spent on anything of a student."""
    if policy.free is None or not depends_on_grade(policy.free.spend):
        return False
    return any(
        found.part.late is not None and bool(found.part.late.deduct) and first.units > 0 and first.state != "closed"
        for found in flat(result.parts).values()
        for first in found.attempts[:1]
    )


def _bounds(policy: Policy, exact: Fraction) -> Iterator[Fraction]:
    """The bounds at which the value before rounding changes the grade, near it."""
    if policy.percent:
        yield from (bound.value for bound in policy.boundaries)
    else:
        yield from (Fraction(round(exact * 2) + step, 2) for step in (-1, 0, 1))


YEARS = -2, 8
"""From so many years before the first time of the class to so many after the last, the changes of the clock are kept
for what somebody types.
"""


def _years(book: Gradebook) -> tuple[int, int] | None:
    """The first and the last of the years of all deadlines and hand-ins, and some years around."""
    zone = ZoneInfo(book.policy.timezone)
    times = [due for part in book.policy.leaves() for due in part.dues]
    for result in book.results:
        for tried in result.student.attempts.values():
            times += [when for attempt in tried for when in (attempt.submitted, attempt.due)]
    years = [at.year for when in times if when is not None and (at := clock.local(when, zone)) is not None]
    if not years:
        return None
    return max(min(years) + YEARS[0], clock.EARLIEST), min(max(years) + YEARS[1], clock.LATEST)


def _needs(book: Gradebook, wholes: Sequence[Whole], years: tuple[int, int] | None) -> Needs:
    policy, results = book.policy, book.results
    late: set[tuple[str, int]] = set()
    for part in policy.leaves():
        if part.late is None or not (part.late.deduct or part.late.closes is not None):
            continue
        for attempt, due in enumerate(part.dues, 1):
            own = [a for r in results for a in r.student.attempts.get(part.id, ())[attempt - 1 : attempt]]
            if due is not None or any(given.due is not None or given.lateness is not None for given in own):
                late.add((part.id, attempt))
    found = [flat(r.parts) for r in results]
    return Needs(
        frozenset(late),
        frozenset(p.id for p in policy.leaves() if any(parts[p.id].peer is not None for parts in found)),
        any(r.override is not None for r in results),
        any(whole.held for whole in wholes),
        _guards(policy) if any(whole.opened for whole in wholes) else 0,
        (clock.day(years[0]), clock.day(years[1] + 1)) if late and years is not None else None,
    )


def _guards(policy: Policy) -> int:
    """How many columns it takes to compare what is entered: a formula has a bound."""
    attempts = sum(len(part.dues) for part in policy.leaves())
    return 1 + attempts // (GUARDED // 3)


def _fields(policy: Policy, needs: Needs, named: bool) -> Iterator[Field]:
    yield Field(Key("no"), None, VALUE)
    yield Field(Key("student"), None, VALUE)
    if named:
        yield Field(Key("name"), None, VALUE)
    for part in policy.parts:
        yield from _part(policy, needs, part)
    for turn, _ in enumerate(lateness.spenders(_asked(policy, needs)), 1):
        yield Field(Key("left", "", turn), None, FORMULA)
    weighed = any(part.counts for part in policy.parts)
    moved = policy.activity if weighed else None
    by_attendance = moved is not None and moved.levels is None
    if weighed:
        yield from _whole(Key("weights"), Key("mean"))
        if moved is not None:
            yield Field(Key("attended" if by_attendance else "level"), None, ENTER)
            yield Field(Key("adjust"), None, FORMULA)
        yield from _whole(Key("exact"), Key("rounded"))
    if policy.asks_attendance and not by_attendance:
        yield Field(Key("attended"), None, ENTER)
    if policy.requires:
        yield from _whole(Key("limit"))
    yield from _whole(Key("closed"), Key("reasons"))
    if needs.held:
        yield Field(Key("held"), None, VALUE)
    yield from _whole(Key("open"), Key("number"))
    if needs.overrides:
        yield Field(Key("override"), None, ENTER)
    yield from _whole(Key("grade"), Key("status"), Key("changed"))
    yield Field(Key("kurssi_grade"), None, VALUE)
    yield Field(Key("kurssi_number"), None, VALUE)
    if weighed:
        yield Field(Key("kurssi_exact"), None, VALUE)
    yield Field(Key("kurssi_closed"), None, VALUE)
    yield Field(Key("kurssi_open"), None, VALUE)
    for n in range(1, needs.guards + 1):
        yield Field(Key("kurssi_entered", "", n), None, FORMULA)
    yield Field(Key("kurssi_remark"), None, VALUE)


def _whole(*keys: Key) -> Iterator[Field]:
    for key in keys:
        yield Field(key, None, FORMULA)


def _asked(policy: Policy, needs: Needs) -> Formulas:
    """The formulas, asked about the policy only."""
    return Formulas(policy, needs, Texts(*[""] * len(Texts._fields)), lambda key: key.what)


def _part(policy: Policy, needs: Needs, part: Part) -> Iterator[Field]:
    def field(what: str, kind: str = FORMULA, attempt: int = 0) -> Field:
        return Field(Key(what, part.id, attempt), part, kind)

    formulas = _asked(policy, needs)
    if part.parts:
        for child in part.parts:
            yield from _part(policy, needs, child)
        if part.chooses:
            for child in mean.counting(formulas, part):
                yield Field(Key("counted", child.id), part, FORMULA)
        elif not part.of_ways:
            yield field("weights")
        if not part.of_ways:
            yield field("mean")
    else:
        for attempt in range(1, len(part.dues) + 1):
            if part.takes is None:
                yield field("score", ENTER, attempt)
            if part.takes is None and (part.id, attempt) in needs.late:
                yield field("submitted", ENTER, attempt)
                yield field("due", ENTER, attempt)
                yield field("units", FORMULA, attempt)
            if conversion.converts(formulas, part):
                yield field("converted", FORMULA, attempt)
            if lateness.deducts(formulas, part, attempt):
                if policy.free is not None and attempt == 1 and part.takes is None:
                    computed = not depends_on_grade(policy.free.spend)
                    if computed:
                        yield field("spending", FORMULA, attempt)
                        yield field("turn")
                    yield field("forgiven", FORMULA, attempt)
                yield field("deducted", FORMULA, attempt)
            if not attempts.single(part):
                yield field("outcome", FORMULA, attempt)
        if part.source in needs.peers:
            yield field("group_value")
        if part.id in needs.peers:
            yield field("factor", VALUE)
            if part.peer is not None and part.peer.penalty:
                yield field("silent", VALUE)
    if part.id in formulas.targets:
        yield field("plain")
    if part.id in formulas.raised_late:
        yield field("gated")
    yield field("value")
    if part.stepped is not None:
        yield field("adds")
    if part.is_way:
        yield field("rank")
    elif policy.has_gate(part):
        yield field("gate")


# ---- the formula of every column ---------------------------------------------------------------------------


def heading_cell(live: Live, part: Part) -> str:
    """The cell with a part's name, for formulas that say it."""
    first = next(field.key for field in live.fields if field.part is not None and field.part.id == part.id)
    return f"${live.letter(first)}$1"


def _template(live: Live, field: Field) -> str | None:
    """The formula of a column; None for what is entered, for a guard, which differs from row to row, and for a formula
    longer than a cell may hold.
    """
    if field.kind != FORMULA or field.key.what == "kurssi_entered":
        return None
    word = live.words("changed here")
    text = live.formulas.changed(word) if field.key.what == "changed" else live.formulas.column(field.key)
    return text if live.fits(text) else None
