"""The hours week by week, as bars of text, as Markdown and as JSON; and hours beside weights."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap
from typing import Any, NamedTuple

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.words import Words
from kurssi.planning.week_load import FULL_WEEK, OTHER, WeekLoad, Weekly, Weighed
from kurssi.values.numbers import exact, rounded

from .csv_and_markdown import escaped
from .hours import KIND_NAMES

SIGNS = {"contact_teaching": "█", "group_work": "▒", "independent_work": "░", OTHER: "▓"}
"""What each kind's part of a bar is drawn with, so that no colour is needed."""
MOST_BAR = 48


class Group(NamedTuple):
    """Implementations of the same student group, added up."""

    code: str
    files: tuple[tuple[ImplementationFile, Weekly], ...]
    curve: Weekly


def kind_name(kind: str, words: Words) -> str:
    """The kind of work in words."""
    return words.say(KIND_NAMES.get(kind, msg("other work")))


def week_name(week: WeekLoad, words: Words, *, year: bool) -> str:
    """The week by its number, with its year where there are several."""
    return words("wk {number}", number=_number(week, year))


def _number(week: WeekLoad, year: bool) -> str:
    return f"{week.week[1]}/{week.week[0]}" if year else str(week.week[1])


def lines(curve: Weekly, words: Words, width: int) -> list[str]:
    """A bar per week, in at most ``width`` columns; then what the signs mean, the peaks and the empty weeks."""
    years = len({week.week[0] for week in curve.weeks}) > 1
    names = [week_name(week, words, year=years) for week in curve.weeks]
    shown = [rounded(week.total) for week in curve.weeks]
    places = int(any(value.denominator > 1 for value in shown))
    hours = [f"{words.number(value, places=places)} h" for value in shown]
    first, second = max(map(len, names)), max(map(len, hours))
    room = min(max(width - first - second - 4, 8), MOST_BAR)
    most = max((week.total for week in curve.weeks), default=Fraction(0))
    out = []
    for index, (week, name, text) in enumerate(zip(curve.weeks, names, hours, strict=True)):
        if index and (week.monday - curve.weeks[index - 1].monday).days > 7:
            out.append("")
        drawn = bar(week, most, room, curve.kinds)
        if not week.total:
            drawn = words("no work") if week.teaching else words("no teaching")
        out.append(f"{name:<{first}}  {text:>{second}}  {drawn}".rstrip())
    out.append("")
    for kind in curve.kinds:
        total = sum((week.hours.get(kind, Fraction(0)) for week in curve.weeks), Fraction(0))
        out.append(f"{SIGNS[kind]}  {kind_name(kind, words)} {words.number(rounded(total, 2))} h")
    out.append(words("in all {hours} h", hours=rounded(curve.total, 2)))
    for sentence in remarks(curve, words, year=years):
        out += wrap(sentence, width)
    return out


def bar(week: WeekLoad, most: Fraction, room: int, kinds: Sequence[str]) -> str:
    """The week's bar: each kind ends where its running sum does, so that the whole is as long as the hours say."""
    drawn, so_far, out = 0, Fraction(0), ""
    for kind in kinds:
        so_far += week.hours.get(kind, Fraction(0))
        end = int(so_far * room / most + Fraction(1, 2))
        out += SIGNS[kind] * (end - drawn)
        drawn = end
    return out


def remarks(curve: Weekly, words: Words, *, year: bool) -> list[str]:
    """Peaks, weeks over a full week's hours, empty weeks, and where contact hours come from."""

    def named(weeks: Sequence[WeekLoad]) -> str:
        runs: list[list[WeekLoad]] = []
        for week in weeks:
            if runs and (week.monday - runs[-1][-1].monday).days == 7:
                runs[-1].append(week)
            else:
                runs.append([week])
        ends = [[run[0], run[-1]] if len(run) > 1 else run for run in runs]
        texts = ["–".join(_number(week, year) for week in run) for run in ends]
        return words("wk {number}", number=", ".join(texts))

    out = []
    if curve.peaks:
        most = rounded(curve.peaks[0].total)
        out.append(words("Peak: {weeks} ({hours} h).", weeks=named(curve.peaks), hours=most))
    over = [week for week in curve.weeks if week.total > FULL_WEEK]
    if over:
        out.append(words("More than a full week of {hours} h: {weeks}.", hours=FULL_WEEK, weeks=named(over)))
    if curve.empty:
        out.append(words("Without work: {weeks}.", weeks=named(curve.empty)))
    if not curve.contact_from_schedule:
        out.append(
            words(
                "Contact teaching is spread evenly: the sessions lack weeks or hours, or sum to something else than "
                "the workload."
            )
        )
    return out


SPREADS: dict[str, Msg] = {
    "even": msg("group and independent work even over the teaching weeks"),
    "deadlines": msg("group and independent work rising towards the deadlines"),
}


def as_text(
    file: ImplementationFile, curve: Weekly, spread: str, weighed: Sequence[Weighed], words: Words, width: int
) -> str:
    """The week curve of one implementation, and hours beside weights where the file says what hours are for."""
    title = f"{file.implementation.id}: {file.course.name}"
    out = [*wrap(title, width), "=" * min(len(title), width), *wrap(words.say(SPREADS[spread]), width), ""]
    out += lines(curve, words, width)
    if weighed:
        out += ["", *beside(weighed, words)]
    return "\n".join(out) + "\n"


