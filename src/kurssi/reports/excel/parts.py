"""The live sheet: what every student got in every part, and by formulas what it comes to, up to the grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property
from math import ceil
from textwrap import wrap
from typing import Any, NamedTuple, assert_never

from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.words import Words
from kurssi.grading import AttemptResult, PartResult, Result
from kurssi.grading.lateness import LateClock, due_of
from kurssi.grading.lateness import formula as lateness
from kurssi.grading.mean import flat, weigh
from kurssi.grading.result import GateCode, State
from kurssi.grading.rounding import rounded
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    EXCUSED,
    FAILED,
    FAILED_EMPTY,
    LONGEST,
    MISSING,
    PASSED,
    PLACES,
    RECOGNISED,
    ROW,
    UNGRADED,
    UNGRADED_EMPTY,
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
from kurssi.values.classlist import Attempt
from kurssi.values.numbers import exact
from kurssi.values.times import When, deadline

from . import clock, figures
from .clock import hours_of
from .live import ENTER, FORMULA, GUARDED, HEAD, VALUE, Field, Live
from .sheet import (
    AMBER,
    AMBER_FILL,
    DARK,
    GREY,
    LINE,
    Cell,
    Format,
    Writer,
    clean,
    headed,
    height,
    lines_of,
    mark_endless,
    mark_status,
)

HEADINGS: dict[str, Msg] = {
    "no": msg("no."),
    "student": msg("student number"),
    "name": msg("name"),
    "score": msg("score"),
    "submitted": msg("submitted"),
    "due": msg("due"),
    "units": msg("late units"),
    "spending": msg("units for free time"),
    "turn": msg("turn"),
    "forgiven": msg("forgiven"),
    "converted": msg("converted"),
    "deducted": msg("deducted"),
    "outcome": msg("value of the attempt"),
    "group_value": msg("value of the group"),
    "factor": msg("peer factor"),
    "silent": msg("gave no marks"),
    "value": msg("value"),
    "gate": msg("gate"),
    "counted": msg("among the best"),
    "left": msg("free hours at turn"),
    "weights": msg("weights that count"),
    "mean": msg("mean"),
    "level": msg("activity"),
    "attended": msg("sessions attended"),
    "adjust": msg("activity adds"),
    "exact": msg("exact"),
    "rounded": msg("rounded"),
    "closed": msg("closed gates"),
    "reasons": msg("which ones"),
    "held": msg("held open"),
    "open": msg("open"),
    "number": msg("computed grade"),
    "override": msg("set by hand"),
    "grade": msg("grade"),
    "status": msg("status"),
    "changed": msg("changed"),
    "kurssi_grade": msg("grade by kurssi"),
    "kurssi_number": msg("computed by kurssi"),
    "kurssi_exact": msg("exact by kurssi"),
    "kurssi_closed": msg("closed gates by kurssi"),
    "kurssi_open": msg("open by kurssi"),
    "kurssi_entered": msg("entries"),
    "kurssi_remark": msg("remark by kurssi"),
}
KINDS: dict[str, Msg] = {ENTER: msg("enter"), FORMULA: msg("formula"), VALUE: msg("from kurssi")}
WIDE = {
    "student": 19,
    "name": 24,
    "submitted": 17,
    "due": 17,
    "units": 15,
    "outcome": 15,
    "factor": 15,
    "value": 15,
    "gate": 18,
    "level": 12,
    "reasons": 40,
    "override": 15,
    "status": 14,
    "changed": 14,
    "kurssi_remark": 50,
}
"""Widths of columns, in characters; others are WIDTH wide."""
WIDTH = 12
BOLD = 1.15
"""Width of a bold letter, in characters."""
LONGEST_MESSAGE = 255
"""Characters of a message that Excel shows for a refused entry."""
PAGE = 210
"""Characters across a printed page of the sheet; what is wider goes on on more pages."""
NUMBERS = (
    "converted",
    "deducted",
    "outcome",
    "group_value",
    "factor",
    "value",
    "counted",
    "weights",
    "mean",
    "exact",
    "kurssi_exact",
)


def texts(writer: Writer) -> Texts:
    """The words that formulas write."""
    words = writer.words
    return Texts(
        words("not submitted"),
        words("too late"),
        words("failed"),
        words("below the minimum"),
        words.say(STATUS["graded"]),
        words.say(STATUS["failed"]),
        words.say(STATUS["incomplete"]),
    )


def write(writer: Writer, live: Live) -> None:
    """Three rows of headings, then a row per student."""
    sheet = writer.sheet(live.sheet_name)
    widths = [_width(writer.words, field) for field in live.fields]
    _head(writer, live, sheet, widths)
    last = HEAD
    formats = [_format(writer, field) for field in live.fields]
    for number, result in enumerate(live.book.results, 1):
        given = _Row(writer, live, result, number)
        last = HEAD + number - 1
        longest = max(lines_of(given.text(what), WIDE[what] - 2) for what in ("reasons", "kurssi_remark"))
        if longest > 1:
            sheet.set_row(last, height(longest))
        for column, (field, format_) in enumerate(zip(live.fields, formats, strict=True)):
            given.put(sheet, last, column, field, format_)
    _finish(writer, live, sheet, last, widths)


# ---- headings and formats ----------------------------------------------------------------------------------


def _head(writer: Writer, live: Live, sheet: Any, widths: Sequence[float]) -> None:
    words = writer.words
    kind = writer.format(italic=True, align="center", shrink=True, font_color=GREY, bottom=1, bottom_color=LINE)
    over = writer.format(bold=True, valign="vcenter", font_color="#FFFFFF", bg_color=DARK)  # runs on over blank cells
    owner: str | None = None
    lines = 1
    for column, field in enumerate(live.fields):
        about = _about(writer, field)
        if about == owner:
            sheet.write_blank(0, column, None, over)
        else:
            writer.put(sheet, 0, column, about, over)
        owner = about
        heading, width = _heading(words, live, field), widths[column]
        writer.put(sheet, 1, column, heading, writer.centred_heading)
        writer.put(sheet, 2, column, words.say(KINDS[field.kind]), kind)
        sheet.set_column(column, column, width)
        lines = max(lines, len(wrap(heading, int(width / BOLD))))
    sheet.set_row(0, 22)
    sheet.set_row(1, height(lines) + 3)
    sheet.freeze_panes(HEAD, 3 if live.named else 2)
    sheet.repeat_rows(0, HEAD - 1)
    sheet.repeat_columns(0, 2 if live.named else 1)


def _heading(words: Words, live: Live, field: Field) -> str:
    """The heading of a column."""
    heading = words.say(HEADINGS[field.key.what])
    if field.key.attempt > 1 or field.key.what == "left":
        heading = f"{heading} {field.key.attempt}"
    if field.key.what == "counted":
        heading = f"{heading}: {_name_of(live, field.key.part)}"
    return headed(heading)


def _width(words: Words, field: Field) -> float:
    """The width of a column: no word of its heading is broken, a name in it apart."""
    said = words.say(HEADINGS[field.key.what]).replace("-", "- ").split()
    return max(WIDE.get(field.key.what, WIDTH), max(map(len, said)) * BOLD + 1)


def _name_of(live: Live, part: str) -> str:
    return next(p.name for p in live.policy.all_parts() if p.id == part)


def _about(writer: Writer, field: Field) -> str:
    if field.part is not None:
        return field.part.name
    if field.key.what in ("no", "student", "name"):
        return headed(writer.words("student"))
    if field.key.what.startswith("kurssi"):
        return "kurssi"
    return headed(writer.words("the whole"))


def _format(writer: Writer, field: Field) -> Format:
    if field.kind == ENTER:
        return writer.input()
    if field.key.what in ("student", "name"):
        return writer.text
    if field.key.what in ("reasons", "kurssi_remark"):
        return writer.wrapped
    if field.key.what in ("value", "grade"):
        return writer.format(bold=True, align="center")
    return writer.centred


# ---- one student -------------------------------------------------------------------------------------------

Value = str | Fraction | int | None


def sign(texts: Texts, found: PartResult) -> Value:
    """What stands in the cell of a part's value: a number, or the sign for why it has none."""
    if found.part.parts and found.state == "failed":
        return FAILED_EMPTY if found.value is None else found.value
    if found.part.parts and found.state == "ungraded" and found.value is None:
        return UNGRADED_EMPTY
    return state_sign(texts, found.state, found.value)


