"""From loaded data to a typed implementation file; what does not fit becomes findings in a teacher's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import ValidationError

from kurssi.course.drafts import Draft, Edit, Fault, Kind
from kurssi.diagnostics.finding import Finding, Path, Severity
from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.values.patterns import Regex

from .model import FORMAT_VERSION, ImplementationFile, show
from .yaml_reader import REFUSED, Document, at

MOST_LAYERS = 40
"""So often a block is looked into again once its first fault is out of the way."""
MOST_HINTS = 1000
"""For so many unknown keys of a file a near one is looked for."""
_EXPECTED: dict[str, Msg] = {
    "string_type": msg("text"),
    "bool_type": msg("true or false"),
    "tuple_type": msg("a list"),
    "dict_type": msg("a block (keys with values, indented below)"),
    "model_type": msg("a block (keys with values, indented below)"),
}


class Shaped(NamedTuple):
    """What the data of a file came to."""

    file: ImplementationFile | None
    """The typed content, where the shape is right."""
    findings: list[Finding]
    draft: Draft | None = None
    """The data in the right shape where it was not, with a stand-in for each value that was refused."""
    faults: tuple[Fault, ...] = ()
    """Where stand-ins are."""


def decode(document: Document) -> Shaped:
    """The file's content in its shape, with findings for all that does not fit."""
    data = document.data
    if data is None:
        if document.findings:
            return Shaped(None, [])
        message = msg("the file is empty")
        return Shaped(None, [_finding(Draft(document), "missing-key", (), message, msg("start with: kurssi: 1"))])
    if not isinstance(data, dict):
        message = msg("the file should have keys such as course: and assessment:, each with its values")
        return Shaped(None, [] if document.findings else [_finding(Draft(document), "wrong-type", (), message)])
    draft = Draft(document)
    findings = list(_empty(draft))
    if not findings:
        try:
            return Shaped(ImplementationFile.model_validate(data), [])
        except ValidationError:
            pass
    return _mended(draft, findings)


def _mended(draft: Draft, findings: list[Finding]) -> Shaped:
    """Everything that does not fit, layer by layer: what is wrong in a block shows once the block itself is right."""
    from kurssi.course.readings import MOST_FAULTS, stand_in  # most files need none

    known = {finding.path for finding in findings}
    faults: dict[Fault, None] = {}
    new = [_of_empty(draft, finding.path) for finding in findings]
    for number in range(MOST_LAYERS):
        few = len(faults) + len(new) <= MOST_FAULTS
        if few:
            edits = [stand_in(draft, fault) for fault in new]
            if None in edits:
                return Shaped(None, findings)
            draft = draft.edited([edit for edit in edits if edit is not None])
        elif number:
            break
        faults.update(dict.fromkeys(new))
        try:
            ImplementationFile.model_validate(draft.data)
        except ValidationError as error:
            layer = _explained(draft, error.errors(include_url=False), known)
        else:
            return Shaped(None, findings, draft, tuple(faults)) if few else Shaped(None, findings)
        findings += layer.findings
        draft = draft.edited(layer.renamed)
        new = [fault for fault in layer.open if fault not in faults]
        if not new and not layer.renamed:
            break
    return Shaped(None, findings)


def _of_empty(draft: Draft, path: Path) -> Fault:
    """The fault of a key or an item with nothing in it; of a comma in a number, the block that it has taken apart."""
    if (
        isinstance(path[-1], int)
        or path[-1] in _keys_at(draft.data, path[:-1])
        or _shape_at(draft.data, path[:-1]) is None
    ):
        return Fault(path, Kind.value)
    return Fault(path[:-1], Kind.value) if path[-1][:1].isdigit() and len(path) > 1 else Fault(path, Kind.key)


class _Layer(NamedTuple):
    """What one look at a draft has found."""

    findings: list[Finding]
    renamed: list[Edit]
    """The blocks and lists under a key that can be a slip of one other key only."""
    open: list[Fault]


def _finding(
    draft: Draft,
    rule: str,
    path: Path,
    message: Msg,
    hint: Msg | None = None,
    *,
    key: bool = False,
    fix: str | None = None,
) -> Finding:
    return Finding(rule, Severity.error, message, draft.place(path, key=key), hint, None, draft.original(path), fix=fix)


_QUOTE = msg("put it into quotes")


