"""Wrong usage in kurssi's own words: what typer found, in one line, and where help stands."""

from __future__ import annotations

from typing import Any

from kurssi.diagnostics.message import Msg, Terms, msg


def said(error: Any, command: str) -> tuple[Msg | str, Msg]:
    """What is wrong with a command line, and the way out; ``error`` is of typer, ``command`` was called."""
    way = msg("{command} --help shows what it takes", command=command)
    kind = type(error).__name__
    if kind == "NoSuchOption":
        names = Terms(tuple(sorted(error.possibilities or ())))
        if names.items:
            return msg("there is no option {option}; did you mean {close}?", option=error.option_name, close=names), way
        return msg("there is no option {option}", option=error.option_name), way
    if kind == "BadOptionUsage":
        if "not take" in error.message:
            return msg("{option} takes no value", option=error.option_name), way
        return msg("{option} needs a value after it", option=error.option_name), way
    if kind == "MissingParameter" and error.param is not None:
        return msg("{name} is missing", name=error.param.metavar or error.param.opts[0]), way
    if kind == "BadParameter" and error.param is not None:
        option = error.param.opts[0]
        problems: list[Any] = getattr(error.__cause__, "errors", list)()
        choices = [choice.value for choice in getattr(error.param.type_descriptor, "choices", None) or ()]
        if choices:
            return msg("{option} takes one of: {values}", option=option, values=", ".join(choices)), way
        return msg("{key} cannot be {value}", key=option, value=problems[0]["input"] if problems else ""), way
    if "unexpected extra" in error.message:
        rest = error.message.partition("(s) (")[2].removesuffix(")")
        return msg("this is one too many: {arguments}", arguments=rest), way
    return error.format_message(), way
