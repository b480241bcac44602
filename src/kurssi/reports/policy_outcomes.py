"""Learning outcomes in words: what assesses each, and who can pass without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kurssi.analysis.outcomes import OutcomeCover
from kurssi.analysis.questions import Analysis
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.diagnostics.words import Words
from kurssi.policy.model import Policy
from kurssi.policy.series import names_of

from .invented_students import student_line
from .policy_report import Section


def outcome_sections(analysis: Analysis, words: Words) -> Iterator[Section]:
    """A line for each outcome that is assessed: who passes without it, or that nobody does."""
    lines = [words.say(_line(analysis.full, cover)) for cover in analysis.outcomes]
    if lines:
        yield Section(words("Learning outcomes: who passes without one"), lines)


def _line(policy: Policy, cover: OutcomeCover) -> Msg:
    criteria = [msg("{part}: {criterion}", part=part.name, criterion=one.name) for part, one in cover.criteria]
    parts = Terms([*([names_of(cover.parts)] if cover.parts else []), *criteria])
    if cover.without is None and not cover.surely:
        return msg("{outcome} ({parts}): nobody was found who passes without it", outcome=cover.text, parts=parts)
    if cover.without is None:
        return msg("{outcome} ({parts}): nobody passes without it", outcome=cover.text, parts=parts)
    return msg(
        "{outcome} ({parts}): can be passed without it: {student} → grade {grade}",
        outcome=cover.text,
        parts=parts,
        student=student_line(policy, cover.without.students[0]),
        grade=policy.scale.label(cover.without.grades[0]),
    )


def outcomes_as_data(analysis: Analysis, witness: Any) -> list[dict[str, Any]]:
    """The same as data; ``witness`` writes a student."""
    return [
        {
            "id": cover.id,
            "text": cover.text,
            "parts": [part.id for part in cover.parts],
            **(
                {"criteria": [{"part": part.id, "criterion": one.id} for part, one in cover.criteria]}
                if cover.criteria
                else {}
            ),
            "without": witness(analysis.full, cover.without),
        }
        for cover in analysis.outcomes
    ]
