"""The schema as editors show it: its texts in three languages, one heading for a key, the likely value first."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run
from kurssi.course.schema import descriptions, schema
from kurssi.diagnostics.words import Words

ROOT = Path(__file__).parent.parent
Capture = pytest.CaptureFixture[str]


def inside(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON document."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(item)


def test_its_texts_are_those_of_the_shapes() -> None:
    spec = importlib.util.spec_from_file_location("docs_script", ROOT / "scripts" / "docs.py")
    assert spec is not None
    assert spec.loader is not None
    docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(docs)
    assert docs.DESCRIPTIONS.read_text("utf-8") == docs.descriptions(), "run scripts/docs.py --update"


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_text_is_translated(language: str) -> None:
    words, same = Words(language), {"webpa."}
    texts = {text for shape in descriptions().values() for text in shape.values()} - same
    assert [text for text in sorted(texts) if words.translate(text) == text] == []


def test_its_language_is_asked_for(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KURSSI_LANG", "sv")
    for language, said in ((None, "Something that is assessed"), ("fi", "Osasuoritus, joka"), ("sv", "delprestation")):
        assert run(["schema", *(["--lang", language] if language else [])]) == 0
        document = json.loads(capsys.readouterr().out)
        assert said in document["definitions"]["Part"]["description"]


def test_languages_differ_in_texts_only() -> None:
    def bare(document: dict[str, Any]) -> str:
        for entry in inside(document):
            if isinstance(entry.get("description"), str):
                entry["description"] = ""
        return json.dumps(document)

    assert bare(schema()) == bare(schema(Words("fi").translate))


def test_a_shape_puts_no_heading_above_that_of_its_key() -> None:
    document = schema()
    assert [name for name, shape in document["definitions"].items() if "title" in shape] == []
    assert document["title"] == "kurssi implementation"


def test_of_alternatives_the_word_comes_first_and_the_block_last() -> None:
    rank = {"object": 2, "array": 2}
    for entry in inside(schema()):
        options = [option for option in entry.get("anyOf", []) if "required" not in option]
        order = [
            0 if "enum" in option or "const" in option else 2 if "$ref" in option else rank.get(option.get("type"), 1)
            for option in options
        ]
        assert order == sorted(order), options
