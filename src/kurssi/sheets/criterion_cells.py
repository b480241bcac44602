"""What a cell says of one criterion of a rubric: a level of it, or that it is still to come (contract 11.8)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

from kurssi.diagnostics.message import msg
from kurssi.values.classlist import OPEN, AttemptState
from kurssi.values.vocabulary import CELLS, fold

from .cells import BLANK, Reader, Score, level_words, no_error, number_of
from .layouts import Layout
from .report import Bad, shown
from .table import Cell, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy


def criterion_reader(part: Part, key: str, policy: Policy, column: str, layout: Layout | None) -> Reader:
    """The reader of a criterion's cells; words of the system that wrote them come before all others."""
    rubric = part.rubric
    if rubric is None:
        raise ValueError(f"no rubric: {part.id}")
    criterion = next(criterion for criterion in rubric.criteria if criterion.id == key)
    words = level_words(criterion, part, policy)
    own = policy.scale.own and part.in_grades
    labels = {fold(word): score for word, (score, _) in zip(words, criterion.levels, strict=True)} if own else {}

    def read(cell: Cell) -> object:
        no_error(cell, column)
        text = text_of(cell)
        folded = fold(text)
        said = next((state for word, state in layout.words if word.fullmatch(folded)), None) if layout else None
        if said in ("", "unassigned"):
            return BLANK
        if folded in labels:
            return Score("scored", labels[folded])
        word = CELLS.get(folded) if said is None else cast(AttemptState, said)
        if word in OPEN:
            return Score(word)
        if word is not None:
            raise Bad(
                "bad-score",
                msg("“{value}” in “{column}” says nothing of one criterion", value=shown(text), column=column),
                msg("write it at the whole part, “{part}”, and leave the cells of its criteria empty", part=part.name),
                text,
            )
        number: Fraction | None = None if own else number_of(cell, column)
        if number is None or criterion.text(number) is None:
            raise Bad(
                "score-off-scale" if number is not None else "bad-score",
                msg(
                    "“{value}” in “{column}” is no level of this criterion: {levels}",
                    value=shown(text),
                    column=column,
                    levels=", ".join(words),
                ),
                msg("write one of the levels, or add this one to the rubric with its text"),
                text,
            )
        return Score("scored", number)

    return read