def _quoted(draft: Draft, path: Path, hint: Msg | None) -> str | None:
    """The value as it is written, in quotes, where that is the way out."""
    document = draft.document
    mark = document.marks.get(draft.original(path))
    if hint != _QUOTE or mark is None or not mark.scalar:
        return None
    line, column, end_line, end_column = mark.value
    written = document.lines[line][column:end_column]
    return f'"{written}"' if line == end_line and written and not set(written) & set("\"\\'") else None


def _empty(draft: Draft) -> Iterable[Finding]:
    """Keys with nothing after the colon, and empty list items."""
    document = draft.document
    for path in document.empty:
        if path and "\0duplicate" not in path:
            name, mark = path[-1], document.marks[path]
            hint = msg("write a value; a key that is not needed may be left out")
            if isinstance(name, int):
                message = msg("there is nothing in this line of the list")
            elif mark.key and (pieces := _cut_by_commas(document.lines[mark.key[0]], mark.key[1])):
                if len(pieces[0]) > 1:
                    continue  # told at the first comma
                message = msg("a comma ends the value here, so “{key}” became a key", key=name)
                hint = _way_out_of_comma([*pieces[0], *pieces[1]])
            else:
                message = msg("nothing is written after “{key}:”", key=name)
            yield _finding(draft, "wrong-type", path, message, hint, key=True)


_BEFORE_COMMA = Regex(r"[{,]\s*\w+:\s+([^\"'\[\]{}:]*[^\s\"'\[\]{}:]),\s*$")
_AFTER_COMMA = Regex(r"([^\"'\[\]{}:,]+(?:,[^\"'\[\]{}:,]+)*)(?=[,}])")
"""What stands before a key without a value: a plain value and a comma; and what is cut off it, up to the next key."""


def _cut_by_commas(line: str, column: int) -> tuple[list[str], list[str]] | None:
    """The pieces of a plain value that commas have cut, before and from ``column``: ``0`` and ``5`` of ``0,5``."""
    before, after = _BEFORE_COMMA.search(line[:column]), _AFTER_COMMA.match(line, column)
    if before is None or after is None:
        return None
    return [text.strip() for text in before[1].split(",")], [text.strip() for text in after[1].split(",")]


def _way_out_of_comma(pieces: Sequence[str]) -> Msg:
    """How a value with commas is written: a number with a point, several in brackets, a text in quotes."""
    if not all(re.fullmatch(r"\d+(\.\d+)?\s*%?", piece) for piece in pieces):
        return msg("put a text that has a comma into quotes: {text}", text=f'"{", ".join(pieces)}"')
    if len(pieces) == 2:
        return msg("write decimals with a point: 0.5")
    return msg("write several numbers in brackets: {numbers}", numbers=f"[{', '.join(pieces)}]")


def _explained(draft: Draft, errors: Iterable[Any], known: set[Path]) -> _Layer:
    layer = _Layer([], [], [])
    unknown: list[Path] = []
    missing: list[Path] = []
    for error in errors:
        path = _path(draft, error["loc"])
        cause = error.get("ctx", {}).get("error")
        if isinstance(cause, Wrong) and cause.item is not None:
            path = (*path, cause.item)
        kind = error["type"]
        if kind == "missing":
            missing.append((*path, str(error["loc"][-1])))
        elif kind == "extra_forbidden" and (path in known or at(draft.data, path) is REFUSED):
            layer.open.append(Fault(path, Kind.key))
        elif kind == "extra_forbidden":
            unknown.append(path)
        elif (
            path in known
            or draft.original(path) in known
            or error.get("input") is REFUSED
            or at(draft.data, path) is REFUSED
        ):
            layer.open.append(Fault(path, Kind.value))
        else:
            finding = _wrong(draft, path, error)
            known.add(path)
            layer.findings.append(finding)
            layer.open.append(Fault(path, Kind.key if error["loc"][-1] == "[key]" else Kind.value))
    for number, path in enumerate(unknown):
        _unknown(draft, path, missing, layer, hinted=number < MOST_HINTS)
    for *parent, key in missing:
        message = msg("the key “{key}” is missing in {where}", key=key, where=where_in(draft.data, tuple(parent)))
        in_place = (*draft.original(tuple(parent)), "ways") if key == "parts" else None
        if in_place not in draft.document.marks:  # else something is wrong with what stands in its place, and is said
            layer.findings.append(_finding(draft, "missing-key", tuple(parent), message, _add(str(key)), key=True))
        layer.open.append(Fault((*parent, key), Kind.missing))
    return layer


