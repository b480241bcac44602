"""How a part chooses among its parts, resolved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, assert_never, get_args

ChoiceRule = Literal["best", "drop_lowest"]
"""How a part chooses among its parts, by the key of the file: only the best count, or the lowest are dropped."""

CHOICE_RULES: tuple[ChoiceRule, ...] = get_args(ChoiceRule)


class Choice(NamedTuple):
    """Which of its parts enter the mean of a part."""

    rule: ChoiceRule
    number: int

    def keeps(self, counting: int) -> int:
        """How many of ``counting`` values enter the mean, the highest ones."""
        match self.rule:
            case "best":
                return self.number
            case "drop_lowest":
                return max(1, counting - self.number)
            case _ as unknown:
                assert_never(unknown)


def choice_of(keys: Mapping[str, Any]) -> Choice | None:
    """The choice that the keys of a part make."""
    return next((Choice(rule, keys[rule]) for rule in CHOICE_RULES if keys.get(rule) is not None), None)
