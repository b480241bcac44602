"""What is asked of the grading, as one value."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kurssi.diagnostics.message import msg
from kurssi.sheets import AS_IS, Reading

from .inputs import find_implementation, is_implementation
from .outputs import suffix
from .session import Trouble


class Request(NamedTuple):
    """An implementation, the sheets of its class, how they are read, the day, and what is made of the class."""

    implementation: str
    sheets: tuple[str, ...]
    """Empty where the implementation's own scores are meant."""
    reading: Reading = AS_IS
    as_of: date | None = None
    only: str | None = None
    """The one student who is graded."""
    need_sheets: bool = True
    """Without it an implementation that has no assessment or names no sheet is passed over."""
    printed: str | None = None
    """The format of what goes to standard output, where that and the files are all that is made."""
    output: tuple[str, ...] = ()
    force: bool = False

    @property
    def wanted(self) -> set[str]:
        """The suffixes of all that is made; empty where more than that is made of the class."""
        return set() if self.printed is None else {*map(suffix, self.output), "." + self.printed}


def request_of(arguments: Sequence[str]) -> Request:
    """The implementation and the sheets that the arguments of a command name. Raises :class:`Trouble`."""
    names = list(arguments)
    given = [name for name in names if is_implementation(name)]
    if len(given) > 1:
        raise Trouble(msg("one implementation at a time; {file} is a second one", file=given[1]))
    if given and names[0] != given[0]:
        raise Trouble(msg("name the implementation file {file} first, then the sheets", file=given[0]))
    if not given and names and os.path.isdir(names[0]):
        raise Trouble(msg("{path} is a folder: name the implementation file in it", path=names[0]))
    implementation = names.pop(0) if given else find_implementation()
    return Request(implementation, tuple(names))
