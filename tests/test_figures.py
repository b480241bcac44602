"""A class in figures: ``kurssi grade --figures``; and items, held against formulas of their own.

The data are R's ``attitude`` (Chatterjee and Price, *Regression Analysis by Example*). What is expected of them is
computed here in another way than the grader's: deviations and correlations by Python's ``statistics``, alpha from the
table of covariances, quantiles of F by integrating its density. Of the interval there is one published example: the
manual of pingouin gives 0.195–0.84 for its own data (``cronbach_alpha``, 15 answers to 10 items).
"""

from __future__ import annotations

import csv
import json
import math
import random
import statistics
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kurssi.cli import run
from kurssi.gradebook.figures import FEWEST, _shown, root, spread_of
from kurssi.gradebook.items import correlation, cronbach, f_quantile, feldt

ATTITUDE = [
    [Fraction(text) for text in line.split()]
    for line in """\
43 51 30 39 61 92 45
63 64 51 54 63 73 47
71 70 68 69 76 86 48
61 63 45 47 54 84 35
81 78 56 66 71 83 47
43 55 49 44 54 49 34
58 67 42 56 66 68 35
71 75 50 55 70 66 41
72 82 72 67 71 83 31
67 61 45 47 62 80 41
64 53 53 58 58 67 34
67 60 47 39 59 74 41
69 62 57 42 55 63 25
68 83 83 45 59 77 35
77 77 54 72 79 77 46
81 90 50 72 60 54 36
74 85 64 69 79 79 63
65 60 65 75 55 80 60
65 70 46 57 75 85 46
50 58 68 54 64 78 52
50 40 33 34 43 64 33
64 61 52 62 66 80 41
53 66 52 50 63 80 37
40 37 42 58 50 57 49
63 54 42 48 66 75 33
66 77 66 63 88 76 72
78 75 58 74 80 78 49
48 57 44 45 51 83 38
85 85 71 71 77 74 55
82 82 39 59 64 78 39""".splitlines()
]
COLUMNS = [[float(score) for score in column] for column in zip(*ATTITUDE, strict=True)]


# ---- against formulas of their own ----------------------------------------------------------------------------


def alpha_of_covariances(columns: list[list[float]]) -> float:
    """Cronbach's alpha from the mean variance and the mean covariance, as Cronbach (1951) has it."""
    k = len(columns)
    variances = [statistics.variance(one) for one in columns]
    between = [statistics.covariance(one, other) for one in columns for other in columns if one is not other]
    return k * statistics.mean(between) / (statistics.mean(variances) + (k - 1) * statistics.mean(between))


def share_of_f(value: float, one: int, other: int, steps: int = 20_000) -> float:
    """How much of the distribution of F lies below: its density by Simpson's rule, with x = y² near zero."""
    front = math.exp(
        math.lgamma((one + other) / 2) - math.lgamma(one / 2) - math.lgamma(other / 2)
    ) * (one / other) ** (one / 2)  # fmt: skip

    def density(y: float) -> float:
        return float(2.0 * front * y ** (one - 1) * (1 + one * y * y / other) ** (-(one + other) / 2))

    width = math.sqrt(value) / steps
    inner = sum(density(n * width) * (4 if n % 2 else 2) for n in range(1, steps))
    return width / 3 * (density(0) + inner + density(steps * width))


def test_items_of_the_data() -> None:
    for at, own in enumerate(COLUMNS):
        found = spread_of([row[at] for row in ATTITUDE])
        assert found is not None
        assert float(found.mean) == pytest.approx(statistics.mean(own))
        assert found.deviation == Fraction(f"{statistics.stdev(own):.2f}")
        assert [float(one) for one in (found.median, found.lowest, found.highest)] == [
            statistics.median(own),
            min(own),
            max(own),
        ]
        rest = [sum(row) - row[at] for row in ATTITUDE]
        by_module = statistics.correlation(own, [float(one) for one in rest])
        assert correlation([row[at] for row in ATTITUDE], rest) == Fraction(f"{by_module:.2f}")


def test_alpha_and_its_interval() -> None:
    alpha = cronbach(ATTITUDE)
    assert alpha is not None
    assert float(alpha) == pytest.approx(alpha_of_covariances(COLUMNS))
    low, high = feldt(alpha, 30, 7) or (0, 0)
    # Feldt: (1 - alpha of all) / (1 - alpha here) has the distribution of F with 29 and 29 · 6 degrees of freedom.
    for end, share in ((low, 0.975), (high, 0.025)):
        nearest = [float(1 - (end + Fraction(shift, 200))) / float(1 - alpha) for shift in (1, -1)]
        assert share_of_f(nearest[0], 29, 174) <= share <= share_of_f(nearest[1], 29, 174)


