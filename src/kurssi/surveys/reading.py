"""Sheets of course feedback: what each column is, and its answers. Every reading says by what it was recognised.

A sheet is as survey tools export it (Microsoft Forms, Webropol and the like): a header with the questions, one row per
answer. Columns that look like a person's identity are never read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.finding import Finding, Place, Severity, in_order
from kurssi.diagnostics.message import Wrong, msg, nmsg
from kurssi.sheets.report import Report, listed_some, shown
from kurssi.sheets.table import Cell, Table, is_blank, letters, text_of
from kurssi.sheets.table_files import read_tables
from kurssi.values.vocabulary import fold

from .figures import LEAST, UNREAD, Kind, Question, Survey
from .open_words import grouped
from .people import People, people_of, without_people
from .recognition import MOST_OF_FIVE, PUBLISHED, UNSURE, Read, number_of, recognise, several, step_of
from .wordings import (
    EFFORT,
    LADDERS,
    against_expectation,
    agreement_word,
    effort_word,
)

SAID: dict[str, Kind] = {
    "nps": "nps",
    "ces": "ces",
    "ces-ease": "ces-ease",
    "open": "open",
    "choice": "choice",
    "number": "number",
    "skip": "left-out",
}
"""What ``--column "HEADER=…"`` takes, besides a scale such as 1-5."""

_NOTHING = re.compile(r"[\W_]*")


class Said(NamedTuple):
    """What ``--column`` says of one column."""

    kind: Kind
    scale: tuple[int, int] | None = None


def read_scale(text: str) -> tuple[int, int] | None:
    """The lowest and the highest step of a scale such as 1-5; None for what is no scale."""
    scale = re.fullmatch(r"\s*(\d{1,2})\s*[-–]\s*(\d{1,2})\s*", text)
    return (int(scale[1]), int(scale[2])) if scale and int(scale[1]) < int(scale[2]) else None


def read_said(text: str) -> tuple[str, Said]:
    """A header (or a column's letter) and what the column is, from ``HEADER=KIND``. Raises :class:`Wrong`."""
    header, sign, word = text.rpartition("=")
    word = word.strip().casefold()
    kind, _, steps = word.rpartition(" ") if word[-1:].isdigit() else (word, "", "")
    scale = read_scale(steps) if steps else None
    if sign and header.strip() and scale and kind in ("", "ces", "ces-ease"):
        return header.strip(), Said(SAID.get(kind, "scale"), scale)
    if sign and header.strip() and not steps and word in SAID:
        return header.strip(), Said(SAID[word])
    raise Wrong(
        msg("--column takes HEADER=KIND, not {text}", text=text),
        msg("a kind is one of: {kinds}; or a scale such as 1-5, also after ces and ces-ease", kinds=", ".join(SAID)),
    )


class Asked(NamedTuple):
    """What the options say about reading the sheets."""

    columns: Mapping[str, Said] = {}
    """By header or column letter."""
    scale: tuple[int, int] | None = None
    """The scale of statements whose header names none."""
    hide: Sequence[str] = ()
    """Names that no answer may show."""
    least: int = LEAST
    """Below this many answers nothing is shown."""
    words_only: bool = False
    """Whether open answers are shown as words that several have, and not one by one."""


NOTHING_ASKED = Asked()


def read_surveys(
    sources: Sequence[tuple[str, bytes]], asked: Asked = NOTHING_ASKED
) -> tuple[list[Survey], list[Finding], set[str]]:
    """The surveys of all sheets, the findings in order, and the columns of ``asked`` that no sheet has.

    Never raises for what is in a file.
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
                surveys.append(_survey(table, asked, used, report))
    return surveys, in_order(report.findings()), set(asked.columns) - used


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


def _survey(table: Table, asked: Asked, used: set[str], report: Report) -> Survey:
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
    people = _people(heads, columns, asked.hide)
    questions = [
        _question(table, at, heads[at], columns[at], asked, used, people, report)
        for at in range(width)
        if heads[at] or columns[at]
    ]
    _ask_scales(table, questions, report)
    if not any(q.kind not in UNREAD or q.kind == "unclear" for q in questions):
        report.error(
            "no-question",
            table.place(header.number, 0),
            msg("no column of {file} is a question", file=table.file),
            msg('the first row names the questions; say what a column is with --column "HEADER=nps"'),
        )
    shown_of = {q.letter for q in questions if q.kind not in UNREAD}
    read = {at for at in range(width) if letters(at) in shown_of}
    answered = {number for at in read for number, _ in columns[at]}
    return Survey(table.file, table.sheet, len(answered), tuple(questions), asked.least, asked.words_only)


def _ask_scales(table: Table, questions: Sequence[Question], report: Report) -> None:
    """One finding for all statements whose scale nothing says and whose answers fit one of five as well as of six."""
    open_ = [question for question in questions if question.kind == "scale" and question.scale is None]
    column_of = {letters(at): at for at in range(len(table.rows[0].cells))}
    if not open_:
        return
    report.add(
        "scale-not-said",
        Severity.warning,
        table.place(table.rows[0].number, column_of[open_[0].letter]),
        nmsg(
            "nothing says on which scale column {columns} was answered: with no answer above 5 it may be 1–5 or 1–6",
            "nothing says on which scale columns {columns} were answered: with no answer above 5 it may be 1–5 or 1–6",
            n=len(open_),
            columns=listed_some([question.letter for question in open_]),
        ),
        msg('say it with --scale 1-5, or for one column with --column "HEADER=1-5"'),
    )


def _nothing(cell: Cell) -> bool:
    """Whether nothing was answered: blank, or only signs such as a dash."""
    return is_blank(cell) or (isinstance(cell, str) and _NOTHING.fullmatch(cell) is not None)


def _said_of(header: str, at: int, said: Mapping[str, Said], used: set[str]) -> Said | None:
    for key, kind in said.items():
        if fold(key) == fold(header) or (key.isascii() and key.upper() == letters(at)):
            used.add(key)
            return kind
    return None


# ---- answers -------------------------------------------------------------------------------------------------


def _question(
    table: Table,
    at: int,
    header: str,
    cells: Sequence[tuple[int, Cell]],
    asked: Asked,
    used: set[str],
    people: People,
    report: Report,
) -> Question:
    answers = [cell for _, cell in cells]
    said = _said_of(header, at, asked.columns, used)
    read = recognise(header, answers, asked.scale)
    if said is not None:
        read = Read(said.kind, "said", said.scale or PUBLISHED.get(said.kind))
    question = Question(without_people(header, people) or letters(at), letters(at), read.kind, read.why, read.scale)
    if read.kind == "unclear":
        _which_wording(report, table.place(table.rows[0].number, at), question)
    if read.kind in UNREAD:
        return question
    texts = [text_of(cell) for cell in answers]
    if read.kind == "open":
        kept = tuple(without_people(text, people) for text in texts)
        return question._replace(texts=kept, shared=grouped(kept, asked.least, people.is_name))
    if read.kind == "choice":
        question = _choice(question, [tuple(without_people(t, people) for t in several(text)) for text in texts])
        return _of_enough(question, asked.least) if asked.words_only and not question.ranks else question
    if read.kind == "ces":
        question = question._replace(expected=against_expectation(fold(header), texts))
    return _with_steps(question, table, at, cells, people, report)


def _with_steps(
    question: Question,
    table: Table,
    at: int,
    cells: Sequence[tuple[int, Cell]],
    people: People,
    report: Report,
) -> Question:
    """The question with its answers: numbers, or steps of its scale."""
    low, high = question.scale or (1, MOST_OF_FIVE)
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
        value = number_of(text) if question.kind == "number" else None
        found = _read_step(text, question) if question.kind != "number" else None
        if value is not None:
            numbers.append(value)
        elif found is not None and low <= found[0] <= high:
            steps.append(found[0])
            if found[1]:
                labels.setdefault(found[0], found[1])
        else:
            wrong = True
            _off(report, table.place(number, at), without_people(text, people), question)
    return question._replace(
        steps=tuple(steps), numbers=tuple(numbers), labels=labels, unsure=unsure, wrong=wrong
    )  # fmt: skip


def _choice(question: Question, chosen: Sequence[tuple[str, ...]]) -> Question:
    """Answers in words; where all are steps of one scale of words they get its order."""
    sure = [texts for texts in chosen if not all(fold(text) in UNSURE for text in texts)]
    every = {text for texts in sure for text in texts}
    question = question._replace(choices=tuple(sure), unsure=len(chosen) - len(sure))
    for ladder in LADDERS:
        ranks = {text: rank for text in every for rank, words in enumerate(ladder) if words.fullmatch(fold(text))}
        if every and every == set(ranks):
            return question._replace(ranks=ranks)
    return question


def _of_enough(question: Question, least: int) -> Question:
    """The choices that enough chose: answers that recur may be free texts, of which words only are to be shown."""
    counted = Counter(text for chosen in question.choices for text in dict.fromkeys(chosen))
    kept = tuple(tuple(text for text in chosen if counted[text] >= least) for chosen in question.choices)
    return question._replace(choices=kept)


def _read_step(text: str, question: Question) -> tuple[int, str] | None:
    """The step that an answer says, in words or as a number; None where these two count opposite ways."""
    number = step_of(text)
    word = None
    if question.kind == "ces" and question.scale == EFFORT:
        word = effort_word(text)
    elif question.kind == "ces-ease" and question.scale is not None:
        word = agreement_word(text, question.scale[1])
    if word is None or question.scale is None:
        return number
    middle = Fraction(sum(question.scale), 2)
    if number is not None and (number[0] - middle) * (word - middle) < 0:
        return None
    return word, re.sub(r"^\W*\d\W+", "", text)


def _which_wording(report: Report, place: Place, question: Question) -> None:
    report.error(
        "ces-unclear",
        place,
        msg("column {column} does not say which wording of CES it is: effort or ease", column=question.letter),
        msg(
            'say it: --column "{column}=ces" for effort, lower is better, or "{column}=ces-ease" for ease, higher is '
            'better; on another scale "{column}=ces-ease 1-5"',
            column=question.letter,
        ),
    )


def _off(report: Report, place: Place, text: str, question: Question) -> None:
    if question.scale is None:
        report.error(
            "bad-answer",
            place,
            msg("“{text}” is not a number", text=shown(text)),
            msg('say what the column is: --column "HEADER=open"'),
            shown(text),
        )
        return
    low, high = question.scale
    report.error(
        "bad-answer",
        place,
        msg("“{text}” is not on the scale {low}–{high}", text=shown(text), low=low, high=high),
        msg('correct the cell, or say what the column is: --column "HEADER=0-10"'),
        shown(text),
    )


def _people(heads: Sequence[str], columns: Sequence[Sequence[tuple[int, Cell]]], hide: Sequence[str]) -> People:
    """The respondents' names, from the sheet's own columns of names: they must not come out of an answer either."""
    names = [
        text_of(cell)
        for head, cells in zip(heads, columns, strict=True)
        if recognise(head, []).kind == "identity" and not re.search(r"mail|post|num", fold(head))
        for _, cell in cells
    ]
    return people_of(names, hide)
