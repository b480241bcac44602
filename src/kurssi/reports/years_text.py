"""Runs over the years, as text for a terminal, as Markdown and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words
from kurssi.values.numbers import exact, rounded

from .course_feedback_runs import rows_json, rows_markdown, rows_text
from .csv_and_markdown import escaped, markdown_line
from .not_shown import NOT_SHOWN
from .table_layout import Column, as_table
from .years import Between, Year, Years, not_shown


class Sheet(NamedTuple):
    """A table with a line per run. The first column is text, the others are figures; ``texts``: the second is not."""

    title: str
    heads: list[str]
    rows: list[list[str]]
    texts: bool = False


def heading(years: Years, words: Words) -> str:
    """The course, by its latest name."""
    course = years.runs[-1].file.course
    return f"{course.code} {course.called(words.language)}"


def number(value: Fraction | None, words: Words, places: int = 2) -> str:
    """A figure, or the sign for none."""
    return NOT_SHOWN if value is None else words.number(rounded(value, places))


def hours(value: Fraction | None, words: Words) -> str:
    """Hours, or the sign for none."""
    return NOT_SHOWN if value is None else words("{n} h", n=rounded(value, 2))


def share(run: Year, words: Words) -> str:
    """How many of those with a grade have passed."""
    if run.grades is None or run.grades.passed is None:
        return NOT_SHOWN
    return words("{n} %", n=rounded(Fraction(100 * run.grades.passed, run.grades.n), 0))


def distribution(run: Year, by: str = "  ") -> str:
    """How many have which grade."""
    counts = run.grades.counts if run.grades is not None else None
    return NOT_SHOWN if counts is None else by.join(f"{label}: {n}" for label, n in counts.items())


def sheets(years: Years, words: Words) -> list[Sheet]:
    """The tables: grades, their distribution, hours."""
    heads = [words("run"), words("students"), words("with a grade"), words("passed"), words("mean"), words("median")]
    grades = Sheet(words("Grades"), heads, [list(_grades(run, words)) for run in years.runs])
    spread = Sheet(
        words("Distribution"),
        [words("run"), words("grades"), words("std. deviation")],
        [[run.id, distribution(run), _deviation(run, words)] for run in years.runs],
        texts=True,
    )
    return [grades, spread, _hours(years, words)]


def _deviation(run: Year, words: Words) -> str:
    spread = run.grades.spread if run.grades is not None else None
    return number(None if spread is None else spread.deviation, words)


def _grades(run: Year, words: Words) -> Iterator[str]:
    found = run.grades
    yield run.id
    if found is None:
        yield from [NOT_SHOWN] * 5
        return
    yield from (str(found.students), str(found.n), share(run, words))
    spread = found.spread
    for value in (None, None) if spread is None else (spread.mean, spread.median):
        yield number(value, words)


def _hours(years: Years, words: Words) -> Sheet:
    said = any(run.hours.students is not None for run in years.runs)
    heads = [words("run"), words("credits"), words("promised"), words("sum of the parts")]
    heads += [words("said by students, mean"), words("median")] if said else []
    rows = []
    for run in years.runs:
        row = [
            run.id,
            words.number(run.hours.credits),
            hours(run.hours.promised, words),
            hours(run.hours.listed, words),
        ]
        if said:
            found = run.hours.students
            middle = (None, None) if found is None else (found.mean, found.median)
            row += [hours(value, words) for value in middle]
        rows.append(row)
    return Sheet(words("Hours"), heads, rows)


def changes(between: Between, words: Words) -> list[str]:
    """What changed in the rules from a run to the next, and how much else."""
    said = [words.say(change.message) for change in between.rules]
    if not said:
        said.append(words("the rules are the same"))
    if between.others:
        other = words.plural(
            "{n} other change: kurssi compare shows it for two files",
            "{n} other changes: kurssi compare shows them for two files",
            n=between.others,
        )
        said.append(other)
    return said


def steps(years: Years, words: Words) -> list[tuple[str, list[str]]]:
    """Between every two neighbours: which, and what changed."""
    pairs = zip(pairwise(years.runs), years.between, strict=True)
    return [(f"{old.id} → {new.id}", changes(between, words)) for (old, new), between in pairs]


def _sides(sheet: Sheet) -> list[Literal["left", "right"]]:
    """On which side the cells of each column stand."""
    return ["left" if at == 0 or (sheet.texts and at == 1) else "right" for at in range(len(sheet.heads))]


def as_text(years: Years, words: Words, width: int, color: bool) -> str:
    """The tables, what changed in between, the feedback."""
    out = [*textwrap.wrap(heading(years, words), width), ""]
    for sheet in sheets(years, words):
        sides = _sides(sheet)
        heads = [Column(head, side) for head, side in zip(sheet.heads, sides, strict=True)]
        out.append(as_table(sheet.title, heads, sheet.rows, width, color))
    if (note := not_shown(years)) is not None:
        out += [*textwrap.wrap(words.say(note), width), ""]
    out.append(words("What changed in the rules"))
    for name, said in steps(years, words):
        out.append(f"  {name}")
        for line in said:
            out += textwrap.wrap(line, width, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False)
    names = [run.id for run in years.runs]
    out += ["", rows_text(years.feedback, names, words("Course feedback"), words, width)]
    return "\n".join(out).rstrip() + "\n"


def as_markdown(years: Years, words: Words) -> str:
    """The same as tables."""
    out = [f"# {escaped(heading(years, words))}"]
    for sheet in sheets(years, words):
        out += ["", f"## {escaped(sheet.title)}", "", markdown_line(sheet.heads)]
        out.append("|" + "|".join("---" if side == "left" else "--:" for side in _sides(sheet)) + "|")
        out += [markdown_line(row) for row in sheet.rows]
    if (note := not_shown(years)) is not None:
        out += ["", escaped(words.say(note))]
    out += ["", f"## {escaped(words('What changed in the rules'))}"]
    for name, said in steps(years, words):
        out += ["", f"### {escaped(name)}", "", *(f"- {escaped(line)}" for line in said)]
    names = [run.id for run in years.runs]
    if feedback := rows_markdown(years.feedback, names, f"## {escaped(words('Course feedback'))}", words):
        out += ["", feedback.rstrip()]
    return "\n".join(out) + "\n"


# ---- JSON ----------------------------------------------------------------------------------------------------


def as_json(years: Years, words: Words) -> str:
    """The same for programs: exact numbers as strings, hidden ones as null."""
    document = {
        "kurssi": 1,
        "command": "compare",
        "course": years.runs[-1].file.course.code,
        "runs": [_run(run) for run in years.runs],
        "between": [
            {
                "old": old.id,
                "new": new.id,
                "rules": [
                    {
                        "path": list(change.path),
                        "kind": change.kind,
                        "what": words.say(change.what),
                        "old": _value(change.old, words),
                        "new": _value(change.new, words),
                        "message": words.say(change.message),
                    }
                    for change in between.rules
                ],
                "others": between.others,
            }
            for (old, new), between in zip(pairwise(years.runs), years.between, strict=True)
        ],
        "feedback": rows_json(years.feedback, "run"),
    }
    return json_text(document)


def _value(of: object, words: Words) -> str | None:
    return None if of is None else words.say(of)


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact(value)


def _run(run: Year) -> dict[str, Any]:
    found, timing, students = run.grades, run.file.implementation.timing, run.hours.students
    spread = None if found is None else found.spread
    return {
        "implementation": run.id,
        "start": None if timing is None else timing.start.isoformat(),
        "end": None if timing is None else timing.end.isoformat(),
        "grades": None
        if found is None
        else {
            "students": found.students,
            "with_a_grade": found.n,
            "passed": found.passed,
            "mean": None if spread is None else exact(spread.mean),
            "median": None if spread is None else exact(spread.median),
            "deviation": None if spread is None else exact(spread.deviation),
            "distribution": None if found.counts is None else dict(found.counts),
        },
        "hours": {
            "credits": exact(run.hours.credits),
            "promised": _text(run.hours.promised),
            "sum": _text(run.hours.listed),
            "students": None
            if students is None
            else {"n": students.n, "mean": exact(students.mean), "median": exact(students.median)},
        },
        "responses": None if run.survey is None else _responses(run.survey.responses, run.survey.least),
    }


def _responses(responses: int, least: int) -> int | None:
    return responses if responses >= least else None
