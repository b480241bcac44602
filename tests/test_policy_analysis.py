"""What a policy can do: every finding is there, with the right witness, and nothing else is found."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.analysis.claims import Claim, Witness, cells, grades_of, group_sheet, marks_sheet, sheet
from kurssi.analysis.findings.grades import reachable
from kurssi.analysis.questions import Analysis, analyse
from kurssi.cli import run
from kurssi.course.check import check
from kurssi.course.rules import book
from kurssi.grading import Grader
from kurssi.grading.activity.hooks import adjusts_of
from kurssi.grading.conversion.hooks import HALVES, every_score
from kurssi.policy.gates import dead_gates
from kurssi.policy.model import Part, Policy, resolve
from kurssi.values.classlist import Attempt, Student
from strategies import World, examples, worlds

ROOT = Path(__file__).parent.parent
HEAD = (
    "kurssi: 1\n"
    "course: {code: KX00AA01, name: Course, credits: 5}\n"
    "implementation: {id: KX00AA01-1, timing: {start: 2024-01-08, end: 2024-05-31}}\n"
    "assessment: "
)
SHIPPED = ["KH00BT03-2023", "KH00BT03-2024"]


def file_of(assessment: str) -> str:
    return HEAD + " ".join(assessment.split()) + "\n"


def policy_of(assessment: str) -> Policy:
    checked = check(file_of(assessment).encode(), "x.yaml")
    assert checked.gradable, [(f.rule, f.message) for f in checked.findings]
    assert checked.file is not None
    return resolve(checked.file)


def shipped(name: str) -> Policy:
    checked = check((ROOT / "implementations" / f"{name}.yaml").read_bytes(), name)
    assert checked.file is not None
    return resolve(checked.file)


# ---- the shipped policies ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_is_wrong_with_the_shipped_policies(name: str) -> None:
    analysis = analyse(shipped(name))
    assert analysis.claims == ()
    assert analysis.undecided == ()


def test_the_figures_of_2024() -> None:
    analysis = analyse(shipped("KH00BT03-2024"))
    moved = {one.part.id: (one.least, one.best, one.gate) for one in analysis.influences}
    assert moved == {"group_work": (1, 2, 5), "individual": (1, 2, 5), "exam": (0, 1, 5), "peer_review": (0, 0, 5)}
    assert [(n.grade, n.total) for n in analysis.needs] == [
        (1, None), (2, Fraction(3, 2)), (3, Fraction(5, 2)), (4, Fraction(7, 2)), (5, Fraction(9, 2)),
    ]  # fmt: skip
    late = {
        one.part.id: (one.unit, one.share, one.one and one.one.by, one.worst and one.worst.by) for one in analysis.late
    }
    assert late == dict.fromkeys(["group_work", "individual"], (Fraction(1, 2), Fraction(1, 5), -1, -2))
    assert analysis.all_late is not None
    assert analysis.all_late.by == -3
    assert {one.student.level: one.most and one.most.by for one in analysis.activity} == {"active": 1, "passive": -1}


def test_ties_of_2024_are_counted_as_by_hand() -> None:
    halves = [Fraction(n, 2) for n in range(2, 11)]
    totals = [(4 * a + 4 * b + 2 * c) / 10 for a, b, c in product(halves, repeat=3)]
    tied = [t for t in totals if t % 1 == Fraction(1, 2)]
    (whole, half) = analyse(shipped("KH00BT03-2024")).ties
    assert (whole.students, whole.ties) == (125, 0)
    assert (half.students, half.ties) == (len(totals), len(tied))
    assert half.even == sum(round(t) != t + Fraction(1, 2) for t in tied)


# ---- policies that are wrong in one way --------------------------------------------------------------------

TWO = "{id: exam, weight: 60}, {id: essay, weight: 40}"
DUE = "due: 2024-03-04 23:59"
WRONG: dict[str, tuple[str, str, str | None, tuple[int, ...]]] = {
    # name: (assessment, the kind of the finding, what is found, the grades of the witness)
    "grades between the gates and nothing": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60, minimum: 3}, {id: essay, weight: 40, minimum: 3}]}",
        "unreachable-grade", "1 2", (0, 3),
    ),
    "nobody can fail": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60, required: false}, "
        "{id: essay, weight: 40, required: false}]}",
        "unreachable-grade", "0", (1,),
    ),
    "a school's scale whose middle is behind a gate": (
        "{evaluation_scale: 4-10, parts: [{id: exam, weight: 100, minimum: 8}]}", "unreachable-grade", "5 6 7", (4, 8),
    ),
    "a pass-fail part that nobody must pass": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60}, {id: essay, weight: 40}, "
        "{id: quiz, graded: pass-fail, required: false}]}",
        "dead-part", "quiz", (3, 3),
    ),
    "a weight too small for whole grades": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 97, graded: points, max: 40, "
        "boundaries: [20, 24, 28, 32, 36]}, {id: essay, weight: 3, graded: points, max: 10, "
        "boundaries: [5, 6, 7, 8, 9], required: false}]}",
        "dead-part", "essay", (3, 3),
    ),
    "a gate that leaves the weight nothing": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 90}, {id: essay, weight: 10, minimum: 5}]}",
        "pointless-weight", "essay", (3, 3),
    ),
    "a minimum below a part that is not required": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60}, {id: work, weight: 40, parts: "
        "[{id: essay, minimum: 3}, {id: talk}]}]}",
        "dead-gate", "essay", (4,),
    ),
    "a required part of a part that is not": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 50}, {id: lab, weight: 10}, {id: work, weight: 40, "
        "required: false, parts: [{id: essay, required: true}, {id: talk}]}]}",
        "dead-gate", "essay", (4,),
    ),
    "one part decides alone": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 20}, {id: essay, weight: 80, required: false}]}",
        "decides-alone", "exam", (0, 1),
    ),
    "a retake that costs": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60, retakes: 1, attempt: latest}, "
        "{id: essay, weight: 40}]}",
        "not-monotone", "exam", (5, 0),
    ),
    "late work without value that takes the free days": (
        f"{{evaluation_scale: 0-5, late: {{deduct: 1, per: day, free: {{budget: 2 d}}}}, parts: [{{id: exam, "
        f"weight: 30, {DUE}, required: false}}, {{id: talk, weight: 30}}, {{id: essay, weight: 40, "
        "due: 2024-03-11 23:59}]}",
        "not-monotone", "exam", (2, 1),
    ),
    "a level that is too small": (
        "{evaluation_scale: 0-5, activity: {levels: {active: 0.5, passive: -0.4}}, parts: [{id: exam, weight: 100, "
        "graded: points, max: 40, boundaries: [20, 24, 28, 32, 36]}]}",
        "dead-level", "passive", (3, 3),
    ),
    "a band between two numbers of sessions": (
        "{evaluation_scale: 0-5, activity: {attendance: {of: 8, bands: [{from: 95 %, adjust: 0.5}, "
        f"{{from: 90 %, adjust: 0.3}}, {{from: 0, adjust: 0}}]}}}}, parts: [{TWO}]}}",
        "dead-level", "2", (4,),
    ),
    "a late step after the part has closed": (
        f"{{evaluation_scale: 0-5, late: {{deduct: [0.5, 1, 2], per: day, closes: 2 d}}, parts: [{{id: exam, "
        f"weight: 60, {DUE}}}, {{id: essay, weight: 40}}]}}",
        "dead-late-step", "3", (4, 0),
    ),
    "a floor above every deduction": (
        f"{{evaluation_scale: 0-5, late: {{deduct: 0.5, per: day, not_below: 5}}, parts: [{{id: exam, weight: 60, "
        f"{DUE}}}, "
        "{id: essay, weight: 40}]}",
        "dead-late-step", None, (4, 4),
    ),
    "a late rule without a deadline": (
        f"{{evaluation_scale: 0-5, late: {{deduct: 0.5, per: day}}, parts: [{TWO}]}}",
        "dead-late-step", None, (5,),
    ),
    "retakes that cannot pass": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 20, minimum: 3, retakes: 1, retake_at_most: 2}, "
        "{id: essay, weight: 80}]}",
        "dead-retake", "exam", (0,),
    ),
    "silence that pays": (
        "{evaluation_scale: 0-5, parts: [{id: project, weight: 60, by: group, peer: {silent: excluded}}, "
        "{id: exam, weight: 40}]}",
        "silence-pays", "project", (2,),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found_and_nothing_else(name: str) -> None:
    assessment, kind, found, grades = WRONG[name]
    policy = policy_of(assessment)
    analysis = analyse(policy)
    assert [(claim.kind, claim.found) for claim in analysis.claims] == [(kind, found)]
    assert analysis.undecided == ()
    (claim,) = analysis.claims
    assert claim.witness is not None
    assert claim.witness.grades == grades
    confirmed(policy, claim)


@pytest.mark.parametrize("name", WRONG)
def test_the_witness_is_graded_so_by_the_command(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cells of the witness, written as a score sheet, get the grades that are claimed from ``kurssi grade``."""
    assessment = WRONG[name][0]
    policy = policy_of(assessment)
    (claim,) = analyse(policy).claims
    assert claim.witness is not None
    assert by_command(assessment, policy, claim.witness, tmp_path, capsys) == list(claim.witness.grades)


