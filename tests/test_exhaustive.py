"""A value that is added to the model is asked for by `mypy` wherever values are told apart.

That holds of ``match`` with ``assert_never``, not of ``==`` and ``in``, of a dictionary, or of a ``match`` that ends
in a plain ``case _``: a new value falls through them in silence. So no value of the model is compared like that, but
where the list below says why nothing can be forgotten there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from kurssi.course import model
from kurssi.grading import result
from kurssi.policy import demands as policy_demands
from kurssi.policy import model as policy
from kurssi.values import classlist
from kurssi.verification import demands as verification_demands

SOURCE = Path(model.__file__).parents[2]

VALUES = {
    value
    for literal in (
        model.LateUnit,
        model.Rounding,
        model.Basis,
        model.Graded,
        model.ScoredBy,
        model.AttemptRule,
        model.AgreeRule,
        model.PercentOf,
        model.SpendRule,
        model.LateFrom,
        model.SilentRule,
        model.LateForm,
        policy.ChoiceRule,
        model.SkippedDay,
        model.ActivityMoves,
        model.AttemptWord,
        model.Weighing,
        model.AskedIn,
        policy_demands.Measure,
        verification_demands.Sign,
    )
    for value in get_args(literal)
    if len(value) > 1
}
"""A sign such as % stands for much else, too."""
STATES = {*get_args(classlist.AttemptState), *get_args(result.State), *get_args(result.ReasonCode)}

OTHERS = {
    "kind": "what the numbers of a column, or the cells of an entry form, are: not of the model",
    "meaning": "what a column of a score sheet is about: not of the model",
    "meanings": "the same of several columns",
    "what": "which column of a live workbook it is: not of the model",
    "word": "a word of a cell or of a command line, as somebody wrote it",
    "text": "what stands in a file or a cell, before it is read",
    "answers": "what was answered, by names of their own",
    "name": "a name of a scale or of a column: scales are in a table that is read as a whole",
    "evaluation_scale": "the name of a scale",
    "folded": "a header as somebody wrote it",
    "below": "a row as somebody wrote it",
    "RESERVED": "the meaning of a header",
    "one_of": "a word of a report under check, where every other word was refused",
    "data": "a report read back; what it may hold is checked beside",
}
"""What else may equal a word that is also a value, by the last name on the other side."""

ALLOWED = {
    ("verification/worth.py", "{'missing': 'not-submitted', 'closed': 'closed', 'failed': 'failed'}"): (
        "states whose gate is closed whatever the value"
    ),
    ("verification/report.py", "report['command'].value == 'grade'"): "the name of a command",
    ("reports/json_report.py", "command == 'grade'"): "the name of a command",
    ("reports/lists/since.py", "earlier['command'] != 'grade'"): "the name of a command",
    ("verification/against_inputs.py", "top['command'].value == 'grade'"): "the name of a command",
    ("cli/commands/verify_lock.py", "one.where == 'grade'"): "the name of a place in a lock",
    ("course/asked_parts.py", "'points' in found"): "what an answer says, by names of its own",
    ("course/asked_parts.py", "'best' in found"): "what an answer says, by names of its own",
    ("course/asked_parts.py", "'group' in found"): "what an answer says, by names of its own",
    ("policy/resolved_policy.py", "{'points': exact(points), 'value': exact(value)}"): "a point of a line",
    ("reports/explanation.py", "step.step != 'mean'"): "the one step that may be a sum",
}
"""Places, with the reason."""
TOTAL = {
    "course/diff/words.py": "words for every value of a file; tests/test_constructs.py holds it against the model",
    "reports/plan/sessions.py": "how a session is held: a mode, not of the model of the policy",
    "values/vocabulary.py": "words of cells and headers, by what people write",
}
"""Tables by a value of the model, with the reason why none can be missing."""

APART = "verification"
"""The independent checker has literals of its own, of the same words; what a state is it asks of reports alone."""


class Found(NamedTuple):
    """A place where values are told apart without `mypy` noticing."""

    file: str
    line: int
    text: str


def constants(node: ast.expr) -> Iterator[str]:
    """The words among which something is looked for."""
    match node:
        case ast.Constant(value=str() as value):
            yield value
        case ast.Tuple(elts=items) | ast.Set(elts=items) | ast.List(elts=items):
            for item in items:
                yield from constants(item)
        case _:
            pass


def last_name(node: ast.expr) -> str:
    """The last name of an expression: ``graded`` of ``part.graded``, ``get`` of ``words.get(word)``."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner) | ast.NamedExpr(value=inner):
            return last_name(inner)
        case _:
            return ""


def told_apart(tree: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """Every comparison with a value of the model, and whether it asks about one state alone.

    Whatever state is added is not that one: nothing falls through.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        words = [word for side in sides for word in constants(side)]
        names = {last_name(side) for side in sides if not list(constants(side))}
        if names & OTHERS.keys():
            continue
        if VALUES | STATES >= set(words) != set():
            yield node, len(words) == 1 and words[0] in STATES


def open_matches(tree: ast.AST) -> Iterator[ast.Match]:
    """Every ``match`` over values of the model that does not end in ``assert_never``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Match):
            continue
        words = {
            word
            for case in node.cases
            for pattern in ast.walk(case.pattern)
            if isinstance(pattern, ast.MatchValue)
            for word in constants(pattern.value)
        }
        known = words & (VALUES | STATES)
        if known == words and len(words) > 1 and "assert_never" not in ast.unparse(node.cases[-1]):
            yield node


def tables(tree: ast.AST) -> Iterator[ast.Dict]:
    """Every dictionary whose keys are several values of the model."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            keys = {word for key in node.keys if key is not None for word in constants(key)}
            for literal in (VALUES, STATES):
                if len(keys & literal) > 1 and keys <= VALUES | STATES:
                    yield node
                    break


def constants_of(text: str) -> Iterator[str]:
    """The words in an expression."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.expr):
            yield from constants(node)


FILES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))


@pytest.mark.parametrize("file", FILES)
def test_values_are_told_apart_where_mypy_sees_it(file: str) -> None:
    tree = ast.parse((SOURCE / file).read_text("utf-8"))
    found = [Found(file, node.lineno, ast.unparse(node)) for node, alone in told_apart(tree) if not alone]
    if file.startswith(APART):
        found = [one for one in found if not set(constants_of(one.text)) <= STATES]
    found += [Found(file, node.lineno, "match without assert_never") for node in open_matches(tree)]
    found += [Found(file, node.lineno, ast.unparse(node)) for node in tables(tree) if file not in TOTAL]
    assert [one for one in found if (one.file, one.text) not in ALLOWED] == []
