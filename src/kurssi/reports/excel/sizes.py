"""The sheet with the sizes of the policy, each in a named cell that the formulas start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from kurssi.diagnostics.message import Msg, msg
from kurssi.grading.lateness import formula as lateness
from kurssi.grading.mean import formula as mean
from kurssi.grading.spreadsheet import names
from kurssi.policy.model import Part
from kurssi.values.times import When, describe

from . import clock, figures
from .live import Live
from .policy_sizes import Formula, sizes_of
from .sheet import AMBER, AMBER_FILL, GREY, RED, RED_FILL, Cell, Format, Writer, headed, height, lines_of
from .unprinted import keep_from_print

WIDTHS = (34, 58, 20, 20, 30, 30)
"""Of the columns: what it is about, what it is, its value, the value that kurssi read, its name, its rule."""

VALUE, READ, NAME, RULE = 2, 3, 4, 5
"""The columns of the values, of those that kurssi read, of names and of rules."""


def write(writer: Writer, live: Live) -> None:
    """How the workbook computes, in sentences; then every size."""
    words = writer.words
    sheet = writer.sheet(words("Weights and limits"))
    sheet.hide_gridlines(2)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, words("Weights and limits"), writer.title)
    row = 2
    for sentence in _sentences(live):
        text = words.say(sentence)
        sheet.merge_range(row, 0, row, len(WIDTHS) - 1, "", writer.wrapped)
        writer.put(sheet, row, 0, text, writer.wrapped)
        sheet.set_row(row, height(lines_of(text, sum(WIDTHS) * 11 // 10)) + 3)
        row += 1
    row += 1
    headings = (
        words("about"),
        words("size"),
        words("value"),
        words("from kurssi"),
        words("name in formulas"),
        words("rule"),
    )
    for column, heading in enumerate(headings):
        format_ = writer.centred_heading if column in (VALUE, READ) else writer.heading
        writer.put(sheet, row, column, headed(heading), format_)
    sheet.freeze_panes(row + 1, 0)
    row += 1
    top = row
    last: object = None
    for size in sizes_of(live):
        if size.name not in live.used:
            continue
        first = row
        for what, value in size.rows:
            if size.about != last:
                writer.put(sheet, row, 0, headed(words.say(size.about)), writer.format(bold=True, text_wrap=True))
            last = size.about
            _put_what(writer, sheet, row, words.say(what))
            _put_value(writer, sheet, row, value, size.enter)
            _put_read(writer, sheet, row, value)
            if size.enter and not isinstance(value, Formula):
                _validate(writer, sheet, row, signed=size.signed)
            writer.put(sheet, row, NAME, size.name)
            writer.put(sheet, row, RULE, writer.rule(size.path))
            row += 1
        _name(writer, sheet, size.name, first, row - 1)
    changed = writer.format(bold=True, underline=1, font_color=AMBER, bg_color=AMBER_FILL)
    rule = {"type": "formula", "criteria": f"=$C{top + 1}<>$D{top + 1}", "format": changed}
    sheet.conditional_format(top, VALUE, row - 1, VALUE, rule)
    if live.needs.guards:
        row = _count_changes(writer, sheet, top, row)
    _checks(writer, sheet, live, row)
    keep_from_print(sheet, len(WIDTHS))


def _count_changes(writer: Writer, sheet: Any, top: int, row: int) -> int:
    """How many sizes are not as kurssi read them; the next row."""
    words = writer.words
    writer.put(sheet, row, 0, headed(words("check")), writer.format(bold=True))
    _put_what(writer, sheet, row, words("so many values are not as kurssi read them"))
    formula = f"=SUMPRODUCT(--($C${top + 1}:$C${row}<>$D${top + 1}:$D${row}))"
    sheet.write_formula(row, VALUE, formula, writer.centred, 0)
    writer.put(sheet, row, NAME, names.SIZES_CHANGED)
    _name(writer, sheet, names.SIZES_CHANGED, row, row)
    return row + 1


def _name(writer: Writer, sheet: Any, name: str, first: int, last: int) -> None:
    cells = f"$C${first + 1}" + (f":$C${last + 1}" if last > first else "")
    quoted = "'" + sheet.get_name().replace("'", "''") + "'"
    writer.file.define_name(name, f"={quoted}!{cells}")


def _validate(writer: Writer, sheet: Any, row: int, *, signed: bool) -> None:
    """Only a number may be typed, and one below 0 only where something may be taken away."""
    words, cell = writer.words, f"$C${row + 1}"
    value = f"=ISNUMBER({cell})" if signed else f"=AND(ISNUMBER({cell}),{cell}>=0)"
    message = words("Enter a number.") if signed else words("Enter a number that is not below 0.")
    refusal = {"error_title": words("Not possible here"), "error_message": message}
    sheet.data_validation(row, VALUE, row, VALUE, {"validate": "custom", "value": value, **refusal})


def _put_what(writer: Writer, sheet: Any, row: int, text: str) -> None:
    """What a value is; not every program makes a row as high as that takes."""
    writer.put(sheet, row, 1, text, writer.wrapped)
    if (lines := lines_of(text, WIDTHS[1])) > 1:
        sheet.set_row(row, height(lines))


def _put_value(writer: Writer, sheet: Any, row: int, value: object, enter: bool) -> None:
    """The value, in a cell for entering where changing it means something."""
    if isinstance(value, Formula):
        sheet.write_formula(row, VALUE, f"={value.text}", writer.centred, figures.held(value.value))
    else:
        _put(writer, sheet, row, VALUE, value, writer.input if enter else partial(writer.format, align="center"))


def _put_read(writer: Writer, sheet: Any, row: int, value: object) -> None:
    """The same as kurssi read it."""
    given = value.value if isinstance(value, Formula) else value
    _put(writer, sheet, row, READ, given, partial(writer.format, align="center", font_color=GREY))


def _put(writer: Writer, sheet: Any, row: int, column: int, value: object, format_: Callable[..., Format]) -> None:
    at = clock.local(value, writer.zone, ends=True) if isinstance(value, When) else None
    if isinstance(value, Fraction):
        sheet.write_number(row, column, figures.held(value), format_())
    elif at is not None:
        sheet.write_number(row, column, clock.serial(at), format_(num_format=writer.time_format(at)))
    elif isinstance(value, When):
        writer.put(sheet, row, column, writer.words.moment(value), format_())
    else:
        text: Cell = value if isinstance(value, str) else writer.words.say(value)
        writer.put(sheet, row, column, text, format_())


# ---- sentences ---------------------------------------------------------------------------------------------


def _sentences(live: Live) -> Iterator[Msg]:
    policy, needs = live.policy, live.needs
    yield msg(
        "Change a value here, or a score on the sheet {sheet}, and grades, distribution and chart follow. "
        "Framed cells are for entering; nothing else is.",
        sheet=live.sheet_name,
    )
    yield msg(
        "The files do not change with it: for grades that hold, enter the change in the score sheet or in the "
        "implementation file and run kurssi grade again. The sheets of steps, of the policy and of findings stay as "
        "kurssi wrote them."
    )
    if needs.late:
        yield msg(
            "Late units are counted by the clock of {zone}, with its changes. For a time that a spreadsheet cannot "
            "hold or tell apart they are a value from kurssi, in italics, until the time is changed.",
            zone=policy.timezone,
        )
    if any(part.late is not None and part.late.skip is not None for part in policy.leaves()):
        yield msg(
            "Where days are skipped, late units are a value from kurssi. Once a time is changed, who has come late has "
            "no grade here: kurssi grade counts the days."
        )
    if lateness.spenders(live.formulas):
        yield msg(
            "The free late time is spent in whole late units, in order of deadlines. Which turn a part has, and how "
            "many hours are left then, stand in columns of their own."
        )
    elif policy.free is not None:
        yield msg(
            "How many late units the free budget of {budget} forgives is a value from kurssi: it depends on all parts "
            "at once. Once something of a student is changed, it is gone, and who has come late has no grade here.",
            budget=describe(policy.free.budget),
        )
    if needs.peers:
        yield msg(
            "The factor of the peer marks is a value from kurssi; what it makes of the group's value is a formula."
        )
    yield msg(
        "Where something is not graded yet, kurssi found which grades are still within reach; here such a student has "
        "no grade until the score is entered, or kurssi's, where nothing that is open can change it. Both stand only "
        "as long as all that is entered for the student, and all values here, are as kurssi read them."
    )
    if live.book.as_of is not None and needs.held:
        yield msg("What may still come at {day} counts as open, and stays so here.", day=live.book.as_of)
    if live.too_long:
        yield msg("A formula longer than a cell may hold is a value from kurssi, in italics.")
    yield msg(
        "Values are compared and rounded after rounding to nine decimals, because a spreadsheet counts in binary and "
        "holds about sixteen digits. Where that would decide, the grade is a value from kurssi."
    )


# ---- sizes -------------------------------------------------------------------------------------------------


# ---- checks ------------------------------------------------------------------------------------------------


def _checks(writer: Writer, sheet: Any, live: Live, row: int) -> None:
    """What the weights of each level sum to, and one cell that says whether all of them are right.

    Nothing is normalised silently: no grade comes out of weights that do not sum to 100.
    """
    words, formulas = writer.words, live.formulas
    tests = []
    levels: list[Part | None] = [None, *(part for part in live.policy.all_parts() if part.parts)]
    for part in levels:
        weighed = mean.counting(formulas, part)
        owner = part or live.policy
        if owner.by_points or (part is not None and part.chooses) or all(child.weight is None for child in weighed):
            continue
        if not {mean.weight(child, owner) for child in weighed} <= live.used:
            continue  # their formula is too long for a cell
        about = part.name if part is not None else words("the whole")
        writer.put(sheet, row, 0, headed(about), writer.format(bold=True, text_wrap=True))
        _put_what(writer, sheet, row, words("the weights sum to"))
        total = sum((child.weight or Fraction(0) for child in weighed), Fraction(0))
        sum_formula = "+".join(mean.weight(child, owner) for child in weighed)
        sheet.write_formula(row, VALUE, f"={sum_formula}", writer.centred, float(total))
        name = names.sum_of(part)
        writer.put(sheet, row, NAME, name)
        _name(writer, sheet, name, row, row)
        tests.append(f"ROUND({name},9)=100")
        row += 1
    writer.put(sheet, row, 0, headed(words("check")), writer.format(bold=True))
    _put_what(writer, sheet, row, words("ok where all weights sum to 100; else nobody has a grade"))
    test = f"AND({','.join(tests)})" if tests else "TRUE"
    sheet.write_formula(row, VALUE, f'=IF({test},"ok","≠ 100")', writer.centred, "ok")
    writer.put(sheet, row, NAME, names.WEIGHTS_CHECK)
    _name(writer, sheet, names.WEIGHTS_CHECK, row, row)
    wrong = writer.format(bold=True, font_color=RED, bg_color=RED_FILL)
    sheet.conditional_format(
        row, VALUE, row, VALUE, {"type": "formula", "criteria": f'=$C${row + 1}<>"ok"', "format": wrong}
    )
