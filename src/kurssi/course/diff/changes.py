"""What changed in one value, a list, a period or a block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from kurssi.course.model import (
    Days,
    Shape,
)
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.values.hours import Hours

from .words import CHOSEN, LABELS, day_text, shown

Section = Literal["course", "run", "schedule", "workload", "assessment"]
Kind = Literal["changed", "added", "removed"]

SECTIONS: dict[Section, Msg] = {
    "course": msg("The course"),
    "run": msg("The run"),
    "schedule": msg("The schedule"),
    "workload": msg("The workload"),
    "assessment": msg("The assessment"),
}
"""The headings of a comparison, in the order in which changes come."""


class Change(NamedTuple):
    """One thing that is not the same in both runs."""

    section: Section
    path: Path
    """Where it stands: in the new file, or in the old one where the new one lacks it."""
    kind: Kind
    what: object
    """What changed, as a message or a name."""
    old: object
    new: object
    """The values as people read them; ``None`` where there is none."""

    @property
    def message(self) -> Msg:
        """The change in one sentence."""
        if self.kind == "added":
            return msg("{what}: new: {new}", what=self.what, new=self.new)
        if self.kind == "removed":
            return msg("{what}: left out, was {old}", what=self.what, old=self.old)
        return msg("{what}: {old} → {new}", what=self.what, old=self.old, new=self.new)


def changed(section: Section, path: Path, what: object, old: object, new: object) -> Change:
    """A change of a value; without an old one it is new, without a new one it was left out."""
    kind: Kind = "added" if old is None else "removed" if new is None else "changed"
    return Change(section, path, kind, what, old, new)


def section_of(owner: object, label: object) -> object:
    """What changed, with the thing that it belongs to: ``Tentti, deadline``."""
    return label if owner is None else Terms([owner, label])


def field_changes(
    section: Section, path: Path, old: Shape, new: Shape, *, owner: object = None, skip: set[str] | None = None
) -> Iterator[Change]:
    """Every plain field of two shapes that differs; lines of text are compared line by line."""
    for name, field in type(new).model_fields.items():
        key = field.alias or name
        if skip and key in skip:
            continue
        a, b = getattr(old, name), getattr(new, name)
        if a == b or (isinstance(a, Hours) and isinstance(b, Hours) and a.hours == b.hours):
            continue
        here, label = (*path, key), section_of(owner, LABELS[key])
        if key not in CHOSEN and _is_text(a) and _is_text(b):
            yield from line_changes(section, here, label, a, b)
        else:
            yield changed(section, here, label, shown(a, key), shown(b, key))


def _is_text(value: object) -> bool:
    return type(value) is tuple and all(isinstance(item, str) for item in value)


def line_changes(
    section: Section, path: Path, label: object, old: Sequence[str], new: Sequence[str]
) -> Iterator[Change]:
    """Lines of text: what was added, left out, or worded anew."""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        paired = min(i2 - i1, j2 - j1)
        for n in range(max(i2 - i1, j2 - j1)):
            a = old[i1 + n] if i1 + n < i2 else None
            b = new[j1 + n] if j1 + n < j2 else None
            where = (*path, j1 + n if b is not None else i1 + n)
            if n < paired and a is not None and b is not None:
                yield changed(section, where, label, quoted_text(a), quoted_text(b))
            else:
                yield changed(section, where, label, a and quoted_text(a), b and quoted_text(b))


def quoted_text(text: str) -> Msg:
    """A line of text in quotes."""
    return msg("“{text}”", text=" ".join(text.split()))


def named_changes(
    section: Section,
    path: Path,
    old: Sequence[tuple[str, object]],
    new: Sequence[tuple[str, object]],
    what: Msg | None,
    old_names: Sequence[object] | None = None,
    new_names: Sequence[object] | None = None,
) -> Iterator[Change]:
    """Items with a name of their own, paired by it."""
    before = dict(old)
    after = dict(new)
    for index, (key, value) in enumerate(new):
        if key not in before or before[key] != value:
            label = what or (new_names[index] if new_names else key)
            yield changed(section, (*path, index), label, before.get(key), value)
    for index, (key, value) in enumerate(old):
        if key not in after:
            label = what or (old_names[index] if old_names else key)
            yield changed(section, (*path, index), label, value, None)


def block_changes(section: Section, path: Path, old: object, new: object, what: Msg) -> Iterator[Change]:
    """A block that only one of the two has."""
    if old is not new:
        there = msg("given")
        yield changed(section, path, what, None if old is None else there, None if new is None else there)


def period_changes(section: Section, path: Path, old: Days | None, new: Days | None, owner: object) -> Iterator[Change]:
    """The first and the last day of a period."""
    for key in ("start", "end"):
        a = None if old is None else getattr(old, key)
        b = None if new is None else getattr(new, key)
        if a != b:
            yield changed(section, (*path, key), section_of(owner, LABELS[key]), a and day_text(a), b and day_text(b))
