"""Options that several commands have, in one wording."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from . import session


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
