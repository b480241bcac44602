"""The grade: pure functions from a policy and what the sheets say to results that prove themselves.

Nothing here knows files, terminals or workbooks. All arithmetic is exact, on fractions. What is named here is loaded
when it is used: a page that asks a construct for its sentences needs no grader.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .explanation import Explainer
    from .grader import Grader
    from .needed import Need, needs
    from .result import AttemptResult, Override, PartResult, PeerResult, Reason, Result, Step

__all__ = [
    "AttemptResult",
    "Explainer",
    "Grader",
    "Need",
    "Override",
    "PartResult",
    "PeerResult",
    "Reason",
    "Result",
    "Step",
    "needs",
]

_HOMES = {"Explainer": "explanation", "Grader": "grader", "Need": "needed", "needs": "needed"}
"""The module of a name; all others are in ``result``."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    found = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'result')}"), name)
    globals()[name] = found
    return found
