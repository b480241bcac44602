"""The page of an implementation: every field, in the order and with the words of the published page.

The order is that of the page of a Finnish university of applied sciences (course, then implementation, then assessment
with its criteria); the labels are the field's terms in Finnish, English and Swedish.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from kurssi.course.model import Days, ImplementationFile, Lines
from kurssi.diagnostics.message import Msg, PerCent, Terms, msg
from kurssi.diagnostics.words import Words
from kurssi.grading.attempts.words import attempts_in_short
from kurssi.grading.bonus.words import bonus_in_short
from kurssi.grading.wording import Sentence
from kurssi.planning.timetable import events_of, is_exam, meetings_of
from kurssi.planning.workload import load_of
from kurssi.policy.model import Part, Policy
from kurssi.policy.series import names_of, together
from kurssi.reports.hours import KIND_NAMES
from kurssi.reports.policy_words import LEVELS, about_part, in_order, whole

from .blocks import Block, Bullets, Field, Folded, Heading, Own, Page, Paragraphs, Point, Points, Section, Table
from .sessions import scheduling, scheduling_lines, when

DELIVERY: dict[str, Msg] = {
    "contact": msg("Contact teaching"),
    "blended": msg("Blended learning"),
    "online": msg("Online learning"),
}
"""Modes of delivery that the contract names; any other text stands as written."""
MANY = 4
"""So many deadlines in a row are folded where a page can be opened."""
CRITERIA: dict[str, Msg] = {
    "fail": msg("Fail (0)"),
    "satisfactory": msg("Assessment criteria, satisfactory (1-2)"),
    "good": msg("Assessment criteria, good (3-4)"),
    "excellent": msg("Assessment criteria, excellent (5)"),
}
"""Labels of the criteria under ``0-5`` and ``H-5``; names of levels belong to the scale and its institution."""


def page_of(file: ImplementationFile, policy: Policy | None, source: str, raw: bytes, words: Words) -> Page:
    """The page; ``policy`` is the resolved assessment, ``None`` where the file has none.

    ``words`` only tells what need not be said twice in that language.
    """
    said = "language" in file.implementation.model_fields_set
    return Page(
        title=file.course.called(words.language),
        subtitle=Terms([file.course.code, msg("{n} cr", n=_credits(file)), file.implementation.id], " · "),
        sections=tuple(section for section in _sections(file, policy, words) if section.fields),
        language=file.implementation.language if said else None,
        source=msg("Made by kurssi from {file} ({hash}).", file=source, hash=hashlib.sha256(raw).hexdigest()[:12]),
    )


def _credits(file: ImplementationFile) -> object:
    return file.implementation.credits_allocated or file.course.credits


def _sections(file: ImplementationFile, policy: Policy | None, words: Words) -> Iterator[Section]:
    yield Section("course", msg("Course"), tuple(_course(file, policy)))
    yield Section("implementation", msg("Implementation"), tuple(_implementation(file)))
    yield Section("work", msg("Workload and schedule"), tuple(_work(file, words)))
    yield Section("assessment", msg("Assessment"), tuple(_assessment(file, policy)))


def _course(file: ImplementationFile, policy: Policy | None) -> Iterator[Field]:
    course = file.course
    yield _fact("code", msg("Code"), Own(course.code))
    yield _fact("scope", msg("Scope"), msg("{n} cr", n=course.credits))
    yield from _text("prerequisites", msg("Prerequisites"), course.prerequisites)
    yield from _outcomes(file, policy)
    yield from _text("course_content", msg("Content"), course.content)


def _outcomes(file: ImplementationFile, policy: Policy | None) -> Iterator[Field]:
    """The learning outcomes, each with what assesses it and what works at it, where the file says so."""
    texts = _outcome_texts(file)
    plain = tuple(_lines(texts))
    told = {one.text: said for one in file.course.named_outcomes if (said := _serving(file, policy, one.id))}
    lines = [Terms([Own(text), Terms(told[text], "; ")], " – ") if text in told else Own(text) for text in texts]
    blocks = (Bullets(lines),) if told else plain
    if blocks:
        yield Field("learning_outcomes", msg("Learning outcomes"), blocks, register=plain)


def _outcome_texts(file: ImplementationFile) -> tuple[str, ...]:
    """The learning outcomes as they stand on the page."""
    return tuple(one if isinstance(one, str) else one.text for one in file.course.learning_outcomes)


def _serving(file: ImplementationFile, policy: Policy | None, outcome: str) -> list[object]:
    assessed: list[object] = []
    for name, alike in together(in_order(policy) if policy else (), lambda place: place[0], lambda _: None):
        part = alike[0][0]
        if outcome in part.outcomes:
            assessed.append(Own(name))
        rubric = part.rubric.criteria if part.rubric is not None else ()
        criteria = [Own(one.name) for one in rubric if outcome in one.outcomes]
        if criteria:
            assessed.append(msg("{part} ({criteria})", part=Own(name), criteria=Terms(criteria)))
    met = [when(meeting) for meeting in meetings_of(file) if outcome in meeting.session.outcomes]
    said: list[object] = [msg("assessed in {parts}", parts=Terms(assessed))] if assessed else []
    return [*said, msg("sessions {sessions}", sessions=Terms(met))] if met else said


def _implementation(file: ImplementationFile) -> Iterator[Field]:
    run = file.implementation
    if run.enrollment:
        yield _fact("enrollment", msg("Enrollment"), _days(run.enrollment))
    if run.timing:
        yield _fact("timing", msg("Timing"), _days(run.timing))
    yield _fact("credits_allocated", msg("Number of ECTS credits allocated"), msg("{n} cr", n=_credits(file)))
    if run.mode_of_delivery:
        mode = DELIVERY.get(run.mode_of_delivery, Own(run.mode_of_delivery))
        yield _fact("mode_of_delivery", msg("Mode of delivery"), mode)
    if run.unit:
        yield _fact("unit", msg("Unit"), Own(run.unit))
    if run.campus:
        yield _fact("campus", msg("Campus"), Own(run.campus))
    if run.teaching_languages:
        named = [LANGUAGE_NAMES.get(code, Own(code)) for code in run.teaching_languages]
        yield _fact("teaching_languages", msg("Teaching languages"), Terms(named))
    if run.seats:
        yield _fact("seats", msg("Seats"), msg("{min}–{max}", min=run.seats.min, max=run.seats.max))
    yield from _text("degree_programmes", msg("Degree programmes"), run.degree_programmes, short=True)
    yield from _text("teachers", msg("Teachers"), run.teachers, short=True)
    if run.teacher_in_charge:
        yield _fact("teacher_in_charge", msg("Teacher in charge"), Own(run.teacher_in_charge))
    groups = tuple(f"{group.code} {group.name}" if group.name else group.code for group in run.groups)
    yield from _text("groups", msg("Groups"), groups, short=True)
    yield from _text("small_groups", msg("Small groups"), run.small_groups, short=True)
    yield from _repeated("objective", msg("Objective"), run.objective, _outcome_texts(file), _SAME_OUTCOMES)
    yield from _repeated("content", msg("Content"), run.content, file.course.content, _SAME_CONTENT)
    yield from _text("materials", msg("Materials"), run.materials)
    yield from _text("teaching_methods", msg("Teaching methods"), run.teaching_methods)
    yield from _exams(file)
    yield from _text("pedagogy", msg("Pedagogy and sustainable development"), run.pedagogy)
    yield from _text("completion_alternatives", msg("Completion alternatives"), run.completion_alternatives)


LANGUAGE_NAMES: dict[str, Msg] = {"fi": msg("Finnish"), "sv": msg("Swedish"), "en": msg("English")}
_SAME_OUTCOMES = msg("The same as the learning outcomes of the course.")
_SAME_CONTENT = msg("The same as the content of the course.")


def _exams(file: ImplementationFile) -> Iterator[Field]:
    """The published text, then the dates that the sessions and the parts really have."""
    lines: list[object] = []
    for meeting in meetings_of(file):
        if meeting.known and is_exam(meeting.session.topic):
            lines.append(msg("{when}: {topic}", when=when(meeting), topic=Own(meeting.session.topic or "")))
    for event in events_of(file):
        part = Own(_name(event.part))
        if event.kind == "exam":
            lines.append(msg("{part}: {due}", part=part, due=event.at))
        elif event.kind == "retake":
            lines.append(msg("{part}, retake {n}: {due}", part=part, n=event.attempt - 1, due=event.at))
    blocks = [*_lines(file.implementation.exam_schedules), *([Bullets(lines)] if lines else [])]
    if blocks:
        yield Field("exam_schedules", msg("Exam schedules"), tuple(blocks))


def _name(part: Any) -> str:
    return part.name or part.id if part is not None else ""


def _work(file: ImplementationFile, words: Words) -> Iterator[Field]:
    work = file.workload
    blocks: list[Block] = list(_lines(work.description)) if work else []
    load = load_of(file)
    if load is not None:
        kinds = [KIND_NAMES[row.kind] if row.kind else "" for row in load.rows]
        same = all(words.say(k).casefold() in ("", r.name.casefold()) for k, r in zip(kinds, load.rows, strict=True))
        rows = [[Own(row.name), kind, _hours(row.hours)] for row, kind in zip(load.rows, kinds, strict=True)]
        if load.rows:
            rows.append([msg("Sum of the parts"), "", _hours(load.total)])
        if load.declared is not None:
            rows.append([msg("Promised total"), "", _hours(load.declared)])
        head = [msg("Work"), msg("Kind"), msg("Hours")]
        if same:
            head, rows = [head[0], head[2]], [[row[0], row[2]] for row in rows]
        blocks.append(Table(msg("The student's work in hours"), head, rows, frozenset({len(head) - 1})))
    if blocks:
        yield Field("workload", msg("Student workload"), tuple(blocks))
    planned = tuple(scheduling(file))
    if planned:
        yield Field("content_scheduling", msg("Content scheduling"), planned, register=tuple(scheduling_lines(file)))
    yield from _text("further_information", msg("Further information"), file.implementation.further_information)


def _hours(hours: object) -> Msg:
    return msg("{n} h", n=hours)


def _assessment(file: ImplementationFile, policy: Policy | None) -> Iterator[Field]:
    given = file.assessment
    if given is None:
        return
    scale = given.evaluation_scale
    shown = scale if isinstance(scale, str) else Terms([Own(label) for label in scale.values])
    yield _fact("evaluation_scale", msg("Evaluation scale"), shown)
    blocks: list[Block] = list(_lines(given.methods))
    register: list[Block] = []
    if policy is not None:
        blocks += [Heading(msg("How the grade comes about")), Points([_point(s) for s in whole(policy)])]
        parts = Points(list(_part_points(policy)))
        register = [*blocks, Heading(msg("The parts")), parts]
        blocks += [Heading(msg("The parts")), _parts_table(policy), parts]
    if blocks:
        label = msg("Assessment methods and criteria")
        yield Field("assessment", label, tuple(blocks), register=tuple(register))
    for level, lines in (given.criteria or {}).items():
        if scale in ("0-5", "H-5") and level in CRITERIA:
            label = CRITERIA[level]
        else:
            label = msg("Assessment criteria, {level}", level=LEVELS.get(level, level))
        yield from _text(f"criteria.{level}", label, lines)


def _point(sentence: Sentence) -> Point:
    return Point(sentence.topic, sentence.text)


def _parts_table(policy: Policy) -> Table:
    """What most readers look for: the weight, the deadline and the attempts of each part."""
    rows: list[tuple[object, ...]] = []
    for name, places in together(in_order(policy), lambda place: place[0], lambda place: len(place[0].dues)):
        part, parent, depth = places[0]
        siblings = parent.parts if parent else policy.parts
        weight: object = "–"
        if (by_steps := bonus_in_short(policy, part)) is not None:
            weight = by_steps
        elif part.bonus and part.weight is not None:
            weight = msg("bonus {n}", n=PerCent(part.weight))
        elif part.weight is not None:
            weight = PerCent(part.weight)
        elif part.counts and len(siblings) > 1 and not part.is_way:
            weight = msg("equal")
        if len(places) > 1 and part.weight is not None:
            weight = msg("{n} × {weight}", n=len(places), weight=weight)
        due = _due([each for each, *_ in places])
        rows.append((Own("– " * depth + name), weight, due, "–" if part.parts else attempts_in_short(policy, part)))
    head = (msg("Part"), msg("Weight"), msg("Deadline"), msg("Attempts"))
    return Table(msg("Weights and deadlines"), head, rows)


def _due(parts: Sequence[Part]) -> object:
    """The deadline of a part, or the first and the last one of a series."""
    dues = [part.dues[0] for part in parts if part.dues[0] is not None and not part.parts and part.takes is None]
    if not dues:
        return "–"
    return dues[0] if len(dues) == 1 else msg("{start} – {end}", start=dues[0], end=dues[-1])


def _part_points(policy: Policy) -> Iterator[Point]:
    """A paragraph per part, or for neighbours of which the same is said, from the sentences that say the whole."""
    for _, alike in groupby(in_order(policy), key=lambda place: _like(policy, *place)):
        places = list(alike)
        part, parent, depth = places[0]
        name = names_of([each for each, *_ in places])
        dues = [each.dues[0] for each, *_ in places if each.dues[0] is not None]
        said = [
            msg("Due {dues}.", dues=Terms(dues)) if sentence.key == "due" and len(places) > 1 else sentence.text
            for sentence in about_part(policy, part, parent)
        ]
        folded = None
        if len(dues) >= MANY:
            rest = [sentence.text for sentence in about_part(policy, part, parent) if sentence.key != "due"]
            title = msg("{n} deadlines, {start} – {end}", n=len(dues), start=dues[0], end=dues[-1])
            named = [msg("{part}: {due}", part=Own(each.name), due=each.dues[0]) for each, *_ in places]
            folded = Folded(Terms(rest, " "), title, named)
        yield Point(Terms([Own(str(one)) for one in name.items]), Terms(said, " "), depth, folded)


def _like(policy: Policy, part: Part, parent: Part | None, depth: int) -> object:
    """What is said of a part but for its deadline: several are said together where it is the same."""
    said = [sentence.text for sentence in about_part(policy, part, parent) if sentence.key != "due"]
    alone = part.id if part.parts or part.takes is not None else parent.id if parent is not None else None
    return alone, depth, repr(said), part.dues[0] is not None, len(part.dues), part.dues[1:]


# ---- small pieces ------------------------------------------------------------------------------------------


def _fact(name: str, label: Msg, value: object) -> Field:
    return Field(name, label, (Paragraphs((value,)),), short=True)


def _days(days: Days) -> Msg:
    return msg("{start} – {end}", start=days.start, end=days.end)


def _lines(lines: Lines) -> Iterator[Block]:
    """One line is a paragraph, several are a list."""
    if len(lines) == 1:
        yield Paragraphs((Own(lines[0]),))
    elif lines:
        yield Bullets([Own(line) for line in lines])


def _text(name: str, label: Msg, lines: Lines, *, short: bool = False) -> Iterator[Field]:
    blocks = tuple(_lines(lines))
    if blocks:
        yield Field(name, label, blocks, short=short)


def _repeated(name: str, label: Msg, lines: Lines, of_course: Lines, same: Msg) -> Iterator[Field]:
    """A field that the page repeats for the run: in full where it differs, and always in full for the register."""
    if lines and lines != of_course:
        yield from _text(name, label, lines)
    elif of_course:
        yield Field(name, label, (Paragraphs((same,)),), register=tuple(_lines(of_course)))


FIELDS = (
    "code", "scope", "prerequisites", "learning_outcomes", "course_content", "enrollment", "timing",
    "credits_allocated", "mode_of_delivery", "unit", "campus", "teaching_languages", "seats", "degree_programmes",
    "teachers", "teacher_in_charge", "groups", "small_groups", "objective", "content", "materials", "teaching_methods",
    "exam_schedules", "pedagogy", "completion_alternatives", "workload", "content_scheduling", "further_information",
    "evaluation_scale", "assessment", "criteria.fail", "criteria.satisfactory", "criteria.good", "criteria.excellent",
)  # fmt: skip
"""The names that ``--field`` takes, in the order of the page; criteria of other levels come on top."""
