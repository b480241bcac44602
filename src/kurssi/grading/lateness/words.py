"""The sentences on lateness: deadlines, what a late unit costs, what is forgiven."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from kurssi.course.model import LateUnit, SkippedDay, SpendRule
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.grading.wording import PageSentences, Sentence, about, value_of
from kurssi.policy.free_time import Free
from kurssi.policy.model import Late, Part, Policy
from kurssi.policy.series import names_of
from kurssi.policy.skipped_days import Skip
from kurssi.values.times import describe


def whole(policy: Policy) -> Iterator[Sentence]:
    """What lateness costs, what is forgiven, and by which clock times are read."""
    yield from _rules(policy)
    if policy.free is not None:
        said = [_forgiven(policy.free.spend, describe(policy.free.budget)), *free_limits(policy.free)]
        yield about(policy.free.path, "free", Terms(said, " "))
    zone = msg("Times without an offset are in the zone {zone}.", zone=policy.timezone)
    yield about(policy.path, "times", zone, "timezone")


def about_part(policy: Policy, part: Part, parent: Part | None = None) -> Iterator[Sentence]:  # noqa: ARG001
    """The deadline of a part with scores of its own."""
    if part.parts or part.takes is not None:
        return
    if part.dues[0] is not None:
        yield about(part.path, "due", msg("Due {due}.", due=part.dues[0]), "due", part=part)
    if part.late_from_export and part.late is not None:
        text = msg("Lateness is taken from the export, in elapsed time.")
        yield about(part.path, "late", text, "late_from", part=part)


WORDS = PageSentences(whole, about_part)


def _rules(policy: Policy) -> Iterator[Sentence]:
    """What lateness costs: a sentence per rule, with the parts it is for; and the parts that have none."""
    rules: dict[tuple[object, ...], tuple[Late, list[Part]]] = {}
    spared = []
    for part in policy.all_leaves():
        late = part.late
        if late is not None and (late.deduct or late.closes is not None):
            key = (late.path, late.deduct, late.not_below if late.deduct else None)
            rules.setdefault(key, (late, []))[1].append(part)
        elif part.takes is None:
            spared.append(part)
    if not rules:
        yield about(policy.path, "late", msg("Nothing is deducted for lateness."), "late")
        return
    for late, parts in rules.values():
        text = Terms([msg("{parts}:", parts=names_of(parts)), *_rule(policy, late)], " ")
        yield about(late.path, "late", text)
    if spared:
        text = Terms([msg("{parts}:", parts=names_of(spared)), msg("nothing is deducted for lateness.")], " ")
        yield about(policy.path, "late", text, "late")


def _rule(policy: Policy, late: Late) -> Iterator[Msg]:
    """One late rule in sentences."""
    if late.deduct:
        yield _costs(policy, late)
        if late.at_most is not None:
            most = _size(late, policy, late.at_most, late.at_most_percent)
            yield msg("The deduction is at most {amount}.", amount=most)
        yield msg("Lateness alone takes no value below {value}.", value=value_of(policy, late.not_below))
    if late.skip is not None:
        yield skipped_days(late.skip)
    if late.grace is not None:
        yield msg("Up to {time} late is on time.", time=describe(late.grace))
        if late.deduct:
            yield msg("Later than that, lateness counts from the deadline.")
    if late.closes is not None:
        yield msg("More than {time} late counts as not submitted.", time=describe(late.closes))


def skipped_days(skip: Skip) -> Msg:
    """Which days do not count."""
    days = Terms([_skipped(day, skip.country) for day in skip.days])
    return msg("Days that do not count: {days}; on them no late day starts and none ends.", days=days)


def _skipped(day: SkippedDay, country: str) -> Msg:
    match day:
        case "saturday":
            return msg("Saturdays")
        case "sunday":
            return msg("Sundays")
        case "holidays":
            return msg("public holidays ({country})", country=country)
        case _ as unknown:
            assert_never(unknown)


def _costs(policy: Policy, late: Late) -> Msg:
    amounts = [_size(late, policy, amount, late.percent) for amount in late.deduct]
    match late.form:
        case "table":
            return _by_table(late.per, Terms(amounts))
        case "per-unit":
            return _by_unit(late.per, amounts[0])
        case _ as unknown:
            assert_never(unknown)


def _by_table(per: LateUnit, amounts: Terms) -> Msg:
    match per:
        case "hour":
            return msg("1, 2, … started hours late cost {amounts}, and no more after that.", amounts=amounts)
        case "day":
            return msg("1, 2, … started days late cost {amounts}, and no more after that.", amounts=amounts)
        case "week":
            return msg("1, 2, … started weeks late cost {amounts}, and no more after that.", amounts=amounts)
        case _ as unknown:
            assert_never(unknown)


def _by_unit(per: LateUnit, amount: Msg) -> Msg:
    match per:
        case "hour":
            return msg("every started hour of lateness costs {amount}.", amount=amount)
        case "day":
            return msg("every started day of lateness costs {amount}.", amount=amount)
        case "week":
            return msg("every started week of lateness costs {amount}.", amount=amount)
        case _ as unknown:
            assert_never(unknown)


def first_unit_in_words(per: LateUnit) -> Msg:
    """The first one that has begun."""
    match per:
        case "hour":
            return msg("the first started hour")
        case "day":
            return msg("the first started day")
        case "week":
            return msg("the first started week")
        case _ as unknown:
            assert_never(unknown)


def units_late(per: LateUnit, n: int) -> Msg:
    """So many started units in words."""
    match per:
        case "hour":
            return nmsg("{n} started hour late", "{n} started hours late", n=n)
        case "day":
            return nmsg("{n} started day late", "{n} started days late", n=n)
        case "week":
            return nmsg("{n} started week late", "{n} started weeks late", n=n)
        case _ as unknown:
            assert_never(unknown)


def _size(late: Late, policy: Policy, amount: Fraction, percent: bool) -> Msg:
    if not percent:
        if policy.percent:
            return nmsg("{n} point of 100", "{n} points of 100", n=amount)
        return nmsg("{n} grade step", "{n} grade steps", n=amount)
    match late.of:
        case "earned":
            return msg("{n} % of the value", n=amount)
        case "max" | None:
            return msg("{n} % of {top}", n=amount, top=value_of(policy, policy.top))
        case _ as unknown:
            assert_never(unknown)


def deducted_in(policy: Policy, late: Late, percent: bool) -> Msg:
    """What a deduction is counted in, for a table of the sizes."""
    if not percent:
        return msg("points") if policy.percent else msg("grade steps")
    match late.of:
        case "earned":
            return msg("per cent of the value")
        case "max" | None:
            return msg("per cent of the top value")
        case _ as unknown:
            assert_never(unknown)


def deduction_in_short(late: Late, n: int, unit: Msg) -> Msg:
    """What the ``n``-th amount of a late rule is, for a table of the sizes."""
    match late.form:
        case "table":
            return msg("{n} late units cost, in {unit}", n=n, unit=unit)
        case "per-unit":
            return msg("every late unit costs, in {unit}", unit=unit)
        case _ as unknown:
            assert_never(unknown)


def free_limits(free: Free) -> Iterator[Msg]:
    """What one attempt may take of the free budget."""
    if free.at_most is not None:
        yield msg("Of one part at most {time} are forgiven.", time=describe(free.at_most))
    if free.whole:
        yield msg("All the late time of a part is forgiven, or none of it.")


def _forgiven(spend: SpendRule, budget: object) -> Msg:
    match spend:
        case "where-it-helps":
            return msg(
                "{budget} of late time are forgiven per student, spent where it helps the student most.", budget=budget
            )
        case "in-order":
            return msg(
                "{budget} of late time are forgiven per student, spent in order of the deadlines.", budget=budget
            )
        case _ as unknown:
            assert_never(unknown)
