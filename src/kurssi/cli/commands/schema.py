"""``kurssi schema``: the JSON Schema for editors and validators."""

from __future__ import annotations

from kurssi.cli import session
from kurssi.cli.options import Force, Output
from kurssi.cli.outputs import refuse_others, write_text
from kurssi.course.schema import schema
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words

HELP = msg(
    "Print the JSON Schema of implementation files, for editors and other validators; its texts are in English unless "
    "--lang asks for others."
)


def command(output: Output = None, force: Force = False) -> int:
    """Prints the schema, or writes it where ``-o`` says.

    The language of the computer is not asked: the file is often shared with people who have another one.
    """
    text = json_text(schema(Words(session.current.asked or "en").translate))
    refuse_others("schema", output, (".json",))
    if not output:
        session.current.out_json(text)
    return max((write_text(path, text, force) for path in output or []), default=0)
