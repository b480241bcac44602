"""Locks: a small text that proves what was graded from what, and what moved since.

A lock holds hashes of the implementation, the sheets and the overrides, the version, the options, the rules, and the
grade of each student number; nothing else about a student. The format is lines of a word and its values, separated by
tabs; the last line is the hash of all lines above it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kurssi import __version__
from kurssi.analysis.regrading import Regrading, in_words
from kurssi.diagnostics.message import Msg, Terms, Wrong, msg
from kurssi.grading import Grader, Result
from kurssi.policy.model import resolved
from kurssi.policy.resolved_policy import policy_of
from kurssi.policy.scales import Scale

from .gradebook import Gradebook

FIRST = "kurssi-lock\t1"
"""The first line: the format and its version."""


class LockedFile(NamedTuple):
    """A file that was graded from: what it was, its path from the lock's folder, its hash."""

    kind: str
    """file, sheet or overrides."""
    path: str
    sha256: str


class Lock(NamedTuple):
    """What a lock says."""

    version: str
    implementation: str
    files: tuple[LockedFile, ...]
    options: tuple[tuple[str, str], ...]
    """Options of the command line that grading depends on, each with its value."""
    rules: Mapping[str, Any]
    """The resolved policy."""
    grades: Mapping[str, str]
    """The grade of each student number, by :func:`grade_text`."""


def grade_text(scale: Scale, result: Result) -> str:
    """A grade as a lock holds it: by number, or by label for own scales; ``incomplete`` with what is within reach."""
    if result.grade is not None:
        return scale.key(result.grade)
    return "incomplete" + (" " + ", ".join(map(scale.key, result.range)) if result.range else "")


def lock_of(book: Gradebook, files: Sequence[LockedFile], options: Sequence[tuple[str, str]]) -> Lock:
    """The lock of a graded class."""
    grades = {result.student.student: grade_text(book.policy.scale, result) for result in book.results}
    return Lock(__version__, book.id, tuple(files), tuple(options), book.resolved, grades)


# ---- text --------------------------------------------------------------------------------------------------


def as_text(lock: Lock) -> str:
    """The lock as a file holds it; the same class always gives the same text."""
    lines = [FIRST, f"version\t{lock.version}", f"implementation\t{lock.implementation}"]
    lines += [f"{file.kind}\t{file.sha256}\t{file.path}" for file in lock.files]
    lines += [f"option\t{name}\t{value}" for name, value in lock.options]
    for key, value in lock.rules.items():
        items = [(f"{key}", value)] if key != "parts" else [("part", part) for part in value]
        lines += [f"rule\t{name}\t{json.dumps(item, ensure_ascii=False, sort_keys=True)}" for name, item in items]
    lines += [f"grade\t{grade}\t{_quoted(student)}" for student, grade in lock.grades.items()]
    text = "\n".join([*lines, ""])
    return f"{text}seal\t{_hash(text)}\n"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _quoted(student: str) -> str:
    return student if student.isprintable() and not student.startswith('"') else json.dumps(student)


def read_lock(raw: bytes) -> Lock:
    """The lock that a file holds. Raises :class:`Wrong` where it is none, or was changed by hand."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Wrong(msg("this is not a lock of kurssi")) from None
    body, _, seal = text.rpartition("seal\t")
    first = text.partition("\n")[0]
    if first != FIRST:
        raise Wrong(
            msg("this lock has another format than this version of kurssi reads"), msg("use the version that wrote it")
        )
    if not body or seal.strip() != _hash(body):
        raise Wrong(msg("the lock is not as it was written"), msg("take it from where it was kept, or lock again"))
    try:
        return _read(body.splitlines()[1:])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Wrong(msg("this is not a lock of kurssi")) from None


def _read(lines: Sequence[str]) -> Lock:
    said: dict[str, str] = {}
    files: list[LockedFile] = []
    options: list[tuple[str, str]] = []
    rules: dict[str, Any] = {}
    grades: dict[str, str] = {}
    for line in lines:
        word, first, *rest = line.split("\t", 2)
        if word in ("file", "sheet", "overrides"):
            files.append(LockedFile(word, rest[0], first))
        elif word == "option":
            options.append((first, rest[0]))
        elif word == "rule" and first == "part":
            rules.setdefault("parts", []).append(json.loads(rest[0]))
        elif word == "rule":
            rules[first] = json.loads(rest[0])
        elif word == "grade":
            student = json.loads(rest[0]) if rest[0].startswith('"') else rest[0]
            grades[student] = first
        else:
            said[word] = first
    policy_of(rules)
    return Lock(said["version"], said["implementation"], tuple(files), tuple(options), rules, grades)


# ---- what moved --------------------------------------------------------------------------------------------


class Moved(NamedTuple):
    """A student whose grade is not as it was locked."""

    student: str
    old: str | None
    new: str | None
    why: Msg | Terms


def moved(lock: Lock, book: Gradebook, changed: Sequence[LockedFile]) -> list[Moved]:
    """Every student whose grade would now be another, with the rule or the file that is responsible.

    ``changed``: the files whose hash is another than the lock's.
    """
    scale = book.policy.scale
    old_policy = policy_of(lock.rules)
    both: Regrading | None = None
    before = Grader(old_policy, book.class_list, as_of=book.as_of)
    rules_changed = json.dumps(lock.rules, sort_keys=True) != json.dumps(resolved(book.policy), sort_keys=True)
    found = []
    for result in book.results:
        name = result.student.student
        old, new = lock.grades.get(name), grade_text(scale, result)
        if old == new:
            continue
        if old is None:
            found.append(Moved(name, None, new, _by_files(lock, changed, ("sheet",))))
            continue
        by_old = grade_text(old_policy.scale, before.grade(result.student, result.override))
        if rules_changed and by_old == old:
            both = both or Regrading(old_policy, book.policy, book.class_list, book.policy, as_of=book.as_of)
            found.append(Moved(name, old, new, _by_rules(both, name)))
        elif result.override is not None:
            why = msg("set by hand in overrides.csv: {reason}", reason=result.override.reason)
            found.append(Moved(name, old, new, why))
        else:
            found.append(Moved(name, old, new, _by_files(lock, changed, ("sheet", "overrides"))))
    here = {result.student.student for result in book.results}
    for name, old in lock.grades.items():
        if name not in here:
            found.append(Moved(name, old, None, _by_files(lock, changed, ("sheet",))))
    return found


def _by_rules(both: Regrading, student: str) -> Terms:
    return Terms([in_words(change) for change in both.rules(student)], "; ")


def _by_files(lock: Lock, changed: Sequence[LockedFile], kinds: Sequence[str]) -> Msg:
    names = [file.path for file in changed if file.kind in kinds] or [file.path for file in changed]
    if names:
        return msg("changed: {files}", files=Terms(names))
    if lock.version != __version__:
        return msg("locked by kurssi {old}, now {new}", old=lock.version, new=__version__)
    return msg("rules, sheets and overrides are the same")
