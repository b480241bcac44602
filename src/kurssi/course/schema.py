"""The JSON Schema of an implementation file, from the same shapes that kurssi checks (draft 7 for editors).

The texts are the docstrings of the shapes and of their fields. Python keeps none of the latter, so `scripts/docs.py
--update` collects them into ``descriptions.json``, from where they are read in every kind of installation.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from .model import ImplementationFile

DRAFT = "http://json-schema.org/draft-07/schema#"

Translate = Callable[[str], str]
"""An English text of the schema in another language."""


def schema(translate: Translate = str) -> dict[str, Any]:
    """The schema as a JSON document, its texts in the language of ``translate``."""
    raw = ImplementationFile.model_json_schema(by_alias=True)
    out = _plain(raw)
    definitions = out.pop("$defs", {})
    texts = descriptions()
    shapes = {"ImplementationFile": out, **definitions}
    for name, definition in shapes.items():
        definition.pop("title", None)  # editors would show it above the title of the key
        about = texts.get(name, {})
        definition["description"] = translate(about.get("", ""))
        for key, entry in definition.get("properties", {}).items():
            entry.update(title=key, description=translate(about.get(key, "")))
    either = definitions["Assessment"]
    either["required"] = [key for key in either["required"] if key != "parts"]
    either["anyOf"] = [{"required": ["parts"]}, {"required": ["ways"]}]
    for name, definition in shapes.items():
        for key, entry in definition.get("properties", {}).items():
            entry.setdefault("examples", [_example(name, key, entry, shapes)])
    return {"$schema": DRAFT, "title": "kurssi implementation", **out, "definitions": definitions}


def descriptions() -> dict[str, dict[str, str]]:
    """What every key of every shape is for, in English; under no key, what the shape itself is."""
    found: dict[str, dict[str, str]] = json.loads(files(__package__).joinpath("descriptions.json").read_bytes())
    return found


EXAMPLES: dict[str, Any] = {
    "Accepted.rule": "workload-total",
    "Accepted.found": "134 h",
    "Accepted.reason": "The published parts sum to 134 h; kept as published.",
    "Activity.levels": {"active": 0.5, "passive": -0.5},
    "AgendaItem.title": "Empatiakartta",
    "AgendaItem.mode": "pairs",
    "Assessment.boundaries": [50, 60, 70, 80, 90],
    "Assessment.criteria": {"fail": "Jokin pakollinen osa puuttuu.", "good": "Tietoa yhdistetään johdonmukaisesti."},
    "Assessment.evaluation_scale": "H-5",
    "Assessment.late": {"deduct": 0.5, "per": "day", "closes": "7 d"},
    "Assessment.methods": ["Tentti arvioidaan asteikolla 1-5, paino 20 %"],
    "Assessment.requires": {"3": {"attended": "80 %"}, "5": {"exam": "24 p"}},
    "Assessment.timezone": "Europe/Helsinki",
    "Assessment.cap": "100 %",
    "Attendance.of": 8,
    "Band.from": "90 %",
    "Band.adjust": 0.5,
    "Bonus.only_if": ["exam"],
    "Bonus.steps": [{"from": "40 %", "add": 0.25}, {"from": "60 %", "add": 0.5}],
    "Bonus.to": "exam",
    "BonusStep.from": "40 %",
    "BonusStep.add": 0.25,
    "Course.code": "KH00BT03",
    "Course.content": ["Palvelumuotoilu prosessina ja menetelminä"],
    "Course.credits": 5,
    "Course.learning_outcomes": [{"id": "phases", "text": "esittää palvelumuotoilun vaiheet alusta loppuun"}],
    "LearningOutcome.id": "phases",
    "LearningOutcome.text": "esittää palvelumuotoilun vaiheet alusta loppuun",
    "Course.name": "Asiakkuuksien johtaminen ja palvelumuotoilu",
    "Course.names": {"en": "Customer Relationship Management and Service Design"},
    "Course.prerequisites": ["Markkinoinnin perusteet"],
    "Criterion.id": "structure",
    "Criterion.levels": {"0": "Puuttuu.", "3": "Selkeä.", "5": "Selkeä ja omaperäinen."},
    "Criterion.name": "Rakenne",
    "Criterion.outcomes": ["phases"],
    "Criterion.weight": 50,
    "Days.start": "2024-01-15",
    "Days.end": "2024-03-18",
    "Free.at_most": "2 d",
    "Free.budget": "6 d",
    "Group.code": "PMMWES22",
    "Group.name": "Myyntityö, matkailu ja wellness liiketoimintana, S22",
    "Implementation.id": "KH00BT03-2024",
    "Implementation.campus": "Kupittaan kampus",
    "Implementation.completion_alternatives": "Näyttökoe sovitaan opettajan kanssa.",
    "Implementation.content": ["Palvelumuotoilun menetelmät"],
    "Implementation.credits_allocated": 5,
    "Implementation.degree_programmes": ["Liiketalous"],
    "Implementation.exam_schedules": "Tentti pidetään viikolla 11, ja sen voi uusia.",
    "Implementation.further_information": "ITS, sähköposti",
    "Implementation.materials": ["Tuulaniemi, J. 2011. Palvelumuotoilu."],
    "Implementation.mode_of_delivery": "contact",
    "Implementation.objective": ["työskennellä palvelumuotoilun menetelmin"],
    "Implementation.pedagogy": "Case-harjoituksia; arvioijina opiskelija itse, vertaiset ja opettaja.",
    "Implementation.small_groups": ["A", "B"],
    "Implementation.teacher_in_charge": "Saara Tikkanen",
    "Implementation.teachers": ["Saara Tikkanen", "Janne Granfors"],
    "Implementation.teaching_languages": ["fi"],
    "Implementation.teaching_methods": ["Case-harjoituksia ryhmissä"],
    "Implementation.unit": "Tekniikka ja liiketoiminta",
    "ExamPreparation.contact_hours": 24,
    "ImplementationFile.columns": {"Assignment: Case 1 (Real)": "group_work", "Last downloaded": "unused"},
    "ImplementationFile.assessment": {"evaluation_scale": "H-5", "parts": [{"id": "exam"}]},
    "ImplementationFile.scores": "scores/KH00BT03-2024.csv",
    "Late.at_most": 2,
    "Late.closes": "7 d",
    "Late.deduct": 0.5,
    "Late.grace": "1 h",
    "Late.holidays": "FI",
    "Late.skip": ["saturday", "sunday", "holidays"],
    "Late.not_below": 1,
    "Markers.of": ["A", "B"],
    "Markers.weights": {"A": 50, "B": 50},
    "Markers.within": 1,
    "OwnScale.passes_from": "G",
    "OwnScale.values": ["U", "G", "VG"],
    "Gain.gain": "50 %",
    "Part.attempt": "best",
    "Part.best": 3,
    "Part.bonus": True,
    "Part.boundaries": [20, 24, 28, 32, 36],
    "Part.cap": "100 %",
    "Part.column": "Assignment: Case 1 (Real)",
    "Part.drop_lowest": 1,
    "Part.id": "exam",
    "Part.late": {"deduct": 0.5, "per": "day", "closes": "7 d"},
    "Part.late_from": "export",
    "Part.linear": {"1": "50 %", "5": "90 %"},
    "Part.max": 40,
    "Part.minimum": "40 %",
    "Part.name": "Tentti",
    "Part.need": 2,
    "Part.retake_at_most": 3,
    "Part.outcomes": ["phases"],
    "Part.over": 5,
    "Part.repeat": 12,
    "Part.retakes": 2,
    "Part.takes": "exam",
    "Part.weight": 20,
    "Peer.at_most": 1,
    "Peer.criteria": {"initiative": 60, "reliability": 40},
    "Peer.penalty": "10 %",
    "Peer.weight": "50 %",
    "Schedule.breaks": [8],
    "Schedule.content": ["Viikolla 11 tentti"],
    "Reading.words_per_page": 400,
    "Seats.max": 40,
    "Seats.min": 0,
    "Series.every": "7 d",
    "Series.except": ["2026-02-23"],
    "Series.first": "2026-01-19 23:59",
    "Session.date": "2024-01-16",
    "Session.hours": 3,
    "Session.materials": ["Post-it-lappuja"],
    "Session.outcomes": ["phases"],
    "Session.room": "ICT_B1026",
    "Session.topic": "Palvelumuotoilun menetelmät käytössä",
    "Session.week": 3,
    "AgendaItem.materials": ["Tulosteet"],
    "AgendaItem.questions": ["Kenen ongelma tämä on?"],
    "Watching.watching": "90 min",
    "Workload.description": ["Työtä pienryhmissä 70 h"],
    "Workload.hours_per_credit": 27,
    "Way.id": "by_exam",
    "Way.name": "Painotus tentille",
    "Workload.total": "135 h",
    "WorkloadPart.for": ["exam"],
    "WorkloadPart.hours": "8x3 h",
    "WorkloadPart.name": "Lähiopetus",
    "Writing.words_per_page": 250,
}
"""An example for every key whose type alone does not make one; editors show it beside the key."""


def _example(name: str, key: str, entry: dict[str, Any], shapes: dict[str, Any]) -> Any:
    """The example of a key: as said, else from its type: a choice, a truth, a mapping of what it must have."""
    if f"{name}.{key}" in EXAMPLES:
        return EXAMPLES[f"{name}.{key}"]
    return _of_type(entry, shapes)


def _of_type(entry: dict[str, Any], shapes: dict[str, Any]) -> Any:
    if "examples" in entry:
        return entry["examples"][0]
    for several in ("allOf", "anyOf"):
        if several in entry:
            return _of_type(entry[several][0], shapes)
    if "$ref" in entry:
        name = entry["$ref"].rpartition("/")[2]
        shape = shapes[name]
        keys = shape.get("required") or list(shape["properties"])[:1]
        return {key: _example(name, key, shape["properties"][key], shapes) for key in keys}
    if "const" in entry or "enum" in entry:
        return entry.get("const", entry.get("enum", [None])[0])
    if entry.get("type") == "array":
        return [_of_type(entry["items"], shapes)]
    return {"boolean": True, "integer": 1, "number": 1}.get(str(entry.get("type")))


def _plainness(option: dict[str, Any]) -> int:
    """The order of alternatives: where a value is none of them editors name the first, so words come before blocks."""
    if "enum" in option or "const" in option:
        return 0
    return 2 if "$ref" in option or option.get("type") in ("object", "array") else 1


def _plain(value: Any) -> Any:
    """Draft 7, without what only pydantic or OpenAPI understands, and without null: an empty value is an error."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value.replace("#/$defs/", "#/definitions/") if isinstance(value, str) else value
    out = {key: _plain(item) for key, item in value.items() if key not in ("discriminator", "default")}
    if "oneOf" in out:
        out["anyOf"] = out.pop("oneOf")
    if "anyOf" in out:
        options = sorted((option for option in out["anyOf"] if option != {"type": "null"}), key=_plainness)
        if len(options) == 1:
            del out["anyOf"]
            out = {**options[0], **out} if "$ref" not in options[0] else {"allOf": options, **out}
        else:
            out["anyOf"] = options
    if "$ref" in out and len(out) > 1:  # beside $ref draft 7 reads nothing
        out = {"allOf": [{"$ref": out.pop("$ref")}], **out}
    return out