def test_fourteen_kinds_of_wrong_are_tried() -> None:
    assert len(WRONG) >= 14
    assert len({kind for _, kind, _, _ in WRONG.values()}) >= 9


# ---- what a claim says must hold ---------------------------------------------------------------------------


def by_command(
    assessment: str, policy: Policy, witness: Witness, folder: Path, capsys: pytest.CaptureFixture[str]
) -> list[int | None]:
    (folder / "x.yaml").write_text(file_of(assessment), "utf-8")
    (folder / "scores.csv").write_text(as_csv([dict(row) for row in sheet(policy, witness)]), "utf-8")
    files = [str(folder / "x.yaml"), str(folder / "scores.csv")]
    if groups := group_sheet(policy, witness):
        (folder / "groups.csv").write_text(as_csv([dict(row) for row in groups]), "utf-8")
        files.append(str(folder / "groups.csv"))
    if witness.marks is not None:
        (folder / "marks.csv").write_text(as_csv([dict(row) for row in marks_sheet(witness.marks)]), "utf-8")
        files.append(str(folder / "marks.csv"))
    assert run(["grade", "--format", "json", *files]) == 0
    students = json.loads(capsys.readouterr().out)["students"]
    return [student["grade"] for student in students[: len(witness.grades)]]


def as_csv(rows: list[dict[str, str]]) -> str:
    names = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def confirmed(policy: Policy, claim: Claim) -> None:
    """Fails where the witness does not show what the claim says."""
    witness = claim.witness
    assert witness is not None, claim
    assert grades_of(policy, witness) == witness.grades
    lowest, passing = policy.scale.lowest, policy.scale.pass_grade
    grades = witness.grades
    parts = {part.id: part for part in policy.all_parts()}
    if claim.kind == "unreachable-grade":
        assert claim.found is not None
        gone = [policy.scale.labels.index(label) + lowest for label in claim.found.split()]
        assert all(grade < gone[0] or grade > gone[-1] for grade in grades)
        assert not set(gone) & reachable(policy)
    elif claim.kind in ("dead-part", "pointless-weight"):
        assert claim.found is not None
        first, second = (cells(policy, student) for student in witness.students)
        ids = {leaf.id for leaf in _leaves(parts[claim.found])}
        assert first != second or not parts[claim.found].counts or claim.kind == "pointless-weight"
        assert all(first.get(key) == second.get(key) for key in {*first, *second} if key.split()[0] not in ids)
        assert grades[0] == grades[1]
    elif claim.kind == "dead-gate":
        assert grades_of(without_gate(policy, claim.found or "", claim.path[-1]), witness) == grades
        ids = {leaf.id for leaf in _leaves(parts[claim.found or ""])}
        assert all(student.attempts[i][0].state == "missing" for student in witness.students for i in ids)
    elif claim.kind == "decides-alone":
        assert grades[0] < passing <= grades[1]
    elif claim.kind == "not-monotone":
        assert grades[1] < grades[0]
        assert dominates(policy, *witness.students)
    elif claim.kind == "dead-retake":
        assert grades == (lowest,)
    elif claim.kind == "silence-pays":
        assert claim.before is not None
        assert grades_of(policy, claim.before) == claim.before.grades
        assert grades[0] > claim.before.grades[0]
    elif claim.kind == "dead-level" and len(grades) == 2:
        assert grades[0] == grades[1]


