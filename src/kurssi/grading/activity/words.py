"""The sentence on activity: what levels or attendance add to the mean."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.grading.wording import PageSentences, Sentence, about, nothing, value_of
from kurssi.policy.model import Activity, Policy


def whole(policy: Policy) -> Iterator[Sentence]:
    """What activity adds, and within which limits."""
    if policy.activity is not None and policy.activity.moves:
        yield about(policy.activity.path, "activity", _activity(policy, policy.activity))


WORDS = PageSentences(whole, nothing)


def _activity(policy: Policy, activity: Activity) -> Msg:
    if activity.levels is not None:
        adjusts = [msg("{level} {adjust}", level=k, adjust=_signed(v)) for k, v in activity.levels.items()]
        how = (
            msg("Activity moves the final grade by steps: {levels}.", levels=Terms(adjusts))
            if activity.in_steps
            else msg("Activity adds to the mean: {levels}.", levels=Terms(adjusts))
        )
    else:
        bands = [msg("from {share} % {adjust}", share=b.share * 100, adjust=_signed(b.adjust)) for b in activity.bands]
        words = {"n": activity.sessions, "bands": Terms(bands)}
        how = (
            msg("Attendance moves the final grade by steps, by the share of {n} sessions: {bands}.", **words)
            if activity.in_steps
            else msg("Attendance adds to the mean, by the share of {n} sessions: {bands}.", **words)
        )
    limits = (
        msg(
            "It lifts no grade above {top}, takes no passing grade below {low}, and opens no failed gate.",
            top=policy.scale.label(policy.scale.top),
            low=policy.scale.label(policy.scale.pass_grade),
        )
        if activity.in_steps
        else msg(
            "It neither lifts the mean above {top} nor, by itself, takes it below {low}.",
            top=value_of(policy, policy.top),
            low=value_of(policy, policy.pass_value),
        )
    )
    return msg("{first} {second}", first=how, second=limits)


def _signed(value: Fraction) -> object:
    """A number with its sign, also where it is positive."""
    return msg("+{n}", n=value) if value > 0 else value
