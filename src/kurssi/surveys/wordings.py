"""The two published wordings of the Customer Effort Score, told apart by the question; and scales of words.

``ces`` asks for effort (M. Dixon, K. Freeman, N. Toman, Harvard Business Review 88, 2010: “How much effort did you
personally have to put forth …?”, 1 very low – 5 very high): lower is better. Its Finnish form has five steps against
expectation. ``ces-ease`` (M. Dixon, N. Toman, R. DeLisi, The Effortless Experience, 2013: “… made it easy for me to
handle my issue”, 1 strongly disagree – 7 strongly agree) counts the other way: higher is better. Only the words of the
question tell them apart, never the numbers that were answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from kurssi.values.vocabulary import fold

EFFORT = (1, 5)
EASE = (1, 7)
SOME = 10_000
"""So many different answers are kept in mind: most are given again and again."""

Wording = Literal["ces", "ces-ease", "unclear"]

# ---- words in headers, folded --------------------------------------------------------------------------------

_CES = re.compile(r"\bces\b|customer effort")
_SECOND = re.compile(r"\bces ?2|customer effort score 2")
_EFFORT = re.compile(
    r"(paljonko|miten paljon|kuinka paljon|kuinka suuri).*(vaiva|vaivaa|vaivannäkö|ponnistel)"
    r"|how much effort|hur (mycket|stor) (möda|ansträngning|besvär)"
)
_EASE = re.compile(
    r"\bma(?:de|kes) it (?:very )?easy for me\b|\bteki(?:vät)?\b.* minulle .*(?:helpoksi|helppoa|vaivattomaksi)"
    r"|\bteki(?:vät)?\b.*\basia(?:ni|n) hoitami(?:sen|sesta) (?:helpoksi|helppoa|vaivattomaksi)"
    r"|\bgjorde det (?:lätt|enkelt) för mig\b"
)
_EXPECTED = re.compile(r"odot|expect|vänt")


def wording(head: str, scale: tuple[int, int] | None, highest: int = 0) -> Wording | None:
    """Which wording a folded header asks in, given the scale it names and the highest answer; None: no CES.

    A header that only says CES, or that names ease without a scale which the answers reach, is ``unclear``.
    """
    named = names_ces(head)
    ease, effort = bool(_EASE.search(head) or _SECOND.search(head)), bool(_EFFORT.search(head))
    if ease and effort:
        return "unclear"
    if ease:
        if scale or highest == EASE[1]:
            return "ces-ease" if named or scale in (None, EASE) else None
        return "unclear" if highest <= EASE[1] else None
    if effort:
        if scale in (None, EFFORT) and highest <= EFFORT[1]:
            return "ces"
        return "unclear" if named else None
    return "unclear" if named else None


def names_ces(head: str) -> bool:
    """Whether a folded header calls its question CES."""
    return _CES.search(head) is not None


def against_expectation(head: str, texts: Iterable[str]) -> bool:
    """Whether effort is asked against expectation, by the folded header or by the words of an answer."""
    return bool(_EXPECTED.search(head)) or any(_step_in(_STEPS, text) for text in texts)


# ---- scales of words -----------------------------------------------------------------------------------------

_LESS, _MORE = r"(?:vähemmän|less|mindre)", r"(?:enemmän|more|mera?)"
_MUCH, _BIT = (
    r"(?:paljon|selvästi|much|a lot|far|mycket|betydligt)",
    r"(?:vähän|hieman|jonkin verran|a little|slightly|somewhat|a bit|lite|något)",
)
_STEPS = (
    re.compile(rf"{_MUCH} {_LESS}\b.*"),
    re.compile(rf"{_BIT} {_LESS}\b.*"),
    re.compile(
        r"(?:se|sen verran|saman verran|juuri sen verran|yhtä paljon),? (?:mitä|kuin|minkä) odotin"
        r"|odotusten mukaisesti|odotetusti|(?:what|as|as much as|about what|just what) i? ?expected|as expected"
        r"|(?:som|så mycket som|det) (?:jag )?(?:väntade|hade väntat|förväntade|väntat)(?: mig)?"
    ),
    re.compile(rf"{_BIT} {_MORE}\b.*"),
    re.compile(rf"{_MUCH} {_MORE}\b.*"),
)
"""The five steps of effort against expectation, from the least effort to the most."""

_WORK = r"(?:vaivaa|vaivannäköä|effort|möda|ansträngning|besvär)"
_LOADS = tuple(
    re.compile(rf"(?:{how}) {_WORK}")
    for how in (
        "erittäin vähän|hyvin vähän|very low|very little|mycket lite|mycket liten",
        "vähän|melko vähän|low|little|lite|liten|ganska lite",
        "jonkin verran|kohtalaisesti|moderate|medium|some|måttlig|en del",
        "paljon|melko paljon|high|much|a lot of|mycket|stor|ganska mycket",
        "erittäin paljon|hyvin paljon|very high|very much|väldigt mycket|mycket stor",
    )
)
"""The five steps of effort as such, from very low to very high."""

_A_BIT = (
    r"(?:jokseenkin|jonkin verran|osittain|melko|hieman|vähän|osin|somewhat|partly|slightly|a little|a bit|delvis|lite)"
)
_FULLY = r"(?:täysin|vahvasti|aivan|selvästi|strongly|completely|totally|far|helt|alldeles)"
_DISAGREE, _AGREE = r"(?:eri mieltä|disagree|av annan åsikt)", r"(?:samaa mieltä|agree|av samma åsikt)"
_TOO_LITTLE = r"(?:liian (?:vähän|pieni|kevyt)|too (?:little|light)|för (?:lite|liten|lätt))"
_TOO_MUCH = r"(?:liian (?:paljon|suuri|raskas)|too (?:much|heavy)|för (?:mycket|stor|tung))"
_NEITHER = (
    r"(?:ei samaa eikä eri mieltä|en samaa enkä eri mieltä|neutraali|neither agree nor disagree|undecided|neutral"
    r"|varken eller)"
)
_RIGHT = r"(?:sopiva|sopivasti|about right|appropriate|lämplig|lämpligt)"
_EXPECTATIONS = (
    r"ei vastannut odotuksia\w*|did not meet (?:my )?expectations|motsvarade inte (?:mina )?förväntningar(?:na)?",
    r"vastasi odotuksia\w*|met (?:my )?expectations|motsvarade (?:mina )?förväntningar(?:na)?",
    r"ylitti odotukse\w*|exceeded (?:my )?expectations|överträffade (?:mina )?förväntningar(?:na)?",
)
LADDERS = tuple(
    tuple(map(re.compile, ladder))
    for ladder in (
        _EXPECTATIONS,
        *(
            (f"{_FULLY} {low}", low, f"{_A_BIT} {low}", middle, f"{_A_BIT} {high}", high, f"{_FULLY} {high}")
            for low, middle, high in ((_DISAGREE, _NEITHER, _AGREE), (_TOO_LITTLE, _RIGHT, _TOO_MUCH))
        ),
    )
)
"""Scales of words, each from its lowest step to its highest: expectations, agreement, how much work it was."""
_AGREEMENT = LADDERS[1]
_OF_FIVE = (1, 2, 2, 3, 4, 4, 5)
"""The step on a scale of five for each of the seven words of agreement: five use only one of two neighbours."""
_NEIGHBOURS = ({2, 3}, {5, 6})
"""Steps that only a scale of seven tells apart."""


def _step_in(ladder: tuple[re.Pattern[str], ...], text: str) -> int | None:
    folded = fold(re.sub(r"^\W*\d\W+", "", text))
    return next((step for step, words in enumerate(ladder, 1) if words.fullmatch(folded)), None)


@lru_cache(SOME)
def effort_word(text: str) -> int | None:
    """The step of effort that an answer says in words, with or without its number in front."""
    return _step_in(_STEPS, text) or _step_in(_LOADS, text)


@lru_cache(SOME)
def agreement_word(text: str, highest: int = EASE[1]) -> int | None:
    """The step of agreement that an answer says in words, on a scale of seven or of five."""
    step = _step_in(_AGREEMENT, text)
    if step is None or highest not in (5, 7):
        return None
    return step if highest == EASE[1] else _OF_FIVE[step - 1]


def says_seven(texts: Iterable[str]) -> bool:
    """Whether the words of the answers tell steps apart that only a scale of seven has."""
    steps = {agreement_word(text) for text in texts}
    return any(two <= steps for two in _NEIGHBOURS)


# ---- hours ---------------------------------------------------------------------------------------------------

_HOURS = re.compile(r"\bhours?\b|tunti|tunnin\b|tunteja|tuntien|\btimm(?:ar|e)|\w+timmar")
_PART = re.compile(
    r"\bviiko|\bpäiväss|\bper week|\ba week\b|\bweekly|\beach week|\bper day|\bvecka|\bper dag|\bom dagen"
)


def asks_hours(header: str) -> bool:
    """Whether a question asks how many hours the whole of a course took: not those of a week or of a day."""
    text = fold(header)
    return _HOURS.search(text) is not None and _PART.search(text) is None
