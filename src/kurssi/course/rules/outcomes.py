"""Rules for learning outcomes: what parts, criteria and sessions name, and what is assessed."""

from collections import Counter
from collections.abc import Iterator

from kurssi.course.model import ImplementationFile, Part, all_parts
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Terms, msg

from .registry import Hit, rule

OUTCOMES: Path = ("course", "learning_outcomes")


def _ids(file: ImplementationFile) -> list[str]:
    return [one.id for one in file.course.named_outcomes]


def _place(file: ImplementationFile, name: str) -> int:
    """Where the last outcome of that id stands."""
    return max(i for i, one in enumerate(file.course.learning_outcomes) if not isinstance(one, str) and one.id == name)


def _named(file: ImplementationFile) -> Iterator[tuple[Path, int, str]]:
    """Every outcome that a part, a criterion or a session names: the place of the list, the position, the id."""
    for path, part in all_parts(file):
        yield from (((*path, "outcomes"), index, name) for index, name in enumerate(part.outcomes))
        for number, criterion in enumerate(part.rubric):
            there = (*path, "rubric", number, "outcomes")
            yield from ((there, index, name) for index, name in enumerate(criterion.outcomes))
    sessions = file.schedule.sessions if file.schedule is not None else ()
    for number, session in enumerate(sessions):
        here = ("schedule", "sessions", number, "outcomes")
        yield from ((here, index, name) for index, name in enumerate(session.outcomes))


def _assessed(file: ImplementationFile) -> set[str]:
    return {name for _, part in all_parts(file) for name in _served_by(part)}


def _served_by(part: Part) -> Iterator[str]:
    """The outcomes that a part names, or one of its criteria."""
    yield from part.outcomes
    for criterion in part.rubric:
        yield from criterion.outcomes


@rule("unknown-outcome", Severity.error)
def unknown_outcome(file: ImplementationFile) -> Iterator[Hit]:
    """A learning outcome that a part, a criterion or a session names is one of the course, each with an id of its own.

    Why: what a part shows is told from the ids. One that is misspelt would be assessed by nothing.

    Fails::

        course: {learning_outcomes: [{id: phases, text: esittää vaiheet}], ...}
        assessment: {parts: [{id: exam, outcomes: [phase]}], ...}

    Passes::

        course: {learning_outcomes: [{id: phases, text: esittää vaiheet}], ...}
        assessment: {parts: [{id: exam, outcomes: [phases]}], ...}
    """
    ids = _ids(file)
    for name, number in Counter(ids).items():
        if number > 1:
            yield Hit(
                (*OUTCOMES, _place(file, name), "id"),
                msg("two learning outcomes have the id {id}", id=name),
                msg("give each an id of its own"),
                name,
            )
    for path, index, name in _named(file):
        if name not in ids:
            known = msg("one of: {values}", values=Terms([*dict.fromkeys(ids)]))
            none = msg("give the learning outcomes of the course ids: {example}", example="{id: o1, text: ...}")
            yield Hit(
                (*path, index), msg("the course has no learning outcome {id}", id=name), known if ids else none, name
            )


@rule("outcome-not-assessed", Severity.warning)
def outcome_not_assessed(file: ImplementationFile) -> Iterator[Hit]:
    """Every learning outcome that has an id is assessed by a part or a criterion, where these say what they assess.

    Why: what nothing assesses is promised on the page and shown by nobody.

    Fails::

        course: {learning_outcomes: [{id: phases, text: ...}, {id: methods, text: ...}], ...}
        assessment: {parts: [{id: exam, outcomes: [phases]}], ...}

    Passes::

        assessment: {parts: [{id: exam, outcomes: [phases, methods]}], ...}
    """
    assessed = _assessed(file)
    if not assessed or not assessed <= set(_ids(file)):
        return  # one that is misspelt is said by unknown-outcome
    for one in file.course.named_outcomes:
        if one.id not in assessed:
            yield Hit(
                (*OUTCOMES, _place(file, one.id), "id"),
                msg("no part assesses the learning outcome {id}", id=one.id),
                msg("name it in outcomes: of the part that shows it"),
                one.id,
            )


@rule("part-without-outcome", Severity.info)
def part_without_outcome(file: ImplementationFile) -> Iterator[Hit]:
    """Every part that is assessed serves a learning outcome, where parts say which they serve.

    Why: work that serves no outcome may be meant, or its line was forgotten.

    Fails::

        parts: [{id: exam, outcomes: [phases]}, {id: essay}]

    Passes::

        parts: [{id: exam, outcomes: [phases]}, {id: essay, outcomes: [methods]}]
    """
    if not _assessed(file):
        return
    said: set[Path] = set()
    served = [path for path, part in all_parts(file) if any(_served_by(part))]
    for path, part in all_parts(file):
        below = any(other[: len(path)] == path for other in served)
        above = any(path[: len(other)] == other for other in served)
        if not part.parts and not below and not above and path not in said:
            said.add(path)
            yield Hit(
                (*path, "id"),
                msg("{part} serves no learning outcome", part=part.name or part.id),
                msg("name those that it shows: {example}", example="outcomes: [...]"),
                part.id,
            )
