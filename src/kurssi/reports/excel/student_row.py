"""One student on the live sheet: what is entered, and what the formulas come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, assert_never

from kurssi.grading import AttemptResult, PartResult, Result
from kurssi.grading.attempts import formula as attempts
from kurssi.grading.demands import limit_of, of_student
from kurssi.grading.gates import counting_below
from kurssi.grading.lateness import depends_on_grade, due_of
from kurssi.grading.lateness import formula as lateness
from kurssi.grading.mean import mean_of_way, passes, weigh
from kurssi.grading.result import OUT, GateCode, flat
from kurssi.grading.rounding import rounded
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    MISSING,
    PASSED_WAY,
    PLACES,
    ROW,
    WEIGHED_WAY,
    Key,
    Texts,
    holds,
    holds_time,
    near,
    quoted,
    too_near,
)
from kurssi.policy.late_units import hours_of_unit
from kurssi.policy.model import Part, Policy, to_value
from kurssi.reports.rows import STATUS, remark
from kurssi.values.classlist import NEVER_LATE, OPEN, Attempt
from kurssi.values.numbers import whole_number
from kurssi.values.times import When, deadline

from . import clock, figures
from .clock import hours_of
from .live import ENTER, FORMULA, GUARDED, Field, Live, counting_parts, without_label
from .sheet import (
    Cell,
    Format,
    Writer,
    clean,
)
from .signs import Value, at_stage, sign, state_sign


def _gate_words(texts: Texts, code: GateCode) -> str:
    match code:
        case "not-submitted":
            return texts.not_submitted
        case "closed":
            return texts.closed
        case "failed":
            return texts.failed
        case "below-minimum":
            return texts.below
        case _ as unknown:
            assert_never(unknown)


EMPTY = clock.FIRST.replace(tzinfo=UTC)
"""An empty cell, as a time."""


OF_A_SCORE = ("converted", "deducted", "spending", "outcome")
"""Columns of an attempt that hold something only where its cell holds a score."""


class Turns(NamedTuple):
    """Parts by the deadlines of their first attempts, and whether local times put them in the same order."""

    order: list[str]
    by_the_clock: bool


class StudentRow:
    """The cells of one student: what is entered, and what the formulas come to."""

    def __init__(self, writer: Writer, live: Live, result: Result, number: int) -> None:
        self.writer = writer
        self.live = live
        self.result = result
        self.number = number
        self.top = result.parts
        self.parts = flat(self.top)
        self.texts = live.formulas.texts
        self.whole = self._all_whole()

    def put(self, sheet: Any, row: int, column: int, field: Field, format_: Format) -> None:
        """Writes one cell: what is entered, or a formula with what it comes to."""
        if field.key.what in ("submitted", "due"):
            self._put_time(sheet, row, column, field, format_)
            return
        value, template = self.value(field), self.live.templates[field.key]
        if field.key.what == "kurssi_entered" and self.live.wholes[self.number - 1].opened:
            template = self._guard(field.key.attempt)
        shown = figures.held(value) if isinstance(value, Fraction) else value
        fixed = self._fixed(field)
        if template is not None and fixed is not None:
            template = _as_long_as(fixed, shown, template)
            template = template if template is None or self.live.fits(template) else None
        if fixed is not None or (field.kind == FORMULA and template is None):
            format_ = self.writer.format(italic=True, align="center")
        if template is not None:
            formula = template.replace(ROW, str(row + 1))
            sheet.write_formula(row, column, formula, format_, "" if shown is None else shown)
            return
        if shown is None:
            if field.kind == ENTER:
                sheet.write_blank(row, column, None, format_)
        elif isinstance(shown, str):
            self.writer.put(sheet, row, column, shown, format_)
        else:
            sheet.write_number(row, column, shown, format_)

    def _put_time(self, sheet: Any, row: int, column: int, field: Field, format_: Format) -> None:
        writer, part, n = self.writer, field.part, field.key.attempt
        when = self._time(field)
        if part is None or when is None:
            sheet.write_blank(row, column, None, format_)
            return
        at = clock.local(when, writer.zone, ends=field.key.what == "due")
        if at is None:
            writer.put(sheet, row, column, str(when), format_)
            return
        format_ = writer.input_time(at)
        given = self.given(part, n)
        if field.key.what == "due" and (given is None or given.due is None):
            sheet.write_formula(row, column, f"={names.due(part, n)}", format_, clock.serial(at))
        else:
            sheet.write_number(row, column, clock.serial(at), format_)

    def _time(self, field: Field) -> When | None:
        """When an attempt came, or its deadline."""
        part, n = field.part, field.key.attempt
        if part is None:
            raise ValueError("a time belongs to a part")
        given = self.given(part, n)
        if field.key.what == "due":
            return due_of(part, n, given or Attempt("missing"))
        return given.submitted if given is not None else None

    def _guard(self, n: int) -> str:
        """The formula that compares a piece of what is entered with what kurssi read."""
        formulas = self.live.formulas
        held = []
        for field in self.live.entered[(n - 1) * GUARDED : n * GUARDED]:
            key = field.key
            cell = formulas.at(key.what, field.part, key.attempt)
            if key.what in ("submitted", "due") and field.part is not None:
                held.append(self._time_holds(key, field.part))
                continue
            value = self.value(field)
            if isinstance(value, str):
                held.append(holds(cell, clean(value)))
            else:
                held.append(holds(cell, figures.held(value) if isinstance(value, Fraction) else value))
        text = formulas.entered(held or ["1"], self.writer.words("changed here"))
        # labels of hundreds of characters: then nothing counts as unchanged, rather than everything
        return text if self.live.fits(text) else formulas.entered(["0"], self.writer.words("changed here"))

    def text(self, what: str) -> str:
        """A text of the whole."""
        value = self.whole[what]
        return value if isinstance(value, str) else ""

    # ---- what a cell holds ---------------------------------------------------------------------------------

    def value(self, field: Field) -> Value:
        """A number, a sign or a word; None for an empty cell."""
        key, part = field.key, field.part
        if key.what == "counted":
            child = self.parts[key.part]
            counts = child.value is not None and child.state not in OUT
            return child.value if counts else None
        if key.what == "left":
            return self._left(key.attempt)
        if part is None:
            return self.whole[key.what]
        if key.what == "turn":
            return self.turns.order.index(part.id) + 1
        if key.attempt:
            return self._attempt(key, part)
        found = self.parts[part.id]
        if key.what in ("plain", "gated", "value"):
            return sign(self.texts, at_stage(found, key.what))
        if key.what == "adds":
            return found.adds
        if key.what == "gate":
            return self._gate(found)
        if key.what == "rank":
            return _rank(found)
        if key.what == "weights":
            return _weights(found.children, part)
        if key.what == "mean":
            return weigh(found.children, part).value
        if key.what == "group_value":
            return found.peer.group_value if found.peer is not None else sign(self.texts, at_stage(found, "plain"))
        if key.what == "factor":
            return found.peer.factor if found.peer is not None else None
        return int(found.peer.silent) if found.peer is not None else None

    def given(self, part: Part, attempt: int) -> Attempt | None:
        """What the sheets say of an attempt."""
        attempts = self.result.student.attempts.get(part.source, ())
        return attempts[attempt - 1] if attempt <= len(attempts) else None

    def graded(self, part: Part, attempt: int) -> AttemptResult | None:
        """An attempt as it was graded."""
        attempts = self.parts[part.id].attempts
        return attempts[attempt - 1] if attempt <= len(attempts) else None

    def _attempt(self, key: Key, part: Part) -> Value:
        given, graded = self.given(part, key.attempt), self.graded(part, key.attempt)
        policy = self.live.policy
        if key.what == "score":
            return self._score(part, given)
        if given is None or graded is None:
            nothing: dict[str, Value] = {"units": 0, "spending": 0, "deducted": 0, "forgiven": 0, "outcome": MISSING}
            return nothing.get(key.what)
        if key.what == "spending":
            return 0 if graded.state in OPEN else graded.units
        if key.what == "units":
            return self.texts.closed if graded.state == "closed" else graded.units
        if key.what == "forgiven":
            return graded.forgiven
        if key.what == "converted":
            scored = given.state == "scored" and given.score is not None
            return to_value(given.score, part, policy) if scored and given.score is not None else None
        if key.what == "deducted":
            return graded.deducted
        return state_sign(self.texts, graded.state, graded.value)

    @cached_property
    def turns(self) -> Turns:
        """In which order the student's parts spend a free budget."""
        found: list[tuple[datetime, datetime | None, str]] = []
        zone = self.writer.zone
        for part in lateness.spenders(self.live.formulas):
            when = due_of(part, 1, self.given(part, 1) or Attempt("missing"))
            if when is None:
                found.append((EMPTY, EMPTY, part.id))  # as an empty cell, which spends nothing
            else:
                at = clock.local(when, zone, ends=True)
                found.append((deadline(when, zone), None if at is None else deadline(When(at, True), zone), part.id))
        order = [part for *_, part in sorted(found, key=lambda each: each[0])]
        local = [part for *_, part in sorted(found, key=lambda each: each[1] or EMPTY)]
        return Turns(order, order == local and all(at is not None for _, at, _ in found))

    def _left(self, turn: int) -> Value:
        """Hours left of the free budget at a turn."""
        free = self.live.policy.free
        left = free.hours if free is not None else 0
        spent = self.turns.order[: turn - 1]
        for part in lateness.spenders(self.live.formulas):
            graded = self.graded(part, 1)
            if part.id in spent and part.late is not None and graded is not None:
                left -= graded.forgiven * hours_of_unit(part.late.per)
        return left

    def _score(self, part: Part, given: Attempt | None) -> Value:
        scale = self.live.policy.scale
        if given is None:
            return None
        if given.state == "scored" and given.score is not None:
            if not self.live.formulas.labels(part) or given.score.denominator != 1:
                return given.score
            label = scale.label(int(given.score))
            number = whole_number(label)
            return label if number is None else Fraction(number)
        if given.state == "missing":
            return "-" if given.submitted is not None else None
        if given.state == "failed" and not self.live.formulas.words(part, "H"):
            return "fail"
        return state_sign(self.texts, given.state, None)

    def _gate(self, found: PartResult) -> Value:
        return None if found.gate is None else _gate_words(self.texts, found.gate)

    def _all_whole(self) -> dict[str, Value]:
        """What belongs to the whole: everything from the mean to the grade."""
        live, result, words = self.live, self.result, self.writer.words
        policy, student = live.policy, result.student
        mean, exact, _, _, opened, held = live.wholes[self.number - 1]
        counting = tuple(counting_parts(self.top))
        owner = next((way.part for way in self.top if way.part.is_way and way.chosen), policy)
        closed = sum(part.part.required and part.gate is not None for part in counting)
        unmet = [one.demand for one in of_student(policy, self.top, student.attended) if not one.met]
        grade = MISSING if result.grade is None else _shown(self.writer.grade(result.grade))
        computed = MISSING if result.computed is None else result.computed
        return {
            "no": self.number,
            "student": student.student,
            "name": student.name,
            "weights": _weights(counting, owner),
            "mean": mean,
            "level": student.level,
            "attended": student.attended,
            "adjust": result.adjust,
            "exact": exact,
            "rounded": None if exact is None else rounded(policy, exact),
            "limit": min(limit_of(policy, unmet), policy.best_grade),
            "closed": closed,
            "reasons": self._reasons(),
            "held": held,
            "open": opened,
            "number": computed,
            "override": None if result.override is None else _shown(self.writer.grade(result.override.grade)),
            "grade": grade,
            "status": words.say(STATUS[result.status]),
            "changed": None,
            "kurssi_grade": grade,
            "kurssi_number": computed,
            "kurssi_exact": exact,
            "kurssi_closed": closed,
            "kurssi_open": opened,
            "kurssi_entered": None,
            "kurssi_remark": remark(live.book, result, words),
        }

    def _reasons(self) -> str | None:
        return self._closed(counting_parts(self.top)) or None

    def _closed(self, parts: Iterable[PartResult]) -> str:
        """The gates of siblings that are closed, each by what closes it."""
        text = ""
        for part in parts:
            if not part.part.required or part.gate is None:
                continue
            below = self._closed(counting_below(part)) if part.gate == "failed" else ""
            text += below or f"{part.part.name}: {self._gate(part)}. "
        return text

    def _fixed(self, field: Field) -> list[str] | None:
        """What must be as kurssi read it where this student's cell is a value from kurssi, because a spreadsheet would
        be wrong; None where a formula is right. Once something of it is changed, the formula stands in.
        """
        key, part = field.key, field.part
        if part is None:
            whole = self.live.wholes[self.number - 1]
            near = (key.what == "rounded" and whole.fine) or (key.what == "limit" and whole.asked)
            return [] if near else None  # the grade is held
        of_one = attempts.single(part) and key.what == attempts.before_peers(self.live.formulas, part)
        given = self.given(part, max(key.attempt, 1)) if of_one or key.what in OF_A_SCORE else None
        if given is not None and given.score is not None and without_label(self.live.policy, part, given):
            cell = self.live.formulas.at("score", part, max(key.attempt, 1))
            return [holds(cell, figures.held(given.score))]
        free = self.live.policy.free
        if key.what == "forgiven" and free is not None and depends_on_grade(free.spend):
            guards = range(1, self.live.needs.guards + 1) if self.live.wholes[self.number - 1].opened else ()
            return [f'IF({self.live.formulas.at("kurssi_entered", None, n)}="",1,0)' for n in guards] or None
        if key.what in ("units", "spending"):
            given = self.given(part, key.attempt)
            if given is not None and given.lateness is not None:
                return []  # the units are those of the lateness that the export gives, for which there is no cell
            skips = part.late is not None and part.late.skip is not None  # no formula knows the days that are skipped
            return None if self._by_the_clock(part, key.attempt) and not skips else self._times_hold(key, part)
        if key.what == "turn":
            if self.turns.by_the_clock:
                return None
            return [self._time_holds(Key("due", p.id, 1), p) for p in lateness.spenders(self.live.formulas)]
        found = self.parts[part.id]
        value, peer = found.at_gate, found.peer
        if key.what == "gate" and not part.minimum_raw and value is not None and too_near(value, part.minimum):
            looked_at = "gated" if part.id in self.live.formulas.raised_late else "value"
            return [self._held(looked_at, part, value), _size(names.of("minimum", part), part.minimum)]
        stage = "plain" if part.id in self.live.formulas.targets else "value"
        if key.what == stage and peer is not None and too_near(peer.group_value, self.live.policy.pass_value):
            return [self._held("group_value", part, peer.group_value), *_peer_sizes(part)]
        return None

    def _held(self, what: str, part: Part, value: Fraction) -> str:
        return holds(near(self.live.formulas.at(what, part)), round(figures.held(value), PLACES))

    def _times_hold(self, key: Key, part: Part) -> list[str]:
        """Whether an attempt still has its times and the late rule its lengths."""
        formulas, late, attempt = self.live.formulas, part.late, key.attempt
        if late is None:
            raise ValueError(f"never late: {part.id}")
        held = [self._time_holds(Key(what, part.id, attempt), part) for what in ("submitted", "due")]
        if late.skip is None:  # else no formula counts units
            held.append(_size(lateness.size_of(formulas, "unit", late), Fraction(hours_of_unit(late.per))))
        lengths = {"grace": late.grace, "closes": late.closes}
        held += [
            _size(lateness.size_of(formulas, what, late), hours_of(size))
            for what, size in lengths.items()
            if size is not None
        ]
        if key.what == "spending":  # what is not closed spends by its units
            return [*held, holds(formulas.at("units", part, attempt), self.texts.closed)]
        score = formulas.at("score", part, attempt)
        return [*held, f"({lateness.takes_no_time(formulas, part, score)}=FALSE)"]

    def _time_holds(self, key: Key, part: Part) -> str:
        """Whether a cell still holds a time as kurssi read it."""
        cell, when = self.live.formulas.at(key.what, part, key.attempt), self._time(Field(key, part, ENTER))
        at = None if when is None else clock.local(when, self.writer.zone, ends=key.what == "due")
        return holds(cell, when and str(when)) if at is None else holds_time(cell, clock.serial(at))

    def _by_the_clock(self, part: Part, attempt: int) -> bool:
        """Whether local times say the same as instants: not where the time was given with an offset, and the clock
        shows it twice.
        """
        given, graded, late = self.given(part, attempt), self.graded(part, attempt), part.late
        if given is None or graded is None or late is None or given.submitted is None:
            return True
        when = due_of(part, attempt, given)
        if when is None or given.state in NEVER_LATE:
            return True
        zone = self.writer.zone
        came, due = clock.local(given.submitted, zone), clock.local(when, zone, ends=True)
        if came is None or due is None:
            return False
        read = self.live.late_clock(part, late, When(due, True)).of(When(came, True))
        return read == (graded.units, graded.state == "closed")


