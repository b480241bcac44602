"""Importers of grades, written from the rules of the systems' own: what a course holds after a file has been taken.

Moodle's gradebook: ``grade/import/csv/classes/load_data.php``; its worksheet of an assignment:
``mod/assign/feedback/offline``; Canvas: ``lib/gradebook_importer.rb``; Brightspace and Blackboard: the makers' manuals
on importing and uploading grades. Nothing of kurssi is used here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field


class Refused(Exception):
    """The system takes nothing of the file."""


@dataclass
class Item:
    """A column of a course: what it is out of, and what each person has."""

    most: float | None
    grades: dict[str, str] = field(default_factory=dict)
    feedback: dict[str, str] = field(default_factory=dict)
    scale: tuple[str, ...] = ()
    graded_at: dict[str, int] = field(default_factory=dict)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
    if any(len(row) != len(rows[0]) for row in rows):
        raise Refused("csvweirdcolumns")
    return rows


def _float(text: str) -> float | None:
    text = text.strip().replace(" ", "").replace(",", ".")
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def moodle(raw: bytes, delimiter: str, who: str, items: Mapping[str, Item], feedback: Mapping[str, str] = {}) -> None:
    """The gradebook's import: ``items`` by header, people by the column ``who``, all or nothing.

    An empty cell takes a grade away; feedback without a grade in the same row does, too. A column that says when the
    grades were downloaded keeps the import from overwriting what was graded since.
    """
    header, *lines = _rows(raw.decode("utf-8-sig"), delimiter)
    header = [one.strip() for one in header]
    when = header.index("Last downloaded from this course") if "Last downloaded from this course" in header else None
    for line in lines:
        person = line[header.index(who)]
        if not person:
            raise Refused("usermappingerrorusernotfound")
        for name, item in items.items():
            text = line[header.index(name)].strip()
            if text not in ("", "-") and _float(text) is None:
                raise Refused("badgrade")
            if when is not None and int(line[when]) < item.graded_at.get(person, 0):
                raise Refused("gradealreadyupdated")
            if text in ("", "-"):
                item.grades.pop(person, None)
            else:
                item.grades[person] = f"{min(_float(text) or 0, item.most or 100):.2f}"
        for column, name in feedback.items():
            items[name].feedback[person] = line[header.index(column)]


def moodle_worksheet(raw: bytes, item: Item, people: Mapping[str, str], times: Mapping[str, str] = {}) -> list[str]:
    """The worksheet of an assignment; returns whose grades were taken. ``people`` by the words of Identifier.

    Without Identifier, Grade and Last modified (grade) nothing is taken. An empty grade, one out of range, and one
    that was changed since (``times``) is passed over.
    """
    header, *lines = _rows(raw.decode("utf-8-sig"), ",")
    at = {name: header.index(name) for name in header}
    if not {"Identifier", "Grade", "Last modified (grade)"} <= set(at):
        raise Refused("invalidgradeimport")
    taken = []
    for line in lines:
        person = people[line[at["Identifier"]]]
        text = line[at["Grade"]]
        if times.get(person, "-") != line[at["Last modified (grade)"]] and times:
            continue
        if item.scale:
            fits = text in item.scale
        else:
            number = _float(text)
            fits = number is not None and 0 <= number <= (item.most or 0)
        if fits and item.grades.get(person) != text:
            item.grades[person] = text
            taken.append(person)
        if "Feedback comments" in at and line[at["Feedback comments"]] != item.feedback.get(person, ""):
            item.feedback[person] = line[at["Feedback comments"]]
    return taken


def canvas(raw: bytes, items: Mapping[str, Item], people: Mapping[str, str]) -> None:
    """Canvas: columns by the number in their header, people by ID. A blank cell takes a score away.

    The header begins Student, ID, and the last column of a person is Section; decimal commas are turned into points;
    a column without a number, or a person who is not there, would be made new.
    """
    text = raw.decode("utf-8-sig")
    first = text.splitlines()[:3]
    counts = {sign: {len(next(csv.reader([line], delimiter=sign))) for line in first} for sign in ";,"}
    delimiter = ";" if len(counts[";"]) == 1 and max(counts[";"]) > 1 else ","
    header, *lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if not (len(header) > 3 and "Student" in header[0] and "ID" in header[1] and "Section" in header):
        raise Refused("Invalid header row")
    columns = header[header.index("Section") + 1 :]
    read_only: set[str] = set()
    for line in lines:
        if "Points Possible" in line[0]:
            read_only = {name for name, cell in zip(header, line, strict=True) if "read only" in cell}
            for name in columns:
                number = name.rpartition("(")[2].rstrip(")")
                if number in items and _float(line[header.index(name)]) != items[number].most:
                    raise Refused("points possible would change")
            continue
        if line[1] not in people:
            raise Refused(f"new student {line[0]}")
        for name in columns:
            number = name.rpartition("(")[2].rstrip(")")
            if number not in items or name in read_only:
                raise Refused(f"new assignment {name}")
            cell = line[header.index(name)].strip()
            if re.fullmatch(r"-?[0-9.,]+%?", cell):
                *before, last = re.split("[,.]", cell)
                cell = f"{''.join(before)}.{last}" if before else last
            person = people[line[1]]
            if cell in ("", "-"):
                items[number].grades.pop(person, None)
            else:
                items[number].grades[person] = cell


def brightspace(raw: bytes, delimiter: str, items: Mapping[str, Item], final: Item | None = None) -> None:
    """Brightspace: OrgDefinedId and Username first, then grades only, then the end-of-line indicator in every row.

    Points above the maximum are cut to it; an empty cell changes nothing; a symbol must be one of the scheme.
    """
    header, *lines = _rows(raw.decode("utf-8-sig"), delimiter)
    people = [name for name in header if name in ("OrgDefinedId", "Username")]
    if header[: len(people)] != people or not people or header[-1] != "End-of-Line Indicator":
        raise Refused("the format of the file is wrong")
    for line in lines:
        person = line[0].lstrip("#")
        if line[-1] != "#":
            raise Refused("a row has no end")
        for name, cell in list(zip(header, line, strict=True))[len(people) : -1]:
            match = re.fullmatch(r"(.+) (Points Grade|Grade Symbol|Text Grade)(?: <.*>)?", name)
            if name == "Adjusted Final Grade Numerator" and final is not None:
                below = _float(line[header.index("Adjusted Final Grade Denominator")])
                final.grades[person] = f"{cell}/{below:g}"
            elif name == "Adjusted Final Grade Denominator":
                continue
            elif match is None or match[1] not in items:
                raise Refused(f"no grade item for {name}")
            elif cell:
                item = items[match[1]]
                if match[2] == "Points Grade":
                    item.grades[person] = f"{min(_float(cell) or 0, item.most or 0):g}"
                elif cell not in item.scale:
                    raise Refused(f"{cell} is not in the scheme")
                else:
                    item.grades[person] = cell


def blackboard(raw: bytes, items: Mapping[str, Item]) -> None:
    """Blackboard: people by Username, columns by the number at the end of their header; UTF-16 or UTF-8.

    A column without a number would become a new one, of text. Feedback goes with the only column of grades.
    """
    text = raw.decode("utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else raw.decode("utf-8-sig")
    header, *lines = _rows(text, "\t" if "\t" in text.splitlines()[0] else ",")
    if "Username" not in header:
        raise Refused("no Username")
    known = {"Last Name", "First Name", "Username", "Student ID", "Feedback to User", "Feedback Format"}
    for line in lines:
        person = line[header.index("Username")]
        for name, cell in zip(header, line, strict=True):
            match = re.fullmatch(r".+ \[.+\] \|(\d+)", name)
            if match is None and name not in known:
                raise Refused(f"new column {name}")
            if match is not None and cell:
                items[match[1]].grades[person] = cell
            if name == "Feedback to User" and cell:
                if line[header.index("Feedback Format")] not in ("PLAIN_TEXT", "HTML", "SMART_TEXT"):
                    raise Refused("no format of feedback")
                next(iter(items.values())).feedback[person] = cell
