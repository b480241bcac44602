"""``kurssi lsp`` as an editor meets it: real messages to a real process, in the language of the person."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.editor_client import Editor

from kurssi.cli import run
from kurssi.cli.commands import lsp
from kurssi.course.fixes import fix

pytest.importorskip("pygls")

FILE = """\
kurssi: 1
course:
  code: KH00BT03
  name: Palvelumuotoilu
  credits: 5
  learning_outcomes: [{id: phases, text: esittää vaiheet}]
implementation: {id: KH00BT03-2026, language: fi}
schedule:
  weeks: 3-11
  sessions:
    - {hours: 3, topic: Alku}
    - {hours: 3, topic: Loppu}
workload:
  total: 135 h
  parts:
    - {name: Lähiopetus, hours: 2x3 h, kind: contact_teaching}
    - {name: Muu, hours: 128 h, for: [exam]}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: exam, name: Tentti 😀, weight: 60, outcomes: [phases]}
    - {id: again, name: Sama, weight: 40, takes: exam}
"""
Capture = pytest.CaptureFixture[str]
LINES = FILE.split("\n")


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One server for most tests, in English; starting one takes a second."""
    one = Editor(folder=tmp_path_factory.mktemp("editor"))
    one.begin("en-GB")
    yield one
    assert one.end() == 0


def place(text: str, word: str, within: int = 0, after: str = "") -> tuple[int, int]:
    """Line and column of a word, as an editor counts: in UTF-16."""
    lines = text.split("\n")
    line = next(n for n, one in enumerate(lines) if word in one and after in one)
    before = lines[line][: lines[line].index(word) + within]
    return line, len(before.encode("utf-16-le")) // 2


def labels(editor: Editor, name: str, text: str, *, at_end: bool = False) -> dict[str, Any]:
    """What is proposed at the sign | of a text."""
    line = next(n for n, one in enumerate(text.split("\n")) if "|" in one)
    column = text.split("\n")[line].index("|")
    editor.open(name, text.replace("|", "", 1))
    found = editor.ask("textDocument/completion", editor.at(name, line, column))
    return {item["label"]: item for item in found["items"]}


