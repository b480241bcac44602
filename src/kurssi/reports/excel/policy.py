"""The sheet with the rules: sentences, a table of the parts, and the criteria of the implementation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kurssi.diagnostics.message import PerCent, msg
from kurssi.grading.attempts.words import attempts_in_short
from kurssi.grading.bonus.words import bonus_in_short
from kurssi.grading.conversion.words import assessed_as
from kurssi.grading.gates.words import at_least
from kurssi.grading.mean.words import choice_in_short
from kurssi.grading.wording import Sentence
from kurssi.policy.model import Part, Policy
from kurssi.policy.series import together
from kurssi.reports.policy_words import LEVELS, sentences, whole

from .running_text import lines_wrapped
from .sheet import BOLD, FOLDED, Cell, Column, Writer, headed, height, lines_of

WIDEST_TOPIC = 24
"""Characters; a longer topic of a sentence runs on below."""


def write(writer: Writer) -> None:
    """Sentences first, because most readers want those; then the parts; then the criteria."""
    words, book = writer.words, writer.book
    sheet = writer.sheet(words("Policy"))
    sheet.hide_gridlines(2)
    spec, table = _table(writer)
    rows = [cells for cells, _ in table]
    last = len(spec) - 1
    widths = [_width(column, [row[i] for row in rows]) for i, column in enumerate(spec)]
    said = [
        (headed(words.say(sentence.topic)), words.say(sentence.text), sentence) for sentence in _sentences(book.policy)
    ]
    widths[0] = max([widths[0], *(min(len(topic) * BOLD + 2, WIDEST_TOPIC) for topic, _, _ in said)])
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    room = sum(widths[1:last])

    writer.put(sheet, 0, 0, words("How the grade comes about"), writer.title)
    row = 2
    for topic, text, sentence in said:
        _wide(writer, sheet, row, last - 1, topic, text, room)
        writer.put(sheet, row, last, writer.rule(sentence.path), writer.wrapped)
        row += 1
    row += 1
    writer.begin(sheet, row, words("The parts"))
    row += 1
    for column, heading in enumerate(spec):
        writer.put(sheet, row, column, heading.heading, writer.centred_heading if heading.centre else writer.heading)
    heads = [lines_of(column.heading, int(width / BOLD)) for column, width in zip(spec, widths, strict=True)]
    sheet.set_row(row, height(max(heads)) + 4)
    sheet.outline_settings(symbols_below=False)
    centred = writer.format(align="center", text_wrap=True)
    for cells, fold in table:
        row += 1
        texts = [(cell, width - 1) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str)]
        sheet.set_row(row, height(max(lines_wrapped(*text) for text in texts)), None, fold)
        for column, cell in enumerate(cells):
            writer.put(sheet, row, column, cell, centred if spec[column].centre else writer.wrapped)
    row += 2
    given = book.file.assessment
    if given is None:
        return
    if given.criteria:
        writer.begin(sheet, row, words("Assessment criteria"))
        for level, lines in given.criteria.items():
            row += 1
            name = words.say(LEVELS[level]) if level in LEVELS else level
            _wide(writer, sheet, row, last, headed(name), "\n".join(lines), room + widths[last])
        row += 2
    if given.methods:
        writer.begin(sheet, row, words("Assessment methods as published"))
        for text in given.methods:
            row += 1
            _wide(writer, sheet, row, last, "", text, room + widths[last])


def _width(column: Column, cells: Sequence[Cell]) -> float:
    longest = max((len(cell) if isinstance(cell, str) else cell.width if cell else 0 for cell in cells), default=0)
    word = max(len(word) for word in column.heading.split())
    return float(max(min(longest + 2, column.most), word * 1.1 + 2))


def _wide(writer: Writer, sheet: Any, row: int, last: int, topic: str, text: str, room: float) -> None:
    """A topic and its text across all other columns. Merged cells do not find their height, so it is set."""
    writer.put(sheet, row, 0, topic, writer.format(bold=True, text_wrap=True))
    text = text.replace(" %", "\xa0%")
    sheet.merge_range(row, 1, row, last, "", writer.wrapped)
    writer.put(sheet, row, 1, text, writer.wrapped)
    sheet.set_row(row, height(max(lines_wrapped(text, room), lines_of(topic, 20))) + 2)


def _sentences(policy: Policy) -> Iterator[Sentence]:
    """What the table of the parts does not show: the whole, and the rules for peer marks."""
    yield from whole(policy)
    named = {part.id: part.name for part in policy.all_parts()}
    for sentence in sentences(policy):
        if sentence.key == "peer" and sentence.part is not None:
            yield sentence._replace(text=msg("{part}: {rule}", part=named[sentence.part], rule=sentence.text))


# ---- the parts ---------------------------------------------------------------------------------------------


Row = tuple[list[Cell], Mapping[str, object]]
"""The cells of a part, and whether its row is folded or opens."""


def _table(writer: Writer) -> tuple[list[Column], list[Row]]:
    words = writer.words
    spec = [
        Column(headed(words("part")), 40),
        Column(headed(words("weight %")), 20, centre=True),
        Column(headed(words("assessed as")), 30),
        Column(headed(words("by")), 14),
        Column(headed(words("must be passed")), 12, centre=True),
        Column(headed(words("at least")), 16, centre=True),
        Column(headed(words("attempts")), 30),
        Column(headed(words("due")), 24),
        Column(headed(words("rule")), 34),
    ]
    return spec, list(_part_rows(writer, writer.book.policy.parts, 0))


def _part_rows(writer: Writer, parts: Sequence[Part], depth: int) -> Iterator[Row]:
    """A row per part; those of a series are folded below one for all of it, which opens."""
    for name, several in together(parts, lambda part: part, lambda _: None):
        series = len(several) > 1
        if series:
            cells = _cells(writer, several[0], parts, depth)
            cells[0] = "    " * depth + name
            cells[1] = _weight_of_all(writer, several, cells[1])
            cells[7] = _dues_of_all(writer, several)
            yield cells, {"collapsed": True}
        for part in several:
            yield _cells(writer, part, parts, depth + series), FOLDED if series else {}
            yield from _part_rows(writer, part.parts, depth + 1)


def _cells(writer: Writer, part: Part, siblings: Sequence[Part], depth: int) -> list[Cell]:
    words, policy = writer.words, writer.book.policy
    due: Cell = None
    if part.takes is None:
        last = max((n for n, d in enumerate(part.dues, 1) if d is not None), default=0)
        due = "\n".join("–" if d is None else words.moment(d) for d in part.dues[:last])
    return [
        "    " * depth + part.name,
        _weight(writer, part, siblings),
        words.say(assessed_as(policy, part)),
        None if part.parts or part.takes else words("group") if part.by_group else words("individual"),
        None if part.is_way else words("yes") if part.required else words("no"),
        None if part.is_way else words.say(at_least(policy, part)),
        words.say(choice_in_short(part) if part.parts else attempts_in_short(policy, part)),
        due,
        writer.rule(part.path),
    ]


def _weight_of_all(writer: Writer, parts: Sequence[Part], of_one: Cell) -> Cell:
    """What the parts of a series weigh: how many times what each does."""
    weight = parts[0].weight
    if weight is None or parts[0].bonus:
        return of_one
    return writer.words("{n} × {weight}", n=len(parts), weight=PerCent(weight))


def _dues_of_all(writer: Writer, parts: Sequence[Part]) -> Cell:
    """The first and the last deadline of a series."""
    dues = [due for part in parts if (due := part.dues[0]) is not None]
    if len(dues) < 2:
        return writer.words.moment(dues[0]) if dues else None
    return f"{writer.words.moment(dues[0])} –\n{writer.words.moment(dues[-1])}"


def _weight(writer: Writer, part: Part, siblings: Sequence[Part]) -> Cell:
    by_steps = bonus_in_short(writer.book.policy, part)
    if by_steps is not None:
        return writer.words.say(by_steps)
    if part.weight is not None:
        figure = writer.figure(part.weight)
        bonus = writer.words("bonus {n}", n=part.weight)
        return bonus if part.bonus else figure
    return writer.words("equal") if part.counts and len(siblings) > 1 and not part.is_way else None
