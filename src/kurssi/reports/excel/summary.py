"""The sheet that says how the class did: counts, the distribution with a chart, and what a reader should know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.renderers.common import where
from kurssi.grading.spreadsheet.cells import Key, quoted
from kurssi.reports.rows import STATUS

from . import figures
from .live import Live
from .running_text import lines_wrapped
from .sheet import DARK, Cell, Computed, Entry, Shown, Writer, headed, height
from .tally import Note, Tally

SEVERITIES: dict[Severity, Msg] = {
    Severity.error: msg("error"),
    Severity.warning: msg("warning"),
    Severity.info: msg("note"),
}
WIDTHS = (40, 18, 26, 84)
"""Of the columns; the last one takes the notes and the chart."""
MOST_NOTES = 1000
"""Notes on the summary; a list of all students belongs on the other sheets."""


def write(writer: Writer, live: Live | None, tally: Tally) -> None:
    """A heading, the facts, the distribution and its chart, then the notes. With ``live`` the counts are formulas."""
    words = writer.words
    sheet = writer.sheet(words("Summary"))
    sheet.hide_gridlines(2)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, writer.book.file.course.name, writer.title)
    facts = list(_facts(writer, live, tally))
    mean = _mean(writer, tally)
    table = 2 + len(facts) + (mean is not None) + 1
    if mean is not None:
        facts.append((words("mean of passing grades"), _mean_cell(writer, live, mean, table + 2)))
    for row, (label, cell) in enumerate(facts, 2):
        writer.put(sheet, row, 0, headed(label), writer.bold)
        shown = cell.value if isinstance(cell, Computed) else cell
        if isinstance(shown, Shown):
            shown = shown._replace(format=writer.format(align="left", num_format=shown.format.num_format))
            writer.put(sheet, row, 1, Computed(cell.formula, shown) if isinstance(cell, Computed) else shown)
        else:
            writer.put(sheet, row, 1, cell)
    row = _distribution(writer, live, tally, sheet, table)
    _notes(writer, live, tally, sheet, row + 1)


def _facts(writer: Writer, live: Live | None, tally: Tally) -> Iterator[tuple[str, Entry]]:
    book, words = writer.book, writer.words
    course, run = book.file.course, book.file.implementation
    yield words("course"), f"{course.code} {course.name}, " + words("{n} cr", n=course.credits)
    yield words("implementation"), run.id
    if run.timing is not None:
        yield words("timing"), f"{words.day(run.timing.start)} – {words.day(run.timing.end)}"
    if run.groups:
        yield words("groups"), ", ".join(group.code for group in run.groups)
    if run.teachers:
        yield words("teachers"), ", ".join(run.teachers)
    yield words("students"), writer.count(tally.students)
    yield words("passed"), _count(writer, live, tally, "graded")
    yield words("failed"), _count(writer, live, tally, "failed")
    yield words("incomplete"), _count(writer, live, tally, "incomplete")
    if live is not None:
        yield words("for the screen, not printed"), f"{words('Weights and limits')}, {words('Explanation')}"


def _count(writer: Writer, live: Live | None, tally: Tally, status: str) -> Entry:
    """How many students have a status."""
    count = writer.count(tally.counts[status])
    if live is None:
        return count
    return Computed(f"SUMPRODUCT(--({live.column(Key('status'))}={quoted(writer.words.say(STATUS[status]))}))", count)


def _mean(writer: Writer, tally: Tally) -> Fraction | None:
    """The mean of the grades that passed, on scales whose grades are numbers."""
    scale = writer.book.policy.scale
    passed = [(g, n) for g, n in zip(scale.grades, tally.spread, strict=True) if g >= scale.pass_grade]
    students = sum(n for _, n in passed)
    if not students or scale.own or scale.name == "pass-fail":
        return None
    return Fraction(sum(g * n for g, n in passed), students)


def _mean_cell(writer: Writer, live: Live | None, mean: Fraction, first: int) -> Entry:
    shown = Shown(figures.held(mean), writer.format(num_format="0.00"), 4)
    if live is None:
        return shown
    scale = writer.book.policy.scale
    rows = f"{first + scale.pass_grade - scale.lowest + 1}", f"{first + scale.top - scale.lowest + 1}"
    grades, counts = (f"${letter}${rows[0]}:${letter}${rows[1]}" for letter in "AB")
    return Computed(f'IF(SUM({counts})=0,"",SUMPRODUCT({grades},{counts})/SUM({counts}))', shown)


def _distribution(writer: Writer, live: Live | None, tally: Tally, sheet: Any, top: int) -> int:
    """The table of grades and its chart; the result is the first row below both."""
    book, words = writer.book, writer.words
    scale = book.policy.scale
    rows: list[tuple[Cell, int, str]] = [
        (writer.grade(grade), count, scale.label(grade))
        for grade, count in zip(scale.grades, tally.spread, strict=True)
    ]
    incomplete = tally.without
    if incomplete or live is not None:
        label = words.say(STATUS["incomplete"])
        rows.append((label, incomplete, label))
    writer.begin(sheet, top, words("Distribution of grades"))
    head = top + 1
    for column, heading in enumerate((words("grade"), words("students"), words("share"))):
        writer.put(sheet, head, column, headed(heading), writer.centred_heading)
    students = max(tally.students, 1)
    for row, (cell, count, _) in enumerate(rows, head + 1):
        writer.put(sheet, row, 0, cell, writer.centred)
        shown, share = writer.count(count), writer.percent(count, students)
        if live is None:
            writer.put(sheet, row, 1, shown)
            writer.put(sheet, row, 2, share)
            continue
        what = "status" if row == head + len(rows) else "grade"
        counted = f"SUMPRODUCT(--({live.column(Key(what))}=$A{row + 1}))"
        writer.put(sheet, row, 1, Computed(counted, shown))
        writer.put(sheet, row, 2, Computed(f"$B{row + 1}/{students}", share))
    high = max(len(rows) + 2, 14)
    counts = [(label, count) for _, count, label in rows]
    chart, description = _chart(writer, sheet.get_name(), head + 1, counts)
    chart.set_size({"width": 590, "height": high * 20})
    sheet.insert_chart(top, 3, chart, {"description": description, "object_position": 2, "x_offset": 12})
    return top + high


def _chart(writer: Writer, name: str, first: int, counts: Sequence[tuple[str, int]]) -> tuple[Any, str]:
    """The chart of the table whose first row this is, and what it shows in words."""
    words, last = writer.words, first + len(counts) - 1
    chart = writer.file.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": words("students"),
            "categories": [name, first, 0, last, 0],
            "values": [name, first, 1, last, 1],
            "fill": {"color": DARK},
            "gap": 60,
            "data_labels": {"value": True, "font": {"size": 10}},
        }
    )
    chart.set_title({"name": words("Distribution of grades"), "name_font": {"size": 13}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_x_axis({"name": headed(words("grade")), "num_font": {"size": 10}})
    largest = max(count for _, count in counts)
    step = max(1, -(-largest // 6))
    chart.set_y_axis(
        {
            "name": headed(words("students")),
            "min": 0,
            "major_unit": step,
            "num_format": "0",
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
        }
    )
    spread = ", ".join(f"{label}: {count}" for label, count in counts)
    return chart, words("Column chart of how many students have each grade. {spread}", spread=spread)


def _notes(writer: Writer, live: Live | None, tally: Tally, sheet: Any, top: int) -> None:
    """With ``live`` a note on a student holds only as long as the student stands as kurssi graded it."""
    words = writer.words
    notes = list(_all_notes(writer, tally))
    writer.begin(sheet, top, words("Notes"))
    if not notes:
        writer.put(sheet, top + 1, 0, words("Nothing to note."))
        return
    heads = (words("what"), words("student number"), words("name"), words("note"))
    for column, heading in enumerate(heads):
        writer.put(sheet, top + 1, column, headed(heading), writer.heading)
    if len(notes) > MOST_NOTES:
        rest = len(notes) - MOST_NOTES
        more = words("{n} more notes are left out here; the other sheets show them", n=rest)
        notes = [*notes[:MOST_NOTES], Note("…", "", "", more)]
    for row, note in enumerate(notes, top + 2):
        sheet.set_row(row, height(max(lines_wrapped(note.what, WIDTHS[0]), lines_wrapped(note.text, WIDTHS[3]))))
        cells: list[Entry] = [note.what, note.student, note.name, note.text]
        if live is not None and note.number:
            number = str(note.number)
            cells[3] = Computed(live.remark(number), note.text)
            if note.what == words.say(STATUS["incomplete"]):
                cells[0] = Computed(live.look_up(Key("status"), number), note.what)
        for column, cell in enumerate(cells):
            writer.put(sheet, row, column, cell, writer.wrapped if column in (0, 3) else writer.text)
    sheet.ignore_errors({"number_stored_as_text": f"B{top + 3}:B{top + 2 + len(notes)}"})


def _all_notes(writer: Writer, tally: Tally) -> Iterator[Note]:
    book, words = writer.book, writer.words
    yield from tally.notes
    if not writer.detailed:
        many = words(
            "{n} students are too many for sheets of parts and of steps; kurssi explain and the JSON report have them",
            n=tally.students,
        )
        yield Note(words("left out"), "", "", many)
    for finding in book.findings:
        if finding.counts:
            text = f"{words.say(finding.message)} ({finding.rule}: {where(finding, words)})"
            yield Note(words.say(SEVERITIES[finding.severity]), "", "", text)
