"""Feedback of several runs side by side, its plots, and the questionnaire that reads back as what it asked."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from kurssi.cli import run
from test_feedback import CES, NPS, SHEET, Capture, Page, as_json, sheet

EASE = "The course made it easy for me to do what it asked (1-7)"


def test_runs_are_compared_by_what_was_asked(tmp_path: Path, capsys: Capture) -> None:
    one = sheet(tmp_path, [NPS, 10, 9, 9, 1], ["Opin uutta (1-5)", 5, 5, 5, 4], [CES, 1, 2, 3, 4], name="2022.csv")
    two = sheet(
        tmp_path,
        ["How likely are you to recommend the course? (0-10)", 10, 9, 3],
        ["Opin uutta (1-6)", 5, 5, 5],
        [EASE, 6, 7, 5],
        name="2023.csv",
    )
    three = sheet(tmp_path, ["Opin uutta (1-5)", 3, 4, 4], [NPS, 9, 9, 9], [EASE, 6, 7, 7], name="2024.csv")
    compared = as_json(capsys, one, two, three)["compared"]
    assert [(row["kind"], [run["survey"] for run in row["runs"]]) for row in compared] == [
        ("nps", [0, 1, 2]),
        ("scale", [0, 2]),
        ("ces-ease", [1, 2]),
    ]
    assert compared[0]["runs"][0]["value"] == "50"
    assert compared[0]["runs"][0]["interval"] is not None
    assert compared[1]["scale"] == [1, 5]
    assert [run["value"] for run in compared[1]["runs"]] == ["4.75", "3.67"]
    page = tmp_path / "p.html"
    assert run(["feedback", one, two, three, "-o", str(page), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "CES asked as ease, mean 1–7, higher is better" in out
    assert "NPS with its 95\xa0% confidence interval" in page.read_text("utf-8")


def test_effort_and_ease_are_never_beside_each_other(tmp_path: Path, capsys: Capture) -> None:
    one = sheet(tmp_path, [CES, 1, 2, 3], name="1.csv")
    two = sheet(tmp_path, [EASE, 6, 7, 5], name="2.csv")
    assert as_json(capsys, one, two)["compared"] == []


def test_silent_run_is_not_compared(tmp_path: Path, capsys: Capture) -> None:
    one = sheet(tmp_path, [NPS, 1, 2, ""], ["Opin uutta (1-5)", 5, 4, 3], name="1.csv")
    two = sheet(tmp_path, [NPS, 9, 9, 9], ["Opin uutta (1-5)", 5, 4, 3], name="2.csv")
    assert [row["kind"] for row in as_json(capsys, one, two)["compared"]] == ["scale"]


@pytest.mark.parametrize("lang", ["fi", "en", "sv"])
def test_plots_stay_on_their_axes(tmp_path: Path, capsys: Capture, lang: str) -> None:
    extreme = sheet(tmp_path, [NPS, 0, 0, 0], ["A (1-5)", 1, 1, 1], ["B (1-5)", 5, 5, 5], name="1.csv")
    other = sheet(tmp_path, [NPS, 10, 10, 10], ["A (1-5)", 5, 5, 5], ["B (1-5)", 1, 1, 1], name="2.csv")
    path = tmp_path / "p.html"
    assert run(["feedback", extreme, other, "-o", str(path), "--lang", lang]) == 0
    rects: list[dict[str, str]] = []

    class Rects(Page):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            super().handle_starttag(tag, attrs)
            if tag == "rect":
                rects.append({name: value or "" for name, value in attrs})

    page = Rects(path.read_text("utf-8"))
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)
    assert set(page.named) == set(page.ids)
    assert "script" not in page.seen
    assert page.links == []
    for rect in rects:
        assert 0 <= int(rect.get("x", 0)) <= 1000
        assert int(rect["width"]) >= 0
        assert int(rect.get("x", 0)) + int(rect["width"]) <= 1000
    assert {rect["class"] for rect in rects} >= {"point", "interval", "zero"}


# ---- the questionnaire -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fi", "en", "sv"])
@pytest.mark.parametrize(("ces", "kind", "steps"), [("effort", "ces", [1, 5]), ("ease", "ces-ease", [1, 7])])
def test_questionnaire_reads_back_as_what_it_asked(
    tmp_path: Path, capsys: Capture, lang: str, ces: str, kind: str, steps: list[int]
) -> None:
    assert run(["feedback", "--template", ces, "--scale", "1-5", "--lang", lang]) == 0
    blocks = [block.splitlines() for block in capsys.readouterr().out.strip().split("\n\n")[1:]]
    assert [block[0].partition(".")[0] for block in blocks] == [str(n) for n in range(1, 10)]
    heads = [block[0].partition(". ")[2] for block in blocks]
    offered = [[line.partition(". ")[2] for line in block[1:]] for block in blocks]
    rows = [[choices[at % len(choices)] if choices else f"vastaus {at}" for choices in offered] for at in range(11)]
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([heads, *rows])
    path = tmp_path / "answers.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    document = as_json(capsys, str(path))
    assert document["findings"] == []
    questions = document["surveys"][0]["questions"]
    assert [q["kind"] for q in questions] == ["nps", kind, *["scale"] * 5, "open", "open"]
    assert [q["scale"] for q in questions] == [[0, 10], steps, *[[1, 5]] * 5, None, None]
    assert all(q["n"] == 11 for q in questions)


def test_workbook_of_the_questionnaire_takes_answers(tmp_path: Path, capsys: Capture) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "kysely.xlsx"
    assert run(["feedback", "--template", "effort", "-o", str(path), "--lang", "fi"]) == 0
    book = openpyxl.load_workbook(path)
    board = book.active
    assert len(book.sheetnames) == 1
    assert len(board.data_validations.dataValidation) == 7
    for row, (nps, effort, step) in enumerate(
        [(9, "Se, mitä odotin", 5), (10, "Paljon enemmän, mitä odotin", 6)] * 2, 2
    ):
        for column, value in enumerate([nps, effort, *[step] * 5, "Työpajat", "Aikaa"], 1):
            board.cell(row, column, value)
    book.save(path)
    capsys.readouterr()
    document = as_json(capsys, str(path))
    assert document["findings"] == []
    assert [q["kind"] for q in document["surveys"][0]["questions"]][:3] == ["nps", "ces", "scale"]
    assert document["surveys"][0]["questions"][1]["figures"]["counts"]["5"] == 2


def test_questionnaire_as_a_file_is_the_same_each_time(tmp_path: Path) -> None:
    for suffix in ("txt", "xlsx"):
        one, two = tmp_path / f"1.{suffix}", tmp_path / f"2.{suffix}"
        assert run(["feedback", "--template", "ease", "-o", str(one), "-o", str(two), "--lang", "sv"]) == 0
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "needs a sheet with answers, or --template"),
        (["--template", "ease", str(SHEET)], "--template takes no sheet"),
        (["--template", "ease", "-o", "k.html"], ".txt, .xlsx"),
        (["--template", "both"], "effort"),
    ],
)
def test_wrong_use(capsys: Capture, arguments: list[str], says: str) -> None:
    assert run(["feedback", *arguments, "--lang", "en"]) == 2
    assert says in " ".join(capsys.readouterr().err.split())
