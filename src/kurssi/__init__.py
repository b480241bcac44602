"""kurssi: one YAML file per course implementation; validate, add up the hours, grade and explain.

The version is a literal here, so that ``kurssi --version`` needs no other import.
"""

__version__ = "0.1.0"
