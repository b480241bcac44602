"""From bytes to findings: load, shape, rules, places, and what the file itself accepts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kurssi.course.drafts import Draft
from kurssi.diagnostics.finding import Finding, Path, Place, Severity, in_order
from kurssi.diagnostics.message import Msg, msg

from .decoding import Shaped, decode
from .model import Accepted, ImplementationFile, Late, expanded, has_series, is_table, written
from .rules import Exists, Hit, Rule, Run, book, checking, rules_across_files, rules_of_file, rules_of_policy
from .yaml_reader import Document, load

if TYPE_CHECKING:  # only what grades needs it at run time
    from kurssi.policy.model import Policy

NOT_ACCEPTABLE = frozenset(
    {"bad-yaml", "duplicate-key", "unknown-key", "missing-key", "wrong-type", "unknown-value", "accepted-unused"}
)
"""Rules that ``accepted:`` cannot silence: a file that cannot be read says nothing reliable."""


class PlaceOf(Protocol):
    """Says where in the file a path stands."""

    def __call__(self, path: Path, *, key: bool = False) -> Place:
        """The place of a value; ``key`` asks for its key's."""
        ...


class Resolved:
    """The policy of a file, resolved when it is first asked for, and once."""

    def __init__(self, file: ImplementationFile) -> None:
        self._file = file

    @cached_property
    def policy(self) -> Policy:
        """The assessment with every default filled in. Raises :class:`ValueError` where there is none."""
        from kurssi.policy.model import resolve  # most files need none

        return resolve(self._file)


class Checked(NamedTuple):
    """A file that was looked at: the document, its typed content where the shape is right, and the findings."""

    document: Document
    file: ImplementationFile | None
    findings: tuple[Finding, ...]
    resolved: Resolved | None = None
    """The policy, where the shape is right."""

    @property
    def policy(self) -> Policy:
        """The assessment with every default filled in. Raises :class:`ValueError` where nothing can be graded."""
        if self.resolved is None or not self.gradable:
            raise ValueError("there is no assessment without errors")
        return self.resolved.policy

    @property
    def gradable(self) -> bool:
        """Whether nothing in loading or in the assessment is an error."""
        return self.file is not None and not any(blocks_grading(f) for f in self.findings)


def blocks_grading(finding: Finding) -> bool:
    """Whether nothing may be graded because of this finding: an error of loading, the assessment, or the columns.

    An error of the assessment cannot be accepted away for grading: there would be no rule to grade by.
    """
    return finding.severity is Severity.error and (
        finding.rule in NOT_ACCEPTABLE or finding.path[:1] in (("assessment",), ("columns",))
    )


def check(raw: bytes, name: str, exists: Exists | None = None, go_on: Callable[[], bool] = lambda: True) -> Checked:
    """Everything there is to say about one file. Never raises for what is in the file.

    ``exists`` says whether there is a file at a path relative to this one; without it nobody asks. ``go_on`` is asked
    before each way in which a file of a wrong shape may have been meant: once it says no, rules say nothing of it.
    """
    document = load(raw, name)
    resolved: Resolved | None = None
    shaped = decode(document)
    findings = [*document.findings, *shaped.findings]
    found: Iterable[Finding]
    file = None if shaped.file is None else expanded(shaped.file)
    if file is not None:
        resolved = Resolved(file)
        found = list(_judged(resolved, file, document.place, exists, findings))
        found = _settled(file.accepted, document.place, found)
    else:
        found = _certain(shaped, exists, go_on)
    return Checked(document, file, tuple(in_order([*findings, *found])), resolved)


