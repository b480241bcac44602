"""One student's grade, step by step, as a person reads it."""

from __future__ import annotations

from textwrap import wrap

from kurssi.gradebook import Gradebook
from kurssi.grading import Result, Step
from kurssi.messages import Msg, msg
from kurssi.words import Words

from .rows import STATUS

NAMES: dict[str, Msg] = {
    "convert": msg("score"),
    "late": msg("hand-in"),
    "attempt": msg("attempt"),
    "peer": msg("peer marks"),
    "gate": msg("gate"),
    "mean": msg("mean"),
    "bonus": msg("bonus"),
    "activity": msg("activity"),
    "round": msg("rounding"),
    "raise": msg("lower limit"),
    "override": msg("set by hand"),
    "grade": msg("grade"),
}


def line(step: Step, words: Words) -> str:
    """A step as one line: what happened, and what came out where that is not said already."""
    text = words.say(step.why)
    if step.step in ("mean", "bonus") and step.after is not None:
        text += f" = {words.number(step.after)}"
    return text


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
    for step in result.steps:
        heading = names[step.part if step.step != "bonus" else None]
        if not out or out[-1][0] != heading:
            out.append((heading, []))
        out[-1][1].append((words.say(NAMES[step.step]), line(step, words), book.rule(step.rule)))
    return out


def as_text(book: Gradebook, result: Result, words: Words, width: int = 100) -> str:
    """The explanation for a terminal; each line ends with the place of its rule."""
    lines = [title(book, result), verdict(book, result, words), ""]
    for heading, steps in sections(book, result, words):
        lines.append(heading)
        for name, text, rule in steps:
            wrapped = wrap(f"{text}  [{rule}]", max(width - 16, 30), break_long_words=False, break_on_hyphens=False)
            lines.append(f"  {name:<12}  {wrapped[0]}")
            lines += [" " * 16 + more for more in wrapped[1:]]
        lines.append("")
    lines += [words("Read from:")] + [f"  {i.path}  {i.sha256[:12]}" for i in book.inputs]
    return "\n".join(lines) + "\n"


def as_markdown(book: Gradebook, result: Result, words: Words) -> str:
    """The explanation to send to the student."""
    lines = [f"# {title(book, result)}", "", f"**{verdict(book, result, words)}**", ""]
    for heading, steps in sections(book, result, words):
        lines += [f"## {heading}", "", *(f"- {name}: {text} (`{rule}`)" for name, text, rule in steps), ""]
    return "\n".join(lines)
