"""What may have been meant by values that were refused: enough different ones that only what is certain is left.

A file with a wrong key or value has no one meaning. It is judged once for each of some meanings that it may have
(:func:`drafts`), and only what is found in all of them is said: that much holds whatever the author mends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BeforeValidator, ValidationError

from kurssi.course.drafts import Draft, Edit, Fault, Kind
from kurssi.course.model import (
    Accepted,
    ImplementationFile,
    LearningOutcome,
    Part,
    Reads,
    Shape,
    assessment,
    composite,
    demands,
    fields,
)
from kurssi.course.yaml_reader import at
from kurssi.diagnostics.finding import Path
from kurssi.values.agenda import read_time
from kurssi.values.hours import read_length
from kurssi.values.times import read_clock, read_weeks, read_when

MOST_FAULTS = 60
"""A file with more of them is not judged: nothing would be certain, and it would take long."""
MOST_WORK = 300_000
"""So many values are read at most, over all meanings that are tried and all drafts together."""
TURNS = 3
"""Every meaning of a value comes up so often, each time beside other meanings of the other values; once, if alone."""
DEEPEST = 4
"""Blocks within blocks that are made up."""


class Hints(NamedTuple):
    """What the rest of the file, and the rules, say about what unknown values may be."""

    ids: tuple[str, ...]
    """Names by which a part may be spoken of."""
    texts: tuple[str, ...]
    days: tuple[date, ...]
    accepted: tuple[tuple[str, str | None], ...]
    """(rule, found) of the findings that an entry of ``accepted`` may be about."""
    outcomes: tuple[str, ...] = ()
    """Ids of learning outcomes, in the course or where they are spoken of."""


def drafts(draft: Draft, faults: Iterable[Fault], accepted: Iterable[tuple[str, str | None]] = ()) -> Iterator[Draft]:
    """Drafts in the shape of a file, each with another meaning of every fault; none where there are too many.

    ``draft`` has the right shape: a stand-in at every fault.
    """
    found = list(dict.fromkeys(faults))
    if len(found) > MOST_FAULTS:
        return
    hints = _hints(draft, accepted)
    possible = [list(meanings(draft, fault, hints)) for fault in found]
    most = MOST_WORK // max(len(draft.document.marks), 1) - sum(map(len, possible))
    if most < 0:
        return
    choices = [[edit for edit in edits if _fits(draft, edit)] for edits in possible]
    longest = max(map(len, choices), default=0)
    count = longest * (TURNS if len(found) > 1 else 1)
    if not all(choices) or count > most:
        return
    order = Random(len(found))  # noqa: S311 - only mixes, and the same way each time
    for number in range(count):
        picks = [c[number % len(c)] if number < longest else order.choice(c) for c in choices]
        # A key that is missing may be the one that is not known: what is renamed has the last word.
        picks.sort(key=lambda edit: edit.key is not None)
        yield draft.edited(picks)


def stand_in(draft: Draft, fault: Fault) -> Edit | None:
    """Something of the right shape for the place of a fault, or ``None`` where nobody can say."""
    found = meanings(draft, fault, Hints((), (), (date(2024, 1, 1),), ()))
    item = isinstance(fault.path[-1], int)  # it stays, so that no path below changes
    return next((edit for edit in found if not (item and edit.gone)), None)


def _fits(draft: Draft, edit: Edit) -> bool:
    try:
        ImplementationFile.model_validate(draft.edited([edit]).data)
    except ValidationError:
        return False
    return True


def _hints(draft: Draft, accepted: Iterable[tuple[str, str | None]]) -> Hints:
    data = draft.data
    columns = at(data, ("columns",))
    texts = [str(text) for text in columns.values()] if isinstance(columns, dict) else []
    named = list(texts)
    for part in at(data, ("workload", "parts")) or ():
        what = part.get("for", ()) if isinstance(part, dict) else ()
        named += [what] if isinstance(what, str) else [text for text in what if isinstance(text, str)]
    ids = dict.fromkeys(match for text in named for match in re.findall("[a-z][a-z0-9_]*", text))
    days = sorted(set(_days(data)))
    spread = [days[0] - timedelta(400), days[-1] + timedelta(400), days[len(days) // 2]] if days else [date(2024, 1, 1)]
    outcomes = dict.fromkeys(_outcomes(data))
    about = tuple(dict.fromkeys(accepted))
    return Hints(tuple(ids), tuple(dict.fromkeys(texts)), tuple(spread), about, tuple(outcomes))


def _outcomes(value: object) -> Iterator[str]:
    """The ids of the learning outcomes, and those under every key ``outcomes`` of parts and sessions."""
    if isinstance(value, list):
        for inner in value:
            yield from _outcomes(inner)
    elif isinstance(value, dict):
        named = value.get("outcomes")
        for name in (named if isinstance(named, list) else [named], [value.get("id")] if "text" in value else []):
            yield from (one for one in name if isinstance(one, str))
        for key in ("course", "learning_outcomes", "assessment", "parts", "schedule", "sessions"):
            yield from _outcomes(value.get(key))


def _days(value: object) -> Iterator[date]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _days(inner)
    elif isinstance(value, date):
        if 1900 <= value.year <= 2200:
            yield value
    elif isinstance(value, str) and (match := re.match(r"((?:19|20|21)\d\d)-(\d\d)-(\d\d)", value)):
        try:
            yield date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return


# ---- what a place may hold ---------------------------------------------------------------------------------


def meanings(draft: Draft, fault: Fault, hints: Hints) -> Iterator[Edit]:
    """What may be meant at a place, the least first."""
    data, (path, kind) = draft.data, fault
    slot = _slot(data, path)
    if kind is Kind.key:
        yield Edit(path, gone=True)
        kept = at(draft.document.data, draft.original(path))
        for block in [(), *((name,) for name in ImplementationFile.model_fields)]:
            if isinstance(here := at(data, block), dict) and path[-1] not in here and block != path[:-1]:
                yield Edit((*block, path[-1]), kept)
        for key, inner in _absent(data, path):
            yield Edit(path, kept, key=key)
            for value in _values(inner, hints, 0):
                yield Edit(path, value, key=key)
        return
    if slot is None:
        return
    kind_of_value, may_go = slot
    if may_go and kind is Kind.value:
        yield Edit(path, gone=True)
    if path[:1] == ("accepted",) and path[2:] == ("rule",):
        yield from (Edit(path, rule) for rule in dict.fromkeys(["abc", *(rule for rule, _ in hints.accepted)]))
        return
    for value in _values(kind_of_value, hints, 0):
        yield Edit(path, value)


def _absent(data: Any, path: Path) -> Iterator[tuple[str, Any]]:
    """The keys that are not yet in the block of ``path``, each with what it takes; none where there is no block now."""
    block = at(data, path[:-1])
    if not isinstance(block, dict):
        return
    slot = _slot(data, path[:-1])
    shape = next(iter(_shapes(slot[0], block)), None) if slot else None
    if shape is not None:
        for name, field in shape.model_fields.items():
            if (field.alias or name) not in block:
                yield field.alias or name, _typed(field)
    elif slot is not None:
        keys = next((get_args(get_args(kind)[0]) for kind in _options(slot[0]) if get_origin(kind) is dict), ())
        for key in keys:
            if key not in block:
                yield key, str


def _typed(field: Any) -> Any:
    """The field's type with all that was said beside it."""
    kind = field.annotation
    for more in field.metadata:
        kind = Annotated[kind, more]
    return kind


