"""``kurssi feedback``: what a column is, the figures, silence under three answers, and no person in any output."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.diagnostics.words import Words
from kurssi.reports.course_feedback import as_markdown, as_text
from kurssi.reports.course_feedback_page import as_html
from kurssi.surveys.figures import UNREAD, Silent, figures, nps_interval, wilson
from kurssi.surveys.reading import read_surveys
from kurssi.surveys.recognition import recognise
from strategies import examples

ROOT = Path(__file__).parent.parent
SHEET = ROOT / "examples" / "KH00BT03-2024" / "palaute.csv"
Capture = pytest.CaptureFixture[str]

NPS = "Kuinka todennäköisesti suosittelisit opintojaksoa?"
CES = "Paljonko asian hoitamisesta oli itsellenne vaivaa?"
STEPS = [
    "Paljon vähemmän, mitä odotin",
    "Vähän vähemmän, mitä odotin",
    "Se, mitä odotin",
    "Vähän enemmän, mitä odotin",
    "Paljon enemmän, mitä odotin",
]


def sheet(folder: Path, *columns: Sequence[object], name: str = "palaute.csv") -> str:
    """A sheet of columns, each its header and its answers."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(zip(*columns, strict=True))
    path = folder / name
    path.write_text(out.getvalue(), encoding="utf-8")
    return str(path)


def as_json(capsys: Capture, *arguments: str, code: int = 0) -> dict[str, Any]:
    assert run(["feedback", *arguments, "--format", "json", "--lang", "en"]) == code
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def question(document: dict[str, Any], at: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = document["surveys"][0]["questions"][at]
    return found


# ---- figures -----------------------------------------------------------------------------------------------


def test_nps_as_defined(tmp_path: Path, capsys: Capture) -> None:
    found = question(as_json(capsys, sheet(tmp_path, [NPS, 10, 9, 9, 8, 7, 6, 0, 10, 9, 5])))
    assert (found["kind"], found["n"], found["recognised_by"]) == ("nps", 10, "header-and-values")
    figures = found["figures"]
    assert figures["promoters"] == {"count": 5, "share": "0.5"}
    assert figures["passives"] == {"count": 2, "share": "0.2"}
    assert figures["detractors"] == {"count": 3, "share": "0.3"}
    assert figures["nps"] == "20"
    assert figures["counts"] == {str(n): c for n, c in enumerate([1, 0, 0, 0, 0, 1, 1, 1, 1, 3, 2])}
    # (5.75 − 3.75) / 13 ± 1.96 √((9.5/13 − (2/13)²) / 13), by hand
    middle, half = 2 / 13, 1.959963984540054 * math.sqrt((9.5 / 13 - (2 / 13) ** 2) / 13)
    assert figures["interval"]["low"] == f"{100 * (middle - half):.1f}" == "-30.3"
    assert figures["interval"]["high"] == f"{100 * (middle + half):.1f}" == "61.1"
    assert "Rocks" in figures["interval"]["method"]


def test_nps_that_does_not_terminate_is_exact(tmp_path: Path, capsys: Capture) -> None:
    assert question(as_json(capsys, sheet(tmp_path, [NPS, 10, 8, 8])))["figures"]["nps"] == "100/3"


def test_ces_in_the_words_of_the_question(tmp_path: Path, capsys: Capture) -> None:
    found = question(as_json(capsys, sheet(tmp_path, [CES, *STEPS, STEPS[0], "5 = " + STEPS[4]])))
    assert (found["kind"], found["scale"]) == ("ces", [1, 5])
    assert found["figures"]["counts"] == {"1": 2, "2": 1, "3": 1, "4": 1, "5": 2}
    assert found["figures"]["mean"] == "3"
    assert (found["figures"]["less"]["count"], found["figures"]["more"]["count"]) == (3, 3)
    assert found["figures"]["more"]["interval"] == {
        "method": "Wilson (1927)",
        "confidence": "95 %",
        "low": "15.8",
        "high": "75",
    }


def test_ces_says_that_lower_is_better(tmp_path: Path, capsys: Capture) -> None:
    run(["feedback", sheet(tmp_path, [CES, 1, 2, 5]), "--lang", "fi"])
    assert "CES 2,67 (1–5, pienempi on parempi)" in capsys.readouterr().out


def test_statements_have_distribution_and_mean(tmp_path: Path, capsys: Capture) -> None:
    found = question(as_json(capsys, sheet(tmp_path, ["Opin uutta", 6, "5", "", 5, "en osaa sanoa", 4])))
    assert (found["kind"], found["scale"], found["recognised_by"]) == ("scale", [1, 6], "assumed")
    assert (found["n"], found["cannot_say"]) == (4, 1)
    assert found["figures"] == {"counts": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 2, "6": 1}, "mean": "5"}


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 200))
@examples(200)
def test_intervals_hold_the_limits(promoters: int, detractors: int, passives: int) -> None:
    n = promoters + detractors + passives
    interval = nps_interval(promoters, detractors, n)
    assert -100 <= interval.low <= interval.high <= 100
    mirrored = nps_interval(detractors, promoters, n)
    assert (mirrored.low, mirrored.high) == (-interval.high, -interval.low)
    share = wilson(promoters, n)
    assert 0 <= share.low <= Fraction(100 * promoters, n) + Fraction(1, 20)
    assert Fraction(100 * promoters, n) - Fraction(1, 20) <= share.high <= 100
    middle = (promoters - detractors) / (n + 3)
    var = (promoters + detractors + 1.5) / (n + 3) - middle**2
    assert float(interval.high) == pytest.approx(
        min(100 * (middle + 1.959964 * math.sqrt(var / (n + 3))), 100), abs=0.051
    )


