"""The two pictures of README.md: a terminal, and a workbook; both are of what kurssi writes.

    python scripts/pictures.py --update    draws the terminal, and the workbook with LibreOffice and pdftoppm
    python scripts/pictures.py --check     fails where kurssi writes something else by now; needs neither of the two

The picture of the workbook carries the hash of the worksheet that it was drawn from.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

from guide_run import folder_of, speaking
from rich.console import Console
from rich.text import Text

from kurssi.cli import run

ROOT = Path(__file__).parent.parent
TERMINAL = ROOT / "docs" / "pictures" / "terminal.svg"
WORKBOOK = ROOT / "docs" / "pictures" / "workbook.png"
RECIPE = "half-a-grade-a-day"
COMMANDS = (f"kurssi grade {RECIPE}.yaml", f"kurssi explain {RECIPE}.yaml 1002")
CLASS = ROOT / "implementations" / "KH00BT03-2024.yaml"
PNG = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"kurssi worksheet\x00"
DPI, HEIGHT = 110, 440
"""How large the picture of the workbook is: the upper half of its first page."""


def terminal() -> str:
    """A terminal with two commands, as SVG; it fetches no font."""
    console = Console(record=True, width=112, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with speaking("en"), folder_of(RECIPE, "en"):
        os.environ.pop("NO_COLOR")
        for command in COMMANDS:
            screen = io.StringIO()
            with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
                run(["--color", "always", *shlex.split(command)[1:]])
            console.print(Text.assemble(("$ ", "bold green"), command))
            console.print(Text.from_ansi(screen.getvalue().rstrip()))
            console.print()
    made = console.export_svg(title="kurssi", unique_id="kurssi")
    return re.sub(r"@font-face \{.*?\}\s*", "", made, flags=re.DOTALL)


def workbook(path: Path) -> None:
    """Writes the report of the shipped class."""
    with speaking("en"), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run(["--lang", "en", "grade", str(CLASS), "-o", str(path), "--force"])


def sheet_hash(path: Path) -> bytes:
    """The hash of the first worksheet."""
    with zipfile.ZipFile(path) as archive:
        return hashlib.sha256(archive.read("xl/worksheets/sheet1.xml")).hexdigest().encode()


def drawn() -> bytes:
    """The upper half of the first page of the workbook, as PNG with the hash of what it shows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workbook(folder / "a.xlsx")
        profile = f"-env:UserInstallation=file://{name}/profile"
        office = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", name, str(folder / "a.xlsx")]
        subprocess.run(office, check=True, capture_output=True)
        size = ["-r", str(DPI), "-f", "1", "-l", "1", "-x", "0", "-y", "0", "-W", "1287", "-H", str(HEIGHT)]
        subprocess.run(["pdftoppm", "-png", "-singlefile", *size, str(folder / "a.pdf"), str(folder / "a")], check=True)
        return marked((folder / "a.png").read_bytes(), sheet_hash(folder / "a.xlsx"))


def marked(png: bytes, said: bytes) -> bytes:
    """The picture with a text chunk after its header."""
    chunk = b"tEXt" + KEYWORD + said
    after = len(PNG) + 25
    whole = len(KEYWORD + said).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    return png[:after] + whole + png[after:]


def shows(png: bytes) -> bytes:
    """The hash that a picture carries."""
    return png.partition(KEYWORD)[2][:64]


def main() -> int:
    """Updates or checks; the result is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    wanted = terminal()
    with tempfile.TemporaryDirectory() as name:
        workbook(Path(name) / "a.xlsx")
        now = sheet_hash(Path(name) / "a.xlsx")
    behind = []
    if not TERMINAL.exists() or TERMINAL.read_text("utf-8") != wanted:
        behind.append(TERMINAL)
    if not WORKBOOK.exists() or shows(WORKBOOK.read_bytes()) != now:
        behind.append(WORKBOOK)
    if options.update:
        TERMINAL.parent.mkdir(exist_ok=True)
        TERMINAL.write_text(wanted, "utf-8")
        if WORKBOOK in behind:
            WORKBOOK.write_bytes(drawn())
    elif options.check and behind:
        names = ", ".join(str(path.relative_to(ROOT)) for path in behind)
        print(f"behind what kurssi writes: {names}; run scripts/pictures.py --update", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
