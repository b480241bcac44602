"""Which words and phrases come in how many open answers. Words only: no stem, no meaning, no model.

A word is counted once per answer, whatever its case. Words that only hold a sentence together are left out, by the
language that the answer has most of them in. A word that most often has a capital letter inside a sentence is a name
and is left out, too: of a person it would be said how many wrote about them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from kurssi.values.vocabulary import fold

LONGEST_PHRASE = 3
MOST_SHOWN = 15
"""So many words and phrases of a question, those of most answers first."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[.!?\n]+|[^\w\s]|\d+")
_SENTENCE = re.compile(r"[.!?\n]+")
_JOINS = {
    "fi": """
        aika aina ainakin ei eivät eikä ele emme en enemmän ennen enkä että et ette ehkä hän he hieman hyvin
        ihan itse ja jo joka jos joskus jota jotka jotain joten juuri kaikki kanssa koko koska kuin kuitenkin
        kun kyllä lisäksi liian me mikä mikään minä minua minulle minun minusta mitä mitään mukaan mutta muun
        muuta myös myöskin mä ne niin niistä niitä noin nyt ole olen oli olin olisi olivat olla ollut oma oman
        on ovat paljon pitäisi pitää saa se sekä sen siitä siinä sille sitä sitten tai todella tosi tuli
        täällä tämä tämän tässä tätä vaan vai vain vaikka vielä voi voisi vähän yhä yli itselle sillä niiden
        nämä hieno
    """,
    "en": """
        a about all also always am an and any are as at be because been but by can could did do does for from
        had has have he her his how i i'd i'm i've if in into is it it's its just like lot made me more most
        much my no not of on or our out really she should so some than that that's the their them then there
        these they this those to too up us very was we were what when where which while who will with would
        you your
    """,
    "sv": """
        alla allt all att av bara blev bli både de dem den denna det detta du där efter eftersom ej eller en
        ett från för ha hade han har hela hon hur i in inte ja jag kan kunde lite man med men mer mera mest
        min mitt mot mycket när nej nog och också om oss på samt sig ska skulle som så till under upp ut var
        vara varit vi vid vilka vilken vill väldigt är än även
    """,
}
_JOINING = {language: frozenset(words.split()) for language, words in _JOINS.items()}
"""Words that hold a sentence together, by language."""


class Group(NamedTuple):
    """Words that several answers have."""

    text: str
    answers: int


class _Word(NamedTuple):
    folded: str
    begins: bool
    """Whether it begins a sentence, where every word has a capital letter."""
    capital: bool


def grouped(texts: Sequence[str], least: int, is_name: Callable[[str], bool]) -> tuple[Group, ...]:
    """Words and phrases that come in at least ``least`` of the answers, those of most answers first.

    A phrase stands for the words in it where these come in no other answers. ``is_name``: of a folded word.
    """
    read = [list(_pieces(text)) for text in texts]
    names = _names(word for pieces in read for piece in pieces for word in piece)
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, pieces in enumerate(read):
        joining = _joining(word.folded for piece in pieces for word in piece)
        for piece in pieces:
            for phrase in _phrases([w.folded for w in piece], joining, lambda w: w in names or is_name(w)):
                found[phrase].add(number)
    kept = {phrase: who for phrase, who in found.items() if len(who) >= least}
    longer = sorted(kept, key=lambda phrase: -len(phrase.split()))
    groups = [
        Group(phrase, len(who))
        for phrase, who in kept.items()
        if not any(f" {phrase} " in f" {other} " and other != phrase and kept[other] == who for other in longer)
    ]
    return tuple(sorted(groups, key=lambda group: (-group.answers, -len(group.text.split()), group.text))[:MOST_SHOWN])


def _pieces(text: str) -> Iterator[list[_Word]]:
    """The words of an answer between its signs: no phrase goes over a comma."""
    piece: list[_Word] = []
    begins = True
    for sign in _TOKEN.findall(text):
        if sign[0].isalpha():
            capital = sign[0].isupper() and not (len(sign) > 1 and sign.isupper())
            piece.append(_Word(fold(sign.replace("’", "'")), begins, capital))
            begins = False
            continue
        yield piece
        piece = []
        begins = begins or _SENTENCE.fullmatch(sign) is not None or sign in '-–—•*:;"”(“'
    yield piece


def _names(words: Iterable[_Word]) -> frozenset[str]:
    """Words with a capital letter inside a sentence at least as often as with a small one."""
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for word in words:
        if not word.capital:
            small[word.folded] += 1
        elif not word.begins:
            capital[word.folded] += 1
    return frozenset(word for word, count in capital.items() if count >= small[word])


def _joining(words: Iterable[str]) -> frozenset[str]:
    """The joining words of the language that an answer has most of them in; of all of them where it has none."""
    counted = Counter(language for word in words for language, known in _JOINING.items() if word in known)
    most = max(counted.values(), default=0)
    return frozenset().union(*(known for language, known in _JOINING.items() if counted[language] == most))


def _phrases(words: Sequence[str], joining: frozenset[str], is_name: Callable[[str], bool]) -> Iterator[str]:
    """Every run of up to three words that begins and ends with a word of its own and holds no name."""
    own = [len(word) > 1 and word not in joining for word in words]
    names = [is_name(word) for word in words]
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(words)) + 1):
            if own[start] and own[end - 1] and not any(names[start:end]):
                yield " ".join(words[start:end])
