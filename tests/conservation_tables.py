"""Policies of many kinds, and tables as teachers make them: section 4 of the contract in Finnish, English, Swedish."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from conservation import Case, Cell, Data, Table

SURNAMES = ("Virtanen", "Koski", "Åberg", "Mäki-Salo", "O'Neil", "von Essen", "Laine")
FIRST_NAMES = ("Aino", "Eero", "Märta Sofia", "Jean-Luc", "Ida", "Olli")
COMMENTS = ("hieno työ", "see me", "1,5 p pois", "", "x", "lähetetty uudelleen", "3")
GROUPS = ("A", "B", "Tiimi 3")
DUE = "2024-03-04 23:59"
SECOND_DUE = "2024-04-04 23:59"
TIMES = {
    1: ("2024-03-01 10:00", "2024-03-04 20:15", "2024-03-05 10:12", "6.3.2024 9.30", "2024-03-20 12:00"),
    2: ("2024-04-01 10:00", "2024-04-03 08:00", "2024-04-05 10:12", "2024-04-06T09:30", "2024-04-20 12:00"),
    3: ("2024-05-01 10:00", "2024-05-02 10:00", "2024-05-03 11:00"),
}
EXTENSIONS = {
    1: ("2024-03-05 23:59", "2024-03-07", "2024-03-20 12:00"),
    2: ("2024-04-05 23:59", "2024-04-10", "2024-04-22 12:00"),
    3: ("2024-05-05 23:59", "2024-05-10"),
}
LENGTHS = ("0:00:00", "1:30:00", "26:00:00", "49:00:00", "")

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "student": {"fi": ("opiskelijanumero", "opnro"), "en": ("student", "Student number"), "sv": ("studentnummer",)},
    "surname": {"fi": ("Sukunimi",), "en": ("surname", "Last name"), "sv": ("efternamn",)},
    "first name": {"fi": ("Etunimi", "etunimet"), "en": ("first name",), "sv": ("förnamn",)},
    "name": {"fi": ("Nimi",), "en": ("name", "Full name"), "sv": ("namn",)},
    "email": {"fi": ("Sähköposti",), "en": ("email",), "sv": ("e-post",)},
    "group": {"fi": ("Ryhmä", "pienryhmä"), "en": ("group",), "sv": ("grupp",)},
    "activity": {"fi": ("Aktiivisuus",), "en": ("activity",), "sv": ("aktivitet",)},
    "attended": {"fi": ("läsnäolokerrat", "Läsnä"), "en": ("attended",), "sv": ("närvaro",)},
    "from": {"fi": ("antaja", "arvioija"), "en": ("from",), "sv": ("från",)},
    "to": {"fi": ("saaja", "arvioitava"), "en": ("to",), "sv": ("till",)},
    "submitted": {"fi": ("palautettu",), "en": ("submitted",), "sv": ("inlämnad",)},
    "due": {"fi": ("määräaika",), "en": ("due", "deadline"), "sv": ("inlämningstid",)},
    "late": {"fi": ("myöhässä",), "en": ("late",), "sv": ("försening",)},
    "comment": {"fi": ("Kommentti", "Huom"), "en": ("Comment", "Notes"), "sv": ("Kommentar",)},
    "total": {"fi": ("Yhteensä", "Summa"), "en": ("Total", "Sum"), "sv": ("Totalt",)},
    "criterion": {"fi": ("panos", "laatu"), "en": ("effort", "quality"), "sv": ("insats", "kvalitet")},
    "grade": {"fi": ("arvosana",), "en": ("grade",), "sv": ("vitsord",)},
    "reason": {"fi": ("perustelu",), "en": ("reason",), "sv": ("motivering",)},
    "by": {"fi": ("tekijä",), "en": ("by",), "sv": ("av",)},
    "date": {"fi": ("päivä",), "en": ("date",), "sv": ("datum",)},
}
"""Headers; a column has one of them."""


def other(text: str, values: Sequence[str]) -> tuple[str, ...]:
    """All but this one, blank among them."""
    return tuple(dict.fromkeys(value for value in (*values, "") if value != text))


def pick(rng: random.Random, kind: str, values: Sequence[str], blank: float = 0.15) -> Cell:
    """A cell with one of the values, now and then empty."""
    text = "" if rng.random() < blank else rng.choice(values)
    return Cell(text, kind, other(text, values))


# ---- policies ------------------------------------------------------------------------------------------------

SCALES: tuple[tuple[object, int, int, int], ...] = (
    ("0-5", 0, 5, 1), ("0-5", 0, 5, 1), ("H-5", 0, 5, 1), ("4-10", 4, 10, 5), ("pass-fail", 0, 1, 1),
    ({"values": ["U", "G", "VG"], "passes_from": "G"}, 0, 2, 1),
    ({"values": ["U", "Fx", "E", "C", "A"], "passes_from": "E"}, 0, 4, 2),
)  # fmt: skip
"""The scale, its lowest value, top and pass grade."""


class Rules(NamedTuple):
    """What a policy under way is like."""

    rng: random.Random
    scale: object
    lowest: int
    top: int
    passing: int
    percent: bool

    def some(self, share: float) -> bool:
        return self.rng.random() < share


def policy(rng: random.Random) -> Data:
    """An assessment of some kind: every rule of section 5 turns up in some."""
    scale, lowest, top, passing = rng.choice(SCALES)
    percent = rng.random() < 0.35
    rules = Rules(rng, scale, lowest, top, passing, percent)
    data: Data = {"evaluation_scale": scale}
    if percent:
        first = 50 if top - lowest > 1 else 60
        data |= {"basis": "percent", "boundaries": [first + 7 * i for i in range(top - lowest)]}
    gates = scale == "pass-fail" and not percent
    number = rng.randint(1, 3)
    data["parts"] = [_part(rules, f"p{i}", gates or (i > 0 and rules.some(0.15)), 0) for i in range(number)]
    if not gates and rules.some(0.15):
        bonus = _part(rules, "extra", False, 1)
        data["parts"].append({**bonus, "bonus": True, "weight": 10})
        bonus_and_more = [p for p in data["parts"] if p.get("graded") != "pass-fail" and "bonus" not in p]
        if len(bonus_and_more) == 1:
            bonus_and_more[0]["weight"] = 100
    if rules.some(0.5):
        data["late"] = _late(rules, True)
    if rules.some(0.4):
        data["activity"] = _activity(rules)
    if rules.some(0.15):
        data["rounding"] = rng.choice(["down", "up", "half-even"])
    return data


def _part(rules: Rules, name: str, gate: bool, depth: int) -> Data:
    rng = rules.rng
    if not gate and depth == 0 and rules.some(0.12):
        children = [_part(rules, f"{name}{letter}", False, 1) for letter in "abc"]
        part: Data = {"id": name, "name": f"Osa {name}", "parts": children}
        if rules.some(0.6):
            part[rng.choice(["best", "drop_lowest"])] = 1
        return part
    part = {"id": name, "name": {"p0": "Essee", "p1": "Tentti", "p2": "Projekti"}.get(name, f"Tehtävä {name}")}
    if gate:
        part["graded"] = "pass-fail"
    elif rules.some(0.5):
        part |= {"graded": "points", "max": rng.choice([10, 20, 40])}
        if not rules.percent:
            _converted(rules, part)
    if rules.some(0.6):
        part["due"] = DUE
    if rules.some(0.35):
        part["retakes"] = rng.choice([1, 2, [{"due": SECOND_DUE}]])
        if rules.some(0.3):
            part["attempt"] = "latest"
        if rules.some(0.2) and not gate:
            part["retake_at_most"] = 60 if rules.percent else rules.passing
    if not gate and rules.some(0.2):
        part["minimum"] = "40 %" if "max" in part else 40 if rules.percent else rules.passing
    if rules.some(0.2):
        part["required"] = rng.random() < 0.5
    if rules.some(0.1):
        part["late"] = rng.choice(["none", _late(rules, False)])
    if rules.some(0.25):
        part["by"] = "group"
        if not gate and rules.some(0.6):
            part["peer"] = {"method": "webpa", **_peer(rules)}
    if rules.some(0.15):
        part["column"] = f"Assignment: {part['name']} (LMS)"
    return part


def _converted(rules: Rules, part: Data) -> None:
    steps = rules.top - rules.lowest
    if rules.top > rules.passing and rules.some(0.5):
        part["linear"] = {str(rules.passing): "50 %", str(rules.top): "90 %"}
    else:
        part["boundaries"] = [f"{40 + i * 50 // max(steps, 1)} %" for i in range(steps)]


def _late(rules: Rules, whole: bool) -> Data:
    rng = rules.rng
    if rules.scale == "pass-fail" and not rules.percent:
        return {"closes": "7 d"}
    late: Data = {"deduct": "10 %", "of": rng.choice(["earned", "max"])} if rules.percent else {"deduct": 1}
    late["per"] = rng.choice(["day", "day", "hour", "week"])
    if rules.some(0.3):
        late["closes"] = "7 d"
    if rules.some(0.2):
        late["grace"] = "1 h"
    if whole and rules.some(0.25):
        late["free"] = {"budget": "2 d" if late["per"] != "week" else "2 w",
                        "spend": rng.choice(["in-order", "where-it-helps"])}  # fmt: skip
    return late


def _peer(rules: Rules) -> Data:
    found: Data = {}
    if rules.some(0.5):
        found["weight"] = rules.rng.choice(["50 %", "100 %"])
    if rules.some(0.4):
        found["self"] = rules.rng.random() < 0.5
    if rules.some(0.3):
        found |= {"silent": "neutral", "penalty": "10 %"}
    return found


def _activity(rules: Rules) -> Data:
    size = 5 if rules.percent else 1
    if rules.some(0.5):
        return {"levels": {"active": size, "normal": 0, "passive": -size}}
    bands = [{"from": "90 %", "adjust": size}, {"from": "50 %", "adjust": 0}, {"from": "0 %", "adjust": -size}]
    return {"attendance": {"of": 8, "bands": bands}}


# ---- classes -------------------------------------------------------------------------------------------------


def leaves(parts: Sequence[Data]) -> list[Data]:
    """The parts that have cells."""
    return [leaf for part in parts for leaf in (leaves(part["parts"]) if "parts" in part else [part])]


def attempts_of(part: Data) -> int:
    retakes = part.get("retakes", 0)
    return 1 + (retakes if isinstance(retakes, int) else len(retakes))


def scores(part: Data, scale: object) -> tuple[str, ...]:
    """Scores that a part takes, each of another meaning, and the words of section 4."""
    words = ("-", "?", "EX", "AHOT")
    if part.get("graded") == "pass-fail":
        return ("HYV", "HYV", "H", *words)
    if part.get("graded") == "points":
        most = part["max"]
        return (str(most), str(most // 2), str(most * 7 // 10), f"{most * 8 // 10},5", "0", "hylätty", *words)
    if isinstance(scale, dict):
        return (*scale["values"], "hylätty", *words)
    if scale == "4-10":
        return ("4", "5", "7.5", "8", "10", "fail", *words)
    return ("0", "1", "2", "3.5", "4", "5", "H", *words) if scale != "pass-fail" else ("1", "0", "fail", *words)


def score(rng: random.Random, part: Data, scale: object, kind: str) -> Cell:
    """A cell of a part: mostly a number."""
    values = scores(part, scale)
    numbers = [v for v in values if v[0].isdigit()] or values[:2]
    text = rng.choice(numbers) if rng.random() < 0.75 else rng.choice((*values, ""))
    return Cell(text, kind, _others(text, values))


def _others(text: str, values: Sequence[str]) -> tuple[str, ...]:
    """Scores that say something else: an empty cell is ``?`` where there is a time, and ``-`` where no group speaks."""
    same = {"": ("?", "-"), "?": ("",), "-": ("",)}.get(text, ())
    return tuple(value for value in other(text, values) if value not in same)


class Column(NamedTuple):
    """A column of a class: what it is, its header, and a cell for each row."""

    kind: str
    header: str
    cells: list[Cell]


class Class:
    """The columns of a class, from which tables are put together."""

    def __init__(self, rng: random.Random, assessment: Data) -> None:
        self.rng, self.assessment = rng, assessment
        self.lang = rng.choice(["fi", "en", "sv"])
        self.leaves = leaves(assessment["parts"])
        self.size = rng.randint(2, 5)
        self.numbers = [f"{rng.choice(['00', 'A', ''])}{12 + i}{rng.randint(10, 99)}" for i in range(self.size)]
        self.groups = [rng.choice(GROUPS[:2]) for _ in range(self.size)]
        self.peers = any("peer" in part for part in self.leaves)
        self.grouped = self.peers or any(part.get("by") == "group" for part in self.leaves)
        self.criteria = rng.randint(1, 2)

    def word(self, kind: str) -> str:
        return self.rng.choice(WORDS[kind][self.lang])

    def several(self, kind: str, values: Sequence[str], blank: float = 0.15) -> Column:
        """A column with any of the values in each cell."""
        return Column(kind, self.word(kind), [pick(self.rng, kind, values, blank) for _ in range(self.size)])

    def numbers_column(self) -> Column:
        return Column("student", self.word("student"), [Cell(n, "student", ("9999", "X1")) for n in self.numbers])

    def identity(self) -> list[Column]:
        """Names in one of their forms, addresses, and the group where somebody needs it, or for nothing."""
        rng, found = self.rng, [self.numbers_column()]
        form = rng.randint(0, 3)
        if form == 1:
            names = [f"{s}, {f}" for s, f in zip(SURNAMES, FIRST_NAMES, strict=False)]
            found.append(self.several("name", [*names, "Aino Koski"], 0))
        elif form >= 2:
            found += [self.several("surname", SURNAMES, 0.05), self.several("first name", FIRST_NAMES, 0.05)]
            if form == 3 and rng.random() < 0.3:
                found.append(self.several("name", ["Koski, Aino", "Laine, Ida"], 0))
        if rng.random() < 0.4:
            addresses = [f"a{i}{rng.randint(10, 99)}@example.com" for i in range(self.size)]
            cells = [Cell(a, "email", ("new@example.com", "")) for a in addresses]
            found.append(Column("email", self.word("email"), cells))
        if self.grouped or rng.random() < 0.15:
            cells = [Cell(g, "group", other(g, GROUPS)) for g in self.groups]
            found.append(Column("group", self.word("group"), cells))
        return found

    def of_part(self, part: Data, rows: int) -> list[Column]:
        """The columns of a part: each attempt with its time, deadline or lateness."""
        rng, found = self.rng, []
        scale = self.assessment["evaluation_scale"]
        names = [part["id"], part["name"], *([part["column"]] if "column" in part else [])]
        base = rng.choice(names)
        for n in range(1, rng.randint(1, attempts_of(part)) + 1):
            header = base if n == 1 else f"{base} {n}"
            suffix = "" if n == 1 else " retake"
            found.append(Column("score" + suffix, header, [
                score(rng, part, scale, "score" + suffix) if n == 1 or rng.random() < 0.5
                else Cell("", "score" + suffix, _others("", scores(part, scale)))
                for _ in range(rows)
            ]))  # fmt: skip
            if rng.random() < 0.5:
                times = [pick(rng, "submitted" + suffix, TIMES[n], 0.25) for _ in range(rows)]
                found.append(Column("submitted" + suffix, f"{header} {self.word('submitted')}", times))
            if rng.random() < (0.2 if "due" in part else 0.05):
                times = [pick(rng, "due" + suffix, EXTENSIONS[n], 0.6) for _ in range(rows)]
                found.append(Column("due" + suffix, f"{header} {self.word('due')}", times))
            if rng.random() < 0.08:
                late = [pick(rng, "late" + suffix, LENGTHS[:-1], 0.3) for _ in range(rows)]
                found.append(Column("late" + suffix, f"{header} {self.word('late')}", late))
        return found

    def rest(self) -> list[Column]:
        """Activity, attendance, comments and sums."""
        rng, found = self.rng, []
        activity = self.assessment.get("activity", {})
        if "levels" in activity or rng.random() < 0.05:
            found.append(self.several("activity", ["active", "normal", "passive"]))
        if "attendance" in activity or rng.random() < 0.05:
            found.append(self.several("attended", ["0", "4", "6", "8"]))
        if rng.random() < 0.3:
            found.append(self.several("comment", COMMENTS))
        if rng.random() < 0.2:
            found.append(self.several("total", ["3", "17,5", "40", "-"]))
        return found

    def shared(self) -> Table | None:
        """A sheet of groups."""
        by_group = [part for part in self.leaves if part.get("by") == "group"]
        if not by_group:
            return None
        names = sorted(set(self.groups)) + (["Z"] if self.rng.random() < 0.05 else [])
        columns = [Column("group", self.word("group"), [Cell(n, "group", other(n, GROUPS)[:-1]) for n in names])]
        for part in by_group:
            columns += self.of_part(part, len(names))
        if self.rng.random() < 0.2:
            columns.append(Column("comment", self.word("comment"),
                                  [pick(self.rng, "comment", COMMENTS) for _ in names]))  # fmt: skip
        return table("groups.csv", columns, "groups")

    def marks(self) -> Table:
        """A sheet of peer marks: everybody marks everybody of the group, but for a silent one now and then."""
        rng = self.rng
        own = rng.random() < 0.5
        rows = []
        for i, giver in enumerate(self.numbers):
            silent = rng.random() < 0.1
            for j, taker in enumerate(self.numbers):
                if silent or self.groups[i] != self.groups[j] or (i == j and not own):
                    continue
                marks = [pick(rng, "mark" if i != j else "own mark", ["0", "1", "2", "3,5", "5"], 0)
                         for _ in range(self.criteria)]  # fmt: skip
                marks = [m._replace(others=tuple(o for o in m.others if o)) for m in marks]
                everybody = tuple(n for n in self.numbers if n not in (giver, taker))
                rows.append([Cell(giver, "from", everybody), Cell(taker, "to", everybody), *marks])
        criteria = WORDS["criterion"][self.lang]
        criteria = criteria if self.lang != "fi" or self.criteria == 1 else ("panos", "laatu")
        heads = [self.word("from"), self.word("to"), *criteria[: self.criteria]]
        return Table("peer.csv", [[Cell(h) for h in heads], *rows], "peer")

    def overrides(self) -> Table:
        """Final grades set by hand."""
        rng, scale = self.rng, self.assessment["evaluation_scale"]
        grades = scale["values"] if isinstance(scale, dict) else {"4-10": ["4", "7", "10"], "pass-fail": ["H", "HYV"]}
        grades = grades if isinstance(grades, list) else grades.get(str(scale), ["0", "3", "5"])
        heads = [self.word(kind) for kind in ("student", "grade", "reason", "by", "date", "comment")]
        rows = []
        for number in rng.sample(self.numbers, rng.randint(1, 2)):
            grade, reason, day = rng.choice(grades), rng.choice(["oikaisu", "suullinen koe"]), "2024-05-02"
            rows.append([
                Cell(number, "student", tuple(n for n in self.numbers if n != number)),
                Cell(grade, "grade", tuple(g for g in grades if g != grade)),
                Cell(reason, "reason", ("toinen syy",)), pick(rng, "by", ["NN", "MM"]),
                Cell(day, "date", ("3.5.2024",)), pick(rng, "comment", COMMENTS),
            ])  # fmt: skip
        return Table("overrides.csv", [[Cell(h) for h in heads], *rows], "overrides")


def table(name: str, columns: Sequence[Column], kind: str = "students") -> Table:
    """A table of columns."""
    rows = zip(*(c.cells for c in columns), strict=True)
    return Table(name, [[Cell(c.header) for c in columns], *([*row] for row in rows)], kind)


def teacher(rng: random.Random) -> Case:
    """A policy and a class as a teacher keeps it: one sheet or several, groups, peer marks, overrides, workbooks."""
    assessment = policy(rng)
    made = Class(rng, assessment)
    identity, rest = made.identity(), made.rest()
    in_rows = made.grouped and rng.random() < 0.3
    groups = None if in_rows else made.shared()
    columns: list[Column] = []
    for part in made.leaves:
        if part.get("by") == "group" and groups is not None and rng.random() < 0.8:
            continue
        own = made.of_part(part, made.size)
        if part.get("by") == "group":
            own = [_not_blanked(c, groups) for c in own] if groups is not None else own
            own = _as_the_group(made, own) if rng.random() < 0.7 else own
        columns += own
    tables = _put_together(rng, made, identity, columns, rest)
    tables += [groups] if groups is not None else []
    if made.peers and rng.random() < 0.85:
        tables.append(made.marks())
    workbook = rng.random() < 0.05
    _dress(rng, tables, workbook)
    overrides = made.overrides() if rng.random() < 0.1 else None
    return Case("workbook" if workbook else "plain", assessment, tables, overrides)


def _not_blanked(column: Column, group_sheet: Table | None = None) -> Column:
    """The column without others that are empty or that the group says: what two sheets say may stand in one of them."""
    said = {""} | ({cell.text for row in group_sheet.rows for cell in row} if group_sheet else set())
    return column._replace(cells=[c._replace(others=tuple(o for o in c.others if o not in said)) for c in column.cells])


def _as_the_group(made: Class, columns: Sequence[Column]) -> list[Column]:
    """Columns in which every member has what the first of its group has."""
    first = [made.groups.index(group) for group in made.groups]
    return [c._replace(cells=[c.cells[at] for at in first]) for c in columns]


def _put_together(
    rng: random.Random, made: Class, identity: list[Column], columns: list[Column], rest: list[Column]
) -> list[Table]:
    """One sheet, or a roster and others that are joined to it by number or by address."""
    if rng.random() < 0.65 or not columns:
        mixed = [*columns, *rest]
        rng.shuffle(mixed)
        return [table("scores.csv", [*identity, *mixed])]
    half = rng.randint(0, len(columns))
    later = [*columns[half:], *rest]
    address = next((c for c in identity if c.kind == "email"), None)
    key = address if address is not None and rng.random() < 0.3 else identity[0]
    twice = [c for c in identity[1:] if c is not key and rng.random() < 0.2]
    twice += [c for c in columns[:half] if rng.random() < 0.15]
    for column in twice if later else []:
        column.cells[:] = _not_blanked(column).cells
    tables = [table("roster.csv", [*identity, *columns[:half]])]
    return [*tables, table("more.csv", [key, *twice, *later])] if later else tables


def _dress(rng: random.Random, tables: list[Table], workbook: bool) -> None:
    """How the files are written: separators, encodings; or all of them as worksheets of one workbook."""
    for number, each in enumerate(tables):
        if workbook:
            each.name, each.tab = "book.xlsx", f"Tab{number + 1}"
        elif rng.random() < 0.6:
            each.delimiter = rng.choice(";\t")
            each.encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16"])
