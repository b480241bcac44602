"""Commands that are killed while they write: few times here, as often as one likes by the script itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kurssi import operating_system

SCRIPT = Path(__file__).parent.parent / "scripts" / "kill.py"


@pytest.mark.skipif(operating_system.start_method() != "fork", reason="forks what it kills")
def test_no_kill_tears_a_file_or_leaves_a_draft() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--kills", "10"], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "killed: 10," in done.stdout
