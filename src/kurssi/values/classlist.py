"""What score sheets say, as values: students, their attempts, and marks that members of a group gave each other.

No file is read here; :mod:`kurssi.sheets` builds these from CSV and XLSX, and the grading core takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Literal, NamedTuple, assert_never, get_args

from .times import When


class Source(NamedTuple):
    """Where a value was read: the file as named by the user, the row (header = 1) and the column's header."""

    file: str
    row: int
    column: str


AttemptState = Literal["missing", "scored", "ungraded", "excused", "recognised", "failed", "passed"]
"""What the cells say of an attempt."""


def leaves_mean(state: AttemptState) -> bool:
    """Whether a part in this state leaves the mean, and its gate is open."""
    match state:
        case "excused" | "recognised":
            return True
        case "missing" | "scored" | "ungraded" | "failed" | "passed":
            return False
        case _ as unknown:
            assert_never(unknown)


def can_be_late(state: AttemptState) -> bool:
    """Whether a time says something of an attempt: not where nothing came, or nothing had to."""
    match state:
        case "missing":
            return False
        case "scored" | "ungraded" | "failed" | "passed" | "excused" | "recognised":
            return not leaves_mean(state)
        case _ as unknown:
            assert_never(unknown)


OUT: tuple[AttemptState, ...] = tuple(state for state in get_args(AttemptState) if leaves_mean(state))
"""States in which a part leaves the mean and its gate is open."""
NEVER_LATE: tuple[AttemptState, ...] = tuple(state for state in get_args(AttemptState) if not can_be_late(state))
"""States of which no time says anything."""


class Attempt(NamedTuple):
    """One attempt at a part, as the cells say it.

    ``state`` is ``missing`` where nothing was handed in (an empty cell or ``-``), ``scored`` where ``score`` holds a
    number (a raw score: a grade or points), ``ungraded`` for ``?`` or a time without a score, ``excused`` (EX),
    ``recognised`` (AHOT, RPL), ``failed`` (H) or ``passed`` (HYV). Only ``scored`` has a score.
    """

    state: AttemptState
    score: Fraction | None = None
    submitted: When | None = None
    due: When | None = None
    """The student's own deadline, where a column gives one."""
    source: Source | None = None
    own: bool = True
    """Whether the score stands in the student's own row; False where it is the group's."""
    lateness: timedelta | None = None
    """How late the system says it came, exact; used where the part has ``late_from: export``."""


class Student(NamedTuple):
    """A student of the roster. ``student`` is text: leading zeros are kept."""

    student: str
    surname: str = ""
    first_name: str = ""
    email: str = ""
    group: str | None = None
    attempts: Mapping[str, tuple[Attempt, ...]] = {}
    """By id of the part (leaf parts only), first attempt first; a part without any cell may be absent."""
    level: str | None = None
    """The activity level, as the policy spells it."""
    attended: int | None = None
    """Sessions attended."""
    source: Source | None = None
    login: str = ""
    """The name by which a system knows the student, where a column gives one."""

    @property
    def name(self) -> str:
        """Surname and first name as registers list them."""
        return ", ".join(part for part in (self.surname, self.first_name) if part)


class PeerMark(NamedTuple):
    """Marks that one member of a group gave another (or itself), by criterion."""

    marker: str
    member: str
    marks: Mapping[str, Fraction]
    source: Source | None = None
    cell: str | None = None
    """The cell of who gives it, as a spreadsheet names it, with its worksheet."""


class Input(NamedTuple):
    """A file that was read: its path as given, and its bytes, or their SHA-256 where they are not kept."""

    path: str
    content: bytes | str

    @property
    def sha256(self) -> str:
        """The SHA-256 of its bytes, in hexadecimal digits."""
        if isinstance(self.content, str):
            return self.content
        from hashlib import sha256  # loads OpenSSL, which a command that only prints should not wait for

        return sha256(self.content).hexdigest()


class ClassList(NamedTuple):
    """Everything the sheets say, joined by student, in the order of the roster."""

    students: tuple[Student, ...]
    peer_marks: tuple[PeerMark, ...] | None = None
    """``None`` where no sheet with ``from`` and ``to`` was given."""
    unused: tuple[Source, ...] = ()
    """Columns that nothing uses (``row`` is the header's row)."""
