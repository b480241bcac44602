"""What can be wrong between the keys of a file, beside it, and across files. Pure: rules see typed values only."""

from .registry import (
    Booking,
    Exists,
    Hit,
    Rule,
    Run,
    book,
    checking,
    paragraphs,
    rules_across_files,
    rules_of_file,
    rules_of_policy,
)

__all__ = [
    "Booking",
    "Exists",
    "Hit",
    "Rule",
    "Run",
    "book",
    "checking",
    "paragraphs",
    "rules_across_files",
    "rules_of_file",
    "rules_of_policy",
]
