"""Commands run without the garbage collector: no file and no student may leave anything that only it would free.

A function inside another one that calls itself is enough: it holds its cell, which holds it, and with it all that it
saw. A million students whose gate nothing can open any more held a gigabyte by that.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from kurssi.course.check import check, seen
from kurssi.grading import Explainer, Grader
from kurssi.policy.model import resolve
from kurssi.verification import read_report, verify
from test_frozen import WORLDS, checked, class_of, document
from test_frozen_reports import NAMES, report_of

ROOT = Path(__file__).parent.parent
FILES = [path for folder in ("tests/cases", "examples", "implementations") for path in (ROOT / folder).rglob("*.yaml")]


@contextmanager
def left_by_cycles() -> Iterator[Callable[[], int]]:
    """Without the collector; what is given says how many objects it would have freed since."""
    gc.collect()
    gc.disable()
    try:
        yield gc.collect
    finally:
        gc.enable()


def test_a_file_that_is_checked_leaves_nothing() -> None:
    files = [(path.read_bytes(), path.name) for path in FILES if path.is_file()]
    for raw, name in files:  # what is loaded on the way stays
        seen(check(raw, name))
    with left_by_cycles() as left:
        for raw, name in files:
            seen(check(raw, name))
        assert left() == 0
    assert len(files) > 500


@pytest.mark.parametrize("batch", range(8))
def test_a_student_who_is_graded_leaves_nothing(batch: int) -> None:
    for name in list(WORLDS)[batch::8]:
        world = WORLDS[name]
        policy = resolve(checked(document(world)))
        classes = class_of(world, policy)
        as_of = date.fromisoformat(world["as_of"]) if world.get("as_of") else None
        grader = Grader(policy, classes, as_of=as_of)
        explainer = Explainer(policy)
        with left_by_cycles() as left:
            for student in classes.students:
                grader.judge(student)
                explainer.steps(grader.grade(student))
            assert left() == 0, name


def test_a_student_who_is_checked_leaves_nothing() -> None:
    reports = [read_report(report_of(WORLDS[name])) for name in NAMES[::4]]
    with left_by_cycles() as left:
        for report in reports:
            verify(report)
        assert left() == 0


def test_no_function_inside_another_calls_itself() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{inner.lineno} {inner.name}"
        for path in (ROOT / "src").rglob("*.py")
        for outer in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(outer, ast.FunctionDef)
        for inner in ast.walk(outer)
        if inner is not outer and isinstance(inner, ast.FunctionDef)
        if any(isinstance(name, ast.Name) and name.id == inner.name for name in ast.walk(inner))
    ]
    assert found == []