def _judged(
    resolved: Resolved,
    shape: ImplementationFile,
    place: PlaceOf,
    exists: Exists | None,
    loading: Sequence[Finding] = (),
    rules: Collection[Rule] | None = None,
) -> Iterator[Finding]:
    """What the rules find in a file of the right shape. ``loading``: what loading found; ``rules``: only these.

    What holds of several of a series, which stand at one place in the file, is said once.
    """
    found = list(loading)
    once: set[tuple[str, Path, str]] = set()
    series = has_series(shape)
    for rule in rules_of_file().values() if rules is None else rules:
        hits: Iterable[Hit] = ()
        if rule.check is not None:
            hits = rule.check(shape)
        elif rule.referenced_files is not None and exists is not None:
            hits = rule.referenced_files(shape, exists)
        for given in hits:
            hit = given
            if series:
                hit = given._replace(path=written(shape, given.path))
                about = (rule.name, hit.path, hit.message.text)
                if hit.path != given.path and about in once:
                    continue
                once.add(about)
            found.append(_finding(rule, hit, place(hit.path, key=hit.key)))
            yield found[-1]
    if _has_choices(shape) and not any(blocks_grading(finding) for finding in found):
        for rule in rules_of_policy().values() if rules is None else rules:
            for hit in rule.policy_hazard(resolved.policy) if rule.policy_hazard is not None else ():
                about = (rule.name, hit.path, hit.message.text)
                if not series or about not in once:
                    yield _finding(rule, hit, place(hit.path, key=hit.key))
                once.add(about)


def _certain(shaped: Shaped, exists: Exists | None, go_on: Callable[[], bool]) -> list[Finding]:
    """What holds of a file whose shape is wrong, whatever its author meant: found in every draft of it."""
    if shaped.draft is None or not go_on():
        return []
    from kurssi.course.readings import drafts  # most files need none

    def judged(draft: Draft, rules: Collection[Rule] | None = None) -> dict[str, Finding]:
        file = expanded(ImplementationFile.model_validate(draft.data))
        found = list(_judged(Resolved(file), file, draft.place, exists, rules=rules))
        settled = list(_settled(file.accepted, draft.place, found, partly=True))
        return {repr(f): f for f in (s._replace(path=draft.original(s.path)) for s in settled)}

    found = judged(shaped.draft)
    accepted = [(finding.rule, finding.found) for finding in found.values()]
    count = 0
    for draft in drafts(shaped.draft, shaped.faults, accepted) if found else ():
        if not go_on():
            return []
        count += 1
        other = judged(draft, _needed_for(found.values()))
        found = {key: finding for key, finding in found.items() if key in other}
        if not found:
            break
    return list(found.values()) if count or not shaped.faults else []


def _needed_for(findings: Iterable[Finding]) -> Collection[Rule] | None:
    """The rules that can say whether these findings hold of another draft; ``None`` where it takes all.

    An entry that matches nothing hangs on the rule that it names, and what the policy may do on all the others.
    """
    names = {finding.rule for finding in findings}
    rules = [rule for rule in checking().values() if rule.name in names]
    if "accepted-unused" in names or any(rule.policy_hazard is not None for rule in rules):
        return None
    return rules


def _has_choices(file: ImplementationFile) -> bool:
    """Whether the assessment says something that can have an effect its author did not mean; defaults have none."""
    given = file.assessment
    if given is None:
        return False
    todo, lates = [(part, False) for part in given.parts], [given.late]
    for part, inner in todo:
        if part.ways or part.minimum is not None or part.required is not None or part.retake_at_most is not None:
            return True
        if part.stepped is not None or (inner and not part.valued):
            return True
        lates.append(part.late)
        todo += [(child, True) for child in part.parts]
    rules = [late for late in lates if isinstance(late, Late)]
    return any(late.free is not None or (late.deduct is not None and is_table(late.deduct.form)) for late in rules)


def _finding(rule: Rule, hit: Hit, place: Place) -> Finding:
    return Finding(rule.name, rule.severity, hit.message, place, hit.help, hit.found, hit.path)


# ---- across files ------------------------------------------------------------------------------------------


class Seen(NamedTuple):
    """What is kept of a file for the rules across files: its facts, the places they may point at, what it accepts."""

    run: Run
    places: Mapping[Path, Place]
    accepted: tuple[tuple[int, str, str | None, str], ...]
    """(number, rule, found, reason) of the entries that accept findings across files."""


