"""``kurssi workload``: hours, added up; by week, by group, and beside an estimate."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from kurssi.cli import session
from kurssi.cli.options import Force, Implementations, Output, Strict, tr
from kurssi.cli.outputs import refuse_others, suffix, write_one
from kurssi.cli.session import EXIT_FINDINGS
from kurssi.course.check import Checked, check
from kurssi.course.model import ImplementationFile
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.finding import Finding, limited
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.renderers.json_finding import as_json as finding_as_json
from kurssi.diagnostics.renderers.text import as_text as findings_as_text
from kurssi.diagnostics.visible import json_text
from kurssi.planning.workload import Load, load_of
from kurssi.reports.hours import as_json, as_markdown, as_text

if TYPE_CHECKING:  # what only an option needs is imported when it is given
    from kurssi.diagnostics.message import Msg
    from kurssi.planning.estimates import Estimate
    from kurssi.planning.week_load import Spread as Rule
    from kurssi.reports.weeks import Group

HELP = msg(
    "Add up the hours and hold them against the total, the credits and the schedule. --by-week shows where they fall, "
    "--group adds up all implementations of a student group, --estimate says what the reading, writing, watching and "
    "exams of the plan take by published rates."
)
WRITES = (".md", ".json")


class Format(StrEnum):
    """How the hours are printed."""

    text = "text"
    json = "json"
    md = "md"


class Spread(StrEnum):
    """How group and independent work falls on the weeks."""

    even = "even"
    deadlines = "deadlines"


class RatesOf(StrEnum):
    """The tables of rates."""

    helsinki = "helsinki"
    wfu = "wfu"
    opintokeskukset = "opintokeskukset"
    all = "all"


class Asked(NamedTuple):
    """What the options ask for."""

    by_week: bool
    estimate: bool
    spread: Spread | None
    rates: RatesOf | None
    group: str | None


class Counted(NamedTuple):
    """A file with hours."""

    name: str
    file: ImplementationFile
    load: Load


def command(
    path: Implementations = None,
    format_: Annotated[Format, typer.Option("--format", help=tr("How the hours are printed."))] = Format.text,
    by_week: Annotated[bool, typer.Option("--by-week", help=tr("Show the hours of each week."))] = False,
    spread: Annotated[
        Spread | None,
        typer.Option(
            "--spread",
            help=tr("How group and independent work falls on the weeks; default: as the file says, else even."),
            show_default=False,
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            help=tr("Add up the weeks of all implementations of this student group, such as PMMWES22."),
            metavar="CODE",
            show_default=False,
        ),
    ] = None,
    estimate: Annotated[
        bool, typer.Option("--estimate", help=tr("Show what the activities of the plan take by published rates."))
    ] = False,
    rates: Annotated[
        RatesOf | None,
        typer.Option(
            "--rates",
            help=tr("The table of rates for --estimate; default: as the file says, else helsinki."),
            show_default=False,
        ),
    ] = None,
    output: Output = None,
    force: Force = False,
    strict: Strict = False,
) -> int:
    """Prints a table per file; fails where the hours do not add up and nobody accepted it."""
    here = session.current
    asked = Asked(by_week or spread is not None, estimate or rates is not None, spread, rates, group)
    refuse_others("workload", output, WRITES)
    names, counted, findings, sources, twice = _count(path, group)
    texts = {kind: _shown(counted, names, findings, asked, sources, kind) for kind in _kinds(format_, output or [])}
    here.out_as(format_.value, texts[format_.value])
    code = max(here.exit_code(findings, strict), EXIT_FINDINGS if twice else 0)
    for target in output or []:
        code = max(code, write_one(target, texts[suffix(target)[1:]].encode("utf-8", "backslashreplace"), force))
    return code


def _count(
    path: Implementations, group: str | None
) -> tuple[list[str], list[Counted], list[Finding], dict[str, list[str]], bool]:
    """The files that can be read, the hours of those that have some, what is wrong with them, and their lines.

    Last, whether a file of the group was left out because its id had been counted.
    """
    here = session.current
    ids: dict[str, str] = {}
    twice = False
    names: list[str] = []
    counted: list[Counted] = []
    findings: list[Finding] = []
    sources: dict[str, list[str]] = {}
    for name in here.implementation_paths(here.named(path)):
        raw = here.read(name, MAX_BYTES)
        if raw is None:
            continue
        name = "<stdin>" if name == "-" else name
        checked = check(raw, name)
        if group is not None and checked.file is not None:
            other = ids.setdefault(checked.file.implementation.id.casefold(), name)
            if not _of_group(checked.file, group):
                continue
            if other is not name:
                twice = True
                here.note(msg("{file} is left out: its id is also the id of {other}", file=name, other=other))
                continue
        names.append(name)
        sources[name] = checked.document.lines
        findings += limited(_about_hours(checked))
        load = load_of(checked.file) if checked.file else None
        if load is not None and checked.file is not None:
            counted.append(Counted(name, checked.file, load))
        elif checked.file is not None:
            here.note(msg("{file} has no workload", file=name))
    if group is not None and not counted:
        here.note(msg("no implementation is for the group {group}", group=group))
    return names, counted, findings, sources, twice


def _kinds(format_: Format, output: Sequence[str]) -> set[str]:
    return {format_.value, *(suffix(path)[1:] for path in output)}


def _of_group(file: ImplementationFile, code: str) -> bool:
    return any(group.code.casefold() == code.casefold() for group in file.implementation.groups)


def _about_hours(checked: Checked) -> list[Finding]:
    """What stands against the hours; of a file that cannot be read, everything."""
    if checked.file is None:
        return list(checked.findings)
    return [f for f in checked.findings if f.path[:1] == ("workload",)]


def _shown(
    counted: Sequence[Counted],
    names: Sequence[str],
    findings: Sequence[Finding],
    asked: Asked,
    sources: dict[str, list[str]],
    kind: str,
) -> str:
    here = session.current
    if kind == "json":
        document: dict[str, Any] = {
            "kurssi": 1,
            "command": "workload",
            "files": list(names),
            "workloads": [_json(item, asked) for item in counted],
        }
        if asked.group is not None:
            document["group"] = _group_json(counted, asked)
        document["findings"] = [finding_as_json(f, here.words) for f in findings]
        return json_text(document)
    blocks = [] if asked.group is None else _group_blocks(counted, asked, kind)
    by_name = {item.name: item for item in counted}
    for name in names:
        if name in by_name:
            blocks += _file_blocks(by_name[name], asked, kind)
        if kind == "text":
            about = [f for f in findings if f.place.file == name]
            blocks.append(findings_as_text(about, sources, here.words, here.paint(sys.stdout)))
    return "\n".join(block for block in blocks if block)


def _file_blocks(item: Counted, asked: Asked, kind: str) -> list[str]:
    """What is shown of one file; in a group its hours stand in the group's weeks already."""
    blocks: list[str] = []
    if asked.by_week and asked.group is None:
        blocks += _week_blocks(item, asked, kind)
    if asked.estimate:
        blocks += _estimate_blocks(item, asked, kind)
    if not asked.by_week and not asked.estimate and asked.group is None:
        blocks += _plain_blocks(item, kind)
    return blocks


