"""What score sheets say, as values: students, their attempts, and marks that members of a group gave each other.

No file is read here; :mod:`kurssi.sheets` builds these from CSV and XLSX, and the grading core takes them.
"""

from array import array
from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple, assert_never, get_args

from .times import When


class Source(NamedTuple):
    """Where a value was read: the file as named by the user, the row (header = 1) and the column's header."""

    file: str
    row: int
    column: str


AttemptState = Literal["missing", "scored", "ungraded", "withheld", "excused", "recognised", "failed", "passed"]
"""What the cells say of an attempt."""


def leaves_mean(state: AttemptState) -> bool:
    """Whether a part in this state leaves the mean, and its gate is open."""
    match state:
        case "excused" | "recognised":
            return True
        case "missing" | "scored" | "ungraded" | "withheld" | "failed" | "passed":
            return False
        case _ as unknown:
            assert_never(unknown)


def can_be_late(state: AttemptState) -> bool:
    """Whether a time says something of an attempt: not where nothing came, or nothing had to."""
    match state:
        case "missing":
            return False
        case "scored" | "ungraded" | "withheld" | "failed" | "passed" | "excused" | "recognised":
            return not leaves_mean(state)
        case _ as unknown:
            assert_never(unknown)


def is_open(state: AttemptState) -> bool:
    """Whether something came whose score is still to be said: it is not graded yet, or not released."""
    match state:
        case "ungraded" | "withheld":
            return True
        case "missing" | "scored" | "excused" | "recognised" | "failed" | "passed":
            return False
        case _ as unknown:
            assert_never(unknown)


OUT: tuple[AttemptState, ...] = tuple(state for state in get_args(AttemptState) if leaves_mean(state))
"""States in which a part leaves the mean and its gate is open."""
NEVER_LATE: tuple[AttemptState, ...] = tuple(state for state in get_args(AttemptState) if not can_be_late(state))
"""States of which no time says anything."""
OPEN: tuple[AttemptState, ...] = tuple(state for state in get_args(AttemptState) if is_open(state))
"""States in which the score is still to be said."""


class Component(NamedTuple):
    """What one of several cells says of which a score is made: a marker's, or that of a criterion."""

    name: str
    """The marker, the id of the criterion, or that the markers have agreed."""
    state: AttemptState
    score: Fraction | None = None


Span = tuple[Fraction, Fraction]
"""The scores from one to another, both included; a single one twice."""


class Attempt(NamedTuple):
    """One attempt at a part, as the cells say it.

    ``state`` is ``missing`` where nothing was handed in (an empty cell or ``-``), ``scored`` where ``score`` holds a
    number (a raw score: a grade or points), ``ungraded`` for ``?`` or a time without a score, ``withheld``
    where the score is not released, ``excused`` (EX), ``recognised`` (AHOT, RPL), ``failed`` (H) or ``passed`` (HYV).
    Only ``scored`` has a score.
    """

    state: AttemptState
    score: Fraction | None = None
    submitted: When | None = None
    due: When | None = None
    """The student's own deadline, where a column gives one."""
    own: bool = True
    """Whether the score stands in the student's own row; False where it is the group's."""
    lateness: timedelta | None = None
    """How late the system says it came, exact; used where the part has ``late_from: export``."""
    components: tuple[Component, ...] = ()
    """What the cells say that state and score are made of, where there are several."""
    among: tuple[Span, ...] = ()
    """The scores that an open attempt can still get, where some of its cells say something; empty: all of them."""


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


class AttemptSources:
    """Where an attempt at a part was read, by the student's position. A column has its file and its header once."""

    __slots__ = ("_columns", "_rows")

    def __init__(self, students: int) -> None:
        self._rows = array("L", [0]) * students
        self._columns: list[tuple[str, str] | None] = [None] * students

    def set(self, position: int, row: int, column: tuple[str, str]) -> None:
        """A student's was read in that row; ``column`` is a file and a header."""
        self._rows[position] = row
        self._columns[position] = column

    def of(self, position: int) -> Source | None:
        """Where a student's was read; ``None`` where no cell says anything of it."""
        column = self._columns[position]
        return None if column is None else Source(column[0], self._rows[position], column[1])


class Sources:
    """Where the attempts of a class were read."""

    def __init__(self, students: Sequence[str] = ()) -> None:
        self._students = students
        self._attempts: dict[tuple[str, int], AttemptSources] = {}

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {student: position for position, student in enumerate(self._students)}

    def at(self, part: str, number: int) -> AttemptSources:
        """Where one of the attempts at a part was read."""
        return self._attempts.setdefault((part, number), AttemptSources(len(self._students)))

    def of(self, student: str, part: str, number: int) -> Source | None:
        """Where an attempt was read; ``None`` where no cell says anything of it."""
        attempt, position = self._attempts.get((part, number)), self._positions.get(student)
        return None if attempt is None or position is None else attempt.of(position)


class ClassList(NamedTuple):
    """Everything the sheets say, joined by student, in the order of the roster."""

    students: tuple[Student, ...]
    peer_marks: tuple[PeerMark, ...] | None = None
    """``None`` where no sheet with ``from`` and ``to`` was given."""
    unused: tuple[Source, ...] = ()
    """Columns that nothing uses (``row`` is the header's row)."""
    sources: Sources = Sources()
    """Where the attempts were read."""
