"""What is said of a policy whose parts do not stand by themselves: several ways, scores in several places, steps."""

from __future__ import annotations

from itertools import islice, product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from class_reports import said
from kurssi.analysis.questions import Analysis, analyse
from kurssi.cli import run
from kurssi.course.check import check
from kurssi.grading import Grader
from kurssi.grading.conversion.hooks import ENDS, scores
from kurssi.policy.model import Policy, resolve
from kurssi.values.classlist import Attempt, Student
from strategies import World, examples, worlds
from test_policy_analysis import confirmed, file_of, policy_of

ROOT = Path(__file__).parent.parent / "examples"
WORDS = ("takes:", "ways:", "steps:", "requires:")
FILES = [path for path in sorted([*ROOT.glob("policies/*/*.yaml"), *ROOT.glob("cookbook/*/en/*.yaml")])
         if any(word in path.read_text("utf-8") for word in WORDS)]  # fmt: skip
DUE = "due: 2024-03-04 23:59"
Capture = pytest.CaptureFixture[str]


def of_file(path: Path) -> Policy | None:
    checked = check(path.read_bytes(), path.name)
    if checked.file is None or checked.file.assessment is None:
        return None
    policy = resolve(checked.file)
    return policy if policy.takers() or policy.has_ways or policy.bonuses_by_steps() or policy.requires else None


