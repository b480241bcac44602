"""The command line: finds the command, loads only that one, and turns what happens into an exit code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from kurssi.diagnostics.message import msg
from kurssi.diagnostics.words import LANGUAGES

from . import session
from .session import COLORS, EXIT_INTERRUPTED, EXIT_TROUBLE, Session, Trouble
from .streams import Streams


def run(arguments: Sequence[str]) -> int:
    """Runs one command line; the result is the exit code. Never raises."""
    with Streams() as streams:
        code = _run(arguments)
        return code if streams.finish() else EXIT_TROUBLE


def printed(text: str) -> int:
    """Prints a line, or says why it cannot be printed; the result is the exit code."""
    with Streams() as streams:
        session.current.out(text)
        return 0 if streams.finish() else EXIT_TROUBLE


def ended_by_system(arguments: Sequence[str], how: str) -> int:
    """Says which file the process of a command could not live with; the result is the exit code."""
    from .culprits import of_command

    with Streams():
        with suppress(Trouble):
            _common(list(arguments))
        for message in of_command(arguments, how):
            session.current.complain(message)
    return EXIT_TROUBLE


def _run(arguments: Sequence[str]) -> int:
    if os.environ.get("_KURSSI_COMPLETE"):
        return _answer_to_shell(arguments)
    debug = "--debug" in arguments
    try:
        return _command(_common(list(arguments)))
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except Trouble as trouble:
        session.current.complain(trouble.message)
        return EXIT_TROUBLE
    except MemoryError:
        session.current.complain(msg("there is not enough memory; close other programs and run it again"))
        return EXIT_TROUBLE
    except Exception as error:
        if debug:
            raise
        session.current.complain(
            msg("this is a fault of kurssi ({kind}); run it again with --debug to see where", kind=type(error).__name__)
        )
        return EXIT_TROUBLE


def _answer_to_shell(arguments: Sequence[str]) -> int:
    """What may be written next; somebody who presses the tab key is told of nothing that goes wrong."""
    from .tab_completion import answer

    session.current = Session()
    with suppress(Exception):
        session.current.out(answer(arguments))
    return 0


def _common(arguments: list[str]) -> list[str]:
    """Takes out the options that every command knows, before or after its name, and starts the session."""
    rest: list[str] = []
    found: dict[str, str] = {}
    todo = iter(arguments)
    for argument in todo:
        if argument == "--":
            rest += [argument, *todo]
            break
        name, sign, value = argument.partition("=")
        if name == "--debug" and not sign:
            continue
        if name in ("--lang", "--color"):
            found[name] = value if sign else next(todo, "")
            continue
        rest.append(argument)
    lang, color = found.get("--lang"), found.get("--color", "auto")
    session.current = Session(lang if lang in LANGUAGES else None, color if color in COLORS else "auto")
    choices: list[tuple[str, str | None, tuple[str, ...]]] = [("--lang", lang, LANGUAGES), ("--color", color, COLORS)]
    for option, chosen, allowed in choices:
        if chosen is not None and chosen not in allowed:
            raise Trouble(msg("{option} takes one of: {values}", option=option, values=", ".join(allowed)))
    return rest


def _command(arguments: list[str]) -> int:
    if arguments and arguments[0].partition("=")[0] in ("--install-completion", "--show-completion"):
        from .shell_setup import set_up

        option, _, shell = arguments[0].partition("=")
        return set_up(option, shell or next(iter(arguments[1:]), None))
    from .command_list import COMMANDS, UsageError, call

    try:
        result = call(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else EXIT_TROUBLE
    except UsageError as error:
        from .usage import said

        if arguments:
            problem, way = said(error, " ".join(["kurssi", *(name for name in arguments[:1] if name in COMMANDS)]))
            session.current.complain(problem)
            session.current.note(way)
        else:  # kurssi alone: the list of commands
            session.current.err(error.format_message())
        return EXIT_TROUBLE
    return result if isinstance(result, int) else 0
