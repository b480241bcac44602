"""Many files at once: each is looked at by itself, on all cores where that saves time; then all of them together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kurssi import operating_system
from kurssi.cli import incoming, session
from kurssi.course.check import Seen, check, check_across, seen
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.finding import Finding, in_order, limited

WORTH_A_POOL = 64
"""With fewer files starting processes costs more than it saves."""


class CheckedFile(NamedTuple):
    """What was seen in one file."""

    name: str
    findings: tuple[Finding, ...]
    lines: Sequence[str]
    """The lines of the file, where a finding may quote them."""
    seen: Seen | None
    """None where it has no shape, or no other file is looked at."""


def validate_all(paths: Sequence[str], stdin_filename: str = "<stdin>") -> Iterator[CheckedFile | None]:
    """The files in order; ``None`` where one cannot be opened, which has been said then."""
    processes = operating_system.cores() if operating_system.can_start_processes() else 1
    if len(paths) < WORTH_A_POOL or processes == 1 or "-" in paths:
        for path in paths:
            raw = session.current.read(path, MAX_BYTES)
            name = stdin_filename if path == "-" else path
            yield None if raw is None else look(raw, path, name, alone=len(paths) == 1)
        return
    from kurssi.cli import culprits
    from kurssi.cli.pool import Died, outcomes

    # the first one builds what processes that are forked take over instead of building it again
    yield _said(paths[0], validate_file(paths[0]))
    for path, outcome in zip(paths[1:], outcomes(validate_file, paths[1:], processes), strict=True):
        if isinstance(outcome, Died):
            session.current.failed_to_open = True
            for message in culprits.of_job(path, outcome.how):
                session.current.complain(message)
            yield None
        else:
            yield _said(path, outcome)


def _said(path: str, outcome: CheckedFile | None) -> CheckedFile | None:
    """The same, once it is said why a file cannot be opened."""
    if outcome is None:
        session.current.read(path, MAX_BYTES)
    return outcome


def validate_file(path: str) -> CheckedFile | None:
    """One file in a process of the pool; ``None`` where it cannot be opened."""
    try:
        raw = incoming.read(path, MAX_BYTES)
    except (OSError, ValueError):
        return None
    return look(raw, path, path)


def look(raw: bytes, path: str, name: str, *, alone: bool = False) -> CheckedFile:
    """One file: its findings, and unless it is ``alone`` what the rules across files need of it."""
    folder = None if path == "-" else Path(path).parent
    exists = None if folder is None else lambda sheet: (folder / sheet).exists()
    checked = check(raw, name, exists)
    quoted = folder is None or any(finding.counts for finding in checked.findings)
    lines = checked.document.lines if quoted else ()
    return CheckedFile(name, tuple(limited(checked.findings)), lines, None if alone else seen(checked))


def gather(outcomes: Sequence[CheckedFile]) -> tuple[list[Finding], dict[str, Sequence[str]]]:
    """All findings, file by file, those across files among them; and the lines that they quote."""
    sources = {outcome.name: outcome.lines for outcome in outcomes if outcome.lines}
    apart = {os.path.realpath(outcome.name): outcome.seen for outcome in reversed(outcomes) if outcome.seen is not None}
    in_any_order = [apart[path] for path in sorted(apart)]  # what is said does not hang on the order of the arguments
    across: dict[str, list[Finding]] = {}
    for finding in check_across(in_any_order) if len(apart) > 1 else ():
        across.setdefault(finding.place.file, []).append(finding)
    found: list[Finding] = []
    for outcome in outcomes:
        mine = across.pop(outcome.name, [])
        found += in_order([*outcome.findings, *mine]) if mine else outcome.findings
        if mine and outcome.name not in sources and (raw := incoming.whole_file(outcome.name, MAX_BYTES)) is not None:
            sources[outcome.name] = raw.decode("utf-8", "replace").splitlines()
    return found, sources
