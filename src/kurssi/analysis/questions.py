"""All questions about one policy, asked one after the other, each with its own budget."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple, assert_never, get_args

from kurssi.diagnostics.message import Msg
from kurssi.grading.constructs import CONSTRUCTS, Construct
from kurssi.grading.conversion.hooks import HALVES, WHOLE
from kurssi.grading.mean.hooks import shares
from kurssi.policy.model import Policy

from .bounds import Bounds
from .budget import Budget, Spent, Undecided
from .claims import Claim
from .effects import STEPS, Grids, Influence, Move, influence
from .findings.activity import dead_levels
from .findings.better_work import dead_retakes, not_monotone, retaken_in
from .findings.demands import asked_of, is_doubtful, raw_not_monotone
from .findings.gates import dead_gates_of
from .findings.grades import unreachable_grades
from .findings.lateness import dead_late_steps, shown_by
from .findings.monotony import Monotony, not_monotone_of
from .findings.parts import dead_parts, decides_alone
from .findings.whole_students import (
    dead_levels_of,
    dead_parts_of,
    decides_alone_of,
    late_steps_of,
    retakes_of,
    unreachable_of,
)
from .outcomes import OutcomeCover, outcome_covers
from .peers import PeerEffect, peer_claims, peer_effects
from .policy_figures import (
    ActivityEffect,
    LateEffect,
    Need,
    Ties,
    activity_effects,
    all_late,
    lateness,
    needs,
    needs_by,
    ties,
)
from .together import activity_together, influence_together, lateness_together
from .trials import Trials, stand_apart

Kind = Literal[
    "unreachable-grade",
    "dead-part",
    "dead-gate",
    "decides-alone",
    "not-monotone",
    "dead-level",
    "dead-late-step",
    "dead-retake",
]
"""What is asked of a policy, in the order in which it is asked."""

KINDS: tuple[Kind, ...] = get_args(Kind)


class Asked(NamedTuple):
    """What a question may start from."""

    grids: Grids
    bounds: Bounds
    claims: Sequence[Claim]
    """Those of the kinds before."""

    @property
    def dead(self) -> set[str]:
        """Parts that can never change a grade."""
        return {claim.found or "" for claim in self.claims if claim.kind == "dead-part"}


Question = Callable[[Asked], Iterator[Claim]]


def questions_about(construct: Construct) -> Mapping[Kind, Question]:
    """What is asked about one construct of a policy."""
    match construct:
        case "composite" | "conversion" | "bonus":
            return {}
        case "lateness":
            return {"dead-late-step": lambda asked: dead_late_steps(asked.grids.policy, shown_by(asked.grids))}
        case "attempts":
            return {
                "not-monotone": lambda asked: not_monotone(asked.grids),
                "dead-retake": lambda asked: dead_retakes(asked.grids.policy, retaken_in(asked.grids)),
            }
        case "peers":
            return {}  # what peer marks can do is a figure first (:mod:`.peers`), and a claim made from it
        case "gates":
            return {"dead-gate": lambda asked: dead_gates_of(asked.grids.policy)}
        case "mean":
            return {
                "dead-part": lambda asked: dead_parts(asked.grids, asked.bounds),
                "decides-alone": lambda asked: decides_alone(asked.grids, asked.dead),
            }
        case "activity":
            return {"dead-level": lambda asked: dead_levels(asked.grids)}
        case "rounding":
            return {"unreachable-grade": lambda asked: unreachable_grades(asked.grids)}
        case "demands":
            return {}  # what can be said of the total is said of it before what grades ask
        case _ as unknown:
            assert_never(unknown)


class Analysis(NamedTuple):
    """What a policy can do."""

    policy: Policy
    """The one that the figures are of: without what grades ask beside the total."""
    claims: tuple[Claim, ...]
    undecided: tuple[str, ...]
    """Kinds of claims that the budget did not suffice for."""
    influences: tuple[Influence, ...]
    needs: tuple[Need, ...]
    late: tuple[LateEffect, ...]
    all_late: Move | None
    activity: tuple[ActivityEffect, ...]
    ties: tuple[Ties, ...]
    """Over whole grades, then over whole and half grades."""
    peers: tuple[PeerEffect, ...]
    outcomes: tuple[OutcomeCover, ...]
    full: Policy
    """The policy as it is; the claims are about it."""
    why: Mapping[str, Msg | None] = {}
    """By kind of claim why it is not decided, where it is not the limit on work."""


def analyse(policy: Policy, steps: int = STEPS) -> Analysis:
    """Everything there is to say about a policy."""
    if not stand_apart(policy):
        return _by_trials(policy)
    return _with_demands(policy, steps) if policy.requires else _before_demands(policy, steps)


def _before_demands(policy: Policy, steps: int) -> Analysis:
    """Of a policy whose grades ask for nothing beside the total."""
    grids = Grids(policy, steps)
    claims: list[Claim] = []
    undecided: list[str] = []

    asked = Asked(grids, Bounds(policy, Budget(steps)), claims)
    questions = {kind: ask for construct in CONSTRUCTS for kind, ask in questions_about(construct).items()}
    for kind in KINDS:
        try:
            for claim in questions[kind](asked):
                if claim.witness is None:  # nothing is claimed that no student shows
                    raise Undecided
                claims.append(claim)
        except (Undecided, Spent):
            undecided.append(kind)
    peers = [effect for part in policy.leaves() if part.peer for effect in peer_effects(grids, part) or ()]
    claims += peer_claims(peers)
    share = shares(policy)
    influences = tuple(influence(grids, part, share[part.id]) for part in policy.leaves())
    late = (lateness(grids, part, share[part.id]) for part in policy.leaves())
    return Analysis(
        policy,
        tuple(claims),
        tuple(undecided),
        influences,
        tuple(needs(grids)),
        tuple(effect for effect in late if effect is not None),
        all_late(grids),
        tuple(activity_effects(grids)),
        tuple(found for grid in (WHOLE, HALVES) if (found := ties(policy, grid, 4 * steps)) is not None),
        tuple(peers),
        tuple(outcome_covers(policy, monotone=_is_monotone(claims, undecided))),
        policy,
    )


def _is_monotone(claims: Sequence[Claim], undecided: Collection[str]) -> bool:
    """Whether it is known that better work lowers no grade."""
    return "not-monotone" not in undecided and all(claim.kind != "not-monotone" for claim in claims)


def _with_demands(full: Policy, steps: int) -> Analysis:
    """The figures are of the total, before what grades ask; what is claimed holds with it, too."""
    found = _before_demands(full._replace(requires=()), steps)
    asked = asked_of(full)
    claims = [one for one in found.claims if one.kind != "dead-gate" and not is_doubtful(full, one, asked)]
    claims += dead_gates_of(full)
    undecided = [kind for kind in found.undecided if kind != "unreachable-grade"]
    grids = Grids(full, steps)
    for kind, ask in (("unreachable-grade", unreachable_grades), ("not-monotone", raw_not_monotone)):
        try:
            for claim in ask(grids):
                if claim.witness is None:
                    raise Undecided
                claims.append(claim)
        except (Undecided, Spent):
            undecided.append(kind)
    if full.by_requirements:
        found = _without_total(found._replace(full=full))
    covers = tuple(outcome_covers(full, monotone=_is_monotone(claims, undecided)))
    return found._replace(claims=tuple(claims), undecided=tuple(dict.fromkeys(undecided)), full=full, outcomes=covers)


def _by_trials(policy: Policy) -> Analysis:
    """The same of a policy whose parts do not stand by themselves: by whole students, and by what the rules show."""
    total = policy._replace(requires=())  # the figures are of the total, before what grades ask
    whole = Trials(policy)
    trials = Trials(total) if policy.requires and not policy.by_requirements else whole
    claims, why = _asked_of_whole_students(whole)
    share = shares(policy)
    for source, takers in policy.takers().items():
        share[source] += sum((share[part.id] for part in takers), Fraction(0))
    late = (lateness_together(trials, part, share[part.id]) for part in policy.leaves())
    found = Analysis(
        total,
        tuple(claims),
        tuple(why),
        tuple(influence_together(trials, part, share[part.id]) for part in policy.leaves()),
        tuple(needs_by(total, trials.examples)),
        tuple(effect for effect in late if effect is not None),
        None,
        tuple(activity_together(trials)),
        (),
        (),
        tuple(outcome_covers(policy, monotone=_is_monotone(claims, why))),
        policy,
        why,
    )
    return _without_total(found) if policy.by_requirements else found


def _without_total(found: Analysis) -> Analysis:
    """Where nothing is weighed there are no figures of a total; what each part moves is seen in whole students."""
    trials = Trials(found.full)
    influences = tuple(influence_together(trials, part, Fraction(0)) for part in found.full.leaves())
    found = found._replace(policy=found.full, influences=influences)
    return found._replace(needs=(), late=(), all_late=None, activity=(), ties=())


def _asked_of_whole_students(trials: Trials) -> tuple[list[Claim], dict[str, Msg | None]]:
    """What was found, and what could not be decided, each with the reason."""
    monotony = Monotony(trials)
    questions: Mapping[Kind, Callable[[], Iterator[Claim]]] = {
        "unreachable-grade": lambda: unreachable_of(monotony, trials.examples),
        "dead-part": lambda: dead_parts_of(trials),
        "dead-gate": lambda: dead_gates_of(trials.policy),
        "decides-alone": lambda: decides_alone_of(monotony),
        "not-monotone": lambda: not_monotone_of(monotony),
        "dead-level": lambda: dead_levels_of(trials),
        "dead-late-step": lambda: late_steps_of(trials),
        "dead-retake": lambda: retakes_of(trials),
    }
    claims: list[Claim] = []
    why: dict[str, Msg | None] = {}
    for kind in KINDS:
        try:
            for claim in questions[kind]():
                if claim.witness is None:
                    raise Undecided
                claims.append(claim)
        except Undecided as error:
            why[kind] = error.why
    return claims, why