def _plain_blocks(item: Counted, kind: str) -> list[str]:
    """The sums, and hours beside weights where the file says what hours are for."""
    from kurssi.planning.week_load import beside_weights
    from kurssi.reports.weeks import beside, beside_markdown

    words, weighed = session.current.words, beside_weights(item.file)
    blocks = [(as_markdown if kind == "md" else as_text)(item.file, item.load, words)]
    if weighed:
        lines = (beside_markdown if kind == "md" else beside)(weighed, words)
        blocks.append("\n".join(lines) + "\n")
    return blocks


def _width() -> int:
    return min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 80


# ---- by week -------------------------------------------------------------------------------------------------


def _week_blocks(item: Counted, asked: Asked, kind: str) -> list[str]:
    from kurssi.planning.week_load import beside_weights, hours_by_week
    from kurssi.reports import weeks

    words = session.current.words
    spread = _spread(item.file, asked)
    curve = hours_by_week(item.file, spread)
    if curve is None:
        session.current.note(_no_weeks(item.name))
        return []
    weighed = beside_weights(item.file)
    if kind == "md":
        return [weeks.as_markdown(item.file, curve, spread, weighed, words)]
    return [weeks.as_text(item.file, curve, spread, weighed, words, _width())]


def _no_weeks(name: str) -> Msg:
    return msg(
        "{file} has no weeks to put hours into: write implementation.timing and schedule.weeks, and workload.parts",
        file=name,
    )


