"""Names and addresses beside a number that is known: whether they are those of the roster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kurssi.diagnostics.finding import Place, Severity
from kurssi.diagnostics.message import msg, nmsg
from kurssi.values.classlist import Student
from kurssi.values.vocabulary import fold

from .columns import Column, Joined, Meaning, Role, Sheet, cell_at
from .report import Report, listed_some, shown
from .table import Row, is_blank, text_of

if TYPE_CHECKING:
    from .held import Store

_NAMES: tuple[Meaning, ...] = ("surname", "first name", "name")
_ADDRESSES: tuple[Meaning, ...] = ("email", "login")


def check_names(joined: Sequence[Joined], own: Store, students: Sequence[Student], report: Report) -> None:
    """Says for each sheet in which rows another name, or another address, stands than the one that is used.

    It is a warning where the names have nothing in common: the number is then likely another person's.
    """
    for one in joined[1:]:
        sheet = one.sheet
        if sheet.kind != "students":
            continue
        named = [column for meaning in _NAMES if (column := sheet.column(meaning)) is not None]
        addressed = [column for meaning in _ADDRESSES if (column := sheet.column(meaning)) is not None]
        places: list[Place] = []
        shown_names: list[str] = []
        strangers = False
        for row, key in zip(one.rows, one.keys, strict=True) if named or addressed else ():
            student = students[int(key)]
            other = _other_name(row, named, student)
            if other:
                places += [_place(sheet, row, column) for column in named if text_of(cell_at(row, column.at))]
                shown_names.append(f"{student.student} (“{shown(other)}”)")
                strangers = strangers or not words_of(other) & words_of(student.name)
            for column in addressed:
                said = own[Role(column.role.meaning)].value(key)
                text = text_of(cell_at(row, column.at))
                if text and said is not None and fold(str(said)) != fold(text):
                    places.append(_place(sheet, row, column))
                    shown_names.append(f"{student.student} (“{shown(text)}”)")
        if places:
            say_differ(sheet, places, shown_names, strangers, report)


def _place(sheet: Sheet, row: Row, column: Column) -> Place:
    return sheet.table.place(row.number, column.at)


def _other_name(row: Row, columns: Sequence[Column], student: Student) -> str:
    """The name in a row where it is not the student's, or only a longer or a shorter form of it."""
    cells = [cell_at(row, column.at) for column in columns]
    texts = [text_of(cell) for cell in cells if not is_blank(cell)]
    if not texts or all(text in (student.surname, student.first_name, student.name) for text in texts):
        return ""
    return " ".join(texts) if differ(" ".join(texts), student.name) else ""


def differ(one: str, other: str) -> bool:
    """Whether two names are not one, and none is only a longer or a shorter form of the other."""
    theirs, mine = words_of(one), words_of(other)
    return bool(mine and theirs) and not theirs <= mine and not mine <= theirs


def words_of(*names: str) -> set[str]:
    """The folded words of names, whatever stands between them."""
    return set(fold(" ".join(names)).replace(",", " ").replace("-", " ").split())


def say_differ(sheet: Sheet, places: Sequence[Place], names: Sequence[str], strangers: bool, report: Report) -> None:
    """One finding on the names and addresses of a sheet that are others than those that are used."""
    report.add(
        "names-differ",
        Severity.warning if strangers else Severity.info,
        places[0],
        nmsg(
            "{file} has another name or address for {n} student than the one that is used: {names}",
            "{file} has other names or addresses for {n} students than the ones that are used: {names}",
            n=len(names),
            file=sheet.table.file,
            names=listed_some(names),
        ),
        msg("see whether the number belongs to the person: what stands first, in the roster, is used"),
        listed_some([place.cell or "" for place in places]),
    )
