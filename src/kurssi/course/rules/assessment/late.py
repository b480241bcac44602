"""Rules for what lateness costs."""

from collections.abc import Iterator

from kurssi.course.model import (
    ImplementationFile,
    Late,
    all_parts,
    counts_days,
    is_table,
    parts_without_takers,
    skips_holidays,
)
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.policy.late_units import hours_of_unit, whole_units
from kurssi.policy.skipped_days import is_country
from kurssi.values.hours import Length

from .walk import ROOT, a_deduction, is_percent, late_rules


def _a_late_rule(file: ImplementationFile) -> str:
    """A late rule that the basis takes, as an example."""
    return f"{{{a_deduction(file)}, per: day}}"


@rule("late-without-size", Severity.error)
def late_without_size(file: ImplementationFile) -> Iterator[Hit]:
    """A late rule says what lateness costs: deduct, closes, or both.

    Why: a page that says lateness lowers the grade, without saying by how much, cannot be computed, and a student can
    rightly ask.

    Fails::

        late: {per: day}

    Passes::

        late: {deduct: 0.5, per: day}
    """
    for path, late in late_rules(file):
        if late.deduct is None and late.closes is None:
            yield Hit(
                path,
                msg("the late rule does not say what lateness costs"),
                msg("add deduct: 0.5 (grade steps per started unit), closes: 7 d, or both")
                if not is_percent(file)
                else msg('add deduct: "10 %", of: max (percentage points per started unit), closes: 7 d, or both'),
                key=True,
            )
        elif late.deduct is None:
            idle = [key for key in ("of", "grace", "at_most", "not_below", "free") if getattr(late, key) is not None]
            for key in idle:
                yield Hit(
                    (*path, key),
                    msg("{key} has no meaning without deduct", key=key),
                    msg("add {deduct} here, which {key} changes", deduct=a_deduction(file), key=key),
                    key=True,
                )


@rule("late-from-without-late", Severity.warning)
def late_from_without_late(file: ImplementationFile) -> Iterator[Hit]:
    """A part that takes its lateness from the export has a late rule.

    Why: without one lateness costs nothing, wherever it is read.

    Fails::

        parts: [{id: essay, weight: 100, late_from: export}]

    Passes::

        late: {deduct: 0.5, per: day}
        parts: [{id: essay, weight: 100, late_from: export}]
    """
    for path, part in parts_without_takers(file):
        late = part.late or (file.assessment.late if file.assessment is not None else None)
        if part.late_from is not None and not part.parts and not isinstance(late, Late):
            yield Hit(
                (*path, "late_from"),
                msg("late_from has no meaning: {part} has no late rule", part=part.id),
                msg("write late: {example} if lateness is to cost something", example=_a_late_rule(file)),
                part.id,
                key=True,
            )


@rule("percent-without-of", Severity.error)
def percent_without_of(file: ImplementationFile) -> Iterator[Hit]:
    """A deduction in per cent says of what: of the earned value, or of the max.

    Why: 10 % of 3 and 10 % of 5 are different deductions, and courses use both; it is never guessed. Under basis
    percent a deduction always needs % and of.

    Fails::

        late: {deduct: 10 %, per: day}

    Passes::

        late: {deduct: 10 %, of: earned, per: day}
    """
    for path, late in late_rules(file):
        if late.deduct is None:
            continue
        percents = {amount.percent for amount in late.deduct.amounts}
        if len(percents) > 1:
            yield Hit(
                (*path, "deduct"), msg("some deductions have a % and some have none"), msg("write all of them alike")
            )
        elif True in percents and late.of is None:
            yield Hit(
                (*path, "deduct"),
                msg("a deduction in per cent must say of what"),
                msg("add of: earned (the value that was earned) or of: max (the top of the scale)"),
            )
        elif False in percents and late.of is not None:
            yield Hit(
                (*path, "of"),
                msg("of: has no meaning, because the deduction is not in per cent"),
                msg('write deduct: "10 %" if a share is meant; a deduction in grade steps is of nothing'),
                key=True,
            )
        elif False in percents and is_percent(file):
            yield Hit(
                (*path, "deduct"),
                msg("under basis: percent a deduction needs % and of:"),
                msg('write deduct: "10 %", of: max (percentage points), or the same with earned'),
            )
        elif late.at_most is not None and late.at_most.percent and True not in percents:
            yield Hit(
                (*path, "at_most"), msg("at_most is in per cent, but the deduction is not"), msg("write it without %")
            )


