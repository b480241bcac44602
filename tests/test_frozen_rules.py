"""What no grade of the frozen worlds shows: how policies are written and read back, and what hangs on what in them."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

import pytest

from kurssi.course.model import Rounding
from kurssi.grading import Explainer, Grader
from kurssi.grading.bonus.tree import goes_in_a_circle
from kurssi.grading.demands import of_student, word_of
from kurssi.policy.gates import dead_gates, deciding_gates, failing_gates, ways_that_may_cost
from kurssi.policy.model import Policy, resolve
from kurssi.policy.resolved_policy import policy_of, resolved
from kurssi.policy.rounding import lifts_by, other_half
from kurssi.policy.scales import SCALES, Scale, scale_of
from test_frozen import WORLDS, checked, document, student_of

PARTS = "evaluation_scale: 0-5\nparts: "


def policy_from(text: str) -> Policy:
    return resolve(checked(document({"policy": text})))


# ---- as reports hold them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WORLDS)
def test_a_policy_is_read_back_as_it_was_written(name: str) -> None:
    policy = resolve(checked(document(WORLDS[name])))
    again = policy_of(resolved(policy))
    assert resolved(again) == resolved(policy)
    assert [part.stepped for part in again.all_parts()] == [part.stepped for part in policy.all_parts()]
    assert again.scale == policy.scale
    assert [demand._replace(path=()) for demand in again.requires] == [d._replace(path=()) for d in policy.requires]


def test_a_bonus_by_steps_is_written_in_full() -> None:
    text = "[{id: t, graded: points, max: 8, bonus: {steps: [{from: 40 %, add: 0.25}], only_if: [lab]"
    rest = "}}, {id: lab}, {id: exam}]"
    plain = resolved(policy_from(f"{PARTS}{text}{rest}"))["parts"][0]["bonus"]
    assert plain == {"steps": [{"from": "40 %", "add": "0.25"}], "only_if": ["lab"]}
    to = resolved(policy_from(f"{PARTS}{text}, to: exam, after_gate: true{rest}"))["parts"][0]["bonus"]
    assert to == {**plain, "to": "exam", "after_gate": True}
    old = resolved(policy_from(f"{PARTS}{text}, to: exam{rest}"))
    assert old["parts"][0]["bonus"] == {**plain, "to": "exam", "after_gate": False}
    del old["parts"][0]["bonus"]["after_gate"]
    [bonus] = [part.stepped for part in policy_of(old).bonuses_by_steps()]
    assert bonus is not None
    assert not bonus.after_gate
    assert bonus.bounds == (Fraction(16, 5),)
    assert bonus.amounts == (Fraction(0), Fraction(1, 4))


ASKED = f"""{PARTS}[{{id: exam, graded: points, max: 40, linear: {{1: 10, 5: 40}}, required: false}}, {{id: essay,
  required: false, minimum: 2}}, {{id: lab, graded: pass-fail, required: false}}]