def state_sign(texts: Texts, state: State, value: Fraction | None) -> Value:
    """What stands in the cell of an attempt in this state."""
    match state:
        case "scored":
            return value
        case "missing":
            return MISSING
        case "closed":
            return texts.closed
        case "ungraded":
            return UNGRADED
        case "excused":
            return EXCUSED
        case "recognised":
            return RECOGNISED
        case "failed":
            return FAILED
        case "passed":
            return PASSED
        case _ as unknown:
            assert_never(unknown)


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


class Turns(NamedTuple):
    """Parts by the deadlines of their first attempts, and whether local times put them in the same order."""

    order: list[str]
    by_the_clock: bool


class _Row:
    """The cells of one student: what is entered, and what the formulas come to."""

    def __init__(self, writer: Writer, live: Live, result: Result, number: int) -> None:
        self.writer = writer
        self.live = live
        self.result = result
        self.number = number
        self.parts = flat(result.parts)
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
        return text if len(text) <= LONGEST else formulas.entered(["0"], self.writer.words("changed here"))

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
            counts = child.value is not None and child.state not in ("excused", "recognised")
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
        if key.what == "value":
            return sign(self.texts, found)
        if key.what == "gate":
            return self._gate(found)
        if key.what == "weights":
            return _weights(found.children)
        if key.what == "mean":
            return weigh(found.children, part.choice).value
        if key.what == "group_value":
            return found.peer.group_value if found.peer is not None else sign(self.texts, found)
        if key.what == "factor":
            return found.peer.factor if found.peer is not None else None
        return int(found.peer.silent) if found.peer is not None else None

    def given(self, part: Part, attempt: int) -> Attempt | None:
        """What the sheets say of an attempt."""
        attempts = self.result.student.attempts.get(part.id, ())
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
            return 0 if graded.state == "ungraded" else graded.units
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
            if not self.live.formulas.labels(part):
                return given.score
            label = scale.label(int(given.score))
            return Fraction(int(label)) if label.isascii() and label.isdigit() and str(int(label)) == label else label
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
        mean, exact, _, opened, held = live.wholes[self.number - 1]
        closed = sum(part.part.required and part.gate is not None for part in result.parts)
        grade = MISSING if result.grade is None else _shown(self.writer.grade(result.grade))
        computed = MISSING if result.computed is None else result.computed
        return {
            "no": self.number,
            "student": student.student,
            "name": student.name,
            "weights": _weights(result.parts),
            "mean": mean,
            "level": student.level,
            "attended": student.attended,
            "adjust": result.adjust,
            "exact": exact,
            "rounded": None if exact is None else rounded(policy, exact),
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
        def said(parts: tuple[PartResult, ...]) -> str:
            text = ""
            for part in parts:
                if not part.part.required or part.gate is None:
                    continue
                below = said(part.children) if part.gate == "failed" else ""
                text += below or f"{part.part.name}: {self._gate(part)}. "
            return text

        return said(self.result.parts) or None

    def _fixed(self, field: Field) -> list[str] | None:
        """What must be as kurssi read it where this student's cell is a value from kurssi, because a spreadsheet would
        be wrong; None where a formula is right. Once something of it is changed, the formula stands in.
        """
        key, part = field.key, field.part
        if part is None:
            return [] if key.what == "rounded" and self.live.wholes[self.number - 1].fine else None  # the grade is held
        if key.what in ("units", "spending"):
            return None if self._by_the_clock(part, key.attempt) else self._times_hold(key, part)
        if key.what == "turn":
            if self.turns.by_the_clock:
                return None
            return [self._time_holds(Key("due", p.id, 1), p) for p in lateness.spenders(self.live.formulas)]
        found = self.parts[part.id]
        value, peer = found.value, found.peer
        if key.what == "gate" and not part.minimum_raw and value is not None and too_near(value, part.minimum):
            return [self._held("value", part, value), _size(names.of("minimum", part), part.minimum)]
        if key.what == "value" and peer is not None and too_near(peer.group_value, self.live.policy.pass_value):
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
        if given is not None and given.lateness is not None:
            return False  # the units are those of the lateness that the export gives
        if given is None or graded is None or late is None or given.submitted is None:
            return True
        when = due_of(part, attempt, given)
        if when is None or given.state in ("missing", "excused", "recognised"):
            return True
        zone = self.writer.zone
        came, due = clock.local(given.submitted, zone), clock.local(when, zone, ends=True)
        if came is None or due is None:
            return False
        read = LateClock(late, When(due, True), zone).of(When(came, True))
        return read == (graded.units, graded.state == "closed")


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
    """A value as long as all this holds, then the formula; None for a value that stays, or for too long a formula."""
    if not held:
        return None
    shown = quoted("" if value is None else value) if value is None or isinstance(value, str) else repr(value)
    text = f"IF({'*'.join(held)}=1,{shown},{template})"
    return text if len(text) <= LONGEST else None


def _shown(cell: Cell) -> Value:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell.value, (int, float)):
        return int(cell.value)
    raise TypeError("a grade is no time")


