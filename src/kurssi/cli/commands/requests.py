"""Requests for rectification, beside the sheets: what is due, and whether the log is as it was locked."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kurssi.cli import incoming, session
from kurssi.cli.grading import LOG, has_log
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE
from kurssi.diagnostics.finding import Finding, Severity, in_order, limited
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.diagnostics.renderers.text import as_text
from kurssi.gradebook.gradebook import Gradebook
from kurssi.gradebook.lock import Lock
from kurssi.gradebook.rectification_log import broken, chain, unmatched
from kurssi.planning.rectification import last_day
from kurssi.sheets import place_of
from kurssi.sheets.rectifications import Request, read

MOST_NAMED = 10


class Log(NamedTuple):
    """The log beside the sheets of a class."""

    book: Gradebook
    """The class with what was found in the log among its findings."""
    requests: tuple[Request, ...]
    code: int
    """The exit code that the log asks for."""


def log_of(book: Gradebook) -> Log:
    """The log beside the first sheet, which must be there (:func:`~kurssi.cli.grading.has_log`). Findings are shown."""
    path = os.path.join(os.path.dirname(book.inputs[1].path), LOG)
    raw = session.current.read(path)
    if raw is None:
        return Log(book, (), EXIT_TROUBLE)
    requests, findings = read(path, raw)
    known = {student.student for student in book.class_list.students}
    findings += [_stranger(one) for one in requests if one.student not in known]
    findings += unmatched(requests, {one.student.student: one.override for one in book.results if one.override})
    _show(findings)
    wrong = any(one.severity is Severity.error for one in findings)
    return Log(book.with_findings([*book.findings, *in_order(findings)]), requests, EXIT_FINDINGS if wrong else 0)


def read_log(book: Gradebook) -> tuple[Request, ...] | int | None:
    """The requests; None where there is no log, an exit code where it is not in order."""
    if not has_log(book):
        return None
    log = log_of(book)
    return log.code or log.requests


def say_requests(book: Gradebook) -> int:
    """Says which requests are open, and what is wrong with the log: the exit code, 0 where there is none."""
    log = read_log(book)
    if isinstance(log, int):
        return log
    say_due(None, log)
    return 0


def _show(findings: Sequence[Finding]) -> None:
    """Findings on the log."""
    here = session.current
    if findings:
        here.err(as_text(limited(in_order(findings)), {}, here.words, here.paint(sys.stderr)) + "\n")


def _stranger(request: Request) -> Finding:
    return Finding(
        "unknown-student",
        Severity.error,
        msg("the student {student} is not in the class", student=request.student),
        place_of(request.source),
        msg("correct the number, or give the sheet that the student is in"),
    )


def say_due(told: date | None, requests: Sequence[Request] | None, file: str | None = None) -> None:
    """Until when rectification may be asked, which requests are open, and which came after the time.

    ``file``: whose they are, where several are looked at.
    """
    here = session.current
    last = None if told is None else last_day(told)
    if last is not None:
        here.note(msg("results told on {day}: rectification may be asked until {last}", day=told, last=last))
    open_ = [one for one in requests or () if one.answered is None]
    for group, what in (
        (open_, nmsg("{n} request is to be answered", "{n} requests are to be answered", n=len(open_))),
        (
            late := [one for one in requests or () if last is not None and one.asked > last],
            nmsg("{n} request came after the time", "{n} requests came after the time", n=len(late)),
        ),
    ):
        if group:
            named = [
                msg("{student}, asked on {day}: {about}", student=one.student, day=one.asked, about=one.about)
                for one in sorted(group, key=lambda one: one.asked)[:MOST_NAMED]
            ]
            said = Terms([what, *named, *(["…"] if len(group) > MOST_NAMED else [])], "; ")
            here.note(said if file is None else msg("{path}: {problem}", path=file, problem=said))


def broken_log(lock: Lock, sheet: str) -> list[Msg]:
    """What of the log beside a sheet is not as it was locked."""
    if lock.requests is None:
        return []
    path = os.path.join(os.path.dirname(sheet), LOG)
    try:
        raw = incoming.read(path)
    except (OSError, ValueError):
        return [msg("the log of requests for rectification cannot be read: {path}", path=path)]
    requests, findings = read(path, raw)
    _show(findings)
    found = broken(lock.requests, chain(requests))
    if found is None and len(requests) > len(lock.requests):
        more = len(requests) - len(lock.requests)
        session.current.note(nmsg("{n} request since the lock", "{n} requests since the lock", n=more))
    return [] if found is None else [found]
