"""The page of all keys, from the shapes that kurssi checks: meaning, default and example of each, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from fractions import Fraction
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from pydantic_core import PydanticUndefined

from kurssi.course import model
from kurssi.course.model import ImplementationFile
from kurssi.course.model.fields import Shape
from kurssi.course.schema import schema
from kurssi.diagnostics.words import Words
from kurssi.values.numbers import exact

ORDER = (
    *("ImplementationFile", "Course", "LearningOutcome", "Implementation", "Days", "Seats", "Group"),
    *("Schedule", "Session", "AgendaItem", "Workload", "WorkloadPart", "Reading", "Writing", "Watching"),
    *("ExamPreparation", "Assessment", "OwnScale", "Part", "Retake", "Gain", "Series", "Way"),
    *("Bonus", "BonusStep", "Late", "Free"),
    *("Activity", "Attendance", "Band", "Peer", "Markers", "Criterion", "Accepted"),
)
INSIDE = {
    "evaluation_scale": "OwnScale",
    "parts": "Part",
    "retakes": "Retake",
    "attempt": "Gain",
    "due": "Series",
    "bonus": "Bonus",
    "steps": "BonusStep",
    "ways": "Way",
    "late": "Late",
    "free": "Free",
    "activity": "Activity",
    "attendance": "Attendance",
    "bands": "Band",
    "peer": "Peer",
    "markers": "Markers",
    "rubric": "Criterion",
}
"""The shape of the block under a key of the assessment."""
SAYS = {
    "fi": {
        "title": "Tiedoston avaimet",
        "intro": "Kaikki, mitä toteutustiedostoon voi kirjoittaa: merkitys, oletus ja esimerkki. Sivu on tehty samasta "
        "mallista, jolla `kurssi validate` tarkistaa tiedoston. **Lihavoitu** avain on pakollinen lohkossaan. Viiva "
        "tarkoittaa, että oletusta ei ole: mitä ei kirjoita, sitä ei ole sovittu.",
        "heads": "| avain | merkitys | arvo | oletus | esimerkki |",
        "true": "kyllä (`true`)", "false": "ei (`false`)",
        "string": "teksti", "number": "luku", "integer": "kokonaisluku", "boolean": "`true` tai `false`",
        "array": "luettelo", "object": "lohko", "list": "luettelo: {of}", "or": " tai ",
    },
    "en": {
        "title": "Keys of the file",
        "intro": "All that can be written into an implementation file: meaning, default and example. The page is made "
        "from "
        "the model by which `kurssi validate` checks a file. A **bold** key must be there in its block. A dash says "
        "that "
        "there is no default: what is not written is not agreed.",
        "heads": "| key | meaning | value | default | example |",
        "true": "yes (`true`)", "false": "no (`false`)",
        "string": "text", "number": "number", "integer": "whole number", "boolean": "`true` or `false`",
        "array": "list", "object": "block", "list": "list of {of}", "or": " or ",
    },
}  # fmt: skip
HEADS = {
    "ImplementationFile": ("Ylin taso", "The top level"),
    "Course": ("course: opintojakso", "course: the course"),
    "LearningOutcome": ("learning_outcomes: osaamistavoite", "learning_outcomes: a learning outcome"),
    "Implementation": ("implementation: toteutus", "implementation: this run"),
    "Days": ("enrollment, timing: ajanjakso", "enrollment, timing: a period"),
    "Seats": ("seats: paikat", "seats"),
    "Group": ("groups: ryhmä", "groups: a group"),
    "Schedule": ("schedule: jaksotus", "schedule"),
    "Session": ("sessions: opetuskerta", "sessions: a session"),
    "AgendaItem": ("agenda: työvaihe", "agenda: an activity"),
    "Workload": ("workload: kuormitus", "workload"),
    "WorkloadPart": ("workload.parts: kuormituksen osa", "workload.parts: a part of the work"),
    "Reading": ("activities: lukeminen", "activities: reading"),
    "Writing": ("activities: kirjoittaminen", "activities: writing"),
    "Watching": ("activities: katsominen", "activities: watching"),
    "ExamPreparation": ("activities: tenttiin valmistautuminen", "activities: preparing for an exam"),
    "Assessment": ("assessment: arviointi", "assessment"),
    "OwnScale": ("evaluation_scale: oma asteikko", "evaluation_scale: a scale of one's own"),
    "Part": ("parts: arvioitava osa", "parts: a part"),
    "Retake": ("retakes: uusinta", "retakes: a retake"),
    "Gain": ("attempt: osuus parannuksesta", "attempt: a share of the gain"),
    "Series": ("due: sarjan määräajat", "due: deadlines of a series"),
    "Way": ("ways: suoritustapa", "ways: a way to the grade"),
    "Bonus": ("bonus: lisäpisteet portaittain", "bonus: a bonus by steps"),
    "BonusStep": ("steps: lisäyksen porras", "steps: a step of a bonus"),
    "Late": ("late: myöhästyminen", "late: lateness"),
    "Free": ("free: myöhästymisvara", "free: free late time"),
    "Activity": ("activity: aktiivisuus", "activity"),
    "Attendance": ("attendance: läsnäolo", "attendance"),
    "Band": ("bands: läsnäolon porras", "bands: a band of attendance"),
    "Peer": ("peer: vertaispisteet", "peer: peer marks"),
    "Markers": ("markers: arvioijat", "markers"),
    "Criterion": ("rubric: kriteeri", "rubric: a criterion"),
    "Accepted": ("accepted: sallittu havainto", "accepted: a finding that stays"),
}


def anchor(shape: str, key: str) -> str:
    """Where a key stands on the page."""
    return f"{shape}-{key}".lower()


def keys_of(data: object) -> list[tuple[str, str]]:
    """The keys of the assessment that a file uses, each once, with the shape that they belong to."""
    found: dict[tuple[str, str], None] = {}
    known = schema()["definitions"]

    def walk(value: object, shape: str) -> None:
        if isinstance(value, list):
            for item in value:
                walk(item, shape)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if key in known.get(shape, {}).get("properties", {}):
                    found[shape, key] = None
                    walk(inner, INSIDE.get(key, ""))

    walk(data["assessment"] if isinstance(data, dict) else None, "Assessment")
    return list(found)


def page(language: str) -> str:
    """The page."""
    says, made = SAYS[language], schema(Words(language).translate)
    shapes = {"ImplementationFile": made, **made["definitions"]}
    models = _models()
    out = [f"# {says['title']}", "", says["intro"], ""]
    for shape in [*ORDER, *(name for name in shapes if name not in ORDER)]:
        entry = shapes[shape]
        out += [f"## {heading(shape, language)}", "", says["heads"], "| --- | --- | --- | --- | --- |"]
        for key, about in entry["properties"].items():
            name = f"**`{key}`**" if key in entry.get("required", ()) else f"`{key}`"
            cells = (
                f'<a id="{anchor(shape, key)}"></a>{name}',
                _cell(about["description"]),
                _takes(about, says, shapes),
                _default(models[shape], key, says),
                _example(about["examples"][0]),
            )
            out.append("| " + " | ".join(cells) + " |")
        out.append("")
    return "\n".join(out)


def _models() -> dict[str, type[Shape]]:
    """The shape of each name."""
    found: dict[str, type[Shape]] = {"ImplementationFile": ImplementationFile}
    for module in iter_modules(model.__path__, f"{model.__name__}."):
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, type) and issubclass(value, Shape):
                found[name] = value
    return found


def _default(of: type[Shape], key: str, says: dict[str, str]) -> str:
    """What holds where the key is not written; a dash where nothing does."""
    field = next(field for name, field in of.model_fields.items() if (field.alias or name) == key)
    value = field.default
    if value is PydanticUndefined or value in (None, (), {}):
        return "–"
    if isinstance(value, bool):
        return says["true" if value else "false"]
    if isinstance(value, Fraction):
        return f"`{exact(value)}`"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def _takes(entry: dict[str, Any], says: dict[str, str], shapes: dict[str, Any]) -> str:
    return says["or"].join(dict.fromkeys(_kinds(entry, says, shapes)))


def _kinds(entry: dict[str, Any], says: dict[str, str], shapes: dict[str, Any]) -> Iterator[str]:
    for several in ("anyOf", "allOf"):
        for option in entry.get(several, ()):
            yield from _kinds(option, says, shapes)
    if "$ref" in entry:
        name = entry["$ref"].rpartition("/")[2]
        yield f"[{says['object']}](#{heading_anchor(heading(name, 'fi' if says is SAYS['fi'] else 'en'))})"
    elif "const" in entry or "enum" in entry:
        yield ", ".join(f"`{value}`" for value in entry.get("enum", [entry.get("const")]))
    elif entry.get("type") == "array":
        of = says["or"].join(dict.fromkeys(_kinds(entry["items"], says, shapes)))
        yield says["list"].format(of=of) if of else says["array"]
    elif "type" in entry:
        for kind in [entry["type"]] if isinstance(entry["type"], str) else entry["type"]:
            yield says[kind]


def heading(shape: str, language: str) -> str:
    """What stands above the keys of a shape; its name where nobody has said more yet."""
    fi, en = HEADS.get(shape, (shape, shape))
    return fi if language == "fi" else en


def heading_anchor(text: str) -> str:
    """The anchor of a heading, as the generator and forges make it."""
    kept = "".join(letter for letter in text.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def _example(value: object) -> str:
    return f"`{_cell(flow(value))}`"


def flow(value: object) -> str:
    """A value as one writes it in one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and (value[:1] in "[]{}>&*!|%@'\"#" or ": " in value or ", " in value):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
