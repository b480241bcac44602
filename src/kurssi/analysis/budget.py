"""A limit on work, counted in steps, so that the same policy always gets the same answer on every machine."""

from __future__ import annotations

from kurssi.diagnostics.message import Msg


class Spent(Exception):
    """The steps are used up: the question stays open."""


class Undecided(Exception):
    """Neither a search nor the reasoning on intervals answers the question: it is reported as not decided."""

    def __init__(self, why: Msg | None = None) -> None:
        super().__init__(why)
        self.why = why
        """In words, where there is more to say than that the limit on work was reached."""


class Budget:
    """The steps of work that one question may take."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Takes steps away. Raises :class:`Spent` when none are left."""
        self.left -= steps
        if self.left < 0:
            raise Spent
