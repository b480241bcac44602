"""The log of requests for rectification as a lock holds it: a chain of hashes, so that nothing is slipped in later.

Each link is the hash of the one before and of a request, as it was asked; beside it the hash of its answer. A lock says
nothing of a student but the grade: what was asked and answered stays in the log. Requests come at the end, and an open
one may be answered later; anything else breaks the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.grading import Override
from kurssi.sheets import place_of
from kurssi.sheets.rectifications import Request

OPEN = "-"
"""What stands for the answer of a request that has none."""


class Link(NamedTuple):
    """A request in the chain."""

    asked: str
    answer: str


def chain(requests: Sequence[Request]) -> tuple[Link, ...]:
    """The chain of a log."""
    links: list[Link] = []
    before = ""
    for one in requests:
        before = _hash(before, one.student, one.asked.isoformat(), one.about)
        answer = OPEN if one.answered is None else _hash(
            before, one.answered.isoformat(), one.outcome, one.reason, one.by
        )  # fmt: skip
        links.append(Link(before, answer))
    return tuple(links)


def _hash(*texts: str) -> str:
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def broken(locked: Sequence[Link], now: Sequence[Link]) -> Msg | None:
    """What is not as it was locked, the first of it."""
    for number, (link, here) in enumerate(zip(locked, now, strict=False), 1):
        if link.asked != here.asked:
            return msg("request {n} of the log is not as it was locked, or one was put in before it", n=number)
        if link.answer not in (OPEN, here.answer):
            return msg("the answer to request {n} of the log is not as it was locked", n=number)
    if len(now) < len(locked):
        return msg("the log had {locked} requests, and now has {n}", locked=len(locked), n=len(now))
    return None


def unmatched(requests: Sequence[Request], set_by_hand: Mapping[str, Override]) -> Iterator[Finding]:
    """Answers that the grades set by hand do not bear out. One that is older than a request says nothing of it."""

    def since(request: Request) -> bool:
        override = set_by_hand.get(request.student)
        return override is not None and override.date >= request.asked.isoformat()

    explained = {one.student for one in requests if one.outcome == "changed" and since(one)}
    for one in requests:
        if one.outcome == "changed" and not since(one):
            yield Finding(
                "rectification-and-grade",
                Severity.warning,
                msg(
                    "the grade of {student} was to change after the request of {day}, and overrides.csv does not "
                    "set it",
                    student=one.student,
                    day=one.asked,
                ),
                place_of(one.source),
                msg("write the new grade into overrides.csv; where a corrected score has changed it, all is well"),
            )
        elif one.outcome == "kept" and since(one) and one.student not in explained:
            yield Finding(
                "rectification-and-grade",
                Severity.warning,
                msg(
                    "the grade of {student} was to stay after the request of {day}, and overrides.csv sets it since",
                    student=one.student,
                    day=one.asked,
                ),
                place_of(one.source),
                msg("correct the outcome in the log, or the grade in overrides.csv"),
            )
