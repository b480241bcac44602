"""The graded class as JSON: decimals as strings, exact, with every step, so that each grade can be derived again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from kurssi.diagnostics.renderers.json_finding import as_json
from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words
from kurssi.gradebook.agreement import agreement
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import PartResult, Reason, Result, Step
from kurssi.grading.demands import of_student, word_of
from kurssi.policy.model import Part
from kurssi.values.classlist import Attempt, Source, Sources
from kurssi.values.numbers import exact
from kurssi.values.times import When, clock_text


def document(book: Gradebook, command: str = "grade", more: Mapping[str, Any] | None = None) -> str:
    """The whole document as text, with ``more`` keys before its seal.

    The same input gives the same text: it holds no time and no language but English.
    """
    english = Words("en")
    data = {
        "kurssi": 1,
        "command": command,
        "implementation": book.id,
        "as_of": book.as_of.isoformat() if book.as_of else None,
        "inputs": [{"path": i.path, "sha256": i.sha256} for i in book.inputs],
        **_reading(book),
        "policy": {"sha256": book.policy_hash, "resolved": book.resolved},
        "students": [_student(book, result, english) for result in book.results],
        **(_agreement(book) if command == "grade" else {}),
        "summary": {
            "graded": book.count("graded"),
            "failed": book.count("failed"),
            "incomplete": book.count("incomplete"),
            "distribution": book.distribution(),
        },
        "unused_columns": [{"file": s.file, "column": s.column} for s in book.class_list.unused],
        "findings": [as_json(f, english) for f in book.findings],
        **(more or {}),
    }
    data["seal"] = _seal(data)
    return json_text(data, indent=1)


def _seal(data: Mapping[str, Any]) -> str:
    """SHA-256 of everything else in the document as JSON without spaces, keys sorted, in UTF-8."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _agreement(book: Gradebook) -> dict[str, Any]:
    """How far markers are apart in this class; no key where no part has markers who have marked the same work."""
    found = [
        {
            "part": part.id,
            "pair": list(one.pair),
            "both": one.both,
            "mean_difference": exact(one.mean_difference),
            "exact_agreement": exact(one.exact),
            "weighted_kappa": plain(one.kappa),
        }
        for part, one in agreement(book.policy, book.class_list)
    ]
    return {"markers": found} if found else {}


def _reading(book: Gradebook) -> dict[str, Any]:
    """How the sheets were read, where the user said so: without it they cannot be read again in the same way."""
    maps = [f"{header}={target}" for header, target in book.reading.maps]
    layouts = [name if file is None else f"{file}={name}" for file, name in book.reading.layouts]
    return {"reading": {"map": maps, "layout": layouts}} if maps or layouts else {}


def plain(value: object) -> Any:
    """A value of a step as JSON: exact numbers as strings."""
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, Fraction):
        return exact(value)
    if isinstance(value, When):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [plain(v) for v in value]
    return str(value)


def _student(book: Gradebook, result: Result, english: Words) -> dict[str, Any]:
    student, scale = result.student, book.policy.scale
    return {
        "student": student.student,
        "name": student.name,
        **({"email": student.email} if student.email else {}),
        **({"login": student.login} if student.login else {}),
        "group": student.group,
        "status": result.status,
        "grade": result.grade,
        "label": None if result.grade is None else scale.label(result.grade),
        "exact": plain(result.exact),
        "rounded": result.rounded,
        "raised_to_pass": result.raised,
        "computed": result.computed,
        "override": None
        if result.override is None
        else {
            "grade": result.override.grade,
            "reason": result.override.reason,
            "by": result.override.by,
            "date": result.override.date,
        },
        "range": None if result.range is None else list(result.range),
        "reasons": [_reason(r) for r in result.reasons],
        "activity": None
        if result.adjust is None
        else {"level": student.level, "attended": student.attended, "adjust": exact(result.adjust)},
        **_demands(book, result),
        "parts": {part.part.id: _part(part, student.student, book.class_list.sources) for part in result.parts},
        "steps": [_step(book, step, english) for step in book.steps(result)],
    }


