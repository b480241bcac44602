"""What is said where the system ended a process of kurssi: which file it could not live with, found by trying each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress

from kurssi.diagnostics.message import Msg, msg

from . import incoming
from .inputs import find_implementation, is_implementation
from .pool import Died, outcomes
from .session import Trouble


def of_command(arguments: Sequence[str], how: str) -> list[Msg]:
    """What is said of a command that was ended: of the files that it names, or that it would have found itself."""
    files = [argument for argument in arguments if os.path.isfile(argument)]
    if not any(map(is_implementation, files)):
        with suppress(Trouble, OSError):
            files.append(find_implementation())
    unknown = msg(
        "kurssi was ended by the system ({how}), perhaps for want of memory; close other programs and run it again",
        how=how,
    )
    return of_files(files) or [unknown]


def of_job(path: str, how: str) -> list[Msg]:
    """What is said of one file among many whose process was ended."""
    unknown = msg(
        "{file} is left out: the system ended the process that worked on it ({how}), perhaps for want of memory; close "
        "other programs and run it again",
        file=path,
        how=how,
    )
    return of_files([path]) or [unknown]


def of_files(files: Iterable[str]) -> list[Msg]:
    """A sentence on each of the files, and of those that they name, that ends the process which reads it."""
    todo, seen, found = list(files), set[str](), []
    while todo:
        file = todo.pop(0)
        if file in seen:
            continue
        seen.add(file)
        for outcome in outcomes(look_into, [file], 1, again=False):
            if isinstance(outcome, Died):
                found.append(
                    msg(
                        "{file} cannot be read: the system ends the process that reads it ({how}); open it in the "
                        "program that it comes from and save it again",
                        file=file,
                        how=outcome.how,
                    )
                )
            else:
                todo += outcome
    return found


def look_into(path: str) -> tuple[str, ...]:
    """Reads a file as commands do, whatever is wrong in it; the result is the files that it names."""
    from kurssi.course.check import check
    from kurssi.course.yaml_reader import MAX_BYTES
    from kurssi.sheets.table_files import read_tables

    try:
        if not is_implementation(path):
            read_tables(path, incoming.read(path))
            return ()
        file = check(incoming.read(path, MAX_BYTES), path).file
    except Exception:  # noqa: BLE001 - what is wrong with it is not asked here
        return ()
    if file is None:
        return ()
    folder = os.path.dirname(path)
    named = [os.path.normpath(os.path.join(folder, name)) for name in file.scores]
    named += [os.path.join(os.path.dirname(name), "overrides.csv") for name in named[:1]]
    return tuple(name for name in named if os.path.isfile(name))
