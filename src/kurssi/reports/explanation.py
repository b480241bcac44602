"""One student's grade, step by step, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from textwrap import wrap
from typing import Any, NamedTuple

from kurssi.diagnostics.message import Msg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import Need, Result, Step
from kurssi.grading.constructs import CONSTRUCTS, steps_of
from kurssi.grading.result import flat
from kurssi.policy.model import Policy
from kurssi.policy.series import together
from kurssi.values.classlist import Attempt
from kurssi.values.numbers import exact

from .late_notes import late_notes
from .part_cells import Shown
from .rows import STATUS

NAMES = {step: name for construct in CONSTRUCTS for step, name in steps_of(construct).items()}


class Teller:
    """Says the steps of a policy's results; what depends on the policy alone is asked once."""

    def __init__(self, policy: Policy, words: Words) -> None:
        self.words = words
        self._kinds: dict[str, str] = {}
        """What kinds of step are called, in words."""
        self._gated = {part.id for part in policy.all_parts() if policy.has_gate(part)}
        """Parts on whose gate anything depends."""
        self._summed: set[str | None] = {part.id for part in policy.all_parts() if part.by_points}
        """Parts whose points are added up; None stands for the whole."""
        if policy.by_points:
            self._summed.add(None)

    def told(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Those steps that say something: not that a part counts with its value where no gate is."""
        for step in steps:
            if step.step != "gate" or step.operands[0]["state"] != "scored" or step.part in self._gated:
                yield step

    def line(self, step: Step) -> str:
        """A step as one line: what happened, and what came out where that is not said already."""
        text = self.words.say(step.why)
        if step.after is None or step.step not in ("mean", "bonus", "bonus-steps") or self._adds_points(step):
            return text
        after = self.words.exactly(step.after)
        return text + (f" {after[0]} {after[1:]}" if after[0] == "≈" else f" = {after}")

    def name(self, step: Step) -> str:
        """What kind of step it is, with the number of a later attempt: ``score 2``."""
        number = next((n for operand in step.operands if isinstance(n := operand.get("attempt"), int)), 1)
        if self._adds_points(step):
            return self.words("sum of points")
        if step.step == "gate" and step.part not in self._gated:
            return self.words("score")
        kind = self._kinds.get(step.step)
        if kind is None:
            kind = self._kinds[step.step] = self.words.say(NAMES[step.step])
        return f"{kind} {number}" if step.step in ("markers", "rubric", "convert", "late") and number > 1 else kind

    def _adds_points(self, step: Step) -> bool:
        """Whether a step is the sum of points, and no mean."""
        if step.step != "mean":
            return False
        return step.part in self._summed


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


class Line(NamedTuple):
    """A step as a person reads it."""

    kind: str
    text: str
    rule: str
    """Where its rule stands."""


class Section(NamedTuple):
    """The steps of a part, of the whole, or of a series, which has a line for each of its parts."""

    heading: str
    lines: tuple[Line, ...]
    of_series: bool = False


def sections(book: Gradebook, result: Result, words: Words) -> list[Section]:
    """The steps by part, those of a series together, then those of the whole."""
    policy = book.policy
    parts = policy.by_id()
    series = {part.id: group for group in _series(policy) for part in group.parts}
    results, notes, teller = flat(result.parts), late_notes(policy, result), Teller(policy, words)
    out: list[Section] = []
    for part_id, steps in groupby(teller.told(book.steps(result)), key=lambda step: step.told_under):
        lines = [Line(teller.name(s), noted(teller, s, notes), book.rule(s.rule)) for s in steps]
        group = series.get(part_id or "")
        if part_id is None or group is None:
            out.append(Section(words("the whole") if part_id is None else parts[part_id].name, tuple(lines)))
            continue
        if not out or out[-1].heading != group.name or not out[-1].of_series:
            out.append(Section(group.name, (), of_series=True))
        text = "; ".join(one.text for one in lines)
        if not results[part_id].chosen:
            text = words("{result} (does not count: others are better)", result=text)
        one = Line(str(group.parts.index(parts[part_id]) + 1), text, lines[0].rule)
        out[-1] = out[-1]._replace(lines=(*out[-1].lines, one))
    return out


def noted(teller: Teller, step: Step, notes: Mapping[tuple[str, int], list[Msg]]) -> str:
    """A step as one line, lateness with why it is counted and forgiven as it is."""
    text = teller.line(step)
    if step.step != "late" or step.part is None:
        return text
    number = step.operands[0]["attempt"]
    said = notes.get((step.part, number), ()) if isinstance(number, int) else ()
    return "; ".join([text, *map(teller.words.say, said)])


def _series(policy: Policy) -> Iterator[Shown]:
    levels = [policy.parts, *(part.parts for part in policy.all_parts() if part.parts)]
    for level in levels:
        for heading, parts in together(level, lambda part: part, lambda _: None):
            if len(parts) > 1:
                yield Shown(heading, tuple(parts))


def as_text(book: Gradebook, result: Result, words: Words, width: int = 100) -> str:
    """The explanation for a terminal; each line ends with the place of its rule."""
    lines = [title(book, result), verdict(book, result, words), ""]
    parts = sections(book, result, words)
    names = max((len(kind) for section in parts for kind, _, _ in section.lines), default=0)
    for section in parts:
        lines.append(section.heading)
        for kind, text, rule in section.lines:
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
        return words.plural("{n} point", "{n} points", n=score)
    return book.policy.scale.own_label(score) or words.exactly(score)


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
    for section in sections(book, result, words):
        lines += [f"## {section.heading}", ""]
        lines += [*(f"- {kind}: {text} (`{rule}`)" for kind, text, rule in section.lines), ""]
    return "\n".join(lines)
