"""``kurssi compare`` on policies: who could win or lose, and who would have in a class."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given

from kurssi.analysis.claims import holds
from kurssi.analysis.policy_comparison import Incomparable, compare_policies
from kurssi.analysis.regrading import rule_changes
from kurssi.cli import run
from kurssi.grading import Grader
from kurssi.values.classlist import Attempt, Student
from strategies import World, examples, worlds
from test_policy_analysis import file_of, policy_of

ROOT = Path(__file__).parent.parent
OLD, NEW = (str(ROOT / "implementations" / f"KH00BT03-{year}.yaml") for year in (2023, 2024))
SHEETS = [str(ROOT / "examples" / "KH00BT03-2024" / name) for name in ("arvostelu.csv", "ryhmat.csv")]
TWO = "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60}, {id: essay, weight: 40}]}"
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("new", "gain", "loss"),
    [
        (TWO.replace("60", "50").replace("40", "50"), 1, -1),
        (TWO.replace("}]", "}], rounding: down"), None, -1),
        (TWO.replace("}]", "}], rounding: up"), 1, None),
        (TWO.replace("weight: 60", "weight: 60, minimum: 2"), None, -3),
        (TWO.replace("weight: 60", "weight: 60, required: false"), 2, None),
        (TWO.replace("}]", "}], activity: {levels: {active: 1}}"), 1, None),
        (TWO, None, None),
    ],
)
def test_over_all_students_as_by_brute_force(new: str, gain: int | None, loss: int | None) -> None:
    """The same spans as grading every pair of whole and half grades, and of nothing handed in, under both."""
    policies = policy_of(TWO), policy_of(new)
    found = compare_policies(*policies)
    assert found is not None
    graders = [Grader(policy) for policy in policies]
    spans: dict[int, set[int]] = {}
    cells = [Attempt("scored", Fraction(n, 2)) for n in range(11)] + [Attempt("missing")]
    for exam, essay, level in product(cells, cells, [None, "active"]):
        student = Student("1", attempts={"exam": (exam,), "essay": (essay,)}, level=level)
        was, now = (grader.grade(student).grade for grader in graders)
        assert was is not None
        assert now is not None
        spans.setdefault(was, set()).add(now)
    assert {s.old: (s.least, s.most) for s in found.spans} == {g: (min(n), max(n)) for g, n in spans.items()}
    assert (found.gain.by if found.gain else None, found.loss.by if found.loss else None) == (gain, loss)


def test_lateness_taken_from_an_export_is_not_said_to_move_nobody() -> None:
    late = TWO.replace("weight: 60", "weight: 60, due: 2024-03-04 23:59").replace(
        "}]", "}], late: {deduct: 1, per: day}"
    )
    with pytest.raises(Incomparable):
        compare_policies(policy_of(late), policy_of(late.replace("id: exam", "id: exam, late_from: export")))
    free = policy_of(TWO), policy_of(TWO.replace("id: exam", "id: exam, late_from: export"))
    assert compare_policies(*free) is not None  # lateness costs nothing


def test_a_late_rule_is_felt_by_who_is_late() -> None:
    due = TWO.replace("weight: 60", "weight: 60, due: 2024-03-04 23:59")
    later = due.replace("2024", "2025")
    rules = [text.replace("}]", "}], late: {deduct: %s, per: day}") for text in (due, later)]
    found = compare_policies(policy_of(rules[0] % "0.5"), policy_of(rules[1] % "2"))
    assert found is not None
    assert found.gain is None
    assert found.loss is not None
    before, after = found.loss.before.students[0], found.loss.after.students[0]
    times = [student.attempts["exam"][0].submitted for student in (before, after)]
    assert [str(time)[:4] for time in times] == ["2024", "2025"]  # late by each run's own deadline


def test_what_cannot_be_compared_is_said(tmp_path: Path, capsys: Capture) -> None:
    with pytest.raises(Incomparable):
        compare_policies(policy_of(TWO), policy_of(TWO.replace("0-5", "4-10")))
    points = TWO.replace("weight: 60", "weight: 60, graded: points, max: 40, boundaries: [20, 24, 28, 32, 36]")
    for name, text in (("a", TWO), ("b", points)):
        (tmp_path / f"{name}.yaml").write_text(file_of(text), "utf-8")
    assert run(["compare", "--lang", "en", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")]) == 0
    out, err = capsys.readouterr()
    assert "Who could win" not in out
    assert "who could win or lose is not said: exam is assessed in another way" in err


@examples(6)
@given(worlds(peers=False), worlds(peers=False))
def test_students_of_generated_policies_win_and_lose_as_said(one: World, two: World) -> None:
    policies = one.policy(), two.policy()
    assume(policies[0].scale == policies[1].scale)
    try:
        found = compare_policies(*policies, steps=4000)
    except Incomparable:
        return
    if found is None:
        return
    for case in (found.gain, found.loss):
        if case is not None:
            assert holds(policies[0], case.before)
            assert holds(policies[1], case.after)
            assert case.by == case.after.grades[0] - case.before.grades[0]


@examples(6)
@given(worlds())
def test_a_policy_against_itself_moves_nobody(world: World) -> None:
    policy = world.policy()
    assert rule_changes(policy, policy) == []
    found = compare_policies(policy, policy, steps=4000)
    assert found is None or (found.gain is None and found.loss is None)


# ---- the command -------------------------------------------------------------------------------------------


def test_the_class_of_2024_under_the_rules_of_2023(capsys: Capture) -> None:
    assert run(["compare", OLD, NEW, *SHEETS, "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "  who had 5 could get 3–5\n" in out
    assert "at most 2 grades are lost: " in out
    assert "  0000009: incomplete → 4 (individual.graded was pass-fail and is grade)\n" in out
    assert out.endswith("  8 of 30 students would have got another grade\n")


def test_one_rule_is_named_for_each_student(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "a.yaml").write_text(file_of(TWO), "utf-8")
    new = TWO.replace("weight: 60", "weight: 60, minimum: 3").replace("}]", "}], rounding: down")
    (tmp_path / "b.yaml").write_text(file_of(new), "utf-8")
    (tmp_path / "s.csv").write_text("student,exam,essay\n1,2,5\n2,4,3\n3,3,3\n", "utf-8")
    files = [str(tmp_path / name) for name in ("a.yaml", "b.yaml", "s.csv")]
    assert run(["compare", "--format", "json", *files]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(m["student"], m["old"]["grade"], m["new"]["grade"], [r["rule"] for r in m["rules"]])
            for m in document["class"]["moved"]] == [
        ("1", 3, 0, ["exam.minimum"]), ("2", 4, 3, ["rounding"]),
    ]  # fmt: skip
    assert document["class"]["students"] == 3
    assert document["all_students"]["gain"] is None
    assert document["all_students"]["loss"]["grades"] == -4
    assert run(["compare", "--format", "md", "--lang", "en", *files]) == 0
    assert "## In this class\n\n- 1: 3 → 0 (exam.minimum was 1 and is 3)\n" in capsys.readouterr().out


def test_sheets_of_the_older_run_are_read_by_its_rules(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "a.yaml").write_text(file_of(TWO), "utf-8")
    new = TWO.replace("{id: essay, weight: 40}", "{id: talk, weight: 40}")
    (tmp_path / "b.yaml").write_text(file_of(new), "utf-8")
    (tmp_path / "s.csv").write_text("student,exam,essay\n1,x,5\n", "utf-8")
    files = [str(tmp_path / name) for name in ("a.yaml", "b.yaml", "s.csv")]
    assert run(["compare", *files]) == 1  # x is no score under either
    assert "s.csv" in capsys.readouterr().err
    (tmp_path / "s.csv").write_text("student,exam,essay\n1,4,5\n", "utf-8")
    assert run(["compare", "--lang", "en", *files]) == 0
    out, err = capsys.readouterr()
    assert "1: 4 → 0 (parts was [exam, essay] and is [exam, talk])" in out
    assert "the sheets do not say what talk is under both" in err


def test_a_file_with_errors_is_compared_without_grades(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "a.yaml").write_text(file_of(TWO), "utf-8")
    (tmp_path / "b.yaml").write_text(file_of(TWO.replace("60", "61")), "utf-8")
    (tmp_path / "s.csv").write_text("student,exam,essay\n1,4,5\n", "utf-8")
    files = [str(tmp_path / name) for name in ("a.yaml", "b.yaml")]
    assert run(["compare", "--lang", "en", *files]) == 0
    out, err = capsys.readouterr()
    assert "Who could win" not in out
    assert "b.yaml has errors in its assessment" in err
    assert run(["compare", "--lang", "en", *files, str(tmp_path / "s.csv")]) == 2
    assert run(["compare", files[0], files[0], str(tmp_path / "absent.csv")]) == 2
    capsys.readouterr()


def test_figures_before_what_grades_require_say_so(tmp_path: Path, capsys: Capture) -> None:
    asked = TWO.replace("parts:", "requires: {2: {exam: 4}}, parts:", 1)
    (tmp_path / "a.yaml").write_text(file_of(asked), "utf-8")
    (tmp_path / "b.yaml").write_text(file_of(asked.replace("weight: 60", "weight: 60, minimum: 3")), "utf-8")
    (tmp_path / "c.yaml").write_text(file_of(TWO), "utf-8")
    (tmp_path / "d.yaml").write_text(file_of(TWO.replace("weight: 60", "weight: 60, minimum: 3")), "utf-8")
    for old, new, before in (("a", "b", True), ("a", "d", True), ("c", "d", None)):
        assert run(["compare", "--format", "json", *[str(tmp_path / f"{name}.yaml") for name in (old, new)]]) == 0
        assert json.loads(capsys.readouterr().out)["all_students"].get("before_requires") is before
