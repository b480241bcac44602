"""Parts that are repeated: one in the file, as many in the policy (contract 11.8).

``{id: vt, repeat: 12}`` stands for vt1 to vt12. Everything behind the loader sees the twelve; what is said of one of
them points at the one place in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from kurssi.diagnostics.finding import Path
from kurssi.values.times import When

from .assessment import Assessment, Part, Series
from .file import ImplementationFile
from .taken import with_taken
from .ways import as_parts, parts_key


class Placed(Part):
    """A part among siblings of which some are repeated: it knows where it is written."""

    index: int
    """Its place among its siblings in the file, from 0."""
    number: int | None
    """Which one of a series it is, from 1."""


def expanded(file: ImplementationFile) -> ImplementationFile:
    """The file with every part that is repeated as many parts, and what a part takes from another written into it.

    The same file where there is neither.
    """
    assessment = file.assessment
    if assessment is None:
        return file
    parts = with_taken(_expanded(as_parts(assessment)))
    if parts is assessment.parts:
        return file
    return file.model_copy(update={"assessment": assessment.model_copy(update={"parts": parts})})


def written(file: ImplementationFile, path: Path) -> Path:
    """Where in the file stands what ``path`` names in the expanded one."""
    if path[:1] != ("assessment",) or path[1:2] not in (("parts",), ("ways",)) or file.assessment is None:
        return path
    parts, at, out = file.assessment.parts, 2, list(path)
    while at < len(path):
        index = path[at]
        if not isinstance(index, int) or index >= len(parts):
            break
        part = parts[index]
        out[at] = place_of(part, index)
        if path[at + 1 : at + 2] not in (("parts",), ("ways",)):
            break
        parts, at = part.parts, at + 2
    return tuple(out)


def place_of(part: Part, index: int) -> int:
    """The place in the file of a part that is the ``index``-th of its siblings."""
    return part.index if isinstance(part, Placed) else index


def has_series(file: ImplementationFile) -> bool:
    """Whether any part is one of a series."""
    return any(isinstance(part, Placed) for _, part in all_parts(file))


def all_parts(file: ImplementationFile) -> Iterator[tuple[Path, Part]]:
    """Every part at any depth, with its path in the expanded file; those of one level before their own parts."""
    if file.assessment is None:
        return iter(())
    return iter(_EVERY.of(file.assessment))


class _Every:
    """All parts of the file that was asked for last: a dozen rules ask one after the other. Parts never change."""

    def __init__(self) -> None:
        self.latest: tuple[tuple[Part, ...], Sequence[tuple[Path, Part]]] = ((), ())

    def of(self, assessment: Assessment) -> Sequence[tuple[Path, Part]]:
        """Every part with its path."""
        given, found = self.latest
        if given is not assessment.parts:
            key, given = parts_key(assessment), assessment.parts
            todo: list[tuple[Path, Part]] = [(("assessment", key, index), part) for index, part in enumerate(given)]
            for path, part in todo:
                todo += [((*path, parts_key(part), index), child) for index, child in enumerate(part.parts)]
            found = todo
            self.latest = given, found
        return found


_EVERY = _Every()


def parts_without_takers(file: ImplementationFile) -> Iterator[tuple[Path, Part]]:
    """The same without the parts that take scores: what belongs to the scores is said where they are."""
    return ((path, part) for path, part in all_parts(file) if part.takes is None)


def _expanded(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    inner = []
    for part in parts:
        below = _expanded(as_parts(part))
        inner.append(part if below is part.parts else part.model_copy(update={"parts": below}))
    if not any(part.repeat for part in parts):
        return parts if all(a is b for a, b in zip(parts, inner, strict=True)) else tuple(inner)
    return tuple(each for index, part in enumerate(inner) for each in _each(part, index))


def _each(part: Part, index: int) -> Iterator[Part]:
    if part.repeat is None or part.parts:  # a rule says that only a part with scores can be repeated
        yield _placed(part, index, None)
        return
    for number, due in enumerate(_dues(part, part.repeat), 1):
        changed = {
            "id": f"{part.id}{number}",
            "name": None if part.name is None else f"{part.name} {number}",
            "column": None if part.column is None else f"{part.column} {number}",
            "weight": None if part.weight is None else part.weight / part.repeat,
            "due_": due,
        }
        yield _placed(part.model_copy(update=changed), index, number)


def _placed(part: Part, index: int, number: int | None) -> Placed:
    said = {*part.model_fields_set, "index", "number"}
    return Placed.model_construct(said, **part.__dict__, index=index, number=number)


def _dues(part: Part, number: int) -> Iterator[When | None]:
    due = part.due_
    if not isinstance(due, Series):
        for _ in range(number):
            yield due
        return
    day = timedelta(days=due.every.days)
    found = 0
    for step in range(number + len(due.except_)):
        try:
            at = due.first.at + step * day
        except OverflowError:  # a rule says that it is too late
            at = datetime.max.replace(tzinfo=due.first.at.tzinfo)
        if at.date() not in due.except_ and found < number:
            found += 1
            yield due.first._replace(at=at)
