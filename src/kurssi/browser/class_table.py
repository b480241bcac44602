"""The graded class as a table that somebody looks at and writes into: grades, and the cells that they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from kurssi.analysis.sensitivity import late_deducts
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook, kinds_of
from kurssi.grading import Result
from kurssi.reports.explanation import sections, verdict
from kurssi.reports.part_cells import in_unit
from kurssi.reports.rows import row, summary
from kurssi.sheets.cells import identifier
from kurssi.sheets.columns import Column, Sheet, cell_at
from kurssi.sheets.table import Row, text_of
from kurssi.values.numbers import exact
from kurssi.values.vocabulary import fold

from .understood import sheets_of

WRITTEN = ("score", "activity", "attended")
"""The meanings of columns that are shown as they stand in the sheets."""


class Where(NamedTuple):
    """A cell of a sheet: the file, the worksheet, the row from 1 and the column from 0."""

    file: str
    worksheet: str | None
    row: int
    column: int


class Field(NamedTuple):
    """One column of the table, over all sheets that have it."""

    meaning: str
    part: str
    attempt: int
    component: str


def class_table(book: Gradebook, words: Words) -> dict[str, Any]:
    """Everything that the page shows of a class, but the steps."""
    sheets = _sheets(book)
    found: dict[Field, None] = {
        field: None for sheet in sheets for column in sheet.columns if (field := _field(column)) is not None
    }
    order = {part.id: at for at, part in enumerate(book.policy.leaves())}
    fields = sorted(found, key=lambda f: (f.meaning != "score", order.get(f.part, len(order)), f.attempt))
    names = {part.id: part.name for part in book.policy.leaves()}
    cells = _Cells(sheets)
    values = sorted({result.exact for result in book.results if result.exact is not None})
    ranks: dict[Fraction | None, int] = {value: rank for rank, value in enumerate(values)}
    return {
        "id": book.id,
        "course": book.file.course.name,
        "parts": [{"id": part.id, "name": part.name} for part in book.policy.parts],
        "fields": [{**field._asdict(), "name": names.get(field.part, "")} for field in fields],
        "students": [
            {
                **_student(book, result, fields, cells, words),
                "rank": None if result.exact is None else ranks[result.exact],
            }
            for result in book.results
        ],
        "summary": summary(book, words),
        "distribution": [
            {"grade": grade, "label": book.policy.scale.label(grade), "n": n}
            for grade, n in zip(book.policy.scale.grades, book.distribution().values(), strict=True)
        ],
        "incomplete": book.count("incomplete"),
        "weights": [
            {"id": part.id, "name": part.name, "weight": exact(part.weight)}
            for part in book.policy.parts
            if part.counts and part.weight is not None
        ],
        "late": any(part.late is not None and part.dues[0] is not None for part in book.policy.leaves()),
        "deducts": late_deducts(book.policy),
    }


def explained(book: Gradebook, result: Result, words: Words) -> dict[str, Any]:
    """A student's grade, step by step, each with the line of its rule."""
    return {
        "student": result.student.student,
        "name": result.student.name,
        "verdict": verdict(book, result, words),
        "sections": [
            {
                "heading": section.heading,
                "steps": [
                    {"kind": kind, "text": text, "rule": rule, "line": int(rule.rpartition(":")[2])}
                    for kind, text, rule in section.lines
                ],
            }
            for section in sections(book, result, words)
        ],
    }


def _student(book: Gradebook, result: Result, fields: Sequence[Field], cells: _Cells, words: Words) -> dict[str, Any]:
    shown = row(book, result, words)
    student, came = result.student, shown.came_to
    return {
        "student": student.student,
        "name": shown.name,
        "group": shown.group,
        "cells": [cells.of(student.student, student.group, field) for field in fields],
        "values": came.parts,
        "exact": "" if result.exact is None else in_unit(result.exact, words, book.policy.percent),
        "grade": came.grade,
        "number": result.grade,
        "status": result.status,
        "state": came.status,
        "remark": came.remark,
    }


def _sheets(book: Gradebook) -> list[Sheet]:
    sources = [
        (source.path, source.content)
        for source, kind in zip(book.inputs, kinds_of([source.path for source in book.inputs]), strict=True)
        if kind == "sheet" and isinstance(source.content, bytes)
    ]
    sheets, _ = sheets_of(sources, book.policy, book.reading._replace(columns=book.file.columns or {}))
    return [sheet for sheet in sheets if sheet.kind != "peer"]


def _field(column: Column) -> Field | None:
    role = column.role
    return Field(role.meaning, role.part, role.attempt, role.component) if role.meaning in WRITTEN else None


class _Cells:
    """Where the cells of a student stand: in rows of students, and in those of groups."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._own: dict[Field, list[tuple[Sheet, Column, dict[str, Row]]]] = {}
        self._shared: dict[Field, list[tuple[Sheet, Column, dict[str, Row]]]] = {}
        for sheet in sheets:
            key = sheet.column("student" if sheet.kind == "students" else "group")
            if key is None:
                continue
            rows = {_key(sheet, one, key): one for one in sheet.rows}
            kept = self._own if sheet.kind == "students" else self._shared
            for column in sheet.columns:
                if (field := _field(column)) is not None:
                    kept.setdefault(field, []).append((sheet, column, rows))

    def of(self, student: str, group: str | None, field: Field) -> dict[str, Any]:
        """What stands there and where it can be written: in the student's own row, else in the group's."""
        own = list(_found(self._own.get(field, ()), student))
        shared = list(_found(self._shared.get(field, ()), fold(group))) if group else []
        text, where = next((pair for pair in own if pair[0]), own[0] if own else ("", None))
        if not text and shared:
            return {"text": shared[0][0], "shared": True, "where": (where or shared[0][1])._asdict()}
        return {"text": text, "shared": False, "where": None if where is None else where._asdict()}


def _key(sheet: Sheet, one: Row, key: Column) -> str:
    cell = cell_at(one, key.at)
    return identifier(text_of(cell)) if sheet.kind == "students" else fold(text_of(cell))


def _found(places: Sequence[tuple[Sheet, Column, dict[str, Row]]], key: str) -> Iterator[tuple[str, Where]]:
    for sheet, column, rows in places:
        one = rows.get(key)
        if one is not None:
            yield (
                text_of(cell_at(one, column.at)),
                Where(sheet.table.file, sheet.table.sheet, one.number, column.at),
            )
