"""``kurssi plan``: the course page, one field of it, run sheets, and the calendar."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, NamedTuple

import typer

from kurssi.cli import incoming, session
from kurssi.cli.inputs import find_implementation
from kurssi.cli.options import Force, Output, tr
from kurssi.cli.outputs import MOST_OF_A_CALENDAR, refuse_others, suffix, write_one
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble
from kurssi.course.check import Checked, blocks_grading, check
from kurssi.course.model import ImplementationFile
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.finding import Finding, Severity, limited
from kurssi.diagnostics.message import Msg, msg, nmsg
from kurssi.diagnostics.renderers.json_finding import as_json
from kurssi.diagnostics.renderers.text import as_text as findings_as_text
from kurssi.diagnostics.visible import json_text, visible
from kurssi.diagnostics.words import LANGUAGES, Words
from kurssi.planning.timetable import Meeting, meetings_of
from kurssi.reports.plan.blocks import Field, Page
from kurssi.reports.plan.fields import FIELDS, page_of
from kurssi.reports.plan.sessions import run_sheets
from kurssi.reports.plan.text import as_markdown, as_text, register
from kurssi.values.numbers import whole_number

HELP = msg(
    "Show the course page that the implementation file promises; -o writes it as .html or .md, and everything that "
    "falls on a day as a calendar (.ics). A calendar that is written over an older one tells calendar programs what "
    "changed. FILE may be left out where the folder has one. --group CODE shows the term of a student group: its hours "
    "by week, deadlines, exams, sessions at the same time, and what to move."
)
WIDEST = 100
WITH_SENTENCES = ("assessment",)
"""Fields that hold the policy in words, for which the whole assessment must be in order."""
ANY: frozenset[str] = frozenset()
DATED = frozenset({"unknown-timezone", "duplicate-part"})
"""Errors of the assessment that a calendar cannot do without: whose times, and which part."""


class Format(StrEnum):
    """What goes to standard output."""

    text = "text"
    md = "md"
    json = "json"
    html = "html"
    ics = "ics"


class Made(NamedTuple):
    """The file as everything is made from it."""

    checked: Checked
    file: ImplementationFile
    raw: bytes
    page: Page
    words: Words


Maker = Callable[[Made, bytes | None], bytes]
"""Makes a report; the second argument is what stands in the target now, for a calendar that updates it."""


def command(
    file: Annotated[
        str | None, typer.Argument(help=tr("The implementation file."), metavar="FILE", show_default=False)
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help=tr("What is printed."))] = Format.text,
    output: Output = None,
    force: Force = False,
    field: Annotated[
        str | None,
        typer.Option(
            "--field",
            help=tr("Print one field as text for the register: timing, workload, assessment …"),
            metavar="NAME",
            show_default=False,
        ),
    ] = None,
    agenda: Annotated[
        str | None,
        typer.Option(
            "--agenda",
            help=tr("The run sheet of a session (its number), or of every session that has an agenda (all)."),
            metavar="N|all",
            show_default=False,
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            help=tr("The term of this student group instead: all its implementations in the folder FILE on one page."),
            metavar="CODE",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Prints the page, or writes a file for every ``-o``."""
    refuse_others("plan", output, MAKERS)
    if group is not None:
        if field is not None or agenda is not None:
            raise Trouble(msg("--group takes all implementations; it does not go with --field or --agenda"))
        from .group_plan import plan_group

        return plan_group(file, group, format_.value, output or [], force)
    return _plan(file, format_, output or [], force, field, agenda)


def _plan(
    file: str | None, format_: Format, output: Sequence[str], force: bool, field: str | None, agenda: str | None
) -> int:
    """The page of one implementation."""
    here = session.current
    if field is not None and (agenda is not None or output or format_ is not Format.text):
        raise Trouble(msg("--field prints text; it does not go with --agenda, --format or -o"))
    whole = {".ics", ".json"} & {"." + format_.value, *(suffix(path) for path in output)}
    if agenda is not None and whole:
        raise Trouble(msg("--agenda makes run sheets; a calendar and JSON have all sessions, so ask for one of them"))
    name = file or find_implementation()
    raw = here.read(name, MAX_BYTES)
    if raw is None:
        return EXIT_TROUBLE
    checked = check(raw, "<stdin>" if name == "-" else name)
    wanted = {suffix(path) for path in output} or {"." + format_.value}
    if agenda is not None or field not in (None, *WITH_SENTENCES):
        needs = ANY
    elif wanted == {".ics"}:
        needs = DATED
    else:
        needs = None
    if code := _refused(checked, needs):
        return code
    made = _make(checked, raw, agenda)
    if field is not None:
        here.out(register(_field(made, field), made.words))
        return 0
    if not output:
        _print(made, format_)
        return 0
    return _write(made, output, force)


def _refused(checked: Checked, needs: frozenset[str] | None) -> int:
    """The exit code of a file that nothing can be made from; errors elsewhere are mentioned and don't stop it.

    ``needs``: the rules of the assessment whose errors stop it; ``None`` for all of them.
    """
    blocking = [
        f
        for f in checked.findings
        if blocks_grading(f) and (needs is None or f.path[:1] != ("assessment",) or f.rule in needs)
    ]
    if checked.file is None:
        blocking = [f for f in checked.findings if f.severity is Severity.error]
    if blocking or checked.file is None:
        _show([f._replace(accepted=None) for f in blocking], checked)
        session.current.note(msg("nothing is made of {file}: correct the errors first", file=checked.document.name))
        return EXIT_FINDINGS
    _show([f for f in checked.findings if f.counts and f.severity >= Severity.error], checked)
    return 0


