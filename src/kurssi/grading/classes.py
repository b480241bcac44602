"""A whole class: every student by the core, or by a plan where many are alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from kurssi.policy.model import Policy
from kurssi.values.classlist import ClassList

from .core import Grader
from .result import Override, Result

WORTH_A_PLAN = 100
"""In a class of fewer students too few are alike."""


def grade_class(
    policy: Policy,
    class_list: ClassList,
    overrides: Mapping[str, Override] | None = None,
    *,
    as_of: date | None = None,
    steps: bool = True,
    only: str | None = None,
    grader: Grader | None = None,
) -> Iterable[Result]:
    """The results of a class, in the order of the roster; ``only`` one student's.

    ``grader`` is one for this policy, class and day, where the caller goes on to use it.
    """
    grader = grader or Grader(policy, class_list, as_of=as_of)
    teller = None
    if only is None and len(class_list.students) >= WORTH_A_PLAN:
        from .plan import Plan  # a small class does without
        from .telling import Teller

        teller = Teller(Plan(grader))
    for student in class_list.students:
        override = (overrides or {}).get(student.student)
        if only is not None and student.student != only:
            continue
        if teller is not None and override is None:
            yield teller.result(student, steps=steps)
        else:
            yield grader.grade(student, override, steps=steps)
