"""The list of commands. Each lives in a module of its own, which is loaded when it is called."""

from __future__ import annotations

import gettext
import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer import BadParameter
from typer.core import TyperArgument, TyperGroup

from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.diagnostics.words import Words, folder_of_catalogues

from . import session
from .session import Trouble

COMMANDS: dict[str, Msg] = {
    "validate": msg("Find what is wrong with implementation files."),
    "workload": msg("Add up the hours and hold them against the credits."),
    "grade": msg("Compute final grades from score sheets."),
    "explain": msg("Show every step of one student's grade."),
    "verify": msg("Derive every grade of a report or a lock again, and say what does not follow."),
    "lock": msg("Write a small file that records what was graded from what."),
    "policy": msg("Say what the rules of an assessment can do, with invented students."),
    "compare": msg("Say what changed from one run of a course to another."),
    "sheet": msg("Write a workbook to enter scores in."),
    "feedback": msg("Sum up course feedback: NPS, CES, statements, open answers."),
    "plan": msg("Show the course page, one field of it, run sheets, or the calendar."),
    "new": msg("Make an implementation file, from questions or from last year's."),
    "rule": msg("List the rules, or explain one."),
    "schema": msg("Print the JSON Schema of implementation files."),
    "app": msg("Open kurssi as a page in the browser, or write that page."),
    "lsp": msg("Help an editor while a file is written (language server)."),
}


class Commands(TyperGroup):
    """A group whose commands are imported when they are called: ``--help`` pays for none of them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Their names, in the order of the list."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Imports and builds one command; None where there is none of that name."""
        return built(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The list in ``--help``, without importing a command."""
        words = session.current.words
        with formatter.section(words("Commands")):
            formatter.write_dl([(name, words.say(help_)) for name, help_ in COMMANDS.items()])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Finds the command; a mistyped name gets a “did you mean”. Raises :class:`Trouble`."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            if close := get_close_matches(name, list(COMMANDS), 2):
                raise Trouble(
                    msg("there is no command {name}; did you mean {close}?", name=name, close=Terms(tuple(close)))
                )
            raise Trouble(msg("there is no command {name}; kurssi --help lists them", name=name))
        return super().resolve_command(ctx, args)


CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
GLOBAL: tuple[tuple[str, str, Msg], ...] = (
    ("--lang", "<fi|en|sv>", msg("The language of messages, and of reports.")),
    ("--color", "<auto|always|never>", msg("Whether messages have colours.")),
    ("--debug", "", msg("Show where a fault of kurssi is.")),
)
"""The options of every command: name, value, what it does."""
OF_THE_PROGRAM: tuple[tuple[str, str, Msg], ...] = (
    ("--version", "", msg("Show the version and exit.")),
    ("--install-completion", "[SHELL]", msg("Let the tab key complete in bash, zsh, fish or PowerShell.")),
    ("--show-completion", "[SHELL]", msg("Show what a shell needs for that, and write nothing.")),
)
"""The options that stand instead of a command."""


def built(name: str) -> Any:
    """Imports and builds one command."""
    module = import_module(f".commands.{name}", __package__)
    app = typer.Typer(
        add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings=CONTEXT
    )
    words = session.current.words
    app.command(help=words.say(module.HELP))(module.command)
    found = typer.main.get_command(app)
    found.name = name
    for parameter in found.params:
        if isinstance(parameter, TyperArgument):  # <list[str]> says nothing to a teacher
            setattr(parameter, "display_type_rich", lambda ctx: "")  # noqa: ARG005, B010
    return _in_words(found)


UsageError: Any = BadParameter.__mro__[1]
"""What typer raises where a command line is wrong; it has no public name."""


def _in_words(command: Any) -> Any:
    """The command with the two phrases in the session's language that typer does not translate."""
    words = session.current.words
    command.get_help_option(typer.Context(command, **CONTEXT)).help = words("Show this message and exit.")

    def usage(ctx: Any, formatter: Any) -> None:
        pieces = " ".join(command.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=words("Usage") + ": ")

    def epilog(ctx: Any, formatter: Any) -> None:  # noqa: ARG001
        if isinstance(command, Commands):
            _write(formatter, words("Instead of a command"), OF_THE_PROGRAM)
        _write(formatter, words("With every command"), GLOBAL)

    command.format_usage, command.format_epilog = usage, epilog
    return command


def _write(formatter: Any, heading: str, options: Sequence[tuple[str, str, Msg]]) -> None:
    say = session.current.words.say
    with formatter.section(heading):
        formatter.write_dl([(f"{name} {value}".strip(), say(about)) for name, value, about in options])


def call(arguments: list[str]) -> Any:
    """Calls the command that the arguments begin with, as the whole command line would, or else that."""
    words = session.current.words
    if words.language != "en":  # typer's own words ("Usage", "Options") come from the same catalogue
        os.environ["LANGUAGE"] = words.language
        gettext.bindtextdomain("kurssi", folder_of_catalogues(words.language))
        gettext.textdomain("kurssi")
    if arguments and arguments[0] in COMMANDS:  # nothing stands before it that the others would be needed for
        return built(arguments[0])(arguments[1:], prog_name=f"kurssi {arguments[0]}", standalone_mode=False)
    return _group(words)(arguments, prog_name="kurssi", standalone_mode=False)


def _group(words: Words) -> Any:
    app = typer.Typer(
        cls=Commands,
        add_completion=False,
        no_args_is_help=True,
        result_callback=_leave,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=CONTEXT,
        help=words(
            "One file per course implementation: check the plan, add up the hours, grade the class, explain the grades."
        ),
    )
    app.callback()(_root)
    return _in_words(typer.main.get_group(app))


def _leave(code: int) -> None:
    """A command returns its exit code."""
    raise typer.Exit(code)


def _root() -> None:
    """Nothing happens before a command."""
