"""Parts that take the scores of another part (contract 11.2): what is the other's is written into them.

Everything behind the loader sees a part with a maximum, deadlines and a late rule like any other; only where its
attempts come from it has to ask.
"""

from __future__ import annotations

from collections.abc import Iterator

from .assessment import Part

TAKEN = (
    "max_",
    "over",
    "by",
    "peer",
    "attempt",
    "retakes",
    "retake_at_most",
    "due_",
    "late",
    "late_from",
)
"""What belongs to the scores, and so to the part that has them: the fields of :class:`Part`."""

OFFERED = ("graded", "boundaries", "linear")
"""What a part has as the other has it, where it says nothing of its own."""


def with_taken(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, each that takes scores with what belongs to them; the same ones where none does."""
    given = {part.id: part for part in _all(parts)}
    if all(part.takes is None for part in given.values()):
        return parts
    return _with_taken(parts, given)


def source_of(part: Part, given: dict[str, Part]) -> Part | None:
    """The part whose scores a part takes; None where it takes none, or cannot take them."""
    source = given.get(part.takes or "")
    if source is None or source is part or source.takes is not None or source.parts or part.parts:
        return None
    return source


def said_again(part: Part) -> Iterator[str]:
    """The fields that a part which takes scores says of its own, though they belong to the scores."""
    return (name for name in (*TAKEN, "column", "markers", "rubric") if name in part.model_fields_set)


def _all(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _all(part.parts)


def _with_taken(parts: tuple[Part, ...], given: dict[str, Part]) -> tuple[Part, ...]:
    return tuple(_one(part, given) for part in parts)


def _one(part: Part, given: dict[str, Part]) -> Part:
    if part.parts:
        return _changed(part, {"parts": _with_taken(part.parts, given)})
    source = source_of(part, given)
    if source is None:
        return part
    own_conversion = {"graded", "boundaries", "linear"} & part.model_fields_set
    offered = OFFERED if not own_conversion else () if "graded" in own_conversion else ("graded",)
    names = [name for name in TAKEN if name not in part.model_fields_set]
    taken = {name: getattr(source, name) for name in (*names, *offered)}
    if "max_" in taken:  # with a rubric it is not written, and follows from the levels
        taken["max_"] = source.max
    return _changed(part, taken)


def _changed(part: Part, update: dict[str, object]) -> Part:
    """The part with other values, which still says what it said itself."""
    return type(part).model_construct(set(part.model_fields_set), **{**part.__dict__, **update})
