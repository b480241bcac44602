"""From what was given to a grade: the nine steps of the contract's section 5, a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, assert_never

from .attempts import ZERO, Tried, tried
from .bonuses import Worths
from .demands import Answer, Seen, answers
from .entries import OPEN, OUT, Entries, Entry
from .rules import CheckedPolicy, PeerRule, Rule, kept
from .worth import LIVE, Moved, Worth, at_gate, gate


class Why(NamedTuple):
    """One reason for the lowest grade."""

    part: str | None
    code: str
    minimum: Fraction | None = None
    value: Fraction | None = None
    answer: Answer | None = None
    """What is lacking of what a grade asks."""


class Whole(NamedTuple):
    """A student's whole: what would be the grade if everything open counted as the lowest."""

    parts: tuple[Worth, ...]
    mean: Fraction | None
    with_bonus: Fraction | None
    exact: Fraction | None
    rounded: int | None
    raised: bool
    reasons: tuple[Why, ...]
    grade: int | None
    """None where nothing is left to weigh."""
    answers: tuple[Answer, ...] = ()
    """What there is of all that grades ask."""
    total: int | None = None
    """The grade before that."""


# ---- one part ----------------------------------------------------------------------------------------------


def leaf(plan: CheckedPolicy, rule: Rule, entry: Entry, forgiven: int) -> Worth:
    """Steps 2 to 5 for a part with attempts."""
    attempts = tuple(tried(plan, rule, given, forgiven if given.number == 1 else 0) for given in entry.tries)
    states = [attempt.state for attempt in attempts]
    lowest = None if not rule.valued else plan.lowest
    waiting = "withheld" if "withheld" in states else "ungraded"
    is_open = waiting in states
    live = [attempt for attempt in attempts if attempt.state in LIVE]
    if live and rule.joins:
        state = "scored" if "scored" in states else "failed"
        worth = Worth(rule, state, joint(plan, rule, attempts), None, is_open, attempts)
    elif live:
        used = _used(rule, live)
        value, moved = used.value, None
        if used.state == "scored" and value is not None and rule.peer is not None and entry.factor is not None:
            moved = Moved(value, by_peers(plan, rule.peer, value, entry.factor, entry.silent))
            value = moved.after
        worth = Worth(rule, used.state, value, None, is_open, attempts, used, moved)
    elif is_open:
        worth = Worth(rule, waiting, lowest, None, True, attempts)
    elif "excused" in states or "recognised" in states:
        return Worth(rule, "excused" if "excused" in states else "recognised", None, None, False, attempts)
    else:
        worth = Worth(rule, "closed" if "closed" in states else "missing", lowest, None, False, attempts)
    return worth._replace(gate=gate(worth))


def joint(plan: CheckedPolicy, rule: Rule, attempts: Sequence[Tried]) -> Fraction:
    """What several attempts come to: their mean, or the first with a share of what a later one is above it."""
    live = [attempt.value or ZERO for attempt in attempts if attempt.state in LIVE]
    match rule.attempt:
        case "gain":
            first = opening(plan, attempts)
            return first + rule.gain * (max(first, *live) - first)
        case "mean" | "best" | "latest":
            return sum(live, ZERO) / len(live)
        case _ as unknown:
            assert_never(unknown)


def opening(plan: CheckedPolicy, attempts: Sequence[Tried]) -> Fraction:
    """What a gain is counted from: the first attempt that is not excused, the lowest where it did not come."""
    first = next(attempt for attempt in attempts if attempt.state not in OUT)
    return first.value if first.state in LIVE and first.value is not None else plan.lowest


def _used(rule: Rule, live: Sequence[Tried]) -> Tried:
    match rule.attempt:
        case "latest":
            return live[-1]
        case "best" | "mean" | "gain":
            return _best(rule, live)
        case _ as unknown:
            assert_never(unknown)


