"""The list of grades of a very large class as CSV, piece by piece: the same bytes as :mod:`.delimited` writes.

Cells, sums and lines that come again are not worked out again. What is new is worked out as for any class: by the
grading core, by :mod:`.rows` and :mod:`.delimited`.
"""

from __future__ import annotations

import io
from array import array
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from kurssi.classlist import Student
from kurssi.gradebook import Gradebook
from kurssi.grading import Grader, PartResult, Result
from kurssi.grading.core import decided, result_of
from kurssi.grading.plan import Outcome, Plan
from kurssi.sheets.wide import MOST_TEXTS, Cells, NotPlain, Wide
from kurssi.vocabulary import fold
from kurssi.words import Words

from .delimited import BOM, FORMULA_SIGNS, NAMING, delimiter, first_line, harmless, line, writer
from .rows import cell

_UNSAFE = ("\r", '"', *("\n" + sign for sign in FORMULA_SIGNS if not sign.isspace()))
"""What cells, each behind a line feed, must not have in them to be written as they stand."""


class Piece(NamedTuple):
    """The lines of one piece of the table, and what must be held against other pieces."""

    lines: bytes
    students: int
    first: str
    last: str
    ascending: bool
    """Whether every student number is above the one before it."""
    numbers: array[int]
    """A hash of each student number."""
    groups: dict[str, str]
    """By folded name, how a group is spelled here first; those that are new since the piece before."""
    counts: Counter[tuple[str, int | None]]
    """Students by status and grade."""


