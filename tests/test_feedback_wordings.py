"""The two wordings of CES are told apart by the question or asked for; so is a scale of five steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from kurssi.cli import run
from kurssi.surveys.recognition import recognise
from test_feedback import CES, STEPS, Capture, as_json, question, sheet

EFFORT = "How much effort did you personally have to put forth to handle your request?"
EASE = "The course made it easy for me to do what it asked"
SEVEN = [
    "Täysin eri mieltä",
    "Eri mieltä",
    "Jonkin verran eri mieltä",
    "En samaa enkä eri mieltä",
    "Jonkin verran samaa mieltä",
    "Samaa mieltä",
    "Täysin samaa mieltä",
]


@pytest.mark.parametrize(
    ("header", "answers", "kind", "scale"),
    [
        (EFFORT, ["1", "5", "2"], "ces", (1, 5)),
        ("CES: " + EFFORT, ["1", "5", "2"], "ces", (1, 5)),
        ("CES: " + EFFORT, ["1", "7", "2"], "unclear", None),
        ("Hur mycket möda krävde kursen?", ["1", "5", "2"], "ces", (1, 5)),
        ("Load", ["Very low effort", "High effort", "Low effort"], "ces", (1, 5)),
        (EASE, ["7", "5", "6"], "ces-ease", (1, 7)),
        (EASE + " (1-7)", ["1", "2", "3"], "ces-ease", (1, 7)),
        ("Opintojakso teki minulle tehtävien hoitamisesta helppoa (1–7)", ["3", "4", "5"], "ces-ease", (1, 7)),
        ("Yritys teki asiani hoitamisesta helppoa", SEVEN, "ces-ease", (1, 7)),
        ("Kursen gjorde det lätt för mig att lära (1-7)", ["3", "4", "5"], "ces-ease", (1, 7)),
        ("CES 2.0 (1-7)", ["3", "4", "5"], "ces-ease", (1, 7)),
        ("CES: " + EASE + " (1-5)", ["3", "4", "5"], "ces-ease", (1, 5)),
        (EASE + " (1-6)", ["3", "4", "5"], "scale", (1, 6)),
        (EASE, ["3", "4", "5"], "unclear", None),
        ("CES", ["3", "4", "5"], "unclear", None),
        ("Customer Effort Score (1-7)", ["3", "4", "5"], "unclear", None),
        ("CES", ["Strongly agree", "Agree", "Strongly disagree"], "unclear", None),
        ("CES: " + EASE, ["Strongly agree", "Somewhat agree", "Agree"], "ces-ease", (1, 7)),
        (EASE, ["Strongly agree", "Agree", "Strongly agree", "Agree"], "choice", None),
        ("It was easy to find the room", ["3", "4", "6"], "scale", (1, 6)),
    ],
)
def test_wordings(header: str, answers: list[str], kind: str, scale: tuple[int, int] | None) -> None:
    found = recognise(header, answers)
    assert (found.kind, found.scale) == (kind, scale)


def test_ease_counts_the_other_way(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, [EASE + " (1-7)", 7, "7 = strongly agree", 6, 5, 4, 2])
    found = question(as_json(capsys, name))
    assert found["kind"] == "ces-ease"
    assert found["figures"]["counts"] == {"1": 0, "2": 1, "3": 0, "4": 1, "5": 1, "6": 1, "7": 2}
    assert found["figures"]["mean"] == "31/6"
    # Wilson's interval of 4 of 6, by hand: 30.0 – 90.3
    assert found["figures"]["easy"]["interval"]["low"] == "30"
    assert found["figures"]["easy"]["interval"]["high"] == "90.3"
    assert (found["figures"]["neither"]["count"], found["figures"]["hard"]["count"]) == (1, 1)
    run(["feedback", name, "--lang", "fi"])
    out = " ".join(capsys.readouterr().out.split())
    assert "CES 5,17 (1–7, suurempi on parempi)" in out
    assert "oli helppoa: 66,7 %" in out


def test_words_of_seven_steps_are_steps(tmp_path: Path, capsys: Capture) -> None:
    found = question(as_json(capsys, sheet(tmp_path, ["Yritys teki asiani hoitamisesta helppoa", *SEVEN])))
    assert found["figures"]["counts"] == dict.fromkeys("1234567", 1)


def test_unclear_wording_is_asked_for(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, ["CES", 2, 3, 4], ["Opin uutta (1-5)", 5, 5, 4])
    assert run(["feedback", name, "--lang", "en"]) == 1
    out, err = capsys.readouterr()
    assert "error[ces-unclear]: column A does not say which wording of CES it is" in err
    assert '"A=ces-ease"' in err
    assert "CES 3" not in out
    assert question(as_json(capsys, name, "--column", "A=ces"))["figures"]["less"]["count"] == 1
    ease = question(as_json(capsys, name, "--column", "A=ces-ease 1-5"))
    assert (ease["kind"], ease["scale"], ease["figures"]["easy"]["count"]) == ("ces-ease", [1, 5], 1)
    assert question(as_json(capsys, name, "--column", "CES=ces 1-7"))["scale"] == [1, 7]


def test_only_an_unclear_question_is_one_finding(tmp_path: Path, capsys: Capture) -> None:
    assert run(["feedback", sheet(tmp_path, ["CES", 2, 3, 4]), "--lang", "en"]) == 1
    assert "no-question" not in capsys.readouterr().err


def test_words_and_number_that_count_opposite_ways(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, [EASE + " (1-7)", "1 = strongly agree", 2, 3, 4])
    assert run(["feedback", name, "--lang", "en"]) == 1
    out, err = capsys.readouterr()
    assert "error[bad-answer]" in err
    assert "CES 2" not in out


def test_effort_as_such_is_not_against_expectation(tmp_path: Path, capsys: Capture) -> None:
    run(["feedback", sheet(tmp_path, [EFFORT, 1, 2, 5]), "--lang", "en"])
    out = capsys.readouterr().out
    assert "1 least effort" in out
    assert "expected" not in out
    run(["feedback", sheet(tmp_path, [CES, *STEPS]), "--lang", "en"])
    assert "1 much less than expected" in capsys.readouterr().out


# ---- scales of five ----------------------------------------------------------------------------------------


def test_scale_of_five_is_asked_for(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, ["Opin uutta", 5, 4, 4], ["Panostin", 3, 4, 4], ["Sain palautetta", 6, 5, 5])
    assert run(["feedback", name, "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert "warning[scale-not-said]" in err
    assert "columns A, B were answered" in err
    assert "mean 4.33; 3 answers; the scale is not said" in out
    document = as_json(capsys, name)
    assert (question(document)["scale"], question(document)["recognised_by"]) == (None, "not-said")
    said = as_json(capsys, name, "--scale", "1-5", code=0)
    assert question(said)["scale"] == question(said, 1)["scale"] == [1, 5]
    assert question(said)["recognised_by"] == "said"
    # An answer beyond the scale that was said is no reason to forget it silently: the sheet has another one there.
    assert question(said, 2)["scale"] == [1, 6]
    assert said["findings"] == []


def test_answers_that_name_their_last_step_say_the_scale(tmp_path: Path, capsys: Capture) -> None:
    found = question(as_json(capsys, sheet(tmp_path, ["Opin uutta", "5 = täysin samaa mieltä", 4, 3])))
    assert (found["scale"], found["recognised_by"]) == ([1, 5], "labels")


def test_header_goes_before_the_option(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, ["Opin uutta (1-4)", 3, 4, 4], ["Muuta", 3, 4, 4])
    document = as_json(capsys, name, "--scale", "1-5", "--column", "B=1-6")
    assert (question(document)["scale"], question(document, 1)["scale"]) == ([1, 4], [1, 6])


@pytest.mark.parametrize("scale", ["5", "5-1", "a-b", "1-90"])
def test_scale_option_wrong(tmp_path: Path, capsys: Capture, scale: str) -> None:
    assert run(["feedback", sheet(tmp_path, ["Opin uutta", 5, 4, 4]), "--scale", scale, "--lang", "en"]) == 2
    assert "such as 1-5" in capsys.readouterr().err
