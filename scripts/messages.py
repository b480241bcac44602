"""The translation catalogues: collects messages from the source, and compiles what translators wrote.

    python scripts/messages.py --update             adds new messages to src/kurssi/locale/*/…/kurssi.po, compiles
    python scripts/messages.py --check              fails where a catalogue is behind the source or inconsistent, and
                                                    names what is not translated yet
    python scripts/messages.py --check --release    fails where something is not translated, too

In a release Finnish is complete; Swedish has at least all that stands on reports (kurssi.reports and its labels), in
help, in the rule book and in the schema.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any

import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kurssi import __version__
from kurssi.course.rules import book, paragraphs
from kurssi.course.schema import descriptions

SOURCE = Path(__file__).parent.parent / "src" / "kurssi"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "msg": None,
    "Msg": None,
    "tr": None,
    "words": None,
    "nmsg": (1, 2),
    "plural": (1, 2),
}
LANGUAGES = ("fi", "sv")
MOST_SAID = 60
ALWAYS_NEEDED = ("reports/", "src/kurssi/reports/", "cli/", "src/kurssi/cli/", "rule:", "schema:")
"""Where sentences come from that a release has in every language."""


def collect() -> Catalog:
    """Every message of the source, of the rule book, of the schema, and of the command-line library."""
    catalogue = Catalog(project="kurssi", version=__version__, charset="utf-8", fuzzy=False)
    for file, _, message, comments, _ in extract_from_dir(
        str(SOURCE), [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        if message and message != ("", ""):
            catalogue.add(message, locations=[(Path(file).as_posix(), 0)], auto_comments=comments)
    for rule in book().values():
        for paragraph in paragraphs(rule.doc):
            if not paragraph.startswith("    "):
                catalogue.add(paragraph, locations=[(f"rule:{rule.name}", 0)])
    for shape, texts_of_keys in descriptions().items():
        for text in texts_of_keys.values():
            catalogue.add(text, locations=[(f"schema:{shape}", 0)])
    for text in _library():
        catalogue.add(text, locations=[("typer", 0)])
    return catalogue


def _library() -> Iterator[Any]:
    """The words that typer prints itself: usage, options, errors."""
    folder = Path(typer.__file__).parent
    for path in [*sorted((folder / "_click").glob("*.py")), folder / "core.py", folder / "_display.py"]:
        found = extract("python", io.BytesIO(path.read_bytes()), keywords={"_": None, "ngettext": (1, 2)})
        for _, message, _, _ in found:
            if message:
                yield message


def uncollected(template: Catalog) -> Iterator[str]:
    """Messages that the source says but the collector does not see: it does not look into f-strings."""
    known = {text for message in template for text in ([message.id] if isinstance(message.id, str) else message.id)}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            text = node.args[0].value
            if name in KEYWORDS and isinstance(text, str) and text not in known:
                yield f"{path.relative_to(SOURCE).as_posix()}:{node.lineno}: take {text!r} out of the f-string"


def po_path(language: str) -> Path:
    """Where a language's catalogue stands."""
    return SOURCE / "locale" / language / "LC_MESSAGES" / "kurssi.po"


def load(language: str) -> Catalog:
    """The catalogue as translated so far."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, project="kurssi", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str, template: Catalog) -> Catalog:
    """The catalogue with exactly the messages of the template, translations kept."""
    catalogue = load(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text, sorted, without dates, so that it changes only when a message does."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    dated = rb'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team): .*\n'
    text = re.sub(dated, b"", out.getvalue(), flags=re.M)
    return re.sub(rb"^# .*\n|^#\n", b"", text, flags=re.M)


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it, without the time at which it was made."""
    catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def fields(text: str) -> set[str]:
    """The names of the fields in braces, or of %-formats of the command-line library."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:
        return set()


def texts(value: Any) -> tuple[str, ...]:
    """The texts of an id or a translation; a message with a plural has several."""
    return value if isinstance(value, tuple) else (value,)


def untranslated(language: str, catalogue: Catalog) -> Iterator[str]:
    """What a release must say in this language and the catalogue does not; until then it is shown in English."""
    for message in catalogue:
        needed = language == "fi" or any(name.startswith(ALWAYS_NEEDED) for name, _ in message.locations)
        if message.id and not all(texts(message.string)) and needed:
            yield f"{language}: not translated: {texts(message.id)[0]!r}"


def inconsistent(language: str, catalogue: Catalog) -> Iterator[str]:
    """Translations that do not fit their message."""
    for message in catalogue:
        if not message.id:
            continue
        ids, strings = texts(message.id), texts(message.string)
        if message.fuzzy:  # gettext would leave it out
            yield f"{language}: marked fuzzy; read it, and take the mark away: {ids[0]!r}"
        if not any(strings):
            continue
        if not all(strings):
            yield f"{language}: one of singular and plural is not translated: {ids[0]!r}"
            continue
        if message.locations and all(name.startswith(("rule:", "schema:")) for name, _ in message.locations):
            continue  # the help of a rule or a key is not formatted; its braces are YAML
        for string in strings:
            if fields(string) - fields(ids[0]) - fields(ids[-1]) or (fields(ids[-1]) - fields(string) - {"n"}):
                yield f"{language}: other fields than the English: {string!r}"


def main() -> int:
    """Updates or checks; the result is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--release", action="store_true")
    options = parser.parse_args()
    template = collect()
    faults: list[str] = list(uncollected(template))
    missing: list[str] = []
    for language in LANGUAGES:
        catalogue = merged(language, template)
        path = po_path(language)
        po, mo = po_bytes(catalogue), mo_bytes(catalogue)
        if options.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(po)
            path.with_suffix(".mo").write_bytes(mo)
        elif not path.exists() or path.read_bytes() != po:
            faults.append(f"{language}: {path.name} is behind the source; run scripts/messages.py --update")
        elif path.with_suffix(".mo").read_bytes() != mo:
            faults.append(f"{language}: the compiled catalogue is behind; run scripts/messages.py --update")
        faults += inconsistent(language, catalogue)
        missing += untranslated(language, catalogue)
    if options.release:
        faults += missing
    elif missing:
        say([f"warning: {line}" for line in missing])
        print("warning: a release needs these; until then they are shown in English", file=sys.stderr)
    say(faults)
    return 1 if faults and options.check else 0


def say(lines: Sequence[str]) -> None:
    """Prints the first lines, and how many more there are."""
    for line in lines[:MOST_SAID]:
        print(line, file=sys.stderr)
    if len(lines) > MOST_SAID:
        print(f"… {len(lines) - MOST_SAID} more", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
