"""The rule for peer marks (5.4), resolved."""

from fractions import Fraction
from typing import NamedTuple

from kurssi.course import model
from kurssi.diagnostics.finding import Path


class Peer(NamedTuple):
    """The rule for peer marks (5.4). ``weight`` and ``penalty`` are shares from 0 to 1."""

    path: Path
    weight: Fraction
    own: bool
    silent: model.SilentRule
    penalty: Fraction
    at_most: Fraction | None
    may_fail: bool
    criteria: dict[str, Fraction] | None


def peer_of(given: model.Peer | None, path: Path) -> Peer | None:
    """The rule of the file."""
    if given is None:
        return None
    return Peer(
        path,
        given.weight / 100,
        given.self,
        given.silent,
        given.penalty / 100,
        given.at_most,
        given.may_fail,
        given.criteria,
    )
