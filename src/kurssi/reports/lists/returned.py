"""Grades on their way back into a system: which column, what stands there now, and the file that its importer takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from kurssi.diagnostics.message import Msg, Terms, Wrong, msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import Result
from kurssi.grading.result import LIVE, flat
from kurssi.policy.model import Part
from kurssi.reports.csv_and_markdown import FORMULA_SIGNS, harmless
from kurssi.reports.rows import cell, columns, remark
from kurssi.sheets.columns import cell_at, name_of
from kurssi.sheets.exported import Export, TextForm
from kurssi.sheets.fields import Field, names_of
from kurssi.sheets.table import Row, text_of
from kurssi.values.numbers import exact, read_number, rounded
from kurssi.values.vocabulary import fold

from . import Column, Listing, NotListed
from .importers import Importer, Target

PLACES = 2
"""Decimals of a grade that has more: no system shows a third."""
MOST_NAMED = 10
"""So many students, or columns, are named in a sentence."""
EMPTY = ("", "-", "–")
"""A cell of an export without a grade."""
PLAIN_TEXT = "PLAIN_TEXT"
"""How Blackboard calls feedback without mark-up."""


class Value(NamedTuple):
    """A grade on its way: its number, and its name in the scale."""

    number: Fraction
    label: str


class Change(NamedTuple):
    """A cell of the system, as it is and as it will be."""

    student: str
    name: str
    old: str
    new: str
    kind: Literal["new", "changed", "same"]


class Returned(NamedTuple):
    """The file, and what it does to the system."""

    importer: Importer
    file: str
    """The export that it is made from."""
    header: str
    """The column that is written."""
    rows: Sequence[Sequence[str]]
    form: TextForm
    export: Export
    changes: Sequence[Change]
    left_out: Sequence[str]
    """Students of the export who have no grade yet."""
    remarks: Sequence[Msg]

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return self.form.write(self.rows)


# ---- what is written ---------------------------------------------------------------------------------------


def top_of(book: Gradebook, part: Part | None) -> Fraction:
    """The largest number that a grade, or what a part came to, is out of."""
    if part is None or not book.policy.percent or (part.valued and part.in_grades):
        return Fraction(1 if part is not None and not part.valued and not part.parts else book.policy.scale.top)
    return part.max if part.in_points and part.max is not None and not part.parts else Fraction(100)


def values_of(book: Gradebook, part: Part | None) -> dict[str, Value]:
    """The final grade, or what a part came to, by student; who has none yet is left out."""
    values = {}
    for result in book.results:
        value = _grade(book, result) if part is None else _of_part(book, result, part)
        if value is not None:
            values[result.student.student] = value
    return values


def _grade(book: Gradebook, result: Result) -> Value | None:
    return None if result.grade is None else Value(Fraction(result.grade), book.policy.scale.label(result.grade))


def _of_part(book: Gradebook, result: Result, part: Part) -> Value | None:
    one = flat(result.parts).get(part.id)
    if one is None or one.open or one.state not in LIVE:
        return None
    if one.value is None:
        return Value(Fraction(one.state == "passed"), "HYV" if one.state == "passed" else "H")
    number = one.value
    if book.policy.percent:
        scale, top = book.policy.scale, top_of(book, part)
        low = Fraction(scale.lowest) if part.valued and part.in_grades and not part.parts else Fraction(0)
        number = low + number * (top - low) / 100
    whole = number.denominator == 1 and number in book.policy.scale.grades and not book.policy.percent
    return Value(number, book.policy.scale.label(int(number)) if whole else exact(rounded(number, PLACES)))


# ---- where it is written -----------------------------------------------------------------------------------


def chosen(importer: Importer, found: Sequence[Export], into: str | None) -> tuple[Export, Field | None]:
    """The export to write into, and the column that was named. Raises :class:`NotListed`."""
    fit = [export for export in found if export.layout.name == importer.layout]
    if not fit:
        raise NotListed(
            msg(
                "no sheet here is an export of {system}: name the one that the grades go back into, after the others, "
                "or say with --layout FILE={layout} which it is",
                system=importer.system,
                layout=importer.layout,
            )
        )
    if into is not None:
        for export in fit:
            for field in export.fields:
                if fold(into) in {fold(name) for name in names_of(field) if name}:
                    return export, field
        raise NotListed(msg("no column of {file} is called “{header}”", file=fit[0].table.file, header=into))
    if len(fit) > 1:
        names = Terms([export.table.file for export in fit])
        raise NotListed(
            msg("several sheets are exports of {system} ({files}): say with --into which column is meant",
                system=importer.system, files=names)
        )  # fmt: skip
    return fit[0], None


def target_of(
    importer: Importer, export: Export, named: Field | None, part: Part | None, top: Fraction
) -> Target | None:
    """The column to write into; ``None`` for a new one. Raises :class:`NotListed` where there is none that is right."""
    if named is not None:
        target = importer.target(export, named)
        if not isinstance(target, Target):
            raise NotListed(
                msg("no grade can be written into “{header}”: {reason}", header=named.header, reason=target)
            )
        _check_most(importer, target, top)
        return target
    if importer.adds_column:
        return None
    all_ = [one for field in export.fields if isinstance(one := importer.target(export, field), Target)]
    read = {column.at: column.role.part for column in export.columns if column.role.meaning == "score"}
    if part is not None:
        fit = [one for one in all_ if read.get(one.field.at) == part.id] or _named_like(all_, part)
    else:
        fit = [one for one in all_ if one.field.at not in read and one.most in (None, top)]
    if len(fit) == 1:
        _check_most(importer, fit[0], top)
        return fit[0]
    if not all_:
        raise NotListed(
            msg(
                "{file} has no column that {system} takes a grade into: make one out of {top} in {system}, and export "
                "again",
                file=export.table.file,
                system=importer.system,
                top=top,
            )
        )
    names = [one.field.header for one in (fit or all_)]
    shown = Terms([*names[:MOST_NAMED], *(["…"] if len(names) > MOST_NAMED else [])])
    raise NotListed(
        msg("say with --into HEADER into which column of {file}: {names}", file=export.table.file, names=shown)
    )


def _named_like(targets: Sequence[Target], part: Part) -> list[Target]:
    own = {fold(name) for name in (part.id, part.name, part.column) if name}
    return [one for one in targets if own & {fold(name) for name in names_of(one.field)}]


def _check_most(importer: Importer, target: Target, top: Fraction) -> None:
    if target.most is not None and target.most != top:
        raise NotListed(
            msg(
                "“{header}” is out of {most}, and the grade is out of {top}, so a grade there would be wrong: make a "
                "column out of {top} in {system}, and export again",
                header=target.field.header,
                most=target.most,
                top=top,
                system=importer.system,
            )
        )


# ---- the file ----------------------------------------------------------------------------------------------


def returned(
    book: Gradebook,
    importer: Importer,
    found: Sequence[Export],
    words: Words,
    *,
    into: str | None = None,
    part: Part | None = None,
    with_comments: bool = False,
) -> Returned:
    """The file for a system's importer. Raises :class:`NotListed` where it would do harm, or nothing."""
    export, named = chosen(importer, found, into)
    top = top_of(book, part)
    target = target_of(importer, export, named, part, top)
    values = values_of(book, part)
    changes, texts = [], {}
    names = {result.student.student: result.student.name for result in book.results}
    for row, student in export.rows:
        if (value := values.get(student)) is not None:
            old = text_of(cell_at(row, target.field.at)) if target is not None else ""
            texts[student] = _written(value, target, _decimal_sign(export))
            changes.append(Change(student, names[student], old, texts[student], _kind(old, value)))
    if not changes:
        raise NotListed(msg("nobody in {file} has a grade to hand back", file=export.table.file))
    if target is not None:
        _check_cells(book, export, target, part, changes, top)
    feedback = _feedback_column(importer, export, target) if with_comments and target is not None else None
    if with_comments and feedback is None:
        raise NotListed(
            msg(
                "{file} has no column for feedback on “{header}”: export it with feedback, or leave out "
                "--with-comments",
                file=export.table.file,
                header=target.field.header if target else words("grade"),
            )
        )
    said = _feedback(book, export, feedback, words) if feedback is not None else {}
    rows = _rows(importer, export, target, texts, feedback, said, top, words)
    left_out = [student for _, student in export.rows if student not in values]
    header = target.field.header if target is not None else words("grade")
    remarks = _remarks(importer, target, changes, values, left_out, top)
    if feedback is not None and (kept := len(texts) - len(said)):
        remarks.append(
            nmsg("{n} student has feedback there already, which stays as it is",
                 "{n} students have feedback there already, which stays as it is", n=kept)
        )  # fmt: skip
    return Returned(importer, export.table.file, header, rows, export.form, export, changes, left_out, remarks)


