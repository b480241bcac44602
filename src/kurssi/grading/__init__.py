"""The grade: pure functions from a policy and what the sheets say to results that prove themselves.

Nothing here knows files, terminals or workbooks. All arithmetic is exact, on fractions.
"""

from .explanation import Explainer
from .grader import Grader, grade_class
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
    "grade_class",
    "needs",
]
