"""``kurssi sheet --update``: new students and parts for a workbook that is filled in already."""

from __future__ import annotations

import os
from collections.abc import Sequence

from kurssi.cli import session
from kurssi.cli.files import NotWritten, rewrite, write
from kurssi.cli.inputs import show
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE
from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.message import msg, nmsg
from kurssi.policy.model import Policy
from kurssi.reports.entry.update import CannotUpdate, Changes, update
from kurssi.sheets import AS_IS, read_columns
from kurssi.values.classlist import Student

MOST_NAMED = 10
"""So many students are named in one line."""


def update_workbook(
    file: ImplementationFile,
    policy: Policy,
    path: str,
    students: Sequence[Student] | None,
    target: str,
    force: bool,
) -> int:
    """Updates the workbook at ``path``, or writes the updated one to ``target``; the result is the exit code."""
    here = session.current
    in_place = os.path.realpath(path) == os.path.realpath(target)
    if in_place and (lock := _lock_of(path)):
        here.complain(msg("{path} is open in a spreadsheet program ({lock}): close it first", path=path, lock=lock))
        return EXIT_TROUBLE
    raw = here.read(path)
    if raw is None:
        return EXIT_TROUBLE
    sheets, findings = read_columns(path, raw, policy, AS_IS._replace(columns=file.columns or {}))
    show(findings)
    if sheets is None:
        here.note(msg("nothing is written: correct the errors first"))
        return EXIT_FINDINGS
    words = here.report_words(file.implementation.language)
    try:
        data, changes = update(raw, sheets, file, policy, students, words)
        if not in_place:
            write(target, data, force=force)
        elif changes.any:
            rewrite(path, raw, data)
    except CannotUpdate as problem:
        here.complain(problem.message)
        here.note(msg("{path} is left as it is; kurssi sheet with -o writes a new workbook", path=path))
        return EXIT_FINDINGS
    except NotWritten as problem:
        here.complain(problem.message)
        return EXIT_TROUBLE
    _say(changes, target)
    return 0


def _lock_of(path: str) -> str | None:
    """The file by which a spreadsheet program says that it has the workbook open."""
    folder, name = os.path.split(path)
    for lock in (f"~${name}", f".~lock.{name}#"):
        if os.path.exists(os.path.join(folder, lock)):
            return lock
    return None


def _say(changes: Changes, path: str) -> None:
    here = session.current
    if not changes.any:
        here.note(msg("{path} has everything already", path=path))
    else:
        here.note(msg("updated: {path}", path=path))
    if n := len(changes.students):
        here.note(nmsg("{n} new student: {names}", "{n} new students: {names}", n=n, names=_names(changes.students)))
    if changes.groups:
        here.note(msg("new groups: {names}", names=_names(changes.groups)))
    if changes.columns:
        here.note(msg("new columns: {names}", names=_names(changes.columns)))
    if changes.sheets:
        here.note(msg("new worksheets: {names}", names=_names(changes.sheets)))
    if changes.gone:
        here.note(msg("not on the roster any more, and kept: {names}", names=_names(changes.gone)))
    if changes.moved:
        here.note(msg("in another group on the roster, and left where they are: {names}", names=_names(changes.moved)))


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
