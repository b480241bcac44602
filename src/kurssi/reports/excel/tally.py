"""What the summary says of a class: how many of each, and the notes on students."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.reports.rows import STATUS, remark


class Note(NamedTuple):
    """A line below the distribution: what it is, about whom, and what it says."""

    what: str
    student: str
    name: str
    text: str
    number: int = 0
    """The student's number in the list; 0 where the note is about nobody, or the list has no numbers."""


class Tally(NamedTuple):
    """Students by status and by grade, in the order of the scale; notes on those who are incomplete or set by hand."""

    students: int
    counts: dict[str, int]
    spread: Sequence[int]
    notes: Sequence[Note]

    @property
    def without(self) -> int:
        """Students without a grade."""
        return self.students - sum(self.spread)


def tally(book: Gradebook, words: Words) -> Tally:
    """The tally of a graded class."""
    notes = []
    numbered = list(enumerate(book.results, 1))
    for what, chosen in (
        (words.say(STATUS["incomplete"]), [(n, r) for n, r in numbered if r.status == "incomplete"]),
        (words("set by hand"), [(n, r) for n, r in numbered if r.override is not None]),
    ):
        notes += [Note(what, r.student.student, r.student.name, remark(book, r, words), n) for n, r in chosen]
    counts = {status: book.count(status) for status in STATUS}
    return Tally(len(book.results), counts, tuple(book.distribution().values()), notes)
