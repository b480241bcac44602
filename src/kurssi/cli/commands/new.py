"""``kurssi new``: an implementation file from a few questions, or from last year's."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from kurssi.cli import incoming, session
from kurssi.cli.files import is_replaceable
from kurssi.cli.options import Force, tr
from kurssi.cli.outputs import write_together
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble
from kurssi.course.check import check
from kurssi.course.rollover import NotRolledOver, roll_over, weeks_to
from kurssi.course.scaffold import MODELINE, SCHEMA_FILE, Answers, scaffold
from kurssi.course.schema import schema
from kurssi.course.text_edits import MARK
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Wrong, msg, nmsg
from kurssi.diagnostics.renderers.text import as_text
from kurssi.diagnostics.visible import json_text

from .new_answers import KEYS, answers_of, confirmation, day, questions, summary
from .new_example import OWN, from_example, say_next
from .questions import Question, ask, read_option

HELP = msg(
    "Make an implementation file: from questions (each has its option, for scripts), from last year's file with "
    "--from and --weeks or --start, or from the cookbook with --example. Without -o it is called after its id."
)
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
    parts: Annotated[
        Text, option("--parts", tr("What is assessed, such as “Essay 40, Exercises 60 (12x10 p, best 10)”."), "PARTS")
    ] = None,
    example: Annotated[
        Text, option("--example", tr("A policy of the cookbook with a class to try it on; list names them."), "NAME")
    ] = None,
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
    if example is not None:
        if others := [
            f"--{n}" for n, v in {**given, "sessions": sessions, "parts": parts}.items() if n not in OWN and v
        ]:
            raise Trouble(msg("an example has its own: leave out {options}", options=", ".join(others)))
        return from_example(example, {n: v for n, v in given.items() if v is not None}, output, force)
    return _from_questions({**given, "sessions": sessions, "parts": parts}, output, force)


# ---- from questions ----------------------------------------------------------------------------------------


def _from_questions(given: dict[str, Text], output: Text, force: bool) -> int:
    answers = _asked(given, output)
    here = session.current
    if answers is None:
        here.note(msg("nothing was written"))
        return 0
    data = scaffold(answers, here.words).encode("utf-8", "backslashreplace")
    target = _target(answers.id, output)
    checked = check(data, target)
    if errors := [f for f in checked.findings if f.severity is Severity.error]:
        here.err(as_text(errors, {target: checked.document.lines}, here.words, here.paint(sys.stderr)))
        return EXIT_FINDINGS
    if (code := _write(data, target, force)) == 0 and target != "-":
        say_next(target)
    return code


def _target(run: str, output: Text) -> str:
    return output or os.path.join("implementations" if os.path.isdir("implementations") else "", f"{run}.yaml")


def _asked(given: dict[str, Text], output: Text) -> Answers | None:
    """The answers: from options, and on a terminal from questions; None where somebody does not want them written.

    Raises :class:`Trouble` for what is missing.
    """
    said = {key: text for key, text in given.items() if text is not None}
    absent = [key for key in ("code", "name", "start", "end") if key not in said]
    if not absent:
        answers: dict[str, Any] = {}
        for key in KEYS:
            question = next(question for question in questions(answers) if question.key == key)
            answers[key] = read_option(question, said.get(key, question.default))
        found = answers_of(answers)
        if output != "-":
            summary(found, _target(found.id, output))
        return found
    if not sys.stdin.isatty():
        names = ", ".join(f"--{key}" for key in absent)
        raise Trouble(msg("on a terminal kurssi new asks; here say {options}", options=names))

    def all_of_them(answers: Mapping[str, Any]) -> list[Question]:
        found = questions(answers)
        if all(question.key in answers for question in found):
            found.append(confirmation(answers, _target(answers["id"], output)))
        return found

    answers = ask(all_of_them, said)
    return answers_of(answers) if answers["write"] else None


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
        by = weeks if weeks is not None else weeks_to(checked.file, day(start or ""))
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
    """Writes the file, and the schema beside it where that is missing or of an older kurssi: both or neither."""
    if target == "-":
        session.current.out(data.decode("utf-8"))
        return 0
    made = {target: data}
    beside = os.path.join(os.path.dirname(target), SCHEMA_FILE)
    text = json_text(schema()).encode()
    if os.path.basename(target) != SCHEMA_FILE and _is_old(beside, text):
        made[beside] = text
    return write_together(made, force)


def _is_old(path: str, text: bytes) -> bool:
    """Whether a file is missing, or one that kurssi wrote with another text; somebody's own stays."""
    try:
        return is_replaceable(path) and not (os.path.exists(path) and incoming.read(path) == text)
    except OSError:
        return False