def _written(value: Value, target: Target | None, sign: str) -> str:
    if target is None or target.labels:
        return value.label
    return exact(rounded(value.number, PLACES)).replace(".", sign)


def _decimal_sign(export: Export) -> str:
    """The sign that the numbers of the export have; where none tells, the one that goes with its delimiter."""
    for row, _ in export.rows:
        for one in export.fields:
            text = text_of(cell_at(row, one.at)) if one.meaning in ("score", "total", "most") else ""
            if text.replace(".", "").replace(",", "").isdecimal() and ("," in text) != ("." in text):
                return "," if "," in text else "."
    return "," if export.form.delimiter == ";" else "."


def _number(text: str) -> Fraction | None:
    try:
        return read_number(text)
    except Wrong:
        return None


def _kind(old: str, value: Value) -> Literal["new", "changed", "same"]:
    if old in EMPTY:
        return "new"
    number = _number(old)
    same = rounded(value.number, PLACES) == rounded(number, PLACES) if number is not None else False
    return "same" if same or fold(old) == fold(value.label) else "changed"


def _check_cells(
    book: Gradebook, export: Export, target: Target, part: Part | None, changes: Sequence[Change], top: Fraction
) -> None:
    """The column is not one that is graded from, and what stands there is out of the same."""
    for column in export.columns:
        if column.at == target.field.at and column.role.meaning == "score":
            own = part is not None and part.id == column.role.part
            if not own or any(change.kind == "changed" for change in changes):
                name = next((p.name for p in book.policy.all_leaves() if p.id == column.role.part), column.role.part)
                raise NotListed(
                    msg(
                        "“{header}” is where the score of {part} is read from: a grade written there would be taken "
                        "for the score next time; make a column of its own for the grade",
                        header=name_of(column),
                        part=name,
                    )
                )
    if target.most is None and not target.labels and target.out_of is None:
        for change in changes:
            if (number := _number(change.old)) is not None and number > top:
                raise NotListed(
                    msg(
                        "“{header}” has {old} for {student}, and the grade is out of {top}, so a grade there would be "
                        "wrong: make a column out of {top}, and export again",
                        header=target.field.header,
                        old=change.old,
                        student=change.student,
                        top=top,
                    )
                )


