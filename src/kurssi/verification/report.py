"""A report as a whole: its seal, its policy, its students and its summary."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar

from kurssi.diagnostics.message import Msg, msg

from .composite import Cell, agreements
from .problems import Node, Problem, Unfit, compare, differs, shown, written
from .reach import AsOf
from .rules import CheckedPolicy, every, read_policy
from .steps import RuleKey
from .student import CheckedStudent, check_student
from .times import read_day

FORMAT = 1
COMMANDS = ("grade", "explain")
DEEPEST = 150
"""A report nests about five levels for every level of parts, and an implementation file nests 32 at most."""

_RULE = re.compile(r"(.*):([1-9][0-9]{0,8})", re.DOTALL)
_HASH = re.compile("[0-9a-f]{64}")


class NotAReport(Exception):
    """What was given is no report that can be verified."""

    def __init__(self, message: Msg) -> None:
        super().__init__(message.text)
        self.message = message


class CheckedReport(NamedTuple):
    """What was found out about a report."""

    problems: list[Problem]
    students: int
    wrong: int
    """Students of whom something does not follow."""
    inputs: list[tuple[str, str]]
    """The files that were read: path and SHA-256."""


def read_report(raw: bytes) -> dict[str, object]:
    """The document. Raises :class:`NotAReport` where it is none."""
    twice: list[str] = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        out = dict(items)
        if len(out) < len(items):
            twice.extend(key for key, number in Counter(key for key, _ in items).items() if number > 1)
        return out

    def constant(name: str) -> object:
        raise ValueError(name)

    try:
        text = raw.decode(json.detect_encoding(raw))
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except (ValueError, RecursionError):
        raise NotAReport(msg("this is not JSON; name what kurssi grade -o report.json or kurssi lock wrote")) from None
    if twice:
        raise NotAReport(msg("the key {key} stands twice in one object", key=twice[0]))
    check_format(data)
    return dict(data)


def check_format(data: object) -> None:
    """Raises :class:`NotAReport` for what ``kurssi grade`` or ``explain`` did not write."""
    if not isinstance(data, dict) or "kurssi" not in data or _deeper(data, DEEPEST):
        raise NotAReport(msg("this is not a report of kurssi"))
    number, command = data["kurssi"], data.get("command")
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise NotAReport(msg("this is not a report of kurssi"))
    if number > FORMAT:
        raise NotAReport(msg("the report has format {number}, which a newer kurssi wrote", number=str(number)[:20]))
    if command not in COMMANDS or "students" not in data:
        raise NotAReport(msg("this is not a report of kurssi grade or kurssi explain about one implementation"))


def _deeper(data: object, most: int) -> bool:
    level: list[object] = [data]
    for _ in range(most):
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                below += value.values()
            elif isinstance(value, list):
                below += value
        if not below:
            return False
        level = below
    return True


def verify(data: dict[str, object]) -> CheckedReport:
    """Everything in a report that does not follow from the rest. Never raises for what stands in it.

    ``data`` comes from :func:`read_report`, or has passed :func:`check_format`.
    """
    return _Check(Node(data, "")).verdict()


Found = TypeVar("Found")


class _Check:
    """One run over one report, collecting what is wrong."""

    def __init__(self, report: Node) -> None:
        self.report = report
        self.problems: list[Problem] = []
        self.inputs: list[tuple[str, str]] = []

    def take(self, read: Callable[[], Found], student: str | None = None) -> Found | None:
        """What ``read`` finds; None, with a problem, where it cannot be read."""
        try:
            return read()
        except Unfit as unfit:
            self.problems.append(unfit.problem(student))
            return None

    def verdict(self) -> CheckedReport:
        """Runs every check."""
        report = self.report
        self.take(self.seal)
        self.inputs = self.take(self.read_inputs) or []
        self.take(lambda: report["implementation"].text())
        plan = self.take(self.read_policy)
        students = self.take(lambda: report["students"].entries()) or []
        if report["command"].value == "explain" and len(students) != 1:
            self.problems.append(differs(None, "students", len(students), 1))
        if plan is None:
            return CheckedReport(self.problems, len(students), len(students), self.inputs)
        as_of = self.take(self.read_as_of) or AsOf(False, None)
        checked: list[CheckedStudent] = []
        seen: set[str] = set()
        wrong = 0
        for node in students:
            before = len(self.problems)
            one = self.student(node, plan, as_of, seen)
            if one is not None:
                checked.append(one)
            wrong += len(self.problems) > before
        self.lines(checked)
        if report["command"].value == "grade" and len(checked) == len(students):
            self.factors(checked, plan)
            self.take(lambda: self.agreement(checked, plan))
        self.take(lambda: self.summary(students, plan))
        return CheckedReport(self.problems, len(students), wrong, self.inputs)

    # ---- the report ------------------------------------------------------------------------------------

    def seal(self) -> None:
        """The seal is the hash of everything else."""
        data = self.report.mapping()
        seal = self.report["seal"]
        follows = _hash({key: value for key, value in data.items() if key != "seal"})
        if seal.value != follows:
            message = msg("the seal is broken: something in the report was changed after it was written")
            self.problems.append(Problem(None, "seal", message, shown(seal.value), shown(follows)))

    def read_inputs(self) -> list[tuple[str, str]]:
        """The files that were read: path and hash."""
        out = []
        for node in self.report["inputs"].entries():
            path, digest = node["path"].text(), node["sha256"].text()
            if not _HASH.fullmatch(digest):
                raise node["sha256"].wrong(msg("{found} is not a SHA-256", found=shown(digest)))
            out.append((path, digest))
        return out

    def read_policy(self) -> CheckedPolicy:
        """The policy, whose hash must be the one that the report gives."""
        policy = self.report["policy"]
        resolved = policy["resolved"]
        self.problems += compare(None, "policy.sha256", policy["sha256"].value, _hash(resolved.mapping()))
        return read_policy(resolved)

    def read_as_of(self) -> AsOf:
        """The day of ``--as-of``, where the report says it."""
        if "as_of" not in self.report.mapping():
            return AsOf(False, None)
        day = self.report["as_of"].given
        return AsOf(True, read_day(day) if day else None)

    # ---- students --------------------------------------------------------------------------------------

    def student(self, node: Node, plan: CheckedPolicy, as_of: AsOf, seen: set[str]) -> CheckedStudent | None:
        """One student; None where nothing can be derived."""
        name = self.take(lambda: node["student"].text())
        if name is None:
            return None
        if name in seen:
            self.problems.append(Problem(name, node.where, msg("the student stands there twice"), shown(name)))
        seen.add(name)
        files = [path for path, _ in self.inputs]
        here = Node(node.value, "")
        one = self.take(lambda: check_student(here, plan, as_of), name)
        self.take(lambda: self.sources(here["parts"], files, name), name)
        if one is not None:
            self.problems += one.problems
        return one

    def sources(self, parts: Node, files: Sequence[str], student: str) -> None:
        """Every score was read from a row of one of the inputs; a list without a header has scores in its first."""
        for _, part in parts.items():
            source = part["source"].given
            if source is not None:
                if source["file"].text() not in files:
                    message = msg("{file} is not among the inputs", file=source["file"].text())
                    self.problems.append(Problem(student, source["file"].where, message, shown(source["file"].value)))
                source["row"].whole(1)
                source["column"].text()
            self.sources(part["parts"], files, student)

    def lines(self, checked: Sequence[CheckedStudent]) -> None:
        """A rule stands on one line of the implementation file, whoever it was applied to."""
        file = self.inputs[0][0].replace("\\", "/").rpartition("/")[2] if self.inputs else None
        known: dict[RuleKey, object] = {}
        for one in checked:
            for place, rule, line in one.rules:
                match = _RULE.fullmatch(line) if isinstance(line, str) else None
                if match is None or (file is not None and match[1] != file):
                    message = msg("{found} is not a line of the implementation file", found=shown(line))
                    self.problems.append(Problem(one.student, f"{place}.rule", message, shown(line)))
                elif known.setdefault(rule, line) != line:
                    self.problems.append(differs(one.student, f"{place}.rule", line, known[rule]))

    def factors(self, checked: Sequence[CheckedStudent], plan: CheckedPolicy) -> None:
        """The factors of a group sum to its number: marks are shared out, none are made."""
        for rule in every(plan.parts):
            groups: dict[str, list[tuple[str, Fraction | None]]] = {}
            for one in checked:
                if one.group is not None and rule.id in one.factors:
                    groups.setdefault(one.group, []).append(one.factors[rule.id])
            for group, members in groups.items():
                factors = [factor for _, factor in members if factor is not None]
                if any(factor is None and state != "scored" for state, factor in members):
                    continue  # whether such a member took part the report does not say
                if factors and sum(factors) != len(factors):
                    message = msg(
                        "the factors of {part} in group {group} sum to {sum}, not to {n}",
                        part=rule.id,
                        group=group,
                        sum=written(sum(factors, Fraction(0))),
                        n=len(factors),
                    )
                    self.problems.append(Problem(None, "students", message))

    def agreement(self, checked: Sequence[CheckedStudent], plan: CheckedPolicy) -> None:
        """How far markers are apart follows from their marks; a work of a group is one work."""
        expected: list[object] = []
        for rule in every(plan.parts):
            if rule.markers is None:
                continue
            works: dict[object, Sequence[Cell]] = {}
            for one in checked:
                for number, cells in one.cells.get(rule.id, ()):
                    shared = rule.by_group and one.group is not None
                    works.setdefault((one.group, number, cells) if shared else (one.student, number, None), cells)
            found = agreements(rule.markers, list(works.values()))
            expected += [{"part": rule.id, **entry} for entry in found]
        given = self.report.mapping().get("markers", [])
        if given != expected:
            message = msg("how far the markers are apart does not follow from their marks")
            self.problems.append(Problem(None, "markers", message, shown(given), shown(expected)))

    def summary(self, students: Sequence[Node], plan: CheckedPolicy) -> None:
        """The counts follow from the students."""
        states: Counter[object] = Counter(shown(node.mapping().get("status")) for node in students)
        grades: Counter[object] = Counter(shown(node.mapping().get("grade")) for node in students)
        scale = plan.grades
        expected: dict[str, object] = {name: states[shown(name)] for name in ("graded", "failed", "incomplete")}
        spread = {
            label if scale.own else str(scale.lowest + place): grades[shown(scale.lowest + place)]
            for place, label in enumerate(scale.labels)
        }
        expected["distribution"] = spread
        summary = self.report["summary"]
        self.problems += compare(None, "summary", summary.mapping(), expected)
        for key, _ in summary["distribution"].items():
            if key not in spread:
                where = f"summary.distribution.{key}"
                self.problems.append(Problem(None, where, msg("the scale has no such grade")))


def _hash(value: object) -> str:
    """SHA-256 of the value as JSON without spaces, keys sorted, in UTF-8."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
