"""A report made from other sheets, with the hashes of the true ones and a seal of its own, does not pass."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from kurssi.cli import run
from kurssi.grading.peers import shares
from kurssi.policy.model import Peer
from kurssi.values.classlist import PeerMark
from kurssi.verification.peer_factors import Mark, factors
from kurssi.verification.rules import PeerRule
from strategies import World, examples, worlds
from test_verify import CLASSES, Json, put, sealed, verified, written

OTHERS = ["3", "2.5", "4", "1", "EX", "-", "?", "HYV", "H", "2024-03-07 12:00", "2024-03-30", "passive", "G", "A", "B"]
"""Cells that may stand in place of others."""


def reported(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> Json | None:
    """The report of a class; None where it cannot be graded."""
    code = run(["grade", *arguments, "--format", "json"])
    out, _ = capsys.readouterr()
    if code:
        return None
    data: Json = json.loads(out)
    return data


def others(text: str) -> Iterator[str]:
    """The sheet with one cell another, for every cell that has one."""
    rows = list(csv.reader(io.StringIO(text.lstrip("\n"))))
    for number, row in enumerate(rows[1:], 1):
        for column, cell in enumerate(row):
            for other in OTHERS:
                if other != cell:
                    out = io.StringIO()
                    changed = [*row[:column], other, *row[column + 1 :]]
                    csv.writer(out, lineterminator="\n").writerows([*rows[:number], changed, *rows[number + 1 :]])
                    yield out.getvalue()


def facts(report: Json) -> Json:
    """What a report says of the students."""
    return {key: report[key] for key in ("students", "policy", "implementation")}


@pytest.mark.parametrize("name", ["plain", "points", "peer marks", "overrides", "pass-fail"])
def test_a_report_made_from_other_sheets_is_found(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [Path(path).name for path in written(name, tmp_path)]
    true = reported(capsys, arguments)
    assert true is not None
    forgeries = 0
    for file, text in CLASSES[name][1].items():
        for place, other in enumerate(others(text)):
            if place % 11:
                continue
            (tmp_path / file).write_text(other, "utf-8")
            forged = reported(capsys, arguments)
            (tmp_path / file).write_text(text.lstrip("\n"), "utf-8")
            if forged is None or facts(forged) == facts(true):
                continue
            (tmp_path / "forged.json").write_bytes(sealed(forged | {"inputs": true["inputs"]}))
            code, out, err = verified(Path("forged.json"), capsys)
            assert (code, "but the inputs say" in out or "the inputs have" in out) == (1, True), (other, out, err)
            assert "all follow; " in err or "not follow" in err
            forgeries += 1
    assert forgeries > 4


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("weight: 40, due", "weight: 30, due", None),
        ("deduct: 0.5", "deduct: 0.25", "policy.resolved.parts.1.late.deduct.1"),
        ("active: 0.5", "active: 1", "policy.resolved.activity.levels.active"),
        ("KX00AA01-1", "KX00AA01-2", "implementation"),
        ("2024-03-11 23:59", "2024-03-12 23:59", "policy.resolved.parts.2.dues.1"),
    ],
)
def test_a_report_made_by_other_rules_is_found(
    old: str,
    new: str,
    where: str | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [Path(path).name for path in written("plain", tmp_path)]
    true = reported(capsys, arguments)
    assert true is not None
    plan = (tmp_path / "plan.yaml").read_text("utf-8")
    (tmp_path / "plan.yaml").write_text(plan.replace(old, new), "utf-8")
    forged = reported(capsys, arguments)
    (tmp_path / "plan.yaml").write_text(plan, "utf-8")
    if where is None:
        assert forged is None  # the weights do not sum to 100
        return
    assert forged is not None
    (tmp_path / "forged.json").write_bytes(sealed(forged | {"inputs": true["inputs"]}))
    code, out, err = verified(Path("forged.json"), capsys)
    assert code == 1
    assert f"error: {where}: " in out
    assert "from what they say" in err


def test_students_who_came_and_went_are_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [Path(path).name for path in written("own scale", tmp_path)]
    true = reported(capsys, arguments)
    assert true is not None
    sheet = (tmp_path / "scores.csv").read_text("utf-8")
    (tmp_path / "scores.csv").write_text(sheet.replace("\n3,", "\n7,"), "utf-8")
    forged = reported(capsys, arguments)
    (tmp_path / "scores.csv").write_text(sheet, "utf-8")
    assert forged is not None
    (tmp_path / "forged.json").write_bytes(sealed(forged | {"inputs": true["inputs"]}))
    assert verified(Path("forged.json"), capsys)[:2] == (
        1,
        "error: student 7: student: the inputs have no such student\n"
        "error: student 3: student: missing; the inputs have this student\n",
    )


def test_how_the_sheets_were_read_stands_in_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written("own scale", tmp_path)
    sheet = (tmp_path / "scores.csv").read_text("utf-8").replace("essay", "Kirjoitelma")
    (tmp_path / "scores.csv").write_text(sheet, "utf-8")
    report = reported(capsys, ["plan.yaml", "scores.csv", "--map", "Kirjoitelma=essay", "--layout", "plain"])
    assert report is not None
    assert report["reading"] == {"map": ["Kirjoitelma=essay"], "layout": ["plain"]}
    (tmp_path / "report.json").write_bytes(sealed(report))
    assert verified(Path("report.json"), capsys)[0] == 0
    for other, said in [
        ({"map": [], "layout": []}, "error: student 1: parts.essay.attempts: 1 stands there, but the inputs have 0"),
        ({"map": ["Kirjoitelma=exam"], "layout": []}, "error: inputs: nothing can be graded"),
        ({"map": ["x"], "layout": []}, "error: reading: --map takes"),
        ({"map": [], "layout": ["none"]}, "error: reading: there is no layout none"),
        ({"map": 5}, "error: reading: this is not how sheets are read"),
        ([], "error: reading: this is not how sheets are read"),
        (None, "error: reading: this is not how sheets are read"),
    ]:
        (tmp_path / "report.json").write_bytes(sealed(report | {"reading": other}))
        code, out, _ = verified(Path("report.json"), capsys)
        assert (code, out.startswith(said)) == (1, True), out


def test_what_else_the_inputs_say_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [Path(path).name for path in written("overrides", tmp_path)]
    report = reported(capsys, arguments)
    assert report is not None
    places: list[tuple[tuple[str | int, ...], object]] = [
        (("students", 0, "override", "by"), "Rehtori"),
        (("students", 0, "override", "date"), "2024-05-01"),
        (("students", 0, "override", "reason"), "no reason"),
        (("students", 0, "name"), "Somebody"),
        (("students", 0, "parts", "essay", "source", "row"), 3),
        (("students", 0, "parts", "essay", "source", "file"), "plan.yaml"),
    ]
    for place, value in places:
        (tmp_path / "report.json").write_bytes(sealed(put(report, place, value)))
        code, out, _ = verified(Path("report.json"), capsys)
        where = ".".join(map(str, place[2:]))
        assert code == 1
        assert f"error: student 1: {where}: {json.dumps(value)} stands there, but the inputs say " in out


def test_inputs_that_are_not_all_here_are_said_not_to_be_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [Path(path).name for path in written("overrides", tmp_path)]
    report = reported(capsys, arguments)
    assert report is not None
    (tmp_path / "report.json").write_bytes(sealed(report))
    (tmp_path / "overrides.csv").unlink()
    code, _, err = verified(Path("report.json"), capsys)
    assert code == 0
    assert err.endswith("1 input cannot be checked, what went in is taken as the report has it\n")
    assert not json.loads((verified(Path("report.json"), capsys, "--format", "json"))[1])["read_again"]


@examples(20)
@given(worlds(peers=True))
def test_factors_are_those_of_the_grader(world: World) -> None:
    policy = world.policy()
    class_list = world.class_list(policy)
    members = [student.student for student in class_list.students][:5]
    marks = [mark for mark in class_list.peer_marks or () if mark.marker in members]
    for own in (True, False):
        for silent in ("neutral", "excluded"):
            for criteria in (None, {name: 3 for mark in marks[:1] for name in mark.marks}):
                check_factors(members, marks, own, silent, criteria)


def check_factors(
    members: list[str], marks: list[PeerMark], own: bool, silent: str, criteria: dict[str, int] | None
) -> None:
    half, weights = Fraction(1, 2), None if criteria is None else {key: Fraction(v) for key, v in criteria.items()}
    kind: Any = silent
    peer = Peer((), half, own, kind, Fraction(0), None, False, weights)
    rule = PeerRule(half, Fraction(0), None, False, own, silent == "neutral", weights)
    again = factors(members, [Mark(m.marker, m.member, m.marks) for m in marks], rule)
    assert again == {name: tuple(share) for name, share in shares(members, marks, peer).items()}