def _feedback_column(importer: Importer, export: Export, target: Target) -> Field | None:
    for one in export.fields:
        if one.meaning != "known" or not (match := importer.feedback.fullmatch(fold(one.header))):
            continue
        groups = match.groupdict()
        item = groups.get("item") or groups.get("after")
        if item is None or item.strip() in {fold(name) for name in names_of(target.field)}:
            return one
    return None


def _feedback(book: Gradebook, export: Export, column: Field, words: Words) -> dict[str, str]:
    """What is said to each student who has a grade and no feedback there yet."""
    rows = {student: row for row, student in export.rows}
    said = {}
    for result in book.results:
        row = rows.get(result.student.student)
        if row is None or result.grade is None or text_of(cell_at(row, column.at)) not in EMPTY:
            continue
        parts = zip(columns(book), result.parts, strict=True)
        texts = [f"{part.name} {text}" for part, one in parts if (text := cell(one, words))]
        grade = words("grade {grade}", grade=book.policy.scale.label(result.grade))
        texts = [", ".join(texts), grade, remark(book, result, words)]
        said[result.student.student] = harmless("; ".join(text for text in texts if text))
    return said


def _rows(
    importer: Importer,
    export: Export,
    target: Target | None,
    texts: Mapping[str, str],
    feedback: Field | None,
    said: Mapping[str, str],
    top: Fraction,
    words: Words,
) -> list[list[str]]:
    """The header, the row of points where the importer wants it, and a row per student with a grade."""
    written = {} if target is None else {target.field.at: texts}
    if target is not None and target.out_of is not None:
        written[target.out_of.at] = dict.fromkeys(texts, exact(top))
    formats = None
    if feedback is not None:
        formats = next((f for f in export.fields if importer.feedback_format.fullmatch(fold(f.header))), None)
        written[feedback.at] = said
        if formats is not None:
            written[formats.at] = dict.fromkeys(said, PLAIN_TEXT)
    kept = [
        field
        for field in export.fields
        if field.at in written
        or field.meaning in importer.keeps
        or importer.keeps_headers.fullmatch(fold(field.header))
    ]
    rows = [[_raw(export.header, field) for field in kept] + ([words("grade")] if target is None else [])]
    if importer.keeps_most and export.most is not None:
        rows.append([_raw(export.most, field) for field in kept])
    for row, student in export.rows:
        if student in texts:
            cells = [
                written[field.at].get(student, _raw(row, field)) if field.at in written else _named(row, field)
                for field in kept
            ]
            rows.append(cells + ([texts[student]] if target is None else []))
    return rows


