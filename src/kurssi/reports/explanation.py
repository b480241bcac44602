"""One student's grade, step by step, as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap
from typing import Any

from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import Need, Result, Step
from kurssi.grading.constructs import CONSTRUCTS, steps_of
from kurssi.values.classlist import Attempt
from kurssi.values.numbers import exact

from .rows import STATUS

NAMES = {step: name for construct in CONSTRUCTS for step, name in steps_of(construct).items()}


def line(step: Step, words: Words) -> str:
    """A step as one line: what happened, and what came out where that is not said already."""
    text = words.say(step.why)
    if step.step in ("mean", "bonus", "bonus-steps") and step.after is not None:
        after = words.exactly(step.after)
        text += f" {after[0]} {after[1:]}" if after[0] == "≈" else f" = {after}"
    return text


def name(step: Step, words: Words) -> str:
    """What kind of step it is, with the number of a later attempt: ``score 2``."""
    number = next((n for operand in step.operands if isinstance(n := operand.get("attempt"), int)), 1)
    kind = words.say(NAMES[step.step])
    return f"{kind} {number}" if step.step in ("markers", "rubric", "convert", "late") and number > 1 else kind


def title(book: Gradebook, result: Result) -> str:
    """Who, and in which implementation."""
    who = " ".join(part for part in (result.student.student, result.student.name) if part)
    return f"{who} – {book.file.course.name} ({book.id})"


def verdict(book: Gradebook, result: Result, words: Words) -> str:
    """The grade and the state in one line."""
    status = words.say(STATUS[result.status])
    if result.grade is None:
        return f"{words('grade')}: – ({status})"
    return f"{words('grade')}: {book.policy.scale.label(result.grade)} ({status})"


def sections(book: Gradebook, result: Result, words: Words) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The steps by part, then those of the whole: (heading, [(step, line, rule's place)])."""
    names: dict[str | None, str] = {None: words("the whole")}
    for part in book.policy.all_parts():
        names[part.id] = part.name
    out: list[tuple[str, list[tuple[str, str, str]]]] = []
    for step in book.steps(result):
        heading = names[step.told_under]
        if not out or out[-1][0] != heading:
            out.append((heading, []))
        out[-1][1].append((name(step, words), line(step, words), book.rule(step.rule)))
    return out


def as_text(book: Gradebook, result: Result, words: Words, width: int = 100) -> str:
    """The explanation for a terminal; each line ends with the place of its rule."""
    lines = [title(book, result), verdict(book, result, words), ""]
    parts = sections(book, result, words)
    names = max((len(kind) for _, steps in parts for kind, _, _ in steps), default=0)
    for heading, steps in parts:
        lines.append(heading)
        for kind, text, rule in steps:
            wrapped = wrap(
                f"{text}  [{rule}]", max(width - names - 4, 30), break_long_words=False, break_on_hyphens=False
            )
            lines.append(f"  {kind:<{names}}  {wrapped[0]}")
            lines += [" " * (names + 4) + more for more in wrapped[1:]]
        lines.append("")
    lines += [words("Read from:")] + [f"  {i.path}  {i.sha256[:12]}" for i in book.inputs]
    return "\n".join(lines) + "\n"


def needs_lines(book: Gradebook, wanted: Sequence[Need], words: Words) -> list[str]:
    """What every open part must bring for each grade, one line per part and grade."""
    if not wanted:
        return [words("nothing is open")]
    scale = book.policy.scale
    lines = []
    for need in wanted:
        heading = words("{part} must bring at least:", part=need.part.name)
        if need.attempt > 1:
            heading = words("{part}, attempt {n}, must bring at least:", part=need.part.name, n=need.attempt)
        lines.append(heading)
        for grade, attempt in need.grades.items():
            lines.append(f"  {scale.label(grade):<4} {_needed(book, need, attempt, words)}")
    if len(wanted) > 1:
        lines.append(words("(with the other open parts at their best)"))
    return lines


def _needed(book: Gradebook, need: Need, attempt: Attempt | None, words: Words) -> str:
    if attempt is None:
        return words("cannot be reached any more")
    if attempt.state == "passed":
        return words("passed")
    if attempt.state == "failed":
        return words("nothing")
    score = attempt.score if attempt.score is not None else Fraction(0)
    if need.part.in_points:
        return words("{score} points", score=score)
    own = book.policy.scale.own and score.denominator == 1
    return book.policy.scale.label(int(score)) if own else words.exactly(score)


def needs_json(book: Gradebook, wanted: Sequence[Need]) -> list[dict[str, Any]]:
    """The same as JSON: scores as exact text, a word for pass-fail parts, null where a grade cannot be reached."""
    scale = book.policy.scale

    def score(attempt: Attempt | None) -> str | None:
        return None if attempt is None else attempt.state if attempt.score is None else exact(attempt.score)

    return [
        {"part": n.part.id, "attempt": n.attempt, "grades": {scale.key(g): score(a) for g, a in n.grades.items()}}
        for n in wanted
    ]


def as_markdown(book: Gradebook, result: Result, words: Words) -> str:
    """The explanation to send to the student."""
    lines = [f"# {title(book, result)}", "", f"**{verdict(book, result, words)}**", ""]
    for heading, steps in sections(book, result, words):
        lines += [f"## {heading}", "", *(f"- {name}: {text} (`{rule}`)" for name, text, rule in steps), ""]
    return "\n".join(lines)
