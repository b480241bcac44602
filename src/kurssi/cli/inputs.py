"""What ``grade`` and ``explain`` share: from the arguments to a graded class, or to findings and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from kurssi.course.check import Checked, blocks_grading, check
from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.diagnostics.renderers.screen import as_screen
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook, Named, grade
from kurssi.sheets import AS_IS, Reading
from kurssi.values.times import read_when

from . import session
from .files import protect
from .session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble


def is_implementation(name: str) -> bool:
    """Whether an argument names an implementation file rather than a score sheet."""
    return name.lower().endswith((".yaml", ".yml"))


def find_implementation() -> str:
    """The one implementation file of this folder, or of implementations/. Raises :class:`Trouble`."""
    for folder in (".", "implementations"):
        found = sorted(
            str(p) for p in Path(folder).glob("*.y*ml") if is_implementation(p.name) and not p.name.startswith(".")
        )
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            raise Trouble(msg("there is more than one implementation file; name one: {files}", files=", ".join(found)))
    raise Trouble(msg("name an implementation file; there is none in this folder or in implementations/"))


def parse_day(text: str | None, option: str = "--as-of") -> date | None:
    """The date of an option, as 2024-03-04 or 4.3.2024. Raises :class:`Trouble`."""
    if text is None:
        return None
    try:
        when = read_when(text)
    except Wrong:
        when = None
    if when is None or when.clock:
        raise Trouble(msg("{option} takes a date such as 2024-03-04 or 4.3.2024, not {text}", option=option, text=text))
    return when.day


class Graded:
    """A class ready for a report, or the exit code that stands instead of one."""

    def __init__(self, book: Gradebook | None, code: int, words: Words) -> None:
        self.book = book
        self.code = code
        self.words = words


def assessed(
    path: str, *, only_with_scores: bool = False, stopped: Msg | None = None
) -> tuple[Checked, ImplementationFile, bytes] | int:
    """An implementation whose assessment is in order, and its bytes; an exit code where there is none.

    Findings go to standard error, and then what did not happen (``stopped``). With ``only_with_scores`` one that has
    no assessment or names no sheet is passed over (exit code 0).
    """
    here = session.current
    raw = here.read(path)
    if raw is None:
        return EXIT_TROUBLE
    checked = check(raw, path)
    if not checked.gradable:
        blocking = [f._replace(accepted=None) for f in checked.findings if blocks_grading(f)]
        show(blocking, checked)
        here.note(stopped or msg("nothing is graded: {file} has errors in its assessment", file=path))
        return EXIT_FINDINGS
    if checked.file is not None and only_with_scores and not (checked.file.assessment and checked.file.scores):
        return 0
    if checked.file is None or checked.file.assessment is None:
        here.complain(msg("{file} has no assessment, so there is nothing to grade by", file=path))
        return EXIT_FINDINGS
    return checked, checked.file, raw


Instead = Callable[[Checked, ImplementationFile, bytes, Sequence[str]], int | None]
"""Grades these sheets by this implementation, and its bytes, in another way: an exit code, or None if it does not."""


def load_and_grade(
    arguments: Sequence[str],
    *,
    reading: Reading = AS_IS,
    as_of: date | None = None,
    only: str | None = None,
    need_sheets: bool = True,
    instead: Instead | None = None,
) -> Graded:
    """Reads the implementation and its sheets, and grades. Findings go to standard error.

    ``instead`` is asked first: it may grade the sheets in another way, and say with which exit code.
    Without ``need_sheets`` an implementation that has no assessment or names no sheet is passed over (exit code 0).
    """
    here = session.current
    names = list(arguments)
    given = [name for name in names if is_implementation(name)]
    if len(given) > 1:
        raise Trouble(msg("one implementation at a time; {file} is a second one", file=given[1]))
    if given and names[0] != given[0]:
        raise Trouble(msg("name the implementation file {file} first, then the sheets", file=given[0]))
    if not given and names and os.path.isdir(names[0]):
        raise Trouble(msg("{path} is a folder: name the implementation file in it", path=names[0]))
    implementation = names.pop(0) if given else find_implementation()
    loaded = assessed(implementation, only_with_scores=not need_sheets)
    if isinstance(loaded, int):
        return Graded(None, loaded, here.words)
    checked, file, raw = loaded
    default = [os.path.normpath(os.path.join(os.path.dirname(implementation), name)) for name in file.scores]
    paths = names or default
    if not paths:
        raise Trouble(msg("name a score sheet, or write scores: into {file}", file=implementation))
    if instead is not None:
        for path in paths:
            protect(path)
    code = instead(checked, file, raw, paths) if instead is not None else None
    if code is not None:
        return Graded(None, code, here.words)
    sheets: list[Named] = []
    for path in paths:
        data = here.read(path)
        if data is not None:
            sheets.append(("<stdin>" if path == "-" else path, data))
    if len(sheets) < len(paths):
        return Graded(None, EXIT_TROUBLE, here.words)
    overrides = _overrides(paths[0], paths)
    book, findings = grade(checked, raw, sheets, overrides, reading=reading, as_of=as_of, only=only)
    about = [f for f in checked.findings if f.counts and f.severity >= Severity.warning]
    show([*about, *findings], checked)
    if book is None:
        here.note(msg("nothing is graded: correct the errors first"))
        return Graded(None, EXIT_FINDINGS, here.words)
    return Graded(book, 0, here.report_words(book.file.implementation.language))


def _overrides(first: str, paths: Sequence[str]) -> Named | None:
    """``overrides.csv`` beside the first sheet, where there is one."""
    beside = os.path.join(os.path.dirname(first), "overrides.csv")
    if first == "-" or beside in paths or not os.path.isfile(beside):
        return None
    data = session.current.read(beside)
    return None if data is None else (beside, data)


def show(findings: Sequence[Finding], checked: Checked | None = None) -> None:
    """Findings, to standard error, on few screens; those of an implementation with the lines they are about."""
    here = session.current
    if findings:
        sys.stdout.flush()
        paint = here.paint(sys.stderr)
        lines = {checked.document.name: checked.document.lines} if checked is not None else {}
        sys.stderr.write(as_screen(findings, lines, here.words, paint) + "\n")