def _spread(file: ImplementationFile, asked: Asked) -> Rule:
    """What ``--spread`` says, else the file."""
    if asked.spread is not None:
        return "even" if asked.spread is Spread.even else "deadlines"
    return file.workload.spread if file.workload else "even"


def _group(counted: Sequence[Counted], asked: Asked) -> Group | None:
    from kurssi.planning.week_load import add_up, hours_by_week
    from kurssi.reports.weeks import Group

    curves = []
    for item in counted:
        curve = hours_by_week(item.file, _spread(item.file, asked))
        if curve is None:
            session.current.note(_no_weeks(item.name))
        else:
            curves.append((item.file, curve))
    if not curves:
        return None
    wanted = (asked.group or "").casefold()
    code = next(g.code for g in curves[0][0].implementation.groups if g.code.casefold() == wanted)
    return Group(code, tuple(curves), add_up(curve for _, curve in curves))


def _group_blocks(counted: Sequence[Counted], asked: Asked, kind: str) -> list[str]:
    from kurssi.reports import weeks

    group = _group(counted, asked)
    if group is None:
        return []
    words = session.current.words
    if kind == "md":
        return [weeks.group_markdown(group, words)]
    spreads = {_spread(item.file, asked) for item in counted}
    return [weeks.group_text(group, spreads.pop() if len(spreads) == 1 else None, words, _width())]


def _group_json(counted: Sequence[Counted], asked: Asked) -> dict[str, Any] | None:
    from kurssi.reports.weeks import group_json

    group = _group(counted, asked)
    return None if group is None else group_json(group)


# ---- the estimate --------------------------------------------------------------------------------------------


def _estimates(item: Counted, asked: Asked) -> list[Estimate]:
    from kurssi.planning.estimates import TABLES, estimate

    chosen = asked.rates.value if asked.rates else None
    found = [estimate(item.file, name) for name in (TABLES if chosen == "all" else [chosen])]
    return [one for one in found if one is not None]


def _estimate_blocks(item: Counted, asked: Asked, kind: str) -> list[str]:
    from kurssi.reports import estimates

    found = _estimates(item, asked)
    if not found:
        session.current.note(
            msg(
                "{file} does not say what its work is: write activities: under a part of workload, such as "
                "[{{reading: 120 pages}}, {{writing: 10 pages}}, {{watching: 90 min}}, {{exam: 1}}]",
                file=item.name,
            )
        )
        return []
    words = session.current.words
    if kind == "md":
        return [estimates.as_markdown(item.file, found, words)]
    return [estimates.as_text(item.file, found, words, _width())]


def _json(item: Counted, asked: Asked) -> dict[str, Any]:
    out: dict[str, Any] = {"file": item.name, "implementation": item.file.implementation.id, **as_json(item.load)}
    if asked.by_week:
        from kurssi.planning.week_load import beside_weights, hours_by_week
        from kurssi.reports import weeks

        spread = _spread(item.file, asked)
        curve = hours_by_week(item.file, spread)
        out["by_week"] = None if curve is None else {"spread": spread, **weeks.as_json(curve)}
        out["beside_weights"] = weeks.weights_json(beside_weights(item.file))
    if asked.estimate:
        from kurssi.reports.estimates import as_json as estimate_json

        out["estimates"] = [estimate_json(one) for one in _estimates(item, asked)]
    return out
