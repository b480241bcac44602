"""The figures of a class in the words of a language: as tables for a terminal, a page, a workbook; and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from kurssi.diagnostics.words import Words
from kurssi.gradebook.figures import FEWEST, ClassFigures, Spread, class_figures
from kurssi.gradebook.gradebook import Gradebook
from kurssi.gradebook.items import FEW, ItemSet, item_sets
from kurssi.gradebook.markers import Again, PartMarkers, part_markers
from kurssi.values.numbers import exact, rounded

from .csv_and_markdown import escaped, markdown_line
from .not_shown import NOT_SHOWN
from .table_layout import Column, as_table

WIDEST_BAR = 40
WIDTH = 100


class Block(NamedTuple):
    """A table with a title, and what is said below it. The first column is text, all others are figures."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[str] = ()


class Bar(NamedTuple):
    """How many have a grade."""

    label: str
    students: int


class Figures(NamedTuple):
    """Everything that is shown of a class in figures."""

    whole: ClassFigures
    sets: Sequence[ItemSet]
    markers: Sequence[PartMarkers]

    @classmethod
    def of(cls, book: Gradebook) -> Figures:
        """The figures of a class."""
        return cls(class_figures(book), item_sets(book), part_markers(book))


def bars(found: Figures, book: Gradebook) -> list[Bar]:
    """The distribution."""
    return [Bar(book.policy.scale.label(grade), count) for grade, count in found.whole.counts.items()]


def blocks(found: Figures, book: Gradebook, words: Words) -> list[Block]:
    """The tables: grades, parts, groups, each set of items, and the markers of each part."""
    made = [_grades(found.whole, words), _parts(found.whole, words)]
    if found.whole.groups:
        made.append(_groups(found.whole, words))
    made += [_items(one, words) for one in found.sets]
    for one in found.markers:
        made += [_pairs(one, words), _strictness(one, book, words)]
    return _with_note(made, words)


def parts_and_groups(found: ClassFigures, words: Words) -> list[Block]:
    """The tables of parts and of groups alone."""
    return _with_note([_parts(found, words), *([_groups(found, words)] if found.groups else [])], words)


def _with_note(made: list[Block], words: Words) -> list[Block]:
    """What a missing figure means, below the last table, where one is missing."""
    if made and any(NOT_SHOWN in row for block in made for row in block.rows):
        said = words("{sign} : no figure, or not shown, because of fewer than {n} students.", sign=NOT_SHOWN, n=FEWEST)
        made[-1] = made[-1]._replace(lines=[*made[-1].lines, said])
    return made


# ---- the tables --------------------------------------------------------------------------------------------


def _number(value: Fraction | None, words: Words) -> str:
    return NOT_SHOWN if value is None else words.number(rounded(value, 2))


def _share(part: int | None, whole: int, words: Words) -> str:
    if part is None or not whole:
        return NOT_SHOWN
    return f"{words.number(rounded(Fraction(part * 100, whole), 0))} %"


def _spread(spread: Spread | None, words: Words) -> list[str]:
    if spread is None:
        return [NOT_SHOWN] * 4
    ends = f"{_number(spread.lowest, words)}–{_number(spread.highest, words)}"
    return [_number(spread.mean, words), _number(spread.median, words), _number(spread.deviation, words), ends]


def _heads(words: Words) -> list[str]:
    return [words("mean"), words("median"), words("std. deviation"), words("lowest–highest"), words("passed")]


def _grades(found: ClassFigures, words: Words) -> Block:
    row = [words("final grade"), str(found.n), *_spread(found.spread, words), _share(found.passed, found.n, words)]
    lines = []
    if found.n < found.students:
        left = found.students - found.n
        lines.append(words.plural("{n} student has no grade yet", "{n} students have no grade yet", left))
    return Block(words("Grades in figures"), ["", words("with a grade"), *_heads(words)], [row], lines)