def group_text(group: Group, spread: str | None, words: Words, width: int) -> str:
    """The implementations of a group, and their hours together."""
    title = words("{group}, all implementations together", group=group.code)
    out = [title, "=" * len(title)]
    if spread:
        out += wrap(words.say(SPREADS[spread]), width)
    out.append("")
    for file, curve in group.files:
        hours = words.number(rounded(curve.total, 2))
        out += wrap(f"{file.implementation.id}: {file.course.name}, {hours} h", width, subsequent_indent="  ")
    return "\n".join([*out, "", *lines(group.curve, words, width)]) + "\n"


def beside(weighed: Sequence[Weighed], words: Words) -> list[str]:
    """A line per assessed part: its weight, its hours, and their share."""
    rows = [("", words("weight"), words("hours"), words("of these hours")), *weight_rows(weighed, words)]
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    return [
        f"{name:<{widths[0]}}  {weight:>{widths[1]}}  {hours:>{widths[2]}}  {share:>{widths[3]}}".rstrip()
        for name, weight, hours, share in rows
    ]


def weight_rows(weighed: Sequence[Weighed], words: Words) -> list[tuple[str, str, str, str]]:
    """Each assessed part as texts: its name, its weight, its hours, and their share of the hours for any part."""
    total = sum((row.hours for row in weighed), Fraction(0))
    out = []
    for row in weighed:
        share = rounded(100 * row.hours / total) if total else Fraction(0)
        weight = f"{words.number(row.weight)} %" if row.weight is not None else "–"
        hours = words.number(rounded(row.hours, 2)) + " h"
        out.append((row.part.name or row.part.id, weight, hours, f"{words.number(share)} %"))
    return out


def beside_markdown(weighed: Sequence[Weighed], words: Words) -> list[str]:
    """The same as a table."""
    head = ["", words("weight"), words("hours"), words("of these hours")]
    rows = [f"| {' | '.join(map(escaped, row))} |" for row in [tuple(head), *weight_rows(weighed, words)]]
    return [rows[0], "|---|--:|--:|--:|", *rows[1:]]


def markdown(curve: Weekly, words: Words) -> list[str]:
    """A table with a row per week and a column per kind."""
    years = len({week.week[0] for week in curve.weeks}) > 1
    kinds = curve.kinds
    head = [words("week"), *(kind_name(kind, words) for kind in kinds), words("in all (h)")]
    out = [f"| {' | '.join(map(escaped, head))} |", "|---|" + "--:|" * (len(kinds) + 1)]
    for week in curve.weeks:
        cells = [words.number(rounded(week.hours.get(kind, Fraction(0)))) for kind in kinds]
        name = week_name(week, words, year=years)
        out.append(f"| {name} | {' | '.join([*cells, words.number(rounded(week.total))])} |")
    sums = [sum((week.hours.get(kind, Fraction(0)) for week in curve.weeks), Fraction(0)) for kind in kinds]
    cells = [words.number(rounded(value, 2)) for value in [*sums, curve.total]]
    out += ["| " + " | ".join([words("in all"), *cells]) + " |", ""]
    return [*out, *remarks(curve, words, year=years)]


def as_markdown(file: ImplementationFile, curve: Weekly, spread: str, weighed: Sequence[Weighed], words: Words) -> str:
    """The week curve of one implementation as a table."""
    out = [f"# {escaped(file.course.name)} ({escaped(file.implementation.id)})", "", words.say(SPREADS[spread]), ""]
    out += markdown(curve, words)
    if weighed:
        out += ["", *beside_markdown(weighed, words)]
    return "\n".join(out) + "\n"


def group_markdown(group: Group, words: Words) -> str:
    """The hours of a group together, as a table."""
    out = [f"# {escaped(words('{group}, all implementations together', group=group.code))}", ""]
    for file, curve in group.files:
        hours = words.number(rounded(curve.total, 2))
        out.append(f"- {escaped(file.implementation.id)}: {escaped(file.course.name)}, {hours} h")
    return "\n".join([*out, "", *markdown(group.curve, words)]) + "\n"


def as_json(curve: Weekly) -> dict[str, Any]:
    """Hours as strings, so that nothing is lost; weeks by ISO name (2024-W03)."""

    def name(week: WeekLoad) -> str:
        return f"{week.week[0]}-W{week.week[1]:02}"

    return {
        "weeks": [
            {
                "week": name(week),
                "monday": week.monday.isoformat(),
                "teaching": week.teaching,
                "hours": {kind: exact(hours) for kind, hours in week.hours.items()},
                "total": exact(week.total),
            }
            for week in curve.weeks
        ],
        "sum": exact(curve.total),
        "peaks": [name(week) for week in curve.peaks],
        "empty": [name(week) for week in curve.empty],
        "contact_from_schedule": curve.contact_from_schedule,
    }


def weights_json(weighed: Sequence[Weighed]) -> list[dict[str, Any]]:
    """Assessed parts with their weights and the hours that are for them."""
    return [
        {"part": w.part.id, "weight": None if w.weight is None else exact(w.weight), "hours": exact(w.hours)}
        for w in weighed
    ]


def group_json(group: Group) -> dict[str, Any]:
    """The hours of a group together."""
    files = [{"implementation": file.implementation.id, "sum": exact(curve.total)} for file, curve in group.files]
    return {"group": group.code, "implementations": files, **as_json(group.curve)}