def _leaves(part: Part) -> Iterator[Part]:
    if not part.parts:
        yield part
    for child in part.parts:
        yield from _leaves(child)


def without_gate(policy: Policy, name: str, key: object) -> Policy:
    """The policy as if the file said nothing of this gate."""

    def mended(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(_mended(part._replace(parts=mended(part.parts))) for part in parts)

    def _mended(part: Part) -> Part:
        if part.id != name:
            return part
        return (
            part._replace(required=False)
            if key == "required"
            else part._replace(minimum=Fraction(0), minimum_raw=False)
        )

    return policy._replace(parts=mended(policy.parts))


@pytest.mark.parametrize(
    ("assessment", "dead"),
    [
        # a grade asks to pass the part above, so that what it requires decides
        (
            "{evaluation_scale: 0-5, requires: {3: {work: pass}}, parts: [{id: exam, weight: 60}, {id: work, "
            "weight: 40, required: false, parts: [{id: essay, required: true}, {id: talk}]}]}",
            [],
        ),
        # a way that is passed counts before one that is not
        (
            "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60}, {id: work, weight: 40, required: false, ways: "
            "[{id: a, parts: [{id: essay, weight: 100, required: true}]}, {id: b, parts: [{id: talk, weight: 50, "
            "minimum: 3}, {id: poster, weight: 50}]}]}]}",
            [("talk", "minimum")],
        ),
        # the total may fail all the same
        (
            "{evaluation_scale: 0-5, basis: percent, boundaries: [50, 60, 70, 80, 90], parts: [{id: exam, weight: 60, "
            "graded: points, max: 20}, {id: work, weight: 40, required: false, parts: [{id: essay, required: true}, "
            "{id: talk}]}]}",
            [("essay", "required")],
        ),
    ],
)
def test_validate_and_the_analysis_find_the_same_dead_gates(assessment: str, dead: list[tuple[str, str]]) -> None:
    policy = policy_of(assessment)
    hits = [(hit.found, hit.path[-1]) for hit in (book()["dead-gate"].policy_hazard or iter)(policy)]
    claims = [(claim.found, claim.path[-1]) for claim in analyse(policy).claims if claim.kind == "dead-gate"]
    assert hits == claims == dead


@examples(10)
@given(worlds(), st.integers(0, 2**32))
def test_a_dead_gate_decides_nothing(world: World, seed: int) -> None:
    """Without the gate every student has the same grade."""
    policy = world.policy()
    chance = random.Random(seed)
    for part, key in dead_gates(policy):
        other = Grader(without_gate(policy, part.id, key))
        for student in [*world.class_list(policy).students, *(invented(policy, chance) for _ in range(40))]:
            assert other.judge(student).grade == Grader(policy).judge(student).grade


def dominates(policy: Policy, worse: Student, better: Student) -> bool:
    """Whether ``better`` has at least as good a score, as early, in every attempt, and something better."""
    differs = False
    for part in policy.leaves():
        mine, other = worse.attempts.get(part.id, ()), better.attempts.get(part.id, ())
        for n in range(max(len(mine), len(other))):
            a = mine[n] if n < len(mine) else Attempt("missing")
            b = other[n] if n < len(other) else Attempt("missing")
            if a == b:
                continue
            differs = True
            if b.state == "missing":
                return False
            if a.state == "missing":
                continue
            rank = {"failed": Fraction(-1), "passed": Fraction(1)}
            if rank.get(b.state, b.score or Fraction(0)) < rank.get(a.state, a.score or Fraction(0)):
                return False
            if a.submitted is not None and b.submitted is not None and b.submitted.at > a.submitted.at:
                return False
    return differs and worse.level == better.level and worse.attended == better.attended


# ---- generated policies ------------------------------------------------------------------------------------

STEPS = 4_000


def _witnesses(analysis: Analysis) -> Iterator[Witness]:
    for one in analysis.influences:
        if one.witness is not None:
            yield one.witness
    for need in analysis.needs:
        if need.witness is not None:
            yield need.witness
    for late in analysis.late:
        yield from (move.witness for move in (late.one, late.worst) if move is not None)
    if analysis.all_late is not None:
        yield analysis.all_late.witness
    yield from (one.most.witness for one in analysis.activity if one.most is not None)
    yield from (one.witness for one in analysis.ties if one.witness is not None)
    for peer in analysis.peers:
        yield from (peer.before, peer.after)


@examples(5)
@given(worlds())
def test_every_claim_about_a_generated_policy_holds(world: World) -> None:
    policy = world.policy()
    analysis = analyse(policy, STEPS)
    for claim in analysis.claims:
        confirmed(policy, claim)
    for witness in _witnesses(analysis):  # figures are of the total, before what grades require
        assert grades_of(analysis.policy, witness) == witness.grades


@examples(5)
@given(worlds(), st.integers(0, 2**32))
def test_students_at_random_never_contradict_a_claim(world: World, seed: int) -> None:
    """Whatever a claim rules out does not happen to any of some hundred students."""
    policy = world.policy()
    analysis = analyse(policy, STEPS)
    chance = random.Random(seed)
    grader = Grader(policy)
    gone: set[int] = set()
    dead: list[str] = []
    alone: list[str] = []
    for claim in analysis.claims:
        if claim.kind == "unreachable-grade":
            gone |= {policy.scale.labels.index(label) + policy.scale.lowest for label in (claim.found or "").split()}
        if claim.kind in ("dead-part", "dead-gate") and claim.path[-1] != "minimum":
            dead += [claim.found or ""] if claim.kind == "dead-part" else []
        if claim.kind == "decides-alone":
            alone.append(claim.found or "")
    parts = {part.id: part for part in policy.all_parts()}
    for _ in range(60):
        student = invented(policy, chance)
        result = grader.grade(student)
        assert result.grade not in gone
        for name in dead:
            other = {leaf.id: invented(policy, chance).attempts[leaf.id] for leaf in _leaves(parts[name])}
            again = grader.grade(student._replace(attempts={**student.attempts, **other}))
            assert again.grade == result.grade
        for name in alone:
            other_student = invented(policy, chance)
            twin = other_student._replace(attempts={**other_student.attempts, name: student.attempts[name]})
            passed = [grader.grade(s).grade or 0 for s in (student, twin)]
            assert len({grade >= policy.scale.pass_grade for grade in passed}) == 1


def invented(policy: Policy, chance: random.Random) -> Student:
    """A student without excused parts and without late work."""
    attempts = {}
    for part in policy.leaves():
        one: list[Attempt] = []
        for _ in range(chance.randint(0, len(part.dues))):
            one.append(chance.choice([*every_score(part, policy, HALVES), Attempt("missing"), Attempt("failed")]))
        attempts[part.id] = tuple(one)
    like = chance.choice(adjusts_of(policy))[0]
    return Student("1", attempts=attempts, level=like.level, attended=like.attended)


@examples(5)
@given(worlds(peers=False))
def test_a_grade_that_somebody_gets_is_never_called_unreachable(world: World) -> None:
    """By brute force over small grids: every grade of every combination of a few scores."""
    policy = world.policy()
    analysis = analyse(policy, STEPS)
    gone = {
        policy.scale.labels.index(label) + policy.scale.lowest
        for claim in analysis.claims
        if claim.kind == "unreachable-grade"
        for label in (claim.found or "").split()
    }
    options: list[list[tuple[Attempt, ...]]] = []
    for part in policy.leaves():
        grid = every_score(part, policy, HALVES)
        options.append([(cell,) for cell in (grid if len(grid) <= 4 else grid[:: len(grid) // 3])] + [()])
    found: set[int] = set()
    grader = Grader(policy)
    for number, choice in enumerate(product(*options)):
        if number > 300:
            break
        attempts = dict(zip((part.id for part in policy.leaves()), choice, strict=True))
        for like, _ in adjusts_of(policy):
            grade = grader.grade(like._replace(attempts=attempts)).grade
            if grade is not None:
                found.add(grade)
    assert not found & gone


def test_work_is_limited_and_what_is_left_open_is_said() -> None:
    many = ", ".join(f"{{id: p{n}, weight: {w}}}" for n, w in enumerate([7, 11, 13, 17, 19, 23, 10]))
    analysis = analyse(policy_of(f"{{evaluation_scale: 0-5, parts: [{many}]}}"), 10)
    assert analysis.claims == ()
    assert analysis.undecided
    assert all(one.best is None for one in analysis.influences)


def test_the_same_policy_gets_the_same_answer() -> None:
    policy = policy_of(WRONG["silence that pays"][0])
    assert analyse(policy) == analyse(policy)


# ---- what validate says at once ----------------------------------------------------------------------------


def _foreseen(policy: Policy) -> set[tuple[str, str | None]]:
    return {
        (name, hit.found) for name, rule in book().items() if rule.policy_hazard for hit in rule.policy_hazard(policy)
    }


@pytest.mark.parametrize("name", WRONG)
def test_validate_says_nothing_that_the_analysis_does_not(name: str) -> None:
    assessment, kind, found, _ = WRONG[name]
    hits = _foreseen(policy_of(assessment))
    assert hits <= {(kind, found)}


@pytest.mark.parametrize("name", SHIPPED)
def test_validate_has_nothing_to_say_of_the_shipped_policies(name: str) -> None:
    assert _foreseen(shipped(name)) == set()


def below(part: Part) -> Iterator[Part]:
    """The parts of a part, at every depth."""
    for child in part.parts:
        yield child
        yield from below(child)


@examples(5)
@given(worlds())
def test_what_validate_says_of_a_generated_policy_is_what_the_analysis_finds(world: World) -> None:
    policy = world.policy()
    hits = _foreseen(policy)
    if not hits:
        return
    analysis = analyse(policy, STEPS)
    claims = {(claim.kind, claim.found) for claim in analysis.claims}
    parts = {part.id: part for part in policy.all_parts()}
    for kind, found in hits:
        if kind in analysis.undecided:
            continue
        if policy.by_requirements and kind == "dead-part":
            # nothing is weighed: what no grade asks for, and need not be passed, moves nothing
            near = {name for name, part in parts.items() if found in {p.id for p in below(part)}}
            near |= {one.id for one in below(parts[str(found)])}
            assert not any(policy.demands_on(name) or parts[name].required for name in {*near, str(found)})
            continue
        if kind == "unreachable-grade":
            gone = {label for k, f in claims if k == kind for label in (f or "").split()}
            assert set((found or "").split()) <= gone
        elif kind == "dead-part":  # said once of a part whose parts are all dead
            above = {name for name, part in parts.items() if found in {leaf.id for leaf in _leaves(part)}}
            assert any((kind, name) in claims for name in above)
        elif kind == "dead-late-step":  # said of the whole rule where nothing of it takes anything
            assert {(kind, found), (kind, None)} & claims
        else:
            assert (kind, found) in claims
    assert {one for one in hits if one[0] == "dead-gate"} == {one for one in claims if one[0] == "dead-gate"}


# ---- what other tools are known for ------------------------------------------------------------------------

PATHOLOGIES: dict[str, tuple[str | None, str]] = {
    # what happens elsewhere: (the same as a policy of kurssi, or None; the finding, or why it cannot be written)
    "a better quiz lowers the total, because dropping looks at percentages of unequal weights": (
        "{evaluation_scale: 0-5, parts: [{id: work, weight: 100, drop_lowest: 1, parts: [{id: a, weight: 70}, "
        "{id: b, weight: 30}]}]}",
        "error: best-of",
    ),
    "a late or worse retake overwrites the best attempt": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60, retakes: 1, attempt: latest}, "
        "{id: essay, weight: 40}]}",
        "not-monotone",
    ),
    "a penalty in per cent that does not say of what": (
        f"{{evaluation_scale: 0-5, late: {{deduct: 10 %, per: day}}, parts: [{{id: exam, weight: 100, {DUE}}}]}}",
        "error: percent-without-of",
    ),
    "a late penalty that falls with time": (
        f"{{evaluation_scale: 0-5, late: {{deduct: [1, 0.5], per: day}}, parts: [{{id: exam, weight: 100, {DUE}}}]}}",
        "error: late-table",
    ),
    "weights that are normalised silently": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 50}, {id: essay, weight: 40}]}",
        "error: weights-sum",
    ),
    "a minimum of a category that is parsed and never enforced": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60}, {id: work, weight: 40, parts: "
        "[{id: essay, minimum: 3}, {id: talk}]}]}",
        "dead-gate",
    ),
    "a minimum above the cap of a retake": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 20, minimum: 3, retakes: 1, retake_at_most: 2}, "
        "{id: essay, weight: 80}]}",
        "dead-retake",
    ),
    "who gives no peer marks gains": (
        "{evaluation_scale: 0-5, parts: [{id: project, weight: 60, by: group, peer: {silent: excluded}}, "
        "{id: exam, weight: 40}]}",
        "silence-pays",
    ),
    "a part that alone decides pass or fail": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 20}, {id: essay, weight: 80, required: false}]}",
        "decides-alone",
    ),
    "a gate that makes a weight irrelevant": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 90}, {id: essay, weight: 10, minimum: 5}]}",
        "pointless-weight",
    ),
    "a grade that nobody can reach": (
        "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60, minimum: 3}, {id: essay, weight: 40, minimum: 3}]}",
        "unreachable-grade",
    ),
    "a late window after the part has closed": (
        f"{{evaluation_scale: 0-5, late: {{deduct: [0.5, 1, 2], per: day, closes: 2 d}}, parts: [{{id: exam, "
        f"weight: 60, {DUE}}}, {{id: essay, weight: 40}}]}}",
        "dead-late-step",
    ),
    "a penalty that goes below nothing": (None, "lateness stops at not_below and at the lowest of the scale"),
    "overlapping or gapped late windows": (None, "windows are counted units from one deadline, each to the next"),
    "the order of keys changes the grade": (None, "keys have no order; the steps of a grade have theirs"),
    "another student's score changes mine": (None, "nothing is curved; what peer marks do is said"),
    "rounding in between, or parts that do not sum to the total": (None, "one rounding, at the end, on fractions"),
    "99.5 becomes 100, or 0.999… misses a boundary": (None, "numbers are exact; no tolerance"),
    "an extension leaves a stale penalty": (None, "everything is computed from the sheet each time"),
    "an item that was dropped still triggers its minimum": (None, "a part below another is not required by default"),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, (assessment, _) in PATHOLOGIES.items() if assessment])
def test_what_other_tools_are_known_for_is_found(name: str) -> None:
    assessment, what = PATHOLOGIES[name]
    assert assessment is not None
    checked = check(file_of(assessment).encode(), "x.yaml")
    if what.startswith("error: "):
        assert not checked.gradable
        assert what.removeprefix("error: ") in {finding.rule for finding in checked.findings}
        return
    assert checked.file is not None
    analysis = analyse(resolve(checked.file))
    assert [claim.kind for claim in analysis.claims] == [what]
    confirmed(analysis.policy, analysis.claims[0])