# ---- what a column is --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "answers", "kind"),
    [
        ("How likely are you to recommend this course to a friend?", ["0", "10", "7"], "nps"),
        ("Hur sannolikt är det att du rekommenderar kursen?", ["3", "10", "7"], "nps"),
        ("NPS", ["3", "5", "6"], "nps"),
        ("Kuinka todennäköisesti suosittelet opintojaksoa?", ["3", "5", "6"], "nps"),
        ("Suosittelisitko opintojaksoa? (0-10)", ["3", "5", "6"], "nps"),
        ("Suosittelisitko opintojaksoa?", ["3", "9", "6"], "nps"),
        ("Suosittelen opintojaksoa muille", ["3", "5", "6"], "scale"),
        ("Suosittelen opintojaksoa muille (1–6)", ["3", "5", "6"], "scale"),
        ("How much effort did it take? (1-7)", ["3", "5", "4"], "scale"),
        ("Suosittelisitko kurssia?", ["kyllä", "ehkä jos aikaa on", "en"], "open"),
        ("How much effort did it take?", ["1", "5", "3"], "ces"),
        ("Vaiva", ["Paljon vähemmän, mitä odotin", "Se, mitä odotin", "Vähän enemmän, mitä odotin"], "ces"),
        ("Effort", ["A little more than I expected", "As expected", "Much less than I expected"], "ces"),
        ("Möda", ["lite mer än jag väntade mig", "som väntat", "mycket mindre än väntat"], "ces"),
        ("I put in effort", ["5", "4", "3"], "scale"),
        ("Opin uutta", ["6 = täysin samaa mieltä", "1 = täysin eri mieltä", "3"], "scale"),
        ("Tunteja viikossa", ["40", "12", "8"], "number"),
        ("Työmäärä", ["sopiva", "liian suuri", "sopiva", "liian suuri"], "choice"),
        ("Mikä oli hyvää?", ["Työpajat", "Aihe", "Ryhmä"], "open"),
        ("ID", ["1", "2", "3"], "technical"),
        ("Start time", ["2024-03-01 10:00", "2024-03-01 10:01"], "technical"),
        ("Vastattu", ["1.3.2024 10.00", "1.3.2024 10.10"], "technical"),
        ("Email", ["a@example.org"], "identity"),
        ("Nimi", ["Alias Akseli"], "identity"),
        ("Student number", ["0000101"], "identity"),
        ("Kuka olet?", ["akseli@example.org", "eeva@example.org", "-x"], "identity"),
        ("Tunniste", ["0000101", "0000102", "0000103"], "identity"),
        ("Opin uutta", [], "empty"),
    ],
)
def test_columns_are_recognised(header: str, answers: list[str], kind: str) -> None:
    assert recognise(header, answers).kind == kind


