"""Who wins and who loses when the rules change: over all students, and in a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kurssi.analysis.claims import Witness, cells
from kurssi.analysis.policy_comparison import Case, PolicyComparison
from kurssi.analysis.regrading import GradeRange, Regraded, in_words
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.policy.model import Policy

from .invented_students import student_line
from .policy_report import GRIDS, Section


@dataclass(frozen=True)
class ClassShift:
    """A class under both policies."""

    students: int
    moved: tuple[Regraded, ...]


def all_students(old: Policy, new: Policy, found: PolicyComparison, words: Words) -> Section:
    """Over all students: what each grade could become, and the students who win and lose most."""
    label = old.scale.label
    lines: list[object] = [
        msg("who had {old} could get {least}–{most}", old=label(s.old), least=label(s.least), most=label(s.most))
        if s.least != s.most
        else msg("who had {old} gets {new}", old=label(s.old), new=label(s.least))
        for s in found.spans
    ]
    if found.gain is None and found.loss is None:
        lines = [msg("nobody could get another grade")]
    lines += [_case(old, new, case) for case in (found.gain, found.loss) if case is not None]
    lines.append(msg("Looked at: {grids}.", grids=GRIDS[found.grid]))
    if old.requires or new.requires:
        lines.append(msg("All of this is before what grades require beside the total."))
    return Section(words("Who could win or lose"), [words.say(line) for line in lines])


def _case(old: Policy, new: Policy, case: Case) -> Msg:
    was, now = student_line(old, case.before.students[0]), student_line(new, case.after.students[0])
    grades = [old.scale.label(case.before.grades[0]), new.scale.label(case.after.grades[0])]
    students = (
        msg("{cells}: {old} → {new}", cells=was, old=grades[0], new=grades[1])
        if was == now
        else msg("{cells} → {old}; as {other} → {new}", cells=was, old=grades[0], other=now, new=grades[1])
    )
    n = abs(case.by)
    if case.by > 0:
        return nmsg("at most {n} grade is won: {who}", "at most {n} grades are won: {who}", n=n, who=students)
    return nmsg("at most {n} grade is lost: {who}", "at most {n} grades are lost: {who}", n=n, who=students)


def outcome(policy: Policy, found: GradeRange) -> object:
    """A grade by its label, or what is within reach."""
    grade, within = found
    if grade is not None:
        return policy.scale.label(grade)
    if not within:
        return msg("incomplete")
    return msg("incomplete ({grades})", grades=Terms([policy.scale.label(g) for g in within or ()]))


def in_class(old: Policy, new: Policy, found: ClassShift, words: Words) -> Section:
    """In a class: whose grade would have been another, and by which rule."""
    section = Section(words("In this class"))
    section.lines = [
        words(
            "{student}: {old} → {new} ({rules})",
            student=one.student.student,
            old=outcome(old, one.old),
            new=outcome(new, one.new),
            rules=Terms([in_words(change) for change in one.rules], "; "),
        )
        for one in found.moved
    ]
    total = nmsg(
        "{n} of {all} students would have got another grade",
        "{n} of {all} students would have got another grade",
        n=len(found.moved),
        all=found.students,
    )
    section.lines.append(words.say(total))
    return section


# ---- JSON --------------------------------------------------------------------------------------------------


def as_data(old: Policy, new: Policy, found: PolicyComparison | None, group: ClassShift | None) -> dict[str, Any]:
    """The same as data; grades are numbers. ``before_requires``: without what grades require beside the total."""
    out: dict[str, Any] = {}
    if found is not None:
        out["all_students"] = {
            "over": found.grid,
            "spans": [span._asdict() for span in found.spans],
            "gain": _case_data(old, new, found.gain),
            "loss": _case_data(old, new, found.loss),
        }
        if old.requires or new.requires:
            out["all_students"]["before_requires"] = True
    if group is not None:
        out["class"] = {
            "students": group.students,
            "moved": [
                {
                    "student": one.student.student,
                    "old": _outcome_data(one.old),
                    "new": _outcome_data(one.new),
                    "rules": [{"rule": c.rule, "old": c.old, "new": c.new} for c in one.rules],
                }
                for one in group.moved
            ],
        }
    return out


def _outcome_data(found: GradeRange) -> dict[str, Any]:
    grade, within = found
    return {"grade": grade, "range": None if within is None else list(within)}


def _case_data(old: Policy, new: Policy, case: Case | None) -> dict[str, Any] | None:
    if case is None:
        return None
    sides: Sequence[tuple[str, Policy, Witness]] = (("before", old, case.before), ("after", new, case.after))
    return {
        "grades": case.by,
        **{name: {"cells": cells(p, w.students[0]), "grade": w.grades[0]} for name, p, w in sides},
    }
