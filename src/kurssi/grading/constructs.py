"""The constructs of a policy, and what each brings: one table that everything asks which goes through all of them.

A construct is a package here: what it means (which the grade is computed by), ``steps.py``, ``words.py``,
``formula.py`` and ``hooks.py``. A new one is a name in :data:`Construct`; `mypy` then says what it still has to bring.
Each is imported when it is asked for: who grades needs no sentences, who writes a page no formulas.
"""

from __future__ import annotations

from typing import Literal, assert_never, get_args

from .result import Steps
from .spreadsheet.cells import Columns
from .wording import PageSentences

Construct = Literal[
    "composite",
    "conversion",
    "lateness",
    "attempts",
    "peers",
    "gates",
    "mean",
    "bonus",
    "activity",
    "rounding",
    "demands",
]
"""In the order of the contract's section 5."""

CONSTRUCTS: tuple[Construct, ...] = get_args(Construct)


def words_of(construct: Construct) -> PageSentences:
    """The sentences of a course page."""
    match construct:
        case "composite":
            from .composite.words import WORDS as composite

            return composite
        case "conversion":
            from .conversion.words import WORDS as conversion

            return conversion
        case "lateness":
            from .lateness.words import WORDS as lateness

            return lateness
        case "attempts":
            from .attempts.words import WORDS as attempts

            return attempts
        case "peers":
            from .peers.words import WORDS as peers

            return peers
        case "gates":
            from .gates.words import WORDS as gates

            return gates
        case "mean":
            from .mean.words import WORDS as mean

            return mean
        case "bonus":
            from .bonus.words import WORDS as bonus

            return bonus
        case "activity":
            from .activity.words import WORDS as activity

            return activity
        case "rounding":
            from .rounding.words import WORDS as rounding

            return rounding
        case "demands":
            from .demands.words import WORDS as demands

            return demands
        case _ as unknown:
            assert_never(unknown)


def steps_of(construct: Construct) -> Steps:
    """The steps by which a result is explained, and what they are called."""
    match construct:
        case "composite":
            from .composite.steps import STEPS as composite

            return composite
        case "conversion":
            from .conversion.steps import STEPS as conversion

            return conversion
        case "lateness":
            from .lateness.steps import STEPS as lateness

            return lateness
        case "attempts":
            from .attempts.steps import STEPS as attempts

            return attempts
        case "peers":
            from .peers.steps import STEPS as peers

            return peers
        case "gates":
            from .gates.steps import STEPS as gates

            return gates
        case "mean":
            from .mean.steps import STEPS as mean

            return mean
        case "bonus":
            from .bonus.steps import STEPS as bonus

            return bonus
        case "activity":
            from .activity.steps import STEPS as activity

            return activity
        case "rounding":
            from .rounding.steps import STEPS as rounding

            return rounding
        case "demands":
            from .demands.steps import STEPS as demands

            return demands
        case _ as unknown:
            assert_never(unknown)


def columns_of(construct: Construct) -> Columns:
    """The columns of a workbook that hold the construct's formulas."""
    match construct:
        case "composite":
            from .composite.formula import COLUMNS as composite

            return composite
        case "conversion":
            from .conversion.formula import COLUMNS as conversion

            return conversion
        case "lateness":
            from .lateness.formula import COLUMNS as lateness

            return lateness
        case "attempts":
            from .attempts.formula import COLUMNS as attempts

            return attempts
        case "peers":
            from .peers.formula import COLUMNS as peers

            return peers
        case "gates":
            from .gates.formula import COLUMNS as gates

            return gates
        case "mean":
            from .mean.formula import COLUMNS as mean

            return mean
        case "bonus":
            from .bonus.formula import COLUMNS as bonus

            return bonus
        case "activity":
            from .activity.formula import COLUMNS as activity

            return activity
        case "rounding":
            from .rounding.formula import COLUMNS as rounding

            return rounding
        case "demands":
            from .demands.formula import COLUMNS as demands

            return demands
        case _ as unknown:
            assert_never(unknown)
