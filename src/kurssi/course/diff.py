"""Two runs side by side: what changed in the plan and in the policy, as values in a teacher's words.

Pure: two typed files in, a list of :class:`Change` out. Parts are paired by their id, sessions by their topic, groups
by their code, hours by their name, lines of text by what they have in common. A default that is written out is no
change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.planning.estimates import told
from kurssi.planning.workload import load_of
from kurssi.values.hours import Hours, Length
from kurssi.values.numbers import Amount
from kurssi.values.times import Weeks, When, describe, week_of
from kurssi.values.vocabulary import fold

from .model import (
    Activity,
    AgendaItem,
    Assessment,
    Attendance,
    Days,
    Deduction,
    Free,
    ImplementationFile,
    Late,
    OwnScale,
    Part,
    Peer,
    Seats,
    Session,
    Shape,
    WorkloadPart,
)

Section = Literal["course", "run", "schedule", "workload", "assessment"]
Kind = Literal["changed", "added", "removed"]

SECTIONS: dict[Section, Msg] = {
    "course": msg("The course"),
    "run": msg("The run"),
    "schedule": msg("The schedule"),
    "workload": msg("The workload"),
    "assessment": msg("The assessment"),
}
"""The headings of a comparison, in the order in which changes come."""


class Change(NamedTuple):
    """One thing that is not the same in both runs."""

    section: Section
    path: Path
    """Where it stands: in the new file, or in the old one where the new one lacks it."""
    kind: Kind
    what: object
    """What changed, as a message or a name."""
    old: object
    new: object
    """The values as people read them; ``None`` where there is none."""

    @property
    def message(self) -> Msg:
        """The change in one sentence."""
        if self.kind == "added":
            return msg("{what}: new: {new}", what=self.what, new=self.new)
        if self.kind == "removed":
            return msg("{what}: left out, was {old}", what=self.what, old=self.old)
        return msg("{what}: {old} → {new}", what=self.what, old=self.old, new=self.new)


LABELS: dict[str, Msg] = {
    "code": msg("code"),
    "name": msg("name"),
    "names": msg("names in other languages"),
    "credits": msg("credits"),
    "prerequisites": msg("prerequisites"),
    "learning_outcomes": msg("learning outcomes"),
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
    "criteria": msg("assessment criteria"),
    "timezone": msg("time zone"),
    "column": msg("column in score sheets"),
    "weight": msg("weight"),
    "bonus": msg("bonus"),
    "by": msg("by"),
    "graded": msg("assessed as"),
    "max": msg("largest number of points"),
    "linear": msg("straight line from points to grades"),
    "minimum": msg("at least"),
    "required": msg("must be passed"),
    "attempt": msg("attempt that counts"),
    "retakes": msg("retakes"),
    "retake_at_most": msg("a retake counts at most"),
    "due": msg("deadline"),
    "late_from": msg("lateness is taken from"),
    "peer": msg("peer marks"),
    "best": msg("how many of the best count"),
    "drop_lowest": msg("how many of the lowest are dropped"),
    "deduct": msg("deduction"),
    "of": msg("share of"),
    "per": msg("per started"),
    "grace": msg("time that is forgiven"),
    "at_most": msg("at most"),
    "not_below": msg("not below"),
    "closes": msg("closes after"),
    "free": msg("free late time"),
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
    "group": msg("group"),
    "individual": msg("individual"),
    "best": msg("the best"),
    "latest": msg("the latest"),
    "hour": msg("hour"),
    "day": msg("day"),
    "week": msg("week"),
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
    "spend", "basis", "late", "late_from", "kind", "evaluation_scale", "spread",
}  # fmt: skip
"""Keys whose values are such words."""


def compare(old: ImplementationFile, new: ImplementationFile) -> list[Change]:
    """Everything that changed from ``old`` to ``new``, in the order of the page."""
    both = _Both(old, new)
    return [*both.course(), *both.run(), *both.schedule(), *both.workload(), *both.assessment()]


@dataclass(frozen=True)
class _Both:
    before: ImplementationFile
    after: ImplementationFile

    def course(self) -> Iterator[Change]:
        yield from _fields("course", ("course",), self.before.course, self.after.course)

    def run(self) -> Iterator[Change]:
        old, new = self.before.implementation, self.after.implementation
        path: Path = ("implementation",)
        yield from _days("run", (*path, "enrollment"), old.enrollment, new.enrollment, LABELS["enrollment"])
        yield from _days("run", (*path, "timing"), old.timing, new.timing, None)
        yield from _fields("run", path, old, new, skip={"id", "enrollment", "timing", "groups"})
        yield from _named(
            "run",
            (*path, "groups"),
            [
                (g.code, g.code if g.name is None else msg("{code} {name}", code=g.code, name=g.name))
                for g in old.groups
            ],
            [
                (g.code, g.code if g.name is None else msg("{code} {name}", code=g.code, name=g.name))
                for g in new.groups
            ],
            msg("group"),
        )

    def schedule(self) -> Iterator[Change]:
        old, new = self.before.schedule, self.after.schedule
        path: Path = ("schedule",)
        if old is None or new is None:
            yield from _whole("schedule", path, old, new, SECTIONS["schedule"])
            return
        yield from _fields("schedule", path, old, new, skip={"sessions"})
        if (a := _sum_of(old.sessions)) != (b := _sum_of(new.sessions)):
            yield _changed("schedule", (*path, "sessions"), LABELS["sessions"], a, b)
        yield from _sessions(old.sessions, new.sessions)

    def workload(self) -> Iterator[Change]:
        old, new = self.before.workload, self.after.workload
        path: Path = ("workload",)
        if old is None or new is None:
            yield from _whole("workload", path, old, new, SECTIONS["workload"])
            return
        yield from _fields("workload", path, old, new, skip={"parts"})
        loads = load_of(self.before), load_of(self.after)
        sums = [load.total if load and load.rows else None for load in loads]
        if sums[0] != sums[1]:
            shown = [None if total is None else _hours(total) for total in sums]
            yield _changed("workload", (*path, "parts"), msg("sum of the parts"), *shown)
        yield from _named(
            "workload",
            (*path, "parts"),
            [(fold(p.name), _work(p)) for p in old.parts],
            [(fold(p.name), _work(p)) for p in new.parts],
            None,
            [p.name for p in old.parts],
            [p.name for p in new.parts],
        )

    def assessment(self) -> Iterator[Change]:
        old, new = self.before.assessment, self.after.assessment
        path: Path = ("assessment",)
        if old is None or new is None:
            yield from _whole("assessment", path, old, new, SECTIONS["assessment"])
            return
        yield from _fields("assessment", path, old, new, skip={"parts", "late", "activity", "criteria", "may_fail"})
        if (a := _may_fail(old)) != (b := _may_fail(new)):
            yield _changed("assessment", (*path, "may_fail"), LABELS["may_fail"], _yes(a), _yes(b))
        yield from _parts((*path, "parts"), old.parts, new.parts, True)
        yield from _late((*path, "late"), old.late, new.late, None)
        yield from _activity((*path, "activity"), old.activity, new.activity)
        yield from _criteria((*path, "criteria"), old.criteria or {}, new.criteria or {})


# ---- changes -----------------------------------------------------------------------------------------------


def _changed(section: Section, path: Path, what: object, old: object, new: object) -> Change:
    kind: Kind = "added" if old is None else "removed" if new is None else "changed"
    return Change(section, path, kind, what, old, new)


def _of(owner: object, label: object) -> object:
    """What changed, with the thing that it belongs to: ``Tentti, deadline``."""
    return label if owner is None else Terms([owner, label])


def _fields(
    section: Section, path: Path, old: Shape, new: Shape, *, owner: object = None, skip: set[str] | None = None
) -> Iterator[Change]:
    """Every plain field of two shapes that differs; lines of text are compared line by line."""
    for name, field in type(new).model_fields.items():
        key = field.alias or name
        if skip and key in skip:
            continue
        a, b = getattr(old, name), getattr(new, name)
        if a == b or (isinstance(a, Hours) and isinstance(b, Hours) and a.hours == b.hours):
            continue
        here, label = (*path, key), _of(owner, LABELS[key])
        if key not in CHOSEN and _is_text(a) and _is_text(b):
            yield from _lines(section, here, label, a, b)
        else:
            yield _changed(section, here, label, shown(a, key), shown(b, key))


def _is_text(value: object) -> bool:
    return type(value) is tuple and all(isinstance(item, str) for item in value)


def _lines(section: Section, path: Path, label: object, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Lines of text: what was added, left out, or worded anew."""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        paired = min(i2 - i1, j2 - j1)
        for n in range(max(i2 - i1, j2 - j1)):
            a = old[i1 + n] if i1 + n < i2 else None
            b = new[j1 + n] if j1 + n < j2 else None
            where = (*path, j1 + n if b is not None else i1 + n)
            if n < paired and a is not None and b is not None:
                yield _changed(section, where, label, _quoted(a), _quoted(b))
            else:
                yield _changed(section, where, label, a and _quoted(a), b and _quoted(b))


