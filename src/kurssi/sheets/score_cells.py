"""What a cell says of a score: on the scale of its part, or as a system writes it (contract section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.values.classlist import AttemptState
from kurssi.values.numbers import exact, read_number
from kurssi.values.patterns import Regex
from kurssi.values.vocabulary import CELLS, fold

from .cells import BLANK, Reader, Score, no_error, number_of
from .layouts import Layout
from .near import decimal_meant, has_note, number_meant
from .reading import Unit
from .report import Bad, Way, shown
from .table import Cell, Native, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy
    from kurssi.policy.scales import Scale

_THOUSANDS = Regex(r"[1-9]\d{0,2}[.,]\d{3}")


def score_reader(part: Part, policy: Policy, column: str) -> Reader:
    """The reader of a part's scores."""
    scale = policy.scale
    own = scale.own and part.in_grades
    labels = {fold(label): Score("scored", Fraction(i)) for i, label in reversed(list(enumerate(scale.labels)))}
    labels = labels if own else {}
    least, most = part.ends(scale)
    valued = part.valued

    def read(cell: Cell) -> Score:
        no_error(cell, column)
        text = text_of(cell)
        folded = fold(text)
        if folded in labels:
            return labels[folded]
        if (word := _word(folded, text, part, policy, column)) is not None:
            return Score(word)
        try:
            number = number_of(cell, column)
        except Bad as bad:
            if (share := bad.found) is not None and share.endswith("%"):
                raise Bad(bad.rule, bad.message, lambda: _instead_of_percentage(part, policy, share), share) from None
            raise _suggesting(bad, cell, least, most, lambda: takes(part, policy)) from None
        if number is None or own or (not valued and number not in (0, 1)):
            no_score = Bad(
                "bad-score",
                msg("“{value}” in “{column}” is no score of this part", value=shown(text), column=column),
                lambda: _hint(part, policy, text),
                text,
            )
            if own or not valued:
                raise no_score
            raise _suggesting(no_score, cell, least, most, lambda: takes(part, policy))
        if not valued:
            return Score("passed" if number else "failed")
        if number < least or (most is not None and number > most):
            ends = exact(least), "…" if most is None else exact(most)
            raise _off_scale(text, column, *ends, lambda: off_scale_hint(part, number, least, most))
        return Score("scored", number)

    return read


def _word(folded: str, text: str, part: Part, policy: Policy, column: str) -> AttemptState | None:
    """The state that a word of the file says, where the part can be in it."""
    word = CELLS.get(folded)
    if word == "failed" and folded == "h" and not _knows_bare_h(part, policy.scale):
        raise Bad(
            "bad-score",
            msg("“{value}” in “{column}” does not say fail under this scale", value=text, column=column),
            msg("write fail or hylätty, or a grade: {takes}", takes=takes(part, policy)),
            text,
        )
    if word == "passed" and part.valued:
        raise Bad(
            "bad-score",
            msg("“{value}” in “{column}” says passed, but the part is not pass-fail", value=shown(text), column=column),
            msg("write a score: {takes}", takes=takes(part, policy)),
            text,
        )
    return word


def _off_scale(text: str, column: str, least: str, most: str, way: Way) -> Bad:
    return Bad(
        "score-off-scale",
        msg(
            "{value} in “{column}” is off the scale: {least} to {most}",
            value=shown(text),
            column=column,
            least=least,
            most=most,
        ),
        way,
        text,
    )


def _instead_of_percentage(part: Part, policy: Policy, text: str) -> Msg:
    """What to write for ``80 %``: the points that it is, or a score of the scale."""
    try:
        share = read_number(text[:-1].rstrip())
    except Wrong:
        share = None
    if not part.in_points or part.max is None or share is None or not 0 <= share <= 100:
        return msg("write a score: {takes}", takes=takes(part, policy))
    points = exact(share * part.max / 100)
    return msg("write the points: {share} of {most} is {points}", share=text, most=exact(part.max), points=points)


def _suggesting(bad: Bad, cell: Cell, least: Fraction, most: Fraction | None, taken: Callable[[], str]) -> Bad:
    """The same, with the score that was probably meant, where that can be said."""

    def way() -> Msg | None:
        text = text_of(cell)
        meant = number_meant(text, least, most) if isinstance(cell, str) else None
        if meant is None:
            return bad.way() if callable(bad.way) else bad.way
        if has_note(text):
            return msg(
                "did you mean {near}? The part takes {takes}; a note stands in a column of its own",
                near=meant,
                takes=taken(),
            )
        return msg("did you mean {near}? The part takes {takes}", near=meant, takes=taken())

    return Bad(bad.rule, bad.message, way, bad.found)


def off_scale_hint(part: Part, number: Fraction, least: Fraction, most: Fraction | None) -> Msg:
    """What to look at where a score is off its scale: the scale, a lost decimal separator, a percentage."""
    near = decimal_meant(number, least, most) if most is not None else None
    if not part.in_points:
        if near is not None:
            return msg(
                "did you mean {near}? Points are converted only where the part says graded: points and max", near=near
            )
        return msg("points are converted only where the part says graded: points and max")
    if number < least:
        return msg("points begin at 0; write - where nothing was handed in")
    if near is not None:
        return msg("did you mean {near}? Else correct max: in the part, or the score if it is a percentage", near=near)
    if most is not None and number <= most * 2:
        more = exact(number - (part.max or most))
        return msg("correct the score or max:, or write over: {more} in the part if points beyond max count", more=more)
    return msg("correct the score, or max: in the part; a percentage has to be written as points")


