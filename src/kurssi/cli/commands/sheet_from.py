"""``kurssi sheet --from`` and ``--layouts``: what the columns of an export may be, and a workbook filled from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from textwrap import fill

from kurssi.cli import session
from kurssi.cli.inputs import show
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg, nmsg
from kurssi.policy.model import Policy
from kurssi.sheets import Reading, read_sheets
from kurssi.sheets.layouts import LAYOUTS, PLAIN
from kurssi.sheets.proposal import How, Proposal, propose
from kurssi.values.classlist import Student

WIDTH = 100

WHY: dict[How, Msg] = {
    "mapped": msg("as somebody has said"),
    "same name": msg("the same name"),
    "similar name": msg("nearly the same name: look at it"),
    "no part": msg("no part is called so"),
    "a sum": msg("a sum that the system made"),
}


def list_layouts() -> int:
    """Every layout, with what it is."""
    here = session.current
    layouts = [
        (PLAIN, msg("a table of your own, with the headers that kurssi knows")),
        *((x.name, x.title) for x in LAYOUTS),
    ]
    width = max(len(name) for name, _ in layouts)
    for name, title in layouts:
        here.out(
            fill(here.words.say(title), WIDTH, initial_indent=f"{name:<{width}}  ", subsequent_indent=" " * (width + 2))
        )
    return 0


def propose_columns(export: str, file: str, policy: Policy, reading: Reading) -> int:
    """Prints a ``columns:`` section for an export, to be looked at and pasted into the implementation file."""
    here = session.current
    raw = here.read(export)
    if raw is None:
        return EXIT_TROUBLE
    proposals, findings = propose("<stdin>" if export == "-" else export, raw, policy, reading)
    show(findings)
    if not proposals or any(finding.severity is Severity.error for finding in findings):
        return EXIT_FINDINGS
    for proposal in proposals:
        _print(proposal)
    unsure = [c for p in proposals for c in p.columns if c.how == "similar name"]
    here.note(
        nmsg(
            "{n} column is only called nearly as a part is. If it is right, paste this into {file}",
            "{n} columns are only called nearly as a part is. If they are right, paste this into {file}",
            n=len(unsure),
            file=file,
        )
        if unsure
        else msg("nothing is written; paste this into {file}, or write a workbook from it with -o", file=file)
    )
    return 0


def _print(proposal: Proposal) -> None:
    here = session.current
    where = proposal.file if proposal.worksheet is None else f"{proposal.file}, {proposal.worksheet}"
    here.out(
        "# "
        + here.words.say(
            nmsg(
                "{file}: {layout}, {n} student",
                "{file}: {layout}, {n} students",
                n=proposal.students,
                file=where,
                layout=proposal.layout,
            )
        )
    )
    named = {c.header: c for c in reversed(proposal.columns)}  # a sum may stand twice
    lines = [
        (
            f"{'' if c.target else '# '}{json.dumps(header, ensure_ascii=False)}{f': {c.target}' if c.target else ''}",
            here.words.say(WHY[c.how]),
        )
        for header, c in reversed(named.items())
    ]
    if any(c.target for c in named.values()):
        here.out("columns:")
    width = max((len(line) for line, _ in lines), default=0)
    for line, why in sorted(lines, key=lambda pair: pair[0].startswith("#")):
        here.out(f"  {line:<{width}}  {'' if line.startswith('#') else '# '}{why}")
    if proposal.lacking:
        here.out("# " + here.words.say(msg("no column for: {names}", names=", ".join(proposal.lacking))))


def students_of(export: str, roster: str | None, policy: Policy, reading: Reading) -> Sequence[Student] | int:
    """The students of an export with their scores, by a roster where there is one; or an exit code."""
    here = session.current
    sources = []
    for path in (roster, export):
        if path is not None:
            raw = here.read(path)
            if raw is None:
                return EXIT_TROUBLE
            sources.append(("<stdin>" if path == "-" else path, raw))
    class_list, findings = read_sheets(sources, policy, reading)
    show(findings)
    if class_list is None:
        here.note(msg("nothing is written: correct the errors first"))
        return EXIT_FINDINGS
    return class_list.students
