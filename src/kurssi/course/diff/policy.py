"""What changed in the parts, in what lateness costs, and in activity, peer marks and criteria."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kurssi.course.model import (
    TAKEN,
    Activity,
    Asked,
    Assessment,
    Late,
    Part,
    Peer,
    Placed,
    WayPart,
    is_percent,
    moves_grade,
    parts_key,
    place_of,
)
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import PerCent, Terms, msg, nmsg

from .changes import Change, changed, field_changes, line_changes, section_of
from .words import CHOICES, LABELS, moment_text, shown, signed_text, yes_or_no


def part_changes(path: Path, old: Sequence[Part], new: Sequence[Part], top: bool) -> Iterator[Change]:
    """The parts of a list, paired by their ids."""
    before = {part.id: part for part in old}
    after = {part.id for part in new}
    said: set[tuple[object, ...]] = set()
    for index, part in enumerate(new):
        here = (*path, place_of(part, index))
        if part.id not in before:
            yield changed("assessment", here, part.name or part.id, None, _part(part))
            continue
        for change in _changes(here, before[part.id], part, top):
            if isinstance(part, Placed) and part.number is not None:
                # what changed for all of a series alike is said once, of the first
                about = (change.path, repr(change.old), repr(change.new))
                if about in said:
                    continue
                said.add(about)
            yield change
    for index, part in enumerate(old):
        if part.id not in after:
            yield changed("assessment", (*path, place_of(part, index)), part.name or part.id, _part(part), None)


def _changes(here: Path, was: Part, part: Part, top: bool) -> Iterator[Change]:
    """What changed in one part."""
    name = part.name or part.id
    skip = {"id", "parts", "ways", "late", "required", "peer", *_FOUND_OUT}
    same_source = part.takes is not None and was.takes == part.takes
    if same_source:
        offered = {"graded", "boundaries", "linear"} - part.model_fields_set - was.model_fields_set
        skip |= {*(name.removesuffix("_") for name in TAKEN), *offered}  # said of the part that has the scores
    yield from field_changes("assessment", here, was, part, owner=name, skip=skip)
    required = [p.required if p.required is not None else top and not p.bonus for p in (was, part)]
    if required[0] != required[1]:
        what = section_of(name, LABELS["required"])
        yield changed("assessment", (*here, "required"), what, yes_or_no(required[0]), yes_or_no(required[1]))
    if same_source:
        return
    yield from late_changes((*here, "late"), was.late, part.late, name)
    yield from _peer((*here, "peer"), was.peer, part.peer, name)
    yield from part_changes((*here, parts_key(part)), was.parts, part.parts, isinstance(part, WayPart) and top)


_FOUND_OUT = Placed.model_fields.keys() - Part.model_fields.keys()
"""What a part of a series knows of its place, which nobody writes."""


def _part(part: Part) -> Terms:
    """A part in a few words: weight, how it is assessed, deadline."""
    said: list[object] = []
    if part.weight is not None:
        said.append(msg("bonus {n}", n=part.weight) if part.bonus else PerCent(part.weight))
    if part.ways:
        said.append(nmsg("{n} way", "{n} ways", n=len(part.ways)))
    else:
        said.append(nmsg("{n} part", "{n} parts", n=len(part.parts)) if part.parts else CHOICES[part.graded])
    if part.takes is not None:
        said.append(msg("the scores of {part}", part=part.takes))
        return Terms(said)
    if part.is_shared:
        said.append(msg("by group"))
    if part.retakes:
        said.append(nmsg("{n} retake", "{n} retakes", n=len(part.retakes)))
    if part.due is not None:
        said.append(msg("due {due}", due=moment_text(part.due)))
    return Terms(said)


def late_changes(path: Path, old: object, new: object, owner: object) -> Iterator[Change]:
    """What lateness costs, in the whole policy or in a part."""
    if old == new:
        return
    what = section_of(owner, LABELS["late"])
    if not isinstance(old, Late) or not isinstance(new, Late):
        yield changed("assessment", path, what, _late_words(old), _late_words(new))
        return
    yield from field_changes("assessment", path, old, new, owner=what)


def _late_words(late: object) -> object:
    if not isinstance(late, Late):
        return None if late is None else CHOICES["none"]
    keys = ("deduct", "per", "skip", "at_most", "not_below", "closes")
    given = [key for key in keys if getattr(late, key) not in (None, ())]
    return Terms([msg("{what} {value}", what=LABELS[key], value=shown(getattr(late, key), key)) for key in given])


def activity_changes(path: Path, old: Activity | None, new: Activity | None) -> Iterator[Change]:
    """What activity adds."""
    if old == new:
        return
    before, after = (_activity_words(a) if a is not None else None for a in (old, new))
    yield changed("assessment", path, LABELS["activity"], before, after)


def _activity_words(activity: Activity) -> object:
    if activity.attendance is not None:
        said = shown(activity.attendance, "attendance")
    else:
        levels = (activity.levels or {}).items()
        said = Terms([msg("{level} {adjust}", level=k, adjust=signed_text(v)) for k, v in levels])
    return msg("{sizes}, in steps of the final grade", sizes=said) if moves_grade(activity.adjust) else said


def _peer(path: Path, old: Peer | None, new: Peer | None, owner: object) -> Iterator[Change]:
    what = section_of(owner, LABELS["peer"])
    if old is None or new is None:
        if old is not new:
            there = [None if p is None else msg("they move {n} %", n=p.weight) for p in (old, new)]
            yield changed("assessment", path, what, *there)
        return
    yield from field_changes("assessment", path, old, new, owner=what)


def requires_changes(path: Path, old: Assessment, new: Assessment) -> Iterator[Change]:
    """What grades ask of parts and of attendance, grade by grade."""
    before, after = old.requires or {}, new.requires or {}
    for key in dict.fromkeys([*after, *before]):
        if before.get(key) != after.get(key):
            what = section_of(LABELS["requires"], key)
            yield changed("assessment", (*path, key), what, _needs(before.get(key)), _needs(after.get(key)))


def _needs(needs: Mapping[str, Asked] | None) -> object:
    return None if needs is None else Terms([f"{part} {asked}" for part, asked in needs.items()])


def criteria_changes(path: Path, old: dict[str, tuple[str, ...]], new: dict[str, tuple[str, ...]]) -> Iterator[Change]:
    """The assessment criteria, level by level."""
    for level in dict.fromkeys([*new, *old]):
        name = CHOICES.get(level, level)
        yield from line_changes(
            "assessment", (*path, level), Terms([LABELS["criteria"], name]), old.get(level, ()), new.get(level, ())
        )


def may_fail(assessment: Assessment) -> bool:
    """Whether the total may fail a student, as it holds where nothing is said."""
    return is_percent(assessment.basis) if assessment.may_fail is None else assessment.may_fail
