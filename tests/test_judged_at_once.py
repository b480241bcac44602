"""Everything that can be judged is judged at once: no fault hides another, nor brings a finding not its own."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from effort import MORE
from kurssi.course.check import check
from kurssi.course.model import ImplementationFile, Shape
from kurssi.course.readings import _VALUES, Hints, _options, _typed, _values
from kurssi.course.yaml_reader import load
from kurssi.diagnostics.finding import Finding
from kurssi.diagnostics.words import Words
from kurssi.policy.model import resolve
from strategies import yaml_text

ROOT = Path(__file__).parent.parent
Spot = tuple[str | int, ...]

VALID = [*sorted(ROOT.glob("implementations/*.yaml")), *sorted(ROOT.glob("examples/*/*.yaml"))]
VALID += sorted(ROOT.glob("tests/cases/*/good*.yaml"))

SHAPES = {"unknown-key", "missing-key", "wrong-type", "unknown-value", "bad-yaml", "duplicate-key"}

BROKEN = """\
kurssi: 1
course: {code: A, name: B, credits: 5}
implementation: {id: X1, timing: {start: 2024-03-15, end: 2024-03-01}}
workload: {total: 100 h}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: a, weight: 50, minimum: 7}
    - {id: b, weight: 40}
  late: {deduct: 0.5, per: WORD, at_most: 1}
  timezone: Helsinki
