"""Makes imports of some modules of the standard library lazy, because loading them is a twentieth of a whole run.

typer and pydantic import them at their top, but a run of kurssi hardly ever uses them. :func:`load_lazily` puts an
empty module into ``sys.modules`` for each; the first time that anything of it is asked for, it is loaded for real. So
nothing can break: a module that should not be in the list is loaded a little later, and costs the time that it always
did.

And the shapes that pydantic_core declares of its schemas, for who checks types, are plain classes
(:class:`_PlainShapes`): to make typed dictionaries of all eighty takes as long as starting Python.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

LAZY = ("base64", "bz2", "lzma", "secrets", "subprocess", "tokenize")

SHAPED = "pydantic_core"


def load_lazily() -> None:
    """From here on an import of :data:`LAZY` only promises the module."""
    for name in LAZY:
        _promise(name, sys.path, _Lazy)
    _promise("importlib.metadata", importlib.__path__, _Metadata)
    if SHAPED not in sys.modules:
        sys.meta_path.insert(0, _PlainShapes())


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


class _Shape(dict[str, Any]):
    """What ``TypedDict`` is for a moment: a class below it checks none of its annotations."""

    def __init_subclass__(cls, **total: bool) -> None:
        super().__init_subclass__()


class _PlainShapes:
    """Finds pydantic_core once, and loads it with plain classes in the place of its typed dictionaries.

    That is safe because a typed dictionary is a dictionary when a program runs: what pydantic_core validates and
    returns are plain ones, and the classes stand in annotations alone, which nobody evaluates. A version that makes
    them in another way raises an error on the way, and is then loaded as it is.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The package with its loader, or None for all others."""
        if fullname != SHAPED:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        """Runs the package while ``TypedDict`` is :class:`_Shape`."""
        import typing

        import typing_extensions

        kept = typing.TypedDict, typing_extensions.TypedDict
        typing.TypedDict = typing_extensions.TypedDict = _Shape  # type: ignore[assignment]
        try:
            super().exec_module(module)
        except TypeError:
            shapes = True
        else:
            shapes = False
        finally:
            typing.TypedDict, typing_extensions.TypedDict = kept
        if shapes:
            sys.modules.pop(f"{SHAPED}.core_schema", None)
            super().exec_module(module)
