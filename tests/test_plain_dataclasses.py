"""The libraries' dataclasses do what those of the standard library do, whoever wrote their methods."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from kurssi.startup import plain_dataclasses
from kurssi.startup.plain_dataclasses import FIELDS

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 14), reason="there they are the real ones")

FOUND = """
import dataclasses, json, sys
from kurssi.startup.plain_dataclasses import FIELDS, LIBRARIES, use_plain_dataclasses
if sys.argv[1] == "plain":
    use_plain_dataclasses()
import pydantic, pydantic.json_schema, pydantic.types, pydantic.functional_validators, pydantic.networks, typer.main
found = {}
for name, module in sorted(sys.modules.items()):
    for kind in vars(module).values() if name.partition(".")[0] in LIBRARIES else ():
        if not isinstance(kind, type) or kind.__module__ != name:
            continue
        if (plain := kind.__dict__.get(FIELDS)) is not None:
            fields = {field: make is not None or hasattr(kind, field) for field, make in plain.items()}
        elif "__dataclass_fields__" in kind.__dict__:
            nothing = dataclasses.MISSING
            every = dataclasses.fields(kind)
            fields = {f.name: f.default is not nothing or f.default_factory is not nothing for f in every}
        else:
            continue
        own = [method for method in ("__init__", "__repr__", "__eq__", "__hash__") if kind.__dict__.get(method)]
        found[f"{name}.{kind.__qualname__}"] = [fields, own, FIELDS in kind.__dict__]
print(json.dumps(found))
"""


def found(kind: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", FOUND, kind], capture_output=True, check=True, timeout=60)
    return dict(json.loads(done.stdout))


def test_they_have_the_same_fields_defaults_and_methods() -> None:
    plain, real = found("plain"), found("real")
    assert len(real) > 50
    assert {name: entry[:2] for name, entry in plain.items()} == {name: entry[:2] for name, entry in real.items()}
    assert sum(entry[2] for entry in plain.values()) > 50
    assert not any(entry[2] for entry in real.values())


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The declaration of plain ones, for which this module is one of the libraries."""
    monkeypatch.setattr(plain_dataclasses, "LIBRARIES", {__name__.partition(".")[0]})
    return plain_dataclasses._dataclass


def declare(dataclass: Callable[..., Any]) -> list[Any]:
    """Some classes, as a library would write them."""

    @dataclass(frozen=True, slots=True)
    class Point:
        kinds: ClassVar[int] = 3
        x: int
        y: int = 2

    @dataclass(slots=True)
    class Listed:
        first: str
        rest: list[int] = dataclasses.field(default_factory=list)
        last: int = dataclasses.field(default=7)

    @dataclass
    class Longer(Listed):
        __module__ = "json"  # of no such library, but its base is not a real one
        more: bool = False

        def __post_init__(self) -> None:
            self.first = self.first.upper()

    @dataclass(eq=False, kw_only=True)
    class Same:
        name: str = "n"

        def __repr__(self) -> str:
            return f"<{self.name}>"

    @dataclass
    class Hashed:
        name: str

        def __hash__(self) -> int:
            return 5

    return [Point, Listed, Longer, Same, Hashed]


def behaviour(classes: list[Any]) -> list[object]:
    """What they do."""
    point, listed, longer, same, hashed = classes
    one, other = listed("a"), listed("a", [], 7)
    one.rest.append(1)
    refused = []
    for kind, given, named in (
        (point, (), {}),
        (point, (1, 2, 3), {}),
        (point, (1,), {"x": 1}),
        (point, (1,), {"z": 1}),
    ):
        with pytest.raises((TypeError, AttributeError)):
            kind(*given, **named)
        refused.append(kind.__name__)
    for unhashable in (one, longer("a")):
        with pytest.raises(TypeError):
            hash(unhashable)
    return [
        (point(1) == point(1, 2), point(1) == point(2), point(1) == (1, 2), hash(point(1)) == hash(point(1, y=2))),
        (one == other, other == listed(first="a", last=7), repr(one), repr(other), listed("b", last=1).last),
        (repr(longer("a", more=True)), longer("a") == listed("A"), longer("a").rest),
        (same() == same(), repr(same(name="m")), len({same(), same()})),
        (hash(hashed("x")), hashed("x") == hashed("x")),
        refused,
    ]


def test_they_do_the_same(made: Callable[..., Any]) -> None:
    plain = declare(made)
    assert [FIELDS in kind.__dict__ for kind in plain] == [True] * len(plain)
    mine = behaviour(plain)
    theirs = behaviour(declare(dataclasses.dataclass))
    assert [str(entry).replace("declare.<locals>.", "") for entry in mine] == [
        str(entry).replace("declare.<locals>.", "") for entry in theirs
    ]


def test_what_asks_for_more_is_a_real_one(made: Callable[..., Any]) -> None:
    @made
    class Counted:
        count: int = dataclasses.field(default=0, compare=False)

    @made
    class Above(Counted):
        name: str = ""

    @made(order=True)
    class Ordered:
        count: int = 0

    @made
    class Begun:
        count: dataclasses.InitVar[int]

    @made
    class Ours:
        __module__ = "json"
        count: int = 0

    kinds: list[Any] = [Counted, Above, Ordered, Begun, Ours]
    for kind in kinds:
        assert dataclasses.is_dataclass(kind)
        assert FIELDS not in kind.__dict__
