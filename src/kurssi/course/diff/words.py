"""What keys and their values are called in a comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, assert_never

from kurssi.course.model import (
    Attendance,
    Bonus,
    Criterion,
    Deduction,
    Free,
    Gain,
    LearningOutcome,
    Markers,
    OwnScale,
    Seats,
    WorkloadPart,
)
from kurssi.diagnostics.message import Msg, PerCent, Terms, msg, nmsg
from kurssi.planning.estimates import told
from kurssi.values.hours import Hours, Length
from kurssi.values.numbers import Amount, Boundary
from kurssi.values.times import Weeks, When, describe, week_of

LABELS: dict[str, Msg] = {
    "code": msg("code"),
    "name": msg("name"),
    "names": msg("names in other languages"),
    "credits": msg("credits"),
    "prerequisites": msg("prerequisites"),
    "learning_outcomes": msg("learning outcomes"),
    "outcomes": msg("learning outcomes that are named"),
    "content": msg("content"),
    "language": msg("language of the reports"),
    "enrollment": msg("enrollment"),
    "start": msg("starts"),
    "end": msg("ends"),
    "credits_allocated": msg("credits of this run"),
    "mode_of_delivery": msg("mode of delivery"),
    "unit": msg("unit"),
    "campus": msg("campus"),
    "teaching_languages": msg("teaching languages"),
    "seats": msg("seats"),
    "degree_programmes": msg("degree programmes"),
    "teachers": msg("teachers"),
    "teacher_in_charge": msg("teacher in charge"),
    "groups": msg("groups"),
    "small_groups": msg("small groups"),
    "objective": msg("objective"),
    "materials": msg("materials"),
    "teaching_methods": msg("teaching methods"),
    "exam_schedules": msg("exam schedules"),
    "pedagogy": msg("pedagogy"),
    "completion_alternatives": msg("completion alternatives"),
    "further_information": msg("further information"),
    "weeks": msg("weeks"),
    "breaks": msg("weeks without teaching"),
    "sessions": msg("sessions"),
    "total": msg("promised total"),
    "hours_per_credit": msg("hours per credit"),
    "spread": msg("how work falls on the weeks"),
    "rates": msg("rates of the estimate"),
    "description": msg("description"),
    "evaluation_scale": msg("evaluation scale"),
    "methods": msg("assessment methods"),
    "basis": msg("basis"),
    "boundaries": msg("boundaries"),
    "rounding": msg("rounding"),
    "may_fail": msg("may fail who passed every gate"),
    "late": msg("lateness"),
    "activity": msg("activity"),
    "requires": msg("requirements of grades"),
    "criteria": msg("assessment criteria"),
    "timezone": msg("time zone"),
    "column": msg("column in score sheets"),
    "weight": msg("weight"),
    "bonus": msg("bonus"),
    "by": msg("by"),
    "graded": msg("assessed as"),
    "max": msg("largest number of points"),
    "over": msg("points beyond the largest number"),
    "linear": msg("straight line from points to grades"),
    "minimum": msg("at least"),
    "required": msg("must be passed"),
    "attempt": msg("attempt that counts"),
    "retakes": msg("retakes"),
    "retake_at_most": msg("a retake counts at most"),
    "due": msg("deadline"),
    "repeat": msg("how many there are"),
    "late_from": msg("lateness is taken from"),
    "takes": msg("takes the scores of"),
    "ways": msg("ways"),
    "peer": msg("peer marks"),
    "markers": msg("markers"),
    "rubric": msg("criteria"),
    "best": msg("how many of the best count"),
    "drop_lowest": msg("how many of the lowest are dropped"),
    "need": msg("how many parts must be passed"),
    "weigh": msg("how parts are weighed"),
    "cap": msg("counts at most as"),
    "deduct": msg("deduction"),
    "of": msg("share of"),
    "per": msg("per started"),
    "grace": msg("time that is forgiven"),
    "at_most": msg("at most"),
    "not_below": msg("not below"),
    "closes": msg("closes after"),
    "free": msg("free late time"),
    "skip": msg("days that do not count"),
    "holidays": msg("country of the public holidays"),
    "levels": msg("levels"),
    "attendance": msg("attendance"),
    "method": msg("method"),
    "self": msg("own marks count"),
    "silent": msg("who gives no marks"),
    "penalty": msg("penalty for silence"),
    "id": msg("id"),
}
"""What a key is called in a comparison."""

CHOICES: dict[str, Msg] = {
    "by-points": msg("by their points"),
    "fi": msg("Finnish"),
    "en": msg("English"),
    "sv": msg("Swedish"),
    "contact": msg("contact teaching"),
    "blended": msg("blended"),
    "online": msg("online"),
    "grade": msg("a grade"),
    "points": msg("points"),
    "pass-fail": msg("passed or failed"),
    "percent": msg("per cent"),
    "requirements": msg("requirements"),
    "group": msg("group"),
    "individual": msg("individual"),
    "best": msg("the best"),
    "latest": msg("the latest"),
    "saturday": msg("Saturdays"),
    "sunday": msg("Sundays"),
    "holidays": msg("public holidays"),
    "hour": msg("hour"),
    "day": msg("day"),
    "week": msg("week"),
    "mean": msg("their mean"),
    "higher": msg("the higher mark"),
    "lower": msg("the lower mark"),
    "earned": msg("the value"),
    "max": msg("the top"),
    "none": msg("none"),
    "export": msg("the export"),
    "half-up": msg("halves up"),
    "down": msg("down"),
    "up": msg("up"),
    "half-even": msg("halves to the even grade"),
    "neutral": msg("counts as equal marks"),
    "excluded": msg("left out"),
    "in-order": msg("in order of the deadlines"),
    "where-it-helps": msg("where it helps the student most"),
    "contact_teaching": msg("contact teaching"),
    "even": msg("even over the teaching weeks"),
    "deadlines": msg("rising towards the deadlines"),
    "group_work": msg("small group work"),
    "independent_work": msg("independent work"),
    "fail": msg("fail"),
    "satisfactory": msg("satisfactory"),
    "good": msg("good"),
    "excellent": msg("excellent"),
}
"""Words that keys take, as people read them."""
MODES: dict[str, Msg] = {
    "all": msg("all together"),
    "individual": msg("individually"),
    "pairs": msg("in pairs"),
    "group": msg("in groups"),
    "break": msg("break"),
}
"""Ways of working in a session."""
CHOSEN = {
    "language", "mode_of_delivery", "teaching_languages", "graded", "by", "attempt", "per", "of", "rounding", "silent",
    "spend", "skip", "basis", "late", "late_from", "kind", "evaluation_scale", "spread",
}  # fmt: skip
"""Keys whose values are such words."""


def shown(value: object, key: str) -> object:
    """The value of a key as a message shows it; ``None`` where there is none."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, str):
        return CHOICES.get(value, value) if key in CHOSEN else value
    if key == "retakes" and isinstance(value, tuple):
        return retakes_text(value)
    for kind, show in _SHOWN.items():
        if isinstance(value, kind):
            return show(value, key)
    if isinstance(value, (tuple, list)):
        return Terms([shown(item, key) for item in value])
    if isinstance(value, dict):
        return Terms([msg("{level} {adjust}", level=k, adjust=shown(v, key)) for k, v in value.items()])
    return str(value)


