"""A policy in its resolved form, as reports and locks hold it: written, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, assert_never, get_args

from kurssi.course import model
from kurssi.diagnostics.finding import Path
from kurssi.values.hours import read_length
from kurssi.values.numbers import exact, read_bound
from kurssi.values.times import read_when

from . import bonus
from .composite import Criterion, Markers, Rubric
from .demands import Demand, read_back, written
from .free_time import Free
from .model import Activity, Band, Late, Part, Peer, Policy, choice_of
from .scales import SCALES, Scale
from .skipped_days import Skip, is_country

Data = Mapping[str, Any]


def resolved(policy: Policy) -> dict[str, Any]:
    """The policy as the JSON report holds it: the assessment's own keys with every default filled in."""
    scale = policy.scale
    out: dict[str, Any] = {
        "evaluation_scale": {"values": list(scale.labels), "passes_from": scale.label(scale.pass_grade)}
        if scale.own
        else scale.name,
        "basis": "requirements" if policy.by_requirements else "percent" if policy.percent else "grade",
        "boundaries": [str(b) for b in policy.boundaries] or None,
        "rounding": policy.rounding,
        "may_fail": policy.may_fail,
        "timezone": policy.timezone,
        "timing_end": policy.timing_end.isoformat() if policy.timing_end else None,
        **_of_parts(policy),
        "free": _resolved_free(policy.free) if policy.free else None,
        "activity": None,
        **({"requires": [written(demand) for demand in policy.requires]} if policy.requires else {}),
        **_resolved_below(policy),
    }
    if policy.activity:
        out["activity"] = (
            {"levels": {name: exact(value) for name, value in policy.activity.levels.items()}}
            if policy.activity.levels is not None
            else {
                "attendance": {
                    "of": policy.activity.sessions,
                    "bands": [
                        {"from": f"{exact(b.share * 100)} %", "adjust": exact(b.adjust)} for b in policy.activity.bands
                    ],
                }
            }
        )
        if policy.activity.in_steps:
            out["activity"]["adjust"] = "steps"
    return out


def _resolved_free(free: Free) -> dict[str, Any]:
    out: dict[str, Any] = {"budget": str(free.budget), "spend": free.spend}
    if free.at_most is not None:
        out["at_most"] = str(free.at_most)
    if free.whole:
        out["whole"] = True
    return out


def _of_parts(owner: Policy | Part) -> dict[str, str]:
    """How its parts are put together, where that is said."""
    out = {"weigh": "by-points"} if owner.by_points else {}
    return out if owner.cap is None else {**out, "cap": exact(owner.cap)}


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact(value)


def _resolved_part(part: Part) -> dict[str, Any]:
    return {
        "id": part.id,
        "name": part.name,
        **({"takes": part.takes} if part.takes else {}),
        "weight": _text(part.weight),
        "bonus": part.bonus if part.stepped is None else bonus.written(part.stepped),
        "by": "group" if part.by_group else "individual",
        "graded": part.graded,
        "max": _text(part.max),
        **({"over": exact(part.over)} if part.over else {}),
        "boundaries": None if part.boundaries is None else [str(b) for b in part.boundaries],
        "linear": None
        if part.linear is None
        else [{"points": exact(points), "value": exact(value)} for points, value in part.linear],
        "minimum": exact(part.minimum),
        "minimum_of": "points" if part.minimum_raw else "value",
        "required": part.required,
        "attempt": {"gain": f"{exact(part.gain * 100)} %"} if part.gain else part.attempt,
        "dues": [str(due) if due else None for due in part.dues],
        "retake_at_most": _text(part.retake_at_most),
        "late": None if part.late is None else _resolved_late(part.late),
        **({"late_from": "export"} if part.late_from_export else {}),
        "peer": None if part.peer is None else _resolved_peer(part.peer),
        **_resolved_composite(part),
        **({} if part.need is None else {"need": part.need}),
        **_of_parts(part),
        # these two stand in every report and lock there is; a further one stands only where it is used
        "best": None,
        "drop_lowest": None,
        **({part.choice.rule: part.choice.number} if part.choice else {}),
        **_resolved_below(part),
    }


def _resolved_below(owner: Part | Policy) -> dict[str, Any]:
    """The parts of a part or of the whole; ways, where they are some."""
    parts = [_resolved_part(part) for part in owner.parts]
    return {"parts": [], "ways": parts} if owner.of_ways else {"parts": parts}


def _resolved_composite(part: Part) -> dict[str, Any]:
    """What a composite score is made of; no key where a score has one cell."""
    out: dict[str, Any] = {}
    if part.markers is not None:
        out["markers"] = {
            "of": list(part.markers.of),
            "agree": part.markers.agree,
            "within": _text(part.markers.within),
            "weights": None if part.markers.weights is None else [exact(w) for w in part.markers.weights],
        }
    if part.rubric is not None:
        out["rubric"] = [
            {
                "id": criterion.id,
                "name": criterion.name,
                "weight": _text(criterion.weight),
                "levels": [{"score": exact(score), "text": text} for score, text in criterion.levels],
            }
            for criterion in part.rubric.criteria
        ]
    return out


