"""What commands share that start from an implementation file: finding it, reading it, saying what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kurssi.course.check import Checked, blocks_grading, check
from kurssi.course.model import ImplementationFile
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.finding import Finding, limited
from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.diagnostics.renderers.screen import as_screen
from kurssi.values.times import read_when

from . import session
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


def assessed(
    path: str, *, only_with_scores: bool = False, stopped: Msg | None = None
) -> tuple[Checked, ImplementationFile, bytes] | int:
    """An implementation whose assessment is in order, and its bytes; an exit code where there is none.

    Findings go to standard error, and then what did not happen (``stopped``). With ``only_with_scores`` one that has
    no assessment or names no sheet is passed over (exit code 0).
    """
    here = session.current
    raw = here.read(path, MAX_BYTES)
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


def show(findings: Sequence[Finding], checked: Checked | None = None) -> None:
    """Findings, to standard error, on few screens; those of an implementation with the lines they are about."""
    here = session.current
    if findings:
        paint = here.paint(sys.stderr)
        lines = {checked.document.name: checked.document.lines} if checked is not None else {}
        here.err(as_screen(limited(findings), lines, here.words, paint) + "\n")
