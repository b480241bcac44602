"""Sheets of course feedback: what each column is, and its answers. Every reading says by what it was recognised.

A sheet is as survey tools export it (Microsoft Forms, Webropol and the like): a header with the questions, one row per
answer. Columns that look like a person's identity are never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kurssi.diagnostics.finding import Finding, Place, Severity, in_order
from kurssi.diagnostics.message import Wrong, msg
from kurssi.sheets.report import Report, shown
from kurssi.sheets.table import Cell, Native, Table, is_blank, letters, text_of
from kurssi.sheets.table_files import read_tables
from kurssi.values.numbers import read_number
from kurssi.values.vocabulary import HEADERS, fold

from .figures import UNREAD, Kind, Question, Survey, Why

STATEMENT = (1, 6)
"""The scale of statements in Spark, the feedback system of Finnish universities of applied sciences."""
MOST_OF_STATEMENTS = 7
"""The highest step of any usual scale of statements."""
RECOMMENDATION = (0, 10)
EFFORT = (1, 5)

SAID: dict[str, Kind] = {
    "nps": "nps",
    "ces": "ces",
    "open": "open",
    "choice": "choice",
    "number": "number",
    "skip": "left-out",
}
"""What ``--column "HEADER=…"`` takes, besides a scale such as 1-5."""

# ---- words in headers and cells, folded ----------------------------------------------------------------------

_RECOMMEND = re.compile(r"\bnps\b|net promoter|suosittel|recommend|rekommendera")
_HOW_LIKELY = re.compile(r"\bnps\b|net promoter|todennäköi|likel|sannolik")
_EFFORT = re.compile(
    r"\bces\b|customer effort|(paljonko|miten paljon|kuinka paljon|kuinka suuri).*(vaiva|vaivaa|vaivannäkö|ponnistel)"
    r"|how much effort|hur (mycket|stor) (möda|ansträngning|besvär)"
)
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
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_NUMBER = re.compile(r"(?<![\w.,-])[A-Za-z]?\d{6,10}(?![\w.,-])")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d{1,2}[:.]\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4},? +\d{1,2}[:.]\d\d")
_SCALE = re.compile(r"(?<![\d.,-])([01])\s*(?:-|–|—|\.\.\.?|…)\s*(10|[4-9])(?![\d.,]*\d)")
_LABELLED = re.compile(r"\(?(\d{1,2})\)?\s*(?:[=:.–—-]\s*|\s+\()([^\W\d].*?)\)?")
_NOTHING = re.compile(r"[\W_]*")

SOME = 10_000
"""So many different answers are kept in mind: most are given again and again."""

UNSURE = frozenset(
    {
        "en osaa sanoa", "eos", "ei koske minua", "ei mielipidettä", "can't say", "cannot say", "don't know",
        "not applicable", "n/a", "no opinion", "kan inte säga", "vet ej", "vet inte", "ingen åsikt",
    }
)  # fmt: skip
"""Answers that are none."""

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

_A_BIT = r"(?:jokseenkin|osittain|melko|hieman|vähän|osin|somewhat|partly|slightly|a little|a bit|delvis|lite)"
_FULLY = r"(?:täysin|vahvasti|aivan|selvästi|strongly|completely|totally|far|helt|alldeles)"
_DISAGREE, _AGREE = r"(?:eri mieltä|disagree|av annan åsikt)", r"(?:samaa mieltä|agree|av samma åsikt)"
_TOO_LITTLE = r"(?:liian (?:vähän|pieni|kevyt)|too (?:little|light)|för (?:lite|liten|lätt))"
_TOO_MUCH = r"(?:liian (?:paljon|suuri|raskas)|too (?:much|heavy)|för (?:mycket|stor|tung))"
_NEITHER = r"(?:ei samaa eikä eri mieltä|neutraali|neither agree nor disagree|neutral|varken eller)"
_RIGHT = r"(?:sopiva|sopivasti|about right|appropriate|lämplig|lämpligt)"
_EXPECTATIONS = (
    r"ei vastannut odotuksia\w*|did not meet (?:my )?expectations|motsvarade inte (?:mina )?förväntningar(?:na)?",
    r"vastasi odotuksia\w*|met (?:my )?expectations|motsvarade (?:mina )?förväntningar(?:na)?",
    r"ylitti odotukse\w*|exceeded (?:my )?expectations|överträffade (?:mina )?förväntningar(?:na)?",
)
_LADDERS = tuple(
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


class Said(NamedTuple):
    """What ``--column`` says of one column."""

    kind: Kind
    scale: tuple[int, int] | None = None


def read_said(text: str) -> tuple[str, Said]:
    """A header (or a column's letter) and what the column is, from ``HEADER=KIND``. Raises :class:`Wrong`."""
    header, sign, word = text.rpartition("=")
    word = word.strip().casefold()
    scale = re.fullmatch(r"(\d{1,2})\s*[-–]\s*(\d{1,2})", word)
    if sign and header.strip() and scale and int(scale[1]) < int(scale[2]):
        return header.strip(), Said("scale", (int(scale[1]), int(scale[2])))
    if sign and header.strip() and word in SAID:
        return header.strip(), Said(SAID[word])
    raise Wrong(
        msg("--column takes HEADER=KIND, not {text}", text=text),
        msg("a kind is one of: {kinds}; or a scale such as 1-5", kinds=", ".join(SAID)),
    )


def read_surveys(
    sources: Sequence[tuple[str, bytes]], said: Mapping[str, Said]
) -> tuple[list[Survey], list[Finding], set[str]]:
    """The surveys of all sheets, the findings in order, and the keys of ``said`` that no sheet has a column for.

    ``said`` is by header or column letter. Never raises for what is in a file.
    """
    report = Report()
    surveys: list[Survey] = []
    used: set[str] = set()
    for name, raw in sources:
        tables, findings = _tables(name, raw)
        report.extend(findings)
        if not any(f.severity is Severity.error for f in findings) and not any(len(t.rows) > 1 for t in tables):
            report.error(
                "no-answers", Place(name), msg("there is no answer in {file}", file=name),
                msg("give the sheet with a header row and one row per answer"),
            )  # fmt: skip
        for table in tables:
            if len(table.rows) > 1:
                surveys.append(_survey(table, said, used, report))
    return surveys, in_order(report.findings()), set(said) - used


def _tables(name: str, raw: bytes) -> tuple[list[Table], list[Finding]]:
    """The tables of a file.

    Questions and answers are full of commas. So where the rows of a CSV file come out uneven, another separator is
    taken, by which every row has as many cells as the header.
    """
    found = read_tables(name, raw)
    if found[0] and not _even_width(found[0]):
        for delimiter in ";\t,":
            other = read_tables(name, raw, delimiter)
            if _even_width(other[0]) >= min(len(found[0][0].rows[0].cells), 2):
                return other
    return found


def _even_width(tables: Sequence[Table]) -> int:
    """How many cells each row of a CSV file has; 0 where they differ. Rows of a workbook may differ."""
    rows = [row for table in tables for row in table.rows]
    if not rows or any(table.sheet is not None for table in tables):
        return 1
    return len(rows[0].cells) if all(len(row.cells) == len(rows[0].cells) for row in rows) else 0


def _survey(table: Table, said: Mapping[str, Said], used: set[str], report: Report) -> Survey:
    header, rows = table.rows[0], table.rows[1:]
    width = max(len(header.cells), 0)
    for row in rows:
        if any(not is_blank(cell) for cell in row.cells[width:]):
            report.error(
                "ragged-row",
                table.place(row.number, width),
                msg("the row has a cell beyond the last header"),
                msg("save the sheet again, or give the column a header"),
            )
    heads = [" ".join(text_of(cell).split()) for cell in header.cells]
    columns: list[list[tuple[int, Cell]]] = [
        [(row.number, row.cells[at]) for row in rows if at < len(row.cells) and not _nothing(row.cells[at])]
        for at in range(width)
    ]
    names = _people(heads, columns)
    questions = [
        _question(table, at, heads[at], columns[at], _said_of(heads[at], at, said, used), names, report)
        for at in range(width)
        if heads[at] or columns[at]
    ]
    if not any(q.kind not in UNREAD for q in questions):
        report.error(
            "no-question",
            table.place(header.number, 0),
            msg("no column of {file} is a question", file=table.file),
            msg('the first row names the questions; say what a column is with --column "HEADER=nps"'),
        )
    shown_of = {q.letter for q in questions if q.kind not in UNREAD}
    read = {at for at in range(width) if letters(at) in shown_of}
    answered = {number for at in read for number, _ in columns[at]}
    return Survey(table.file, table.sheet, len(answered), tuple(questions))


def _nothing(cell: Cell) -> bool:
    """Whether nothing was answered: blank, or only signs such as a dash."""
    return is_blank(cell) or (isinstance(cell, str) and _NOTHING.fullmatch(cell) is not None)


def _said_of(header: str, at: int, said: Mapping[str, Said], used: set[str]) -> Said | None:
    for key, kind in said.items():
        if fold(key) == fold(header) or (key.isascii() and key.upper() == letters(at)):
            used.add(key)
            return kind
    return None


# ---- recognising ---------------------------------------------------------------------------------------------


class _Read(NamedTuple):
    kind: Kind
    why: Why
    scale: tuple[int, int] | None = None


def recognise(header: str, answers: Sequence[Cell]) -> _Read:
    """What a column is, by its header and its answers (blank ones left out)."""
    head = fold(header)
    texts = [text_of(cell) for cell in answers]
    sure = [text for text in texts if fold(text) not in UNSURE]
    if _TECHNICAL.search(head):
        return _Read("technical", "header")
    if _PERSON.search(head) or head in _PERSONAL_HEADERS:
        return _Read("identity", "header")
    if not answers:
        return _Read("empty", "values")
    if 2 * sum(bool(_MAIL.fullmatch(text) or _LONG_NUMBER.fullmatch(text)) for text in texts) > len(texts):
        return _Read("identity", "values")
    if all(_is_time(cell) for cell in answers):
        return _Read("technical", "values")
    if sure and 4 * sum(_effort_word(text) is not None for text in sure) >= 3 * len(sure):
        return _Read("ces", "values", EFFORT)
    steps = [_step(text) for text in sure]
    whole = [step for step, _ in filter(None, steps)]
    if sure and 4 * len(whole) >= 3 * len(sure):
        labelled = any(found and found[1] for found in steps)
        named = _SCALE.search(head)
        scale = (int(named[1]), int(named[2])) if named else None
        # “I recommend this course” is also a statement on 1–6: where no more is said, answers off such scales decide.
        likely = scale or _HOW_LIKELY.search(head) or max(whole) > MOST_OF_STATEMENTS or 0 in whole
        if _RECOMMEND.search(head) and scale in (None, RECOMMENDATION) and likely:
            return _Read("nps", "header-and-values", RECOMMENDATION)
        if _EFFORT.search(head) and scale in (None, EFFORT) and max(whole) <= EFFORT[1]:
            return _Read("ces", "header-and-values", EFFORT)
        if scale:
            return _Read("scale", "header", scale)
        return _fitting(whole, labelled)
    if sure and 4 * sum(_number(text) is not None for text in sure) >= 3 * len(sure):
        return _Read("number", "values")
    if _recurring(texts):
        return _Read("choice", "values")
    return _Read("open", "values")


def _fitting(whole: Sequence[int], labelled: bool) -> _Read:
    """The scale that whole numbers fit; 0 fits only 0-10, for elsewhere it means “can't say”."""
    most = max(whole)
    inside = [step for step in whole if step <= RECOMMENDATION[1]]
    if most > RECOMMENDATION[1] and 4 * len(inside) < 3 * len(whole):
        return _Read("number", "values")
    top = max(inside)
    scale = STATEMENT if top <= STATEMENT[1] else (1, 7) if top == 7 else (0 if 0 in inside else 1, 10)
    return _Read("scale", "labels" if labelled and top == scale[1] else "assumed", scale)


def _is_time(cell: Cell) -> bool:
    return cell.kind in ("datetime", "date", "time") if isinstance(cell, Native) else bool(_STAMP.match(cell.strip()))


@lru_cache(SOME)
def _effort_word(text: str) -> int | None:
    folded = fold(re.sub(r"^\W*\d\W+", "", text))
    return next((step for step, words in enumerate(_STEPS, 1) if words.fullmatch(folded)), None)


@lru_cache(SOME)
def _step(text: str) -> tuple[int, str] | None:
    """A whole number, or one with a label behind it: (6, "täysin samaa mieltä"). None where it is neither."""
    number = _number(text)
    if number is not None:
        return (int(number), "") if number.denominator == 1 and number >= 0 else None
    labelled = _LABELLED.fullmatch(text)
    return (int(labelled[1]), labelled[2]) if labelled else None


@lru_cache(SOME)
def _number(text: str) -> Fraction | None:
    try:
        return read_number(text)
    except Wrong:
        return None


def _recurring(texts: Sequence[str]) -> bool:
    """Whether answers are few short ones that recur: at most 10, each at most 40 long, on average at least twice."""
    chosen = [fold(part) for text in texts for part in _several(text)]
    different = set(chosen)
    return len(different) <= 10 and 2 * len(different) <= len(chosen) and all(len(text) <= 40 for text in different)


# ---- answers -------------------------------------------------------------------------------------------------


def _question(
    table: Table,
    at: int,
    header: str,
    cells: Sequence[tuple[int, Cell]],
    said: Said | None,
    names: Names,
    report: Report,
) -> Question:
    answers = [cell for _, cell in cells]
    read = recognise(header, answers)
    if said is not None:
        scale = {"nps": RECOMMENDATION, "ces": EFFORT}.get(said.kind, said.scale)
        read = _Read(said.kind, "said", scale)
    question = Question(without_people(header, names) or letters(at), letters(at), read.kind, read.why, read.scale)
    if read.kind in UNREAD:
        return question
    texts = [text_of(cell) for cell in answers]
    if read.kind == "open":
        return question._replace(texts=tuple(without_people(text, names) for text in texts))
    if read.kind == "choice":
        return _choice(question, [tuple(without_people(t, names) for t in _several(text)) for text in texts])
    steps: list[int] = []
    numbers: list[Fraction] = []
    labels: dict[int, str] = {}
    unsure = 0
    wrong = False
    for number, cell in cells:
        text = text_of(cell)
        if fold(text) in UNSURE:
            unsure += 1
            continue
        value = _number(text) if read.kind == "number" else None
        found = _read_step(text, read) if read.kind != "number" else None
        if value is not None:
            numbers.append(value)
        elif found is not None and read.scale and read.scale[0] <= found[0] <= read.scale[1]:
            steps.append(found[0])
            if found[1]:
                labels.setdefault(found[0], found[1])
        else:
            wrong = True
            _off(report, table.place(number, at), without_people(text, names), read)
    return question._replace(
        steps=tuple(steps), numbers=tuple(numbers), labels=labels, unsure=unsure, wrong=wrong
    )  # fmt: skip


def _choice(question: Question, chosen: Sequence[tuple[str, ...]]) -> Question:
    """Answers in words; where all are steps of one scale of words they get its order."""
    sure = [texts for texts in chosen if not all(fold(text) in UNSURE for text in texts)]
    every = {text for texts in sure for text in texts}
    question = question._replace(choices=tuple(sure), unsure=len(chosen) - len(sure))
    for ladder in _LADDERS:
        ranks = {text: rank for text in every for rank, words in enumerate(ladder) if words.fullmatch(fold(text))}
        if every and every == set(ranks):
            return question._replace(ranks=ranks)
    return question


def _read_step(text: str, read: _Read) -> tuple[int, str] | None:
    if read.kind == "ces" and (step := _effort_word(text)) is not None:
        return step, re.sub(r"^\W*\d\W+", "", text)
    return _step(text)


def _off(report: Report, place: Place, text: str, read: _Read) -> None:
    if read.scale is None:
        report.error(
            "bad-answer",
            place,
            msg("“{text}” is not a number", text=shown(text)),
            msg('say what the column is: --column "HEADER=open"'),
            shown(text),
        )
        return
    low, high = read.scale
    report.error(
        "bad-answer",
        place,
        msg("“{text}” is not on the scale {low}–{high}", text=shown(text), low=low, high=high),
        msg('correct the cell, or say what the column is: --column "HEADER=0-10"'),
        shown(text),
    )


def _several(text: str) -> Iterator[str]:
    """The answers of a cell: a question with several choices is exported as ``one;two;``."""
    if text.endswith(";"):
        yield from (part.strip() for part in text.split(";") if part.strip())
    else:
        yield text


# ---- people --------------------------------------------------------------------------------------------------

Names = Mapping[str, frozenset[str]]
"""By the stem of one name of a person, folded, the stems of that person's other names."""

_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def _people(heads: Sequence[str], columns: Sequence[Sequence[tuple[int, Cell]]]) -> Names:
    """The respondents' names, from the sheet's own columns of names: they must not come out of an answer either."""
    found: dict[str, set[str]] = {}
    for head, cells in zip(heads, columns, strict=True):
        if recognise(head, []).kind != "identity" or re.search(r"mail|post|num", fold(head)):
            continue
        for _, cell in cells:
            stems = [_stem(word) for word in _WORDS.findall(text_of(cell)) if len(word) >= 3]
            for stem in stems:
                found.setdefault(stem, set()).update(other for other in stems if other != stem)
    return {stem: frozenset(others) for stem, others in found.items() if others}


def _stem(name: str) -> str:
    """What a name has in every case: Virtanen, Virtasen, Virtaselle."""
    return fold(name[: max(len(name) - 3, 3)])


def without_people(text: str, names: Names) -> str:
    """The text with … for e-mail addresses, student numbers and the respondents' full names."""
    text = _LONG_NUMBER.sub("…", _MAIL.sub("…", text))
    if not names:
        return text
    words = list(_WORDS.finditer(text))
    out, at = [], 0
    for one, two in pairwise(words):
        if one.start() < at or text[one.end() : two.start()].strip(" ,\t\n\r\xa0"):
            continue
        others = {other for stem in _stems(one[0]) for other in names.get(stem, ())}
        if any(stem in others for stem in _stems(two[0])):
            out += [text[at : one.start()], "…"]
            at = two.end()
    return "".join([*out, text[at:]])


def _stems(word: str) -> list[str]:
    """Every beginning of a word that may be the stem of a name."""
    folded = fold(word)
    return [folded[:length] for length in range(3, len(folded) + 1)]
