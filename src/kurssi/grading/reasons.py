"""Reasons in words."""

from __future__ import annotations

from typing import assert_never

from kurssi.diagnostics.message import Msg, msg

from .result import Reason


def describe(reason: Reason) -> Msg:
    """A reason in words: ``individual below 1``."""
    name = reason.part.name if reason.part else ""
    match reason.code:
        case "not-submitted":
            return msg("{part} not submitted", part=name)
        case "closed":
            return msg("{part} handed in too late", part=name)
        case "failed":
            return msg("{part} failed", part=name)
        case "below-minimum":
            return msg("{part} below {minimum}", part=name, minimum=reason.minimum)
        case "below-boundary":
            if reason.value == reason.minimum:  # a boundary that must be passed
                return msg("total not over {minimum}", minimum=reason.minimum)
            return msg("total below {minimum}", minimum=reason.minimum)
        case "nothing-to-weigh":
            return msg("nothing to weigh")
        case _ as unknown:
            assert_never(unknown)
