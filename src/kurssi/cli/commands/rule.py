"""``kurssi rule``: the rule book."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from kurssi.cli import session
from kurssi.cli.options import tr
from kurssi.course.rules import book, paragraphs
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Terms, msg

HELP = msg("List the rules with what each checks, or explain one: why it is there, what fails and what passes.")
_SEVERITIES = {Severity.error: msg("error"), Severity.warning: msg("warning"), Severity.info: msg("info")}


def command(
    name: Annotated[str | None, typer.Argument(help=tr("The rule's name."), metavar="NAME", show_default=False)] = None,
) -> int:
    """Prints the list, or one rule's help."""
    here = session.current
    rules = book()
    if name is None:
        width = max(map(len, rules))
        for rule in rules.values():
            severity = here.words.say(_SEVERITIES[rule.severity])
            here.out(f"{rule.name:<{width}}  {severity:<8} {here.words.translate(rule.title)}")
        return 0
    if name not in rules:
        close = get_close_matches(name, rules, 3, 0.5)
        raise session.Trouble(
            msg("there is no rule “{name}”; did you mean {close}?", name=name, close=Terms(close))
            if close
            else msg("there is no rule “{name}”; kurssi rule lists them", name=name)
        )
    rule = rules[name]
    severities = here.words.say(Terms([_SEVERITIES[severity] for severity in rule.severities]))
    here.out(f"{rule.name} ({severities})\n")
    for paragraph in paragraphs(rule.doc):
        here.out(paragraph if paragraph.startswith("    ") else here.words.translate(paragraph).replace("::", ":"))
        here.out("\n")
    return 0
