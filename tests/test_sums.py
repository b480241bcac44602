"""Every sum that a person reads adds up as it is written."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given

from kurssi.diagnostics.message import Fixed, Terms, msg
from kurssi.diagnostics.words import LANGUAGES, Words
from kurssi.grading import Explainer, Grader
from kurssi.reports.explanation import line
from strategies import World, examples, worlds

NUMBER = r"−?\d+(?:[.,]\d+|/\d+)?(?: %)?"
SUM = re.compile(rf"({NUMBER}(?: [+−×] {NUMBER})+) = ({NUMBER})(?![\d…])")


def value(text: str) -> Fraction:
    plain = text.replace("−", "-").replace(",", ".")
    return Fraction(plain[:-2]) / 100 if plain.endswith(" %") else Fraction(plain)


def comes_to(text: str) -> Fraction:
    """What a written sum comes to: products first."""
    total = Fraction(0)
    for sign, product in re.findall(rf"(^|[+−] )({NUMBER}(?: × {NUMBER})*)", text):
        amount = Fraction(1)
        for factor in product.split(" × "):
            amount *= value(factor)
        total += -amount if sign == "− " else amount
    return total


def check_sums(text: str) -> int:
    found = SUM.findall(text)
    for left, right in found:
        assert comes_to(left) == value(right), text
    return len(found)


@examples(150)
@given(worlds())
def test_every_sum_of_an_explanation_holds(world: World) -> None:
    policy = world.policy()
    classes = world.class_list(policy)
    grader, explainer = Grader(policy, classes, as_of=world.as_of), Explainer(policy)
    for student in classes.students:
        for step in explainer.steps(grader.grade(student)):
            for language in LANGUAGES:
                text = line(step, Words(language))
                assert "…" not in text, text
                sums = check_sums(text)
                if step.step in ("mean", "bonus") and " = " in text:
                    assert sums == 1 or "×" not in text, text


def test_thirteenths_are_written_as_thirteenths() -> None:
    terms = [
        msg("{weight} × {value}", weight=w, value=v)
        for w, v in ((Fraction(8, 13), Fraction(4)), (Fraction(5, 13), Fraction("2.7")))
    ]
    assert Words("en").say(Terms(terms, " + ")) == "8/13 × 4 + 5/13 × 2.7"
    assert Words("fi").say(Terms(terms, " + ")) == "8/13 × 4 + 5/13 × 2,7"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0.4", "0.40"),
        ("-1/3", "−1/3"),
        ("1/9999", "1/9999"),
        ("1/10001", "≈0.00009999"),
        ("-1/10001", "≈−0.00009999"),
        ("2.123456789", "2.123456789"),
        ("2.49999999999999", "≈2.49999999"),
    ],
)
def test_numbers_of_a_sum(number: str, written: str) -> None:
    assert Words("en").say(Fixed(Fraction(number))) == written


def test_what_is_not_written_in_full_is_not_said_to_be_equal() -> None:
    said = msg(
        "{before} − {deducted} = {after}", before=Fraction(3), deducted=Fraction(1, 10001), after=Fraction(30002, 10001)
    )
    assert Words("en").say(said) == "3 − ≈0.00009999 ≈ 2.99990000"