def _best(rule: Rule, live: Sequence[Tried]) -> Tried:
    """One that clears the gate, then the highest value; then a number before a fail, the higher score, the earlier.

    Gate and value differ only for a minimum in points: a retake that is cut may clear it, a better first attempt not.
    Where the part need not be passed its gate fails nobody, and the value alone decides.
    """
    best = live[0]
    for other in live[1:]:
        if _rank(rule, other) > _rank(rule, best):
            best = other
    return best


def _rank(rule: Rule, attempt: Tried) -> tuple[Fraction, ...]:
    score = attempt.given.score or ZERO
    clears = rule.required and rule.minimum_in_points and attempt.state == "scored" and score >= rule.minimum
    return (
        Fraction(clears or attempt.state == "passed"),
        attempt.value or ZERO,
        Fraction(attempt.state != "failed"),
        score,
    )


def by_peers(plan: CheckedPolicy, peer: PeerRule, value: Fraction, factor: Fraction, silent: bool) -> Fraction:
    """Step 4: a member's value of the group's."""
    moved = value + value * peer.weight * (factor - 1)
    if peer.at_most is not None:
        moved = max(value - peer.at_most, min(value + peer.at_most, moved))
    moved = max(plan.lowest, min(max(plan.top, value), moved))
    held = plan.passing if value >= plan.passing and not peer.may_fail and not plan.percent else plan.lowest
    moved = max(moved, held)
    if silent:
        moved = max(moved - moved * peer.penalty, held)
    return moved


def counting(worth: Worth) -> tuple[Worth, ...]:
    """The parts by whose gates a part is passed: of ways those of the one that counts."""
    if not worth.rule.of_ways:
        return worth.below
    return next((way.below for way in worth.below if way.chosen), ())


def passes(way: Worth) -> bool:
    """Whether the gates of a way are open."""
    return not reasons(way.below)


def worth_of_way(way: Worth) -> Fraction | None:
    """The mean of a way with its bonus; None where nothing is weighed."""
    return weigh(way.below, way.rule)[2]


def as_ways(ways: Sequence[Worth]) -> tuple[Worth, ...]:
    """Ways with the one that counts: passed before failed, then the larger value, then the earlier."""
    best = 0
    ranks = []
    for way in ways:
        value = worth_of_way(way)
        ranks.append((passes(way), value is not None, ZERO if value is None else value))
    for place in range(1, len(ways)):
        if ranks[place] > ranks[best]:
            best = place
    return tuple(
        way._replace(chosen=place == best, share=Fraction(100) if place == best else None)
        for place, way in enumerate(ways)
    )


def came(worth: Worth) -> bool:
    """Whether a part, or any part of it, counts as submitted."""
    if worth.rule.of_ways:
        return any(came(way) for way in worth.below if way.chosen)
    if worth.below:
        return any(map(came, worth.below))
    return worth.state not in ("missing", "closed", *OUT)


def too_few(rule: Rule, below: tuple[Worth, ...]) -> bool:
    """Whether a required part is not passed, or where a number of them must be, fewer are."""
    if rule.need is None:
        return any(worth.gate is not None and worth.rule.required for worth in below)
    there = [worth for worth in below if worth.state not in OUT]
    return len([w for w in there if w.gate is None]) < max(1, rule.need - len(below) + len(there))


def branch(plan: CheckedPolicy, rule: Rule, below: tuple[Worth, ...]) -> Worth:
    """Steps 5 and 6 for a part that has parts."""
    if rule.of_ways:
        below = as_ways(below)
        counted = next(way for way in below if way.chosen)
        is_open = any(way.open for way in below)
        value = capped(counted.value, rule.together.most)
        worth = Worth(rule, counted.state, value, None, is_open, below=below, with_bonus=counted.value)
        return worth._replace(gate=gate(worth))
    below, mean, with_bonus = weigh(below, rule)
    states = {worth.state for worth in below}
    if states <= set(OUT):
        state = "excused" if "excused" in states else "recognised"
        return Worth(rule, state, None, below=below)
    is_open = any(worth.open for worth in below)
    value = capped(with_bonus, rule.together.most)
    valued = rule.weighs or rule.bonus
    if not any(map(came, below)):
        state, value = "missing", plan.lowest if valued else None
    elif too_few(rule, below):
        state = "failed"
    elif states <= {*OPEN, *OUT}:
        state = "ungraded"
    elif value is None:  # nothing but gates, or nothing left to weigh
        state = "excused" if valued else "passed"
    else:
        state = "scored"
    worth = Worth(rule, state, value, None, is_open, below=below, mean=mean, with_bonus=with_bonus)
    return worth._replace(gate=gate(worth))


