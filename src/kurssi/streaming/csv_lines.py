"""The list of grades of a very large class as CSV, piece by piece: the same bytes as a smaller class gets.

A line is put together from its beginning (number, names, group, as they stand in the table) and its *end* (the values
of the parts, activity, exact value, grade, status, remark). Many students share an end, so ends are kept: by the texts
of the row, by the outcomes of the parts, and by the grader's key. What is new is worked out as for any class: by the
grader, by :mod:`kurssi.reports.rows` and :mod:`kurssi.reports.csv_and_markdown`.
"""

from __future__ import annotations

import io
import re
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import chain
from operator import getitem, lt
from typing import NamedTuple

from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import Grader, PartResult, Result
from kurssi.grading.compiled import Outcome
from kurssi.grading.grader import Adjust
from kurssi.grading.result import Verdict
from kurssi.reports.csv_and_markdown import BOM, FORMULA_SIGNS, NAMING, delimiter, first_line, harmless, line, writer
from kurssi.reports.rows import cell
from kurssi.sheets import ATTENDED, LEVEL, Act, acts_of
from kurssi.values.classlist import Student
from kurssi.values.vocabulary import fold

from .line_cache import Batch
from .trie import Trie
from .wide_table import MOST_TEXTS, NotStreamable, PartColumns, Times, WideTable, has_blanks

_UNSAFE = ("\r", '"')
"""What cells must not have in them to be written as they stand."""

_SIGNS = [sign for sign in FORMULA_SIGNS if not sign.isspace()]

_BETWEEN = " \n "
"""Between texts in which two blanks are looked for, so that one at an end is found, too."""

UNDECIDED = "\0"
"""Stands for status and grade of a row whose texts do not decide its end: it is then worked out from its cells."""

Naming = list[Sequence[str] | None]
"""Numbers, surnames, first names and groups of some students; None for a column that the table has not."""


class Piece(NamedTuple):
    """What a piece of the table came to, beside its lines: counts, and what must not contradict other pieces."""

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
    acted: frozenset[Act]
    """What rules of the policy can act on, seen so far."""
    late: frozenset[int]
    """The columns of times by which something came late that costs nothing, seen so far."""


class Came:
    """What one text of several cells came to. Texts that came to the same share one object, by which they are found."""

    __slots__ = ("cells", "level", "outcomes")

    def __init__(self, outcomes: tuple[tuple[int, Outcome], ...], level: int | None, cells: dict[int, str]) -> None:
        self.outcomes = outcomes
        """By the number of the part."""
        self.level = level
        """What activity adds, as its number in the grader's keys; None where the text does not say."""
        self.cells = cells
        """By column, cells of somebody who came to this."""


class _Alike(Result):
    """The result of whoever has these parts: without a name, times and weights."""

    __slots__ = ("_parts",)

    def __init__(self, verdict: Verdict, adjust: Fraction | None, parts: tuple[PartResult, ...]) -> None:
        super().__init__(Student(""), verdict, adjust)
        self._parts = parts

    @property
    def parts(self) -> tuple[PartResult, ...]:
        return self._parts


