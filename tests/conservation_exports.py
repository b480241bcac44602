"""Writers of the tables with scores that systems export, in every language that their layouts know."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from conservation import Case, Cell, Data, Table
from conservation_tables import COMMENTS, FIRST_NAMES, SURNAMES, other, pick
from conservation_words import AVERAGE, BLACKBOARD, FORMS, MOODLE, MOODLE_TIMES, PERCENT, SYNC, WORKSHEETS

DUE = "2024-03-04 23:59"


class Item(NamedTuple):
    """A part as the exports of this file have it."""

    id: str
    name: str
    most: int


ITEMS = (Item("essay", "Essee", 40), Item("exam", "Tentti", 20))


class Person(NamedTuple):
    """A student of an export."""

    number: str
    surname: str
    first: str

    @property
    def email(self) -> str:
        return f"s{self.number.lower()}@example.com"

    @property
    def login(self) -> str:
        return f"u{self.number.lower()}"

    @property
    def name(self) -> str:
        return f"{self.surname}, {self.first}"


class Export:
    """A class that a system writes: each column is added with its header and a cell for each person."""

    def __init__(self, rng: random.Random, lang: str = "en") -> None:
        self.rng, self.lang = rng, lang
        surnames, firsts = rng.sample(SURNAMES, 4), rng.sample(FIRST_NAMES, 4)
        numbers = [f"{rng.choice(['00', 'A', ''])}{31 + i}{rng.randint(10, 99)}" for i in range(4)]
        self.people = [Person(*one) for one in zip(numbers, surnames, firsts, strict=True)][: rng.randint(2, 4)]
        self.comma = rng.random() < 0.3 and lang != "en"
        self.columns: list[list[Cell]] = []
        self.above: list[list[Cell]] = []
        """Rows between the header and the first student."""
        self.delimiter = ","
        self.encoding = "utf-8"

    def add(self, header: str, cells: Sequence[Cell]) -> Export:
        """One more column."""
        self.columns.append([Cell(header), *cells])
        return self

    def fixed(self, header: str, kind: str, values: Sequence[str], others: Sequence[str]) -> Export:
        """A column with a value for each person, which could be any of the others."""
        return self.add(header, [Cell(v, kind, tuple(o for o in others if o != v)) for v in values])

    def who(self, **headers: str) -> Export:
        """Columns that say who somebody is, in the order of the arguments."""
        words: dict[str, tuple[list[str], tuple[str, ...]]] = {
            "number": ([p.number for p in self.people], ("99999",)),
            "surname": ([p.surname for p in self.people], SURNAMES),
            "first": ([p.first for p in self.people], FIRST_NAMES),
            "name": ([p.name for p in self.people], ("Nurmi, Ulla",)),
            "whole": ([f"{p.first} {p.surname}" for p in self.people], ("Ulla Nurmi",)),
            "email": ([p.email for p in self.people], ("new@example.com",)),
            "login": ([p.login for p in self.people], ("u77777",)),
        }
        kinds = {"number": "student", "first": "first name", "whole": "name"}
        for word, header in headers.items():
            self.fixed(header, kinds.get(word, word), *words[word])
        return self

    def any(self, header: str, kind: str, values: Sequence[str], blank: float = 0.2) -> Export:
        """A column with any of the values."""
        return self.add(header, [pick(self.rng, kind, values, blank) for _ in self.people])

    def number(self, value: float | int) -> str:
        text = f"{value:.2f}"
        return text.replace(".", ",") if self.comma else text

    def scores(self, header: str, item: Item, words: Sequence[str] = (), blank: str = "") -> Export:
        """A column of scores, with the words of the system."""
        numbers = [self.number(item.most * share / 100) for share in (0, 35, 50, 72.5, 100)]
        cells = []
        for _ in self.people:
            text = self.rng.choice(numbers) if self.rng.random() < 0.75 else self.rng.choice([*words, blank])
            nothing = ("", "-", "null") if text in ("", "-", "null") else ()  # the system says nothing in any of them
            cells.append(Cell(text, "score", tuple(v for v in (*numbers, *words, blank) if v not in (text, *nothing))))
        return self.add(header, cells)

    def table(self, name: str = "export.csv", kind: str = "students", preamble: Sequence[Sequence[Cell]] = ()) -> Table:
        """The table; rows above the header are as wide as it."""
        rows = [list(row) for row in zip(*self.columns, strict=True)]
        wide = [[*row, *[Cell("")] * (len(rows[0]) - len(row))] for row in (*preamble, rows[0], *self.above)]
        return Table(name, [*wide, *rows[1:]], kind, len(preamble), self.delimiter, self.encoding)


def rules(rng: random.Random, late: bool = False, gate: bool = False) -> Data:
    """A policy of the two parts, percent or grades by boundaries; with a late rule where the layout has times."""
    percent = rng.random() < 0.5
    parts: list[Data] = []
    for item in ITEMS:
        part: Data = {"id": item.id, "name": item.name, "graded": "points", "max": item.most}
        if not percent:
            part["linear"] = {"1": "50 %", "5": "90 %"}
        if late and rng.random() < 0.75:
            part["due"] = DUE
        parts.append(part)
    if gate:
        parts.append({"id": "peer_review", "name": "Vertaisarviointi", "graded": "pass-fail"})
    data: Data = {"evaluation_scale": "0-5", "parts": parts}
    if percent:
        data |= {"basis": "percent", "boundaries": [50, 60, 70, 80, 90]}
    if late and rng.random() < 0.7:
        data["late"] = {"deduct": "10 %", "of": "max"} if percent else {"deduct": 1}
    return data


def own_table(export: Export) -> Table:
    """The scores of the same people, as their teacher keeps them."""
    mine = Export(export.rng)
    mine.people = export.people
    mine.who(number="student")
    for item in ITEMS:
        mine.scores(item.name, item, ("-", "?", "EX"))
    return mine.table("scores.csv")


# ---- systems with scores ---------------------------------------------------------------------------------------


def canvas(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang)
    split = rng.random() < 0.2
    if split:
        out.who(surname="LastName", first="FirstName")
    else:
        out.who(name="Student")
    out.fixed("ID", "own id", [str(900 + i) for i in range(len(out.people))], ["777"])
    out.who(number="SIS User ID", login="SIS Login ID").any("Section", "known", ["A", "B"])
    before = len(out.columns)
    for at, item in enumerate(ITEMS):
        out.scores(f"{item.name} ({501 + at})", item, ("EX", "N/A"))
    out.any("Notes", "comment", COMMENTS).any("Final Score", "total", ["55.00", "71.5"]).any(
        "Final Grade", "total", ["C", "B"]
    )
    most = [Cell("    Points Possible"), *[Cell("")] * (before - 1)]
    most += [Cell(out.number(item.most), "most", ("33.00",)) for item in ITEMS]
    most += [Cell(""), Cell("(read only)", "most total", ("",)), Cell("(read only)", "most total", ("",))]
    if rng.random() < 0.5:
        posting = [*[Cell("")] * before, Cell("Manual Posting", "posting", ("",)), Cell("")]
        out.above.append(posting)
    out.above.append(most)
    data = out.table()
    if rng.random() < 0.3:
        width = len(data.rows[0])
        test = ["Student, Test", *([""] if split else []), "999", "", "test", "A"]
        cells = [Cell(text, "test student", ()) for text in test]
        cells = [*cells, *[Cell("12", "test student", ("13", ""))] * (width - len(test))]
        if not split:
            data.rows.append(cells[:width])
    return Case(f"canvas {lang}", rules(rng), [data])


def moodle(rng: random.Random, lang: str) -> Case:
    first, surname, number, email, score, total, feedback, suspended, no, downloaded = MOODLE[lang]
    out = Export(rng, lang).who(first=first, surname=surname, number=number, email=email)
    out.delimiter = rng.choice(",;\t")
    if lang == "en":
        out.any("Institution", "known", ["Metropolia"]).any("Department", "known", ["ICT"])
    if rng.random() < 0.4:
        out.any(suspended, "enrolment", [no, "Yes"], 0)
    share = rng.random() < 0.25
    for item in ITEMS:
        if share:
            header = score.format(item.name).rpartition("(")[0] + f"({PERCENT[lang]})"
            texts = ["80.00 %", "35.00 %", "100.00 %"]
            out.add(
                header,
                [Cell(t := rng.choice([*texts, "-"]), "score", other(t, [*texts, "-"])[:-1]) for _ in out.people],
            )
        else:
            out.scores(score.format(item.name), item, ("-",))
        if rng.random() < 0.4:
            out.any(feedback.format(item.name), "comment", COMMENTS)
    out.any(total, "total", [out.number(50), out.number(61)]).any(downloaded, "known", ["1700000000", "1700000001"], 0)
    return Case(f"moodle {lang}", rules(rng), [out.table()])


def worksheet(rng: random.Random, lang: str) -> Case:
    words = WORKSHEETS[lang]
    out = Export(rng, lang)
    ids = [f"{words[1]}{100 + i}" for i in range(len(out.people))]
    out.fixed(words[0], "own id", ids, [f"{words[1]}77"]).who(whole=words[2])
    if rng.random() < 0.7:
        out.who(number=words[3])
    out.who(email=words[4]).any(words[5], "status", words[13], 0)
    if rng.random() < 0.4:
        out.any(words[6], "group", ["A", "B"])
    item = ITEMS[0]
    out.scores(words[7], item).add(words[8], [Cell(out.number(item.most), "most", ("33.00",)) for _ in out.people])
    out.any(words[9], "known", [words[14]], 0)
    times = MOODLE_TIMES[lang]
    out.any(words[10], "submitted", times, 0).any(words[11], "known", times, 0).any(words[12], "comment", COMMENTS)
    # the other part stands in a table of the teacher's own
    return Case(
        f"moodle-assignment {lang}", rules(rng, late=True), [own_only(out, 1), out.table("Kurssi-Essee-123.csv")]
    )


def own_only(export: Export, at: int) -> Table:
    """A table of the teacher's own with one of the parts."""
    mine = Export(export.rng)
    mine.people = export.people
    mine.who(number="student", email="email", whole="name").scores(ITEMS[at].name, ITEMS[at], ("-", "?", "EX"))
    return mine.table("scores.csv")


