"""``kurssi app``: the page that needs no installation."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from kurssi.cli import session
from kurssi.cli.options import Force, Output
from kurssi.cli.outputs import refuse_others, write_one
from kurssi.cli.session import Trouble
from kurssi.diagnostics.message import Msg, msg

HELP = msg(
    "Open kurssi as a page in the browser, or write the page with -o: one HTML file that works on any computer by "
    "double click, without a network and without an installation."
)
NAME = "kurssi.html"
HERE = Path(__file__).parents[2] / "browser" / NAME
"""Where a package that ships the page has it."""
BUILT = Path(__file__).parents[4] / "dist" / "app" / NAME
"""Where ``make app`` puts it in a checkout."""
SOURCES = Path(__file__).parents[4] / "web"
"""What it is made from: in a checkout, and in the source package."""


def command(output: Output = None, force: Force = False) -> int:
    """Opens the page, or writes it to every ``-o``."""
    refuse_others("app", output, (".html",))
    page = next((path for path in (HERE, BUILT) if path.is_file()), None)
    if page is None:
        raise Trouble(_how_to_get() if SOURCES.is_dir() else _where_it_lies())
    if output:
        data = page.read_bytes()
        return max(write_one(path, data, force) for path in output)
    if not webbrowser.open(page.as_uri()):
        raise Trouble(msg("no browser could be started: open {path} yourself, or write it with -o", path=str(page)))
    session.current.note(msg("opened in the browser: {path}", path=str(page)))
    return 0


def _how_to_get() -> Msg:
    return msg(
        "the page is not built yet: run make app in {folder} (it needs Node.js 20 or later)", folder=str(SOURCES.parent)
    )


def _where_it_lies() -> Msg:
    return msg(
        "this installation has no page, which is too large for the package: kurssi.html lies beside the packages of "
        "each release, works by double click, and needs no installation"
    )