@rule("late-table", Severity.error)
def late_table(file: ImplementationFile) -> Iterator[Hit]:
    """Deductions are not negative, and a table of them does not fall.

    Why: a later hand-in must never get a higher value.

    Fails::

        late: {deduct: [1, 0.5], per: day}

    Passes::

        late: {deduct: [0.5, 1], per: day}
    """
    for path, late in late_rules(file):
        values = [amount.value for amount in late.deduct.amounts] if late.deduct else []
        mixed = late.deduct is not None and len({amount.percent for amount in late.deduct.amounts}) > 1
        if late.at_most is not None and late.at_most.value < 0:
            yield Hit((*path, "at_most"), msg("a deduction cannot be negative"), msg("write it without the sign"))
        if any(value < 0 for value in values):
            yield Hit((*path, "deduct"), msg("a deduction cannot be negative"), msg("write it without the sign"))
        elif late.deduct is not None and is_table(late.deduct.form) and not mixed and values != sorted(values):
            yield Hit(
                (*path, "deduct"),
                msg("the table of deductions falls: a later hand-in would get a higher value"),
                msg("write the deductions in rising order"),
            )


@rule("late-skip", Severity.error)
def late_skip(file: ImplementationFile) -> Iterator[Hit]:
    """Days that are skipped are days: they belong to a deduction per day, counted from a deadline.

    Why: an hour or a week knows no Sunday, and neither does a lateness that an export gives as a length of time. What
    closes after 7 d closes after seven days of the calendar.

    Fails::

        late: {deduct: 0.5, per: hour, skip: [saturday, sunday]}

    Passes::

        late: {deduct: 0.5, per: day, skip: [saturday, sunday, holidays], holidays: FI}
    """
    for path, late in late_rules(file):
        if late.skip and not counts_days(late.per):
            yield Hit(
                (*path, "skip"),
                msg("skip leaves out days, but lateness is counted here per {unit}", unit=late.per),
                msg("write per: day, or leave skip out"),
                late.per,
                key=True,
            )
        elif late.skip and late.deduct is None:
            yield Hit(
                (*path, "skip"),
                msg("skip has no meaning: nothing is deducted for a day"),
                msg("closes counts every day; leave skip out, or write what a day costs under deduct"),
                key=True,
            )
        elif late.holidays is not None and not skips_holidays(late.skip):
            yield Hit(
                (*path, "holidays"),
                msg("holidays names a country, but public holidays are not skipped"),
                msg("write skip: [saturday, sunday, holidays]"),
                late.holidays,
                key=True,
            )
        elif late.holidays is not None and not is_country(late.holidays):
            yield Hit(
                (*path, "holidays"),
                msg("the public holidays of {country} are not known", country=late.holidays),
                msg("write the two letters of a country, such as FI, SE or DE"),
                late.holidays,
            )
    for path, part in all_parts(file):
        rule = part.late or (file.assessment.late if file.assessment is not None else None)
        if part.late_from is not None and isinstance(rule, Late) and rule.skip:
            yield Hit(
                (*path, "late_from"),
                msg("the lateness of an export is a length of time, in which no day can be skipped"),
                msg(
                    "give {part} a deadline and leave late_from out, or give it a late rule without skip", part=part.id
                ),
                part.id,
                key=True,
            )


@rule("late-free", Severity.error)
def late_free(file: ImplementationFile) -> Iterator[Hit]:
    """A free budget stands in the late rule of the whole assessment and is a whole number of its units.

    Why: the budget is per student over all parts, and it is spent in whole started units. At most so much of it for
    one attempt is at_most; with whole: true all of an attempt's late time is forgiven or none.

    Fails::

        late: {deduct: 0.5, per: day, free: {budget: 36 h}}

    Passes::

        late: {deduct: 0.5, per: day, free: {budget: 2 d}}
    """
    for path, late in late_rules(file):
        if late.free is None:
            continue
        at_most = late.free.at_most
        if path != (*ROOT, "late"):
            yield Hit(
                (*path, "free"),
                msg("a free budget counts over all parts and cannot stand in the late rule of one"),
                msg("move it to assessment.late"),
                key=True,
            )
        elif not _in_whole_units(late.free.budget, late):
            yield Hit(
                (*path, "free", "budget"),
                msg("the budget is not a whole number of units (per: {unit})", unit=late.per),
                msg(
                    "write it in whole units, such as {amount}",
                    amount=whole_units(late.per),
                ),
                str(late.free.budget),
            )
        elif at_most is not None and (not _in_whole_units(at_most, late) or not at_most.hours):
            yield Hit(
                (*path, "free", "at_most"),
                msg("what one attempt may take is not a whole number of units (per: {unit})", unit=late.per),
                msg("write it in whole units, such as {amount}", amount=whole_units(late.per)),
                str(at_most),
            )
        elif at_most is not None and at_most.hours > late.free.budget.hours:
            yield Hit(
                (*path, "free", "at_most"),
                msg("one attempt may take more than the whole budget, {budget}", budget=str(late.free.budget)),
                msg("write less than the budget, or leave at_most out"),
                str(at_most),
            )


def _in_whole_units(length: Length, late: Late) -> bool:
    minutes = length.days * 1440 + int(length.elapsed.total_seconds()) // 60
    return minutes % (60 * hours_of_unit(late.per)) == 0