@pytest.mark.parametrize(
    ("answers", "scale"),
    [(["1", "5"], None), (["6", "2"], (1, 6)), (["7", "2"], (1, 7)), (["9", "2"], (1, 10)), (["0", "9"], (0, 10))],
)
def test_scale_that_the_answers_fit(answers: list[str], scale: tuple[int, int] | None) -> None:
    assert recognise("Opin uutta", answers).scale == scale


def test_header_names_the_scale(tmp_path: Path, capsys: Capture) -> None:
    found = question(as_json(capsys, sheet(tmp_path, ["Opin uutta (1–5)", 5, 4, 4])))
    assert (found["scale"], found["recognised_by"]) == ([1, 5], "header")


def test_column_says_what_it_is(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, ["Opin uutta", 5, 4, 4], ["Lopuksi", 10, 9, 2], ["Muuta", 1, 2, 3])
    document = as_json(capsys, name, "--column", "opin  UUTTA=1-5", "--column", "B=nps", "--column", "Muuta=skip")
    assert question(document)["scale"] == [1, 5]
    assert question(document, 1)["figures"]["nps"] == "100/3"
    assert question(document, 2)["kind"] == "left-out"
    assert {q["recognised_by"] for q in document["surveys"][0]["questions"]} == {"said"}


@pytest.mark.parametrize("said", ["Opin uutta", "Opin uutta=", "=nps", "Opin uutta=5-1", "Opin uutta=ehkä"])
def test_column_option_wrong(tmp_path: Path, capsys: Capture, said: str) -> None:
    assert run(["feedback", sheet(tmp_path, ["Opin uutta", 5, 4, 4]), "--column", said]) == 2
    assert "HEADER=KIND" in capsys.readouterr().err


def test_column_option_for_no_column(tmp_path: Path, capsys: Capture) -> None:
    assert run(["feedback", sheet(tmp_path, ["Opin uutta", 5, 4, 4]), "--column", "Opn uutta=nps", "--lang", "en"]) == 2
    assert "no sheet has a column “Opn uutta”" in capsys.readouterr().err


def test_output_says_how_each_column_was_read(capsys: Capture) -> None:
    run(["feedback", str(SHEET), "--lang", "en"])
    shown = capsys.readouterr().out.partition("How the columns were read:")[2]
    for letter in "ABCDEFGHIJKLMN":
        assert f"\n  {letter}  " in shown
    assert "Nimi: left out: looks like a person's identity" in shown


# ---- silence and persons -----------------------------------------------------------------------------------


