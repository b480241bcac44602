"""What a policy does that its author may not have meant: each a claim with a witness, or an honest “not decided”."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import pairwise, product
from math import ceil
from typing import assert_never

from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.grading import Grader
from kurssi.grading.activity.hooks import adjusts_of, with_activity_of
from kurssi.grading.conversion.hooks import HALVES, scores
from kurssi.grading.lateness import LateClock, depends_on_grade
from kurssi.grading.lateness.hooks import closing_time, first_due, late_times, on_time
from kurssi.policy.model import Activity, Part, Policy
from kurssi.values.classlist import Attempt, Student
from kurssi.values.times import When, describe

from .bounds import Bounds, is_finite
from .budget import Budget, Spent, Undecided
from .claims import EXHAUSTIVE, INTERVALS, STRUCTURE, WITNESS, Claim, Witness, holds
from .effects import Grids, Move, missing, moves, size_of, span
from .part_values import PartValue, outcome
from .search_space import NOTHING, End, SearchSpace

LONG_AGO = date(1, 1, 1)


# ---- grades ------------------------------------------------------------------------------------------------


def reachable(policy: Policy) -> set[int]:
    """Every grade that scores on time can give, with any activity: exact, by intervals."""
    grader = Grader(policy, as_of=LONG_AGO)
    found: set[int] = set()
    for student, _ in adjusts_of(policy):
        result = grader.grade(student)
        found.update(result.range or (() if result.grade is None else (result.grade,)))
    return found


def loosened(policy: Policy) -> Policy:
    """The policy with every part that lateness, retakes or peer marks can move free to be worth anything.

    What nobody reaches here nobody reaches at all.
    """
    span_ = policy.top - policy.lowest
    ends = ((NOTHING, policy.lowest), (span_, policy.top))

    def free(part: Part) -> Part:
        if part.parts:
            return part._replace(parts=tuple(free(child) for child in part.parts))
        if is_finite(part, policy) or (part.graded == "grade" and not policy.scale.own and part.peer is None):
            return part
        return part._replace(
            graded="points",
            max=Fraction(100) if policy.percent else span_,
            boundaries=None,
            linear=None if policy.percent else ends,
            minimum=policy.lowest if part.minimum_raw else part.minimum,
            minimum_raw=False,
            peer=None,
            late=None,
            retake_at_most=None,
        )

    return policy._replace(parts=tuple(free(part) for part in policy.parts))


def unreachable_grades(grids: Grids) -> Iterator[Claim]:
    """Grades that no scores give, shown by the students on both sides of the gap."""
    policy = grids.policy
    gone = [g for g in policy.scale.grades if g not in reachable(policy)]
    if not gone:
        return
    free = reachable(loosened(policy))
    doubtful = [g for g in gone if g in free]
    gone = [g for g in gone if g not in free]
    if gone:
        for run in _runs(gone):
            labels = Terms([policy.scale.label(g) for g in run])
            yield Claim(
                "unreachable-grade",
                Severity.warning,
                (*policy.path, "evaluation_scale"),
                msg("nobody can get the grade {grade}", grade=labels)
                if len(run) == 1
                else msg("nobody can get the grades {grades}", grades=labels),
                _why_unreachable(policy, run),
                INTERVALS,
                _gap(grids, run[0], run[-1]),
                " ".join(policy.scale.label(g) for g in run),
            )
    if doubtful:
        raise Undecided


def _runs(grades: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for grade in grades:
        if run and grade != run[-1] + 1:
            yield run
            run = []
        run.append(grade)
    if run:
        yield run


def _why_unreachable(policy: Policy, run: Sequence[int]) -> Msg:
    if run[0] == policy.scale.lowest:
        return msg("nothing in this policy can fail anybody: make a part required, or write may_fail: true")
    strict = [p for p in policy.all_parts() if not p.minimum_raw and p.minimum > policy.pass_value]
    if strict and not policy.percent:
        return msg(
            "a minimum lies above the pass grade ({parts}): lower it, or tell students which grades are left",
            parts=Terms([p.name for p in strict]),
        )
    return msg("look at the minimums, the boundaries and the rounding")


def _gap(grids: Grids, first: int, last: int) -> Witness | None:
    """The students nearest to a grade that nobody gets: below it and above it, where there are such."""
    policy = grids.policy

    def ask(space: SearchSpace) -> Witness | None:
        below: tuple[int, Fraction, Student] | None = None
        above: tuple[int, Fraction, Student] | None = None
        for like, adjust in adjusts_of(policy):
            for total, cells in space.totals().items():
                grade = space.grade(End(total, True), adjust)
                size = (total or NOTHING) + adjust
                student = with_activity_of(space.student(cells), like)
                if grade < first and (below is None or (grade, size) > below[:2]):
                    below = grade, size, student
                if grade > last and (above is None or (grade, size) < above[:2]):
                    above = grade, size, student
        if below is None and above is not None and first > policy.scale.lowest:
            below = _failing(space, above[2])
        found = [side for side in (below, above) if side is not None]
        names = [side[2]._replace(student=str(n)) for n, side in enumerate(found, 1)]
        witness = Witness(tuple(names), tuple(side[0] for side in found))
        return witness if found and holds(policy, witness) else None

    return grids.ask(ask)


def _failing(space: SearchSpace, student: Student) -> tuple[int, Fraction, Student] | None:
    """The same student with the best score at one part that does not pass its gate, or without the part."""
    policy = space.policy
    for part in policy.leaves():
        if part.id not in space.live:
            continue
        closed = [o for o in space.outcomes(part) if not o.open] or [space.leaf(part, missing())]
        low = max(closed, key=lambda o: o.value if o.value is not None else NOTHING)
        if part.graded == "grade" and not part.minimum_raw and not policy.scale.own:
            near = space.leaf(part, (Attempt("scored", _just_below(policy, part)),))
            low = low if near.open else near
        return policy.scale.lowest, NOTHING, student._replace(attempts={**student.attempts, part.id: low.cells})
    return None


def _just_below(policy: Policy, part: Part) -> Fraction:
    value = part.minimum
    if policy.percent:
        value = policy.scale.lowest + value * (policy.scale.top - policy.scale.lowest) / 100
    return max(Fraction(policy.scale.lowest), Fraction(int(value * 10 - 1), 10))


# ---- parts and gates ---------------------------------------------------------------------------------------


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
        below = [found.get(leaf.id) for leaf in _leaves(part)]
        dead = [claim for claim in below if claim is not None and claim.kind == "dead-part"]
        if len(dead) == len(below) > 1:
            yield dead[0]._replace(
                path=part.path,
                message=msg("{part} can never change a grade", part=part.name),
                found=part.id,
            )
        else:
            yield from _collapsed(part.parts, found)


def _leaves(part: Part) -> Iterator[Part]:
    if not part.parts:
        yield part
    for child in part.parts:
        yield from _leaves(child)


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
    return Claim(
        "dead-part",
        Severity.warning,
        part.path,
        msg("{part} can never change a grade", part=part.name),
        msg("write required: true if it must be passed, give it weight, or delete it")
        if not part.counts
        else msg("give it more weight, or delete it"),
        EXHAUSTIVE if finite else INTERVALS,
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
        if other is not part and not is_finite(other, grids.policy) and other.graded != "pass-fail":
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
        if part.graded == "pass-fail":
            high = space.leaf(part, (Attempt("passed"),))
        for a, b, cells, _ in space.pairs(part, [(low, high)]):
            one, two = space.grade(a), space.grade(b)
            sides = (space.student(cells, part, low.cells, "1"), space.student(cells, part, high.cells, "2"))
            witness = Witness(sides, (one, two), apart=True)
            if one == two > policy.scale.lowest and holds(policy, witness):
                return witness
        return None

    return grids.ask(ask)


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
            elif part.id not in live and written and part.graded != "pass-fail":
                claim = _dead_gate(grids, part, "minimum")
            if claim is not None and claim.witness is not None:  # else whoever misses the gate fails all the same
                yield claim
            else:
                yield from walk(part.parts)

    yield from walk(policy.parts)


def _dead_gate(grids: Grids, part: Part, key: str) -> Claim:
    if key == "required":
        message = msg("{part} is required, but fails nobody: the part it belongs to need not be passed", part=part.name)
        way = msg("write required: true at the part it belongs to as well, or delete it here")
    else:
        message = msg("the minimum of {part} fails nobody: the part is not required", part=part.name)
        way = msg("write required: true if it must be reached, or delete minimum")
    return Claim(
        "dead-gate", Severity.warning, (*part.path, key), message, way, STRUCTURE, _passes_without(grids, part), part.id
    )


def _passes_without(grids: Grids, part: Part) -> Witness | None:
    """A student who does not hand the part in and passes all the same."""
    policy = grids.policy
    names = {leaf.id for leaf in _leaves(part)}

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
    return Claim(
        "decides-alone",
        Severity.info,
        part.path,
        msg("{part} alone decides who passes: no other part can fail or save anybody", part=part.name),
        msg("write required: true at what must be passed as well"),
        EXHAUSTIVE if finite else STRUCTURE,
        witness,
        part.id,
    )


# ---- better must not be worse ------------------------------------------------------------------------------


def not_monotone(grids: Grids) -> Iterator[Claim]:
    """A better score, an earlier hand-in or one more attempt that lowers the grade."""
    policy = grids.policy
    undecided = False
    for part in policy.leaves():
        try:
            claim = grids.ask(partial(_worse, part=part))
        except (Undecided, Spent):
            undecided = True
            continue
        if claim is not None:
            yield claim
    if policy.free is not None and not depends_on_grade(policy.free.spend):
        late = [p for p in policy.leaves() if p.late is not None and p.late.deduct and first_due(p) is not None]
        live = grids.spaces[-1].live
        for part in late:
            claim = grids.ask(partial(_spends_for_nothing, part=part))
            if claim is not None:
                yield claim
                break
        else:
            # a late work that need not be there, and another one that may need the free time
            undecided = undecided or (len(late) > 1 and any(p.id not in live or len(p.dues) > 1 for p in late))
    if undecided:
        raise Undecided


Version = tuple[Attempt, ...]


def _worse(space: SearchSpace, part: Part) -> Claim | None:
    """Two versions of one part, the second better in every respect, whose grades fall."""
    known: dict[Version, PartValue] = {}

    def at(version: Version) -> PartValue:
        if version not in known:
            known[version] = space.leaf(part, version)
        return known[version]

    live = part.id in space.live
    firsts = _attempts(space, part, 1)
    seconds = _attempts(space, part, 2) if len(part.dues) > 1 else []
    steps: list[tuple[str, Version, Version]] = []
    for one, two in product(firsts, firsts):
        if (kind := _better(part, one, two)) is not None:
            steps.append((kind, (one,), (two,)))
            steps += [(kind, (one, other), (two, other)) for other in seconds]
    for first in firsts:
        for one, two in product(seconds, seconds):
            if (kind := _better(part, one, two)) is not None:
                steps.append((kind, (first, one), (first, two)))
        steps += [("retake", (first,), (first, again)) for again in seconds if again.state != "missing"]
    for wanted in ("score", "earlier", "retake", "handed in"):
        pairs = []
        for kind, a, b in steps:
            if kind != wanted:
                continue
            was, now = at(a), at(b)
            if (live and was.open and not now.open) or ((was.open or not live) and size_of(now) < size_of(was)):
                pairs.append((was, now))
        if not pairs:
            continue
        worst = min(moves(space, part, pairs, adjusts_of(space.policy), lambda x, y: y < x), key=_by, default=None)
        if worst is None:
            raise Undecided  # the part gets worse, and no grade was seen to
        return _not_monotone(part, wanted, worst)
    return None


def _by(move: Move) -> int:
    return move.by


def _not_monotone(part: Part, kind: str, move: Move) -> Claim:
    messages = {
        "score": msg("in {part} a better score can lower the grade", part=part.name),
        "earlier": msg("in {part} an earlier hand-in can lower the grade", part=part.name),
        "retake": msg("in {part} a retake can lower the grade", part=part.name),
        "handed in": msg("handing {part} in can lower the grade", part=part.name),
    }
    path, way = _to_change(part)
    return Claim("not-monotone", Severity.warning, path, messages[kind], way, WITNESS, move.witness, part.id)


def _to_change(part: Part) -> tuple[Path, Msg]:
    """Where the file makes it so, and what to write there."""
    match part.attempt:
        case "latest":
            return (*part.path, "attempt"), msg("write attempt: best")
        case "best":
            return part.path, msg("look at minimum, retake_at_most and the late rule here")
        case _ as unknown:
            assert_never(unknown)


def _attempts(space: SearchSpace, part: Part, number: int) -> list[Attempt]:
    """Attempts that differ in what matters: not handed in, and scores at some times."""
    policy = space.policy
    rising = scores(part, policy, "ends" if part.graded != "grade" else "whole")
    if len(rising) > 6:
        rising = rising[:: max(1, len(rising) // 5)] + rising[-1:]
    due = part.dues[number - 1]
    times: list[When | None] = [None]
    if due is not None and part.late is not None:
        late = [when for _, when in late_times(part, due, space.zone)]
        times = [on_time(due, space.zone), *(late[:1] + late[-1:] if len(late) > 1 else late)]
        closed = closing_time(part, due, space.zone)
        times += [closed] if closed is not None else []
    return [Attempt("missing"), *(cell._replace(submitted=when) for cell in rising for when in times)]


def _better(part: Part, a: Attempt, b: Attempt) -> str | None:
    """How ``b`` is better than ``a`` in one respect and worse in none; None where it is not."""
    if a.state == "missing":
        return "handed in" if b.state != "missing" else None
    if b.state == "missing":
        return None
    mark = (lambda x: int(x.state == "passed")) if part.graded == "pass-fail" else (lambda x: x.score)
    if a.submitted == b.submitted:
        return "score" if mark(b) > mark(a) else None
    if a.submitted is not None and b.submitted is not None and mark(a) == mark(b) and b.submitted.at < a.submitted.at:
        return "earlier"
    return None


def _spends_for_nothing(space: SearchSpace, part: Part) -> Claim | None:
    """Free late time in order of the deadlines: a late work without value takes what another one needed."""
    policy = space.policy
    free, due = policy.free, first_due(part)
    if free is None or due is None or part.late is None or not part.late.deduct or part.id in space.live:
        return None
    late = list(late_times(part, due, space.zone))
    low = scores(part, policy, "ends")[0]
    for other in policy.leaves():
        other_due = first_due(other)
        if other is part or other_due is None or other.late is None or not other.late.deduct or not late:
            continue
        when = next(iter(late_times(other, other_due, space.zone)), None)
        if when is None:
            continue
        pairs = []
        for one in space.outcomes(other):
            if one.cells[0].state == "scored":
                slow = (one.cells[0]._replace(submitted=when[1]),)
                pairs.append((one, space.leaf(other, slow)))
        for a, b, cells, number in space.pairs(other, pairs):
            if space.grade(b) >= space.grade(a) or dict(cells).get(part.id) != (low,):
                continue
            attempts = {**dict(cells), other.id: pairs[number][1].cells}
            without = Student("1", attempts={**attempts, part.id: missing()})
            handed = [
                Student("2", attempts={**attempts, part.id: (low._replace(submitted=time),)}) for _, time in late[:10]
            ]
            grader = Grader(policy)
            first, *seconds = (grader.grade(s).grade for s in (without, *handed))
            found = next((i for i, g in enumerate(seconds) if first is not None and g is not None and g < first), None)
            if found is not None and first is not None and (second := seconds[found]) is not None:
                return Claim(
                    "not-monotone",
                    Severity.warning,
                    free.path,
                    msg(
                        "handing {part} in late can lower the grade: it takes free late time that {other} needs",
                        part=part.name,
                        other=other.name,
                    ),
                    msg("write spend: where-it-helps"),
                    WITNESS,
                    Witness((without, handed[found]), (first, second), apart=True),
                    part.id,
                )
    return None


# ---- lateness and activity ---------------------------------------------------------------------------------


def dead_levels(grids: Grids) -> Iterator[Claim]:
    """Levels and bands of activity that never change a grade."""
    policy = grids.policy
    activity = policy.activity
    if activity is None or not any(part.counts for part in policy.parts):
        return
    if activity.levels is None:
        yield from _dead_bands(grids, activity)
        return
    undecided = False
    for name, adjust in activity.levels.items():
        if not adjust or grids.ask(partial(_activity_moves, adjust=adjust)):
            continue
        if not _activity_cannot(policy, adjust, grids.steps):
            undecided = True
            continue
        yield Claim(
            "dead-level",
            Severity.warning,
            (*activity.path, "levels", name),
            msg("the level {level} never changes a grade", level=name),
            msg("the adjustment is too small for the grades that are possible: change it, or delete the level"),
            INTERVALS,
            grids.ask(partial(_unmoved, like=Student("1", level=name), adjust=adjust)),
            name,
        )
    if undecided:
        raise Undecided


def _dead_bands(grids: Grids, activity: Activity) -> Iterator[Claim]:
    """Bands of attendance that no number of sessions falls into."""
    hit = set()
    for attended in range(activity.sessions + 1):
        share = Fraction(attended, activity.sessions)
        hit.add(next((i for i, band in enumerate(activity.bands) if share >= band.share), None))
    for index, band in enumerate(activity.bands):
        if index in hit:
            continue
        near = Student("1", attended=min(ceil(band.share * activity.sessions), activity.sessions))
        adjust = activity.bands[max(0, index - 1)].adjust
        yield Claim(
            "dead-level",
            Severity.warning,
            (*activity.path, "attendance", "bands", index),
            msg(
                "nobody can be in the band from {share} %: no number of {n} sessions falls into it",
                share=band.share * 100,
                n=activity.sessions,
            ),
            msg("delete the band, or move its limit"),
            EXHAUSTIVE,
            grids.ask(partial(_attending, like=near, adjust=adjust)),
            str(index + 1),
        )


def _attending(space: SearchSpace, like: Student, adjust: Fraction) -> Witness | None:
    """A student of the band above: nobody is nearer to the band."""
    for total, cells in space.totals().items():
        witness = Witness((with_activity_of(space.student(cells), like),), (space.grade(End(total, True), adjust),))
        if holds(space.policy, witness):
            return witness
    return None


def _activity_moves(space: SearchSpace, adjust: Fraction) -> bool:
    return any(space.grade(End(t, True), adjust) != space.grade(End(t, True)) for t in space.totals())


def _activity_cannot(policy: Policy, adjust: Fraction, steps: int) -> bool:
    """Whether an adjustment moves no total within bounds to another grade."""
    bounds = Bounds(policy, Budget(steps))
    totals = bounds.siblings(bounds.ends.top, None)
    low, high = min(adjust, NOTHING), max(adjust, NOTHING)
    return not any(a <= t - low and t - high <= b for t in bounds.thresholds([NOTHING]) for a, b in totals)


def _unmoved(space: SearchSpace, like: Student, adjust: Fraction) -> Witness | None:
    """A student with an activity and the same without it, whose grades are equal."""
    for total, cells in space.totals().items():
        grade = space.grade(End(total, True), adjust)
        if grade == space.grade(End(total, True)):
            one = space.student(cells)
            witness = Witness((one, with_activity_of(one._replace(student="2"), like)), (grade, grade), apart=True)
            if holds(space.policy, witness):
                return witness
    return None


def dead_late_steps(grids: Grids) -> Iterator[Claim]:
    """Entries of a late table, limits and whole late rules that never take anything."""
    policy = grids.policy
    rules: dict[object, list[Part]] = {}
    for part in policy.leaves():
        if part.late is not None:
            rules.setdefault(part.late.path, []).append(part)
    for parts in rules.values():
        timed = [p for p in parts if first_due(p) is not None]
        late = parts[0].late
        if late is None:
            continue
        if not timed and any(part.late_from_export for part in parts):
            continue  # how late something is stands in the export
        if not timed:
            if len(late.path) > 2 or len(parts) == len(list(policy.leaves())):
                yield Claim(
                    "dead-late-step",
                    Severity.warning,
                    late.path,
                    msg("the late rule never takes anything: no part that it is for has a deadline"),
                    msg("write due: at the parts"),
                    STRUCTURE,
                    grids.ask(_top_student),
                    None,
                )
            continue
        valued = [p for p in timed if late.deduct and p.graded != "pass-fail"]
        if valued:
            yield from _dead_deductions(grids, valued)


def _top_student(space: SearchSpace) -> Witness | None:
    for total, cells in space.totals().items():
        grade = space.grade(End(total, True))
        if grade == space.policy.scale.top:
            witness = Witness((space.student(cells),), (grade,))
            return witness if holds(space.policy, witness) else None
    return None


def _dead_deductions(grids: Grids, parts: Sequence[Part]) -> Iterator[Claim]:
    policy = grids.policy
    late = parts[0].late
    if late is None:
        return
    space = SearchSpace(policy, Budget(grids.steps), HALVES)
    grader = Grader(policy._replace(free=None))
    effective: dict[int, bool] = {}
    shown: Witness | None = None
    for part in parts:
        due = first_due(part)
        if due is None:
            continue
        steps = [(0, on_time(due, space.zone)), *late_times(part, due, space.zone)]
        for (_, early), (units, when) in pairwise(steps):
            effective.setdefault(units, False)
            for cell in scores(part, policy, HALVES):
                one, two = (outcome(grader, part, (cell._replace(submitted=w),)) for w in (early, when))
                if (one.value, one.add, one.open) != (two.value, two.add, two.open):
                    effective[units] = True
                    break
    if not any(effective.values()):
        part = parts[0]
        due = first_due(part)
        if due is not None:
            shown = grids.ask(partial(_late_but_same, part=part, due=due))
        yield Claim(
            "dead-late-step",
            Severity.warning,
            (*late.path, "deduct"),
            msg("the deduction for lateness never takes anything"),
            msg("look at grace, not_below and closes, or delete deduct"),
            EXHAUSTIVE,
            shown,
            None,
        )
        return
    if late.form != "table":
        return
    for number, amount in enumerate(late.deduct, 1):
        grown = number == 1 or amount > late.deduct[number - 2]
        if not grown or effective.get(number):
            continue
        closes = describe(late.closes) if late.closes is not None else None
        part = parts[0]
        due = first_due(part)
        closed = number not in effective and closes is not None
        yield Claim(
            "dead-late-step",
            Severity.warning,
            (*late.path, "deduct", number - 1),
            msg(
                "step {number} of the late table is never used: the part closes after {time}",
                number=number,
                time=closes,
            )
            if closed
            else msg("step {number} of the late table takes no more than the one before", number=number),
            msg("delete the step, or let the part close later") if closed else msg("look at not_below and at_most"),
            EXHAUSTIVE,
            grids.ask(partial(_at_step, part=part, due=due, number=number)),
            str(number),
        )


def _late_but_same(space: SearchSpace, part: Part, due: When) -> Witness | None:
    late = list(late_times(part, due, space.zone))
    if not late:
        return None
    top = scores(part, space.policy, HALVES)[-1]
    one, two = (space.leaf(part, (top._replace(submitted=w),)) for w in (on_time(due, space.zone), late[-1][1]))
    for a, b, cells, _ in space.pairs(part, [(one, two)]):
        first, second = space.grade(a), space.grade(b)
        students = (space.student(cells, part, one.cells, "1"), space.student(cells, part, two.cells, "2"))
        witness = Witness(students, (first, second), apart=True)
        if first == second and holds(space.policy, witness):
            return witness
    return None


def _at_step(space: SearchSpace, part: Part, due: When | None, number: int) -> Witness | None:
    """A student so late that the step would apply, and the same one unit earlier or closed out."""
    if due is None or part.late is None:
        return None
    from kurssi.grading.lateness.hooks import moved

    times = [moved(due, part.late, n, space.zone) for n in (max(1, number - 1), number)]
    top = scores(part, space.policy, HALVES)[-1]
    one, two = (space.leaf(part, (top._replace(submitted=when),)) for when in times)
    closed = LateClock(part.late, due, space.zone).of(times[1]).closed
    for a, b, cells, _ in space.pairs(part, [(one, two)]):
        first, second = space.grade(a), space.grade(b)
        students = (space.student(cells, part, one.cells, "1"), space.student(cells, part, two.cells, "2"))
        witness = Witness(students, (first, second), apart=True)
        if (closed or first == second) and holds(space.policy, witness):
            return witness
    return None


def dead_retakes(grids: Grids) -> Iterator[Claim]:
    """A cap on retakes below the part's minimum: no retake can pass."""
    policy = grids.policy
    for part in policy.leaves():
        if len(part.dues) < 2 or part.retake_at_most is None or part.id not in grids.spaces[-1].live:
            continue
        if part.minimum_raw or part.retake_at_most >= part.minimum:
            continue
        top = scores(part, policy, HALVES)[-1]
        low = scores(part, policy, HALVES)[0]

        def ask(space: SearchSpace, part: Part = part, top: Attempt = top, low: Attempt = low) -> Witness | None:
            failed = space.leaf(part, (low, top))
            if failed.open:
                return None
            for _, b, cells, _ in space.pairs(part, [(failed, failed)]):
                witness = Witness((space.student(cells, part, failed.cells),), (space.grade(b),))
                if holds(policy, witness):
                    return witness
            return None

        witness = grids.ask(ask)
        if witness is not None:
            yield Claim(
                "dead-retake",
                Severity.warning,
                (*part.path, "retake_at_most"),
                msg(
                    "no retake of {part} can pass: it counts at most {cap}, and the minimum is {minimum}",
                    part=part.name,
                    cap=part.retake_at_most,
                    minimum=part.minimum,
                ),
                msg("write a retake_at_most that reaches the minimum"),
                INTERVALS,
                witness,
                part.id,
            )
