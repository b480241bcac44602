"""Many implementations on one page, for who answers for them: how many passed, means, distributions. No student.

Of a class in which fewer than :data:`~kurssi.gradebook.figures.FEWEST` have a grade, only its size is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from kurssi import __version__
from kurssi.diagnostics.words import Words
from kurssi.gradebook.figures import FEWEST, spread_of
from kurssi.values.numbers import exact, rounded

from .not_shown import NOT_SHOWN, why_not_shown
from .page_engine import page_engine

WIDTH, HEIGHT, GAP = 144, 24, 2
"""Of the picture of a distribution."""


class Run(NamedTuple):
    """One implementation, graded or not."""

    file: str
    id: str | None
    """``None`` where nothing was graded."""
    course: str
    students: int
    passed: int
    failed: int
    incomplete: int
    counts: Mapping[str, int]
    """How many have which grade of the scale, by its label."""
    lowest: int | None
    """The number of the first grade; ``None`` where grades are names."""
    refused: bool
    """Whether its file or a sheet has errors; else it names no scores."""


def as_html(runs: Sequence[Run], words: Words) -> bytes:
    """The page. Everything that comes from a file is escaped by the template engine."""
    page = page_engine()
    graded = [run for run in runs if run.id is not None]
    students = sum(run.students for run in graded)
    shown = [run for run in graded if run.passed + run.failed >= FEWEST]
    rows = [list(_cells(run, words)) for run in graded]
    hides = any(cell["text"] == NOT_SHOWN for row in rows for cell in row)
    text = page.get_template("department.html").render(
        language=words.language,
        version=__version__,
        heading=words("Courses and their grades"),
        summary=", ".join(
            [
                words.plural("{n} implementation graded", "{n} implementations graded", n=len(graded)),
                words.plural("{n} student", "{n} students", n=students),
                *_passed(shown, words),
            ]
        ),
        heads=[
            (words("implementation"), False),
            (words("course"), False),
            (words("students"), True),
            (words("with a grade"), True),
            (words("passed"), True),
            (words("mean"), True),
            (words("median"), True),
            (words("std. deviation"), True),
            (words("grades"), False),
        ],
        rows=rows,
        others=[
            (run.file, words("not graded") if run.refused else words("no scores")) for run in runs if run.id is None
        ],
        labels={
            "others": words("Without grades"),
            "few": words.say(why_not_shown(FEWEST)) if hides else "",
            "made": words("Made with kurssi {version}.", version=__version__),
        },
    )
    return (text + "\n").encode("utf-8", "backslashreplace")


def _passed(runs: Sequence[Run], words: Words) -> list[str]:
    whole = sum(run.passed + run.failed for run in runs)
    share = rounded(Fraction(100 * sum(run.passed for run in runs), whole), 0) if whole else None
    return [] if share is None else [words("{share} of grades passed", share=words("{n} %", n=share))]


def _cells(run: Run, words: Words) -> Iterator[dict[str, Any]]:
    n = run.passed + run.failed
    yield {"text": run.id}
    yield {"text": run.course}
    yield _number(Fraction(run.students), words)
    yield _number(Fraction(n), words)
    if n < FEWEST:
        yield from ({"text": NOT_SHOWN, "key": "", "number": True} for _ in range(4))
        yield {"text": NOT_SHOWN}
        return
    share = rounded(Fraction(run.passed * 100, n), 0)
    yield {"text": words("{n} %", n=share), "key": exact(share), "number": True}
    grades = (
        [] if run.lowest is None
        else [Fraction(grade) for grade, count in enumerate(run.counts.values(), run.lowest) for _ in range(count)]
    )  # fmt: skip
    spread = spread_of(grades)
    for value in (None,) * 3 if spread is None else (spread.mean, spread.median, spread.deviation):
        yield {"text": NOT_SHOWN, "key": "", "number": True} if value is None else _number(rounded(value, 2), words)
    counts = ", ".join(f"{label}:\xa0{count}" for label, count in run.counts.items())
    yield {"text": counts, "bars": list(_bars(run))}


def _number(value: Fraction, words: Words) -> dict[str, Any]:
    return {"text": words.number(value), "key": exact(value), "number": True}


def _bars(run: Run) -> Iterator[dict[str, int]]:
    most = max(run.counts.values(), default=0) or 1
    wide = WIDTH // max(len(run.counts), 1)
    for at, count in enumerate(run.counts.values()):
        tall = -(-count * HEIGHT // most)
        yield {"x": at * wide, "y": HEIGHT - tall, "width": max(wide - GAP, 1), "height": tall}
