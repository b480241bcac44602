"""Days, times, lengths of time and zones as a report writes them; each raises what is wrong with it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from kurssi.diagnostics.message import msg

from .clock import Moment, Span, read_moment, read_span
from .problems import Node


def read_day(node: Node) -> date:
    """A date."""
    moment = read_moment(node.text())
    if moment is None or moment.clock:
        raise node.wrong(msg("{found} is not a date as kurssi writes it", found=node.text()))
    return moment.day


def read_time(node: Node) -> Moment:
    """A date or a time."""
    moment = read_moment(node.text())
    if moment is None:
        raise node.wrong(msg("{found} is not a time as kurssi writes it", found=node.text()))
    return moment


def read_length(node: Node) -> Span:
    """A length of time."""
    span = read_span(node.text())
    if span is None:
        raise node.wrong(msg("{found} is not a length of time as kurssi writes it", found=node.text()))
    return span


def read_zone(node: Node) -> ZoneInfo:
    """A time zone."""
    try:
        return ZoneInfo(node.text())
    except (KeyError, ValueError, OSError):
        raise node.wrong(msg("there is no time zone {found}", found=node.text())) from None
