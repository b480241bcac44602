"""The Python side of the page: what kurssi needs as WebAssembly and pure Python, and kurssi itself, in one folder.

    python scripts/app.py FOLDER

Asks the package index that pip is set up with for exactly the files whose hashes stand in constraints.txt. Of a package
that has no file for WebAssembly the pure Python files of another system's are taken: PyYAML and MarkupSafe are slower
without their compiled parts, and do the same. No code of a package runs here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parent.parent
PYTHON = "3.14"
WEBASSEMBLY = "pyemscripten_2026_0_wasm32"
PLATFORMS = (WEBASSEMBLY, "manylinux_2_28_x86_64", "manylinux2014_x86_64", "manylinux_2_17_x86_64")
LANGUAGES = ("root", "en", "fi", "sv")
COMPILED = (".so", ".pyd", ".dylib", ".c", ".pyx", ".pxd", ".h")
EXAMPLES = (
    "implementations/KH00BT03-2024.yaml",
    "examples/KH00BT03-2024/arvostelu.csv",
    "examples/KH00BT03-2024/ryhmat.csv",
)
"""The class that the page begins with."""


def download(folder: Path) -> list[Path]:
    """The wheels of everything that kurssi needs, by their hashes."""
    listed = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "constraints.py"), "--requirements"],
        capture_output=True,
        text=True,
        check=True,
    )
    needs = folder / "needs.txt"
    needs.write_text(listed.stdout, "utf-8")
    platforms = [piece for name in PLATFORMS for piece in ("--platform", name)]
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--only-binary", ":all:", "-c", str(ROOT / "constraints.txt"), "-r", str(needs)),
            *("--implementation", "cp", "--python-version", PYTHON, *platforms, "--dest", str(folder)),
        ],
        check=True,
    )
    return sorted(folder.glob("*.whl"))


def is_wanted(name: str, webassembly: bool) -> bool:
    """Whether a file of a package is of use to kurssi in a browser."""
    path = PurePosixPath(name)
    if path.parts[0].endswith((".dist-info", ".data")) or "tests" in path.parts:
        return False
    if path.parts[:2] == ("babel", "locale-data"):
        return path.stem.partition("_")[0] in LANGUAGES
    if path.parts[:2] == ("pygments", "lexers"):  # kurssi colours no source text
        return path.name in ("__init__.py", "_mapping.py")
    return webassembly or path.suffix not in COMPILED


def unpack(wheels: list[Path], target: Path) -> None:
    """The files of the packages, beside each other."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            webassembly = WEBASSEMBLY in wheel.name
            archive.extractall(target, [name for name in archive.namelist() if is_wanted(name, webassembly)])


def add_kurssi(target: Path) -> None:
    """Kurssi itself: its modules and its catalogues, without their sources."""
    left_out = shutil.ignore_patterns("__pycache__", "*.po", "*.pot")
    shutil.copytree(ROOT / "src" / "kurssi", target / "kurssi", ignore=left_out)


def main(folder: Path) -> None:
    """Makes the folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    packages = folder / "packages"
    unpack(download(wheels), packages)
    add_kurssi(packages)
    for name in EXAMPLES:
        target = folder / "example" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
