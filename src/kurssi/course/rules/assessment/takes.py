"""Rule for parts that take the scores of another part."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from kurssi.course.model import ImplementationFile, Part, all_parts, said_again
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Msg, msg


@rule("takes", Severity.error)
def takes(file: ImplementationFile) -> Iterator[Hit]:
    """A part takes the scores of one part that has cells of its own, and says nothing again that belongs to them.

    Why: what was handed in, when, and how late is one fact, said once at the part that has the cells. How the scores
    count (graded, boundaries, linear, minimum, required, weight) is said by each of the two.

    Fails::

        - {id: final, weight: 60}
        - {id: replacement, weight: 40, takes: final, due: 2024-03-18}

    Passes::

        - {id: final, weight: 60}
        - {id: replacement, weight: 40, takes: final}
    """
    parts = [part for _, part in all_parts(file)]
    given = {part.id: part for part in reversed(parts)}  # of two with one id, which another rule tells, the first
    for path, part in all_parts(file):
        if part.takes is None:
            continue
        wrong = _cannot_be_taken(part, given, parts)
        if wrong is not None:
            yield Hit((*path, "takes"), *wrong, part.takes)
            continue
        if part.parts:
            yield Hit(
                (*path, "takes"),
                msg("{part} is made of parts and cannot take scores", part=part.id),
                msg("let a part of it take them"),
                key=True,
            )
            continue
        yield from _again(path, part, given[part.takes])


def _cannot_be_taken(part: Part, given: Mapping[str, Part], parts: list[Part]) -> tuple[Msg, Msg] | None:
    """Why there are no scores to take, and the way out."""
    name = part.takes or ""
    source = given.get(name)
    if source is part:
        return msg("{part} takes its own scores", part=part.id), msg("name the part that has the scores")
    if source is None:
        series = [one.id for one in parts if one.repeat is not None and one.id.rstrip("0123456789") == name]
        if series:
            what = msg("{name} stands for {n} parts, and only one can be taken", name=name, n=len(series))
            return what, msg("name one of them: {part}", part=series[0])
        known = [one.id for one in parts if not one.parts and one.takes is None]
        near = get_close_matches(name, known, 1, 0.5)
        if near:
            return msg("there is no part {name} to take from", name=name), msg("did you mean “{key}”?", key=near[0])
        return msg("there is no part {name} to take from", name=name), msg("one of: {names}", names=", ".join(known))
    if source.parts:
        what = msg("{name} is made of parts and has no scores of its own to take", name=name)
        return what, msg("take the scores of one of its parts")
    if source.takes is not None:
        what = msg("{name} takes the scores of {source} itself", name=name, source=source.takes)
        return what, msg("write takes: {source}", source=source.takes)
    return None


def _again(path: Path, part: Part, source: Part) -> Iterator[Hit]:
    """What a part says of its own and cannot."""
    if part.repeat is not None:
        name = part.id.rstrip("0123456789")
        what = msg(
            "{part} takes the scores of {source} and cannot have {key} of its own",
            part=name,
            source=source.id,
            key="repeat",
        )
        yield Hit((*path, "repeat"), what, msg("write each part that takes a score by itself"), key=True)
        return
    for name in said_again(part):
        key = name.removesuffix("_")
        what = msg(
            "{part} takes the scores of {source} and cannot have {key} of its own",
            part=part.id,
            source=source.id,
            key=key,
        )
        if name == "column":
            way_out = msg("leave column out: the scores stand in the column of {source}", source=source.id)
        else:
            way_out = msg("leave it out: {key} is said at {source}, and holds for both", key=key, source=source.id)
        yield Hit((*path, key), what, way_out, key=True)
    if part.graded != source.graded:
        yield Hit(
            (*path, "graded"),
            msg(
                "{source} is graded: {other}, and its scores cannot be read as {graded}",
                source=source.id,
                other=source.graded,
                graded=part.graded,
            ),
            msg("leave graded out, or write graded: {other}", other=source.graded),
        )
