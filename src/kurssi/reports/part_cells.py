"""How lists and pages write what a part came to: points as points with their most, units said, a series as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.words import Words
from kurssi.grading import PartResult
from kurssi.grading.result import ABSENT, OUT
from kurssi.policy.model import Part, Policy
from kurssi.policy.series import together
from kurssi.values.vocabulary import WITHHELD

from .rows import sign_of


class Shown(NamedTuple):
    """A column of a list: a part, or all of a series."""

    name: str
    parts: tuple[Part, ...]

    @property
    def of_series(self) -> bool:
        """Whether it stands for several parts."""
        return len(self.parts) > 1


def columns(policy: Policy, *, every: bool = False) -> tuple[Shown, ...]:
    """The parts of the top level, a series as one; with ``every`` one of it all parts at every depth."""
    if every:
        return tuple(Shown(part.name, (part,)) for part in policy.all_parts())
    groups = together(policy.parts, lambda part: part, lambda _: None)
    return tuple(Shown(name, tuple(parts)) for name, parts in groups)


def has_more(policy: Policy) -> bool:
    """Whether there are parts that the columns of a list do not show one by one."""
    return any(shown.of_series or shown.parts[0].parts for shown in columns(policy))


def cell(results: Sequence[PartResult], words: Words, percent: bool) -> str:
    """What stands in a column: of one part what it came to, of a series what all of it came to and how much came in."""
    if len(results) == 1:
        return of_part(results[0], words, percent)
    if all(one.state in OUT for one in results):
        return sign_of(results[0], words) or ""
    if not results[0].part.valued:
        return count(results) + (" ?" if any(one.open for one in results) else "")
    return f"{_together(results, words, percent)} ({count(results)})"


def count(results: Sequence[PartResult]) -> str:
    """How many came in, or are passed where nothing else is said of them, of those that nobody is excused from."""
    asked = [one for one in results if one.state not in OUT]
    if results[0].part.valued:
        return f"{sum(one.state not in ABSENT for one in asked)}/{len(asked)}"
    return f"{sum(one.state == 'passed' for one in asked)}/{len(asked)}"


def _together(results: Sequence[PartResult], words: Words, percent: bool) -> str:
    """The sum of the points of a series, or the mean of its values."""
    weighed = [one for one in results if one.effective_weight is not None and one.value is not None]
    points = [found for one in weighed if (found := points_of(one, percent)) is not None]
    mark = " ?" if any(one.open for one in results) else ""
    if len(points) == len(weighed) and weighed:
        return _of(sum([p for p, _ in points], Fraction(0)), sum([m for _, m in points], Fraction(0)), words) + mark
    whole = sum([one.effective_weight or Fraction(0) for one in weighed], Fraction(0))
    if not whole:
        return "–"
    mean = sum([(one.value or 0) * (one.effective_weight or 0) for one in weighed], Fraction(0)) / whole
    return in_unit(mean, words, percent) + mark


def of_part(result: PartResult, words: Words, percent: bool) -> str:
    """What a part came to, with its unit, or a sign for why it has no value; of a part that is a series the count."""
    text = _alone(result, words, percent)
    series = {child.part.series is not None and child.part.path for child in result.children}
    counted = len(series) == 1 and False not in series and result.state not in OUT
    return f"{text} ({count(result.children)})" if counted else text


def _alone(result: PartResult, words: Words, percent: bool) -> str:
    sign = sign_of(result, words)
    if sign is not None or result.value is None:
        return sign or ""
    points, raw = points_of(result, percent), _raw(result, words)
    if points is not None:
        text = _of(*points, words)
    elif result.part.only_points and raw:
        text = raw
    else:
        text = in_unit(result.value, words, percent) + (f" ({raw})" if raw else "")
    if not result.open:
        return text
    return f"{text} {WITHHELD[words.language] if result.withheld else '?'}"


def points_of(result: PartResult, percent: bool) -> tuple[Fraction, Fraction] | None:
    """The points that count and the most there can be; None where a part is not in points, or becomes a grade."""
    part = result.part
    if not percent or result.value is None:
        return None
    if part.parts:
        if not part.by_points:
            return None
        most = sum([one.part.max or Fraction(0) for one in result.children if _counts(one)], Fraction(0))
    elif part.in_points:
        most = part.max or Fraction(0)
    else:
        return None
    return (result.value * most / 100, most) if most else None


def _counts(result: PartResult) -> bool:
    return result.effective_weight is not None and not result.part.bonus


def _raw(result: PartResult, words: Words) -> str:
    """The points of the attempt that counts, of the most there can be; empty where the part has none."""
    used = next((a.given.score for a in result.attempts if a.number == result.used), None)
    if not result.part.in_points or used is None:
        return ""
    return _of(used, result.part.max or used, words)


def _of(points: Fraction, most: Fraction, words: Words) -> str:
    return f"{words.about(points)}/{words.about(most)}"


def in_unit(value: Fraction, words: Words, percent: bool) -> str:
    """A value with its unit: per cent, or a grade, which has none."""
    return words("{n} %", n=words.about(value)) if percent else words.about(value)


def by_column(results: dict[str, PartResult], shown: Sequence[Shown]) -> Iterator[list[PartResult]]:
    """The results that each column shows, of all results by the id of their part."""
    for column in shown:
        yield [results[part.id] for part in column.parts]
