"""``kurssi plan``: the page in three languages, one field for the register, run sheets; as text, Markdown and HTML."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kurssi.cli import run
from kurssi.course.check import check
from kurssi.course.yaml_reader import load
from kurssi.diagnostics.words import Words
from kurssi.planning.week_load import hours_by_week
from kurssi.policy.model import resolve
from kurssi.reports.plan.fields import FIELDS
from kurssi.reports.plan.text import escape
from kurssi.reports.policy_words import sentences

ROOT = Path(__file__).parent.parent
PLANS = [ROOT / "implementations" / f"KH00BT03-{year}.yaml" for year in (2023, 2024)]
WORKSHOPS = ROOT / "examples" / "workshops" / "TYOPAJAT-2025.yaml"
HEAD = "kurssi: 1\ncourse: {code: X, name: Y, credits: 5}\nimplementation: {id: X-1}\n"

# the published page's own words, in its order; the English and Swedish ones are the glossary's
LABELS = {
    "fi": [
        "Tunnus", "Laajuus", "Osaamistavoitteet", "Sisältö", "Ilmoittautumisaika", "Ajoitus", "Opintopistemäärä",
        "Toteutustapa", "Yksikkö", "Toimipiste", "Opetuskielet", "Paikat", "Opettaja", "Ryhmät", "Tavoitteet",
        "Sisältö", "Oppimateriaalit", "Opetusmenetelmät", "Tenttien ajankohdat ja uusintamahdollisuudet",
        "Pedagogiset toimintatavat ja kestävä kehitys", "Opiskelijan ajankäyttö ja kuormitus", "Sisällön jaksotus",
        "Viestintäkanava ja lisätietoja", "Arviointiasteikko", "Arviointimenetelmät ja arvioinnin perusteet",
        "Hylätty (0)", "Arviointikriteerit, tyydyttävä (1-2)", "Arviointikriteerit, hyvä (3-4)",
        "Arviointikriteerit, kiitettävä (5)",
    ],
    "en": [
        "Code", "Scope", "Learning outcomes", "Content", "Enrollment", "Timing", "Number of ECTS credits allocated",
        "Mode of delivery", "Unit", "Campus", "Teaching languages", "Seats", "Teachers", "Groups", "Objective",
        "Content", "Materials", "Teaching methods", "Exam schedules", "Pedagogy and sustainable development",
        "Student workload", "Content scheduling", "Further information", "Evaluation scale",
        "Assessment methods and criteria", "Fail (0)", "Assessment criteria, satisfactory (1-2)",
        "Assessment criteria, good (3-4)", "Assessment criteria, excellent (5)",
    ],
    "sv": [
        "Kurskod", "Omfattning", "Lärandemål", "Innehåll", "Anmälningstid", "Tidpunkt", "Antal studiepoäng",
        "Genomförandesätt", "Enhet", "Verksamhetsställe", "Undervisningsspråk", "Platser", "Lärare", "Studentgrupper",
        "Mål", "Innehåll", "Studiematerial", "Undervisningsmetoder", "Tentamina och omtagning",
        "Pedagogiska arbetssätt och hållbar utveckling", "Studerandes arbetsbelastning", "Innehållets periodisering",
        "Tilläggsuppgifter", "Bedömningsskala", "Bedömningsmetoder och -grunder", "Underkänd (0)",
        "Bedömningskriterier, nöjaktig (1-2)", "Bedömningskriterier, god (3-4)", "Bedömningskriterier, berömlig (5)",
    ],
}  # fmt: skip


def plan(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run(["plan", *arguments]) == code
    return capsys.readouterr().out


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 2) -> str:
    capsys.readouterr()
    assert run(["plan", *arguments, "--lang", "en"]) == code
    caught = capsys.readouterr()
    assert caught.out == ""
    return caught.err


def texts(value: Any) -> list[str]:
    """Every text that a file has on its page, in no order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [t for item in value.values() for t in texts(item)]
    if isinstance(value, list):
        return [t for item in value for t in texts(item)]
    return []


