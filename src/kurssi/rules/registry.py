"""The rule book: every rule is one function, and its docstring is its help page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import NamedTuple

from kurssi.findings import Path, Severity
from kurssi.messages import Msg
from kurssi.model import ImplementationFile


class Hit(NamedTuple):
    """A rule found something: where in the data, what, and the way out. The place is resolved later."""

    path: Path
    message: Msg
    help: Msg | None = None
    found: str | None = None
    key: bool = False
    """Point at the key rather than at the value."""


Check = Callable[[ImplementationFile], Iterable[Hit]]


class Rule(NamedTuple):
    """A rule of the book."""

    name: str
    severity: Severity
    check: Check | None
    """``None`` where the finding comes from loading or from accepting, not from a check of its own."""
    doc: str

    @property
    def title(self) -> str:
        """What the rule checks, in one sentence."""
        return paragraphs(self.doc)[0]


FAMILIES = ("assessment", "feedback", "loading", "schedule", "sheets", "workload")
"""The modules that rules live in."""

_RULES: dict[str, Rule] = {}


def rule(name: str, severity: Severity) -> Callable[[Check], Check]:
    """Enters a check into the book under ``name``."""

    def enter(check: Check) -> Check:
        _RULES[name] = Rule(name, severity, check, _clean(check.__doc__ or ""))
        return check

    return enter


def documented(name: str, severity: Severity, doc: str) -> None:
    """Enters a rule whose findings are made elsewhere (in loading), so that it can be looked up all the same."""
    _RULES[name] = Rule(name, severity, None, _clean(doc))


def book() -> dict[str, Rule]:
    """All rules by name, in the order of the alphabet."""
    for family in FAMILIES:
        import_module(f".{family}", __package__)  # a module enters its rules when it is loaded
    return dict(sorted(_RULES.items()))


def checks() -> Iterator[Rule]:
    """The rules that check a loaded file."""
    return (entry for entry in book().values() if entry.check is not None)


def _clean(doc: str) -> str:
    lines = doc.strip("\n").split("\n")
    first, rest = lines[0], lines[1:]
    indent = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first.strip(), *(line[indent:].rstrip() for line in rest)]).strip()


def paragraphs(doc: str) -> list[str]:
    """The paragraphs of a rule's help; prose is joined to one line, examples keep their lines."""
    return [p if p.startswith("    ") else " ".join(p.split()) for p in re.split(r"\n\s*\n", doc)]
