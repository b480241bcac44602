"""Text from others that would steer a terminal, a log or a reader of Markdown: no field of any input gets it there."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.diagnostics.visible import for_stream, in_line, json_text, visible
from kurssi.reports.page_engine import page_engine

ROOT = Path(__file__).parent.parent
Capture = pytest.CaptureFixture[str]

SIGNS = (
    "\x1b[31m",
    "\x1b[1m",
    "\x1b]8;;http://a.example\x1b\\",
    "\x07",
    "\x08",
    "\x00",
    "\x7f",
    "\x9b31m",
    "\x85",
    "\r",
    "\n",
    "\x0b",
    "\x1c",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\u2069",
    "\u200b",
    "\u200d",
    "\u200e",
    "\u061c",
    "\u2060",
    "\ufeff",
    "\u3164",
    "\ufe0f",
    "\U000e0041",
    "\n::error::x",
    "\r::error::x",
    "\u2028::error::x",
    "::stop-commands::x",
    "##[error]x",
    "&#x202e;",
)
"""What a hostile name holds."""

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]"
)
COMMAND = re.compile(r"(?m)^\s*::|##\[")
HALVES_AND_TAGS = re.compile("[\ud800-\udfff\U000e0000-\U000e0fff]")


def harmless(text: str) -> None:
    """Nothing in it steers anything."""
    found = FORBIDDEN.search(text)
    assert found is None, (found, text[max(0, found.start() - 60) : found.end() + 60] if found else "")
    assert not COMMAND.search(text), text
    assert not HALVES_AND_TAGS.search(text)


# ---- the one place -----------------------------------------------------------------------------------------


@given(st.text(st.characters(), max_size=30))
def test_visible_text_holds_no_hidden_sign_and_stays_as_it_is_the_second_time(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    for sign in shown:
        kind = unicodedata.category(sign)
        assert kind not in ("Cc", "Cs", "Zl", "Zp") or sign in "\t\n"
        assert (
            kind != "Cf"
            or sign in "\u200c\u200d"
            or sign in "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f"
            or sign > "\u0890"
        )
    assert "\n" not in in_line(text)
    harmless_line = for_stream(text)
    assert not re.search(r"(?m)^\s*::", harmless_line)


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3))
def test_json_keeps_its_data(data: dict[str, str]) -> None:
    text = json_text(data)
    assert json.loads(text) == data
    assert not FORBIDDEN.search(text.replace("\n", ""))


@pytest.mark.parametrize("text", ["می‌خواهم", "क्‍ष", "👩‍💻", "✔️", "1️⃣", "Ääkkönen – 5 ≥ 3", "O’Brien", "R&D", "李 明"])
def test_words_and_pictures_stay(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\u202eb", r"a\u202eb"),
        ("Vir\u200dtanen", r"Vir\u200dtanen"),
        ("Vir\u200btanen", r"Vir\u200btanen"),
        ("asiakkuus\xadjohtaminen", "asiakkuusjohtaminen"),
        ("\xad", r"\xad"),
        ("a\udcffb", r"a\udcffb"),
        ("\U000e0041", r"\U000e0041"),
        ("##[error]", r"#\x23[error]"),
    ],
)
def test_a_hidden_sign_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_own_colours_stay_where_there_are_any() -> None:
    assert for_stream("\x1b[1;31merror\x1b[0m \x1b[5m", painted=True) == "\x1b[1;31merror\x1b[0m \\x1b[5m"
    assert for_stream("\x1b[1;31merror\x1b[0m") == r"\x1b[1;31merror\x1b[0m"
    assert for_stream(" \x1b[1m::error::", painted=True) == " \x1b[1m\\x3a:error::"


# ---- every field of every input ----------------------------------------------------------------------------


def quoted(text: str) -> str:
    """A text of YAML that means this, whatever is in it."""
    signs = (f"\\U{ord(sign):08x}" if sign > "\uffff" else json.dumps(sign)[1:-1] for sign in text)
    return f'"{"".join(signs)}"'


def implementation(fields: dict[str, str]) -> str:
    """An implementation file whose texts are these."""
    f = {name: quoted(text) for name, text in fields.items()}
    return f"""\
kurssi: 1
course:
  code: {f["code"]}
  name: {f["course"]}
  credits: 5
  learning_outcomes: [{f["outcome"]}]
  content: [{f["content"]}]
implementation:
  id: {f["id"]}
  timing: {{start: 2024-01-15, end: 2024-03-18}}
  unit: {f["unit"]}
  teachers: [{f["teacher"]}]
  groups: [{{code: {f["group"]}, name: {f["group"]}}}]
schedule:
  weeks: 3-11
  sessions:
    - {{week: 3, hours: 3, topic: {f["topic"]}, room: {f["room"]}, agenda: [{{title: {f["title"]}, time: 20 min}}]}}