def _weights(results: tuple[PartResult, ...]) -> Fraction:
    """What the weights of the siblings that count sum to."""
    counting = [
        r.part for r in results if r.part.counts and r.value is not None and r.state not in ("excused", "recognised")
    ]
    return sum((Fraction(1) if part.weight is None else part.weight for part in counting), Fraction(0))


def _validate(writer: Writer, live: Live, sheet: Any, last: int) -> None:
    """What may be typed into the cells for entering; anything else is refused with a sentence."""
    words, policy = writer.words, live.policy
    for column, field in enumerate(live.fields):
        if field.kind != ENTER:
            continue
        cell = f"${live.letter(field.key)}{HEAD + 1}"
        rule: dict[str, object] = {"validate": "custom"}
        part = field.part
        if part is not None and field.key.what == "score":
            if part.graded == "pass-fail":
                signs = [PASSED, FAILED, "-", UNGRADED, EXCUSED, RECOGNISED]
                rule = {"validate": "list", "source": signs}
                message = words("Choose from the list: {signs}.", signs=", ".join(signs))
            else:
                signs = live.formulas.words(part, "-", UNGRADED, EXCUSED, RECOGNISED, "H", "fail")
                said = live.formulas.says(part, cell, *signs)
                rule["value"] = f"=OR({live.formulas.is_score(part, cell)},{said})"
                takes = _takes(policy, part)
                message = words("Enter {takes}, or one of the signs {signs}.", takes=takes, signs=", ".join(signs))
        elif field.key.what in ("submitted", "due"):
            rule["value"] = f"=ISNUMBER({cell})"
            message = words("Enter a date with a time of day.")
        elif field.key.what == "level" and policy.activity is not None:
            rule = {"validate": "list", "source": f"={names.ACTIVITY_LEVELS}"}
            message = words("Choose from the list: {signs}.", signs=", ".join(policy.activity.levels or ()))
        elif field.key.what == "attended" and policy.activity is not None:
            most = policy.activity.sessions
            rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": most}
            message = words("Enter a whole number from 0 to {most}.", most=most)
        else:
            rule["value"] = f"=SUMPRODUCT(--({names.SCALE_LABELS}={cell}))>0"
            message = words("Enter a grade of the scale: {grades}.", grades=", ".join(policy.scale.labels))
        refusal = {"error_title": words("Not possible here"), "error_message": message[:LONGEST_MESSAGE]}
        sheet.data_validation(HEAD, column, last, column, {**rule, **refusal})


