"""The steps from siblings to their mean, and what bonus parts add (contract section 5, step 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import About, Cut, Fixed, Msg, PerCent, Percentage, Terms, msg
from kurssi.grading.result import ABSENT, PartResult, Step, Steps
from kurssi.policy.model import Part, Policy
from kurssi.policy.series import together
from kurssi.values.numbers import endless, exact

from .ways import mean_of_way, passes
from .weights import bonus_of

STEPS: Steps = {"mean": msg("mean"), "bonus": msg("bonus"), "cap": msg("cap"), "way": msg("way")}


class Term(NamedTuple):
    """One part's share of a mean: as the operand of the step, and in words."""

    operand: Mapping[str, object]
    words: Msg


def term(part: Part, weight: Fraction | None, value: Fraction | None, percent: bool) -> Term:
    """A part that enters with ``weight`` per cent; ``percent``: values are per cents."""
    value = value if value is not None else Fraction(0)
    shown = _weight_shown(weight or Fraction(0))
    fraction = endless(value)
    if fraction is None:
        words = msg("{weight} × {value} ({part})", weight=shown, value=value, part=part.name)
    else:
        points = _points(part, value) if percent and part.in_points else None
        exactly = fraction if points is None or "/" in exact(points) else _of(points, part.max or points)
        words = _exact_term(shown, value, part.name, exactly)
    return Term({"id": part.id, "weight": weight, "value": value}, words)


def left_out(result: PartResult) -> Msg:
    """A part that does not count because others are better."""
    return msg("{part} ({value})", part=result.part.name, value=About(result.value or Fraction(0)))


def points_added(counted: Sequence[PartResult], value: Fraction) -> Msg:
    """The points of siblings, and what share of all that there are they come to: ``value`` per cent."""
    terms: list[Msg] = []
    for name, several in _runs(counted):
        had = [_points(one.part, one.value) for one in several]
        if len(had) == 1:
            terms.append(msg("{points} ({part})", points=had[0], part=name))
        else:
            terms.append(msg("({values}) ({part})", values=Terms(had, " + "), part=name))
    points = sum([_points(one.part, one.value) for one in counted], Fraction(0))
    whole = sum([one.part.max or Fraction(0) for one in counted], Fraction(0))
    sum_ = Terms(terms, " + ")
    return msg("{sum} = {points}, of {max} points {value}", sum=sum_, points=points, max=whole, value=Percentage(value))


def _exact_term(weight: object, value: Fraction, name: str, exactly: object) -> Msg:
    return msg("{weight} × {value} ({part}: {exact})", weight=weight, value=Cut(value), part=name, exact=exactly)


def _of(points: Fraction, most: Fraction) -> Terms:
    return Terms([points, most], "/")


def _points(part: Part, value: Fraction | None) -> Fraction:
    return (value or Fraction(0)) * (part.max or Fraction(0)) / 100


def _runs(counted: Sequence[PartResult]) -> Iterator[tuple[str, Sequence[PartResult]]]:
    """Siblings, those of a series that follow each other without a gap and weigh the same under one name."""

    def alike(placed: tuple[int, PartResult]) -> object:
        at, one = placed
        return one.effective_weight, one.part.series is not None and one.part.series.number - at

    for name, placed in together(enumerate(counted), lambda placed: placed[1].part, alike):
        yield name, [one for _, one in placed]


def in_short(counted: Sequence[PartResult], terms: Sequence[Term], percent: bool) -> Terms:
    """The terms of a mean as a sum; a series is one of its points, or of its values with the weight that they share."""
    if not any(one.part.series is not None for one in counted):
        return Terms([words for _, words in terms], " + ")
    said: list[Msg] = []
    at = 0
    for name, several in _runs(counted):
        said.append(terms[at].words if len(several) == 1 else _of_series(name, several, percent))
        at += len(several)
    return Terms(said, " + ")


