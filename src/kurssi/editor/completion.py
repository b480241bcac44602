"""What may be written at the cursor: keys and values from the schema, and names from the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from kurssi.course.rules import book
from kurssi.diagnostics.words import Words

from .cursor import Spot, spots
from .hover import about
from .names import ATTENDED, choices, keys
from .opened import Opened, Span
from .shapes import Key, Shapes, flow

Kind = Literal["key", "value", "name"]


class Proposal(NamedTuple):
    """Something that may be written at the cursor."""

    label: str
    kind: Kind
    detail: str
    about: str
    """In Markdown."""
    text: str
    span: Span
    """What it replaces."""
    rank: int
    """Lower ones are shown first."""


def completion(opened: Opened, shapes: Shapes, line: int, column: int, *, schema: bool = True) -> list[Proposal]:
    """Everything that may be written at a place; ``schema``: also what the schema alone says."""
    found: dict[str, Proposal] = {}
    for spot in spots(opened.lines, line, column):
        span = Span(line, spot.start, line, spot.end)
        proposed = _keys if spot.key else _values
        for proposal in proposed(opened, shapes, spot, span, schema):
            found.setdefault(proposal.label, proposal)
    return list(found.values())


def _keys(_: Opened, shapes: Shapes, spot: Spot, span: Span, schema: bool) -> Iterator[Proposal]:
    block = spot.path[:-1]
    for name, key in shapes.keys(block).items() if schema else ():
        if name not in spot.others:
            text = name if spot.colon else f"{name}: " if spot.flow else _begun(key, shapes, span.column)
            detail = "" if key.example is None else flow(key.example)
            yield Proposal(name, "key", detail, about(key, shapes), text, span, 0 if key.required else 1)
    end = "" if spot.colon else ": "
    for named in keys(spot.data, block):
        if named.id not in spot.others:
            yield Proposal(named.id, "name", named.name, "", named.id + end, span, 2)
    if block[:-1] == ("assessment", "requires") and ATTENDED not in spot.others:
        yield Proposal(ATTENDED, "name", "", "", ATTENDED + end, span, 2)


def _begun(key: Key, shapes: Shapes, column: int) -> str:
    """A key with what its value begins with."""
    inner = "\n" + " " * (column + 2)
    return f"{key.name}:" + {"block": inner, "list": inner + "- ", "": " "}[shapes.block(key)]


def _values(opened: Opened, shapes: Shapes, spot: Spot, span: Span, schema: bool) -> Iterator[Proposal]:
    for word in shapes.values(spot.path) if schema else ():
        yield Proposal(word, "value", "", "", word, span, 1)
    for named in choices(spot.data, spot.path):
        yield Proposal(named.id, "name", named.name, "", named.id, span, 0)
    if spot.path[:1] == ("accepted",) and spot.path[-1:] == ("rule",):
        yield from _rules(opened, shapes.words, span)


def _rules(opened: Opened, words: Words, span: Span) -> Iterator[Proposal]:
    """Names of rules, those that found something first."""
    found = {finding.rule for finding in opened.checked.findings}
    for rule in book().values():
        title = words.translate(rule.title)
        yield Proposal(rule.name, "name", title, title, rule.name, span, 0 if rule.name in found else 1)
