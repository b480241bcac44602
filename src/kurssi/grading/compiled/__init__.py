"""A policy compiled for many students: parts number their outcomes, and siblings add the numbers up.

What somebody handed in for a part comes to an :class:`Outcome`. Students who handed in alike share one, and whatever
is made of outcomes is made once. The *key* of siblings is the sum of one integer per part. Its high digits are
Σ weight × value on a common denominator (or the sum of the best values where only the best count), which is all that
the mean takes from values; its low digits hold for each part a number for how else it counts: state, gate, reasons.
Where more than that decides, because a cell is open or late time may be forgiven, the number stands for what was
handed in itself. Equal keys, equal verdicts. Where parts have parts, :class:`Paths` find the verdict without any sum.

Who adds to what a verdict depends on adds it to the outcome's matter (:meth:`Member.outcome_of`).
"""

from .cache import Cache
from .leaf import Leaf, Terms
from .outcome import LATE, MOST_KEPT, OPEN, Graded, Outcome
from .paths import Paths
from .siblings import CODE, Group, Member, Parent
from .student import Alike, ResultByParts

__all__ = [
    "CODE",
    "LATE",
    "MOST_KEPT",
    "OPEN",
    "Alike",
    "Cache",
    "Graded",
    "Group",
    "Leaf",
    "Member",
    "Outcome",
    "Parent",
    "Paths",
    "ResultByParts",
    "Terms",
]
