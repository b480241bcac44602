"""A table by the values of a `Literal` has a line for each: a dictionary is where `mypy` asks for no new value."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import kurssi
from kurssi.cli.commands.workload import RatesOf
from kurssi.course.model import Workload
from kurssi.planning.estimates import TABLES

PARTLY = {
    "kurssi.surveys.recognition.PUBLISHED": "questions that are always asked with the same answers",
    "kurssi.reports.course_feedback.METHODS": "questions whose figure is worked out by a method that has a name",
}
"""Tables that are asked for some values alone."""
STEPS = "STEPS"
"""Each construct tells its own steps; `grading/constructs.py` puts them together."""


class Table(NamedTuple):
    """A dictionary of a module."""

    name: str
    has: frozenset[str]
    wanted: frozenset[str]


def tables() -> Iterator[Table]:
    """The tables of all modules whose keys are said to be a literal."""
    for found in pkgutil.walk_packages(kurssi.__path__, "kurssi."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        names = inspect.get_annotations(module)
        hints: dict[str, Any] = get_type_hints(module) if names else {}
        for name in names:
            hint = hints[name]
            if get_origin(hint) not in (dict, Mapping) or get_origin(get_args(hint)[0]) is not Literal:
                continue
            wanted = frozenset(get_args(get_args(hint)[0]))
            yield Table(f"{found.name}.{name}", frozenset(getattr(module, name)), wanted)


def test_no_value_is_forgotten_in_a_table() -> None:
    found = {table.name: table for table in tables() if not table.name.endswith(f".{STEPS}")}
    assert len(found) > len(PARTLY)
    partly = {name for name, table in found.items() if table.has != table.wanted}
    assert partly == set(PARTLY), [(name, found[name].wanted - found[name].has) for name in partly - set(PARTLY)]


def test_a_table_of_rates_can_be_asked_for_in_the_file_and_on_the_command_line() -> None:
    in_the_file = set(get_args(Workload.model_fields["rates"].annotation))
    assert set(TABLES) == in_the_file == {one.value for one in RatesOf} - {"all"}
