"""Gates that fail nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kurssi.analysis.claims import STRUCTURE, Claim, Witness
from kurssi.analysis.effects import Grids, missing
from kurssi.analysis.search_space import NOTHING, End, SearchSpace, leaves_of
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.grading import Grader
from kurssi.policy.model import Part
from kurssi.values.classlist import Student


def dead_gates(grids: Grids) -> Iterator[Claim]:
    """Gates that are written but can fail nobody: below a part that need not be passed itself."""
    policy = grids.policy
    live = grids.spaces[-1].live
    default = NOTHING if policy.percent else policy.pass_value

    def walk(parts: Sequence[Part]) -> Iterator[Claim]:
        for part in parts:
            written = part.minimum_raw or part.minimum != default
            claim = None
            if part.id not in live and part.required:
                claim = _dead_gate(grids, part, "required")
            elif part.id not in live and written and part.valued:
                claim = _dead_gate(grids, part, "minimum")
            if claim is not None and claim.witness is not None:  # else whoever misses the gate fails all the same
                yield claim
            else:
                yield from walk(part.parts)

    yield from walk(policy.parts)


def _dead_gate(grids: Grids, part: Part, key: str) -> Claim:
    if key == "required":
        message = msg("{part} is required, but fails nobody: the part it belongs to need not be passed", part=part.name)
        way = msg("write required: true at the part it belongs to as well, or required: false here")
    else:
        message = msg("the minimum of {part} fails nobody: the part is not required", part=part.name)
        way = msg("write required: true if it must be reached; as it stands the minimum says nothing")
    return Claim(
        "dead-gate", Severity.warning, (*part.path, key), message, way, STRUCTURE, _passes_without(grids, part), part.id
    )


def _passes_without(grids: Grids, part: Part) -> Witness | None:
    """A student who does not hand the part in and passes all the same."""
    policy = grids.policy
    names = {leaf.id for leaf in leaves_of(part)}

    def ask(space: SearchSpace) -> Witness | None:
        for total, cells in space.totals().items():
            if space.grade(End(total, True)) != policy.scale.top:
                continue
            attempts = {name: missing() if name in names else own for name, own in cells}
            student = Student("1", attempts=attempts)
            grade = Grader(policy).grade(student).grade
            if grade is not None and grade >= policy.scale.pass_grade:
                return Witness((student,), (grade,))
        return None

    return grids.ask(ask)
