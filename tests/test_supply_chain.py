"""What is installed and what runs elsewhere is exactly what was looked at: hashes, commits, floors, the bill."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from kurssi import __version__

ROOT = Path(__file__).parent.parent
COMMIT = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))


def script(name: str) -> ModuleType:
    sys.modules.pop(name, None)
    return importlib.import_module(name)


@pytest.mark.usefixtures("scripts")
def test_every_package_has_one_version_with_hashes_and_a_floor() -> None:
    constraints = script("constraints")
    assert list(constraints.problems()) == []
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert "://" not in text
    assert len(dict(constraints.blocks(text))) > 80


@pytest.mark.usefixtures("scripts")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("typer==", "typer>=", "constraints.txt has no exact version of typer"),
        ("rich==15", "richer==15", "constraints.txt lacks rich>=14,<16"),
        ("pip==", "-i https://example.invalid\npip==", "constraints.txt names an index"),
    ],
)
def test_what_is_behind_is_said(old: str, new: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    constraints = script("constraints")
    text = (ROOT / "constraints.txt").read_text("utf-8")
    (tmp_path / "c.txt").write_text(text.replace(f"\n{old}", f"\n{new}"), "utf-8")
    monkeypatch.setattr(constraints, "FILE", tmp_path / "c.txt")
    assert any(problem.startswith(said) for problem in constraints.problems())


def test_what_runs_elsewhere_is_named_by_its_commit() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    named = [step["uses"] for step in steps if "uses" in step]
    texts = [(ROOT / "README.md").read_text("utf-8"), *(p.read_text("utf-8") for p in (ROOT / "docs").rglob("*.md"))]
    texts += [path.read_text("utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")]
    named += [found for text in texts for found in re.findall(r"^\s*(?:- )?uses: (\S+)", text, re.MULTILINE)]
    assert len(named) > 3
    assert [one for one in named if not COMMIT.fullmatch(one)] == []


@pytest.mark.usefixtures("scripts")
def test_the_bill_of_materials() -> None:
    sbom = script("sbom")
    bill = sbom.document()
    assert json.dumps(bill) == json.dumps(sbom.document())
    assert (bill["bomFormat"], bill["specVersion"], bill["metadata"]["component"]["name"]) == (
        "CycloneDX", "1.6", "kurssi",
    )  # fmt: skip
    parts = {part["name"]: part for part in bill["components"]}
    assert {"pydantic", "pydantic-core", "python-dateutil", "rich"} <= parts.keys()
    assert "pytest" not in parts
    for part in parts.values():
        assert part["purl"] == f"pkg:pypi/{part['name']}@{part['version']}"
        assert part["licenses"]
        assert part["properties"], part["name"]
    known = {part["bom-ref"] for part in (*parts.values(), bill["metadata"]["component"])}
    assert {entry["ref"] for entry in bill["dependencies"]} == known
    assert all(set(entry["dependsOn"]) <= known for entry in bill["dependencies"])


@pytest.mark.usefixtures("scripts")
def test_an_audit_that_looked_at_nothing_is_no_good_news() -> None:
    audit = script("audit")
    assert audit.understood("").skipped == "its service of known vulnerabilities cannot be reached from here"
    assert audit.understood("[]").skipped == "its service of known vulnerabilities cannot be reached from here"
    skipped = {"name": "a", "skip_reason": "Dependency not found"}
    assert "knows none of the packages" in audit.understood(json.dumps({"dependencies": [skipped]})).skipped
    known: dict[str, Any] = {"name": "b", "version": "1", "vulns": []}
    assert audit.understood(json.dumps({"dependencies": [skipped, known]})) == (1, [], None)
    known["vulns"] = [{"id": "PYSEC-1"}]
    assert audit.understood(json.dumps({"dependencies": [known]})) == (1, ["b 1: PYSEC-1"], None)


def test_the_extension_for_vs_code_is_installed_from_hashes_and_names_no_registry() -> None:
    folder = ROOT / "editors" / "vscode"
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert [name for name, about in packages.items() if not about.get("integrity")] == []
    assert [name for name, about in packages.items() if "resolved" in about] == []
    manifest = json.loads((folder / "package.json").read_text("utf-8"))
    named = manifest["dependencies"] | manifest["devDependencies"]
    assert [version for version in named.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_the_version_comes_from_one_place() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    extension = json.loads((ROOT / "editors" / "vscode" / "package.json").read_text("utf-8"))
    assert citation["version"] == extension["version"] == __version__


def test_a_workflow_may_write_only_where_it_says_so() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        flow = yaml.safe_load(path.read_text("utf-8"))
        assert flow["permissions"] == {"contents": "read"}
        for name, job in flow["jobs"].items():
            writing = {key for key, what in job.get("permissions", {}).items() if what == "write"}
            assert writing <= {"contents", "id-token", "attestations"}
            assert not writing or (path.name, name) in {("release.yml", "publish"), ("release.yml", "release")}
            for step in job["steps"]:
                assert "${{" not in step.get("run", ""), step


@pytest.mark.usefixtures("scripts")
def test_a_command_that_does_not_end_or_begin_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Such a command is one that failed, and the others are tried still."""
    smoke = script("smoke")
    monkeypatch.setattr(smoke, "PATIENCE", 2)
    monkeypatch.setattr(smoke, "tries", lambda: [smoke.Try(["--version"], "kurssi "), smoke.Try(["schema"], "")])
    slow = tmp_path / "slow.py"
    slow.write_text("import sys, time\nprint('hoverProvider', flush=True)\nsys.argv[1] == 'schema' or time.sleep(60)\n")
    assert [line.rstrip() for line in smoke.tried([sys.executable, str(slow)])] == [
        "kurssi --version: not done after 2 s\nhoverProvider",
        "kurssi lsp: not done after 2 s",
    ]
    nowhere = smoke.tried([str(tmp_path / "nowhere")])
    assert [line.split(": ")[:2] for line in nowhere] == [
        [f"kurssi {name}", "did not begin"] for name in ("--version", "schema", "lsp")
    ]
