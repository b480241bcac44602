"""Pages of the cookbook, from the folders of ``examples/cookbook``; all that they show is what kurssi prints."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from guide_keys import anchor, keys_of
from guide_run import RECIPES, folder_of, printed, speaking

TOPICS: dict[str, dict[str, str]] = {
    "points": {"fi": "Tehtävät ja pisteet", "en": "Exercises and points"},
    "exams": {"fi": "Tentit ja uusinnat", "en": "Exams and retakes"},
    "groups": {"fi": "Ryhmätyöt", "en": "Group work"},
    "late": {"fi": "Määräajat ja myöhästyminen", "en": "Deadlines and lateness"},
    "attendance": {"fi": "Läsnäolo ja aktiivisuus", "en": "Attendance and activity"},
    "pass-fail": {"fi": "Hyväksytty tai hylätty", "en": "Pass or fail"},
    "requirements": {"fi": "Arvosanojen vaatimukset", "en": "Requirements of grades"},
    "marking": {"fi": "Arvioijat ja kriteerit", "en": "Markers and criteria"},
    "special": {"fi": "Erityistä", "en": "Special cases"},
}
SAYS = {
    "fi": {
        "index": "Keittokirja",
        "intro": "Valmiita arviointiperusteita kopioitavaksi: {n} reseptiä. Jokaisella sivulla on tiedosto, taulukko, "
        "arvosanat, jotka niistä tulevat, yhden opiskelijan erittely ja sanat opintojakson sivulle. Kaikki, mitä "
        "sivuilla "
        "näkyy, on ajettu oikealla ohjelmalla, ja arvosanat on laskettu etukäteen käsin.",
        "take": "Reseptin saa omaksi tiedostokseen: `kurssi new --example {name}`.",
        "nearest": "Etkö löydä omaasi? Ota lähin ja yhdistele ([näin](../writing.md)): reseptien osat sopivat samaan "
        "tiedostoon. Oikeita "
        "julkaistuja arviointiperusteita on kansiossa "
        "`examples/policies`.",
        "page": "Opintojakson sivulla lukee",
        "file": "Tiedosto",
        "notes": "Näin se toimii",
        "keys": "Avaimet",
        "sheet": "Taulukko",
        "sheets": "Taulukot",
        "grades": "Arvosanat",
        "steps": "Miksi? Yhden opiskelijan erittely",
        "words": "Sanat opintojakson sivulle",
        "all": "Kaikki reseptit",
    },
    "en": {
        "index": "Cookbook",
        "intro": "Policies to copy: {n} recipes. Every page has the file, a sheet, the grades that come out, the "
        "steps of "
        "one student and the words for the course page. All that the pages show was made by running kurssi, and the "
        "grades were worked out by hand before.",
        "take": "To have a recipe as a file of your own: `kurssi new --example {name}`.",
        "nearest": "Yours is not here? Take the nearest one and combine ([how](../writing.md)): parts of recipes go "
        "into one file. Real "
        "published "
        "policies are in the folder `examples/policies`.",
        "page": "The course page says",
        "file": "The file",
        "notes": "How it works",
        "keys": "Keys",
        "sheet": "The sheet",
        "sheets": "The sheets",
        "grades": "The grades",
        "steps": "Why? The steps of one student",
        "words": "Words for the course page",
        "all": "All recipes",
    },
}
PLAIN = {"id", "name", "weight", "parts", "max", "graded", "evaluation_scale"}
"""Keys that nearly every recipe has; a page names the others."""


class Recipe(NamedTuple):
    """A folder of the cookbook."""

    name: str
    about: dict[str, Any]

    def policy(self, language: str) -> str:
        """Its file."""
        return (RECIPES / self.name / language / f"{self.name}.yaml").read_text("utf-8")

    def sheets(self, language: str) -> list[Path]:
        """Its sheets, in the order of the file."""
        said = yaml.safe_load(self.policy(language))["scores"]
        return [RECIPES / self.name / language / sheet for sheet in ([said] if isinstance(said, str) else said)]


def recipes() -> list[Recipe]:
    """All of them, by topic and then by title."""
    found = [
        Recipe(path.parent.name, yaml.safe_load(path.read_text("utf-8")))
        for path in sorted(RECIPES.glob("*/about.yaml"))
    ]
    return sorted(found, key=lambda recipe: list(TOPICS).index(recipe.about["topic"]))


def page(recipe: Recipe, language: str) -> str:
    """The page of a recipe."""
    says, about = SAYS[language], recipe.about
    sheets = recipe.sheets(language)
    out = [f"# {about['title'][language]}", "", f"**{says['page']}:** {about['page'][language]}", ""]
    out += [
        f"## {says['file']}",
        "",
        f'```yaml title="{recipe.name}.yaml"',
        recipe.policy(language).rstrip(),
        "```",
        "",
    ]
    out += [says["take"].format(name=recipe.name), "", f"## {says['notes']}", ""]
    out += [f"- {note[language]}" for note in about["notes"]]
    if named := [key for key in keys_of(yaml.safe_load(recipe.policy(language))) if key[1] not in PLAIN]:
        linked = ", ".join(f"[`{key}`](../keys.md#{anchor(shape, key)})" for shape, key in named)
        out += ["", f"{says['keys']}: {linked}."]
    out += ["", f"## {says['sheet' if len(sheets) == 1 else 'sheets']}", ""]
    for sheet in sheets:
        out += [f"`{sheet.name}`", "", *_table(sheet.read_text("utf-8")), ""]
    with speaking(language), folder_of(recipe.name, language):
        file, student = f"{recipe.name}.yaml", about["explain"]
        out += [f"## {says['grades']}", "", *_run(f"kurssi grade {file}"), ""]
        out += [f"## {says['steps']}", "", *_run(f"kurssi explain {file} {student}"), ""]
        out += [f"## {says['words']}", "", f"`kurssi plan {file} --field assessment`", ""]
        out += ["```text", printed(f"kurssi plan {file} --field assessment").rstrip(), "```", ""]
    return "\n".join([*out, f"[{says['all']}](index.md)", ""])


def _run(command: str) -> list[str]:
    return ["```console", f"$ {command}", printed(command).rstrip(), "```"]


def _table(text: str) -> Iterator[str]:
    """A sheet as a table; a blank cell stays blank."""
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ","))
    yield "| " + " | ".join(rows[0]) + " |"
    yield "|" + " --- |" * len(rows[0])
    for row in rows[1:]:
        yield "| " + " | ".join(row) + " |"


def index(language: str) -> str:
    """The page that lists them, by topic."""
    says, found = SAYS[language], recipes()
    out = [f"# {says['index']}", "", says["intro"].format(n=len(found)), ""]
    out += [says["take"].format(name=found[0].name), ""]
    for topic, title in TOPICS.items():
        out += [f"## {title[language]}", ""]
        for recipe in (recipe for recipe in found if recipe.about["topic"] == topic):
            out.append(f"- [{recipe.about['title'][language]}]({recipe.name}.md)")
        out.append("")
    return "\n".join([*out, says["nearest"], ""])


def shipped() -> str:
    """What the package has of the cookbook, for ``kurssi new --example``: the files of each recipe in each language."""
    book = {
        recipe.name: {
            language: {
                "title": recipe.about["title"][language],
                "policy": recipe.policy(language),
                "sheets": {sheet.name: sheet.read_text("utf-8") for sheet in recipe.sheets(language)},
            }
            for language in ("fi", "en")
        }
        for recipe in recipes()
    }
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"
