"""The mean (contract section 5, step 6): weights, the best of several, bonus, and parts that have parts."""

from .nested import flat, handed_in, parent
from .weights import Mean, Weight, bonus_of, chosen_of, counts, weigh, weights_of

__all__ = [
    "Mean",
    "Weight",
    "bonus_of",
    "chosen_of",
    "counts",
    "flat",
    "handed_in",
    "parent",
    "weigh",
    "weights_of",
]
