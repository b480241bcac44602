"""``kurssi verify``: what was graded follows again, and whatever is changed afterwards is found."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import one_in
from kurssi.cli import run
from kurssi.course.check import Checked, check
from kurssi.course.yaml_reader import load
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import Grader
from kurssi.policy.model import Policy, resolve
from kurssi.policy.resolved_policy import policy_of, resolved
from kurssi.reports.json_report import document
from kurssi.values.classlist import Input
from kurssi.verification import NotAReport, Problem, read_report, verify
from kurssi.verification import exact as exact_numbers
from kurssi.verification.clock import read_moment
from reference import read_policy
from strategies import World, examples, worlds
from strategies import document as implementation

ROOT = Path(__file__).parent.parent
Json = dict[str, Any]


# ---- reports to verify -------------------------------------------------------------------------------------

HEAD = (
    "kurssi: 1\n"
    "course: {code: KX00AA01, name: Course, credits: 5}\n"
    "implementation: {id: KX00AA01-1, timing: {start: 2024-01-08, end: 2024-05-31}}\n"
    "assessment:\n"
)

CLASSES: dict[str, tuple[str, dict[str, str]]] = {
    "plain": (
        """
  evaluation_scale: H-5
  parts:
    - {id: group_work, weight: 40, by: group, due: 2024-03-04 23:59}
    - {id: individual, weight: 40, due: 2024-03-11 23:59}
    - {id: exam, weight: 20, retakes: 2, retake_at_most: 3}
    - {id: peer_review, graded: pass-fail}
  late: {deduct: 0.5, per: day, not_below: 1, closes: 7 d}
  activity: {levels: {active: 0.5, passive: -0.5}}
""",
        {
            "scores.csv": """
student,name,group,group_work submitted,individual,individual submitted,individual due,exam,exam 2,exam 3,peer_review,\
activity
0000012,"Aalto, A",A,2024-03-06 00:30,3,2024-03-11 23:59,,5,,,HYV,
0000023,"Berg, B",A,2024-03-04 23:59,3.4,2024-03-15 11:00:30,2024-03-13,2.5,4.5,,HYV,active
0000034,"Cygnaeus, C",B,2024-03-01 12:00,EX,,,?,,,HYV,passive
0000045,"Dahl, D",B,2024-03-20 12:00,4,2024-03-12 00:00,,0,1,2.25,HYV,
0000056,"Eklund, E",B,,0,,,-,,,-,active
0000067,"Frosterus, F",C,2024-03-05 08:01,2,2024-03-11 08:00,,H,3,,HYV,passive
""",
            "groups.csv": "group,group_work\nA,4\nB,3.5\nC,2\n",
        },
    ),
    "nested": (
        """
  evaluation_scale: 0-5
  rounding: half-even
  parts:
    - id: tasks
      weight: 60
      minimum: 1.5
      parts:
        - {id: t1, weight: 30}
        - {id: t2, weight: 30, required: true}
        - {id: more, weight: 40, drop_lowest: 1, parts: [{id: m1}, {id: m2}, {id: m3}]}
    - {id: quizzes, weight: 40, best: 2, parts: [{id: q1}, {id: q2}, {id: q3, attempt: latest, retakes: 1}]}
    - {id: extra, bonus: true, weight: 10}
    - {id: safety, graded: pass-fail}
    - {id: ethics, graded: pass-fail, required: false}
""",
        {
            "scores.csv": """
student,t1,t2,m1,m2,m3,q1,q2,q3,q3 2,extra,safety,ethics
1,3,4,5,1,2.25,4,4,1,5,3,HYV,HYV
2,1,2,EX,1,-,4,3,5,2,,HYV,H
3,5,0,5,5,5,5,5,5,,5,H,HYV
4,EX,AHOT,EX,EX,EX,2,3,-,,,HYV,EX
6,4,?,4,4,4,4,4,4,,,HYV,HYV
""",
        },
    ),
    "points": (
        """
  evaluation_scale: 4-10
  rounding: down
  parts:
    - {id: exam, weight: 50, graded: points, max: 40, boundaries: [12, 16, 20, 25, 30, 35], retakes: 1}
    - {id: essay, weight: 30, graded: points, max: 30, linear: {5: 40 %, 10: 95 %},
       minimum: 45 %, due: 2024-03-31 03:30}
    - {id: talk, weight: 20, required: false}
  late: {deduct: 10 %, of: earned, per: hour, grace: 15 min, at_most: 25 %, closes: 2 d}
""",
        {
            "scores.csv": """
