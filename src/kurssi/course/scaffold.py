"""A first implementation file from a few answers: small, in order, with comments that say what may come next."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.message import Wrong, msg
from kurssi.diagnostics.words import Words
from kurssi.values.numbers import exact, read_number
from kurssi.values.times import Weeks, monday, week_of

SCHEMA_FILE = "kurssi.schema.json"
"""The JSON Schema beside the file, for editors."""
MODELINE = f"# yaml-language-server: $schema={SCHEMA_FILE}"


class Weighed(NamedTuple):
    """A part of the assessment: its name and its weight; without one it is passed or failed."""

    name: str
    weight: Fraction | None


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


def read_parts(text: str) -> tuple[Weighed, ...]:
    """``Essay 40, Exam 60, Peer review``: names with weights; without a number it is passed or failed."""
    parts = []
    for piece in text.split(","):
        match = re.fullmatch(r"\s*(.*?\S)\s*?(?:\s(\d{1,3}(?:\.\d+)?)\s*%?)?\s*", piece)
        if match is None:
            raise Wrong(msg("“{text}” does not name the parts", text=text), msg("write Essay 40, Exam 60"))
        parts.append(Weighed(match[1], read_number(match[2]) if match[2] else None))
    total = sum((part.weight for part in parts if part.weight is not None), Fraction(0))
    if total != 100:
        raise Wrong(msg("the weights sum to {total}, not 100", total=total), msg("write Essay 40, Exam 60"))
    if len({part_id(part.name) for part in parts}) < len(parts):
        raise Wrong(msg("two parts would have the same id"), msg("give them different names"))
    return tuple(parts)


def part_id(name: str) -> str:
    """An id made from a name: ``Yksilötyöt`` gives ``yksilotyot``."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    letters = re.sub("[^a-z0-9]+", "_", plain).strip("_")
    return letters if letters[:1].isalpha() else f"part_{letters}".rstrip("_")


def scaffold(answers: Answers, words: Words) -> str:
    """The text of the file; it has no errors, and the modeline on top."""
    meetings, credits_ = answers.meetings, answers.credits
    total = credits_ * 27
    contact = meetings.times * meetings.hours
    weeks = _weeks(answers.start, answers.end)
    out = [
        MODELINE,
        "# " + words("What each key takes: kurssi schema. What is checked, and why: kurssi rule."),
        "kurssi: 1",
        "course:",
        f"  code: {_text(answers.code)}",
        f"  name: {_text(answers.name)}",
        f"  credits: {exact(credits_)}",
        "  # learning_outcomes: [...]",
        "  # content: [...]",
        "implementation:",
        f"  id: {_text(answers.id)}",
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
        f"    - {{name: {_text(words('Contact teaching'))}, hours: {meetings.times}x{exact(meetings.hours)} h, "
        "kind: contact_teaching}",
    ]
    if total > contact:
        name = _text(words("Independent work"))
        out.append(f"    - {{name: {name}, hours: {_hours(total - contact)}, kind: independent_work}}")
    out += [
        "assessment:",
        "  evaluation_scale: H-5",
        "  parts:     # " + words("due: 2024-03-04 23:59 is a deadline, retakes: 2 are two more attempts"),
        *(f"    - {_part(part)}" for part in answers.parts),
        "  # late: {deduct: 0.5, per: day, closes: 7 d}",
        "",
    ]
    return "\n".join(out)


def _part(part: Weighed) -> str:
    how = "graded: pass-fail" if part.weight is None else f"weight: {exact(part.weight)}"
    return f"{{id: {part_id(part.name)}, name: {_text(part.name)}, {how}}}"


def _hours(hours: Fraction) -> str:
    whole = hours.numerator // hours.denominator
    return f"{whole} h" if hours == whole else f"{exact(hours)} h"


def _text(text: str) -> str:
    """A text as YAML; plain where nothing in it could be read in another way."""
    if re.fullmatch(r"[^\W\d_][\w äöåÄÖÅ-]*", text) and text.strip() == text and text.casefold() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def _weeks(start: date, end: date) -> list[tuple[int, int]]:
    """The ISO weeks from the first day to the last."""
    first = monday(week_of(start))
    return [week_of(first + timedelta(days=7 * n)) for n in range((monday(week_of(end)) - first).days // 7 + 1)]


def _spread(weeks: Sequence[tuple[int, int]], times: int) -> list[int]:
    """The week of each session: one a week from the first, or several a week where there are more sessions."""
    if times <= len(weeks):
        return [week for _, week in weeks[:times]]
    return [weeks[n * len(weeks) // times][1] for n in range(times)]