def _options(kind: Any) -> list[Any]:
    """The types that a value of this type may have, without the one of nothing."""
    if get_origin(kind) is Annotated:
        inner, *more = get_args(kind)
        reads = [m for m in more if isinstance(m, Reads) or (isinstance(m, BeforeValidator) and m.func in _VALUES)]
        return [reads[0]] if reads else _options(inner)
    if get_origin(kind) is Union or type(kind).__name__ == "UnionType":
        return [option for inner in get_args(kind) if inner is not type(None) for option in _options(inner)]
    return [kind]


def _shapes(kind: Any, value: Any) -> list[Any]:
    """The blocks among a type's options, first that which has most of the keys."""
    shapes = [o for o in _options(kind) if isinstance(o, type) and issubclass(o, Shape)]
    keys = set(value) if isinstance(value, dict) else set()
    return sorted(shapes, key=lambda s: -len(keys & {f.alias or n for n, f in s.model_fields.items()}))


def _slot(data: Any, path: Path) -> tuple[Any, bool] | None:
    """The type of what stands at a path, and whether it may be left out."""
    kind: Any = ImplementationFile
    may_go = False
    for index, step in enumerate(path):
        shapes = _shapes(kind, at(data, path[:index]))
        if isinstance(step, str) and shapes:
            field = next((f for n, f in shapes[0].model_fields.items() if (f.alias or n) == step), None)
            if field is None:
                return None
            kind, may_go = _typed(field), not field.is_required()
            continue
        inner = next(filter(None, (_inside(option, step) for option in _options(kind))), None)
        if inner is None:
            return None
        kind, may_go = inner, True
    return kind, may_go


