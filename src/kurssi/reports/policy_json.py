"""What a policy can do as JSON: every figure and finding, with its witness as rows of a score sheet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from kurssi.analysis.claims import Claim, Witness, grades_of, group_sheet, marks_sheet, sheet
from kurssi.analysis.effects import Move
from kurssi.analysis.questions import Analysis
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.words import Words
from kurssi.policy.model import Policy
from kurssi.policy.resolved_policy import resolved
from kurssi.values.numbers import exact

from .policy_outcomes import outcomes_as_data
from .policy_report import ClassView

Place = Callable[[Path], int]
"""The line of a rule in the implementation file."""


def policy_hash(policy: Policy) -> str:
    """SHA-256 of the resolved policy: two files with the same rules have the same."""
    text = json.dumps(resolved(policy), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def document(analysis: Analysis, name: str, file: str, line: Place, words: Words) -> dict[str, Any]:
    """The whole report; decimals are strings, grades numbers with their labels beside them."""
    policy, full = analysis.policy, analysis.full
    return {
        "kurssi": 1,
        "command": "policy",
        "implementation": name,
        "policy": {"sha256": policy_hash(full), "resolved": resolved(full)},
        "needs": [
            {
                "grade": need.grade,
                "label": policy.scale.label(need.grade),
                "total": _text(need.total),
                "above": need.above,
                "witness": _witness(policy, need.witness),
            }
            for need in analysis.needs
        ],
        "lateness": [
            {
                "part": effect.part.id,
                "unit": effect.part.late.per if effect.part.late else None,
                "first_unit": exact(effect.unit),
                "of_total": exact(effect.share),
                "grades_first_unit": _by(effect.one),
                "grades_at_most": _by(effect.worst),
                "units": effect.units,
                "witness": _witness(policy, effect.worst.witness if effect.worst else None),
            }
            for effect in analysis.late
        ],
        "all_late": _move(policy, analysis.all_late),
        **_adjustments(analysis),
        **({"outcomes": outcomes_as_data(analysis, _witness)} if analysis.outcomes else {}),
        "findings": [_claim(full, claim, file, line, words) for claim in analysis.claims],
        "undecided": list(analysis.undecided),
    }


def _adjustments(analysis: Analysis) -> dict[str, Any]:
    """What activity, single parts, rounding and peer marks can do to a grade."""
    policy = analysis.policy
    return {
        "activity": [
            {
                "level": effect.student.level,
                "attended": effect.student.attended,
                "adjust": exact(effect.adjust),
                "grades": effect.most.by if effect.most else 0,
                "witness": _witness(policy, effect.most.witness if effect.most else None),
            }
            for effect in analysis.activity
        ],
        "influence": [
            {
                "part": one.part.id,
                "weight": _text(one.part.weight),
                "share": exact(one.share),
                "always": one.least,
                "at_best": one.best,
                "gate": one.gate,
                "over": one.how,
                "witness": _witness(policy, one.witness),
            }
            for one in analysis.influences
        ],
        "ties": [
            {
                "over": one.grid,
                "students": one.students,
                "ties": one.ties,
                "other_rounding": one.even,
                "witness": _witness(policy, one.witness),
            }
            for one in analysis.ties
        ],
        "peers": [
            {
                "part": one.part.id,
                "deed": one.deed,
                "grades": one.by,
                "before": _witness(policy, one.before),
                "after": _witness(policy, one.after),
            }
            for one in analysis.peers
        ],
    }


def class_data(view: ClassView) -> dict[str, Any]:
    """How near a class stands to other grades, as data."""
    return {
        "students": view.students,
        "near": [
            {
                "student": one.student,
                "old": one.old,
                "new": one.new,
                "part": one.part.id,
                "attempt": one.attempt,
                "score": exact(one.score),
                "needed": exact(one.needed),
            }
            for one in view.near
        ],
        "what_if": [
            {
                "part": one.part.id if one.part else None,
                "rule": "weight" if one.part else "grace",
                "old": _text(one.old),
                "new": _text(one.new),
                "moved": [moved._asdict() for moved in one.moved],
            }
            for one in view.what_if
        ],
    }


def _claim(policy: Policy, claim: Claim, file: str, line: Place, words: Words) -> dict[str, Any]:
    return {
        "rule": claim.kind,
        "severity": claim.severity.name,
        "message": words.say(claim.message),
        "found": claim.found,
        "file": file,
        "line": line(claim.path),
        "how": claim.how,
        "help": words.say(claim.help) if claim.help else None,
        "witness": _witness(policy, claim.witness),
        "before": _witness(policy, claim.before),
    }


def _witness(policy: Policy, witness: Witness | None) -> dict[str, Any] | None:
    """The students of a witness, and the grade of those it is about."""
    if witness is None:
        return None
    return {
        "students": sheet(policy, witness),
        "grades": list(grades_of(policy, witness)),
        "groups": group_sheet(policy, witness) or None,
        "marks": None if witness.marks is None else marks_sheet(witness.marks),
    }


def _move(policy: Policy, move: Move | None) -> dict[str, Any] | None:
    return None if move is None else {"grades": move.by, "witness": _witness(policy, move.witness)}


def _by(move: Move | None) -> int:
    return move.by if move is not None else 0


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact(value)
