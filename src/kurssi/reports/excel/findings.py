"""What was found in the files and did not stop the grading, and what the grades were made from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kurssi import __version__
from kurssi.diagnostics.renderers.common import where
from kurssi.values.times import When

from .sheet import Column, List, Writer, headed
from .summary import SEVERITIES


def write(writer: Writer) -> None:
    """Findings, those that the file accepts too, with the reason; no sheet where there are none."""
    words = writer.words
    if not writer.book.findings:
        return
    spec = [
        Column(headed(words("severity")), 14),
        Column(headed(words("rule")), 26),
        Column(headed(words("what was found")), 70, wrap=True),
        Column(headed(words("place")), 46, wrap=True),
        Column(headed(words("way out")), 50, wrap=True),
        Column(headed(words("accepted, because")), 50, wrap=True),
    ]
    out = List(writer, words("Findings"), spec, 0)
    for finding in writer.book.findings:
        out.add(
            [
                words.say(SEVERITIES[finding.severity]) if finding.counts else words("accepted"),
                finding.rule,
                words.say(finding.message),
                where(finding, words),
                words.say(finding.help) if finding.help is not None else None,
                finding.accepted,
            ]
        )
    out.end()


def write_inputs(writer: Writer, changed: Mapping[str, datetime]) -> None:
    """The files by path, the time at which each was ``changed``, and fingerprint, and the program that read them."""
    book, words = writer.book, writer.words
    spec = [Column(headed(words("what")), 50), Column(headed(words("file")), 70)]
    spec += [Column(headed(words("last changed")), 24, centre=True), Column("SHA-256", 70)]
    out = List(writer, words("Inputs"), spec, 0)
    for index, read in enumerate(book.inputs):
        overrides = read.path.replace("\\", "/").rpartition("/")[2] == "overrides.csv"
        what = words("score sheet") if not overrides else words("overrides")
        at = changed.get(read.path)
        moment = None if at is None else writer.moment(When(at, True))
        out.add([what if index else words("implementation"), read.path, moment, read.sha256])
    out.add([words("policy, with every default filled in"), None, None, book.policy_hash])
    if book.as_of is not None:
        out.add([words("as it stood on"), words.day(book.as_of), None, None])
    out.add(["kurssi", __version__, None, None])
    out.end()