def _quoted(text: str) -> Msg:
    return msg("“{text}”", text=" ".join(text.split()))


def _named(
    section: Section,
    path: Path,
    old: Sequence[tuple[str, object]],
    new: Sequence[tuple[str, object]],
    what: Msg | None,
    old_names: Sequence[object] | None = None,
    new_names: Sequence[object] | None = None,
) -> Iterator[Change]:
    """Items with a name of their own, paired by it."""
    before = dict(old)
    after = dict(new)
    for index, (key, value) in enumerate(new):
        if key not in before or before[key] != value:
            label = what or (new_names[index] if new_names else key)
            yield _changed(section, (*path, index), label, before.get(key), value)
    for index, (key, value) in enumerate(old):
        if key not in after:
            label = what or (old_names[index] if old_names else key)
            yield _changed(section, (*path, index), label, value, None)


def _whole(section: Section, path: Path, old: object, new: object, what: Msg) -> Iterator[Change]:
    """A block that only one of the two has."""
    if old is not new:
        there = msg("given")
        yield _changed(section, path, what, None if old is None else there, None if new is None else there)


def _days(section: Section, path: Path, old: Days | None, new: Days | None, owner: object) -> Iterator[Change]:
    for key in ("start", "end"):
        a = None if old is None else getattr(old, key)
        b = None if new is None else getattr(new, key)
        if a != b:
            yield _changed(section, (*path, key), _of(owner, LABELS[key]), a and _day(a), b and _day(b))