def test_nothing_is_shown_of_two_answers(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(
        tmp_path,
        [NPS, 10, 1, ""],
        ["Mikä oli hyvää?", "Salaisuus", "Toinen salaisuus", ""],
        ["Työmäärä", "sopiva", "sopiva", ""],
        ["Opin uutta", 6, 5, 4],
    )
    outputs = []
    for kind in ("text", "md", "json"):
        assert run(["feedback", name, "--format", kind, "--lang", "en"]) == 0
        outputs.append(capsys.readouterr().out)
    page = tmp_path / "p.html"
    assert run(["feedback", name, "-o", str(page), "--lang", "en"]) == 0
    capsys.readouterr()
    for text in (*outputs, page.read_text("utf-8")):
        assert "alaisuus" not in text
        assert "NPS 0" not in text
        assert "sopiva" not in text
    document = json.loads(outputs[2])
    assert [q["figures"] for q in document["surveys"][0]["questions"][:3]] == [None, None, None]
    assert "2 answers; nothing is shown of fewer than 3 answers" in outputs[0]


def test_no_person_comes_out(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(
        tmp_path,
        ["Nimi", "Virtanen Veera", "Mallinen Matti", "Oletettu Outi"],
        ["Sähköposti", "veera@example.org", "matti@example.org", "outi@example.org"],
        ["Opiskelijanumero", "0001234", "0001235", "0001236"],
        [
            "Mikä oli hyvää?",
            "Veera Virtasen ryhmä ja Virtanen, Veeralle",
            "Kysy matti@example.org",
            "Numero 0001236 kiittää",
        ],
    )
    page = tmp_path / "p.html"
    texts = []
    for kind in ("text", "md", "json"):
        assert run(["feedback", name, "--format", kind, "-o", str(page), "--force"]) == 0
        texts += [capsys.readouterr().out, page.read_text("utf-8")]
    for text in texts:
        for person in ("irta", "Veera", "matti", "Mallinen", "Oletettu", "000123", "@example"):
            assert person not in text
        assert "ryhmä" in text


def test_answers_do_not_keep_the_order_of_the_rows(tmp_path: Path, capsys: Capture) -> None:
    found = question(as_json(capsys, sheet(tmp_path, ["Mikä oli hyvää?", "Öljy", "appelsiini", "Banaani"])))
    assert found["figures"]["answers"] == ["appelsiini", "Banaani", "Öljy"]


def test_scale_of_words_keeps_its_order(tmp_path: Path, capsys: Capture) -> None:
    answers = ["täysin samaa mieltä"] * 3 + ["Jokseenkin eri mieltä"] + ["samaa mieltä"] * 2 + ["En osaa sanoa"] * 2
    load = [
        "liian suuri",
        "sopiva",
        "sopiva",
        "Hieman liian suuri",
        "sopiva",
        "liian pieni",
        "hieman liian pieni",
        "sopiva",
    ]
    document = as_json(capsys, sheet(tmp_path, ["Opin uutta", *answers], ["Työmäärä", *load]), "--column", "B=choice")
    assert [text.casefold() for text in question(document, 1)["figures"]["counts"]] == [
        "liian pieni",
        "hieman liian pieni",
        "sopiva",
        "hieman liian suuri",
        "liian suuri",
    ]
    seen = ["Vastasi odotuksianne"] * 4 + ["Ylitti odotuksenne"] * 5 + ["Ei vastannut odotuksianne"] * 2
    third = as_json(capsys, sheet(tmp_path, ["Miten palvelu mielestänne hoitui?", *seen]))
    assert question(third)["figures"]["counts"] == {
        "Ei vastannut odotuksianne": 2,
        "Vastasi odotuksianne": 4,
        "Ylitti odotuksenne": 5,
    }
    assert next(iter(question(third)["figures"]["counts"])).startswith("Ei vastannut")
    found = question(document)
    assert (found["kind"], found["n"], found["cannot_say"]) == ("choice", 6, 2)
    assert list(found["figures"]["counts"].items()) == [
        ("Jokseenkin eri mieltä", 1),
        ("samaa mieltä", 2),
        ("täysin samaa mieltä", 3),
    ]


def test_several_choices_are_counted_by_respondent(tmp_path: Path, capsys: Capture) -> None:
    found = question(
        as_json(capsys, sheet(tmp_path, ["Mistä kuulit?", "esite;opo;", "opo;", "opo;esite;opo;", "opo;"]))
    )
    assert (found["kind"], found["n"], found["figures"]["counts"]) == ("choice", 4, {"opo": 4, "esite": 2})
    run(["feedback", str(tmp_path / "palaute.csv"), "--lang", "en"])
    out = capsys.readouterr().out
    assert "4 answers; one could choose several" in out
    assert "opo    4  100 %" in out


def test_one_respondent_with_three_choices_is_still_one(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, ["Mistä kuulit?", "esite;opo;muu;", "esite;opo;muu;", ""], ["Opin uutta", 4, 5, 6])
    found = question(as_json(capsys, name, "--column", "A=choice"))
    assert (found["n"], found["figures"]) == (2, None)


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.text(max_size=12),
                st.sampled_from(
                    ["5", "11", "0", "-", "", *STEPS, "a@b.fi", "0001234", "1.3.2024 10.00", "n/a", "9;8;"]
                ),
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=7,
    ),
    st.lists(st.sampled_from([NPS, CES, "Nimi", "Opin uutta", "ID", "Mikä oli hyvää?", ""]), min_size=3, max_size=3),
)
@examples(150)
def test_no_sheet_is_too_odd(rows: list[list[str]], header: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    surveys, _, _ = read_surveys([("x.csv", out.getvalue().encode("utf-8", "replace"))])
    for survey in surveys:
        for lang in ("fi", "en", "sv"):
            words = Words(lang)
            as_text(survey, None, words, 60)
            as_markdown(survey, 5, words)
        as_html(surveys, None, Words("fi"))
        for read in survey.questions:
            answers = len(read.steps) + len(read.texts) + len(read.choices) + len(read.numbers)
            if read.kind not in UNREAD and answers < 3:
                assert isinstance(figures(read), Silent)


# ---- errors ------------------------------------------------------------------------------------------------


def test_answer_off_the_scale_is_a_finding_and_leaves_no_figure(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, [NPS, 10, 11, 9, 9, "8,5"], ["Opin uutta", 5, 5, 6, 4, 4])
    assert run(["feedback", name, "--lang", "en"]) == 1
    out, err = capsys.readouterr()
    assert "error[bad-answer]: “11” is not on the scale 0–10" in err
    assert "row 3, cell A3" in err
    assert "“8,5”" in err
    assert "NPS " not in out.partition("How the columns")[0]
    assert "mean 4.8" in out
    assert question(as_json(capsys, name, code=1))["figures"] is None


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "no-answers"),
        (b"Opin uutta\n", "no-answers"),
        (b"ID;Nimi\n1;Alias Akseli\n", "no-question"),
        (b"\x00\xff\xfe", "sheet-unreadable"),
        (b"Opin uutta;Muuta\n5;hyvin;viel\xc3\xa4\n", "ragged-row"),
        (b'Opin uutta;Muuta\n5;"hyvin\n', "sheet-unreadable"),
    ],
)
def test_bad_sheets_are_findings(tmp_path: Path, capsys: Capture, content: bytes, rule: str) -> None:
    path = tmp_path / "palaute.csv"
    path.write_bytes(content)
    assert run(["feedback", str(path), "--lang", "en"]) == 1
    assert f"error[{rule}]" in capsys.readouterr().err