def export_reader(part: Part, policy: Policy, column: str, unit: Unit, layout: Layout | None) -> Reader:
    """The reader of a column of scores that a system wrote, or whose numbers somebody has named the unit of.

    Words of the system come before all others. A percentage, and points that are to be converted, become points of the
    part exactly; in a pass-fail part all of the points is passed and none is failed.
    """
    read = score_reader(part, policy, column)
    share = unit.kind == "percent" or unit.convert
    whole = Fraction(100) if unit.kind == "percent" else unit.most or Fraction(1)
    of = part.max if part.in_points else Fraction(1)
    most = whole if share else unit.most or of or Fraction(1)

    def read_export(cell: Cell) -> object:
        no_error(cell, column)
        text = text_of(cell)
        folded = fold(text)
        if layout is not None:
            state = next((state for word, state in layout.words if word.fullmatch(folded)), None)
            if state is not None:
                return BLANK if state in ("", "unassigned") else Score(cast(AttemptState, state))
        if unit.kind == "letter" and number_of(cell, column) is not None and not _is_label(part, policy, folded):
            raise Bad(
                "bad-score",
                msg("“{value}” in “{column}” is no label of the scale", value=shown(text), column=column),
                msg("the header says letters: export the grades or the points"),
                text,
            )
        if most >= 1000 and isinstance(cell, str) and _THOUSANDS.fullmatch(text):
            raise _perhaps_thousands(text, column)
        if not share or folded in CELLS:
            return read(cell)
        if unit.kind == "percent" and isinstance(cell, Native) and cell.kind == "number":
            raise _percent_or_share(text, column)
        bare = text.removesuffix("%").rstrip() if unit.kind == "percent" else text
        number = number_of(bare if isinstance(cell, str) else cell, column)
        if number is None or number < 0 or of is None:
            return read(cell)
        if number > whole:
            hint = msg("correct the score, or what the numbers of this column are out of")
            raise _off_scale(text, column, "0", exact(whole) + (" %" if unit.kind == "percent" else ""), hint)
        if not part.valued:
            if number not in (0, whole):
                raise _neither_all_nor_nothing(text, column, whole)
            return Score("passed" if number else "failed")
        return Score("scored", number * of / whole)

    return read_export


def _perhaps_thousands(text: str, column: str) -> Bad:
    return Bad(
        "bad-score",
        msg(
            "“{value}” in “{column}” may be {large} or a number with decimals",
            value=shown(text),
            column=column,
            large=re.sub("[.,]", "", text),
        ),
        msg("write it without a thousands separator"),
        text,
    )


def _percent_or_share(text: str, column: str) -> Bad:
    return Bad(
        "bad-score",
        msg(
            "“{value}” in “{column}” may be {value} % or {value} of 1: the workbook does not say",
            value=shown(text),
            column=column,
        ),
        msg("export as CSV, or write the points"),
        text,
    )


def _neither_all_nor_nothing(text: str, column: str, whole: Fraction) -> Bad:
    return Bad(
        "bad-score",
        msg(
            "{value} of {most} in “{column}” is neither all nor nothing",
            value=shown(text),
            most=exact(whole),
            column=column,
        ),
        msg("write graded: points and minimum: into the part, or HYV or H into a sheet of your own"),
        text,
    )


def _is_label(part: Part, policy: Policy, folded: str) -> bool:
    return part.in_grades and folded in {fold(label) for label in policy.scale.labels}


def _knows_bare_h(part: Part, scale: Scale) -> bool:
    return not part.valued or scale.name in ("0-5", "H-5")


def takes(part: Part, policy: Policy) -> str:
    """The scores that a part takes, as a hint lists them."""
    scale = policy.scale
    if not part.valued:
        return "HYV, H"
    if part.in_points:
        return "0–…" if part.most is None else f"0–{exact(part.most)}"
    if scale.own:
        return ", ".join(scale.labels)
    return f"{scale.lowest}–{scale.top}"


def _hint(part: Part, policy: Policy, text: str) -> Msg:
    words = [*(policy.scale.labels if policy.scale.own and part.in_grades else ()), *CELLS]
    if part.valued:
        words = [word for word in words if CELLS.get(word) != "passed"]
    written = {fold(word): word.upper() if word in CELLS and len(word) <= 4 else word for word in words}
    near = get_close_matches(fold(text)[:80], written, 1, 0.75)
    if near and len(text) > 2:
        return msg(
            "did you mean “{near}”? The part takes {takes}, and the words -, ?, EX, AHOT",
            near=written[near[0]],
            takes=takes(part, policy),
        )
    return msg("the part takes {takes}, and the words -, ?, EX, AHOT", takes=takes(part, policy))
