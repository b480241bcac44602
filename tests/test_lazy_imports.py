"""Modules of the standard library that are promised, and loaded when something of them is used."""

from __future__ import annotations

import re
import subprocess
import sys

from kurssi.values.patterns import compiled_when_asked


def out(code: str) -> str:
    """What a fresh interpreter prints that has promised the modules."""
    begin = "import sys\nfrom kurssi.startup.lazy_imports import LAZY, load_lazily\nload_lazily()\n"
    done = subprocess.run([sys.executable, "-c", begin + code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.strip()


def test_they_do_what_they_always_do() -> None:
    code = """
import platform, secrets, subprocess, importlib.metadata as metadata
from importlib.metadata import PackageNotFoundError, entry_points
import importlib.metadata._meta
from subprocess import PIPE
print(subprocess.run([sys.executable, "-c", "print(1 + 1)"], stdout=PIPE, text=True).stdout.strip())
print(len(secrets.token_hex(4)), platform.python_version() == sys.version.split()[0], subprocess.__name__)
scripts = {entry.name for entry in entry_points(group="console_scripts")}
print(issubclass(PackageNotFoundError, ImportError), "kurssi" in scripts)
print(metadata.version("kurssi") == metadata.metadata("kurssi")["Version"], type(metadata) is type(sys))
"""
    assert out(code).split("\n") == ["2", "8 True subprocess", "True True", "True True"]


def test_an_import_alone_loads_none() -> None:
    code = """
import importlib.metadata
for name in LAZY: __import__(name)
from importlib.metadata import entry_points
print(sorted({"socket", "email", "_posixsubprocess", "hmac"} & set(sys.modules)))
"""
    assert out(code) == "[]"


def test_a_class_is_graded_without_them() -> None:
    """What is promised stands in the list because it is not used, and loading it would only cost time."""
    code = """
import os
from kurssi.cli import run
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
code = run(["grade", "implementations/KH00BT03-2024.yaml", "--format", "csv", "--lang", "en"])
used = [name for name in (*LAZY, "importlib.metadata") if type(sys.modules[name]) is type(sys)]
print(code, used)
"""
    assert out(code).split("\n")[-1] == "0 []"


SHAPES = """
import typing, typing_extensions
from kurssi.startup import lazy_imports
from kurssi.course.model import ImplementationFile
from pydantic import TypeAdapter
from pydantic_core import ErrorDetails, core_schema
print(typing.is_typeddict(core_schema.IntSchema) or typing_extensions.is_typeddict(core_schema.IntSchema))
print(typing.TypedDict("A", {}).__name__, typing_extensions.TypedDict("B", {}).__name__)
print([finder for finder in sys.meta_path if isinstance(finder, lazy_imports._PlainShapes)])
class Point(typing_extensions.TypedDict, total=False):
    x: typing_extensions.Required[int]
    y: int
print(TypeAdapter(Point).validate_python({"x": "1"}), TypeAdapter(int).core_schema["type"])
print(bool(ImplementationFile.model_json_schema()))
"""


def test_shapes_of_schemas_are_plain_classes_and_nothing_else_is() -> None:
    assert out(SHAPES).split("\n") == ["False", "A B", "[]", "{'x': 1} int", "True"]


def test_shapes_that_are_made_in_another_way_are_left_as_they_are() -> None:
    code = """
from kurssi.startup import lazy_imports
def refuse(cls, **_): raise TypeError
lazy_imports._Shape.__init_subclass__ = classmethod(refuse)
"""  # load_lazily() was called before, and nothing has asked for pydantic_core since
    assert out(code + SHAPES).split("\n") == ["True", "A B", "[]", "{'x': 1} int", "True"]


def test_expressions_of_others_are_compiled_when_asked() -> None:
    with compiled_when_asked():
        asked_later = re.compile("a(b)", re.IGNORECASE)
    assert type(asked_later) is not type(re.compile("a"))
    assert asked_later.sub(r"\1", "AB, ab") == "B, b"


def test_public_holidays_load_one_country() -> None:
    code = """
from datetime import date
from kurssi.planning.timetable import public_holiday
from kurssi.policy.skipped_days import holidays_of, is_country
print(date(2026, 4, 3) in holidays_of("FI", 2026), public_holiday(date(2026, 4, 3)) is not None)
print(is_country("SE"), is_country("XX"), sorted(name for name in sys.modules if name.startswith("holidays.countries")))
from holidays.countries import Norway
print(Norway(years=2026) == __import__("holidays").country_holidays("NO", years=2026))
"""
    assert out(code).split("\n") == [
        "True True",
        "True False ['holidays.countries.finland', 'holidays.countries.sweden']",
        "True",
    ]
