"""Rules for what moves a student's value besides scores: activity and peer marks."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from kurssi.course.model import (
    ATTENDED,
    Activity,
    ImplementationFile,
    moves_grade,
    parts_without_takers,
    silence_gains,
)
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import msg
from kurssi.values.numbers import exact
from kurssi.values.vocabulary import fold

from .walk import ROOT, is_percent, sound_scale


@rule("activity-without-size", Severity.error)
def activity_without_size(file: ImplementationFile) -> Iterator[Hit]:
    """The activity rule says what activity adds: by levels, or by attendance.

    Why: “activity may raise or lower the grade” without a size cannot be computed, and a student can rightly ask.

    Fails::

        activity: {}

    Passes::

        activity: {levels: {active: 0.5, passive: -0.5}}
    """
    activity = file.assessment.activity if file.assessment else None
    if activity is None:
        return
    path = (*ROOT, "activity")
    if activity.levels is not None and activity.attendance is not None:
        yield Hit(
            path, msg("levels and attendance cannot both stand here"), msg("say it with one of the two"), key=True
        )
    elif not activity.levels and activity.attendance is None:
        yield Hit(
            path,
            msg("the activity rule does not say what activity adds"),
            msg("add levels: {{active: 0.5, passive: -0.5}}, or attendance and its bands"),
            key=True,
        )
    elif activity.levels and (twice := _same_fold(list(activity.levels))):
        yield Hit((*path, "levels", twice), msg("the level {level} stands twice", level=twice), None, key=True)


@rule("activity-over-boundary", Severity.error)
def activity_over_boundary(file: ImplementationFile) -> Iterator[Hit]:
    """Activity that takes points away needs a pass boundary at which it can stop.

    Why: activity alone fails nobody: what it takes away stops at the pass boundary. Where a total must lie over that
    boundary there is no least total that passes, and so no place to stop.

    Fails::

        basis: percent
        boundaries: ["> 50", 60, 70, 80, 90]
        activity: {levels: {active: 5, passive: -5}}

    Passes::

        basis: percent
        boundaries: [50, 60, 70, 80, 90]
        activity: {levels: {active: 5, passive: -5}}
    """
    assessment = file.assessment
    if assessment is None or assessment.activity is None or not is_percent(file) or assessment.may_fail is False:
        return
    scale, bounds, activity = sound_scale(assessment), assessment.boundaries or (), assessment.activity
    if scale is None or len(bounds) != scale.top - scale.lowest:
        return
    place = scale.pass_grade - scale.lowest - 1
    bound = bounds[place]
    takes = any(adjust < 0 for _, adjust in _sizes(activity))
    if bound.strict and takes and not moves_grade(activity.adjust):
        yield Hit(
            (*ROOT, "boundaries", place),
            msg("no total is the least one over {bound}, at which activity could stop", bound=bound.amount.value),
            msg(
                "write {bound} for who is exactly on it to pass, or give activity adjust: steps",
                bound=bound.amount.value,
            ),
            str(bound),
        )


def _sizes(activity: Activity) -> Iterator[tuple[Path, Fraction]]:
    """Everything that a level or a band adds, with its place."""
    path = (*ROOT, "activity")
    for level, adjust in (activity.levels or {}).items():
        yield (*path, "levels", level), adjust
    for index, band in enumerate(activity.attendance.bands if activity.attendance else ()):
        yield (*path, "attendance", "bands", index, "adjust"), band.adjust


@rule("activity-steps", Severity.error)
def activity_steps(file: ImplementationFile) -> Iterator[Hit]:
    """Activity that moves the final grade moves it by whole steps.

    Why: the final grade is a whole one, so half a step more is none. Halves are added to the mean, before it is
    rounded: there adjust: steps is left out.

    Fails::

        activity: {adjust: steps, levels: {active: 0.5, passive: -1}}

    Passes::

        activity: {adjust: steps, levels: {active: 1, passive: -1}}
    """
    activity = file.assessment.activity if file.assessment else None
    if activity is None or not moves_grade(activity.adjust):
        return
    for path, adjust in _sizes(activity):
        if adjust.denominator != 1:
            yield Hit(
                path,
                msg("{adjust} is not a whole number of grades", adjust=adjust),
                msg("write a whole number, or leave adjust: steps out for it to be added to the mean"),
                exact(adjust),
            )


def _same_fold(names: list[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if fold(name) in seen:
            return name
        seen.add(fold(name))
    return None


@rule("attendance-bands", Severity.error)
def attendance_bands(file: ImplementationFile) -> Iterator[Hit]:
    """Bands of attendance fall from the highest share to the lowest, and what they add does not rise.

    Why: who attended more must never get less.

    Fails::

        attendance: {of: 8, bands: [{from: 50 %, adjust: 0}, {from: 90 %, adjust: 0.5}]}

    Passes::

        attendance: {of: 8, bands: [{from: 90 %, adjust: 0.5}, {from: 50 %, adjust: 0}]}
    """
    activity = file.assessment.activity if file.assessment else None
    if activity is None or activity.attendance is None:
        return
    path = (*ROOT, "activity", "attendance")
    if activity.attendance.of < 1:
        yield Hit((*path, "of"), msg("there must be at least one session"), None, str(activity.attendance.of))
        return
    shares = [
        b.from_.value if b.from_.percent else b.from_.value * 100 / activity.attendance.of
        for b in activity.attendance.bands
    ]
    adjusts = [b.adjust for b in activity.attendance.bands]
    requires = file.assessment.requires if file.assessment else None
    if not shares and not any(ATTENDED in needs for needs in (requires or {}).values()):
        yield Hit(
            path,
            msg("nothing says what attendance changes"),
            msg("add bands: [{{from: 90 %, adjust: 0.5}}], or requires: {{1: {{attended: 80 %}}}}"),
            key=True,
        )
    falls: Callable[[Sequence[Fraction]], Iterator[bool]] = lambda s: (a < b for a, b in itertools.pairwise(s))  # noqa: E731
    if any(not 0 <= share <= 100 for share in shares):
        yield Hit(
            (*path, "bands"), msg("a band starts above all sessions, or below none"), msg("write from: 90 %"), key=True
        )
    elif any(falls(shares)) or len(set(shares)) < len(shares):
        yield Hit((*path, "bands"), msg("the bands must fall, from the highest share to the lowest"), None, key=True)
    elif any(falls(adjusts)):
        yield Hit((*path, "bands"), msg("a lower band adds more than a higher one"), None, key=True)
    elif adjusts and adjusts[-1] < 0 and shares[-1] > 0:
        yield Hit(
            (*path, "bands"),
            msg("who attends less than the lowest band loses nothing, who reaches it does"),
            msg("let the lowest band start at 0 %"),
            key=True,
        )


@rule("peer-marks", Severity.error)
def peer_marks(file: ImplementationFile) -> Iterator[Hit]:
    """Peer marks belong to a graded part by group, and their sizes lie between 0 and 100 per cent.

    Why: they share out what a group earned among its members.

    Fails::

        - {id: exam, weight: 100, peer: {method: webpa}}

    Passes::

        - {id: project, weight: 100, by: group, peer: {method: webpa, weight: 50 %}}
    """
    for path, part in parts_without_takers(file):
        if part.peer is None:
            continue
        if not part.is_shared or not part.valued:
            yield Hit(
                (*path, "peer"),
                msg("{part} is not a graded part by group", part=part.id),
                msg("add by: group; peer marks share out the score of a group")
                if not part.is_shared
                else msg("write graded: grade or graded: points; peer marks move a value, and passed has none"),
                key=True,
            )
        for key in ("weight", "penalty"):
            if not 0 <= getattr(part.peer, key) <= 100:
                yield Hit((*path, "peer", key), msg("{key} is not between 0 and 100 %", key=key), None)
        if part.peer.at_most is not None and part.peer.at_most < 0:
            yield Hit((*path, "peer", "at_most"), msg("at_most cannot be negative"), None)
        if part.peer.criteria is not None and (
            not part.peer.criteria
            or any(w < 0 for w in part.peer.criteria.values())
            or not any(part.peer.criteria.values())
        ):
            yield Hit(
                (*path, "peer", "criteria"), msg("criteria need weights that are not negative and not all 0"), key=True
            )


@rule("silence-pays", Severity.warning)
def silence_pays(file: ImplementationFile) -> Iterator[Hit]:
    """Members of a group who give no peer marks are not left out of the sum.

    Why: where silent members are excluded, as WebPA does, the marks of the others weigh more, and a member gains by
    keeping silent about good colleagues. neutral counts a silent member as equal marks for all others.

    Fails::

        - {id: project, weight: 100, by: group, peer: {silent: excluded}}

    Passes::

        - {id: project, weight: 100, by: group, peer: {silent: neutral}}
    """
    for path, part in parts_without_takers(file):
        if part.peer is not None and silence_gains(part.peer.silent):
            yield Hit(
                (*path, "peer", "silent"),
                msg("in {part} a member can gain by giving no marks", part=part.id),
                msg("write silent: neutral"),
            )
