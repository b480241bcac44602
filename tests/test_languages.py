"""Findings in Finnish and Swedish hold no English sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kurssi.course.check import check
from kurssi.diagnostics.message import Msg, Terms
from kurssi.diagnostics.words import Words

CASES = sorted((Path(__file__).parent / "cases").glob("*/bad*.yaml"))


def messages(value: object) -> Iterator[Msg]:
    if isinstance(value, Msg):
        yield value
        for inner in value.args.values():
            yield from messages(inner)
    elif isinstance(value, Terms):
        for inner in value.items:
            yield from messages(inner)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_finding_is_translated(language: str) -> None:
    words = Words(language)
    left = set()
    for path in CASES:
        for finding in check(path.read_bytes(), path.name, lambda _: False).findings:
            for message in [*messages(finding.message), *messages(finding.help)]:
                prose = re.search("[A-Za-z]{2,} [a-z]{2,}", re.sub(r"\{[^}]*\}", "", message.text))
                number = message.args.get("n")
                text = message.text
                if message.plural is not None and isinstance(number, int):
                    said = words.catalogue.ngettext(text, message.plural, number)
                else:
                    said = words.catalogue.gettext(text)
                if prose and said in (text, message.plural):
                    left.add(text)
    assert not left, "\n".join(sorted(left))
