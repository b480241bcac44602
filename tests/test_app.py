"""The page without installation: what it asks of kurssi, and the command that opens or writes it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

import workbook_builders as workbooks
from kurssi.browser import Desk
from kurssi.browser.kept_tables import KeptTables, Written
from kurssi.cli import run
from kurssi.cli.commands import app
from kurssi.diagnostics.words import Words
from kurssi.reports.edited_sheet import as_workbook, with_cells
from kurssi.sheets.table import text_of
from kurssi.sheets.table_files import read_tables

ROOT = Path(__file__).parent.parent
PLAN, SCORES, GROUPS, BOOK = "KH00BT03-2024.yaml", "arvostelu.csv", "ryhmat.csv", "arvostelu.xlsx"
SHEETS = [SCORES, GROUPS]


class Page:
    """Asks as the page does: in JSON."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(str(folder))

    def ask(self, name: str, **given: Any) -> Any:
        return json.loads(self.desk.ask(json.dumps({"name": name, "with": given})))

    def graded(
        self, sheets: list[str] | None = None, maps: list[list[str]] | None = None, written: list[Any] | None = None
    ) -> Any:
        return self.ask("grade", file=PLAN, sheets=sheets or SHEETS, maps=maps or [], written=written or [])


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setenv("KURSSI_LANG", "en")
    shutil.copy(ROOT / "implementations" / PLAN, tmp_path)
    for name in (SCORES, GROUPS, BOOK):
        shutil.copy(ROOT / "examples" / "KH00BT03-2024" / name, tmp_path)
    before = Path.cwd()
    yield Page(tmp_path)
    os.chdir(before)


def student(found: Any, number: str) -> Any:
    return next(one for one in found["class"]["students"] if one["student"] == number)


def test_the_class_has_grades_and_the_cells_that_they_come_from(page: Page) -> None:
    found = page.graded()
    eero = student(found, "0000004")
    assert (eero["grade"], eero["exact"], eero["status"]) == ("4", "3.8", "graded")
    assert [cell["text"] for cell in eero["cells"]] == ["4", "3", "5", "", "", "HYV", ""]
    assert [cell["shared"] for cell in eero["cells"]][:2] == [True, False]
    assert eero["cells"][1]["where"] == {"file": SCORES, "worksheet": None, "row": 5, "column": 7}
    assert [one["n"] for one in found["class"]["distribution"]] == [7, 1, 1, 7, 9, 2]


def test_exact_values_are_ranked_without_floats(page: Page) -> None:
    students = page.graded()["class"]["students"]
    ranks = {one["exact"]: one["rank"] for one in students}
    assert ranks["3.8"] > ranks["3.6"] > ranks["3.48"]
    assert ranks[""] is None
    assert student(page.graded(), "0000001")["exact"] == "≈3.333"  # as on the class page


# what the page says to whom it speaks in another form than kurssi: a verb, a plural, a heading without a full stop
OTHERWISE = {"open", "peer", "from", "graded", "failedOnes", "incomplete", "changed", "run", "written"}
OTHER_WORDS = {
    "fi": r"pistetauluk|vienti[ .]|painoi|\blukko|käsin annet|yritys",
    "sv": r"genomförande|tidsfrist|poänglist|kurs(en|er)?\b|anmärkningar|fattas",
}


def test_the_page_has_the_words_of_kurssi() -> None:
    """One thing has one word, here too: ``docs/words.md``."""
    source = (ROOT / "web/src/words.ts").read_text("utf-8")
    found = re.findall(r'^  "?([\w ]+)"?: \[\s*"(.*?)",\s*"(.*?)",\s*"(.*?)",?\s*\],', source, re.M | re.S)
    assert len(found) > 100
    for at, language in ((2, "fi"), (3, "sv")):
        assert not [one[at] for one in found if re.search(OTHER_WORDS[language], one[at], re.I)]
        said = Words(language).catalogue.gettext
        for name, english, *others in found:
            for key in (english, english.lower(), f"{english}."):
                if name not in OTHERWISE and said(key) != key:
                    assert others[at - 2].lower() == said(key).lower().rstrip("."), name


def as_ods() -> str:
    """The score sheet of the example as another kind of workbook."""
    (table,), _ = read_tables(SCORES, Path(SCORES).read_bytes())
    rows = ["".join(workbooks.text_cell(str(cell)) for cell in row.cells) for row in table.rows]
    content = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    Path("arvostelu.ods").write_bytes(workbooks.ods(workbooks.content_xml(content)))
    return "arvostelu.ods"


