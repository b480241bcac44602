"""The times of an agenda, exact (contract section 7): reading them, adding them up, and when each activity begins.

``20 min``, ``20-30 min``, ``2 x 10 min``, ``1 h 30 min``, ``n. 45 min + esittely``. What comes after ``+`` in words is
an open rest: it takes time that nobody knows yet, so it is carried along as words and never counted as 0.
All lengths are fractions of minutes.
"""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.message import Wrong, msg

from .numbers import MOST_DIGITS

A_DAY = 24 * 60
"""The longest activity, in minutes: more is a slip of the pen."""

_N = r"\d+(?:[.,]\d+)?"
_HOUR = r"h(?:ours?)?|t(?:untia|unti)?|tim(?:mar|me)?"
_MINUTE = r"min(?:uuttia|uutti|utes?|uter|ut|s)?"
_END = r"(?![^\W\d])\.?"  # no letter follows: 1h30min is read, 20 minx is not
_UNIT = rf"(?:{_HOUR}|{_MINUTE}){_END}"
# Plain strings: `re` compiles and keeps them when the first agenda is read, not whenever kurssi starts.
_ABOUT = r"(?:~|n\.|noin\b|ca?\.|ca\b|circa\b|cirka\b|about\b|approx\.?|ungefär\b)\s*"
_TERM = (
    rf"(?:(?P<times>\d+)\s*[x×*]\s*)?"
    rf"(?P<low>{_N})\s*(?P<low_unit>{_UNIT})?(?:\s*[-–—]\s*(?P<high>{_N}))?\s*(?P<unit>{_UNIT})?"
    rf"(?:\s*(?P<minutes>\d+)\s*{_MINUTE}{_END})?(?:\s*[x×*]\s*(?P<after>\d+))?"
)
_A_TIME = rf"\d\s*{_UNIT}"


class AgendaTime(NamedTuple):
    """How long an activity takes, in minutes: from ``least`` to ``most``, and an open rest where there is one."""

    least: Fraction
    most: Fraction
    rest: str
    """What comes on top for a time nobody has said, in the agenda's own words; empty where nothing does."""
    about: bool
    """Whether the time was called approximate (``n. 45 min``); it counts as written."""
    text: str
    """The time as written."""

    @property
    def open(self) -> bool:
        """Whether something of unknown length comes on top."""
        return bool(self.rest)

    def __str__(self) -> str:
        return self.text


def read_time(value: object) -> AgendaTime:
    """The time of an activity from a text of the grammar. Raises :class:`Wrong`."""
    how = msg("write 20 min, 20-30 min, 2 x 10 min, 1 h 30 min or 45 min + presentation")
    if not isinstance(value, str):
        raise Wrong(msg("{value} does not say how long it takes", value=str(value)), how)
    text = " ".join(value.split())
    least = most = Fraction(0)
    rests: list[str] = []
    about = timed = False
    for index, piece in enumerate(text.split("+")):
        term = piece.strip()
        vague = re.match(_ABOUT, term, re.IGNORECASE)
        if vague:
            about, term = True, term[vague.end() :]
        if term[:1].isdigit():
            low, high = _term(term, text)
            least, most, timed = least + low, most + high, True
        elif index == 0 or not term:
            raise Wrong(msg("“{text}” does not say how long it takes", text=text), how)
        elif re.search(_A_TIME, term, re.IGNORECASE):
            raise Wrong(
                msg("“{term}” is not understood as a time", term=term),
                msg("write the time first, as in 45 min + 10 min; a rest in words has no time"),
            )
        else:
            rests.append(piece.strip())
    if not timed or most == 0:
        raise Wrong(msg("“{text}” does not say how long it takes", text=text), how)
    if most > A_DAY:
        raise Wrong(msg("“{text}” is longer than a day", text=text), how)
    return AgendaTime(least, most, " + ".join(rests), about, text)


def _term(term: str, text: str) -> tuple[Fraction, Fraction]:
    """(least, most) minutes of one term. Raises :class:`Wrong`."""
    how = msg("write 20 min, 20-30 min, 2 x 10 min, 1 h 30 min or 45 min + presentation")
    match = re.fullmatch(_TERM, term, re.IGNORECASE)
    if (
        match is None
        or (match["times"] and match["after"])
        or (match["low_unit"] and match["unit"] and not match["high"])
    ):
        raise Wrong(msg("“{text}” is not understood as a time", text=text), how)
    unit = match["unit"] or match["low_unit"]
    if unit is None:
        raise Wrong(msg("“{text}” has no unit", text=text), msg("write the minutes as {term} min", term=term))
    if match["high"] and not match["unit"]:
        raise Wrong(msg("“{text}” has no unit", text=text), msg("write the unit at the end: 20-30 min"))
    if match["minutes"] and (match["high"] or _minutes_in(unit) == 1):
        raise Wrong(msg("“{text}” is not understood as a time", text=text), how)
    low = _number(match["low"]) * _minutes_in(match["low_unit"] or unit)
    high = _number(match["high"]) * _minutes_in(unit) if match["high"] else low
    if match["minutes"]:
        low += _number(match["minutes"])
        high = low
    if high < low:
        raise Wrong(msg("“{text}” runs backwards", text=text), msg("write the shorter time first: 20-30 min"))
    times = _number(match["times"] or match["after"] or "1")
    return low * times, high * times


def _minutes_in(unit: str) -> int:
    return 60 if re.match(_HOUR, unit, re.IGNORECASE) else 1


def _number(text: str) -> Fraction:
    if len(text) > MOST_DIGITS:
        raise Wrong(msg("{number} has more than {most} digits", number=text, most=MOST_DIGITS))
    return Fraction(text.replace(",", "."))


class AgendaSum(NamedTuple):
    """The length of several activities, in minutes."""

    least: Fraction
    most: Fraction
    rests: tuple[str, ...]
    """The open rests, in order."""
    untimed: int
    """How many activities say no time at all."""

    @property
    def open(self) -> bool:
        """Whether the whole may take longer than ``most``: an open rest, or an activity without a time."""
        return bool(self.rests) or self.untimed > 0


def add_up(times: Iterable[AgendaTime | None]) -> AgendaSum:
    """The sum of the times; ``None`` is an activity that says none."""
    given = list(times)
    known = [time for time in given if time is not None]
    return AgendaSum(
        sum((time.least for time in known), Fraction(0)),
        sum((time.most for time in known), Fraction(0)),
        tuple(time.rest for time in known if time.open),
        len(given) - len(known),
    )


class Begin(NamedTuple):
    """When an activity begins, in minutes from the session's start."""

    earliest: Fraction
    latest: Fraction
    open: bool
    """Whether it may begin later than ``latest``, because something before it is open."""


def begins(times: Sequence[AgendaTime | None]) -> list[Begin]:
    """When each activity begins; one entry more than there are activities: the last is the end of the agenda."""
    out = [Begin(Fraction(0), Fraction(0), False)]
    for time in times:
        before = out[-1]
        if time is None:
            out.append(before._replace(open=True))
        else:
            out.append(Begin(before.earliest + time.least, before.latest + time.most, before.open or time.open))
    return out