student,exam,exam 2,essay,essay submitted,talk
1,20,,25.5,2024-03-31 04:15,8
2,11.5,38,13,2024-03-31 07:00:01,6.5
3,40,,30,2024-03-31 05:00,
4,15,?,12,2024-03-30 10:00,9
5,35,,20,2024-04-02 05:00,7
6,9,8,28.25,,10
""",
        },
    ),
    "percent": (
        """
  evaluation_scale: 0-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - {id: exam, weight: 45, graded: points, max: 37, minimum: 40 %}
    - {id: lab, weight: 35, graded: points, max: 12.5, due: 2024-03-04}
    - {id: talk, weight: 20}
    - {id: bonus, bonus: true, weight: 10, graded: points, max: 3}
  late: {deduct: [5 %, 10 %, 30 %], of: max, per: week, not_below: 20}
  activity:
    attendance: {of: 8, bands: [{from: 90 %, adjust: 3}, {from: 4, adjust: 0}, {from: 0, adjust: -5}]}
""",
        {
            "scores.csv": """
student,exam,lab,lab submitted,talk,bonus,attended
1,30,11,2024-03-04 23:59:59,4,3,8
2,14.7,12.5,2024-03-05 00:00,5,,3
3,37,12.5,2024-03-20 00:00,5,3,8
4,20,3,2024-05-20 12:00,3.5,1,7
5,22,8,,2,,
6,33,?,,4,2,5
""",
        },
    ),
    "retakes that are cut": (
        """
  evaluation_scale: 0-5
  parts:
    - {id: exam, weight: 50, graded: points, max: 30, linear: {1: 30 %, 5: 90 %}, minimum: 50 %, required: false,
       retakes: 1, retake_at_most: 1}
    - {id: essay, weight: 50}
    - {id: test, weight: 0, graded: points, max: 30, linear: {1: 30 %, 5: 90 %}, minimum: 50 %,
       retakes: 1, retake_at_most: 1}
""",
        {"scores.csv": "student,exam,exam 2,essay,test,test 2\n1,12,27,4,12,27\n2,12,14,3.5,16,14\n3,9,-,2,H,15\n"},
    ),
    "percent, two grades fail": (
        """
  evaluation_scale: {values: [U, Fx, G, VG], passes_from: G}
  basis: percent
  boundaries: [40, 60, 80]
  parts:
    - {id: exam, weight: 60, graded: points, max: 100}
    - {id: essay, weight: 40, graded: points, max: 100}
  activity: {levels: {active: 5, passive: -5}}
""",
        {
            "scores.csv": """
student,exam,essay,activity
1,55,55,
2,62,62,passive
3,39,40,active
4,59,60,active
5,85,82,passive
6,20,30,
""",
        },
    ),
    "free in order": (
        """
  evaluation_scale: 0-5
  parts:
    - {id: a, weight: 30, due: 2024-03-29 12:00}
    - {id: b, weight: 30, due: 2024-03-22 12:00, late: {deduct: 1, per: week}}
    - {id: c, weight: 40, due: 2024-03-29}
  late: {deduct: [0.5, 0.5, 2], free: {budget: 9 d}}
""",
        {
            "scores.csv": """
student,a,a submitted,b,b submitted,c,c submitted
1,4,2024-04-01 13:00,5,2024-03-29 11:00,3,2024-03-30 00:00
2,4,2024-03-31 12:00,5,2024-03-22 11:00,H,2024-04-15 10:00
3,5,2024-04-02 12:00,3,2024-04-22 11:00,5,2024-04-02 00:00
""",
        },
    ),
    "free where it helps": (
        """
  evaluation_scale: 0-5
  parts:
    - {id: a, weight: 30, due: 2024-03-29 12:00}
    - {id: b, weight: 30, due: 2024-03-22 12:00}
    - {id: c, weight: 40, due: 2024-03-29}
  late: {deduct: 0.75, not_below: 0, closes: 10 d, free: {budget: 3 d, spend: where-it-helps}}
""",
        {
            "scores.csv": """
student,a,a submitted,b,b submitted,c,c submitted
1,4,2024-04-01 13:00,5,2024-03-24 11:00,3,2024-03-30 00:00
2,4,2024-03-31 12:00,5,2024-03-22 11:00,1,2024-03-31 10:00
3,5,2024-04-02 12:00,3,2024-04-22 11:00,5,2024-04-02 00:00
""",
        },
    ),
    "peer marks": (
        """
  evaluation_scale: 0-5
  parts:
    - {id: work, weight: 70, by: group, peer: {method: webpa, weight: 50 %, penalty: 10 %, at_most: 1}}
    - {id: exam, weight: 30}
