"""What can be wrong between the keys of an implementation file. Pure: rules see the typed file and nothing else."""

from .registry import Hit, Rule, book, checks, paragraphs

__all__ = ["Hit", "Rule", "book", "checks", "paragraphs"]