class Lines:
    """Turns pieces of a wide table into lines of the list of grades."""

    line_end = "\r\n"

    def __init__(self, wide: Wide, book: Gradebook, words: Words) -> None:
        self.wide = wide
        self.book = book
        """The implementation, its policy and the day; without students."""
        self.words = words
        self.delimiter = delimiter(words)
        self.plan = Plan(Grader(book.policy, as_of=book.as_of))
        self.known: list[dict[object, Outcome]] = [{} for _ in wide.parts]
        self.levels: dict[str, int] = {}
        """What activity adds, as its number in the plan's keys, by the text of its column."""
        self.adjusts: dict[int, Fraction | None] = dict([self.plan.adjust(None, None)])
        self.level = next((wide.plain[name] for name in ("activity", "attended") if name in wide.plain), None)
        self.ends: dict[tuple[object, ...], str] = {}
        """The end of a line by the outcomes of the parts and the level."""
        self.sums: dict[tuple[int, int], tuple[str, tuple[str, int | None]]] = {}
        """The end of that, behind the parts, by the plan's denominator and key, with status and grade."""
        self.said: dict[str, tuple[str, int | None]] = {}
        """Status and grade by the end of a line."""
        self.shown: dict[Outcome, str] = {}
        self.groups: dict[str, str] = {}
        self.spelled: dict[str, str] = {}

    def head(self) -> bytes:
        """The first line."""
        return (BOM + self.line_of(first_line(self.book, self.words))).encode() + b"\r\n"

    def of(self, piece: bytes) -> Piece:
        """The lines of a piece of the table. Raises :class:`NotPlain`."""
        lines: list[str] = []
        numbers = array("q")
        first, last, ascending = "", "", True
        groups_before = len(self.groups)
        counts: Counter[tuple[str, int | None]] = Counter()
        students = 0
        for columns in self.wide.batches(piece):
            ids = list(map(str.strip, columns[self.wide.student]))
            first = first or ids[0]
            ascending = ascending and last < ids[0] and all(map(str.__lt__, ids, ids[1:]))
            last = ids[-1]
            students += len(ids)
            numbers.extend(map(hash, ids))
            ends = self._ends(columns)
            for end, number in Counter(ends).items():
                counts[self.said[end]] += number
            lines += map(self.delimiter.join, zip(self.heads(ids, columns), ends, strict=True))
        lines.append("")
        new = dict(list(self.groups.items())[groups_before:])
        return Piece(self.line_end.join(lines).encode(), students, first, last, ascending, numbers, new, counts)

    # ---- who it is -----------------------------------------------------------------------------------------

    def heads(self, ids: list[str], columns: Sequence[tuple[str, ...]]) -> list[str]:
        """The beginning of each line: number, surname, first name, group."""
        surnames, first_names, groups = self.naming(ids, columns)
        text = "\n".join(chain(("",), ids, surnames, first_names, groups))
        rows = zip(ids, surnames, first_names, groups, strict=True)
        if text.count("\n") == NAMING * len(ids) and not any(sign in text for sign in (self.delimiter, *_UNSAFE)):
            return list(map(self.delimiter.join, rows))
        return [self.line_of([harmless(cell) for cell in row]) for row in rows]

    def naming(self, ids: list[str], columns: Sequence[tuple[str, ...]]) -> tuple[list[str], list[str], list[str]]:
        """Surnames, first names and groups."""
        at = self.wide.plain.get("group")
        groups = [""] * len(ids)
        if at is not None:
            spelled = self.spelled
            groups = [spelled[text] if text in spelled else self._group(text) for text in columns[at]]
        return *self._names(columns, len(ids)), groups

    def cells(self, result: Result) -> list[str]:
        """The cells of a student's line."""
        return line(self.book, result, self.words)

    def value(self, result: PartResult) -> str:
        """The cell of a part."""
        return cell(result, self.words)

    def _names(self, columns: Sequence[tuple[str, ...]], number: int) -> tuple[list[str], list[str]]:
        plain = self.wide.plain
        surnames, first_names, names = (
            [" ".join(text.split()) for text in columns[plain[meaning]]] if meaning in plain else [""] * number
            for meaning in ("surname", "first name", "name")
        )
        if "name" in plain:
            if "surname" not in plain and "first name" not in plain and not any("," in name for name in names):
                return names, first_names
            for index, name in enumerate(names):
                if not surnames[index] and not first_names[index]:
                    surname, _, first = name.partition(",")
                    surnames[index], first_names[index] = surname.strip(), first.strip()
        return surnames, first_names

    def _group(self, text: str) -> str:
        """The group as the table spells it first."""
        if len(self.groups) > MOST_TEXTS:
            raise NotPlain
        name = " ".join(text.split())
        spelled = self.groups.setdefault(fold(name), name) if name else ""
        self.spelled[text] = spelled
        return spelled

    # ---- what it came to -----------------------------------------------------------------------------------

    def _ends(self, columns: Sequence[tuple[str, ...]]) -> list[str]:
        """The end of each line: parts, activity, exact value, grade, status, remark."""
        outcomes = [self._outcomes(index, columns) for index in range(len(self.known))]
        levels = self._levels(columns)
        if len(self.ends) >= MOST_TEXTS:
            self.ends.clear()
            self.said.clear()
        keys = list(zip(*outcomes, levels, strict=True))
        ends: list[str | None] = list(map(self.ends.get, keys))
        if None not in ends:
            return ends  # type: ignore[return-value]
        return [
            end or self.ends.get(key) or self._end(key, columns, row)
            for row, (end, key) in enumerate(zip(ends, keys, strict=True))
        ]

    def _outcomes(self, index: int, columns: Sequence[tuple[str, ...]]) -> list[Outcome]:
        """What a part came to for each student."""
        cells, known = self.wide.parts[index], self.known[index]
        leaf = self.plan.leaves[index]
        if not cells.columns:
            return [leaf.nothing] * len(columns[0])
        texts = list(zip(*_told_apart(cells, columns), strict=True))
        new = set(texts).difference(known)
        if new:
            if len(known) >= MOST_TEXTS:
                known.clear()
                new = set(texts)
            several = sorted(new)
            for text, student in zip(several, self.wide.read(several, cells.columns), strict=True):
                known[text] = leaf.outcome(student.attempts.get(cells.part.id, ()))
        return list(map(known.__getitem__, texts))

    def _levels(self, columns: Sequence[tuple[str, ...]]) -> list[int]:
        if self.level is None:
            return list(self.adjusts) * len(columns[0])
        texts = columns[self.level]
        several = sorted(set(texts).difference(self.levels))
        if several:
            for text, student in zip(several, self.wide.read([(t,) for t in several], [self.level]), strict=True):
                number, adjust = self.plan.adjust(student.level, student.attended)
                self.levels[text], self.adjusts[number] = number, adjust
        return list(map(self.levels.__getitem__, texts))

    def _end(self, key: tuple[object, ...], columns: Sequence[tuple[str, ...]], row: int) -> str:
        """The end of one student's line, kept for others who come to the same."""
        outcomes: list[Outcome] = list(key[:-1])  # type: ignore[arg-type]
        level: int = key[-1]  # type: ignore[assignment]
        found = self.plan.found(outcomes)
        name = (self.plan.top.denominator, sum([outcome.key for outcome in found]) + level)
        known = self.sums.get(name)
        policy = self.book.policy
        if known is None:
            total = self.plan.total(found, self.adjusts[level])
            if total is None:
                return self._own_end(key, columns, row)
            result = result_of(policy, Student(""), total, decided(policy, total))
            cells = self.cells(result)[NAMING + len(policy.parts) :]
            if len(self.sums) >= MOST_TEXTS:
                self.sums.clear()
            known = self.sums[name] = (self.line_of(cells), (result.status, result.grade))
        at = {outcome.result.part.id: self._shown(outcome) for outcome in found}
        end = self.delimiter.join([*(at[part.id] for part in policy.parts), known[0]])
        self.ends[key], self.said[end] = end, known[1]
        return end

    def _own_end(self, key: tuple[object, ...], columns: Sequence[tuple[str, ...]], row: int) -> str:
        """The same for a student of whom more decides than what each part came to."""
        student = self.wide.read([[column[row] for column in columns]], range(len(columns)))[0]
        result = self.plan.grader.grade(student, steps=False)
        end = self.line_of(self.cells(result)[NAMING:])
        self.ends[key], self.said[end] = end, (result.status, result.grade)
        return end

    def _shown(self, outcome: Outcome) -> str:
        text = self.shown.get(outcome)
        if text is None:
            if len(self.shown) >= MOST_TEXTS:
                self.shown.clear()
            text = self.shown[outcome] = self.line_of([self.value(outcome.result), ""])[: -len(self.delimiter)]
        return text

    def line_of(self, cells: Sequence[str]) -> str:
        """The cells as a line, without its end."""
        text = io.StringIO()
        writer(text, self.words).writerow(cells)
        return text.getvalue().removesuffix("\r\n")


def _told_apart(cells: Cells, columns: Sequence[tuple[str, ...]]) -> list[Sequence[str]]:
    """The texts of a part's columns; of times, those that stand for all that count alike."""
    out: list[Sequence[str]] = []
    for index, times, due in zip(cells.columns, cells.times, cells.dues, strict=True):
        texts: Sequence[str] = columns[index]
        if times is not None:
            same = map(times.__getitem__, texts)
            # with a deadline of the student's own the part's says nothing
            texts = (
                list(same)
                if due is None
                else [text if own else stand for text, stand, own in zip(texts, same, columns[due], strict=True)]
            )
        out.append(texts)
    return out
