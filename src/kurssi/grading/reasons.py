"""Reasons in words."""

from __future__ import annotations

from kurssi.diagnostics.message import Msg, msg

from .result import Reason


def describe(reason: Reason) -> Msg:
    """A reason in words: ``individual below 1``."""
    name = reason.part.name if reason.part else ""
    if reason.code == "not-submitted":
        return msg("{part} not submitted", part=name)
    if reason.code == "closed":
        return msg("{part} handed in too late", part=name)
    if reason.code == "failed":
        return msg("{part} failed", part=name)
    if reason.code == "below-minimum":
        return msg("{part} below {minimum}", part=name, minimum=reason.minimum)
    if reason.code == "below-boundary":
        return msg("total below {minimum}", minimum=reason.minimum)
    return msg("nothing to weigh")
