"""``kurssi lock`` and ``kurssi verify LOCK``: what was graded from what, and what moved since."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from kurssi.cli import run
from kurssi.grading import Grader
from kurssi.policy.resolved_policy import policy_of, resolved
from strategies import World, examples, worlds
from test_policy_analysis import file_of

POLICY = (
    "{evaluation_scale: 0-5, parts: [{id: exam, weight: 60, minimum: 1}, "
    "{id: essay, weight: 40, due: 2024-03-04 23:59}], late: {deduct: 0.5, per: day}, activity: {levels: {active: 0.5}}}"
)
SHEET = (
    "student,name,exam,essay,essay submitted,activity\n"
    '0001,"Aalto, A",4,3,2024-03-06 12:00,active\n'
    '0002,"Berg, B",1,5,,\n'
    '0003,"Cygnaeus, C",2,?,,\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A locked class."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "x.yaml").write_text(file_of(POLICY), "utf-8")
    (tmp_path / "data" / "scores.csv").write_text(SHEET, "utf-8")
    assert run(["lock", "--lang", "en", "x.yaml", "data/scores.csv", "-o", "x.lock"]) == 0
    assert capsys.readouterr().err == "written: x.lock\n3 grades locked\n"
    return tmp_path


def verified(capsys: pytest.CaptureFixture[str], name: str = "x.lock") -> tuple[int, str, str]:
    code = run(["verify", "--lang", "en", name])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_lock_is_text_without_anything_about_students_but_their_grades(folder: Path) -> None:
    text = (folder / "x.lock").read_text("utf-8")
    assert text.startswith("kurssi-lock\t2\nversion\t0.1.0\nimplementation\tKX00AA01-1\n")
    assert "\ngrade\t4\t0001\n" in text
    assert "\ngrade\tincomplete 0, 2, 3\t0003\n" in text
    assert text.splitlines()[-1].startswith("seal\t")
    for secret in ("Aalto", "Berg", "2024-03-06", "active\t"):
        assert secret not in text
    assert {line.split("\t")[0] for line in text.splitlines()} == {
        "kurssi-lock", "version", "implementation", "file", "sheet", "rule", "grade", "seal",
    }  # fmt: skip


def test_the_same_class_gives_the_same_lock(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lock", "x.yaml", "data/scores.csv"]) == 0
    assert capsys.readouterr().out == (folder / "x.lock").read_text("utf-8")


def test_nothing_moved(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert verified(capsys) == (0, "", "3 grades as locked\n")
    monkeypatch.chdir(folder / "data")  # from any folder: the paths are those of the lock
    assert verified(capsys, "../x.lock") == (0, "", "3 grades as locked\n")


@pytest.mark.parametrize(
    ("old", "new", "student", "why"),
    [
        ("weight: 60", "weight: 90", "0002", "weight was {exam: 60, essay: 40} and is {exam: 90, essay: 10}"),
        ("minimum: 1", "minimum: 2", "0002", "exam.minimum was 1 and is 2"),
        ("active: 0.5", "active: -0.5", "0001", "activity was {levels: {active: 0.5}} and is {levels: {active: -0.5}}"),
        ("deduct: 0.5", "deduct: 1.5", "0001", "essay.late was "),
        (
            "evaluation_scale: 0-5,",
            "evaluation_scale: 0-5, rounding: down,",
            "0002",
            "rounding was half-up and is down",
        ),
    ],
)
def test_a_rule_that_moves_a_grade_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, student: str, why: str
) -> None:
    text = file_of(POLICY).replace(old, new)
    (folder / "x.yaml").write_text(text.replace("weight: 40", "weight: 10") if "90" in new else text, "utf-8")
    code, out, err = verified(capsys)
    assert code == 1
    (line,) = [line for line in out.splitlines() if f"student {student}:" in line]
    assert why in line
    assert "changed: x.yaml" in err


def test_one_of_two_rules_is_responsible(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "x.yaml").write_text(
        file_of(POLICY).replace("minimum: 1", "minimum: 2").replace("deduct: 0.5", "deduct: 0.25"), "utf-8"
    )
    code, out, _ = verified(capsys)
    assert code == 1
    assert "error: student 0002: 3 would now be 0 (exam.minimum was 1 and is 2)\n" in out
    assert "0001" not in out


def test_a_sheet_that_moves_a_grade_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data" / "scores.csv").write_text(SHEET.replace('0002,"Berg, B",1', '0002,"Berg, B",4'), "utf-8")
    assert verified(capsys) == (
        1,
        "error: student 0002: 3 would now be 4 (changed: data/scores.csv)\n",
        "1 grade moved; changed: data/scores.csv\n",
    )


def test_a_file_that_changed_without_a_grade_passes_and_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "data" / "scores.csv").write_text(SHEET.replace("Berg", "Borg"), "utf-8")
    assert verified(capsys) == (0, "", "3 grades as locked; changed: data/scores.csv\n")


def test_a_student_who_came_or_went(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data" / "scores.csv").write_text(SHEET.replace("0002,", "0009,"), "utf-8")
    code, out, _ = verified(capsys)
    assert code == 1
    assert out == (
        "error: student 0009: was not locked, and now has 3 (changed: data/scores.csv)\n"
        "error: student 0002: was locked with 3, and is not in the sheets now (changed: data/scores.csv)\n"
    )


def test_a_grade_set_by_hand_afterwards(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data" / "overrides.csv").write_text(
        "student,grade,reason,by,date\n0002,4,oral exam,Teacher,2024-06-01\n", "utf-8"
    )
    code, out, err = verified(capsys)
    assert (code, out) == (
        1, "error: student 0002: 3 would now be 4 (set by hand in overrides.csv: oral exam)\n",
    )  # fmt: skip
    assert "overrides.csv" in err
    assert run(["lock", "x.yaml", "data/scores.csv", "-o", "y.lock"]) == 0
    assert "\noverrides\t" in (folder / "y.lock").read_text("utf-8")
    capsys.readouterr()
    assert verified(capsys, "y.lock")[0] == 0
    (folder / "data" / "overrides.csv").unlink()
    code, out, err = verified(capsys, "y.lock")
    assert code == 1
    assert "student 0002: 4 would now be 3 (changed: data/overrides.csv)" in out
    assert "cannot be opened" in err


def test_options_are_locked_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data" / "other.csv").write_text(SHEET.replace(",exam,", ",Loppukoe,"), "utf-8")
    arguments = ["x.yaml", "data/other.csv", "--map", "Loppukoe=exam", "--as-of", "2024-02-01", "-o", "z.lock"]
    assert run(["lock", *arguments]) == 0
    text = (folder / "z.lock").read_text("utf-8")
    assert "\noption\tas-of\t2024-02-01\noption\tmap\tLoppukoe=exam\n" in text
    capsys.readouterr()
    assert verified(capsys, "z.lock") == (0, "", "3 grades as locked\n")


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "x.yaml").write_text(file_of(POLICY).replace("minimum: 1", "minimum: 2"), "utf-8")
    assert run(["verify", "--format", "json", "x.lock"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["command"], document["students"], document["wrong"]) == ("verify", 3, len(document["problems"]))
    assert {"student": "0002", "where": "grade", "severity": "error", "found": "0", "expected": "3"}.items() <= next(
        p for p in document["problems"] if p["student"] == "0002"
    ).items()
    assert {i["path"]: i["state"] for i in document["inputs"]} == {"x.yaml": "changed", "data/scores.csv": "unchanged"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("grade\t4\t0001", "grade\t5\t0001"), "the lock is not as it was written"),
        (lambda text: text.rpartition("seal")[0], "the lock is not as it was written"),
        (lambda text: text.replace("kurssi-lock\t2", "kurssi-lock\t9"), "another format"),
        (lambda text: "kurssi-lock", "another format"),
    ],
)
def test_a_lock_that_was_changed_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], change: object, said: str
) -> None:
    assert callable(change)
    (folder / "x.lock").write_text(change((folder / "x.lock").read_text("utf-8")), "utf-8")
    code, out, err = verified(capsys)
    assert (code, out) == (1, "")
    assert said in err


def test_what_cannot_be_opened_or_graded(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data" / "scores.csv").rename(folder / "data" / "away.csv")
    code, _, err = verified(capsys)
    assert code == 2
    assert "data/scores.csv cannot be opened" in err
    (folder / "data" / "scores.csv").write_text(SHEET.replace('0001,"Aalto, A",4', '0001,"Aalto, A",9'), "utf-8")
    assert verified(capsys)[0] == 1
    (folder / "x.yaml").write_text(file_of(POLICY).replace("weight: 60", "weight: 61"), "utf-8")
    assert verified(capsys)[0] == 1


def test_a_lock_of_another_version_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kurssi.grading.rounding.clamped", lambda policy, whole: 2)
    monkeypatch.setattr("kurssi.grading.verdict.clamped", lambda policy, whole: 2)
    monkeypatch.setattr("kurssi.gradebook.lock.__version__", "0.2.0")
    code, out, _ = verified(capsys)
    assert code == 1
    assert "student 0001: 4 would now be 2 (locked by kurssi 0.1.0, now 0.2.0)" in out


@examples(20)
@given(worlds())
def test_a_policy_is_read_back_from_its_resolved_form(world: World) -> None:
    policy = world.policy()
    again = policy_of(json.loads(json.dumps(resolved(policy))))
    assert resolved(again) == resolved(policy)
    class_list = world.class_list(policy)
    graders = [Grader(p, class_list, as_of=world.as_of) for p in (policy, again)]
    for student in class_list.students:
        one, two = (grader.grade(student) for grader in graders)
        assert (one.status, one.grade, one.exact, one.range) == (two.status, two.grade, two.exact, two.range)
