"""``kurssi validate``: findings on files or folders."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Annotated, NamedTuple

import typer

from kurssi.cli import session
from kurssi.cli.options import FindingFormat, Force, Implementations, Output, Strict, tr
from kurssi.cli.outputs import refuse_others, suffix, write_text
from kurssi.cli.session import EXIT_TROUBLE, Trouble
from kurssi.course.rules import book
from kurssi.diagnostics.finding import Finding
from kurssi.diagnostics.message import Terms, msg
from kurssi.diagnostics.renderers.common import Paint, Sources
from kurssi.diagnostics.renderers.json_finding import as_json
from kurssi.diagnostics.renderers.registry import renderer
from kurssi.diagnostics.renderers.text import summary
from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words

from .batch_validation import gather, validate_all

HELP = msg("Find what is wrong with implementation files. Without PATH: the folder implementations/.")

SUFFIXES = {
    ".json": FindingFormat.json,
    ".sarif": FindingFormat.sarif,
    ".xml": FindingFormat.junit,
    ".txt": FindingFormat.text,
}
"""What ``-o`` writes, by the suffix of the file."""

Rules = list[str] | None


class Report(NamedTuple):
    """What was found in which files: everything that a renderer may need."""

    findings: Sequence[Finding]
    sources: Sources
    names: Sequence[str]
    strict: bool


def command(
    path: Implementations = None,
    format_: Annotated[
        FindingFormat, typer.Option("--format", help=tr("How findings are printed."))
    ] = FindingFormat.auto,
    output: Output = None,
    force: Force = False,
    select: Annotated[
        Rules, typer.Option("--select", help=tr("Only findings of this rule."), metavar="RULE", show_default=False)
    ] = None,
    ignore: Annotated[
        Rules, typer.Option("--ignore", help=tr("No findings of this rule."), metavar="RULE", show_default=False)
    ] = None,
    strict: Strict = False,
    fix: Annotated[
        bool, typer.Option("--fix", help=tr("Mend what has exactly one right answer; comments and layout stay."))
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help=tr("Show what --fix would change, and write nothing."))] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help=tr("With --fix: say only what is changed; another run shows the findings."))
    ] = False,
    stdin_filename: Annotated[
        str, typer.Option(help=tr("The name of what comes from standard input."), metavar="NAME")
    ] = "<stdin>",
) -> int:
    """Checks the files one by one, then across; a bad one never stops the rest."""
    here = session.current
    wanted, unwanted = _known(select), _known(ignore)
    mended = 0
    refuse_others("validate", output, SUFFIXES)
    if fix or diff:
        answered = (frozenset(wanted) or frozenset(book())) - unwanted
        mended = _changed(path, answered, stdin_filename if diff else None)
        if diff or quiet:
            return EXIT_TROUBLE if here.failed_to_open else mended
        here.failed_to_open = False  # it is said again when the files are looked at
    looked = [
        outcome
        for outcome in validate_all(list(here.implementation_paths(here.named(path))), stdin_filename)
        if outcome is not None
    ]
    names = [outcome.name for outcome in looked]
    findings, sources = gather(looked)
    findings = [f for f in findings if (not wanted or f.rule in wanted) and f.rule not in unwanted]
    report = Report(findings, sources, names, strict)
    shown = _chosen(format_)
    here.out_as(shown.value, _rendered(shown, report, here.words, here.paint(sys.stdout)))
    code = _write(report, output or [], force)
    if names:
        here.note(summary(findings, len(names), here.words))
    fixable = sum(finding.fix is not None and finding.accepted is None for finding in findings)
    if fixable and not fix and _chosen(format_) is FindingFormat.text:
        here.note(msg("kurssi validate --fix mends {n} of them; with --diff it shows how", n=fixable))
    return max(code, mended, here.exit_code(findings, strict))


def _changed(paths: Sequence[str] | None, rules: frozenset[str], stdin_filename: str | None) -> int:
    """Mends the files, or shows how where there is a name for standard input; the exit code."""
    from .apply_fixes import apply_fixes, show_diff

    if not paths or (stdin_filename is None and "-" in paths):
        raise Trouble(msg("name the files or folders that kurssi may change"))
    return apply_fixes(paths, rules) if stdin_filename is None else show_diff(paths, rules, stdin_filename)


def _known(names: Iterable[str] | None) -> set[str]:
    """The rules of an option, which may be given again or hold several with commas. Raises :class:`Trouble`."""
    rules = {rule.strip() for name in names or () for rule in name.split(",")}
    for name in sorted(rules - set(book()) if rules else ()):  # all help pages are loaded only where one is named
        close = get_close_matches(name, book(), 3, 0.5)
        raise Trouble(
            msg("there is no rule “{name}”; did you mean {close}?", name=name, close=Terms(close))
            if close
            else msg("there is no rule “{name}”; kurssi rule lists them", name=name)
        )
    return rules


def _chosen(format_: FindingFormat) -> FindingFormat:
    if format_ is not FindingFormat.auto:
        return format_
    return FindingFormat.github if os.environ.get("GITHUB_ACTIONS") == "true" else FindingFormat.text


def _rendered(format_: FindingFormat, report: Report, words: Words, paint: Paint) -> str:
    """The findings in one format, as text."""
    if format_ is FindingFormat.json:
        document = {
            "kurssi": 1,
            "command": "validate",
            "files": report.names,
            "findings": [as_json(f, words) for f in report.findings],
        }
        return json_text(document)
    if format_ is FindingFormat.sarif:
        from kurssi.diagnostics.renderers.sarif import as_sarif

        return as_sarif(report.findings, report.names, book(), words)
    if format_ is FindingFormat.junit:
        from kurssi.diagnostics.renderers.junit import as_junit

        return as_junit(report.findings, report.names, report.strict, words)
    return renderer(format_.value)(report.findings, report.sources, words, paint)


def _write(report: Report, paths: Sequence[str], force: bool) -> int:
    """Writes the findings to every file that was asked for; one that cannot be written does not stop the others."""
    code = 0
    for path in paths:
        text = _rendered(SUFFIXES[suffix(path)], report, session.current.words, Paint(False))
        code = max(code, write_text(path, text, force))
    return code
