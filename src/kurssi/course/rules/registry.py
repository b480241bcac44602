"""The rule book: every rule is one function, and its docstring is its help page.

Most rules see one typed file (:func:`rule`). A rule on what stands beside the file gets a question that it may ask
(:func:`referenced_files`), a rule on what the policy can do gets the policy itself (:func:`policy_hazard`), and a rule
across files gets the facts of all of them (:func:`cross_file`).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from functools import cache, wraps
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Msg

if TYPE_CHECKING:  # most runs look at one file, and ask for none of these
    from kurssi.planning.crowding import Dates
    from kurssi.policy.model import Policy

T = TypeVar("T")


class Hit(NamedTuple):
    """A rule found something: where in the data, what, and the way out. The place is resolved later."""

    path: Path
    message: Msg
    help: Msg | None = None
    found: str | None = None
    key: bool = False
    """Point at the key rather than at the value."""


class Booking(NamedTuple):
    """A session that takes place at a known time (local, naive)."""

    session: int
    """Its place in ``schedule.sessions``, from 0."""
    topic: str
    start: datetime
    end: datetime


class Run(NamedTuple):
    """What a rule across files may know of one file."""

    file: str
    """The name of the file."""
    id: str
    code: str
    name: str
    credits: Fraction
    groups: tuple[str, ...]
    bookings: tuple[Booking, ...]
    timezone: str
    """The zone of the clock that the bookings are read on."""
    dates: "Dates"


Check = Callable[[ImplementationFile], Iterable[Hit]]
Exists = Callable[[str], bool]
"""Whether there is a file at a path relative to the implementation file."""
CheckReferencedFiles = Callable[[ImplementationFile, Exists], Iterable[Hit]]
CheckPolicyHazard = Callable[["Policy"], Iterable[Hit]]
CheckCrossFile = Callable[[Sequence[Run]], Iterable[tuple[int, Hit]]]
"""The hits, each with the number of the run that it stands in."""


class Rule(NamedTuple):
    """A rule of the book. At most one of the checks is there; none where a finding comes from loading."""

    name: str
    severity: Severity
    check: Check | None
    written: str
    """The docstring as it stands in the source."""
    referenced_files: CheckReferencedFiles | None = None
    cross_file: CheckCrossFile | None = None
    policy_hazard: CheckPolicyHazard | None = None
    worst: Severity | None = None
    """The severity of its graver findings, where it has findings of two."""

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Every severity that a finding of the rule may have."""
        return (self.severity,) if self.worst is None else (self.severity, self.worst)

    @property
    def doc(self) -> str:
        """The help page: the docstring without its indentation."""
        return _clean(self.written)

    @property
    def title(self) -> str:
        """What the rule checks, in one sentence."""
        return paragraphs(self.doc)[0]

    @property
    def help(self) -> list[str]:
        """Why, and examples: the paragraphs below the title."""
        return paragraphs(self.doc)[1:]


def once(ask: Callable[[ImplementationFile], T]) -> Callable[[ImplementationFile], T]:
    """Keeps the answer for the file that was asked about last: several rules rest on one sum."""
    last: list[tuple[ImplementationFile, T]] = []

    @wraps(ask)
    def answer(file: ImplementationFile) -> T:
        kept = last[0] if last else None
        if kept is None or kept[0] is not file:
            kept = (file, ask(file))
            last[:] = [kept]
        return kept[1]  # and not what is kept now: an editor has a file judged while the next one is looked at

    return answer


ONE_FILE = ("assessment", "outcomes", "referenced_files", "schedule", "sessions", "texts", "workload")
"""The modules and packages of rules that look at one file, and at what stands beside it."""

POLICY = ("policy_hazards",)
"""Those on what a policy can do."""

ACROSS_FILES = ("cross_file",)
"""Those that look at several files."""

FAMILIES = (*ONE_FILE, *POLICY, *ACROSS_FILES, "loading", "sheets", "survey")
"""The modules and packages that rules live in; findings of the last ones are made where something is read."""

_RULES: dict[str, Rule] = {}


def _entered(check: T, entry: Rule) -> T:
    _RULES[entry.name] = entry
    return check


def rule(name: str, severity: Severity) -> Callable[[Check], Check]:
    """Enters a check into the book under ``name``."""
    return lambda check: _entered(check, Rule(name, severity, check, check.__doc__ or ""))


def referenced_files(name: str, severity: Severity) -> Callable[[CheckReferencedFiles], CheckReferencedFiles]:
    """Enters a check of what stands beside the file."""
    return lambda check: _entered(check, Rule(name, severity, None, check.__doc__ or "", referenced_files=check))


def policy_hazard(name: str, severity: Severity) -> Callable[[CheckPolicyHazard], CheckPolicyHazard]:
    """Enters a check of what a policy can do; it is asked where the assessment has no error."""
    return lambda check: _entered(check, Rule(name, severity, None, check.__doc__ or "", policy_hazard=check))


def cross_file(name: str, severity: Severity) -> Callable[[CheckCrossFile], CheckCrossFile]:
    """Enters a check across files."""
    return lambda check: _entered(check, Rule(name, severity, None, check.__doc__ or "", cross_file=check))


def documented(name: str, severity: Severity, doc: str, worst: Severity | None = None) -> None:
    """Enters a rule whose findings are made elsewhere (in loading), so that it can be looked up all the same."""
    _RULES[name] = Rule(name, severity, None, doc, worst=worst)


@cache
def book() -> dict[str, Rule]:
    """All rules by name, in the order of the alphabet."""
    return _loaded(FAMILIES)


@cache
def checking() -> dict[str, Rule]:
    """The rules that check implementation files, in the order of the alphabet."""
    return dict(sorted({**rules_of_file(), **rules_of_policy(), **rules_across_files()}.items()))


@cache
def rules_of_file() -> dict[str, Rule]:
    """Those of them that look at one file, and at what stands beside it."""
    return {name: entry for name, entry in _loaded(ONE_FILE).items() if entry.check or entry.referenced_files}


@cache
def rules_of_policy() -> dict[str, Rule]:
    """Those of them on what a policy can do."""
    return {name: entry for name, entry in _loaded(POLICY).items() if entry.policy_hazard}


@cache
def rules_across_files() -> dict[str, Rule]:
    """Those of them that look at several files."""
    return {name: entry for name, entry in _loaded(ACROSS_FILES).items() if entry.cross_file}


def _loaded(families: Iterable[str]) -> dict[str, Rule]:
    for family in families:
        import_module(f".{family}", __package__)  # a module enters its rules when it is loaded
    return dict(sorted(_RULES.items()))


def _clean(doc: str) -> str:
    lines = doc.strip("\n").split("\n")
    first, rest = lines[0], lines[1:]
    indent = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first.strip(), *(line[indent:].rstrip() for line in rest)]).strip()


def paragraphs(doc: str) -> list[str]:
    """The paragraphs of a rule's help; prose is joined to one line, examples keep their lines."""
    return [p if p.startswith("    ") else " ".join(p.split()) for p in re.split(r"\n\s*\n", doc)]