def _of_series(name: str, several: Sequence[PartResult], percent: bool) -> Msg:
    weight = several[0].effective_weight or Fraction(0)
    points = sum([_points(one.part, one.value) for one in several], Fraction(0))
    most = sum([one.part.max or Fraction(0) for one in several], Fraction(0))
    if percent and most and all(one.part.in_points for one in several) and "/" not in exact(points):
        return _exact_term(_weight_shown(weight * len(several)), points * 100 / most, name, _of(points, most))
    values = Terms([one.value or Fraction(0) for one in several], " + ")
    return msg("{weight} × ({values}) ({part})", weight=_weight_shown(weight), values=values, part=name)


def shows_mean(result: PartResult) -> bool:
    """Whether a part that has parts is told with their mean."""
    return result.value is not None and result.state not in ABSENT


def mean_step(
    part: Part | None,
    rule: Path,
    terms: Sequence[Term],
    not_counted: Sequence[Msg],
    after: Fraction,
    unfinished: bool,
    total: Msg | Terms,
) -> Step:
    """From siblings to their mean, without bonus; ``not_counted`` are those that others are better than.

    ``total`` is the sum in words.
    """
    why = msg("so far, what is open counted lowest: {sum}", sum=total) if unfinished else msg("{sum}", sum=total)
    if not_counted:
        why = msg("not counted, as others are better: {parts}. {sum}", parts=Terms(not_counted), sum=why)
    operands = tuple([operand for operand, _ in terms])
    return Step("mean", part.id if part else None, rule, operands, None, after, None, why)


def ways_said(ways: Sequence[PartResult]) -> Iterator[Mapping[str, object]]:
    """What each way comes to, and which one counts."""
    for way in ways:
        yield {"id": way.part.id, "passed": passes(way), "value": mean_of_way(way).value, "counts": way.chosen}


def way_step(owner: Part | None, rule: Path, ways: Sequence[PartResult], after: Fraction | None, percent: bool) -> Step:
    """Which of several ways counts, and what the others come to; ``percent``: values are per cents."""
    words = [_way_in_words(way, percent) for way in ways]
    counted = next(way for way in ways if way.chosen)
    why = msg("{way} counts: {ways}", way=counted.part.name, ways=Terms(words))
    return Step("way", owner.id if owner else None, rule, tuple(ways_said(ways)), None, after, None, why)


def _way_in_words(way: PartResult, percent: bool) -> Msg:
    mean = mean_of_way(way).value
    if mean is None:
        return msg("{part} (nothing to weigh)", part=way.part.name)
    value = Percentage(mean) if percent else About(mean)
    if not passes(way):
        return msg("{part} ({value}, a gate closed)", part=way.part.name, value=value)
    return msg("{part} ({value})", part=way.part.name, value=value)


def _weight_shown(weight: Fraction) -> object:
    """A weight in per cent as a factor."""
    share = weight / 100
    return PerCent(weight) if "/" in exact(share) else Fixed(share)


def bonus_steps(results: Sequence[PartResult], before: Fraction, more: Fraction) -> Iterator[Step]:
    """What each bonus part adds to the mean of its siblings: so many times what its weight says."""
    for result in (one for one in results if one.part.stepped is None):
        extra = more * bonus_of(result)
        if result.part.bonus and result.value is not None:
            weight = more * (result.part.weight or Fraction(0))
            added = msg("{before} + {weight} × {value}", before=before, weight=PerCent(weight), value=result.value)
            why = added if extra or not result.value else msg("{before}: nothing is added", before=before)
            yield Step(
                "bonus",
                result.part.id,
                (*result.part.path, "bonus"),
                ({"weight": weight, "value": result.value},),
                before,
                before + extra,
                None,
                why,
            )
            before += extra


def cap_step(owner: Part | Policy, before: Fraction, cap: Fraction) -> Step:
    """What the cap takes from the mean with its bonus (11.4)."""
    why = msg("{before} counts as {cap}, which is the most", before=before, cap=cap)
    part = owner.id if isinstance(owner, Part) else None
    return Step("cap", part, (*owner.path, "cap"), (), before, cap, cap, why)