UNSURE = {"weekly-points-and-exam-bonus": {"exam"}}
"""Parts by policy of which it is not known how little they move: ten exercises are tried at random beside them."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everything_is_decided_about_real_policies(path: Path) -> None:
    policy = of_file(path)
    if policy is not None:
        analysis = analyse(policy)
        assert analysis.undecided == ()
        unsure = {one.part.id for one in analysis.influences if None in (one.best, one.least, one.gate)}
        assert unsure <= UNSURE.get(path.stem, set())
        for claim in analysis.claims:
            confirmed(policy, claim)


FOUND = {
    "no way fails anybody": (
        "{evaluation_scale: 0-5, ways: [{id: a, parts: [{id: exam, weight: 100, required: false}]}, {id: b, parts: "
        "[{id: essay, weight: 100, required: false}]}]}",
        "unreachable-grade", "0",
    ),
    "a part that counts nowhere": (
        "{evaluation_scale: 0-5, ways: [{id: a, parts: [{id: exam, weight: 100}, {id: game, graded: pass-fail, "
        "required: false}]}, {id: b, parts: [{id: essay, weight: 100}]}]}",
        "dead-part", "game",
    ),
    "a minimum that no way needs": (
        "{evaluation_scale: 0-5, ways: [{id: a, parts: [{id: exam, weight: 60}, {id: talk, weight: 40, required: "
        "false, minimum: 3}]}, {id: b, parts: [{id: essay, weight: 100}]}]}",
        "dead-gate", "talk",
    ),
    "the exam alone decides in both ways": (
        "{evaluation_scale: 0-5, ways: [{id: a, parts: [{id: exam, weight: 60}, {id: talk, weight: 40, required: "
        "false}]}, {id: b, parts: [{id: alone, takes: exam, weight: 100}]}]}",
        "decides-alone", "exam",
    ),
    "a way that is passed counts before one that is worth more": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 20}, {id: work, weight: 80, required: false, ways: [{id: "
        "a, parts: [{id: essay, weight: 100, required: true, minimum: 5}]}, {id: b, parts: [{id: talk, weight: 100, "
        "required: true}]}]}]}",
        "not-monotone", "talk",
    ),
    "whole steps that the pass grade holds": (
        "{evaluation_scale: {values: [U, G], passes_from: G}, activity: {levels: {passive: -1}, adjust: steps}, ways: "
        "[{id: a, parts: [{id: exam, weight: 100}]}, {id: b, parts: [{id: essay, weight: 100}]}]}",
        "dead-level", "passive",
    ),
    "a late step after the part is closed": (
        f"{{evaluation_scale: 0-5, late: {{deduct: [0.5, 1, 2], per: day, closes: 2 d}}, ways: [{{id: a, parts: [{{id: "
        f"exam, weight: 60, {DUE}}}, {{id: talk, weight: 40}}]}}, {{id: b, parts: [{{id: essay, weight: 100}}]}}]}}",
        "dead-late-step", "3",
    ),
    "a retake below the minimum": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 100, minimum: 3, retakes: 1, retake_at_most: 2}, {id: "
        "quiz, graded: points, max: 10, bonus: {steps: [{from: 50 %, add: 0.5}]}}]}",
        "dead-retake", "exam",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_is_wrong_is_found(name: str) -> None:
    assessment, kind, found = FOUND[name]
    policy = policy_of(assessment)
    analysis = analyse(policy)
    assert (kind, found) in [(claim.kind, claim.found) for claim in analysis.claims]
    for claim in analysis.claims:
        confirmed(policy, claim)


def test_what_is_not_decided_has_its_reason(tmp_path: Path, capsys: Capture) -> None:
    """A bonus that may take something away, which no grade shows: it is too small."""
    path = tmp_path / "plan.yaml"
    path.write_text(
        file_of(
            "{evaluation_scale: 0-5, parts: [{id: exam, weight: 100}, {id: quiz, graded: points, max: 10, "
            "bonus: {steps: [{from: 50 %, add: 0}, {from: 90 %, add: 0.0001}]}}]}"
        )
    )
    assert run(["policy", str(path)]) == 0
    assert (
        "not decided: parts that can never change a grade (no two students were found whom quiz alone tell apart"
        in said(capsys)
    )


# ---- against every student of a coarse grid ----------------------------------------------------------------


def silent(analysis: Analysis, kind: str) -> bool:
    """Whether it is said that there is nothing of this kind."""
    return kind not in analysis.undecided and all(claim.kind != kind for claim in analysis.claims)


def against_all(policy: Policy, seed: int) -> None:
    analysis = analyse(policy, 20_000)
    grader = Grader(policy)
    leaves = list(policy.leaves())
    gone = {
        policy.scale.labels.index(label) + policy.scale.lowest
        for claim in analysis.claims
        if claim.kind == "unreachable-grade"
        for label in (claim.found or "").split()
    }
    options: list[list[tuple[Attempt, ...]]] = [
        [(), *((one,) for one in scores(part, policy, ENDS))] for part in leaves
    ]
    for several in options:  # the most that a coarse grid takes of one part
        del several[1:-3]
    rows = list(islice(product(*map(range, map(len, options))), 400))
    chance = Random(seed)
    rows += [tuple(chance.randrange(len(several)) for several in options) for _ in range(200)]
    grades: dict[tuple[int, ...], int | None] = {}

    def grade(row: tuple[int, ...]) -> int | None:
        if row not in grades:
            attempts = {part.id: options[n][row[n]] for n, part in enumerate(leaves)}
            grades[row] = grader.judge(Student("1", attempts=attempts)).grade
        return grades[row]

    alone = {claim.found for claim in analysis.claims if claim.kind == "decides-alone"}
    dead = {claim.found for claim in analysis.claims if claim.kind == "dead-part"}
    passing: dict[tuple[str, int], set[bool]] = {}
    for row in rows:
        got = grade(row)
        assert got not in gone
        for n, part in enumerate(leaves):
            if got is not None and part.id in alone:
                passing.setdefault((part.id, row[n]), set()).add(got >= policy.scale.pass_grade)
            if row[n] + 1 < len(options[n]):
                more = grade((*row[:n], row[n] + 1, *row[n + 1 :]))
                assert part.id not in dead or more == got
                if silent(analysis, "not-monotone") and got is not None and more is not None:
                    assert more >= got, (part.id, row)
    assert all(len(both) == 1 for both in passing.values())


@examples(2)
@given(worlds(peers=False, open_cells=False, ways=True), st.integers(0, 2**32))
def test_ways_against_every_student_of_a_coarse_grid(world: World, seed: int) -> None:
    against_all(world.policy(), seed)


@examples(2)
@given(worlds(peers=False, open_cells=False, takes=True), st.integers(0, 2**32))
def test_takes_against_every_student_of_a_coarse_grid(world: World, seed: int) -> None:
    against_all(world.policy(), seed)


@examples(1)
@given(worlds(peers=False, open_cells=False, steps=True), st.integers(0, 2**32))
def test_steps_against_every_student_of_a_coarse_grid(world: World, seed: int) -> None:
    against_all(world.policy(), seed)


@examples(2)
@given(worlds(peers=False, open_cells=False, requires=True), st.integers(0, 2**32))
def test_requirements_against_every_student_of_a_coarse_grid(world: World, seed: int) -> None:
    against_all(world.policy(), seed)
