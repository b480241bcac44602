"""What grades ask of parts and of attendance, resolved (contract 11.5)."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple, assert_never

from kurssi.course import model
from kurssi.course.model import ATTENDED
from kurssi.diagnostics.finding import Path
from kurssi.values.numbers import MOST_DIGITS, exact

from .scales import Scale

Measure = Literal["value", "points", "pass", "sessions"]
"""What of a student is looked at: the value of a part, its raw points, its gate, or the sessions attended."""


class Demand(NamedTuple):
    """What one grade asks of one part, or of attendance."""

    grade: int
    label: str
    """How the grade is shown."""
    part: str
    """The id of the part, or ``attended``."""
    measure: Measure
    unit: model.AskedIn
    """In what it is asked for, and shown."""
    asked: Fraction
    whole: Fraction | None
    """Points or sessions that are 100 %, where a share of them is asked for."""
    path: Path

    @property
    def bound(self) -> Fraction:
        """What has to be reached, as it is measured."""
        return self.asked if self.whole is None else self.asked * self.whole / 100

    @property
    def in_points(self) -> bool:
        """Whether raw points are looked at, and not what they are worth."""
        match self.measure:
            case "points":
                return True
            case "value" | "pass" | "sessions":
                return False
            case _ as unknown:
                assert_never(unknown)

    @property
    def of_value(self) -> bool:
        """Whether what a part is worth is looked at."""
        match self.measure:
            case "value":
                return True
            case "points" | "pass" | "sessions":
                return False
            case _ as unknown:
                assert_never(unknown)

    @property
    def of_gate(self) -> bool:
        """Whether it is looked at if a part is passed, whatever it is worth."""
        match self.measure:
            case "pass":
                return True
            case "value" | "points" | "sessions":
                return False
            case _ as unknown:
                assert_never(unknown)

    @property
    def of_attendance(self) -> bool:
        """Whether no part is looked at, but the sessions that a student attended."""
        match self.measure:
            case "sessions":
                return True
            case "value" | "points" | "pass":
                return False
            case _ as unknown:
                assert_never(unknown)

    def shown(self, measured: Fraction) -> Fraction:
        """Something measured in the unit of the demand."""
        return measured if self.whole is None else measured * 100 / self.whole

    def text(self, number: Fraction) -> str:
        """A number with the unit of the demand, as a report writes it."""
        match self.unit:
            case "value":
                return exact(number)
            case "percent":
                return f"{exact(number)} %"
            case "points":
                return f"{exact(number)} p"
            case "pass":
                return "pass"
            case _ as unknown:
                assert_never(unknown)


def demands_of(file: model.ImplementationFile, scale: Scale, percent: bool) -> tuple[Demand, ...]:
    """The demands of a file whose requirements are in order, by rising grade."""
    requires = file.assessment.requires if file.assessment is not None else None
    parts = {part.id: part for _, part in model.all_parts(file)}
    found = [
        _demand((grade, key), name, asked, parts, scale, percent, sessions_of(file))
        for key, needs in (requires or {}).items()
        if (grade := grade_of(key, scale)) is not None
        for name, asked in needs.items()
    ]
    return tuple(sorted(found, key=lambda demand: demand.grade))


def _demand(
    of: tuple[int, str],
    name: str,
    asked: model.Asked,
    parts: Mapping[str, model.Part],
    scale: Scale,
    percent: bool,
    sessions: int,
) -> Demand:
    grade, key = of
    path: Path = ("assessment", "requires", key, name)
    start = (grade, scale.label(grade), name)
    if name == ATTENDED:
        return Demand(*start, "sessions", "percent", asked.number, Fraction(sessions), path)
    match asked.unit:
        case "pass":
            return Demand(*start, "pass", "pass", Fraction(1), None, path)
        case "points":
            return Demand(*start, "points", "points", asked.number, None, path)
        case "percent":
            if percent:
                return Demand(*start, "value", "percent", asked.number, None, path)
            return Demand(*start, "points", "percent", asked.number, parts[name].max, path)
        case "value":
            value = value_of(asked, scale) or Fraction(0)
            if percent:
                share = (value - scale.lowest) * 100 / (scale.top - scale.lowest)
                return Demand(*start, "value", "percent", share, None, path)
            return Demand(*start, "value", "value", value, None, path)
        case _ as unknown:
            assert_never(unknown)


def grade_of(key: str, scale: Scale) -> int | None:
    """The grade that a key names; None where it names none."""
    if key in scale.labels:
        return scale.lowest + scale.labels.index(key)
    if scale.own or len(key) > MOST_DIGITS or not (key.isascii() and key.isdigit()):
        return None
    return int(key) if int(key) in scale.grades else None


def value_of(asked: model.Asked, scale: Scale) -> Fraction | None:
    """The value of the scale that is asked for; None where it is not on the scale."""
    text = exact(asked.number) if asked.label is None else asked.label
    if text in scale.labels:
        return Fraction(scale.lowest + scale.labels.index(text))
    on_scale = asked.label is None and scale.lowest <= asked.number <= scale.top
    return asked.number if on_scale else None


def sessions_of(file: model.ImplementationFile) -> int:
    """How many sessions there are: by the rule of attendance, else by the schedule; 0 where nothing says."""
    activity = file.assessment.activity if file.assessment is not None else None
    if activity is not None and activity.attendance is not None:
        return activity.attendance.of
    return len(file.schedule.sessions) if file.schedule is not None else 0


# ---- as a report holds them --------------------------------------------------------------------------------


def written(demand: Demand) -> dict[str, object]:
    """A demand as a report holds it."""
    whole = {} if demand.whole is None else {"of": exact(demand.whole)}
    return {"grade": demand.grade, "part": demand.part, "asked": demand.text(demand.asked), **whole}


def read_back(entries: object, scale: Scale) -> Iterator[Demand]:
    """The demands of a resolved policy. Raises :class:`ValueError` or :class:`TypeError` for anything else."""
    if not isinstance(entries, list):
        raise TypeError("demands are a list")
    for entry in entries:
        grade, name, asked = entry["grade"], entry["part"], str(entry["asked"])
        whole = Fraction(entry["of"]) if "of" in entry else None
        unit, number = _read(asked)
        path: Path = ("assessment", "requires", str(grade), name)
        yield Demand(grade, scale.label(grade), name, _measure(name, unit, whole), unit, number, whole, path)


def _read(text: str) -> tuple[model.AskedIn, Fraction]:
    """What :meth:`Demand.text` writes: in what something is asked for, and how much of it."""
    if text == "pass":
        return "pass", Fraction(1)
    if text.endswith(" %"):
        return "percent", Fraction(text.removesuffix(" %"))
    if text.endswith(" p"):
        return "points", Fraction(text.removesuffix(" p"))
    return "value", Fraction(text)


def _measure(name: str, unit: model.AskedIn, whole: Fraction | None) -> Measure:
    if name == ATTENDED:
        return "sessions"
    match unit:
        case "pass":
            return "pass"
        case "points":
            return "points"
        case "value":
            return "value"
        case "percent":
            return "value" if whole is None else "points"
        case _ as unknown:
            assert_never(unknown)
