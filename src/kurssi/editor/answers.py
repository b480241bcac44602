"""What can be mended at once: the fixes of ``kurssi validate --fix``, one by one or all together."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from kurssi.course.fixes import Edit, answers_within, fix
from kurssi.diagnostics.message import Msg, msg

from .opened import Opened, Span


class Change(NamedTuple):
    """A piece of the text that is written anew."""

    span: Span
    text: str


class Answer(NamedTuple):
    """Something that an editor offers to do."""

    title: Msg
    changes: tuple[Change, ...]
    rule: str | None
    """The rule whose finding it answers; ``None`` for a spelling, and for all at once."""
    line: int


def answers(opened: Opened, first: int, last: int) -> Iterator[Answer]:
    """What can be mended in these lines."""
    for edit in answers_within(opened.raw, opened.checked, first, last):
        change = Change(Span(edit.line, edit.column, edit.line, edit.end), edit.text)
        yield Answer(_title(opened, edit), (change,), edit.rule, edit.line)


def _title(opened: Opened, edit: Edit) -> Msg:
    old = opened.document.lines[edit.line][edit.column : edit.end]
    if not old or not edit.text:
        return msg("write “{new}”", new=edit.text.strip()) if edit.text else msg("take “{old}” out", old=old)
    return msg("write “{new}” instead of “{old}”", new=edit.text, old=old)


def all_at_once(opened: Opened) -> tuple[Change, ...]:
    """Everything that ``kurssi validate --fix`` would do to the file."""
    old = opened.document.lines
    new = fix(opened.raw, opened.path).raw.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    changes = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "insert":
            changes.append(Change(Span(a, 0, a, 0), "".join(line + "\n" for line in new[c:d])))
        elif what != "equal":  # no fix takes a line away
            changes.append(Change(Span(a, 0, b - 1, len(old[b - 1])), "\n".join(new[c:d])))
    return tuple(changes)