# ---- sessions ----------------------------------------------------------------------------------------------


def _sessions(old: Sequence[Session], new: Sequence[Session]) -> Iterator[Change]:
    path: Path = ("schedule", "sessions")
    pairs = _paired(old, new)
    for index, session in enumerate(new):
        before = pairs.get(index)
        name = _topic(session, index)
        if before is None:
            yield _changed("schedule", (*path, index), msg("session {name}", name=name), None, _session(session, index))
            continue
        was = old[before]
        a, b = _session(was, before), _session(session, index)
        if (was.topic or "") != (session.topic or ""):
            yield _changed(
                "schedule",
                (*path, index, "topic"),
                msg("topic of a session"),
                _topic(was, before),
                _topic(session, index),
            )
        moved = _when(was) != _when(session) or was.hours != session.hours
        if moved or (_when(session) is None and before != index and len(old) == len(new)):
            yield _changed("schedule", (*path, index), msg("session {name}", name=name), a, b)
        what = Terms([name, LABELS["materials"]])
        yield from _lines("schedule", (*path, index, "materials"), what, was.materials, session.materials)
        yield from _agenda((*path, index, "agenda"), name, was.agenda, session.agenda)
    taken = set(pairs.values())
    for index, session in enumerate(old):
        if index not in taken:
            name = _topic(session, index)
            yield _changed("schedule", (*path, index), msg("session {name}", name=name), _session(session, index), None)


def _paired(old: Sequence[Session], new: Sequence[Session]) -> dict[int, int]:
    """For sessions of the new run, the one of the old run: the same topic, else the closest one that is left."""
    left: dict[int, str] = {i: fold(s.topic or "") for i, s in enumerate(old)}
    pairs: dict[int, int] = {}
    for index, session in enumerate(new):
        same = [i for i, topic in left.items() if topic and topic == fold(session.topic or "")]
        if same:
            pairs[index] = same[0]
            del left[same[0]]
    for index, session in enumerate(new):
        if index in pairs:
            continue
        if not session.topic:
            found = index if left.get(index) == "" else None
        else:
            close = get_close_matches(fold(session.topic), [t for t in left.values() if t], 1, 0.7)
            found = next((i for i, topic in left.items() if topic == close[0]), None) if close else None
        if found is not None:
            pairs[index] = found
            del left[found]
    return pairs


def _topic(session: Session, index: int) -> object:
    return _quoted(session.topic) if session.topic else msg("no. {n}", n=index + 1)


def _when(session: Session) -> tuple[object, ...] | None:
    found = (session.date or session.week, session.start, session.room)
    return found if any(found) else None