def _unknown(draft: Draft, path: Path, missing: list[Path], layer: _Layer, *, hinted: bool) -> None:
    """A key that is not known. One that is missing and may be meant is taken from ``missing``: one slip, one finding.

    Where it is not ``hinted``, nobody wrote the file; looking for what was meant would take minutes.
    """
    parent, key = path[:-1], str(path[-1])
    message = msg("unknown key “{key}” in {where}", key=key, where=where_in(draft.data, parent))
    if not hinted:
        layer.findings.append(_finding(draft, "unknown-key", path, message, key=True))
        layer.open.append(Fault(path, Kind.key))
        return
    keys = _keys_at(draft.data, parent)
    absent = [str(where[-1]) for where in missing if where[:-1] == parent]
    close = get_close_matches(key, absent or keys, 1, 0.6) or get_close_matches(key, keys, 1, 0.6)
    close = close or [k for k in keys if k.replace("_", "") == key.replace("-", "").replace("_", "").lower()]
    hint: Msg | None = msg("known here: {keys}", keys=", ".join(keys))
    fix = _only(draft, path, keys)
    close = [fix] if fix is not None else close
    if close:
        hint = msg("did you mean “{key}”?", key=close[0])
    elif key in ImplementationFile.model_fields:
        hint = msg("“{key}” belongs at the top level of the file: no spaces in front of it", key=key)
    elif block := _elsewhere(key):
        hint = msg("“{key}” belongs under {where}", key=key, where=block)
    layer.findings.append(_finding(draft, "unknown-key", path, message, hint, key=True, fix=fix))
    kept = at(draft.data, path)
    if fix is not None and isinstance(kept, dict | list):  # worth looking into; a single value may be another key's
        layer.renamed.append(Edit(path, kept, key=fix))
    else:
        layer.open.append(Fault(path, Kind.key))
    if close and (*parent, close[0]) in missing:
        missing.remove((*parent, close[0]))
        if not layer.renamed or layer.renamed[-1].path != path:
            layer.open.append(Fault((*parent, close[0]), Kind.missing))


def _add(key: str) -> Msg:
    return msg("add “kurssi: 1” here") if key == "kurssi" else msg("add “{key}:” here", key=key)


