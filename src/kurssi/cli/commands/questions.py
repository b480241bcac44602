"""Questions to a person at a terminal: ``?`` explains, ``<`` goes back, Enter takes what is proposed."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from kurssi.cli import session
from kurssi.cli.session import Trouble
from kurssi.diagnostics.message import Msg, Wrong, msg

BACK = "<"
EXPLAIN = "?"


class Question(NamedTuple):
    """One question, and how its answer is read."""

    key: str
    text: Msg
    help: Msg
    read: Callable[[str], Any]
    """The value of an answer; raises :class:`Wrong`."""
    default: str = ""
    before: Callable[[], None] | None = None
    """What is said before it is asked."""


Asked = Callable[[Mapping[str, Any]], Sequence[Question]]
"""All the questions there are, by the answers so far: an answer may lead to more of them."""


def ask(questions: Asked, given: Mapping[str, str]) -> dict[str, Any]:
    """The answers, by key; what was ``given`` is not asked. Raises ``KeyboardInterrupt`` where somebody hangs up."""
    answers: dict[str, Any] = {}
    typed: dict[str, str] = {}
    asked: list[str] = []
    tell(msg("Enter takes what stands in brackets, ? explains, < goes back to the last question."))
    while (question := _next(questions(answers), answers)) is not None:
        if question.key in given:
            answers[question.key] = read_option(question, given[question.key])
            continue
        default = typed.get(question.key, question.default)
        if question.before is not None:
            question.before()
        line = _typed(question, default)
        if line == EXPLAIN:
            tell(question.help, "  ")
        elif line == BACK:
            if asked:
                _forget(answers, asked.pop(), [q.key for q in questions(answers)])
            else:
                tell(msg("this is the first question"), "  ")
        else:
            try:
                answers[question.key] = question.read(line or default)
            except Wrong as wrong:
                tell(wrong.message if wrong.hint is None else msg("{a}: {b}", a=wrong.message, b=wrong.hint), "  ")
            else:
                typed[question.key] = line or default
                asked.append(question.key)
    return answers


def read_option(question: Question, text: str) -> Any:
    """The answer that an option gives. Raises :class:`Trouble`."""
    try:
        return question.read(text)
    except Wrong as wrong:
        said = wrong.message if wrong.hint is None else msg("{a}: {b}", a=wrong.message, b=wrong.hint)
        problem = msg("{option}: {problem}", option=f"--{question.key}", problem=said)
        raise Trouble(problem) from None


def _next(questions: Sequence[Question], answers: Mapping[str, Any]) -> Question | None:
    return next((question for question in questions if question.key not in answers), None)


def _forget(answers: dict[str, Any], key: str, order: Sequence[str]) -> None:
    """Takes an answer back, and what came after it: that may have depended on it."""
    for later in order[order.index(key) :]:
        answers.pop(later, None)


def _typed(question: Question, default: str) -> str:
    """What somebody types."""
    words = session.current.words
    proposed = f" [{default}]" if default else ""
    sys.stderr.write(_wrapped(f"{words.say(question.text)}{proposed}:") + " ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return line.strip()


def tell(message: object, indent: str = "") -> None:
    """A sentence in lines that the terminal has room for; no word is broken."""
    session.current.err(_wrapped(session.current.words.say(message), indent))


def _wrapped(text: str, indent: str = "") -> str:
    width = max(shutil.get_terminal_size().columns, 20)
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)
