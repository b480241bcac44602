"""Course feedback as text, Markdown and JSON. What is shown of a question is laid out once, in :func:`sections`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap
from typing import Any, NamedTuple

from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.words import Words
from kurssi.surveys.figures import (
    LEAST,
    UNREAD,
    Choice,
    Effort,
    Figures,
    Interval,
    Kind,
    Nps,
    Numbers,
    Open,
    Question,
    Scale,
    Silent,
    Survey,
    Why,
    figures,
    percent,
)
from kurssi.values.classlist import Input
from kurssi.values.numbers import exact, rounded
from kurssi.values.vocabulary import fold

from .csv_and_markdown import escaped

EFFORT_STEPS = (
    msg("much less than expected"),
    msg("a little less than expected"),
    msg("as expected"),
    msg("a little more than expected"),
    msg("much more than expected"),
)
KINDS: dict[Kind, Msg] = {
    "nps": msg("NPS, 0–10"),
    "ces": msg("CES, five steps, lower is better"),
    "scale": msg("statement"),
    "choice": msg("choice"),
    "number": msg("number"),
    "open": msg("open answers"),
    "identity": msg("left out: looks like a person's identity"),
    "technical": msg("left out: a time or a running number"),
    "empty": msg("left out: no answers"),
    "left-out": msg("left out"),
}
WHY: dict[Why, Msg] = {
    "said": msg("as --column says"),
    "header": msg("by its header"),
    "values": msg("by its answers"),
    "header-and-values": msg("by its header and answers"),
    "labels": msg("the answers name their steps"),
    "assumed": msg("assumed from its answers; say another scale with --column"),
}


class Bar(NamedTuple):
    """A row of a chart: what it is, how many, and its share in per cent."""

    label: str
    number: int
    share: Fraction
    tone: str = ""
    """``good``, ``middle`` or ``bad`` where the question itself says so."""


class Section(NamedTuple):
    """What is shown of one question."""

    title: str
    figure: str
    """The one figure that counts; empty where there is none."""
    facts: list[str]
    bars: list[Bar]
    answers: list[str]


def sections(survey: Survey, words: Words) -> list[Section]:
    """Every question that was read, in the order of the sheet."""
    return [_section(q, figures(q), words) for q in survey.questions if q.kind not in UNREAD]


def _section(question: Question, found: Figures, words: Words) -> Section:
    title, n = question.header, words.plural("{n} answer", "{n} answers", n=found.n)
    if isinstance(found, Silent):
        quiet = words("nothing is shown of fewer than {n} answers", n=LEAST)
        if found.wrong:
            quiet = words("an answer is off the scale, so there is no figure")
        return Section(title, "", [n, quiet], [], [])
    facts = [n]
    if question.unsure:
        facts.append(words("{n} cannot say", n=question.unsure))
    if isinstance(found, Open):
        return Section(title, "", facts, [], [" ".join(a.split()) for a in found.answers])
    if isinstance(found, Numbers):
        median = words("median {value}", value=rounded(found.median, 2))
        return Section(title, words("mean {value}", value=rounded(found.mean, 2)), [*facts, median], [], [])
    if isinstance(found, Nps):
        facts.append(words("95 % confidence interval {interval}", interval=_interval(found.interval, words)))
        groups = [
            (words("promoters (9–10)"), found.promoters, "good"),
            (words("passives (7–8)"), found.passives, "middle"),
            (words("detractors (0–6)"), found.detractors, "bad"),
        ]
        bars = [Bar(name, count, percent(count, found.n), tone) for name, count, tone in groups]
        return Section(title, f"NPS {words.number(rounded(found.score))}", facts, bars, [])
    if isinstance(found, Effort):
        for sentence, count, interval in (
            (msg("less effort than expected: {share} % (95 % confidence interval {interval} %)"), *_less(found)),
            (msg("more effort than expected: {share} % (95 % confidence interval {interval} %)"), *_more(found)),
        ):
            share = {"share": percent(count, found.n), "interval": _interval(interval, words)}
            facts.append(words.say(sentence._replace(args=share)))
        tones = ("good", "good", "middle", "bad", "bad")
        bars = [
            Bar(f"{step} {words.say(EFFORT_STEPS[step - 1])}", count, percent(count, found.n), tones[step - 1])
            for step, count in found.counts
        ]
        figure = words("CES {value} (1–5, lower is better)", value=rounded(found.mean, 2))
        return Section(title, figure, facts, bars, [])
    if isinstance(found, Scale):
        facts.append(words("scale {low}–{high}", low=found.counts[0][0], high=found.counts[-1][0]))
        bars = [
            Bar(f"{step} {question.labels.get(step, '')}".rstrip(), count, percent(count, found.n))
            for step, count in found.counts
        ]
        return Section(title, words("mean {value}", value=rounded(found.mean, 2)), facts, bars, [])
    if found.several:
        facts.append(words("one could choose several"))
    return Section(title, "", facts, [Bar(text, count, percent(count, found.n)) for text, count in found.counts], [])


def _less(found: Effort) -> tuple[int, Interval]:
    return found.less, found.less_interval


def _more(found: Effort) -> tuple[int, Interval]:
    return found.more, found.more_interval


def _interval(interval: Interval, words: Words) -> str:
    return f"{words.number(interval.low)} – {words.number(interval.high)}"


METHODS = (
    msg("NPS: % of 9–10 less % of 0–6; its interval is the adjusted Wald of Rocks (2016)."),
    msg("CES: the mean of five steps of effort against expectation; intervals of its shares are Wilson's (1927)."),
)


def methods(survey: Survey, words: Words) -> list[str]:
    """What the figures mean and which method an interval has, for the figures that are there."""
    kinds = {q.kind for q in survey.questions if q.kind in ("nps", "ces") and not isinstance(figures(q), Silent)}
    return [words.say(text) for kind, text in zip(("nps", "ces"), METHODS, strict=True) if kind in kinds]


def columns(survey: Survey, words: Words) -> list[tuple[str, str, str]]:
    """How each column was read: letter, header, and the kind with its reason."""
    out = []
    for q in survey.questions:
        kind = words.say(KINDS[q.kind])
        if q.kind == "scale" and q.scale:
            kind = words("statement, {low}–{high}", low=q.scale[0], high=q.scale[1])
        if q.ranks:
            kind = words("statement in words")
        why = words.say(WHY[q.why]) if q.kind not in ("empty", "left-out") else ""
        out.append((q.letter, q.header, f"{kind} ({why})" if why else kind))
    return out


def title(survey: Survey) -> str:
    """The sheet by its name."""
    return survey.file if survey.sheet is None else f"{survey.file}: {survey.sheet}"


def responses(survey: Survey, invited: int | None, words: Words) -> str:
    """How many answered, and of how many where that is known."""
    if not invited:
        return words.plural("{n} response", "{n} responses", n=survey.responses)
    share = percent(survey.responses, invited)
    return words("{n} of {invited} answered: response rate {share} %", n=survey.responses, invited=invited, share=share)


def as_text(survey: Survey, invited: int | None, words: Words, width: int = 80) -> str:
    """A block per question with bars of text that need no colour, and how each column was read."""
    head = title(survey)
    lines = [head, "=" * min(len(head), width), responses(survey, invited, words), ""]
    for section in sections(survey, words):
        lines += wrap(section.title, width)
        facts = "; ".join(([section.figure] if section.figure else []) + section.facts)
        lines += [f"  {line}" for line in wrap(facts, width - 2)]
        lines += bars(section.bars, width, words)
        for answer in section.answers:
            first, *more = wrap(answer, width - 4) or [""]
            lines += [f"  - {first}", *(f"    {line}" for line in more)]
        lines.append("")
    for line in methods(survey, words):
        lines += wrap(line, width)
    lines += ["", words("How the columns were read:")]
    for letter, header, how in columns(survey, words):
        name = header if len(header) <= 40 else header[:39] + "…"
        lines += wrap(f"{letter}  {name}: {how}", width, initial_indent="  ", subsequent_indent="     ")
    return "\n".join(lines) + "\n"


def bars(rows: Sequence[Bar], width: int, words: Words) -> list[str]:
    """Bars of blocks with how many and the share in per cent, in at most ``width`` columns."""
    if not rows:
        return []
    labels = min(max(len(row.label) for row in rows), max(width - 40, 16))
    counts = max(len(str(row.number)) for row in rows)
    shares = [f"{words.number(row.share)} %" for row in rows]
    room = max(width - labels - counts - max(map(len, shares)) - 8, 8)
    out = []
    for row, share in zip(rows, shares, strict=True):
        label, *more = wrap(row.label, labels) or [""]
        bar = blocks(row.share / 100, min(room, 40))
        out.append(
            f"  {label:<{labels}}  {row.number:>{counts}}  {share:>{max(map(len, shares))}}  {bar}".rstrip()
        )  # fmt: skip
        out += [f"  {line}" for line in more]
    return out


def blocks(share: Fraction, width: int) -> str:
    """A bar of a share of ``width``, to the eighth of a column; something that is more than 0 is never nothing."""
    eighths = int(share * width * 8 + Fraction(1, 2))
    eighths = max(eighths, 1) if share > 0 else 0
    return "█" * (eighths // 8) + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[eighths % 8]


def as_markdown(survey: Survey, invited: int | None, words: Words) -> str:
    """A heading per question, with a table of its answers."""
    lines = [f"# {escaped(words('Course feedback'))}: {escaped(title(survey))}", ""]
    lines += [responses(survey, invited, words), ""]
    for section in sections(survey, words):
        lines += [f"## {escaped(section.title)}", ""]
        facts = "; ".join(section.facts)
        lines += [f"**{section.figure}**; {facts}" if section.figure else facts, ""]
        if section.bars:
            lines += [f"| {words('answer')} | {words('how many')} | % |", "|---|--:|--:|"]
            lines += [f"| {escaped(b.label)} | {b.number} | {words.number(b.share)} |" for b in section.bars] + [""]
        if section.answers:
            lines += [*(f"- {escaped(answer)}" for answer in section.answers), ""]
    if notes := methods(survey, words):
        lines += [*(escaped(note) for note in notes), ""]
    lines += [f"## {words('How the columns were read:').rstrip(':')}", ""]
    lines += [f"- {letter} {escaped(header)}: {escaped(how)}" for letter, header, how in columns(survey, words)]
    return "\n".join(lines) + "\n"


def side_by_side(surveys: Sequence[Survey], words: Words) -> list[tuple[str, list[str]]]:
    """Questions with a figure in at least two of several surveys, by the same header: the figure of each."""
    rows: dict[str, tuple[str, list[str]]] = {}
    for index, survey in enumerate(surveys):
        for section in sections(survey, words):
            row = rows.setdefault(fold(section.title), (section.title, ["–"] * len(surveys)))
            if section.figure and row[1][index] == "–":
                row[1][index] = section.figure
    return [row for row in rows.values() if sum(figure != "–" for figure in row[1]) >= 2]


def side_by_side_text(surveys: Sequence[Survey], words: Words, width: int) -> str:
    """The same, a question per block and a line per survey."""
    rows = side_by_side(surveys, words)
    if not rows:
        return ""
    names = [title(survey) for survey in surveys]
    longest = min(max(map(len, names)), max(width - 40, 12))
    names = [name if len(name) <= longest else "…" + name[1 - longest :] for name in names]
    lines = [words("Side by side"), ""]
    for question, found in rows:
        lines += wrap(question, width)
        lines += [f"  {name:<{longest}}  {figure}" for name, figure in zip(names, found, strict=True)]
        lines.append("")
    return "\n".join(lines)


def side_by_side_markdown(surveys: Sequence[Survey], words: Words) -> str:
    """The same as a table."""
    rows = side_by_side(surveys, words)
    if not rows:
        return ""
    names = [escaped(title(survey)) for survey in surveys]
    lines = [f"# {words('Side by side')}", "", f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    lines += [f"| {escaped(question)} | {' | '.join(map(escaped, found))} |" for question, found in rows]
    return "\n".join(lines) + "\n"


def as_json(survey: Survey, invited: int | None) -> dict[str, Any]:
    """Numbers as strings, so that nothing is lost; intervals in per cent. A silent question has ``figures: null``."""
    rate = None if not invited else exact(Fraction(survey.responses, invited))
    return {
        "file": survey.file,
        "sheet": survey.sheet,
        "responses": survey.responses,
        "invited": invited,
        "response_rate": rate,
        "questions": [_question_json(q) for q in survey.questions],
    }


def _question_json(question: Question) -> dict[str, Any]:
    out: dict[str, Any] = {
        "column": question.letter,
        "header": question.header,
        "kind": question.kind,
        "recognised_by": question.why,
    }
    if question.kind in UNREAD:
        return out
    found = figures(question)
    scale = None if question.scale is None else list(question.scale)
    return {**out, "scale": scale, "n": found.n, "cannot_say": question.unsure, "figures": _figures_json(found)}


def _figures_json(found: Figures) -> dict[str, Any] | None:
    if isinstance(found, Silent):
        return None
    if isinstance(found, Open):
        return {"answers": list(found.answers)}
    if isinstance(found, Numbers):
        return {"mean": exact(found.mean), "median": exact(found.median)}
    counts = {str(step): count for step, count in found.counts}
    if isinstance(found, Choice):
        return {"counts": counts}
    if isinstance(found, Scale):
        return {"counts": counts, "mean": exact(found.mean)}
    if isinstance(found, Effort):
        return {
            "counts": counts,
            "mean": exact(found.mean),
            "less": _share_json(found.less, found.n, found.less_interval),
            "as_expected": {"count": found.as_expected, "share": exact(Fraction(found.as_expected, found.n))},
            "more": _share_json(found.more, found.n, found.more_interval),
        }
    groups = {"promoters": found.promoters, "passives": found.passives, "detractors": found.detractors}
    return {
        "counts": counts,
        **{name: {"count": count, "share": exact(Fraction(count, found.n))} for name, count in groups.items()},
        "nps": exact(found.score),
        "interval": {"method": "adjusted Wald (Rocks 2016)", **_bounds(found.interval)},
    }


def _share_json(count: int, n: int, interval: Interval) -> dict[str, Any]:
    bounds = {"method": "Wilson (1927)", **_bounds(interval)}
    return {"count": count, "share": exact(Fraction(count, n)), "interval": bounds}


def _bounds(interval: Interval) -> dict[str, str]:
    return {"confidence": "95 %", "low": exact(interval.low), "high": exact(interval.high)}


def inputs_json(inputs: Sequence[Input]) -> list[dict[str, str]]:
    """The sheets and their hashes."""
    return [{"path": i.path, "sha256": i.sha256} for i in inputs]