""",
        {
            "scores.csv": """
student,group,work,exam
1,A,,4
2,A,,3
3,A,,5
4,B,2.5,3
5,B,,2
6,B,,1
""",
            "groups.csv": "group,work\nA,4\nB,3.5\n",
            "peers.csv": "from,to,effort,ideas\n1,2,3,4\n1,3,5,5\n2,1,4,4\n2,3,4,5\n5,6,2,2\n6,5,1,5\n",
        },
    ),
    "own scale": (
        """
  evaluation_scale: {values: [U, G, VG], passes_from: G}
  may_fail: true
  rounding: up
  parts:
    - {id: essay, weight: 50, required: false, minimum: 0}
    - {id: exam, weight: 50, required: false, graded: points, max: 20, boundaries: [10, 16]}
""",
        {"scores.csv": "student,essay,exam\n1,VG,12\n2,U,9\n3,G,20\n4,fail,-\n5,EX,16\n6,EX,AHOT\n"},
    ),
    "pass-fail": (
        """
  evaluation_scale: pass-fail
  parts:
    - {id: report, graded: pass-fail, due: 2024-03-04 12:00}
    - {id: talk, graded: pass-fail, retakes: 1}
  late: {closes: 1 d}
""",
        {
            "scores.csv": """
student,report,report submitted,talk,talk 2
1,HYV,2024-03-05 11:00,HYV,
2,HYV,2024-03-05 12:01,H,HYV
3,x,2024-03-04 11:00,H,H
4,?,,HYV,
5,EX,,AHOT,
""",
        },
    ),
    "overrides": (
        """
  evaluation_scale: 0-5
  parts:
    - {id: essay, weight: 50}
    - {id: exam, weight: 50}
""",
        {
            "scores.csv": "student,essay,exam\n1,4,5\n2,0,4\n3,?,4\n4,EX,AHOT\n5,3,3\n",
            "overrides.csv": (
                "student,grade,reason,by,date\n1,5,appeal,Opettaja,2024-05-02\n2,1,special arrangement,,2024-05-03\n"
                "3,0,fraud 12 §,Opettaja,2024-05-04\n4,3,recognised as a whole,,2024-05-04\n"
            ),
        },
    ),
}


def written(name: str, folder: Path) -> list[str]:
    """Writes the files of a class; the result is what ``kurssi grade`` is given."""
    assessment, sheets = CLASSES[name]
    (folder / "plan.yaml").write_text(HEAD + assessment, "utf-8")
    for file, text in sheets.items():
        (folder / file).write_text(text.lstrip("\n"), "utf-8")
    return [str(folder / file) for file in ("plan.yaml", *sheets) if file != "overrides.csv"]


def graded(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> bytes:
    """The report of a class, made in ``folder`` through the command line."""
    code = run(["grade", *written(name, folder), "--format", "json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out.encode()


def verified(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    code = run(["verify", str(path), "--lang", "en", *more])
    out, err = capsys.readouterr()
    return code, out, err


# ---- what kurssi wrote follows -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLASSES)
def test_reports_follow(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    report.write_bytes(graded(name, tmp_path, capsys))
    code, out, err = verified(report, capsys)
    students = len(json.loads(report.read_bytes())["students"])
    files = len(CLASSES[name][1]) + 1
    assert (code, out) == (0, "")
    assert (
        err == f"{students} grades derived again, all follow; {files} inputs unchanged, the report says what they say\n"
    )


def test_the_value_alone_decides_where_a_part_need_not_be_passed() -> None:
    first, second, third = kept("retakes that are cut")["students"]
    assert (first["exact"], first["grade"]) == ("17/6", 3)
    parts = [(student["parts"]["exam"]["used"], student["parts"]["test"]["used"]) for student in (first, second, third)]
    assert parts == [(1, 2), (1, 1), (1, 2)]


def test_the_pass_value_is_the_boundary_of_the_pass_grade() -> None:
    students = kept("percent, two grades fail")["students"]
    assert [(s["label"], s["status"], s["exact"]) for s in students] == [
        ("Fx", "failed", "55"),
        ("G", "graded", "60"),
        ("Fx", "failed", "44.4"),
        ("G", "graded", "64.4"),
        ("G", "graded", "78.8"),
        ("U", "failed", "24"),
    ]
    assert {s["reasons"][0]["minimum"] for s in students if s["reasons"]} == {"60"}


VAIN = """
  evaluation_scale: 0-5
  parts:
    - {id: essay, weight: 50, required: false}
    - id: work
      weight: 50
      minimum: 4.5
      parts: [{id: a, weight: 50, required: true, retakes: 1, retake_at_most: 1}, {id: b, weight: 50}]
