"""Messages, numbers and dates as people read them, in Finnish, English or Swedish.

Translations come from gettext catalogues, which are loaded only when used. Numbers and dates are written as Babel does,
from a few words of their own: loading Babel takes as long as reading a class.
"""

from __future__ import annotations

import gettext
import io
import os
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from kurssi import operating_system
from kurssi.diagnostics.visible import visible
from kurssi.values.numbers import endless, exact
from kurssi.values.times import When

from .message import About, Cut, Fixed, InLanguages, Msg, PerCent, Percentage, Terms, Weekday

MOST_NUMBERS = 1 << 12
"""So many written numbers are remembered."""
MOST_DECIMALS = 12
"""Decimals that end are written in full up to so many."""
MOST_KNOWN = 100
"""Shares of the whole with such a denominator are written in per cent, too: 1/480 tells nobody how much it is."""
ABOUT = 8
"""Decimals of a number that cannot be written in full."""

LANGUAGES = ("en", "fi", "sv")
LOCALE_DIR = Path(__file__).parent.parent / "locale"
"""Where the catalogues stand; in a zip this is no folder."""
_NOT_WHOLE = 2
"""A number that has the form which 1.5 has as well."""
_BABEL = {"en": "en_GB", "fi": "fi_FI", "sv": "sv_FI"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")


def choose_language(asked: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """The language of messages: what was asked for, else KURSSI_LANG, else the locale, else English."""
    for candidate in (asked, environ.get("KURSSI_LANG"), *operating_system.languages(environ)):
        if candidate and candidate[:2].lower() in LANGUAGES:
            return candidate[:2].lower()
        if candidate:
            return "en"
    return "en"


def _catalogue(language: str) -> tuple[str, ...]:
    return (language, "LC_MESSAGES", "kurssi.mo")


def _packed(language: str) -> bytes:
    """The catalogue out of a zip, where only the resources of the package are found."""
    from importlib.resources import files  # every start would pay for it

    return files("kurssi").joinpath("locale", *_catalogue(language)).read_bytes()


def folder_of_catalogues(language: str) -> str:
    """A folder that gettext can look into, for a library that asks gettext itself; a copy that goes with the process
    where kurssi stands in a zip.
    """
    if LOCALE_DIR.is_dir():
        return str(LOCALE_DIR)
    import atexit
    from tempfile import TemporaryDirectory

    folder = TemporaryDirectory(prefix="kurssi-")
    atexit.register(folder.cleanup)
    path = Path(folder.name, *_catalogue(language))
    path.parent.mkdir(parents=True)
    path.write_bytes(_packed(language))
    return folder.name


class Words:
    """Says messages and writes numbers and dates in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = _BABEL[language]
        self.numbers: dict[tuple[int, int, int, int], str] = {}
        """Numbers written before: a report repeats few of them very often."""
        self._days: dict[date, str] = {}
        """Dates that were written before."""

    @cached_property
    def catalogue(self) -> gettext.NullTranslations:
        """The translations of this language; English is the source."""
        if self.language == "en":
            return gettext.NullTranslations()
        path = os.path.join(LOCALE_DIR, *_catalogue(self.language))
        try:
            with open(path, "rb") as file:
                return gettext.GNUTranslations(file)
        except OSError:
            return gettext.GNUTranslations(io.BytesIO(_packed(self.language)))

    def translate(self, text: str) -> str:
        """A whole text of the catalogue, without fields to fill in."""
        return self.catalogue.gettext(text)

    def say(self, message: object) -> str:
        """Anything that a message may hold, as text."""
        if type(message) is str:  # as most are
            return visible(message)
        if isinstance(message, Msg):
            number = message.args.get("n")
            if message.plural is not None and isinstance(number, (int, Fraction)):
                several = int(number) if number == int(number) else _NOT_WHOLE
                text = self.catalogue.ngettext(message.text, message.plural, several)
            else:
                text = self.catalogue.gettext(message.text)
            said = text.format(**{name: self.say(value) for name, value in message.args.items()})
            return said.replace("= ≈", "≈ ") if "≈" in said else said
        if isinstance(message, Terms):
            return message.by.join(self.say(item) for item in message.items)
        if isinstance(message, Fixed):
            return self.exactly(message.value, places=message.places)
        if isinstance(message, PerCent):
            return self._share(message.value)
        if isinstance(message, Percentage):
            return f"{self.about(message.value)} %"
        if isinstance(message, Cut):
            return self.number(message.value)
        if isinstance(message, About):
            return self.about(message.value)
        if isinstance(message, Weekday):
            from babel.dates import format_date

            return f"{format_date(message.day, 'EEE', self.locale)} {self.day(message.day)}"
        if isinstance(message, InLanguages):
            return visible(message.texts.get(self.language) or message.texts["en"])
        if isinstance(message, str):
            return visible(message)
        if isinstance(message, bool):
            return str(message)
        if isinstance(message, Fraction):
            return self.exactly(message)
        if isinstance(message, (int, Decimal)):
            return self.exactly(Fraction(message))
        if isinstance(message, time):
            return self.clock(message)
        if isinstance(message, When):
            return self.moment(message)
        if isinstance(message, date):
            return self.day(message)
        return visible(str(message))

    def number(self, value: Fraction | int, *, places: int = 0, cut: int = 6) -> str:
        """A number of a table, with the language's decimal sign and at least ``places`` decimals.

        Decimals that do not end, or are more than ``cut``, are cut off and marked with …, never rounded: what stands
        just under a boundary must not look as if it were on it.
        """
        name = (value.numerator, value.denominator, places, cut)
        text = self.numbers.get(name)
        if text is None:
            if len(self.numbers) >= MOST_NUMBERS:
                self.numbers.clear()
            text = self.numbers[name] = self._number(value, places, cut)
        return text

    def about(self, value: Fraction | int) -> str:
        """A number to be read in a table or as a result: as :meth:`number`, with ≈ in front where decimals are cut."""
        text = self.number(value)
        return f"≈{text[:-1]}" if text.endswith("…") else text

    def exactly(self, value: Fraction | int, *, places: int = 0) -> str:
        """A number of a sentence or a sum, which has to add up for who reads it.

        Decimals that end are written in full; behind others stands the fraction, 63.333… (190/3), where it can be read.
        What would be longer than anybody reads is no longer the number, and says so: ≈ and ``ABOUT`` decimals, cut off,
        so that what is just under a boundary does not look as if it were on it.
        """
        name = (value.numerator, value.denominator, places, -1)
        text = self.numbers.get(name)
        if text is None:
            full = exact(value)
            ends = "/" not in full and len(full.partition(".")[2]) <= MOST_DECIMALS
            if ends:
                text = self.number(value, places=places, cut=MOST_DECIMALS)
            elif (fraction := endless(value)) is not None:
                text = f"{self.number(value)} ({fraction.replace('-', '−')})"
            else:
                digits = str(int(abs(value) * 10**ABOUT)).rjust(ABOUT + 1, "0")
                sign = "−" if value < 0 else ""
                text = f"≈{sign}{digits[:-ABOUT]}{self.decimal_sign}{digits[-ABOUT:]}"
            self.numbers[name] = text
        return text

    def _share(self, value: Fraction) -> str:
        """A weight in per cent; as a share of the whole where its decimals do not end and the fraction is one that a
        reader knows: 1/3, 2/15.
        """
        share = value / 100
        if "/" not in exact(share):
            return f"{self.exactly(value)} %"
        return exact(share) if share.denominator < MOST_KNOWN else f"{self.number(value)} % ({exact(share)})"

    def _number(self, value: Fraction | int, places: int, cut: int) -> str:
        if isinstance(value, int) or value.denominator == 1:
            text = str(int(value)) + ("." + "0" * places if places else "")
        else:
            full = exact(value)
            if "/" in full or len(full.partition(".")[2]) > cut:
                sign = "-" if value < 0 else ""
                digits = str(int(abs(value) * 1000)).rjust(4, "0")
                text = f"{sign}{digits[:-3]}.{digits[-3:]}…"
            else:
                whole, _, decimals = full.partition(".")
                text = f"{whole}.{decimals.ljust(places, '0')}"
        if "." in text:
            text = text.replace(".", self.decimal_sign)
        return text.replace("-", "−")

    @property
    def decimal_sign(self) -> str:
        """The decimal comma or point."""
        return "." if self.language == "en" else ","

    def day(self, day: date) -> str:
        """A date: 4.3.2024, 4 Mar 2024, and 4.3.2024 in Swedish, as it is written in Finland."""
        text = self._days.get(day)
        if text is None:
            if len(self._days) >= MOST_NUMBERS:
                self._days.clear()
            text = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
            if self.language != "en":
                text = f"{day.day}.{day.month}.{day.year}"
            self._days[day] = text
        return text

    def moment(self, when: When) -> str:
        """A date, with its time of day where it has one."""
        text = self.day(when.at.date())
        if not when.clock:
            return text
        clock = self._clock(when.at.time(), seconds=bool(when.at.second))
        offset = when.at.strftime("%z") if when.at.tzinfo else ""
        return f"{text} {clock}" + (f" {offset[:3]}:{offset[3:5]}" if offset else "")

    def clock(self, clock: time) -> str:
        """A time of day: 8.30, 08:30."""
        return self._clock(clock, seconds=False)

    def _clock(self, clock: time, *, seconds: bool) -> str:
        sign = "." if self.language == "fi" else ":"
        hours = str(clock.hour) if self.language == "fi" else f"{clock.hour:02}"
        return f"{hours}{sign}{clock.minute:02}" + (f"{sign}{clock.second:02}" if seconds else "")

    def now(self, moment: datetime) -> str:
        """A moment of this computer's clock, for reports."""
        return self.moment(When(moment.replace(tzinfo=None, microsecond=0, second=0), True))

    def __call__(self, text: str, /, **args: object) -> str:
        """A message said at once; ``text`` must be a literal, so that it is found for translation."""
        return self.say(Msg(text, args))

    def plural(self, text: str, plural: str, /, n: int | Fraction, **args: object) -> str:
        """A message with a singular and a plural, said at once."""
        return self.say(Msg(text, {"n": n, **args}, plural))


Say = Callable[[object], str]
