"""What the frozen worlds do not hold: how a score of several cells is told, and where its rule stands."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kurssi.diagnostics.words import Words
from kurssi.grading import Explainer, Grader
from kurssi.policy.model import Policy
from test_frozen import student_of
from test_frozen_memory import policy_of

MARKERS = "parts: [{id: m, markers: {of: [A, B], within: 0.5}}]"
RUBRIC = """\
parts:
  - id: m
    rubric:
      - {id: s, name: Style, weight: 40, levels: {0: None, 3: "Clear  and plain", 5: All}}
      - {id: l, weight: 60, levels: {0: Hard, 5: Precise}}
"""


def told(policy: Policy, cells: dict[str, str]) -> tuple[object, str]:
    """Where the rule stands by which these cells become a score, and the sentence about it."""
    student = student_of({}, policy, {"student": "1", "cells": {"m": [cells]}})
    steps = Explainer(policy).steps(Grader(policy).grade(student))
    [step] = [step for step in steps if step.step in ("markers", "rubric")]
    return step.rule, Words("en").say(step.why)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("3", "3.5", "A 3, B 3.5: the mean is 3.25"),
        ("3", "?", "A 3, B ?: not all have marked yet"),
        ("3", "EX", "A 3, B EX: not the same, open until agreed on"),
        ("3", "4", "A 3, B 4: further apart than 0.5, open until agreed on"),
    ],
)
def test_why_markers_come_to_a_score_or_to_none(first: str, second: str, sentence: str) -> None:
    assert told(policy_of(MARKERS), {"A": first, "B": second}) == (("assessment", "parts", 0, "markers"), sentence)


def test_a_criterion_is_told_by_its_name_or_else_by_its_id() -> None:
    policy = policy_of(RUBRIC)
    sentence = "Style 3 (40 %), l 5 (60 %): the weighted mean is 4.2"
    assert told(policy, {"s": "3", "l": "5"}) == (("assessment", "parts", 0, "rubric"), sentence)
    rubric = policy.parts[0].rubric
    assert rubric is not None
    assert rubric.criteria[0].text(Fraction(3)) == "Clear and plain"


def test_a_mean_is_told_at_its_parts_with_those_that_others_are_better_than() -> None:
    """A bonus is not among them: it enters no mean, whoever is better."""
    inner = "{id: p, best: 1, parts: [{id: a}, {id: b}]}"
    policy = policy_of(f"parts: [{inner}, {{id: c}}, {{id: d, bonus: true, weight: 10}}]")
    cells = {part: [[score]] for part, score in zip("abcd", "2431", strict=True)}
    student = student_of({}, policy, {"student": "1", "cells": cells})
    steps = Explainer(policy).steps(Grader(policy).grade(student))
    assert [(step.part, step.rule, Words("en").say(step.why)) for step in steps if step.step == "mean"] == [
        ("p", ("assessment", "parts", 0, "parts"), "not counted, as others are better: a (2). 1.00 × 4 (b)"),
        (None, ("assessment", "parts"), "0.50 × 4 (p) + 0.50 × 3 (c)"),
    ]
