"""What every test shares: no colour, language or CI setting of the machine reaches the command."""

from __future__ import annotations

import os

for _name in ("GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR", "KURSSI_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(_name, None)
os.environ["LANG"] = "C.UTF-8"