def _inside(kind: Any, step: str | int) -> Any:
    """The type of an item of a list, or of a value of a block with free keys."""
    if isinstance(kind, Reads | BeforeValidator):
        return _ITEMS.get(kind.read if isinstance(kind, Reads) else kind.func)
    arguments = get_args(kind)
    if get_origin(kind) is tuple and isinstance(step, int):
        return arguments[0]
    return arguments[1] if get_origin(kind) is dict and isinstance(step, str) else None


# ---- values ------------------------------------------------------------------------------------------------

_WHO = ("individual", "group")
_NUMBERS: tuple[Any, ...] = (0, 1, 2, 3, 5, Decimal("0.5"), 40, 50, 100)
_AMOUNTS: tuple[Any, ...] = (*_NUMBERS, "0 %", "50 %", "100 %")
_VALUES: dict[Callable[..., Any], tuple[Any, ...]] = {
    fields._number: _NUMBERS,
    fields._whole: (0, 1, 2, 3, 8, 40, 1000),
    fields._positive: (1, 5, 15, 27, Decimal("0.5"), 300),
    fields._percent: ("0 %", "10 %", "50 %", "100 %"),
    fields._week: (1, 3, 10, 20, 30, 45, 52),
    fields._week_list: ([], [1], [30]),
    fields._filled: ("Abc", "Xyz"),
    fields._id: ("Abc", "Xyz"),
    fields._weight: (0, 1, 10, 40, 100),
    fields._amount: _AMOUNTS,
    fields._boundary: (*_AMOUNTS, "> 50", "> 50 %"),
    fields._deduct: (0, Decimal("0.5"), "10 %", [0, 1]),
    fields._lines: ([], ["Abc"], ["Xyz", "Abc"]),
    fields._line: ("Abc",),
    fields._hours: ("0 h", "1 h", "24 h", "100 h", "135 h", "3 h/week x 8"),
    fields._pages: (1, 120),
    fields._count: (1, 3),
    read_length: ("1 h", "1 d", "2 d", "1 w", "5 w"),
    read_weeks: ("3-11", "1-52", "36-50", "20"),
    str: ("Abc", "134 h"),
    read_time: ("20 min", "2 h"),
    read_clock: ("8:00", "12:15", "21:00"),
    fields._modes: (*([mode] for mode in fields.MODES),),
    fields._labels: tuple([*map(str, range(n))] for n in range(2, 9)),
    fields._label: ("1", "G", "5"),
    composite._criterion_id: ("abc", "xyz"),
    composite._levels: ({"0": "Abc", "1": "Xyz"}, {"4": "Abc", "10": "Xyz"}, {"0": "Abc", "5": "Xyz"}),
    composite._weights: ([50, 50], [10, 30, 60], [25, 25, 25, 25]),
    demands._asked: (1, 3, "50 %", "10 p", "pass"),
    assessment._retakes: (0, 1, 3, 20),
    assessment._repeat: (2, 12),
    assessment._every: ("7 d", "1 w"),
    assessment._ends: tuple(
        {low: "50 %", high: "90 %"} for low, high in ("15", ("5", "10"), "12", "13", "14", "23", "24", "34")
    ),
}
"""What each reader of the model takes; more of them where rules depend on the size."""
_ITEMS: dict[Callable[..., Any], Any] = {
    fields._week_list: fields.Week,
    fields._lines: str,
    fields._modes: Literal[fields.MODES],
    fields._labels: fields.Label,
    fields._deduct: fields.AmountOf,
    composite._levels: fields.Filled,
    composite._weights: fields.Weight,
    assessment._retakes: assessment.Retake,
    assessment._ends: fields.AmountOf,
}
"""What stands in a list, or in a block with free keys, that one function reads."""


