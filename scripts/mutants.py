"""Mutation testing of the grading core in minutes: every mutant is a fork in which the frozen worlds are graded.

    python scripts/mutants.py grading/gates/gate policy/scales     these modules of src/kurssi
    python scripts/mutants.py grading/verdict --lines 20,31        only the mutants of these lines

A mutant is one small error: another comparison or operation, a condition dropped or turned round, a literal that is
off by one, an argument that is missing. It survives where the deterministic tests of the core (``MODULES``) see no
difference. A survivor is then held against the program on other worlds, drawn from a fixed seed: what differs there
(grade, result, steps, needs) wants a test; where nothing does, it is to be read, for it may be the same program.

Only code in functions, their defaults and the tables of a module are changed; the loaded program is patched, so that
nothing is imported again.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import random
import re
import resource
import select
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

import test_choices  # noqa: E402
import test_frozen  # noqa: E402
import test_frozen_details  # noqa: E402
import test_frozen_memory  # noqa: E402
import test_frozen_reports  # noqa: E402
import test_frozen_rules  # noqa: E402
import test_late_clock  # noqa: E402
from kurssi.grading import Explainer, Grader, needs  # noqa: E402
from kurssi.policy.resolved_policy import resolved  # noqa: E402
from strategies import World, worlds  # noqa: E402

MODULES = (
    test_frozen, test_frozen_reports, test_frozen_rules, test_frozen_memory, test_frozen_details, test_late_clock,
    test_choices,
)  # fmt: skip

SEED = 77
SECONDS = 90
"""Longer than that a mutant does not run: it is taken for an endless loop, and so for found."""

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}
SENTENCES = {"msg", "nmsg", "tr", "words"}
"""What is said in them is for people: translations and their own tests see to it."""
TYPES = {"tuple", "dict", "list", "set", "frozenset", "Sequence", "Mapping", "Callable", "Literal", "Iterator"}


# ---- mutants -----------------------------------------------------------------------------------------------


Change = Callable[[Any], ast.AST]
"""From a node to the one that takes its place."""


class Mutant(NamedTuple):
    """One error: where, in words, and how the tree is changed."""

    line: int
    about: str
    path: tuple[tuple[str, int | None], ...]
    change: Change
    """Of the node at ``path``."""


def set_at(key: str, value: object, number: int | None = None) -> Change:
    """A change of one field of the node."""

    def change(node: Any) -> Any:
        if number is None:
            setattr(node, key, value)
        elif value is None:
            del getattr(node, key)[number]
        else:
            getattr(node, key)[number] = value
        return node

    return change


def _other_operators(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Compare(ops=ops):
            for number, op in enumerate(ops):
                other = COMPARISONS[type(op)]
                yield f"{type(op).__name__} -> {other.__name__}", set_at("ops", other(), number)
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in OPERATIONS:
            yield f"{type(op).__name__} -> {OPERATIONS[type(op)].__name__}", set_at("op", OPERATIONS[type(op)]())
        case ast.BoolOp(op=op, values=values):
            yield "and <-> or", set_at("op", ast.Or() if isinstance(op, ast.And) else ast.And())
            for number in range(len(values)):
                yield f"operand {number} dropped", partial(_without, number)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield f"{type(node.op).__name__} dropped", lambda n: n.operand
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            yield f"{name} -> {NAMES[name]}", set_at("id", NAMES[name])
        case ast.Constant(value=bool() as value):
            yield f"{value} -> {not value}", set_at("value", not value)
        case ast.Constant(value=int() as value):
            yield f"{value} -> {value + 1}", set_at("value", value + 1)
        case ast.Constant(value=str() as value):
            yield f"{value!r} -> another", set_at("value", f"XX{value}")
        case _:
            pass


def _other_statements(node: ast.AST, in_function: bool) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.If() | ast.IfExp() | ast.While():
            yield "condition turned round", set_at("test", ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension(ifs=ifs):
            for number in range(len(ifs)):
                yield "filter dropped", set_at("ifs", None, number)
        case ast.AugAssign():
            yield "only assigned", lambda n: ast.Assign([n.target], n.value)
        case ast.Assign(value=value) | ast.Return(value=value) if in_function and not _none(value):
            yield "None instead", set_at("value", ast.Constant(None))
        case ast.Call(args=args, keywords=keywords):
            for number, arg in enumerate(args):
                if not isinstance(arg, ast.Starred) and not _none(arg):
                    yield f"argument {number} is None", set_at("args", ast.Constant(None), number)
            for number, keyword in enumerate(keywords):
                if keyword.arg not in (None, "strict"):
                    yield f"{keyword.arg} left out", set_at("keywords", None, number)
        case ast.Continue():
            yield "continue -> break", lambda _: ast.Break()
        case ast.Break():
            yield "break -> continue", lambda _: ast.Continue()
        case ast.Expr(value=ast.Call()):
            yield "left out", lambda _: ast.Pass()
        case _:
            pass


def _without(number: int, node: ast.BoolOp) -> ast.expr:
    rest = [value for place, value in enumerate(node.values) if place != number]
    return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Every mutant of a module."""

    def walk(node: ast.AST, path: tuple[tuple[str, int | None], ...], inside: bool, above: int) -> Iterator[Mutant]:
        if _no_code(node):
            return
        line = getattr(node, "lineno", above)
        for about, change in (*_other_operators(node), *_other_statements(node, inside)):
            yield Mutant(line, about, path, change)
        for key, value in ast.iter_fields(node):
            if key in ("annotation", "returns", "decorator_list"):
                continue
            below = inside or isinstance(node, ast.FunctionDef)
            for number, child in enumerate(value) if isinstance(value, list) else ((None, value),):
                if isinstance(child, ast.AST):
                    yield from walk(child, (*path, (key, number)), below, line)

    return walk(tree, (), False, 1)


