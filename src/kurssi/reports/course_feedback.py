"""Course feedback as text, Markdown and JSON. What is shown of a question is laid out once, in :func:`sections`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap
from typing import Any, NamedTuple

from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.words import Words
from kurssi.surveys.figures import (
    UNREAD,
    Choice,
    Ease,
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

from .csv_and_markdown import escaped

EFFORT_STEPS = (
    msg("much less than expected"),
    msg("a little less than expected"),
    msg("as expected"),
    msg("a little more than expected"),
    msg("much more than expected"),
)
LOAD_STEPS = (msg("least effort"), msg("most effort"))
"""Names of the ends where effort is asked as such."""
EASE_STEPS = (msg("strongly disagree"), msg("strongly agree"))
"""Names of the ends of agreement."""
KINDS: dict[Kind, Msg] = {
    "nps": msg("NPS, 0–10"),
    "ces": msg("CES asked as effort, lower is better"),
    "ces-ease": msg("CES asked as ease, higher is better"),
    "unclear": msg("left out: CES, but the question does not say in which wording"),
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
    "not-said": msg("its scale is not said; say it with --scale or --column"),
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
    counted: str = ""
    """What the bars count, where that is not answers of a question."""


def sections(survey: Survey, words: Words) -> list[Section]:
    """Every question that was read, in the order of the sheet."""
    return [_section(q, figures(q, survey.least), survey, words) for q in survey.questions if q.kind not in UNREAD]


def _section(question: Question, found: Figures, survey: Survey, words: Words) -> Section:
    title, n = question.header, words.plural("{n} answer", "{n} answers", n=found.n)
    if isinstance(found, Silent):
        quiet = words("nothing is shown of fewer than {n} answers", n=survey.least)
        if found.wrong:
            quiet = words("an answer is off the scale, so there is no figure")
        return Section(title, "", [n, quiet], [], [])
    facts = [n]
    if question.unsure:
        facts.append(words("{n} cannot say", n=question.unsure))
    if isinstance(found, Open):
        return _open(title, found, facts, survey, words)
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
    if isinstance(found, Effort | Ease):
        return _effort(question, found, facts, words)
    if isinstance(found, Scale):
        facts.append(
            words("scale {low}–{high}", low=found.counts[0][0], high=found.counts[-1][0])
            if question.scale
            else words("the scale is not said")
        )
        bars = [
            Bar(f"{step} {question.labels.get(step, '')}".rstrip(), count, percent(count, found.n))
            for step, count in found.counts
        ]
        return Section(title, words("mean {value}", value=rounded(found.mean, 2)), facts, bars, [])
    if found.several:
        facts.append(words("one could choose several"))
    return Section(title, "", facts, [Bar(text, count, percent(count, found.n)) for text, count in found.counts], [])


def _open(title: str, found: Open, facts: list[str], survey: Survey, words: Words) -> Section:
    rows = [Bar(group.text, group.answers, percent(group.answers, found.n)) for group in found.shared]
    if not rows:
        facts.append(words("no word is in {n} answers", n=survey.least))
    answers = [] if survey.words_only else [" ".join(answer.split()) for answer in found.answers]
    return Section(title, "", facts, rows, answers, words("words in at least {n} answers", n=survey.least))


def _effort(question: Question, found: Effort | Ease, facts: list[str], words: Words) -> Section:
    """A section of CES: its mean with the direction of its wording, and shares with their intervals."""
    low, high = found.counts[0][0], found.counts[-1][0]
    scale = {"value": rounded(found.mean, 2), "low": low, "high": high}
    if isinstance(found, Ease):
        figure = words("CES {value} ({low}–{high}, higher is better)", **scale)
        shares = [(_EASY, found.easy, found.easy_interval)]
        names = {low: EASE_STEPS[0], high: EASE_STEPS[1]}
    else:
        figure = words("CES {value} ({low}–{high}, lower is better)", **scale)
        less, more = _EXPECTED if found.expected else _AS_SUCH
        shares = [(less, found.less, found.less_interval), (more, found.more, found.more_interval)]
        steps = EFFORT_STEPS if found.expected and (low, high) == (1, 5) else LOAD_STEPS
        names = dict(enumerate(steps, low)) if len(steps) > 2 else {low: steps[0], high: steps[1]}
    for sentence, count, interval in shares:
        share = {"share": percent(count, found.n), "interval": _interval(interval, words)}
        facts.append(words.say(sentence._replace(args=share)))
    said = {step: words.say(name) for step, name in names.items()}
    said = {**question.labels, **said} if question.expected else {**said, **question.labels}
    rows = [
        Bar(
            f"{step} {said.get(step, '')}".rstrip(),
            count,
            percent(count, found.n),
            _tone(step, low, high, isinstance(found, Ease)),
        )
        for step, count in found.counts
    ]
    return Section(question.header, figure, facts, rows, [])


def _tone(step: int, low: int, high: int, higher_is_better: bool) -> str:
    side = (2 * step - low - high) * (1 if higher_is_better else -1)
    return "good" if side > 0 else "bad" if side < 0 else "middle"


_EXPECTED = (
    msg("less effort than expected: {share} % (95 % confidence interval {interval} %)"),
    msg("more effort than expected: {share} % (95 % confidence interval {interval} %)"),
)
_EASY = msg("it was easy: {share} % (95 % confidence interval {interval} %)")
_AS_SUCH = (
    msg("little effort: {share} % (95 % confidence interval {interval} %)"),
    msg("much effort: {share} % (95 % confidence interval {interval} %)"),
)


def _interval(interval: Interval, words: Words) -> str:
    return f"{words.number(interval.low)} – {words.number(interval.high)}"


METHODS: dict[Kind, Msg] = {
    "nps": msg("NPS: % of 9–10 less % of 0–6; its interval is the adjusted Wald of Rocks (2016)."),
    "ces": msg(
        "CES asked as effort (Dixon, Freeman and Toman 2010): the mean of the steps; intervals of its shares are "
        "Wilson's (1927)."
    ),
    "ces-ease": msg(
        "CES asked as ease (Dixon, Toman and DeLisi 2013) counts the other way and is not comparable with effort; the "
        "interval of its share is Wilson's (1927)."
    ),
    "open": msg("Words of open answers: as written, each once per answer, without names and words that only join."),
}


def methods(survey: Survey, words: Words) -> list[str]:
    """What the figures mean and which method an interval has, for the figures that are there."""
    found = [(q.kind, figures(q, survey.least)) for q in survey.questions if q.kind in METHODS]
    kinds = {
        kind
        for kind, figure in found
        if not isinstance(figure, Silent) and not (isinstance(figure, Open) and not figure.shared)
    }
    return [words.say(text) for kind, text in METHODS.items() if kind in kinds]


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
        if section.bars and section.counted:
            lines += [f"  {line}" for line in wrap(f"{section.counted}:", width - 2)]
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
            lines += [f"| {section.counted or words('answer')} | {words('how many')} | % |", "|---|--:|--:|"]
            lines += [f"| {escaped(b.label)} | {b.number} | {words.number(b.share)} |" for b in section.bars] + [""]
        if section.answers:
            lines += [*(f"- {escaped(answer)}" for answer in section.answers), ""]
    if notes := methods(survey, words):
        lines += [*(escaped(note) for note in notes), ""]
    lines += [f"## {words('How the columns were read:').rstrip(':')}", ""]
    lines += [f"- {letter} {escaped(header)}: {escaped(how)}" for letter, header, how in columns(survey, words)]
    return "\n".join(lines) + "\n"


def as_json(survey: Survey, invited: int | None) -> dict[str, Any]:
    """Numbers as strings, so that nothing is lost; intervals in per cent. A silent question has ``figures: null``."""
    rate = None if not invited else exact(Fraction(survey.responses, invited))
    return {
        "file": survey.file,
        "sheet": survey.sheet,
        "responses": survey.responses,
        "least": survey.least,
        "invited": invited,
        "response_rate": rate,
        "questions": [_question_json(q, survey) for q in survey.questions],
    }


def _question_json(question: Question, survey: Survey) -> dict[str, Any]:
    out: dict[str, Any] = {
        "column": question.letter,
        "header": question.header,
        "kind": question.kind,
        "recognised_by": question.why,
    }
    if question.kind in UNREAD:
        return out
    found = figures(question, survey.least)
    scale = None if question.scale is None else list(question.scale)
    return {**out, "scale": scale, "n": found.n, "cannot_say": question.unsure, "figures": _figures_json(found, survey)}


def _figures_json(found: Figures, survey: Survey) -> dict[str, Any] | None:
    if isinstance(found, Silent):
        return None
    if isinstance(found, Open):
        shared = [{"words": group.text, "answers": group.answers} for group in found.shared]
        return {"words": shared, "answers": None if survey.words_only else list(found.answers)}
    if isinstance(found, Numbers):
        return {"mean": exact(found.mean), "median": exact(found.median)}
    counts = {str(step): count for step, count in found.counts}
    if isinstance(found, Choice):
        return {"counts": counts}
    if isinstance(found, Scale):
        return {"counts": counts, "mean": exact(found.mean)}
    if isinstance(found, Ease):
        return {
            "counts": counts,
            "mean": exact(found.mean),
            "easy": _share_json(found.easy, found.n, found.easy_interval),
            "neither": {"count": found.neither, "share": exact(Fraction(found.neither, found.n))},
            "hard": {"count": found.hard, "share": exact(Fraction(found.hard, found.n))},
        }
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
