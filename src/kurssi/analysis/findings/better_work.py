"""Better work that lowers a grade, and retakes that cannot pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from zoneinfo import ZoneInfo

from kurssi.analysis.budget import Spent, Undecided
from kurssi.analysis.claims import INTERVALS, WITNESS, Claim, Witness, holds
from kurssi.analysis.effects import Grids, Move, moves, size_of
from kurssi.analysis.part_values import PartValue
from kurssi.analysis.search_space import SearchSpace
from kurssi.course.model import retake_can_cost
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.grading.activity.hooks import adjusts_of
from kurssi.grading.conversion.hooks import HALVES, scores
from kurssi.grading.lateness import depends_on_grade
from kurssi.grading.lateness.hooks import closing_time, first_due, late_times, on_time
from kurssi.policy.gates import failing_gates
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt
from kurssi.values.times import When

from .lateness import spends_for_nothing, whole_or_nothing

Version = tuple[Attempt, ...]


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
            claim = grids.ask(partial(spends_for_nothing, part=part)) or grids.ask(partial(whole_or_nothing, part=part))
            if claim is not None:
                yield claim
                break
        else:
            # a late work that need not be there, and another one that may need the free time
            open_to_it = policy.free.whole or any(p.id not in live or len(p.dues) > 1 for p in late)
            undecided = undecided or (len(late) > 1 and open_to_it)
    if undecided:
        raise Undecided


def _worse(space: SearchSpace, part: Part) -> Claim | None:
    """Two versions of one part, the second better in every respect, whose grades fall."""
    known: dict[Version, PartValue] = {}

    def at(version: Version) -> PartValue:
        if version not in known:
            known[version] = space.leaf(part, version)
        return known[version]

    live = part.id in space.live
    steps = better_versions(space.policy, space.zone, part)
    for wanted in BETTER:
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
        return lowered(part, wanted, worst)
    return None


BETTER = ("score", "earlier", "retake", "handed in")
"""How one version of a part can be better than another."""


def better_versions(policy: Policy, zone: ZoneInfo, part: Part) -> list[tuple[str, Version, Version]]:
    """Pairs of versions of a part, the second better in one respect (of :data:`BETTER`) and worse in none."""
    firsts = _attempts(policy, zone, part, 1)
    seconds = _attempts(policy, zone, part, 2) if len(part.dues) > 1 else []
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
    return steps


def _by(move: Move) -> int:
    return move.by


def lowered(part: Part, kind: str, move: Move) -> Claim:
    """That better work on a part can lower the grade."""
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
    if retake_can_cost(part.attempt):
        return (*part.path, "attempt"), msg("write attempt: best")
    return part.path, msg("look at minimum, retake_at_most and the late rule here")


def _attempts(policy: Policy, zone: ZoneInfo, part: Part, number: int) -> list[Attempt]:
    """Attempts that differ in what matters: not handed in, and scores at some times."""
    rising = scores(part, policy, "ends" if not part.in_grades else "whole")
    if len(rising) > 6:
        rising = rising[:: max(1, len(rising) // 5)] + rising[-1:]
    due = part.dues[number - 1]
    times: list[When | None] = [None]
    if due is not None and part.late is not None:
        late = [when for _, when in late_times(part, due, zone)]
        times = [on_time(due, zone), *(late[:1] + late[-1:] if len(late) > 1 else late)]
        closed = closing_time(part, due, zone)
        times += [closed] if closed is not None else []
    return [Attempt("missing"), *(cell._replace(submitted=when) for cell in rising for when in times)]


def _better(part: Part, a: Attempt, b: Attempt) -> str | None:
    """How ``b`` is better than ``a`` in one respect and worse in none; None where it is not."""
    if a.state == "missing":
        return "handed in" if b.state != "missing" else None
    if b.state == "missing":
        return None
    mark = (lambda x: int(x.state == "passed")) if not part.valued else (lambda x: x.score)
    if a.submitted == b.submitted:
        return "score" if mark(b) > mark(a) else None
    if a.submitted is not None and b.submitted is not None and mark(a) == mark(b) and b.submitted.at < a.submitted.at:
        return "earlier"
    return None


def dead_retakes(policy: Policy, shown: Callable[[Part, Version], Witness | None]) -> Iterator[Claim]:
    """A cap on retakes below the part's minimum: no retake can pass. ``shown``: a student with this at the part."""
    failing = failing_gates(policy)
    raised = {part.stepped.to for part in policy.bonuses_by_steps() if part.stepped is not None}
    for part in policy.leaves():
        if len(part.dues) < 2 or part.retake_at_most is None or part.id not in failing or part.id in raised:
            continue
        if part.minimum_raw or part.joins or part.retake_at_most >= part.minimum:
            continue
        rising = scores(part, policy, HALVES)
        witness = shown(part, (rising[0], rising[-1]))
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


def retaken_in(grids: Grids) -> Callable[[Part, Version], Witness | None]:
    """A student whose gate is closed with these attempts at a part, put together part by part."""

    def ask(space: SearchSpace, part: Part, own: Version) -> Witness | None:
        failed = space.leaf(part, own)
        if failed.open:
            return None
        for _, b, cells, _ in space.pairs(part, [(failed, failed)]):
            witness = Witness((space.student(cells, part, failed.cells),), (space.grade(b),))
            if holds(space.policy, witness):
                return witness
        return None

    return lambda part, own: grids.ask(partial(ask, part=part, own=own))
