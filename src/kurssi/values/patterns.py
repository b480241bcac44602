"""Regular expressions that are compiled when they are first asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Regex:
    """A regular expression that is compiled when it is first asked: most runs need few of them."""

    __slots__ = ("_compiled", "flags", "text")

    def __init__(self, text: str, flags: int = 0) -> None:
        self.text = text
        self.flags = flags
        self._compiled: re.Pattern[str] | None = None

    @property
    def compiled(self) -> re.Pattern[str]:
        """The expression, ready to match."""
        if self._compiled is None:
            self._compiled = re.compile(self.text, self.flags)
        return self._compiled

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of a whole text."""
        return self.compiled.fullmatch(text)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in a text."""
        return self.compiled.search(text)

    def __getattr__(self, name: str) -> Any:
        """What else an expression can, such as ``sub``."""
        return getattr(self.compiled, name)


@contextmanager
def compiled_when_asked() -> Iterator[None]:
    """Expressions that modules of others compile while they load are compiled when they are first asked."""
    compile_now = re.compile
    re.compile = Regex  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = compile_now