def test_missing_sheet(capsys: Capture) -> None:
    assert run(["feedback", "puuttuu.csv", "--lang", "en"]) == 2
    assert "puuttuu.csv cannot be opened" in capsys.readouterr().err


def test_page_that_cannot_be_written(tmp_path: Path, capsys: Capture) -> None:
    assert run(["feedback", str(SHEET), "-o", "palaute.xlsx", "--lang", "en"]) == 2
    assert ".html, .md, .json" in capsys.readouterr().err
    other = tmp_path / "palaute.html"
    other.write_text("mine")
    assert run(["feedback", str(SHEET), "-o", str(other)]) == 2
    assert other.read_text() == "mine"


# ---- outputs -----------------------------------------------------------------------------------------------


def test_workbook_reads_as_the_csv(tmp_path: Path, capsys: Capture) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    rows = list(csv.reader(io.StringIO(SHEET.read_text("utf-8-sig")), delimiter=";"))
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    path = tmp_path / "palaute.xlsx"
    book.save(path)
    from_book, from_csv = as_json(capsys, str(path)), as_json(capsys, str(SHEET))
    assert from_book["surveys"][0]["questions"] == from_csv["surveys"][0]["questions"]
    assert from_book["surveys"][0]["sheet"] == "Sheet"


def test_response_rate(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, ["Opin uutta", 5, 4, 4, ""], ["ID", 1, 2, 3, 4])
    assert as_json(capsys, name, "--invited", "4")["surveys"][0]["response_rate"] == "0.75"
    run(["feedback", name, "--invited", "4", "--lang", "fi"])
    assert "3 / 4 vastasi: vastausprosentti 75 %" in capsys.readouterr().out


