"""Gates that decide nothing, each with a student who misses it."""

from __future__ import annotations

from collections.abc import Iterator

from kurssi.analysis.claims import STRUCTURE, Claim, Witness
from kurssi.analysis.effects import missing
from kurssi.analysis.search_space import leaves_of
from kurssi.diagnostics.finding import Severity
from kurssi.grading import Grader
from kurssi.grading.conversion.hooks import HALVES, scores
from kurssi.policy.gates import DeadGate, dead_gates
from kurssi.policy.model import Policy
from kurssi.values.classlist import Student


def dead_gates_of(policy: Policy) -> Iterator[Claim]:
    """Gates that are written but decide nothing, with the best student who does not hand the part in."""
    grader = Grader(policy)
    for gate in dead_gates(policy):
        student = _best_without(policy, gate)
        grade = grader.grade(student).grade
        shown = None if grade is None else Witness((student,), (grade,))
        path = (*gate.part.path, gate.key)
        yield Claim("dead-gate", Severity.warning, path, gate.message, gate.help, STRUCTURE, shown, gate.part.id)


def _best_without(policy: Policy, gate: DeadGate) -> Student:
    sources = {leaf.source for leaf in leaves_of(gate.part)}
    attempts = {
        leaf.id: missing() if leaf.id in sources else (scores(leaf, policy, HALVES)[-1],) for leaf in policy.leaves()
    }
    return Student("1", attempts=attempts, attended=policy.sessions or None)
