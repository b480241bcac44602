"""Findings: what kurssi has to say about a file, as values with a place."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from .message import Msg, nmsg

Path = tuple[str | int, ...]
"""Where a value stands in the data: keys and list indexes from the top."""


class Severity(IntEnum):
    """How much a finding matters to a teacher."""

    info = 0
    """Worth a look."""
    warning = 1
    """Probably wrong."""
    error = 2
    """Cannot be published or graded."""


class Place(NamedTuple):
    """A span in a file. Lines and columns count from 1, columns in characters; the end is exclusive.

    In a score sheet the line is the row and the column the number of the column, as a spreadsheet shows
    them; ``cell`` then names the cell (``C5``, or ``Arvostelu!C5`` in a workbook).
    """

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    cell: str | None = None


class Finding(NamedTuple):
    """One thing that is wrong, or worth knowing, with the way out."""

    rule: str
    severity: Severity
    message: Msg
    place: Place
    help: Msg | None = None
    found: str | None = None
    """The figure or name that was found, as ``accepted:`` quotes it."""
    path: Path = ()
    accepted: str | None = None
    """The reason for which the file accepts this finding."""
    fix: str | None = None
    """What to write at the place instead, where there is exactly one right answer."""

    @property
    def counts(self) -> bool:
        """Whether the finding still stands: nobody accepted it."""
        return self.accepted is None


MOST_ALIKE = 100
"""So many findings of one rule are shown of a file; the rest is counted."""


def limited(findings: Iterable[Finding]) -> list[Finding]:
    """Findings as many as a person can use: of each rule and file the first ones, and how many more there are."""
    counts: dict[tuple[str, str, Severity, bool], int] = {}
    first: dict[tuple[str, str, Severity, bool], tuple[int, Finding]] = {}
    out: list[Finding] = []
    for finding in findings:
        key = (finding.rule, finding.place.file, finding.severity, finding.counts)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= MOST_ALIKE:
            out.append(finding)
        elif counts[key] == MOST_ALIKE + 1:
            first[key] = (len(out), finding)
            out.append(finding)
    for key, (at, finding) in first.items():
        if (more := counts[key] - MOST_ALIKE) > 1:
            message = nmsg("and {n} more like this in the file", "and {n} more like this in the file", n=more)
            out[at] = finding._replace(message=message, help=None, found=None, fix=None)
    return out


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The highest severity that nobody accepted, or ``None`` where nothing stands."""
    return max((f.severity for f in findings if f.counts), default=None)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted by file, place and rule: the same input always gives the same order."""

    def key(f: Finding) -> tuple[object, ...]:
        # a place that names no cell stands before one that does
        place = f.place._replace(cell=f.place.cell or "")
        return (place, f.rule, f.message.text, repr(sorted(map(str, f.message.args.values()))))

    return sorted(findings, key=key)