def weigh(
    parts: tuple[Worth, ...], owner: Rule | CheckedPolicy
) -> tuple[tuple[Worth, ...], Fraction | None, Fraction | None]:
    """Step 6: the parts with their shares, their mean, and the mean with the bonus on top, before any cap."""
    counting = [n for n, w in enumerate(parts) if w.rule.weighs and w.value is not None and w.state not in OUT]
    keep = kept(owner, len(counting)) if isinstance(owner, Rule) else len(counting)
    chosen = sorted(counting, key=lambda n: parts[n].value or ZERO, reverse=True)[:keep]
    weights = {n: Fraction(1) if (own := parts[n].rule.weight) is None else own for n in chosen}
    total = sum(weights.values(), ZERO)
    out = []
    for number, worth in enumerate(parts):
        share = weights[number] * 100 / total if number in weights and total else None
        out.append(worth._replace(share=share, chosen=number in chosen or number not in counting))
    if not total:
        return tuple(out), None, None
    mean = sum((weights[n] * (parts[n].value or ZERO) for n in chosen), ZERO) / total
    if owner.together.points:  # bonus points in per cent of the points that count
        points = sum((parts[n].rule.full for n in chosen), ZERO)
        out = [w._replace(adds=100 * w.rule.full / points) if w.rule.bonus and not w.rule.by_steps else w for w in out]
    return tuple(out), mean, mean + sum((bonus(worth) + beside(worth) for worth in out), ZERO)


def beside(worth: Worth) -> Fraction:
    """What a bonus by steps adds to the mean of its siblings."""
    by_steps = worth.rule.by_steps
    return worth.gives or ZERO if by_steps is not None and by_steps.to is None else ZERO


def bonus(worth: Worth) -> Fraction:
    """What a bonus part adds on top: nothing without a score, or where it failed by a word."""
    scored = worth.state == "scored" or (worth.state == "failed" and worth.rule.parts)
    if not worth.rule.bonus or worth.rule.by_steps or worth.value is None or not scored:
        return ZERO
    return adds(worth) * worth.value / 100


def adds(worth: Worth) -> Fraction:
    """Per cent of its value that a bonus part adds."""
    return (worth.rule.weight or ZERO) if worth.adds is None else worth.adds


def capped(value: Fraction | None, most: Fraction | None) -> Fraction | None:
    """The value, held at most there."""
    return value if value is None or most is None else min(value, most)


def reasons(parts: Sequence[Worth]) -> list[Why]:
    """Every reason for which a gate makes the final grade the lowest."""
    out: list[Why] = []
    for worth in parts:
        if worth.gate is None or not worth.rule.required:
            continue
        deeper = reasons(counting(worth))
        out.extend(deeper)
        if worth.gate == "below-minimum":
            value = at_gate(worth)
            if worth.rule.minimum_in_points and worth.used is not None:
                value = worth.used.given.score
            out.append(Why(worth.rule.id, worth.gate, worth.rule.minimum, value))
        elif worth.gate != "failed" or not deeper:
            out.append(Why(worth.rule.id, worth.gate))
    return out


# ---- the whole ---------------------------------------------------------------------------------------------