def _parts(found: ClassFigures, words: Words) -> Block:
    rows = [
        [
            "  " * one.depth + one.part.name,
            str(one.n),
            *_spread(one.spread, words),
            _share(one.passed, one.n, words),
            str(one.absent),
        ]
        for one in found.parts
    ]
    heads = [words("part"), words("results"), *_heads(words), words("not submitted")]
    title = words("Parts in figures, in per cent") if found.percent else words("Parts in figures")
    return Block(title, heads, rows)


def _groups(found: ClassFigures, words: Words) -> Block:
    rows = [
        [one.group, str(one.n), *_spread(one.spread, words), _share(one.passed, one.n, words)] for one in found.groups
    ]
    return Block(words("Groups in figures"), [words("group"), words("with a grade"), *_heads(words)], rows)


def _items(found: ItemSet, words: Words) -> Block:
    rows = [
        [item.name, f"{words.number(rounded(item.difficulty * 100, 0))} %", _number(item.rest, words)]
        for item in found.items
    ]
    lines = []
    if found.alpha is not None:
        alpha = words.number(rounded(found.alpha, 2))
        lines.append(
            words(
                "Cronbach's alpha {alpha} (95 %: {low}–{high}), {n} students",
                alpha=alpha,
                low=_number(found.interval[0], words),
                high=_number(found.interval[1], words),
                n=found.n,
            )
            if found.interval is not None
            else words("Cronbach's alpha {alpha}, {n} students", alpha=alpha, n=found.n)
        )
    lines += [
        words("Difficulty: the mean as a share of what can be had; below 30 % is hard, above 90 % tells nobody apart."),
        words("With the rest: the correlation with the sum of the others; below 0.2 an item measures something else."),
        words("Alpha: how well the sum would rank the same students again; about 0.7 is enough for a grade."),
    ]
    if found.n < FEW:
        lines.append(words("Fewer than {few} answers ({n}): these figures say little.", few=FEW, n=found.n))
    heads = [words("item"), words("difficulty"), words("with the rest")]
    return Block(words("Items: {part}", part=found.part.name), heads, rows, lines)


def _pairs(found: PartMarkers, words: Words) -> Block:
    rows = [
        [
            " – ".join(one.agreement.pair),
            str(one.agreement.both),
            _share_of(one.agreement.exact, words),
            _share_of(one.near, words),
            _number(one.agreement.mean_difference, words),
            _number(one.agreement.kappa, words),
        ]
        for one in found.pairs
    ]
    heads = [
        words("markers"),
        words("works"),
        words("the same mark"),
        words("within {n}", n=found.within),
        words("mean difference"),
        words("weighted kappa"),
    ]
    lines = [words("Kappa: agreement beyond what would come by chance, differences weighed by their size; 1 is full.")]
    if any(one.agreement.both < FEW for one in found.pairs):
        lines.append(words("Fewer than {few} works: these figures say little.", few=FEW))
    return Block(words("Markers: {part}", part=found.part.name), heads, rows, lines)


def _strictness(found: PartMarkers, book: Gradebook, words: Words) -> Block:
    rows = [
        [one.marker, str(one.n), _number(one.mean, words), ("+" if one.above > 0 else "") + _number(one.above, words)]
        for one in found.strictness
    ]
    heads = [words("marker"), words("works"), words("mean"), words("above the others")]
    lines = [words("Below 0 a marker is stricter than the others on the same works.")]
    apart = [_again(one, book, words) for one in found.again if not one.grades]
    depends = [_again(one, book, words) for one in found.again if one.grades]
    if apart:
        lines.append(words("Mark again, too far apart: {students}", students="; ".join(apart)))
    if depends:
        lines.append(words("Mark again, the grade depends on who marked: {students}", students="; ".join(depends)))
    return Block(words("Strictness: {part}", part=found.part.name), heads, rows, lines)


def _again(one: Again, book: Gradebook, words: Words) -> str:
    marks = ", ".join(f"{name} {words.number(mark)}" for name, mark in one.marks)
    grades = " / ".join(book.policy.scale.label(grade) for grade in one.grades)
    return f"{one.student} ({marks}{': ' + grades if grades else ''})"


def _share_of(share: Fraction, words: Words) -> str:
    return f"{words.number(rounded(share * 100, 0))} %"


