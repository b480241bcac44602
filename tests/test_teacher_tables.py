"""Tables as teachers make them, through the command line: read right, or refused with a sentence that helps."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from kurssi.cli import run

PLAN = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024, language: fi, timing: {start: 2024-01-15, end: 2024-03-18}}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: essay, name: Essee, weight: 40, due: 2024-03-04 23:59}
    - {id: work, name: Ryhmätyö, weight: 30, by: group}
    - {id: exam, name: Tentti, weight: 30, graded: points, max: 30, boundaries: [10, 15, 20, 24, 27]}
  late: {deduct: 0.5, per: day}
"""

Rows = Sequence[Sequence[Any]]

HEAD = ["opiskelijanumero", "nimi", "ryhmä", "Essee", "Ryhmätyö", "Tentti"]
ONE, TWO = ["0101", "Alias, Akseli", "R1", "4", "3", "22"], ["0102", "Beta, Berta", "R2", "3", "4", "20"]
PLAIN = [HEAD, ONE, TWO]
"""What is read right comes to the same as this."""


def cells(**changed: str) -> list[list[str]]:
    """The plain table with other cells in the row of the first student."""
    return [HEAD, [changed.get(name, cell) for name, cell in zip(HEAD, ONE, strict=True)], TWO]


def timed(text: Any) -> list[list[Any]]:
    """The plain table with a time at which the first essay came."""
    return [[*HEAD, "Essee palautettu"], [*ONE, text], [*TWO, ""]]


LATE = {"0101": "3.5", "0102": "3"}
READ: list[tuple[str, Rows, dict[str, str], list[str]]] = [
    # name, table, essays by student, rules of the findings
    ("plain", PLAIN, {}, []),
    ("title above", [["Palvelumuotoilu 2024"], [], *PLAIN], {}, ["rows-above-header"]),
    ("title, teacher", [["Palvelumuotoilu"], ["Opettaja", "M. M."], *PLAIN], {}, ["rows-above-header"]),
    ("two header rows", [["Opiskelija", "", "", "Arvosanat", "", "Pisteet"], *PLAIN], {}, ["rows-above-header"]),
    ("average, in the number", [*PLAIN, ["Keskiarvo", "", "", "3,5", "3,5", "21"]], {}, ["summary-row"]),
    ("average, in the name", [*PLAIN, ["", "Keskiarvo:", "", "3,5", "3,5", "21"]], {}, ["summary-row"]),
    ("sum off the scale", [*PLAIN, ["Yhteensä", "2", "", "7", "7", "42"]], {}, ["summary-row"]),
    ("two summaries", [*PLAIN, ["KA", *[""] * 5], ["Summa", *[""] * 5]], {}, ["summary-row"] * 2),
    ("blank row in the middle", [HEAD, ONE, [""] * 6, TWO], {}, []),
    ("trailing blanks", [*PLAIN, *[[" ", "", " ", "", "", ""]] * 1000], {}, []),
    ("group in another case", [HEAD, ONE, [*TWO[:2], " r1 ", "3", "3", "20"]], {}, []),
    ("total and comment", [[*HEAD, "Yhteensä", "Kommentti"], [*ONE, "29", "hyvä"], [*TWO, "27", ""]], {},
     ["unused-columns"]),
    ("day of the week", timed("ti 5.3.2024 klo 10.12"), LATE, []),
    ("ISO", timed("2024-03-05T10:12"), LATE, []),
    ("text", timed("5.3.2024 10:12"), LATE, []),
    ("surname first", [["Sukunimi", "Etunimi", *HEAD[:1], *HEAD[3:]], ["Alias", "Akseli", *ONE[:1], *ONE[3:]]],
     {"0101": "4"}, []),
    ("first name first", [["Etunimi", "Sukunimi", *HEAD[:1], *HEAD[3:]], ["Akseli", "Alias", *ONE[:1], *ONE[3:]]],
     {"0101": "4"}, []),
]  # fmt: skip

