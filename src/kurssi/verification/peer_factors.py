"""Factors of peer marks, worked out a second time from the marks themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from .rules import PeerRule


class Mark(NamedTuple):
    """What one member of a group gave another, by criterion."""

    marker: str
    member: str
    marks: Mapping[str, Fraction]


Factor = tuple[Fraction, bool]
"""A member's factor, and whether the member gave no marks."""


def factors(members: Sequence[str], marks: Sequence[Mark], rule: PeerRule) -> dict[str, Factor]:
    """The factor of each member of one group: the share of all marks that it got, times the number of members."""
    if len(members) == 1:
        return {members[0]: (Fraction(1), False)}
    ballots = {member: _ballot(member, members, marks, rule) for member in members}
    silent = {member for member, ballot in ballots.items() if not ballot}
    if rule.neutral:
        alike = Fraction(1, len(members) - 1)
        ballots |= {quiet: {member: alike for member in members if member != quiet} for quiet in silent}
    cast = [ballot for ballot in ballots.values() if ballot]
    if not cast:
        return {member: (Fraction(1), True) for member in members}
    return {
        member: (sum(ballot.get(member, Fraction(0)) for ballot in cast) * Fraction(len(members), len(cast)),
                 member in silent)
        for member in members
    }  # fmt: skip


def _ballot(marker: str, members: Sequence[str], marks: Sequence[Mark], rule: PeerRule) -> dict[str, Fraction]:
    """The share of a member's marks that each other one got; empty where all are zero or none were given."""
    points: dict[str, Fraction] = {}
    for mark in marks:
        if mark.marker == marker and mark.member in members and (rule.own or mark.member != marker):
            weights = {name: Fraction(1) for name in mark.marks} if rule.criteria is None else rule.criteria
            points[mark.member] = sum(
                (weights.get(name, Fraction(0)) * value for name, value in mark.marks.items()), Fraction(0)
            )
    whole = sum(points.values(), Fraction(0))
    return {member: value / whole for member, value in points.items()} if whole else {}
