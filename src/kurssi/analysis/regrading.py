"""One class graded by two policies: who gets another grade, and which changed rule is responsible.

Where one rule alone is enough to move the grade it is named, else all that matter together.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from kurssi.course.model import ATTENDED
from kurssi.diagnostics.message import Msg, msg
from kurssi.grading import Grader
from kurssi.grading.bonus.tree import goes_in_a_circle
from kurssi.policy.model import CHOICE_RULES, Part, Policy
from kurssi.policy.resolved_policy import policy_of, resolved
from kurssi.values.classlist import ClassList, Student

from .reinterpretation import translated

Data = dict[str, Any]

_WHOLE = (
    ("scale", ("evaluation_scale", "basis", "boundaries")),
    ("rounding", ("rounding",)),
    ("may_fail", ("may_fail",)),
    ("activity", ("activity",)),
    ("requires", ("requires",)),
    ("late.free", ("free",)),
    ("timezone", ("timezone",)),
    ("timing.end", ("timing_end",)),
)
_PART = (
    ("graded", ("graded", "max", "over", "boundaries", "linear")),
    ("takes", ("takes",)),
    ("minimum", ("minimum", "minimum_of")),
    ("required", ("required",)),
    ("attempt", ("attempt",)),
    ("due", ("dues",)),
    ("retake_at_most", ("retake_at_most",)),
    ("late", ("late", "late_from")),
    ("by", ("by",)),
    ("peer", ("peer",)),
    ("need", ("need",)),
    ("bonus", ("bonus",)),
    ("markers", ("markers",)),
    ("rubric", ("rubric",)),
    ("best", CHOICE_RULES),
)
"""Keys of a resolved policy that change together, under the name of the key in the file."""

OF_SCORES = ("attempt", "due", "retake_at_most", "late", "by", "peer")
"""Rules of a part that hold for those that take its scores, too."""


class RuleChange(NamedTuple):
    """A rule that differs between two policies."""

    rule: str
    """The rule as the file names it: ``rounding``, ``exam.minimum``, ``weights``, ``work.parts``."""
    part: str | None
    """The part it belongs to, or the part whose parts it is about."""
    keys: tuple[str, ...]
    old: object
    new: object


GradeRange = tuple[int | None, tuple[int, ...] | None]
"""A grade, or what is within reach."""


class Regraded(NamedTuple):
    """A student whose grade two policies do not agree on."""

    student: Student
    old: GradeRange
    new: GradeRange
    rules: tuple[RuleChange, ...]
    """The rules that make the difference: each alone where one is enough, else all that matter together."""


def in_words(change: RuleChange) -> Msg:
    """What a rule was and is."""
    old, new = change.old, change.new
    if isinstance(old, dict) and isinstance(new, dict):
        differ = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        old, new = ({key: side.get(key) for key in differ} for side in (old, new))
    return msg("{rule} was {old} and is {new}", rule=change.rule, old=_said(old), new=_said(new))


def _said(value: object) -> str:
    """A value of a resolved policy in one line, without quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "–"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_said(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_said(item) for item in value) + "]"
    return str(value)


def rule_changes(old: Policy, new: Policy) -> list[RuleChange]:
    """What differs between two policies, each as small as can be tried alone."""
    return list(_changes(resolved(old), resolved(new)))


def _changes(old: Data, new: Data) -> Iterator[RuleChange]:
    for rule, keys in _WHOLE:
        if any(old.get(key) != new.get(key) for key in keys):
            yield _change(rule, None, keys, old, new)
    yield from _below(old, new, None)


def _below(old: Data, new: Data, parent: str | None) -> Iterator[RuleChange]:
    """What differs in the parts, or in the ways."""
    if ("ways" in old) != ("ways" in new):
        where = f"{parent}." if parent else ""
        names = [[part["id"] for part in _listed(data)] for data in (old, new)]
        yield RuleChange(f"{where}ways", parent, ("parts", "ways"), *names)
        return
    yield from _parts(_listed(old), _listed(new), parent, "ways" if "ways" in new else "parts")