def test_the_published_interval() -> None:
    low, high = feldt(Fraction("0.5917188485995826"), 15, 10) or (0, 0)
    assert abs(low - Fraction("0.195")) <= Fraction("0.005")
    assert high == Fraction("0.84")


@pytest.mark.parametrize(
    ("share", "one", "other"), [(0.95, 5, 10), (0.95, 2, 2), (0.975, 10, 20), (0.99, 3, 60), (0.05, 10, 5), (0.5, 1, 9)]
)
def test_quantiles_of_f(share: float, one: int, other: int) -> None:
    assert share_of_f(f_quantile(share, one, other), one, other) == pytest.approx(share, abs=1e-6)


def test_against_the_module_statistics() -> None:
    rng = random.Random(19)
    for _ in range(50):
        numbers = [Fraction(rng.randrange(0, 500), 100) for _ in range(rng.randrange(FEWEST, 40))]
        found = spread_of(numbers)
        assert found is not None
        assert (found.mean, found.median) == (statistics.mean(numbers), statistics.median(numbers))
        assert abs(float(found.deviation) - statistics.stdev(numbers)) < 0.0051


def test_roots() -> None:
    assert [root(Fraction(square)) for square in (0, 4, 2)] == [0, 2, Fraction("1.41")]
    assert root(Fraction("1.5625")) == Fraction("1.25")


# ---- nobody is told by a figure ------------------------------------------------------------------------------


def test_small_groups_are_not_shown_nor_what_they_could_be_told_from() -> None:
    assert _shown({"A": 5, "B": 5}, 10) == {"A", "B"}
    assert _shown({"A": 7, "B": 5, "C": 4}, 16) == {"A"}  # C could be told from the total
    assert _shown({"A": 7, "B": 5, "C": 4, "D": 4}, 20) == {"A", "B"}
    assert _shown({"A": 6}, 8) == set()  # two without a group
    assert _shown({"A": 4, "B": 3}, 7) == set()
    rng = random.Random(7)
    for _ in range(300):
        sizes = {str(n): rng.randrange(1, 12) for n in range(rng.randrange(1, 8))}
        graded = sum(sizes.values()) + rng.randrange(0, 8)
        shown = _shown(sizes, graded)
        rest = graded - sum(sizes[group] for group in shown)
        assert all(sizes[group] >= FEWEST for group in shown)
        assert not shown or rest == 0 or rest >= FEWEST


# ---- through the command line --------------------------------------------------------------------------------

POLICY = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024, language: en}
assessment:
  evaluation_scale: H-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - id: exam
      name: Tentti
      weight: 100
      parts:
