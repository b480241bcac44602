"""Runs of a course beside each other, over the years: grades, hours, feedback, and what changed in the rules between.

No student is in it. Of a run in which fewer than :data:`~kurssi.gradebook.figures.FEWEST` have a grade (or than were
chosen) only the size is said, and of feedback nothing that fewer have answered than the survey itself shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from kurssi.course.diff import Change, compare
from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.message import Msg, Terms, Wrong, msg
from kurssi.gradebook.figures import FEWEST, Spread, spread_of
from kurssi.gradebook.gradebook import Gradebook
from kurssi.planning.workload import load_of
from kurssi.policy.resolved_policy import policy_of
from kurssi.policy.scales import Scale
from kurssi.surveys.figures import Numbers, Survey, figures
from kurssi.surveys.wordings import asks_hours
from kurssi.verification.problems import Node, Unfit
from kurssi.verification.report import NotAReport, read_report
from kurssi.verification.rules import read_policy

from .course_feedback_runs import Compared, compared
from .not_shown import why_not_shown

TEXTS = frozenset({"methods", "criteria"})
"""Keys of an assessment that describe its rules and are none."""


class Grades(NamedTuple):
    """The grades of a run."""

    students: int
    n: int
    """How many have a grade."""
    counts: Mapping[str, int] | None
    """How many have which grade, by its label; None for too few."""
    passed: int | None
    spread: Spread | None
    """None for too few, and where grades are no numbers."""
    ends: tuple[int, int] | None
    """The lowest and the highest grade, where grades are numbers."""


class Hours(NamedTuple):
    """The hours of a run."""

    credits: Fraction
    promised: Fraction | None
    listed: Fraction | None
    """The sum of the parts."""
    students: Numbers | None
    """What students say that it took them."""


class Year(NamedTuple):
    """One run of the course."""

    file: ImplementationFile
    grades: Grades | None
    hours: Hours
    survey: Survey | None

    @property
    def id(self) -> str:
        """The implementation's id."""
        return self.file.implementation.id


class Between(NamedTuple):
    """What changed from a run to the next."""

    rules: tuple[Change, ...]
    others: int
    """How many changes there are besides: of dates, sessions, texts, hours."""


class Years(NamedTuple):
    """All runs, in order of time."""

    runs: tuple[Year, ...]
    between: tuple[Between, ...]
    feedback: tuple[Compared, ...]
    """Questions with their figures; ``sheet`` is the place of the run."""
    few: int
    """Below so many grades nothing is shown of a run."""

    @property
    def ends(self) -> tuple[int, int] | None:
        """The lowest and the highest grade, where all runs with grades have the same scale of numbers."""
        found = {run.grades.ends for run in self.runs if run.grades is not None}
        return found.pop() if len(found) == 1 else None


def years_of(runs: Sequence[Year], few: int) -> Years:
    """The runs with all that stands between and beside them."""
    places = [place for place, run in enumerate(runs) if run.survey is not None]
    surveys = [run.survey._replace(file=run.id, sheet=None) for run in runs if run.survey is not None]
    rows = [
        row._replace(runs=tuple(one._replace(sheet=places[one.sheet]) for one in row.runs))
        for row in compared(surveys, alone=True)
    ]
    return Years(tuple(runs), tuple(between(old.file, new.file) for old, new in pairwise(runs)), tuple(rows), few)


def between(old: ImplementationFile, new: ImplementationFile) -> Between:
    """What changed in the rules; deadlines and texts are new each year and are only counted."""
    changes = compare(old, new)
    rules = tuple(change for change in changes if _is_rule(change))
    return Between(rules, len(changes) - len(rules))


def _is_rule(change: Change) -> bool:
    if change.section != "assessment" or (change.path[1:2] and change.path[1] in TEXTS):
        return False
    last = change.path[-1] if change.path else None
    if last == "retakes":  # their deadlines move each year, their number is a rule
        return _first(change.old) != _first(change.new)
    return last != "due"


def _first(value: object) -> object:
    return value.items[0] if isinstance(value, Terms) and value.items else value


# ---- one run -------------------------------------------------------------------------------------------------


def grades_of(book: Gradebook, few: int = FEWEST) -> Grades:
    """The grades of a class."""
    return _grades([result.grade for result in book.results], book.policy.scale, few)


def grades_in(raw: bytes, few: int = FEWEST) -> tuple[str, Grades]:
    """The implementation that a JSON report is about, and its grades. Raises :class:`NotAReport`."""
    report = Node(read_report(raw), "")
    try:
        report["command"].one_of("grade")  # and no explanation of one student
        rules = report["policy"]["resolved"]
        read_policy(rules)  # which takes nothing for granted
        scale = policy_of(rules.mapping()).scale
        grades = [_grade(one["grade"], scale) for one in report["students"].entries()]
        return report["implementation"].text(), _grades(grades, scale, few)
    except Unfit as unfit:
        raise NotAReport(msg("{path}: {problem}", path=unfit.where, problem=unfit.message)) from None
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, Wrong):
        raise NotAReport(msg("the rules in the report are none that kurssi grades by")) from None


def _grade(node: Node, scale: Scale) -> int | None:
    given = node.given
    if given is None:
        return None
    grade = given.whole()
    if grade not in scale.grades:
        raise ValueError(grade)
    return grade


def _grades(every: Sequence[int | None], scale: Scale, few: int) -> Grades:
    grades = [grade for grade in every if grade is not None]
    n, numbers = len(grades), not scale.own and scale.name != "pass-fail"
    ends = (scale.lowest, scale.top) if numbers else None
    if n < max(few, FEWEST):
        return Grades(len(every), n, None, None, None, ends)
    counted = Counter(grades)
    return Grades(
        len(every),
        n,
        {scale.label(grade): counted[grade] for grade in scale.grades},
        sum(grade >= scale.pass_grade for grade in grades),
        spread_of(map(Fraction, grades)) if numbers else None,
        ends,
    )


def hours_of(file: ImplementationFile, survey: Survey | None) -> Hours:
    """What the page promises, what its parts sum to, and what students say."""
    load = load_of(file)
    credits_ = file.implementation.credits_allocated or file.course.credits
    listed = load.total if load is not None and load.rows else None
    return Hours(credits_, load.declared if load is not None else None, listed, _said(survey))


def _said(survey: Survey | None) -> Numbers | None:
    """The hours that the one question asks for which does; None where none does, or several."""
    if survey is None:
        return None
    asking = [one for one in survey.questions if one.kind == "number" and asks_hours(one.header)]
    found = figures(asking[0], survey.least) if len(asking) == 1 else None
    return found if isinstance(found, Numbers) else None


def not_shown(years: Years) -> Msg | None:
    """What a missing figure means, where one is missing: no scores, few students, or grades that are no numbers."""
    few = max(years.few, FEWEST)
    if any(run.grades is None or run.grades.spread is None for run in years.runs):
        return why_not_shown(few)
    return None
