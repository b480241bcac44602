"""The files that a report was made from, read again, for ``kurssi verify`` to compare the report with.

The reader is the one that graded (``sheets``): which cell is whose score is not a question of computing. What it reads
is handed to ``verification`` as plain values; see docs/adr/0008.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from kurssi.cli import session
from kurssi.cli.options import reading
from kurssi.cli.session import Trouble
from kurssi.course.check import check
from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.gradebook.gradebook import kinds_of
from kurssi.policy.model import Policy
from kurssi.policy.resolved_policy import resolved
from kurssi.sheets import Reading, read_overrides, read_sheets
from kurssi.sheets.overrides import Override
from kurssi.values.classlist import Attempt, ClassList, Source, Sources, Student
from kurssi.values.times import clock_text
from kurssi.verification import InputState, Mark, Problem, ReadAttempt, ReadClass, ReadStudent, against_inputs


class NotRead(Exception):
    """The inputs cannot be read as the report says that they were."""

    def __init__(self, where: str, message: Msg) -> None:
        super().__init__(message.text)
        self.problem = Problem(None, where, message)


def compare_with_inputs(report: dict[str, object], inputs: Sequence[InputState]) -> list[Problem] | None:
    """Where the report does not say what its inputs say; None where not all of them are here, unchanged."""
    files: list[tuple[str, bytes]] = []
    for number, state in enumerate(inputs):
        data = None if state.place is None else session.current.read(str(state.place))
        if data is None or hashlib.sha256(data).hexdigest() != _said_hash(report, number):
            return None
        files.append((state.path, data))
    if not files:
        return None
    try:
        return against_inputs(report, read_class(files, _reading(report)))
    except NotRead as no:
        return [no.problem]


def _said_hash(report: dict[str, object], number: int) -> object:
    inputs = report["inputs"]
    return inputs[number]["sha256"] if isinstance(inputs, list) else None


def _reading(report: dict[str, object]) -> Reading:
    """What the report says about how its sheets were read."""
    said = report.get("reading", {})
    texts = [said.get(key, []) for key in ("map", "layout")] if isinstance(said, dict) else [None]
    if not all(isinstance(many, list) and all(isinstance(text, str) for text in many) for many in texts):
        raise NotRead("reading", msg("this is not how sheets are read"))
    try:
        return reading(*texts)
    except Trouble as trouble:
        raise NotRead("reading", trouble.message) from None


def read_class(files: Sequence[tuple[str, bytes]], how: Reading) -> ReadClass:
    """What the implementation, the sheets and the overrides say. Raises :class:`NotRead` where they have errors."""
    (name, raw), *others = files
    checked = check(raw, name)
    if not checked.gradable or checked.file is None or checked.file.assessment is None:
        raise NotRead("inputs.1", _first(name, checked.findings))
    kinds = kinds_of([path for path, _ in files])[1:]
    sheets = [file for file, kind in zip(others, kinds, strict=True) if kind == "sheet"]
    class_list, findings = read_sheets(sheets, checked.policy, how._replace(columns=checked.file.columns or {}))
    if class_list is None:
        raise NotRead("inputs", _first(sheets[0][0] if sheets else name, findings))
    overrides: tuple[Override, ...] = ()
    if "overrides" in kinds:
        overrides, findings = read_overrides(*others[-1], checked.policy.scale)
        if any(finding.severity is Severity.error for finding in findings):
            raise NotRead(f"inputs.{len(files)}", _first(others[-1][0], findings))
    return _plain(checked.file, checked.policy, class_list, {one.student: one for one in overrides})


def _first(file: str, findings: Sequence[Finding]) -> Msg:
    """The first error, as the reason why nothing can be graded from the inputs."""
    for finding in findings:
        if finding.severity is Severity.error:
            where = finding.place.file if finding.place is not None else file
            return msg("nothing can be graded from {file} as it is: {problem}", file=where, problem=finding.message)
    return msg("nothing can be graded from {file} as it is", file=file)


def _plain(
    file: ImplementationFile, policy: Policy, class_list: ClassList, overrides: dict[str, Override]
) -> ReadClass:
    marks = class_list.peer_marks
    return ReadClass(
        implementation=file.implementation.id,
        policy=resolved(policy),
        students=tuple(
            _student(student, overrides.get(student.student), class_list.sources) for student in class_list.students
        ),
        marks=None if marks is None else tuple(Mark(one.marker, one.member, one.marks) for one in marks),
    )


def _student(student: Student, override: Override | None, sources: Sources) -> ReadStudent:
    texts: dict[str, str | None] = {"name": student.name, "group": student.group}
    texts |= {key: text for key, text in (("email", student.email), ("login", student.login)) if text}
    return ReadStudent(
        student=student.student,
        texts=texts,
        attempts={
            part: tuple(
                _attempt(attempt, sources.of(student.student, part, n)) for n, attempt in enumerate(attempts, 1)
            )
            for part, attempts in student.attempts.items()
        },
        level=student.level,
        attended=student.attended,
        override=None
        if override is None
        else {"grade": override.grade, "reason": override.reason, "by": override.by, "date": override.date},
    )


def _attempt(attempt: Attempt, source: Source | None) -> ReadAttempt:
    return ReadAttempt(
        state=attempt.state,
        score=attempt.score,
        submitted=None if attempt.submitted is None else str(attempt.submitted),
        due=None if attempt.due is None else str(attempt.due),
        lateness=None if attempt.lateness is None else clock_text(attempt.lateness),
        own=attempt.own,
        source=None if source is None else {"file": source.file, "row": source.row, "column": source.column},
    )
