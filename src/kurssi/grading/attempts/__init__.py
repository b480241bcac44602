"""Attempts (contract section 5, steps 1 to 3): what each is worth, and which one counts."""

from .choice import Tried, choose, grade_attempt

__all__ = ["Tried", "choose", "grade_attempt"]
