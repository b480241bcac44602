"""How much of what could be tried a test run tries.

``make test`` has the time of somebody who waits for it; ``HYPOTHESIS_PROFILE=long`` (``make test-long``, every night)
tries all that is listed and draws three times as many examples, ``thorough`` sixty times as many and new ones.
``fresh`` takes as long as ``default``, draws new ones each time and prints how a failure is repeated.

The profiles stand here, and ``conftest.py`` loads one, so that a file of tests draws the same alone and among others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings

One = TypeVar("One")

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")

MORE = {"long": 3, "thorough": 60}.get(PROFILE, 1)
"""So many times the examples of a usual run."""

_CALM = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example)
settings.register_profile("default", max_examples=100, deadline=None, suppress_health_check=_CALM, derandomize=True)
settings.register_profile("long", settings.get_profile("default"), max_examples=300)
settings.register_profile("fresh", max_examples=100, deadline=None, suppress_health_check=_CALM, print_blob=True)
# without shrinking, which takes minutes here: the first world that fails is shown as it came
settings.register_profile(
    "thorough", max_examples=6000, deadline=None, suppress_health_check=_CALM, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(PROFILE)


def one_in(number: int, of: Iterable[One]) -> list[One]:
    """Every so-manieth of what could be tried, from the first on; all of it where more is drawn than usual."""
    return list(of)[:: number if MORE == 1 else 1]
