"""Rules for the hours: parts, total, credits, and the sessions of the schedule."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fractions import Fraction
from math import ceil, floor

from kurssi.course.model import ImplementationFile, Part
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.planning.workload import BAND, Load, load_of
from kurssi.values.hours import show_hours
from kurssi.values.numbers import rounded

from .registry import Hit, once, rule

_load = once(load_of)


@rule("workload-total", Severity.error)
def workload_total(file: ImplementationFile) -> Iterator[Hit]:
    """The hours of the parts sum to the total that the page promises.

    Why: students plan their time by these figures, and a sum that is off by an hour is copied from year to year.

    Fails::

        total: 135 h
        parts:
          - {name: Lähiopetus, hours: 8x3 h}
          - {name: Pienryhmätyöskentely, hours: 70 h}
          - {name: Itsenäinen työskentely, hours: 40 h}

    Passes::

        total: 135 h
        parts:
          - {name: Lähiopetus, hours: 8x3 h}
          - {name: Pienryhmätyöskentely, hours: 70 h}
          - {name: Itsenäinen työskentely, hours: 41 h}
    """
    load = _load(file)
    if load is None or load.declared is None or not load.rows or not load.difference:
        return
    message = (
        msg(
            "the parts sum to {sum} h, but the total promises {declared} h: {missing} h missing",
            sum=load.total,
            declared=load.declared,
            missing=load.difference,
        )
        if load.difference > 0
        else msg(
            "the parts sum to {sum} h, but the total promises {declared} h: {extra} h too many",
            sum=load.total,
            declared=load.declared,
            extra=-load.difference,
        )
    )
    hint = msg("correct a part or the total; if the figures stay as published, say so under accepted: with a reason")
    yield Hit(("workload", "total"), message, hint, show_hours(load.total))


@rule("workload-credits", Severity.error)
def workload_credits(file: ImplementationFile) -> Iterator[Hit]:
    """The promised hours are what the credits stand for.

    Why: a credit is 27 hours by custom (hours_per_credit) and 1600/60 hours by decree (1129/2014); a total between
    the two is right, rounded to whole hours. Where no total is promised, the sum of the parts is held against it.

    Fails::

        course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
        workload: {total: 120 h}

    Passes::

        course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
        workload: {total: 135 h}
    """
    load = _load(file)
    if load is None:
        return
    hours, (least, most) = _promised(load), _right(load)
    if not least <= hours <= most:
        path = ("workload", "total") if load.declared is not None else ("workload", "parts")
        yield Hit(
            path,
            msg(
                "{hours} h are promised, but {credits} credits stand for {by_credits} h ({per} h each)",
                hours=hours,
                credits=load.credits,
                by_credits=load.by_credits,
                per=load.hours_per_credit,
            ),
            msg("correct the hours or the credits; {least} to {most} h would be right", least=least, most=most),
            show_hours(hours),
        )


@rule("contact-hours", Severity.error)
def contact_hours(file: ImplementationFile) -> Iterator[Hit]:
    """The contact teaching of the workload is what the sessions of the schedule sum to.

    Why: the timetable is made from one figure and the student's load from the other. Nothing is said where a
    session gives no hours.

    Fails::

        schedule:
          sessions: [{week: 3, hours: 3}, {week: 4, hours: 3}]
        workload:
          parts: [{name: Lähiopetus, hours: 3x3 h, kind: contact_teaching}]

    Passes::

        schedule:
          sessions: [{week: 3, hours: 3}, {week: 4, hours: 3}]
        workload:
          parts: [{name: Lähiopetus, hours: 2x3 h, kind: contact_teaching}]
    """
    load = _load(file)
    if load is None or load.contact is None or load.sessions is None or load.contact == load.sessions:
        return
    index = next(i for i, row in enumerate(load.rows) if row.kind == "contact_teaching")
    yield Hit(
        ("workload", "parts", index, "hours"),
        msg(
            "{contact} h of contact teaching are promised, but the sessions of the schedule sum to {sessions} h",
            contact=load.contact,
            sessions=load.sessions,
        ),
        msg("correct the hours here, or the sessions under schedule:"),
        show_hours(load.contact),
    )


def _promised(load: Load) -> Fraction:
    """The hours that students are told: the total, or the sum of the parts where no total stands."""
    return load.total if load.declared is None else load.declared


def _right(load: Load) -> tuple[int, int]:
    """The whole hours between which the credits put the work: by custom and by decree."""
    return floor(min(load.by_credits, load.by_decree)), ceil(max(load.by_credits, load.by_decree))


@rule("workload-band", Severity.warning)
def workload_band(file: ImplementationFile) -> Iterator[Hit]:
    """The promised hours are 25 to 30 for each credit.

    Why: within this band a credit is a credit in Europe (ECTS Users' Guide); outside it the course is too light or too
    heavy, even where hours_per_credit says otherwise. Where workload-credits already speaks, nothing more is said.

    Fails::

        course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
        workload: {total: 110 h, hours_per_credit: 22}

    Passes::

        course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
        workload: {total: 135 h, hours_per_credit: 27}
    """
    load = _load(file)
    if load is None:
        return
    hours, (least, most) = _promised(load), _right(load)
    if least <= hours <= most and not load.band[0] <= hours <= load.band[1]:
        yield Hit(
            ("workload", "total") if load.declared is not None else ("workload", "parts"),
            msg(
                "{hours} h are {per} h per credit; ECTS puts a credit between {low} and {high} h",
                hours=hours,
                per=hours / load.credits,
                low=BAND[0],
                high=BAND[1],
            ),
            msg(
                "{low} to {high} h would be right for {credits} credits",
                low=load.band[0],
                high=load.band[1],
                credits=load.credits,
            ),
            show_hours(hours),
        )


@rule("part-without-hours", Severity.warning)
def part_without_hours(file: ImplementationFile) -> Iterator[Hit]:
    """Every part of the workload takes time.

    Why: a part with 0 hours is a line that was never filled in; students read it as no work.

    Fails::

        parts: [{name: Lähiopetus, hours: 24 h}, {name: Ryhmätyö, hours: 0 h}]

    Passes::

        parts: [{name: Lähiopetus, hours: 24 h}, {name: Ryhmätyö, hours: 111 h}]
    """
    for index, part in enumerate(file.workload.parts if file.workload else ()):
        if part.hours.hours == 0:
            yield Hit(
                ("workload", "parts", index, "hours"),
                msg("{name} has no hours", name=part.name),
                msg("write its hours"),
                part.name,
            )


APART = Fraction(3, 10)
"""How far a share of the hours and a share of the weights may lie apart before it is worth a look."""


@rule("hours-against-weight", Severity.info)
def hours_against_weight(file: ImplementationFile) -> Iterator[Hit]:
    """What is done in groups and what is done alone weigh in the grade roughly as they weigh in the hours.

    Why: students put their time where the grade is. Where the two shares lie more than 30 percentage points apart, most
    of the work counts for little, or little work for most. Hours of group_work and independent_work are held against
    the weights of parts by group and of the others.

    Fails::

        workload:
          parts: [{name: Ryhmä, hours: 100 h, kind: group_work}, {name: Oma, hours: 35 h, kind: independent_work}]
        assessment:
          parts: [{id: project, weight: 30, by: group}, {id: exam, weight: 70}]

    Passes::

        workload:
          parts: [{name: Ryhmä, hours: 70 h, kind: group_work}, {name: Oma, hours: 65 h, kind: independent_work}]
        assessment:
          parts: [{id: project, weight: 50, by: group}, {id: exam, weight: 50}]
    """
    load = _load(file)
    if load is None or file.assessment is None:
        return
    group, alone = load.split.get("group_work"), load.split.get("independent_work")
    parts = [part for part in file.assessment.parts if part.weight is not None and not part.bonus]
    if not group or not alone or not any(part.is_shared for part in parts) or any(part.parts for part in parts):
        return
    weight = sum((part.weight for part in parts if part.weight is not None), Fraction(0))
    by_group = sum((part.weight for part in parts if part.weight is not None and part.is_shared), Fraction(0))
    if not by_group:
        return
    of_hours, of_weight = group / (group + alone), by_group / weight
    if abs(of_hours - of_weight) > APART:
        index = next(i for i, row in enumerate(load.rows) if row.kind == "group_work")
        yield Hit(
            ("workload", "parts", index, "hours"),
            msg(
                "group work is {hours} % of the hours outside class, but {weight} % of the grade",
                hours=round(of_hours * 100),
                weight=round(of_weight * 100),
            ),
            msg("look whether hours and weights say what you mean"),
            f"{round(of_hours * 100)} %",
        )


@rule("workload-estimate", Severity.warning)
def workload_estimate(file: ImplementationFile) -> Iterator[Hit]:
    """The hours that a part promises are near what its activities take by the published rates (workload.rates).

    Why: a promise of 20 hours for 300 pages is broken in the first week, and the student pays. Near means: the promise
    is not less than three quarters of the estimate's least, and not more than four thirds of its most. An activity that
    the table does not know can only add hours. kurssi workload --estimate shows the figures.

    Fails::

        workload:
          parts:
            - {name: Lukeminen, hours: 20 h, activities: [{reading: 300 pages, purpose: understand, concepts: many}]}

    Passes::

        workload:
          parts:
            - {name: Lukeminen, hours: 45 h, activities: [{reading: 300 pages, purpose: understand, concepts: many}]}
    """
    if file.workload is None or not any(part.activities for part in file.workload.parts):
        return
    from kurssi.planning.estimates import TABLES, estimate  # only a plan that says what its work is pays for it

    found = estimate(file)
    for part in found.parts if found else ():
        if part.too_few or part.too_many:
            low, high = rounded(part.hours.low), rounded(part.hours.high)
            takes = msg("{low}–{high} h", low=low, high=high) if low != high else msg("{hours} h", hours=low)
            yield Hit(
                ("workload", "parts", part.place, "hours"),
                msg(
                    "{name} promises {declared} h, but its activities take {hours} ({table})",
                    name=part.part.name,
                    declared=part.declared,
                    hours=takes,
                    table=TABLES[found.rates].name if found else "",
                ),
                msg("change the hours or the activities; kurssi workload --estimate shows where the hours come from"),
                show_hours(part.declared),
            )


@rule("workload-for-unknown", Severity.error)
def workload_for_unknown(file: ImplementationFile) -> Iterator[Hit]:
    """The parts that hours are for (for:) are ids of the assessment.

    Why: hours stand beside the weight of what they are for, and go towards its deadline; with a mistyped id they would
    silently stand nowhere.

    Fails::

        workload:
          parts: [{name: Lukeminen, hours: 40 h, for: tentti}]
        assessment:
          parts: [{id: exam, name: Tentti, weight: 100}]

    Passes::

        workload:
          parts: [{name: Lukeminen, hours: 40 h, for: exam}]
        assessment:
          parts: [{id: exam, name: Tentti, weight: 100}]
    """
    known = dict(_ids(file.assessment.parts)) if file.assessment else {}
    by_name = {name.casefold(): id_ for id_, name in known.items() if name}
    for index, part in enumerate(file.workload.parts if file.workload else ()):
        for name in part.for_:
            if name in known:
                continue
            close = [by_name[name.casefold()]] if name.casefold() in by_name else get_close_matches(name, known, 1, 0.5)
            hint = msg("write the parts under assessment:")
            if close:
                hint = msg("did you mean “{key}”?", key=close[0])
            elif known:
                hint = msg("the parts are: {ids}", ids=", ".join(known))
            path = ("workload", "parts", index, "for")
            yield Hit(path, msg("the assessment has no part “{id}”", id=name), hint, name)


def _ids(parts: Sequence[Part]) -> Iterator[tuple[str, str | None]]:
    for part in parts:
        yield part.id, part.name
        yield from _ids(part.parts)