workload:
  total: 135 h
  description: [{f["content"]}]
  parts: [{{name: {f["work"]}, hours: 8x3 h, kind: contact_teaching}}]
assessment:
  evaluation_scale: 0-5
  methods: [{f["method"]}]
  parts:
    - {{id: exam, name: {f["part"]}, weight: 60}}
    - {{id: essay, name: {quoted(fields["part"] + "2")}, weight: 40}}
  activity: {{levels: {{{f["level"]}: 0.5}}}}
  criteria: {{fail: {f["criterion"]}}}
accepted: [{{rule: workload-total, found: 24 h, reason: {f["reason"]}}}]
"""


FIELDS = (
    *("code", "course", "outcome", "content", "id", "unit", "teacher", "group", "topic", "room", "title", "work"),
    *("method", "part", "level", "criterion", "reason"),
)


def cell(text: str) -> str:
    """A cell of a CSV file that means this."""
    return '"' + text.replace('"', '""') + '"'


@pytest.fixture
def anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(student: str, extra: str) -> list[list[str]]:
    sheet = ["a.yaml", "s.csv"]
    return [
        ["validate", "a.yaml"],
        ["validate", "a.yaml", "--format", "concise"],
        ["validate", "a.yaml", "--format", "junit", "--strict"],
        ["validate", "a.yaml", "--rule", extra],
        ["workload", "a.yaml", "--by-week", "-o", "w.md"],
        ["workload", "a.yaml", "--format", "md"],
        ["grade", *sheet, "-o", "g.md", "-o", "g.csv", "--force"],
        ["grade", *sheet, "--format", "md"],
        ["grade", *sheet, "--format", "csv"],
        ["grade", *sheet, "--format", "json"],
        ["grade", *sheet, "--map", extra + "=exam"],
        ["grade", *sheet, "--as-of", extra],
        ["grade", *sheet, "--list", "peppi"],
        ["grade", *sheet, "--list", "peppi", "-o", "p.md", "-o", "p.csv", "--force"],
        ["grade", *sheet, "--list", "public", "--with-numbers"],
        ["grade", *sheet, "--list", "sisu", "--date", "2024-03-20"],
        ["grade", "a.yaml", extra + ".csv", "-o", extra + ".csv"],
        ["grade", extra],
        ["explain", "a.yaml", student, "s.csv"],
        ["explain", "a.yaml", student, "s.csv", "--format", "md"],
        ["explain", "a.yaml", extra, "s.csv"],
        ["policy", "a.yaml"],
        ["policy", "a.yaml", "--format", "md"],
        ["compare", "a.yaml", "b.yaml", "-o", "c.md", "-o", "c.txt", "--force"],
        ["compare", "a.yaml", "b.yaml", "--format", "md"],
        ["plan", "a.yaml"],
        ["plan", "a.yaml", "--format", "md"],
        ["plan", "a.yaml", "--field", "content"],
        ["plan", "a.yaml", "--field", extra],
        ["plan", "a.yaml", "--agenda", "all", "-o", "plan.md", "--force"],
        ["lock", *sheet],
        ["grade", *sheet, "-o", "g.json", "--force"],
        ["verify", "g.json"],
        ["verify", "g.json", "--format", "json"],
        ["sheet", "a.yaml", "--roster", "s.csv", "-o", "e.xlsx", "--force"],
        ["sheet", "a.yaml", "--update", "e.xlsx", "--roster", "s.csv"],
        ["grade", "a.yaml", "e.xlsx"],
        ["verify", extra],
        ["feedback", "f.csv"],
        ["feedback", "f.csv", "--format", "md"],
        ["sheet", "a.yaml", "--from", "s.csv", "--columns"],
        ["new", "--code", extra, "--name", extra, "--start", "2025-01-01", "--end", "2025-05-01", "-o", "-"],
        ["rule", extra],
        [extra],
        ["validate", "--" + extra],
    ]


def reads_the_class(arguments: list[str]) -> bool:
    """Whether a command is given the sheet of scores, or what another has made of it."""
    return not {"s.csv", "e.xlsx", "g.json"}.isdisjoint(arguments)


def told(arguments: list[str], capfd: Capture) -> str:
    """All that a command says."""
    code = run(arguments)
    out, err = capfd.readouterr()
    assert code in (0, 1, 2), arguments
    assert "fault of kurssi" not in err, (arguments, err)
    return out + "\n" + err


def written(folder: Path) -> Iterator[tuple[str, str]]:
    for file in folder.iterdir():
        if file.suffix in (".md", ".txt") or file.name in ("g.csv", "p.csv"):
            yield file.name, file.read_text("utf-8-sig").replace("\r\n", "\n")


@settings(
    max_examples=int(os.environ.get("KURSSI_ATTACKS", "3")), deadline=None, suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_no_field_steers_what_reads_it(data: st.DataObject, anywhere: Path, capfd: Capture) -> None:
    hostile = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=2).map("".join)
    text = st.builds(
        lambda before, sign, after: before + sign + after,
        st.sampled_from(["", "Ab"]),
        hostile,
        st.sampled_from(["", "z"]),
    )
    fields = {name: data.draw(text, name) for name in FIELDS}
    check(
        fields,
        {name: data.draw(text, name) for name in ("student", "name", "email", "header", "by", "file")},
        anywhere,
        capfd,
    )


@pytest.mark.parametrize("signs", [SIGNS[at::6] for at in range(6)], ids=ascii)
def test_no_sign_steers_what_reads_it(signs: tuple[str, ...], anywhere: Path, capfd: Capture) -> None:
    """All signs in all fields, of files that can be read and graded all the same."""
    text = "A" + "z".join(sign for sign in signs if sign != "\x00") + "z"  # which no sheet may hold
    names = dict.fromkeys(("student", "name", "email", "header", "by", "file"), text)
    check(dict.fromkeys(FIELDS, "Plain"), {**names, "student": "1"}, anywhere, capfd)
    assert run(["grade", "a.yaml", "s.csv", "--color", "always"]) == 0
    for said in capfd.readouterr():
        harmless(re.sub(r"\x1b\[(0|1|2|1;3[134])m", "", said))
    check(dict.fromkeys(FIELDS, text), {**names, "student": f"1{text}"}, anywhere, capfd)


def check(fields: dict[str, str], names: dict[str, str], folder: Path, capfd: Capture) -> None:
    (folder / "a.yaml").write_text(implementation(fields), "utf-8", "surrogatepass")
    changed = {**fields, "part": fields["part"] + "3", "topic": "x", "content": "y"}
    (folder / "b.yaml").write_text(implementation(changed), "utf-8", "surrogatepass")
    n = {name: cell(text) for name, text in names.items()}
    head = f"student,name,email,group,exam,essay,{n['header']},activity\n"
    first = f"{n['student']},{n['name']},{n['email']},{n['name']}"
    level = cell(fields["level"])
    rows = f"{first},3,4,x,\n2,{n['name']},,A,,{n['name']},y,{level}\n"
    good = f"{first},3,4,x,\n2,{n['name']},,A,-,EX,y,{level}\n"
    (folder / "f.csv").write_text(f"NPS,{n['header']}\n9,{n['name']}\n3,{n['name']}\n", "utf-8")
    overrides = f"student,grade,reason,by,date\n2,3,{n['name']},{n['by']},2024-03-20\n"
    (folder / "overrides.csv").write_text(overrides, "utf-8")
    for body in (rows, good):
        (folder / "s.csv").write_text(head + body, "utf-8")
        for arguments in commands(names["student"], names["file"]):
            if body is good and not reads_the_class(arguments):
                continue  # which has said the same before
            said = told(arguments, capfd)
            if "csv" in arguments[-1] or "sisu" in arguments:
                said = said.removeprefix("\ufeff").replace("\r\n", "\n")
            harmless(said)
        for _, text in written(folder):
            harmless(text)


def test_a_command_of_github_reaches_no_log(anywhere: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (anywhere / "::error::x\n::error::y.yaml").write_text("kurssi: 2\n")
    run(["validate", "."])
    lines = capfd.readouterr().out.splitlines()
    assert lines
    assert all(line.startswith(("::error title=kurssi", "::warning title=kurssi")) for line in lines)
    run(["validate", "::error::x"])
    assert not COMMAND.search(capfd.readouterr().err)


def test_the_quick_look_at_a_large_table_misses_no_hidden_sign() -> None:
    from kurssi.streaming.large_class import PLAIN

    for code in (*range(13), *range(14, 0xD800), *range(0xE000, 0x110000)):
        sign = chr(code)
        assert sign.encode().translate(None, PLAIN) or visible(sign) == sign, ascii(sign)


PAGES = sorted(path for path in (ROOT / "src" / "kurssi" / "reports").rglob("*.html") if path.name != "head.html")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_has_the_head_that_lets_nothing_in(path: Path) -> None:
    """What a page may load or send is said in one place for all: nothing."""
    _, _, head = path.read_text("utf-8").partition("<head>\n")
    assert '{% include "head.html" %}' in head.partition("\n")[0]
    text = page_engine().from_string('{% with head_title = "<b>" %}{% include "head.html" %}{% endwith %}').render()
    assert "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'\"" in text
    assert "<title>&lt;b&gt;</title>" in text
