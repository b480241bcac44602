"""Every sum that a person reads adds up as it is written."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given

from effort import one_in
from kurssi.cli import run
from kurssi.diagnostics.message import Fixed, PerCent, Terms, msg
from kurssi.diagnostics.words import LANGUAGES, Words
from kurssi.grading import Explainer, Grader
from kurssi.reports.explanation import Teller
from strategies import World, examples, worlds

NUMBER = r"−?\d+(?:[.,]\d+|/\d+)?(?: %)?"
SUM = re.compile(rf"({NUMBER}(?: [+−×] {NUMBER})+) = ({NUMBER})(?![\d…])")

CUT = re.compile(r"(−?\d+[.,]\d+)… (% )?\((?:[^()]*: )?(−?\d+/\d+)\)")
"""Decimals that do not end, and the fraction or the points that they are of."""


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


def in_full(cut: re.Match[str]) -> str:
    """The number that stands behind its decimals in brackets, of which they are the first; points are per cents.

    Behind per cents with their sign it is the share, by which a sum multiplies.
    """
    shown, share, number = cut[1], cut[2], value(cut[3])
    for exact in (number * 100,) if share else (number, number * 100):
        digits = str(int(abs(exact) * 1000)).rjust(4, "0")
        if shown.replace(",", ".") == f"{'−' if exact < 0 else ''}{digits[:-3]}.{digits[-3:]}":
            return str(number if share else exact).replace("-", "−")
    raise AssertionError(cut[0])


def check_sums(text: str) -> int:
    """How many sums a text has; each holds. Terms are named in brackets."""
    text = CUT.sub(in_full, text)
    found = SUM.findall(re.sub(r" \([^()]*\)(?=[ ,.]|$)", "", text))
    for left, right in found:
        assert comes_to(left) == value(right), text
    return len(found)


@examples(25)
@given(worlds())
def test_every_sum_of_an_explanation_holds(world: World) -> None:
    policy = world.policy()
    classes = world.class_list(policy)
    grader, explainer = Grader(policy, classes, as_of=world.as_of), Explainer(policy)
    tellers = [Teller(policy, Words(language)) for language in LANGUAGES]
    for student in classes.students:
        for step in explainer.steps(grader.grade(student)):
            for teller in tellers:
                text = teller.line(step)
                assert "…" not in CUT.sub(in_full, text), text
                sums = check_sums(text)
                if step.step in ("mean", "bonus") and " = " in text:
                    assert sums == 1 or "×" not in text or "≈" in text, text


def test_thirteenths_are_written_beside_their_decimals() -> None:
    terms = [
        msg("{weight} × {value}", weight=w, value=v)
        for w, v in ((Fraction(8, 13), Fraction(4)), (Fraction(5, 13), Fraction("2.7")))
    ]
    assert Words("en").say(Terms(terms, " + ")) == "0.615… (8/13) × 4 + 0.384… (5/13) × 2.7"
    assert Words("fi").say(Terms(terms, " + ")) == "0,615… (8/13) × 4 + 0,384… (5/13) × 2,7"


def test_weights_that_nobody_knows_as_fractions_are_read_as_per_cents() -> None:
    """35, 45.4 and 4.6 of 85, as where a part of 15 is excused."""
    weights = [Fraction(weight) * 100 / 85 for weight in ("35", "45.4", "4.6")]
    terms = [msg("{weight} × {value}", weight=PerCent(weight), value=Fraction(2)) for weight in weights]
    said = Words("en").say(msg("{sum} = {total}", sum=Terms(terms, " + "), total=Fraction(2)))
    assert said == "7/17 × 2 + 53.411… % (227/425) × 2 + 5.411… % (23/425) × 2 = 2"
    assert check_sums(said) == 1


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0.4", "0.40"),
        ("-1/3", "−0.333… (−1/3)"),
        ("1/9999", "0.000… (1/9999)"),
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


@pytest.mark.parametrize(
    ("parts", "row", "said"),
    [
        (
            "ways: [{id: one, name: One, parts: [{id: a}, {id: b}, {id: c}]}, {id: two, name: Two, parts: [{id: d}]}]",
            {"a": 2, "b": 2, "c": 3, "d": 5},
            "Two counts: One (≈2.333), Two (5)",
        ),
        (
            "parts: [{id: all, best: 1, parts: [{id: b}, "
            "{id: a, graded: points, max: 37, linear: {1: 50 %, 5: 90 %}}]}]",
            {"a": 30, "b": 5},
            "not counted, as others are better: a (≈4.108). 1.00 × 5 (b) = 5",
        ),
    ],
    ids=["another way", "a part left out"],
)
def test_what_is_not_added_up_is_written_as_about_so_much(
    parts: str, row: dict[str, int], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its decimals are cut, and no fraction stands beside them: that would be a bracket in a bracket."""
    (tmp_path / "plan.yaml").write_text(
        "kurssi: 1\ncourse: {code: K, name: K, credits: 5}\nimplementation: {id: K-1}\n"
        f"assessment: {{evaluation_scale: 0-5, {parts}}}\n",
        "utf-8",
    )
    sheet = tmp_path / "scores.csv"
    sheet.write_text("\n".join([",".join(["student", *row]), ",".join(["1", *map(str, row.values())])]), "utf-8")
    assert run(["explain", str(tmp_path / "plan.yaml"), "1", str(sheet), "--lang", "en"]) == 0
    assert said in re.sub(r"\s+", " ", capsys.readouterr().out)


