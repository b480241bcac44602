"""What a column of a feedback sheet is, by its header and its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from kurssi.diagnostics.message import Wrong
from kurssi.sheets.table import Cell, Native, text_of
from kurssi.values.numbers import read_number
from kurssi.values.vocabulary import HEADERS, fold

from .figures import Kind, Why
from .people import LONG_NUMBER, MAIL
from .wordings import EASE, EFFORT, SOME, agreement_word, effort_word, names_ces, says_seven, wording

STATEMENT = (1, 6)
"""The scale of statements in Spark, the feedback system of Finnish universities of applied sciences."""
MOST_OF_STATEMENTS = 7
"""The highest step of any usual scale of statements."""
MOST_OF_FIVE = 5
"""Answers up to this step fit scales of five and of six."""
RECOMMENDATION = (0, 10)
PUBLISHED: Mapping[Kind, tuple[int, int]] = {"nps": RECOMMENDATION, "ces": EFFORT, "ces-ease": EASE}
"""The scale that a question has where nobody says another."""


# ---- words in headers and cells, folded ----------------------------------------------------------------------

_RECOMMEND = re.compile(r"\bnps\b|net promoter|suosittel|recommend|rekommendera")
_HOW_LIKELY = re.compile(r"\bnps\b|net promoter|todennäköi|likel|sannolik")
_PERSON = re.compile(
    r"sähköposti|\be-?mail|\be-?post|opiskelijanumero|student ?(number|id|nummer)|käyttäjä(tunnus|nimi)|user ?(name|id)"
    r"|användarnamn|puhelin|\bphone\b|telefon|\bip[ -]?(osoite|address|adress)|henkilötunnus|personbeteckning"
    r"|^(vastaajan |koko )?nimesi?$|^(vastaajan |koko )nimi$|^(your|full) name$|^ditt namn$|^vastaaja$|^respondent$"
)
_TECHNICAL = re.compile(
    r"^(id|#|nro|no\.?|nr|row|rivi|token)$|^(start|completion|submission|end|last modified|response) ?(time|date|id)$"
    r"|^(alku|aloitus|alkamis|valmistumis|päättymis|lopetus|lähetys|vastaus)(aika|päivä)$|muokkausaika$|aikaleima|timestamp"
    r"|^(start|slut|slutförande|svars)tid$|tidsstämpel|^senast ändra|^vastauksen tunnus$|^(kieli|language|språk)$"
    r"|^total points$|^quiz feedback$|^(points|feedback|pisteet|poäng) [-–] "
    r"|^(pisteet yhteensä|testin palaute)$|^grade posted time$"
)
_PERSONAL_HEADERS = frozenset(
    word for name in ("student", "surname", "first name", "name", "email") for word in HEADERS[name]
)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d{1,2}[:.]\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4},? +\d{1,2}[:.]\d\d")
_SCALE = re.compile(r"(?<![\d.,-])([01])\s*(?:-|–|—|\.\.\.?|…)\s*(10|[4-9])(?![\d.,]*\d)")
_LABELLED = re.compile(r"\(?(\d{1,2})\)?\s*(?:[=:.–—-]\s*|\s+\()([^\W\d].*?)\)?")

UNSURE = frozenset(
    {
        "en osaa sanoa", "eos", "ei koske minua", "ei mielipidettä", "can't say", "cannot say", "don't know",
        "not applicable", "n/a", "no opinion", "kan inte säga", "vet ej", "vet inte", "ingen åsikt",
    }
)  # fmt: skip
"""Answers that are none."""


class Read(NamedTuple):
    """How a column was read, and by what it was recognised."""

    kind: Kind
    why: Why
    scale: tuple[int, int] | None = None


def recognise(header: str, answers: Sequence[Cell], otherwise: tuple[int, int] | None = None) -> Read:
    """What a column is, by its header and its answers (blank ones left out).

    ``otherwise``: the scale of statements whose header names none.
    """
    head = fold(header)
    texts = [text_of(cell) for cell in answers]
    sure = [text for text in texts if fold(text) not in UNSURE]
    if _TECHNICAL.search(head):
        return Read("technical", "header")
    if _PERSON.search(head) or head in _PERSONAL_HEADERS:
        return Read("identity", "header")
    if not answers:
        return Read("empty", "values")
    if 2 * sum(bool(MAIL.fullmatch(text) or LONG_NUMBER.fullmatch(text)) for text in texts) > len(texts):
        return Read("identity", "values")
    if all(_is_time(cell) for cell in answers):
        return Read("technical", "values")
    if sure and 4 * sum(effort_word(text) is not None for text in sure) >= 3 * len(sure):
        return Read("ces", "values", EFFORT)
    named = _SCALE.search(head)
    scale = (int(named[1]), int(named[2])) if named else None
    steps = [step_of(text) for text in sure]
    whole = [step for step, _ in filter(None, steps)]
    if sure and 4 * len(whole) >= 3 * len(sure):
        return _numbers(head, scale, whole, {step: text for step, text in filter(None, steps) if text}, otherwise)
    if sure and 4 * sum(agreement_word(text) is not None for text in sure) >= 3 * len(sure):
        return _agreement(head, scale, sure)
    if sure and 4 * sum(number_of(text) is not None for text in sure) >= 3 * len(sure):
        return Read("number", "values")
    if _recurring(texts):
        return Read("choice", "values")
    return Read("open", "values")


def _numbers(
    head: str,
    scale: tuple[int, int] | None,
    whole: Sequence[int],
    labels: Mapping[int, str],
    otherwise: tuple[int, int] | None,
) -> Read:
    """What a column of whole numbers is, by its folded header and the scale that it names."""
    highest = max(whole)
    # “I recommend this course” is also a statement on 1–6: where no more is said, answers off such scales decide.
    likely = scale or _HOW_LIKELY.search(head) or highest > MOST_OF_STATEMENTS or 0 in whole
    if _RECOMMEND.search(head) and scale in (None, RECOMMENDATION) and likely:
        return Read("nps", "header-and-values", RECOMMENDATION)
    found = wording(head, scale, highest)
    if found is not None:
        return Read(found, "header-and-values", None if found == "unclear" else scale or PUBLISHED[found])
    if scale:
        return Read("scale", "header", scale)
    if otherwise and otherwise[0] <= min(whole) and highest <= otherwise[1]:
        return Read("scale", "said", otherwise)
    return _fitting(whole, labels)


def _agreement(head: str, scale: tuple[int, int] | None, texts: Sequence[str]) -> Read:
    """What a column of agreement in words is: CES only where the question says so and the steps are clear."""
    if wording(head, scale, EASE[1]) == "ces-ease" and (scale or says_seven(texts)):
        return Read("ces-ease", "header-and-values", scale or EASE)
    return Read("unclear", "header") if names_ces(head) else Read("choice", "values")


def _fitting(whole: Sequence[int], labels: Mapping[int, str]) -> Read:
    """The scale that whole numbers fit; 0 fits only 0-10, for elsewhere it means “can't say”.

    Answers up to 5 fit a scale of five and one of six: which it is has to be said, unless they name their last step.
    """
    most = max(whole)
    inside = [step for step in whole if step <= RECOMMENDATION[1]]
    if most > RECOMMENDATION[1] and 4 * len(inside) < 3 * len(whole):
        return Read("number", "values")
    top = max(inside)
    if agreement_word(labels.get(top, "")) == EASE[1]:
        return Read("scale", "labels", (1, top))
    if most <= MOST_OF_FIVE and 0 not in inside:
        return Read("scale", "not-said")
    scale = STATEMENT if top <= STATEMENT[1] else (1, 7) if top == 7 else (0 if 0 in inside else 1, 10)
    return Read("scale", "labels" if labels and top == scale[1] else "assumed", scale)


def _is_time(cell: Cell) -> bool:
    return cell.kind in ("datetime", "date", "time") if isinstance(cell, Native) else bool(_STAMP.match(cell.strip()))


@lru_cache(SOME)
def step_of(text: str) -> tuple[int, str] | None:
    """A whole number, or one with a label behind it: (6, "täysin samaa mieltä"). None where it is neither."""
    number = number_of(text)
    if number is not None:
        return (int(number), "") if number.denominator == 1 and number >= 0 else None
    labelled = _LABELLED.fullmatch(text)
    return (int(labelled[1]), labelled[2]) if labelled else None


@lru_cache(SOME)
def number_of(text: str) -> Fraction | None:
    """The number that a cell holds; None where it holds none."""
    try:
        return read_number(text)
    except Wrong:
        return None


def _recurring(texts: Sequence[str]) -> bool:
    """Whether answers are few short ones that recur: at most 10, each at most 40 long, on average at least twice."""
    chosen = [fold(part) for text in texts for part in several(text)]
    different = set(chosen)
    return len(different) <= 10 and 2 * len(different) <= len(chosen) and all(len(text) <= 40 for text in different)


def several(text: str) -> Iterator[str]:
    """The answers of a cell: a question with several choices is exported as ``one;two;``."""
    if text.endswith(";"):
        yield from (part.strip() for part in text.split(";") if part.strip())
    else:
        yield text