"""
"""What is open in ``work`` may repair ``a``, and not ``work``."""


def test_what_is_open_and_can_only_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, sheet, report = (tmp_path / name for name in ("plan.yaml", "s.csv", "report.json"))
    plan.write_text(HEAD + VAIN, "utf-8")
    sheet.write_text("student,essay,a,a 2,b\n1,0,0,?,0\n2,0,?,,0\n3,0,-,?,0\n", "utf-8")
    assert run(["grade", str(plan), str(sheet), "-o", str(report)]) == 0
    capsys.readouterr()
    students = json.loads(report.read_bytes())["students"]
    assert [s["status"] for s in students] == ["failed"] * 3
    assert students[0]["reasons"] == [{"part": "work", "code": "failed", "minimum": None, "value": None}]
    assert not any(s["raised_to_pass"] for s in students)
    assert verified(report, capsys)[:2] == (0, "")


def test_cut_retakes_of_every_kind_follow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    files = [str(ROOT / "tests" / "verify" / name) for name in ("cut-retakes.yaml", "cut-retakes.csv")]
    assert run(["grade", *files, "-o", str(report)]) == 0
    capsys.readouterr()
    assert verified(report, capsys)[:2] == (0, "")


@pytest.mark.parametrize("plan", ["KH00BT03-2023", "KH00BT03-2024"])
def test_shipped_examples_follow(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    report = tmp_path / "report.json"
    assert run(["grade", f"implementations/{plan}.yaml", "-o", str(report)]) == 0
    capsys.readouterr()
    code, out, err = verified(report, capsys)
    assert (code, out) == (0, "")
    assert "all follow" in err
    assert "inputs unchanged" in err


def test_an_explanation_follows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    graded("nested", tmp_path, capsys)
    monkeypatch.chdir(tmp_path)
    assert run(["explain", "plan.yaml", "2", "scores.csv", "--format", "json"]) == 0
    (tmp_path / "report.json").write_text(capsys.readouterr().out, "utf-8")
    code, out, err = verified(Path("report.json"), capsys)
    assert (code, out) == (0, "")
    assert err == "1 grade derived again, all follow; 2 inputs unchanged, the report says what they say\n"


def test_a_day_for_which_something_is_still_to_come(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graded("plain", tmp_path, capsys)
    files = [str(tmp_path / name) for name in ("plan.yaml", "scores.csv", "groups.csv")]
    assert run(["grade", *files, "--as-of", "2024-03-10", "--format", "json"]) == 0
    (tmp_path / "report.json").write_text(capsys.readouterr().out, "utf-8")
    assert verified(tmp_path / "report.json", capsys)[:2] == (0, "")


@functools.lru_cache(maxsize=1)
def read(text: str) -> tuple[Checked, Policy]:
    """An implementation file without errors, and its policy."""
    checked = check(text.encode(), "x.yaml")
    assert checked.gradable, [(f.rule, f.path, f.message.text) for f in checked.findings]
    assert checked.file is not None
    return checked, resolve(checked.file)


def report_of(world: World) -> bytes:
    """The report of a generated class."""
    checked, policy = read(implementation(world.assessment, world.timing_end))
    assert checked.file is not None
    classes = world.class_list(policy)
    results = tuple(Grader(policy, classes, as_of=world.as_of).results(classes.students))
    inputs = (Input("x.yaml", "0" * 64),)
    book = Gradebook(checked.file, checked.document, policy, classes, results, inputs, (), world.as_of)
    return document(book).encode()


def said(problems: list[Problem]) -> str:
    return "\n".join(f"{p.student} {p.where}: {p.message.text} {p.found} {p.expected}" for p in problems)


@examples(20)
@given(worlds(peers=False, open_cells=False, composites=True))
def test_generated_classes_follow(world: World) -> None:
    problems = verify(read_report(report_of(world))).problems
    assert problems == [], said(problems)


@examples(15)
@given(worlds(peers=True, open_cells=False, composites=True))
def test_generated_classes_with_peer_marks_follow(world: World) -> None:
    problems = verify(read_report(report_of(world))).problems
    assert problems == [], said(problems)


# ---- what is changed is found ------------------------------------------------------------------------------

TENTHS = 10


def found(raw: bytes) -> bool:
    try:
        return bool(verify(read_report(raw)).problems)
    except NotAReport:
        return True


@pytest.mark.parametrize("tenth", one_in(2, range(TENTHS)))
def test_every_changed_digit_is_found(tenth: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = graded("plain", tmp_path, capsys).decode()
    places = [match.start() for match in re.finditer("[0-9]", text)]
    assert len(places) > 2000
    assert not found(text.encode())
    for place in places[tenth::TENTHS]:
        changed = text[:place] + str((int(text[place]) + 1 + place % 9) % 10) + text[place + 1 :]
        assert found(changed.encode()), text[max(0, place - 80) : place + 20]


def sealed(data: Json) -> bytes:
    """The document with the seal that fits it, as somebody who knows how it is made would write it."""
    rest = {key: value for key, value in data.items() if key != "seal"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(rest | {"seal": hashlib.sha256(text.encode()).hexdigest()}, ensure_ascii=False).encode()


Place = tuple[str | int, ...]


def digits(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Every value with one digit changed, with its place."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from digits(below, (*place, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from digits(below, (*place, index))
    elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        text = str(value)
        for match in re.finditer("[0-9]", text):
            digit = (int(match[0]) + 1 + match.start() % 3) % 10
            changed = text[: match.start()] + str(digit) + text[match.end() :]
            yield place, changed if isinstance(value, str) else int(changed)


def put(data: Json, place: Place, value: object) -> Json:
    copy: Json = json.loads(json.dumps(data))
    at: Any = copy
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return copy


NOBODY_CAN_KNOW = {
    "student",  # who it is
    "name",
    "group",
    "row",  # where in a sheet it was read
    "file",
    "column",
    "why",  # the sentence beside the figures
    "rule",  # the line of the rule: found only where another student's step names the same rule
}
"""Fields of a student from which no grade follows: a change there is found by the seal alone."""


def changes_nothing(student: Json, place: Place) -> bool:
    """What went in, where nothing came of it: the score of a closed attempt, when a late word came."""
    attempt: Any = student
    for key in place[:-1]:
        attempt = attempt[key]
    if place[-1] == "score":
        return bool(attempt.get("state") == "closed")
    return place[-1] == "submitted" and attempt.get("state") in ("failed", "passed") and attempt["units"] > 0


def alone(data: Json, number: int) -> Json:
    """The report about one student, as ``kurssi explain`` writes it."""
    student = data["students"][number]
    summary = {key: int(student["status"] == key) for key in ("graded", "failed", "incomplete")}
    spread = dict.fromkeys(data["summary"]["distribution"], 0)
    if student["grade"] is not None:
        spread[list(spread)[student["grade"] - lowest(data)]] = 1
    return {**data, "command": "explain", "students": [student], "summary": {**summary, "distribution": spread}}


def lowest(data: Json) -> int:
    return 4 if data["policy"]["resolved"]["evaluation_scale"] == "4-10" else 0


@pytest.mark.parametrize("name", CLASSES)
def test_a_new_seal_helps_nobody(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(graded(name, tmp_path, capsys))
    count, missed = 0, []
    for number, student in enumerate(data["students"]):
        one = data if name == "peer marks" else alone(data, number)
        assert not found(sealed(one))
        for place, value in one_in(5, digits(student)):
            if place[-1] in NOBODY_CAN_KNOW or changes_nothing(student, place):
                continue
            count += 1
            at, before = swap(student, place, value)
            if not found(sealed(one)):
                missed.append((student["student"], *place, value))
            at[place[-1]] = before
    assert count > 30
    assert missed == []


def swap(student: Json, place: Place, value: object) -> tuple[Any, object]:
    at: Any = student
    for key in place[:-1]:
        at = at[key]
    before, at[place[-1]] = at[place[-1]], value
    return at, before


def tampered(data: Json, place: str, value: object) -> list[Problem]:
    return verify(read_report(sealed(put(data, keys(place), value)))).problems


def keys(place: str) -> Place:
    """``students/0/grade`` as keys."""
    return tuple(int(key) if key.isdecimal() and "distribution" not in place else key for key in place.split("/"))


WORK = "students/0/parts/group_work/attempts/0"


@pytest.mark.parametrize(
    ("place", "value", "student", "where", "stands", "follows"),
    [
        ("students/0/grade", 4, "0000012", "grade", "4", "3"),
        ("students/0/exact", "3.5", "0000012", "exact", '"3.5"', '"3.4"'),
        ("students/0/label", "5", "0000012", "label", '"5"', '"3"'),
        ("students/0/status", "failed", "0000012", "status", '"failed"', '"graded"'),
        ("students/1/raised_to_pass", True, "0000023", "raised_to_pass", "true", "false"),
        ("students/1/activity/adjust", "1.5", "0000023", "activity.adjust", '"1.5"', '"0.5"'),
        (f"{WORK}/units", 1, "0000012", "parts.group_work.attempts.1.units", "1", "2"),
        (f"{WORK}/deducted", "0.5", "0000012", "parts.group_work.attempts.1.deducted", '"0.5"', '"1"'),
        ("students/0/steps/1/after", "4", "0000012", "steps: late group_work 1.after", '"4"', '"3"'),
        ("students/0/steps/1/operands/0/units", 0, "0000012", "steps: late group_work 1.operands.1.units", "0", "2"),
        ("summary/graded", 2, None, "summary.graded", "2", "3"),
        ("summary/distribution/5", 1, None, "summary.distribution.5", "1", "0"),
    ],
)
def test_a_problem_says_where_and_what_follows(
    place: str,
    value: object,
    student: str | None,
    where: str,
    stands: str,
    follows: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    problems = tampered(json.loads(graded("plain", tmp_path, capsys)), place, value)
    assert (student, where, stands, follows) in [(p.student, p.where, p.found, p.expected) for p in problems]


@pytest.mark.parametrize("spelling", ["3.0", "+3", "03", "3/1", "6/2", " 3", "3.", "٣", "3e0", "-0", "", "0x3"])
def test_one_number_has_one_spelling(spelling: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exact_numbers.read(spelling) is None
    data = json.loads(graded("plain", tmp_path, capsys))
    problems = tampered(data, "students/0/parts/individual/attempts/0/score", spelling)
    assert [(p.student, p.where) for p in problems] == [("0000012", "parts.individual.attempts.1.score")]


@given(st.fractions())
def test_numbers_are_written_as_they_are_read(number: Fraction) -> None:
    text = exact_numbers.write(number)
    assert text is not None
    assert exact_numbers.read(text) == number == Fraction(text)


@pytest.mark.parametrize("text", ["2024-02-30", "2024-3-4", "2024-03-04T10:00", "2024-03-04 10:00:00", "4.3.2024", ""])
def test_one_time_has_one_spelling(text: str) -> None:
    assert read_moment(text) is None


def test_steps_may_not_be_missing_doubled_or_moved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(graded("plain", tmp_path, capsys))
    steps = data["students"][1]["steps"]
    whole = [f"{step['step']} {step['part']}" for step in steps]
    assert whole[0] == "convert group_work"
    for at in range(len(steps)):
        without = [*steps[:at], *steps[at + 1 :]]
        assert tampered(data, "students/1/steps", without), whole[at]
        assert tampered(data, "students/1/steps", [*steps, steps[at]]), whole[at]
        assert at == 0 or tampered(data, "students/1/steps", [steps[at], *without]), whole[at]
    more = tampered(data, "students/1/steps", [*steps[:-1], {**steps[0], "step": "bonus"}, steps[-1]])
    assert [(p.where, p.found) for p in more] == [("steps", "bonus group_work")]


def test_students_and_parts_may_not_be_doubled_or_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(graded("plain", tmp_path, capsys))
    students = data["students"]
    assert any("twice" in p.message.text for p in tampered(data, "students", [*students, students[0]]))
    assert tampered(data, "students", students[1:])
    assert tampered(data, "students", [])
    parts = students[0]["parts"]
    assert tampered(data, "students/0/parts", {k: v for k, v in parts.items() if k != "exam"})
    assert tampered(data, "students/0/parts", parts | {"essay": parts["exam"]})


def test_a_policy_that_was_changed_is_found_by_its_hash_and_by_what_follows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(graded("plain", tmp_path, capsys))
    places = {p.where for p in tampered(data, "policy/resolved/parts/0/late/deduct/0", "0.25")}
    assert {"policy.sha256", "parts.group_work.attempts.1.deducted", "exact"} <= places
    assert "policy.resolved.parts" in {p.where for p in tampered(data, "policy/resolved/parts/0/weight", "41")}


def test_an_extension_cannot_be_slipped_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(graded("plain", tmp_path, capsys))
    problems = tampered(data, f"{WORK}/due", "2024-03-08 23:59")
    assert "parts.group_work.attempts.1.due" in {p.where for p in problems}
    own = put(data, ("students", 0, "parts", "group_work", "attempts", 0, "own_due"), True)
    problems = tampered(own, f"{WORK}/due", "2024-03-01 23:59")
    assert "parts.group_work.attempts.1.due" in {p.where for p in problems}


def test_a_budget_cannot_be_overspent_or_spent_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(graded("free where it helps", tmp_path, capsys))
    forgiven = {part: value["attempts"][0]["forgiven"] for part, value in data["students"][1]["parts"].items()}
    assert sum(forgiven.values()) == 3
    for part, units in forgiven.items():
        for other in {0, 1, 2, 3} - {units}:
            assert tampered(data, f"students/1/parts/{part}/attempts/0/forgiven", other), (part, other)


def test_the_factors_of_a_group_sum_to_its_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(graded("peer marks", tmp_path, capsys))
    peer = data["students"][0]["parts"]["work"]["peer"]
    assert peer["factor"] != "1"
    peer["factor"] = "1"
    assert any(p.where == "students" for p in verify(read_report(sealed(data))).problems)


def test_a_range_holds_what_can_be_reached(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(graded("plain", tmp_path, capsys))
    span = data["students"][2]["range"]
    step = f"students/2/steps/{len(data['students'][2]['steps']) - 1}/operands/0/range"
    assert len(span) > 2
    wrong = [span[1:], span[:-1], [span[0], *span[2:]], [*span, 9], span[::-1], [span[0]], [], [-1, *span]]
    for other in wrong:
        assert tampered(put(data, keys(step), other), "students/2/range", other), other


# ---- files and the command line ----------------------------------------------------------------------------


def test_inputs_that_changed_or_are_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    graded("plain", tmp_path, capsys)
    monkeypatch.chdir(tmp_path)
    assert run(["grade", "plan.yaml", "scores.csv", "groups.csv", "--format", "json"]) == 0
    (tmp_path / "report.json").write_text(capsys.readouterr().out, "utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)  # then they are looked for beside the report
    assert verified(Path("../report.json"), capsys)[0] == 0
    (tmp_path / "scores.csv").write_text("student\n", "utf-8")
    (tmp_path / "groups.csv").unlink()
    code, out, err = verified(Path("../report.json"), capsys)
    assert code == 1
    first, second = out.splitlines()
    assert first.startswith("error: inputs.2.sha256: scores.csv is not the file that was read")
    assert second.startswith("warning: inputs.3.sha256: groups.csv is not here")
    assert "all follow; 1 input unchanged, 1 input changed, 1 input cannot be checked, what went in is taken" in err
    (elsewhere / "scores.csv").write_bytes(b"another")
    graded("plain", tmp_path, capsys)
    assert verified(Path("../report.json"), capsys)[0] == 0  # one of the two places is enough


def test_an_input_that_is_not_there_does_not_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.json").write_bytes(graded("own scale", tmp_path, capsys))
    (tmp_path / "scores.csv").unlink()
    code, out, _ = verified(tmp_path / "report.json", capsys)
    assert code == 0
    assert out.startswith("warning: ")


def test_the_command_line_names_the_student(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    data = json.loads(graded("plain", tmp_path, capsys))
    report.write_bytes(sealed(put(data, ("students", 0, "exact"), "3.6")))
    code, out, err = verified(report, capsys)
    assert code == 1
    assert out == 'error: student 0000012: exact: "3.6" stands there, but "3.4" follows\n'
    assert err == "6 grades derived again, 1 does not follow; 3 inputs unchanged, the report says what they say\n"
    code, out, _ = verified(report, capsys, "--format", "json")
    answer = json.loads(out)
    assert (code, answer["command"], answer["students"], answer["wrong"]) == (1, "verify", 6, 1)
    assert [state["state"] for state in answer["inputs"]] == ["unchanged"] * 3
    assert answer["problems"] == [
        {
            "student": "0000012",
            "where": "exact",
            "severity": "error",
            "message": '"3.6" stands there, but "3.4" follows',
            "found": '"3.6"',
            "expected": '"3.4"',
        }
    ]


def test_a_broken_seal_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    report.write_bytes(graded("plain", tmp_path, capsys).replace(b"Aalto, A", b"Aalto, B"))
    code, out, err = verified(report, capsys)
    name, seal = out.splitlines()
    assert name == 'error: student 0000012: name: "Aalto, B" stands there, but the inputs say "Aalto, A"'
    assert (code, "the seal is broken" in seal) == (1, True)
    assert err.startswith("6 grades derived again, 1 does not follow; ")
    data = json.loads(graded("plain", tmp_path, capsys))
    del data["seal"]
    report.write_text(json.dumps(data), "utf-8")
    assert verified(report, capsys)[:2] == (1, "error: seal: missing\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "this is not JSON"),
        ("student;grade", "this is not JSON"),
        ('{"kurssi": 1, "command": "grade", "students": [NaN]}', "this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ("[]", "this is not a report of kurssi"),
        ("{}", "this is not a report of kurssi"),
        ('{"kurssi": true, "command": "grade"}', "this is not a report of kurssi"),
        ('{"kurssi": 1, "command": "grade", "students": ' + "[" * 200 + "]" * 200 + "}", "not a report of kurssi"),
        ('{"kurssi": 1, "command": "validate", "files": []}', "about one implementation"),
        ('{"kurssi": 1, "command": "grade", "implementations": []}', "about one implementation"),
        ('{"kurssi": 2, "command": "grade", "students": []}', "which a newer kurssi wrote"),
        ('{"kurssi": 1, "kurssi": 1, "command": "grade", "students": []}', "stands twice"),
    ],
)
def test_what_is_no_report(text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    report.write_text(text, "utf-8")
    code, out, err = verified(report, capsys)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_a_report_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = verified(tmp_path / "report.json", capsys)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_standard_input(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    raw = graded("percent", tmp_path, capsys)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert verified(Path("-"), capsys)[:2] == (0, "")


# ---- anything at all ---------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from(["0", "1", "5", "10/3", "2024-03-04 10:00", "0001-01-01", "9999-12-31 23:59", "10 %", "7 d"]),
    st.sampled_from([10**400, -1, 0, 5, "9" * 900, "scored", "late", "closed", "Europe"]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(st.text(max_size=8), below, max_size=4)),
    max_leaves=12,
)


def verify_all(data: Json) -> None:
    """Whatever it says, it says it; where the seal is not it, too."""
    for raw in (json.dumps(data).encode(), json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")):
        try:
            verdict = verify(read_report(raw))
        except NotAReport:
            continue
        assert verdict.problems


@given(
    st.dictionaries(st.sampled_from(["students", "policy", "inputs", "summary", "seal", "as_of"]), ANYTHING), ANYTHING
)
@example({}, [])
def test_arbitrary_json_raises_nothing(data: Json, students: object) -> None:
    verify_all({"kurssi": 1, "command": "grade", "students": students, **data})


@given(st.binary())
def test_arbitrary_bytes_raise_nothing(raw: bytes) -> None:
    with pytest.raises(NotAReport):
        read_report(raw)


def all_places(value: object, place: Place = ()) -> Iterator[Place]:
    if place:
        yield place
    if isinstance(value, dict):
        for key, below in value.items():
            yield from all_places(below, (*place, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from all_places(below, (*place, index))


@functools.cache
def kept(name: str) -> Json:
    """The report of a class, made once."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        assert run(["grade", *written(name, Path(folder)), "-o", str(report)]) == 0
        data: Json = json.loads(report.read_bytes())
    return data


