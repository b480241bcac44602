"""``kurssi validate`` and ``kurssi schema`` as a user meets them: files in, findings out, exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kurssi import operating_system
from kurssi.cli import run
from kurssi.course.schema import schema
from kurssi.course.yaml_reader import load

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"
SHIPPED = [ROOT / "implementations" / "KH00BT03-2023.yaml", ROOT / "implementations" / "KH00BT03-2024.yaml"]

GOOD = """\
kurssi: 1
course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH00BT03-2024}
"""
BAD = GOOD.replace("credits: 5", "credits: viisi")
WARNS = GOOD + "accepted:\n  - {rule: workload-total, found: 134 h, reason: As published.}\n"
ACCEPTED = WARNS + "workload:\n  total: 135 h\n  parts: [{name: Work, hours: 134 h}]\n"

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with a few files to check."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"good": GOOD, "bad": BAD, "warns": WARNS, "accepted": ACCEPTED}.items():
        text = text.replace("id: KH00BT03-2024", f"id: KH00BT03-{name}")  # an id belongs to one file
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def validate(*arguments: str) -> int:
    return run(["--lang", "en", "validate", *arguments])


# ---- files in ----------------------------------------------------------------------------------------------


def test_a_good_file_says_nothing(folder: Path, capsys: Capture) -> None:
    assert validate("good.yaml") == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "1 file checked, 0 errors, 0 warnings\n"


def test_a_bad_file_fails(folder: Path, capsys: Capture) -> None:
    assert validate("bad.yaml") == 1
    out, err = capsys.readouterr()
    assert out.startswith("error[wrong-type]: credits: “viisi” is not a number\n --> bad.yaml:2:58\n")
    assert err == "1 file checked, 1 error, 0 warnings\n"


def test_an_accepted_finding_is_listed_and_passes(folder: Path, capsys: Capture) -> None:
    assert validate("accepted.yaml", "--strict") == 0
    out, err = capsys.readouterr()
    assert out.startswith("accepted[workload-total]: ")
    assert "accepted: As published." in out
    assert err == "1 file checked, 0 errors, 0 warnings, 1 accepted\n"


def test_a_bad_file_never_stops_the_rest(folder: Path, capsys: Capture) -> None:
    (folder / "broken.yaml").write_bytes(b"\xff\x00[[[")
    (folder / "worse.yaml").write_text("a: [", encoding="utf-8")
    assert validate("broken.yaml", "worse.yaml", "bad.yaml", "good.yaml", "warns.yaml", "--format", "json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["files"] == ["broken.yaml", "worse.yaml", "bad.yaml", "good.yaml", "warns.yaml"]
    assert {f["file"] for f in document["findings"]} == {"broken.yaml", "worse.yaml", "bad.yaml", "warns.yaml"}


def test_a_missing_path_is_2_and_the_others_are_still_checked(folder: Path, capsys: Capture) -> None:
    assert validate("missing.yaml", "bad.yaml") == 2
    out, err = capsys.readouterr()
    assert "bad.yaml:2:58" in out
    assert "error: missing.yaml cannot be opened: there is no such file\n" in err
    assert "1 file checked, 1 error, 0 warnings" in err


def test_a_name_that_is_none_is_2(folder: Path, capsys: Capture) -> None:
    assert validate("a\0b.yaml") == 2
    assert "cannot be opened" in capsys.readouterr().err


def test_without_a_path_the_folder_implementations_is_checked(folder: Path, capsys: Capture) -> None:
    assert validate() == 2
    assert "implementations" in capsys.readouterr().err
    (folder / "implementations" / "2024").mkdir(parents=True)
    (folder / "implementations" / "2024" / "b.yml").write_text(BAD, encoding="utf-8")
    (folder / "implementations" / "a.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "implementations" / ".hidden.yaml").write_text(BAD, encoding="utf-8")
    (folder / "implementations" / "notes.txt").write_text("a: [", encoding="utf-8")
    assert validate("--format", "json") == 1
    names = [Path(name).as_posix() for name in json.loads(capsys.readouterr().out)["files"]]
    assert sorted(names) == ["implementations/2024/b.yml", "implementations/a.yaml"]


def test_a_folder_without_files_is_2(folder: Path, capsys: Capture) -> None:
    (folder / "empty").mkdir()
    assert validate("empty", "good.yaml") == 2
    assert "there is no implementation file (*.yaml) in empty" in capsys.readouterr().err


def stdin(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_standard_input(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, BAD)
    assert validate("-", "--format", "concise") == 1
    assert capsys.readouterr().out.startswith("<stdin>:2:58: error[wrong-type] ")
    stdin(monkeypatch, BAD)
    assert validate("-", "--stdin-filename", "plans/2024.yaml") == 1
    out = capsys.readouterr().out
    assert " --> plans/2024.yaml:2:58\n" in out
    assert "credits: viisi" in out
    stdin(monkeypatch, GOOD)
    assert validate("-", "bad.yaml", "--stdin-filename", "s.yaml") == 1
    assert "2 files checked, 1 error" in capsys.readouterr().err


# ---- formats -----------------------------------------------------------------------------------------------


def test_json_has_the_keys_of_the_contract(folder: Path, capsys: Capture) -> None:
    assert validate("bad.yaml", "accepted.yaml", "warns.yaml", "--format", "json") == 1
    document = json.loads(capsys.readouterr().out)
    assert list(document)[:4] == ["kurssi", "command", "files", "findings"]
    assert document["kurssi"] == 1
    assert document["command"] == "validate"
    assert document["files"] == ["bad.yaml", "accepted.yaml", "warns.yaml"]
    wrong, accepted, unused = document["findings"]
    kinds: dict[str, Any] = {
        "rule": str, "severity": str, "message": str, "found": (str, type(None)), "file": str, "line": int,
        "column": int, "end_line": int, "end_column": int, "help": (str, type(None)), "accepted": bool,
    }  # fmt: skip
    for finding in (wrong, accepted, unused):
        assert set(kinds) <= set(finding)
        assert all(isinstance(finding[key], kind) for key, kind in kinds.items())
    assert {key: wrong[key] for key in kinds} == {
        "rule": "wrong-type",
        "severity": "error",
        "message": "credits: “viisi” is not a number",
        "found": None,
        "file": "bad.yaml",
        "line": 2,
        "column": 58,
        "end_line": 2,
        "end_column": 63,
        "help": "write a number such as 40 or 0.5, without quotes",
        "accepted": False,
    }
    assert (accepted["rule"], accepted["accepted"], accepted["found"]) == ("workload-total", True, "134 h")
    assert (unused["rule"], unused["severity"], unused["accepted"]) == ("accepted-unused", "warning", False)


def test_json_without_findings_is_a_whole_document(folder: Path, capsys: Capture) -> None:
    assert validate("good.yaml", "--format", "json") == 0
    out = json.loads(capsys.readouterr().out)
    assert out == {"kurssi": 1, "command": "validate", "files": ["good.yaml"], "findings": []}


def test_concise_is_one_line_each(folder: Path, capsys: Capture) -> None:
    assert validate("bad.yaml", "warns.yaml", "accepted.yaml", "--format", "concise") == 1
    out = capsys.readouterr().out
    assert out.splitlines() == [
        "bad.yaml:2:58: error[wrong-type] credits: “viisi” is not a number",
        "warns.yaml:5:12: warning[accepted-unused] workload-total is accepted, but nothing is found",
        "accepted.yaml:7:10: accepted[workload-total] "
        "the parts sum to 134 h, but the total promises 135 h: 1 h missing",
    ]


def test_github_annotates_the_line(folder: Path, capsys: Capture) -> None:
    assert validate("bad.yaml", "accepted.yaml", "warns.yaml", "--format", "github") == 1
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 2  # what is accepted is no annotation
    assert out[0] == (
        "::error title=kurssi (wrong-type),file=bad.yaml,line=2,col=58,endLine=2,endColumn=63"
        "::credits: “viisi” is not a number%0Ahelp: write a number such as 40 or 0.5, without quotes"
    )
    assert out[1].startswith("::warning title=kurssi (accepted-unused),file=warns.yaml,line=5,")


def test_github_escapes(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    text = GOOD + "assessment:\n  evaluation_scale: H-5\n  parts: [{id: exam, weight: 100, minimum: 40 %}]\n"
    stdin(monkeypatch, text + "  late: {deduct: 10 %}\n")
    assert validate("-", "--stdin-filename", "50%,a:b\r\nc.yaml", "--format", "github") == 1
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 2
    for line in out.splitlines():
        assert ",file=50%25%2Ca%3Ab%0D%0Ac.yaml,line=" in line
        properties, _, message = line.removeprefix("::error ").partition("::")
        assert properties.count(",") == 5
        assert "%0Ahelp: " in message
    stdin(monkeypatch, GOOD.replace("credits: 5", 'credits: "5 %\\n:,"'))
    assert validate("-", "--format", "github") == 1
    out = capsys.readouterr().out
    assert "::credits: “5 %25%0A:,” is not a number%0A" in out
    assert out.count("\n") == 1


def test_github_is_chosen_under_its_actions(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert validate("bad.yaml") == 1
    assert capsys.readouterr().out.startswith("error[")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert validate("bad.yaml") == 1
    assert capsys.readouterr().out.startswith("::error ")
    assert validate("bad.yaml", "--format", "text") == 1
    assert capsys.readouterr().out.startswith("error[")


# ---- options -----------------------------------------------------------------------------------------------


def test_strict_lets_warnings_fail(folder: Path, capsys: Capture) -> None:
    assert validate("warns.yaml") == 0
    assert validate("warns.yaml", "--strict") == 1
    assert validate("good.yaml", "--strict") == 0
    assert "0 errors, 1 warning\n" in capsys.readouterr().err


def test_colour(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def out(*options: str) -> str:
        assert validate("bad.yaml", *options) == 1
        return capsys.readouterr().out

    plain = out()
    assert "\x1b" not in plain
    painted = out("--color", "always")
    assert "\x1b[1;31merror[wrong-type]\x1b[0m: " in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
    assert out("--color=never") == plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert out() == painted
    assert out("--color", "never") == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert out() == plain
    assert out("--color", "always") == painted


def test_output_is_the_same_every_time(folder: Path, capsys: Capture) -> None:
    paths = [str(path) for path in sorted(CASES.glob("*/bad*.yaml"))]
    validate(*paths, "--format", "json")
    first = json.loads(capsys.readouterr().out)
    validate(*reversed(paths), "--format", "json")
    second = json.loads(capsys.readouterr().out)
    assert first["files"] == paths
    assert second["files"] == paths[::-1]
    in_first = [f for path in paths for f in first["findings"] if f["file"] == path]
    in_second = [f for path in paths for f in second["findings"] if f["file"] == path]
    assert first["findings"] == in_first  # in the order of the files, and within them of the places
    assert in_first == in_second
    places = [(paths.index(f["file"]), f["line"], f["column"]) for f in in_first]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "arguments",
    [
        ["vaildate"],
        ["validate", "--foo", "good.yaml"],
        ["validate", "--format", "xml", "good.yaml"],
        ["--lang", "de", "validate", "good.yaml"],
        ["validate", "good.yaml", "--lang=de"],
        ["validate", "good.yaml", "--lang"],
        ["validate", "good.yaml", "--color", "sometimes"],
        ["rule", "weight-sum"],
        ["rule", "weights-sum", "too", "many"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(arguments: list[str], folder: Path, capsys: Capture) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "rror" in err
    assert "fault of kurssi" not in err
    assert "Traceback" not in err


def test_a_slip_in_the_usage_gets_a_hint(folder: Path, capsys: Capture) -> None:
    run(["vaildate"])
    assert "validate" in capsys.readouterr().err
    run(["rule", "weight-sum"])
    assert "weights-sum" in capsys.readouterr().err


def test_help_is_0(capsys: Capture) -> None:
    assert run(["--help"]) == 0
    assert "validate" in capsys.readouterr().out
    assert run(["validate", "-h"]) == 0
    assert "--strict" in capsys.readouterr().out


def test_an_option_may_stand_after_double_dash_as_a_name(folder: Path, capsys: Capture) -> None:
    (folder / "--lang").write_text(BAD, encoding="utf-8")
    assert run(["--lang", "en", "validate", "--format", "concise", "--", "--lang"]) == 1
    assert capsys.readouterr().out.startswith("--lang:2:58: ")


# ---- what is shipped, and the installed command ------------------------------------------------------------


def test_the_shipped_implementations_are_in_order(capsys: Capture) -> None:
    assert validate(*map(str, SHIPPED), "--strict") == 0
    assert "2 files checked, 0 errors, 0 warnings, 3 accepted" in capsys.readouterr().err


def kurssi(*arguments: str, given: str | None = None, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "kurssi", *arguments],
        input=given.encode() if given is not None else None,
        capture_output=True,
        env={**os.environ, **env},
        timeout=30,
        check=False,
    )


def test_the_command_itself(folder: Path) -> None:
    assert kurssi("validate", "good.yaml").returncode == 0
    assert kurssi("validate", "warns.yaml", "--strict").returncode == 1
    found = kurssi("validate", "bad.yaml", "missing.yaml", "--lang", "en")
    assert found.returncode == 2
    assert "“viisi”".encode() in found.stdout
    assert b"there is no such file" in found.stderr
    assert b"Traceback" not in found.stderr
    piped = kurssi("validate", "-", "--format", "json", given=BAD)
    assert piped.returncode == 1
    assert json.loads(piped.stdout)["findings"][0]["file"] == "<stdin>"
    assert kurssi("--version").stdout.startswith(b"kurssi ")


def test_a_terminal_without_the_signs_is_no_fault(folder: Path) -> None:
    found = kurssi("validate", "bad.yaml", "--lang", "en", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert found.returncode == 1
    assert b"credits: ?viisi? is not a number" in found.stdout


def test_checking_a_file_loads_nothing_that_it_does_not_need(folder: Path) -> None:
    program = (
        "import sys; from kurssi.cli import run; code = run(['--lang', 'en', 'validate', 'good.yaml']); "
        "print(code, *sys.modules, sep='\\n')"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    code, *modules = found.stdout.splitlines()
    assert code == "0"
    unwanted = {
        "rich", "openpyxl", "xlsxwriter", "python_calamine", "babel", "jinja2", "requests", "urllib.request", "asyncio",
        "sqlite3", "kurssi.grading", "kurssi.sheets", "kurssi.gradebook", "kurssi.policy.model", "kurssi.course.schema",
        "kurssi.course.rules.cross_file", "kurssi.course.rules.policy_hazards", "kurssi.planning.crowding",
    }  # fmt: skip
    assert unwanted & set(modules) == set()


# ---- the schema --------------------------------------------------------------------------------------------


def as_json(value: Any) -> Any:
    """Loaded YAML as other YAML programs hand it to a schema: decimals as floats, days as text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


