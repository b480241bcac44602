"""Rows of a teacher's table that sum up the others: an average, a sum. They are no students."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.values.vocabulary import fold

from .columns import Sheet
from .report import Report, Said, shown
from .table import Row, text_of

WORDS = frozenset(
    word
    for words in (
        "keskiarvo,keskiarvot,ka,k.a,luokan keskiarvo,ryhmän keskiarvo,kurssin keskiarvo,yhteensä,yht,summa,mediaani",
        "keskihajonta,hajonta,lukumäärä,lkm,kpl,minimi,maksimi,pienin,suurin,moodi",
        "average,class average,mean,avg,total,totals,sum,median,standard deviation,std dev,std,count,minimum,maximum",
        "medelvärde,medeltal,medel,totalt,sammanlagt,summa,median,standardavvikelse,antal",
    )
    for word in words.split(",")
)
"""What stands in front of such a row, folded, without a colon or a full stop behind it."""


def is_summary(text: str) -> bool:
    """Whether a text says that its row is an average, a sum, or the like."""
    return len(text) <= 30 and _is_word(text)


@lru_cache(maxsize=1024)
def _is_word(text: str) -> bool:
    return fold(text).rstrip(".: ") in WORDS


def summary_in(row: Row, columns: Iterable[int] | None = None) -> str | None:
    """The word by which a row sums up others, in one of some columns; ``None`` where it does not."""
    for cell in row.cells if columns is None else [row.cells[at] for at in columns if at < len(row.cells)]:
        # a word ends in no digit, and most cells do
        if isinstance(cell, str) and cell and not cell[-1].isdecimal() and is_summary(text := text_of(cell)):
            return text
    return None


def report_summary(sheet: Sheet, row: Row, word: str, report: Report) -> None:
    """Says that a row is left out because it sums up the others."""
    report.at(sheet.table, row.number, 0, Severity.info, "summary-row", _summary, row.number, word)


def _summary(row: int, word: str) -> Said:
    message = msg("row {row}, “{word}”, sums up other rows and is left out", row=row, word=shown(word))
    return Said(message, None, str(row))
