"""One class under two policies: who gets another grade, and by which rule."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from kurssi.classlist import ClassList, Student
from kurssi.grading import Grader
from kurssi.policy import Policy, resolved
from kurssi.resolved import policy_of

Data = dict[str, Any]

_WHOLE = (
    ("scale", ("evaluation_scale", "basis", "boundaries")),
    ("rounding", ("rounding",)),
    ("may_fail", ("may_fail",)),
    ("activity", ("activity",)),
    ("late.free", ("free",)),
    ("timezone", ("timezone",)),
    ("timing.end", ("timing_end",)),
)
_PART = (
    ("graded", ("graded", "max", "boundaries", "linear")),
    ("minimum", ("minimum", "minimum_of")),
    ("required", ("required",)),
    ("attempt", ("attempt",)),
    ("due", ("dues",)),
    ("retake_at_most", ("retake_at_most",)),
    ("late", ("late",)),
    ("by", ("by",)),
    ("peer", ("peer",)),
    ("best", ("best", "drop_lowest")),
)
"""Keys of a resolved policy that change together, under the name of the key in the file."""


class RuleChange(NamedTuple):
    """A rule that differs between two policies."""

    rule: str
    """The rule as the file names it: ``rounding``, ``exam.minimum``, ``weights``, ``work.parts``."""
    part: str | None
    """The part it belongs to, or the part whose parts it is about."""
    keys: tuple[str, ...]
    old: object
    new: object


Outcome = tuple[int | None, tuple[int, ...] | None]
"""A grade, or what is within reach."""


class Regraded(NamedTuple):
    """A student whose grade two policies do not agree on."""

    student: Student
    old: Outcome
    new: Outcome
    rules: tuple[RuleChange, ...]
    """The rules that make the difference: each alone where one is enough, else all that matter together."""


def rule_changes(old: Policy, new: Policy) -> list[RuleChange]:
    """What differs between two policies, each as small as can be tried alone."""
    return list(_changes(resolved(old), resolved(new)))


def _changes(old: Data, new: Data) -> Iterator[RuleChange]:
    for rule, keys in _WHOLE:
        if any(old[key] != new[key] for key in keys):
            yield _change(rule, None, keys, old, new)
    yield from _parts(old["parts"], new["parts"], None)


def _parts(old: Sequence[Data], new: Sequence[Data], parent: str | None) -> Iterator[RuleChange]:
    where = f"{parent}." if parent else ""
    shape = [(part["id"], part["bonus"], bool(part["parts"])) for part in old]
    if shape != [(part["id"], part["bonus"], bool(part["parts"])) for part in new]:
        names = [[part["id"] for part in parts] for parts in (old, new)]
        yield RuleChange(f"{where}parts", parent, ("parts",), *names)
        return
    if [part["weight"] for part in old] != [part["weight"] for part in new]:
        differ = [was["id"] for was, part in zip(old, new, strict=True) if was["weight"] != part["weight"]]
        weights = [{part["id"]: part["weight"] for part in parts if part["id"] in differ} for parts in (old, new)]
        yield RuleChange(f"{where}weight", parent, ("weight",), *weights)
    for was, part in zip(old, new, strict=True):
        for rule, keys in _PART:
            if any(was[key] != part[key] for key in keys):
                yield _change(f"{part['id']}.{rule}", part["id"], keys, was, part)
        yield from _parts(was["parts"], part["parts"], part["id"])


def _change(rule: str, part: str | None, keys: tuple[str, ...], old: Data, new: Data) -> RuleChange:
    changed = [key for key in keys if old[key] != new[key]]
    if len(changed) == 1:
        return RuleChange(rule, part, keys, old[changed[0]], new[changed[0]])
    return RuleChange(rule, part, keys, *({key: data[key] for key in changed} for data in (old, new)))


def changed_by(base: Policy, source: Policy, changes: Sequence[RuleChange]) -> Policy:
    """``base`` with these rules as ``source`` has them."""
    data, other = copy.deepcopy(resolved(base)), resolved(source)
    for change in changes:
        where, there = _at(data, change), _at(other, change)
        if change.keys == ("weight",):
            for part, model in zip(where["parts"], there["parts"], strict=True):
                part["weight"] = model["weight"]
            continue
        for key in change.keys:
            where[key] = copy.deepcopy(there[key])
    return policy_of(data)


def _at(data: Data, change: RuleChange) -> Data:
    """The mapping that a change is made in: the whole policy, or a part."""
    if change.part is None:
        return data
    todo = list(data["parts"])
    while todo:
        part: Data = todo.pop()
        if part["id"] == change.part:
            return part
        todo += part["parts"]
    raise KeyError(change.part)


class Regrading:
    """Two policies, and graders for every rule between them."""

    def __init__(
        self, old: Policy, new: Policy, before: ClassList, after: ClassList, *, as_of: date | None = None
    ) -> None:
        self.changes = rule_changes(old, new)
        self.old = Grader(old, before, as_of=as_of)
        self.new = Grader(new, after, as_of=as_of)
        self.alone = [Grader(changed_by(old, new, [change]), before, as_of=as_of) for change in self.changes]
        self.without = [
            Grader(changed_by(old, new, [c for c in self.changes if c is not change]), before, as_of=as_of)
            for change in self.changes
        ]

    def rules(self, student: Student, twin: Student) -> tuple[RuleChange, ...]:
        """The rules that take this student from the old policy to the new one, where ``twin`` is the same student."""
        old, new = _outcome(self.old, student), _outcome(self.new, twin)
        enough = [c for c, grader in zip(self.changes, self.alone, strict=True) if _outcome(grader, student) == new]
        if enough:
            return tuple(enough)
        needed = [c for c, grader in zip(self.changes, self.without, strict=True) if _outcome(grader, student) != new]
        if needed:
            return tuple(needed)
        moved = [c for c, grader in zip(self.changes, self.alone, strict=True) if _outcome(grader, student) != old]
        return tuple(moved or self.changes)


def _outcome(grader: Grader, student: Student) -> Outcome:
    result = grader.grade(student, steps=False)
    return result.grade, result.range


def regraded(
    old: Policy, new: Policy, before: ClassList, after: ClassList, *, as_of: date | None = None
) -> list[Regraded]:
    """Every student whose grade changes, in the order of the roster; ``before`` and ``after`` hold the same students
    as each policy reads them.
    """
    both = Regrading(old, new, before, after, as_of=as_of)
    later: Mapping[str, Student] = {student.student: student for student in after.students}
    found = []
    for student in before.students:
        twin = later.get(student.student)
        if twin is None:
            continue
        was, now = _outcome(both.old, student), _outcome(both.new, twin)
        if was != now:
            found.append(Regraded(student, was, now, both.rules(student, twin)))
    return found
