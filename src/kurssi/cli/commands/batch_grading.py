"""Many implementations at once: each is graded by itself, on all cores; a fault in one never touches the others."""

from __future__ import annotations

import contextlib
import gc
import io
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kurssi import operating_system
from kurssi.cli import culprits, pool, session
from kurssi.cli.filenames import collating, file_name
from kurssi.cli.grading import graded as grade
from kurssi.cli.grading import has_log
from kurssi.cli.inputs import parse_day
from kurssi.cli.outputs import suffix, write_all, write_one
from kurssi.cli.request import Request
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Session, Trouble
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words
from kurssi.reports.progress import bar

WORTH_A_POOL = 8
"""Fewer implementations are graded in one process beside this one: more would cost more than they save."""


class Job(NamedTuple):
    """One implementation to grade, and what to write of it."""

    path: str
    output: tuple[str, ...]
    force: bool
    as_of: str | None
    lang: str | None


class GradingSummary(NamedTuple):
    """What became of one implementation."""

    path: str
    id: str | None
    code: int
    students: int
    graded: int
    failed: int
    incomplete: int
    distribution: dict[str, int]
    labels: tuple[str, ...]
    """How the grades of the distribution are shown."""
    messages: str
    """What it said on standard error."""
    course: str = ""
    lowest: int | None = None
    """The number of the first grade of the distribution; ``None`` where grades are names."""


def grade_all(paths: Sequence[str], output: Sequence[str], force: bool, as_of: str | None, as_json: bool) -> int:
    """Grades every implementation of ``paths`` that names score sheets; prints one summary; the worst exit code."""
    here = session.current
    pages = [path for path in output if "{id}" not in path and suffix(path) == ".html"]
    output = [path for path in output if path not in pages]
    if bad := [path for path in output if "{id}" not in path]:
        raise Trouble(
            msg("with several implementations {path} would be written over and over; put {{id}} into it", path=bad[0])
        )
    found = list(here.implementation_paths(paths))
    jobs = [Job(path, tuple(output), force, as_of, here.asked) for path in found]
    outcomes: list[GradingSummary] = []
    with bar(len(jobs), shown=sys.stderr.isatty() and len(jobs) >= WORTH_A_POOL) as advance:
        for outcome in _run(jobs):
            outcomes.append(outcome)
            advance()
    for outcome in outcomes:
        if outcome.messages:
            here.err(outcome.messages)
    if as_json:
        here.out_json(json_text(_document(outcomes), indent=1))
    elif outcomes:
        here.out(_table(outcomes, here.words))
    here.note(_summary(outcomes, here.words))
    codes = [outcome.code for outcome in outcomes] + ([EXIT_TROUBLE] if here.failed_to_open else [])
    codes += [write_one(path, _page(outcomes, here.words), force) for path in pages]
    first: dict[str, str] = {}
    for outcome in outcomes if output else ():
        if outcome.id is not None and (other := first.setdefault(collating(outcome.id), outcome.path)) != outcome.path:
            here.complain(
                msg(
                    "{one} and {other} have the same id, {id}: only one of them is in the file; give one another id",
                    one=other,
                    other=outcome.path,
                    id=outcome.id,
                )
            )
            codes.append(EXIT_FINDINGS)
    return max(codes, default=0)


def _run(jobs: Sequence[Job]) -> Iterator[GradingSummary]:
    if len(jobs) < 2 or not operating_system.can_start_processes():
        yield from map(grade_one, jobs)
        return
    gc.freeze()  # what is loaded by now stays, and is not looked through after each file
    try:
        processes = operating_system.cores() if len(jobs) >= WORTH_A_POOL else 1
        for job, outcome in zip(jobs, pool.outcomes(grade_one, jobs, processes), strict=True):
            yield _without_outcome(job, outcome) if isinstance(outcome, pool.Died) else outcome
    finally:
        gc.unfreeze()


def _without_outcome(job: Job, died: pool.Died) -> GradingSummary:
    """The summary of an implementation whose process was ended."""
    stream = io.StringIO()
    with contextlib.redirect_stderr(stream):
        for message in culprits.of_job(job.path, died.how):
            session.current.complain(message)
    return _not_graded(job, EXIT_TROUBLE, stream.getvalue())


