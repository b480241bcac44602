"""Messages as data: an English sentence with named places, and what goes into them.

Lower layers say what is wrong in a :class:`Msg`; only the layer that prints turns it into words of a
language (:mod:`kurssi.diagnostics.words`). The English sentence is the key of the translation (gettext).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple


class Msg(NamedTuple):
    """A sentence that is still to be translated.

    ``text`` has ``str.format`` fields; ``args`` gives their values: text, numbers, dates, other messages,
    or lists of these. Where ``plural`` is given, ``args['n']`` chooses between ``text`` and ``plural``.
    """

    text: str
    args: Mapping[str, object] = {}
    plural: str | None = None


class Terms(NamedTuple):
    """Messages, numbers or texts in a row, joined by ``by``."""

    items: Sequence[object]
    by: str = ", "


class Fixed(NamedTuple):
    """A number shown with at least ``places`` decimals: 0.40."""

    value: Fraction
    places: int = 2


class Cut(NamedTuple):
    """A number as a term of a sum, beside which its fraction stands; decimals that do not end cut off: 66.666…."""

    value: Fraction


class About(NamedTuple):
    """A number that is read and not added up, with no room for its fraction: 4.5, ≈66.666."""

    value: Fraction


class PerCent(NamedTuple):
    """A weight: 40 %, or a share of the whole, 1/3, where its decimals do not end."""

    value: Fraction


class Percentage(NamedTuple):
    """A value in per cent as a result: 68.75 %, ≈66.666 %."""

    value: Fraction


class Weekday(NamedTuple):
    """A day shown with its day of the week: Mon 4 Mar 2024."""

    day: date


class InLanguages(NamedTuple):
    """A name that somebody else has translated already, such as that of a public holiday: its text by language."""

    texts: Mapping[str, str]


def msg(text: str, /, **args: object) -> Msg:
    """A message; ``text`` must be a literal, so that it is found for translation."""
    return Msg(text, args)


def nmsg(text: str, plural: str, /, n: int | Fraction, **args: object) -> Msg:
    """A message with a singular and a plural form, chosen by ``n``; what is not whole is plural."""
    return Msg(text, {"n": n, **args}, plural)


class Wrong(ValueError):
    """A value that cannot be what it should be; caught where the place of the value is known."""

    def __init__(self, message: Msg, hint: Msg | None = None, item: int | None = None, fix: str | None = None) -> None:
        super().__init__(message.text)
        self.message = message
        self.hint = hint
        self.item = item
        """The item of a list that is at fault."""
        self.fix = fix
        """What to write instead, where there is exactly one right answer."""