def written_into(where: Any, text: str, name: str) -> list[Any]:
    return [{"file": where["file"], "as": name, "cells": [{**where, "text": text}]}]


@pytest.mark.parametrize(("sheet", "name"), [(SCORES, SCORES), (BOOK, BOOK), ("ods", "arvostelu-2.xlsx")])
def test_a_changed_score_is_graded_as_if_the_sheet_had_been_written(page: Page, sheet: str, name: str) -> None:
    sheet = as_ods() if sheet == "ods" else sheet
    where = student(page.graded([sheet, GROUPS]), "0000004")["cells"][1]["where"]
    before = Path(sheet).read_bytes(), sorted(os.listdir())
    for text in ("5", "2,5", ""):
        written = written_into(where, text, name)
        found = page.graded([sheet, GROUPS], written=written)
        assert student(found, "0000004")["cells"][1]["text"] == text.replace(",", "," if sheet == SCORES else ".")
        ran = page.ask("run", arguments=["grade", PLAN, name, GROUPS, "-o", "out.csv", "--force"], written=written)
        assert ran["written"] == ["out.csv"]
        assert (Path(sheet).read_bytes(), sorted({*os.listdir()} - {"out.csv", "edited"})) == before
        (line,) = (one for one in Path("out.csv").read_text("utf-8-sig").splitlines() if one.startswith("0000004"))
        assert student(found, "0000004")["exact"].replace(".", ",") in line.replace(".", ",")
        assert page.ask("edited", written=written, into="edited") == [name]
        again = page.graded([f"edited/{name}", GROUPS])["class"]["students"]
        assert [one["grade"] for one in again] == [one["grade"] for one in found["class"]["students"]]
    assert student(page.graded([sheet, GROUPS]), "0000004")["grade"] == "4"


def test_a_command_that_writes_a_sheet_has_the_last_word(page: Page) -> None:
    where = student(page.graded(), "0000004")["cells"][1]["where"]
    written = written_into(where, "5", SCORES)
    kept = KeptTables()
    kept.written = {SCORES: Written.of(written[0])}
    with kept.in_the_files():
        Path(SCORES).write_bytes(b"another")
    assert Path(SCORES).read_bytes() == b"another"


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "workbooks").glob("*.[ox]*")), ids=lambda path: path.name)
def test_a_workbook_made_anew_has_the_same_cells(path: Path) -> None:
    tables, _ = read_tables(path.name, path.read_bytes())
    again, _ = read_tables("new.xlsx", as_workbook(tables))
    cells = [[(table.sheet, row.number, at, text_of(cell)) for row in table.rows
              for at, cell in enumerate(row.cells) if text_of(cell)] for table in (*tables, *again)]  # fmt: skip
    assert cells[: len(tables)] == cells[len(tables) :]


def test_errors_of_a_sheet_and_of_the_plan_are_findings(page: Page) -> None:
    where = student(page.graded(), "0000004")["cells"][1]["where"]
    found = page.graded(written=written_into(where, "9", SCORES))
    assert found["class"] is None
    assert [one["cell"] for one in found["findings"] if one["severity"] == "error"] == ["H5"]
    Path(PLAN).write_text("kurssi: 1\nassessment: {}\n", "utf-8")
    assert page.graded()["class"] is None
    assert page.ask("understood", file=PLAN, sheets=SHEETS, maps=[]) == {"files": [], "targets": []}
    assert any(one["severity"] == "error" for one in page.ask("findings", file=PLAN, everything=True)["findings"])


def test_an_explanation_has_the_line_of_each_rule(page: Page) -> None:
    page.graded()
    found = page.ask("explain", student="0000004")
    steps = [step for section in found["sections"] for step in section["steps"]]
    lines = Path(PLAN).read_text("utf-8").splitlines()
    assert "id: group_work" in lines[steps[0]["line"] - 1]
    assert page.ask("explain", student="nobody") is None