def published(path: Path) -> list[str]:
    """The texts of a file that its page shows: not its ids and choices, not what is accepted and where scores are."""
    data = load(path.read_bytes(), path.name).data
    run_, course, schedule = data["implementation"], data["course"], data["schedule"]
    shown = [course["name"], course["code"], course["learning_outcomes"], course["content"]]
    for key in ("unit", "campus", "teachers", "materials", "teaching_methods", "exam_schedules", "pedagogy"):
        shown.append(run_[key])
    shown += [run_["further_information"], [group["code"] for group in run_["groups"]]]
    shown += [session["topic"] for session in schedule["sessions"]]
    shown += [data["workload"]["description"], [part["name"] for part in data["workload"]["parts"]]]
    shown += [data["assessment"]["methods"], data["assessment"]["criteria"]]
    shown += [part["name"] for part in data["assessment"]["parts"]]
    return texts(shown)


# ---- the page ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_field_in_the_order_and_with_the_words_of_the_page(
    path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = plan(capsys, str(path), "--format", "md", "--lang", language)
    found = re.findall(r"^(?:\*\*|### )(.*?)(?::\*\* .*)?$", text, re.M)
    assert [label.replace("\\", "") for label in found] == LABELS[language]


@pytest.mark.parametrize("format_", ["text", "md", "html"])
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_everything_that_the_file_says_is_on_the_page(
    path: Path, format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = " ".join(plan(capsys, str(path), "--format", format_).split())
    if format_ == "md":
        text = MarkdownIt("commonmark").render(text)
    text = text.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", '"')
    for wanted in published(path):
        assert " ".join(wanted.split()) in text.replace("\\", "")


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_the_assessment_on_the_page_is_the_one_that_grades(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every sentence of the resolved policy stands on the page, word for word."""
    file = check(path.read_bytes(), path.name).file
    assert file is not None
    text = " ".join(plan(capsys, str(path), "--lang", "en").split())
    for sentence in sentences(resolve(file)):
        assert Words("en").say(sentence.text) in text


def test_the_page_follows_the_files_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Ilmoittautumisaika: 1.12.2023 – 22.1.2024" in plan(capsys, str(PLANS[1]))


def test_the_hours_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """The page does not hide that the parts sum to 134 h while 135 h are promised."""
    text = plan(capsys, str(PLANS[1]), "--lang", "en")
    assert re.search(r"Sum of the parts +134 h\n", text)
    assert re.search(r"Promised total +135 h\n", text)


def test_sessions_with_breaks_and_holidays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        HEAD.replace("{id: X-1}", "{id: X-1, timing: {start: 2025-04-07, end: 2025-05-02}}")
        + "schedule:\n  weeks: 15-18\n  breaks: [16]\n  sessions:\n"
        "    - {date: 2025-04-08, start: 8:30, hours: 45 min x 3, topic: First, room: A101}\n"
        "    - {week: 17, hours: 3, topic: Second}\n"
    )
    assert plan(capsys, str(path), "--lang", "en").partition("Content scheduling\n")[2] == (
        "------------------\n"
        "Weeks 15–18. No teaching in week 16. Public holidays: Fri 18 Apr 2025 Good Friday, Mon 21 Apr 2025\n"
        "Easter Monday, Thu 1 May 2025 May Day.\n"
        "\n"
        "No.  Week  Day               Time          Hours  Topic        Room\n"
        "───  ────  ────────────────  ───────────  ──────  ───────────  ────\n"
        "  1    15  Tue 8 Apr 2025    08:30–10:45  2.25 h  First        A101\n"
        "       16  from 14 Apr 2025                       no teaching\n"
        "  2    17  from 22 Apr 2025                  3 h  Second\n"
        "\n"
        "Where only the week is known, the first teaching day of the week is shown; the timetable says the\n"
        "day and the time.\n"
    )


def test_exams_and_retakes_stand_under_the_published_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        HEAD.replace("{id: X-1}", "{id: X-1, exam_schedules: As agreed.}")
        + "schedule: {sessions: [{date: 2024-03-12, start: 9:00, hours: 3, topic: Final exam}]}\n"
        + "assessment:\n  evaluation_scale: 0-5\n  parts:\n"
        + "    - {id: exam, name: Exam, due: 2024-03-12 12:00, retakes: [{due: 2024-04-10 9:00}, {due: 2024-05-10}]}\n"
    )
    assert plan(capsys, str(path), "--field", "exam_schedules", "--lang", "en") == (
        "As agreed.\n"
        "\n"
        "- Tue 12 Mar 2024, 09:00–12:00: Final exam\n"
        "- Exam: 12 Mar 2024 12:00\n"
        "- Exam, retake 1: 10 Apr 2024 09:00\n"
        "- Exam, retake 2: 10 May 2024\n"
    )


def test_a_file_with_nothing_but_a_course(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(HEAD)
    assert plan(capsys, str(path)).startswith("Y\nX · 5 cr · X-1\n\nCourse\n======\n")
    for format_ in ("md", "html", "ics"):
        assert plan(capsys, str(path), "--format", format_)


def test_nothing_of_the_students_is_on_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The shipped file names score sheets; neither their names nor anything in them reaches what plan writes."""
    sheets = [ROOT / "examples" / "KH00BT03-2024" / name for name in ("arvostelu.csv", "ryhmat.csv")]
    rows = [line for sheet in sheets for line in sheet.read_text("utf-8-sig").splitlines()[1:]]
    secrets = {cell for row in rows for cell in re.split("[;,]", row) if len(cell) > 3 and cell.istitle()}
    secrets |= {row[:7] for row in rows if row[:7].isdigit()} | {"arvostelu", "ryhmat.csv"}
    assert len(secrets) > 30
    formats = ("text", "md", "html", "ics", "json")
    outputs = [plan(capsys, str(PLANS[1]), "--format", format_) for format_ in formats]
    outputs.append(plan(capsys, str(PLANS[1]), "--field", "assessment"))
    for text in outputs:
        for secret in secrets:
            assert secret not in text


# ---- files that are not in order ---------------------------------------------------------------------------

UNEVEN = (
    "assessment:\n  evaluation_scale: 0-5\n  parts: [{id: a, weight: 40}, {id: b, weight: 50, due: 2024-03-04 12:00}]\n"
)


def test_an_assessment_with_errors_is_not_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + UNEVEN)
    for arguments in ([], ["--format", "html"], ["--field", "assessment"], ["-o", str(tmp_path / "x.html")]):
        text = complaint(capsys, str(path), *arguments, code=1)
        assert "error[weights-sum]" in text
        assert f"nothing is made of {path}: correct the errors first" in text
    assert not (tmp_path / "x.html").exists()


def test_what_does_not_need_the_assessment_is_made_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + UNEVEN)
    assert "20240304T120000" in plan(capsys, str(path), "--format", "ics")
    assert plan(capsys, str(path), "--field", "code") == "X\n"


