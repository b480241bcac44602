"""What the marks of one member of a group can do: to another member, to itself, and what silence does."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg, nmsg
from kurssi.grading import Grader
from kurssi.grading.activity.hooks import adjusts_of
from kurssi.policy.model import Part
from kurssi.values.classlist import Attempt, ClassList, PeerMark, Student

from .claims import WITNESS, Claim, Witness, holds
from .effects import Grids
from .part_values import PartValue, of_result
from .search_space import Cells, SearchSpace

MEMBERS = 4
"""The size of the groups that are looked at."""
ALONE = {"self", "silence"}
"""Deeds that move the grade of the member itself; the others move another's."""
_EVEN, _MOST, _NONE = Fraction(3), Fraction(5), Fraction(0)
CRITERION = "work"


class PeerEffect(NamedTuple):
    """What one member's marks do, against equal marks for all."""

    part: Part
    deed: str
    """harm, favour, self or silence."""
    by: int
    """Grades: of the other member for harm and favour, of the member itself for self and silence."""
    before: Witness
    """The class with equal marks; the first student is the one whose grade moves."""
    after: Witness


def peer_effects(grids: Grids, part: Part) -> list[PeerEffect] | None:
    """What one member of a group of four can do by its marks where all others give equal ones.

    Of each deed the group score and the other parts with which it moves most. None where not decided.
    """

    def ask(space: SearchSpace) -> list[PeerEffect]:
        out = []
        for deed in ("harm", "favour", "self", "silence"):
            if deed == "self" and not (part.peer and part.peer.own):
                continue
            # silence is looked at where the others praise the member, too: then there is more to gain
            ways = (False, True) if deed == "silence" else (False,)
            effects = [_effect(space, part, deed, praised) for praised in ways]
            found = [effect for effect in effects if effect is not None]
            if found:
                out.append(max(found, key=lambda effect: abs(effect.by)))
        return out

    return grids.figure(ask)


def _effect(space: SearchSpace, part: Part, deed: str, praised: bool) -> PeerEffect | None:
    """The largest effect of a deed; None where it moves no grade."""
    even, odd = _marks(part, None, praised), _marks(part, deed, praised)
    subject = "1" if deed in ALONE else "2"
    pairs: list[tuple[PartValue, PartValue]] = []
    for one in space.outcomes(part):
        if one.cells[0].state == "scored":
            pairs.append((_of(space, part, one.cells, even, subject), _of(space, part, one.cells, odd, subject)))
    best: PeerEffect | None = None
    adjust = adjusts_of(space.policy)[0][1]
    for a, b, cells, number in space.pairs(part, pairs):
        first, second = space.grade(a, adjust), space.grade(b, adjust)
        by = second - first
        if (deed == "harm" and by >= 0) or (deed != "harm" and by <= 0):
            continue
        if best is not None and abs(by) <= abs(best.by):
            continue
        own = pairs[number][0].cells
        before, after = (
            _witness(space, part, own, cells, even, subject),
            _witness(space, part, own, cells, odd, subject),
        )
        if before.grades == (first,) and after.grades == (second,):
            best = PeerEffect(part, deed, by, before, after)
    return best


def peer_claims(effects: Sequence[PeerEffect]) -> list[Claim]:
    """Silence that pays is a finding; what marks can do otherwise is a figure."""
    return [
        Claim(
            "silence-pays",
            Severity.warning,
            (*effect.part.peer.path, "silent"),
            nmsg(
                "in {part} a member can gain {n} grade by giving no marks",
                "in {part} a member can gain {n} grades by giving no marks",
                n=effect.by,
                part=effect.part.name,
            ),
            msg("write silent: neutral"),
            WITNESS,
            effect.after,
            effect.part.id,
            effect.before,
        )
        for effect in effects
        if effect.deed == "silence" and effect.part.peer is not None
    ]


def _class(part: Part, own: Sequence[Attempt], cells: Cells, subject: str) -> tuple[Student, ...]:
    names = [subject, *(str(n) for n in range(1, MEMBERS + 1) if str(n) != subject)]
    ours = tuple(cell._replace(own=False) for cell in own)
    return tuple(Student(name, group="A", attempts={**dict(cells), part.id: ours}) for name in names)


def _of(space: SearchSpace, part: Part, own: Sequence[Attempt], marks: Sequence[PeerMark], subject: str) -> PartValue:
    students = _class(part, own, (), subject)
    grader = Grader(space.policy, ClassList(students, tuple(marks)))
    space.budget.spend(100)
    return of_result(
        grader.leaf(part, students[0].attempts[part.id], share=grader.shares[part.id].get(students[0].student)), own
    )


def _witness(
    space: SearchSpace, part: Part, own: Sequence[Attempt], cells: Cells, marks: Sequence[PeerMark], subject: str
) -> Witness:
    students = _class(part, own, cells, subject)
    witness = Witness(students, (), tuple(marks))
    grade = Grader(space.policy, ClassList(students, tuple(marks))).grade(students[0]).grade
    witness = witness._replace(grades=(grade,) if grade is not None else ())
    return witness if holds(space.policy, witness) else witness._replace(grades=())


def _marks(part: Part, deed: str | None, praised: bool = False) -> list[PeerMark]:
    """Marks of a group; member 1 does something where there is a ``deed``, all others give equal marks.

    ``praised``: they give member 1 the most instead, and the rest less.
    """
    own = bool(part.peer and part.peer.own)
    names = [str(n) for n in range(1, MEMBERS + 1)]
    given: dict[str, dict[str, Fraction]] = {}
    for marker in names:
        others = [name for name in names if own or name != marker]
        given[marker] = dict.fromkeys(others, _EVEN)
        if praised and marker != "1":
            given[marker]["1"] = _MOST
    if deed == "silence":
        given["1"] = {}
    elif deed == "harm":
        given["1"] = {name: _NONE if name == "2" else _MOST for name in given["1"]}
    elif deed in ("favour", "self"):
        chosen = "2" if deed == "favour" else "1"
        given["1"] = {name: _MOST if name == chosen else _NONE for name in given["1"]}
    criteria = list(part.peer.criteria or [CRITERION]) if part.peer else [CRITERION]
    return [
        PeerMark(marker, member, dict.fromkeys(criteria, value))
        for marker, marks in given.items()
        for member, value in marks.items()
    ]
