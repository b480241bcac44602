"""A hunt for silence where a file meets the policy: one thing is taken away, or said, and somebody has to speak.

Of a case one thing is deleted, from the policy or from a sheet, or a header is misspelt: either every grade stays, or
the sheets are refused, or a finding is there that was not there before. And a column is mapped: either the students of
the JSON change, or something is said.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conservation import Case, Data, Outcome, Runner, Table, errors, size_of, swapped, without_column, written
from conservation_shrinking import shrink
from kurssi.sheets import lateness
from kurssi.sheets.columns import UNUSED, Headers
from kurssi.values.vocabulary import fold

POLICY_KEYS = ("due", "late", "peer", "by", "retakes", "column")
"""Keys of a part that meet something in a sheet: times, marks, groups, attempts, headers."""

NOT_MISSED = ("comment", "total", "known", "question", "due", "late", "mark", "own mark", "score retake")
"""Columns of which nobody can know that they are missing: comments, extensions, a criterion, a second attempt."""

OPEN: Mapping[str, str] = {}
"""Beginnings of kinds, without the layout, that are known to be silent. It is to become empty."""

MAPPED_TO = ("student", "email", "group", "name")
"""What a column may be mapped to, beside parts."""


def removals(case: Case) -> Iterator[tuple[str, str, Case]]:
    """The kind of what is taken away, which one it is, and the case without it."""
    for key in ("late", "activity"):
        if key in case.assessment:
            yield f"policy {key}", key, replace(case, assessment=_without(case.assessment, key))
    for name, key, assessment in _of_parts(case.assessment):
        yield f"policy {key} of a part", f"{name} {key}", replace(case, assessment=assessment)
    for table in case.tables:
        if table.kind in ("groups", "peer"):  # of another sheet nobody can know that it is missing
            kept = [other for other in case.tables if other is not table]
            yield f"table {table.kind}", table.name, replace(case, tables=kept)
        if table.header >= 0:
            yield from _of_columns(case, table)
        if table.kind in ("groups", "peer") or table is not case.tables[0]:
            yield from _of_rows(case, table)


def _of_columns(case: Case, table: Table) -> Iterator[tuple[str, str, Case]]:
    head = table.rows[table.header]
    for at, header in enumerate(head):
        kind = kind_of(table, at)
        if not header.text or kind in NOT_MISSED or kind.removesuffix(" retake") in NOT_MISSED:
            continue
        if kind.startswith("submitted") and not _are_counted(case, table, header.text):
            continue
        which = f"{table.name} {header.text}"
        yield f"column {table.kind} {kind}", which, swapped(case, table, without_column(table, at))
        letters = [i for i, letter in enumerate(header.text) if letter.isalpha()]
        if not letters:
            continue
        middle = letters[len(letters) // 2]
        for how, text in (
            ("misspelt", header.text[:middle] + header.text[middle + 1 :]),
            ("renamed", f"Sarake {at}"),
        ):
            rows = list(table.rows)
            rows[table.header] = [*head[:at], header._replace(text=text), *head[at + 1 :]]
            yield f"{how} {table.kind} {kind}", which, swapped(case, table, replace(table, rows=rows))


def _are_counted(case: Case, table: Table, header: str) -> bool:
    """Whether a late rule counts the times of a column; else a table without any is as good as one with them."""
    policy = Runner(case).checked.policy
    role = Headers(policy).role(header)
    parts = [part for part in policy.leaves() if lateness.counts(part.late) and part.dues[0] is not None]
    if role is not UNUSED:
        return role.attempt == 1 and any(part.id == role.part for part in parts)
    name = f"{fold(header)} {fold(table.name)}"
    return any(fold(part.name) in name for part in parts)


def kind_of(table: Table, at: int) -> str:
    """What most cells of a column are."""
    kinds = Counter(row[at].kind for row in table.rows[table.header + 1 :] if at < len(row) and row[at].kind)
    return kinds.most_common(1)[0][0] if kinds else ""


def _of_rows(case: Case, table: Table) -> Iterator[tuple[str, str, Case]]:
    seen = set()
    for row in table.rows[table.header + 1 :]:
        first = row[0].text
        if first and first not in seen:
            seen.add(first)
            rows = [other for other in table.rows if other[0].text != first]
            yield f"row {table.kind}", f"{table.name} {first}", swapped(case, table, replace(table, rows=rows))


def _without(data: Data, key: str) -> Data:
    return {k: v for k, v in data.items() if k != key}


def _of_parts(holder: Data) -> Iterator[tuple[str, str, Data]]:
    """Each key of each part that meets something in a sheet, and the policy without it."""
    for at, part in enumerate(holder["parts"]):
        smaller: list[tuple[str, str, Any]] = [
            (part["id"], key, _without(_without(part, key), "peer" if key == "by" else key))
            for key in POLICY_KEYS
            if key in part
        ]
        smaller += list(_of_parts(part)) if "parts" in part else []
        for name, key, new in smaller:
            yield name, key, {**holder, "parts": [*holder["parts"][:at], new, *holder["parts"][at + 1 :]]}


def mappings(case: Case) -> Iterator[tuple[str, str, Case]]:
    """Columns mapped to what they are not: the kind of the column and the target, which one, and the case."""
    parts = [part["id"] for part in case.assessment["parts"] if "parts" not in part]
    for table in case.tables:
        if table.header < 0:
            continue
        for at, header in enumerate(table.rows[table.header]):
            kind = kind_of(table, at)
            if all(at >= len(row) or not row[at].text for row in table.rows[table.header + 1 :]):
                continue  # nothing stands in it
            if not header.text or kind not in ("known", "total", "question", "login", "own id", "comment"):
                continue
            for target in (*MAPPED_TO, *parts):
                which = "a part" if target in parts else target
                maps = [*case.maps, (header.text, target)]
                yield f"map {kind} to {which}", f"{table.name} {header.text} = {target}", replace(case, maps=maps)


# ---- judging -----------------------------------------------------------------------------------------------


@dataclass
class Silences:
    """What a hunt has come to: by kind what became of it, by which rules it was said, and the smallest silent case."""

    cases: int = 0
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    rules: dict[str, Counter[str]] = field(default_factory=dict)
    least: dict[str, tuple[Case, str]] = field(default_factory=dict)

    def add(self, other: Silences) -> None:
        """Takes in the hunt of another process."""
        self.cases += other.cases
        for kind, counts in other.outcomes.items():
            self.outcomes.setdefault(kind, Counter()).update(counts)
        for kind, counts in other.rules.items():
            self.rules.setdefault(kind, Counter()).update(counts)
        for kind, (case, which) in other.least.items():
            if kind not in self.least or size_of(case) < size_of(self.least[kind][0]):
                self.least[kind] = case, which

    def unknown(self) -> list[str]:
        """Silent kinds that are not known to be, and crashes."""
        return [
            kind
            for kind, counts in self.outcomes.items()
            if counts["crash"] or (counts["silent"] and not kind.partition(": ")[2].startswith(tuple(OPEN)))
        ]

    @property
    def silent(self) -> int:
        """How often nothing was said."""
        return sum(counts["silent"] for counts in self.outcomes.values())


Graded = tuple[Outcome, Counter[tuple[str, str, str | None]]]


def graded(case: Case) -> Graded:
    """What comes of a case, and its findings, counted without their places: columns move when one is deleted."""
    runner = Runner(case)
    if not runner.gradable:
        return Outcome(None, runner.checked.findings), Counter()
    outcome = runner.run(case)
    findings = (*runner.checked.findings, *outcome.findings)
    return outcome, Counter((f.rule, f.place.file, f.found) for f in findings if f.rule != "export-read")


def essence(outcome: Outcome) -> dict[str, Any]:
    """What a grade is, by student."""
    keys = ("status", "grade", "exact", "range")
    return {s["student"]: [s[key] for key in keys] for s in outcome.students or []}


def compare(before: Graded, after: Graded, mapped: bool) -> tuple[str, set[str]]:
    """What became of a change: ``refused``, ``unaffected``, ``named`` and by which rules, ``silent`` or ``crash``."""
    if after[0].crash:
        return "crash", set()
    if after[0].students is None:
        return "refused", errors(after[0])
    new = {rule for rule, _, _ in after[1] - before[1]}
    if mapped:
        if after[0].students != before[0].students:
            return "used", set()
        new -= {"unused-columns"}  # another list of them only says that this column is no longer in it
        return ("named", new) if new else ("silent", new)
    if essence(before[0]) == essence(after[0]):
        return "unaffected", set()
    return ("named", new) if new else ("silent", new)


def hunt(case: Case, rng: random.Random, found: Silences, most: int | None) -> None:
    """Takes up to ``most`` things away from a case, one at a time, and enters what comes of it."""
    before = graded(case)
    if before[0].students is None:
        return
    found.cases += 1
    changes = [*removals(case), *mappings(case)]
    layout = case.label.partition(" ")[0]
    for kind, which, changed in changes if most is None or len(changes) <= most else rng.sample(changes, most):
        came, rules = compare(before, graded(changed), kind.startswith("map "))
        name = f"{layout}: {kind}"
        found.outcomes.setdefault(name, Counter())[came] += 1
        found.rules.setdefault(name, Counter()).update(rules)
        if came == "silent" and (name not in found.least or size_of(case) < size_of(found.least[name][0])):
            found.least[name] = case, which


def smallest(case: Case, kind: str, which: str) -> Case:
    """A smaller case in which the same change is as silent."""
    return shrink(case, (0, 0, 0), lambda smaller, _: _still(smaller, kind, which))[0]


def _still(case: Case, kind: str, which: str) -> bool:
    """Whether the same change is still silent in a smaller case."""
    before = graded(case)
    if before[0].students is None:
        return False
    changes = mappings(case) if kind.startswith("map ") else removals(case)
    changed = next((new for k, w, new in changes if (k, w) == (kind, which)), None)
    return changed is not None and compare(before, graded(changed), kind.startswith("map "))[0] == "silent"


def show(kind: str, case: Case, which: str) -> str:
    """A silent case to be typed in again, with what changes in the students."""
    changes = mappings(case) if kind.partition(": ")[2].startswith("map ") else removals(case)
    lines = [f"### {kind}", "", "```", written(case), f"=> {which}: nothing new is said"]
    for k, w, changed in changes:
        if (k, w) == (kind.partition(": ")[2], which):
            old, new = essence(graded(case)[0]), essence(graded(changed)[0])
            lines += [f"   {student}: {old[student]} -> {new.get(student)}" for student in old
                      if old[student] != new.get(student)]  # fmt: skip
            break
    return "\n".join([*lines, "```"])
