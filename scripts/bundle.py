"""Makes dist/kurssi, a folder with kurssi and its Python, and tries every command of it.

PyInstaller finds what is imported by name; what is imported when it is called (commands, rules, countries' holidays) is
named here. Of Babel's data only the languages of kurssi stay. The page for the browser is put in where it is built.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import smoke

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "dist" / "kurssi"
PAGE = ROOT / "dist" / "app" / "kurssi.html"
"""The page for the browser, where ``make app`` has built it."""
LANGUAGES = ("root", "en", "en_GB", "en_001", "en_150", "fi", "fi_FI", "sv", "sv_FI")
SUBMODULES = ("kurssi", "holidays", "pygls", "lsprotocol")
DATA = ("kurssi", "tzdata", "openpyxl", "icalendar")
WITHOUT = ("pytest", "mypy", "pandas", "numpy", "polars", "IPython", "tkinter", "setuptools", "pip", "hypothesis")


def main() -> int:
    """Makes and tries; the result is the exit code."""
    shutil.rmtree(TARGET, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        start = Path(name) / "start.py"  # not kurssi.py, which would stand before the package
        start.write_text(
            "import multiprocessing\nfrom kurssi.__main__ import main\n\nmultiprocessing.freeze_support()\nmain()\n"
        )
        command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "--onedir"]
        command += ["--name", "kurssi", "--console", "--distpath", str(TARGET.parent), "--workpath", f"{name}/work"]
        command += ["--specpath", name, "--paths", str(ROOT / "src")]
        command += [word for module in SUBMODULES for word in ("--collect-submodules", module)]
        command += [word for package in DATA for word in ("--collect-data", package)]
        command += [word for package in WITHOUT for word in ("--exclude-module", package)]
        if PAGE.is_file():  # `kurssi app` of the folder opens it
            command += ["--add-data", f"{PAGE}{os.pathsep}kurssi/browser"]
        subprocess.run([*command, str(start)], check=True, cwd=ROOT)
    less = trim()
    wrong = smoke.tried([str(TARGET / ("kurssi.exe" if sys.platform == "win32" else "kurssi"))])
    for line in wrong:
        print(line, file=sys.stderr)
    size = sum(path.stat().st_size for path in TARGET.rglob("*") if path.is_file())
    print(f"dist/kurssi: {size >> 20} MiB, {less >> 20} MiB that no command reads taken out, {len(wrong)} failed")
    return 1 if wrong else 0


def trim() -> int:
    """Takes out what no command reads: other languages, sources of translations, tests; how many bytes that was."""
    others = [path for path in TARGET.rglob("locale-data/*.dat") if path.stem not in LANGUAGES]
    tests = [path for path in TARGET.rglob("icalendar/tests/**/*") if path.is_file()]
    taken = [*others, *tests, *TARGET.rglob("*.po")]
    size = sum(path.stat().st_size for path in taken)
    for path in taken:
        path.unlink()
    return size


if __name__ == "__main__":
    sys.exit(main())