def number_text(value: Fraction, key: str) -> object:
    """A number, or a percentage under a key that takes one."""
    if key == "weight":
        return PerCent(value)
    return msg("{n} %", n=value) if key == "penalty" else value


def amount_text(value: Amount) -> object:
    """An amount, with its per cent sign."""
    return msg("{n} %", n=value.value) if value.percent else value.value


def bonus_text(bonus: Bonus) -> object:
    """A bonus by steps: from where how much is added, to what, and what must be passed for it."""
    said: list[object] = [msg("from {start} % on {add}", start=step.from_, add=step.add) for step in bonus.steps]
    if bonus.to is not None:
        said.append(
            msg("to {part} after its gate", part=bonus.to) if bonus.after_gate else msg("to {part}", part=bonus.to)
        )
    if bonus.only_if:
        said.append(msg("only with {parts} passed", parts=Terms(list(bonus.only_if))))
    return Terms(said, "; ")


def boundary_text(value: Boundary) -> object:
    """A boundary, which may have to be passed."""
    amount = amount_text(value.amount)
    return msg("over {amount}", amount=amount) if value.strict else amount


def free_text(value: Free) -> Terms:
    """A free budget: how much, how it is spent, and what one attempt may take of it."""
    said: list[object] = [describe(value.budget), CHOICES[value.spend]]
    if value.at_most is not None:
        said.append(msg("at most {time} of one part", time=describe(value.at_most)))
    if value.whole:
        said.append(msg("all of a part or nothing"))
    return Terms(said)


def gain_text(value: Gain) -> Msg:
    """What a later attempt adds to the first."""
    return msg("the first, and {n} % of a gain on it", n=value.gain)