def _listed(data: Data) -> Sequence[Data]:
    """The parts of a part or of the whole, or its ways."""
    ways: Sequence[Data] = data.get("ways") or data["parts"]
    return ways


def _parts(old: Sequence[Data], new: Sequence[Data], parent: str | None, key: str) -> Iterator[RuleChange]:
    where = f"{parent}." if parent else ""
    shape = [(part["id"], bool(part["bonus"]), bool(_listed(part))) for part in old]
    if shape != [(part["id"], bool(part["bonus"]), bool(_listed(part))) for part in new]:
        names = [[part["id"] for part in parts] for parts in (old, new)]
        yield RuleChange(f"{where}{key}", parent, (key,), *names)
        return
    if [part["weight"] for part in old] != [part["weight"] for part in new]:
        differ = [was["id"] for was, part in zip(old, new, strict=True) if was["weight"] != part["weight"]]
        weights = [{part["id"]: part["weight"] for part in parts if part["id"] in differ} for parts in (old, new)]
        yield RuleChange(f"{where}weight", parent, ("weight",), *weights)
    for was, part in zip(old, new, strict=True):
        # what a part is assessed as decides what minimum and lateness mean, so they go together
        together = was["graded"] != part["graded"]
        if together:
            keys = tuple(key for rule, group in _PART if rule in ("graded", "minimum", "late") for key in group)
            yield RuleChange(f"{part['id']}.graded", part["id"], keys, was["graded"], part["graded"])
        for rule, keys in _PART:
            if together and rule in ("graded", "minimum", "late"):
                continue
            if part.get("takes") and was.get("takes") == part.get("takes") and rule in OF_SCORES:
                continue  # said of the part that has the scores
            if any(was.get(key) != part.get(key) for key in keys):
                yield _change(f"{part['id']}.{rule}", part["id"], keys, was, part)
        yield from _below(was, part, part["id"])


def _change(rule: str, part: str | None, keys: tuple[str, ...], old: Data, new: Data) -> RuleChange:
    changed = [key for key in keys if old.get(key) != new.get(key)]
    if len(changed) == 1:
        return RuleChange(rule, part, keys, old.get(changed[0]), new.get(changed[0]))
    return RuleChange(rule, part, keys, *({key: data.get(key) for key in changed} for data in (old, new)))


def changed_by(base: Policy, source: Policy, changes: Sequence[RuleChange]) -> Policy:
    """``base`` with these rules as ``source`` has them."""
    data, other = copy.deepcopy(resolved(base)), resolved(source)
    for change in changes:
        where, there = _at(data, change), _at(other, change)
        if change.keys == ("weight",):
            for part, model in zip(_listed(where), _listed(there), strict=True):
                part["weight"] = model["weight"]
            continue
        for key in change.keys:
            if key in there:
                where[key] = copy.deepcopy(there[key])
            else:  # a key that stands only where it says something
                where.pop(key, None)
        if change.part is not None and change.rule.rpartition(".")[2] in OF_SCORES:
            _taken_along(data, other, change)
    policy = policy_of(data)
    known = {ATTENDED, *(part.id for part in policy.all_parts())}
    requires = tuple(demand for demand in policy.requires if demand.part in known)
    return policy._replace(requires=requires, parts=_with_known(policy.parts, known))


def _with_known(parts: tuple[Part, ...], known: set[str]) -> tuple[Part, ...]:
    """The parts without bonuses by steps that name a part of the other policy."""
    out = []
    for part in parts:
        bonus = part.stepped
        named = set() if bonus is None else {*bonus.only_if, bonus.to or part.id}
        part = part._replace(parts=_with_known(part.parts, known), stepped=bonus if named <= known else None)
        out.append(part)
    return tuple(out)


