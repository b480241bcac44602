"""The sheet with the sizes of the policy, each in a named cell that the formulas start from.

A new size of the policy gets a :class:`Size` here, its name in :mod:`kurssi.grading.spreadsheet.names`, and its
place in the ``formula.py`` of its construct.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple, assert_never

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, msg
from kurssi.grading.lateness import formula as lateness
from kurssi.grading.lateness.words import deducted_in, deduction_in_short
from kurssi.grading.mean import formula as mean
from kurssi.grading.mean.words import choice_rule
from kurssi.grading.spreadsheet import names
from kurssi.policy.late_units import hours_of_unit
from kurssi.policy.model import Late, Part, Policy
from kurssi.policy.scales import Scale
from kurssi.values.numbers import Bound
from kurssi.values.times import When, describe

from . import clock, figures
from .clock import hours_of
from .live import Live
from .sheet import AMBER, AMBER_FILL, GREY, RED, RED_FILL, Cell, Format, Writer, headed, height, lines_of

WIDTHS = (34, 58, 20, 20, 30, 30)
"""Of the columns: what it is about, what it is, its value, the value that kurssi read, its name, its rule."""


SIGNED = (names.ACTIVITY_ADJUST, names.ATTENDANCE_ADJUST)
VALUE, READ, NAME, RULE = 2, 3, 4, 5
"""The columns of the values, of those that kurssi read, of names and of rules."""


class Size(NamedTuple):
    """A size: what it is about, its name, the place of its rule, and its rows: what each is, and its value."""

    about: object
    name: str
    path: Path
    rows: Sequence[tuple[object, object]]
    enter: bool = True
    """Whether changing it means something; the numbers of grades do not change."""


class Formula(NamedTuple):
    """A value that is worked out from other sizes."""

    text: str
    value: Fraction


def write(writer: Writer, live: Live) -> None:
    """How the workbook computes, in sentences; then every size."""
    words = writer.words
    sheet = writer.sheet(words("Weights and limits"))
    sheet.hide_gridlines(2)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, words("Weights and limits"), writer.title)
    row = 2
    for sentence in _sentences(live):
        text = words.say(sentence)
        sheet.merge_range(row, 0, row, len(WIDTHS) - 1, "", writer.wrapped)
        writer.put(sheet, row, 0, text, writer.wrapped)
        sheet.set_row(row, height(lines_of(text, sum(WIDTHS) * 11 // 10)) + 3)
        row += 1
    row += 1
    headings = (
        words("about"),
        words("size"),
        words("value"),
        words("from kurssi"),
        words("name in formulas"),
        words("rule"),
    )
    for column, heading in enumerate(headings):
        format_ = writer.centred_heading if column in (VALUE, READ) else writer.heading
        writer.put(sheet, row, column, headed(heading), format_)
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 0)
    row += 1
    top = row
    last: object = None
    for size in _sizes(live):
        if size.name not in live.used:
            continue
        first = row
        for what, value in size.rows:
            if size.about != last:
                writer.put(sheet, row, 0, headed(words.say(size.about)), writer.format(bold=True, text_wrap=True))
            last = size.about
            _put_what(writer, sheet, row, words.say(what))
            _put_value(writer, sheet, row, value, size.enter)
            _put_read(writer, sheet, row, value)
            if size.enter and not isinstance(value, Formula):
                _validate(writer, sheet, row, signed=size.name in SIGNED)
            writer.put(sheet, row, NAME, size.name)
            writer.put(sheet, row, RULE, writer.rule(size.path))
            row += 1
        _name(writer, sheet, size.name, first, row - 1)
    changed = writer.format(bold=True, underline=1, font_color=AMBER, bg_color=AMBER_FILL)
    rule = {"type": "formula", "criteria": f"=$C{top + 1}<>$D{top + 1}", "format": changed}
    sheet.conditional_format(top, VALUE, row - 1, VALUE, rule)
    if live.needs.guards:
        row = _count_changes(writer, sheet, top, row)
    _checks(writer, sheet, live, row)


def _count_changes(writer: Writer, sheet: Any, top: int, row: int) -> int:
    """How many sizes are not as kurssi read them; the next row."""
    words = writer.words
    writer.put(sheet, row, 0, headed(words("check")), writer.format(bold=True))
    _put_what(writer, sheet, row, words("so many values are not as kurssi read them"))
    formula = f"=SUMPRODUCT(--($C${top + 1}:$C${row}<>$D${top + 1}:$D${row}))"
    sheet.write_formula(row, VALUE, formula, writer.centred, 0)
    writer.put(sheet, row, NAME, names.SIZES_CHANGED)
    _name(writer, sheet, names.SIZES_CHANGED, row, row)
    return row + 1


def _name(writer: Writer, sheet: Any, name: str, first: int, last: int) -> None:
    cells = f"$C${first + 1}" + (f":$C${last + 1}" if last > first else "")
    quoted = "'" + sheet.get_name().replace("'", "''") + "'"
    writer.file.define_name(name, f"={quoted}!{cells}")


def _validate(writer: Writer, sheet: Any, row: int, *, signed: bool) -> None:
    """Only a number may be typed, and one below 0 only where something may be taken away."""
    words, cell = writer.words, f"$C${row + 1}"
    value = f"=ISNUMBER({cell})" if signed else f"=AND(ISNUMBER({cell}),{cell}>=0)"
    message = words("Enter a number.") if signed else words("Enter a number that is not below 0.")
    refusal = {"error_title": words("Not possible here"), "error_message": message}
    sheet.data_validation(row, VALUE, row, VALUE, {"validate": "custom", "value": value, **refusal})


def _put_what(writer: Writer, sheet: Any, row: int, text: str) -> None:
    """What a value is; not every program makes a row as high as that takes."""
    writer.put(sheet, row, 1, text, writer.wrapped)
    if (lines := lines_of(text, WIDTHS[1])) > 1:
        sheet.set_row(row, height(lines))


def _put_value(writer: Writer, sheet: Any, row: int, value: object, enter: bool) -> None:
    """The value, in a cell for entering where changing it means something."""
    if isinstance(value, Formula):
        sheet.write_formula(row, VALUE, f"={value.text}", writer.centred, figures.held(value.value))
    else:
        _put(writer, sheet, row, VALUE, value, writer.input if enter else partial(writer.format, align="center"))


def _put_read(writer: Writer, sheet: Any, row: int, value: object) -> None:
    """The same as kurssi read it."""
    given = value.value if isinstance(value, Formula) else value
    _put(writer, sheet, row, READ, given, partial(writer.format, align="center", font_color=GREY))


def _put(writer: Writer, sheet: Any, row: int, column: int, value: object, format_: Callable[..., Format]) -> None:
    at = clock.local(value, writer.zone, ends=True) if isinstance(value, When) else None
    if isinstance(value, Fraction):
        sheet.write_number(row, column, figures.held(value), format_())
    elif at is not None:
        sheet.write_number(row, column, clock.serial(at), format_(num_format=writer.time_format(at)))
    elif isinstance(value, When):
        writer.put(sheet, row, column, writer.words.moment(value), format_())
    else:
        text: Cell = value if isinstance(value, str) else writer.words.say(value)
        writer.put(sheet, row, column, text, format_())


# ---- sentences ---------------------------------------------------------------------------------------------


def _sentences(live: Live) -> Iterator[Msg]:
    policy, needs = live.policy, live.needs
    yield msg(
        "Change a value here, or a score on the sheet {sheet}, and grades, distribution and chart follow. "
        "Framed cells are for entering; nothing else is.",
        sheet=live.sheet_name,
    )
    yield msg(
        "The files do not change with it: for grades that hold, enter the change in the score sheet or in the "
        "implementation file and run kurssi grade again. The sheets of steps, of the policy and of findings stay as "
        "kurssi wrote them."
    )
    if needs.late:
        yield msg(
            "Late units are counted by the clock of {zone}, with its changes. For a time that a spreadsheet cannot "
            "hold or tell apart they are a value from kurssi, in italics, until the time is changed.",
            zone=policy.timezone,
        )
    if any(part.late is not None and part.late.skip is not None for part in policy.leaves()):
        yield msg(
            "Where days are skipped, late units are a value from kurssi. Once a time is changed, who has come late has "
            "no grade here: kurssi grade counts the days."
        )
    if lateness.spenders(live.formulas):
        yield msg(
            "The free late time is spent in whole late units, in order of deadlines. Which turn a part has, and how "
            "many hours are left then, stand in columns of their own."
        )
    elif policy.free is not None:
        yield msg(
            "How many late units the free budget of {budget} forgives is a value from kurssi: it depends on all parts "
            "at once. Once something of a student is changed, it is gone, and who has come late has no grade here.",
            budget=describe(policy.free.budget),
        )
    if needs.peers:
        yield msg(
            "The factor of the peer marks is a value from kurssi; what it makes of the group's value is a formula."
        )
    yield msg(
        "Where something is not graded yet, kurssi found which grades are still within reach; here such a student has "
        "no grade until the score is entered, or kurssi's, where nothing that is open can change it. Both stand only "
        "as long as all that is entered for the student, and all values here, are as kurssi read them."
    )
    if live.book.as_of is not None and needs.held:
        yield msg("What may still come at {day} counts as open, and stays so here.", day=live.book.as_of)
    if live.too_long:
        yield msg("A formula longer than a cell may hold is a value from kurssi, in italics.")
    yield msg(
        "Values are compared and rounded after rounding to nine decimals, because a spreadsheet counts in binary and "
        "holds about sixteen digits. Where that would decide, the grade is a value from kurssi."
    )


# ---- sizes -------------------------------------------------------------------------------------------------


def _sizes(live: Live) -> Iterator[Size]:
    policy = live.policy
    yield from _scale(policy)
    if policy.activity is not None:
        yield from _activity(policy)
    yield from _demands(policy)
    rules: dict[Path, Late] = {}
    for part in policy.leaves():
        late = part.late
        if late is None or not any((part.id, n) in live.needs.late for n in range(1, 100)):
            continue
        if late.path not in rules or (late.deduct and not rules[late.path].deduct):
            rules[late.path] = late  # a pass-fail part knows only half of it
    if policy.free is not None:
        said = msg("free late time, in hours")
        yield Size(msg("lateness"), names.LATE_BUDGET, policy.free.path, [(said, Fraction(policy.free.hours))])
        if policy.free.at_most is not None:
            each = [(msg("free late time of one attempt at most, in hours"), Fraction(policy.free.at_most.hours))]
            yield Size(msg("lateness"), names.LATE_EACH, policy.free.path, each)
    for late in rules.values():
        yield from _late(policy, late)
    if policy.cap is not None:
        yield Size(msg("total"), names.cap(policy), (*policy.path, "cap"), [(msg("counts at most as"), policy.cap)])
    for part in policy.all_parts():
        yield from _part(live, part)
        yield from _need(part)
    if live.needs.clock:
        yield from _clock(live)


def _scale(policy: Policy) -> Iterator[Size]:
    scale, path = policy.scale, (*policy.path, "evaluation_scale")
    about = msg("scale")
    grades = [(msg("grade {grade}", grade=scale.label(g)), Fraction(g)) for g in scale.grades]
    labels = [
        (msg("grade {grade}, as it is shown", grade=scale.label(g)), _label(scale.label(g))) for g in scale.grades
    ]
    yield Size(about, names.SCALE_GRADES, path, grades, enter=False)
    yield Size(about, names.SCALE_LABELS, path, labels, enter=False)
    yield Size(about, names.SCALE_LOWEST, path, [(msg("the lowest grade"), Fraction(scale.lowest))], enter=False)
    yield Size(about, names.SCALE_TOP, path, [(msg("the top grade"), Fraction(scale.top))], enter=False)
    yield Size(about, names.SCALE_PASS, path, [(msg("the pass grade"), Fraction(scale.pass_grade))], enter=False)
    least = Fraction(scale.lowest if policy.may_fail else scale.pass_grade)
    rows = [(msg("who passed every gate gets at least"), least)]
    yield Size(msg("lower limit"), names.AT_LEAST, (*policy.path, "may_fail"), rows)
    if policy.percent:
        path = (*policy.path, "boundaries")
        yield Size(
            msg("total"), "lowest_value", path, [(msg("the lowest value, in per cent"), Fraction(0))], enter=False
        )
        yield Size(msg("total"), "top_value", path, [(msg("the top value, in per cent"), Fraction(100))], enter=False)
        bounds = list(zip(scale.grades[1:], policy.boundaries, strict=False))
        steps = [
            (
                msg("{grade} over, in per cent", grade=scale.label(grade))
                if bound.strict
                else msg("{grade} from, in per cent", grade=scale.label(grade)),
                bound.value,
            )
            for grade, bound in bounds
        ]
        yield Size(msg("total"), names.BOUNDARIES, path, steps)
        yield from _strict(msg("total"), names.OVER_BOUNDARIES, path, scale, policy.boundaries)
        passes = msg("the pass grade, in per cent: the boundary of {grade}", grade=scale.label(scale.pass_grade))
        place = f"INDEX({names.BOUNDARIES},{scale.pass_grade - scale.lowest})"
        yield Size(msg("total"), "pass_value", path, [(passes, Formula(place, policy.pass_value))])


def _strict(about: object, name: str, path: Path, scale: Scale, bounds: Sequence[Bound]) -> Iterator[Size]:
    """For each boundary whether what is exactly on it is not enough; nothing where it is enough everywhere."""
    if any(bound.strict for bound in bounds):
        rows = [
            (
                msg("{grade}: 1 where the boundary itself is not enough", grade=scale.label(grade)),
                Fraction(bound.strict),
            )
            for grade, bound in zip(scale.grades[1:], bounds, strict=False)
        ]
        yield Size(about, name, path, rows)


def _label(label: str) -> object:
    plain = label.isascii() and label.isdigit() and str(int(label)) == label
    return Fraction(int(label)) if plain else label


def _activity(policy: Policy) -> Iterator[Size]:
    activity = policy.activity
    if activity is None:
        return
    about, path = msg("activity"), activity.path
    if activity.levels is not None:
        levels = activity.levels.items()
        rows = [(msg("level"), name) for name, _ in levels]
        yield Size(about, names.ACTIVITY_LEVELS, path, rows, enter=False)
        added = [(msg("{level} adds", level=name), adjust) for name, adjust in levels]
        yield Size(about, names.ACTIVITY_ADJUST, path, added)
        return
    bands = activity.bands
    shares = [
        (msg("{share} % of the sessions, in sessions", share=b.share * 100), b.share * activity.sessions) for b in bands
    ]
    yield Size(about, names.ATTENDANCE_FROM, path, shares)
    added = [(msg("from {share} % on adds", share=b.share * 100), b.adjust) for b in bands]
    yield Size(about, names.ATTENDANCE_ADJUST, path, added)


def _demands(policy: Policy) -> Iterator[Size]:
    """What grades ask, as it is measured."""
    parts = {part.id: part.name for part in policy.all_parts()}
    for demand in policy.requires:
        about = msg("the grade {grade} requires", grade=demand.label)
        part = parts.get(demand.part, demand.part)
        match demand.measure:
            case "sessions":
                said = msg("attendance of at least so many sessions")
            case "points":
                said = msg("at least so many points in {part}", part=part)
            case "value":
                said = msg("at least this value in {part}", part=part)
            case "pass":
                continue
            case _ as unknown:
                assert_never(unknown)
        yield Size(about, names.asked(demand), demand.path, [(said, demand.bound)])


def _late(policy: Policy, late: Late) -> Iterator[Size]:
    path = late.path
    owner = next((part.name for part in policy.all_parts() if (*part.path, "late") == path), None)
    about: object = msg("lateness") if owner is None else msg("lateness: {part}", part=owner)

    def size(what: str, said: object, value: Fraction) -> Size:
        return Size(about, names.late(what, late, policy), path, [(said, value)])

    if late.deduct:
        unit = deducted_in(policy, late, late.percent)
        said = [deduction_in_short(late, n, unit) for n in range(1, len(late.deduct) + 1)]
        yield Size(about, names.late("deduct", late, policy), path, list(zip(said, late.deduct, strict=True)))
        if late.at_most is not None:
            unit = deducted_in(policy, late, late.at_most_percent)
            yield size("at_most", msg("the largest deduction, in {unit}", unit=unit), late.at_most)
    yield size("unit", msg("length of a late unit, in hours"), Fraction(hours_of_unit(late.per)))
    if late.grace is not None:
        yield size("grace", msg("late by so many hours is on time"), hours_of(late.grace))
    if late.closes is not None:
        yield size("closes", msg("late by more hours counts as not submitted"), hours_of(late.closes))


def _clock(live: Live) -> Iterator[Size]:
    found = live.clock_changes
    about, path = msg("times"), (*live.policy.path, "timezone")
    at = [(msg("the clock is changed"), When(change.at, True)) for change in found]
    yield Size(about, names.CLOCK_CHANGES, path, at, enter=False)
    seconds = [(msg("seconds that it goes forward"), Fraction(change.seconds)) for change in found]
    yield Size(about, names.CLOCK_SECONDS, path, seconds, enter=False)


def _part(live: Live, part: Part) -> Iterator[Size]:
    policy, formulas = live.policy, live.formulas
    path = part.path

    def size(what: str, said: object, value: Fraction) -> Size:
        return Size(part.name, names.of(what, part), path, [(said, value)])

    if part.cap is not None:
        yield size("cap", msg("counts at most as"), part.cap)
    chosen = {child.id for p in policy.all_parts() if p.chooses for child in mean.counting(formulas, p)}
    if part.id in _added_up(policy):
        pass  # its max is what it weighs
    elif part.bonus:
        yield size("weight", msg("bonus, in per cent of the value"), part.weight or Fraction(0))
    elif part.counts and part.id not in chosen and not part.is_way:
        said = msg("weight, in per cent") if part.weight is not None else msg("weight, the same for all")
        yield size("weight", said, part.weight if part.weight is not None else Fraction(1))
    if part.choice is not None and part.chooses:
        yield size(part.choice.rule, choice_rule(part.choice.rule), Fraction(part.choice.number))
    if part.in_points and not part.parts:
        yield from _points(policy, part)
    if not part.is_way and policy.has_gate(part) and (part.parts or part.valued or part.minimum_raw):
        said = msg("at least, in points") if part.minimum_raw else msg("at least")
        yield size("minimum", said, part.minimum)
    if part.parts:
        return
    if part.late is not None and any(lateness.deducts(formulas, part, n) for n in range(1, len(part.dues) + 1)):
        yield size("not_below", msg("lateness alone takes no value below"), part.late.not_below)
    if part.takes is not None:
        return
    if part.retake_at_most is not None and len(part.dues) > 1:
        yield size("retake_at_most", msg("a retake counts at most"), part.retake_at_most)
    if part.gain and part.joins:
        yield size("gain", msg("of what a later attempt is above the first one, in per cent"), part.gain * 100)
    for attempt, due in enumerate(part.dues, 1):
        if due is not None and (part.id, attempt) in live.needs.late:
            said = msg("due") if attempt == 1 else msg("attempt {n} due", n=attempt)
            yield Size(part.name, names.due(part, attempt), path, [(said, due)])
    peer = part.peer
    if peer is not None and part.id in live.needs.peers:
        yield size("peer_weight", msg("the factor moves so many per cent of the value"), peer.weight * 100)
        if peer.penalty:
            yield size("peer_penalty", msg("who gives no marks loses, in per cent"), peer.penalty * 100)
        if peer.at_most is not None:
            yield size("peer_at_most", msg("peer marks move the value at most by"), peer.at_most)


def _need(part: Part) -> Iterator[Size]:
    if part.need is not None:
        said = msg("so many of its parts must be passed")
        yield Size(part.name, names.of("need", part), part.path, [(said, Fraction(part.need))])


def _added_up(policy: Policy) -> set[str]:
    """The parts whose points are added up with those beside them."""
    owners: list[Part | Policy] = [policy, *policy.all_parts()]
    return {part.id for owner in owners if owner.by_points for part in owner.parts}


def _points(policy: Policy, part: Part) -> Iterator[Size]:
    path = part.path
    if part.takes is None:
        yield Size(part.name, names.of("max", part), path, [(msg("most points"), part.max or Fraction(0))])
    if part.over and part.takes is None:
        yield Size(part.name, names.of("over", part), path, [(msg("points beyond that count, at most"), part.over)])
    if policy.percent:
        return
    if part.boundaries is not None:
        steps = [
            (
                msg("{grade} over, in points", grade=policy.scale.label(grade))
                if bound.strict
                else msg("{grade} from, in points", grade=policy.scale.label(grade)),
                bound.value,
            )
            for grade, bound in zip(policy.scale.grades[1:], part.boundaries, strict=False)
        ]
        yield Size(part.name, names.of("boundaries", part), path, steps)
        yield from _strict(part.name, names.of("over_boundaries", part), path, policy.scale, part.boundaries)
    elif part.linear is not None:
        (low_points, low), (high_points, high) = part.linear
        line: list[tuple[str, object, Fraction]] = [
            ("points_low", msg("points from which the straight line runs"), low_points),
            ("value_low", msg("value where it begins"), low),
            ("points_high", msg("points to which the straight line runs"), high_points),
            ("value_high", msg("value where it ends"), high),
        ]
        for what, said, value in line:
            yield Size(part.name, names.of(what, part), path, [(said, value)])


# ---- checks ------------------------------------------------------------------------------------------------


def _checks(writer: Writer, sheet: Any, live: Live, row: int) -> None:
    """What the weights of each level sum to, and one cell that says whether all of them are right.

    Nothing is normalised silently: no grade comes out of weights that do not sum to 100.
    """
    words, formulas = writer.words, live.formulas
    tests = []
    levels: list[Part | None] = [None, *(part for part in live.policy.all_parts() if part.parts)]
    for part in levels:
        weighed = mean.counting(formulas, part)
        owner = part or live.policy
        if owner.by_points or (part is not None and part.chooses) or all(child.weight is None for child in weighed):
            continue
        about = part.name if part is not None else words("the whole")
        writer.put(sheet, row, 0, headed(about), writer.format(bold=True, text_wrap=True))
        _put_what(writer, sheet, row, words("the weights sum to"))
        total = sum((child.weight or Fraction(0) for child in weighed), Fraction(0))
        sum_formula = "+".join(mean.weight(child, owner) for child in weighed)
        sheet.write_formula(row, VALUE, f"={sum_formula}", writer.centred, float(total))
        name = names.sum_of(part)
        writer.put(sheet, row, NAME, name)
        _name(writer, sheet, name, row, row)
        tests.append(f"ROUND({name},9)=100")
        row += 1
    writer.put(sheet, row, 0, headed(words("check")), writer.format(bold=True))
    _put_what(writer, sheet, row, words("ok where all weights sum to 100; else nobody has a grade"))
    test = f"AND({','.join(tests)})" if tests else "TRUE"
    sheet.write_formula(row, VALUE, f'=IF({test},"ok","≠ 100")', writer.centred, "ok")
    writer.put(sheet, row, NAME, names.WEIGHTS_CHECK)
    _name(writer, sheet, names.WEIGHTS_CHECK, row, row)
    wrong = writer.format(bold=True, font_color=RED, bg_color=RED_FILL)
    sheet.conditional_format(
        row, VALUE, row, VALUE, {"type": "formula", "criteria": f'=$C${row + 1}<>"ok"', "format": wrong}
    )
