"""The steps from siblings to their mean, and what bonus parts add (contract section 5, step 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Fixed, Msg, PerCent, Percentage, Terms, msg
from kurssi.grading.result import ABSENT, PartResult, Step, Steps, in_unit
from kurssi.policy.model import Part, Policy
from kurssi.values.numbers import exact

from .ways import mean_of_way, passes
from .weights import bonus_of

STEPS: Steps = {"mean": msg("mean"), "bonus": msg("bonus"), "cap": msg("cap"), "way": msg("way")}


class Term(NamedTuple):
    """One part's share of a mean: as the operand of the step, and in words."""

    operand: Mapping[str, object]
    words: Msg


def term(part: Part, weight: Fraction | None, value: Fraction | None) -> Term:
    """A part that enters with ``weight`` per cent."""
    value = value if value is not None else Fraction(0)
    shown = _weight_shown((weight or Fraction(0)) / 100)
    words = msg("{weight} × {value} ({part})", weight=shown, value=value, part=part.name)
    return Term({"id": part.id, "weight": weight, "value": value}, words)


def points_added(counted: Sequence[PartResult], value: Fraction) -> Msg:
    """The points of siblings, and what share of all that there are they come to: ``value`` per cent."""
    terms, points, whole = [], Fraction(0), Fraction(0)
    for one in counted:
        most = one.part.max or Fraction(0)
        had = (one.value or Fraction(0)) * most / 100
        terms.append(msg("{points} ({part})", points=had, part=one.part.name))
        points, whole = points + had, whole + most
    sum_ = Terms(terms, " + ")
    return msg("{sum} = {points}, of {max} points {value}", sum=sum_, points=points, max=whole, value=Percentage(value))


def shows_mean(result: PartResult) -> bool:
    """Whether a part that has parts is told with their mean."""
    return result.value is not None and result.state not in ABSENT


def mean_step(
    part: Part | None,
    rule: Path,
    terms: Sequence[Term],
    left_out: Sequence[PartResult],
    after: Fraction,
    unfinished: bool,
    points: Msg | None = None,
) -> Step:
    """From siblings to their mean, without bonus; ``left_out`` do not count because others are better.

    ``points`` are their points in words, where those are added up.
    """
    total = points or Terms([words for _, words in terms], " + ")
    why = msg("so far, what is open counted lowest: {sum}", sum=total) if unfinished else msg("{sum}", sum=total)
    if left_out:
        names = [msg("{part} ({value})", part=one.part.name, value=one.value) for one in left_out]
        why = msg("not counted, as others are better: {parts}. {sum}", parts=Terms(names), sum=why)
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
    value = in_unit(mean_of_way(way).value, percent)
    if value is None:
        return msg("{part} (nothing to weigh)", part=way.part.name)
    if not passes(way):
        return msg("{part} ({value}, a gate closed)", part=way.part.name, value=value)
    return msg("{part} ({value})", part=way.part.name, value=value)


def _weight_shown(share: Fraction) -> object:
    return share if "/" in exact(share) else Fixed(share)


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