LATENESS = ("00:00:00", "26:05:00", "01:30:00")
STAMPS = ("2024-03-01 12:00:00 +0200", "2024-03-05 10:00:00 +0200", "2024-03-06 01:00:00 +0200")


def gradescope(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang).who(first="First Name", surname="Last Name", number="SID", email="Email")
    out.any("Sections", "known", ["A", "B"])
    for item in ITEMS:
        out.scores(item.name, item).add(
            f"{item.name} - Max Points", [Cell(f"{item.most}.0", "most", ("33.0",))] * len(out.people)
        )
        if rng.random() < 0.7:
            out.any(f"{item.name} - Submission Time", "submitted", STAMPS)
        if rng.random() < 0.7:
            out.any(f"{item.name} - Lateness (H:M:S)", "late", LATENESS)
    out.any("Total Lateness (H:M:S)", "known", LATENESS)
    return Case(f"gradescope {lang}", rules(rng, late=True), [out.table()])


def gradescope_assignment(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang).who(first="First Name", surname="Last Name", number="SID", email="Email")
    out.scores("Total Score", ITEMS[0]).add("Max Points", [Cell("40.0", "most", ("33.0",))] * len(out.people))
    out.any("Status", "status", ["Graded", "Missing", "Ungraded"], 0)
    out.any("Submission ID", "known", ["1", "2"]).any("Submission Time", "submitted", STAMPS)
    out.any("Lateness (H:M:S)", "late", LATENESS).any("View Count", "known", ["1", "2"])
    out.any("1: Johdanto (10.0 pts)", "question", ["5.0", "10.0"]).any(
        "2.1: Pohdinta (5.0 pts)", "question", ["5.0", "1.0"]
    )
    return Case(
        f"gradescope-assignment {lang}", rules(rng, late=True), [own_only(out, 1), out.table("Essee_scores.csv")]
    )


