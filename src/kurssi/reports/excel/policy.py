"""The sheet with the rules: sentences, a table of the parts, and the criteria of the implementation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from kurssi.findings import Path
from kurssi.messages import Msg, Terms, msg, nmsg
from kurssi.policy import Activity, Late, Part, Peer, Policy
from kurssi.times import describe

from .sheet import Cell, Column, Writer, headed, height, lines_of

LEVELS: dict[str, Msg] = {
    "fail": msg("fail"),
    "satisfactory": msg("satisfactory"),
    "good": msg("good"),
    "excellent": msg("excellent"),
}
ROUNDING: dict[str, Msg] = {
    "half-up": msg("The total is rounded to a whole grade, halves up."),
    "down": msg("The total is rounded down to a whole grade."),
    "up": msg("The total is rounded up to a whole grade."),
    "half-even": msg("The total is rounded to a whole grade, halves to the even grade."),
}
Sentence = tuple[Msg, object, Path]
"""What it is about, the sentence, and the place of its rule."""


def write(writer: Writer) -> None:
    """Sentences first, because most readers want those; then the parts; then the criteria."""
    words, book = writer.words, writer.book
    sheet = writer.sheet(words("Policy"))
    sheet.hide_gridlines(2)
    spec, rows = _table(writer)
    last = len(spec) - 1
    widths = [_width(column, [row[i] for row in rows]) for i, column in enumerate(spec)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    room = int(sum(widths[1:last]) * 1.05)

    writer.put(sheet, 0, 0, words("How the grade comes about"), writer.title)
    row = 2
    for topic, sentence, path in sentences(book.policy):
        _wide(writer, sheet, row, last - 1, headed(words.say(topic)), words.say(sentence), room)
        writer.put(sheet, row, last, writer.rule(path), writer.wrapped)
        row += 1
    row += 1
    writer.begin(sheet, row, words("The parts"))
    row += 1
    for column, heading in enumerate(spec):
        writer.put(sheet, row, column, heading.heading, writer.centred_heading if heading.centre else writer.heading)
    heads = [lines_of(column.heading, int(width / 1.15)) for column, width in zip(spec, widths, strict=True)]
    sheet.set_row(row, height(max(heads)) + 4)
    for cells in rows:
        row += 1
        texts = [(cell, int(width) - 2) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str)]
        sheet.set_row(row, height(max(lines_of(*text) for text in texts)))
        for column, cell in enumerate(cells):
            writer.put(sheet, row, column, cell, writer.centred if spec[column].centre else writer.wrapped)
    row += 2
    given = book.file.assessment
    if given is None:
        return
    if given.criteria:
        writer.begin(sheet, row, words("Assessment criteria"))
        for level, lines in given.criteria.items():
            row += 1
            name = words.say(LEVELS[level]) if level in LEVELS else level
            _wide(writer, sheet, row, last, headed(name), "\n".join(lines), room + int(widths[last]))
        row += 2
    if given.methods:
        writer.begin(sheet, row, words("Assessment methods as published"))
        for text in given.methods:
            row += 1
            _wide(writer, sheet, row, last, "", text, room + int(widths[last]))


def _width(column: Column, cells: Sequence[Cell]) -> float:
    longest = max((len(cell) if isinstance(cell, str) else cell.width if cell else 0 for cell in cells), default=0)
    word = max(len(word) for word in column.heading.split())
    return float(max(min(longest + 2, column.most), word * 1.1 + 2))


def _wide(writer: Writer, sheet: Any, row: int, last: int, topic: str, text: str, room: int) -> None:
    """A topic and its text across all other columns. Merged cells do not find their height, so it is set."""
    writer.put(sheet, row, 0, topic, writer.format(bold=True, text_wrap=True))
    sheet.merge_range(row, 1, row, last, "", writer.wrapped)
    writer.put(sheet, row, 1, text, writer.wrapped)
    sheet.set_row(row, height(max(lines_of(text, room), lines_of(topic, 20))) + 2)


# ---- sentences ---------------------------------------------------------------------------------------------


def sentences(policy: Policy) -> Iterator[Sentence]:
    """The policy in words."""
    scale, whole = policy.scale, (*policy.path, "evaluation_scale")
    yield (
        msg("scale"),
        msg(
            "Grades are {grades}; {grade} and above pass.",
            grades=Terms(scale.labels),
            grade=scale.label(scale.pass_grade),
        ),
        whole,
    )
    if policy.percent:
        steps = [
            msg("{grade} from {bound} %", grade=scale.label(grade), bound=bound)
            for grade, bound in zip(scale.grades[1:], policy.boundaries, strict=False)
        ]
        yield (
            msg("total"),
            msg("The total is the weighted mean of the parts in per cent. Grades: {steps}.", steps=Terms(steps)),
            (*policy.path, "boundaries"),
        )
    elif any(part.counts for part in policy.parts):
        mean = msg("The total is the weighted mean of the parts, with every decimal kept.")
        yield msg("total"), mean, (*policy.path, "parts")
        yield msg("rounding"), ROUNDING[policy.rounding], (*policy.path, "rounding")
    else:
        yield msg("total"), msg("Who passes every part passes."), (*policy.path, "parts")
    yield (
        msg("gates"),
        msg("A part that must be passed and is not makes the final grade {grade}.", grade=scale.label(scale.lowest)),
        (*policy.path, "parts"),
    )
    yield (
        msg("lower limit"),
        msg("The total may fail a student who passed every gate.")
        if policy.may_fail
        else msg("Who passes every gate gets at least {grade}.", grade=scale.label(scale.pass_grade)),
        (*policy.path, "may_fail"),
    )
    yield from _lateness(policy)
    if policy.free is not None:
        budget = describe(policy.free.budget)
        yield (
            msg("free late time"),
            msg("{budget} of late time are forgiven per student, spent where it helps the student most.", budget=budget)
            if policy.free.helps
            else msg("{budget} of late time are forgiven per student, spent in order of the deadlines.", budget=budget),
            policy.free.path,
        )
    if policy.activity is not None:
        yield msg("activity"), _activity(policy, policy.activity), policy.activity.path
    for part in policy.leaves():
        if part.peer is not None:
            yield msg("peer marks"), _peer(part, part.peer), part.peer.path
    yield (
        msg("times"),
        msg("Times without an offset are in the zone {zone}.", zone=policy.timezone),
        (*policy.path, "timezone"),
    )


def _lateness(policy: Policy) -> Iterator[Sentence]:
    rules: dict[tuple[object, ...], tuple[Late, list[str]]] = {}
    for part in policy.leaves():
        late = part.late
        if late is not None and (late.deduct or late.closes is not None):
            key = (late.path, late.deduct, late.not_below if late.deduct else None)
            rules.setdefault(key, (late, []))[1].append(part.name)
    if not rules:
        yield msg("lateness"), msg("Nothing is deducted for lateness."), (*policy.path, "late")
    for late, names in rules.values():
        yield msg("lateness"), Terms([msg("{parts}:", parts=Terms(names)), *_rule(policy, late)], " "), late.path


def _rule(policy: Policy, late: Late) -> Iterator[Msg]:
    amounts = [_amount(late, policy, amount) for amount in late.deduct]
    costs = Terms(amounts)
    if late.deduct and late.table:
        text = {
            "hour": msg("1, 2, … started hours late cost {amounts}, and no more after that.", amounts=costs),
            "day": msg("1, 2, … started days late cost {amounts}, and no more after that.", amounts=costs),
            "week": msg("1, 2, … started weeks late cost {amounts}, and no more after that.", amounts=costs),
        }
        yield text[late.per]
    elif late.deduct:
        text = {
            "hour": msg("every started hour of lateness costs {amount}.", amount=amounts[0]),
            "day": msg("every started day of lateness costs {amount}.", amount=amounts[0]),
            "week": msg("every started week of lateness costs {amount}.", amount=amounts[0]),
        }
        yield text[late.per]
    if late.deduct and late.at_most is not None:
        yield msg("The deduction is at most {amount}.", amount=_size(late, policy, late.at_most, late.at_most_percent))
    if late.deduct:
        yield msg("Lateness alone takes no value below {value}.", value=_value(policy, late.not_below))
    if late.grace is not None:
        yield msg("Up to {time} late is on time.", time=describe(late.grace))
    if late.closes is not None:
        yield msg("More than {time} late counts as not submitted.", time=describe(late.closes))


def _amount(late: Late, policy: Policy, amount: Fraction) -> Msg:
    return _size(late, policy, amount, late.percent)


def _size(late: Late, policy: Policy, amount: Fraction, percent: bool) -> Msg:
    if percent and late.of == "earned":
        return msg("{n} % of the value", n=amount)
    if percent:
        return msg("{n} % of {top}", n=amount, top=_value(policy, policy.top))
    return msg("{n} points of 100", n=amount) if policy.percent else msg("{n} grade steps", n=amount)


def _value(policy: Policy, value: Fraction) -> object:
    return msg("{n} %", n=value) if policy.percent else value


def _activity(policy: Policy, activity: Activity) -> Msg:
    if activity.levels is not None:
        adjusts = [msg("{level} {adjust}", level=k, adjust=_signed(v)) for k, v in activity.levels.items()]
        how = msg("Activity adds to the mean: {levels}.", levels=Terms(adjusts))
    else:
        bands = [msg("from {share} % {adjust}", share=b.share * 100, adjust=_signed(b.adjust)) for b in activity.bands]
        how = msg(
            "Attendance adds to the mean, by the share of {n} sessions: {bands}.",
            n=activity.sessions,
            bands=Terms(bands),
        )
    limits = msg(
        "It neither lifts the mean above {top} nor, by itself, takes it below {low}.",
        top=_value(policy, policy.top),
        low=_value(policy, policy.pass_value),
    )
    return msg("{first} {second}", first=how, second=limits)


def _signed(value: Fraction) -> object:
    return msg("+{n}", n=value) if value > 0 else value


def _peer(part: Part, peer: Peer) -> Terms:
    said: list[object] = [
        msg(
            "{part}: peer marks move a member's value; {weight} % of it are multiplied by the member's factor.",
            part=part.name,
            weight=peer.weight * 100,
        ),
        msg("Own marks count.") if peer.own else msg("Own marks do not count."),
        msg("Who gives no marks is left out.")
        if peer.excluded
        else msg("No marks count as equal marks for all others."),
    ]
    if peer.penalty:
        said.append(msg("Who gives no marks loses {n} % of the value.", n=peer.penalty * 100))
    if peer.at_most is not None:
        said.append(msg("The value stays within {n} of the group's.", n=peer.at_most))
    if not peer.may_fail:
        said.append(msg("Peer marks take no passing value below the pass grade."))
    return Terms(said, " ")


# ---- the parts ---------------------------------------------------------------------------------------------


def _table(writer: Writer) -> tuple[list[Column], list[list[Cell]]]:
    words = writer.words
    spec = [
        Column(headed(words("part")), 40),
        Column(headed(words("weight %")), 10, centre=True),
        Column(headed(words("assessed as")), 30),
        Column(headed(words("by")), 14),
        Column(headed(words("must be passed")), 12, centre=True),
        Column(headed(words("at least")), 16, centre=True),
        Column(headed(words("attempts")), 30),
        Column(headed(words("due")), 24),
        Column(headed(words("rule")), 26),
    ]
    return spec, list(_part_rows(writer, writer.book.policy.parts, 0))


def _part_rows(writer: Writer, parts: Sequence[Part], depth: int) -> Iterator[list[Cell]]:
    words, policy = writer.words, writer.book.policy
    for part in parts:
        due: Cell = None
        if any(part.dues):
            due = "\n".join("–" if d is None else words.moment(d) for d in part.dues)
        yield [
            "    " * depth + part.name,
            _weight(writer, part, parts),
            words.say(_graded(policy, part)),
            None if part.parts else words("group") if part.by_group else words("individual"),
            words("yes") if part.required else words("no"),
            words.say(_minimum(policy, part)),
            words.say(_choice(part) if part.parts else _attempts(part)),
            due,
            writer.rule(part.path),
        ]
        yield from _part_rows(writer, part.parts, depth + 1)


def _weight(writer: Writer, part: Part, siblings: Sequence[Part]) -> Cell:
    if part.weight is not None:
        figure = writer.figure(part.weight)
        bonus = writer.words("bonus {n}", n=part.weight)
        return bonus if part.bonus else figure
    return writer.words("equal") if part.counts and len(siblings) > 1 else None


def _graded(policy: Policy, part: Part) -> Msg:
    if part.parts:
        return msg("mean of its parts") if any(child.counts for child in part.parts) else msg("passed with its parts")
    if part.graded == "pass-fail":
        return msg("passed or failed")
    if part.graded == "grade":
        return msg("grade {low}–{top}", low=policy.scale.lowest, top=policy.scale.top)
    words: Mapping[str, object] = {"max": part.max}
    if part.boundaries is not None:
        grades = [
            msg("{grade} from {points}", grade=policy.scale.label(grade), points=points)
            for grade, points in zip(policy.scale.grades[1:], part.boundaries, strict=False)
        ]
        return msg("points of {max}: {grades}", grades=Terms(grades), **words)
    if part.linear is not None:
        (low_points, low), (high_points, high) = part.linear
        return msg(
            "points of {max}: a straight line from {low_points} = {low} to {high_points} = {high}",
            low_points=low_points,
            low=low,
            high_points=high_points,
            high=high,
            **words,
        )
    return msg("points of {max}", **words)


def _minimum(policy: Policy, part: Part) -> object:
    if part.graded == "pass-fail":
        return msg("passed")
    if part.minimum_raw:
        return msg("{n} points", n=part.minimum)
    return _value(policy, part.minimum)


def _attempts(part: Part) -> Terms:
    number = len(part.dues)
    if number == 1:
        return Terms([msg("one")])
    said: list[object] = [nmsg("{n} attempt", "{n} attempts", n=number)]
    said.append(msg("the latest counts") if part.latest else msg("the best counts"))
    if part.retake_at_most is not None:
        said.append(msg("a retake counts at most {n}", n=part.retake_at_most))
    return Terms(said)


def _choice(part: Part) -> object:
    if part.best is not None:
        return msg("the best {n} count", n=part.best)
    if part.drop_lowest is not None:
        return msg("the lowest {n} are dropped", n=part.drop_lowest)
    return ""