def _not_graded(job: Job, code: int, messages: str) -> GradingSummary:
    return GradingSummary(job.path, None, code, 0, 0, 0, 0, {}, (), messages)


def grade_one(job: Job) -> GradingSummary:
    """Grades one implementation; whatever happens in it becomes its outcome."""
    session.current = Session(job.lang)
    stream = io.StringIO()
    with contextlib.redirect_stderr(stream):
        try:
            graded = grade(Request(job.path, (), as_of=parse_day(job.as_of), need_sheets=False))
            book = graded.book
            if book is None:
                return _not_graded(job, graded.code, stream.getvalue())
            log_code = 0
            if has_log(book):
                from .requests import log_of, say_due

                book, requests, log_code = log_of(book)
                say_due(None, () if log_code else requests, job.path)
            names = [pattern.replace("{id}", file_name(book.id)) for pattern in job.output]
            code = max(log_code, write_all(book, graded.words, names, job.force))
            if names:  # the collector is off, and the sheets of a workbook hold each other in memory
                gc.collect()
        except Trouble as trouble:
            session.current.complain(trouble.message)
            return _not_graded(job, EXIT_TROUBLE, stream.getvalue())
        except MemoryError:
            session.current.complain(
                msg(
                    "{file} is left out: there is not enough memory; close other programs and run it again",
                    file=job.path,
                )
            )
            return _not_graded(job, EXIT_TROUBLE, stream.getvalue())
        except Exception as error:  # noqa: BLE001 - a fault in one implementation must not stop the others
            session.current.complain(
                msg("{file}: a fault of kurssi ({kind})", file=job.path, kind=type(error).__name__)
            )
            return _not_graded(job, EXIT_TROUBLE, stream.getvalue())
    counts = (book.count("graded"), book.count("failed"), book.count("incomplete"))
    return GradingSummary(
        job.path,
        book.id,
        code,
        len(book.results),
        *counts,
        book.distribution(),
        book.policy.scale.labels,
        stream.getvalue(),
        book.file.course.name,
        None if book.policy.scale.own or book.policy.scale.name == "pass-fail" else book.policy.scale.lowest,
    )


def _page(outcomes: Sequence[GradingSummary], words: Words) -> bytes:
    """All implementations on one page."""
    from kurssi.reports.department_page import Run, as_html

    runs = [
        Run(
            o.path,
            o.id,
            o.course,
            o.students,
            o.graded,
            o.failed,
            o.incomplete,
            dict(zip(o.labels, o.distribution.values(), strict=False)),
            o.lowest,
            o.code != 0,
        )
        for o in outcomes
    ]
    return as_html(runs, words)


def _document(outcomes: Sequence[GradingSummary]) -> dict[str, object]:
    return {
        "kurssi": 1,
        "command": "grade",
        "implementations": [
            {
                "file": o.path,
                "implementation": o.id,
                "exit": o.code,
                "summary": {
                    "students": o.students,
                    "graded": o.graded,
                    "failed": o.failed,
                    "incomplete": o.incomplete,
                    "distribution": o.distribution,
                },
            }
            for o in outcomes
        ],
    }


def _table(outcomes: Sequence[GradingSummary], words: Words) -> str:
    """One line per implementation, in plain text."""
    head = [
        words("implementation"),
        words("students"),
        words("passed"),
        words("failed"),
        words("incomplete"),
        words("grades"),
    ]
    rows = []
    for o in outcomes:
        if o.id is None:
            rows.append([o.path, "", "", "", "", words("not graded") if o.code else words("no scores")])
            continue
        spread = "  ".join(f"{label}: {n}" for label, n in zip(o.labels, o.distribution.values(), strict=True))
        rows.append([o.id, str(o.students), str(o.graded), str(o.failed), str(o.incomplete), spread])
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = []
    for row in [head, *rows]:
        cells = [row[0].ljust(widths[0]), *(row[i].rjust(widths[i]) for i in range(1, 5)), row[5]]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _summary(outcomes: Sequence[GradingSummary], words: Words) -> str:
    graded = [o for o in outcomes if o.id is not None]
    return ", ".join(
        [
            words.plural("{n} implementation graded", "{n} implementations graded", n=len(graded)),
            words("{n} not graded", n=sum(o.code != 0 for o in outcomes)),
            words.plural("{n} student", "{n} students", n=sum(o.students for o in graded)),
        ]
    )
