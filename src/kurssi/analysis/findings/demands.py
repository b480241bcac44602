"""What grades ask beside the total: claims that it makes doubtful, and a better attempt that has fewer points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from kurssi.analysis.budget import Budget
from kurssi.analysis.claims import WITNESS, Claim, Witness, holds
from kurssi.analysis.effects import Grids
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.grading import Grader
from kurssi.grading.conversion.hooks import ENDS, scores
from kurssi.grading.lateness.hooks import late_times, on_time
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, Student
from kurssi.values.times import When

FEW = 6
"""Scores of a part that are tried, beside those at what is asked."""


def asked_of(policy: Policy) -> set[str]:
    """The parts of which a grade asks something, with all above and below them."""
    return {demand.part for demand in policy.requires} | set(_near_demands(policy.parts, policy, False))


def _near_demands(parts: tuple[Part, ...], policy: Policy, inside: bool) -> Iterator[str]:
    """Of siblings, and of all below them, what is asked of or below what is; and what holds something that is asked of.

    ``inside``: a grade asks something of a part above them.
    """
    for part in parts:
        here = inside or bool(policy.demands_on(part.id))
        below = tuple(_near_demands(part.parts, policy, here))
        yield from below
        if here or below:
            yield part.id


def is_doubtful(policy: Policy, claim: Claim, asked: set[str]) -> bool:
    """Whether a claim on the total need not hold with what grades ask."""
    if claim.kind in ("unreachable-grade", "decides-alone"):
        return True
    if claim.found in asked and claim.kind != "not-monotone":
        return True
    return claim.witness is None or not holds(policy, claim.witness)


def raw_not_monotone(grids: Grids) -> Iterator[Claim]:
    """A better score makes another attempt count, with fewer points than a grade asks for."""
    policy = grids.policy
    for part in policy.leaves():
        if len(part.dues) > 1 and any(demand.in_points for demand in policy.demands_on(part.id)):
            witness = _worse(policy, part, grids.spaces[-1].budget)
            if witness is not None:
                yield Claim(
                    "not-monotone",
                    Severity.warning,
                    (*part.path, "retake_at_most") if part.retake_at_most is not None else part.path,
                    msg("in {part} a better score can lower the grade", part=part.name),
                    msg("leave retake_at_most out, or ask for a value of the part and not for points"),
                    WITNESS,
                    witness,
                    part.id,
                )


def _worse(policy: Policy, part: Part, budget: Budget) -> Witness | None:
    """Two students, the second with a better score and nothing worse, and with a lower grade."""
    grader = Grader(policy)
    best = {leaf.id: (scores(leaf, policy, ENDS)[-1],) for leaf in policy.leaves()}
    student = Student("1", attended=policy.sessions or None)

    def graded(attempts: tuple[Attempt, ...], name: str) -> tuple[Student, int]:
        budget.spend(20)
        given = student._replace(student=name, attempts={**best, part.id: attempts})
        return given, grader.judge(given).grade or policy.scale.lowest

    first, second = _scores(policy, part), _scores(policy, part)
    for when, one, two in product(_times(grader, part), first, second):
        for better in first:
            if better <= one:
                continue
            was = graded((Attempt("scored", one, when), Attempt("scored", two)), "1")
            now = graded((Attempt("scored", better, when), Attempt("scored", two)), "2")
            witness = Witness((was[0], now[0]), (was[1], now[1]), apart=True)
            if now[1] < was[1] and holds(policy, witness):
                return witness
    return None


def _scores(policy: Policy, part: Part) -> list[Fraction]:
    """Some scores of a part in points, and those that grades ask for."""
    most = part.most or Fraction(0)
    found = {most * n / FEW for n in range(FEW + 1)}
    found |= {demand.bound for demand in policy.demands_on(part.id) if demand.in_points}
    return sorted(score for score in found if score <= most)


def _times(grader: Grader, part: Part) -> list[When | None]:
    """In time, and late by the least and by the most."""
    due = part.dues[0]
    if due is None or part.late is None:
        return [None]
    zone = grader.terms.zone
    late = [when for _, when in late_times(part, due, zone)]
    return [on_time(due, zone), *late[:1], *late[-1:]]
