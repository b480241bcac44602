"""The sentences on peer marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kurssi.course.model import SilentRule
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.grading.wording import PageSentences, Sentence, about, nothing, value_of
from kurssi.policy.model import Part, Peer, Policy


def about_part(policy: Policy, part: Part, parent: Part | None = None) -> Iterator[Sentence]:  # noqa: ARG001
    """The rule for peer marks of a part without parts."""
    if part.peer is not None and not part.parts and part.takes is None:
        yield about(part.peer.path, "peer", _rule(policy, part.peer), part=part)


WORDS = PageSentences(nothing, about_part)


def _rule(policy: Policy, peer: Peer) -> Terms:
    said: list[object] = [
        msg(
            "Peer marks move a member's value; {weight} % of it are multiplied by the member's factor.",
            weight=peer.weight * 100,
        ),
        msg("The factor is the member's share of the marks; equal marks from everyone give everyone 1."),
        msg("Own marks count.") if peer.own else msg("Own marks do not count."),
        _silent(peer.silent),
    ]
    if peer.criteria:
        criteria = [msg("{name} {n}", name=name, n=weight) for name, weight in peer.criteria.items()]
        said.append(msg("Weights of the criteria: {criteria}.", criteria=Terms(criteria)))
    if peer.penalty:
        said.append(msg("Who gives no marks loses {n} % of the value.", n=peer.penalty * 100))
    if peer.at_most is not None:
        said.append(msg("The value stays within {n} of the group's.", n=value_of(policy, peer.at_most)))
    if not peer.may_fail and not policy.percent:
        said.append(msg("Peer marks take no passing value below the pass grade."))
    elif peer.may_fail:
        said.append(msg("Peer marks may take a passing value below the pass grade."))
    return Terms(said, " ")


def _silent(rule: SilentRule) -> Msg:
    match rule:
        case "excluded":
            return msg("Who gives no marks is left out.")
        case "neutral":
            return msg("No marks count as equal marks for all others.")
        case _ as unknown:
            assert_never(unknown)
