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
from operator import getitem, lt
from typing import NamedTuple

from kurssi.classlist import Student
from kurssi.gradebook import Gradebook
from kurssi.grading import Grader, PartResult, Result
from kurssi.grading.core import decided, result_of
from kurssi.grading.plan import Outcome, Plan
from kurssi.sheets.wide import MOST_TEXTS, Cells, NotPlain, Times, Wide
from kurssi.vocabulary import fold
from kurssi.words import Words

from .delimited import BOM, FORMULA_SIGNS, NAMING, delimiter, first_line, harmless, line, writer
from .rows import cell

_UNSAFE = ("\r", '"')
"""What cells must not have in them to be written as they stand."""

BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""All characters that divide words, but the blank."""

Naming = list[list[str] | None]
"""Numbers, surnames, first names and groups of some students; None for a column that the table has not."""


class Piece(NamedTuple):
    """The lines of one piece of the table, and what must be held against other pieces."""

    lines: bytes
    students: int
    first: str
    last: str
    ascending: bool
    """Whether every student number is above the one before it."""
    numbers: array[int]
    """A hash of each student number, where they do not ascend."""
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
        self.by_time = [_by_time(cells) for cells in wide.parts]
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
        lines: list[bytes] = []
        students: list[str] = []
        groups_before = len(self.groups)
        counts: Counter[tuple[str, int | None]] = Counter()
        for columns in self.wide.batches(piece):
            ids = list(map(str.strip, columns[self.wide.student]))
            students += ids
            ends = self._ends(columns)
            for end, number in Counter(ends).items():
                counts[self.said[end]] += number
            lines.append(self._together(self.heads(ids, columns), ends).encode())
        new = dict(list(self.groups.items())[groups_before:])
        ascending = all(map(lt, students, students[1:]))
        numbers = array("q", () if ascending else map(hash, students))
        ends_at = (students[0], students[-1]) if students else ("", "")
        return Piece(b"".join(lines), len(students), *ends_at, ascending, numbers, new, counts)

    def numbers(self, piece: bytes) -> array[int]:
        """A hash of each student number in a piece of the table."""
        columns = self.wide.batches(piece)
        return array("q", map(hash, map(str.strip, chain.from_iterable(c[self.wide.student] for c in columns))))

    def _together(self, heads: Naming, ends: list[str]) -> str:
        """The lines, of the columns that begin them and their ends."""
        columns: list[list[str]] = []
        between = ""
        for head in heads:
            if head is not None:
                columns += [[between] * len(ends), head] if between else [head]
                between = ""
            between += self.delimiter
        columns += [[between] * len(ends), ends]
        texts = [""] * (len(columns) * len(ends))
        for index, column in enumerate(columns):
            texts[index :: len(columns)] = column
        return "".join(texts)

    # ---- who it is -----------------------------------------------------------------------------------------

    def heads(self, ids: list[str], columns: Sequence[Sequence[str]]) -> Naming:
        """The cells that begin each line, ready to be written."""
        heads = self.naming(ids, columns)
        there = [head for head in heads if head is not None]
        text = "\n".join(chain(("",), *there))
        if (
            text.count("\n") == len(there) * len(ids)
            and not any(sign in text for sign in (self.delimiter, *_UNSAFE))
            and not any(sign in text and "\n" + sign in text for sign in FORMULA_SIGNS if not sign.isspace())
        ):
            return heads
        return [head and [self._cell_of(harmless(cell)) for cell in head] for head in heads]

    def naming(self, ids: list[str], columns: Sequence[Sequence[str]]) -> Naming:
        """Numbers, surnames, first names and groups; None for a column that the table has not."""
        at = self.wide.plain.get("group")
        groups = None
        if at is not None:
            spelled = self.spelled
            groups = [spelled[text] if text in spelled else self._group(text) for text in columns[at]]
        return [ids, *self._names(columns), groups]

    def cells(self, result: Result) -> list[str]:
        """The cells of a student's line."""
        return line(self.book, result, self.words)

    def value(self, result: PartResult) -> str:
        """The cell of a part."""
        return cell(result, self.words)

    def _names(self, columns: Sequence[Sequence[str]]) -> Naming:
        plain = self.wide.plain
        surnames, first_names, names = (
            _single_spaced(columns[plain[meaning]]) if meaning in plain else None
            for meaning in ("surname", "first name", "name")
        )
        if names is None:
            return [surnames, first_names]
        if surnames is None and first_names is None and "," not in "".join(names):
            return [names, None]
        surnames = surnames or [""] * len(names)
        first_names = first_names or [""] * len(names)
        for index, name in enumerate(names):
            if not surnames[index] and not first_names[index]:
                surname, _, first = name.partition(",")
                surnames[index], first_names[index] = surname.strip(), first.strip()
        return [surnames, first_names]

    def _group(self, text: str) -> str:
        """The group as the table spells it first."""
        if len(self.groups) > MOST_TEXTS:
            raise NotPlain
        name = " ".join(text.split())
        spelled = self.groups.setdefault(fold(name), name) if name else ""
        self.spelled[text] = spelled
        return spelled

    # ---- what it came to -----------------------------------------------------------------------------------

    def _ends(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """The end of each line: parts, activity, exact value, grade, status, remark."""
        outcomes = [self._outcomes(index, columns) for index in range(len(self.known))]
        levels = self._levels(columns)
        if len(self.ends) >= MOST_TEXTS:
            self.ends.clear()
            self.said.clear()
        ends: list[str | None] = list(map(self.ends.get, zip(*outcomes, levels, strict=True)))
        if None in ends:
            for row, key in enumerate(zip(*outcomes, levels, strict=True)):
                if ends[row] is None:
                    ends[row] = self.ends.get(key) or self._end(key, columns, row)
        return ends  # type: ignore[return-value]

    def _outcomes(self, index: int, columns: Sequence[Sequence[str]]) -> list[Outcome]:
        """What a part came to for each student."""
        cells = self.wide.parts[index]
        if not cells.columns:
            return [self.plan.leaves[index].nothing] * len(columns[0])
        by_time = self.by_time[index]
        if by_time is not None:
            scores, times = (columns[at] for at in cells.columns)
            try:
                return list(map(getitem, map(by_time.__getitem__, times), scores))
            except KeyError:
                outcomes = self._learned(index, columns)
                for score, time, outcome in zip(scores, times, outcomes, strict=True):
                    by_time[time][score] = outcome
                return outcomes
        return self._learned(index, columns)

    def _learned(self, index: int, columns: Sequence[Sequence[str]]) -> list[Outcome]:
        """The same, by all texts of the part's columns; new ones are read."""
        cells, known, leaf = self.wide.parts[index], self.known[index], self.plan.leaves[index]
        texts = _told_apart(cells, columns)
        outcomes: list[Outcome | None] = list(map(known.get, zip(*texts, strict=True)))
        if None not in outcomes:
            return outcomes  # type: ignore[return-value]
        if len(known) >= MOST_TEXTS:
            known.clear()
            self.by_time[index] = _by_time(cells)
        several = sorted(set(zip(*texts, strict=True)).difference(known))
        for text, student in zip(several, self.wide.read(several, cells.columns), strict=True):
            known[text] = leaf.outcome(student.attempts.get(cells.part.id, ()))
        return list(map(known.__getitem__, zip(*texts, strict=True)))

    def _levels(self, columns: Sequence[Sequence[str]]) -> list[int]:
        if self.level is None:
            return list(self.adjusts) * len(columns[0])
        texts = columns[self.level]
        several = sorted(set(texts).difference(self.levels))
        if several:
            for text, student in zip(several, self.wide.read([(t,) for t in several], [self.level]), strict=True):
                number, adjust = self.plan.adjust(student.level, student.attended)
                self.levels[text], self.adjusts[number] = number, adjust
        return list(map(self.levels.__getitem__, texts))

    def _end(self, key: tuple[object, ...], columns: Sequence[Sequence[str]], row: int) -> str:
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
        end = self.delimiter.join([*(at[part.id] for part in policy.parts), known[0]]) + self.line_end
        self.ends[key], self.said[end] = end, known[1]
        return end

    def _own_end(self, key: tuple[object, ...], columns: Sequence[Sequence[str]], row: int) -> str:
        """The same for a student of whom more decides than what each part came to."""
        student = self.wide.read([[column[row] for column in columns]], range(len(columns)))[0]
        result = self.plan.grader.grade(student, steps=False)
        end = self.line_of(self.cells(result)[NAMING:]) + self.line_end
        self.ends[key], self.said[end] = end, (result.status, result.grade)
        return end

    def _shown(self, outcome: Outcome) -> str:
        text = self.shown.get(outcome)
        if text is None:
            if len(self.shown) >= MOST_TEXTS:
                self.shown.clear()
            text = self.shown[outcome] = self._cell_of(self.value(outcome.result))
        return text

    def _cell_of(self, cell: str) -> str:
        """The cell as it stands in a line with others."""
        return self.line_of([cell, ""])[: -len(self.delimiter)]

    def line_of(self, cells: Sequence[str]) -> str:
        """The cells as a line, without its end."""
        text = io.StringIO()
        writer(text, self.words).writerow(cells)
        return text.getvalue().removesuffix("\r\n")


def _single_spaced(texts: Sequence[str]) -> list[str]:
    """The texts with single blanks in them, and none around them."""
    stripped = list(map(str.strip, texts))
    text = "".join(stripped)
    if "  " in text or any(blank in text for blank in BLANKS):
        return [" ".join(text.split()) for text in stripped]
    return stripped


class ByTime(dict[str, dict[str, Outcome]]):
    """For the text of a time the outcomes by the text of the score; one of them for all times that count alike."""

    def __init__(self, times: Times) -> None:
        super().__init__()
        self.times = times
        self.alike: dict[str, dict[str, Outcome]] = {}

    def __missing__(self, text: str) -> dict[str, Outcome]:
        if len(self) >= MOST_TEXTS:
            self.clear()
            self.alike.clear()
        found = self[text] = self.alike.setdefault(self.times[text], {})
        return found


def _by_time(cells: Cells) -> ByTime | None:
    """For a part whose columns are a score and its time; most are."""
    if len(cells.columns) != 2 or cells.times[0] is not None or cells.times[1] is None:
        return None
    return ByTime(cells.times[1])


def _told_apart(cells: Cells, columns: Sequence[Sequence[str]]) -> list[Sequence[str]]:
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
