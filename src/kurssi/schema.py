"""The JSON Schema of an implementation file, from the same shapes that kurssi checks (draft 7 for editors)."""

from __future__ import annotations

import ast
import inspect
from typing import Any

from . import model

DRAFT = "http://json-schema.org/draft-07/schema#"


def schema() -> dict[str, Any]:
    """The schema as a JSON document; the texts are the docstrings of the shapes' fields."""
    raw = model.ImplementationFile.model_json_schema(by_alias=True)
    out = _plain(raw)
    definitions = out.pop("$defs", {})
    texts = _docstrings()
    for name, definition in [("ImplementationFile", out), *definitions.items()]:
        for field, text in texts.get(name, {}).items():
            if field in definition.get("properties", {}):
                definition["properties"][field].update(title=field, description=text)
    return {
        "$schema": DRAFT,
        "title": "kurssi implementation",
        **{key: value for key, value in out.items() if key != "title"},
        "definitions": definitions,
    }


def _plain(value: Any) -> Any:
    """Draft 7, without what only pydantic or OpenAPI understands, and without null: an empty value is an error."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value.replace("#/$defs/", "#/definitions/") if isinstance(value, str) else value
    out = {key: _plain(item) for key, item in value.items() if key not in ("discriminator", "default")}
    if "oneOf" in out:
        out["anyOf"] = out.pop("oneOf")
    if "anyOf" in out:
        options = [option for option in out["anyOf"] if option != {"type": "null"}]
        if len(options) == 1:
            del out["anyOf"]
            out = {**options[0], **out} if "$ref" not in options[0] else {"allOf": options, **out}
        else:
            out["anyOf"] = options
    if "$ref" in out and len(out) > 1:  # beside $ref draft 7 reads nothing
        out = {"allOf": [{"$ref": out.pop("$ref")}], **out}
    return out


def _docstrings() -> dict[str, dict[str, str]]:
    """The text under each field of each shape, from the source of the module."""
    texts: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(model)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        fields: dict[str, str] = {}
        for field, after in zip(node.body, node.body[1:], strict=False):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(after, ast.Expr)
                and isinstance(after.value, ast.Constant)
                and isinstance(after.value.value, str)
            ):
                fields[field.target.id.rstrip("_")] = after.value.value
        texts[node.name] = fields
    return texts
