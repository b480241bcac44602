"""Two runs side by side: what changed in the plan and in the policy, as values in a teacher's words.

Pure: two typed files in, a list of :class:`Change` out. Parts are paired by their id, sessions by their topic, groups
by their code, hours by their name, lines of text by what they have in common. A default that is written out is no
change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import msg
from kurssi.planning.workload import load_of
from kurssi.values.vocabulary import fold

from .changes import (
    SECTIONS,
    Change,
    block_changes,
    changed,
    field_changes,
    line_changes,
    named_changes,
    period_changes,
)
from .policy import activity_changes, criteria_changes, late_changes, may_fail, part_changes, requires_changes
from .sessions import session_changes, sum_of
from .words import LABELS, hours_text, outcome_text, work_text, yes_or_no

__all__ = ["LABELS", "SECTIONS", "Change", "compare"]


def compare(old: ImplementationFile, new: ImplementationFile) -> list[Change]:
    """Everything that changed from ``old`` to ``new``, in the order of the page."""
    both = _Both(old, new)
    return [*both.course(), *both.run(), *both.schedule(), *both.workload(), *both.assessment()]


@dataclass(frozen=True)
class _Both:
    before: ImplementationFile
    after: ImplementationFile

    def course(self) -> Iterator[Change]:
        old, new = self.before.course, self.after.course
        yield from field_changes("course", ("course",), old, new, skip={"learning_outcomes"})
        texts = [[outcome_text(one) for one in course.learning_outcomes] for course in (old, new)]
        yield from line_changes("course", ("course", "learning_outcomes"), LABELS["learning_outcomes"], *texts)

    def run(self) -> Iterator[Change]:
        old, new = self.before.implementation, self.after.implementation
        path: Path = ("implementation",)
        yield from period_changes("run", (*path, "enrollment"), old.enrollment, new.enrollment, LABELS["enrollment"])
        yield from period_changes("run", (*path, "timing"), old.timing, new.timing, None)
        yield from field_changes("run", path, old, new, skip={"id", "enrollment", "timing", "groups"})
        yield from named_changes(
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
            yield from block_changes("schedule", path, old, new, SECTIONS["schedule"])
            return
        yield from field_changes("schedule", path, old, new, skip={"sessions"})
        if (a := sum_of(old.sessions)) != (b := sum_of(new.sessions)):
            yield changed("schedule", (*path, "sessions"), LABELS["sessions"], a, b)
        yield from session_changes(old.sessions, new.sessions)

    def workload(self) -> Iterator[Change]:
        old, new = self.before.workload, self.after.workload
        path: Path = ("workload",)
        if old is None or new is None:
            yield from block_changes("workload", path, old, new, SECTIONS["workload"])
            return
        yield from field_changes("workload", path, old, new, skip={"parts"})
        loads = load_of(self.before), load_of(self.after)
        sums = [load.total if load and load.rows else None for load in loads]
        if sums[0] != sums[1]:
            shown = [None if total is None else hours_text(total) for total in sums]
            yield changed("workload", (*path, "parts"), msg("sum of the parts"), *shown)
        yield from named_changes(
            "workload",
            (*path, "parts"),
            [(fold(p.name), work_text(p)) for p in old.parts],
            [(fold(p.name), work_text(p)) for p in new.parts],
            None,
            [p.name for p in old.parts],
            [p.name for p in new.parts],
        )

    def assessment(self) -> Iterator[Change]:
        old, new = self.before.assessment, self.after.assessment
        path: Path = ("assessment",)
        if old is None or new is None:
            yield from block_changes("assessment", path, old, new, SECTIONS["assessment"])
            return
        yield from field_changes(
            "assessment", path, old, new, skip={"parts", "late", "activity", "requires", "criteria", "may_fail"}
        )
        if (a := may_fail(old)) != (b := may_fail(new)):
            yield changed("assessment", (*path, "may_fail"), LABELS["may_fail"], yes_or_no(a), yes_or_no(b))
        yield from part_changes((*path, "parts"), old.parts, new.parts, True)
        yield from late_changes((*path, "late"), old.late, new.late, None)
        yield from activity_changes((*path, "activity"), old.activity, new.activity)
        yield from requires_changes((*path, "requires"), old, new)
        yield from criteria_changes((*path, "criteria"), old.criteria or {}, new.criteria or {})
