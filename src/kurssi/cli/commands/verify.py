"""``kurssi verify``: a report, derived again."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kurssi.cli import session
from kurssi.cli.options import tr
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words
from kurssi.verification import CheckedReport, InputState, NotAReport, Problem, check_inputs, read_report, verify

HELP = msg(
    "Derive every grade of a report again, with other code than the one that computed it, and say what does not "
    "follow. REPORT is the JSON that kurssi grade or kurssi explain wrote; where the files are that it was made from, "
    "what went in is compared with them. Of a LOCK that kurssi lock wrote: grade again from the files it names, and "
    "say whose grade would now be different, why, and who signed the lock."
)


LOCK = b"kurssi-lock"
"""How a lock begins."""


class Format(StrEnum):
    """How the problems are printed."""

    text = "text"
    json = "json"


MOST_BYTES = 1024 * 2**20
"""A larger report is refused: some hundred thousand students with all their steps."""


def command(
    report: Annotated[
        str, typer.Argument(help=tr("A report in JSON, or a lock; - reads standard input."), metavar="REPORT")
    ],
    format_: Annotated[Format, typer.Option("--format", help=tr("How the problems are printed."))] = Format.text,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            help=tr("Whose signature the lock must have: a public SSH key, or a list of allowed signers."),
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Prints what does not follow, one line each; fails where anything does not."""
    here = session.current
    raw = here.read(report, MOST_BYTES)
    if raw is None:
        return EXIT_TROUBLE
    if len(raw) > MOST_BYTES:
        raise Trouble(msg("{path} has more than {most} MiB", path=report, most=MOST_BYTES // 2**20))
    if raw.removeprefix(b"\xef\xbb\xbf").startswith(LOCK) or report.endswith(".lock"):
        from .verify_lock import verify_lock  # grades with the code that the checker of reports must not share

        return verify_lock(report, raw, format_ is Format.json, key)
    if key is not None:
        raise Trouble(msg("--key belongs to a lock; {path} is none", path=report))
    try:
        data = read_report(raw)
        verdict = verify(data)
    except NotAReport as no:
        raise Trouble(msg("{path}: {problem}", path=report, problem=no.message)) from None
    folders = [Path()] if report == "-" else [Path(), Path(report).parent]
    inputs = check_inputs(verdict.inputs, folders)
    unlike: list[Problem] | None = None
    if inputs and all(state.place is not None for state in inputs):
        from .verify_inputs import compare_with_inputs  # reads sheets, as the checker of reports must not

        unlike = compare_with_inputs(data, inputs)
        alike = {problem.student for problem in verdict.problems}
        more = {problem.student for problem in unlike or [] if problem.student is not None} - alike
        verdict = verdict._replace(wrong=verdict.wrong + len(more))
    # what went in comes first: what does not follow may follow from it
    problems = [*(unlike or []), *verdict.problems, *(state.problem for state in inputs if state.problem is not None)]
    if format_ is Format.json:
        here.out_json(json_text(_document(report, verdict, inputs, unlike, problems)))
    else:
        here.out("\n".join(_line(problem, here.words) for problem in problems))
    here.note(_summary(verdict, inputs, unlike))
    return EXIT_FINDINGS if any(problem.severity is Severity.error for problem in problems) else 0


def _line(problem: Problem, words: Words) -> str:
    level = words("error") if problem.severity is Severity.error else words("warning")
    message = words.say(problem.message)
    if problem.student is None:
        return f"{level}: {problem.where}: {message}"
    student = words("student {student}", student=problem.student)
    return f"{level}: {student}: {problem.where}: {message}"


def _summary(verdict: CheckedReport, inputs: Sequence[InputState], unlike: Sequence[Problem] | None) -> Terms:
    """``30 grades derived again, all follow; 3 inputs unchanged, the report says what they say``."""
    grades: list[Msg] = [nmsg("{n} grade derived again", "{n} grades derived again", n=verdict.students)]
    if verdict.wrong:
        grades.append(nmsg("{n} does not follow", "{n} do not follow", n=verdict.wrong))
    elif not verdict.problems:
        grades.append(msg("all follow"))
    else:
        n = len(verdict.problems)
        grades.append(nmsg("{n} problem of the report itself", "{n} problems of the report itself", n=n))
    states = [state.state for state in inputs]
    files: list[Msg] = []
    if n := states.count("unchanged"):
        files.append(nmsg("{n} input unchanged", "{n} inputs unchanged", n=n))
    if n := states.count("changed"):
        files.append(nmsg("{n} input changed", "{n} inputs changed", n=n))
    if n := states.count("absent"):
        files.append(nmsg("{n} input cannot be checked", "{n} inputs cannot be checked", n=n))
    if unlike is None:
        files.append(msg("what went in is taken as the report has it"))
    elif unlike:
        n = len(unlike)
        files.append(nmsg("{n} difference from what they say", "{n} differences from what they say", n=n))
    else:
        files.append(msg("the report says what they say"))
    return Terms([Terms(grades), Terms(files)], "; ")


def _document(
    report: str,
    verdict: CheckedReport,
    inputs: Sequence[InputState],
    unlike: Sequence[Problem] | None,
    problems: Sequence[Problem],
) -> dict[str, object]:
    english = Words("en")
    return {
        "kurssi": 1,
        "command": "verify",
        "report": report,
        "students": verdict.students,
        "wrong": verdict.wrong,
        "inputs": [{"path": state.path, "state": state.state} for state in inputs],
        "read_again": unlike is not None,
        "problems": [
            {
                "student": problem.student,
                "where": problem.where,
                "severity": problem.severity.name,
                "message": english.say(problem.message),
                "found": problem.found,
                "expected": problem.expected,
            }
            for problem in problems
        ],
    }
