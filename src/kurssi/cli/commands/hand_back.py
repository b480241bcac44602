"""``kurssi grade --list moodle`` and the like: the file by which a system takes the grades back."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kurssi.cli import incoming, session
from kurssi.cli.grading import graded as grade
from kurssi.cli.grading import has_log
from kurssi.cli.outputs import suffix, write_one
from kurssi.cli.request import request_of
from kurssi.cli.session import EXIT_FINDINGS, Trouble
from kurssi.diagnostics.message import Msg, Terms, Wrong, msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.gradebook.lock import MOST_BYTES, read_lock
from kurssi.policy.model import Part
from kurssi.reports.lists import NotListed, written
from kurssi.reports.lists.edited import Edited, downloaded_before, edited, times_of, touched
from kurssi.reports.lists.importers import IMPORTERS
from kurssi.reports.lists.returned import MOST_NAMED, Change, Returned, listing, returned, unseen
from kurssi.sheets import Reading
from kurssi.sheets.columns import cell_at
from kurssi.sheets.exported import Export, exports
from kurssi.sheets.table import text_of
from kurssi.values.times import When, read_when
from kurssi.values.vocabulary import fold

from .requests import say_requests

MOST_LOCKS = 100
"""So many locks of a folder are looked into."""


class HandBack(NamedTuple):
    """What is asked for."""

    name: str
    arguments: Sequence[str]
    reading: Reading
    format: str
    output: Sequence[str]
    force: bool
    as_of: date | None
    into: str | None
    part: str | None
    with_comments: bool


def hand_back(asked: HandBack) -> int:
    """Grades the class, shows what would be overwritten in the system, and writes the file for every ``-o``."""
    here = session.current
    importer = IMPORTERS[asked.name]
    for path in asked.output:
        if suffix(path) not in importer.suffixes:
            raise Trouble(
                msg("this list cannot be written as {path}, only as {suffixes}",
                    path=path, suffixes=", ".join(importer.suffixes))
            )  # fmt: skip
    if any(os.path.isdir(path) for path in asked.arguments):
        raise Trouble(msg("a list is made of one implementation at a time; name its file"))
    graded = grade(request_of(asked.arguments)._replace(reading=asked.reading, as_of=asked.as_of))
    if graded.book is None:
        return graded.code
    book, words = graded.book, graded.words
    part = _part(book, asked.part)
    if part is not None and asked.with_comments:
        raise Trouble(msg("feedback goes with the final grade: leave out --part, or --with-comments"))
    sheets = [(one.path, one.content) for one in book.inputs[1:] if isinstance(one.content, bytes)]
    reading = asked.reading._replace(columns=book.file.columns or {})
    try:
        made = returned(
            book,
            importer,
            exports(sheets, book.policy, reading),
            words,
            into=asked.into,
            part=part,
            with_comments=asked.with_comments,
        )
    except NotListed as problem:
        here.complain(problem.message)
        return EXIT_FINDINGS
    _show(made, book, words, asked.format)
    if part is None and not asked.force and _is_older(made, book, sheets, reading, asked.output):
        return EXIT_FINDINGS
    code = 0
    for path in asked.output:
        code = max(code, write_one(path, made.content, asked.force))
    if not asked.output and asked.format != "csv":
        here.note(msg("nothing is written: -o FILE.csv writes the file for {system}", system=made.importer.system))
    if has_log(book):
        code = max(code, say_requests(book))
    return code


def _part(book: Gradebook, name: str | None) -> Part | None:
    """The part of ``--part``. Raises :class:`Trouble`."""
    if name is None:
        return None
    parts = book.policy.by_id()
    found = parts.get(name) or next((one for one in parts.values() if fold(one.name) == fold(name)), None)
    if found is None:
        raise Trouble(msg("there is no part {name}; there are: {names}", name=name, names=Terms(list(parts))))
    return found


def _show(made: Returned, book: Gradebook, words: Words, format_: str) -> None:
    here = session.current
    shown = listing(made, book, words)
    match format_:
        case "text":
            here.out(written.as_text(shown, here.width(sys.stdout)))
        case "md":
            here.out_data(written.as_markdown(shown).encode())
        case "json":
            here.out_data(written.as_json(shown, book).encode())
        case _:
            here.out_data(made.content)
    for remark in shown.remarks:
        here.note(remark)


# ---- what was handed on before -----------------------------------------------------------------------------


class HandedOn(NamedTuple):
    """Grades that went to the system before."""

    path: str
    """The lock or the file that they stand in."""
    grades: Mapping[str, str]
    times: Mapping[str, When]
    """When each had last been changed in the system by then."""
    export: Export | None = None
    """The file as an export of the system."""


def _is_older(
    made: Returned, book: Gradebook, sheets: Sequence[tuple[str, bytes]], reading: Reading, output: Sequence[str]
) -> bool:
    """Whether the export lacks a grade that was handed on: one of a lock, or of the file that stands in ``-o``.

    Or the other way round, by the times of the system: whether a grade was changed there since it was handed on.
    """
    folders = {os.path.dirname(path) for path in (book.inputs[0].path, *output)}
    before = [one for folder in sorted(folders) for one in _locked(folder, book)]
    before += [one for path in output if (one := _in_file(made, book, sheets, reading, path)) is not None]
    changed = times_of(made.export, made.importer.modified)
    for one in before:
        downloads = downloaded_before(made.export, one.export, made.importer.downloaded) if one.export else None
        if downloads is not None:
            session.current.complain(_downloaded_before(made, one.path, *downloads))
            return True
        since = touched(one.times, changed) if one.times or one.export else set()
        if by_others := edited(made.changes, one.grades, since, changed):
            session.current.complain(_edited(made, one.path, by_others))
            return True
        # What was touched since the file was made is newer than it: Moodle itself does not take the file for that.
        if lacking := unseen([c for c in made.changes if not one.export or c.student not in since], one.grades):
            session.current.complain(_older(made, one.path, lacking, one.grades))
            return True
    return False


def _downloaded_before(made: Returned, path: str, own: When, other: When) -> Msg:
    return msg(
        "{path}: {file} was downloaded from {system} at {own}, before the export that this file was made from "
        "({other}): take the newest one, so that nothing is overwritten unseen",
        path=path,
        file=made.file,
        system=made.importer.system,
        own=str(own),
        other=str(other),
    )


def _edited(made: Returned, path: str, found: Sequence[Edited]) -> Msg:
    named = [
        msg("{student}: {before} handed on, {old} there since {since}, {new} now",
            student=one.change.student, before=one.handed_on, old=one.change.old, since=str(one.since),
            new=one.change.new)
        for one in found[:MOST_NAMED]
    ]  # fmt: skip
    what = nmsg(
        "a grade was changed in {system} after it was handed on",
        "{n} grades were changed in {system} after they were handed on",
        n=len(found),
        system=made.importer.system,
    )
    way = msg("take the change over into the sheets or overrides.csv; --force where it is to be overwritten")
    problem = Terms([what, *named, *(["…"] if len(found) > MOST_NAMED else []), way], "; ")
    return msg("{path}: {problem}", path=path, problem=problem)


def _older(made: Returned, path: str, lacking: Sequence[Change], before: Mapping[str, str]) -> Msg:
    named = [
        msg("{student}: {before} handed on, {old} in the export, {new} now",
            student=one.student, before=before[one.student], old=one.old or "–", new=one.new)
        for one in lacking[:MOST_NAMED]
    ]  # fmt: skip
    what = nmsg(
        "{file} is older than a grade that was handed on",
        "{file} is older than {n} grades that were handed on",
        n=len(lacking),
        file=made.file,
    )
    way = msg(
        "export again from {system}, so that nothing is overwritten unseen; --force where the grades never went there",
        system=made.importer.system,
    )
    problem = Terms([what, *named, *(["…"] if len(lacking) > MOST_NAMED else []), way], "; ")
    return msg("{path}: {problem}", path=path, problem=problem)


def _locked(folder: str, book: Gradebook) -> list[HandedOn]:
    """The grades of each lock of this implementation in a folder, as they are written into a system."""
    try:
        names = sorted(name for name in os.listdir(folder or ".") if name.endswith(".lock"))[:MOST_LOCKS]
    except OSError:
        return []
    found = []
    scale = book.policy.scale
    labels = {scale.key(grade): scale.label(grade) if scale.own else str(grade) for grade in scale.grades}
    for name in names:
        path = os.path.join(folder, name)
        try:
            lock = read_lock(incoming.read(path, MOST_BYTES))
            told = None if lock.told is None else read_when(lock.told)
        except (OSError, ValueError, Wrong):
            continue
        if lock.implementation == book.id:
            grades = {student: labels[text] for student, text in lock.grades.items() if text in labels}
            found.append(HandedOn(path, grades, {} if told is None else dict.fromkeys(grades, told)))
    return found


def _in_file(
    made: Returned, book: Gradebook, sheets: Sequence[tuple[str, bytes]], reading: Reading, path: str
) -> HandedOn | None:
    """What the file in ``-o`` has by now, where it is one for the same column."""
    raw = incoming.whole_file(path)
    if raw is None:
        return None
    # It has fewer columns than an export, by which it need not be recognised.
    reading = reading._replace(layouts=((path, made.importer.layout), *reading.layouts))
    for export in exports([*sheets, (path, raw)], book.policy, reading):
        if export.table.file == path and export.layout.name == made.importer.layout:
            for field in export.fields:
                if field.header == made.header:
                    grades = {student: text_of(cell_at(row, field.at)) for row, student in export.rows}
                    return HandedOn(path, grades, times_of(export, made.importer.modified), export)
    return None
