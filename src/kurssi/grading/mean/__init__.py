"""The mean (contract section 5, step 6): weights, the best of several, bonus, and parts that have parts."""

from .choice import chosen_of, depends_on_number, keeps
from .nested import flat, handed_in, parent
from .weights import Mean, Weight, bonus_of, capped, counts, stretch, weigh, weights_of

__all__ = [
    "Mean",
    "Weight",
    "bonus_of",
    "capped",
    "chosen_of",
    "counts",
    "depends_on_number",
    "flat",
    "handed_in",
    "keeps",
    "parent",
    "stretch",
    "weigh",
    "weights_of",
]
