"""Public holidays of one country, without the modules of all the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

COUNTRIES = "holidays.countries"


@contextmanager
def one_country() -> Iterator[None]:
    """Inside it the library of holidays loads the module of the country that is asked for, and no other.

    The module of a country stands in a package that imports all 250, which takes as long as grading two classes. Here
    the package stands in its place as it is before that, and is gone afterwards: whoever imports it gets all of it.
    """
    from importlib.util import find_spec, module_from_spec

    spec = None if COUNTRIES in sys.modules else find_spec(COUNTRIES)
    if spec is None:
        yield
        return
    alone = sys.modules[COUNTRIES] = module_from_spec(spec)
    try:
        yield
    finally:
        if sys.modules.get(COUNTRIES) is alone:
            del sys.modules[COUNTRIES]
