"""What every list of grades shows of a student, in the words of a language: the rows behind table, CSV and Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, assert_never

from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.diagnostics.visible import in_line
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import PartResult, Result
from kurssi.grading.reasons import describe
from kurssi.grading.result import OUT, State
from kurssi.policy.model import Part, Policy
from kurssi.values.vocabulary import WITHHELD

STATUS: dict[str, Msg] = {"graded": msg("graded"), "failed": msg("failed"), "incomplete": msg("incomplete")}


def state_in_words(state: State) -> Msg | None:
    """What a part or an attempt came to; None where its score says it."""
    match state:
        case "missing":
            return msg("missing")
        case "closed":
            return msg("too late")
        case "ungraded":
            return msg("not graded yet")
        case "withheld":
            return msg("withheld")
        case "excused":
            return msg("excused")
        case "recognised":
            return msg("recognised")
        case "passed":
            return msg("passed")
        case "failed":
            return msg("failed")
        case "scored":
            return None
        case _ as unknown:
            assert_never(unknown)


def sign_of(result: PartResult, words: Words) -> str | None:
    """A short sign for a part without a value; None where it has one."""
    match result.state:
        case "scored" | "passed" | "failed":
            if result.value is not None and result.part.valued:
                return None
            return "H" if result.state == "failed" else "HYV"
        case "missing" | "closed":
            return "–"
        case "ungraded":
            return "?"
        case "withheld":
            return WITHHELD[words.language]
        case "excused":
            return "EX"
        case "recognised":
            return "AHOT"
        case _ as unknown:
            assert_never(unknown)


class CameTo(NamedTuple):
    """What a row shows beside who it is of: the same for all whose results are alike."""

    parts: tuple[str, ...]
    activity: str
    exact: str
    grade: str
    status: str
    remark: str


class Row(NamedTuple):
    """One student of a list."""

    student: str
    name: str
    group: str
    came_to: CameTo


def columns(book: Gradebook) -> tuple[Part, ...]:
    """The parts that lists for programs show one by one: those of the top level."""
    return book.policy.parts


def row(book: Gradebook, result: Result, words: Words) -> Row:
    """A student's row; numbers with the language's decimal sign."""
    student = result.student
    return Row(
        in_line(student.student),
        in_line(student.name),
        in_line(student.group or ""),
        came_to(book, result, words),
    )


def came_to(book: Gradebook, result: Result, words: Words) -> CameTo:
    """What a row shows beside who it is of."""
    parts = result.parts
    return CameTo(
        tuple([cell(part, words) for part in parts]),
        "" if not result.adjust else ("+" if result.adjust > 0 else "") + words.number(result.adjust),
        "" if result.exact is None else words.number(result.exact),
        "" if result.grade is None else book.policy.scale.label(result.grade),
        words.say(STATUS[result.status]),
        remark(book, result, words, parts),
    )


def cell(result: PartResult, words: Words) -> str:
    """A part in a list for programs: its value as a number, or a sign for why it has none."""
    sign = sign_of(result, words)
    if sign is not None or result.value is None:
        return sign or ""
    text = words.number(result.value)
    used = next((a.given.score for a in result.attempts if a.number == result.used), None)
    if result.part.only_points and used is not None:
        text = f"{words.number(used)}/{words.number(result.part.max or used)}"
    if not result.open:
        return text
    return f"{text} {WITHHELD[words.language] if result.withheld else '?'}"


def withheld(results: Sequence[PartResult]) -> Iterator[Part]:
    """The parts, at any depth, of which a score is not released."""
    for result in results:
        if result.withheld:
            yield result.part
        yield from withheld(result.children)


def remark(book: Gradebook, result: Result, words: Words, top: Sequence[PartResult] | None = None) -> str:
    """Why a student failed, what is still reachable, or by whom the grade was set.

    ``top`` are the parts of the result, from who has put them together.
    """
    scale = book.policy.scale
    parts: list[object] = []
    if result.override is not None:
        computed = "–" if result.computed is None else scale.label(result.computed)
        what = {"reason": result.override.reason, "computed": computed}
        parts.append(
            msg("set by {by}: {reason} (computed {computed})", by=result.override.by, **what)
            if result.override.by
            else msg("set by hand: {reason} (computed {computed})", **what)
        )
    if result.range is not None:
        parts.append(msg("open; reachable {grades}", grades=Terms([scale.label(g) for g in result.range])))
    top = result.parts if top is None else top
    first = min([reason.demand.grade for reason in result.reasons if reason.demand is not None], default=None)
    parts += [describe(r, book.policy) for r in result.reasons if r.demand is None or r.demand.grade == first]
    if result.raised:
        parts.append(msg("raised to the pass grade: every gate is passed"))
    parts += [
        msg("{part} {state}", part=part.part.name, state=state_in_words(part.state))
        for part in top
        if part.state in OUT
    ]
    parts += [msg("{part} withheld", part=part.name) for part in withheld(top)]
    return in_line("; ".join(words.say(part) for part in parts))


def summary(book: Gradebook, words: Words) -> str:
    """One line: how many of each, and the distribution."""
    counts = {status: book.count(status) for status in STATUS}
    return summed_up(len(book.results), counts, list(book.distribution().values()), book.policy, words)


def summed_up(students: int, counts: Mapping[str, int], spread: Sequence[int], policy: Policy, words: Words) -> str:
    """The same from numbers: of students by status, and by grade in the order of the scale."""
    said = [
        words.plural("{n} student", "{n} students", n=students),
        words("{n} passed", n=counts["graded"]),
        words("{n} failed", n=counts["failed"]),
        words("{n} incomplete", n=counts["incomplete"]),
    ]
    grades = zip(policy.scale.grades, spread, strict=True)
    return (
        ", ".join(said) + " | " + words("grades") + " " + ", ".join(f"{policy.scale.label(g)}: {n}" for g, n in grades)
    )
