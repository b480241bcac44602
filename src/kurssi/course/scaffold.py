"""A first implementation file from a few answers: small, in order, with comments that say what may come next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.message import Wrong, msg
from kurssi.diagnostics.words import Words
from kurssi.values.numbers import exact
from kurssi.values.times import Weeks, monday, week_of

from .asked_parts import Weighed, in_percent, part_id, part_lines, pass_fail, quoted

SCHEMA_FILE = "kurssi.schema.json"
"""The JSON Schema beside the file, for editors."""
MODELINE = f"# yaml-language-server: $schema={SCHEMA_FILE}"


class Meetings(NamedTuple):
    """How often the class meets, and for how many hours."""

    times: int
    hours: Fraction


class Answers(NamedTuple):
    """What somebody said about a new run."""

    code: str
    name: str
    credits: Fraction
    id: str
    language: str
    start: date
    end: date
    meetings: Meetings
    parts: tuple[Weighed, ...]


def read_meetings(text: str) -> Meetings:
    """``8x3``: eight sessions of three hours. Raises :class:`Wrong`."""
    match = re.fullmatch(r"\s*(\d{1,2})\s*[x×*]\s*(\d{1,2}(?:[.,]5)?)\s*(?:h|t)?\s*", text)
    if match is None or not int(match[1]) or not float(match[2].replace(",", ".")):
        raise Wrong(msg("“{text}” does not say how many sessions of how many hours", text=text), msg("write 8x3"))
    return Meetings(int(match[1]), Fraction(match[2].replace(",", ".")))


def scaffold(answers: Answers, words: Words) -> str:
    """The text of the file; it has no errors, and the modeline on top."""
    meetings, credits_ = answers.meetings, answers.credits
    total = credits_ * 27
    contact = meetings.times * meetings.hours
    weeks = _weeks(answers.start, answers.end)
    out = [
        MODELINE,
        "# " + words("Every key with its meaning and an example: the guide, “Keys of the file”."),
        "# " + words("Policies to copy: the guide, “Cookbook”, or kurssi new --example list."),
        "# " + words("After each change: kurssi validate."),
        "kurssi: 1",
        "course:",
        f"  code: {quoted(answers.code)}",
        f"  name: {quoted(answers.name)}",
        f"  credits: {exact(credits_)}",
        "  # learning_outcomes: [...]",
        "  # content: [...]",
        "implementation:",
        f"  id: {quoted(answers.id)}",
        f"  language: {answers.language}",
        f"  timing: {{start: {answers.start}, end: {answers.end}}}",
        "  # enrollment: {start: …, end: …}",
        "  # mode_of_delivery: contact",
        "  # teachers: [...]",
        "  # groups: [{code: …}]",
        "schedule:",
        f"  weeks: {Weeks(weeks[0][1], weeks[-1][1])}",
        "  # breaks: [8]     " + words("weeks without teaching"),
        "  sessions:     # " + words("in order; topic, date, start and room where they are known"),
        *(f"    - {{week: {week}, hours: {exact(meetings.hours)}}}" for week in _spread(weeks, meetings.times)),
        "workload:",
        f"  total: {_hours(total)}     # " + words("27 h for each credit"),
        "  parts:",
        f"    - {{name: {quoted(words('Contact teaching'))}, hours: {meetings.times}x{exact(meetings.hours)} h, "
        "kind: contact_teaching}",
    ]
    if total > contact:
        name = quoted(words("Independent work"))
        out.append(f"    - {{name: {name}, hours: {_hours(total - contact)}, kind: independent_work}}")
    return "\n".join([*out, *_assessment(answers.parts, words), ""])


def _assessment(parts: Sequence[Weighed], words: Words) -> Iterator[str]:
    percent = in_percent(parts)
    yield "assessment:"
    yield f"  evaluation_scale: {'pass-fail' if pass_fail(parts) else 'H-5'}"
    if percent:
        yield "  basis: percent"
        chosen = words("least per cent for the grades 1 to 5; chosen here, change them")
        yield f"  boundaries: [50, 60, 70, 80, 90]     # {chosen}"
    elif any(part.details is not None and part.details.points is not None for part in parts):
        yield "  # " + words("linear: 50 % of the points are a 1, 90 % a 5; chosen here, change it")
    yield "  parts:     # " + words("due: 2024-03-04 23:59 is a deadline, retakes: 2 are two more attempts")
    for part in parts:
        yield from (f"    {line}" for line in part_lines(part, percent, part_id(words("together"))))
    yield "  # late: {deduct: 0.5, per: day, closes: 7 d}     # " + words("what lateness costs, if anything")


def _hours(hours: Fraction) -> str:
    whole = hours.numerator // hours.denominator
    return f"{whole} h" if hours == whole else f"{exact(hours)} h"


def _weeks(start: date, end: date) -> list[tuple[int, int]]:
    """The ISO weeks from the first day to the last."""
    first = monday(week_of(start))
    return [week_of(first + timedelta(days=7 * n)) for n in range((monday(week_of(end)) - first).days // 7 + 1)]


def _spread(weeks: Sequence[tuple[int, int]], times: int) -> list[int]:
    """The week of each session: one a week from the first, or several a week where there are more sessions."""
    if times <= len(weeks):
        return [week for _, week in weeks[:times]]
    return [weeks[n * len(weeks) // times][1] for n in range(times)]
