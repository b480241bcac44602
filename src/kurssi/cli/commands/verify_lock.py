"""``kurssi verify LOCK``: whether every grade would still be as it was locked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import Any

from kurssi.cli import session
from kurssi.cli.inputs import assessed, parse_day, show
from kurssi.cli.options import reading
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE
from kurssi.diagnostics.message import Msg, Terms, Wrong, msg, nmsg
from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Named, grade
from kurssi.gradebook.lock import Lock, LockedFile, Moved, moved, read_lock


def verify_lock(path: str, raw: bytes, as_json: bool) -> int:
    """Grades again from the files that the lock names, and prints every grade that moved."""
    here = session.current
    try:
        lock = read_lock(raw)
    except Wrong as wrong:
        problem = Terms([wrong.message, *([wrong.hint] if wrong.hint is not None else [])], "; ")
        here.complain(msg("{path}: {problem}", path=path, problem=problem))
        return EXIT_FINDINGS
    folder = "" if path == "-" else os.path.dirname(path)
    here_now = {file: os.path.normpath(os.path.join(folder, file.path)) for file in lock.files}
    read = {file: here.read(name) for file, name in here_now.items()}
    if any(data is None for file, data in read.items() if file.kind != "overrides"):
        return EXIT_TROUBLE
    hashes = {file: hashlib.sha256(data).hexdigest() for file, data in read.items() if data is not None}
    changed = [file for file in lock.files if hashes.get(file) != file.sha256]
    book = _again(lock, here_now, {f: data for f, data in read.items() if data is not None}, changed)
    if isinstance(book, int):
        return book
    found, here_count, changed = book
    if as_json:
        here.out_json(json_text(_document(path, lock, found, changed, here_count)))
    else:
        here.out("\n".join(_line(one, here.words) for one in found))
    here.note(_summary(lock, found, changed))
    return EXIT_FINDINGS if found else 0


def _again(
    lock: Lock, names: dict[LockedFile, str], data: dict[LockedFile, bytes], changed: Sequence[LockedFile]
) -> tuple[list[Moved], int, list[LockedFile]] | int:
    """What moved, how many students there are now, and the files that changed; or an exit code."""
    implementation = next(file for file in lock.files if file.kind == "file")
    loaded = assessed(names[implementation])
    if isinstance(loaded, int):
        return loaded
    checked, _, raw = loaded
    options = dict(lock.options)
    sheets: list[Named] = [(names[f], data[f]) for f in lock.files if f.kind == "sheet"]
    overrides: Named | None = next(
        ((names[f], data[f]) for f in lock.files if f.kind == "overrides" and f in data), None
    )
    all_changed = list(changed)
    if sheets and not any(file.kind == "overrides" for file in lock.files):
        beside = os.path.join(os.path.dirname(sheets[0][0]), "overrides.csv")
        if os.path.isfile(beside) and all(name != beside for name, _ in sheets):
            more = session.current.read(beside)
            if more is not None:
                overrides = (beside, more)
                all_changed.append(LockedFile("overrides", beside, ""))
    how = reading(
        [value for name, value in lock.options if name == "map"],
        [value for name, value in lock.options if name == "layout"],
    )
    as_of = parse_day(options.get("as-of"))
    book, findings = grade(checked, raw, sheets, overrides, reading=how, as_of=as_of)
    show(findings, checked)
    if book is None:
        session.current.note(msg("nothing is graded: correct the errors first"))
        return EXIT_FINDINGS
    return moved(lock, book, all_changed), len(book.results), all_changed


def _line(one: Moved, words: Words) -> str:
    return f"{words('error')}: {words('student {student}', student=one.student)}: {words.say(_what(one))}"


def _what(one: Moved) -> Msg:
    if one.old is None:
        return msg("was not locked, and now has {new} ({why})", new=one.new, why=one.why)
    if one.new is None:
        return msg("was locked with {old}, and is not in the sheets now ({why})", old=one.old, why=one.why)
    return msg("{old} would now be {new} ({why})", old=one.old, new=one.new, why=one.why)


def _summary(lock: Lock, found: Sequence[Moved], changed: Sequence[LockedFile]) -> Terms:
    """``30 grades as locked; changed: scores.csv``."""
    said: list[Msg | Terms] = []
    if found:
        said.append(nmsg("{n} grade moved", "{n} grades moved", n=len(found)))
    else:
        said.append(nmsg("{n} grade as locked", "{n} grades as locked", n=len(lock.grades)))
    if changed:
        said.append(msg("changed: {files}", files=Terms([file.path for file in changed])))
    return Terms(said, "; ")


def _document(
    path: str, lock: Lock, found: Sequence[Moved], changed: Sequence[LockedFile], students: int
) -> dict[str, Any]:
    english = Words("en")
    known = [*lock.files, *(file for file in changed if file not in lock.files)]
    return {
        "kurssi": 1,
        "command": "verify",
        "report": path,
        "students": students,
        "wrong": len(found),
        "inputs": [{"path": f.path, "state": "changed" if f in changed else "unchanged"} for f in known],
        "problems": [
            {
                "student": one.student,
                "where": "grade",
                "severity": "error",
                "message": english.say(_what(one)),
                "found": one.new,
                "expected": one.old,
            }
            for one in found
        ],
    }