def attendance_text(value: Attendance) -> Terms:
    """The sessions that there were, and the bands."""
    bands = [
        msg("from {share} {adjust}", share=amount_text(b.from_), adjust=signed_text(b.adjust)) for b in value.bands
    ]
    return Terms([nmsg("{n} session", "{n} sessions", n=value.of), *bands])


def deduction_text(value: Deduction) -> Terms:
    """What each late unit costs."""
    match value.form:
        case "table" | "per-unit":
            return Terms([amount_text(amount) for amount in value.amounts])
        case _ as unknown:
            assert_never(unknown)


def _scale(value: OwnScale) -> Msg:
    return msg("{values}, passes from {label}", values=Terms(value.values), label=value.passes_from)


def _markers(value: Markers) -> Terms:
    said: list[object] = [Terms(value.of), CHOICES[value.agree]]
    if value.within is not None:
        said.append(msg("at most {n} apart", n=value.within))
    if value.weights is not None:
        said.append(Terms([PerCent(weight) for weight in value.weights_in_order], " / "))
    return Terms(said, "; ")


def _criterion(value: Criterion) -> Terms:
    said: list[object] = [value.name or value.id]
    if value.weight is not None:
        said.append(PerCent(value.weight))
    said.append(Terms([msg("{level}: {text}", level=level, text=text) for level, text in value.levels.items()], "; "))
    if value.outcomes:
        said.append(msg("assesses {outcomes}", outcomes=Terms(list(value.outcomes))))
    return Terms(said)


def retakes_text(value: Sequence[Any]) -> Terms:
    """How many retakes there are, and their deadlines."""
    dues = [msg("due {due}", due=moment_text(retake.due)) for retake in value if retake.due is not None]
    return Terms([len(value), *dues])


def signed_text(value: Fraction) -> object:
    """A number that is added, with its sign."""
    return msg("+{n}", n=value) if value > 0 else value


def hours_text(value: Fraction) -> Msg:
    """A number of hours."""
    return msg("{n} h", n=value)


def work_text(part: WorkloadPart) -> Terms:
    """A part of the workload: its hours, kind and activities."""
    said: list[object] = [hours_text(part.hours.hours)]
    if part.kind:
        said.append(CHOICES[part.kind])
    if part.for_:
        said.append(msg("for {parts}", parts=Terms(part.for_)))
    return Terms([*said, *map(told, part.activities)])


def outcome_text(outcome: LearningOutcome | str) -> str:
    """A learning outcome with the name that it has in the file."""
    return outcome if isinstance(outcome, str) else f"{outcome.id}: {outcome.text}"


def yes_or_no(value: bool) -> Msg:
    """Whether something holds."""
    return msg("yes") if value else msg("no")


def day_text(day: date) -> Msg:
    """A day with its ISO week."""
    return msg("{day} (week {week})", day=day, week=str(week_of(day)[1]))


def moment_text(when: When) -> Msg:
    """A time with its ISO week."""
    return msg("{day} (week {week})", day=when, week=str(week_of(when.day)[1]))


_SHOWN: dict[Any, Callable[[Any, str], object]] = {
    date: lambda value, key: day_text(value),  # noqa: ARG005
    When: lambda value, key: moment_text(value),  # noqa: ARG005
    int: lambda value, key: value,  # noqa: ARG005
    Hours: lambda value, key: hours_text(value.hours),  # noqa: ARG005
    Length: lambda value, key: describe(value),  # noqa: ARG005
    Weeks: lambda value, key: str(value),  # noqa: ARG005
    Seats: lambda value, key: f"{value.min}–{value.max}",  # noqa: ARG005
    Free: lambda value, key: free_text(value),  # noqa: ARG005
    Gain: lambda value, key: gain_text(value),  # noqa: ARG005
    Bonus: lambda value, key: bonus_text(value),  # noqa: ARG005
    Markers: lambda value, key: _markers(value),  # noqa: ARG005
    Criterion: lambda value, key: _criterion(value),  # noqa: ARG005
    Fraction: number_text,
    Amount: lambda value, key: amount_text(value),  # noqa: ARG005
    Boundary: lambda value, key: boundary_text(value),  # noqa: ARG005
    Deduction: lambda value, key: deduction_text(value),  # noqa: ARG005
    OwnScale: lambda value, key: _scale(value),  # noqa: ARG005
    Attendance: lambda value, key: attendance_text(value),  # noqa: ARG005
}
