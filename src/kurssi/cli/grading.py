"""From a request to a graded class, or to findings and an exit code: whole, or piece by piece where it is large."""

from __future__ import annotations

import os
from collections.abc import Sequence

from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.message import msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook, Named, grade
from kurssi.sheets import AS_IS

from . import session
from .files import protect
from .inputs import assessed, show
from .request import Request
from .session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble

LARGE = 1 << 18
"""A sheet of so many bytes (some 5,000 students) is graded piece by piece; a smaller one takes no longer whole."""


LOG = "rectifications.csv"
"""The log of requests for rectification, beside the first sheet."""


class Graded:
    """A class ready for a report, or the exit code that stands instead of one."""

    def __init__(self, book: Gradebook | None, code: int, words: Words) -> None:
        self.book = book
        self.code = code
        self.words = words


def graded(request: Request) -> Graded:
    """Reads the implementation and its sheets, and grades. Findings go to standard error."""
    here = session.current
    loaded = assessed(request.implementation, only_with_scores=not request.need_sheets)
    if isinstance(loaded, int):
        return Graded(None, loaded, here.words)
    checked, file, raw = loaded
    if not request.sheets:
        folder = os.path.dirname(request.implementation)
        request = request._replace(sheets=tuple(os.path.normpath(os.path.join(folder, name)) for name in file.scores))
    if not request.sheets:
        raise Trouble(msg("name a score sheet, or write scores: into {file}", file=request.implementation))
    if request.reading == AS_IS and not file.columns and request.wanted and _is_large(request.sheets):
        from .large import grade_large  # a class of usual size does without

        for path in request.sheets:
            protect(path)
        code = grade_large(checked, raw, request)
        if code is not None:
            return Graded(None, code, here.words)
    sheets: list[Named] = []
    for path in request.sheets:
        data = here.read(path)
        if data is not None:
            sheets.append(("<stdin>" if path == "-" else path, data))
    if len(sheets) < len(request.sheets):
        return Graded(None, EXIT_TROUBLE, here.words)
    overrides = _overrides(request.sheets[0], request.sheets)
    book, findings = grade(
        checked, raw, sheets, overrides, reading=request.reading, as_of=request.as_of, only=request.only
    )
    about = [f for f in checked.findings if f.counts and f.severity >= Severity.warning]
    others = 0
    if request.only is not None:
        read = sheets if overrides is None else [*sheets, overrides]
        book, findings, others = _of_one(request.only, book, findings, read)
    show([*about, *findings], checked)
    if others:
        here.note(
            nmsg(
                "{n} finding is not about this student: kurssi grade shows it",
                "{n} findings are not about this student: kurssi grade shows them",
                n=others,
            )
        )
    if book is None:
        here.note(msg("nothing is graded: correct the errors first"))
        return Graded(None, EXIT_FINDINGS, here.words)
    return Graded(book, 0, here.report_words(book.file.implementation.language))


def _of_one(
    student: str, book: Gradebook | None, findings: list[Finding], read: Sequence[Named]
) -> tuple[Gradebook | None, list[Finding], int]:
    """What may be told of one student, and how many findings are not."""
    from kurssi.gradebook.one_student import about_one  # for who shows a single student

    class_list = book.class_list if book is not None else None
    found, others = about_one(findings, student, class_list, read)
    if book is not None:
        book = book.with_findings(about_one(book.findings, student, class_list, read)[0])
    return book, found, others


def _is_large(sheets: Sequence[str]) -> bool:
    """Whether there is one large sheet and nothing beside it."""
    if len(sheets) != 1 or not os.path.isfile(sheets[0]) or os.path.getsize(sheets[0]) < LARGE:
        return False
    beside = os.path.dirname(sheets[0])
    return not any(os.path.isfile(os.path.join(beside, name)) for name in ("overrides.csv", LOG))


def has_log(book: Gradebook) -> bool:
    """Whether requests for rectification stand beside the sheets that a class was graded from."""
    first = book.inputs[1].path
    return first != "<stdin>" and os.path.isfile(os.path.join(os.path.dirname(first), LOG))


def _overrides(first: str, paths: Sequence[str]) -> Named | None:
    """``overrides.csv`` beside the first sheet, where there is one."""
    beside = os.path.join(os.path.dirname(first), "overrides.csv")
    if first == "-" or beside in paths or not os.path.isfile(beside):
        return None
    data = session.current.read(beside)
    return None if data is None else (beside, data)
