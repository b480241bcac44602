"""Demands (contract 11.5): what a grade takes beside the total, and the grade that a student's parts allow."""

from .demand import UNLIMITED, Stand, limit_of, looked_at, met_by, of_student, stand_of, word_of

__all__ = ["UNLIMITED", "Stand", "limit_of", "looked_at", "met_by", "of_student", "stand_of", "word_of"]
