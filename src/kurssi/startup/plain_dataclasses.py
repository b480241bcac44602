"""Dataclasses of libraries with methods that are written once, because to generate them takes a tenth of a whole run.

pydantic, annotated_types and typer declare some fifty dataclasses while they load. For each of them the standard
library writes four to eight functions as text and compiles them; of most, a run of kurssi makes no instance. Once
:func:`use_plain_dataclasses` was called, these classes have :class:`_Plain`'s methods instead, which do the same for
any fields. They have no slots, and what is frozen is so by agreement alone.

A class that asks for anything else (fields that are not compared, variables of ``__init__`` alone, an order, a base
that is a real one) is made as always, and so are all classes of kurssi and of other libraries.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

LIBRARIES = frozenset({"annotated_types", "pydantic", "typer"})
OPTIONS = frozenset({"eq", "frozen", "kw_only", "slots"})
"""What a declaration may ask for."""
FIELDS = "__plain_fields__"
"""The attribute of a plain class with its fields, those of its bases first, each with what makes its default."""

_real = dataclasses.dataclass

Fields = Mapping[str, Callable[[], object] | None]
"""By name: what makes the default anew, or None where the class holds it, if there is one."""


def use_plain_dataclasses() -> None:
    """From here on the libraries' dataclasses are plain."""
    if sys.version_info < (3, 14):  # there annotations are looked up only when all of their names are known
        dataclasses.dataclass = _dataclass


def _dataclass(cls: Any = None, /, **options: Any) -> Any:
    """``dataclasses.dataclass``."""
    if cls is None:
        return partial(_dataclass, **options)
    of_plain = any(FIELDS in base.__dict__ for base in cls.__mro__[1:])
    ours = of_plain or cls.__module__.partition(".")[0] in LIBRARIES
    fields = _fields(cls) if ours and options.keys() <= OPTIONS else None
    return _real(cls, **options) if fields is None else _made_plain(cls, fields, options)


def _fields(cls: Any) -> Fields | None:
    """The fields of a class and its bases, whose defaults the class holds itself from then on.

    None, and the class as it was, where they are more than names with defaults.
    """
    if any("__dataclass_fields__" in base.__dict__ for base in cls.__mro__):
        return None
    found: dict[str, Callable[[], object] | None] = {}
    for base in reversed(cls.__mro__[1:]):
        found |= base.__dict__.get(FIELDS, {})
    defaults: dict[str, dataclasses.Field[Any]] = {}
    for name, annotation in inspect.get_annotations(cls).items():
        kind = str(annotation)
        if "InitVar" in kind or "KW_ONLY" in kind:
            return None
        if "ClassVar" in kind:
            continue
        found[name] = None
        default = cls.__dict__.get(name)
        if isinstance(default, dataclasses.Field):
            if not (default.init and default.repr and default.compare) or default.hash is not None:
                return None
            defaults[name] = default
    for name, field in defaults.items():
        if field.default is not dataclasses.MISSING:
            setattr(cls, name, field.default)
            continue
        delattr(cls, name)
        if field.default_factory is not dataclasses.MISSING:
            found[name] = field.default_factory
    return found


def _made_plain(cls: Any, fields: Fields, options: Mapping[str, Any]) -> Any:
    """The class with the methods that it has not defined itself."""
    setattr(cls, FIELDS, fields)
    own = cls.__dict__
    hashed = own.get("__hash__") is not None or ("__hash__" in own and "__eq__" not in own)
    for method in (_Plain.__init__, _Plain.__repr__):
        if method.__name__ not in own:
            setattr(cls, method.__name__, method)
    if options.get("eq", True):
        if "__eq__" not in own:
            cls.__eq__ = _Plain.__eq__
        if not hashed:
            cls.__hash__ = _Plain.__hash__ if options.get("frozen") else None
    return cls


class _Plain:
    """The methods of a dataclass, for any fields."""

    def __init__(self, *given: object, **named: object) -> None:
        kind = type(self)
        fields: Fields = getattr(kind, FIELDS)
        values = dict(zip(fields, given, strict=False))
        if len(given) > len(fields) or not named.keys() <= fields.keys() - values.keys():
            raise TypeError(f"{kind.__qualname__} has the fields {', '.join(fields)}")
        values |= named
        for name, make in fields.items():
            if name in values:
                setattr(self, name, values[name])
            elif make is not None:
                setattr(self, name, make())
            else:  # raises an AttributeError where the class holds no default
                setattr(self, name, getattr(kind, name))
        if after := getattr(self, "__post_init__", None):
            after()

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={value!r}' for name, value in _values(self).items())})"

    def __eq__(self, other: object) -> bool:
        return _values(self) == _values(other) if type(self) is type(other) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(_values(self).values()))


def _values(plain: object) -> dict[str, object]:
    return {name: getattr(plain, name) for name in getattr(plain, FIELDS)}