def _resolved_late(late: Late) -> dict[str, Any]:
    sign = " %" if late.percent else ""
    return {
        "deduct": [f"{exact(d)}{sign}" for d in late.deduct],
        "table": _form_in_report(late.form),
        "of": late.of,
        "per": late.per,
        "grace": str(late.grace) if late.grace else None,
        "at_most": None if late.at_most is None else exact(late.at_most) + (" %" if late.at_most_percent else ""),
        "not_below": exact(late.not_below),
        "closes": str(late.closes) if late.closes else None,
        **({"skip": list(late.skip.days), "holidays": late.skip.country} if late.skip else {}),
    }


def _form_in_report(form: model.LateForm) -> bool | str:
    """What ``table`` says; a form that is neither of these two would say its name."""
    match form:
        case "table":
            return True
        case "per-unit":
            return False
        case _ as unknown:
            assert_never(unknown)


_FORMS: dict[bool | str, model.LateForm] = {_form_in_report(form): form for form in get_args(model.LateForm)}


def _resolved_peer(peer: Peer) -> dict[str, Any]:
    return {
        "method": "webpa",
        "weight": f"{exact(peer.weight * 100)} %",
        "self": peer.own,
        "silent": peer.silent,
        "penalty": f"{exact(peer.penalty * 100)} %",
        "at_most": _text(peer.at_most),
        "may_fail": peer.may_fail,
        "criteria": None if peer.criteria is None else {k: exact(v) for k, v in peer.criteria.items()},
    }


# ---- read back ---------------------------------------------------------------------------------------------


def policy_of(data: Data) -> Policy:
    """The policy that resolves to ``data``. Places are those of a file that writes the keys in this order.

    Raises :class:`KeyError`, :class:`TypeError` or :class:`ValueError` where ``data`` is not a resolved policy.
    """
    end, scale = data["timing_end"], _scale(data["evaluation_scale"])
    basis = _one_of(model.Basis, data["basis"])
    requires, activity = tuple(read_back(data.get("requires", []), scale)), _activity(data["activity"])
    return Policy(
        scale=scale,
        percent=model.is_percent(basis),
        boundaries=tuple(read_bound(b) for b in data["boundaries"] or ()),
        rounding=_one_of(model.Rounding, data["rounding"]),
        may_fail=data["may_fail"],
        parts=_below(data, ("assessment",), _Values(scale.lowest, basis)),
        of_ways=bool(data.get("ways")),
        activity=activity,
        free=_free(data["free"]),
        timezone=data["timezone"],
        timing_end=date.fromisoformat(end) if end is not None else None,
        requires=requires,
        sessions=_sessions(requires, activity),
        by_requirements=model.by_requirements(basis),
        by_points=_by_points(data),
        cap=_number(data.get("cap")),
    )


def _sessions(requires: Sequence[Demand], activity: Activity | None) -> int:
    """The number of sessions that a share is of."""
    asked = [int(demand.whole) for demand in requires if demand.of_attendance and demand.whole is not None]
    return asked[0] if asked else activity.sessions if activity is not None else 0


def _scale(data: Any) -> Scale:
    if isinstance(data, str):
        return SCALES[data]
    labels = tuple(data["values"])
    return Scale("own", 0, len(labels) - 1, labels.index(data["passes_from"]), labels, own=True)


class _Values(NamedTuple):
    """What values are: the lowest grade, and on what the grade is based."""

    lowest: int
    basis: model.Basis


def _below(data: Data, path: Path, values: _Values) -> tuple[Part, ...]:
    key = "ways" if data.get("ways") else "parts"
    return tuple(_part(part, (*path, key, index), values) for index, part in enumerate(data[key]))


def _part(data: Data, path: Path, values: _Values) -> Part:
    line, most, weighed = _linear(data["linear"]), _number(data["max"]), not model.by_requirements(values.basis)
    stepped = bonus.read_back(data["bonus"], path, None if model.is_percent(values.basis) else most)
    # where nothing is weighed, or only steps are picked, a line of points that begins at the lowest is no grade
    gradeless = stepped is not None or not weighed
    return Part(
        id=data["id"],
        name=data["name"],
        path=path,
        column=None,
        weight=_number(data["weight"]),
        bonus=bool(data["bonus"]),
        stepped=stepped,
        by_group=model.is_shared(_one_of(model.ScoredBy, data["by"])),
        graded=_one_of(model.Graded, data["graded"]),
        max=most,
        over=_number(data.get("over")) or Fraction(0),
        boundaries=None if data["boundaries"] is None else tuple(read_bound(b) for b in data["boundaries"]),
        linear=line,
        minimum=Fraction(data["minimum"]),
        minimum_raw=data["minimum_of"] == "points",
        required=data["required"],
        attempt=_one_of(model.AttemptWord, data["attempt"]) if isinstance(data["attempt"], str) else "gain",
        gain=Fraction(0) if isinstance(data["attempt"], str) else _percent(data["attempt"]["gain"]) / 100,
        dues=tuple(None if due is None else read_when(due) for due in data["dues"]),
        retake_at_most=_number(data["retake_at_most"]),
        late=_late(data["late"]),
        peer=_peer(data["peer"], (*path, "peer")),
        parts=_below(data, path, values),
        of_ways=bool(data.get("ways")),
        is_way=path[-2] == "ways",
        choice=choice_of(data),
        markers=_markers(data.get("markers"), (*path, "markers")),
        rubric=_rubric(data.get("rubric"), (*path, "rubric"), data["graded"]),
        need=data.get("need"),
        weighed=weighed,
        only_points=gradeless and line is not None and line[0][1] == values.lowest,
        by_points=_by_points(data),
        cap=_number(data.get("cap")),
        late_from_export="late_from" in data and model.is_from_export(_one_of(model.LateFrom, data["late_from"])),
        takes=data.get("takes"),
    )


