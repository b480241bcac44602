"""Open answers by their words: how many answers have a word, and no word that would tell of a person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.surveys.open_words import grouped
from strategies import examples
from test_feedback import Capture, as_json, question, sheet

GOOD = "Mikä oli hyvää?"


def words_of(document: dict[str, Any], at: int = 0) -> dict[str, int]:
    return {group["words"]: group["answers"] for group in question(document, at)["figures"]["words"]}


def groups(*texts: str, least: int = 3) -> dict[str, int]:
    return {group.text: group.answers for group in grouped(texts, least, lambda word: False)}


def test_words_and_phrases_are_counted_by_answer(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(
        tmp_path,
        [
            GOOD,
            "Palaute tuli nopeasti. Palaute oli selkeä, palaute!",
            "nopea PALAUTE ja aikataulu",
            "Selkeä aikataulu",
            "Selkeä aikataulu, kiitos",
            "selkeä aikataulu ja palaute",
        ],
    )
    assert words_of(as_json(capsys, name)) == {"aikataulu": 4, "selkeä": 4, "palaute": 3, "selkeä aikataulu": 3}
    assert words_of(as_json(capsys, name, "--least", "4")) == {"aikataulu": 4, "selkeä": 4}
    run(["feedback", name, "--lang", "en"])
    out = capsys.readouterr().out
    assert "words in at least 3 answers:" in out
    assert any(line.split()[:4] == ["aikataulu", "4", "80", "%"] for line in out.splitlines())


def test_phrase_stands_for_its_words() -> None:
    assert groups("the group work", "Group work was fun", "more group work") == {"group work": 3}
    assert groups("group, work", "group; work", "group. Work") == {"group": 3, "work": 3}


def test_joining_words_are_those_of_the_language() -> None:
    assert groups("on ja se", "on ja se", "on ja se") == {}
    # “man” joins in Swedish and is a word of its own in English.
    assert groups("det var så man kunde", "så man", "man kan", least=3) == {}
    assert "man" in groups("the man was here", "a man with you", "the man and his dog", least=3)


def test_nothing_is_stemmed() -> None:
    assert groups("työpaja", "työpajat", "työpajoista") == {}


def test_names_do_not_come_out_as_words(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(
        tmp_path,
        ["Nimi", "Virtanen Veera", "Mallinen Matti", "Oletettu Outi"],
        ["Sähköposti", "veera@example.org", "matti@example.org", "outi@example.org"],
        [
            GOOD,
            "Kiitos Maija! Veera auttoi, kysy opettaja@example.org",
            "Hyvä Maija, veeran ryhmä, opettaja@example.org",
            "Opettaja Maija ja Veeralle kiitos opettaja@example.org ryhmä",
        ],
    )
    assert run(["feedback", name, "--words-only", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["surveys"][0]["questions"][2]["figures"]
    assert found == {"words": [], "answers": None}


def test_hidden_name_comes_out_nowhere(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, [GOOD, "Maija opetti hyvin", "Maijan esimerkit", "maijalle kiitos", "Maija"])
    page = tmp_path / "p.html"
    for kind in ("text", "md", "json"):
        assert run(["feedback", name, "--hide", "maija", "--format", kind, "-o", str(page), "--force"]) == 0
        assert "maija" not in (capsys.readouterr().out + page.read_text("utf-8")).casefold()


def test_words_only_shows_no_answer(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, [GOOD, "ryhmä yksin", "ryhmä kaksin", "ryhmä kolmin"])
    page = tmp_path / "p.html"
    for kind in ("text", "md", "json"):
        assert run(["feedback", name, "--words-only", "--format", kind, "-o", str(page), "--force"]) == 0
        for text in (capsys.readouterr().out, page.read_text("utf-8")):
            assert "ryhmä" in text
            assert "kaksin" not in text


def test_words_only_shows_no_text_of_few_that_recurs(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, ["Mitä muuta?", *["ei mitään"] * 5, "kiitos Maija"])
    found = question(as_json(capsys, name, "--words-only"))
    assert (found["kind"], found["n"], found["figures"]["counts"]) == ("choice", 6, {"ei mitään": 5})


def test_least_is_of_every_question_and_never_below_three(tmp_path: Path, capsys: Capture) -> None:
    name = sheet(tmp_path, ["Opin uutta (1-6)", 5, 4, 4, 4], [GOOD, "ryhmä", "ryhmä", "ryhmä", "ryhmä"])
    assert question(as_json(capsys, name, "--least", "5"))["figures"] is None
    assert question(as_json(capsys, name, "--least", "4"))["figures"] is not None
    run(["feedback", name, "--least", "5", "--lang", "en"])
    assert "nothing is shown of fewer than 5 answers" in capsys.readouterr().out
    assert run(["feedback", name, "--least", "2"]) == 2


@given(st.lists(st.text(alphabet="abÄö .,!Aä'", max_size=25), max_size=9), st.integers(3, 5))
@examples(200)
def test_no_word_of_fewer_answers(texts: list[str], least: int) -> None:
    for group in grouped(texts, least, lambda word: False):
        assert group.answers >= least
        assert sum(group.text.replace(" ", "") in text.casefold().replace(" ", "") for text in texts) >= group.answers