def _session(session: Session, index: int) -> Terms:
    """Where a session stands: ``week 5, 3 h``, or its number where nothing else is known."""
    said: list[object] = []
    if session.date is not None:
        said.append(_day(session.date))
    elif session.week is not None:
        said.append(msg("week {week}", week=session.week))
    else:
        said.append(msg("no. {n}", n=index + 1))
    if session.start is not None:
        said.append(f"{session.start.hour}:{session.start.minute:02}")
    if session.hours is not None:
        said.append(_hours(session.hours.hours))
    if session.room is not None:
        said.append(session.room)
    return Terms(said)


def _agenda(path: Path, topic: object, old: Sequence[AgendaItem], new: Sequence[AgendaItem]) -> Iterator[Change]:
    def item(entry: AgendaItem) -> Terms:
        modes = [Terms([MODES[mode] for mode in entry.mode], "/")] if entry.mode else []
        said = [*modes, *([entry.time.text] if entry.time else []), *entry.questions, *entry.materials]
        return Terms(said or [msg("given")])

    before = [(fold(e.title), item(e)) for e in old]
    after = [(fold(e.title), item(e)) for e in new]
    yield from _named(
        "schedule",
        path,
        before,
        after,
        None,
        [Terms([topic, e.title]) for e in old],
        [Terms([topic, e.title]) for e in new],
    )


def _sum_of(sessions: Sequence[Session]) -> object:
    if not sessions:
        return None
    count = nmsg("{n} session", "{n} sessions", n=len(sessions))
    hours = [s.hours.hours for s in sessions if s.hours is not None]
    return Terms([count, _hours(sum(hours, Fraction(0)))]) if len(hours) == len(sessions) else count


# ---- assessment --------------------------------------------------------------------------------------------


def _parts(path: Path, old: Sequence[Part], new: Sequence[Part], top: bool) -> Iterator[Change]:
    before = {part.id: (index, part) for index, part in enumerate(old)}
    after = {part.id for part in new}
    for index, part in enumerate(new):
        here, name = (*path, index), part.name or part.id
        if part.id not in before:
            yield _changed("assessment", here, name, None, _part(part))
            continue
        was = before[part.id][1]
        skip = {"id", "parts", "late", "required", "peer"}
        yield from _fields("assessment", here, was, part, owner=name, skip=skip)
        required = [p.required if p.required is not None else top and not p.bonus for p in (was, part)]
        if required[0] != required[1]:
            what = _of(name, LABELS["required"])
            yield _changed("assessment", (*here, "required"), what, _yes(required[0]), _yes(required[1]))
        yield from _late((*here, "late"), was.late, part.late, name)
        yield from _peer((*here, "peer"), was.peer, part.peer, name)
        yield from _parts((*here, "parts"), was.parts, part.parts, False)
    for index, part in enumerate(old):
        if part.id not in after:
            yield _changed("assessment", (*path, index), part.name or part.id, _part(part), None)


def _part(part: Part) -> Terms:
    """A part in a few words: weight, how it is assessed, deadline."""
    said: list[object] = []
    if part.weight is not None:
        said.append(msg("bonus {n}", n=part.weight) if part.bonus else msg("{n} %", n=part.weight))
    said.append(nmsg("{n} part", "{n} parts", n=len(part.parts)) if part.parts else CHOICES[part.graded])
    if part.by == "group":
        said.append(msg("by group"))
    if part.retakes:
        said.append(nmsg("{n} retake", "{n} retakes", n=len(part.retakes)))
    if part.due is not None:
        said.append(msg("due {due}", due=_moment(part.due)))
    return Terms(said)


def _late(path: Path, old: object, new: object, owner: object) -> Iterator[Change]:
    if old == new:
        return
    what = _of(owner, LABELS["late"])
    if not isinstance(old, Late) or not isinstance(new, Late):
        yield _changed("assessment", path, what, _late_words(old), _late_words(new))
        return
    yield from _fields("assessment", path, old, new, owner=what)


def _late_words(late: object) -> object:
    if not isinstance(late, Late):
        return None if late is None else CHOICES["none"]
    keys = [key for key in ("deduct", "per", "at_most", "not_below", "closes") if getattr(late, key) is not None]
    return Terms([msg("{what} {value}", what=LABELS[key], value=shown(getattr(late, key), key)) for key in keys])


def _activity(path: Path, old: Activity | None, new: Activity | None) -> Iterator[Change]:
    if old == new:
        return
    before, after = (_activity_words(a) if a is not None else None for a in (old, new))
    yield _changed("assessment", path, LABELS["activity"], before, after)


def _activity_words(activity: Activity) -> object:
    if activity.attendance is not None:
        return shown(activity.attendance, "attendance")
    return Terms([msg("{level} {adjust}", level=k, adjust=_signed(v)) for k, v in (activity.levels or {}).items()])