activity: {{attendance: {{of: 8, bands: [{{from: 50 %, adjust: 0}}]}}}}
requires: {{1: {{lab: pass, essay: 1.5, exam: 10 p}}, 2: {{exam: 50 %, attended: 75 %}}, 3: {{essay: pass}}}}"""


@pytest.mark.parametrize(
    ("cells", "attended", "words"),
    [
        ({"exam": ["20"], "essay": ["3"], "lab": ["x"]}, 6, "+pass +3 +20 p +50 % +75 % +pass"),
        ({"exam": ["EX"], "essay": ["EX"], "lab": ["x"]}, 8, "+pass +excused +excused +excused +100 % +excused"),
        ({"exam": ["-"], "essay": ["AHOT"], "lab": ["x"]}, 1, "+pass +recognised -None -None -12.5 % +recognised"),
        ({"exam": ["9"], "essay": ["2"], "lab": ["EX"]}, 7, "+excused +2 -9 p -22.5 % +87.5 % +pass"),
        ({"exam": ["H"], "essay": ["1"], "lab": ["H"]}, 5, "-failed -1 -0 p -0 % -62.5 % -below-minimum"),
        ({"exam": ["-"], "essay": ["?"], "lab": ["?"]}, None, "-ungraded -0 -None -None -None -ungraded"),
        ({"exam": ["9"], "essay": ["1.5"], "lab": ["-"]}, 0, "-not-submitted +1.5 -9 p -22.5 % -0 % -below-minimum"),
    ],
)  # fmt: skip
def test_what_there_is_of_what_grades_ask(cells: dict[str, list[str]], attended: int | None, words: str) -> None:
    policy = policy_from(ASKED)
    student = student_of({}, policy, {"student": "1", "cells": cells, "attended": attended})
    parts = Grader(policy).grade(student).parts
    found = of_student(policy, parts, attended)
    assert " ".join(f"{'+' if one.met else '-'}{word_of(one)}" for one in found) == words
    assert [one.part and one.part.id for one in found] == ["lab", "essay", "exam", "exam", None, "essay"]


@pytest.mark.parametrize(
    ("cells", "args"),
    [
        (["2", "4"], {"first": 2, "share": 50, "more": 2, "value": 3}),
        (["4", "2"], {"first": 4, "share": 50, "more": 0, "value": 4}),
        (["-", "3"], {"first": 0, "share": 50, "more": 3, "value": Fraction(3, 2)}),
    ],
)
def test_what_a_gain_is_told_to_be(cells: list[str], args: dict[str, object]) -> None:
    policy = policy_from(f"{PARTS}[{{id: a, attempt: {{gain: 50 %}}, retakes: 1}}]")
    student = student_of({}, policy, {"student": "1", "cells": {"a": cells}})
    [step] = [step for step in Explainer(policy).steps(Grader(policy).grade(student)) if step.step == "attempt"]
    assert step.why.args == args
    assert (step.before, step.after) == (args["first"], args["value"])


def test_scales() -> None:
    assert {name: (scale.lowest, scale.top, scale.pass_grade) for name, scale in SCALES.items()} == {
        "0-5": (0, 5, 1), "H-5": (0, 5, 1), "pass-fail": (0, 1, 1), "4-10": (4, 10, 5),
    }  # fmt: skip
    for name, scale in SCALES.items():
        assert (scale.name, scale.own, scale_of(name)) == (name, False, scale)
        assert [scale.key(grade) for grade in scale.grades] == [str(n) for n in range(scale.lowest, scale.top + 1)]
    labels = {name: " ".join(map(scale.label, scale.grades)) for name, scale in SCALES.items()}
    assert labels == {"0-5": "0 1 2 3 4 5", "H-5": "H 1 2 3 4 5", "pass-fail": "H HYV", "4-10": "4 5 6 7 8 9 10"}
    own = policy_from("evaluation_scale: {values: [U, G, VG], passes_from: G}\nparts: [{id: a}]").scale
    assert own == Scale("own", 0, 2, 1, ("U", "G", "VG"), own=True)
    assert [(own.label(grade), own.key(grade)) for grade in own.grades] == [("U", "U"), ("G", "G"), ("VG", "VG")]


def test_ways_to_round() -> None:
    assert {way: (lifts_by(way), other_half(way)) for way in get_args(Rounding)} == {
        "half-up": (Fraction(1, 2), "half-even"),
        "half-even": (Fraction(1, 2), "half-up"),
        "down": (Fraction(0), None),
        "up": (Fraction(1), None),
    }


# ---- what hangs on what ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "after_gate", "only_if", "circle"),
    [
        (None, False, "", False),
        (None, False, "n exam", False),
        ("exam", False, "n", False),
        ("exam", False, "exam", True),
        ("exam", True, "exam", False),
        ("exam", True, "n exam", False),
        ("n", False, "c", False),
        ("n", False, "n", True),
        ("n", True, "n", False),
        ("c", False, "c", True),
        ("c", False, "n", True),
        ("c", True, "n", True),
        ("c", True, "c d", False),
        ("d", True, "exam n", True),
    ],
)
def test_a_bonus_that_hangs_on_itself(to: str | None, after_gate: bool, only_if: str, circle: bool) -> None:
    """A part is what its parts are, and its gate comes before what is added after it."""
    bonus = "{id: t, graded: points, max: 8, bonus: {steps: [{from: 40 %, add: 0.25}]}}"
    policy = policy_from(f"{PARTS}[{bonus}, {{id: exam}}, {{id: n, parts: [{{id: c}}, {{id: d}}]}}]")
    giver = policy.parts[0]
    assert giver.stepped is not None
    stepped = giver.stepped._replace(to=to, after_gate=after_gate, only_if=tuple(only_if.split()))
    assert goes_in_a_circle(policy._replace(parts=(giver._replace(stepped=stepped), *policy.parts[1:]))) is circle


GATES = """[{id: a, minimum: 2}, {id: n, required: false, parts: [{id: b, required: true}, {id: c, minimum: 3,
  required: false}, {id: d, required: false}]}, {id: o, required: false, minimum: 3}, {id: k, need: 1, required: false,
  parts: [{id: x, graded: pass-fail}, {id: y, graded: pass-fail}]}"""
WAYS = "[{id: e}, {id: w, required: false, ways: [{id: v, parts: [{id: a, required: true}]}, {id: u, parts: [{id: b, "


@pytest.mark.parametrize(
    ("policy", "failing", "deciding", "dead"),
    [
        (f"{PARTS}{GATES}]", "a", "a", "b:required c:minimum o:minimum"),
        (f"{PARTS}{GATES}]\nrequires: {{3: {{n: pass}}}}", "a", "a b n", "c:minimum o:minimum"),
        (f"{PARTS}{GATES}]\nrequires: {{3: {{o: 4}}}}", "a", "a", "b:required c:minimum o:minimum"),
        (f"{PARTS}{GATES}]\nrequires: {{3: {{k: pass}}}}", "a", "a k x y", "b:required c:minimum o:minimum"),
        (
            f"{PARTS}{GATES}, {{id: t, graded: points, max: 8, bonus: {{steps: [{{from: 40 %, add: 1}}], "
            "only_if: [o]}}]",
            "a",
            "a o",
            "b:required c:minimum",
        ),
        (f"{PARTS}{WAYS}required: true}}]}}]}}]", "e", "a b e u v", ""),
        (f"{PARTS}{WAYS}required: false, minimum: 3}}]}}]}}]", "e", "a e u v", "b:minimum"),
        (
            "evaluation_scale: 0-5\nbasis: percent\nboundaries: [50, 60, 70, 80, 90]\nparts: [{id: a, minimum: 0}, "
            "{id: b, required: false, minimum: 0}, {id: c, required: false, minimum: 1}]",
            "a",
            "a",
            "c:minimum",
        ),
        (
            f"{PARTS}[{{id: a}}, {{id: b, required: false, graded: points, max: 2, linear: {{1: 0, 5: 2}}, "
            "minimum: 50 %}]",
            "a",
            "a",
            "b:minimum",
        ),
        (
            "evaluation_scale: 0-5\nbasis: requirements\nrequires: {1: {a: 4 p}}\n"
            "parts: [{id: a, graded: points, max: 9, required: false}, {id: b, graded: pass-fail, required: false}]",
            "",
            "",
            "",
        ),
    ],
)
def test_gates_that_decide_nothing(policy: str, failing: str, deciding: str, dead: str) -> None:
    found = policy_from(policy)
    assert " ".join(sorted(failing_gates(found))) == failing
    assert " ".join(sorted(deciding_gates(found))) == deciding
    assert " ".join(f"{gate.part.id}:{gate.key}" for gate in dead_gates(found)) == dead
    for gate in dead_gates(found):
        required = gate.key == "required"
        assert gate.message.args == {"part": gate.part.name}
        assert ("is required" in gate.message.text, "as well" in gate.help.text) == (required, required)


@pytest.mark.parametrize(
    ("policy", "ways"),
    [
        (f"{PARTS}{WAYS}required: true}}]}}]}}]", ["w"]),
        (f"{PARTS}{WAYS}required: false}}]}}]}}]", []),
        (f"{PARTS}{WAYS.replace('required: false, ', '')}required: true}}]}}]}}]", []),
        (f"{PARTS}[{{id: n, required: false, parts: [{{id: a, required: true}}]}}, {{id: e}}]", []),
    ],
)
def test_ways_that_may_all_fail(policy: str, ways: list[str]) -> None:
    assert [part.id for part in ways_that_may_cost(policy_from(policy))] == ways