def _no_code(node: ast.AST) -> bool:
    """Whether nothing in the node decides anything: imports, docstrings, types, sentences, what cannot happen."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="assert_never"))):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in SENTENCES or name in ("assert_never", "cast", "TypeVar", "NamedTuple")
        case ast.Subscript(value=ast.Name(id=name)):
            return name in TYPES
        case ast.keyword(arg="strict"):
            return True
        case ast.Assign(targets=[ast.Name(id="__slots__" | "__all__")]):
            return True
        case _:
            return False


def mutated(tree: ast.Module, mutant: Mutant) -> ast.Module:
    """The module with the error."""
    new = copy.deepcopy(tree)
    node: Any = new
    parents = []
    for key, number in mutant.path:
        parents.append((node, key, number))
        node = getattr(node, key) if number is None else getattr(node, key)[number]
    changed = mutant.change(node)
    if parents:
        parent, key, number = parents[-1]
        if number is None:
            setattr(parent, key, changed)
        else:
            getattr(parent, key)[number] = changed
    return ast.fix_missing_locations(new)


# ---- the loaded program with the error -----------------------------------------------------------------------


WRAPPED = ("fget", "func", "__func__", "__wrapped__")
"""Where properties, methods of classes and functions with a memory keep the function."""


def functions_of(module: types.ModuleType) -> dict[tuple[str, int], types.FunctionType]:
    """Every function and method of a module, by the name and the first line of its code."""
    found: dict[tuple[str, int], types.FunctionType] = {}

    def add(value: Any) -> None:
        for inner in (value, *(getattr(value, key, None) for key in WRAPPED)):
            if isinstance(inner, types.FunctionType) and inner.__module__ == module.__name__:
                found[inner.__code__.co_qualname, inner.__code__.co_firstlineno] = inner

    for value in vars(module).values():
        add(value)
        if isinstance(value, type) and value.__module__ == module.__name__:
            for member in vars(value).values():
                add(member)
    return found


def patch(module: types.ModuleType, tree: ast.Module, mutant: Mutant) -> set[str] | None:
    """Puts the error into the loaded program; the functions that have it, all (none named), or None: no place."""
    code = compile(mutated(tree, mutant), str(module.__file__), "exec", dont_inherit=True)
    new = types.ModuleType(module.__name__)
    new.__dict__.update({key: value for key, value in vars(module).items() if key.startswith("__")})
    exec(code, new.__dict__)
    before, after = functions_of(module), functions_of(new)
    changed = set()
    for key, function in after.items():
        old = before.get(key)
        if old is not None and (old.__code__ != function.__code__ or old.__defaults__ != function.__defaults__):
            old.__code__, old.__defaults__ = function.__code__, function.__defaults__
            changed.add(f"{module.__name__}:{key[0]}")
    statement = tree.body[mutant.path[0][1] or 0]
    if isinstance(statement, (ast.Assign, ast.AnnAssign)) and _replace(module, new, statement):
        return set()  # a table or a number of the module; functions that have it as a default are among those changed
    return changed or None


def _replace(module: types.ModuleType, new: types.ModuleType, statement: ast.Assign | ast.AnnAssign) -> bool:
    """Puts the new value of a module's table wherever the old one is."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for name in [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]:
        old, value = getattr(module, name), getattr(new, name)
        for other in list(sys.modules.values()):
            if getattr(other, "__name__", "").startswith("kurssi"):
                for key, held in list(vars(other).items()):
                    if held is old and (key == name or not isinstance(old, (int, str))):  # there is one 0 for all
                        setattr(other, key, value)
    return True