def _by_points(data: Data) -> bool:
    return "weigh" in data and model.is_by_points(_one_of(model.Weighing, data["weigh"]))


def _one_of(values: Any, said: Any) -> Any:
    """What is said, where it is one of the values of a literal of the model."""
    if said not in get_args(values):
        raise ValueError(f"{said!r} is none of {get_args(values)}")
    return said


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _percent(text: str) -> Fraction:
    return Fraction(text.removesuffix("%").strip())


def _linear(data: Any) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]] | None:
    if data is None:
        return None
    low, high = ((Fraction(end["points"]), Fraction(end["value"])) for end in data)
    return low, high


def _late(data: Any) -> Late | None:
    if data is None:
        return None
    at_most = data["at_most"]
    return Late(
        path=("assessment", "late"),
        deduct=tuple(_percent(amount) for amount in data["deduct"]),
        percent=any("%" in amount for amount in data["deduct"]),
        of=None if data["of"] is None else _one_of(model.PercentOf, data["of"]),
        form=_FORMS[data["table"]],
        per=_one_of(model.LateUnit, data["per"]),
        grace=None if data["grace"] is None else read_length(data["grace"]),
        at_most=None if at_most is None else _percent(at_most),
        at_most_percent=at_most is not None and "%" in at_most,
        not_below=Fraction(data["not_below"]),
        closes=None if data["closes"] is None else read_length(data["closes"]),
        skip=_skip(data["skip"], data["holidays"]) if data.get("skip") else None,
    )


def _skip(days: Any, country: Any) -> Skip:
    skipped = tuple(_one_of(model.SkippedDay, day) for day in days)
    if model.skips_holidays(skipped) and not is_country(country):
        raise ValueError(f"no country: {country!r}")
    return Skip(skipped, country)


def _free(data: Any) -> Free | None:
    if data is None:
        return None
    budget = read_length(data["budget"])
    spend, at_most = _one_of(model.SpendRule, data["spend"]), data.get("at_most")
    each = None if at_most is None else read_length(at_most)
    return Free(("assessment", "late", "free"), budget, budget.hours, spend, each, data.get("whole", False))


def _peer(data: Any, path: Path) -> Peer | None:
    if data is None:
        return None
    criteria = data["criteria"]
    return Peer(
        path,
        _percent(data["weight"]) / 100,
        data["self"],
        _one_of(model.SilentRule, data["silent"]),
        _percent(data["penalty"]) / 100,
        _number(data["at_most"]),
        data["may_fail"],
        None if criteria is None else {name: Fraction(weight) for name, weight in criteria.items()},
    )


def _markers(data: Any, path: Path) -> Markers | None:
    if data is None:
        return None
    weights = data["weights"]
    return Markers(
        path,
        tuple(data["of"]),
        _one_of(model.AgreeRule, data["agree"]),
        _number(data["within"]),
        None if weights is None else tuple(Fraction(weight) for weight in weights),
    )


def _rubric(data: Any, path: Path, graded: model.Graded) -> Rubric | None:
    if data is None:
        return None
    criteria = tuple(
        Criterion(
            one["id"],
            one["name"],
            _number(one["weight"]),
            tuple((Fraction(level["score"]), level["text"]) for level in one["levels"]),
        )
        for one in data
    )
    return Rubric(path, criteria, model.cells_of(graded).in_points)


def _activity(data: Any) -> Activity | None:
    path: Path = ("assessment", "activity")
    if data is None:
        return None
    in_steps = model.moves_grade(_one_of(model.ActivityMoves, data.get("adjust", "mean")))
    if "levels" in data:
        return Activity(path, {name: Fraction(value) for name, value in data["levels"].items()}, 0, (), in_steps)
    attendance = data["attendance"]
    bands = tuple(Band(_percent(b["from"]) / 100, Fraction(b["adjust"])) for b in attendance["bands"])
    return Activity(path, None, attendance["of"], bands, in_steps)
