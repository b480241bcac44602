"""``kurssi lsp``: the language server, for editors."""

from __future__ import annotations

import gc
import sys
from importlib.util import find_spec

from kurssi.cli import session
from kurssi.cli.session import EXIT_FINDINGS, Trouble
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.words import choose_language

HELP = msg(
    "Speak with an editor while implementation files are written (language server protocol, on standard input and "
    "output): findings, quick fixes, help, completion, an outline. Editors start it; see docs/editors.md."
)


def command() -> int:
    """Serves until the editor ends."""
    if find_spec("pygls") is None:
        raise Trouble(msg('the language server needs the package pygls: pip install "kurssi[lsp]"'))
    if sys.stdin is not None and sys.stdin.isatty():
        raise Trouble(msg("kurssi lsp is started by an editor, which speaks to it; docs/editors.md says how"))
    from kurssi.editor.server import serve  # what no other command needs takes its time to load

    gc.enable()  # unlike other commands it does not end soon
    return 0 if serve(session.current.asked, choose_language) else EXIT_FINDINGS