def forget() -> None:
    """Empties what functions of the program remember."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith(("kurssi.grading", "kurssi.policy")):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


# ---- what may notice it ------------------------------------------------------------------------------------


def calls_of(module: types.ModuleType) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every test of a module that nothing is passed to but what ``parametrize`` says."""
    for name, function in vars(module).items():
        if not name.startswith("test_") or function.__module__ != module.__name__ or "monkeypatch" in _names(function):
            continue
        calls: list[dict[str, Any]] = [{}]
        for mark in getattr(function, "pytestmark", []):
            if mark.name == "parametrize":
                keys = mark.args[0] if isinstance(mark.args[0], tuple) else (mark.args[0],)
                calls = [{**call, **_named(keys, value)} for call in calls for value in mark.args[1]]
        for call in calls:
            values = [value if isinstance(value, str) else repr(value) for value in call.values()]
            yield f"{name}[{'-'.join(values)}]", partial(function, **call)


def _names(function: types.FunctionType) -> tuple[str, ...]:
    return function.__code__.co_varnames[: function.__code__.co_argcount]


def _named(keys: tuple[str, ...], value: Any) -> dict[str, Any]:
    values = getattr(value, "values", value if len(keys) > 1 else (value,))
    return dict(zip(keys, values, strict=True))


def tests() -> dict[str, Callable[[], object]]:
    """The deterministic tests of the core, by name; what is expected to fail is left out."""
    found = {name: call for module in MODULES for name, call in calls_of(module)}
    wrong = [name for name, world in test_frozen.WORLDS.items() if world.get("wrong")]
    return {name: call for name, call in found.items() if not any(f"[{one}]" in name for one in wrong)}


@cache
def drawn(number: int) -> tuple[World, ...]:
    """Worlds that no test has seen, always the same; in half of them are ways, or scores that parts take."""
    found: list[World] = []

    @seed(SEED)
    @settings(max_examples=number, database=None, phases=[Phase.generate], deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.one_of(worlds(exports=True, composites=True), worlds(takes=True, ways=True, composites=True)))
    def collect(world: World) -> None:
        found.append(world.copy())

    collect()
    return tuple(found)


def seen(world: World) -> dict[str, object]:
    """Everything that the core says of a world, by what it is."""
    policy = world.policy()
    classes = world.class_list(policy)
    grader = Grader(policy, classes, as_of=world.as_of)
    explainer = Explainer(policy)
    results = [grader.grade(student) for student in classes.students]
    judged = [Grader(policy, classes, as_of=world.as_of).judge(student) for student in classes.students]
    waiting = [s for s, r in zip(classes.students, results, strict=True) if r.range is not None][:2]
    return {
        "grade": repr([(r.status, r.grade, r.range) for r in results]) + repr([tuple(v) for v in judged]),
        "reasons": repr([[(x.part and x.part.id, *x[1:]) for x in r.reasons] for r in results]),
        "policy": repr(resolved(policy)),
        "result": re.sub(" at 0x[0-9a-f]+", "", repr(results)),  # policies hold functions
        "steps": repr([explainer.steps(result) for result in results]),
        "needs": repr([[(n.part.id, n.attempt, n.grades) for n in needs(grader, s)] for s in waiting]),
    }


# ---- one mutant after the other ----------------------------------------------------------------------------


