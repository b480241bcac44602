"""The graded class as an Excel workbook: grades, summary, parts, weights, explanation, policy, findings and inputs.

It is live: from scores, weights and limits in cells to the grade there are formulas, each with the value that kurssi
computed. The same class gives the same bytes: the workbook holds no time but the course's own.
"""

from __future__ import annotations

import io
from datetime import datetime

from kurssi.gradebook import Gradebook
from kurssi.words import Words


def workbook(book: Gradebook, words: Words) -> bytes:
    """The whole workbook, in the language of ``words``."""
    import xlsxwriter  # here and in the sheets only: start-up time matters

    from .excel import findings, grades, parts, policy, sizes, steps, summary
    from .excel.live import Live
    from .excel.sheet import Writer, clean

    memory = io.BytesIO()
    file = xlsxwriter.Workbook(
        memory,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    file.set_properties(
        {
            "title": clean(f"{book.file.course.name}: {words('grades')}"),
            "subject": book.id,
            "author": "kurssi",
            "created": _date_of(book),
        }
    )
    writer = Writer(file, book, words)
    live = Live(book, words, parts.texts(writer)) if writer.detailed else None
    grades.write(writer, live)
    summary.write(writer, live)
    if live is not None:
        parts.write(writer, live)
        sizes.write(writer, live)
        steps.write(writer)
    policy.write(writer)
    findings.write(writer)
    findings.write_inputs(writer)
    file.close()
    return memory.getvalue()


def _date_of(book: Gradebook) -> datetime:
    """A date that belongs to the data, because the day of writing would make every file differ."""
    end = book.policy.timing_end
    return datetime(end.year, end.month, end.day) if end is not None else datetime(2000, 1, 1)  # noqa: DTZ001
