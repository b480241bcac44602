"""The hours of an implementation, added up exactly and held against what the credits promise (contract section 6)."""

from fractions import Fraction
from typing import NamedTuple

from kurssi.course.model import ImplementationFile
from kurssi.values.numbers import exact_sum

DECREE = Fraction(1600, 60)
"""Hours per credit by decree: 1600 h of work on average for 60 credits (Decree 1129/2014, section 3)."""
BAND = (Fraction(25), Fraction(30))
"""Hours per credit between which ECTS puts a credit (25 to 30 h; ECTS Users' Guide)."""
KINDS = ("contact_teaching", "group_work", "independent_work")


class Row(NamedTuple):
    """A part of the work: its name, its hours as written, its hours, and its kind."""

    name: str
    text: str
    hours: Fraction
    kind: str | None


class Load(NamedTuple):
    """The workload of one implementation; all figures in hours."""

    rows: tuple[Row, ...]
    total: Fraction
    """The sum of the parts."""
    declared: Fraction | None
    """What the page promises."""
    credits: Fraction
    hours_per_credit: Fraction
    by_credits: Fraction
    """Credits × hours per credit."""
    by_decree: Fraction
    """Credits × 1600/60."""
    band: tuple[Fraction, Fraction]
    """Credits × 25 h and × 30 h."""
    contact: Fraction | None
    """Hours of contact teaching among the parts, where any part says so."""
    sessions: Fraction | None
    """Hours of the schedule's sessions, where every session says how long it is."""
    split: dict[str, Fraction]
    """Hours by kind, for parts that name one."""

    @property
    def difference(self) -> Fraction | None:
        """Declared minus sum: the hours that are missing (positive) or too many."""
        return None if self.declared is None else self.declared - self.total


def load_of(file: ImplementationFile) -> Load | None:
    """The workload, or ``None`` where the file has no workload with parts or a total."""
    work = file.workload
    if work is None or (not work.parts and work.total is None):
        return None
    rows = tuple(Row(p.name, p.hours.text, p.hours.hours, p.kind) for p in work.parts)
    credits_ = file.implementation.credits_allocated or file.course.credits
    by_kind = {kind: [row.hours for row in rows if row.kind == kind] for kind in KINDS}
    split = {kind: exact_sum(hours) for kind, hours in by_kind.items() if hours}
    sessions = file.schedule.sessions if file.schedule else ()
    lengths = [s.hours.hours for s in sessions if s.hours is not None]
    return Load(
        rows,
        exact_sum(r.hours for r in rows),
        work.total.hours if work.total else None,
        credits_,
        work.hours_per_credit,
        credits_ * work.hours_per_credit,
        credits_ * DECREE,
        (credits_ * BAND[0], credits_ * BAND[1]),
        split.get("contact_teaching"),
        exact_sum(lengths) if sessions and len(lengths) == len(sessions) else None,
        split,
    )
