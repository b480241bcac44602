"""The term of a student group: all its implementations on one page, for who is in charge of the programme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.message import Msg, Terms, Weekday, msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.planning.clashes import Clash, clashes, uncertain
from kurssi.planning.crowding import Crowd, crowded_weeks, dates_of, exam_days, told, way_out, when_due
from kurssi.planning.timetable import ISO_WEEK, Meeting, events_of, is_exam, meetings_of
from kurssi.planning.week_load import FULL_WEEK, Weekly, add_up, hours_by_week
from kurssi.reports.hours import KIND_NAMES
from kurssi.values.numbers import exact, rounded
from kurssi.values.times import monday, week_of

from .blocks import Bar, Block, Bullets, Chart, Field, Heading, Page, Paragraphs, Section, Table
from .sessions import time_of

ON_SCREEN = ("glance", "weeks", "moves")
"""The sections that a terminal shows; the others are for a page."""
MIDNIGHT = msg("24:00")
"""Midnight at the end of a day."""
KINDS: dict[str, Msg] = {"deadline": msg("deadline"), "exam": msg("exam"), "retake": msg("retake")}


class Dated(NamedTuple):
    """Something that is due or sat on a day."""

    day: date
    time: object
    """The time of day, empty where it is not known."""
    kind: str
    name: str
    place: int
    """The place of its implementation."""


class Term(NamedTuple):
    """All that a page says of the implementations of a group."""

    group: str
    files: tuple[ImplementationFile, ...]
    courses: tuple[str, ...]
    """The name of each, with its id where two have the same."""
    curves: tuple[Weekly | None, ...]
    load: Weekly | None
    """All hours together; ``None`` where no implementation has hours and weeks."""
    dated: tuple[Dated, ...]
    clashes: tuple[Clash, ...]
    crowds: tuple[tuple[Crowd, Msg, Msg], ...]
    """What comes too close, in words, and what to do about it, or why it may stay."""
    left_out: tuple[str, ...]
    """Files that have errors, by name."""


def belongs(file: ImplementationFile, code: str) -> bool:
    """Whether the implementation is for the group."""
    return any(group.code.casefold() == code.casefold() for group in file.implementation.groups)


def term_of(code: str, everybody: Sequence[ImplementationFile], left_out: Sequence[str], words: Words) -> Term:
    """The term of a group that at least one of the files is for; those of other groups matter for what can be moved."""
    files = tuple(file for file in everybody if belongs(file, code))
    spelled = next(g.code for g in files[0].implementation.groups if g.code.casefold() == code.casefold())
    curves = tuple(hours_by_week(file) for file in files)
    known = [curve for curve in curves if curve is not None]
    return Term(
        spelled,
        files,
        tuple(_names(files, words)),
        curves,
        add_up(known) if known else None,
        tuple(sorted(_dated(files), key=_order)),
        clashes(files),
        tuple(_crowds(spelled, everybody, words)),
        tuple(left_out),
    )


def _order(one: Dated) -> tuple[object, ...]:
    """By day and time; what ends with the day comes last in it."""
    return one.day, one.time is MIDNIGHT, str(one.time), one.place, one.name


def _names(files: Sequence[ImplementationFile], words: Words) -> Iterator[str]:
    names = [file.course.called(words.language) for file in files]
    often = Counter(names)
    for file, name in zip(files, names, strict=True):
        yield f"{name} ({file.implementation.id})" if often[name] > 1 else name


def _dated(files: Sequence[ImplementationFile]) -> Iterator[Dated]:
    for place, file in enumerate(files):
        exams: set[date] = set()
        for event in events_of(file):
            if event.part is not None:
                day, local = when_due(event.at, file)
                clock = MIDNIGHT if day < local.date() else local.time() if event.at.clock else ""
                exams |= {day} if event.kind == "exam" else set()
                yield Dated(day, clock, event.kind, event.part.name or event.part.id, place)
        for meeting in meetings_of(file):
            of_a_part = meeting.day in exams  # the exam that is graded, as a session
            if meeting.known and meeting.day is not None and is_exam(meeting.session.topic) and not of_a_part:
                yield Dated(meeting.day, time_of(meeting), "exam", meeting.session.topic or "", place)


def _crowds(group: str, everybody: Sequence[ImplementationFile], words: Words) -> Iterator[tuple[Crowd, Msg, Msg]]:
    dates, courses = [dates_of(file) for file in everybody], list(_names(everybody, words))
    rules = {"deadlines": "deadlines-in-one-week", "exams": "exams-on-one-day"}
    for crowd in [*crowded_weeks(dates), *exam_days(dates)]:
        if group.casefold() not in map(str.casefold, crowd.groups):
            continue
        answer = way_out(crowd, courses)
        for place, _ in crowd.dues:
            for entry in everybody[place].accepted:
                if entry.rule == rules[crowd.kind] and entry.found == crowd.figure:
                    answer = msg("stays: {reason}", reason=entry.reason)
        yield crowd, told(crowd, courses), answer


# ---- the page ------------------------------------------------------------------------------------------------


def term_page(term: Term, words: Words) -> Page:
    """The page."""
    weeks = _weeks(term)
    sections = [
        Section("glance", msg("The term at a glance"), tuple(_glance(term, weeks, words))),
        Section("weeks", msg("Week by week"), (Field("load", msg("Hours, deadlines and exams"), _week_blocks(term)),)),
        Section("moves", msg("What to move"), tuple(_moves(term))),
        Section("dates", msg("Deadlines and exams"), tuple(_dates(term))),
        Section("courses", msg("Implementations and learning outcomes"), tuple(_courses(term))),
    ]
    subtitle: object = msg("The term of a student group")
    if weeks:
        span = msg("{start} – {end}", start=monday(weeks[0]), end=monday(weeks[-1]) + timedelta(days=6))
        subtitle = Terms([subtitle, span], " · ")
    ids = Terms([file.implementation.id for file in term.files])
    kept = tuple(section for section in sections if section.fields)
    return Page(term.group, subtitle, kept, None, msg("Made by kurssi from {files}.", files=ids))


def _weeks(term: Term) -> list[ISO_WEEK]:
    """Every week that has hours, a session, a deadline or an exam, or that a schedule names."""
    found = {week.week for week in term.load.weeks} if term.load is not None else set()
    found |= {week_of(one.day) for one in term.dated if one.kind != "retake"}
    found |= {meeting.week for file in term.files for meeting in meetings_of(file) if meeting.week is not None}
    return sorted(found)


def _number(week: ISO_WEEK, weeks: Sequence[ISO_WEEK]) -> str:
    """The week by its number, with its year where there are several."""
    return f"{week[1]}/{week[0]}" if weeks[0][0] != weeks[-1][0] else str(week[1])


def _codes(term: Term) -> list[str]:
    """The code of each course, or the id of the implementation where two have the same code."""
    codes = [file.course.code for file in term.files]
    return [
        code if codes.count(code) == 1 else file.implementation.id for code, file in zip(codes, term.files, strict=True)
    ]


def _fact(name: str, label: Msg, value: object) -> Field:
    return Field(name, label, (Paragraphs((value,)),), short=True)


def _glance(term: Term, weeks: Sequence[ISO_WEEK], words: Words) -> Iterator[Field]:
    named = [
        msg("{code} {name}", code=code, name=file.course.called(words.language))
        for code, file in zip(_codes(term), term.files, strict=True)
    ]
    yield Field("implementations", msg("Implementations"), (Bullets(named),), short=True)
    if term.load is not None:
        yield _fact("hours", msg("Hours in all"), msg("{n} h", n=rounded(term.load.total, 2)))
        over = [week for week in term.load.weeks if week.total > FULL_WEEK]
        said: object = Terms(
            [msg("week {n} ({hours} h)", n=_number(w.week, weeks), hours=rounded(w.total)) for w in over]
        )
        yield _fact("over", msg("Weeks over {n} h", n=FULL_WEEK), said if over else msg("none"))
    kinds = Counter(one.kind for one in term.dated)
    yield _fact("deadlines", msg("Deadlines"), kinds["deadline"])
    yield _fact("exams", msg("Exams"), kinds["exam"])
    yield _fact("clashes", msg("Sessions at the same time"), len(term.clashes))
    without = [course for course, curve in zip(term.courses, term.curves, strict=True) if curve is None]
    if without:
        yield _fact("without", msg("Hours not known by week"), Terms(without))
    if term.left_out:
        yield _fact("left-out", msg("Left out, as they have errors"), Terms(term.left_out))


def _week_blocks(term: Term) -> tuple[Block, ...]:
    weeks, blocks = _weeks(term), list[Block]()
    if term.load is not None and len(term.load.weeks) > 1 and term.load.total:
        bars = [
            Bar(week.week[1], dict(week.hours), None if week.teaching or week.total else msg("no teaching"))
            for week in term.load.weeks
        ]
        kinds = {kind: KIND_NAMES.get(kind, msg("other work")) for kind in term.load.kinds}
        caption = msg("Hours of all implementations per week; the line is a full week of {n} h", n=FULL_WEEK)
        blocks.append(Chart(caption, kinds, bars, FULL_WEEK))
    head = [msg("Week"), msg("From"), msg("Hours"), msg("Of {n} h", n=FULL_WEEK), msg("Deadlines and exams")]
    rows = [_week_row(term, week, weeks) for week in weeks]
    if term.clashes:
        head.append(msg("Clashes"))
    rows = [row[: len(head)] for row in rows]
    blocks.append(Table(msg("The weeks of the term"), head, rows, frozenset({0, 2, 3, 5})))
    return tuple(blocks)


def _week_row(term: Term, week: ISO_WEEK, weeks: Sequence[ISO_WEEK]) -> list[object]:
    load = next((one for one in term.load.weeks if one.week == week), None) if term.load is not None else None
    codes = _codes(term)
    hours = load.total if load is not None else Fraction(0)
    due = [
        msg("{day} {part} ({course})", day=Weekday(one.day), part=one.name, course=codes[one.place])
        for one in term.dated
        if week_of(one.day) == week and one.kind != "retake"
    ]
    share = msg("{n} %", n=rounded(100 * hours / FULL_WEEK, 0)) if hours else ""
    clash = sum(week_of(one.first[1].day) == week for one in term.clashes if one.first[1].day is not None)
    return [
        _number(week, weeks),
        monday(week),
        msg("{n} h", n=rounded(hours)) if hours else ("" if load is None or load.teaching else msg("no teaching")),
        msg("{share}, over", share=share) if hours > FULL_WEEK else share,
        Terms(due, "; ") if due else "",
        str(clash) if clash else "",
    ]


def _moves(term: Term) -> Iterator[Field]:
    blocks: list[Block] = []
    if term.clashes:
        rows = [[*_when(term, one.first), *_what(term, one.second)] for one in term.clashes]
        head = [msg("Day"), msg("Session"), msg("Time"), msg("At the same time"), msg("Time")]
        blocks.append(Table(msg("Sessions at the same time"), head, rows))
    else:
        blocks.append(Paragraphs((msg("No two sessions are at the same time."),)))
    if unknown := uncertain(term.files):
        blocks.append(
            Paragraphs(
                (
                    nmsg(
                        "{n} session has no date, start or length, so it could not be compared.",
                        "{n} sessions have no date, start or length, so they could not be compared.",
                        unknown,
                    ),
                )
            )
        )
    yield Field("clashes", msg("Sessions at the same time"), tuple(blocks))
    crowded: Block = Paragraphs((msg("No week has more than two deadlines of several courses, no day two exams."),))
    if term.crowds:
        head = [msg("What comes too close"), msg("What to do")]
        crowded = Table(msg("Deadlines in one week, exams on one day"), head, [[t, w] for _, t, w in term.crowds])
    yield Field("crowds", msg("Deadlines and exams that come too close"), (crowded,))


def _when(term: Term, one: tuple[int, Meeting]) -> list[object]:
    day = one[1].day
    return [Weekday(day) if day is not None else "", *_what(term, one)]


def _what(term: Term, one: tuple[int, Meeting]) -> list[object]:
    place, meeting = one
    topic: object = meeting.session.topic or msg("Session {n}", n=meeting.place + 1)
    return [msg("{course}: {topic}", course=term.courses[place], topic=topic), time_of(meeting)]


def _dates(term: Term) -> Iterator[Field]:
    if term.dated:
        head = [msg("Day"), msg("Time"), msg("Kind"), msg("What"), msg("Course")]
        rows = [[Weekday(one.day), one.time, KINDS[one.kind], one.name, term.courses[one.place]] for one in term.dated]
        yield Field("dated", msg("In order of time"), (Table(msg("Deadlines, exams and retakes"), head, rows),))


def _courses(term: Term) -> Iterator[Field]:
    rows = []
    for file, course, curve in zip(term.files, term.courses, term.curves, strict=True):
        timing = file.implementation.timing
        rows.append(
            [
                course,
                file.implementation.id,
                msg("{n} cr", n=file.implementation.credits_allocated or file.course.credits),
                msg("{start} – {end}", start=timing.start, end=timing.end) if timing else "–",
                msg("{n} h", n=rounded(curve.total, 2)) if curve is not None else "–",
            ]
        )
    head = [msg("Course"), msg("Implementation"), msg("Scope"), msg("Timing"), msg("Hours")]
    yield Field("courses", msg("Implementations"), (Table(msg("The implementations of the group"), head, rows),))
    blocks: list[Block] = []
    for file, course in zip(term.files, term.courses, strict=True):
        if texts := _outcomes(file):
            blocks += [Heading(course), Bullets(texts)]
    if blocks:
        yield Field("learning_outcomes", msg("Learning outcomes"), tuple(blocks))


def _outcomes(file: ImplementationFile) -> list[str]:
    return [one if isinstance(one, str) else one.text for one in file.course.learning_outcomes]


# ---- JSON ----------------------------------------------------------------------------------------------------


def term_json(term: Term, words: Words) -> dict[str, Any]:
    """The same as data; hours are texts, so that nothing is lost."""
    load = {week.week: week for week in term.load.weeks} if term.load is not None else {}
    return {
        "kurssi": 1,
        "command": "plan",
        "group": term.group,
        "language": words.language,
        "implementations": [
            {
                "implementation": file.implementation.id,
                "course": course,
                "hours": None if curve is None else exact(curve.total),
                "learning_outcomes": [
                    one if isinstance(one, str) else one.text for one in file.course.learning_outcomes
                ],
            }
            for file, course, curve in zip(term.files, term.courses, term.curves, strict=True)
        ],
        "weeks": [
            {
                "week": f"{week[0]}-W{week[1]:02}",
                "monday": monday(week).isoformat(),
                "hours": exact(load[week].total) if week in load else None,
                "over": week in load and load[week].total > FULL_WEEK,
            }
            for week in _weeks(term)
        ],
        "dates": [
            {
                "date": one.day.isoformat(),
                "kind": one.kind,
                "name": one.name,
                "implementation": term.files[one.place].implementation.id,
            }
            for one in term.dated
        ],
        "clashes": [[_session(term, one.first), _session(term, one.second)] for one in term.clashes],
        "crowded": [
            {"kind": crowd.kind, "found": crowd.figure, "text": words.say(text), "help": words.say(help_)}
            for crowd, text, help_ in term.crowds
        ],
        "left_out": list(term.left_out),
    }


def _session(term: Term, one: tuple[int, Meeting]) -> dict[str, Any]:
    place, meeting = one
    start, end = meeting.start, meeting.end
    return {
        "implementation": term.files[place].implementation.id,
        "session": meeting.place + 1,
        "start": start.isoformat(" ", "minutes") if start is not None else None,
        "end": end.isoformat(" ", "minutes") if end is not None else None,
    }