def seen(checked: Checked) -> Seen | None:
    """The facts of a file that could be read."""
    file, document = checked.file, checked.document
    if file is None:
        return None
    from .rules.cross_file import run_of  # who looks at one file has none beside it

    run = run_of(file, document.name)
    paths: list[Path] = [("implementation", "id"), ("course", "credits"), ("course", "name")]
    paths += [("schedule", "sessions", booking.session, "start") for booking in run.bookings]
    paths += [due.path for due in (*run.dates.deadlines, *run.dates.exams)]
    accepted = [
        (index, entry.rule, entry.found, entry.reason)
        for index, entry in enumerate(file.accepted)
        if entry.rule in rules_across_files()
    ]
    paths += [("accepted", index, "rule") for index, *_ in accepted]
    return Seen(run, {path: document.place(path) for path in paths}, tuple(accepted))


def check_across(files: Sequence[Seen]) -> list[Finding]:
    """What rules across files find, with what each file accepts of it; in order within each file."""
    found: list[list[Finding]] = [[] for _ in files]
    runs = [file.run for file in files]
    for rule in rules_across_files().values():
        for number, hit in rule.cross_file(runs) if rule.cross_file is not None else ():
            found[number].append(_finding(rule, hit, files[number].places[hit.path]))
    out: list[Finding] = []
    for file, findings in zip(files, found, strict=True):
        rules = {finding.rule for finding in findings}
        # Another file may be what an entry is about: only an entry whose figure has changed is known to be wrong.
        entries = [(n, Accepted(rule=r, found=f, reason=w)) for n, r, f, w in file.accepted if r in rules]
        numbers = [number for number, _ in entries]
        settled = _settled([entry for _, entry in entries], file.places.__getitem__, findings, numbers)
        out += in_order(settled)
    return out


# ---- what is accepted --------------------------------------------------------------------------------------


def _settled(
    entries: Sequence[Accepted],
    place: Callable[[Path], Place],
    findings: Sequence[Finding],
    numbers: Sequence[int] = (),
    *,
    partly: bool = False,
) -> Iterable[Finding]:
    """The findings, with the reason at those that the file accepts, and a warning for each entry that matches none.

    ``numbers``: where the entries stand under ``accepted:``, if not one after the other from the first. ``partly``:
    not all of the file can be judged, so that what an entry is about may be among what cannot.
    """
    used = set()
    for finding in findings:
        reason = None
        for index, entry in enumerate(entries):
            if entry.rule == finding.rule and entry.found == finding.found and entry.reason.strip():
                used.add(index)
                reason = reason or entry.reason
        yield finding._replace(accepted=reason)
    for index, entry in enumerate(entries):
        if index in used or (not numbers and _found_elsewhere(entry)) or (partly and _may_match(entry)):
            continue
        message, hint = _unused(entry, [f.found for f in findings if f.rule == entry.rule])
        path = ("accepted", numbers[index] if numbers else index, "rule")
        yield Finding("accepted-unused", Severity.warning, message, place(path), hint, entry.rule, path)


def _found_elsewhere(entry: Accepted) -> bool:
    """Whether this file alone cannot tell that the entry matches nothing."""
    rule = checking().get(entry.rule)
    return (
        rule is not None
        and bool(entry.reason.strip())
        and (rule.cross_file is not None or rule.referenced_files is not None)
    )


def _may_match(entry: Accepted) -> bool:
    """Whether there can be a finding that the entry accepts."""
    # Hardly any file accepts a finding that no rule for files makes: the other help pages need not be loaded.
    known = entry.rule in checking() or entry.rule in book()
    return known and entry.rule not in NOT_ACCEPTABLE and bool(entry.reason.strip())


def _unused(entry: Accepted, found: Sequence[str | None]) -> tuple[Msg, Msg]:
    """Why an entry of ``accepted`` matches nothing, and the way out; ``found``: the figures of the rule's findings."""
    figures = [figure for figure in found if figure is not None]
    if not entry.reason.strip():
        return msg("{rule} is accepted without a reason", rule=entry.rule), msg("write the reason")
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
        return msg("{rule} names no figure to accept", rule=entry.rule), msg(
            "the rule has no figure: the entry is complete without found:"
        )
    return msg("{rule} is accepted, but nothing is found", rule=entry.rule), msg("the entry is no longer needed")
