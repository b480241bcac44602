"""What ``kurssi new`` asks of a new run: each question with its help, and how its answer is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from kurssi.cli import session
from kurssi.course.asked_parts import Details, Weighed, fitting, pass_fail, read_details, read_parts
from kurssi.course.check import check
from kurssi.course.scaffold import Answers, read_meetings, scaffold
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, PerCent, Terms, Wrong, msg, nmsg
from kurssi.values.numbers import read_number
from kurssi.values.times import read_when

from .questions import Question, tell

KEYS = ("code", "name", "credits", "start", "end", "id", "sessions", "parts")
"""What can be answered by an option, in the order in which it is asked."""


def questions(answers: Mapping[str, Any]) -> list[Question]:
    """All questions, by the answers so far."""
    found = [*_about_the_run(answers), _about_the_parts(answers)]
    for number, part in enumerate(answers.get("parts", ())):
        if part.details is None and (part.weight is not None or pass_fail(answers["parts"])):
            found.append(_about_a_part(number, part, answers))
    return found


def confirmation(answers: Mapping[str, Any], path: str) -> Question:
    """Whether the file is written, asked after all that it will say."""
    words = session.current.words
    return Question(
        "write",
        msg("Write it? (y/n)"),
        msg("y writes the file; n writes nothing; < goes back to the last question."),
        _yes_or_no,
        words("y"),
        lambda: summary(answers_of(answers), path),
    )


def _yes_or_no(text: str) -> bool:
    if text.casefold() in ("y", "yes", "k", "kyllä", "j", "ja"):
        return True
    if text.casefold() in ("n", "no", "e", "ei", "nej"):
        return False
    raise Wrong(msg("“{text}” is neither yes nor no", text=text))


def _about_the_run(answers: Mapping[str, Any]) -> Iterator[Question]:
    yield Question(
        "code",
        msg("The course's code"),
        msg(
            "The code in the curriculum, such as KH00BT03. If there is none yet, write a short name; it can be changed."
        ),
        filled,
    )
    yield Question(
        "name", msg("The course's name"), msg("The name as students see it, in the language of the reports."), filled
    )
    yield Question("credits", msg("Credits"), msg("ECTS credits; a credit is about 27 hours of work."), number, "5")
    yield Question("start", msg("The first day"), msg("A date such as 12.1.2026 or 2026-01-12."), day)
    yield Question(
        "end",
        msg("The last day"),
        msg("A date such as 13.3.2026 or 2026-03-13; retakes may come later, by their own dates."),
        lambda text: _later(text, answers["start"]),
    )
    yield Question(
        "id",
        msg("The id of the run"),
        msg("One for each run of the course; the file is called after it."),
        run_id,
        run_id_of(answers) if "start" in answers else "",
    )
    yield Question(
        "sessions",
        msg("How many sessions of how many hours"),
        msg(
            "8x3 are eight sessions of three hours, one a week from the first. The file shows them and can be changed."
        ),
        read_meetings,
        "8x3",
    )


def _about_the_parts(answers: Mapping[str, Any]) -> Question:
    words = session.current.words
    return Question(
        "parts",
        msg("What is assessed, with weights"),
        msg(
            "Names with weights that sum to 100, such as Exercises 40, Exam 60. A name without a number is passed or "
            "failed, such as Safety test; without any number the whole course is. A name with a comma stands in "
            "quotes. How each part is made is asked next."
        ),
        lambda text: _possible(read_parts(text), answers),
        words("Exam") + " 100",
    )


def _about_a_part(index: int, part: Weighed, answers: Mapping[str, Any]) -> Question:
    def read(text: str) -> Details:
        details = fitting(part, read_details(text))
        _possible([p._replace(details=details) if n == index else p for n, p in enumerate(answers["parts"])], answers)
        return details

    return Question(
        f"part {index}",
        msg("{part}: points, series, group, retakes, due (Enter: one, with grades)", part=part.name)
        if part.weight is not None
        else msg("{part}: series, group, retakes, due (Enter: one, passed or failed)", part=part.name),
        msg(
            "Write what holds: 50 p (points), 12x10 p (twelve of ten points each), best 10 (of a series), group "
            "(a group has one score), 2 retakes, due 2026-03-02 23:59. Several with commas: 12x10 p, best 10. Nothing: "
            "one cell. Peer marks, lateness and conditions are written into the file: kurssi new --example list."
        )
        if part.weight is not None
        else msg(
            "Write what holds: 6x (six of them), best 5 (so many have to be passed), group (a group has one score), 2 "
            "retakes, due 2026-03-02 23:59. Several with commas: 6x, best 5. Nothing: one cell."
        ),
        read,
    )


# ---- how answers are read ----------------------------------------------------------------------------------


def filled(text: str) -> str:
    """A text that is not blank."""
    if not text.strip():
        raise Wrong(msg("nothing was written"))
    return text.strip()


def number(text: str) -> Fraction:
    """A number of credits."""
    found = read_number(text.strip())
    if found is None or not 0 < found <= 60:
        raise Wrong(msg("“{text}” is not a number of credits", text=text))
    return found


def day(text: str) -> date:
    """A date."""
    return read_when(text.strip()).day


def _later(text: str, start: date) -> date:
    end = day(text)
    if end < start:
        raise Wrong(msg("{day} is before the first day", day=end))
    return end


def run_id(text: str) -> str:
    """An id that a file can be called after."""
    found = filled(text)
    if re.search(r'[\\/:*?"<>|\x00-\x1f]', found) or found.startswith("."):
        raise Wrong(msg("a file cannot be called {id}", id=found), msg("use letters, digits and -"))
    return found


def run_id_of(answers: Mapping[str, Any]) -> str:
    """The id that is proposed: the code, as far as a file can be called so, and the year."""
    plain = re.sub(r"[^\w.-]+", "-", answers["code"]).strip("-.")
    return f"{plain}-{answers['start'].year}"


def _possible(parts: Sequence[Weighed], answers: Mapping[str, Any]) -> tuple[Weighed, ...]:
    """The parts, where a file with them has no errors; else why not, while the question still stands."""
    if "meetings" in answers or "sessions" in answers:
        words = session.current.words
        data = scaffold(answers_of({**answers, "parts": tuple(parts)}), words).encode("utf-8", "backslashreplace")
        for finding in check(data, "").findings:
            if finding.severity is Severity.error:
                raise Wrong(finding.message, finding.help)
    return tuple(parts)


def answers_of(answers: Mapping[str, Any]) -> Answers:
    """The answers, each in its place; what was said of a part stands in it."""
    parts = [
        part._replace(details=answers.get(f"part {index}", part.details)) for index, part in enumerate(answers["parts"])
    ]
    return Answers(
        answers["code"],
        answers["name"],
        answers["credits"],
        answers["id"],
        session.current.words.language,
        answers["start"],
        answers["end"],
        answers["sessions"],
        tuple(parts),
    )


# ---- what was understood -----------------------------------------------------------------------------------


def summary(answers: Answers, path: str) -> None:
    """Says what will be written."""
    tell(msg("This will be written to {path}:", path=path))
    for line in _summary(answers):
        tell(line, "  ")


def _summary(answers: Answers) -> Iterator[Msg]:
    yield msg("{code} {name}, {credits} credits", code=answers.code, name=answers.name, credits=answers.credits)
    yield msg("from {start} to {end}", start=answers.start, end=answers.end)
    yield nmsg(
        "{n} session of {hours} h", "{n} sessions of {hours} h", n=answers.meetings.times, hours=answers.meetings.hours
    )
    if pass_fail(answers.parts):
        yield msg("the course is passed or failed")
    for part in answers.parts:
        how = msg("passed or failed") if part.weight is None else PerCent(part.weight)
        details = _details(part.details or Details(), weighed=part.weight is not None)
        yield msg("{part}: {how}", part=part.name, how=Terms([how, *details]))


def _details(details: Details, *, weighed: bool) -> Iterator[Msg]:
    if details.times > 1:
        yield msg("{n} of them", n=details.times)
    if details.best is not None:
        n = details.best
        yield msg("the best {n} count", n=n) if weighed else msg("{n} of them must be passed", n=n)
    if details.points is not None:
        yield msg("{points} points", points=details.points)
    if details.group:
        yield msg("by groups")
    if details.retakes:
        yield nmsg("{n} retake", "{n} retakes", n=details.retakes)
    if details.due is not None:
        yield msg("due {when}", when=details.due)