@pytest.mark.parametrize("arguments", [["--format", "html"], ["--format", "ics"], ["--agenda", "1"]])
def test_every_bad_file_is_refused_or_shown(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the rules' own examples have wrong: an answer or findings, never a fault."""
    cases = [*ROOT.glob("tests/cases/*/bad*.yaml"), *ROOT.glob("tests/cases/*/bad*/*.yaml")]
    assert len(cases) > 150
    for path in cases:
        assert run(["plan", str(path), *arguments, "--lang", "en", "--debug"]) in (0, 1, 2), path
    assert "fault of kurssi" not in capsys.readouterr().err


def test_a_calendar_needs_a_time_zone_that_there_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + UNEVEN + "  timezone: Mars\n")
    text = complaint(capsys, str(path), "--format", "ics", code=1)
    assert "error[unknown-timezone]" in text
    assert "weights-sum" not in text


def test_other_errors_are_mentioned_and_do_not_stop_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + "workload: {total: 135 h, parts: [{name: a, hours: 134 h}]}\n")
    assert run(["plan", str(path), "--lang", "en"]) == 0
    caught = capsys.readouterr()
    assert "error[workload-total]" in caught.err
    assert "134 h" in caught.out


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + "nonsense: 1\n")
    assert "error[unknown-key]" in complaint(capsys, str(path), code=1)
    assert "cannot be opened" in complaint(capsys, str(tmp_path / "none.yaml"))


