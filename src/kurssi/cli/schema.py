"""``kurssi schema``: the JSON Schema for editors and validators."""

from __future__ import annotations

import json

from kurssi.messages import msg
from kurssi.schema import schema

from . import session

HELP = msg("Print the JSON Schema of implementation files, for editors and other validators.")


def command() -> int:
    """Prints the schema."""
    session.current.out(json.dumps(schema(), ensure_ascii=False, indent=2))
    return 0