def _raw(row: Row, field: Field) -> str:
    found = cell_at(row, field.at)
    return found if isinstance(found, str) else found.text


def _named(row: Row, field: Field) -> str:
    """A cell that stays. No importer goes by a name, so one that a spreadsheet would run as a formula is held back."""
    text = _raw(row, field)
    if field.meaning in ("surname", "first name", "name") or text.startswith(("=", "@")):
        return harmless(text) if text[:1] in FORMULA_SIGNS and text.strip() not in EMPTY else text
    return text


def _remarks(
    importer: Importer,
    target: Target | None,
    changes: Sequence[Change],
    values: Mapping[str, Value],
    left_out: Sequence[str],
    top: Fraction,
) -> list[Msg]:
    remarks = []
    if left_out:
        named = ", ".join(left_out[:MOST_NAMED]) + (", …" if len(left_out) > MOST_NAMED else "")
        remarks.append(msg("left out, because they have no grade yet: {students}", students=named))
    if target is not None and target.labels:
        remarks.append(
            msg("“{header}” takes names of grades: {system} must have the same names in its scale",
                header=target.field.header, system=importer.system)
        )  # fmt: skip
    elif target is not None and target.most is None and target.out_of is None:
        remarks.append(
            msg("the export does not say what “{header}” is out of: see in {system} that it is {top}",
                header=target.field.header, system=importer.system, top=top)
        )  # fmt: skip
    written = [values[change.student].number for change in changes]
    if not (target is None or target.labels) and (cut := sum(rounded(v, PLACES) != v for v in written)):
        remarks.append(nmsg("{n} grade is rounded to two decimals", "{n} grades are rounded to two decimals", n=cut))
    if above := sum(value > top for value in written):
        remarks.append(
            nmsg("{n} grade is above {top}, which {system} may not take",
                 "{n} grades are above {top}, which {system} may not take", n=above, top=top, system=importer.system)
        )  # fmt: skip
    if not importer.imports:
        remarks.append(msg("itslearning documents no import of grades: this is a table to enter them from"))
    return remarks


# ---- what was handed on before -----------------------------------------------------------------------------


def unseen(changes: Sequence[Change], handed_on: Mapping[str, str]) -> list[Change]:
    """Cells whose export is older than a grade that was handed on: that grade is neither in it nor what is written."""
    return [
        change
        for change in changes
        if (before := handed_on.get(change.student)) is not None
        and not alike(before, change.new)
        and not alike(before, change.old)
    ]


def alike(one: str, other: str) -> bool:
    """Whether two cells hold the same grade."""
    numbers = _number(one), _number(other)
    return numbers[0] == numbers[1] if None not in numbers else fold(one) == fold(other)


# ---- what is shown -----------------------------------------------------------------------------------------


def listing(made: Returned, book: Gradebook, words: Words) -> Listing:
    """What would be written, old and new: cells that change, and how many of each kind there are."""
    counts = {kind: sum(change.kind == kind for change in made.changes) for kind in ("new", "changed", "same")}
    return Listing(
        made.importer.name,
        words("Grades for {system}: {course} ({id})", system=made.importer.system, course=book.file.course.name,
              id=book.id),
        [words("Into “{header}” of {file}", header=made.header, file=made.file)],
        (
            Column("student", words("student number")),
            Column("name", words("name")),
            Column("old", words("in the export"), True),
            Column("new", words("written"), True),
        ),
        [(c.student, c.name, c.old, c.new) for c in made.changes if c.kind != "same"],
        [
            ("new", words("new"), str(counts["new"])),
            ("changed", words("overwritten"), str(counts["changed"])),
            ("same", words("unchanged"), str(counts["same"])),
            ("left_out", words("without a grade"), str(len(made.left_out))),
        ],
        made.remarks,
    )  # fmt: skip
