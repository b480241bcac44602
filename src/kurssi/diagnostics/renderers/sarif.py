"""Findings as SARIF 2.1.0 (OASIS standard, errata 01), which code scanning services and editors read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote

from kurssi import __version__
from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.error: "error", Severity.warning: "warning", Severity.info: "note"}


class Rule(Protocol):
    """What is told of a rule."""

    @property
    def name(self) -> str:
        """As findings name it."""

    @property
    def severity(self) -> Severity:
        """How much its findings count."""

    @property
    def title(self) -> str:
        """What it checks, in one sentence."""

    @property
    def help(self) -> Sequence[str]:
        """The paragraphs below the title; examples are indented."""


def as_sarif(findings: Sequence[Finding], names: Sequence[str], book: Mapping[str, Rule], words: Words) -> str:
    """One run over the files ``names``, with the help of every rule of the ``book`` that has a finding."""
    rules = [book[name] for name in sorted({f.rule for f in findings})]
    numbers = {rule.name: number for number, rule in enumerate(rules)}
    files = {name: number for number, name in enumerate(dict.fromkeys([*names, *(f.place.file for f in findings)]))}
    run = {
        "tool": {
            "driver": {"name": "kurssi", "version": __version__, "rules": [_rule(rule, words) for rule in rules]},
        },
        "language": words.language,
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": uri(name)}} for name in files],
        "results": [_result(f, numbers, files, words) for f in findings],
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def uri(path: str) -> str:
    """A path as a reference that may stand in a URI."""
    return quote(path.replace("\\", "/").encode("utf-8", "surrogateescape"))


def _rule(rule: Rule, words: Words) -> dict[str, Any]:
    prose = [words.translate(p).replace("::", ":") if not p.startswith("    ") else p for p in rule.help]
    return {
        "id": rule.name,
        "shortDescription": {"text": words.translate(rule.title)},
        "help": {"text": "\n\n".join(prose)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(finding: Finding, numbers: dict[str, int], files: dict[str, int], words: Words) -> dict[str, Any]:
    place = finding.place
    message = words.say(finding.message)
    if finding.help is not None:
        message += "\n" + words("help: {text}", text=finding.help)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri(place.file), "index": files[place.file]},
                    "region": {
                        "startLine": place.line,
                        "startColumn": place.column,
                        "endLine": place.end_line,
                        "endColumn": max(place.end_column, place.column)
                        if place.end_line == place.line
                        else place.end_column,
                    },
                }
            }
        ],
        "partialFingerprints": {"kurssi/v1": _fingerprint(finding)},
    }
    if finding.fix is not None:
        location = result["locations"][0]["physicalLocation"]
        change = {"deletedRegion": location["region"], "insertedContent": {"text": finding.fix}}
        artifact = {"artifactLocation": location["artifactLocation"], "replacements": [change]}
        result["fixes"] = [{"artifactChanges": [artifact]}]
    if finding.accepted is not None:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": finding.accepted}]
    return result


def _fingerprint(finding: Finding) -> str:
    """The same as long as the rule, the key and the figure are: a line that moves makes no new finding."""
    about = [finding.rule, *map(str, finding.path), str(finding.found)]
    return hashlib.sha256("\0".join(about).encode("utf-8", "replace")).hexdigest()[:32]
