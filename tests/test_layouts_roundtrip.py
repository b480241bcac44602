"""A class written out in each layout is read back as the same class."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurssi.course.check import check
from kurssi.diagnostics.finding import Severity
from kurssi.policy.model import Policy, resolve
from kurssi.sheets import read_sheets
from kurssi.sheets.proposal import propose

PARTS = (("essay", "Essee", 50), ("exam", "Tentti", 20))


class One(NamedTuple):
    """A student, and the hundredths of a point of each part; ``None`` where nothing was handed in."""

    number: str
    surname: str
    first: str
    scores: tuple[int | None, ...]

    @property
    def email(self) -> str:
        return f"{self.number.lower()}@example.com"

    @property
    def name(self) -> str:
        return f"{self.surname}, {self.first}"


def number_text(score: int | None, comma: bool = False) -> str:
    if score is None:
        return ""
    text = f"{score // 100}.{score % 100:02}"
    return text.replace(".", ",") if comma else text


def lines(rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def plain(people: Sequence[One], delimiter: str, comma: bool) -> bytes:
    head = ["opiskelijanumero", "sukunimi", "etunimi", *(name for _, name, _ in PARTS)]
    return lines(
        [head, *([p.number, p.surname, p.first, *(number_text(s, comma) for s in p.scores)] for p in people)], delimiter
    )


def canvas(people: Sequence[One], delimiter: str, comma: bool) -> bytes:
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    head += [f"{name} ({100 + i})" for i, (_, name, _) in enumerate(PARTS)] + ["Final Score"]
    most = ["    Points Possible", "", "", "", "", *(number_text(m * 100, comma) for *_, m in PARTS), "(read only)"]
    rows = [
        [p.name, str(9000 + i), p.number, p.email, "A", *(number_text(s, comma) for s in p.scores), "55"]
        for i, p in enumerate(people)
    ]
    return lines([head, ["", "", "", "", "", "Manual Posting", "", ""], most, *rows], delimiter)


def moodle(people: Sequence[One], delimiter: str, comma: bool) -> bytes:
    head = ["First name", "Last name", "ID number", "Institution", "Department", "Email address"]
    head += [f"Assignment: {name} (Real)" for _, name, _ in PARTS] + ["Course total (Real)"] * 2
    rows = [
        [
            p.first,
            p.surname,
            p.number,
            "",
            "",
            p.email,
            *(number_text(s, comma) or "-" for s in p.scores),
            "1.00",
            "1.00",
        ]
        for p in people
    ]
    return lines([head, *rows], delimiter)


def moodle_workbook(people: Sequence[One], _delimiter: str, _comma: bool) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        ["Etunimi", "Sukunimi", "ID-numero", "Sähköpostiosoite", *(f"Tehtävä: {n} (Todellinen)" for _, n, _ in PARTS)]
    )
    for p in people:
        sheet.append([p.first, p.surname, p.number, p.email, *("-" if s is None else s / 100 for s in p.scores)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def gradescope(people: Sequence[One], _delimiter: str, _comma: bool) -> bytes:
    head = ["First Name", "Last Name", "SID", "Email"]
    for _, name, _ in PARTS:
        head += [name, f"{name} - Max Points", f"{name} - Submission Time", f"{name} - Lateness (H:M:S)"]
    rows = []
    for p in people:
        row = [p.first, p.surname, p.number, p.email]
        for (_, _, most), score in zip(PARTS, p.scores, strict=True):
            came = "" if score is None else "2024-03-01 12:00:00 +0200"
            row += [number_text(score), f"{most}.0", came, "00:00:00"]
        rows.append(row)
    return lines([head, *rows])


def blackboard(people: Sequence[One], _delimiter: str, comma: bool) -> bytes:
    head = ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"]
    head += [f"{name} [Total Pts: {most} Score] |{100 + most}" for _, name, most in PARTS]
    rows = [
        [p.surname, p.first, p.email.partition("@")[0], p.number, "", "Yes", *(number_text(s, comma) for s in p.scores)]
        for p in people
    ]
    return lines([head, *rows], "\t", "utf-16")


def brightspace(people: Sequence[One], delimiter: str, comma: bool) -> bytes:
    head = ["OrgDefinedId", "Username", "Last Name", "First Name"]
    head += [f"{name} Points Grade <Numeric MaxPoints:{most} Weight:33.33333333>" for _, name, most in PARTS]
    rows = [
        [f"#{p.number}", f"#u{p.number}", p.surname, p.first, *(number_text(s, comma) for s in p.scores), "#"]
        for p in people
    ]
    return lines([[*head, "End-of-Line Indicator"], *rows], delimiter)


def sakai(people: Sequence[One], delimiter: str, comma: bool) -> bytes:
    head = ["Student ID", "Student Name"]
    for _, name, most in PARTS:
        head += [f"{name} [{number_text(most * 100, comma)}]", f"* {name}"]
    rows = []
    for p in people:
        row = [p.number, p.name]
        for score in p.scores:
            row += [number_text(score, comma) or "null", "null"]
        rows.append(row)
    return lines([head, *rows], delimiter)


WRITERS: dict[str, Callable[[Sequence[One], str, bool], bytes]] = {
    "plain": plain,
    "canvas": canvas,
    "moodle": moodle,
    "moodle.xlsx": moodle_workbook,
    "gradescope": gradescope,
    "blackboard": blackboard,
    "brightspace": brightspace,
    "sakai": sakai,
}
LETTERS = (
    st.text(st.sampled_from("ABCÅÄÖabcåäöéñ'- "), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: any(c.isalpha() for c in text))
)
STUDENTS = st.lists(
    st.builds(
        One,
        st.from_regex(r"[0-9A-Z]?[0-9]{5,7}", fullmatch=True),
        LETTERS,
        LETTERS,
        st.tuples(*(st.none() | st.integers(0, most * 100) for *_, most in PARTS)),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda p: p.number.lower(),
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    parts = "\n".join(f"    - {{id: {i}, name: {n}, graded: points, max: {m}}}" for i, n, m in PARTS)
    text = (
        "kurssi: 1\ncourse: {code: K, name: N, credits: 5}\nimplementation: {id: K1}\nassessment:\n"
        f"  evaluation_scale: 0-5\n  basis: percent\n  boundaries: [50, 60, 70, 80, 90]\n  parts:\n{parts}\n"
    )
    checked = check(text.encode(), "x.yaml")
    assert checked.file is not None
    return resolve(checked.file)


@pytest.mark.parametrize("layout", WRITERS)
@settings(max_examples=40, deadline=None)
@given(people=STUDENTS, delimiter=st.sampled_from(",;\t"), comma=st.booleans())
def test_what_is_written_is_read(layout: str, policy: Policy, people: list[One], delimiter: str, comma: bool) -> None:
    raw = WRITERS[layout](people, delimiter, comma)
    classlist, findings = read_sheets([("a.csv", raw)], policy)
    assert classlist is not None, findings
    assert not [f for f in findings if f.severity >= Severity.warning]
    assert [s.student for s in classlist.students] == [p.number for p in people]
    for student, person in zip(classlist.students, people, strict=True):
        for (part, _, _), score in zip(PARTS, person.scores, strict=True):
            attempts = student.attempts.get(part, ())
            read = attempts[0].score if attempts else None
            assert read == (None if score is None else Fraction(score, 100))


PIECES = st.sampled_from(
    [",", ";", "\t", '"', "\n", "-", "EX", "80.00 %", "3/4/24", "1700000000", "(read only)", "    Points Possible", "#",
     "99:99:99", "Out Of", "<Numeric MaxPoints:1>", "2 days late", "", "0", "1,5", "é"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    layout=st.sampled_from([name for name in WRITERS if not name.endswith("xlsx")]),
    people=STUDENTS,
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 12), PIECES), min_size=1, max_size=5),
)
def test_nothing_in_an_export_is_a_crash(
    layout: str, policy: Policy, people: list[One], changes: list[tuple[int, int, str]]
) -> None:
    raw = WRITERS[layout](people, ",", False)
    text = raw.decode("utf-16" if layout == "blackboard" else "utf-8")
    for at, gone, piece in changes:
        at %= len(text) + 1
        text = text[:at] + piece + text[at + gone :]
    classlist, findings = read_sheets([("a.csv", text.encode())], policy)
    assert (classlist is None) == any(f.severity is Severity.error for f in findings)
    proposals, _ = propose("a.csv", text.encode(), policy)
    assert len(proposals) <= 1
