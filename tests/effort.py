"""How much of what could be tried a test run tries.

``make test`` has the time of somebody who waits for it; ``HYPOTHESIS_PROFILE=long`` (``make test-long``, every night)
tries all that is listed and draws three times as many examples, ``thorough`` sixty times as many and new ones.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

One = TypeVar("One")

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")

MORE = {"long": 3, "thorough": 60}.get(PROFILE, 1)
"""So many times the examples of a usual run."""


def one_in(number: int, of: Iterable[One]) -> list[One]:
    """Every so-manieth of what could be tried, from the first on; all of it under another profile."""
    return list(of)[:: number if PROFILE == "default" else 1]
