"""What the rules of a policy can do, found by analysis of the policy itself, without any student.

Every claim has a witness: invented students for whom it happens, graded by the core. Nothing here is sampled: a
finite grid is looked at as a whole, and where there is none the reasoning is on intervals; the claim says which. Work
is limited in steps, and what they do not suffice for is reported as not decided.
"""

from .claims import Claim, Witness, cells, grades_of, group_sheet, holds, marks_sheet, sheet
from .questions import Analysis, analyse

__all__ = [
    "Analysis",
    "Claim",
    "Witness",
    "analyse",
    "cells",
    "grades_of",
    "group_sheet",
    "holds",
    "marks_sheet",
    "sheet",
]