# ---- one field ---------------------------------------------------------------------------------------------


def test_a_field_as_text_for_the_register(capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(capsys, str(PLANS[1]), "--field", "timing") == "15.1.2024 – 18.3.2024\n"
    assert plan(capsys, str(PLANS[1]), "--field", "teachers") == "- Saara Tikkanen\n- Janne Granfors\n"
    text = plan(capsys, str(PLANS[1]), "--field", "content_scheduling")
    assert text.splitlines()[:3] == [
        "Viikot 3–11. Ei opetusta viikolla 8.",
        "",
        "- viikko 3: Kokonaiskuva kurssista ja palvelukeskeinen liiketoimintalogiikka",
    ]


def test_a_field_that_the_page_does_not_repeat_is_whole_in_the_register(capsys: pytest.CaptureFixture[str]) -> None:
    objective = plan(capsys, str(PLANS[1]), "--field", "objective")
    assert objective == plan(capsys, str(PLANS[1]), "--field", "learning_outcomes")
    assert len(objective.splitlines()) == 6


def test_the_assessment_for_the_register_has_every_sentence_in_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    text = plan(capsys, str(PLANS[1]), "--field", "assessment", "--lang", "en")
    assert "- Rounding: The total is rounded to a whole grade, halves up.\n" in text
    assert "- Tentti: Assessed as: grade 0–5." in text


def test_a_field_is_found_by_its_label_too(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("Ajoitus", "Timing", "tidpunkt"):
        assert plan(capsys, str(PLANS[1]), "--field", name) == "15.1.2024 – 18.3.2024\n"


@pytest.mark.parametrize("name", FIELDS)
def test_every_name_that_field_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    absent = {"prerequisites", "degree_programmes", "teacher_in_charge", "small_groups", "completion_alternatives"}
    if name in absent:
        assert f"says nothing about {name}" in complaint(capsys, str(PLANS[1]), "--field", name)
    else:
        assert plan(capsys, str(PLANS[1]), "--field", name).strip()


def test_a_field_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert "did you mean “timing”?" in complaint(capsys, str(PLANS[1]), "--field", "timings")
    text = complaint(capsys, str(PLANS[1]), "--field", "zzz")
    assert "there are: code, scope, learning_outcomes" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "x.docx"], "kurssi plan cannot write x.docx; it writes .md, .html, .ics, .json"),
        (["--field", "timing", "-o", "x.md"], "--field prints text"),
        (["--field", "timing", "--format", "md"], "--field prints text"),
        (["--agenda", "1", "-o", "x.ics"], "--agenda makes run sheets"),
        (["--agenda", "9"], "--agenda takes all or the number of a session, 1 to 8, not 9"),
        (["--agenda", "all"], "no session of KH00BT03-2024 has an agenda"),
    ],
)
def test_what_cannot_be_asked_for(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said in complaint(capsys, str(PLANS[1]), *arguments)


# ---- run sheets --------------------------------------------------------------------------------------------


def test_the_run_sheet_of_a_workshop(capsys: pytest.CaptureFixture[str]) -> None:
    """The seed's own durations: 20–30 min, 30 min, and 2 x 10 min with an open rest."""
    text = plan(capsys, str(WORKSHOPS), "--agenda", "2", "--lang", "en")
    rows = [re.sub(r"(; Guiding.*|;)$", "", line) for line in text.splitlines() if re.match(r"- \d\d:", line)]
    assert rows == [
        "- 12:15; Activity: Empatiakartta; How: pair work or group work; Time: 20-30 min",
        "- 12:35–12:45; Activity: Arkipäivä; How: pair work or group work; Time: n. 30 min",
        "- 13:05–13:15; Activity: Tauko; How: break; Time: 15 min",
        "- 13:20–13:30; Activity: Mielikuva; How: individual work; Time: 2 x 10 min + vastausten ryhmittely",
    ]
    assert "When: Tue 22 Apr 2025, 12:15–15:15\n" in text
    assert "- Muistilaput ja tussit\n- Empatiakartan pohja A3\n" in text
    assert (
        "- Takes 85–95 min + vastausten ryhmittely in all.\n"
        "- Breaks in it: 15 min.\n"
        "- 1 open rest is not counted.\n"
        "- Ends by the clock: 13:40–13:50 or later.\n"
        "- The session has 180 min: 85 min are left for what is open.\n"
    ) in text
    assert re.search(r"pair work or group work +50–60 min +71.4 %\nindividual work +20 min \+ .* 28.6 %", text)


def test_activities_without_a_time_are_open_and_not_0(capsys: pytest.CaptureFixture[str]) -> None:
    text = plan(capsys, str(WORKSHOPS), "--agenda", "3", "--lang", "en")
    assert "- Takes 45 min in all.\n" in text
    assert "- 4 activities say no time.\n" in text
    assert "12:15 or later  Asiakasprofiili" in text


def test_every_session_with_an_agenda_is_a_sheet_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sheets.html"
    assert run(["plan", str(WORKSHOPS), "--agenda", "all", "-o", str(path)]) == 0
    text = path.read_text("utf-8")
    assert text.count("<section ") == 3
    assert '<body class="sheets">' in text


def test_an_agenda_that_does_not_fit_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    agenda = "[{title: a, time: 50-70 min}, {title: b, time: 10 min}]"
    path.write_text(HEAD + f"schedule: {{sessions: [{{hours: 1, agenda: {agenda}}}]}}\n")
    assert "it fits only if the shorter times hold" in plan(capsys, str(path), "--agenda", "1")
    path.write_text(HEAD + f"schedule: {{sessions: [{{hours: 45 min, agenda: {agenda}}}]}}\n")
    text = plan(capsys, str(path), "--agenda", "1")
    assert "The session has 45 min: 15 min too few." in text
    assert "50–70 min" in text  # without a start, times count from the beginning


# ---- JSON --------------------------------------------------------------------------------------------------


def test_the_plan_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(plan(capsys, str(PLANS[1]), "--format", "json"))
    assert (data["kurssi"], data["command"], data["implementation"]) == (1, "plan", "KH00BT03-2024")
    fields = {field["name"]: field for field in data["fields"]}
    assert fields["timing"] == {"name": "timing", "label": "Ajoitus", "text": "15.1.2024 – 18.3.2024"}
    for name, field in fields.items():
        assert plan(capsys, str(PLANS[1]), "--field", name) == field["text"] + "\n"
    assert data["weeks"][5] == {"week": "2024-W08", "monday": "2024-02-19", "teaching": False, "holidays": []}
    assert [session["date"] for session in data["sessions"]][:2] == ["2024-01-15", "2024-01-22"]
    assert data["sessions"][0]["date_known"] is False
    assert [event["key"] for event in data["events"]] == ["enrollment", "deadline-group_work", "deadline-individual"]
    assert {finding["rule"] for finding in data["findings"]} == {"workload-total", "timing-outside-weeks"}


def test_an_agenda_as_data_keeps_what_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(plan(capsys, str(WORKSHOPS), "--format", "json"))
    agenda = data["sessions"][1]["agenda"]
    assert (agenda["least"], agenda["most"], agenda["rests"]) == ("85", "95", ["vastausten ryhmittely"])
    last = agenda["items"][-1]
    assert (last["least"], last["rest"], last["mode"]) == ("20", "vastausten ryhmittely", ["individual"])
    assert last["begins"] == {"earliest": "65", "latest": "75", "open": False}
    assert data["sessions"][2]["agenda"]["items"][0]["least"] is None


# ---- Markdown ----------------------------------------------------------------------------------------------


@given(st.text(alphabet="ab1. -+*_`<>[]()#|&;~!\\\n", max_size=30))
def test_text_of_the_file_shows_in_markdown_as_it_was_written(text: str) -> None:
    """Rendered, it is one paragraph with the same characters and no markup."""
    html = MarkdownIt("commonmark").enable("table").enable("strikethrough").render("x " + escape(text))
    assert re.findall(r"</?(?!p\b)\w+", html) == []
    shown = re.sub(r"</?p>", "", html).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown.split() == ["x", *text.split()]


@given(st.text(alphabet="a1. -+*#", max_size=12))
def test_a_line_of_the_file_begins_no_list_and_no_heading(text: str) -> None:
    html = MarkdownIt("commonmark").render(f"- {escape(text) or 'x'}\n")
    assert html.count("<li>") == 1
    assert "<h" not in html


# ---- HTML --------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """What a test looks at: the elements in order, and the text of each."""

    VOID = {"meta", "line", "rect"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "head"):
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(capsys: pytest.CaptureFixture[str], path: Path, *arguments: str) -> tuple[str, Reader]:
    text = plan(capsys, str(path), "--format", "html", *arguments)
    return text, Reader(text)


VARIANTS = [(PLANS[0], "fi"), (PLANS[1], "fi"), (PLANS[1], "en"), (PLANS[1], "sv"), (WORKSHOPS, "fi")]


@pytest.mark.parametrize(("path", "language"), VARIANTS, ids=lambda value: getattr(value, "stem", value))
def test_the_page_is_built_so_that_everybody_can_read_it(
    path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, read = page(capsys, path, "--lang", language)
    assert read.all("html") == [{"lang": language}]
    for landmark in ("header", "nav", "main", "footer"):
        assert len(read.all(landmark)) == 1
    assert read.all("nav")[0]["aria-label"]
    headings = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    ids = [str(attributes["id"]) for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [str(link["href"]) for link in read.all("a")]
    assert targets[0] == "#content"
    assert all(target.startswith("#") and target[1:] in ids for target in targets)
    assert len(read.all("table")) == len(read.all("caption"))
    assert all(head["scope"] == "col" for head in read.all("th"))
    for picture in read.all("svg"):
        assert picture["role"] == "img"
        assert all(name in ids for name in str(picture["aria-labelledby"]).split())


def test_the_chart_has_its_text_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    text, read = page(capsys, PLANS[1], "--lang", "en")
    assert len(read.all("rect")) == 8 * 3
    week = "16.8 h (contact teaching 3 h, small group work 8.8 h, independent work 5 h)"
    assert f"week 7: {week}; week 8: no teaching; week 9: {week}" in text.replace("\xa0", " ")
    assert "group and independent work even over the teaching weeks" in text
    for colour in (1, 2, 3):
        assert f'class="key k{colour}"' in text


def test_without_hours_of_work_the_chart_shows_contact_hours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        HEAD.replace("{id: X-1}", "{id: X-1, timing: {start: 2024-01-15, end: 2024-02-11}}")
        + "schedule: {weeks: 3-6, breaks: [5], sessions: [{week: 3, hours: 3}, {week: 4, hours: 45 min x 3}]}\n"
    )
    text, read = page(capsys, path, "--lang", "en")
    assert len(read.all("rect")) == 2
    assert "week 3: 3 h; week 4: 2.3 h; week 5: no teaching; week 6: 0 h" in text.replace("\xa0", " ")


@pytest.mark.parametrize("path", [*PLANS, WORKSHOPS], ids=lambda path: path.stem)
def test_the_bars_are_as_long_as_the_hours(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every kind's bars together are to the others as its hours are, to a tenth of a unit per bar."""
    file = check(path.read_bytes(), path.name).file
    assert file is not None
    curve = hours_by_week(file)
    assert curve is not None
    _, read = page(capsys, path)
    most = max(week.total for week in curve.weeks)
    for place, kind in enumerate(curve.kinds, 1):
        hours = sum((week.hours.get(kind, Fraction(0)) for week in curve.weeks), Fraction(0))
        bars = [Fraction(str(bar["width"])) for bar in read.all("rect") if bar["class"] == f"k{place}"]
        drawn = sum(bars, Fraction(0))
        assert abs(drawn - hours * 220 / most) <= Fraction(len(curve.weeks), 20)


@pytest.mark.parametrize("path", [*PLANS, WORKSHOPS], ids=lambda path: path.stem)
def test_the_page_asks_nobody_for_anything(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, read = page(capsys, path)
    policy = next(meta for meta in read.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'")
    assert not re.search(r"\b(src|srcset|action|poster|data)=|url\(|@import|https?://|<script|<link|<img|<iframe", text)


def test_the_files_own_text_keeps_its_language(capsys: pytest.CaptureFixture[str]) -> None:
    text, _ = page(capsys, PLANS[1], "--lang", "en")
    assert '<h1 lang="fi">Asiakkuuksien johtaminen ja palvelumuotoilu</h1>' in text
    assert '<span lang="fi">Kupittaan kampus</span>' in text
    assert 'lang="fi"' not in page(capsys, PLANS[1])[0].partition("<head>")[2]


EVIL = '<script>alert("x")</script>&<b>{{ 7*7 }}'


def test_text_of_the_file_is_text_on_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever a text may stand in the file, it comes out as text: no markup, no template."""
    path = tmp_path / "x.yaml"
    yaml = PLANS[1].read_text("utf-8")
    for old in ("Asiakkuuksien johtaminen ja palvelumuotoilu", "Kupittaan kampus", "Saara Tikkanen", "Lähiopetus,"):
        assert old in yaml
        yaml = yaml.replace(old, f"'{EVIL}'" + ("," if old.endswith(",") else ""))
    yaml = yaml.replace("name: Tentti", f"name: '{EVIL}'").replace("topic: Tentti", f"topic: '{EVIL}'")
    yaml = yaml.replace("exam_schedules: Tentti pidetään viikolla 11, ja sen voi uusia.", f"exam_schedules: '{EVIL}'")
    path.write_text(yaml, "utf-8")
    text, read = page(capsys, path, "--lang", "en")
    assert not read.all("script")
    assert not read.all("b")
    assert "".join(read.words).count(EVIL) >= 8
    assert "49" not in text.partition("</style>")[2].partition("<footer>")[0]
    markdown = MarkdownIt("commonmark").render(plan(capsys, str(path), "--format", "md", "--lang", "en"))
    assert "<script" not in markdown
    assert "<b>" not in markdown


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    for suffix in ("md", "html", "ics", "json"):
        one, two = tmp_path / f"1.{suffix}", tmp_path / f"2.{suffix}"
        assert run(["plan", str(PLANS[1]), "-o", str(one), "-o", str(two)]) == 0
        assert one.read_bytes() == two.read_bytes()
        assert b"\r\n" in one.read_bytes() if suffix == "ics" else b"\r" not in one.read_bytes()


def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    path.write_text("mine")
    assert "was not written by kurssi" in complaint(capsys, str(PLANS[1]), "-o", str(path))
    assert path.read_text() == "mine"
    assert run(["plan", str(PLANS[1]), "-o", str(path), "--force"]) == 0


# ---- colours -----------------------------------------------------------------------------------------------

CSS = (ROOT / "src" / "kurssi" / "reports" / "plan" / "templates" / "page.css").read_text("utf-8")
THEMES = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.S)]


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance of an sRGB colour."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark", "print"])
def test_colours_stand_out_enough(theme: dict[str, str]) -> None:
    """WCAG 2.2: 4.5 for text, 3 for the bars and lines that carry meaning."""
    for ground in ("page", "band"):
        for ink in ("text", "quiet", "link"):
            assert contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground)
    for ink in ("k1", "k2", "k3", "k4", "line"):
        assert contrast(theme[ink], theme["page"]) >= 3, ink


def test_the_style_uses_only_the_colours_that_are_checked() -> None:
    rest = re.sub(r":root \{.*?\}", "", CSS, flags=re.S)
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl", rest)
    assert set(re.findall(r"var\(--(\w+)\)", rest)) <= set(THEMES[0])
    assert len(THEMES) == 3
    assert all(set(theme) == set(THEMES[0]) for theme in THEMES)
