"""The live sheet: what every student got in every part, and by formulas what it comes to, up to the grade."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from math import ceil
from textwrap import wrap
from typing import Any

from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.words import Words
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    EXCUSED,
    FAILED,
    PASSED,
    RECOGNISED,
    UNGRADED,
    Key,
    Texts,
)
from kurssi.policy.model import Part, Policy
from kurssi.reports.rows import STATUS
from kurssi.values.numbers import exact
from kurssi.values.vocabulary import WITHHELD

from .folding import PAGE, folded, set_columns, shown
from .live import ENTER, FORMULA, HEAD, VALUE, Field, Live
from .sheet import (
    AMBER,
    AMBER_FILL,
    BOLD,
    DARK,
    GREY,
    LINE,
    Format,
    Writer,
    headed,
    height,
    lines_of,
    mark_endless,
    mark_status,
)
from .student_row import StudentRow

HEADINGS: dict[str, Msg] = {
    "no": msg("no."),
    "student": msg("student number"),
    "name": msg("name"),
    "score": msg("score"),
    "submitted": msg("submitted"),
    "due": msg("due"),
    "units": msg("late units"),
    "spending": msg("units for free time"),
    "turn": msg("turn"),
    "forgiven": msg("forgiven"),
    "converted": msg("converted"),
    "deducted": msg("deducted"),
    "outcome": msg("value of the attempt"),
    "group_value": msg("value of the group"),
    "factor": msg("peer factor"),
    "silent": msg("gave no marks"),
    "plain": msg("value without the bonus"),
    "gated": msg("value at the gate"),
    "adds": msg("the bonus adds"),
    "value": msg("value"),
    "gate": msg("gate"),
    "counted": msg("among the best"),
    "rank": msg("rank among the ways"),
    "left": msg("free hours at turn"),
    "weights": msg("weights that count"),
    "mean": msg("mean"),
    "level": msg("activity"),
    "attended": msg("sessions attended"),
    "adjust": msg("activity adds"),
    "exact": msg("exact"),
    "rounded": msg("rounded"),
    "limit": msg("highest grade left"),
    "closed": msg("closed gates"),
    "reasons": msg("which ones"),
    "held": msg("held open"),
    "open": msg("open"),
    "number": msg("computed grade"),
    "override": msg("set by hand"),
    "grade": msg("grade"),
    "status": msg("status"),
    "changed": msg("changed"),
    "kurssi_grade": msg("grade by kurssi"),
    "kurssi_number": msg("computed by kurssi"),
    "kurssi_exact": msg("exact by kurssi"),
    "kurssi_closed": msg("closed gates by kurssi"),
    "kurssi_open": msg("open by kurssi"),
    "kurssi_entered": msg("entries"),
    "kurssi_remark": msg("remark by kurssi"),
}
KINDS: dict[str, Msg] = {ENTER: msg("enter"), FORMULA: msg("formula"), VALUE: msg("from kurssi")}
WIDE = {
    "student": 19,
    "name": 24,
    "submitted": 17,
    "due": 17,
    "units": 15,
    "outcome": 15,
    "factor": 15,
    "value": 15,
    "gate": 18,
    "level": 12,
    "reasons": 40,
    "override": 15,
    "status": 14,
    "changed": 14,
    "kurssi_remark": 50,
}
"""Widths of columns, in characters; others are WIDTH wide."""
WIDTH = 12
LONGEST_NAME = 40
"""Characters of the name of a part that have room over its columns."""
LONGEST_MESSAGE = 255
"""Characters of a message that Excel shows for a refused entry."""
NUMBERS = (
    "converted",
    "deducted",
    "outcome",
    "group_value",
    "factor",
    "plain",
    "gated",
    "adds",
    "value",
    "counted",
    "weights",
    "mean",
    "exact",
    "kurssi_exact",
)


IN_PER_CENT = ("converted", "value", "mean", "exact", "outcome", "group_value")
"""Columns that hold per cents where the policy does."""


def texts(writer: Writer) -> Texts:
    """The words that formulas write."""
    words = writer.words
    return Texts(
        words("not submitted"),
        words("too late"),
        words("failed"),
        words("below the minimum"),
        WITHHELD[words.language],
        words.say(STATUS["graded"]),
        words.say(STATUS["failed"]),
        words.say(STATUS["incomplete"]),
    )


def write(writer: Writer, live: Live) -> None:
    """Three rows of headings, then a row per student."""
    sheet = writer.sheet(live.sheet_name)
    widths = [_width(writer.words, field) for field in live.fields]
    hidden = folded(live, widths)
    _widen(writer, live, widths, hidden)
    _head(writer, live, sheet, widths, hidden)
    set_columns(sheet, widths, hidden)
    last = HEAD
    formats = [_format(writer, field) for field in live.fields]
    for number, result in enumerate(live.book.results, 1):
        given = StudentRow(writer, live, result, number)
        last = HEAD + number - 1
        longest = max(lines_of(given.text(what), WIDE[what] - 2) for what in ("reasons", "kurssi_remark"))
        if longest > 1:
            sheet.set_row(last, height(longest))
        for column, (field, format_) in enumerate(zip(live.fields, formats, strict=True)):
            given.put(sheet, last, column, field, format_)
    _finish(writer, live, sheet, last, widths, hidden)


def _head(writer: Writer, live: Live, sheet: Any, widths: Sequence[float], hidden: Sequence[bool]) -> None:
    words = writer.words
    kind = writer.format(italic=True, align="center", shrink=True, font_color=GREY, bottom=1, bottom_color=LINE)
    over = writer.format(bold=True, valign="vcenter", font_color="#FFFFFF", bg_color=DARK)  # runs on over blank cells
    owner: str | None = None
    seen = False
    lines = 1
    for column, field in enumerate(live.fields):
        about = _about(writer, field)
        first = about != owner or (column > 0 and hidden[column - 1] and not hidden[column] and not seen)
        if first:
            writer.put(sheet, 0, column, about, over)
        else:
            sheet.write_blank(0, column, None, over)
        seen = not hidden[column] or (about == owner and seen)
        owner = about
        heading, width = _heading(words, live, field), widths[column]
        writer.put(sheet, 1, column, heading, writer.centred_heading)
        writer.put(sheet, 2, column, words.say(KINDS[field.kind]), kind)
        lines = max(lines, len(wrap(heading, int(width / BOLD))))
    sheet.set_row(0, 22)
    sheet.set_row(1, height(lines) + 3)
    sheet.freeze_panes(HEAD, 3 if live.named else 2)
    sheet.repeat_rows(0, HEAD - 1)
    sheet.repeat_columns(0, 2 if live.named else 1)


def _heading(words: Words, live: Live, field: Field) -> str:
    """The heading of a column."""
    heading = words.say(HEADINGS[field.key.what])
    if field.key.attempt > 1 or field.key.what == "left":
        heading = f"{heading} {field.key.attempt}"
    if field.key.what == "score" and field.part is not None and field.part.components.all:
        of_markers = field.part.markers is not None
        heading += " " + (words("(of the markers' cells)") if of_markers else words("(of the criteria)"))
    if field.key.what == "counted":
        heading = f"{heading}: {live.policy.by_id()[field.key.part].name}"
    if field.key.what == "score" and field.part is not None and field.part.in_points and field.part.max is not None:
        heading = f"{heading} / {words.about(field.part.max)}"
    if live.policy.percent and field.key.what in IN_PER_CENT and (field.part is None or _in_per_cent(field.part)):
        heading = f"{heading} %"
    return headed(heading)


def _in_per_cent(part: Part) -> bool:
    return bool(part.parts) or part.valued


def _width(words: Words, field: Field) -> float:
    """The width of a column: no word of its heading is broken, a name in it apart."""
    said = words.say(HEADINGS[field.key.what]).replace("-", "- ").split()
    return max(WIDE.get(field.key.what, WIDTH), max(map(len, said)) * BOLD + 1)


def _widen(writer: Writer, live: Live, widths: list[float], hidden: Sequence[bool]) -> None:
    """Makes room for what stands over the columns of a part, where few of them are shown."""
    over = [_about(writer, field) for field in live.fields]
    for name, columns in groupby(range(len(over)), over.__getitem__):
        seen = [column for column in columns if not hidden[column]]
        lacking = min(len(name), LONGEST_NAME) * BOLD + 1 - sum(widths[column] for column in seen)
        if seen and lacking > 0:
            widths[seen[-1]] += lacking


def _about(writer: Writer, field: Field) -> str:
    if field.part is not None:
        return field.part.name
    if field.key.what in ("no", "student", "name"):
        return headed(writer.words("student"))
    if field.key.what.startswith("kurssi"):
        return "kurssi"
    return headed(writer.words("the whole"))


def _format(writer: Writer, field: Field) -> Format:
    if field.kind == ENTER:
        return writer.input()
    if field.key.what in ("student", "name"):
        return writer.text
    if field.key.what in ("reasons", "kurssi_remark"):
        return writer.wrapped
    if field.key.what in ("value", "grade"):
        return writer.format(bold=True, align="center")
    return writer.centred


def _validate(writer: Writer, live: Live, sheet: Any, last: int) -> None:
    """What may be typed into the cells for entering; anything else is refused with a sentence."""
    words, policy, held = writer.words, live.policy, WITHHELD[writer.words.language]
    for column, field in enumerate(live.fields):
        if field.kind != ENTER:
            continue
        cell = f"${live.letter(field.key)}{HEAD + 1}"
        rule: dict[str, object] = {"validate": "custom"}
        part = field.part
        if part is not None and field.key.what == "score":
            if not part.valued:
                signs = [PASSED, FAILED, "-", UNGRADED, EXCUSED, RECOGNISED, held]
                rule = {"validate": "list", "source": signs}
                message = words("Choose from the list: {signs}.", signs=", ".join(signs))
            else:
                signs = live.formulas.words(part, "-", UNGRADED, EXCUSED, RECOGNISED, held, "H", "fail")
                said = live.formulas.says(part, cell, *signs)
                rule["value"] = f"=OR({live.formulas.is_score(part, cell)},{said})"
                takes = _takes(policy, part)
                message = words("Enter {takes}, or one of the signs {signs}.", takes=takes, signs=", ".join(signs))
        elif field.key.what in ("submitted", "due"):
            rule["value"] = f"=ISNUMBER({cell})"
            message = words("Enter a date with a time of day.")
        elif field.key.what == "level" and policy.activity is not None:
            rule = {"validate": "list", "source": f"={names.ACTIVITY_LEVELS}"}
            message = words("Choose from the list: {signs}.", signs=", ".join(policy.activity.levels or ()))
        elif field.key.what == "attended":
            most = policy.sessions
            rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": most}
            message = words("Enter a whole number from 0 to {most}.", most=most)
        else:
            rule["value"] = f"=SUMPRODUCT(--({names.SCALE_LABELS}={cell}))>0"
            message = words("Enter a grade of the scale: {grades}.", grades=", ".join(policy.scale.labels))
        refusal = {"error_title": words("Not possible here"), "error_message": message[:LONGEST_MESSAGE]}
        sheet.data_validation(HEAD, column, last, column, {**rule, **refusal})


def _takes(policy: Policy, part: Part) -> str:
    """The scores that a part takes."""
    if part.in_points:
        return f"0–{exact(part.most or Fraction(0))}"
    return ", ".join(policy.scale.labels) if policy.scale.own else f"{policy.scale.lowest}–{policy.scale.top}"


def _finish(writer: Writer, live: Live, sheet: Any, last: int, widths: Sequence[float], hidden: Sequence[bool]) -> None:
    """What is not as kurssi graded it, and who failed or is incomplete, stands out by type and by colour."""
    columns = {field.key: column for column, field in enumerate(live.fields)}
    ignored = {"number_stored_as_text": f"B{HEAD + 1}:B{last + 1}"}
    if guards := [live.letter(field.key) for field in live.fields if field.key.what == "kurssi_entered"]:
        ignored["formula_differs"] = f"{guards[0]}{HEAD + 1}:{guards[-1]}{last + 1}"
    sheet.ignore_errors(ignored)
    _validate(writer, live, sheet, last)
    mark_endless(writer, sheet, HEAD, last, [columns[field.key] for field in live.fields if field.key.what in NUMBERS])
    repeated = sum(widths[: 3 if live.named else 2])
    sheet.fit_to_pages(max(1, ceil((shown(widths, hidden) - repeated) / (PAGE - repeated))), 0)
    status = columns[Key("status")]
    mark_status(writer, sheet, HEAD, last, status - 1, status)
    changed = writer.format(bold=True, underline=1, font_color=AMBER, bg_color=AMBER_FILL)
    number, by_kurssi = (f"${live.letter(Key(what))}{HEAD + 1}" for what in ("number", "kurssi_number"))
    rule = {"type": "formula", "criteria": f"={number}<>{by_kurssi}", "format": changed}
    column = columns[Key("number")]
    sheet.conditional_format(HEAD, column, last, column, rule)