def _rank(way: PartResult) -> Fraction:
    """By what a way comes before others."""
    value = mean_of_way(way).value
    weighed = Fraction(0) if value is None else WEIGHED_WAY + round(value, PLACES)
    return (PASSED_WAY if passes(way) else 0) + weighed


def _size(name: str, value: Fraction) -> str:
    """Whether a size is as kurssi read it."""
    return f"({near(f'{name}-{figures.held(value)!r}')}=0)"


def _peer_sizes(part: Part) -> Iterator[str]:
    if part.peer is not None:
        yield _size(names.of("peer_weight", part), part.peer.weight * 100)
        if part.peer.at_most is not None:
            yield _size(names.of("peer_at_most", part), part.peer.at_most)
        if part.peer.penalty:
            yield _size(names.of("peer_penalty", part), part.peer.penalty * 100)


def _as_long_as(held: Sequence[str], value: float | str | None, template: str) -> str | None:
    """A value as long as all this holds, then the formula; None for a value that stays."""
    if not held:
        return None
    shown = quoted("" if value is None else value) if value is None or isinstance(value, str) else repr(value)
    return f"IF({'*'.join(held)}=1,{shown},{template})"


def _shown(cell: Cell) -> Value:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell.value, (int, float)):
        return int(cell.value)
    raise TypeError("a grade is no time")


def _weights(results: tuple[PartResult, ...], owner: Part | Policy) -> Fraction:
    """What the weights of the siblings that count sum to; their points, where points are added up."""
    counting = [r.part for r in results if r.part.counts and r.value is not None and r.state not in OUT]
    if owner.by_points:
        return sum((part.max or Fraction(0) for part in counting), Fraction(0))
    return sum((Fraction(1) if part.weight is None else part.weight for part in counting), Fraction(0))
