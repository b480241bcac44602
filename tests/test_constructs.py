"""The table of the constructs: each brings what the others bring, and every value of the policy is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from kurssi.analysis.questions import KINDS, questions_about
from kurssi.course import model
from kurssi.course.diff.words import CHOICES
from kurssi.grading import constructs
from kurssi.grading.constructs import CONSTRUCTS, columns_of, steps_of, words_of
from kurssi.grading.result import StepName

ROOMS = Path(constructs.__file__).parent


@pytest.mark.parametrize(
    "values",
    [
        model.LateUnit,
        model.Rounding,
        model.Graded,
        model.ScoredBy,
        model.AttemptWord,
        model.SkippedDay,
        model.AgreeRule,
        model.PercentOf,
        model.SpendRule,
        model.LateFrom,
        model.SilentRule,
    ],
    ids=str,
)
def test_a_change_of_every_value_is_said_in_words(values: Any) -> None:
    assert set(get_args(values)) <= set(CHOICES)


def test_every_construct_has_a_room_with_steps_words_and_formulas() -> None:
    for construct in CONSTRUCTS:
        assert {"steps.py", "words.py", "formula.py"} <= {file.name for file in (ROOMS / construct).iterdir()}
        assert words_of(construct)
        assert columns_of(construct) is not None
        assert steps_of(construct)


def test_no_room_is_left_out_of_the_table() -> None:
    assert {file.parent.name for file in ROOMS.glob("*/words.py")} == set(CONSTRUCTS)


def test_every_column_every_step_and_every_question_belongs_to_one_construct() -> None:
    for level in ("attempt", "part", "whole", "numbered"):
        names = [name for construct in CONSTRUCTS for name in getattr(columns_of(construct), level)]
        assert len(names) == len(set(names)), level
    steps = [step for construct in CONSTRUCTS for step in steps_of(construct)]
    assert sorted(steps) == sorted(get_args(StepName))
    asked = [kind for construct in CONSTRUCTS for kind in questions_about(construct)]
    assert sorted(asked) == sorted(KINDS)