@pytest.fixture(scope="module")
def validator() -> Any:
    validators = import_module("jsonschema").Draft7Validator
    validators.check_schema(schema())
    return validators(schema())


def test_the_schema_is_printed(tmp_path: Path, capsys: Capture) -> None:
    assert run(["schema"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out) == schema()
    path = tmp_path / "schema.json"
    path.write_text(out, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--check-metaschema", str(path)]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert found.returncode == 0, found.stdout + found.stderr


def objects_of(value: Any, where: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = []
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict):
            found.append((where, value))
        for key, item in value.items():
            found += objects_of(item, f"{where}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += objects_of(item, f"{where}/{index}")
    return found


def test_the_schema_is_written(tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "kurssi.schema.json"
    assert run(["--lang", "en", "schema", "-o", str(target)]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"written: {target}\n")
    assert json.loads(target.read_text("utf-8")) == schema()
    assert run(["schema", "-o", str(tmp_path / "schema.yaml")]) == 2


def test_every_property_of_the_schema_has_an_example_that_it_accepts() -> None:
    document = schema()
    validators = import_module("jsonschema").Draft7Validator
    seen = 0
    for where, shape in objects_of(document):
        for name, entry in shape["properties"].items():
            assert entry.get("examples"), f"{where}/{name}"
            for example in entry["examples"]:
                seen += 1
                checker = validators({**entry, "definitions": document["definitions"]})
                assert checker.is_valid(example), f"{where}/{name}: {example}"
    assert seen > 120


def test_every_property_of_the_schema_has_a_title_and_a_description() -> None:
    found = objects_of(schema())
    assert len(found) > 15
    for where, shape in found:
        assert shape.get("description"), where
        assert shape["additionalProperties"] is False
        for name, entry in shape["properties"].items():
            assert entry.get("title"), f"{where}/{name}"
            assert entry.get("description"), f"{where}/{name}"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_schema_accepts_the_shipped_files(path: Path, validator: Any) -> None:
    data = as_json(load(path.read_bytes(), path.name).data)
    assert [error.message for error in validator.iter_errors(data)] == []


GOOD_CASES = sorted(path.relative_to(CASES).as_posix() for path in CASES.glob("*/good*.yaml"))


@pytest.mark.parametrize("case", GOOD_CASES)
def test_the_schema_accepts_what_kurssi_accepts(case: str, validator: Any) -> None:
    data = as_json(load((CASES / case).read_bytes(), case).data)
    assert [error.message for error in validator.iter_errors(data)] == []


ONLY_KURSSI = {
    "wrong-type/bad-due-24.yaml",  # a schema knows no calendar, no grammar of hours and no weeks of the year
    "wrong-type/bad-due.yaml",
    "wrong-type/bad-hours-nan.yaml",
    "wrong-type/bad-hours.yaml",
    "wrong-type/bad-weeks.yaml",
    "wrong-type/bad.yaml",  # format: date is a note that validators need not check
    "wrong-type/bad-date-for-text.yaml",  # a day is text to a schema
}
SHAPE_CASES = sorted(
    path.relative_to(CASES).as_posix()
    for rule in ("unknown-key", "missing-key", "wrong-type", "unknown-value")
    for path in CASES.glob(f"{rule}/bad*.yaml")
)


@pytest.mark.parametrize("case", [case for case in SHAPE_CASES if case not in ONLY_KURSSI])
def test_the_schema_refuses_a_wrong_shape(case: str, validator: Any) -> None:
    data = as_json(load((CASES / case).read_bytes(), case).data)
    assert not validator.is_valid(data)


# ---- across files, and many of them ------------------------------------------------------------------------

TWIN = GOOD.replace("credits: 5", "credits: 4")


def found_in(capsys: Capture, *arguments: str) -> list[tuple[str, str]]:
    validate(*arguments, "--format", "json")
    return [(f["rule"], Path(f["file"]).name) for f in json.loads(capsys.readouterr().out)["findings"]]


def test_what_is_found_across_files_does_not_hang_on_their_order(folder: Path, capsys: Capture) -> None:
    (folder / "a.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "b.yaml").write_text(TWIN, encoding="utf-8")
    wanted = [("course-drift", "b.yaml"), ("duplicate-id", "b.yaml")]
    assert found_in(capsys, "a.yaml", "b.yaml") == wanted
    assert found_in(capsys, "b.yaml", "a.yaml") == wanted
    assert found_in(capsys, "b.yaml") == []


def test_a_file_named_twice_is_no_twin_of_itself(folder: Path, capsys: Capture) -> None:
    (folder / "a.yaml").write_text(GOOD, encoding="utf-8")
    assert found_in(capsys, "a.yaml", "./a.yaml", str(folder / "a.yaml")) == []


def test_the_lines_of_a_file_that_is_wrong_only_beside_others_are_shown(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "b.yaml").write_text(GOOD, encoding="utf-8")
    assert validate("a.yaml", "b.yaml") == 1
    assert "3 | implementation: {id: KH00BT03-2024}" in capsys.readouterr().out
    stdin(monkeypatch, GOOD)
    assert validate("a.yaml", "-", "--stdin-filename", "z.yaml") == 1
    assert "3 | implementation: {id: KH00BT03-2024}" in capsys.readouterr().out


def test_many_files_say_the_same_in_processes(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [str(path) for path in sorted(CASES.glob("*/bad*.yaml"))[:80]]
    paths.insert(40, "missing.yaml")

    def said() -> tuple[int, str, str]:
        return (validate(*paths), *capsys.readouterr())

    monkeypatch.setattr(operating_system, "cores", lambda: 2)
    together = said()
    monkeypatch.setattr(operating_system, "cores", lambda: 1)
    assert together == said()
    assert "missing.yaml cannot be opened" in together[2]


def test_score_sheets_are_looked_for_beside_the_file(folder: Path, capsys: Capture) -> None:
    (folder / "plans").mkdir()
    (folder / "plans" / "a.yaml").write_text(GOOD + "scores: [here.csv, gone.csv]\n", encoding="utf-8")
    (folder / "plans" / "here.csv").write_text("", encoding="utf-8")
    assert validate("plans") == 0
    out = capsys.readouterr().out
    assert "there is no score sheet gone.csv" in out
    assert "here.csv]" not in out.split("|")[0]
    assert out.count("info[scores-missing]") == 1
