"""One score of several cells: what markers give, or the criteria of a rubric, put together for one attempt (11.8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import InLanguages, Terms, msg
from kurssi.policy.composite import Composed, compose
from kurssi.values.classlist import Component
from kurssi.values.vocabulary import AGREED_WRITTEN

from .cells import Score
from .columns import name_of
from .report import Report, Said, shown

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from .columns import Key
    from .held import AttemptCells, Held, Spot
    from .without_effect import WithoutEffect


class Gathered(NamedTuple):
    """The cells of one attempt of one student, and what they come to."""

    cells: Sequence[Held]
    """At least one; in the order of the policy."""
    components: tuple[Component, ...]
    composed: Composed

    @property
    def score(self) -> Score:
        """What a single cell would say."""
        return Score(self.composed.state, self.composed.score)


class Composites:
    """Puts them together; whoever has the same cells shares one score. Each cell is reported once."""

    def __init__(self, report: Report, without_effect: WithoutEffect) -> None:
        self.report = report
        self.without_effect = without_effect
        self._known: dict[tuple[str, tuple[Component, ...]], tuple[tuple[Component, ...], Composed]] = {}
        self._reported: set[Spot] = set()

    def of(self, slot: AttemptCells, position: int, group: Key | None, whole: Held | None) -> Gathered | None:
        """What the cells of the components say, where any does; ``whole`` is the cell of the whole part."""
        cells: list[Held] = []
        components: list[Component] = []
        for one in slot.components:
            held = one.own.get(position)
            shared = one.shared.get(group) if one.shared is not None and group is not None else None
            self.without_effect.take([shared], [held or shared])
            if (held := held or shared) is not None:
                said = cast(Score, held.value)
                cells.append(held)
                components.append(Component(one.name, said.state, said.score))
        if not cells:
            return None
        if whole is not None:
            self._twice(slot, whole, cells[0])
        name = (slot.part.id, tuple(components))
        known = self._known.get(name)
        if known is None:
            composed = compose(slot.part.markers, slot.part.rubric, components)
            known = self._known[name] = (name[1], composed)
        if known[1].apart is not None:
            self._apart(slot, cells)
        return Gathered(cells, *known)

    def _new(self, held: Held) -> bool:
        known = len(self._reported)
        self._reported.add(held.cell)
        return len(self._reported) > known

    def _twice(self, slot: AttemptCells, whole: Held, cell: Held) -> None:
        """A score of the whole part beside those that it is made of."""
        if not self._new(whole):
            return
        self.report.error_at(*whole.where, "score-twice", _twice, slot, whole, cell)

    def _apart(self, slot: AttemptCells, cells: Sequence[Held]) -> None:
        """Markers who are further apart than they may be."""
        if not self._new(cells[-1]):
            return
        self.report.at(*cells[-1].where, Severity.warning, "markers-apart", _further_apart, slot, cells)


def _twice(slot: AttemptCells, whole: Held, cell: Held) -> Said:
    return Said(
        msg(
            "“{whole}” has a score of {part}, and so has “{other}” in {file}, {cell}, of which it is made",
            whole=shown(name_of(whole.column)),
            part=slot.part.name,
            other=shown(name_of(cell.column)),
            file=cell.sheet.table.file,
            cell=cell.place.cell,
        ),
        msg(
            'if the cells of the criteria hold, leave this column out with --map "{header}=unused"',
            header=whole.column.header,
        )
        if slot.part.markers is None
        else msg("call a score on which the markers have agreed “{header}”", header=_agreed(slot)),
        whole.written,
    )


def _further_apart(slot: AttemptCells, cells: Sequence[Held]) -> Said:
    rule = slot.part.markers
    said = [
        msg(
            "{value} in “{column}” ({cell})",
            value=shown(held.written),
            column=shown(name_of(held.column)),
            cell=held.place.cell,
        )
        for held in cells
    ]
    marks = Terms(said)
    return Said(
        msg("the markers are further apart than {most}: {marks}", most=rule.within, marks=marks)
        if rule is not None and rule.within is not None
        else msg("the markers say different things: {marks}", marks=marks),
        msg("it stays open until a column “{header}” says what they have agreed on", header=_agreed(slot)),
        ", ".join(held.written for held in cells),
    )


def _agreed(slot: AttemptCells) -> InLanguages:
    """The header of what the markers have agreed on, as kurssi writes it in the language of who reads."""
    base = slot.part.name if slot.number == 1 else f"{slot.part.name} {slot.number}"
    return InLanguages({language: f"{base} {word}" for language, word in AGREED_WRITTEN.items()})