"""
ITEMS = "".join(
    f"        - {{id: t{n}, name: T{n}, weight: {weight}, graded: points, max: 100}}\n"
    for n, weight in enumerate((20, 20, 20, 10, 10, 10, 10), 1)
)


@pytest.fixture
def graded(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Grades the answers, or the first of them, as a class, and returns what was printed."""
    monkeypatch.chdir(tmp_path)

    def called(*more: str, students: int = 30, language: str = "en") -> str:
        Path("x.yaml").write_text(POLICY + ITEMS, "utf-8")
        with Path("s.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["student", "group", *(f"T{n}" for n in range(1, 8))])
            for n, row in enumerate(ATTITUDE[:students]):
                lines.writerow([f"{n:03}", "ABC"[n % 3] if n < 27 else "D", *row])
        assert run(["--lang", language, "grade", "x.yaml", "s.csv", "--figures", *more]) == 0
        return capsys.readouterr().out

    return called


def test_the_table_in_the_terminal(graded: Any) -> None:
    lines = [line.split() for line in graded().splitlines()]
    assert ["T1", "65", "%", "0.67"] in lines
    assert ["T6", "75", "%", "0.27"] in lines
    text = graded()
    assert "Cronbach's alpha 0.84 (95 %: 0.74–0.92), 30 students" in text
    assert "say little" not in text
    assert ["T1", "30", "64.63", "65.5", "12.17", "40–85"] in [line[:6] for line in lines]
    bars = [line for line in lines if line and line[-1].startswith("█")]
    assert all(len(line[-1]) == int(line[1]) for line in bars)
    assert sum(int(line[1]) for line in bars) == 30
    assert ["D", "3", "–", "–", "–", "–", "–"] in lines


def test_fewer_than_thirty_answers_say_little_and_fewer_than_five_nothing(graded: Any) -> None:
    assert "Fewer than 30 answers (29): these figures say little." in graded(students=29)
    text = graded(students=4)
    assert "Cronbach" not in text
    assert "because of fewer than 5 students" in text
    assert not any(line.split()[:2] == ["T1", "4"] and line.split()[2] != "–" for line in text.splitlines())


def test_in_every_report(graded: Any, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["r.json", "r.md", "r.xlsx", "r.csv"]
    graded(*(f"-o{name}" for name in files))
    found = json.loads(Path("r.json").read_text("utf-8"))["figures"]
    assert found["parts"]["t1"] | {"mean": ""} == {
        "n": 30, "mean": "", "median": "65.5", "deviation": "12.17", "lowest": "40", "highest": "85", "passed": 30,
        "absent": 0,
    }  # fmt: skip
    assert Fraction(found["items"][0]["alpha"]) == cronbach(ATTITUDE)
    assert found["items"][0]["interval"] == ["0.74", "0.92"]
    assert found["groups"]["D"] == dict.fromkeys(found["groups"]["D"]) | {"n": 3}
    assert run(["--lang", "en", "verify", "r.json"]) == 0
    assert "| T6 | 75 % | 0.27 |" in Path("r.md").read_text("utf-8")
    sheet = openpyxl.load_workbook("r.xlsx")["Figures"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["T6", "75 %", "0.27"] in [row[:3] for row in rows]
    assert "Cronbach" not in Path("r.csv").read_text("utf-8")
    capsys.readouterr()
    assert json.loads(graded("--format", "json"))["figures"] == found
    assert "| T6 | 75 % | 0.27 |" in graded("--format", "md")


def test_in_finnish_and_swedish(graded: Any) -> None:
    assert "Cronbachin alfa 0,84 (95 %: 0,74–0,92), 30 opiskelijaa" in graded(language="fi")
    assert "Cronbachs alfa 0,84 (95 %: 0,74–0,92), 30 studerande" in graded(language="sv")


def test_criteria_of_a_rubric_and_a_series(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text(
        """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024, language: en}
assessment:
  evaluation_scale: H-5
  parts:
    - id: essay
      name: Essee
      weight: 60
      graded: points
      linear: {1: 50 %, 5: 90 %}
      rubric:
        - {id: a, name: Aihe, levels: {0: ei, 4: on}}
        - {id: b, name: Kieli, levels: {0: ei, 2: on, 6: hyvä}}
    - {id: vt, name: Viikkotesti, weight: 40, repeat: 2}
""",
        "utf-8",
    )
    rows = ["student;Essee Aihe;Essee Kieli;Viikkotesti 1;Viikkotesti 2"]
    rows += [f"{n};{n % 2 * 4};{n % 3 * 2 if n % 3 < 2 else 6};{n % 6};{(n + 1) % 6}" for n in range(10, 22)]
    Path("s.csv").write_text("\n".join(rows), "utf-8")
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--figures", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["figures"]["items"]
    assert [(one["part"], [item["name"] for item in one["items"]]) for one in found] == [
        ("essay", ["Aihe", "Kieli"]), ("vt1", ["Viikkotesti 1", "Viikkotesti 2"]),
    ]  # fmt: skip
    assert found[0]["items"][0]["difficulty"] == "0.5"
    assert found[0]["items"][1]["difficulty"] == "4/9"


def test_scales_of_names_and_of_passed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names have no mean; how many passed is said of every scale."""
    monkeypatch.chdir(tmp_path)
    head = "kurssi: 1\ncourse: {code: K, name: N, credits: 5}\nimplementation: {id: K-1, language: en}\n"
    part = "{id: e, name: E, graded: pass-fail}"
    Path("x.yaml").write_text(f"{head}assessment: {{evaluation_scale: pass-fail, parts: [{part}]}}\n", "utf-8")
    Path("s.csv").write_text("student,E\n" + "".join(f"{n},{'H' if n < 2 else 'HYV'}\n" for n in range(8)), "utf-8")
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--figures", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["figures"]
    assert (found["mean"], found["passed"], found["graded"]) == (None, 6, 8)


def test_plain_grading_does_without(tmp_path: Path) -> None:
    """Who does not ask for figures does not wait for them."""
    import subprocess
    import sys

    code = (
        "import sys; from kurssi.cli import run; run(['grade', 'implementations/KH00BT03-2024.yaml']);"
        "print([name for name in sys.modules if name.endswith(('gradebook.figures', 'gradebook.items', 'statistics'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
