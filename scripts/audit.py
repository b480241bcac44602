"""Looks for known holes: in the Action and the hooks (zizmor, offline), and in the packages (pip-audit).

    python scripts/audit.py               what cannot be asked from here is skipped, by name
    python scripts/audit.py --everything  that is an error, too: before a release

pip-audit asks a service of known vulnerabilities. Where there is none, or one that knows none of the packages, nothing
was looked at, whatever pip-audit then says; so its answer is read, and not its exit code alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
PATIENCE = 120
"""Seconds for an answer of the service."""


class Audit(NamedTuple):
    """What came of asking pip-audit."""

    asked: int
    """Packages that the service knows."""
    holes: list[str]
    skipped: str | None
    """Why nothing is known, where nothing is."""


def workflows() -> bool:
    """Whether zizmor finds nothing in what runs on somebody else's machine."""
    files = [str(path) for path in (ROOT / ".github").rglob("*.y*ml")]
    files += [str(ROOT / name) for name in ("action.yml", ".pre-commit-hooks.yaml", ".pre-commit-config.yaml")]
    command = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--no-progress", "--quiet", *files]
    return subprocess.run(command, check=False).returncode == 0


def packages() -> Audit:
    """What the service says of the packages in constraints.txt."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json"]
    command += ["--progress-spinner", "off", "--timeout", "10", "-r", str(ROOT / "constraints.txt")]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return Audit(0, [], "its service of known vulnerabilities does not answer")
    return understood(done.stdout)


def understood(text: str) -> Audit:
    """An answer of pip-audit. A package that the service does not know was not looked at."""
    try:
        found: list[dict[str, Any]] = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Audit(0, [], "its service of known vulnerabilities cannot be reached from here")
    known = [package for package in found if "skip_reason" not in package]
    if not known:
        return Audit(0, [], "the service of known vulnerabilities that is reached from here knows none of the packages")
    holes = [f"{one['name']} {one['version']}: {hole['id']}" for one in known for hole in one.get("vulns", ())]
    return Audit(len(known), holes, None)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--everything", action="store_true")
    everything = parser.parse_args().everything
    good = workflows()
    if good:
        print("zizmor: nothing found")
    audit = packages()
    if audit.skipped is not None:
        print(f"pip-audit: skipped: {audit.skipped}")
        good = good and not everything
    else:
        print("\n".join(audit.holes) or f"pip-audit: nothing known of {audit.asked} packages")
        good = good and not audit.holes
    sys.exit(not good)


if __name__ == "__main__":
    main()
