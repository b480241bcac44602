"""What a teacher meets who mistypes: each slip has one line in her language, and the way out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kurssi.cli import run

Capture = pytest.CaptureFixture[str]

PLAN = """\
kurssi: 1
course: {code: X, name: Course, credits: 5}
implementation: {id: x-1, language: fi}
assessment:
  evaluation_scale: 0-5
  parts: [{id: essay, name: Essee, weight: 100}]
"""
SCORES = "opiskelijanumero,Essee\n0123456,4\n0234567,3\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "x.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "scores.csv").write_text(SCORES, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "english", "finnish"),
    [
        ("grad", "there is no command grad; did you mean grade?", "komentoa grad ei ole; tarkoititko grade?"),
        ("help", "there is no command help; kurssi --help lists them", "kurssi --help luettelee komennot"),
        ("grade --feedbak x", "no option --feedbak; did you mean --feedback?", "tarkoititko --feedback?"),
        ("-o x.csv grade", "there is no option -o", "valitsinta -o ei ole"),
        ("grade --list julkinen", "--list takes one of: peppi, sisu, public", "valitse jokin näistä: peppi"),
        ("verify", "REPORT is missing", "REPORT puuttuu"),
        ("rule weights-sum b", "this is one too many: b", "tämä on liikaa: b"),
        ("grade --as-of", "--as-of needs a value after it", "valitsimen --as-of jälkeen kuuluu arvo"),
        ("grade --force=1", "--force takes no value", "valitsimelle --force ei anneta arvoa"),
        ("feedback x --invited abc", "--invited cannot be abc", "--invited: abc ei käy"),
        ("feedback x --invited 0", "--invited cannot be 0", "--invited: 0 ei käy"),
        ("grade --as-of huomenna", "a date such as 2024-03-04 or 4.3.2024, not huomenna", "ei huomenna"),
        ("grade --as-of 1.3.2026T12:00", "not 1.3.2026T12:00", "ei 1.3.2026T12:00"),
        ("grade scores.csv x.yaml", "name the implementation file x.yaml first", "anna ensin toteutustiedosto x.yaml"),
        ("policy . scores.csv", ". is a folder: name the implementation file in it", ". on kansio"),
        ("lock .", ". is a folder: name the implementation file in it", ". on kansio"),
        ("grade x.yaml y.yaml", "y.yaml is a second one", "y.yaml on jo toinen"),
        ("explain x.yaml scores.csv", "name the student before the sheets", "anna opiskelija ennen taulukoita"),
        ("validate", "there is no folder implementations here", "tässä ei ole kansiota implementations"),
        ("workload", "there is no folder implementations here", "tässä ei ole kansiota implementations"),
        ("verify x.yaml", "name what kurssi grade -o report.json", "kurssi grade -o raportti.json"),
        ("grade x.yaml scores.csv -o no/x.csv", "its folder does not exist", "kansiota ei ole"),
        ("grade x.yaml scores.csv -o x.yaml/x.csv", "is a file", "on tiedosto"),
    ],
)
def test_a_slip_is_said_in_one_line(line: str, english: str, finnish: str, here: Path, capsys: Capture) -> None:
    for language, says in (("en", english), ("fi", finnish)):
        assert run([*line.split(), "--lang", language]) == 2, here
        err = capsys.readouterr().err
        assert says in err
        assert not {"Error", "Try ", "Invalid", "Missing", "Value error"} & set(err.replace(":", " ").split())


def test_kurssi_alone_lists_the_commands(capsys: Capture) -> None:
    assert run([]) == 2
    err = capsys.readouterr().err
    assert err.startswith("Usage: kurssi")
    assert "\n  validate " in err


def test_help_is_all_in_finnish(capsys: Capture) -> None:
    for command in ([], ["grade"], ["new"]):
        assert run([*command, "--help", "--lang", "fi"]) == 0
        out = capsys.readouterr().out
        assert out.startswith("Käyttö: kurssi")
        assert "Näytä tämä ohje ja lopeta." in out


@pytest.mark.parametrize("target", ["scores.csv", "./scores.csv", "link.csv", "overrides.csv"])
def test_what_is_read_is_never_written_over(target: str, here: Path, capsys: Capture) -> None:
    (here / "link.csv").symlink_to(here / "scores.csv")
    overrides = "student,grade,reason,date\n0123456,5,Asked,2026-03-25\n"
    (here / "overrides.csv").write_text(overrides, "utf-8")
    assert run(["grade", "x.yaml", "scores.csv", "-o", target, "--force", "--lang", "en"]) == 2
    assert f"{target} is one of the files that are read" in capsys.readouterr().err
    assert (here / "scores.csv").read_text("utf-8") == SCORES
    assert (here / "overrides.csv").read_text("utf-8") == overrides


@pytest.mark.parametrize(
    "line",
    [
        "lock x.yaml scores.csv -o x.yaml",
        "new --from x.yaml --weeks 52 --id x-2 -o x.yaml",
        "sheet --roster r.xlsx -o r.xlsx",
    ],
)
def test_nor_by_another_command(line: str, here: Path, capsys: Capture) -> None:
    assert run(["sheet", "x.yaml", "--roster", "scores.csv", "-o", "r.xlsx"]) == 0
    before = (here / "r.xlsx").read_bytes()
    (here / "x.yaml").write_text(PLAN + "  # changed\n", "utf-8")
    assert run([*line.split(), "--force", "--lang", "en"]) == 2
    err = capsys.readouterr().err
    assert "is one of the files that are read" in err
    assert "locked" not in err
    assert (here / "r.xlsx").read_bytes() == before
    assert (here / "x.yaml").read_text("utf-8") == PLAN + "  # changed\n"


def test_another_run_may_write_what_an_earlier_one_read(here: Path) -> None:
    assert run(["grade", "x.yaml", "scores.csv", "-o", "out.csv"]) == 0
    assert run(["grade", "x.yaml", "out.csv", "--map", "Essee=essay"]) in (0, 1)
    assert run(["grade", "x.yaml", "scores.csv", "-o", "out.csv"]) == 0
    assert (here / "out.csv").exists()


def test_a_day_may_be_written_as_in_finland(here: Path, capsys: Capture) -> None:
    assert run(["lock", "x.yaml", "scores.csv", "--as-of", "1.3.2026"]) == 0
    assert "as-of\t2026-03-01" in capsys.readouterr().out
    assert run(["grade", "x.yaml", "scores.csv", "--list", "sisu", "--date", "1.3.2026"]) == 0
    assert '"1.3.2026"' in capsys.readouterr().out


def test_a_number_that_lost_its_zeros_is_found(here: Path, capsys: Capture) -> None:
    assert run(["explain", "x.yaml", "123456", "scores.csv", "--lang", "en"]) == 1
    assert "no student 123456 in the sheets; did you mean 0123456?" in capsys.readouterr().err
    assert run(["explain", "x.yaml", "99", "scores.csv", "--lang", "en"]) == 1
    assert "no student 99 in the sheets\n" in capsys.readouterr().err


def test_a_word_that_the_part_does_not_take_is_not_proposed(here: Path, capsys: Capture) -> None:
    (here / "scores.csv").write_text(SCORES.replace(",4", ",hyvä").replace(",3", ",AHOTT"), "utf-8")
    assert run(["grade", "x.yaml", "scores.csv", "--lang", "en"]) == 1
    err = capsys.readouterr().err.splitlines()
    hints = [line for line in err if "help:" in line]
    assert len(hints) == 2
    assert hints[0].startswith("  = help: the part takes 0–5")
    assert "did you mean “AHOT”?" in hints[1]


def test_a_header_of_the_overrides_is_asked_for_in_the_language(here: Path, capsys: Capture) -> None:
    (here / "overrides.csv").write_text("opiskelijanumero,arvosana\n0123456,5\n", "utf-8")
    assert run(["grade", "x.yaml", "scores.csv", "--lang", "fi"]) == 1
    assert "nämä sarakkeet puuttuvat: perustelu, päivä" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_names_that_are_asked_for_are_understood(language: str, here: Path, capsys: Capture) -> None:
    (here / "overrides.csv").write_text("x\n1\n", "utf-8")
    assert run(["grade", "x.yaml", "scores.csv", "--lang", language]) == 1
    line = next(text for text in capsys.readouterr().err.splitlines() if text.startswith("  = "))
    words = line.rpartition("are " if language == "en" else "ovat " if language == "fi" else "är ")[2]
    (here / "overrides.csv").write_text(words.replace(", ", ",") + "\n0123456,5,Asked,Me,2026-03-25\n", "utf-8")
    assert run(["grade", "x.yaml", "scores.csv"]) == 0


def test_a_workbook_is_no_implementation_file(here: Path, capsys: Capture) -> None:
    assert run(["sheet", "x.yaml", "--roster", "scores.csv", "-o", "r.xlsx"]) == 0
    assert run(["validate", "r.xlsx", "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "this is a workbook or a document, not an implementation file" in out
    assert out.isprintable() or out.replace("\n", "").isprintable()
    assert len(out.splitlines()) <= 6


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("language: fi", "language: no", "one of: fi, en, sv"),
        ("kurssi: 1\n", "", "add “kurssi: 1” here"),
        ("language: fi", "timing: {start: 12.1.2026, end: 2026-03-20}", "write the year first: 2026-01-12"),
        ("weight: 100", "weight: 100, graded: points, max: 30, linear: {at: {1: 1}}", "{1: 50 %, 5: 90 %}"),
        ("weight: 100", "weight: 100, graded: points, max: 30, linear: 5", "{1: 50 %, 5: 90 %}"),
    ],
)
def test_the_way_out_of_a_slip_in_the_file(old: str, new: str, says: str, here: Path, capsys: Capture) -> None:
    (here / "x.yaml").write_text(PLAN.replace(old, new), "utf-8")
    assert run(["validate", "x.yaml", "--lang", "en"]) == 1
    assert says in capsys.readouterr().out


def test_the_summary_says_what_fix_can_do(here: Path, capsys: Capture) -> None:
    (here / "x.yaml").write_text(PLAN.replace("credits: 5", "credit: 5"), "utf-8")
    told = "kurssi validate --fix mends 1 of them; with --diff it shows how\n"
    assert run(["validate", "x.yaml", "--lang", "en"]) == 1
    assert capsys.readouterr().err.endswith(told)
    assert run(["validate", "x.yaml", "--lang", "en", "--format", "concise"]) == 1
    assert told not in capsys.readouterr().err
    assert run(["validate", "x.yaml", "--fix", "--lang", "en"]) == 0
    assert told not in capsys.readouterr().err


def test_a_folder_without_files_has_no_table(here: Path, capsys: Capture) -> None:
    (here / "empty").mkdir()
    assert run(["grade", "empty", "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "there is no implementation file (*.yaml) in empty" in err


@pytest.mark.parametrize(("columns", "told"), [("55", True), ("56", False)])
def test_a_narrow_terminal_is_told_that_the_parts_are_left_out(columns: str, told: bool, here: Path) -> None:
    pty = pytest.importorskip("pty")
    reader, terminal = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kurssi", "grade", "x.yaml", "scores.csv", "--lang", "en"],
            cwd=here,
            env={**os.environ, "COLUMNS": columns},
            stdout=terminal,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=True,
        )
        shown = os.read(reader, 10_000).decode()
    finally:
        os.close(reader)
        os.close(terminal)
    assert ("Essee" in shown) is not told
    assert ("the parts are shown from 56 columns on" in done.stderr) is told