def _show(findings: Sequence[Finding], checked: Checked) -> None:
    here = session.current
    if findings:
        lines = {checked.document.name: checked.document.lines}
        here.err(findings_as_text(limited(findings), lines, here.words, here.paint(sys.stderr)) + "\n")


def _make(checked: Checked, raw: bytes, agenda: str | None) -> Made:
    assert checked.file is not None  # noqa: S101 - _refused has seen to it
    file = checked.file
    policy = checked.policy if file.assessment is not None and checked.gradable else None
    words = session.current.report_words(file.implementation.language)
    page = page_of(file, policy, _base(checked.document.name), raw, words)
    if agenda is not None:
        page = run_sheets(file, _chosen(file, agenda), page.source)
    return Made(checked, file, raw, page, words)


def _base(name: str) -> str:
    """The file's name without its folder: a page says nothing about the writer's computer."""
    return name.replace("\\", "/").rpartition("/")[2]


def _chosen(file: ImplementationFile, agenda: str) -> list[Meeting]:
    """The sessions of ``--agenda``. Raises :class:`Trouble`."""
    meetings = meetings_of(file)
    if agenda == "all":
        chosen = [meeting for meeting in meetings if meeting.session.agenda]
        if not chosen:
            raise Trouble(msg("no session of {id} has an agenda", id=file.implementation.id))
        return chosen
    number = whole_number(agenda)
    if number is not None and 1 <= number <= len(meetings):
        return [meetings[number - 1]]
    if not meetings:
        raise Trouble(msg("{id} has no sessions", id=file.implementation.id))
    raise Trouble(
        msg("--agenda takes all or the number of a session, 1 to {n}, not {text}", n=len(meetings), text=agenda)
    )


def _field(made: Made, name: str) -> Field:
    """The field of ``--field``, by its name or by its label in any language. Raises :class:`Trouble`."""
    fields = {field.name: field for section in made.page.sections for field in section.fields}
    asked = name.strip().casefold()
    if asked in fields:
        return fields[asked]
    for language in LANGUAGES:
        said = Words(language)
        for field in fields.values():
            if said.say(field.label).casefold() == asked:
                return field
    if asked in FIELDS:
        raise Trouble(msg("{id} says nothing about {name}", id=made.file.implementation.id, name=asked))
    close = get_close_matches(asked, [*fields, *FIELDS], 1, 0.6)
    if close:
        raise Trouble(msg("there is no field “{name}”; did you mean “{key}”?", name=name, key=close[0]))
    raise Trouble(msg("there is no field “{name}”; there are: {names}", name=name, names=", ".join(fields)))


# ---- out ---------------------------------------------------------------------------------------------------


def _print(made: Made, format_: Format) -> None:
    here = session.current
    if format_ is Format.text:
        width = min(shutil.get_terminal_size().columns, WIDEST) if sys.stdout.isatty() else WIDEST
        here.out(as_text(made.page, made.words, width))
        return
    here.out_data(MAKERS["." + format_.value](made, None))
    if format_ is Format.ics:
        _say_what_is_not_known(made)


def _write(made: Made, paths: Sequence[str], force: bool) -> int:
    code = 0
    for path in paths:
        failed = write_one(path, MAKERS[suffix(path)](made, incoming.whole_file(path, MOST_OF_A_CALENDAR)), force)
        if not failed and suffix(path) == ".ics":
            _say_what_is_not_known(made)
        code = max(code, failed)
    return code


def _say_what_is_not_known(made: Made) -> None:
    """A calendar must not look more certain than the plan is."""
    meetings = meetings_of(made.file)
    without_day = sum(meeting.day is None for meeting in meetings)
    guessed = sum(meeting.day is not None and not meeting.known for meeting in meetings)
    clockless = sum(meeting.known and meeting.session.start is None for meeting in meetings)
    notes: list[tuple[int, Msg]] = [
        (
            guessed,
            nmsg(
                "{n} session has no date; it stands as a whole day on the first teaching day of its week",
                "{n} sessions have no date; they stand as whole days on the first teaching day of their week",
                guessed,
            ),
        ),
        (
            clockless,
            nmsg(
                "{n} session has no time of day; it stands as a whole day",
                "{n} sessions have no time of day; they stand as whole days",
                clockless,
            ),
        ),
        (
            without_day,
            nmsg(
                "{n} session has neither week nor date, or there is no timing: it is not in the calendar",
                "{n} sessions have neither week nor date, or there is no timing: they are not in the calendar",
                without_day,
            ),
        ),
    ]
    for number, note in notes:
        if number:
            session.current.note(note)


def _markdown(made: Made, before: bytes | None) -> bytes:  # noqa: ARG001
    return visible(as_markdown(made.page, made.words)).encode("utf-8", "backslashreplace")


def _html(made: Made, before: bytes | None) -> bytes:  # noqa: ARG001
    from kurssi.reports.plan.html import as_html

    return as_html(made.page, made.words).encode("utf-8", "backslashreplace")


def _json(made: Made, before: bytes | None) -> bytes:  # noqa: ARG001
    from kurssi.reports.plan.json_plan import document

    findings = [as_json(finding, session.current.words) for finding in made.checked.findings]
    return json_text(document(made.file, made.page, made.words, findings)).encode("utf-8", "backslashreplace")


def _calendar(made: Made, before: bytes | None) -> bytes:
    from kurssi.reports.plan.calendar import as_calendar

    return as_calendar(made.file, made.words, before)


MAKERS: dict[str, Maker] = {".md": _markdown, ".html": _html, ".ics": _calendar, ".json": _json}
