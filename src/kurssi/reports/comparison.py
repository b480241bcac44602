"""Two runs side by side, as text for a terminal, as Markdown and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from kurssi.course.diff import SECTIONS, Change
from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.message import Msg, msg, nmsg
from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words

from .csv_and_markdown import escaped
from .policy_report import Section

KINDS: dict[str, Msg] = {"added": msg("new"), "removed": msg("left out")}


def heading(old: ImplementationFile, new: ImplementationFile) -> str:
    """``KH00BT03-2023 → KH00BT03-2024``."""
    return f"{old.implementation.id} → {new.implementation.id}"


def summary(changes: Sequence[Change]) -> Msg:
    """How much changed, in one line."""
    if not changes:
        return msg("nothing changed")
    return nmsg("{n} change", "{n} changes", n=len(changes))


def as_text(
    changes: Sequence[Change],
    old: ImplementationFile,
    new: ImplementationFile,
    words: Words,
    width: int,
    more: Sequence[Section] = (),
) -> str:
    """One block per section; a change in one line where it fits, else what was and what is on lines of their own."""
    out = [heading(old, new), new.course.name]
    for section, found in groupby(changes, lambda change: change.section):
        out += ["", words.say(SECTIONS[section])]
        for change in found:
            out += _block(change, words, width)
    for section_ in more:
        out += ["", section_.title]
        for line in section_.lines:
            out += textwrap.wrap(line, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(out)


def _block(change: Change, words: Words, width: int) -> list[str]:
    line = f"  {words.say(change.message)}"
    if len(line) <= width:
        return [line]
    kind = KINDS.get(change.kind)
    out = textwrap.wrap(
        f"{words.say(change.what)}:" + (f" {words.say(kind)}" if kind else ""),
        width,
        initial_indent="  ",
        subsequent_indent="    ",
    )
    for sign, value in (("−", change.old), ("+", change.new)):
        if value is not None:
            indents = (f"    {sign} ", "      ")
            out += textwrap.wrap(
                words.say(value), width, initial_indent=indents[0], subsequent_indent=indents[1], break_on_hyphens=False
            )
    return out


def as_markdown(
    changes: Sequence[Change],
    old: ImplementationFile,
    new: ImplementationFile,
    words: Words,
    more: Sequence[Section] = (),
) -> str:
    """A heading, then a table per section: what, before, after."""
    out = [f"# {escaped(heading(old, new))}", "", escaped(new.course.name)]
    if not changes:
        out += ["", words.say(summary(changes))]
    for section, found in groupby(changes, lambda change: change.section):
        names = (words("What"), escaped(old.implementation.id), escaped(new.implementation.id))
        out += ["", f"## {words.say(SECTIONS[section])}", "", f"| {' | '.join(names)} |", "|---|---|---|"]
        for change in found:
            cells = [words.say(change.what)]
            cells += ["–" if value is None else words.say(value) for value in (change.old, change.new)]
            out.append(f"| {' | '.join(map(escaped, cells))} |")
    for section_ in more:
        out += ["", f"## {escaped(section_.title)}", "", *(f"- {escaped(line)}" for line in section_.lines)]
    return "\n".join([*out, ""])


def as_json(
    changes: Sequence[Change],
    old: ImplementationFile,
    new: ImplementationFile,
    words: Words,
    more: Mapping[str, Any],
) -> str:
    """One document: every change with its path, kind, and both values as text; then what the new rules do."""

    def value(of: object) -> str | None:
        return None if of is None else words.say(of)

    rows: list[dict[str, Any]] = [
        {
            "section": change.section,
            "path": list(change.path),
            "kind": change.kind,
            "what": words.say(change.what),
            "old": value(change.old),
            "new": value(change.new),
            "message": words.say(change.message),
        }
        for change in changes
    ]
    document = {
        "kurssi": 1,
        "command": "compare",
        "old": old.implementation.id,
        "new": new.implementation.id,
        "changes": rows,
        **more,
    }
    return json_text(document)
