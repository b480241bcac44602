"""Writers of lists of a class, and of who took part in a peer review; and the register of all writers of layouts."""

from __future__ import annotations

import random
from collections.abc import Callable

from conservation import Case, Cell, Table
from conservation_exports import (
    ITEMS,
    Export,
    blackboard,
    brightspace,
    canvas,
    classroom,
    forms,
    gradescope,
    gradescope_assignment,
    itslearning,
    markus,
    moodle,
    ossi,
    own_table,
    rules,
    sakai,
    sisu_grades,
    teams,
    worksheet,
)
from conservation_tables import SURNAMES, pick
from conservation_words import BLACKBOARD, FORMS, MOODLE, SISU, SYNC, WORKSHEETS


def sisu(rng: random.Random, lang: str) -> Case:
    number, surname, first, email, status, group, fine, not_fine = SISU[lang]
    out = Export(rng, lang).who(number=number, surname=surname, first=first, email=email)
    out.any(status, "enrolment", [fine, not_fine], 0)
    if rng.random() < 0.5:
        out.any(group, "group", ["A", "B"])
    title = [[Cell("Asiakkuuksien johtaminen", "title", ("Jokin muu",))]] if rng.random() < 0.5 else []
    return Case(f"sisu {lang}", rules(rng), [out.table("roster.csv", preamble=title), own_table(out)])


def peppi(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang).who(number="Opiskelijanumero", surname="Sukunimi", first="Etunimi", email="Sähköposti")
    out.any("Saapumisryhmä", "known", ["PMMWES22", "PMMWES23"]).any(
        "Ilmoittautumisen tila", "enrolment", ["Hyväksytty", "Jonossa"], 0
    )
    if rng.random() < 0.5:
        out.any("Pienryhmä", "group", ["A", "B"])
    title = [[Cell("KH00BT03", "title", ("KH00",))], [Cell("")]] if rng.random() < 0.5 else []
    return Case(f"peppi {lang}", rules(rng), [out.table("roster.csv", preamble=title), own_table(out)])


def canvas_roster(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang).who(whole="Student Name")
    out.fixed("Student ID", "own id", [str(i + 1) for i in range(len(out.people))], ["77"])
    out.who(number="Student SIS ID", email="Email").any("Section Name", "known", ["A", "B"])
    return Case(f"canvas-roster {lang}", rules(rng), [out.table("roster.csv"), own_table(out)])


def teammates_roster(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang).any("Section", "known", ["1", "2"]).any("Team", "group", ["A", "B"], 0)
    out.who(whole="Full Name").any("Last Name", "known", SURNAMES, 0)
    out.any("Status", "enrolment", ["Joined", "Yet to join", "Left"], 0).who(email="Email")
    mine = Export(rng)
    mine.people = out.people
    mine.who(email="email")
    for item in ITEMS:
        mine.scores(item.name, item)
    return Case(f"teammates-students {lang}", rules(rng), [out.table("roster.csv"), mine.table("scores.csv")])


def catme_roster(rng: random.Random, lang: str) -> Case:
    out = (
        Export(rng, lang).who(whole="Name", number="Student ID", email="Email").any("Team Name", "group", ["A", "B"], 0)
    )
    out.any("Section", "known", ["1", "2"])
    return Case(f"catme-teams {lang}", rules(rng), [out.table("roster.csv"), own_table(out)])


def catme(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang)
    rows = []
    for person in out.people:
        lines = [f" {person.first.upper()}  {count} 2026-06-04 23:10:58" for count in ("14", "3", "0")]
        later = f" {person.first.upper()}  14 2026-06-05 23:10:58"
        rows.append([Cell(person.surname.upper(), "surname"), pick(rng, "line", [*lines, later], 0)])
        rows[-1][1] = rows[-1][1]._replace(others=rows[-1][1].others[:-1])  # never without a line
    named = own_table(out)
    for cells, extra in zip(named.rows[1:], out.people, strict=True):
        cells += [Cell(extra.surname, "surname"), Cell(extra.first, "first name")]
    named.rows[0] += [Cell("surname"), Cell("first name")]
    return Case(f"catme {lang}", rules(rng, gate=True), [named, Table("peer_review.csv", rows, "took part", -1)])


def teammates(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang)
    mine = own_table(out)
    for cells, person in zip(mine.rows[1:], out.people, strict=True):
        cells.append(Cell(person.email, "email"))
    mine.rows[0].append(Cell("email"))
    heads = ["Team", "Giver's Full Name", "Giver's Email", "Recipient's Team", "Recipient's Name", "Feedback"]
    rows = [[Cell("Course", "title", ("",)), Cell("K1", "title", ("K2",)), *[Cell("")] * 4], [Cell(h) for h in heads]]
    silent = out.people[-1]
    for giver in out.people[:-1]:
        rows.append(
            [
                Cell("A", "known", ("B",)),
                Cell(f"{giver.first} {giver.surname}", "name", (f"{silent.first} {silent.surname}",)),
                Cell(giver.email, "email", (silent.email,)),
                Cell("A", "known", ("B",)),
                Cell(f"{silent.first} {silent.surname}", "known", ("-",)),
                Cell("good", "comment", ("bad", "")),
            ]
        )
    rows += [
        [Cell("Participants who have not responded to any question"), *[Cell("")] * 5],
        [Cell("Team"), Cell("Name"), Cell("Email"), *[Cell("")] * 3],
        [
            Cell("A", "known", ("B",)),
            Cell(f"{silent.first} {silent.surname}", "name", ()),
            Cell(silent.email, "email", (out.people[0].email,)),
            *[Cell("")] * 3,
        ],
    ]
    return Case(f"teammates {lang}", rules(rng, gate=True), [mine, Table("peer_review.csv", rows, "took part", 1)])


ALL: dict[str, tuple[Callable[[random.Random, str], Case], tuple[str, ...]]] = {
    "canvas": (canvas, ("en",)),
    "moodle": (moodle, tuple(MOODLE)),
    "moodle-assignment": (worksheet, tuple(WORKSHEETS)),
    "gradescope": (gradescope, ("en",)),
    "gradescope-assignment": (gradescope_assignment, ("en",)),
    "blackboard": (blackboard, tuple(BLACKBOARD)),
    "brightspace": (brightspace, ("en",)),
    "sakai": (sakai, ("en",)),
    "markus": (markus, ("en",)),
    "google-classroom": (classroom, ("en",)),
    "forms": (forms, tuple(FORMS)),
    "teams": (teams, ("en",)),
    "ossi": (ossi, ("en",)),
    "itslearning": (itslearning, tuple(SYNC)),
    "sisu-grades": (sisu_grades, ("en",)),
    "sisu": (sisu, tuple(SISU)),
    "peppi": (peppi, ("fi",)),
    "canvas-roster": (canvas_roster, ("en",)),
    "teammates-students": (teammates_roster, ("en",)),
    "catme-teams": (catme_roster, ("en",)),
    "catme": (catme, ("en",)),
    "teammates": (teammates, ("en",)),
}
"""By the name of the layout: its writer and the languages that it knows."""


def export(rng: random.Random) -> Case:
    """A file of any system in any language."""
    write, languages = ALL[rng.choice(list(ALL))]
    return write(rng, rng.choice(languages))