def blackboard(rng: random.Random, lang: str) -> Case:
    surname, first, login, number, access, available, yes, score = BLACKBOARD[lang]
    out = Export(rng, lang).who(surname=surname, first=first, login=login, number=number)
    out.any(access, "known", ["2024-03-01 12:00:00", "2024-03-02 12:00:00"]).any(available, "enrolment", yes, 0)
    for at, item in enumerate(ITEMS):
        out.scores(f"{item.name} [{score.format(item.most)}] |{140 + at}", item, ("In Progress", "Exempt", "null"))
    out.any("Weighted Total [Total Pts: 100 Score] |99", "total", ["55.0", "61.0"])
    out.delimiter, out.encoding = "\t", "utf-16"
    return Case(f"blackboard {lang}", rules(rng), [out.table()])


def brightspace(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang)
    out.fixed("OrgDefinedId", "student", [f"#{p.number}" for p in out.people], ["#99999"])
    out.fixed("Username", "login", [f"#{p.login}" for p in out.people], ["#u77"])
    out.who(surname="Last Name", first="First Name")
    if rng.random() < 0.4:
        out.who(email="Email")
    for item in ITEMS:
        out.scores(f"{item.name} Points Grade <Numeric MaxPoints:{item.most} Weight:33.33333333>", item, ("Exempt",))
        if rng.random() < 0.3:
            out.any(f"{item.name} Weighted Grade <Numeric Weight:33.33333333>", "total", ["10.0", "11.5"])
    out.any("Calculated Final Grade Numerator", "total", ["55.0", "61.0"])
    out.add("End-of-Line Indicator", [Cell("#", "known", ()) for _ in out.people])
    return Case(f"brightspace {lang}", rules(rng), [out.table()])


