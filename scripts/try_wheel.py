"""Builds the wheel, looks into it, and tries it where nothing else is: python scripts/try_wheel.py [PYTHON ...]

For each Python from 3.11 on that is found (or named) a new environment gets the wheel by pip, with exactly the packages
of constraints.txt, and every command is tried in it (scripts/smoke.py). `uv tool install` and `pipx` follow where they
are to be had. With --newest the packages are the newest ones that the ranges allow, with --lowest the lowest (for the
Python that runs this, which needs uv; newer ones have no files of so old packages).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import smoke

ROOT = Path(__file__).parent.parent
FIRST, LAST = 11, 14
NEEDED = (
    "kurssi/py.typed", "kurssi/course/descriptions.json", "kurssi/locale/fi/LC_MESSAGES/kurssi.mo",
    "kurssi/locale/sv/LC_MESSAGES/kurssi.mo", "kurssi/reports/templates/policy.html",
)  # fmt: skip


def main() -> int:
    """Builds and tries; the result is the exit code."""
    named = [word for word in sys.argv[1:] if not word.startswith("--")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = built(folder)
        wrong = list(inside(wheel))
        versions = next((word for word in ("--newest", "--lowest") if word in sys.argv), "--exact")
        pythons = named or ([sys.executable] if versions == "--lowest" else list(found()))
        for number, python in enumerate(pythons):
            bin_ = environment(folder / f"env{number}", python, wheel, versions)
            wrong += report(f"pip, {python}", smoke.tried([str(bin_ / "kurssi")]))
        for tool, command in by_tools(folder, wheel):
            wrong += report(tool, smoke.tried([command]))
    print(f"{len(pythons)} Pythons, {len(wrong)} failed")
    return 1 if wrong else 0


def report(what: str, wrong: list[str]) -> list[str]:
    """Says what came of it."""
    print(f"{what}: {'in order' if not wrong else 'wrong'}", flush=True)
    for line in wrong:
        print(line, file=sys.stderr)
    return wrong


def built(folder: Path) -> Path:
    """The wheel, as the index would get it."""
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def inside(wheel: Path) -> Iterator[str]:
    """What the wheel lacks, or has for nothing."""
    names = zipfile.ZipFile(wheel).namelist()
    yield from (f"the wheel lacks {name}" for name in NEEDED if name not in names)
    yield from (f"the wheel has {name}" for name in names if name.endswith((".po", ".pyc")) or name.startswith("tests"))


def found() -> Iterator[str]:
    """The Pythons on the path, and those that pyenv has, one for each version."""
    for minor in range(FIRST, LAST + 1):
        pyenv = sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions").glob(f"3.{minor}.*"))
        named = [shutil.which(f"python3.{minor}"), *(str(path / "bin" / "python") for path in reversed(pyenv))]
        for python in filter(None, [sys.executable, *named]):
            asks = [python, "-c", "import sys; print(sys.version_info[1])"]
            said = subprocess.run(asks, capture_output=True, text=True, check=False)
            if said.returncode == 0 and said.stdout.strip() == str(minor):
                yield python
                break


def environment(folder: Path, python: str, wheel: Path, versions: str) -> Path:
    """A new environment with the wheel in it; where its commands stand."""
    run([python, "-m", "venv", str(folder)])
    bin_ = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(bin_ / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if versions == "--exact":
        # an older pip takes no hashes from a file of constraints
        run([*pip, "--require-hashes", "-r", asked(folder / "pip.txt", "--exact", "pip")])
        exact = ["--require-hashes", "--only-binary", ":all:", "-c", str(ROOT / "constraints.txt")]
        run([*pip, *exact, "-r", asked(folder / "needs.txt", "--requirements", "lsp")])
        run([*pip, "--no-deps", str(wheel)])
    elif versions == "--lowest":
        run([*pip, "-r", asked(folder / "lowest.txt", "--lowest")])
        run([*pip, "--no-deps", str(wheel)])
    else:
        run([*pip, f"{wheel}[lsp]"])
    return bin_


def asked(path: Path, *arguments: str) -> str:
    """A file with what scripts/constraints.py answers; its name."""
    command = [sys.executable, str(ROOT / "scripts" / "constraints.py"), *arguments]
    path.write_text(subprocess.run(command, capture_output=True, text=True, check=True).stdout, "utf-8")
    return str(path)


def by_tools(folder: Path, wheel: Path) -> Iterator[tuple[str, str]]:
    """The command as the tools install it that teachers are told to use."""
    env = {
        **os.environ, "UV_TOOL_DIR": str(folder / "uv"), "UV_TOOL_BIN_DIR": str(folder / "uv-bin"),
        "PIPX_HOME": str(folder / "pipx"), "PIPX_BIN_DIR": str(folder / "pipx-bin"),
    }  # fmt: skip
    asks = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    index = subprocess.run(asks, capture_output=True, text=True, check=False).stdout.strip()
    if index:
        env.setdefault("UV_DEFAULT_INDEX", index)
    if uv := shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent)):
        run([uv, "tool", "install", "--quiet", "--python", sys.executable, f"kurssi[lsp] @ {wheel.as_uri()}"], env=env)
        yield "uv tool install", str(folder / "uv-bin" / "kurssi")
    if pipx := shutil.which("pipx"):
        run([pipx, "install", "--quiet", "--python", sys.executable, f"{wheel}[lsp]"], env=env)
        yield "pipx install", str(folder / "pipx-bin" / "kurssi")


def run(command: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    """Runs something that has to work."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stdout}{re.sub(r'WARNING.*', '', done.stderr)}")


if __name__ == "__main__":
    sys.exit(main())