def test_answers_cannot_steer_the_terminal(tmp_path: Path, capsys: Capture) -> None:
    for kind in ("text", "md"):
        run(["feedback", sheet(tmp_path, ["Mikä oli \x1b[2Jhyvää?", "\x1b[31mx", "y", "z"]), "--format", kind])
        assert "\x1b" not in capsys.readouterr().out


def test_narrow_output_stays_narrow(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    run(["feedback", str(SHEET), str(SHEET), "--lang", "fi", "--color", "never"])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 60
    assert any("█" in line for line in lines)


@pytest.mark.parametrize("lang", ["fi", "en", "sv"])
def test_two_runs_side_by_side(tmp_path: Path, capsys: Capture, lang: str) -> None:
    one = sheet(tmp_path, [NPS, 10, 9, 9], ["Opin uutta (1-5)", 5, 5, 5], name="2023.csv")
    two = sheet(tmp_path, ["Opin uutta (1-5)", 4, 4, 5], [NPS, 1, 9, 9], name="2024.csv")
    for kind in ("text", "md"):
        run(["feedback", one, two, "--lang", lang, "--format", kind])
        out = capsys.readouterr().out
        compared = out[out.rindex("2023") - 200 :]
        assert "NPS" in compared
        assert compared.index("100") < compared.index("33")
        assert "4.33" in compared.replace(",", ".")
    assert len(as_json(capsys, one, two)["surveys"]) == 2


class Page(HTMLParser):
    """Balance of the page's elements, and what it refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.named: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.named += [value or "" for name, value in attrs if name == "aria-labelledby"]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_is_self_contained_and_harmless(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, ["Mikä <b>oli</b> hyvää?", "<script>alert(1)</script>", "a & b", "c"], [NPS, 9, 9, 1])
    path = tmp_path / "palaute.html"
    assert run(["feedback", name, "-o", str(path), "--lang", "sv"]) == 0
    text = path.read_text("utf-8")
    page = Page(text)
    assert page.open == []
    assert "script" not in page.seen
    assert page.links == []
    assert len(set(page.ids)) == len(page.ids)
    assert set(page.named) == set(page.ids)
    assert "default-src 'none'" in text
    assert "&lt;script&gt;" in text
    assert '<html lang="sv">' in text
    assert page.seen.count("main") == page.seen.count("h1") == 1
    assert page.seen.count("svg") == 4


def test_markdown_is_harmless(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, ["Mikä oli | hyvää?", "<b>", "[x](y)", "# z"])
    run(["feedback", name, "--format", "md"])
    out = capsys.readouterr().out
    assert "\\<b\\>" in out
    assert "\\[x\\]" in out


def test_the_example_is_as_shown(capsys: Capture) -> None:
    found = as_json(capsys, str(SHEET))["surveys"][0]
    assert found["responses"] == 12
    assert found["questions"][5]["figures"]["nps"] == "100/3"
    assert [q["kind"] for q in found["questions"]] == [
        *["technical"] * 3, *["identity"] * 2, "nps", "ces", *["scale"] * 5, "open", "open",
    ]  # fmt: skip
