"""Rules for the parts: their names and headers, what they are made of, and which attempt counts."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from kurssi.course.model import (
    Gain,
    ImplementationFile,
    Part,
    Series,
    WayPart,
    all_parts,
    joins_attempts,
    retake_can_cost,
)
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import msg
from kurssi.values.numbers import exact
from kurssi.values.times import LAST_YEAR, in_range
from kurssi.values.vocabulary import RESERVED, UNUSED_WORDS, attempt_headers, component_headers, fold, read_target

from .walk import is_percent


@lru_cache(maxsize=1024)
def _headers(name: str, attempt: int) -> tuple[str, ...]:
    return tuple(header for header, _ in attempt_headers(name, attempt))


def _of_components(name: str, attempt: int, part: Part) -> Iterator[str]:
    """The headers of the cells that the score of an attempt is made of."""
    for header, _ in component_headers(name, attempt, part.components.all):
        yield header


@rule("duplicate-part", Severity.error)
def duplicate_part(file: ImplementationFile) -> Iterator[Hit]:
    """Ids are unique at any depth, and no id, name or alias is a header that means something else.

    Why: a column of a score sheet must belong to one part. The second attempt of Tentti stands under “Tentti 2”, so no
    other part may be called that; and student, group, activity and the like are columns of their own.

    Fails::

        parts: [{id: exam, weight: 50}, {id: exam, weight: 50}]

    Passes::

        parts: [{id: exam, weight: 50}, {id: essay, weight: 50}]
    """
    ways = any(isinstance(part, WayPart) for _, part in all_parts(file))
    headers: dict[str, Part] = {}
    ids: dict[str, Part] = {}
    clash: list[tuple[Path, str, Part, Part, str]] = []
    for path, part in all_parts(file):
        if part.id in ids:
            yield Hit(
                (*path, "id"),
                msg("the id {id} is used twice", id=part.id),
                msg("let one part have the scores, and the others ids of their own and takes: {id}", id=part.id)
                if ways
                else msg("give each part an id of its own"),
                part.id,
            )
            continue
        ids[part.id] = part
        several = bool(part.components.all)
        for key, name in [("id", part.id), ("name", part.name), ("column", part.column)]:
            if name is None:
                continue
            meant = RESERVED.get(fold(name))
            if meant is not None:
                yield Hit(
                    (*path, key),
                    msg(
                        "“{name}” is a column that score sheets already have ({column})",
                        name=name,
                        column=meant,
                    ),
                    msg("attendance as a condition is no part: write requires: {{1: {{attended: 80 %}}}}")
                    if meant == "attended"
                    else msg("choose another word"),
                    name,
                )
                continue
            if part.parts or part.takes is not None:
                continue
            for attempt in range(1, len(part.retakes) + 2):
                own = _headers(name, attempt)
                if several:
                    own = (*own, *_of_components(name, attempt, part))
                clash += [(path, key, part, other, header) for header, other in _claimed(headers, own, part)]
    yield from _of_two_parts(clash)


def _claimed(headers: dict[str, Part], own: Sequence[str], part: Part) -> Iterator[tuple[str, Part]]:
    """Enters headers of a part, and gives those that another part has, with that part."""
    if headers.keys().isdisjoint(own):  # as nearly always: they need not be looked at one by one
        headers.update(dict.fromkeys(own, part))
        return
    for header in own:
        owner = headers.setdefault(header, part)
        if owner is not part:
            yield header, owner


def _of_two_parts(clash: Sequence[tuple[Path, str, Part, Part, str]]) -> Iterator[Hit]:
    """Names whose column would belong to two parts: the path and key of the name, both parts, and the header."""
    reported = set()
    for path, key, part, other, header in clash:
        if (path, key) not in reported:
            reported.add((path, key))
            yield Hit(
                (*path, key),
                msg(
                    "the column “{header}” would belong to both {part} and {other}",
                    header=header,
                    part=part.id,
                    other=other.id,
                ),
                msg("give one of them another name"),
                header,
            )


@rule("nested-part", Severity.error)
def nested_part(file: ImplementationFile) -> Iterator[Hit]:
    """A part that is made of parts has no score, deadline or retakes of its own.

    Why: its value comes from its parts; a cell beside it would be a second answer.

    Fails::

        - {id: work, weight: 100, due: 2024-03-04, parts: [{id: essay}, {id: talk}]}

    Passes::

        - {id: work, weight: 100, parts: [{id: essay, due: 2024-03-04}, {id: talk}]}
    """
    own = (
        "max",
        "over",
        "boundaries",
        "linear",
        "due",
        "late",
        "late_from",
        "retakes",
        "retake_at_most",
        "column",
        "peer",
        "markers",
        "rubric",
    )
    for path, part in all_parts(file):
        if not part.parts:
            continue
        for key in own:
            if getattr(part, key) not in (None, ()):
                yield Hit(
                    (*path, key),
                    msg("{part} is made of parts and cannot have {key} of its own", part=part.id, key=key),
                    msg("move it to the parts below"),
                    key=True,
                )
        for key, plain in (("graded", "grade"), ("by", "individual"), ("attempt", "best")):
            if getattr(part, key) != plain:
                yield Hit(
                    (*path, key),
                    msg("{part} is made of parts and cannot have {key} of its own", part=part.id, key=key),
                    msg("move it to the parts below"),
                    key=True,
                )


@rule("latest-attempt", Severity.info)
def latest_attempt(file: ImplementationFile) -> Iterator[Hit]:
    """Where the latest attempt counts, or the mean of all, a worse retake costs the student.

    Why: a student who tries to raise a grade can lose it; many regulations promise that the best attempt stays. Say it
    in the course page if it is meant.

    Fails::

        - {id: exam, weight: 100, retakes: 2, attempt: latest}

    Passes::

        - {id: exam, weight: 100, retakes: 2, attempt: best}
    """
    for path, part in all_parts(file):
        if retake_can_cost(part.attempt_rule) and part.retakes and part.takes is None:
            yield Hit(
                (*path, "attempt"),
                msg("in {part} a worse retake lowers the grade, because the mean of the attempts counts", part=part.id)
                if joins_attempts(part.attempt_rule)
                else msg("in {part} a worse retake lowers the grade, because the latest attempt counts", part=part.id),
                msg("write attempt: best if a retake should never cost"),
            )


@rule("joined-attempts", Severity.error)
def joined_attempts(file: ImplementationFile) -> Iterator[Hit]:
    """What several attempts come to together is a value, and the gate looks at it.

    Why: where the mean of the attempts counts, or a gain on the first, no single attempt does. So there is no raw score
    for a minimum in per cent of max to look at, nothing for peer marks to move, and nothing to join where attempts are
    only passed or failed.

    Fails::

        - {id: exam, graded: pass-fail, retakes: 1, attempt: {gain: 50 %}}

    Passes::

        - {id: exam, graded: grade, retakes: 1, attempt: {gain: 50 %}}
    """
    for path, part in all_parts(file):
        if not joins_attempts(part.attempt_rule) or part.parts:
            continue
        if isinstance(part.attempt, Gain) and not 0 < part.attempt.gain <= 100:
            yield Hit(
                (*path, "attempt", "gain"),
                msg("a gain of {n} % is not more than 0 and at most 100 %", n=part.attempt.gain),
                msg("write how much of what a later attempt is above the first one counts, such as 50 %"),
                exact(part.attempt.gain),
            )
        if not part.valued:
            yield Hit(
                (*path, "attempt"),
                msg("{part} is passed or failed: its attempts have no values to join", part=part.id),
                msg("write attempt: best, with which one pass is enough"),
                key=True,
            )
        elif part.minimum is not None and part.minimum.percent and part.retakes:
            unit = msg("in percentage points, without %") if is_percent(file) else msg("as a value of the scale")
            yield Hit(
                (*path, "minimum"),
                msg(
                    "no single attempt counts, so there are no points of which {amount} could be asked",
                    amount=part.minimum,
                ),
                msg("write the minimum {how}: what the attempts come to together must reach it", how=unit),
                str(part.minimum),
            )
        elif part.peer is not None:
            yield Hit(
                (*path, "attempt"),
                msg("peer marks move the attempt that counts, and here no single one does"),
                msg("write attempt: best, or leave peer out"),
                key=True,
            )


@rule("columns-target", Severity.error)
def columns_target(file: ImplementationFile) -> Iterator[Hit]:
    """Every column of an export goes to a part, an attempt of it, or a column that score sheets have.

    Why: a column that is sent to a part that does not exist would be dropped without a word.

    Fails::

        assessment:
          parts: [{id: essay, weight: 100}]
        columns:
          "Assignment: Essay (Real)": esay

    Passes::

        assessment:
          parts: [{id: essay, weight: 100}]
        columns:
          "Assignment: Essay (Real)": essay
          "Course total (Real)": unused
    """
    if not file.columns or file.assessment is None:
        return
    leaves = [part for _, part in all_parts(file) if not part.parts and part.takes is None]
    known = {
        header: field
        for part in leaves
        for name in (part.id, part.name, part.column)
        if name is not None
        for attempt in range(1, len(part.retakes) + 2)
        for header, field in (
            *attempt_headers(name, attempt),
            *((header, "score") for header in _of_components(name, attempt, part)),
        )
    }
    for header, text in file.columns.items():
        target = read_target(text)
        name = fold(target.header)
        if fold(text) in known or fold(text) in RESERVED or fold(text) in UNUSED_WORDS:
            continue
        if name in known and known[name] == "score":
            continue
        yield Hit(
            ("columns", header),
            msg("“{target}” is neither a part nor a column of score sheets", target=text),
            msg("one of: {names}", names=", ".join(part.id for part in leaves)),
            text,
        )


@rule("series", Severity.error)
def series(file: ImplementationFile) -> Iterator[Hit]:
    """What is repeated has scores of its own, and deadlines at an interval belong to what is repeated.

    Why: ``repeat: 12`` makes twelve parts of one, each with its cells. A part of parts is repeated by repeating its
    parts, and a single part has a single deadline.

    Fails::

        parts: [{id: exam, due: {first: 2024-01-22 23:59, every: 7 d}}]

    Passes::

        parts: [{id: exercise, repeat: 6, due: {first: 2024-01-22 23:59, every: 7 d}}]
    """
    for path, part in all_parts(file):
        if part.repeat is not None and part.parts:
            message = msg("{part} has parts, and only a part with scores of its own can be repeated", part=part.id)
            yield Hit((*path, "repeat"), message, msg("repeat its parts, one by one"))
        elif part.repeat is not None and part.due is not None and not in_range(part.due.day):
            message = msg("{part} would be due after the year {last}", part=part.id, last=str(LAST_YEAR))
            yield Hit((*path, "due"), message, msg("write a shorter interval, or fewer of them"))
        elif part.repeat is None and isinstance(part.due_, Series):
            message = msg("{part} is there once, and has deadlines at an interval", part=part.id)
            yield Hit((*path, "due"), message, msg("write repeat: 12, or how many there are; else one deadline"))
