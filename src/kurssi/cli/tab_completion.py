"""What a shell may write next where somebody presses the tab key: commands, options, rules, students, fields, files.

A shell calls kurssi with the words so far in the arguments and its own name in ``_KURSSI_COMPLETE``; the last word has
a dot behind it, so that it is never empty, which some shells would leave out. A line of the answer is a proposal and,
after a tab, what it is; ``:files`` and some suffixes leave it to the shell to propose files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kurssi.diagnostics.words import LANGUAGES

from . import incoming, session
from .command_list import COMMANDS, GLOBAL, OF_THE_PROGRAM, built
from .session import COLORS

VARIABLE = "_KURSSI_COMPLETE"
IMPLEMENTATIONS = ("yaml", "yml")
SHEETS = ("csv", "tsv", "txt", "xlsx", "xls", "ods")
FILES = {"verify": ("json", "lock"), "feedback": SHEETS, "validate": IMPLEMENTATIONS, "workload": IMPLEMENTATIONS,
         "plan": IMPLEMENTATIONS, "policy": IMPLEMENTATIONS, "sheet": IMPLEMENTATIONS}  # fmt: skip
"""What the arguments of a command are; of all others an implementation and score sheets."""
MOST_OF_A_SHEET = 1 << 22
"""From a larger sheet no student is proposed."""
_PLAIN_WORD = re.compile(r"[\w@%+=:,./-]+")
"""What a shell takes as it stands: some write a proposal into the line, from where it may be carried out."""
NO_FILES = frozenset({"rule", "schema", "lsp"})
OF_RULES = frozenset({"--select", "--ignore"})


class Proposal(NamedTuple):
    """What may be written, and what it is."""

    text: str
    about: str = ""


Proposals = Iterator[Proposal | tuple[str, ...]]
"""Proposals, and the suffixes of files where the shell shall look for some."""


def answer(words: Sequence[str]) -> str:
    """The answer to a shell; nothing of what goes wrong is anybody's business at that moment."""
    *before, word = [*words[:-1], words[-1].removesuffix(".")] if words else [""]
    lines = []
    for found in _next(before, word):
        if not isinstance(found, Proposal):
            lines.append(" ".join([":files", *found]))
        elif found.text.startswith(word) and _PLAIN_WORD.fullmatch(found.text):
            lines.append(f"{found.text}\t{' '.join(found.about.split())}")
    return "\n".join(dict.fromkeys(lines))


def _next(before: Sequence[str], word: str) -> Proposals:
    last = before[-1] if before else ""
    if last == "--lang":
        yield from map(Proposal, LANGUAGES)
        return
    if last == "--color":
        yield from map(Proposal, COLORS)
        return
    at = next((n for n, one in enumerate(before) if one in COMMANDS), None)
    if at is None:
        yield from _of_the_program(word)
        return
    name, arguments = before[at], before[at + 1 :]
    command = built(name)
    options = {option: parameter for parameter in command.params for option in parameter.opts if option[0] == "-"}
    if (asked := options.get(last)) is not None and not asked.is_flag:
        yield from _values(last, asked, _plain(arguments, options))
    elif word.startswith("-"):
        yield from (Proposal(option, parameter.help or "") for option, parameter in options.items())
        yield from (Proposal(option, session.current.words.say(about)) for option, _, about in GLOBAL)
    else:
        yield from _arguments(name, command, _plain(arguments, options))


def _of_the_program(word: str) -> Proposals:
    say = session.current.words.say
    if word.startswith("-"):
        yield Proposal("--help")
        yield from (Proposal(option, say(about)) for option, _, about in (*OF_THE_PROGRAM, *GLOBAL))
    else:
        yield from (Proposal(name, say(about)) for name, about in COMMANDS.items())


def _plain(arguments: Sequence[str], options: dict[str, Any]) -> list[str]:
    """The arguments without options and their values."""
    found, todo = [], iter(arguments)
    for argument in todo:
        if argument in ("--lang", "--color") or (argument in options and not options[argument].is_flag):
            next(todo, None)
        elif not argument.startswith("-") or argument == "-":
            found.append(argument)
    return found


def _values(option: str, parameter: Any, arguments: list[str]) -> Proposals:
    """What an option takes."""
    choices = getattr(getattr(parameter, "type_descriptor", None), "choices", None) or ()
    if choices:
        yield from (Proposal(choice.value) for choice in choices)
    elif option in OF_RULES:
        yield from _rules()
    elif option == "--field":
        from kurssi.reports.plan.fields import FIELDS

        yield from map(Proposal, FIELDS)
    elif option == "--layout":
        from kurssi.sheets.layouts import LAYOUTS, PLAIN

        yield Proposal(PLAIN)
        yield from (Proposal(layout.name, session.current.words.say(layout.title)) for layout in LAYOUTS)
    elif option == "--part":
        yield from (Proposal(part.id, part.name) for part in _parts(arguments))
    elif parameter.metavar in ("FILE", "WORKBOOK", "LIST", "EXPORT", "KEY", "DIR", "REPORT", "OLD"):
        yield ()


def _arguments(name: str, command: Any, arguments: list[str]) -> Proposals:
    """What stands without an option."""
    if name == "rule":
        yield from _rules()
    elif name == "explain" and arguments and len(arguments) < 3:  # the file, and then the student
        yield from _students(arguments)
    if name not in NO_FILES and any(parameter.param_type_name == "argument" for parameter in command.params):
        yield FILES.get(name, (*IMPLEMENTATIONS, *SHEETS))


def _rules() -> Proposals:
    from kurssi.course.rules import book

    translate = session.current.words.translate
    yield from (Proposal(rule.name, translate(rule.title)) for rule in book().values())


def _policy(arguments: Sequence[str]) -> tuple[Any, str] | None:
    """The file that is checked, and its path; none where it cannot be graded by."""
    from kurssi.course.check import check
    from kurssi.course.yaml_reader import MAX_BYTES

    path = next((one for one in arguments if one.lower().endswith((".yaml", ".yml"))), None)
    raw = incoming.whole_file(path, MAX_BYTES) if path is not None else None
    if path is None or raw is None:
        return None
    checked = check(raw, path)
    return (checked, path) if checked.gradable and checked.file and checked.file.assessment else None


def _parts(arguments: Sequence[str]) -> list[Any]:
    """The parts of the policy that the arguments name, at every depth."""
    found = _policy(arguments)
    todo = list(found[0].policy.parts) if found is not None else []
    for part in todo:
        todo += part.parts
    return todo


def _students(arguments: Sequence[str]) -> Proposals:
    """The students of the class: of the sheets that are named, else of those that the file names."""
    found = _policy(arguments)
    if found is None:
        return
    from kurssi.sheets import AS_IS, read_sheets

    checked, path = found
    named = [one for one in arguments if one.lower().endswith(tuple("." + suffix for suffix in SHEETS))]
    paths = named or [os.path.join(os.path.dirname(path), name) for name in checked.file.scores]
    sheets = [(name, raw) for name in paths if (raw := incoming.whole_file(name, MOST_OF_A_SHEET)) is not None]
    if len(sheets) < len(paths):
        return
    class_list, _ = read_sheets(sheets, checked.policy, AS_IS._replace(columns=checked.file.columns or {}))
    for student in class_list.students if class_list is not None else ():
        yield Proposal(student.student, f"{student.first_name} {student.surname}".strip())