def _values(kind: Any, hints: Hints, depth: int) -> list[Any]:
    out: list[Any] = []
    for option in _options(kind):
        out += _of(option, hints, depth)
    return out


def _of(kind: Any, hints: Hints, depth: int) -> list[Any]:
    if isinstance(kind, Reads | BeforeValidator):
        return _read_by(kind.read if isinstance(kind, Reads) else kind.func, hints)
    if kind is bool:
        return [False, True]
    if kind is str:
        return ["Abc", "Xyz", *hints.texts]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return list(arguments)
    if origin is dict:
        keys = get_args(arguments[0]) or ("Abc",)
        return [{}, *(dict.fromkeys(keys, value) for value in _values(arguments[1], hints, depth + 1)[:2])]
    if origin is tuple:
        return _lists(arguments[0], hints, depth)
    if isinstance(kind, type) and issubclass(kind, Shape) and depth < DEEPEST:
        return _blocks(kind, hints, depth)
    return []


def _read_by(read: Callable[..., Any], hints: Hints) -> list[Any]:
    if read is fields._day:
        return list(hints.days)
    if read is read_when:
        return [f"{day.isoformat()} 12:00" for day in hints.days]
    if read is fields._part_id:
        return ["abc", "xyz", *hints.ids]
    if read is fields._outcome_id:
        return ["abc", *hints.outcomes]
    return [*_VALUES.get(read, ()), *(hints.texts if read is fields._filled else ())]


def _lists(item: Any, hints: Hints, depth: int) -> list[Any]:
    items = _values(item, hints, depth + 1)
    if Part in _options(item) and hints.ids:
        items = [{"id": name} for name in hints.ids]  # every part that is spoken of elsewhere is there
        return [[], items]
    if LearningOutcome in _options(item) and hints.outcomes:
        return [[], ["Abc"], [{"id": name, "text": "Abc"} for name in hints.outcomes]]
    return [[], *([one] for one in items), items[:2]]


def _blocks(shape: type[Shape], hints: Hints, depth: int) -> list[Any]:
    """Blocks with the least keys, for some values of each; and one with all keys."""
    if shape is Accepted:
        found = [(rule, name) for rule, name in hints.accepted]
        return [
            {"rule": rule, "reason": f"Abc {n}", **({} if name is None else {"found": name})}
            for n, (rule, name) in enumerate([("abc", None), *found])
        ]
    keys = {field.alias or name: field for name, field in shape.model_fields.items()}
    needed = {key: _values(_typed(field), hints, depth + 1) for key, field in keys.items() if field.is_required()}
    most = max(map(len, needed.values()), default=1)
    out = [{key: values[n % len(values)] for key, values in needed.items() if values} for n in range(most)]
    if shape is Part:  # what all parts together weigh depends on each
        out += [{**out[0], "weight": weight, "by": by} for weight in (10, 50, 100) for by in _WHO]
        return [*out, {**out[0], "outcomes": list(hints.outcomes)}] if hints.outcomes else out
    full = {key: _values(_typed(field), hints, depth + 1) for key, field in keys.items()}
    return [*out, {key: values[-1] for key, values in full.items() if values}]
