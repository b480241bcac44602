"""What lateness costs, as ``policy.resolved`` of a report holds it, read a second time."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple

from kurssi.diagnostics.message import msg

from .clock import Per, Skipped, Skips, Span, has_holidays
from .problems import Node
from .times import read_length

Form = Literal["per-unit", "table"]
"""What the deductions are: one amount that every unit takes, or one for each unit."""


class LateRule(NamedTuple):
    """What lateness costs in one part."""

    amounts: tuple[Fraction, ...]
    percent: bool
    form: Form
    earned: bool
    per: Per
    grace: Span | None
    at_most: tuple[Fraction, bool] | None
    floor: Fraction
    closes: Span | None
    skips: Skips | None


def read_late(node: Node) -> LateRule:
    """The late rule of a part."""
    amounts = [entry.amount() for entry in node["deduct"].entries()]
    table, at_most, of = node["table"].flag(), node["at_most"].given, node["of"].given
    if len({percent for _, percent in amounts}) > 1 or any(amount < 0 for amount, _ in amounts):
        raise node["deduct"].wrong(msg("these deductions do not fit together"))
    if not table and len(amounts) > 1:
        raise node["deduct"].wrong(msg("more than one deduction is a table"))
    if any(b < a for (a, _), (b, _) in pairwise(amounts)):
        raise node["deduct"].wrong(msg("a table of deductions must not fall"))
    grace, closes = node["grace"].given, node["closes"].given
    return LateRule(
        amounts=tuple(amount for amount, _ in amounts),
        percent=any(percent for _, percent in amounts),
        form="table" if table else "per-unit",
        earned=of is not None and of.one_of("earned", "max") == "earned",
        per=node["per"].one_of("hour", "day", "week"),
        grace=read_length(grace) if grace else None,
        at_most=at_most.amount() if at_most else None,
        floor=node["not_below"].number(),
        closes=read_length(closes) if closes else None,
        skips=_skips(node) if "skip" in node.mapping() else None,
    )


def _skips(node: Node) -> Skips:
    kinds: list[Skipped] = [entry.one_of("saturday", "sunday", "holidays") for entry in node["skip"].entries()]
    country = node["holidays"]
    skips = Skips(tuple(kinds), country.text())
    if skips.need_country and not has_holidays(country.text()):
        raise country.wrong(msg("the public holidays of {country} are not known", country=country.text()))
    return skips
