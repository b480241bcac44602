"""The frozen corpus of graded classes in tests/frozen.

    python scripts/freeze.py --draw     draws worlds, grades them with the independent model, writes drawn.json
    python scripts/freeze.py --check    grades every file of the corpus with the independent model again

Drawing starts from a fixed seed and knows no database of examples. Worlds are chosen one after the other, each for
the features that it adds (kinds of parts and rules, and what they did to somebody) per byte that it takes. The model
is :mod:`reference`, written from the contract alone; the program that the corpus tests grades nothing here.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml
from hypothesis import Phase, given, seed, settings

TESTS = Path(__file__).parent.parent / "tests"
sys.path.insert(0, str(TESTS))

import reference  # noqa: E402
from strategies import World, dues_of, leaves_of, worlds, yaml_text  # noqa: E402
from test_frozen import FILES, FOLDER, Data, cell_of, read, text  # noqa: E402
from test_reference import MOST_OPEN, Reach, plain_reasons, wanted_value  # noqa: E402

SEED = 20240115
DRAWN = 4000
TIMES = 2
"""Every feature is wanted in so many worlds."""
MOST = 220
"""So many worlds are enough."""

FINE = (reference.GRID_STEPS, reference.DIAGONAL_STEPS, reference.COMBINATIONS)
COARSE = (4, 8, 250)
"""A grid of few points: what it misses is searched for by bisection."""


def grid(sizes: tuple[int, int, int]) -> None:
    """How finely the model searches for what an open cell may become."""
    reference.GRID_STEPS, reference.DIAGONAL_STEPS, reference.COMBINATIONS = sizes


# ---- what the independent model says -----------------------------------------------------------------------


def model(world: World) -> dict[str, reference.Result]:
    """Every student graded by the independent model."""
    return reference.grade_class(
        world.assessment,
        world.students,
        group_scores=world.group_scores,
        peer_marks=world.peer_marks,
        as_of=world.as_of,
        timing_end=world.timing_end,
    )


def expectation(want: reference.Result, policy: reference.Policy) -> Data:
    """What the corpus expects of a student, defaults left out."""
    out: Data = {"status": want.status, "grade": want.grade}
    out |= {"exact": text(want.exact), "rounded": want.rounded, "raised": want.raised_to_pass, "range": want.range}
    kept = plain_reasons(want.reasons, policy)
    out["reasons"] = [list(reason) for reason in want.reasons if reason in kept]
    defaults = {"status": "graded", "raised": False, "range": None, "reasons": []}
    out = {key: value for key, value in out.items() if key not in defaults or value != defaults[key]}
    out["states"] = {part.id: want.states[part.id] for part in policy.all_parts() if not part.is_nested()}
    out["values"] = {
        part.id: text(wanted_value(part, want.states[part.id], want.values[part.id], policy))
        for part in policy.all_parts()
    }
    out["deducted"] = {name: [text(d) for d in many] for name, many in want.deducted.items() if any(many)}
    return {key: value for key, value in out.items() if key != "deducted" or value}


def certain(reach: Reach, want: reference.Result) -> bool:
    """Whether the reasons that fail a student for good are the same however what is open turns out.

    Somebody may fail whatever comes, but each time for another reason: which to name then, the contract leaves open.
    """
    for cells in itertools.product(*(reach.choices(*one) for one in reach.open)):
        assumed: dict[str, reference.Assignment] = {}
        for (part, number, _), cell in zip(reach.open, cells, strict=True):
            assumed[part.id] = (*assumed.get(part.id, ()), (number, cell))
        if not set(want.reasons) <= set(reference.judge_case(reach.case, assumed).reasons):
            return False
    return True


def expectations(world: World) -> dict[str, Data] | None:
    """What is expected of a class; None where the model cannot say for sure what is within reach."""
    policy = reference.read_policy(world.assessment, "Europe/Helsinki")
    grid(COARSE)
    wanted = model(world)
    for student, want in wanted.items():
        reach = Reach(world, student)
        if not reach.open:
            continue
        if len(reach.open) > MOST_OPEN:
            return None
        seen = set(reach.all_grades()) | set(want.range or ())
        grades = sorted(grade for grade in seen if grade is not None)
        if want.status != "incomplete" and len(seen) > 1:
            return None  # the grid was too coarse to see that something can still change
        if want.status == "incomplete" and grades:
            want.range = grades
        if want.status == "failed" and not certain(reach, want):
            return None
    return {student: expectation(want, policy) for student, want in wanted.items()}


# ---- worlds as the corpus writes them ----------------------------------------------------------------------


def short(cell: Data) -> Any:
    """A cell without what it does not say."""
    several = {name: text for name, text in cell.get("cells", {}).items() if text}
    said = [several or cell["score"] or None, cell["submitted"], cell["due"], cell.get("late")]
    while said and said[-1] is None:
        said.pop()
    return said[0] if len(said) == 1 else said


def short_cells(cells: Mapping[str, Sequence[Data]]) -> Data:
    """Cells by part, parts without any left out."""
    return {name: [short(cell) for cell in attempts] for name, attempts in cells.items() if attempts}


def frozen(world: World, expect: Data) -> Data:
    """A world as a line of the corpus."""
    out: Data = {"policy": yaml_text(world.assessment).replace('"', "'")}
    if '"' in out["policy"]:
        raise ValueError("a quotation mark in a policy")
    students = []
    for student in world.students:
        said = {"student": student["student"], "group": student["group"], "activity": student["activity"]}
        said |= {"attended": student["attended"], "cells": short_cells(student["cells"])}
        students.append({key: value for key, value in said.items() if value not in (None, {})})
    groups = {name: short_cells(cells) for name, cells in world.group_scores.items()}
    used = {student["group"] for student in world.students}
    out |= {"end": world.timing_end and str(world.timing_end), "as_of": world.as_of and str(world.as_of)}
    out |= {"students": students, "groups": {name: cells for name, cells in groups.items() if cells and name in used}}
    out["marks"] = world.peer_marks and [[mark["from"], mark["to"], mark["marks"]] for mark in world.peer_marks]
    if world.peer_marks == []:
        out["marks"] = []
    out = {key: value for key, value in out.items() if value is not None and value != {}}
    return {**out, "expect": expect}


class _Exact(yaml.SafeLoader):
    """YAML with decimals from their text, and dates as text."""


def _text(_: _Exact, node: yaml.ScalarNode) -> str:
    return str(node.value)


def _decimal(_: _Exact, node: yaml.ScalarNode) -> Decimal:
    return Decimal(node.value)


_Exact.add_constructor("tag:yaml.org,2002:float", _decimal)
_Exact.add_constructor("tag:yaml.org,2002:timestamp", _text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def thawed(line: Data) -> World:
    """A line of the corpus as a world."""

    def cell(given: Any) -> Data:
        said = dict(zip(("score", "submitted", "due", "late"), cell_of(given), strict=True))
        return {**said, "score": None, "cells": said["score"]} if isinstance(said["score"], dict) else said

    def cells(given: Data) -> Data:
        return {part: [cell(one) for one in many] for part, many in given.items()}

    world = World(yaml.load(line["policy"], _Exact), [])
    for student in line["students"]:
        rest = {key: student.get(key) for key in ("group", "activity", "attended")}
        world.students.append({"student": student["student"], **rest, "cells": cells(student.get("cells", {}))})
    world.group_scores = {name: cells(given) for name, given in line.get("groups", {}).items()}
    if "marks" in line:
        world.peer_marks = [{"from": a, "to": b, "marks": marks} for a, b, marks in line["marks"]]
    world.timing_end, world.as_of = _day(line.get("end")), _day(line.get("as_of"))
    return world


def write(name: str, lines: Sequence[Data]) -> int:
    """Writes a file of the corpus, a world a line; returns its size."""
    rows = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines]
    content = "[\n" + ",\n".join(rows) + "\n]\n"
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(content, "utf-8")
    return len(content.encode())


# ---- what a world shows ------------------------------------------------------------------------------------


def kind(value: Any) -> str:
    """A value as a feature: words and flags as they are, numbers by their form."""
    if isinstance(value, (bool, str)) and not str(value)[:1].isdigit() and str(value)[:1] != "-":
        return str(value)
    if isinstance(value, list):
        return f"list{min(len(value), 2)}" + ("%" if "%" in str(value) else "")
    return "%" if str(value).endswith("%") else "number"


def late_features(late: Any) -> Iterator[str]:
    """What a late rule says."""
    if not isinstance(late, dict):
        yield f"late={late}"
        return
    for key in ("deduct", "of", "per", "at_most", "not_below"):
        if key in late:
            yield f"late.{key}={kind(late[key])}"
    for key in ("grace", "closes"):
        if key in late:
            yield f"late.{key}={str(late[key]).split()[-1]}"
    yield f"late.{late.get('per', 'day')}.{kind(late.get('deduct'))}.{late.get('of')}.{kind(late.get('at_most'))}"


def part_features(parts: Sequence[Data], depth: int) -> Iterator[str]:
    """What parts say."""
    yield f"weights.{'weight' in parts[0]}.{depth}"
    for part in parts:
        graded = "nested" if part.get("parts") else part.get("graded", "grade")
        for key in ("minimum", "retake_at_most", "attempt", "required", "bonus", "best", "drop_lowest", "by"):
            if key in part:
                yield f"{graded}.{key}={kind(part[key])}"
                yield f"{key}={kind(part[key])}.{depth}"
        for key in ("boundaries", "linear"):
            if key in part:
                yield f"points.{key}={'%' if '%' in str(part[key]) else 'number'}"
        if isinstance(part.get("retakes"), list):
            yield f"retakes.dated={[bool(r) for r in part['retakes']]}"
        for key, value in part.get("peer", {}).items():
            yield f"peer.{key}={kind(value)}"
        if "late" in part:
            yield from late_features(part["late"])
        if part.get("parts"):
            yield f"depth{depth}"
            yield from part_features(part["parts"], depth + 1)


def did(world: World, policy: reference.Policy, expect: Mapping[str, Data]) -> Iterator[str]:
    """What the rules did to somebody."""
    scale, basis = policy.scale.name, "percent" if policy.percent else "grade"
    free = policy.free and policy.free[1]
    for student in world.students:
        want = expect[student["student"]]
        status = want.get("status", "graded")
        yield f"{scale}.{basis}.{status}.{want['grade']}"
        yield f"{status}.may_fail={policy.may_fail}.raised={want.get('raised', False)}"
        for part, code in want.get("reasons", []):
            named = next((p for p in policy.all_parts() if p.id == part), None)
            raw = named and named.minimum_raw is not None
            yield f"{code}.{named and named.graded}.{raw}.{status}.{basis}"
        yield f"reasons={min(len(want.get('reasons', [])), 3)}"
        if want.get("range"):
            yield f"range.{len(want['range'])}.{scale}.{basis}.{policy.free is not None}"
            yield f"range.hole={want['range'][-1] - want['range'][0] >= len(want['range'])}"
        if want["exact"] is not None:
            exact = Fraction(want["exact"])
            if not policy.percent:
                yield f"{policy.rounding}.{exact % 1 == Fraction(1, 2)}.{exact % 1 == 0}.{exact // 1 % 2}"
            yield f"total.{exact == policy.top}.{exact > policy.top}.{exact == policy.pass_value}.{basis}"
            yield f"bound.{exact in policy.boundaries}.{basis}"
        if student["activity"] or student["attended"] is not None:
            adjust = reference.adjustment(student, policy)
            yield f"activity.{'level' if student['activity'] else 'band'}.{adjust > 0}.{adjust < 0}.{basis}.{status}"
        for part in policy.all_parts():
            value, state = want["values"][part.id], want["states"].get(part.id, "nested")
            yield f"{part.graded}.{state}.{value is None}.{basis}"
            yield f"{state}.required={part.required}.bonus={part.bonus}"
            if part.children and (part.best or part.drop_lowest):
                yield f"chosen.{part.best}.{part.drop_lowest}.{len(part.children)}.{value is None}"
            rule, taken = part.late, want.get("deducted", {}).get(part.id, [])
            for number, size in enumerate(taken):
                if Fraction(size) and rule is not None:
                    yield f"late.{number}.{rule.per}.{rule.is_table}.{rule.of}.{basis}.{free}"
                    yield f"late.at_most={rule.at_most == (Fraction(size), False)}.{rule.is_table}"
                    held = value == text(reference.late_floor(part, rule, policy))
                    yield f"late.floor={held}.{rule.not_below is None}"
            if part.peer is not None and world.peer_marks is not None and state == "scored":
                others = {w["values"][part.id] for w in expect.values()}
                yield f"peer.moves={len(others) > 1}.{part.peer.silent}.{part.peer.at_most is None}.{basis}"
        for cells in student["cells"].values():
            for number, cell in enumerate(cells):
                word = cell["score"] if cell["score"][:1].isalpha() or not cell["score"][:1].isdigit() else "number"
                yield f"cell.{word}.{min(number, 1)}"
                if cell["due"]:
                    yield f"own due.{bool(cell['submitted'])}"
    for part in leaves_of(world.assessment["parts"]):
        yield f"dues.{[due is not None for due in dues_of(part)][:2]}"


def features(world: World, expect: Mapping[str, Data]) -> set[str]:
    """Everything that a world shows."""
    given, policy = world.assessment, reference.read_policy(world.assessment, "Europe/Helsinki")
    basis = given.get("basis", "grade")
    out = {f"scale.{policy.scale.name}.{len(policy.scale.labels or ())}.{basis}", f"as_of={world.as_of is not None}"}
    out |= {f"{key}={given.get(key)}.{basis}" for key in ("rounding", "may_fail")}
    out |= {f"as_of.{world.as_of is not None}.end={world.timing_end is not None}"}
    out |= set(part_features(given["parts"], 0))
    if "late" in given:
        out |= set(late_features(given["late"]))
        for key, value in given["late"].get("free", {}).items():
            out.add(f"free.{key}={value}")
    for key, value in given.get("activity", {}).items():
        out.add(f"activity.{key}.{'%' in str(value)}.{basis}")
    out.add(f"marks={world.peer_marks is not None}")
    return out | set(did(world, policy, expect))


# ---- choosing ----------------------------------------------------------------------------------------------


def draw(count: int) -> list[World]:
    """Worlds in the order in which they are drawn."""
    out: list[World] = []

    @seed(SEED)
    @settings(max_examples=count, database=None, phases=[Phase.generate])
    @given(worlds())
    def collect(world: World) -> None:
        out.append(world.copy())

    collect()
    return list({repr(world): world for world in out}.values())


def choose(candidates: Sequence[tuple[World, Data, int, set[str]]]) -> list[Data]:
    """Lines that together show every feature ``TIMES`` times where there are as many, the most per byte first."""
    have: Counter[str] = Counter()
    chosen: list[Data] = []
    left = list(candidates)
    while left and len(chosen) < MOST:

        def gain(candidate: tuple[World, Data, int, set[str]]) -> float:
            new = sum(1 / (1 + 3 * have[name]) for name in candidate[3] if have[name] < TIMES)
            return new / (400 + candidate[2])

        best = max(left, key=gain)
        if not gain(best):
            break
        left.remove(best)
        world, _, _, shown = best
        expect = expectations(world)  # with the range searched for to the end
        if expect is None:
            continue
        chosen.append(frozen(world, expect))
        have.update(shown)
    return chosen


def candidates(count: int) -> Iterator[tuple[World, Data, int, set[str]]]:
    """Drawn worlds with what the model says on a coarse grid, their size and features."""
    grid(COARSE)
    for world in draw(count):
        policy = reference.read_policy(world.assessment, "Europe/Helsinki")
        expect = {student: expectation(want, policy) for student, want in model(world).items()}
        line = frozen(world, expect)
        yield world, line, len(json.dumps(line)), features(world, expect)


def disagreements(line: Data) -> Iterator[str]:
    """Where an expectation of the corpus differs from what the model says."""
    world = thawed(line)
    found = expectations(world)
    if found is None:
        grid(FINE)
        policy = reference.read_policy(world.assessment, "Europe/Helsinki")
        found = {student: expectation(want, policy) for student, want in model(world).items()}
    defaults: Data = {"status": "graded", "raised": False, "range": None, "reasons": []}
    for student, wanted in line["expect"].items():
        if student in line.get("overrides", {}):
            continue
        said, model_says = {**defaults, **wanted}, {**defaults, "deducted": {}, **found[student]}
        # the model names what only turns out later last, the program in the order of the file
        said["reasons"] = sorted(reason[:2] for reason in said["reasons"])
        model_says["reasons"] = sorted(model_says["reasons"])
        for key in said.keys() & model_says.keys():
            mine, other = said[key], model_says[key]
            if key == "deducted":
                other = {name: other.get(name, ["0"] * len(mine[name])) for name in mine}
            elif isinstance(mine, dict):
                other = {name: other[name] for name in mine if name in other}
                mine = {name: value for name, value in mine.items() if name in other}
            if mine != other:
                yield f"{line.get('about')}: {student}: {key}: written {mine}, the model says {other}"


def main() -> int:
    """Draws or checks."""
    parser = argparse.ArgumentParser(description="The frozen corpus of graded classes.")
    parser.add_argument("--draw", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--worlds", type=int, default=DRAWN)
    options = parser.parse_args()
    if options.draw:
        drawn = list(candidates(options.worlds))
        lines = choose(drawn)
        print(f"drawn.json: {len(lines)} of {len(drawn)} worlds, {write('drawn', lines)} bytes")
    if options.check or not options.draw:
        wrong = []
        for name in FILES:
            lines = [line for line in read(name) if not line.get("beyond")]
            found = [problem for line in lines for problem in disagreements(line)]
            print(f"{name}.json: {len(lines)} worlds, {len(found)} disagreements")
            wrong += found
        print(*wrong, sep="\n")
        return bool(wrong)
    return 0


if __name__ == "__main__":
    sys.exit(main())
