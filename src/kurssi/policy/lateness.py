"""What lateness costs in one part, resolved (5.1)."""

from fractions import Fraction
from typing import NamedTuple

from kurssi.course import model
from kurssi.diagnostics.finding import Path
from kurssi.values.hours import Length

from .skipped_days import Skip


class Late(NamedTuple):
    """What lateness costs (5.1), resolved for one part."""

    path: Path
    deduct: tuple[Fraction, ...]
    """One amount per unit, or the entries of a table; empty where only ``closes`` counts."""
    percent: bool
    """Whether ``deduct`` is per cent of ``of``; otherwise grade steps (points of 100 under basis percent)."""
    of: model.PercentOf | None
    form: model.LateForm
    per: model.LateUnit
    grace: Length | None
    at_most: Fraction | None
    at_most_percent: bool
    not_below: Fraction
    closes: Length | None
    skip: Skip | None = None
    """Days that start no late unit and end none."""
