"""kurssi where its files stand in no folder: in a zip, as some programs are handed on."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "kurssi.zip"
    with zipfile.ZipFile(path, "w") as out:
        for file in sorted((SOURCE / "kurssi").rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                out.write(file, file.relative_to(SOURCE).as_posix())
    return path


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (["validate", "implementations/KH00BT03-2024.yaml", "--lang", "fi"], "1 tiedosto"),
        (["schema", "--lang", "sv"], "En delprestation som bedöms."),
        (["grade", "--help", "--lang", "fi"], "Valitsimet:"),
        (["app", "--help", "--lang", "sv"], "Flaggor:"),
        (["rule", "weights-sum", "--lang", "fi"], "painotus"),
        (["policy", "implementations/KH00BT03-2024.yaml", "-o", "{folder}/policy.html", "--lang", "fi"], "policy.html"),
    ],
)
def test_words_schema_and_pages_are_found_in_a_zip(line: list[str], says: str, packed: Path, tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(packed)!r})\nfrom kurssi import __file__ as f; assert 'zip' in f\n"
    code += "from kurssi.cli import run; sys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-c", code, *(word.format(folder=tmp_path) for word in line)]
    env = {**os.environ, "PYTHONPATH": "", "XDG_STATE_HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert says in done.stdout.decode() + done.stderr.decode()
