"""The shape of what makes a composite score: the marks of several markers, or the criteria of a rubric (11.8)."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Any, Literal, NamedTuple, assert_never

from pydantic import BeforeValidator

from kurssi.diagnostics.message import Wrong, msg
from kurssi.values.vocabulary import AGREED, AGREED_WORDS

from .fields import PART_ID, Filled, Labels, Lines, Number, Reads, Shape, Weight, show

AgreeRule = Literal["mean", "higher", "lower"]
"""What becomes of the marks of several markers that are near enough to each other."""


def takes_mean(agree: AgreeRule) -> bool:
    """Whether every marker's mark moves the score, so that marks can have weights."""
    match agree:
        case "mean":
            return True
        case "higher" | "lower":
            return False
        case _ as unknown:
            assert_never(unknown)


def _weights(value: object) -> object:
    """The weights by marker; a list has them in the order of ``of``."""
    if isinstance(value, list):
        return {str(number): weight for number, weight in enumerate(value)}
    return value


class _OrList:
    """In the JSON Schema: what the type says, or a list of the same values."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        by_name = handler(schema)
        return {"anyOf": [by_name, {"type": "array", "minItems": 2, "items": by_name["additionalProperties"]}]}


def _levels(value: object) -> object:
    if isinstance(value, dict) and not any(isinstance(text, (dict, list)) for text in value.values()):
        return value
    how = msg("write the text of each level: {{0: ..., 3: ..., 5: ...}}")
    raise Wrong(msg("{value} is not the levels of a criterion", value=show(value)), how)


def _criterion_id(value: object) -> str:
    if isinstance(value, str) and PART_ID.fullmatch(value):
        return value
    raise Wrong(
        msg("{value} cannot be the id of a criterion", value=show(value)),
        msg("an id is a small letter a–z, then small letters, digits and _; the name may be anything"),
    )


class Markers(Shape):
    """Several markers of one part, each with a cell of their own."""

    of: Labels
    """Who marks, such as [A, B], or [self, peer, teacher]."""
    agree: AgreeRule = "mean"
    """What counts where the marks are near enough: their mean, the higher or the lower one."""
    within: Number | None = None
    """How far apart marks may be; further apart the markers have to agree."""
    weights: Annotated[dict[str, Weight], BeforeValidator(_weights), _OrList()] | None = None
    """What each mark weighs in the mean, in per cent, by marker or in their order; else all weigh the same."""

    @property
    def weights_in_order(self) -> tuple[Fraction, ...]:
        """The weights in the order of the markers; fewer where one has none."""
        weights = self.weights or {}
        if set(weights) == {str(number) for number in range(len(self.of))} and not set(weights) & set(self.of):
            return tuple(weights[str(number)] for number in range(len(self.of)))
        return tuple(weights[name] for name in self.of if name in weights)


class Criterion(Shape):
    """A criterion of a rubric."""

    id: Annotated[str, Reads(_criterion_id, type="string", pattern="^[a-z][a-z0-9_]*$")]
    """Short name for headers: a small letter, then small letters, digits and _."""
    name: str | None = None
    """The criterion's name as students see it."""
    weight: Weight | None = None
    """Weight among the criteria, in per cent; else all weigh the same."""
    levels: Annotated[dict[str, Filled], BeforeValidator(_levels)]
    """The text of each level, by the grade or the points that it gives."""
    outcomes: Lines = ()
    """Ids of the learning outcomes that the criterion assesses."""


class Components(NamedTuple):
    """The cells that a composite score is made of: the key of each, with the words for it in headers."""

    of_markers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    of_rubric: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def all(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Those of both."""
        return (*self.of_markers, *self.of_rubric)


def components(markers: Iterable[str], rubric: Iterable[tuple[str, str | None]]) -> Components:
    """The cells of these markers, and of the criteria with these ids and names."""
    marks = tuple((name, (name,)) for name in markers)
    decided = ((AGREED, AGREED_WORDS),) if marks else ()
    return Components((*marks, *decided), tuple((key, (key, name) if name else (key,)) for key, name in rubric))


def most_points(rubric: Iterable[Criterion]) -> Fraction | None:
    """The points that the best levels of all criteria give together; None where a level is no number."""
    from kurssi.values.numbers import read_number

    total = Fraction(0)
    for criterion in rubric:
        try:
            numbers = [read_number(key) for key in criterion.levels]
        except Wrong:
            return None
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers) or not known:
            return None
        total += max(known)
    return total