def _wrong(draft: Draft, path: Path, error: Any) -> Finding:
    kind, value = error["type"], error["input"]
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, Wrong):
        message = msg("{key}: {problem}", key=key, problem=cause.message)
        fix = cause.fix or _quoted(draft, path, cause.hint)
        return _finding(draft, "wrong-type", path, message, cause.hint, fix=fix)
    if kind == "literal_error":
        if path == ("kurssi",):
            return _finding(
                draft,
                "wrong-type",
                path,
                msg(
                    "this version of kurssi reads format {version}, not {found}",
                    version=FORMAT_VERSION,
                    found=show(value),
                ),
                msg("write kurssi: {version}, or use a newer kurssi", version=FORMAT_VERSION),
            )
        allowed = [w.strip().strip("'") for w in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
        close = get_close_matches(str(value), allowed, 1, 0.5)
        choice = msg("one of: {values}", values=", ".join(allowed))
        if path[-1:] == ("late",):
            choice = msg("write late: {{deduct: 10 %, of: max, per: day}}, or late: none")
        elif path[-1:] == ("evaluation_scale",):
            choice = msg(
                "one of: {values}; or an own scale: {{values: [U, G, VG], passes_from: G}}", values=", ".join(allowed)
            )
        near = msg("did you mean “{key}”?", key=close[0]) if close and len(str(value)) > 2 else choice
        message = msg("{key} cannot be {value}", key=key, value=show(value))
        same = [word for word in allowed if word.casefold() == str(value).casefold()]
        alone = same or get_close_matches(str(value), allowed, 2, 0.6)
        fix = alone[0] if len(alone) == 1 else None
        return _finding(draft, "unknown-value", path, message, near, fix=fix)
    expected = _EXPECTED.get(kind)
    if expected is None:
        return _finding(draft, "wrong-type", path, msg("{key}: {value} does not fit here", key=key, value=show(value)))
    hint = msg("put it into quotes") if kind == "string_type" and not isinstance(value, (dict, list)) else None
    if kind in ("model_type", "dict_type") and (needed := _required(draft.data, path)):
        hint = msg("write it as {{{keys}}}", keys=", ".join(f"{key}: …" for key in needed))
    elif kind == "tuple_type":
        hint = msg("write a list: each item on a line of its own after “- ”, or [a, b]")
    message = msg("{key} should be {expected}, but is {value}", key=key, expected=expected, value=show(value))
    return _finding(draft, "wrong-type", path, message, hint, fix=_quoted(draft, path, hint))


def _only(draft: Draft, path: Path, keys: Sequence[str]) -> str | None:
    """The one key that an unknown one can be a slip of: nothing else that takes its value is near, nor is it there."""
    key = str(path[-1])
    plain = key.replace("-", "_").replace(" ", "_").lower()
    near = [plain] if plain in keys else get_close_matches(key, keys, 3, 0.75)
    if len(near) > 1:
        near = [other for other in near if _takes(draft, path, other)]
    if len(near) != 1 or near[0] in at(draft.data, path[:-1]):
        return None
    return near[0]


def _takes(draft: Draft, path: Path, key: str) -> bool:
    """Whether the value of an unknown key is one that another key takes."""
    there = (*path[:-1], key)
    try:
        ImplementationFile.model_validate(draft.edited([Edit(path, at(draft.data, path), key=key)]).data)
    except ValidationError as errors:
        return all(error["loc"][: len(there)] != there for error in errors.errors(include_url=False))
    return True


def _path(draft: Draft, loc: Iterable[str | int]) -> Path:
    """Pydantic's location without the labels that unions put in, as far as it exists in the data."""
    path: Path = ()
    here: Any = draft.data
    for step in loc:
        known = step in here if isinstance(here, dict) else isinstance(here, list) and isinstance(step, int)
        if known:
            path, here = (*path, step), here[step]
    return path


def _required(data: Any, path: Path) -> list[str]:
    """The keys that a mapping at ``path`` must have."""
    shape = _shape_at(data, path)
    return [field.alias or name for name, field in shape.model_fields.items() if field.is_required()] if shape else []


def _keys_at(data: Any, parent: Path) -> list[str]:
    """The keys that the shape knows at ``parent``."""
    shape = _shape_at(data, parent)
    return [field.alias or name for name, field in shape.model_fields.items()] if shape else []


def _shape_at(data: Any, parent: Path) -> Any:
    """The shape of the mapping at ``parent``; where it may have several, the one whose required key is there."""
    shape: Any = ImplementationFile
    for index, step in enumerate(parent):
        if isinstance(step, str) and shape is not None:
            field = next((f for n, f in shape.model_fields.items() if (f.alias or n) == step), None)
            shapes = list(_shapes_in(field.annotation)) if field else []
            below = at(data, parent[: index + 2]) if len(shapes) > 1 else None
            keys = below if isinstance(below, dict) else {}
            fits = (
                s for s in shapes if any(f.is_required() and (f.alias or n) in keys for n, f in s.model_fields.items())
            )
            shape = next(fits, shapes[0] if shapes else None)
    return shape


def _shapes_in(annotation: Any) -> Iterator[Any]:
    if hasattr(annotation, "model_fields"):
        yield annotation
        return
    for inner in getattr(annotation, "__args__", ()) or ():
        yield from _shapes_in(inner)


def _elsewhere(key: str) -> str | None:
    """The block that has ``key``, where exactly one of the big blocks does."""
    blocks = [
        name
        for name, field in ImplementationFile.model_fields.items()
        if (shape := next(_shapes_in(field.annotation), None)) and key in shape.model_fields
    ]
    return blocks[0] if len(blocks) == 1 else None


def where_in(data: Any, path: Path) -> Msg | str:
    """A place in the file by its keys, with the id or name of list items: ``assessment.parts[3] (exam)``."""
    if not path:
        return msg("the file")
    out = ""
    for index, step in enumerate(path):
        if isinstance(step, int):
            item = at(data, path[: index + 1])
            name = item.get("id") or item.get("name") or item.get("topic") if isinstance(item, dict) else None
            out += f"[{step + 1}]" + (f" ({name})" if isinstance(name, str) else "")
        else:
            out += f".{step}" if out else step
    return out
