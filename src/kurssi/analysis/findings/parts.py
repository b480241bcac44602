"""Parts and weights that never change a grade, and parts that decide alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

from kurssi.analysis.bounds import Bounds, is_finite
from kurssi.analysis.budget import Budget, Spent, Undecided
from kurssi.analysis.claims import EXHAUSTIVE, INTERVALS, STRUCTURE, Claim, Witness, holds
from kurssi.analysis.effects import Grids, missing, moves, span
from kurssi.analysis.search_space import NOTHING, SearchSpace, leaves_of
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.grading import Grader
from kurssi.grading.activity.hooks import adjusts_of, with_activity_of
from kurssi.grading.conversion.hooks import HALVES
from kurssi.policy.model import Part
from kurssi.values.classlist import Attempt, Student


def dead_parts(grids: Grids, bounds: Bounds) -> Iterator[Claim]:
    """Parts that can never change a grade, and weights that a gate makes pointless."""
    policy = grids.policy
    found: dict[str, Claim | None] = {}
    undecided = False
    for part in policy.leaves():
        try:
            found[part.id] = _dead_part(grids, bounds, part)
        except (Undecided, Spent):
            undecided = True
    yield from _collapsed(policy.parts, found)
    if undecided:
        raise Undecided


def _collapsed(parts: Sequence[Part], found: dict[str, Claim | None]) -> Iterator[Claim]:
    """A part whose parts are all dead is said once."""
    for part in parts:
        if not part.parts:
            claim = found.get(part.id)
            if claim is not None:
                yield claim
            continue
        below = [found.get(leaf.id) for leaf in leaves_of(part)]
        dead = [claim for claim in below if claim is not None and claim.kind == "dead-part"]
        if len(dead) == len(below) > 1:
            yield dead[0]._replace(
                path=part.path,
                message=msg("{part} can never change a grade", part=part.name),
                found=part.id,
            )
        else:
            yield from _collapsed(part.parts, found)


def _dead_part(grids: Grids, bounds: Bounds, part: Part) -> Claim | None:
    policy = grids.policy
    live = part.id in bounds.live
    if live and not part.counts and not part.bonus:
        return None
    adjusts = adjusts_of(policy)

    def moved(space: SearchSpace) -> bool:
        ends = span(space, part)
        return ends is not None and next(moves(space, part, [ends], adjusts), None) is not None

    if grids.ask(moved):
        return None
    if not live and _opens_a_node(bounds, part):
        return None
    if not bounds.cannot_move(part, [a for _, a in adjusts]):
        if _fine(grids, part, moved):
            return None
        raise Undecided
    finite = all(is_finite(p, policy) for p in policy.leaves())
    witness = _same(grids, part)
    if live:
        if part.weight == 0:
            return None  # a gate and nothing else, as its weight says
        return Claim(
            "pointless-weight",
            Severity.warning,
            part.path,
            msg("the weight of {part} can never change a grade: whoever passes its gate has the same", part=part.name)
            if _constant(bounds, part)
            else msg("the value of {part} can never change a grade; only its gate can", part=part.name),
            msg("write graded: pass-fail, lower its minimum, or give it more weight"),
            EXHAUSTIVE if finite else INTERVALS,
            witness,
            part.id,
        )
    return moves_nothing(part, EXHAUSTIVE if finite else INTERVALS, witness)


def moves_nothing(part: Part, shown: str, witness: Witness | None) -> Claim:
    """That a part can never change a grade."""
    return Claim(
        "dead-part",
        Severity.warning,
        part.path,
        msg("{part} can never change a grade", part=part.name),
        msg("write required: true if it must be passed, or give it weight")
        if not part.counts
        else msg("give it more weight, or say to the students what it is for"),
        shown,
        witness,
        part.id,
    )


def _constant(bounds: Bounds, part: Part) -> bool:
    values = bounds.part(part)
    return bool(values) and values[0][0] == values[-1][1]


def _opens_a_node(bounds: Bounds, part: Part) -> bool:
    """Whether handing in the part may be enough to open the gate of a part above it."""
    parent = bounds.ends.parents[part.id]
    while parent is not None:
        if parent.id in bounds.live and parent.minimum <= bounds.policy.lowest:
            return True
        parent = bounds.ends.parents[parent.id]
    return False


def _fine(grids: Grids, part: Part, moved: Callable[[SearchSpace], bool]) -> bool:
    """The question once more, with the scores of another part in hundredths."""
    for other in grids.policy.leaves():
        if other is not part and not is_finite(other, grids.policy) and other.valued:
            try:
                if moved(SearchSpace(grids.policy, Budget(grids.steps), HALVES, other.id)):
                    return True
            except Spent:
                continue
    return False


def _same(grids: Grids, part: Part) -> Witness | None:
    """The best and the worst of a part, with one grade: two versions of a student in the middle."""
    policy = grids.policy

    def ask(space: SearchSpace) -> Witness | None:
        options = space.outcomes(part)
        opens = [o for o in options if o.open or part.id not in space.live]
        low, high = opens[0], opens[-1]
        if part.id not in space.live:
            low = space.leaf(part, missing())
            high = max(options, key=lambda o: (o.open, o.add, o.value if o.value is not None else NOTHING))
        if not part.valued:
            high = space.leaf(part, (Attempt("passed"),))
        for a, b, cells, _ in space.pairs(part, [(low, high)]):
            one, two = space.grade(a), space.grade(b)
            sides = (space.student(cells, part, low.cells, "1"), space.student(cells, part, high.cells, "2"))
            witness = Witness(sides, (one, two), apart=True)
            if one == two > policy.scale.lowest and holds(policy, witness):
                return witness
        return None

    return grids.ask(ask)


def decides_alone(grids: Grids, dead: set[str]) -> Iterator[Claim]:
    """A part that alone decides between pass and fail, whatever the others are."""
    policy = grids.policy
    others = [p for p in policy.leaves() if p.id not in dead]
    if len(others) < 2:
        return
    for part in others:
        claim = grids.ask(partial(_alone, part=part))
        if claim is not None:
            yield claim


def _alone(space: SearchSpace, part: Part) -> Claim | None:
    policy = space.policy
    above = {part.id}
    parent = space.parents[part.id]
    while parent is not None:
        above.add(parent.id)
        parent = space.parents[parent.id]
    if not space.live <= above:
        return None
    options = [*space.outcomes(part), space.leaf(part, missing())]
    finite = is_finite(part, policy)
    if (policy.may_fail or len(above) > 1) and not finite:
        return None
    passing: set[bool] = set()
    shown: dict[bool, Student] = {}
    size: dict[bool, Fraction] = {}
    activity = adjusts_of(policy)
    for number, one in enumerate(options):
        here: set[bool] = set()
        for end, _, cells, _ in space.pairs(part, [(one, one)]):
            for like, adjust in activity:
                passed = space.grade(end, adjust) >= policy.scale.pass_grade
                here.add(passed)
                total = end.total or NOTHING
                if passed not in shown or (total < size[True] if passed else total > size[False]):
                    shown[passed], size[passed] = with_activity_of(space.student(cells, part, one.cells), like), total
        if len(here) > 1:
            return None
        passing |= here
        space.budget.spend(number)
    if len(passing) < 2:
        return None
    students = (shown[False]._replace(student="1"), shown[True]._replace(student="2"))
    grades = tuple(Grader(policy).grade(s).grade for s in students)
    witness = Witness(students, (grades[0] or policy.scale.lowest, grades[1] or policy.scale.lowest))
    if not holds(policy, witness) or not witness.grades[0] < policy.scale.pass_grade <= witness.grades[1]:
        return None
    return alone_decides(part, EXHAUSTIVE if finite else STRUCTURE, witness)


def alone_decides(part: Part, shown: str, witness: Witness) -> Claim:
    """That a part alone decides who passes."""
    return Claim(
        "decides-alone",
        Severity.info,
        part.path,
        msg("{part} alone decides who passes: no other part can fail or save anybody", part=part.name),
        msg("write required: true at what must be passed as well"),
        shown,
        witness,
        part.id,
    )
