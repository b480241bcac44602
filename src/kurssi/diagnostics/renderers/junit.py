"""Findings as JUnit XML, which build servers show as tests: a suite for each file, a case for each finding."""

from __future__ import annotations

import html
from collections.abc import Sequence

from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.visible import visible
from kurssi.diagnostics.words import Words

from .common import where


def as_junit(findings: Sequence[Finding], names: Sequence[str], strict: bool, words: Words) -> str:
    """Errors are failures, with ``strict`` warnings too; what is accepted is skipped; a clean file has one case."""
    files = dict.fromkeys([*names, *(f.place.file for f in findings)])
    limit = Severity.warning if strict else Severity.error
    suites = []
    failed_in_all = 0
    for name in files:
        mine = [f for f in findings if f.place.file == name]
        cases = [_case(f, limit, words) for f in mine] or [
            f"    <testcase {_attributes(classname=name, name='kurssi')}/>"
        ]
        failed = sum(f.counts and f.severity >= limit for f in mine)
        skipped = sum(not f.counts for f in mine)
        failed_in_all += failed
        about = _attributes(name=name, tests=len(cases), failures=failed, errors=0, skipped=skipped)
        suites.append("\n".join([f"  <testsuite {about}>", *cases, "  </testsuite>"]))
    about = _attributes(
        name="kurssi", tests=sum(s.count("<testcase ") for s in suites), failures=failed_in_all, errors=0
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return "\n".join([head, f"<testsuites {about}>", *suites, "</testsuites>", ""])


def _case(finding: Finding, limit: Severity, words: Words) -> str:
    message = words.say(finding.message)
    text = f"{where(finding, words)}: {message}"
    if finding.help is not None:
        text += "\n" + words("help: {text}", text=finding.help)
    head = f"    <testcase {_attributes(classname=finding.place.file, name=f'{finding.rule} ({finding.place.line})')}>"
    if finding.accepted is not None:
        body = f"<skipped {_attributes(message=finding.accepted)}/>"
    elif finding.severity >= limit:
        body = f"<failure {_attributes(type=finding.rule, message=message)}>{_text(text)}</failure>"
    else:
        body = f"<system-out>{_text(text)}</system-out>"
    return f"{head}{body}</testcase>"


def _attributes(**values: object) -> str:
    return " ".join(f'{name}="{_text(str(value)).replace(chr(10), "&#10;")}"' for name, value in values.items())


def _text(text: str) -> str:
    """Escaped, without characters that XML 1.0 cannot hold."""
    return html.escape(visible(text))