REFUSED: list[tuple[str, Rows, str, str]] = [
    # name, table, rule, what the Finnish sentences have
    ("second row of headers", [HEAD, ["", "", "", "0-5", "0-5", "max 30"], ONE], "missing-student", "otsikkoriviltä"),
    ("average without a word", [*PLAIN, ["", "", "", "3,5", "3,5", "21"]], "missing-student", "kirjoita, kenen rivi"),
    ("names only", [HEAD[1:2] + HEAD[3:], ONE[1:2] + ONE[3:]], "sheet-header", "lisää sarake opiskelijanumero"),
    ("names and a number of another name", [["Perm #", *HEAD[1:2], *HEAD[3:]], ["7001234", *ONE[1:2], *ONE[3:]]],
     "sheet-header", '--map "Perm #=student"'),
    ("names and groups", [HEAD[1:], ONE[1:], TWO[1:]], "sheet-header", "lisää sarake opiskelijanumero"),
    ("names and one group", [["nimi", "ryhmä", "Ryhmätyö"], ["A, B", "R1", "4"], ["C, D", "R1", "4"]],
     "sheet-header", "lisää sarake opiskelijanumero"),
    ("of five", cells(Essee="4/5"), "bad-score", "tarkoitatko 4?"),
    ("full stop", cells(Essee="4,5."), "bad-score", "tarkoitatko 4,5?"),
    ("half", cells(Essee="4½"), "bad-score", "tarkoitatko 4,5?"),
    ("plus", cells(Essee="4+"), "bad-score", "tarkoitatko 4?"),
    ("lost comma", cells(Essee="45"), "score-off-scale", "tarkoitatko 4,5?"),
    ("note", cells(Essee="4 (uusinta)"), "bad-score", "huomautuksella on oma sarakkeensa"),
    ("unit", cells(Tentti="22 p"), "bad-score", "tarkoitatko 22?"),
    ("above max", cells(Tentti="31"), "score-off-scale", "korjaa tulos tai osan max:"),
    ("far above max", cells(Tentti="220"), "score-off-scale", "tarkoitatko 22,0?"),
    ("below 0", cells(Tentti="-1"), "score-off-scale", "pisteet alkavat nollasta"),
    ("percentage", cells(Tentti="80 %"), "bad-score", "80 % maksimista 30 on 24"),
    ("percentage of a grade", cells(Essee="80 %"), "bad-score", "kirjoita tulos: 0–5"),
    ("percentage above all", cells(Tentti="800 %"), "bad-score", "kirjoita tulos: 0–30"),
    ("the same row twice", [*PLAIN, TWO], "duplicate-student", "toinen niistä riittää"),
    ("one number, two names", [*PLAIN, ["0102", "Gamma, Gun", "R2", "3", "4", "20"]], "duplicate-student",
     "kahdella henkilöllä ei voi olla samaa numeroa"),
    ("one student, two rows", [*PLAIN, [*TWO[:3], "", "", "25"]], "duplicate-student", "kirjoita yhdelle riville"),
    ("no year", timed("ke 5.3. klo 10.12"), "bad-time", "esimerkiksi 5.3.2024 10.12"),
    ("no year, no day of the week", timed("5.3. 10.12"), "bad-time", "on ilman vuotta"),
    ("another day of the week", timed("ke 5.3.2024 klo 10.12"), "bad-time", "jokin toinen viikonpäivä"),
    ("no header", PLAIN[1:], "sheet-header", "kirjoita opiskelijoiden yläpuolelle otsikkorivi"),
    ("header nearly right", [["opiskelijanro", *HEAD[1:2], *HEAD[3:]], [*ONE[:2], *ONE[3:]]], "sheet-header",
     "opiskelijanro"),
]  # fmt: skip


