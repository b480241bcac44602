"""The graded class as an Excel workbook: grades, summary, parts, weights, explanation, policy, findings and inputs.

It is live: from scores, weights and limits in cells to the grade there are formulas, each with the value that kurssi
computed. The same class gives the same bytes: the workbook holds no time but the course's own and those of the files.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.values.vocabulary import REPORT

if TYPE_CHECKING:
    from .class_figures import Figures

NOT_KNOWN: Mapping[str, datetime] = {}


def workbook(
    book: Gradebook, words: Words, changed: Mapping[str, datetime] = NOT_KNOWN, found: Figures | None = None
) -> bytes:
    """The whole workbook, in the language of ``words``; ``changed``: when each file was, by its path.

    ``found``: the class in figures, which then have a sheet of their own.
    """
    from .excel import findings, grades, parts, policy, sizes, steps, summary
    from .excel.live import Live
    from .excel.sheet import MOST_DETAILED, Writer
    from .excel.tally import tally

    memory = io.BytesIO()
    file = begin(memory, book, words)
    writer = Writer(file, book, words, detailed=len(book.results) <= MOST_DETAILED)
    live = Live(book, words, parts.texts(writer)) if writer.detailed else None
    if live is not None:
        grades.write(writer, live)
    else:
        from .excel import large

        large.write(writer)
    summary.write(writer, live, tally(book, words))
    if found is not None:
        from .excel import class_figures

        class_figures.write(writer, found)
    if live is not None:
        parts.write(writer, live)
        sizes.write(writer, live)
        steps.write(writer)
    policy.write(writer)
    findings.write(writer)
    findings.write_inputs(writer, changed)
    file.close()
    return memory.getvalue()


def begin(memory: IO[bytes], book: Gradebook, words: Words) -> Any:
    """A workbook with its properties and no sheet yet."""
    import xlsxwriter  # here and in the sheets only: start-up time matters

    from .excel.sheet import clean

    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    file = xlsxwriter.Workbook(memory, options)
    file.set_properties(
        {
            "title": clean(f"{book.file.course.name}: {words('grades')}"),
            "subject": book.id,
            "category": REPORT,
            "author": "kurssi",
            "created": _date_of(book),
        }
    )
    return file


def _date_of(book: Gradebook) -> datetime:
    """A date that belongs to the data, because the day of writing would make every file differ."""
    end = book.policy.timing_end
    return datetime(end.year, end.month, end.day) if end is not None else datetime(2000, 1, 1)  # noqa: DTZ001
