"""Persons in answers: e-mail addresses, numbers and names that must not come out of a free text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from kurssi.values.vocabulary import fold

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LONG_NUMBER = re.compile(r"(?<![\w.,-])[A-Za-z]?\d{6,10}(?![\w.,-])")
WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
HIDDEN = "…"
"""What stands in place of a person."""


class People(NamedTuple):
    """Whom no answer may name."""

    others: Mapping[str, frozenset[str]]
    """By the stem of one name of a respondent, folded, the stems of that person's other names."""
    names: frozenset[str]
    """Every single name of the respondents, folded."""
    hidden: tuple[str, ...]
    """Words that the teacher says are names, folded: hidden with any ending."""

    def is_name(self, word: str) -> bool:
        """Whether a folded word alone is a name of a respondent, or one that is hidden, in some case."""
        return any(word.startswith(name) for name in self.hidden) or any(
            word.startswith(_without_ending(name)) and len(word) <= len(name) + _LONGEST_ENDING for name in self.names
        )


_LONGEST_ENDING = 4
NOBODY = People({}, frozenset(), ())


def people_of(names: Iterable[str], hidden: Sequence[str] = ()) -> People:
    """The people that cells of names speak of, and the words that are hidden besides."""
    others: dict[str, set[str]] = {}
    every: set[str] = set()
    for cell in names:
        found = [word for word in WORDS.findall(cell) if len(word) >= 3]
        every.update(map(fold, found))
        stems = [_stem(word) for word in found]
        for stem in stems:
            others.setdefault(stem, set()).update(other for other in stems if other != stem)
    hide = tuple(word for text in hidden for word in fold(text).split())
    return People({stem: frozenset(them) for stem, them in others.items() if them}, frozenset(every), hide)


def without_people(text: str, people: People) -> str:
    """The text with … for e-mail addresses, student numbers, the respondents' full names and hidden words."""
    text = LONG_NUMBER.sub(HIDDEN, MAIL.sub(HIDDEN, text))
    if people.hidden:
        text = WORDS.sub(lambda word: HIDDEN if fold(word[0]).startswith(people.hidden) else word[0], text)
    if not people.others:
        return text
    words = list(WORDS.finditer(text))
    out, at = [], 0
    for one, two in pairwise(words):
        if one.start() < at or text[one.end() : two.start()].strip(" ,\t\n\r\xa0"):
            continue
        others = {other for stem in _stems(one[0]) for other in people.others.get(stem, ())}
        if any(stem in others for stem in _stems(two[0])):
            out += [text[at : one.start()], HIDDEN]
            at = two.end()
    return "".join([*out, text[at:]])


def _stem(name: str) -> str:
    """What a name has in every case: Virtanen, Virtasen, Virtaselle."""
    return fold(name[: max(len(name) - 3, 3)])


def _without_ending(name: str) -> str:
    """The same for a name that stands alone: long enough not to begin other words."""
    return name[:-3] if len(name) >= 8 else name[:-1] if len(name) >= 5 else name


def _stems(word: str) -> list[str]:
    """Every beginning of a word that may be the stem of a name."""
    folded = fold(word)
    return [folded[:length] for length in range(3, len(folded) + 1)]
