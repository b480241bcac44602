"""The invented students of the policy analysis in a line."""

from __future__ import annotations

from kurssi.diagnostics.message import Terms, msg
from kurssi.policy.model import Part, Policy
from kurssi.policy.series import together
from kurssi.values.classlist import Attempt, Student

from .rows import state_in_words


def student_line(policy: Policy, student: Student) -> Terms:
    """An invented student in one line: ``Exam 4; Essay 3.5, handed in 4 Mar 2024 23:59``."""
    said: list[object] = []
    of = student.attempts
    for called, parts in together(policy.leaves(), lambda part: part, lambda part: of.get(part.id, ())):
        part = parts[0]
        for number, attempt in enumerate(of.get(part.id, ()), 1):
            name = called if number == 1 else f"{called} {number}"
            between = ": " if name[-1:].isdigit() else " "  # else the name and the score read as one number
            cell: list[object] = [Terms([name, _score(policy, part, attempt)], between)]
            if attempt.submitted is not None:
                cell.append(msg("handed in {when}", when=attempt.submitted))
            if attempt.due is not None:
                cell.append(msg("due {when}", when=attempt.due))
            said.append(Terms(cell))
    if student.level is not None:
        said.append(msg("activity {level}", level=student.level))
    if student.attended is not None:
        said.append(msg("attended {n}", n=student.attended))
    return Terms(said, "; ")


def _score(policy: Policy, part: Part, attempt: Attempt) -> object:
    if attempt.state == "scored" and attempt.score is not None:
        return (policy.scale.own_label(attempt.score) if part.in_grades else None) or attempt.score
    return state_in_words(attempt.state)