@pytest.mark.parametrize("name", ["plain", "points", "percent", "free where it helps", "peer marks", "overrides"])
@examples(20)
@given(st.data())
def test_a_report_with_anything_in_it_raises_nothing(name: str, data: st.DataObject) -> None:
    report = kept(name)
    places = sorted(all_places(report), key=str)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places))
        try:
            report = put(report, place, data.draw(ANYTHING))
        except (KeyError, IndexError, TypeError):  # what stood there is gone
            continue
    try:
        verify(read_report(sealed(report)))
    except NotAReport:
        return


NESTED_IN_PERCENT = """
assessment:
  evaluation_scale: 0-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - id: work
      weight: 60
      minimum: 40 %
      parts:
        - {id: a, graded: points, max: 30, minimum: 40 %}
        - {id: b, graded: points, max: 20}
    - {id: exam, weight: 40, graded: points, max: 37}
"""


def test_a_minimum_of_a_part_with_parts_is_the_same_with_and_without_the_sign() -> None:
    """Under basis percent; everything that is made of a policy starts from its resolved form."""
    head = "kurssi: 1\ncourse: {code: K, name: K, credits: 5}\nimplementation: {id: K-1}"
    texts = NESTED_IN_PERCENT, NESTED_IN_PERCENT.replace("40 %\n      parts", "40\n      parts")
    policies, models = [], []
    for text in texts:
        checked = check((head + text).encode(), "k.yaml")
        assert checked.file is not None
        assert checked.gradable
        policies.append(resolve(checked.file))
        models.append(read_policy(load((head + text).encode(), "k").data["assessment"], "Europe/Helsinki"))
    assert policies[0] == policies[1]
    work = policies[0].parts[0]
    assert work.minimum == 40
    assert not work.minimum_raw
    assert work.parts[0].minimum == 12
    assert work.parts[0].minimum_raw
    data = resolved(policies[0])
    assert (data["parts"][0]["minimum"], data["parts"][0]["minimum_of"]) == ("40", "value")
    assert resolved(policy_of(data)) == data
    assert [model.parts[0].minimum for model in models] == [40, 40]
    assert [model.parts[0].minimum_raw for model in models] == [None, None]
