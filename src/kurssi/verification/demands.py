"""What grades ask beside the total (contract 11.5), a second time: read from a policy, and held against a student."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple, assert_never

from kurssi.diagnostics.message import msg

from .problems import Node, written

SESSIONS = "attended"


Sign = Literal["", "%", "p", "pass"]
"""What stands behind a number that is asked; ``pass`` where a part only has to be passed."""


class Asked(NamedTuple):
    """One demand."""

    grade: int
    part: str
    text: str
    number: Fraction
    sign: Sign
    of: Fraction | None
    """Points or sessions that are 100 %."""

    @property
    def in_points(self) -> bool:
        """Whether raw points of a part are looked at, and not its value."""
        match self.sign:
            case "p":
                return True
            case "" | "%":
                return self.of is not None
            case "pass":
                return False
            case _ as unknown:
                assert_never(unknown)


class Seen(NamedTuple):
    """What a demand looks at in a part."""

    state: str
    gate: str | None
    value: Fraction | None
    points: Fraction | None


class Answer(NamedTuple):
    """What there is of a demand."""

    asked: Asked
    had: Fraction | None
    word: str | None
    met: bool


def read_demands(node: Node, lowest: int, top: int) -> tuple[Asked, ...]:
    """The demands of a policy, by rising grade."""
    if "requires" not in node.mapping():
        return ()
    found = tuple(_demand(entry, lowest, top) for entry in node["requires"].entries())
    if [asked.grade for asked in found] != sorted(asked.grade for asked in found):
        raise node["requires"].wrong(msg("the grades do not rise"))
    return found


def _demand(node: Node, lowest: int, top: int) -> Asked:
    grade, part, text = node["grade"].whole(lowest + 1), node["part"].text(), node["asked"].text()
    if grade > top:
        raise node["grade"].wrong(msg("{found} is not on the scale", found=grade))
    of = node["of"].number() if "of" in node.mapping() else None
    if text == "pass":
        return Asked(grade, part, text, Fraction(1), "pass", of)
    sign: Sign = "%" if text.endswith(" %") else "p" if text.endswith(" p") else ""
    number = Node(text.removesuffix(sign).rstrip() if sign else text, node["asked"].where).number()
    if (of is not None and (of <= 0 or sign != "%")) or (part == SESSIONS and (of is None or of.denominator > 1)):
        raise node.wrong(msg("this is nothing that a grade can ask"))
    return Asked(grade, part, text, number, sign, of)


def sessions_of(demands: Sequence[Asked]) -> int | None:
    """How many sessions there were, where a grade asks for attendance."""
    return next((int(asked.of) for asked in demands if asked.part == SESSIONS and asked.of is not None), None)


def answers(demands: Sequence[Asked], attended: int | None, look: Callable[[str], Seen]) -> Iterator[Answer]:
    """Every demand, and whether it is met."""
    for asked in demands:
        if asked.part == SESSIONS:
            share = None if attended is None or asked.of is None else Fraction(attended * 100) / asked.of
            yield Answer(asked, share, _with_sign(asked, share), share is not None and share >= asked.number)
            continue
        seen = look(asked.part)
        had, passed, word = _of_part(asked, seen)
        if seen.state in ("excused", "recognised"):
            passed, word = True, seen.state
        yield Answer(asked, had, word, passed)


def _of_part(asked: Asked, seen: Seen) -> tuple[Fraction | None, bool, str | None]:
    match asked.sign:
        case "pass":
            passed = seen.gate is None and seen.state not in ("ungraded", "withheld")
            return Fraction(passed), passed, "pass" if passed else seen.gate or seen.state
        case "" | "%" | "p":
            had = seen.points if asked.in_points else seen.value
        case _ as unknown:
            assert_never(unknown)
    if had is not None and asked.of is not None:
        had = had * 100 / asked.of
    return had, had is not None and had >= asked.number, _with_sign(asked, had)


def sessions_had(node: Node, demands: Sequence[Asked]) -> int | None:
    """The sessions that somebody attended, from the share of them that a report gives; None where it gives none."""
    for entry in node.entries():
        if entry["part"].value == SESSIONS and entry["had"].given is not None:
            sessions = entry["had"].percentage() * (sessions_of(demands) or 0)
            if sessions.denominator > 1 or sessions < 0:
                raise entry["had"].wrong(msg("{found} is not a share of the sessions", found=entry["had"].text()))
            return int(sessions)
    return None


def _with_sign(asked: Asked, number: Fraction | None) -> str | None:
    return None if number is None else f"{written(number)} {asked.sign}".rstrip()
