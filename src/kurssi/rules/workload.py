"""Rules for the hours: parts, total, credits, and the sessions of the schedule."""

from collections.abc import Iterator
from math import ceil, floor

from kurssi.findings import Severity
from kurssi.hours import show_hours
from kurssi.messages import msg
from kurssi.model import ImplementationFile
from kurssi.workload import load_of

from .registry import Hit, rule


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
    load = load_of(file)
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
    load = load_of(file)
    if load is None:
        return
    hours = load.total if load.declared is None else load.declared
    least, most = floor(min(load.by_credits, load.by_decree)), ceil(max(load.by_credits, load.by_decree))
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
    load = load_of(file)
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
