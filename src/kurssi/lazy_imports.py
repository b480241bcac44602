"""Makes imports of some modules of the standard library lazy, because loading them is a twentieth of a whole run.

typer and pydantic import them at their top, but a run of kurssi hardly ever uses them. :func:`load_lazily` puts an
empty module into ``sys.modules`` for each; the first time that anything of it is asked for, it is loaded for real. So
nothing can break: a module that should not be in the list is loaded a little later, and costs the time that it always
did.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

LAZY = ("base64", "bz2", "lzma", "secrets", "subprocess", "tokenize")


def load_lazily() -> None:
    """From here on an import of :data:`LAZY` only promises the module."""
    for name in LAZY:
        _promise(name, sys.path, _Lazy)
    _promise("importlib.metadata", importlib.__path__, _Metadata)


def _promise(name: str, path: list[str], kind: type[ModuleType]) -> None:
    spec = None if name in sys.modules else PathFinder.find_spec(name, path)
    if spec is not None:
        module = sys.modules[name] = module_from_spec(spec)
        module.__class__ = kind


class _Lazy(ModuleType):
    """A module that loads itself when something of it is asked for.

    ``importlib.util.LazyLoader`` does the same, but loads a module when it is imported a second time, as these are.
    """

    def __getattr__(self, name: str) -> Any:
        self.__class__ = ModuleType  # type: ignore[assignment]
        spec = self.__spec__
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module(self)
        return getattr(self, name)


class _Metadata(_Lazy):
    """``importlib.metadata``: pydantic imports the function that looks for plugins from it, and never calls it here."""

    def __getattr__(self, name: str) -> Any:
        if name == "entry_points":
            return lambda **chosen: super(_Metadata, self).__getattr__(name)(**chosen)
        return super().__getattr__(name)