def _taken_along(data: Data, other: Data, change: RuleChange) -> None:
    """The same rules in the parts that take the scores of the changed one, under both policies."""
    theirs = {part["id"]: part for part in _all_parts(other)}
    for part in _all_parts(data):
        model = theirs.get(part["id"])
        if part.get("takes") == change.part and model is not None and model.get("takes") == change.part:
            for key in change.keys:
                if key in model:
                    part[key] = copy.deepcopy(model[key])
                else:
                    part.pop(key, None)


def _all_parts(data: Data) -> Iterator[Data]:
    todo = list(_listed(data))
    while todo:
        part: Data = todo.pop()
        yield part
        todo += _listed(part)


def _at(data: Data, change: RuleChange) -> Data:
    """The mapping that a change is made in: the whole policy, or a part."""
    if change.part is None:
        return data
    for part in _all_parts(data):
        if part["id"] == change.part:
            return part
    raise KeyError(change.part)


def aligned(policy: Policy, like: Policy) -> Policy:
    """The policy with the deadlines of another one, attempt by attempt where both have one: two years side by side."""
    theirs = like.by_id()
    return policy._replace(parts=tuple(_moved(part, theirs) for part in policy.parts), timing_end=like.timing_end)


def _moved(part: Part, theirs: Mapping[str, Part]) -> Part:
    dues = theirs[part.id].dues if part.id in theirs else ()
    mine = tuple(
        dues[n] if due is not None and n < len(dues) and dues[n] is not None else due for n, due in enumerate(part.dues)
    )
    return part._replace(dues=mine, parts=tuple(_moved(child, theirs) for child in part.parts))


class _Side:
    """A class under one policy."""

    def __init__(self, policy: Policy, class_list: ClassList, source: Policy, as_of: date | None) -> None:
        ours = class_list if policy is source else translated(class_list, source, policy)
        self.grader = Grader(policy, ours, as_of=as_of)
        self.students = {student.student: student for student in ours.students}

    def outcome(self, student: str) -> GradeRange:
        result = self.grader.grade(self.students[student])
        return result.grade, result.range


class Regrading:
    """Two policies, and every rule between them tried alone and left out, on one class.

    ``source`` is the policy by which the class was read.
    """

    def __init__(
        self, old: Policy, new: Policy, class_list: ClassList, source: Policy, *, as_of: date | None = None
    ) -> None:
        def side(policy: Policy) -> _Side:
            return _Side(policy, class_list, source, as_of)

        def mixed(changes: Sequence[RuleChange]) -> _Side | None:
            """The old policy with these changes; None where it would be no policy."""
            policy = changed_by(old, new, changes)
            return None if goes_in_a_circle(policy) else side(policy)

        self.changes = rule_changes(old, new)
        self.old, self.new = side(old), side(new)
        self.alone = [mixed([change]) for change in self.changes]
        self.without = [mixed([other for other in self.changes if other is not change]) for change in self.changes]

    def rules(self, student: str) -> tuple[RuleChange, ...]:
        """The rules that take a student from the old policy's outcome to the new one's.

        A rule that cannot be changed alone is not enough alone, and one that cannot be left out is needed.
        """
        old, new = self.old.outcome(student), self.new.outcome(student)
        alone = [(c, side.outcome(student)) for c, side in zip(self.changes, self.alone, strict=True) if side]
        if enough := [change for change, outcome in alone if outcome == new]:
            return tuple(enough)
        without = zip(self.changes, self.without, strict=True)
        if needed := [change for change, side in without if side is None or side.outcome(student) != new]:
            return tuple(needed)
        return tuple(change for change, outcome in alone if outcome != old) or tuple(self.changes)


def regraded(old: Policy, new: Policy, class_list: ClassList, source: Policy) -> list[Regraded]:
    """Every student whose outcome changes, in the order of the roster."""
    both = Regrading(old, new, class_list, source)
    found = []
    for student in class_list.students:
        name = student.student
        was, now = both.old.outcome(name), both.new.outcome(name)
        if was != now:
            found.append(Regraded(student, was, now, both.rules(name)))
    return found
