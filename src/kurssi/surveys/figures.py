"""Course feedback in figures: NPS, CES, statements, choices and open answers. Pure, and exact where it is counts.

A question with fewer than :data:`LEAST` answers has no figure at all: who answered would be known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal, NamedTuple

from kurssi.values.numbers import rounded

from .open_words import Group

LEAST = 3
"""Below this many answers nothing is shown (as Spark does: a report from three answers)."""

Z = Fraction("1.959963984540054")
"""The 97.5 % point of the normal distribution, for intervals of 95 %."""

Kind = Literal[
    "nps",
    "ces",
    "ces-ease",
    "scale",
    "choice",
    "number",
    "open",
    "identity",
    "technical",
    "empty",
    "left-out",
    "unclear",
]
"""How a column was read; the last five are not looked at. ``unclear``: CES, but nobody says in which wording."""

UNREAD: tuple[Kind, ...] = ("identity", "technical", "empty", "left-out", "unclear")

Why = Literal["said", "header", "values", "header-and-values", "labels", "assumed", "not-said"]
"""What a column was recognised by. ``assumed``: a scale that the answers fit, but nothing in the sheet names;
``not-said``: they fit several, so the question has none."""


class Question(NamedTuple):
    """A column of the sheet, read: what it is, why, and its answers."""

    header: str
    letter: str
    """The column as a spreadsheet names it."""
    kind: Kind
    why: Why
    scale: tuple[int, int] | None = None
    """The lowest and the highest step, for kinds with one; None where nothing says it."""
    steps: tuple[int, ...] = ()
    """The answers, for kinds with a scale."""
    texts: tuple[str, ...] = ()
    """The answers, for ``open``."""
    shared: tuple[Group, ...] = ()
    """Words and phrases that enough of these answers have."""
    choices: tuple[tuple[str, ...], ...] = ()
    """What each respondent chose, for ``choice``; several where the question allows it."""
    numbers: tuple[Fraction, ...] = ()
    """The answers, for ``number``."""
    ranks: Mapping[str, int] = {}
    """The places of answers on a scale of words, for a ``choice`` that has one."""
    labels: Mapping[int, str] = {}
    """What the answers themselves call the steps."""
    unsure: int = 0
    """How many said that they cannot say; they are not among the answers."""
    expected: bool = False
    """Whether effort is asked against expectation, for ``ces``."""
    wrong: bool = False
    """An answer is none of the scale's, so there is no figure."""


class Survey(NamedTuple):
    """The answers of one table: a CSV file or a worksheet."""

    file: str
    sheet: str | None
    responses: int
    """Rows with any answer."""
    questions: tuple[Question, ...]
    least: int = LEAST
    """Below this many answers nothing is shown."""
    words_only: bool = False
    """Whether open answers are shown as words that several have, and not one by one."""


class Interval(NamedTuple):
    """A 95 % confidence interval, in per cent, to one decimal."""

    low: Fraction
    high: Fraction


class Nps(NamedTuple):
    """Net Promoter Score: % of 9–10 less % of 0–6, from −100 to 100; 7–8 are passive."""

    n: int
    promoters: int
    passives: int
    detractors: int
    counts: tuple[tuple[int, int], ...]
    """(step, how many), every step of the scale."""
    score: Fraction
    interval: Interval


class Effort(NamedTuple):
    """Customer Effort Score, first wording: the mean of steps of effort; lower is better."""

    n: int
    counts: tuple[tuple[int, int], ...]
    mean: Fraction
    less: int
    """Steps below the middle: less effort than expected, or little."""
    as_expected: int
    more: int
    """Steps above the middle."""
    less_interval: Interval
    more_interval: Interval
    expected: bool = True
    """Whether effort was asked against expectation; else as such."""


class Ease(NamedTuple):
    """Customer Effort Score, second wording: the mean of steps of agreement that it was easy; higher is better."""

    n: int
    counts: tuple[tuple[int, int], ...]
    mean: Fraction
    easy: int
    """Steps above the middle: 5–7 of seven."""
    neither: int
    hard: int
    easy_interval: Interval


class Scale(NamedTuple):
    """A statement on a scale."""

    n: int
    counts: tuple[tuple[int, int], ...]
    mean: Fraction


class Choice(NamedTuple):
    """Few answers that recur: in the order of their scale of words, else most frequent first."""

    n: int
    """How many respondents."""
    counts: tuple[tuple[str, int], ...]
    several: bool
    """Whether somebody chose more than one: the counts then sum to more than ``n``."""