def _peer(path: Path, old: Peer | None, new: Peer | None, owner: object) -> Iterator[Change]:
    what = _of(owner, LABELS["peer"])
    if old is None or new is None:
        if old is not new:
            there = [None if p is None else msg("they move {n} %", n=p.weight) for p in (old, new)]
            yield _changed("assessment", path, what, *there)
        return
    yield from _fields("assessment", path, old, new, owner=what)


def _criteria(path: Path, old: dict[str, tuple[str, ...]], new: dict[str, tuple[str, ...]]) -> Iterator[Change]:
    for level in dict.fromkeys([*new, *old]):
        name = CHOICES.get(level, level)
        yield from _lines(
            "assessment", (*path, level), Terms([LABELS["criteria"], name]), old.get(level, ()), new.get(level, ())
        )


def _may_fail(assessment: Assessment) -> bool:
    return assessment.basis == "percent" if assessment.may_fail is None else assessment.may_fail


# ---- values as people read them ----------------------------------------------------------------------------


def shown(value: object, key: str) -> object:
    """The value of a key as a message shows it; ``None`` where there is none."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return _yes(value)
    if isinstance(value, str):
        return CHOICES.get(value, value) if key in CHOSEN else value
    if key == "retakes" and isinstance(value, tuple):
        return _retakes(value)
    for kind, show in _SHOWN.items():
        if isinstance(value, kind):
            return show(value, key)
    if isinstance(value, (tuple, list)):
        return Terms([shown(item, key) for item in value])
    if isinstance(value, dict):
        return Terms([msg("{level} {adjust}", level=k, adjust=shown(v, key)) for k, v in value.items()])
    return str(value)


def _number(value: Fraction, key: str) -> object:
    return msg("{n} %", n=value) if key in ("weight", "penalty") else value


def _amount(value: Amount) -> object:
    return msg("{n} %", n=value.value) if value.percent else value.value


def _attendance(value: Attendance) -> Terms:
    bands = [msg("from {share} {adjust}", share=_amount(b.from_), adjust=_signed(b.adjust)) for b in value.bands]
    return Terms([nmsg("{n} session", "{n} sessions", n=value.of), *bands])


def _deduction(value: Deduction) -> Terms:
    return Terms([_amount(amount) for amount in value.amounts])


def _scale(value: OwnScale) -> Msg:
    return msg("{values}, passes from {label}", values=Terms(value.values), label=value.passes_from)


def _retakes(value: Sequence[Any]) -> Terms:
    dues = [msg("due {due}", due=_moment(retake.due)) for retake in value if retake.due is not None]
    return Terms([len(value), *dues])


def _signed(value: Fraction) -> object:
    return msg("+{n}", n=value) if value > 0 else value


def _hours(value: Fraction) -> Msg:
    return msg("{n} h", n=value)


def _work(part: WorkloadPart) -> Terms:
    said: list[object] = [_hours(part.hours.hours)]
    if part.kind:
        said.append(CHOICES[part.kind])
    if part.for_:
        said.append(msg("for {parts}", parts=Terms(part.for_)))
    return Terms([*said, *map(told, part.activities)])


def _yes(value: bool) -> Msg:
    return msg("yes") if value else msg("no")


def _day(day: date) -> Msg:
    return msg("{day} (week {week})", day=day, week=str(week_of(day)[1]))


def _moment(when: When) -> Msg:
    return msg("{day} (week {week})", day=when, week=str(week_of(when.day)[1]))


_SHOWN: dict[Any, Callable[[Any, str], object]] = {
    date: lambda value, key: _day(value),  # noqa: ARG005
    When: lambda value, key: _moment(value),  # noqa: ARG005
    int: lambda value, key: value,  # noqa: ARG005
    Hours: lambda value, key: _hours(value.hours),  # noqa: ARG005
    Length: lambda value, key: describe(value),  # noqa: ARG005
    Weeks: lambda value, key: str(value),  # noqa: ARG005
    Seats: lambda value, key: f"{value.min}–{value.max}",  # noqa: ARG005
    Free: lambda value, key: Terms([describe(value.budget), CHOICES[value.spend]]),  # noqa: ARG005
    Fraction: _number,
    Amount: lambda value, key: _amount(value),  # noqa: ARG005
    Deduction: lambda value, key: _deduction(value),  # noqa: ARG005
    OwnScale: lambda value, key: _scale(value),  # noqa: ARG005
    Attendance: lambda value, key: _attendance(value),  # noqa: ARG005
}
