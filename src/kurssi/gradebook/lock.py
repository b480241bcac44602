"""Locks: a small text that records what was graded from what, and what moved since.

A lock holds hashes of the implementation, the sheets and the overrides, the version, the options, the rules, the
grade of each student number, and who set a grade by hand and when; nothing else about a student. The format is lines of
a word and its values, separated by tabs; then comes the seal, the hash of all lines above it, which shows damage and
slips, and where somebody signed the lock, the signature of all that, which shows whose it is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from kurssi import __version__
from kurssi.analysis.regrading import Regrading, in_words
from kurssi.analysis.reinterpretation import translated
from kurssi.diagnostics.message import Msg, Terms, Wrong, msg
from kurssi.diagnostics.visible import escaped
from kurssi.grading import Grader, Result
from kurssi.policy.resolved_policy import policy_of, resolved
from kurssi.policy.scales import Scale
from kurssi.verification.problems import Node, Unfit
from kurssi.verification.rules import read_policy

from .gradebook import Gradebook
from .rectification_log import OPEN, Link

FIRST = "kurssi-lock\t2"
"""The first line: the format and its version."""
WITH_LOG = "kurssi-lock\t3"
"""The first line of a lock that also holds when results were told, or the log of requests for rectification."""
READABLE = ("kurssi-lock\t1", FIRST, WITH_LOG)
"""The first lines of locks that are read; the first format said nothing of who set a grade by hand."""
MOST_BYTES = 64 * 2**20
"""A lock is not larger: some million students."""

_HASH = re.compile("[0-9a-f]{64}")
_BASE64 = re.compile("[A-Za-z0-9+/]{1,100000}={0,2}")


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
    overrides: Mapping[str, tuple[str, str]] | None
    """Who set a grade by hand and on which day, by student number; None where the lock is too old to say."""
    told: str | None = None
    """The day on which the results were told, in ISO form."""
    requests: tuple[Link, ...] | None = None
    """The chain of the log of requests for rectification; None where there was no log."""
    signed: bytes = b""
    """What the signature is of."""
    signature: str | None = None


def grade_text(scale: Scale, result: Result) -> str:
    """A grade as a lock holds it: by number, or by label for own scales; ``incomplete`` with what is within reach."""
    if result.grade is not None:
        return scale.key(result.grade)
    return "incomplete" + (" " + ", ".join(map(scale.key, result.range)) if result.range else "")


def lock_of(
    book: Gradebook,
    files: Sequence[LockedFile],
    options: Sequence[tuple[str, str]],
    told: str | None = None,
    requests: tuple[Link, ...] | None = None,
) -> Lock:
    """The lock of a graded class."""
    grades = {result.student.student: grade_text(book.policy.scale, result) for result in book.results}
    return Lock(
        __version__, book.id, tuple(files), tuple(options), book.resolved, grades, _by_hand(book), told, requests
    )


def _by_hand(book: Gradebook) -> dict[str, tuple[str, str]]:
    return {r.student.student: (r.override.by, r.override.date) for r in book.results if r.override is not None}


# ---- text --------------------------------------------------------------------------------------------------


def as_text(lock: Lock) -> str:
    """The lock as a file holds it; the same class always gives the same text."""
    plain = lock.told is None and lock.requests is None
    lines = [FIRST if plain else WITH_LOG, f"version\t{lock.version}", f"implementation\t{lock.implementation}"]
    lines += [f"{file.kind}\t{file.sha256}\t{file.path}" for file in lock.files]
    lines += [f"option\t{name}\t{value}" for name, value in lock.options]
    for key, value in lock.rules.items():
        items = [(f"{key}", value)] if key != "parts" else [("part", part) for part in value]
        lines += [
            f"rule\t{name}\t{escaped(json.dumps(item, ensure_ascii=False, sort_keys=True))}" for name, item in items
        ]
    lines += [f"grade\t{_quoted(grade)}\t{_quoted(student)}" for student, grade in lock.grades.items()]
    for student, (by, day) in (lock.overrides or {}).items():
        lines.append(f"override\t{day}\t{_quoted(by)}\t{_quoted(student)}")
    lines += [f"told\t{lock.told}"] if lock.told is not None else []
    lines += [f"log\t{len(lock.requests)}"] if lock.requests is not None else []
    lines += [f"request\t{link.asked}\t{link.answer}" for link in lock.requests or ()]
    text = "\n".join([*lines, ""])
    return f"{text}seal\t{_hash(text)}\n"


def with_signature(text: str, signature: str) -> str:
    """The text of a lock, and who signed it."""
    return f"{text}signature\t{signature}\n"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _quoted(text: str) -> str:
    if text.isprintable() and not text.startswith('"') and "##[" not in text:
        return text
    return json.dumps(text).replace("##[", "#\\u0023[")  # which a log of CI would take for an order


def _unquoted(text: str) -> str:
    value = json.loads(text) if text.startswith('"') else text
    if not isinstance(value, str):
        raise TypeError
    return value


def read_lock(raw: bytes) -> Lock:
    """The lock that a file holds. Raises :class:`Wrong` where it is none, or is not as it was written."""
    if len(raw) > MOST_BYTES:
        raise Wrong(msg("a lock has at most {most} MiB", most=MOST_BYTES // 2**20))
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Wrong(msg("this is not a lock of kurssi")) from None
    first = text.partition("\n")[0]
    if first not in READABLE:
        raise Wrong(
            msg("this lock has another format than this version of kurssi reads"), msg("use the version that wrote it")
        )
    body, _, rest = text.rpartition("\nseal\t")
    seal, *more = rest.rstrip("\n").split("\n")
    body += "\n"
    signature = more[0].removeprefix("signature\t") if more else None
    fits = more == ([] if signature is None else [f"signature\t{signature}"])
    if seal != _hash(body) or not fits or not _BASE64.fullmatch("none" if signature is None else signature):
        raise Wrong(msg("the lock is not as it was written"), msg("take it from where it was kept, or lock again"))
    lock = _Lines(first != READABLE[0], first == WITH_LOG).read(body.split("\n")[1:-1])
    return lock._replace(signed=f"{body}seal\t{seal}\n".encode(), signature=signature)


class _Lines:
    """The lines of a lock, on their way to a :class:`Lock`: anybody can make a seal, so nothing in them is believed."""

    def __init__(self, says_by_hand: bool, has_log: bool) -> None:
        self.said: dict[str, str] = {}
        self.files: list[LockedFile] = []
        self.options: list[tuple[str, str]] = []
        self.rules: dict[str, Any] = {}
        self.grades: dict[str, str] = {}
        self.by_hand: dict[str, tuple[str, str]] | None = {} if says_by_hand else None
        self.has_log = has_log
        self.requests: list[Link] = []

    def read(self, lines: Sequence[str]) -> Lock:
        """The lock. Raises :class:`Wrong` for anything that :func:`as_text` does not write."""
        for number, line in enumerate(lines, 2):
            try:
                self._line(*line.split("\t"))
            except (ValueError, KeyError, TypeError, RecursionError):
                raise Wrong(msg("line {n} of the lock is not as kurssi writes it", n=number)) from None
        kinds = [file.kind for file in self.files]
        if kinds[:2] != ["file", "sheet"] or kinds.count("file") > 1 or kinds.count("overrides") > 1:
            raise Wrong(msg("the lock does not name one implementation and its sheets"))
        if not {"version", "implementation"} <= self.said.keys():
            raise Wrong(msg("this is not a lock of kurssi"))
        if self.said.get("log", "0") != str(len(self.requests)):
            raise Wrong(msg("the lock is not as it was written"), msg("take it from where it was kept, or lock again"))
        try:
            read_policy(Node(self.rules, "rule"))  # which takes nothing for granted
            policy_of(self.rules)
        except Unfit as unfit:
            raise Wrong(msg("{path}: {problem}", path=unfit.where, problem=unfit.message)) from None
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, Wrong):
            raise Wrong(msg("the rules in the lock are none that kurssi grades by")) from None
        return Lock(self.said["version"], self.said["implementation"], tuple(self.files), tuple(self.options),
                    self.rules, self.grades, self.by_hand, self.said.get("told"),
                    tuple(self.requests) if "log" in self.said else None)  # fmt: skip

    def _line(self, word: str, first: str, *rest: str) -> None:
        """One line. Raises :class:`ValueError`, :class:`KeyError`, :class:`TypeError` or :class:`RecursionError`."""
        if word in ("version", "implementation") and not rest:
            self._once(self.said, word, first)
        elif self.has_log and word in ("told", "log") and not rest:
            if word == "told":
                date.fromisoformat(first)
            self._once(self.said, word, first)
        elif self.has_log and word == "request":
            (answer,) = rest
            if not _HASH.fullmatch(first) or not (answer == OPEN or _HASH.fullmatch(answer)):
                raise ValueError
            self.requests.append(Link(first, answer))
        elif word in ("file", "sheet", "overrides"):
            (path,) = rest
            if not _HASH.fullmatch(first) or not path or not path.isprintable():
                raise ValueError
            self.files.append(LockedFile(word, path, first))
        elif word == "option" and first in ("as-of", "map", "layout"):
            (value,) = rest
            if first == "as-of" and any(name == first for name, _ in self.options):
                raise ValueError
            self.options.append((first, value))
        elif word == "rule":
            self._rule(first, *rest)
        elif word == "grade":
            (student,) = rest
            self._once(self.grades, _unquoted(student), _unquoted(first))
        elif word == "override" and self.by_hand is not None:
            by, student = rest
            self._once(self.by_hand, _unquoted(student), (_unquoted(by), first))
        else:
            raise ValueError

    def _rule(self, name: str, text: str) -> None:
        value = json.loads(text, parse_constant=_Lines._refuse)
        if name == "part":
            self.rules.setdefault("parts", []).append(value)
        elif name == "parts":
            raise ValueError
        else:
            self._once(self.rules, name, value)
            if name == "ways":  # in place of parts, of which there is then no line
                self.rules.setdefault("parts", [])

    @staticmethod
    def _refuse(constant: str) -> None:
        raise ValueError(constant)

    @staticmethod
    def _once(values: dict[str, Any], key: str, value: object) -> None:
        """Nothing is said twice."""
        if key in values:
            raise ValueError(key)
        values[key] = value


# ---- what moved --------------------------------------------------------------------------------------------


class Moved(NamedTuple):
    """A student whose grade, or who set it by hand, is not as it was locked."""

    student: str
    old: str | None
    new: str | None
    why: Msg | Terms
    where: str = "grade"
    """Or ``override``."""


def moved(lock: Lock, book: Gradebook, changed: Sequence[LockedFile]) -> list[Moved]:
    """Every student whose grade would now be another, with the rule or the file that is responsible.

    ``changed``: the files whose hash is another than the lock's.
    """
    scale = book.policy.scale
    old_policy = policy_of(lock.rules)
    both: Regrading | None = None
    theirs = translated(book.class_list, book.policy, old_policy)
    before = Grader(old_policy, theirs, as_of=book.as_of)
    rules_changed = json.dumps(lock.rules, sort_keys=True) != json.dumps(resolved(book.policy), sort_keys=True)
    found: list[Moved] = []
    for result, student in zip(book.results, theirs.students, strict=True):
        name = student.student
        old, new = lock.grades.get(name), grade_text(scale, result)
        if old == new:
            found += _by_another(lock, result)
            continue
        if old is None:
            found.append(Moved(name, None, new, _by_files(lock, changed, ("sheet",))))
            continue
        by_old = grade_text(old_policy.scale, before.grade(student, result.override))
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


def _by_another(lock: Lock, result: Result) -> Iterator[Moved]:
    """A grade that is the same, and was set by hand by somebody else, on another day, or not at all."""
    if lock.overrides is None:
        return
    name = result.student.student
    now = (result.override.by, result.override.date) if result.override is not None else None
    was = lock.overrides.get(name)
    if was != now:
        old, new = (None if both is None else ", ".join(filter(None, both)) for both in (was, now))
        yield Moved(name, old, new, Terms([]), "override")


def _by_rules(both: Regrading, student: str) -> Terms:
    return Terms([in_words(change) for change in both.rules(student)], "; ")


def _by_files(lock: Lock, changed: Sequence[LockedFile], kinds: Sequence[str]) -> Msg:
    names = [file.path for file in changed if file.kind in kinds] or [file.path for file in changed]
    if names:
        return msg("changed: {files}", files=Terms(names))
    if lock.version != __version__:
        return msg("locked by kurssi {old}, now {new}", old=lock.version, new=__version__)
    return msg("rules, sheets and overrides are the same")