def replaced(text: str, edits: list[dict[str, Any]]) -> str:
    """A text (without signs beyond the first plane) after the changes."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda one: one["range"]["start"]["line"], reverse=True):
        start, end = edit["range"]["start"], edit["range"]["end"]
        before, after = lines[start["line"]][: start["character"]], lines[end["line"]][end["character"] :]
        lines[start["line"] : end["line"] + 1] = (before + edit["newText"] + after).split("\n")
    return "\n".join(lines)


# ---- findings ----------------------------------------------------------------------------------------------


def test_findings_come_and_go_while_a_file_is_written(editor: Editor) -> None:
    assert "wrong-type" not in {one["code"] for one in editor.open("a.yaml", FILE)}
    (found,) = [one for one in editor.write("a.yaml", FILE.replace("credits: 5", "credits: viisi"))
                if one["code"] == "wrong-type"]  # fmt: skip
    assert found["severity"] == 1
    assert found["source"] == "kurssi"
    assert found["message"].startswith("credits: “viisi” is not a number")
    assert found["range"] == {"start": {"line": 4, "character": 11}, "end": {"line": 4, "character": 16}}
    assert "wrong-type" not in {one["code"] for one in editor.write("a.yaml", FILE)}


def test_a_place_behind_an_emoji_is_counted_as_the_editor_counts(editor: Editor) -> None:
    text = FILE.replace("weight: 60", "wieght: 60")
    (found,) = [one for one in editor.open("emoji.yaml", text) if one["code"] == "unknown-key"]
    line, character = place(text, "wieght")
    assert found["range"]["start"] == {"line": line, "character": character}
    assert found["range"]["end"]["character"] == character + len("wieght")


def test_what_is_accepted_is_a_hint(editor: Editor) -> None:
    text = FILE + "accepted: [{rule: workload-total, found: 134 h, reason: As published.}]\n"
    (found,) = [one for one in editor.open("accepted.yaml", text) if one["code"] == "workload-total"]
    assert found["severity"] == 4
    assert found["message"].endswith("accepted: As published.")


def test_nothing_is_said_of_other_files(editor: Editor) -> None:
    assert editor.open("compose.yaml", "services: {web: {image: x}}\n") == []
    assert editor.ask("textDocument/completion", editor.at("compose.yaml", 0, 0))["items"] == []
    assert {one["code"] for one in editor.open("implementations/new.yaml", "x: 1\n")} >= {"missing-key"}


def test_the_language_is_that_of_the_person(tmp_path: Path) -> None:
    for locale, options, arguments, said in (
        ("fi", None, (), "ei ole luku"),
        ("sv-FI", None, (), "är inte ett tal"),
        ("en", {"language": "fi"}, (), "ei ole luku"),
        ("fi", None, ("--lang", "sv"), "är inte ett tal"),
    ):
        one = Editor(*arguments, folder=tmp_path)
        one.begin(locale, options)
        found = one.open("a.yaml", FILE.replace("credits: 5", "credits: viisi"))
        assert said in next(each["message"] for each in found if each["code"] == "wrong-type")
        assert one.end() == 0


# ---- quick fixes -------------------------------------------------------------------------------------------


def actions(editor: Editor, name: str, line: int, only: str | None = None) -> list[dict[str, Any]]:
    span = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 0}}
    context: dict[str, Any] = {"diagnostics": [], **({"only": [only]} if only else {})}
    found = editor.ask(
        "textDocument/codeAction", {"textDocument": {"uri": editor.uri(name)}, "range": span, "context": context}
    )
    assert isinstance(found, list)
    return found


def test_a_quick_fix_writes_what_fix_would_write(editor: Editor) -> None:
    text = FILE.replace("  credits: 5", "  credts: 5")
    editor.open("fix.yaml", text)
    (one,) = actions(editor, "fix.yaml", 4)
    assert (one["title"], one["kind"]) == ("write “credits” instead of “credts”", "quickfix")
    (edits,) = one["edit"]["changes"].values()
    assert replaced(text, edits) == FILE == fix(text.encode(), "fix.yaml").raw.decode()
    assert actions(editor, "fix.yaml", 3) == []


def test_everything_is_mended_at_once(editor: Editor) -> None:
    text = FILE.removeprefix("kurssi: 1\n").replace("credits: 5", "credts: 5").replace("2x3 h", "2 × 3h")
    editor.open("implementations/all.yaml", text)
    assert [one["kind"] for one in actions(editor, "implementations/all.yaml", 14)] == ["refactor.rewrite"]
    (one,) = actions(editor, "implementations/all.yaml", 0, "source.fixAll")
    (edits,) = one["edit"]["changes"].values()
    assert replaced(text, edits) == FILE


# ---- help --------------------------------------------------------------------------------------------------


def test_a_key_says_what_it_takes(editor: Editor) -> None:
    editor.open("hover.yaml", FILE)
    found = editor.ask("textDocument/hover", editor.at("hover.yaml", *place(FILE, "kind:", 2)))
    text = found["contents"]["value"]
    assert text.startswith("**kind**: contact_teaching, group_work or independent_work.")
    assert "One of: `contact_teaching`, `group_work`, `independent_work`" in text
    assert editor.ask("textDocument/hover", editor.at("hover.yaml", 0, 0))["contents"]["value"].startswith("**kurssi**")


def test_a_part_says_its_words_and_a_name_says_whose_it_is(editor: Editor) -> None:
    editor.open("hover.yaml", FILE)
    part = editor.ask("textDocument/hover", editor.at("hover.yaml", *place(FILE, "exam", 1, "id: exam")))
    assert "Weight 60 %." in part["contents"]["value"]
    taken = editor.ask("textDocument/hover", editor.at("hover.yaml", *place(FILE, "exam", 1, "takes: exam")))
    assert "**Tentti 😀** (exam), line 21" in taken["contents"]["value"]


def test_keys_are_proposed_that_are_not_there_yet(editor: Editor) -> None:
    found = labels(editor, "keys.yaml", FILE.replace("weight: 40, ", "we|, "))
    assert {"weight", "weigh", "minimum"} <= found.keys()
    assert not {"id", "name", "takes"} & found.keys()
    weight = found["weight"]
    assert weight["textEdit"]["newText"] == "weight: "
    assert weight["textEdit"]["range"]["end"]["character"] - weight["textEdit"]["range"]["start"]["character"] == 2
    assert weight["documentation"]["value"].startswith("**weight**: Weight among its siblings")


@pytest.mark.parametrize(
    ("written", "proposed", "not_proposed"),
    [
        ("assessment:\n  lat|", {"late": "late: ", "parts": "parts:\n    - "}, {"course"}),
        ("assessment:\n  late:\n    |", {"deduct": "deduct: "}, {"late"}),
        ("assessment:\n  late:\n    per: |", {"day": "day", "hour": "hour"}, {"deduct"}),
        ("assessment:\n  late: {per: d|", {"day": "day"}, {"deduct"}),
        ("assessment:\n  parts:\n    - |", {"id": "id: "}, {"late_from_x"}),
        ("assessment:\n  parts:\n    - {id: a}\n    - {id: b, takes: |", {"a": "a"}, {"b"}),
        ("assessment:\n  parts: [{id: a}]\n  requires:\n    3: {|", {"a": "a: ", "attended": "attended: "}, {"id"}),
        ("course: {learning_outcomes: [{id: o}]}\nassessment:\n  parts: [{id: a, outcomes: [|", {"o": "o"}, set()),
        ("accepted:\n  - rule: |", {"workload-total": "workload-total"}, {"rule"}),
        ("accepted:\n  - ru|: workload-total", {"rule": "rule"}, set()),
        ("wor|", {"workload": "workload:\n  "}, {"kurssi"}),
        ("implementation:\n  language: |\n  id: x", {"fi": "fi", "sv": "sv"}, set()),
        ("assessment:\n  may_fail: |", {"true": "true", "false": "false"}, set()),
    ],
)  # fmt: skip
def test_what_fits_is_proposed_in_a_text_that_is_not_finished(
    written: str, proposed: dict[str, str], not_proposed: set[str], editor: Editor
) -> None:
    found = labels(editor, "writing.yaml", f"kurssi: 1\n{written}")
    assert {name: found[name]["textEdit"]["newText"] for name in proposed if name in found} == proposed
    assert not not_proposed & found.keys()


def test_nothing_is_proposed_in_a_comment(editor: Editor) -> None:
    assert labels(editor, "comment.yaml", "kurssi: 1\n# about the |\n") == {}


def test_the_schema_is_left_to_the_server_beside(tmp_path: Path) -> None:
    one = Editor(folder=tmp_path)
    one.begin("en", {"yamlLanguageServer": True})
    named = "# yaml-language-server: $schema=kurssi.schema.json\n" + FILE.replace("takes: exam", "takes: |")
    assert list(labels(one, "a.yaml", named)) == ["exam"]
    assert labels(one, "a.yaml", named.replace("takes: ", "w").replace("weight: 40", "weight: 40, ")) == {}
    assert "minimum" in labels(one, "b.yaml", FILE.replace("takes: exam", "m|"))
    assert one.end() == 0


# ---- names, outline, lenses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "after", "line", "goal"),
    [
        ("exam", "takes: exam", 20, "id: exam"),
        ("exam", "for: [exam]", 20, "id: exam"),
        ("phases", "outcomes: [phases]", 5, "id: phases"),
    ],
)
def test_a_name_leads_to_what_it_names(word: str, after: str, line: int, goal: str, editor: Editor) -> None:
    editor.open("names.yaml", FILE)
    at = place(FILE, after, after.index(word) + 1)
    found = editor.ask("textDocument/definition", editor.at("names.yaml", *at))
    assert found["uri"] == editor.uri("names.yaml")
    assert found["range"]["start"] == {"line": line, "character": LINES[line].index(goal)}


def test_a_part_of_a_series_leads_to_the_series(editor: Editor) -> None:
    text = FILE.replace("id: exam,", "id: exam, repeat: 3,").replace("takes: exam", "takes: exam2")
    editor.open("series.yaml", text)
    found = editor.ask("textDocument/definition", editor.at("series.yaml", *place(text, "exam2", 1)))
    assert found["range"]["start"]["line"] == 20
    assert editor.ask("textDocument/definition", editor.at("series.yaml", 0, 0)) is None


def test_the_outline_has_the_parts_and_outlives_a_slip(editor: Editor) -> None:
    editor.open("outline.yaml", FILE)
    about = {"textDocument": {"uri": editor.uri("outline.yaml")}}
    found = editor.ask("textDocument/documentSymbol", about)
    assert [one["name"] for one in found] == [
        "kurssi", "course", "implementation", "schedule", "workload", "assessment",
    ]  # fmt: skip
    parts = next(one for one in found[-1]["children"] if one["name"] == "parts")
    assert [(one["name"], one["detail"]) for one in parts["children"]] == [("Tentti 😀", "60"), ("Sama", "40")]
    for one in found:
        assert one["range"]["start"]["line"] <= one["selectionRange"]["start"]["line"]
    editor.write("outline.yaml", FILE + "  late: {per: day")
    assert editor.ask("textDocument/documentSymbol", about) == found


def lenses(editor: Editor, name: str) -> dict[int, str]:
    found = editor.ask("textDocument/codeLens", {"textDocument": {"uri": editor.uri(name)}})
    return {one["range"]["start"]["line"]: one["command"]["title"] for one in found}


def test_hours_and_the_words_of_the_grade_stand_above_their_lines(editor: Editor) -> None:
    editor.open("lens.yaml", FILE)
    found = lenses(editor, "lens.yaml")
    hours = "parts 134 h · promised 135 h · 1 h missing · by credits 135 h (5 × 27 h)"
    assert found[LINES.index("workload:")] == hours
    assert found[LINES.index("schedule:")] == "sessions 6 h · contact teaching 6 h · as in the workload"
    assert found[LINES.index("assessment:")].startswith("The total is the weighted mean of the parts")
    assert "Weight 60 %." in found[20]
    editor.write("lens.yaml", FILE.replace("weight: 60", "weight: 50"))
    found = lenses(editor, "lens.yaml")
    assert sorted(found) == [LINES.index("schedule:"), LINES.index("workload:")]  # no words for rules with errors


# ---- the end -----------------------------------------------------------------------------------------------


def test_it_ends_with_its_editor(tmp_path: Path) -> None:
    one = Editor(folder=tmp_path)
    one.begin("en")
    assert one.process.stdin is not None
    one.process.stdin.close()
    assert one.process.wait(60) == 1
    assert one.process.stderr is not None
    assert one.process.stderr.read() == b""
    one.close()


def test_who_has_no_pygls_is_told_what_to_install(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lsp, "find_spec", lambda name: None)
    assert run(["lsp", "--lang", "en"]) == 2
    assert 'pip install "kurssi[lsp]"' in capsys.readouterr().err


@pytest.mark.parametrize("name", ["a b.yaml", "ä.yaml", "50 %.yaml"])
def test_a_name_that_an_address_writes_in_another_way_is_looked_at_while_somebody_writes(
    name: str, editor: Editor
) -> None:
    assert "unknown-key" not in [one["code"] for one in editor.open(name, FILE)]
    assert "unknown-key" in [one["code"] for one in editor.write(name, FILE + "colour: red\n")]


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no such device")
def test_what_is_not_open_is_not_read(editor: Editor) -> None:
    place = {"textDocument": {"uri": "file:///dev/zero"}, "position": {"line": 0, "character": 0}}
    assert editor.ask("textDocument/hover", place) is None
    assert editor.ask("textDocument/documentSymbol", {"textDocument": place["textDocument"]}) == []
