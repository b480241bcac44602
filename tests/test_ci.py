"""The pre-commit hooks and the GitHub Action, run as they run for a user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
GOOD = """\
kurssi: 1
course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH00BT03-2024}
"""

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "KURSSI_LANG": "en",
        "GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@example.org",
        "GIT_COMMITTER_NAME": "T", "GIT_COMMITTER_EMAIL": "t@example.org",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
    }  # fmt: skip


def ran(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env={**environment(), **more}, capture_output=True, text=True, check=False, timeout=120
    )


def hooks() -> list[dict[str, Any]]:
    found = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert isinstance(found, list)
    return found


def test_the_manifest_is_one() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    assert ran(ROOT, *command).returncode == 0


@needs_git
def test_a_commit_with_an_error_is_refused(tmp_path: Path) -> None:
    """The hooks of the manifest in a repository of its own; only where kurssi comes from differs."""
    local = [{**hook, "language": "system"} for hook in hooks()]
    config = {"repos": [{"repo": "local", "hooks": local}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    (tmp_path / "implementations").mkdir()
    plan = tmp_path / "implementations" / "a.yaml"
    cache = {"PRE_COMMIT_HOME": str(tmp_path / "cache")}
    assert ran(tmp_path, "git", "init", "-q").returncode == 0
    assert ran(tmp_path, sys.executable, "-m", "pre_commit", "install", **cache).returncode == 0

    def commit() -> subprocess.CompletedProcess[str]:
        ran(tmp_path, "git", "add", "implementations", ".pre-commit-config.yaml")
        return ran(tmp_path, "git", "commit", "-m", "plan", **cache)

    plan.write_text(GOOD.replace("credits: 5", "credits: viisi"), "utf-8")
    refused = commit()
    assert refused.returncode == 1
    assert "error[wrong-type]: credits: “viisi” is not a number" in refused.stdout + refused.stderr
    plan.write_text(GOOD.replace("credits", "credts"), "utf-8")
    mended = commit()
    assert mended.returncode == 1  # pre-commit stops where a hook has changed a file
    assert "credts is now credits" in mended.stdout + mended.stderr
    assert plan.read_text("utf-8") == GOOD
    assert commit().returncode == 0
    (tmp_path / "implementations" / "b.yaml").write_text(GOOD, "utf-8")
    twice = commit()
    assert twice.returncode == 1
    assert "duplicate-id" in twice.stdout + twice.stderr  # with a file that is not part of this commit


def test_every_hook_calls_what_there_is() -> None:
    assert {hook["id"] for hook in hooks()} == {"kurssi-validate", "kurssi-fix"}
    for hook in hooks():
        assert hook["entry"].split()[0] == "kurssi"
        assert hook["language"] == "python"


# ---- the action --------------------------------------------------------------------------------------------


def action() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def step() -> dict[str, Any]:
    (found,) = (step for step in action()["runs"]["steps"] if step.get("id") == "validate")
    assert isinstance(found, dict)
    return found


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(("strict", "code"), [("false", 0), ("true", 1)])
def test_the_action_annotates_and_writes_sarif(strict: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "my plans").mkdir()
    (tmp_path / "implementations").mkdir()
    accepted = "accepted:\n  - {rule: workload-total, reason: As published.}\n"
    (tmp_path / "implementations" / "a.yaml").write_text(GOOD + accepted, "utf-8")
    (tmp_path / "b.yaml").write_text(GOOD.replace("2024", "2025"), "utf-8")
    more = {
        "PATHS": "implementations b.yaml",
        "STRICT": strict,
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_ACTIONS": "true",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    found = ran(tmp_path, "bash", "-e", "-o", "pipefail", "-c", step()["run"], **more)
    assert found.returncode == code, found.stderr
    assert found.stdout.startswith("::warning title=kurssi (accepted-unused),file=implementations/a.yaml,line=5,")
    sarif = Path((tmp_path / "output").read_text("utf-8").strip().removeprefix("sarif="))
    log = json.loads(sarif.read_text("utf-8"))
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["accepted-unused"]
    assert len(log["runs"][0]["artifacts"]) == 2


def test_what_somebody_types_into_the_action_is_never_code() -> None:
    for one in action()["runs"]["steps"]:
        assert "${{" not in one.get("run", "")


def test_the_inputs_of_the_action_are_used() -> None:
    text = json.dumps(action()["runs"])
    for name, about in action()["inputs"].items():
        assert f"inputs.{name} }}}}" in text
        assert about["description"]
        assert "default" in about


def test_the_hook_that_mends_says_no_finding(tmp_path: Path) -> None:
    plan = tmp_path / "a.yaml"
    plan.write_text(GOOD.replace("credits: 5", "credts: 5").replace("KH00BT03-2024", "2024 x"), "utf-8")
    (entry,) = (hook["entry"].split() for hook in hooks() if hook["id"] == "kurssi-fix")
    done = ran(tmp_path, *entry, "a.yaml")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "a.yaml:2: credts is now credits\n1 change written to a.yaml\n"
    assert ran(tmp_path, *entry, "a.yaml").stderr == ""
    assert ran(tmp_path, *entry, "gone.yaml").returncode == 2
