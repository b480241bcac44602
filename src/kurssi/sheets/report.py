"""Findings about cells, collected: all at once, but a whole column of the same error only in part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, ParamSpec

from kurssi.diagnostics.finding import Finding, Place, Severity
from kurssi.diagnostics.message import Msg, Wrong, nmsg
from kurssi.values.classlist import Source

from .table import Table

MOST_ALIKE = 20
"""So many findings of one kind are listed per column; the rest is counted."""

LONGEST_SHOWN = 40
"""A value is quoted up to this many characters."""


Way = Msg | Callable[[], Msg | None] | None
"""A way out; made only where somebody gets to see it, if it takes long to find."""


P = ParamSpec("P")


class Said(NamedTuple):
    """What a finding says: the sentence, the way out, and the figure or name that was found."""

    message: Msg
    way: Way = None
    found: str | None = None


class Bad(Wrong):
    """A cell that cannot be what its column says: the rule, the sentence, the way out."""

    def __init__(self, rule: str, message: Msg, way: Way = None, found: str | None = None) -> None:
        super().__init__(message, None if callable(way) else way)
        self.rule = rule
        self.way = way
        self.found = found


def shown(text: str) -> str:
    """A value as a message quotes it: one line, not endless."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def listed_rows(rows: Iterable[int]) -> str:
    """Numbers of rows in one line."""
    return listed_some([str(row) for row in rows])


def listed_some(names: Sequence[str]) -> str:
    """The first :data:`MOST_ALIKE` of some names in one line, each once."""
    names = list(dict.fromkeys(names))
    return ", ".join(names[:MOST_ALIKE]) + (", …" if len(names) > MOST_ALIKE else "")


def place_of(source: Source, cell: str | None = None) -> Place:
    """Where a value was read; the first cell of its row where nobody has kept which it was."""
    return Place(source.file, source.row, 1, source.row, 2, cell or f"A{source.row}")


class Report:
    """Collects findings. More than :data:`MOST_ALIKE` of one kind in one column become one “and n more”."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._alike: dict[tuple[object, ...], int] = {}
        self._rest: dict[tuple[object, ...], Place] = {}

    def add(
        self,
        rule: str,
        severity: Severity,
        place: Place,
        message: Msg,
        way: Way = None,
        found: str | None = None,
    ) -> None:
        """One more finding; ``message.text`` says of which kind it is."""
        worksheet = place.cell.rpartition("!")[0] if place.cell else ""
        key = (rule, severity, place.file, worksheet, place.column, message.text)
        if self._is_shown(key, lambda: place):
            self._findings.append(Finding(rule, severity, message, place, way() if callable(way) else way, found))

    def _is_shown(self, key: tuple[object, ...], place: Callable[[], Place]) -> bool:
        """Counts one more of a kind; whether it is listed. The first that is not gives the rest its place."""
        count = self._alike[key] = self._alike.get(key, 0) + 1
        if count == MOST_ALIKE + 1:
            self._rest[key] = place()
        return count <= MOST_ALIKE

    def at(
        self,
        table: Table,
        row: int,
        column: int,
        severity: Severity,
        rule: str,
        say: Callable[P, Said],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """One more finding about a cell; ``say`` says what, and of which kind it is: it is asked for those shown.

        A sheet may have hundreds of thousands of rows of which each is wrong: those that are only counted cost nothing
        more. ``row`` counts from 1, ``column`` from 0.
        """
        key = (rule, severity, table.file, table.sheet, column, say)
        count = self._alike.get(key, 0)
        if count > MOST_ALIKE:
            self._alike[key] = count + 1
        elif self._is_shown(key, lambda: table.place(row, column)):
            message, way, found = say(*args, **kwargs)
            place = table.place(row, column)
            self._findings.append(Finding(rule, severity, message, place, way() if callable(way) else way, found))

    def error_at(
        self,
        table: Table,
        row: int,
        column: int,
        rule: str,
        say: Callable[P, Said],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """One more error about a cell."""
        self.at(table, row, column, Severity.error, rule, say, *args, **kwargs)

    def bad(self, table: Table, row: int, column: int, bad: Bad) -> None:
        """What a cell's reader had to say, at the cell."""
        key = (bad.rule, Severity.error, table.file, table.sheet, column, bad.message.text)
        if self._is_shown(key, lambda: table.place(row, column)):
            way = bad.way() if callable(bad.way) else bad.way
            place = table.place(row, column)
            self._findings.append(Finding(bad.rule, Severity.error, bad.message, place, way, bad.found))

    def error(self, rule: str, place: Place, message: Msg, way: Way = None, found: str | None = None) -> None:
        """One more error."""
        self.add(rule, Severity.error, place, message, way, found)

    def extend(self, findings: list[Finding]) -> None:
        """Findings made elsewhere."""
        self._findings += findings

    @property
    def failed(self) -> bool:
        """Whether there is any error."""
        return any(f.severity is Severity.error for f in self._findings)

    def findings(self) -> list[Finding]:
        """Everything found, with the counted rest."""
        out = list(self._findings)
        for key, place in self._rest.items():
            more = self._alike[key] - MOST_ALIKE
            rule, severity = str(key[0]), Severity(key[1])  # type: ignore[arg-type]
            out.append(
                Finding(
                    rule,
                    severity,
                    nmsg("and {n} more like this in the column", "and {n} more like this in the column", n=more),
                    place,
                )
            )
        return out
