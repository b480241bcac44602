"""How sheets are to be read, beyond what their own headers say: columns that somebody has mapped, and layouts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from kurssi.diagnostics.finding import Finding
from kurssi.values.vocabulary import fold

from .table import Table


class Unit(NamedTuple):
    """What the numbers of a score column are, where the header or somebody says so."""

    kind: Literal["plain", "points", "percent", "letter"] = "plain"
    most: Fraction | None = None
    """The largest number of points, where it is known."""
    convert: bool = False
    """Whether somebody asked for the points to be converted to the part's ``max``."""
    said: bool = False
    """Whether somebody said what the numbers are, rather than the header."""


PLAIN_UNIT = Unit()


class Reading(NamedTuple):
    """What the user and the implementation file say about the sheets."""

    columns: Mapping[str, str] = {}
    """``columns:`` of the file: header to target."""
    maps: Sequence[tuple[str, str]] = ()
    """``--map``: header and target. A header may have ``FILE:`` in front."""
    layouts: Sequence[tuple[str | None, str]] = ()
    """``--layout``: a file (``None`` for all) and the name of a layout."""
    tables: Callable[[str, bytes], tuple[list[Table], list[Finding]]] | None = None
    """What makes tables of the bytes of a file, where somebody keeps them; ``None``: they are read."""

    def layout_of(self, file: str) -> str | None:
        """The layout that was asked for."""
        named = [layout for name, layout in self.layouts if name is not None and is_file(name, file)]
        named = named or [layout for name, layout in self.layouts if name is None]
        return named[-1] if named else None


AS_IS = Reading()
"""Nobody has said anything: the headers speak for themselves."""


def is_file(name: str, file: str) -> bool:
    """Whether a name in an option means this file: its path or the last part of it."""
    return name == file or name == base_of(file)


def base_of(file: str) -> str:
    """The name of a file without its folders."""
    return file.replace("\\", "/").rpartition("/")[2]


class MappedColumn:
    """One mapped column, whether any sheet had it, and what came before it where one had."""

    def __init__(self, header: str, target: str, option: bool) -> None:
        self.header = header
        self.target = target
        self.option = option
        self.used = False
        self.instead: MappedColumn | None = None
        """The entry that says more exactly what the column of a sheet is."""


class Mapped:
    """The mapped columns, by folded header; what an option says comes before what the file says.

    Several options may name one column: it then feeds several parts.
    """

    def __init__(self, reading: Reading) -> None:
        options = [MappedColumn(header, target, True) for header, target in dict.fromkeys(reading.maps)]
        self.entries = [*options, *(MappedColumn(header, target, False) for header, target in reading.columns.items())]
        self._by_key: dict[str, list[MappedColumn]] = {}
        for entry in self.entries:
            known = self._by_key.setdefault(fold(entry.header), [])
            if known and not entry.option:
                entry.instead = known[0]
            else:
                known.append(entry)

    def find(self, file: str, *names: str) -> list[MappedColumn]:
        """The entries for a column: by its header, or by what the header says is graded. To look is not to use."""
        return next(self._by_names(file, names), [])

    def use(self, file: str, *names: str) -> list[MappedColumn]:
        """The same of a column that is read by them; what says less exactly what it is gives way."""
        found: list[MappedColumn] = []
        for entries in self._by_names(file, names):
            for entry in entries:
                if found:
                    entry.instead = entry.instead or found[0]
                else:
                    entry.used = True
            found = found or entries
        return found

    def _by_names(self, file: str, names: Sequence[str]) -> Iterator[list[MappedColumn]]:
        if not self._by_key:
            return
        for name in dict.fromkeys(fold(name) for name in names if name):
            for key in (fold(f"{base_of(file)}:{name}"), name):
                if key in self._by_key:
                    yield self._by_key[key]