"""


def names(text: str) -> list[str]:
    return [finding.rule for finding in check(text.encode(), "f.yaml").findings]


@pytest.mark.parametrize("word", ["dya", "5", "[]", "", "decade"])
def test_one_wrong_value_hides_no_rule(word: str) -> None:
    right = names(BROKEN.replace("WORD", "day"))
    assert right == ["timing-order", "workload-credits", "off-scale", "weights-sum", "unknown-timezone"]
    broken = names(BROKEN.replace("WORD", word))
    assert len(broken) == 6
    assert [rule for rule in broken if rule not in ("unknown-value", "wrong-type")] == right


def test_a_misspelt_block_is_looked_into() -> None:
    found = names(BROKEN.replace("WORD", "day").replace("assessment:", "assesment:"))
    assert sorted(found) == sorted(
        ["unknown-key", "timing-order", "workload-credits", "off-scale", "weights-sum", "unknown-timezone"]
    )
    finding = next(
        f
        for f in check(BROKEN.replace("assessment:", "assesment:").encode(), "f").findings
        if f.rule == "unknown-value"
    )
    assert finding.path == ("assesment", "late", "per")
    assert finding.place.line == 10


def test_every_wrong_item_of_a_list_is_named() -> None:
    found = check(BROKEN.replace("WORD", "day").replace("timing:", "groups: [1, 2], timing:").encode(), "f").findings
    assert [f.path for f in found if f.rule == "wrong-type"] == [("implementation", "groups", n) for n in (0, 1)]
    text = BROKEN.replace("WORD", "day") + "schedule: {weeks: 3-11, breaks: [60, 8, 70]}\n"
    assert [f.path for f in check(text.encode(), "f").findings if f.rule == "wrong-type"] == [
        ("schedule", "breaks", 0),
        ("schedule", "breaks", 2),
    ]


@pytest.mark.parametrize("read", [read for read in _VALUES if read is not str], ids=lambda read: read.__name__)
def test_what_may_be_meant_can_be_read(read: Callable[[object], object]) -> None:
    for value in _VALUES[read]:
        read(value)


# ---- faults at random places -------------------------------------------------------------------------------


def places(value: Any, path: Spot = ()) -> Iterator[Spot]:
    if path:
        yield path
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, step))


def parent_of(data: Any, path: Spot) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data


def copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: copied(inner) for key, inner in value.items()}
    return [copied(inner) for inner in value] if isinstance(value, list) else value


FAULTS = ("text", "list", "block", "number", "nothing", "renamed", "strange", "more", "gone")


def spoil(data: Any, path: Spot, how: str) -> None:
    """One fault at a place."""
    parent, step = parent_of(data, path), path[-1]
    if how in ("renamed", "strange", "more", "gone") and not isinstance(parent, dict):
        how = "nothing"
    if how == "renamed":
        value = parent.pop(step)
        parent[str(step)[:-1] + str(step)[-1] * 2] = value
    elif how == "strange":
        parent["zzzz" + str(step)[0]] = parent.pop(step)
    elif how == "more":
        parent["qqqq"] = "something"
    elif how == "gone":
        del parent[step]
    else:
        parent[step] = {"text": "?!", "list": [["x"]], "block": {"q": {"r": 1}}, "number": 77777, "nothing": None}[how]


def told(data: Any) -> dict[str, Finding]:
    """The findings by what they say; places differ, as a spoiled file is written anew."""
    raw = yaml_text(data).encode()
    return {f"{f.rule} {f.message}": f for f in check(raw, "f", lambda _: True).findings}


def spoiled(data: Any, faults: Sequence[tuple[Spot, str]]) -> dict[str, Finding]:
    copy = copied(data)
    for fault in sorted(faults, key=lambda f: [str(s) for s in f[0]], reverse=True):
        spoil(copy, *fault)
    return told(copy)


@pytest.mark.parametrize("path", VALID, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_faults_say_together_what_each_says_alone(path: Path) -> None:
    """Faults of the shape hide nothing that none of them hides alone, and say nothing but themselves.

    The values before the shape was spoiled are one thing that the author may have meant: with them every other finding
    must be there, too.
    """
    data = load(path.read_bytes(), path.name).data
    before = told(data)
    chance = random.Random(f"{path.parent.name}/{path.name}")
    spots = list(places(data))
    for _ in range(ROUNDS):
        picked: list[Spot] = []
        for spot in chance.sample(spots, len(spots)):
            if all(apart(spot, other) for other in picked) and len(picked) < 5:
                picked.append(spot)
        shapes: list[Any] = []
        values: list[Any] = []
        own = set()
        for fault in [(spot, chance.choice(FAULTS)) for spot in picked]:
            said = spoiled(data, [fault])
            wrong = {key for key, f in said.items() if f.rule in SHAPES}
            (shapes if wrong else values).append(fault)
            own |= wrong
            if wrong:
                assert set(said) - wrong <= set(before), (fault, set(said) - wrong - set(before))
        truth = spoiled(data, values)
        found = spoiled(data, [*shapes, *values])
        assert own <= set(found), (shapes, values)
        assert set(found) - own <= set(truth), (shapes, values, set(found) - own - set(truth))
        if len({spot[0] for spot, _ in shapes}) < len(shapes):
            continue  # together they may mean what neither may alone: two unknown keys, two parts that are a bonus
        each = [set(spoiled(data, [shape, *values])) for shape in shapes]
        hidden = {key for key in truth if key not in found and all(key in said for said in each)}
        assert not hidden, (shapes, values, hidden)


def test_an_empty_part_may_have_any_weight() -> None:
    """What the others weigh together is not said as long as one of them is not there yet."""
    path = Path(__file__).parent.parent / "implementations" / "KH00BT03-2023.yaml"
    data = load(path.read_bytes(), path.name).data
    said = spoiled(data, [(("assessment", "parts", 2), "nothing")])
    assert "hours-against-weight" not in {finding.rule for finding in said.values()}


ROUNDS = 2 if MORE == 1 else 4


def apart(one: Spot, other: Spot) -> bool:
    """Whether neither stands in the block that the other is in."""
    return one[: len(other) - 1] != other[:-1] and other[: len(one) - 1] != one[:-1]


@pytest.mark.parametrize("minimum", ["40", "40 %"])
def test_a_minimum_of_a_part_with_parts_under_percent_is_in_per_cent(minimum: str) -> None:
    text = (ROOT / "tests/cases/off-scale/good-percent-of-parts.yaml").read_text().replace("40 %", minimum)
    checked = check(text.encode(), "f")
    assert checked.file is not None
    assert not checked.findings
    part = resolve(checked.file).parts[1]
    assert part.minimum == 40
    assert not part.minimum_raw


def test_the_minimum_that_the_help_says_to_write_is_the_one_that_was_meant() -> None:
    text = (ROOT / "tests/cases/off-scale/bad-percent-under-percent.yaml").read_text()
    (finding,) = check(text.encode(), "f").findings
    assert finding.help is not None
    written = re.search(r"write (minimum: \S+);", Words("en").say(finding.help))
    assert written is not None
    checked = check(text.replace("minimum: 40 %", written[1]).encode(), "f")
    assert checked.file is not None
    assert not checked.findings
    assert resolve(checked.file).parts[0].minimum == 40


@pytest.mark.parametrize("late", ["{deduct: 0,5, per day}", "{deduct:0,50.5, at_most: 2}", "{deduct: 0,5, pday: day}"])
def test_a_comma_for_a_point_and_a_missing_colon_in_one_block(late: str) -> None:
    text = re.sub("late: .*", f"late: {late}", BROKEN)
    rules = [finding.rule for finding in check(text.encode(), "x.yaml").findings]
    assert {"wrong-type", "timing-order", "workload-credits", "off-scale", "weights-sum"} <= set(rules)


def test_there_is_a_value_for_every_place_of_the_shape() -> None:
    """Else a fault there would hide what the rules say of the rest of the file."""
    hints, seen, without = Hints((), (), (date(2024, 1, 1),), ()), set(), []

    def walk(kind: Any, where: str) -> None:
        for option in _options(kind):
            if isinstance(option, type) and issubclass(option, Shape):
                if option not in seen:
                    seen.add(option)
                    for name, field in option.model_fields.items():
                        walk(_typed(field), f"{option.__name__}.{name}")
            elif not _values(option, hints, 0):
                without.append(where)

    walk(ImplementationFile, "")
    assert not without
