"""``kurssi compare``: two runs of a course side by side."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

import typer

from kurssi.analysis.policy_comparison import Incomparable, PolicyComparison, compare_policies
from kurssi.analysis.regrading import aligned, regraded, rule_changes
from kurssi.analysis.reinterpretation import untold
from kurssi.cli import session
from kurssi.cli.inputs import is_implementation, show
from kurssi.cli.options import Force, Layout, Map, Output, reading, tr
from kurssi.cli.outputs import refuse_others, suffix, write_text
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble
from kurssi.course.check import Checked, check
from kurssi.course.diff import compare
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.finding import Severity, limited
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.renderers.text import as_text
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook, grade
from kurssi.policy.model import Policy
from kurssi.reports import comparison
from kurssi.reports.policy_comparison import ClassShift, all_students, as_data, in_class
from kurssi.reports.policy_report import Section
from kurssi.sheets import Reading
from kurssi.surveys.figures import LEAST

HELP = msg(
    "Say what changed from one run of a course to another: dates, hours, sessions, weights, rules, texts; who could "
    "win or lose by the new rules; and with a SHEET, whose grade would have been another, and by which rule. Three "
    "runs or more, or a folder with those of a course, are set beside each other over the years: grades, hours, "
    "feedback, and what changed in the rules; sheets, or a report.json, follow the run that they are of, else its "
    "scores: are used. -o FILE.html is a page with plots, also of two."
)


class Format(StrEnum):
    """How the changes are printed."""

    text = "text"
    json = "json"
    md = "md"


WIDE = 100
"""Text is wrapped to this many columns, or to fewer on a narrow terminal."""


Feedback = Annotated[
    list[str] | None,
    typer.Option(
        "--feedback",
        help=tr(
            "The sheet with course feedback on a run, over the years; default: feedback.csv or palaute.csv (or "
            ".xlsx) beside its score sheets."
        ),
        metavar="ID=SHEET",
        show_default=False,
    ),
]
Least = Annotated[
    int | None,
    typer.Option(
        "--least",
        help=tr("Over the years, show nothing of fewer persons than this; default: 5 with a grade, 3 answers."),
        metavar="N",
        min=LEAST,
        show_default=False,
    ),
]


def command(
    old: Annotated[str, typer.Argument(help=tr("The earlier run."), metavar="OLD")],
    new: Annotated[str | None, typer.Argument(help=tr("The later run."), metavar="NEW", show_default=False)] = None,
    sheets: Annotated[
        list[str] | None,
        typer.Argument(help=tr("Score sheets of a class; or more runs."), metavar="SHEET|RUN", show_default=False),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help=tr("How the changes are printed."))] = Format.text,
    output: Output = None,
    force: Force = False,
    map_: Map = None,
    layout: Layout = None,
    feedback: Feedback = None,
    least: Least = None,
) -> int:
    """Prints what changed; fails where one of the files cannot be read."""
    refuse_others("compare", output, (".md", ".json", ".txt", ".html"))
    named = [old, *([] if new is None else [new]), *(sheets or [])]
    if _over_years(named, output or []):
        from .years import Wanted, compare_years

        if map_ or layout:
            raise Trouble(msg("over the years write columns: into each file; --map and --layout are for one class"))
        return compare_years(named, Wanted(feedback or [], least, format_.value, output or [], force))
    if new is None:
        raise Trouble(msg("one run has nothing beside it: name two or more, or a folder with those of a course"))
    if feedback or least is not None:
        raise Trouble(msg("--feedback and --least are for runs over the years: name three or more, or -o FILE.html"))
    return _compare_two([old, new], Rest(sheets or [], map_, layout), format_, output or [], force)


class Rest(NamedTuple):
    """The sheets of a class, and how they are read."""

    sheets: Sequence[str]
    maps: list[str] | None
    layouts: list[str] | None


def _compare_two(paths: Sequence[str], rest: Rest, format_: Format, output: Sequence[str], force: bool) -> int:
    here = session.current
    both = [_read(path) for path in paths]
    before, after = (checked.file if checked is not None else None for checked in both)
    if before is None or after is None:
        return EXIT_TROUBLE if here.failed_to_open else EXIT_FINDINGS
    words = here.report_words(after.implementation.language)
    changes = compare(before, after)
    rules = Rules(both, rest)
    if rules.code:
        return rules.code
    width = min(WIDE, session.current.width(sys.stdout) or WIDE)

    def written(kind: str, words: Words) -> str:
        if kind == "json":
            return comparison.as_json(changes, before, after, words, rules.data())
        if kind == "md":
            return comparison.as_markdown(changes, before, after, words, rules.sections(words))
        return comparison.as_text(changes, before, after, words, width, rules.sections(words))

    here.out_as(format_.value, written(format_.value, words))
    code = 0
    for path in output:
        code = max(code, write_text(path, written(suffix(path)[1:], words), force))
    here.note(comparison.summary(changes))
    return code


def _over_years(names: Sequence[str], output: Iterable[str]) -> bool:
    """Whether these arguments are runs beside each other, rather than two runs and a class."""
    return (
        any(is_implementation(name) for name in names[2:])
        or any(suffix(name) == ".json" or os.path.isdir(name) for name in names)
        or any(suffix(path) == ".html" for path in output)
    )


def _read(path: str) -> Checked | None:
    """The file as checked; where it has no shape, its findings on standard error."""
    here = session.current
    raw = here.read(path, MAX_BYTES)
    if raw is None:
        return None
    checked = check(raw, "<stdin>" if path == "-" else path)
    if checked.file is None:
        errors = [f for f in checked.findings if f.severity is Severity.error]
        sources = {checked.document.name: checked.document.lines}
        here.err(as_text(limited(errors), sources, here.words, here.paint(sys.stderr)) + "\n")
    return checked


class Rules:
    """What the change of rules does: over all students, and in a class where sheets are given."""

    def __init__(self, both: Sequence[Checked | None], rest: Rest) -> None:
        self.code = 0
        self.shift: PolicyComparison | None = None
        self.group: ClassShift | None = None
        self.policies: tuple[Policy, Policy] | None = None
        here = session.current
        for checked in both:
            if checked is not None and checked.file is not None and checked.file.assessment and not checked.gradable:
                name = checked.document.name
                here.note(msg("{file} has errors in its assessment, so nobody is graded by it", file=name))
        ready = [c for c in both if c is not None and c.gradable and c.file is not None and c.file.assessment]
        if len(ready) < 2:
            if rest.sheets:
                raise Trouble(msg("a class can be compared only where both files have an assessment without errors"))
            return
        old, new = self.policies = ready[0].policy, ready[1].policy
        if old.by_requirements or new.by_requirements:
            here.note(msg("who could win or lose is not said: nothing is weighed, so no total says it"))
        elif rule_changes(old, new):
            try:
                self.shift = compare_policies(old, new)
            except Incomparable as no:
                here.note(
                    msg("who could win or lose is not said: the scales differ")
                    if no.part is None
                    else msg("who could win or lose is not said: {part} is assessed in another way", part=no.part)
                )
            else:
                if self.shift is None:
                    here.note(msg("who could win or lose is not decided within the limit on work"))
        if rest.sheets:
            self._class([c for c in both if c is not None], rest.sheets, reading(rest.maps, rest.layouts))

    def _class(self, both: Sequence[Checked], paths: Sequence[str], how: Reading) -> None:
        """Reads the sheets by the rules that know more of them, of equals the newer, and grades under both."""
        here = session.current
        data = [(path, raw) for path in paths if (raw := here.read(path)) is not None]
        if len(data) < len(paths) or self.policies is None:
            self.code = EXIT_TROUBLE
            return
        read = [grade(checked, b"", data, reading=how) for checked in both]
        books = [book for book, _ in read if book is not None]
        if not books:
            show(read[1][1])
            self.code = EXIT_FINDINGS
            return
        book = max(reversed(books), key=_parts_with_cells)
        policy = self.policies[0] if book is read[0][0] else self.policies[1]
        old, new = self.policies
        # in one calendar: lateness counts from the deadlines of the run that the sheets are of
        old, new = (aligned(old, new), new) if policy is new else (old, aligned(new, old))
        parts = {part.id: part.name for target in (old, new) for part in untold(book.class_list, policy, target)}
        for name in parts.values():
            here.note(msg("the sheets do not say what {part} is under both; it counts as not submitted", part=name))
        moved = regraded(old, new, book.class_list, new if policy is self.policies[1] else old)
        self.group = ClassShift(len(book.results), tuple(moved))

    def sections(self, words: Words) -> list[Section]:
        """What there is to say, in words."""
        if self.policies is None:
            return []
        found = [all_students(*self.policies, self.shift, words)] if self.shift is not None else []
        return found + ([in_class(*self.policies, self.group, words)] if self.group is not None else [])

    def data(self) -> dict[str, Any]:
        """The same as data."""
        return {} if self.policies is None else as_data(*self.policies, self.shift, self.group)


def _parts_with_cells(book: Gradebook) -> int:
    """How many parts the sheets say something about, as this policy reads them."""
    given = [student.attempts for student in book.class_list.students]
    return sum(
        any(a.state != "missing" for attempts in given for a in attempts.get(part.id, ()))
        for part in book.policy.leaves()
    )