def test_how_columns_are_read_and_may_be_read(page: Page) -> None:
    Path("vienti.csv").write_text("opiskelijanumero;Koe\n1;4\n2;3\n", "utf-8")
    found = page.ask("understood", file=PLAN, sheets=["vienti.csv", GROUPS], maps=[])
    assert [one["tables"][0]["kind"] for one in found["files"]] == ["students", "groups"]
    columns = found["files"][0]["tables"][0]["columns"]
    assert [(one["header"], one["meaning"], one["cells"]) for one in columns][1] == ("Koe", "unused", ["4", "3"])
    assert {"id": "exam", "name": "Tentti"} in found["targets"]
    mapped = page.ask("understood", file=PLAN, sheets=["vienti.csv"], maps=[["vienti.csv:Koe", "exam"]])
    assert mapped["files"][0]["tables"][0]["columns"][1]["part"] == "exam"


def test_who_would_move(page: Page) -> None:
    assert page.ask("what_if", rule="grace", part=None, change=2) is None
    page.graded()
    kinder = page.ask("what_if", rule="grace", part=None, change=2)
    assert [one["student"] for one in kinder["moved"]] == ["0000015", "0000019", "0000028"]
    weight = page.ask("what_if", rule="weight", part="exam", change=10)
    assert (weight["was"], weight["now"]) == ("20", "30")
    assert page.ask("what_if", rule="weight", part="exam", change=90) is None
    assert page.ask("what_if", rule="weight", part="nothing", change=1) is None


def test_who_would_move_if_lateness_took_more_or_less(page: Page) -> None:
    """The same as the grades of a file in which the deduction is another."""
    before = {one["student"]: one["grade"] for one in page.graded()["class"]["students"]}
    text = Path(PLAN).read_text("utf-8")
    for change, deduct in {-80: "0.1", 100: "1", 200: "1.5"}.items():
        page.graded()
        asked = page.ask("what_if", rule="deduction", part=None, change=change)
        Path(PLAN).write_text(text.replace("deduct: 0.5", f"deduct: {deduct}"), "utf-8")
        after = {one["student"]: one["grade"] for one in page.graded()["class"]["students"]}
        moved = {name: (before[name], now) for name, now in after.items() if before[name] != now}
        assert moved
        assert {one["student"]: (one["old"], one["new"]) for one in asked["moved"]} == moved
        Path(PLAN).write_text(text, "utf-8")
    assert page.graded()["class"]["deducts"]


def test_lateness_that_takes_nothing_cannot_take_more(page: Page) -> None:
    without = re.sub(r"(?m)^    (deduct|per|not_below): .*\n", "", Path(PLAN).read_text("utf-8"))
    Path(PLAN).write_text(without, "utf-8")
    found = page.graded()["class"]
    assert found["late"]
    assert not found["deducts"]
    assert page.ask("what_if", rule="deduction", part=None, change=50) is None


def test_parts_and_groups_in_figures(page: Page) -> None:
    assert page.ask("figures") is None
    page.graded()
    parts, groups = page.ask("figures")
    assert parts["heads"][:3] == ["part", "results", "mean"]
    assert [row[0].strip() for row in parts["rows"]][:2] == ["Pienryhmätöiden tuotokset", "Yksilötyöt"]
    assert all(row[2] != "–" for row in parts["rows"][:2])
    assert all(row[2] == "–" for row in groups["rows"] if int(row[1]) < 5)


def test_figures_of_a_small_class_say_nothing(page: Page) -> None:
    Path("pieni.csv").write_text(
        "student,group_work,individual,exam,peer_review\n1,4,4,4,HYV\n2,3,3,3,HYV\n3,5,5,5,HYV\n4,2,2,2,HYV\n", "utf-8"
    )
    page.graded(["pieni.csv"])
    (parts,) = page.ask("figures")
    assert {cell for row in parts["rows"] for cell in row[2:7]} == {"–"}
    assert "fewer than 5" in parts["lines"][-1]