def whole(
    plan: CheckedPolicy,
    entries: Entries,
    adjust: Fraction,
    forgiven: Mapping[str, int],
    assumed: Mapping[str, Worth] | None = None,
    attended: int | None = None,
) -> Whole:
    """All steps. What is ``assumed`` of a part stands instead of what follows from its attempts and parts."""
    total = _before_demands(plan, entries, adjust, forgiven, assumed)
    if not plan.demands:
        return total
    found = {worth.rule.id: worth for worth in _all(total.parts)}

    def look(part: str) -> Seen:
        worth = found[part]
        points = None if worth.used is None else worth.used.given.score or ZERO
        return Seen(worth.state, worth.gate, worth.value, points)

    given = (*answers(plan.demands, attended, look),)
    left = min([plan.left(answer.asked.grade) for answer in given if not answer.met], default=plan.best)
    grade = None if total.grade is None else min(total.grade, left)
    return total._replace(grade=grade, answers=given, total=total.grade)


def _all(parts: Sequence[Worth]) -> list[Worth]:
    return [found for worth in parts for found in (worth, *_all(worth.below))]


def _before_demands(
    plan: CheckedPolicy,
    entries: Entries,
    adjust: Fraction,
    forgiven: Mapping[str, int],
    assumed: Mapping[str, Worth] | None,
) -> Whole:
    def plain(rule: Rule, below: tuple[Worth, ...]) -> Worth:
        if rule.parts:
            return branch(plan, rule, below)
        return leaf(plan, rule, entries.get(rule.source, Entry()), forgiven.get(rule.source, 0))

    of = Worths(plan, plain, assumed or {}).of
    if plan.of_ways:
        parts = as_ways([of(rule) for rule in plan.parts])
        counted = next(way for way in parts if way.chosen)
        _, mean, with_bonus = weigh(counted.below, counted.rule)
        why = tuple(reasons(counted.below))
    else:
        parts, mean, with_bonus = weigh(tuple(of(rule) for rule in plan.parts), plan)
        why = tuple(reasons(parts))
    total = capped(with_bonus, plan.together.most)
    lowest, passing = plan.grades.lowest, plan.grades.passing
    if total is None:
        gates_alone = not any(rule.weighs for rule in plan.parts)
        grade = lowest if why else plan.best if gates_alone else None
        return Whole(parts, None, None, None, None, False, why, grade)
    exact = total if plan.moves_grade else guarded(plan, total, adjust)
    rounded = to_grade(plan, exact)
    raised = rounded < passing and not why and not plan.may_fail
    grade = lowest if why else by_steps(plan, within(plan, rounded), adjust)
    return Whole(parts, mean, with_bonus, exact, rounded, raised, why, grade)


def guarded(plan: CheckedPolicy, mean: Fraction, adjust: Fraction) -> Fraction:
    """Step 7 with its guard: activity lifts nothing above the top and takes nobody who passes below the pass grade."""
    held = max(mean + adjust, min(mean, plan.passing))
    return min(held, max(mean, plan.top))


def within(plan: CheckedPolicy, rounded: int) -> int:
    """Step 9, where every gate is passed."""
    return min(plan.grades.top, max(rounded, plan.grades.lowest if plan.may_fail else plan.grades.passing))


def by_steps(plan: CheckedPolicy, grade: int, adjust: Fraction) -> int:
    """The final grade after activity that moves it: nobody who passes comes below the pass grade by that."""
    if not plan.moves_grade:
        return grade
    if adjust < 0:
        return grade if grade < plan.grades.passing else max(plan.grades.passing, grade + int(adjust))
    return min(plan.grades.top, grade + int(adjust))


def to_grade(plan: CheckedPolicy, value: Fraction) -> int:
    """Step 8."""
    if plan.percent:
        return plan.grades.lowest + len([bound for bound in plan.boundaries if bound.holds(value)])
    below, rest = divmod(value, 1)
    half = Fraction(1, 2)
    match plan.rounding:
        case "down":
            up = False
        case "up":
            up = rest > 0
        case "half-up":
            up = rest >= half
        case "half-even":
            up = rest > half or (rest == half and below % 2 == 1)
        case _ as unknown:
            assert_never(unknown)
    return int(below) + up