def _demands(book: Gradebook, result: Result) -> dict[str, Any]:
    """What grades ask, and what of it there is; whether it is met is open where a grade is."""
    if not book.policy.requires:
        return {}
    found = of_student(book.policy, result.parts, result.student.attended)
    return {
        "demands": [
            {
                "grade": one.demand.grade,
                "part": one.demand.part,
                "asked": one.demand.text(one.demand.asked),
                "had": word_of(one),
                "met": True if one.met else None if result.computed is None else False,
            }
            for one in found
        ]
    }


def _reason(reason: Reason) -> dict[str, Any]:
    demand = reason.demand
    asked = {} if demand is None else {"grade": demand.grade, "asked": demand.text(demand.asked), "had": reason.had}
    return {
        "part": reason.about,
        "code": reason.code,
        "minimum": plain(reason.minimum),
        "value": plain(reason.value),
        **asked,
    }


def _source(source: Source | None) -> dict[str, Any] | None:
    return None if source is None else {"file": source.file, "row": source.row, "column": source.column}


def _part(result: PartResult, student: str, sources: Sources) -> dict[str, Any]:
    part = result.part
    numbers = (result.used,) if result.used else range(1, len(part.dues) + 1)
    source = next((found for number in numbers if (found := sources.of(student, part.id, number))), None)
    return {
        "state": result.state,
        "value": plain(result.value),
        "weight": plain(part.weight),
        "effective_weight": plain(result.effective_weight),
        "required": part.required,
        "minimum": exact(part.minimum) if part.valued else None,
        "gate": result.gate or "open",
        "open": result.open,
        **({"withheld": True} if result.withheld else {}),
        "attempts": [
            {
                "n": a.number,
                "state": a.state,
                **({"given": a.given.state} if a.state == "closed" else {}),
                "score": plain(a.given.score),
                **_components(part, a.given),
                "converted": plain(a.converted),
                "submitted": None if a.given.submitted is None else str(a.given.submitted),
                "due": str(due) if (due := a.given.due or _due(result, a.number)) else None,
                "own_due": a.given.due is not None,
                **({} if a.given.lateness is None else {"lateness": clock_text(a.given.lateness)}),
                "units": a.units,
                "forgiven": a.forgiven,
                "deducted": exact(a.deducted),
                "value": plain(a.value),
            }
            for a in result.attempts
        ],
        "used": result.used,
        "chosen": result.chosen,
        "peer": None
        if result.peer is None
        else {
            "factor": exact(result.peer.factor),
            "silent": result.peer.silent,
            "group_value": exact(result.peer.group_value),
            "value": exact(result.peer.value),
        },
        "source": _source(source),
        "parts": {child.part.id: _part(child, student, sources) for child in result.children},
    }


def _components(part: Part, given: Attempt) -> dict[str, Any]:
    """What the cells say that a score is made of, under ``markers`` or ``rubric``; no key where it has one cell."""
    out: dict[str, Any] = {}
    if part.markers is not None and given.components:
        out["markers"] = [
            {"marker": one.name, "state": one.state, "score": plain(one.score)} for one in given.components
        ]
    if part.rubric is not None and given.components:
        texts = {criterion.id: criterion for criterion in part.rubric.criteria}
        out["rubric"] = [
            {
                "criterion": one.name,
                "state": one.state,
                "score": plain(one.score),
                "text": None if one.score is None else texts[one.name].text(one.score),
            }
            for one in given.components
        ]
    return out


def _due(result: PartResult, number: int) -> When | None:
    return result.part.dues[number - 1] if number <= len(result.part.dues) else None


def _step(book: Gradebook, step: Step, english: Words) -> dict[str, Any]:
    return {
        "step": step.step,
        "part": step.part,
        "rule": book.rule(step.rule),
        "operands": plain(step.operands),
        "before": plain(step.before),
        "after": plain(step.after),
        "limit": plain(step.limit),
        "why": english.say(step.why),
    }