def test_a_command_line_prints_and_writes_as_in_a_terminal(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    ran = page.ask("run", arguments=["grade", PLAN, *SHEETS, "-o", "arvosanat.csv"])
    assert (ran["code"], ran["written"]) == (0, ["arvosanat.csv"])
    written = Path("arvosanat.csv").read_bytes()
    assert run(["grade", PLAN, *SHEETS, "-o", "terminal.csv"]) == 0
    assert capsys.readouterr().out == ran["out"]
    assert Path("terminal.csv").read_bytes() == written
    assert page.ask("run", arguments=["grade", "nothing.yaml"])["code"] == 2


def test_answers_are_in_the_language_of_the_person_and_reports_in_that_of_the_implementation(page: Page) -> None:
    page.ask("language", code="sv")
    assert "godkända" in page.graded()["class"]["summary"]
    ran = page.ask("run", arguments=["grade", PLAN, *SHEETS, "-o", "arvosanat.md"])
    assert "skriven" in ran["err"] or "skrivet" in ran["err"]
    assert "arvosana" in Path("arvosanat.md").read_text("utf-8")


def test_what_is_found_while_somebody_writes(page: Page) -> None:
    at_once = page.ask("findings", file=PLAN, everything=False)
    assert at_once["certain"] is True
    assert [one["rule"] for one in at_once["findings"] if one["accepted"]]
    Path(PLAN).write_bytes(b"\xff\xfe kurssi: 1")
    assert [one["rule"] for one in page.ask("findings", file=PLAN, everything=True)["findings"]]


def test_what_may_be_written_and_what_a_key_means(page: Page) -> None:
    page.ask("language", code="en")
    text = Path(PLAN).read_text("utf-8")
    line = text.splitlines().index("course:") + 1
    proposals = page.ask("proposals", file=PLAN, line=line, column=2)
    assert "prerequisites" in [one["label"] for one in proposals]
    found = page.ask("help", file=PLAN, line=line, column=3)
    assert found["text"].startswith("**code**")
    page.ask("language", code="fi")
    assert page.ask("help", file=PLAN, line=line, column=3)["text"] != found["text"]


def test_an_archive(page: Page) -> None:
    page.ask("archive", files=[SCORES, GROUPS], into="kaksi.zip")
    assert Path("kaksi.zip").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_keeps_its_encoding_separator_and_line_ends(encoding: str, end: str) -> None:
    rows = ["opiskelijanumero;nimi;Tentti", '1;"Ä; B";3', "", "2;C;"]
    raw = (end.join(rows) + end).encode(encoding)
    rows[3] = "2;C;4,5"
    assert with_cells(raw, {(None, 4, 2): "4,5"}) == (end.join(rows) + end).encode(encoding)


def test_the_line_that_names_the_separator_stays() -> None:
    raw = b"sep=,\r\nstudent,exam\r\n1,3\r\n"
    assert with_cells(raw, {(None, 3, 1): "4"}) == b"sep=,\r\nstudent,exam\r\n1,4\r\n"


def test_text_in_a_workbook_is_never_a_formula(page: Page) -> None:
    written = with_cells(Path(BOOK).read_bytes(), {("Arvostelu", 2, 2): "=1+1", ("Arvostelu", 2, 7): "4,5"})
    sheet = load_workbook(io.BytesIO(written))["Arvostelu"]
    assert (sheet.cell(2, 3).value, sheet.cell(2, 3).data_type) == ("=1+1", "s")
    assert sheet.cell(2, 8).value == 4.5
    with pytest.raises(ValueError, match="old workbook"):
        with_cells(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", {})


def test_the_command_writes_opens_or_says_how_to_get_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "BUILT", tmp_path / "nothing.html")
    assert run(["app", "--lang", "en"]) == 2
    assert f"run make app in {ROOT}" in capsys.readouterr().err
    monkeypatch.setattr(app, "SOURCES", tmp_path / "none")
    assert run(["app", "--lang", "en"]) == 2
    assert "make app" not in (said := capsys.readouterr().err)
    assert "kurssi.html lies beside the packages of each release" in said
    built = tmp_path / "built.html"
    built.write_bytes(b"<!DOCTYPE html>")
    monkeypatch.setattr(app, "BUILT", built)
    opened: list[str] = []

    def opens(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", opens)
    assert run(["app", "--lang", "en"]) == 0
    assert opened == [built.as_uri()]
    target = tmp_path / "kurssi.html"
    assert run(["app", "-o", str(target), "--lang", "en"]) == 0
    assert target.read_bytes() == built.read_bytes()
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    assert run(["app", "--lang", "en"]) == 2
    assert "built.html" in capsys.readouterr().err


def test_the_source_package_has_what_the_page_is_made_from() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert "web" in tomllib.loads(text)["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]


def test_a_release_has_the_page_beside_its_packages_and_in_each_folder() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    runs = [step.get("run", "") for step in jobs["build"]["steps"]]
    assert any("make wheel vscode app" in one for one in runs)
    assert any("dist/app/kurssi.html" in one and "out/more/" in one for one in runs)
    assert jobs["bundle"]["needs"] == "build"
    assert {"name": "more", "path": "dist/app"} in [step.get("with") for step in jobs["bundle"]["steps"]]
