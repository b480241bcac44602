"""What rules for the policy ask of a file: its parts at any depth, its late rules, and the scale where it is sound."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kurssi.course import model
from kurssi.course.model import Assessment, ImplementationFile, Late, OwnScale, Part, all_parts
from kurssi.diagnostics.finding import Path
from kurssi.policy.scales import Scale, scale_of

ROOT: Path = ("assessment",)


def lists_of_parts(file: ImplementationFile) -> Iterator[tuple[Path, Sequence[Part], Part | None]]:
    """Every list of parts: its path, the parts, and the part they belong to."""
    if file.assessment is None:
        return
    todo: list[tuple[Path, Sequence[Part], Part | None]] = [((*ROOT, "parts"), file.assessment.parts, None)]
    while todo:
        path, parts, parent = todo.pop(0)
        yield path, parts, parent
        todo += [((*path, i, "parts"), part.parts, part) for i, part in enumerate(parts) if part.parts]


def adds_points(file: ImplementationFile, owner: Part | None) -> bool:
    """Whether the points of the parts of a part, or of the whole, are added up."""
    whole = file.assessment
    return model.is_by_points(owner.weigh if owner is not None else whole.weigh if whole is not None else None)


def late_rules(file: ImplementationFile) -> Iterator[tuple[Path, Late]]:
    """Every late rule: that of the policy, and those of parts."""
    if file.assessment and isinstance(file.assessment.late, Late):
        yield (*ROOT, "late"), file.assessment.late
    for path, part in all_parts(file):
        if isinstance(part.late, Late):
            yield (*path, "late"), part.late


def sound_scale(assessment: Assessment) -> Scale | None:
    """The scale, or ``None`` where rule own-scale has something to say."""
    scale = assessment.evaluation_scale
    if isinstance(scale, OwnScale) and (scale.passes_from not in scale.values or len(set(scale.values)) < 2):
        return None
    return scale_of(scale)


def is_percent(file: ImplementationFile) -> bool:
    """Whether percents are summed, and no grades averaged."""
    return file.assessment is not None and model.is_percent(file.assessment.basis)


def by_requirements(file: ImplementationFile) -> bool:
    """Whether nothing is weighed, and what grades require decides."""
    return file.assessment is not None and model.by_requirements(file.assessment.basis)


def range_of_values(file: ImplementationFile) -> tuple[Fraction, Fraction] | None:
    """The lowest and the top value: of the scale, or 0 and 100 under basis percent."""
    if file.assessment is None or (scale := sound_scale(file.assessment)) is None:
        return None
    return (Fraction(0), Fraction(100)) if is_percent(file) else (Fraction(scale.lowest), Fraction(scale.top))


def a_deduction(file: ImplementationFile) -> str:
    """A deduction that the basis takes, as an example."""
    return 'deduct: "10 %", of: max' if is_percent(file) else "deduct: 0.5"
