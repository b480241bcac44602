"""What a sheet for entering scores holds: its columns, their headers, and what each cell takes.

A description only, taken from the policy: a workbook is written from it, and a layout can be mapped onto it. Headers
are such that the readers of :mod:`kurssi.sheets` understand them again, in every language.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, NamedTuple

from kurssi.policy.model import Part, Policy
from kurssi.values.vocabulary import AGREED, AGREED_WRITTEN, WITHHELD, WRITTEN, fold

from .cells import level_words

Kind = Literal["text", "email", "id", "score", "choice", "time", "count", "mark", "member", "group"]

LONGEST_TEXT = 200
"""Characters of a name in a cell; what is longer was pasted into the wrong column."""
LONGEST_HEADER = 200
"""Characters of a header; a part with a longer name stands there by its id."""

FAIL_WORD = {"fi": "hylätty", "en": "fail", "sv": "underkänd"}
"""The word for failed that every scale knows, by language."""


class Takes(NamedTuple):
    """What a cell takes: a number from ``least`` to ``most`` (``None``: no bound), or one of ``words``."""

    kind: Kind
    least: Fraction | None = None
    most: Fraction | None = None
    words: tuple[str, ...] = ()


TEXT = Takes("text")
TIME = Takes("time")


class Column(NamedTuple):
    """A column: ``meaning`` as :class:`kurssi.sheets.columns.Role` names it, and the header that says so."""

    meaning: str
    header: str
    takes: Takes
    part: Part | None = None
    attempt: int = 1
    component: str = ""
    """Of a score that is made of several cells, which of them it is."""


def student_columns(policy: Policy, language: str, *, email: bool = False, group: bool = False) -> list[Column]:
    """The columns of the sheet with one row per student.

    ``group`` asks for the column of the group where no part needs it; ``email`` for that of the address.
    """
    words = WRITTEN[language]
    columns = [Column("student", words["student"], Takes("id"))]
    columns += [Column(name, words[name], TEXT) for name in ("surname", "first name")]
    if email:
        columns.append(Column("email", words["email"], Takes("email")))
    by_group = any(part.by_group for part in policy.leaves())
    if group or by_group:
        columns.append(Column("group", words["group"], Takes("group") if by_group else TEXT))
    for part in policy.leaves():
        columns += part_columns(part, policy, language)
    activity = policy.activity
    if activity is not None and activity.levels is not None:
        columns.append(Column("activity", words["activity"], Takes("choice", words=tuple(activity.levels))))
    if policy.counts_attendance:
        count = Takes("count", Fraction(0), Fraction(policy.sessions))
        columns.append(Column("attended", words["attended"], count))
    return columns


def group_columns(policy: Policy, language: str) -> list[Column]:
    """The columns of the sheet with one row per group; none where no part is by group."""
    parts = [part for part in policy.leaves() if part.by_group]
    if not parts:
        return []
    columns = [Column("group", WRITTEN[language]["group"], Takes("id"))]
    for part in parts:
        columns += part_columns(part, policy, language)
    return columns


def peer_columns(policy: Policy, language: str) -> list[Column]:
    """The columns of the sheet of peer marks; none where no part has a peer rule."""
    peers = [part.peer for part in policy.leaves() if part.peer is not None]
    if not peers:
        return []
    words = WRITTEN[language]
    criteria: dict[str, str] = {}
    for peer in peers:
        for name in peer.criteria or ():
            criteria.setdefault(fold(name), name)
    columns = [Column(name, words[name], Takes("member")) for name in ("from", "to")]
    mark = Takes("mark", Fraction(0))
    return columns + [Column("criterion", name, mark) for name in criteria.values() or (words["criterion"],)]


def part_columns(part: Part, policy: Policy, language: str) -> Iterator[Column]:
    """Every attempt's score, with the time it came and the student's own deadline where lateness can cost.

    Where lateness is taken from an export, it has a column of its own.
    """
    words = WRITTEN[language]
    for attempt, due in enumerate(part.dues, 1):
        base = header(part, attempt)
        yield from score_columns(part, attempt, base, policy, language)
        if part.late is None or not (part.late.deduct or part.late.closes is not None):
            continue
        if part.late_from_export:
            yield Column("late", f"{base} {words['late']}", TEXT, part, attempt)
        if due is not None:
            yield Column("submitted", f"{base} {words['submitted']}", TIME, part, attempt)
            yield Column("due", f"{base} {words['due']}", TIME, part, attempt)


def score_columns(part: Part, attempt: int, base: str, policy: Policy, language: str) -> Iterator[Column]:
    """The column of a score; side by side those that it is made of, and where a word for all of them can stand."""
    whole = Column("score", base, takes(part, policy, language), part, attempt)
    if part.markers is not None:
        for name in (*part.markers.of, AGREED):
            word = AGREED_WRITTEN[language] if name == AGREED else name
            yield whole._replace(header=f"{base} {word}", component=name)
        return
    for criterion in part.rubric.criteria if part.rubric is not None else ():
        words = (*level_words(criterion, part, policy), "?", WITHHELD[language])
        name = " ".join(criterion.name.split())
        name = name if name.isprintable() and len(name) <= LONGEST_HEADER - len(base) else criterion.id
        yield whole._replace(header=f"{base} {name}", takes=Takes("choice", words=words), component=criterion.id)
    yield whole


def header(part: Part, attempt: int) -> str:
    """The name of the part in a header: as students see it, or its id where no cell or table takes the name."""
    name = " ".join(part.name.split())
    if len(name) > LONGEST_HEADER or not name.isprintable():
        name = part.id
    return name if attempt == 1 else f"{name} {attempt}"


def takes(part: Part, policy: Policy, language: str) -> Takes:
    """What a score cell of the part takes: a number, or a word of the contract's section 4."""
    scale = policy.scale
    fail = FAIL_WORD[language]
    words: tuple[str, ...] = ("-", "?", "EX", "AHOT", "RPL", WITHHELD[language])
    if not part.valued:
        return Takes("choice", words=("HYV", "H", *words))
    if scale.own and part.in_grades:
        known = {fold(label) for label in scale.labels}
        return Takes("choice", words=(*scale.labels, *(word for word in (*words, fail) if fold(word) not in known)))
    words += ("H", fail) if scale.name in ("0-5", "H-5") else (fail,)
    least, most = part.ends(scale)
    return Takes("score", least, most, words)
