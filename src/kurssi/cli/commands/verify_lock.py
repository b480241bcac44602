"""``kurssi verify LOCK``: whether every grade would still be as it was locked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from kurssi.cli import session
from kurssi.cli.inputs import assessed, parse_day, show
from kurssi.cli.options import reading
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble
from kurssi.diagnostics.message import Msg, Terms, Wrong, msg, nmsg
from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Named, grade
from kurssi.gradebook.lock import Lock, LockedFile, Moved, moved, read_lock
from kurssi.sheets import Reading

from .requests import broken_log


class Broken(NamedTuple):
    """Something about the lock itself."""

    where: str
    """``lock``, ``signature`` or ``requests``."""
    message: Msg | Terms


def verify_lock(path: str, raw: bytes, as_json: bool, key: str | None) -> int:
    """Grades again from the files that the lock names, and prints every grade that moved, and who signed.

    ``key``: the file that says whose signature is asked for.
    """
    here = session.current
    try:
        lock = read_lock(raw)
        as_of, how = _options(lock)
    except Wrong as wrong:
        problem = Terms([wrong.message, *([wrong.hint] if wrong.hint is not None else [])], "; ")
        if as_json:
            here.out_json(json_text(_document(path, None, [], [], 0, [Broken("lock", wrong.message)], None)))
        here.complain(msg("{path}: {problem}", path=path, problem=problem))
        return EXIT_FINDINGS
    broken, signed = _signature(lock, key)
    folder = "" if path == "-" else os.path.dirname(path)
    first = next(file for file in lock.files if file.kind == "sheet")
    broken += [Broken("requests", one) for one in broken_log(lock, os.path.join(folder, first.path))]
    here_now = {file: os.path.normpath(os.path.join(folder, file.path)) for file in lock.files}
    read = {file: here.read(name) for file, name in here_now.items()}
    if any(data is None for file, data in read.items() if file.kind != "overrides"):
        return EXIT_TROUBLE
    hashes = {file: hashlib.sha256(data).hexdigest() for file, data in read.items() if data is not None}
    changed = [file for file in lock.files if hashes.get(file) != file.sha256]
    book = _again(lock, here_now, {f: data for f, data in read.items() if data is not None}, changed, as_of, how)
    if isinstance(book, int):
        return book
    found, here_count, changed = book
    if as_json:
        here.out_json(json_text(_document(path, lock, found, changed, here_count, broken, signed)))
    else:
        here.out("\n".join([*(_broken(one, here.words) for one in broken), *(_line(one, here.words) for one in found)]))
    here.note(_summary(lock, found, changed, signed))
    return EXIT_FINDINGS if found or broken else 0


def _options(lock: Lock) -> tuple[date | None, Reading]:
    """The day and the reading that the lock asks for. Raises :class:`Wrong` where it can ask for no such thing."""
    maps, layouts = ([value for name, value in lock.options if name == option] for option in ("map", "layout"))
    try:
        return parse_day(dict(lock.options).get("as-of")), reading(maps, layouts)
    except Trouble as trouble:
        raise Wrong(trouble.message) from None


def _signature(lock: Lock, key: str | None) -> tuple[list[Broken], Msg | None]:
    """What is wrong with the signature, and what it says."""
    if lock.signature is None:
        return ([] if key is None else [Broken("signature", msg("the lock is not signed"))]), None
    from kurssi.cli.signatures import NoProgram, NotSigned, allowed_signers, signer  # starts programs

    try:
        one = signer(lock.signed, lock.signature, None if key is None else allowed_signers(key))
    except NoProgram as no:
        unchecked = msg("the signature is not checked: {reason}", reason=no.message)
        return ([], unchecked) if key is None else ([Broken("signature", no.message)], None)
    except NotSigned as no:
        return [Broken("signature", no.message)], None
    if one.name is not None:
        return [], msg("signed by {name}, {fingerprint}", name=one.name, fingerprint=one.fingerprint)
    return [], msg("signed by the key {fingerprint}; whose that is only --key can say", fingerprint=one.fingerprint)


def _again(
    lock: Lock,
    names: dict[LockedFile, str],
    data: dict[LockedFile, bytes],
    changed: Sequence[LockedFile],
    as_of: date | None,
    how: Reading,
) -> tuple[list[Moved], int, list[LockedFile]] | int:
    """What moved, how many students there are now, and the files that changed; or an exit code."""
    implementation = next(file for file in lock.files if file.kind == "file")
    loaded = assessed(names[implementation])
    if isinstance(loaded, int):
        return loaded
    checked, _, raw = loaded
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
    book, findings = grade(checked, raw, sheets, overrides, reading=how, as_of=as_of)
    show(findings, checked)
    if book is None:
        session.current.note(msg("nothing is graded: correct the errors first"))
        return EXIT_FINDINGS
    return moved(lock, book, all_changed), len(book.results), all_changed


def _broken(one: Broken, words: Words) -> str:
    return f"{words('error')}: {one.where}: {words.say(one.message)}"


def _line(one: Moved, words: Words) -> str:
    return f"{words('error')}: {words('student {student}', student=one.student)}: {words.say(_what(one))}"


def _what(one: Moved) -> Msg:
    if one.where == "override":
        return _by_hand(one)
    if one.old is None:
        return msg("was not locked, and now has {new} ({why})", new=one.new, why=one.why)
    if one.new is None:
        return msg("was locked with {old}, and is not in the sheets now ({why})", old=one.old, why=one.why)
    return msg("{old} would now be {new} ({why})", old=one.old, new=one.new, why=one.why)


def _by_hand(one: Moved) -> Msg:
    if one.new is None:
        return msg("the grade was set by hand ({old}), and is the same without that now", old=one.old)
    if one.old is None:
        return msg("the grade was not set by hand, and now is, the same ({new})", new=one.new)
    return msg("the grade was set by hand ({old}), and is the same now by another decision ({new})",
               old=one.old, new=one.new)  # fmt: skip


def _summary(lock: Lock, found: Sequence[Moved], changed: Sequence[LockedFile], signed: Msg | None) -> Terms:
    """``30 grades as locked; changed: scores.csv; signed by …``."""
    said: list[Msg | Terms] = []
    moved = sum(one.where == "grade" for one in found)
    if moved:
        said.append(nmsg("{n} grade moved", "{n} grades moved", n=moved))
    else:
        said.append(nmsg("{n} grade as locked", "{n} grades as locked", n=len(lock.grades)))
    if changed:
        said.append(msg("changed: {files}", files=Terms([file.path for file in changed])))
    if signed is not None:
        said.append(signed)
    return Terms(said, "; ")


def _document(
    path: str,
    lock: Lock | None,
    found: Sequence[Moved],
    changed: Sequence[LockedFile],
    students: int,
    broken: Sequence[Broken],
    signed: Msg | None,
) -> dict[str, Any]:
    english = Words("en")
    files = lock.files if lock is not None else ()
    known = [*files, *(file for file in changed if file not in files)]
    about_lock = [(None, one.where, one.message, None, None) for one in broken]
    about_students = [(one.student, one.where, _what(one), one.new, one.old) for one in found]
    return {
        "kurssi": 1,
        "command": "verify",
        "report": path,
        "students": students,
        "wrong": len(found),
        "inputs": [{"path": f.path, "state": "changed" if f in changed else "unchanged"} for f in known],
        "signature": None if signed is None else english.say(signed),
        "problems": [
            {
                "student": student,
                "where": where,
                "severity": "error",
                "message": english.say(message),
                "found": now,
                "expected": locked,
            }
            for student, where, message, now, locked in (*about_lock, *about_students)
        ],
    }
