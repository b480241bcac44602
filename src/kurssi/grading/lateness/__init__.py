"""Lateness (contract section 5.1): how late, what it costs, what a free budget forgives."""

from .budget import END_OF_TIME, LateWork, Spending, depends_on_grade, spendings, spent_by, useful_units
from .clock import ON_TIME, LateClock, Lateness, by_export, due_of
from .deduction import after_lateness, deduction

__all__ = [
    "END_OF_TIME",
    "ON_TIME",
    "LateClock",
    "LateWork",
    "Lateness",
    "Spending",
    "after_lateness",
    "by_export",
    "deduction",
    "depends_on_grade",
    "due_of",
    "spendings",
    "spent_by",
    "useful_units",
]