class Bench:
    """The tests, those first that found the last mutants, with the functions that each runs through; and the worlds."""

    def __init__(self, number: int, files: Mapping[str, str]) -> None:
        self.tests = tests()
        self.through = {name: functions_run(call, files) for name, call in self.tests.items()}
        self.recent: list[str] = []
        self.pool = drawn(number)
        self.before = [seen(world) for world in self.pool]

    def run(self, put: Callable[[], set[str] | None], number: int) -> str:
        """What became of a mutant: ``-`` without a place, the test that found it, or how it shows elsewhere."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            self._report(put, number, writer)
        os.close(writer)
        ready, _, _ = select.select([reader], [], [], 20 * SECONDS)
        said = os.read(reader, 4096).decode() if ready else ""
        os.close(reader)
        if not ready:
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = said or "found by time"
        if found.startswith("found by test_"):
            name = found.removeprefix("found by ")
            self.recent = [name, *(other for other in self.recent if other != name)][:15]
        return found

    def _report(self, put: Callable[[], set[str] | None], number: int, writer: int) -> NoReturn:
        """In the fork: says what was found, and ends."""
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        try:
            found = self.verdict(put, number)
        except BaseException as error:  # noqa: BLE001  whatever it is, it was noticed
            found = f"found by {type(error).__name__}"
        os.write(writer, found.encode())
        os._exit(0)

    def verdict(self, put: Callable[[], set[str] | None], number: int) -> str:
        """In the fork: puts the error in, runs the tests that come by, and looks at the drawn worlds."""
        changed = put()
        if changed is None:
            return "-"
        forget()
        rest = [name for name in self.tests if name not in self.recent]
        random.Random(number).shuffle(rest)
        rest.sort(key=lambda name: not name.startswith("test_frozen"))
        for name in (*self.recent, *rest):
            if changed and not changed & self.through[name]:
                continue
            try:
                self.tests[name]()
            except BaseException:  # noqa: BLE001  a test that fails, ends or breaks
                return f"found by {name}"
        differs: Counter[str] = Counter()
        for world, before in zip(self.pool, self.before, strict=True):
            try:
                differs.update(key for key, value in seen(world).items() if value != before[key])
            except Exception as error:  # noqa: BLE001
                differs[type(error).__name__] += 1
        return "SURVIVED " + (", ".join(f"{key} {n}" for key, n in differs.items()) or "nothing differs")


def functions_run(call: Callable[[], object], files: Mapping[str, str]) -> frozenset[str]:
    """The functions of these files that a call runs through, as :func:`patch` names them."""
    codes = set()

    def note(frame: types.FrameType, event: str, _: object) -> None:
        if event == "call":
            codes.add(frame.f_code)

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return frozenset(f"{files[code.co_filename]}:{code.co_qualname}" for code in codes if code.co_filename in files)


def main() -> int:
    """Runs the mutants of the modules that are named."""
    parser = argparse.ArgumentParser(description="Mutation testing of the grading core.")
    parser.add_argument("modules", nargs="+", help="such as grading/gates/gate")
    parser.add_argument("--worlds", type=int, default=60, help="so many drawn worlds for survivors")
    parser.add_argument("--lines", default="", help="only mutants of these lines: 10,12")
    options = parser.parse_args()
    start = time.monotonic()
    modules = {name: importlib.import_module("kurssi." + name.replace("/", ".")) for name in options.modules}
    bench = Bench(options.worlds, {str(module.__file__): module.__name__ for module in modules.values()})
    print(f"{len(bench.tests)} tests, {len(bench.pool)} worlds, {time.monotonic() - start:.0f} s", flush=True)
    only = {int(line) for line in options.lines.split(",") if line}
    left = sum(survivors(bench, name, module, only) for name, module in modules.items())
    return bool(left)


def survivors(bench: Bench, name: str, module: types.ModuleType, only: set[int]) -> int:
    """Runs the mutants of one module, says which are left, and how many."""
    source = Path(str(module.__file__)).read_text("utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    counts: Counter[str] = Counter()
    start = time.monotonic()
    for number, mutant in enumerate(mutants(tree)):
        if only and mutant.line not in only:
            continue
        found = bench.run(partial(patch, module, tree, mutant), number)
        kind = "no place" if found == "-" else "left" if found.startswith("SURVIVED") else "found"
        counts[kind] += 1
        if kind != "found":
            print(f"{name}:{mutant.line} {mutant.about} :: {lines[mutant.line - 1].strip()}", flush=True)
            print(f"    {found}", flush=True)
    print(f"{name}: {dict(counts)}, {time.monotonic() - start:.0f} s", flush=True)
    return counts["left"]


if __name__ == "__main__":
    sys.exit(main())
