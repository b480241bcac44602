"""``kurssi compare`` with many runs: what becomes of a course over the years."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kurssi.cli import session
from kurssi.cli.filenames import collating
from kurssi.cli.grading import graded
from kurssi.cli.inputs import is_implementation, show
from kurssi.cli.outputs import suffix, write_one, write_text
from kurssi.cli.request import Request
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble
from kurssi.course.check import check
from kurssi.course.model import ImplementationFile
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Terms, msg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.figures import FEWEST
from kurssi.reports import years_text
from kurssi.reports.years import Grades, Year, Years, grades_in, grades_of, hours_of, years_of
from kurssi.surveys.figures import LEAST, Survey
from kurssi.surveys.reading import Asked, read_surveys
from kurssi.verification.report import NotAReport

FEEDBACK = tuple(f"{name}.{kind}" for name in ("feedback", "palaute", "respons") for kind in ("csv", "xlsx", "ods"))
"""Course feedback beside the score sheets of a run."""


class Arguments(NamedTuple):
    """What the command line names."""

    runs: list[tuple[str, list[str]]]
    """Each implementation file with the sheets that follow it."""
    folders: list[str]
    reports: list[str]


class Wanted(NamedTuple):
    """What the options ask for."""

    feedback: Sequence[str]
    least: int | None
    format: str
    output: Sequence[str]
    force: bool


def compare_years(names: Sequence[str], wanted: Wanted) -> int:
    """Prints the runs beside each other, and writes a file for every ``-o``; the exit code."""
    here = session.current
    given = _arguments(names)
    found = _Found(wanted)
    for path in given.reports:
        found.read_report(path)
    for path, sheets in given.runs:
        found.read_file(path, sheets)
    for folder in given.folders:
        found.read_folder(folder)
    found.check_names(given.reports)
    if len(found.files) < 2:
        if found.code or here.failed_to_open:
            return max(found.code, EXIT_TROUBLE if here.failed_to_open else 0)
        raise Trouble(msg("one run has nothing beside it: name two or more, or a folder with those of a course"))
    years = years_of(found.years(), wanted.least or FEWEST)
    words = here.report_words(found.files[-1].file.implementation.language)
    _print(years, wanted, words)
    code = max([found.code, *(_write(path, years, words, wanted.force) for path in wanted.output)])
    return max(code, EXIT_TROUBLE if here.failed_to_open else 0)


def _arguments(names: Sequence[str]) -> Arguments:
    given = Arguments([], [], [])
    for name in names:
        if os.path.isdir(name):
            given.folders.append(name)
        elif is_implementation(name):
            given.runs.append((name, []))
        elif suffix(name) == ".json":
            given.reports.append(name)
        elif given.runs:
            given.runs[-1][1].append(name)
        else:
            raise Trouble(msg("name an implementation file before its sheet {sheet}", sheet=name))
    return given


# ---- the runs ------------------------------------------------------------------------------------------------


class _File(NamedTuple):
    """A run as it is named: its file, and where its class and its feedback are."""

    path: str
    file: ImplementationFile
    sheets: tuple[str, ...]


class _Found:
    """What was read so far."""

    def __init__(self, wanted: Wanted) -> None:
        self.code = 0
        self.least = wanted.least
        self.files: list[_File] = []
        self.reports: dict[str, tuple[str, Grades]] = {}
        """By the id of the implementation."""
        self.feedback = dict(_named_feedback(text) for text in wanted.feedback)

    def read_report(self, path: str) -> None:
        """A JSON report, in place of the sheets of a run. Raises :class:`Trouble`."""
        raw = session.current.read(path)
        if raw is None:
            return
        try:
            name, grades = grades_in(raw, self.least or FEWEST)
        except NotAReport as no:
            raise Trouble(msg("{path}: {problem}", path=path, problem=no.message)) from None
        self.reports[name] = path, grades

    def read_file(self, path: str, sheets: Sequence[str] = ()) -> None:
        """An implementation file; one with errors in its shape is said to be left out."""
        here = session.current
        raw = here.read(path, MAX_BYTES)
        if raw is None:
            return
        file = check(raw, path).file
        if file is None:
            here.note(msg("{file} is left out: it has errors, which kurssi validate shows", file=path))
            self.code = EXIT_FINDINGS
            return
        same = (one for one in self.files if collating(one.file.implementation.id) == collating(file.implementation.id))
        if (other := next(same, None)) is not None:
            here.note(msg("{file} is left out: its id is also the id of {other}", file=path, other=other.path))
            self.code = EXIT_FINDINGS
            return
        if not sheets and file.assessment is not None:
            folder = os.path.dirname(path)
            sheets = [os.path.normpath(os.path.join(folder, name)) for name in file.scores]
        self.files.append(_File(path, file, tuple(sheets)))

    def read_folder(self, folder: str) -> None:
        """All runs in a folder, in order of time. Raises :class:`Trouble` where they are of several courses."""
        here, before = session.current, len(self.files)
        for path in here.implementation_paths([folder]):
            self.read_file(path)
        new = self.files[before:]
        codes = list(dict.fromkeys(one.file.course.code for one in new))
        if len(codes) > 1:
            raise Trouble(
                msg(
                    "{folder} has runs of several courses, {codes}: name the files of one",
                    folder=folder,
                    codes=Terms(codes),
                )
            )
        self.files[before:] = sorted(new, key=_start)

    def check_names(self, reports: Sequence[str]) -> None:
        """Raises :class:`Trouble` where a report or feedback belongs to no run."""
        ids = {one.file.implementation.id for one in self.files}
        for name, (path, _) in self.reports.items():
            if name not in ids and reports:
                raise Trouble(
                    msg("{path} is a report on {id}: name the implementation file of it, too", path=path, id=name)
                )
        for name in self.feedback:
            if name not in ids:
                raise Trouble(
                    msg("--feedback names {id}, which is none of the runs: {ids}", id=name, ids=Terms(sorted(ids)))
                )

    def years(self) -> list[Year]:
        """The runs with their classes and their feedback."""
        beside = {one.path: _beside(one, self.reports) for one in self.files}
        shared = Counter(path for path in beside.values() if path is not None)
        out = []
        for one in self.files:
            name = one.file.implementation.id
            path = self.feedback.get(name) or beside[one.path]
            if path is not None and name not in self.feedback:
                if shared[path] > 1:
                    session.current.note(
                        msg("{file} stands beside the sheets of several runs: say --feedback ID={file}", file=path)
                    )
                    path = None
                else:
                    session.current.note(msg("feedback on {id}: {file}", id=name, file=path))
            survey = None if path is None else self._survey(path)
            out.append(Year(one.file, self._grades(one), hours_of(one.file, survey), survey))
        return out

    def _grades(self, one: _File) -> Grades | None:
        name = one.file.implementation.id
        if name in self.reports:
            return self.reports[name][1]
        if not one.sheets:
            session.current.note(msg("no grades of {id}: {file} names no score sheets", id=name, file=one.path))
            return None
        done = graded(Request(one.path, one.sheets))
        self.code = max(self.code, done.code)
        return None if done.book is None else grades_of(done.book, self.least or FEWEST)

    def _survey(self, path: str) -> Survey | None:
        raw = session.current.read(path)
        if raw is None:
            return None
        surveys, findings, _ = read_surveys([(path, raw)], Asked(least=max(LEAST, self.least or LEAST)))
        show(findings)
        if any(one.severity is Severity.error for one in findings):
            self.code = max(self.code, EXIT_FINDINGS)
        if len(surveys) > 1:
            session.current.note(msg("{file} has answers on several sheets: only the first is shown", file=path))
        return surveys[0] if surveys else None


def _start(one: _File) -> tuple[bool, date, str]:
    timing = one.file.implementation.timing
    return timing is None, timing.start if timing is not None else date.min, one.file.implementation.id


def _named_feedback(text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    if not equals or not name.strip() or not path.strip():
        raise Trouble(
            msg("--feedback takes the id of a run and a sheet, such as A1-2024=feedback.csv, not {text}", text=text)
        )
    return name.strip(), path.strip()


def _beside(one: _File, reports: dict[str, tuple[str, Grades]]) -> str | None:
    """Feedback beside the first sheet of a run, or beside its report."""
    report = reports.get(one.file.implementation.id)
    first = report[0] if report is not None else next(iter(one.sheets), None)
    if first is None or first == "-":
        return None
    there = [os.path.join(os.path.dirname(first), name) for name in FEEDBACK]
    return next((path for path in there if path not in one.sheets and os.path.isfile(path)), None)


# ---- out -----------------------------------------------------------------------------------------------------

WIDE = 100


def _print(years: Years, wanted: Wanted, words: Words) -> None:
    here = session.current
    if wanted.format == "text":
        width = min(here.width(sys.stdout) or WIDE, WIDE)
        here.out(years_text.as_text(years, words, width, here.paint(sys.stdout).on))
    else:
        here.out_as(wanted.format, _text(wanted.format, years, words))


def _text(kind: str, years: Years, words: Words) -> str:
    match kind:
        case "json":
            return years_text.as_json(years, words)
        case "md":
            return years_text.as_markdown(years, words)
        case _:
            return years_text.as_text(years, words, WIDE, False)


def _write(path: str, years: Years, words: Words, force: bool) -> int:
    if suffix(path) == ".html":
        from kurssi.reports.years_page import as_html

        return write_one(path, as_html(years, words), force)
    return write_text(path, _text(suffix(path)[1:], years, words), force)
