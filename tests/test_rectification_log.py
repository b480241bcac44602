"""The log of requests for rectification: in order, due, and in the lock as a chain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run

POLICY = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024, language: en}
assessment: {evaluation_scale: 0-5, parts: [{id: exam, name: Tentti, weight: 100}]}
"""
SHEET = "student,exam\n01,4\n02,3\n03,2\n"
LOG = (
    "student,asked,about,answered,outcome,reason,by\n"
    "01,2024-03-12,Tehtävä 3,2024-03-15,kept,Arvioitu kriteerien mukaan,M. Opettaja\n"
    "02,14.3.2024,Tentin pisteet,,,,\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class with a log."""
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text(POLICY, "utf-8")
    Path("s.csv").write_text(SHEET, "utf-8")
    Path("rectifications.csv").write_text(LOG, "utf-8")
    return tmp_path


def lock(capsys: pytest.CaptureFixture[str], *more: str, code: int = 0) -> str:
    assert run(["--lang", "en", "lock", "x.yaml", "s.csv", "-o", "x.lock", *more]) == code
    return capsys.readouterr().err


def verify(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    code = run(["--lang", "en", "verify", "x.lock", *more])
    out, err = capsys.readouterr()
    return code, out, err


def test_what_is_due(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = lock(capsys, "--told", "2024-03-01")
    # 15 March is a Friday
    assert "results told on 1 Mar 2024: rectification may be asked until 15 Mar 2024" in said
    assert "1 request is to be answered; 02, asked on 14 Mar 2024: Tentin pisteet" in said
    assert "after the time" not in said
    Path("rectifications.csv").write_text(LOG + "03,2024-03-18,Liian myöhään,,,,\n", "utf-8")
    said = lock(capsys, "--told", "2024-03-01")
    assert "2 requests are to be answered" in said
    assert "1 request came after the time; 03, asked on 18 Mar 2024" in said


def test_the_lock_holds_a_chain_and_nothing_of_what_was_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock(capsys, "--told", "1.3.2024")
    text = Path("x.lock").read_text("utf-8")
    assert text.startswith("kurssi-lock\t3\n")
    assert "\ntold\t2024-03-01\nlog\t2\nrequest\t" in text
    assert [line.split("\t")[2] == "-" for line in text.splitlines() if line.startswith("request")] == [False, True]
    assert not any(word in text for word in ("Tehtävä", "Tentin", "Opettaja", "Arvioitu", "2024-03-12"))
    assert verify(capsys)[0] == 0


def test_without_a_log_the_lock_is_as_it_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("rectifications.csv").unlink()
    said = lock(capsys)
    assert Path("x.lock").read_text("utf-8").startswith("kurssi-lock\t2\n")
    assert said == "written: x.lock\n3 grades locked\n"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("Tehtävä 3", "Tehtävä 4"), "request 1 of the log is not as it was locked, or one was put in before it"),
        (("reason,by\n", "reason,by\n03,2024-03-02,Jälkikäteen,,,,\n"), "request 1 of the log"),
        (("Opettaja\n", "Opettaja\n03,2024-03-13,Väliin,,,,\n"), "request 2 of the log"),
        (("kept,Arvioitu", "changed,Arvioitu"), "the answer to request 1 of the log is not as it was locked"),
        (("02,14.3.2024,Tentin pisteet,,,,\n", ""), "the log had 2 requests, and now has 1"),
    ],
)
def test_nothing_is_slipped_in(
    change: tuple[str, str], says: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock(capsys)
    Path("rectifications.csv").write_text(LOG.replace(*change), "utf-8")
    code, out, _ = verify(capsys)
    assert code == 1
    assert f"error: requests: {says}" in out
    code, out, _ = verify(capsys, "--format", "json")
    assert [one["where"] for one in json.loads(out)["problems"]] == ["requests"]


def test_an_open_request_may_be_answered_and_others_come(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock(capsys)
    answered = LOG.replace("Tentin pisteet,,,,", "Tentin pisteet,20.3.2024,muutettu,Laskuvirhe,M. Opettaja")
    Path("rectifications.csv").write_text(answered + "03,2024-03-14,Essee,,,,\n", "utf-8")
    code, _, err = verify(capsys)
    assert code == 0
    assert "1 request since the lock" in err
    Path("rectifications.csv").unlink()
    assert "cannot be read" in verify(capsys)[1]


def test_a_lock_that_says_more_or_fewer_requests_is_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import hashlib

    lock(capsys)
    text = Path("x.lock").read_text("utf-8")
    body, _, _ = text.rpartition("seal\t")

    def forged(body: str) -> tuple[int, str, str]:
        Path("x.lock").write_text(f"{body}seal\t{hashlib.sha256(body.encode()).hexdigest()}\n", "utf-8")
        return verify(capsys)

    assert forged(body)[0] == 0
    for changed in (
        body.replace("log\t2", "log\t1"),
        body.replace("log\t2\n", ""),
        body.replace("\t-\n", "\tx\n"),
        body.replace("log\t2", "told\tx\nlog\t2"),
        body.replace("kurssi-lock\t3", "kurssi-lock\t2"),
    ):
        assert changed != body
        code, _, err = forged(changed)
        assert code == 1
        assert "Traceback" not in err


@pytest.mark.parametrize(
    ("log", "says"),
    [
        ("student,asked\n01,2024-03-12\n", "these columns are missing: about"),
        ("student,asked,about\n01,eilen,x\n", "“eilen” is no date"),
        ("student,asked,about\n01,,x\n", "row 2 does not say who asked, when, and about what"),
        ("student,asked,about,answered\n01,2024-03-12,x,2024-03-13\n", "row 2 is answered in part"),
        ("student,asked,about,answered,outcome,reason\n01,2024-03-12,x,2024-03-13,ehkä,y\n", "“ehkä” is no outcome"),
        ("student,asked,about,answered,outcome,reason\n01,2024-03-12,x,2024-03-11,kept,y\n", "before it was asked"),
        ("student,asked,about\n09,2024-03-12,x\n", "the student 09 is not in the class"),
    ],
)
def test_a_log_that_is_not_in_order(log: str, says: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("rectifications.csv").write_text(log, "utf-8")
    said = lock(capsys, code=1)
    assert says in said
    assert not Path("x.lock").exists()


def test_in_finnish_and_swedish(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("rectifications.csv").write_text(
        "opiskelijanumero;pyydetty;koskee;vastattu;tulos;perustelu;vastaaja\n01;12.3.2024;T;13.3.2024;ennallaan;P;M\n"
        "02;14.3.2024;T;;;;\n",
        "utf-8",
    )
    for language, says in (("fi", "1 pyyntö odottaa vastausta"), ("sv", "1 begäran väntar på svar")):
        arguments: list[Any] = ["--lang", language, "lock", "x.yaml", "s.csv", "-o", "x.lock", "--told", "1.3.2024"]
        assert run(arguments) == 0
        assert says in capsys.readouterr().err


def graded(capsys: pytest.CaptureFixture[str], *more: str, code: int = 0, language: str = "en") -> str:
    assert run(["--lang", language, "grade", "x.yaml", "s.csv", *more]) == code
    return capsys.readouterr().err


def test_grading_says_what_is_to_be_answered(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "1 request is to be answered; 02, asked on 14 Mar 2024: Tentin pisteet"
    assert said in graded(capsys)
    assert said in graded(capsys, "--format", "csv", "-o", "r.json")
    assert said in graded(capsys, "--list", "peppi")
    assert "02" not in graded(capsys, "--list", "public")
    Path("rectifications.csv").write_text("student,asked\n01,2024-03-12\n", "utf-8")
    assert "these columns are missing: about" in graded(capsys, "-o", "r.csv", code=1)
    assert Path("r.csv").exists()  # the grades have nothing to do with the log
    Path("rectifications.csv").unlink()
    assert "request" not in graded(capsys)


def test_a_large_class_with_a_log_is_asked_about_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{n:07},{n % 6}\n" for n in range(30_000))
    Path("s.csv").write_text("student,exam\n" + rows, "utf-8")
    Path("rectifications.csv").write_text("student,asked,about\n0000007,2024-03-12,Tentti\n", "utf-8")
    assert "1 request is to be answered; 0000007" in graded(capsys, "--format", "csv")


SINCE = "02,2024-03-12,Tentti,2024-03-15,{},Tarkistettu,M. Opettaja\n"
CHANGED = "the grade of 02 was to change after the request of 12 Mar 2024, and overrides.csv does not set it"
KEPT = "the grade of 02 was to stay after the request of 12 Mar 2024, and overrides.csv sets it since"


@pytest.mark.parametrize(
    ("requests", "override", "says"),
    [
        (SINCE.format("changed"), None, CHANGED),
        (SINCE.format("changed"), "2024-03-11", CHANGED),
        (SINCE.format("changed"), "2024-03-15", None),
        (SINCE.format("kept"), "2024-03-15", KEPT),
        (SINCE.format("kept"), "2024-03-12", KEPT),
        (SINCE.format("kept"), "2024-03-11", None),  # for another reason, before anybody asked
        (SINCE.format("kept"), None, None),
        (SINCE.format("kept") + SINCE.format("changed"), "2024-03-15", None),
        ("02,2024-03-12,Tentti,,,,\n", "2024-03-15", None),
    ],
)
def test_an_answer_and_the_grade_set_by_hand_say_the_same(
    requests: str, override: str | None, says: str | None, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("rectifications.csv").write_text("student,asked,about,answered,outcome,reason,by\n" + requests, "utf-8")
    if override is not None:
        Path("overrides.csv").write_text(f"student,grade,reason,by,date\n02,4,Tarkistettu,M. O.,{override}\n", "utf-8")
    for said in (graded(capsys), lock(capsys)):
        found = [text for text in (CHANGED, KEPT) if text in said]
        assert found == ([] if says is None else [says])
        assert ("rectification-and-grade" in said) == (says is not None)


def test_the_answer_in_finnish_and_swedish(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = "student,asked,about,answered,outcome,reason,by\n"
    Path("rectifications.csv").write_text(head + SINCE.format("changed"), "utf-8")
    assert "oikaisupyynnön" in graded(capsys, language="fi")
    assert "begäran" in graded(capsys, language="sv")


WRONG = LOG + "99,2024-03-14,Kuka tämä on,,,,\n"


def test_what_is_wrong_with_the_log_is_in_the_reports(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = LOG.replace("kept,Arvioitu", "changed,Arvioitu")
    for text, rule, code in ((changed, "rectification-and-grade", 0), (WRONG, "unknown-student", 1)):
        Path("rectifications.csv").write_text(text, "utf-8")
        args = ["--lang", "en", "grade", "x.yaml", "s.csv", "--format", "json", "--force"]
        assert run([*args, "-o", "r.json", "-o", "r.html", "-o", "r.xlsx"]) == code
        out, err = capsys.readouterr()
        for document in (json.loads(out), json.loads(Path("r.json").read_text("utf-8"))):
            found = [one for one in document["findings"] if one["rule"] == rule]
            assert [one["file"] for one in found] == ["rectifications.csv"]
            assert found[0]["message"] in Path("r.html").read_text("utf-8")
            assert found[0]["message"] in err
        assert err.count(rule) == 1
        assert run(["--lang", "en", "verify", "r.json"]) == 0
        capsys.readouterr()


def test_a_folder_heeds_the_log_of_each(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.yaml").write_text(POLICY + "scores: s.csv\n", "utf-8")
    assert run(["--lang", "en", "grade", "."]) == 0
    said = capsys.readouterr().err
    assert "./x.yaml: 1 request is to be answered; 02, asked on 14 Mar 2024: Tentin pisteet" in said
    Path("rectifications.csv").write_text(WRONG, "utf-8")
    assert run(["--lang", "en", "grade", ".", "-o", "{id}.json", "-o", "all.html"]) == 1
    assert "the student 99 is not in the class" in capsys.readouterr().err
    assert "unknown-student" in Path("KH1-2024.json").read_text("utf-8")
