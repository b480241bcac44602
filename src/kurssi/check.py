"""From bytes to findings: load, shape, rules, places, and what the file itself accepts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from .findings import Finding, Severity, in_order
from .messages import Msg, msg
from .model import Accepted, ImplementationFile
from .rules import book, checks
from .shape import read_shape
from .yamlio import Document, load

NOT_ACCEPTABLE = frozenset(
    {"bad-yaml", "duplicate-key", "unknown-key", "missing-key", "wrong-type", "unknown-value", "accepted-unused"}
)
"""Rules that ``accepted:`` cannot silence: a file that cannot be read says nothing reliable."""


@dataclass(frozen=True)
class Checked:
    """A file that was looked at: the document, its typed content where the shape is right, and the findings."""

    document: Document
    file: ImplementationFile | None
    findings: tuple[Finding, ...]

    @property
    def gradable(self) -> bool:
        """Whether nothing in loading or in the assessment is an error."""
        return self.file is not None and not any(blocks_grading(f) for f in self.findings)


def blocks_grading(finding: Finding) -> bool:
    """Whether nothing may be graded because of this finding: an error of loading or of the assessment.

    An error of the assessment cannot be accepted away for grading: there would be no rule to grade by.
    """
    return finding.severity is Severity.error and (
        finding.rule in NOT_ACCEPTABLE or finding.path[:1] == ("assessment",)
    )


def check(raw: bytes, name: str) -> Checked:
    """Everything there is to say about one file. Never raises for what is in the file."""
    document = load(raw, name)
    shape, findings = read_shape(document)
    findings = [*document.findings, *findings]
    if shape is None:
        return Checked(document, None, tuple(in_order(findings)))
    found = []
    for rule in checks():
        if rule.check is not None:
            for hit in rule.check(shape):
                place = document.place(hit.path, key=hit.key)
                found.append(Finding(rule.name, rule.severity, hit.message, place, hit.help, hit.found, hit.path))
    return Checked(document, shape, tuple(in_order([*findings, *_accepted(shape, document, found)])))


def _accepted(file: ImplementationFile, document: Document, findings: Sequence[Finding]) -> Iterable[Finding]:
    """The findings, with the reason at those that the file accepts, and a warning for each entry that matches none."""
    used = set()
    for finding in findings:
        reason = None
        for index, entry in enumerate(file.accepted):
            if entry.rule == finding.rule and entry.found == finding.found and entry.reason.strip():
                used.add(index)
                reason = reason or entry.reason
        yield finding._replace(accepted=reason)
    for index, entry in enumerate(file.accepted):
        if index in used:
            continue
        message, hint = _unused(entry, [f.found for f in findings if f.rule == entry.rule])
        path = ("accepted", index, "rule")
        yield Finding("accepted-unused", Severity.warning, message, document.place(path), hint, entry.rule, path)


def _unused(entry: Accepted, found: Sequence[str | None]) -> tuple[Msg, Msg]:
    """Why an entry of ``accepted`` matches nothing, and the way out; ``found``: the figures of the rule's findings."""
    figures = [figure for figure in found if figure is not None]
    if not entry.reason.strip():
        return msg("{rule} is accepted without a reason", rule=entry.rule), msg("write the reason, or delete the entry")
    if entry.rule in NOT_ACCEPTABLE:
        return msg("{rule} cannot be accepted", rule=entry.rule), msg("correct the file")
    if entry.rule not in book():
        close = get_close_matches(entry.rule, book(), 1, 0.5)
        near = msg("did you mean “{key}”?", key=close[0]) if close else msg("kurssi rule lists the rules")
        return msg("there is no rule “{name}”", name=entry.rule), near
    if figures and entry.found is None:
        hint = msg("add found: {found}, so that the finding is back once the figure changes", found=figures[0])
        return msg("{rule} is accepted without the figure that was found", rule=entry.rule), hint
    if figures:
        hint = msg("the finding says found: {found}; look at it again before you change the entry", found=figures[0])
        return msg("{rule} is accepted with another figure than the file has now", rule=entry.rule), hint
    if found:
        return msg("{rule} names no figure to accept", rule=entry.rule), msg("delete found: from the entry")
    return msg("{rule} is accepted, but nothing is found", rule=entry.rule), msg("delete the entry")