def as_csv(rows: Rows) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([*row, *[""] * (len(HEAD) - len(row))] if len(row) == 2 else row for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append([None if cell == "" else cell for cell in row])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_ods(
    rows: Rows, coloured: int = 0, hidden: Mapping[int, str] = {}, column: int = 0, merged: str = "", more: str = ""
) -> bytes:
    """A table as LibreOffice writes it: one row coloured, rows hidden or filtered, a column hidden, cells merged.

    ``merged`` are the widths of merged cells of the first row, ``more`` stands behind the table.
    """
    width = max(map(len, rows))
    spans = list(map(int, merged.split())) if merged else []
    collapsed = ' table:visibility="collapse"'
    columns = "".join(
        f'<table:table-column{collapsed * (at == column)} table:default-cell-style-name="Default"/>'
        for at in range(1, width + 1)
    )
    body = ""
    for number, row in enumerate(rows, 1):
        shown = f' table:visibility="{hidden[number]}"' if number in hidden else ""
        style = ' table:style-name="ce1"' if number == coloured else ""
        cells = ""
        for cell in [*row, *[""] * (width - len(row))]:
            span = spans.pop(0) if number == 1 and spans else 1
            cells += _ods_cell(cell, style + (f' table:number-columns-spanned="{span}"' if span > 1 else ""))
            cells += f'<table:covered-table-cell table:number-columns-repeated="{span - 1}"/>' if span > 1 else ""
        body += f'<table:table-row table:style-name="ro1"{shown}>{cells}</table:table-row>'
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    content = (
        f'<office:document-content{spaces} xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">'
        '<office:automatic-styles><style:style style:name="ce1" style:family="table-cell" '
        'style:parent-style-name="Default"><style:table-cell-properties fo:background-color="#ff0000"/></style:style>'
        '<style:style style:name="ce2" style:family="table-cell" style:parent-style-name="Default"/>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Taulu1" table:style-name="ta1">{columns}{body}</table:table>{more}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("styles.xml", "<office:document-styles/>")
        archive.writestr("content.xml", content)
    return out.getvalue()


def _ods_cell(cell: Any, attributes: str) -> str:
    if cell == "":
        return f"<table:table-cell{attributes}/>"
    if isinstance(cell, datetime):
        kind, value = f'date" office:date-value="{cell.isoformat()}', f"{cell:%d.%m.%Y %H:%M}"
    elif isinstance(cell, (int, float)):
        kind, value = f'float" office:value="{cell}', str(cell)
    else:
        kind, value = "string", escape(cell)
    return f'<table:table-cell{attributes} office:value-type="{kind}"><text:p>{value}</text:p></table:table-cell>'


class Said:
    """What one run came to: its exit code, the JSON document, and the Finnish sentences."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.err = err
        self.document: dict[str, Any] = json.loads(out) if out else {}
        rules = [f["rule"] for f in self.document.get("findings", [])]
        self.rules = [rule for rule in rules if rule != "nothing-to-act-on"]  # which speaks of the policy

    @property
    def essays(self) -> dict[str, str]:
        """The value of every student's essay."""
        return {s["student"]: s["parts"]["essay"]["value"] for s in self.document["students"]}


@pytest.fixture
def graded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def grade(*sheets: bytes, suffix: str = "csv", plan: str = PLAN) -> Said:
        (tmp_path / "plan.yaml").write_text(plan, "utf-8")
        names = []
        for number, sheet in enumerate(sheets):
            names.append(tmp_path / f"{number}.{suffix}")
            names[-1].write_bytes(sheet)
        code = run(["grade", str(tmp_path / "plan.yaml"), *map(str, names), "--format", "json", "--lang", "fi"])
        return Said(code, *capsys.readouterr())

    return grade


WRITERS: dict[str, Callable[[Rows], bytes]] = {"csv": as_csv, "xlsx": as_xlsx, "ods": as_ods}


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize(("name", "rows", "essays", "rules"), READ, ids=[case[0] for case in READ])
def test_read_right(
    name: str, rows: Rows, essays: dict[str, str], rules: list[str], suffix: str, graded: Callable[..., Said]
) -> None:
    found = graded(WRITERS[suffix](rows), suffix=suffix)
    assert found.code == 0, (name, found.err)
    assert found.essays == (essays or {"0101": "4", "0102": "3"})
    assert found.rules == rules


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize(("name", "rows", "rule", "sentence"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused_with_a_way_out(
    name: str, rows: Rows, rule: str, sentence: str, suffix: str, graded: Callable[..., Said]
) -> None:
    found = graded(WRITERS[suffix](rows), suffix=suffix)
    assert found.code == 1, name
    assert found.err.count("virhe[") == 1, found.err  # one cause, said once
    assert f"virhe[{rule}]" in found.err
    assert sentence in found.err
    assert "poista" not in found.err


# ---- workbooks ---------------------------------------------------------------------------------------------


def book_of(rows: Rows) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(rows)))


def test_a_merged_title(graded: Callable[..., Said]) -> None:
    book = book_of([["Palvelumuotoilu"], *PLAIN])
    book.active.merge_cells("A1:F1")
    found = graded(saved(book), suffix="xlsx")
    assert (found.essays, found.rules) == ({"0101": "4", "0102": "3"}, ["rows-above-header"])


def test_merged_headers_above_the_headers(graded: Callable[..., Said]) -> None:
    book = book_of([["Opiskelija", "", "", "Arvosanat", "", "Pisteet"], *PLAIN])
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("D1:E1")
    assert graded(saved(book), suffix="xlsx").rules == ["rows-above-header"]


def test_students_on_the_second_worksheet(graded: Callable[..., Said]) -> None:
    book = book_of(PLAIN)
    book.create_sheet("Yhteystiedot", 0).append(["puhelin", "huone"])
    found = graded(saved(book), suffix="xlsx")
    assert (found.essays, found.rules) == ({"0101": "4", "0102": "3"}, ["unread-worksheet"])


def test_a_part_on_a_worksheet_without_students(graded: Callable[..., Said]) -> None:
    book = book_of([HEAD[:3], ONE[:3], TWO[:3]])
    book.active.title = "Ryhmät"
    scores = book.create_sheet("Pisteet", 0)
    for row in (["Essee", "Tentti"], ["4", "22"], ["3", "20"]):
        scores.append(row)
    found = graded(saved(book), suffix="xlsx")
    assert found.code == 1
    assert found.err.count("virhe[") == found.err.count("virhe[sheet-header]") == 1
    assert "opiskelijat ovat välilehdellä ”Ryhmät”" in found.err


def test_names_beside_a_roster_are_not_joined(graded: Callable[..., Said]) -> None:
    """Whose score it is would hang on a name: the way out is the column that the roster has."""
    names = [HEAD[1:2] + HEAD[3:], ONE[1:2] + ONE[3:]]
    found = graded(as_csv([HEAD[:3], ONE[:3], TWO[:3]]), as_csv(names))
    assert found.code == 1
    assert found.err.count("virhe[") == found.err.count("virhe[sheet-header]") == 1
    assert re.search(r"lisää sarake opiskelijanumero, jossa ovat tiedoston \S*0\.csv numerot", found.err)


def test_coloured_rows_are_told_once(graded: Callable[..., Said]) -> None:
    book = book_of(PLAIN)
    for cell in book.active[1]:
        cell.fill = PatternFill("solid", fgColor="DDDDDD")
    assert graded(saved(book), suffix="xlsx").rules == []  # a coloured header means nothing
    for cell in book.active[3]:
        cell.fill = PatternFill("solid", fgColor="FF0000")
    assert graded(saved(book), suffix="xlsx").rules == ["coloured-cells"]


def test_hidden_rows_and_columns(graded: Callable[..., Said]) -> None:
    book = book_of(PLAIN)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["D"].hidden = True
    found = graded(saved(book), suffix="xlsx")
    assert (found.essays, found.rules) == ({"0101": "4", "0102": "3"}, ["hidden-cells"] * 2)


def test_a_time_of_the_workbook(graded: Callable[..., Said]) -> None:
    found = graded(as_xlsx(timed(datetime(2024, 3, 5, 10, 12))), suffix="xlsx")  # noqa: DTZ001
    assert found.essays == LATE


# ---- the same, as LibreOffice writes it ----------------------------------------------------------------------

ESSAYS = {"0101": "4", "0102": "3"}


def test_a_merged_title_of_an_ods(graded: Callable[..., Said]) -> None:
    found = graded(as_ods([["Palvelumuotoilu"], *PLAIN], merged="6"), suffix="ods")
    assert (found.essays, found.rules) == (ESSAYS, ["rows-above-header"])


def test_two_rows_of_headers_of_an_ods(graded: Callable[..., Said]) -> None:
    found = graded(as_ods([["Opiskelija", "Arvosanat", "Pisteet"], *PLAIN], merged="3 2 1"), suffix="ods")
    assert (found.essays, found.rules) == (ESSAYS, ["rows-above-header"])


def test_coloured_rows_of_an_ods(graded: Callable[..., Said]) -> None:
    assert graded(as_ods(PLAIN, coloured=1), suffix="ods").rules == []
    found = graded(as_ods(PLAIN, coloured=3), suffix="ods")
    assert (found.essays, found.rules) == (ESSAYS, ["coloured-cells"])
    assert found.document["findings"][0]["line"] == 3
    assert "värejä ei lueta" in found.err


@pytest.mark.parametrize("how", ["collapse", "filter"])
def test_hidden_and_filtered_rows_of_an_ods(how: str, graded: Callable[..., Said]) -> None:
    found = graded(as_ods(PLAIN, hidden={3: how}, column=4), suffix="ods")
    assert (found.essays, found.rules) == (ESSAYS, ["hidden-cells"] * 2)
    assert "piilotettu" in found.err


def test_a_filter_that_hides_nothing(graded: Callable[..., Said]) -> None:
    ranges = (
        '<table:database-ranges><table:database-range table:name="a" table:target-range-address="Taulu1.A1:F3" '
        'table:display-filter-buttons="true"><table:filter><table:filter-condition table:field-number="3" '
        'table:operator="=" table:value="4"/></table:filter></table:database-range></table:database-ranges>'
    )
    found = graded(as_ods(PLAIN, more=ranges), suffix="ods")
    assert (found.essays, found.rules) == (ESSAYS, [])
    book = book_of(PLAIN)
    book.active.auto_filter.ref = "A1:F3"
    book.active.auto_filter.add_filter_column(3, ["4"])
    found = graded(saved(book), suffix="xlsx")
    assert (found.essays, found.rules) == (ESSAYS, [])


def test_a_filter_that_hides_rows(graded: Callable[..., Said]) -> None:
    book = book_of(PLAIN)
    book.active.auto_filter.ref = "A1:F3"
    book.active.auto_filter.add_filter_column(3, ["4"])
    book.active.row_dimensions[3].hidden = True
    found = graded(saved(book), suffix="xlsx")
    assert (found.essays, found.rules) == (ESSAYS, ["hidden-cells"])


@pytest.mark.parametrize(
    ("time", "due", "value"),
    [
        (datetime(2024, 3, 5, 10, 12), "", "3.5"),  # noqa: DTZ001
        (datetime(2024, 3, 5, 10, 12), datetime(2024, 3, 6), "4"),  # noqa: DTZ001
        (datetime(2024, 3, 5, 10, 12), datetime(2024, 3, 5, 9, 0), "3.5"),  # noqa: DTZ001
    ],
)
@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_dates_of_a_workbook(time: datetime, due: Any, value: str, suffix: str, graded: Callable[..., Said]) -> None:
    rows = [[*HEAD, "Essee palautettu", "Essee määräaika"], [*ONE, time, due], [*TWO, "", ""]]
    found = graded(WRITERS[suffix](rows), suffix=suffix)
    assert (found.code, found.essays) == (0, {"0101": value, "0102": "3"}), found.err


def test_a_number_in_the_place_of_a_date(graded: Callable[..., Said]) -> None:
    for suffix in ("ods", "xlsx"):
        found = graded(WRITERS[suffix](timed(45356.425)), suffix=suffix)
        assert found.code == 1
        assert "virhe[bad-time]" in found.err


# ---- a whole class -----------------------------------------------------------------------------------------


def a_class(exam: str, number: int = 5) -> bytes:
    return as_csv([HEAD, *([f"010{n}", "", f"R{n}", str(n % 3 + 2), str(n % 2 + 3), exam] for n in range(number))])


@pytest.mark.parametrize(
    ("exam", "number", "warned"), [("0", 5, True), ("25", 5, True), ("0", 4, False), ("?", 5, False)]
)
def test_one_score_for_everybody(exam: str, number: int, warned: bool, graded: Callable[..., Said]) -> None:
    found = graded(a_class(exam, number))
    assert found.code == 0
    assert found.rules == (["all-the-same"] if warned else [])


def test_a_group_of_five_with_one_score_is_no_wonder(graded: Callable[..., Said]) -> None:
    rows = [HEAD, *([f"010{n}", "", "R1", str(n % 3 + 2), "4", str(20 + n)] for n in range(5))]
    assert graded(as_csv(rows)).rules == []


def test_groups_that_may_be_one(graded: Callable[..., Said]) -> None:
    found = graded(as_csv([HEAD, ONE, [*TWO[:2], "R 1", *TWO[3:]]]))
    assert found.rules == ["similar-groups"]


# ---- peer marks and exports --------------------------------------------------------------------------------

PEERS = PLAN.replace("by: group}", "by: group, peer: {weight: 50 %}}")


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("arvioija;arvioitu;osuus", "”arvioitava”"),
        ("ryhmä;arvioija;arvioitu", "”arvioitava”"),
        ("arvioijan numero;saajan numero;osuus", "”saaja”"),
        ("opiskelijanumero;arvioitu;osuus", "antaja"),
        ("opiskelijanumero;saaja;osuus", "antaja"),
    ],
)
def test_a_peer_sheet_with_a_header_nearly_right(header: str, sentence: str, graded: Callable[..., Said]) -> None:
    marks = f"{header}\n0101;0102;3\n0101;0103;3\n0102;0101;3\n0102;0103;4\n".encode()
    found = graded(as_csv(PLAIN), marks, plan=PEERS)
    assert found.code == 1
    errors = {line.partition("]")[0] for line in found.err.splitlines() if "virhe[" in line}
    assert errors == {"virhe[peer-sheet"}
    assert sentence in found.err


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Essee (101),Tentti (102)\n    Points Possible,,,,,5,30\n"
    '"Alias, Akseli",502,aalias,KH,4,22\n"Beta, Berta",503,bberta,KH,4,20\n"Gamma, Gun",504,ggamma,KH,3,20\n'
)


def test_rows_that_lack_a_cell(graded: Callable[..., Said], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = graded(CANVAS.encode())
    assert found.code == 1
    assert found.err.count("virhe[") == found.err.count("virhe[ragged-row]") == 1
    code = run(["sheet", str(tmp_path / "plan.yaml"), "--from", str(tmp_path / "0.csv"), "--lang", "fi"])
    captured = capsys.readouterr()
    assert code == 1
    assert captured.out == ""
    assert "virhe[ragged-row]" in captured.err


def test_no_help_says_to_delete_a_row_or_a_column() -> None:
    """Two persons or two kinds of data may be meant (contract section 11.1)."""
    for module in sorted((Path(__file__).parent.parent / "src" / "kurssi" / "sheets").rglob("*.py")):
        for line in module.read_text("utf-8").splitlines():
            assert not ("msg(" in line and re.search(r"\b(delete|remove|empty the row)\b", line)), (module.name, line)