def sakai(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang).who(number="Student ID", name="Student Name")
    for item in ITEMS:
        out.scores(f"{item.name} [{out.number(item.most)}]", item, ("null",)).any(f"* {item.name}", "comment", COMMENTS)
    out.any("Course Grade", "total", ["A", "B"])
    return Case(f"sakai {lang}", rules(rng), [out.table()])


def markus(rng: random.Random, lang: str) -> Case:
    out = (
        Export(rng, lang)
        .who(login="User name", surname="Last name", first="First name")
        .any("Section", "known", ["1", "2"])
    )
    out.who(number="Id number", email="Email")
    for item in ITEMS:
        out.scores(item.name, item)
    out.any("Total", "total", ["55", "61"])
    out.above.append(
        [
            Cell("Out Of"),
            *[Cell("")] * 5,
            *(Cell(str(i.most), "most", ("33",)) for i in ITEMS),
            Cell("60", "most total", ("61",)),
        ]
    )
    return Case(f"markus {lang}", rules(rng), [out.table()])


def classroom(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang).who(surname="Last Name", first="First Name", email="Email Address")
    for item in ITEMS:
        out.scores(item.name, item, ("Excused",))
    blank = [Cell(""), Cell("")]
    out.above += [
        [Cell("Date"), *blank, *[Cell("2024-03-01", "posting", ("2024-03-02",))] * 2],
        [Cell("Points"), *blank, *(Cell(str(i.most), "most", ("33",)) for i in ITEMS)],
    ]
    return Case(f"google-classroom {lang}", rules(rng), [out.table()])


def forms(rng: random.Random, lang: str) -> Case:
    words = FORMS[lang]
    out = Export(rng, lang)
    out.fixed(words[0], "own id", [str(i + 1) for i in range(len(out.people))], ["77"])
    out.any(words[1], "known", ["2024-03-01 09:00:00"], 0).any(words[2], "submitted", [s[:19] for s in STAMPS], 0)
    out.who(email=words[3], whole=words[4]).scores(words[5], ITEMS[0]).any(words[6], "comment", COMMENTS)
    out.who(number=words[7]).any(f"{words[8]} 1", "question", ["1", "2"])
    return Case(f"forms {lang}", rules(rng, late=True), [own_only(out, 1), out.table("Essee.csv")])


def teams(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang).who(first="First Name", surname="Last Name", email="Email Address")
    for item in ITEMS:
        out.scores(item.name, item, ("Excused",))
        out.add("Points", [Cell(str(item.most), "most", ("33",))] * len(out.people)).any(
            "Feedback", "comment", COMMENTS
        )
    return Case(f"teams {lang}", rules(rng), [out.table()])


def ossi(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang).who(number="studentNo")
    for item in ITEMS:
        out.scores(item.name, item)
    out.any("Total", "total", ["55", "61"])
    return Case(f"ossi {lang}", rules(rng), [out.table()])


def itslearning(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang)
    out.fixed(SYNC[lang], "login", [f"u{p.number}" for p in out.people], ["u77"])
    if rng.random() < 0.7:
        out.who(number={"en": "Student number", "fi": "Opiskelijanumero", "sv": "Studentnummer"}[lang])
    out.who(whole={"en": "Name", "fi": "Nimi", "sv": "Namn"}[lang])
    for item in ITEMS:
        out.scores(f"{item.name} (1.3.2024)", item)
    out.any(AVERAGE[lang], "total", ["3,2", "4"])
    return Case(f"itslearning {lang}", rules(rng), [out.table()], maps=[(f"{i.name} (1.3.2024)", i.id) for i in ITEMS])


def sisu_grades(rng: random.Random, lang: str) -> Case:
    out = Export(rng, lang).who(number="studentNumber").any("grade", "total", ["3", "4"])
    out.any("credits", "known", ["5"]).any("assessmentDate", "known", ["1.3.2024"]).any(
        "completionLanguage", "known", ["fi"]
    )
    out.any("comment", "comment", COMMENTS)
    return Case(f"sisu-grades {lang}", rules(rng), [out.table(), own_table(out)])
