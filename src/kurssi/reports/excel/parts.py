"""The sheet with every part of every student, and every attempt at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kurssi.grading import AttemptResult, PartResult
from kurssi.grading.parts import due_of
from kurssi.messages import Msg, msg
from kurssi.policy import Part
from kurssi.reports.rows import STATES

from .grades import value
from .sheet import Cell, Column, List, Writer, by_student, headed

SCORED = msg("scored")
GATES: dict[str | None, Msg] = {
    None: msg("open"),
    "not-submitted": msg("not submitted"),
    "closed": msg("too late"),
    "failed": msg("failed"),
    "below-minimum": msg("below the minimum"),
}
UNDECIDED = msg("not decided yet")
DEEP = " › "
"""Stands between a part and a part of it."""


class Shape(NamedTuple):
    """Which columns this class needs."""

    retakes: bool
    late: bool
    free: bool
    peer: bool
    dropping: bool


def write(writer: Writer) -> None:
    """One row per student, part and attempt. What belongs to the part stands in the row of the attempt that counts."""
    words, policy = writer.words, writer.book.policy
    every = list(policy.all_parts())
    attempts = max((len(a) for r in writer.book.results for a in r.student.attempts.values()), default=1)
    shape = Shape(
        attempts > 1,
        any(p.late for p in every) or any(d for p in every for d in p.dues),
        policy.free is not None,
        any(p.peer for p in every),
        any(p.best or p.drop_lowest for p in every),
    )
    spec = [
        Column(headed(words("student number")), 20),
        Column(headed(words("name")), 30),
        Column(headed(words("part")), 44),
        Column(headed(words("value")), centre=True),
        Column(headed(words("effective weight %")), centre=True),
        Column(headed(words("gate")), 22),
    ]
    if shape.dropping:
        spec.append(Column(headed(words("among the best")), centre=True))
    if shape.peer:
        spec.append(Column(headed(words("peer factor")), centre=True))
    if shape.retakes:
        spec += [Column(headed(words("attempt")), centre=True), Column(headed(words("counts")), centre=True)]
    spec += [Column(headed(words("state")), 18), Column(headed(words("score")), centre=True)]
    if shape.late:
        spec += [
            Column(headed(words("submitted")), 24, centre=True),
            Column(headed(words("due")), 24, centre=True),
            Column(headed(words("late units")), centre=True),
        ]
        spec += [Column(headed(words("forgiven")), centre=True)] if shape.free else []
        spec += [Column(headed(words("deducted")), centre=True)]
    spec += [
        Column(headed(words("value of the attempt")), centre=True),
        Column(headed(words("file")), 36),
        Column(headed(words("row")), centre=True),
    ]
    paths = _paths(policy.parts, "")
    out = List(writer, words("Parts"), spec, 2, finish=by_student)
    for result in writer.book.results:
        student = result.student
        for part in result.parts:
            for cells in _rows(writer, part, paths, shape):
                out.add([student.student, student.name, *cells])
    out.end()


def _paths(parts: Sequence[Part], above: str) -> dict[str, str]:
    """The name of every part, with the parts it belongs to."""
    out: dict[str, str] = {}
    for part in parts:
        out[part.id] = above + part.name
        out.update(_paths(part.parts, above + part.name + DEEP))
    return out


def _rows(writer: Writer, result: PartResult, paths: Mapping[str, str], shape: Shape) -> Iterator[list[Cell]]:
    words, part = writer.words, result.part
    nothing: list[Cell] = [None] * (3 + shape.dropping + shape.peer)
    whole: list[Cell] = [
        value(writer, result),
        None if result.effective_weight is None else writer.figure(result.effective_weight),
        words.say(UNDECIDED if result.state == "ungraded" else GATES[result.gate]),
    ]
    if shape.dropping:
        whole.append(None if not part.counts else words("yes") if result.chosen else words("no"))
    if shape.peer:
        whole.append(None if result.peer is None else writer.figure(result.peer.factor))
    name = paths[part.id]
    made = [a for a in result.attempts if a.state != "missing"] or list(result.attempts[:1])
    if not made:
        state = SCORED if result.state == "scored" else STATES[result.state]
        empty: list[Cell] = [None] * (2 * shape.retakes)
        yield [name, *whole, *empty, words.say(state)]
    at = next((i for i, a in enumerate(made) if a.number == result.used), 0)
    for index, attempt in enumerate(made):
        yield [name, *(whole if index == at else nothing), *_attempt(writer, result, attempt, shape)]
    for child in result.children:
        yield from _rows(writer, child, paths, shape)


def _attempt(writer: Writer, result: PartResult, attempt: AttemptResult, shape: Shape) -> list[Cell]:
    words, given = writer.words, attempt.given
    cells: list[Cell] = []
    if shape.retakes:
        used = attempt.number == result.used
        cells += [writer.count(attempt.number), words("yes") if used else words("no")]
    cells.append(words.say(SCORED if attempt.state == "scored" else STATES[attempt.state]))
    cells.append(None if given.score is None else writer.figure(given.score))
    if shape.late:
        late = attempt.units > 0
        cells += [
            writer.moment(given.submitted),
            writer.moment(due_of(result.part, attempt.number, given)),
            writer.count(attempt.units) if late else None,
        ]
        cells += [writer.count(attempt.forgiven) if attempt.forgiven else None] if shape.free else []
        cells.append(writer.figure(attempt.deducted) if attempt.deducted else None)
    cells.append(None if attempt.value is None else writer.figure(attempt.value))
    source = given.source
    return [*cells, writer.short(source.file), writer.count(source.row)] if source is not None else cells