def _takes(policy: Policy, part: Part) -> str:
    """The scores that a part takes."""
    if part.graded == "points":
        return f"0–{exact(part.max or Fraction(0))}"
    return ", ".join(policy.scale.labels) if policy.scale.own else f"{policy.scale.lowest}–{policy.scale.top}"


def _finish(writer: Writer, live: Live, sheet: Any, last: int, widths: Sequence[float]) -> None:
    """What is not as kurssi graded it, and who failed or is incomplete, stands out by type and by colour."""
    columns = {field.key: column for column, field in enumerate(live.fields)}
    ignored = {"number_stored_as_text": f"B{HEAD + 1}:B{last + 1}"}
    if guards := [live.letter(field.key) for field in live.fields if field.key.what == "kurssi_entered"]:
        ignored["formula_differs"] = f"{guards[0]}{HEAD + 1}:{guards[-1]}{last + 1}"
    sheet.ignore_errors(ignored)
    _validate(writer, live, sheet, last)
    mark_endless(writer, sheet, HEAD, last, [columns[field.key] for field in live.fields if field.key.what in NUMBERS])
    repeated = sum(widths[: 3 if live.named else 2])
    sheet.fit_to_pages(max(1, ceil((sum(widths) - repeated) / (PAGE - repeated))), 0)
    status = columns[Key("status")]
    mark_status(writer, sheet, HEAD, last, status - 1, status)
    changed = writer.format(bold=True, underline=1, font_color=AMBER, bg_color=AMBER_FILL)
    number, by_kurssi = (f"${live.letter(Key(what))}{HEAD + 1}" for what in ("number", "kurssi_number"))
    rule = {"type": "formula", "criteria": f"={number}<>{by_kurssi}", "format": changed}
    column = columns[Key("number")]
    sheet.conditional_format(HEAD, column, last, column, rule)
