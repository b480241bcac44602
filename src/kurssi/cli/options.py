"""Options that several commands have, in one wording."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kurssi.diagnostics.message import msg

from . import session
from .session import Trouble

if TYPE_CHECKING:  # only a command that reads sheets pays for it
    from kurssi.sheets import Reading


def tr(text: str) -> str:
    """Help text in the language of the session."""
    return session.current.words(text)


Implementations = Annotated[
    list[str] | None,
    typer.Argument(help=tr("Files or folders; - reads standard input."), metavar="PATH", show_default=False),
]
Output = Annotated[
    list[str] | None,
    typer.Option("--output", "-o", help=tr("Write to this file."), metavar="FILE", show_default=False),
]
Force = Annotated[
    bool, typer.Option("--force", help=tr("Replace a file that kurssi did not write, or that was changed since."))
]
Strict = Annotated[bool, typer.Option("--strict", help=tr("Warnings also make the exit code 1."))]


class FindingFormat(StrEnum):
    """How findings are printed; auto is github under GitHub Actions, else text."""

    auto = "auto"
    text = "text"
    concise = "concise"
    json = "json"
    github = "github"
    sarif = "sarif"
    junit = "junit"


Sheets = Annotated[
    list[str] | None,
    typer.Argument(help=tr("The implementation file, then score sheets."), metavar="FILE SHEET", show_default=False),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help=tr("Count what may still be handed in after this date as open."),
        metavar="DATE",
        show_default=False,
    ),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help=tr('Read this column of an export as that part, as in --map "Quiz: Exam (Real)=exam".'),
        metavar="HEADER=PART",
        show_default=False,
    ),
]
Layout = Annotated[
    list[str] | None,
    typer.Option(
        "--layout",
        help=tr(
            "Read the sheets, or the one named as FILE=NAME, by this layout instead of the one that is recognised."
        ),
        metavar="NAME",
        show_default=False,
    ),
]


def reading(maps: list[str] | None, layouts: list[str] | None) -> Reading:
    """What ``--map`` and ``--layout`` say. Raises :class:`Trouble` where they are not written as they should be."""
    from kurssi.sheets import Reading

    pairs = []
    for text in maps or []:
        header, equals, target = text.rpartition("=")
        if not equals or not header.strip() or not target.strip():
            raise Trouble(
                msg("--map takes a header and a part, such as “Quiz: Exam (Real)=exam”, not {text}", text=text)
            )
        pairs.append((header.strip(), target.strip()))
    named: list[tuple[str | None, str]] = []
    if layouts:
        from kurssi.sheets.layouts import LAYOUTS, PLAIN

        known = [PLAIN, *(layout.name for layout in LAYOUTS)]
        for text in layouts:
            file, equals, name = text.rpartition("=")
            if name not in known:
                raise Trouble(msg("there is no layout {name}; there are: {names}", name=name, names=", ".join(known)))
            named.append((file if equals else None, name))
    return Reading(maps=tuple(pairs), layouts=tuple(named))
