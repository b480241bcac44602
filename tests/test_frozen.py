"""Classes whose grades are written down: nothing is generated here, and nothing but the program runs.

``tests/frozen/drawn.json`` is drawn and graded by the independent model (``scripts/freeze.py``), ``worked.json`` is
worked out by hand. The others tell the program from versions of it with one error each (``scripts/mutants.py``):
``sharp.json`` on the whole, ``further.json`` for section 11 of the contract (what grades ask, steps, ways, sums of
points, joined attempts), ``composite.json`` where a score is made of several cells, ``late.json`` where something is
late, ``peers.json`` where members mark each other, ``open.json`` where something is still within reach.
``scripts/freeze.py --check`` grades all of them with the independent model again.

One world a line: ``policy`` (what stands under ``assessment:``), ``end`` of the timing, ``as_of``, ``students``,
``groups`` (scores by group), ``marks`` (from, to, criteria), ``overrides``, and what is expected of each student. A
cell is its score, or score, submitted, due and how late an export says that it came; a score of several cells is one
by marker or criterion. What an expectation leaves out is graded, not raised and without range and reasons; exact
values, parts and the rest are compared where they are written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kurssi.course.check import check
from kurssi.course.model import ATTENDED, ImplementationFile
from kurssi.grading import Explainer, Grader, Override, PartResult, Result, Step
from kurssi.grading.result import flat
from kurssi.policy.composite import compose
from kurssi.policy.model import Part, Policy, resolve
from kurssi.values.classlist import Attempt, AttemptState, ClassList, Component, PeerMark, Student
from kurssi.values.times import When, read_when

FOLDER = Path(__file__).parent / "frozen"
FILES = ("drawn", "worked", "sharp", "further", "composite", "late", "open", "peers")

Data = dict[str, Any]


def read(name: str) -> list[Data]:
    """The worlds of one file of the corpus."""
    path = FOLDER / f"{name}.json"
    worlds: list[Data] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return worlds


def every() -> Iterator[tuple[str, Data]]:
    """Every world with its name."""
    for name in FILES:
        for number, world in enumerate(read(name)):
            yield f"{name}-{number:03}", world


WORLDS = dict(every())


# ---- from plain data to what the program takes -------------------------------------------------------------


def document(world: Data) -> str:
    """An implementation file around the policy."""
    timing = f", timing: {{start: 2024-01-08, end: {world['end']}}}" if world.get("end") else ""
    block = "\n".join("  " + line for line in world["policy"].splitlines())
    head = "kurssi: 1\ncourse: {code: KX00AA01, name: Course, credits: 5}\n"
    return f"{head}implementation: {{id: KX00AA01-1{timing}}}\nassessment:\n{block}\n"


@cache
def checked(text: str) -> ImplementationFile:
    """The file that the program reads."""
    found = check(text.encode(), "x.yaml")
    assert found.gradable, (text, [(f.rule, f.path, str(f.message)) for f in found.findings])
    assert found.file is not None
    return found.file


def cell_of(cell: Any) -> tuple[Any, str | None, str | None, str | None]:
    """Score, submitted, due and lateness of a cell."""
    score, submitted, due, late = [*(cell if isinstance(cell, list) else [cell]), None, None, None, None][:4]
    return score, submitted, due, late


def elapsed(text: str | None) -> timedelta | None:
    """A lateness: hours, minutes and seconds."""
    if text is None:
        return None
    hours, minutes, seconds = map(int, text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _when(text: str | None) -> When | None:
    return read_when(text) if text else None


WORDS: Mapping[str, Any] = {
    "-": "missing", "?": "ungraded", "PIDÄTETTY": "withheld", "EX": "excused", "AHOT": "recognised",
    "RPL": "recognised", "H": "failed", "fail": "failed", "HYV": "passed", "x": "passed",
}  # fmt: skip


def attempt_of(policy: Policy, part: Part, own: Any, group: Any) -> Attempt:
    """What the cells of one attempt say; a student's own cell overrides its group's."""
    mine, ours = cell_of(own), cell_of(group)
    score, submitted, due, late = (a or b for a, b in zip(mine, ours, strict=True))
    times: Data = {"submitted": _when(submitted), "due": _when(due), "own": bool(mine[0]), "lateness": elapsed(late)}
    if not score:
        return Attempt("ungraded" if submitted else "missing", None, **times)
    if isinstance(score, dict):
        said = {**(ours[0] or {}), **score}
        cells = [Component(n, *said_by(policy, part.graded, said[n])) for n, _ in part.components.all if n in said]
        made = compose(part.markers, part.rubric, cells)
        return Attempt(made.state, made.score, components=tuple(cells), among=made.among, **times)
    return Attempt(*said_by(policy, part.graded, score), **times)


def said_by(policy: Policy, graded: str, score: str) -> tuple[AttemptState, Fraction | None]:
    """The state and the score that one cell says."""
    if policy.scale.own and graded == "grade" and score in policy.scale.labels:
        return "scored", Fraction(policy.scale.labels.index(score))
    if graded == "pass-fail" and score in ("0", "1"):
        return "passed" if score == "1" else "failed", None
    if score in WORDS:
        return WORDS[score], None
    return "scored", Fraction(score.replace(",", "."))


def student_of(world: Data, policy: Policy, given: Data) -> Student:
    """One student of a world."""
    shared = world.get("groups", {}).get(given.get("group"), {})
    attempts = {}
    for part in policy.leaves():
        own, ours = given.get("cells", {}).get(part.id, []), shared.get(part.id, [])
        pairs = [[c[n] if n < len(c) else [] for c in (own, ours)] for n in range(max(len(own), len(ours)))]
        if pairs:
            attempts[part.id] = tuple(attempt_of(policy, part, mine, group) for mine, group in pairs)
    return Student(
        given["student"],
        group=given.get("group"),
        attempts=attempts,
        level=given.get("activity"),
        attended=given.get("attended"),
    )


def class_of(world: Data, policy: Policy) -> ClassList:
    """The class of a world."""
    marks = world.get("marks")
    return ClassList(
        tuple(student_of(world, policy, student) for student in world["students"]),
        None
        if marks is None
        else tuple(PeerMark(a, b, {name: Fraction(mark) for name, mark in given.items()}) for a, b, given in marks),
    )


# ---- what comes out, as plain data -------------------------------------------------------------------------


def text(value: Fraction | int | None) -> str | None:
    """A number as the corpus writes it."""
    return None if value is None else str(Fraction(value))


DETAILS: Mapping[str, Callable[[PartResult], Any]] = {
    "states": lambda r: r.state,
    "values": lambda r: text(r.value),
    "deducted": lambda r: [text(a.deducted) for a in r.attempts],
    "units": lambda r: [a.units for a in r.attempts],
    "forgiven": lambda r: [a.forgiven for a in r.attempts],
    "used": lambda r: r.used,
    "gates": lambda r: r.gate,
    "open": lambda r: r.open,
    "factors": lambda r: r.peer and text(r.peer.factor),
    "weights": lambda r: text(r.effective_weight),
    "adds": lambda r: text(r.adds),
    "added": lambda r: [text(r.added), text(r.added_after)],
    "chosen": lambda r: r.chosen,
}
"""What may be expected of parts, by id."""


def reasons_of(result: Result, wanted: list[list[str | None]]) -> list[list[str | None]]:
    """The reasons: part and code, and where they are expected the bound, the value that missed it, and its words."""
    found = [
        [reason.about or "", reason.code, text(reason.minimum), text(reason.value), reason.had]
        for reason in result.reasons
    ]
    return [reason[: len(want)] for reason, want in zip(found, wanted, strict=False)] + found[len(wanted) :]


def shown(result: Result, want: Data) -> Data:
    """A result in the words of an expectation."""
    parts = flat(result.parts)
    out: Data = {
        "status": result.status,
        "grade": result.grade,
        "raised": result.raised,
        "range": None if result.range is None else list(result.range),
        "reasons": reasons_of(result, want["reasons"]),
        "exact": text(result.exact),
        "rounded": result.rounded,
        "computed": result.computed,
        "adjust": text(result.adjust),
    }
    out |= {key: {name: of(parts[name]) for name in want[key]} for key, of in DETAILS.items() if key in want}
    return {key: out[key] for key in want}


def expected(want: Data) -> Data:
    """An expectation with its defaults."""
    return {"status": "graded", "raised": False, "range": None, "reasons": [], **want}


def steps_end(result: Result, steps: Sequence[Step]) -> None:
    """The steps prove what the result says: the last one is the grade, and the total is rounded on the way."""
    last = steps[-1]
    assert last.step == "grade"
    assert last.after == result.grade
    names = [step.step for step in steps]
    assert names.count("grade") == 1
    if result.range is not None:
        assert last.operands == ({"range": list(result.range)},)
    for step in steps:
        if step.step == "round":
            assert (step.before, step.after) == (result.exact, result.rounded)
    assert ("raise" in names) == result.raised or "demand" in names  # what a grade asks may take it again
    assert ("override" in names) == (result.override is not None)
    listed = [(operand["part"], operand["code"]) for operand in last.operands if "code" in operand]
    if result.grade is not None and result.override is None:
        assert listed == [(reason.about, reason.code) for reason in result.reasons]


# ---- the tests ---------------------------------------------------------------------------------------------


def results(world: Data) -> dict[str, Result]:
    """The results of a world, each graded with its override."""
    policy = resolve(checked(document(world)))
    classes = class_of(world, policy)
    as_of = date.fromisoformat(world["as_of"]) if world.get("as_of") else None
    overrides = {name: Override(*given) for name, given in world.get("overrides", {}).items()}
    grader = Grader(policy, classes, as_of=as_of)
    return {s.student: grader.grade(s, overrides.get(s.student)) for s in classes.students}


def _case(name: str) -> Any:
    """A world by its name; what is known to be graded wrongly says so under ``wrong``."""
    wrong = WORLDS[name].get("wrong")
    return pytest.param(name, marks=[pytest.mark.xfail(reason=wrong)] if wrong else [])


@pytest.mark.parametrize("name", [_case(name) for name in WORLDS])
def test_frozen(name: str) -> None:
    world = WORLDS[name]
    found = results(world)
    explainer = Explainer(resolve(checked(document(world))))
    assert list(found) == list(world["expect"])
    overrides = world.get("overrides", {})
    for student, result in found.items():
        want = expected(world["expect"][student])
        assert shown(result, want) == want, (world.get("about"), student)
        assert (result.override is not None) == (student in overrides)
        assert all(reason.part is not None or reason.about in (None, ATTENDED) for reason in result.reasons)
        steps_end(result, explainer.steps(result))


def test_a_class_is_its_students() -> None:
    """The whole class at once, and one student of it, say the same."""
    worlds = read("worked")
    for key in ("overrides", "marks", "as_of"):
        world = next(world for world in worlds if key in world)
        policy = resolve(checked(document(world)))
        classes = class_of(world, policy)
        as_of = date.fromisoformat(world["as_of"]) if world.get("as_of") else None
        overrides = {name: Override(*given) for name, given in world.get("overrides", {}).items()}
        wanted = results(world)
        found = {
            r.student.student: r for r in Grader(policy, classes, as_of=as_of).results(classes.students, overrides)
        }
        assert found == wanted
        for student, want in wanted.items():
            [one] = Grader(policy, classes, as_of=as_of).results(classes.students, overrides, only=student)
            assert one == want


def test_the_corpus_covers_all_of_it() -> None:
    assert {name.split("-")[0] for name in WORLDS} == set(FILES)
    assert len(WORLDS) > 200
