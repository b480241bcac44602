"""Peer marks: each member's factor of the group's value, after WebPA (contract section 5.4).

WebPA: Loddington, Pond, Wilkinson, Willmot: A case study of the development of WebPA, British Journal of
Educational Technology 40 (2), 2009; the weighting and the treatment of silent members follow the contract.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, assert_never

from kurssi.grading.result import PeerResult
from kurssi.policy.model import Peer, Policy
from kurssi.values.classlist import PeerMark, Student
from kurssi.values.numbers import exact_sum, sum_of_products, sum_of_quotients


class Share(NamedTuple):
    """A member's factor, and whether the member gave no marks."""

    factor: Fraction
    silent: bool


Shares = Mapping[str, Mapping[str, Share]]
"""By part and student."""


def shares_of_class(
    policy: Policy, students: Sequence[Student], marks: Sequence[PeerMark]
) -> dict[str, dict[str, Share]]:
    """The factors of these students, whole groups, in every part that has peer marks.

    Members with a cell of their own take no factor and are neither markers nor marked.
    """
    by_marker: dict[str, list[PeerMark]] = {}
    for mark in marks:
        by_marker.setdefault(mark.marker, []).append(mark)
    out: dict[str, dict[str, Share]] = {}
    for part in policy.leaves():
        if part.peer is None:
            continue
        groups: dict[str, list[str]] = {}
        for student in students:
            own = any(a.own for a in student.attempts.get(part.id, ()))
            if student.group is not None and not own:
                groups.setdefault(student.group, []).append(student.student)
        found = out[part.id] = {}
        for members in groups.values():
            given = [mark for member in members for mark in by_marker.get(member, ())]
            found.update(shares(members, given, part.peer))
    return out


def shares(members: Sequence[str], marks: Sequence[PeerMark], peer: Peer) -> dict[str, Share]:
    """The factor of every member of one group by the marks that they gave; equal ones from everyone give everyone 1.

    A marker's criteria are added up per member (own marks first dropped where they don't count) and normalised to
    sum to 1. All-zero marks count as silent. ``neutral``: a silent member counts as equal marks for all others.
    """
    if len(members) == 1:
        return {members[0]: Share(Fraction(1), False)}
    given: dict[str, dict[str, Fraction]] = {member: {} for member in members}
    for mark in marks:
        if mark.member in given and (peer.own or mark.marker != mark.member):
            given[mark.marker][mark.member] = _sum(mark.marks, peer)
    received: dict[str, list[tuple[Fraction, Fraction]]] = {member: [] for member in members}  # marks, and of how many
    silent = set()
    markers = 0
    for marker in members:
        total = exact_sum(given[marker].values())
        if total:
            markers += 1
            for member, value in given[marker].items():
                received[member].append((value, total))
            continue
        silent.add(marker)
        match peer.silent:
            case "neutral":
                markers += 1
                others = [m for m in members if m != marker]
                for member in others:
                    received[member].append((Fraction(1), Fraction(len(others))))
            case "excluded":
                pass
            case _ as unknown:
                assert_never(unknown)
    if not markers:
        return {member: Share(Fraction(1), True) for member in members}
    scale = Fraction(len(members), markers)
    return {m: Share(sum_of_quotients(received[m]) * scale, m in silent) for m in members}


def _sum(marks: Mapping[str, Fraction], peer: Peer) -> Fraction:
    if peer.criteria is None:
        return exact_sum(marks.values())
    return sum_of_products((value, peer.criteria.get(name, 0)) for name, value in marks.items())


def moved(value: Fraction, share: Share, peer: Peer, policy: Policy) -> PeerResult:
    """A member's value: the group's × ((1 − weight) + weight × factor), then ``at_most``, the scale, the penalty.

    Neither takes a passing group value below the pass grade (0 under per cent) unless ``may_fail``.
    """
    floor = policy.lowest
    if not peer.may_fail and not policy.percent and value >= policy.pass_value:
        floor = policy.pass_value
    result = value * ((1 - peer.weight) + peer.weight * share.factor)
    if peer.at_most is not None:
        result = min(max(result, value - peer.at_most), value + peer.at_most)
    top = max(policy.top, value)  # what the group has beyond the top its members keep
    result = max(min(max(result, policy.lowest), top), floor)
    if share.silent:
        result = max(result * (1 - peer.penalty), floor, policy.lowest)
    return PeerResult(share.factor, share.silent, value, result)
