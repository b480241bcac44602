"""A graded class with everything that belongs to it: the one value that all reports are written from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from kurssi.analysis.influence import influential_markers
from kurssi.course.check import Checked
from kurssi.course.model import ImplementationFile
from kurssi.course.yaml_reader import Document
from kurssi.diagnostics.finding import Finding, Path, Severity
from kurssi.diagnostics.message import msg
from kurssi.grading import Grader, Override, Result, Step
from kurssi.policy.model import Policy
from kurssi.sheets import AS_IS, Reading, idle_marks, idle_rules, place_of, read_overrides, read_sheets
from kurssi.values.classlist import ClassList, Input, Source

if TYPE_CHECKING:  # a table on the screen shows no steps
    from kurssi.grading import Explainer

Named = tuple[str, bytes]
"""A file as the user named it, and its bytes."""


@dataclass(frozen=True, eq=False, repr=False)  # there is one; what it holds is long, and about people
class Gradebook:
    """A class, graded."""

    file: ImplementationFile
    document: Document
    policy: Policy
    class_list: ClassList
    results: tuple[Result, ...]
    """In the order of the roster."""
    inputs: tuple[Input, ...]
    """The implementation file, the sheets and the overrides, in the order they were read."""
    findings: tuple[Finding, ...]
    """What was found on the way and did not stop the grading."""
    as_of: date | None = None
    """The day at which what may still come counts as open."""
    reading: Reading = AS_IS
    """What the user said about the sheets."""

    @property
    def id(self) -> str:
        """The implementation's id."""
        return self.file.implementation.id

    @cached_property
    def resolved(self) -> Mapping[str, object]:
        """The policy with every default filled in, as JSON holds it."""
        from kurssi.policy.resolved_policy import resolved  # for reports alone

        return resolved(self.policy)

    @cached_property
    def policy_hash(self) -> str:
        """SHA-256 of the resolved policy: two files with the same rules have the same."""
        import hashlib
        import json  # like hashlib, for reports alone

        text = json.dumps(self.resolved, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _explainer(self) -> Explainer:
        from kurssi.grading import Explainer

        return Explainer(self.policy)

    def with_findings(self, findings: Sequence[Finding]) -> Gradebook:
        """The same class, with other findings."""
        return replace(self, findings=tuple(findings))

    def steps(self, result: Result) -> tuple[Step, ...]:
        """Every step that led to a result of this class; the last one is the grade."""
        return self._explainer.steps(result)

    def rule(self, path: Path) -> str:
        """Where a rule stands: ``KH00BT03-2024.yaml:47``."""
        name = self.document.name.replace("\\", "/").rpartition("/")[2]
        return f"{name}:{self.document.place(path, key=True).line}"

    @cached_property
    def tally(self) -> Counter[tuple[str, int | None]]:
        """Students by status and grade."""
        return Counter((result.status, result.grade) for result in self.results)

    def count(self, status: str) -> int:
        """How many students have this status."""
        return sum(n for (found, _), n in self.tally.items() if found == status)

    def distribution(self) -> dict[str, int]:
        """How many students have each grade of the scale, by its key."""
        scale = self.policy.scale
        return {scale.key(g): sum(n for (_, grade), n in self.tally.items() if grade == g) for g in scale.grades}


def grade(
    checked: Checked,
    raw: bytes,
    sheets: Sequence[Named],
    overrides: Named | None = None,
    *,
    reading: Reading = AS_IS,
    as_of: date | None = None,
    only: str | None = None,
) -> tuple[Gradebook | None, list[Finding]]:
    """The graded class, or None, and what is wrong. Nothing is graded from a file or a sheet with errors.

    ``checked.gradable`` must hold. ``reading`` is what the user says about the sheets, beside the file's own
    ``columns:``. ``only`` grades one student of the class.
    """
    if checked.file is None:
        raise ValueError("the file has no shape")
    policy = checked.policy
    class_list, findings = read_sheets(sheets, policy, reading._replace(columns=checked.file.columns or {}))
    if class_list is not None:
        findings += idle_rules(policy, class_list.students)
        if only is None and any(part.markers for part in policy.leaves()):
            from .agreement import agreement_findings

            findings += agreement_findings(policy, class_list)
    findings = [f._replace(place=checked.document.place(f.path, key=True)) if f.path else f for f in findings]
    inputs = [Input(checked.document.name, raw), *(Input(name, data) for name, data in sheets)]
    set_by_hand: dict[str, Override] = {}
    if overrides is not None:
        name, data = overrides
        entries, more = read_overrides(name, data, policy.scale)
        findings += more
        inputs.append(Input(name, data))
        known = {s.student for s in class_list.students} if class_list else None
        for entry in entries:
            if known is not None and entry.student not in known:
                findings.append(_stranger(entry.student, entry.source))
            set_by_hand[entry.student] = Override(entry.grade, entry.reason, entry.by, entry.date)
    if class_list is None or any(f.severity is Severity.error for f in findings):
        return None, findings
    grader = Grader(policy, class_list, as_of=as_of)
    results = tuple(grader.results(class_list.students, set_by_hand, only=only))
    if only is None and class_list.peer_marks:
        findings += idle_marks(policy, class_list, _moved(results))
    findings += influential_markers(grader, class_list, results)
    book = Gradebook(
        checked.file,
        checked.document,
        policy,
        class_list,
        results,
        tuple(inputs),
        (*checked.findings, *findings),
        as_of,
        reading,
    )
    return book, findings


def kinds_of(paths: Sequence[str]) -> list[str]:
    """What each input of a class is, in the order of :attr:`Gradebook.inputs`: file, sheet or overrides."""
    kinds = ["file", *["sheet"] * (len(paths) - 1)]
    if len(paths) > 2 and paths[-1].replace("\\", "/").rpartition("/")[2] == "overrides.csv":
        kinds[-1] = "overrides"
    return kinds


def _moved(results: Sequence[Result]) -> dict[str, set[str]]:
    """The students whose value of a part peer marks could move, by part."""
    moved: dict[str, set[str]] = {}
    for result in results:
        parts = list(result.parts)
        while parts:
            one = parts.pop()
            parts += one.children
            if one.peer is not None:
                moved.setdefault(one.part.id, set()).add(result.student.student)
    return moved


def _stranger(student: str, source: Source) -> Finding:
    return Finding(
        "unknown-student",
        Severity.error,
        msg("the student {student} is not in the class", student=student),
        place_of(source),
        msg("correct the number, or give the sheet that the student is in"),
    )
