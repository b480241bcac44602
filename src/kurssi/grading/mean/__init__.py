"""The mean (contract section 5, step 6): weights, the best of several, bonus, and parts that have parts."""

from .choice import chosen_of, depends_on_number, keeps
from .nested import handed_in, parent
from .ways import COUNTS, RESTS, mean_of_way, passes, shown_as_ways, way_that_counts
from .weights import Mean, Weight, bonus_of, by_steps, capped, counts, on_top, stretch, weigh, weights_of

__all__ = [
    "COUNTS",
    "RESTS",
    "Mean",
    "Weight",
    "bonus_of",
    "by_steps",
    "capped",
    "chosen_of",
    "counts",
    "depends_on_number",
    "handed_in",
    "keeps",
    "mean_of_way",
    "on_top",
    "parent",
    "passes",
    "shown_as_ways",
    "stretch",
    "way_that_counts",
    "weigh",
    "weights_of",
]