# ---- as they are rendered ----------------------------------------------------------------------------------

PLAN = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024, timing: {start: 2024-01-15, end: 2024-03-18}}
assessment:
  evaluation_scale: 0-5
  BASIS
  parts:
    - id: work
      name: Work
      weight: 60
      parts:
        - {id: a, name: A, due: 2024-03-04 23:59}
        - {id: b, name: B}
        - {id: c, name: C}
    - {id: exam, name: Exam, weight: 40, graded: points, max: 37, CONVERSION}
    - {id: extra, name: Extra, weight: 7, bonus: true}
  late: {deduct: 7 %, of: earned, per: day}
  activity: {levels: {active: 0.5, passive: -0.5}}
"""
PLANS = {
    "grades": PLAN.replace("  BASIS\n", "").replace("CONVERSION", "linear: {1: 30 %, 5: 90 %}"),
    "percent": PLAN.replace("BASIS", "basis: percent\n  boundaries: [50, 60, 70, 80, 90]").replace(", CONVERSION", ""),
}
SHEET = """student number,A,A submitted,B,C,Exam,Extra,activity
0101,4,2024-03-06 10:12,3,5,31,3,active
0102,3.7,2024-03-04 10:12,2.9,-,20.5,,passive
0103,5,2024-03-05 00:01,EX,1,36,5,
"""


def texts(
    folder: Path, plan: str, language: str, capsys: pytest.CaptureFixture[str]
) -> Iterator[tuple[str, list[str]]]:
    """Each rendered form of a class and its policy, with its texts."""
    (folder / "plan.yaml").write_text(plan, "utf-8")
    (folder / "class.csv").write_text(SHEET, "utf-8")
    files = [str(folder / "plan.yaml"), str(folder / "class.csv")]
    book = folder / "book.xlsx"
    assert run(["grade", *files, "-o", str(book), "--feedback", str(folder / "pages"), "--lang", language]) == 0
    capsys.readouterr()
    for page in sorted((folder / "pages").rglob("*.html")):
        yield "page", [html.unescape(re.sub("<[^>]+>", "\n", page.read_text("utf-8")))]
    sheets = openpyxl.load_workbook(book).worksheets
    cells = [str(c.value) for sheet in sheets for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
    yield "workbook", [cell for cell in cells if not cell.startswith("=")]
    for form in ("text", "md"):
        for student in ("0101", "0102", "0103"):
            assert run(["explain", files[0], student, files[1], "--format", form, "--lang", language]) == 0
            yield f"explain {form}", [capsys.readouterr().out]
        assert run(["policy", files[0], "--format", form, "--lang", language]) == 0
        yield f"policy {form}", [capsys.readouterr().out]


@pytest.mark.parametrize(("basis", "language"), one_in(2, itertools.product(PLANS, LANGUAGES)))
def test_every_sum_adds_up_where_it_is_shown(
    basis: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found: dict[str, int] = {}
    for form, parts in texts(tmp_path, PLANS[basis], language, capsys):
        found[form] = found.get(form, 0) + sum(check_sums(re.sub(r"\s+", " ", text)) for text in parts)
    assert all(found[form] >= 3 for form in ("page", "workbook", "explain text", "explain md")), found


def test_the_share_of_a_part_is_no_cut_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    three = "{evaluation_scale: 0-5, parts: [{id: a}, {id: b}, {id: c}]}"
    (tmp_path / "plan.yaml").write_text(
        "kurssi: 1\ncourse: {code: K, name: K, credits: 5}\nimplementation: {id: K-1}\nassessment: " + three, "utf-8"
    )
    assert run(["policy", str(tmp_path / "plan.yaml"), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "1/3" in out
    assert "33.3" not in out
