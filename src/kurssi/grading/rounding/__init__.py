"""Rounding (contract section 5, steps 8 and 9): from the total to a grade of the scale."""

from .grade import clamped, rounded

__all__ = ["clamped", "rounded"]
