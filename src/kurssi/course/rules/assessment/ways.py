"""Rule for ways to a grade, of which the best one counts."""

from collections.abc import Iterator, Sequence

from kurssi.course.model import Assessment, ImplementationFile, Part, WayPart, all_parts
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import msg
from kurssi.policy.choice import CHOICE_RULES

from .walk import ROOT


@rule("ways", Severity.error)
def ways(file: ImplementationFile) -> Iterator[Hit]:
    """Ways stand in place of parts, two or more, and each has parts of its own.

    Why: of several ways the best one counts. Parts beside them would count in none, and of one way alone there is
    nothing to choose. A score that counts in several ways stands in one of them, and the others take it.

    Fails::

        parts: [{id: exam, weight: 100}]
        ways:
          - {id: a, parts: [{id: essay, weight: 50}, {id: talk, weight: 50}]}

    Passes::

        ways:
          - {id: a, parts: [{id: essay, weight: 50}, {id: exam, weight: 50}]}
          - {id: b, parts: [{id: exam_alone, takes: exam, weight: 100}]}
    """
    if file.assessment is None:
        return
    owners: list[tuple[Path, Part | Assessment]] = [(ROOT, file.assessment), *all_parts(file)]
    for path, owner in owners:
        if isinstance(owner, WayPart):
            if not owner.parts:
                yield Hit(
                    (*path, "id"), msg("the way {way} has no parts", way=owner.id), msg("write its parts below it")
                )
            continue
        if not owner.ways:
            if "ways" in owner.model_fields_set:
                yield Hit((*path, "ways"), msg("there is no way"), msg("write the ways, or parts: in their place"))
            continue
        yield from _of(path, owner)


def _of(path: Path, owner: Part | Assessment) -> Iterator[Hit]:
    beside: Sequence[Part] = [part for part in owner.parts if not isinstance(part, WayPart)]
    if beside:
        yield Hit(
            (*path, "ways"),
            msg("parts and ways cannot both stand here"),
            msg("make the ways a part of their own beside these parts: {{id: exams, ways: [...]}}"),
            key=True,
        )
    elif len(owner.ways) < 2:
        yield Hit(
            (*path, "ways"),
            msg("one way alone leaves nothing to choose"),
            msg("write a second way, or its parts under parts:"),
            key=True,
        )
    for key in (*CHOICE_RULES, "need", "weigh"):
        if getattr(owner, key, None) is not None:
            yield Hit(
                (*path, key),
                msg("of ways the best one counts, and {key} has nothing to choose", key=key),
                msg("move {key} to a part of a way", key=key),
                key=True,
            )