class Lines:
    """Turns pieces of a wide table into lines of the list of grades."""

    line_end = "\r\n"

    def __init__(self, wide: WideTable, book: Gradebook, words: Words) -> None:
        self.wide = wide
        self.book = book
        """The implementation, its policy and the day; without students."""
        self.words = words
        self.delimiter = delimiter(words)
        self.grader = Grader(book.policy, as_of=book.as_of)
        names = {wide.plain[meaning] for meaning in ("surname", "first name", "name") if meaning in wide.plain}
        self.named_by_head = (
            wide.pattern is not None and names <= set(wide.pattern.head) and self.delimiter == wide.delimiter
        )
        """Whether the head of a row in the table has the cells that begin its line."""
        ends = "\n" + re.escape(self.delimiter)
        self.blanks = re.compile(f" (?:[ {ends}]|(?<=[{ends}] ))")
        """A blank that is not alone between words."""
        self.known: list[dict[object, Outcome]] = [{} for _ in wide.parts]
        self.by_time = [_by_time(cells) for cells in wide.parts]
        self.cames: dict[tuple[object, ...], Came] = {}
        self.tree: Trie[Came] | None = None
        if wide.pattern is not None:
            stretches = wide.pattern.stretches
            self.tree = Trie(len(stretches), not stretches[-1].hours, self._came, self._end_of)
        self.levels: dict[str, int] = {}
        """What activity adds, as its number in the grader's keys, by the text of its column."""
        self.adjusts: dict[int, Fraction | None] = dict([self.grader.adjust(None, None)[:2]])
        self.ends: dict[tuple[object, ...], str] = {}
        """The end of a line by the outcomes of the parts and the level."""
        self.sums: dict[tuple[int, int], tuple[str, str]] = {}
        """The end of that, behind the parts, by the grader's denominator and key, with the sign of status and grade."""
        self.verdicts: dict[tuple[str, int | None], str] = {}
        """A sign for each status and grade."""
        self.signs: dict[str | None, str] = {None: UNDECIDED}
        """The sign of status and grade by the end of a line."""
        self.shown: dict[Outcome, str] = {}
        self.acted: set[Act] = set()
        self.late: set[int] = set()
        self.groups: dict[str, str] = {}
        self.spelled: dict[str, str] = {}

    def head(self) -> bytes:
        """The first line."""
        return (BOM + self.line_of(first_line(self.book, self.words))).encode() + b"\r\n"

    def of(self, piece: bytes) -> tuple[Piece, list[bytes]]:
        """What a piece of the table comes to, and its lines. Raises :class:`NotStreamable`."""
        lines: list[bytes] = []
        students: list[Sequence[str]] = []
        groups_before = len(self.groups)
        signs: list[str] = []
        last, ascending = "", True
        for batch in self.wide.batches(piece):
            ids = batch.columns[self.wide.student]
            ascending = ascending and last < ids[0] and all(map(lt, ids, ids[1:]))
            last = ids[-1]
            students.append(ids)
            ends, said = self._ends_of(batch)
            signs.append(said)
            lines.append(self._together(self.heads(batch), ends).encode())
        said = "".join(signs)
        counts = Counter({verdict: n for verdict, sign in self.verdicts.items() if (n := said.count(sign))})
        new = dict(list(self.groups.items())[groups_before:])
        numbers = array("q", () if ascending else map(hash, chain.from_iterable(students)))
        first = students[0][0] if students else ""
        return Piece(
            len(said), first, last, ascending, numbers, new, counts, frozenset(self.acted), frozenset(self.late)
        ), lines

    def numbers(self, piece: bytes) -> array[int]:
        """A hash of each student number in a piece of the table."""
        students = (batch.columns[self.wide.student] for batch in self.wide.batches(piece))
        return array("q", map(hash, chain.from_iterable(students)))

    def _together(self, heads: Naming, ends: list[str]) -> str:
        """The lines, of the columns that begin them and their ends."""
        columns: list[Sequence[str]] = []
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

    def heads(self, batch: Batch) -> Naming:
        """The cells that begin each line, ready to be written; the first text may hold those of several columns."""
        pattern = self.wide.pattern
        columns: Sequence[Sequence[str]] = batch.columns
        if batch.heads and pattern is not None:
            if self.named_by_head and self._as_it_stands(batch.heads):
                groups = self._groups(columns)
                if groups is None or not self._unsafe([groups]):
                    return [batch.heads, *[None] * (NAMING - 1 - len(pattern.head)), groups]
            columns = pattern.parted(batch)
        heads = self.naming(columns)
        if not self._unsafe([head for head in heads if head is not None]):
            return heads
        return [head and [self._cell_of(harmless(cell)) for cell in head] for head in heads]

    def _as_it_stands(self, heads: Sequence[str]) -> bool:
        """Whether cells of the table, without a line feed or a quotation mark in them, can be written as they stand.

        Or may be: it does not look closely.
        """
        text = "\n".join(chain(("",), heads, ("",)))
        name = "" if self.delimiter == "," else ","
        return not (
            self.blanks.search(text)
            or has_blanks(text, but="\n ")
            or (name and name in text)
            or any(sign in text and ("\n" + sign in text or self.delimiter + sign in text) for sign in _SIGNS)
        )

    def _unsafe(self, columns: Sequence[Sequence[str]]) -> bool:
        """Whether there might be cells that cannot be written as they are."""
        text = "\n".join(chain(("",), *columns))
        return (
            text.count("\n") != sum(map(len, columns))
            or any(sign in text for sign in (self.delimiter, *_UNSAFE))
            or any(sign in text and "\n" + sign in text for sign in _SIGNS)
        )

    def naming(self, columns: Sequence[Sequence[str]]) -> Naming:
        """Numbers, surnames, first names and groups; None for a column that the table has not."""
        return [columns[self.wide.student], *self._names(columns), self._groups(columns)]

    def _groups(self, columns: Sequence[Sequence[str]]) -> list[str] | None:
        at, spelled = self.wide.plain.get("group"), self.spelled
        if at is None:
            return None
        return [spelled[text] if text in spelled else self._group(text) for text in columns[at]]

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
        surnames = list(surnames or [""] * len(names))
        first_names = list(first_names or [""] * len(names))
        for index, name in enumerate(names):
            if not surnames[index] and not first_names[index]:
                surname, _, first = name.partition(",")
                surnames[index], first_names[index] = surname.strip(), first.strip()
        return [surnames, first_names]

    def _group(self, text: str) -> str:
        """The group as the table spells it first."""
        if len(self.groups) > MOST_TEXTS:
            raise NotStreamable
        name = " ".join(text.split())
        spelled = self.groups.setdefault(fold(name), name) if name else ""
        self.spelled[text] = spelled
        return spelled

    # ---- what it came to -----------------------------------------------------------------------------------

    def _ends_of(self, batch: Batch) -> tuple[list[str], str]:
        """The end of each line (parts, activity, exact value, grade, status, remark), and for each its sign."""
        if len(self.signs) >= MOST_TEXTS:
            self.ends.clear()
            self.signs = {None: UNDECIDED}
            if self.tree is not None:
                self.tree.forget()
        if not batch.texts or self.tree is None:
            ends = self._ends(batch.columns)
            return ends, "".join(map(self.signs.__getitem__, ends))
        found = self.tree.find(batch.texts)
        signs = "".join(map(self.signs.__getitem__, found))
        if UNDECIDED in signs:
            rows = [row for row, sign in enumerate(signs) if sign == UNDECIDED]
            lines = batch.lines.split("\n")
            columns = self.wide.columns("".join([lines[row] + "\n" for row in rows]))
            if columns is None:
                raise NotStreamable
            for row, end in zip(rows, self._ends(columns), strict=True):
                found[row] = end
            signs = "".join(map(self.signs.__getitem__, found))
        return found, signs  # type: ignore[return-value]

    def _ends(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """The end of each line, by columns."""
        outcomes = [self._outcomes(index, columns) for index in range(len(self.known))]
        levels = self._levels(columns)
        ends: list[str | None] = list(map(self.ends.get, zip(*outcomes, levels, strict=True)))
        if None in ends:
            for row, key in enumerate(zip(*outcomes, levels, strict=True)):
                if ends[row] is None:
                    ends[row] = self.ends.get(key) or self._end(key, partial(_row, columns, row))
        return ends  # type: ignore[return-value]

    def _came(self, place: int, texts: Sequence[str]) -> list[Came | None]:
        """What each text of a stretch comes to; None where its time has no minutes and they do not all count alike."""
        wide, pattern = self.wide, self.wide.pattern
        assert pattern is not None  # noqa: S101 - else there is no tree
        stretch = pattern.stretches[place]
        rows = {text: cells for text in texts if (cells := wide.cells(stretch, text)) is not None}
        columns: list[Sequence[str]] = [()] * len(wide.header)
        for column, texts_ in zip(stretch.columns, zip(*rows.values(), strict=True), strict=bool(rows)):
            columns[column] = texts_
        parts = [index for index, part in enumerate(wide.parts) if not set(part.columns).isdisjoint(stretch.columns)]
        outcomes = [self._learned(index, columns) for index in parts] if rows else []
        levels = self._levels(columns) if wide.level in stretch.columns and rows else [None] * len(rows)
        found: dict[str, Came] = {}
        for row, (text, own) in enumerate(rows.items()):
            these = tuple((index, column[row]) for index, column in zip(parts, outcomes, strict=True))
            key = (these, levels[row])
            came = self.cames.get(key)
            if came is None:
                came = self.cames[key] = Came(*key, dict(zip(stretch.columns, own, strict=True)))
            found[text] = came
        return [found.get(text) for text in texts]

    def _end_of(self, path: Sequence[Came]) -> str:
        """The end of a line by what its stretches came to."""
        outcomes: list[object] = [leaf.nothing.outcome for leaf in self.grader.leaves]
        level = next(iter(self.adjusts))
        for came in path:
            for index, outcome in came.outcomes:
                outcomes[index] = outcome
            if came.level is not None:
                level = came.level
        key = (*outcomes, level)
        return self.ends.get(key) or self._end(key, lambda: dict(chain(*(came.cells.items() for came in path))))

    def _outcomes(self, index: int, columns: Sequence[Sequence[str]]) -> list[Outcome]:
        """What a part came to for each student."""
        cells = self.wide.parts[index]
        if not cells.columns:
            return [self.grader.leaves[index].nothing.outcome] * len(columns[0])
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
        cells, known, leaf = self.wide.parts[index], self.known[index], self.grader.leaves[index]
        texts = _told_apart(cells, columns)
        outcomes: list[Outcome | None] = list(map(known.get, zip(*texts, strict=True)))
        if None not in outcomes:
            return outcomes  # type: ignore[return-value]
        if len(known) >= MOST_TEXTS:
            known.clear()
            self.by_time[index] = _by_time(cells)
        several = sorted(set(zip(*texts, strict=True)).difference(known))
        for text, student in zip(several, self.wide.read(several, cells.columns), strict=True):
            attempts = student.attempts.get(cells.part.id, ())
            known[text] = leaf.find(attempts).outcome
            self.acted.update(acts_of(cells.part, attempts))
            self.late.update(cells.late(attempts, self.wide.zone))
        return list(map(known.__getitem__, zip(*texts, strict=True)))

    def _levels(self, columns: Sequence[Sequence[str]]) -> list[int]:
        if self.wide.level is None:
            return list(self.adjusts) * len(columns[0])
        texts = columns[self.wide.level]
        several = sorted(set(texts).difference(self.levels))
        if several:
            for text, student in zip(several, self.wide.read([(t,) for t in several], [self.wide.level]), strict=True):
                number, adjust, _ = self.grader.adjust(student.level, student.attended)
                if student.level is not None:
                    self.acted.add(LEVEL)
                if student.attended is not None:
                    self.acted.add(ATTENDED)
                self.levels[text], self.adjusts[number] = number, adjust
        return list(map(self.levels.__getitem__, texts))

    def _end(self, key: tuple[object, ...], cells: Callable[[], Mapping[int, str]]) -> str:
        """The end of one student's line, kept for others who come to the same; ``cells`` by column."""
        outcomes: list[Outcome] = list(key[:-1])  # type: ignore[arg-type]
        level: int = key[-1]  # type: ignore[assignment]
        found = self.grader.found(outcomes)
        name = (self.grader.top.denominator, sum([outcome.key for outcome in found]) + level)
        known = self.sums.get(name)
        policy = self.book.policy
        if known is None:
            if any(outcome.kind for outcome in found):
                return self._own_end(key, cells())
            adjust = self.adjusts[level]
            verdict = self.grader.verdict(outcomes, Adjust(level, adjust))
            result = _Alike(verdict, adjust, tuple([outcome.result for outcome in found]))
            texts = self.cells(result)[NAMING + len(policy.parts) :]
            if len(self.sums) >= MOST_TEXTS:
                self.sums.clear()
            known = self.sums[name] = (self.line_of(texts), self._sign(result))
        end = self.delimiter.join([*map(self._shown, found), known[0]]) + self.line_end
        self.ends[key], self.signs[end] = end, known[1]
        return end

    def _own_end(self, key: tuple[object, ...], cells: Mapping[int, str]) -> str:
        """The same for a student of whom more decides than what each part came to."""
        student = self.wide.read([list(cells.values())], list(cells))[0]
        result = self.grader.grade(student)
        end = self.line_of(self.cells(result)[NAMING:]) + self.line_end
        self.ends[key], self.signs[end] = end, self._sign(result)
        return end

    def _sign(self, result: Result) -> str:
        return self.verdicts.setdefault((result.status, result.grade), chr(1 + len(self.verdicts)))

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


def _row(columns: Sequence[Sequence[str]], row: int) -> dict[int, str]:
    return {at: column[row] for at, column in enumerate(columns)}


def _single_spaced(texts: Sequence[str]) -> Sequence[str]:
    """The texts with single blanks in them, and none around them."""
    text = f"\n {_BETWEEN.join(texts)} \n"
    if "  " in text or text.count("\n") != 1 + len(texts) or has_blanks(text, but="\n "):
        return [" ".join(text.split()) for text in texts]
    return texts


class ByTime(dict[str, dict[str, Outcome]]):
    """By the text of a time, then by that of the score: the outcome. All times that count alike share a dictionary."""

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


def _by_time(cells: PartColumns) -> ByTime | None:
    """For a part whose columns are a score and its time; most are."""
    if len(cells.columns) != 2 or cells.times[0] is not None or cells.times[1] is None:
        return None
    return ByTime(cells.times[1])


def _told_apart(cells: PartColumns, columns: Sequence[Sequence[str]]) -> list[Sequence[str]]:
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
