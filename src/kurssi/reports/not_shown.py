"""The sign for a figure that is not shown, and what it means."""

from __future__ import annotations

from kurssi.diagnostics.message import Msg, msg

NOT_SHOWN = "–"


def why_not_shown(fewest: int) -> Msg:
    """What the sign means beside figures of grades, of which so many are needed."""
    return msg("{sign} : no figure, or not shown, because fewer than {n} have a grade.", sign=NOT_SHOWN, n=fewest)
