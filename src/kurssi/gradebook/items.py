"""Items: how hard the parts of a part, or the criteria of a rubric, are, and how well they measure one thing.

Classical item analysis over the students who have a score of every item: difficulty (the mean as a share of what can
be had), the correlation with the rest, and Cronbach's alpha with the interval of Feldt (1965). All is exact but the
root in a correlation, and the quantile of F.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import exp, lgamma, log, log1p
from typing import NamedTuple

from kurssi.grading import PartResult
from kurssi.grading.result import flat
from kurssi.policy.model import Part
from kurssi.values.numbers import exact_sum, rounded

from .figures import FEWEST, root, variance
from .gradebook import Gradebook

FEW = 30
"""Below this many answers the figures say little."""
LEAST_ITEMS = 2
"""So many items make a set."""
CONFIDENCE = 0.95


class Item(NamedTuple):
    """One of several scores that are added up."""

    name: str
    difficulty: Fraction
    """The mean as a share of what can be had: 1 is easy."""
    rest: Fraction | None
    """The correlation with the sum of the others, to two decimals; ``None`` where all scores are the same."""


class ItemSet(NamedTuple):
    """Items that are added up."""

    part: Part
    n: int
    """Students with a score of every item."""
    items: tuple[Item, ...]
    alpha: Fraction | None
    """Cronbach's alpha; ``None`` where the sums do not differ."""
    interval: tuple[Fraction, Fraction] | None
    """Of 95 %, to two decimals."""


class _Column(NamedTuple):
    """The scores of an item by student, and from where to where they can be."""

    name: str
    lowest: Fraction
    highest: Fraction
    scores: dict[str, Fraction]


def item_sets(book: Gradebook) -> list[ItemSet]:
    """Each part with parts of its own, series of parts, and each rubric, where enough students have every score."""
    results = {result.student.student: flat(result.parts) for result in book.results}
    found = []
    for part, columns in _sets(book, results):
        columns = [one for one in columns if one.scores and one.highest > one.lowest]
        students = [name for name in results if all(name in one.scores for one in columns)]
        if len(columns) >= LEAST_ITEMS and len(students) >= FEWEST:
            rows = [[one.scores[name] for one in columns] for name in students]
            found.append(_analysed(part, columns, rows))
    return found


# ---- which scores ------------------------------------------------------------------------------------------


def _sets(book: Gradebook, results: dict[str, dict[str, PartResult]]) -> Iterator[tuple[Part, list[_Column]]]:
    for part in book.policy.all_parts():
        if part.parts and not part.of_ways:
            below = [one for one in part.parts if one.valued or one.parts]
            yield part, [_of_part(book, one, results) for one in below]
        if part.rubric is not None:
            yield part, _of_rubric(part, results)
    series: dict[str, list[Part]] = {}
    for part in book.policy.parts:
        if part.series is not None and part.valued:
            series.setdefault(part.series.name, []).append(part)
    for name, parts in series.items():
        yield parts[0]._replace(name=name), [_of_part(book, one, results) for one in parts]


def _of_part(book: Gradebook, part: Part, results: dict[str, dict[str, PartResult]]) -> _Column:
    """The raw scores of a part with a cell, else its values."""
    raw = not part.parts
    low, high = part.ends(book.policy.scale) if raw else (book.policy.lowest, book.policy.top)
    scores = {}
    for student, parts in results.items():
        one = parts.get(part.id)
        if one is None or one.open or one.state != "scored":
            continue
        score = next((a.given.score for a in one.attempts if a.number == one.used), None) if raw else one.value
        if score is not None:
            scores[student] = score
    top = max(scores.values(), default=low)
    most = part.max if raw and part.max is not None else high
    return _Column(part.name, low, top if most is None else most, scores)


def _of_rubric(part: Part, results: dict[str, dict[str, PartResult]]) -> list[_Column]:
    assert part.rubric is not None  # noqa: S101 - asked for where there is one
    columns = []
    for criterion in part.rubric.criteria:
        levels = [score for score, _ in criterion.levels]
        scores = {}
        for student, parts in results.items():
            one = parts.get(part.id)
            given = next((a.given for a in one.attempts if a.number == one.used), None) if one is not None else None
            for component in given.components if given is not None else ():
                if component.name == criterion.id and component.score is not None:
                    scores[student] = component.score
        columns.append(_Column(criterion.name, min(levels), max(levels), scores))
    return columns


# ---- figures -----------------------------------------------------------------------------------------------


def _analysed(part: Part, columns: Sequence[_Column], rows: Sequence[Sequence[Fraction]]) -> ItemSet:
    sums = [exact_sum(row) for row in rows]
    items = []
    for at, column in enumerate(columns):
        own = [row[at] for row in rows]
        rest = [total - score for total, score in zip(sums, own, strict=True)]
        share = (exact_sum(own) / len(own) - column.lowest) / (column.highest - column.lowest)
        items.append(Item(column.name, share, correlation(own, rest)))
    alpha = cronbach(rows)
    interval = None if alpha is None else feldt(alpha, len(rows), len(columns))
    return ItemSet(part, len(rows), tuple(items), alpha, interval)


def cronbach(rows: Sequence[Sequence[Fraction]]) -> Fraction | None:
    """Cronbach's alpha of items (columns) over persons (rows), exact."""
    k = len(rows[0])
    total = variance([exact_sum(row) for row in rows])
    if not total:
        return None
    return Fraction(k, k - 1) * (1 - exact_sum(variance(list(item)) for item in zip(*rows, strict=True)) / total)


def correlation(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction | None:
    """Pearson's correlation, to two decimals; ``None`` where one side never differs."""
    n = len(one)
    means = exact_sum(one) / n, exact_sum(other) / n
    both = exact_sum((a - means[0]) * (b - means[1]) for a, b in zip(one, other, strict=True)) / (n - 1)
    square = variance(one) * variance(other)
    if not square:
        return None
    size = root(both**2 / square)
    return -size if both < 0 else size


def feldt(alpha: Fraction, n: int, k: int) -> tuple[Fraction, Fraction] | None:
    """The interval of 95 % around an alpha of ``n`` persons and ``k`` items (Feldt 1965; Feldt, Woodruff, Salih 1987).

    ``None`` for an alpha of 1, which has none.
    """
    if alpha >= 1 or n < LEAST_ITEMS:
        return None
    tail = (1 - CONFIDENCE) / 2
    ends = (f_quantile(1 - tail, n - 1, (n - 1) * (k - 1)), f_quantile(tail, n - 1, (n - 1) * (k - 1)))
    low, high = (rounded(1 - (1 - alpha) * Fraction(end), 2) for end in ends)
    return low, high


def f_quantile(share: float, one: int, other: int) -> float:
    """The value of F with these degrees of freedom below which this share lies."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _incomplete_beta(middle, one / 2, other / 2) < share:
            low = middle
        else:
            high = middle
    return other * low / (one * (1 - low))


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction."""
    if x <= 0 or x >= 1:
        return max(0.0, min(x, 1.0))
    if x > (a + 1) / (a + b + 2):  # where the fraction of the other side is the quick one
        return 1 - _incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    value, c, d = 1.0, 1.0, 0.0
    for m in range(300):
        terms = [m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))] if m else [1.0]
        terms.append(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)))
        before = value
        for at, term in enumerate(terms):
            if not m and not at:
                continue
            d = 1 / (1 + term * d)
            c = 1 + term / c
            value *= c * d
        if abs(value - before) < 1e-14 * abs(value) and m:
            break
    return front / value
