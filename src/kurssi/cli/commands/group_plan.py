"""``kurssi plan FOLDER --group CODE``: the term of a student group, from all implementations of a folder."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from kurssi.cli import incoming, session
from kurssi.cli.outputs import MOST_OF_A_CALENDAR, suffix, write_one
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble
from kurssi.course.check import Checked, blocks_grading, check
from kurssi.course.model import ImplementationFile
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.visible import json_text, visible
from kurssi.diagnostics.words import Words
from kurssi.reports.plan.group_term import ON_SCREEN, Term, belongs, term_json, term_of, term_page
from kurssi.reports.plan.text import as_markdown, as_text

WIDEST = 100
DATED = frozenset({"unknown-timezone", "duplicate-part"})
"""Errors of the assessment without which there are no dates: whose times, and which part."""


class Found(NamedTuple):
    """What the files of a folder say."""

    files: list[ImplementationFile]
    left_out: list[str]
    """The names of files with errors that are, or may be, for the group."""


def plan_group(path: str | None, code: str, format_: str, output: Sequence[str], force: bool) -> int:
    """Prints the term of a group, or writes a file for every ``-o``; fails where a file had to be left out."""
    here = session.current
    found = _found(here.named([path] if path else None), code)
    if not any(belongs(file, code) for file in found.files):
        if here.failed_to_open:
            return EXIT_TROUBLE
        if found.left_out:
            here.note(msg("no other implementation is for the group {group}: nothing is made", group=code))
            return EXIT_FINDINGS
        raise Trouble(_no_such_group(code, found.files))
    languages = {file.implementation.language for file in found.files if belongs(file, code)}
    words = here.report_words(languages.pop()) if len(languages) == 1 else here.words
    term = term_of(code, found.files, found.left_out, words)
    code_ = EXIT_FINDINGS if found.left_out else 0
    if not output:
        _print(term, words, format_)
    for target in output:
        before = incoming.whole_file(target, MOST_OF_A_CALENDAR)
        code_ = max(code_, write_one(target, MAKERS[suffix(target)](term, words, before), force))
    return EXIT_TROUBLE if here.failed_to_open else code_


def _found(paths: Sequence[str], code: str) -> Found:
    """The implementations that can be read, each id once; the others are named."""
    here = session.current
    found = Found([], [])
    ids: dict[str, str] = {}
    for name in here.implementation_paths(paths):
        raw = here.read(name, MAX_BYTES)
        if raw is None:
            continue
        name = "<stdin>" if name == "-" else name
        checked = check(raw, name)
        file = checked.file
        if file is None or any(blocks_grading(f) and _stops(f.rule, f.path[:1]) for f in checked.findings):
            if code.casefold() in _codes(checked, code):
                found.left_out.append(_base(name))
                here.note(msg("{file} is left out: it has errors, which kurssi validate shows", file=name))
            continue
        other = ids.setdefault(file.implementation.id.casefold(), name)
        if other is name:
            found.files.append(file)
        elif belongs(file, code):
            found.left_out.append(_base(name))
            here.note(msg("{file} is left out: its id is also the id of {other}", file=name, other=other))
    return found


def _stops(rule: str, where: Sequence[object]) -> bool:
    """Whether no dates can be made of a file with such an error; a weight that is wrong moves no deadline."""
    return tuple(where) != ("assessment",) or rule in DATED


def _codes(checked: Checked, code: str) -> Iterator[str]:
    """The groups of a file with errors, as far as they can be read; the one that is asked for where they cannot."""
    data = checked.document.data
    if isinstance(data, dict) and not {"kurssi", "course", "implementation"} & set(data):
        return  # another YAML file of the folder
    run = data.get("implementation") if isinstance(data, dict) else None
    groups = run.get("groups", []) if isinstance(run, dict) else None
    for group in groups if isinstance(groups, list) else [None]:
        named = group.get("code") if isinstance(group, dict) else group
        yield named.casefold() if isinstance(named, str) else code.casefold()


def _base(name: str) -> str:
    """The file's name without its folder: a page says nothing about the writer's computer."""
    return name.replace("\\", "/").rpartition("/")[2]


def _no_such_group(code: str, files: Sequence[ImplementationFile]) -> Msg:
    codes = list(dict.fromkeys(group.code for file in files for group in file.implementation.groups))
    close = get_close_matches(code, codes, 1, 0.6)
    if close:
        return msg("no implementation is for the group {group}; did you mean “{code}”?", group=code, code=close[0])
    if codes:
        return msg("no implementation is for the group {group}; there are: {codes}", group=code, codes=", ".join(codes))
    return msg("no implementation is for the group {group}: write implementation.groups", group=code)


# ---- out -----------------------------------------------------------------------------------------------------


def _print(term: Term, words: Words, format_: str) -> None:
    here = session.current
    if format_ == "text":
        width = min(shutil.get_terminal_size().columns, WIDEST) if sys.stdout.isatty() else WIDEST
        page = term_page(term, words)
        shown = tuple(section for section in page.sections if section.name in ON_SCREEN)
        here.out(as_text(page._replace(sections=shown), words, width))
    else:
        here.out_data(MAKERS["." + format_](term, words, None))


def _markdown(term: Term, words: Words, before: bytes | None) -> bytes:  # noqa: ARG001
    return visible(as_markdown(term_page(term, words), words)).encode("utf-8", "backslashreplace")


def _html(term: Term, words: Words, before: bytes | None) -> bytes:  # noqa: ARG001
    from kurssi.reports.plan.html import as_html

    return as_html(term_page(term, words), words).encode("utf-8", "backslashreplace")


def _json(term: Term, words: Words, before: bytes | None) -> bytes:  # noqa: ARG001
    return json_text(term_json(term, words)).encode("utf-8", "backslashreplace")


def _calendar(term: Term, words: Words, before: bytes | None) -> bytes:
    from kurssi.reports.plan.calendar import as_group_calendar

    return as_group_calendar(term.files, term.group, words, before, complete=not term.left_out)


MAKERS: dict[str, Callable[[Term, Words, bytes | None], bytes]] = {
    ".md": _markdown,
    ".html": _html,
    ".ics": _calendar,
    ".json": _json,
}