# ---- forms -------------------------------------------------------------------------------------------------


def as_text(found: Figures, book: Gradebook, words: Words, width: int | None, color: bool) -> str:
    """The tables for a terminal, with the distribution as bars."""
    first, *rest = blocks(found, book, words)
    pieces = [_table(first, width, color), _histogram(bars(found, book)), *(_table(one, width, color) for one in rest)]
    return "\n".join(pieces)


def _table(block: Block, width: int | None, color: bool) -> str:
    heads = [Column(block.heads[0], wraps=True), *(Column(head, "right", wraps=False) for head in block.heads[1:])]
    text = as_table(block.title, heads, block.rows, width or WIDTH, color)
    return text + "".join(line + "\n" for line in block.lines)


def _histogram(counts: Sequence[Bar]) -> str:
    most = max((bar.students for bar in counts), default=0) or 1
    label = max(len(bar.label) for bar in counts)
    scale = Fraction(min(most, WIDEST_BAR), most)
    lines = [
        f"{bar.label:>{label}}  {bar.students:>{len(str(most))}}  {'█' * -int(-bar.students * scale // 1)}"
        for bar in counts
    ]
    return "".join(line.rstrip() + "\n" for line in lines)


def as_markdown(found: Figures, book: Gradebook, words: Words) -> str:
    """The tables below a list of grades."""
    return "\n".join(_lines_of_markdown(found, book, words))


def _lines_of_markdown(found: Figures, book: Gradebook, words: Words) -> Iterator[str]:
    for block in blocks(found, book, words):
        yield from ("", f"## {escaped(block.title)}", "", markdown_line(list(block.heads)))
        yield "|---|" + "--:|" * (len(block.heads) - 1)
        yield from (markdown_line([cell.strip() for cell in row]) for row in block.rows)
        yield ""
        yield from (f"- {escaped(line)}" for line in block.lines)
    yield ""


def as_data(found: Figures) -> dict[str, Any]:
    """The same as data: exact numbers as strings, ``null`` for what is not shown."""
    whole = found.whole
    return {
        "students": whole.students,
        "graded": whole.n,
        **_spread_data(whole.spread),
        "passed": whole.passed,
        "parts": {
            one.part.id: {"n": one.n, **_spread_data(one.spread), "passed": one.passed, "absent": one.absent}
            for one in whole.parts
        },
        "groups": {one.group: {"n": one.n, **_spread_data(one.spread), "passed": one.passed} for one in whole.groups},
        "items": [
            {
                "part": one.part.id,
                "n": one.n,
                "alpha": None if one.alpha is None else exact(one.alpha),
                "interval": None if one.interval is None else [exact(end) for end in one.interval],
                "items": [
                    {
                        "name": item.name,
                        "difficulty": exact(item.difficulty),
                        "item_rest": None if item.rest is None else exact(item.rest),
                    }
                    for item in one.items
                ],
            }
            for one in found.sets
        ],
        **({"markers": [_markers_data(one) for one in found.markers]} if found.markers else {}),
    }


def _markers_data(found: PartMarkers) -> dict[str, Any]:
    return {
        "part": found.part.id,
        "within": exact(found.within),
        "pairs": [
            {
                "pair": list(one.agreement.pair),
                "both": one.agreement.both,
                "exact_agreement": exact(one.agreement.exact),
                "within_agreement": exact(one.near),
                "mean_difference": exact(one.agreement.mean_difference),
                "weighted_kappa": None if one.agreement.kappa is None else exact(one.agreement.kappa),
            }
            for one in found.pairs
        ],
        "strictness": [
            {"marker": one.marker, "works": one.n, "mean": exact(one.mean), "above": exact(one.above)}
            for one in found.strictness
        ],
        "again": [
            {
                "student": one.student,
                "marks": {name: exact(mark) for name, mark in one.marks},
                "grades": list(one.grades),
            }
            for one in found.again
        ],
    }


def _spread_data(spread: Spread | None) -> dict[str, Any]:
    names = ("mean", "median", "deviation", "lowest", "highest")
    return {name: None if spread is None else exact(getattr(spread, name)) for name in names}