class Numbers(NamedTuple):
    """Any numbers, such as hours."""

    n: int
    mean: Fraction
    median: Fraction


class Open(NamedTuple):
    """Free text. The answers are in the order of the alphabet, so that no row can be put together again."""

    n: int
    answers: tuple[str, ...]
    shared: tuple[Group, ...] = ()


class Silent(NamedTuple):
    """Too few answers to show anything but their number, or (``wrong``) an answer that is none of the scale's."""

    n: int
    wrong: bool = False


Figures = Nps | Effort | Ease | Scale | Choice | Numbers | Open | Silent


def figures(question: Question, least: int = LEAST) -> Figures:
    """What a question's answers come to. ``question.kind`` must not be one of :data:`UNREAD`."""
    n = len(question.steps) + len(question.texts) + len(question.choices) + len(question.numbers)
    if question.wrong or n < least:
        return Silent(n, question.wrong)
    if question.kind == "open":
        answers = sorted(question.texts, key=lambda text: (text.casefold(), text))
        return Open(n, tuple(answers), tuple(group for group in question.shared if group.answers >= least))
    if question.kind == "choice":
        ranks = question.ranks
        counted = Counter(text for chosen in question.choices for text in dict.fromkeys(chosen)).items()
        ordered = sorted(counted, key=lambda item: (ranks.get(item[0], 0), -item[1], item[0].casefold(), item[0]))
        return Choice(n, tuple(ordered), any(len(chosen) > 1 for chosen in question.choices))
    if question.kind == "number":
        return Numbers(n, _mean(question.numbers), _median(question.numbers))
    return _of_steps(question, n)


def _of_steps(question: Question, n: int) -> Figures:
    low, high = question.scale or (1, max(question.steps))
    found = Counter(question.steps)
    counts = tuple((step, found[step]) for step in range(low, high + 1))
    if question.kind == "nps":
        promoters, detractors = sum(s >= 9 for s in question.steps), sum(s <= 6 for s in question.steps)
        score = Fraction(100 * (promoters - detractors), n)
        passives = n - promoters - detractors
        return Nps(n, promoters, passives, detractors, counts, score, nps_interval(promoters, detractors, n))
    mean = _mean(map(Fraction, question.steps))
    below, above = sum(2 * s < low + high for s in question.steps), sum(2 * s > low + high for s in question.steps)
    middle = n - below - above
    if question.kind == "ces":
        intervals = wilson(below, n), wilson(above, n)
        return Effort(n, counts, mean, below, middle, above, *intervals, question.expected)
    if question.kind == "ces-ease":
        return Ease(n, counts, mean, above, middle, below, wilson(above, n))
    return Scale(n, counts, mean)


def nps_interval(promoters: int, detractors: int, n: int) -> Interval:
    """The adjusted Wald interval of a Net Promoter Score, 95 %.

    Three answers are added, 3/4 promoters, 3/4 detractors and 3/2 passives, then a Wald interval is taken: with
    p = (promoters + 3/4) / (n + 3) and d likewise, p − d ± z √((p + d − (p − d)²) / (n + 3)). It came out best of six
    methods in B. Rocks, Interval Estimation for the “Net Promoter Score”, The American Statistician 70 (2016) 365–372.
    """
    p, d = (promoters + Fraction(3, 4)) / (n + 3), (detractors + Fraction(3, 4)) / (n + 3)
    middle, half = p - d, Z * _root((p + d - (p - d) ** 2) / (n + 3))
    return Interval(
        rounded(max(100 * (middle - half), Fraction(-100))), rounded(min(100 * (middle + half), Fraction(100)))
    )


def wilson(count: int, n: int) -> Interval:
    """The score interval of a share, 95 %: E. B. Wilson, J. American Statistical Association 22 (1927) 209–212."""
    p = Fraction(count, n)
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * _root(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return Interval(
        rounded(max(100 * (middle - half), Fraction(0))), rounded(min(100 * (middle + half), Fraction(100)))
    )


def percent(count: int, n: int) -> Fraction:
    """A share in per cent, to one decimal."""
    return rounded(Fraction(100 * count, n))


def _root(value: Fraction) -> Fraction:
    """The square root to 40 digits: far more than the one decimal that is shown."""
    with localcontext(prec=40):
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def _mean(values: Iterable[Fraction]) -> Fraction:
    listed = list(values)
    return sum(listed, Fraction(0)) / len(listed)


def _median(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
