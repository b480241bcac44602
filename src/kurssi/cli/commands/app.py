"""``kurssi app``: the page that needs no installation."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from kurssi.cli import session
from kurssi.cli.options import Force, Output
from kurssi.cli.outputs import refuse_others, write_one
from kurssi.cli.session import Trouble
from kurssi.diagnostics.message import msg

HELP = msg(
    "Open kurssi as a page in the browser, or write the page with -o: one HTML file that works on any computer by "
    "double click, without a network and without an installation."
)
NAME = "kurssi.html"
HERE = Path(__file__).parents[2] / "browser" / NAME
"""Where a package that ships the page has it."""
BUILT = Path(__file__).parents[4] / "dist" / "app" / NAME
"""Where ``make app`` puts it in a checkout."""


def command(output: Output = None, force: Force = False) -> int:
    """Opens the page, or writes it to every ``-o``."""
    refuse_others("app", output, (".html",))
    page = next((path for path in (HERE, BUILT) if path.is_file()), None)
    if page is None:
        raise Trouble(
            msg(
                "the page is not built here: run make app in a checkout of kurssi (it needs Node.js 20 or later), or "
                "take kurssi.html from a release of kurssi"
            )
        )
    if output:
        data = page.read_bytes()
        return max(write_one(path, data, force) for path in output)
    if not webbrowser.open(page.as_uri()):
        raise Trouble(msg("no browser could be started: open {path} yourself, or write it with -o", path=str(page)))
    session.current.note(msg("opened in the browser: {path}", path=str(page)))
    return 0
