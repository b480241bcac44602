"""``kurssi new``: an implementation file from a few questions, or from last year's."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Annotated, TypeVar

import typer

from kurssi.cli import incoming, session
from kurssi.cli.files import NotWritten, write
from kurssi.cli.options import Force, tr
from kurssi.cli.outputs import write_one
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble
from kurssi.course.check import check
from kurssi.course.rollover import NotRolledOver, roll_over, weeks_to
from kurssi.course.scaffold import MODELINE, SCHEMA_FILE, Answers, read_meetings, read_parts, scaffold
from kurssi.course.schema import schema
from kurssi.course.text_edits import MARK
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, Wrong, msg, nmsg
from kurssi.diagnostics.renderers.text import as_text
from kurssi.diagnostics.visible import json_text
from kurssi.values.numbers import read_number
from kurssi.values.times import read_when

HELP = msg(
    "Make an implementation file: from questions (each has its option, for scripts), or from last year's file with "
    "--from and --weeks or --start. Without -o it is called after its id."
)
T = TypeVar("T")
Text = str | None


def option(name: str, text: str, metavar: str, *short: str) -> typer.models.OptionInfo:
    """An option that may be left out and is then asked for."""
    found: typer.models.OptionInfo = typer.Option(name, *short, help=text, metavar=metavar, show_default=False)
    return found


def command(
    from_: Annotated[
        Text, option("--from", tr("Last year's file; its dates are moved by whole weeks."), "FILE")
    ] = None,
    weeks: Annotated[int | None, option("--weeks", tr("With --from: by how many weeks."), "N")] = None,
    start: Annotated[Text, option("--start", tr("The first day; with --from the week to move to."), "DATE")] = None,
    end: Annotated[Text, option("--end", tr("The last day."), "DATE")] = None,
    id_: Annotated[Text, option("--id", tr("The id of the run, such as KH00BT03-2025."), "ID")] = None,
    code: Annotated[Text, option("--code", tr("The course's code."), "CODE")] = None,
    name: Annotated[Text, option("--name", tr("The course's name."), "NAME")] = None,
    credits_: Annotated[Text, option("--credits", tr("ECTS credits."), "N")] = None,
    sessions: Annotated[Text, option("--sessions", tr("Sessions and their hours, such as 8x3."), "NxH")] = None,
    parts: Annotated[Text, option("--parts", tr("What is assessed, such as “Essay 40, Exam 60”."), "PARTS")] = None,
    output: Annotated[Text, option("--output", tr("Write to this file; - prints it."), "FILE", "-o")] = None,
    force: Force = False,
) -> int:
    """Writes one file, and the JSON Schema for editors beside it."""
    if from_ is not None:
        if others := [n for n, v in (("--code", code), ("--name", name), ("--credits", credits_)) if v is not None]:
            raise Trouble(msg("with --from the course stays the same: leave out {options}", options=", ".join(others)))
        return _from_old(from_, weeks, start, id_, output, force)
    if weeks is not None:
        raise Trouble(msg("--weeks moves an old file: name it with --from"))
    given = {"start": start, "end": end, "id": id_, "code": code, "name": name, "credits": credits_}
    answers = _asked({**given, "sessions": sessions, "parts": parts})
    here = session.current
    data = scaffold(answers, here.words).encode("utf-8", "backslashreplace")
    folder = "implementations" if os.path.isdir("implementations") else ""
    target = output or os.path.join(folder, f"{answers.id}.yaml")
    checked = check(data, target)
    if errors := [f for f in checked.findings if f.severity is Severity.error]:
        here.err(as_text(errors, {target: checked.document.lines}, here.words, here.paint(sys.stderr)))
        return EXIT_FINDINGS
    return _write(data, target, force)


# ---- from questions ----------------------------------------------------------------------------------------


def _asked(given: dict[str, Text]) -> Answers:
    """The answers: from options, and on a terminal from questions. Raises :class:`Trouble` for what is missing."""
    here = session.current
    absent = [key for key in ("code", "name", "start", "end") if given[key] is None]
    asking = sys.stdin.isatty()
    if absent and not asking:
        names = ", ".join(f"--{key}" for key in absent)
        raise Trouble(msg("on a terminal kurssi new asks; here say {options}", options=names))
    ask = bool(absent)
    language = here.words.language

    def answer(key: str, question: Msg, read: Callable[[str], T], default: str | None = None) -> T:
        return _answer(given[key], f"--{key}", question, read, default, ask)

    code = answer("code", msg("The course's code"), _filled)
    name = answer("name", msg("The course's name"), _filled)
    credits_ = answer("credits", msg("Credits"), _number, "5")
    start = answer("start", msg("The first day"), _day)

    def later(text: str) -> date:
        day = _day(text)
        if day < start:
            raise Wrong(msg("{day} is before the first day", day=day))
        return day

    end = answer("end", msg("The last day"), later)
    run = answer("id", msg("The id of the run"), _filled, f"{code}-{start.year}")
    meetings = answer("sessions", msg("How many sessions of how many hours"), read_meetings, "8x3")
    default = here.words("Exam") + " 100"
    parts = answer("parts", msg("What is assessed, with weights"), read_parts, default)
    return Answers(code, name, credits_, run, language, start, end, meetings, parts)


def _answer(given: Text, option_: str, question: Msg, read: Callable[[str], T], default: str | None, ask: bool) -> T:
    words = session.current.words
    if given is not None or not ask:
        try:
            return read(given if given is not None else default or "")
        except Wrong as wrong:
            raise Trouble(msg("{option}: {problem}", option=option_, problem=wrong.message)) from None
    while True:
        shown = f" [{default}]" if default else ""
        sys.stderr.write(f"{words.say(question)}{shown}: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        try:
            return read(line.strip() or default or "")
        except Wrong as wrong:
            hint = f" ({words.say(wrong.hint)})" if wrong.hint else ""
            session.current.err(f"  {words.say(wrong.message)}{hint}")


def _filled(text: str) -> str:
    if not text.strip():
        raise Wrong(msg("nothing was written"))
    return text.strip()


def _number(text: str) -> Fraction:
    found = read_number(text.strip())
    if found is None or not 0 < found <= 60:
        raise Wrong(msg("“{text}” is not a number of credits", text=text))
    return found


def _day(text: str) -> date:
    return read_when(text.strip()).day


# ---- from last year's --------------------------------------------------------------------------------------


def _from_old(old: str, weeks: int | None, start: Text, new_id: Text, output: Text, force: bool) -> int:
    here = session.current
    if (weeks is None) == (start is None):
        raise Trouble(msg("say how far the dates move: --weeks 52, or --start with the first day"))
    raw = here.read(old, MAX_BYTES)
    if raw is None:
        return EXIT_TROUBLE
    raw = _with_modeline(raw)
    checked = check(raw, old)
    try:
        if checked.file is None:
            raise NotRolledOver(msg("the old file has errors; kurssi validate shows them"))
        by = weeks if weeks is not None else weeks_to(checked.file, _day(start or ""))
        renewed = roll_over(raw, checked, by, new_id)
    except (NotRolledOver, Wrong) as no:
        raise Trouble(no.message) from None
    except (OverflowError, ValueError):
        raise Trouble(msg("the dates would leave the calendar")) from None
    folder = "" if old == "-" else os.path.dirname(old)
    target = output or os.path.join(folder, f"{renewed.id}.yaml")
    if (code := _write(renewed.raw, target, force)) != 0:
        return code
    here.note(nmsg("{n} date moved by {weeks} weeks", "{n} dates moved by {weeks} weeks", n=renewed.dates, weeks=by))
    standing = [f for f in check(renewed.raw, target).findings if f.counts and f.rule != "accepted-unused"]
    found = [msg("line {line}: {message}", line=str(f.place.line), message=f.message) for f in standing]
    for message in [*renewed.look, *found]:
        here.note(msg("look at again: {what}", what=message))
    return 0


def _with_modeline(raw: bytes) -> bytes:
    """The file with the line on top by which an editor finds the schema."""
    if b"yaml-language-server:" in raw:
        return raw
    ending = b"\r\n" if b"\r\n" in raw else b"\n"
    mark = MARK if raw.startswith(MARK) else b""
    return mark + MODELINE.encode() + ending + raw.removeprefix(MARK)


# ---- out ---------------------------------------------------------------------------------------------------


def _write(data: bytes, target: str, force: bool) -> int:
    """Writes the file, and the schema beside it where that is missing or of an older kurssi."""
    here = session.current
    if target == "-":
        here.out(data.decode("utf-8"))
        return 0
    if code := write_one(target, data, force):
        return code
    beside = os.path.join(os.path.dirname(target), SCHEMA_FILE)
    text = json_text(schema()).encode()
    try:
        if not os.path.exists(beside) or incoming.read(beside) != text:
            write(beside, text)
            here.note(msg("written: {path}", path=beside))
    except (NotWritten, OSError):
        pass  # somebody's own schema stays
    return 0
