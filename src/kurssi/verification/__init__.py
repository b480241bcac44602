"""Derives every grade of a report again, from the report alone.

This is the second opinion: nothing here uses the grading core, the policy or the readers of files, and the arithmetic
of scales, clocks and exact numbers is written a second time. What both agree on was not computed by one mistake.
"""

from .against_inputs import ReadAttempt, ReadClass, ReadStudent, against_inputs
from .inputs import InputState, check_inputs
from .peer_factors import Mark
from .problems import Problem
from .report import CheckedReport, NotAReport, read_report, verify

__all__ = [
    "CheckedReport",
    "InputState",
    "Mark",
    "NotAReport",
    "Problem",
    "ReadAttempt",
    "ReadClass",
    "ReadStudent",
    "against_inputs",
    "check_inputs",
    "read_report",
    "verify",
]
