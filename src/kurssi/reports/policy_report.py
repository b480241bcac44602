"""What a policy can do, in words: the card (what each grade takes, what fails, what lateness costs, what activity can
do), what each part moves, and what was found. The same sections for a terminal, Markdown and HTML.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from kurssi.analysis.claims import Claim, Witness, grades_of
from kurssi.analysis.effects import Influence, Move
from kurssi.analysis.peers import MEMBERS, PeerEffect
from kurssi.analysis.policy_figures import ActivityEffect, LateEffect, Need, Ties
from kurssi.analysis.questions import Analysis
from kurssi.analysis.sensitivity import Moved, Near, WhatIf
from kurssi.analysis.trials import stand_apart
from kurssi.diagnostics.message import Msg, PerCent, Percentage, Terms, msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.grading.composite.steps import score_text
from kurssi.grading.lateness.words import first_unit_in_words, free_limits
from kurssi.grading.wording import value_of
from kurssi.policy.model import Part, Policy
from kurssi.policy.rounding import other_half
from kurssi.policy.series import names_of, together
from kurssi.values.classlist import Student
from kurssi.values.times import describe

from .csv_and_markdown import escaped
from .invented_students import student_line
from .policy_words import beside_the_total, fails

HOW: dict[str, Msg] = {
    "exhaustive": msg("every case was looked at"),
    "intervals": msg("shown for every number that a cell may hold"),
    "structure": msg("follows from how the rules hang together"),
    "witness": msg("this student shows it"),
}
KINDS: dict[str, Msg] = {
    "unreachable-grade": msg("grades that nobody can get"),
    "dead-part": msg("parts that can never change a grade"),
    "dead-gate": msg("gates that fail nobody"),
    "decides-alone": msg("parts that decide alone"),
    "not-monotone": msg("better work that lowers a grade"),
    "dead-level": msg("activity that never changes a grade"),
    "dead-late-step": msg("late steps that never take anything"),
    "dead-retake": msg("retakes that cannot pass"),
}
GRIDS: dict[str, Msg] = {
    "ends": msg("lowest, least passing and top scores"),
    "exhaustive": msg("everything that is possible"),
    "whole": msg("whole grades and points"),
    "halves": msg("whole and half grades, whole points"),
    "sampled": msg("some of the students that there can be"),
}


@dataclass
class Section:
    """A part of the report: a heading, and lines or a table."""

    title: str
    lines: list[str] = field(default_factory=list)
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)


class Shown(NamedTuple):
    """A claim in words."""

    level: str
    kind: str
    message: str
    where: str
    students: tuple[str, ...]
    how: str
    help: str | None


# ---- students ----------------------------------------------------------------------------------------------


def witness_lines(policy: Policy, witness: Witness, words: Words) -> list[str]:
    """Each student the claim is about, with the grade that the core gives."""
    out = []
    for student, grade in zip(witness.students, grades_of(policy, witness), strict=False):
        label = "–" if grade is None else policy.scale.label(grade)
        out.append(words("{cells} → grade {grade}", cells=student_line(policy, student), grade=label))
    return out


def marks_line(witness: Witness, marker: str) -> str:
    """The marks that one member gave: ``2: 0, 3: 5, 4: 5``."""
    given = [m for m in witness.marks or () if m.marker == marker]
    return ", ".join(f"{m.member}: {next(iter(m.marks.values()))}" for m in given) or "–"


# ---- the card ----------------------------------------------------------------------------------------------


def card(analysis: Analysis, words: Words) -> list[Section]:
    """One screen: what each grade takes, what fails, what lateness costs, what activity can do."""
    policy = analysis.policy
    found = [
        Section(words("What each grade takes"), [words.say(line) for line in _needs(policy, analysis.needs)]),
        Section(words("What fails a student"), [words.say(line) for line in fails(analysis.full)]),
        Section(words("What lateness costs"), [words.say(line) for line in _late(analysis)]),
    ]
    if analysis.full.requires:
        lines = [words.say(line) for line in beside_the_total(analysis.full)]
        found[0 if analysis.full.by_requirements else 1 : 1] = [Section(words("What grades require"), lines)]
    if policy.activity is not None:
        found.append(
            Section(words("What activity can do"), [words.say(_activity(policy, one)) for one in analysis.activity])
        )
    peers = [part for part in policy.leaves() if part.peer]
    if peers and stand_apart(policy):  # else nobody has looked
        found.append(Section(words("What peer marks can do"), [words.say(line) for line in _peers(analysis, peers)]))
    return found


def _needs(policy: Policy, needs: Sequence[Need]) -> Iterator[Msg]:
    for need in reversed(needs):
        label = policy.scale.label(need.grade)
        example: object = student_line(policy, need.witness.students[0]) if need.witness else ""
        if need.total is None:
            yield msg("{grade}: every gate passed is enough (such as {example})", grade=label, example=example)
            continue
        total = value_of(policy, need.total)
        if need.above:
            yield msg("{grade}: a total above {total} (such as {example})", grade=label, total=total, example=example)
        else:
            yield msg("{grade}: a total of at least {total} (such as {example})",
                      grade=label, total=total, example=example)  # fmt: skip


def _late(analysis: Analysis) -> Iterator[Msg]:
    policy = analysis.policy
    told = [part for part in policy.leaves() if part.late_from_export and part.late is not None]
    if told:
        yield msg(
            "how late {parts} came is taken from the export: what that costs is not computed here", parts=names_of(told)
        )
    elif not analysis.late:
        yield msg("nothing is deducted for lateness")
    for _, alike in groupby(analysis.late, _late_alike):
        effects = list(alike)
        yield _late_line(policy, names_of(effect.part for effect in effects), effects[0])
    if analysis.all_late is not None:
        most = -analysis.all_late.by
        yield nmsg("all parts late: at most {n} grade in all", "all parts late: at most {n} grades in all", n=most)
    if policy.free is not None:
        yield msg("{budget} of lateness are free for each student", budget=describe(policy.free.budget))
        yield from free_limits(policy.free)


def _late_alike(effect: LateEffect) -> object:
    moves = [None if move is None else move.by for move in (effect.one, effect.worst)]
    per = effect.part.late.per if effect.part.late is not None else None
    return (effect.unit, effect.share, *moves, per)


def _late_line(policy: Policy, names: Terms, effect: LateEffect) -> Msg:
    late = effect.part.late
    unit = first_unit_in_words(late.per if late else "day")
    if not effect.unit and not (effect.one is not None and effect.one.by):
        first = msg("{part}: {unit} takes nothing", part=names, unit=unit)
    else:
        first = msg(
            "{part}: {unit} takes at most {size} of the part and {share} of the total, {grades}",
            part=names,
            unit=unit,
            size=value_of(policy, effect.unit),
            share=value_of(policy, effect.share),
            grades=_grades(effect.one),
        )
    if effect.worst is None or (effect.one is not None and effect.worst.by == effect.one.by):
        return first
    return msg("{first}; lateness at its worst {grades}", first=first, grades=_grades(effect.worst))


def _grades(move: Move | None) -> Msg:
    by = abs(move.by) if move is not None else 0
    return nmsg("at most {n} grade", "at most {n} grades", n=by) if by else msg("no whole grade")


def activity_name(policy: Policy, student: Student) -> object:
    """The level, or the share of sessions attended."""
    if student.level is not None:
        return student.level
    return msg("{n} sessions of {all}", n=student.attended, all=policy.activity.sessions if policy.activity else 0)


def _activity(policy: Policy, effect: ActivityEffect) -> Msg:
    name = activity_name(policy, effect.student)
    if effect.most is None:
        return msg("{level}: moves no whole grade", level=name)
    if effect.most.by > 0:
        return nmsg(
            "{level}: lifts at most {n} grade", "{level}: lifts at most {n} grades", n=effect.most.by, level=name
        )
    return nmsg("{level}: takes at most {n} grade", "{level}: takes at most {n} grades", n=-effect.most.by, level=name)


def _peers(analysis: Analysis, parts: Sequence[Part]) -> Iterator[Msg]:
    for part in parts:
        effects = [effect for effect in analysis.peers if effect.part.id == part.id]
        said = [_deed(effect) for effect in effects]
        if not any(effect.deed == "silence" for effect in effects):
            said.append(msg("silence does not pay"))
        yield msg("{part}, in a group of {n}: {deeds}", part=part.name, n=MEMBERS, deeds=Terms(said, "; "))


def _deed(effect: PeerEffect) -> Msg:
    n = abs(effect.by)
    texts = {
        "harm": nmsg(
            "low marks take at most {n} grade from a member", "low marks take at most {n} grades from a member", n=n
        ),
        "favour": nmsg(
            "high marks give a member at most {n} grade", "high marks give a member at most {n} grades", n=n
        ),
        "self": nmsg("marks for oneself give at most {n} grade", "marks for oneself give at most {n} grades", n=n),
        "silence": nmsg("giving no marks gains at most {n} grade", "giving no marks gains at most {n} grades", n=n),
    }
    return texts[effect.deed]


# ---- what each part moves ----------------------------------------------------------------------------------


def influence_section(analysis: Analysis, words: Words) -> Section:
    """The real influence of each part beside its weight."""
    section = Section(
        words("What each part moves, in grades"),
        header=(words("part"), words("weight"), words("always"), words("at best"), words("by its gate")),
    )
    for name, several in together(analysis.influences, lambda one: one.part, lambda one: _moves(one, words)):
        one = several[0]
        section.rows.append(
            (
                name,
                _weight(one, len(several), words),
                *_moves(one, words),
            )
        )
    over = {one.how for one in analysis.influences if one.how in GRIDS}
    section.lines = (
        []
        if not analysis.influences
        else [words("Looked at: {grids}.", grids=Terms([GRIDS[how] for how in GRIDS if how in over]))]
    )
    return section


def _weight(one: Influence, parts: int, words: Words) -> str:
    """What a part weighs in the whole; of a series how many times what each of it does."""
    if not one.share:
        return "–"
    weight = PerCent(one.share)
    return words.say(weight) if parts == 1 else words("{n} × {weight}", n=parts, weight=weight)


def _moves(one: Influence, words: Words) -> tuple[str, ...]:
    by_gate = _number(one.gate, words) if one.gate != 0 else "–"
    return _number(one.least, words), _number(one.best, words), by_gate


def _number(value: int | None, words: Words) -> str:
    return words("not decided") if value is None else str(value)


def ties_section(analysis: Analysis, words: Words) -> Section | None:
    """How often a total lies exactly on a boundary."""
    seen: dict[tuple[int, int, int], Ties] = {}
    for one in analysis.ties:
        seen.setdefault((one.students, one.ties, one.even), one)  # the same students by another name say nothing new
    lines = [words.say(_ties(analysis.policy, one)) for one in seen.values()]
    return Section(words("Totals exactly on a boundary"), lines) if lines else None


def _ties(policy: Policy, ties: Ties) -> Msg:
    text = nmsg(
        "{grid}: {n} of {all} students who pass every gate",
        "{grid}: {n} of {all} students who pass every gate",
        n=ties.ties,
        all=ties.students,
        grid=GRIDS[ties.grid],
    )
    other = other_half(policy.rounding)
    if not ties.ties or policy.percent or other is None:
        return text
    return msg("{first}; {other} would give {n} of them another grade", first=text, other=other, n=ties.even)


# ---- a class -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassView:
    """How near a class stands to other grades."""

    students: int
    near: tuple[Near, ...]
    what_if: tuple[WhatIf, ...]


def class_sections(policy: Policy, view: ClassView, words: Words) -> list[Section]:
    """Who stands within reach of a better grade, and what other weights or more grace would do."""
    label = policy.scale.label
    lines: list[object] = [
        msg(
            "{student}: {old} → {new} if {part} were {needed} instead of {score}",
            student=one.student,
            old=label(one.old),
            new=label(one.new),
            part=one.part.name if one.attempt == 1 else f"{one.part.name} {one.attempt}",
            needed=score_of(policy, one.part, one.needed),
            score=score_of(policy, one.part, one.score),
        )
        for one in view.near
    ]
    total = nmsg(
        "{n} of {all} students within a tenth of what one cell may hold",
        "{n} of {all} students within a tenth of what one cell may hold",
        n=len(view.near),
        all=view.students,
    )
    near = Section(words("Within reach of a better grade"), [words.say(line) for line in [*lines, total]])
    changes = Section(words("If a rule were a little different"))
    for one in view.what_if:
        changes.lines.append(words("{rule}: {grades}", rule=_rule(one), grades=_moved(policy, one.moved)))
    return [near, changes] if changes.lines else [near]


def score_of(policy: Policy, part: Part, score: Fraction) -> object:
    """A score as its cell shows it, points with the most there can be."""
    if part.in_points and part.max is not None:
        return Terms([score, part.max], "/")
    return score_text(policy, part, score)


def _rule(one: WhatIf) -> Msg:
    if one.part is None or one.old is None or one.new is None:
        return msg("a day more of grace")
    return msg("{part} {old} → {new}", part=one.part.name, old=Percentage(one.old), new=Percentage(one.new))


def _moved(policy: Policy, moved: Sequence[Moved]) -> object:
    if not moved:
        return msg("no grade moves")
    label = policy.scale.label
    return Terms([msg("{student} {old} → {new}", student=m.student, old=label(m.old), new=label(m.new)) for m in moved])


# ---- findings ----------------------------------------------------------------------------------------------


def shown(analysis: Analysis, claim: Claim, where: str, words: Words) -> Shown:
    """A claim with its students."""
    policy = analysis.full
    lines: list[str] = []
    if claim.before is not None and claim.witness is not None:
        actor = "1"
        for label, witness in ((words("with equal marks"), claim.before), (words("without"), claim.witness)):
            (line,) = witness_lines(policy, witness, words)
            lines.append(words("{when}: {line}", when=f"{label} ({actor} → {marks_line(witness, actor)})", line=line))
    elif claim.witness is not None:
        lines = witness_lines(policy, claim.witness, words)
    return Shown(
        claim.severity.name,
        claim.kind,
        words.say(claim.message),
        where,
        tuple(lines),
        words.say(HOW[claim.how]),
        words.say(claim.help) if claim.help else None,
    )


def undecided(analysis: Analysis, words: Words) -> str | None:
    """What is not decided, with the reason where it is not the limit on work."""
    because = [
        msg("{kind} ({why})", kind=KINDS.get(kind, kind), why=why)
        for kind, why in analysis.why.items()
        if why is not None
    ]
    left = [KINDS.get(kind, kind) for kind in analysis.undecided if analysis.why.get(kind) is None]
    lines = []
    if because:
        lines.append(words("not decided: {kinds}", kinds=Terms(because, "; ")))
    if left:
        lines.append(words("not decided within the limit on work: {kinds}", kinds=Terms(left)))
    return "\n".join(lines) or None


def sections(analysis: Analysis, words: Words) -> list[Section]:
    """The card, and the figures below it."""
    found = [*card(analysis, words), influence_section(analysis, words), ties_section(analysis, words)]
    return [section for section in found if section is not None and (section.lines or section.rows)]


# ---- text and Markdown -------------------------------------------------------------------------------------


def as_text(
    title: str, found: Sequence[Section], findings: Sequence[Shown], open_: str | None, words: Words, width: int
) -> str:
    """For a terminal, wrapped to ``width`` columns."""
    out = [title]
    for section in found:
        out += ["", section.title]
        out += _table(section, width)
        for line in section.lines:
            out += textwrap.wrap(line, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    out.append("")
    for one in findings:
        levels = {"error": words("error"), "warning": words("warning"), "info": words("info")}
        out += textwrap.wrap(f"{levels[one.level]}[{one.kind}]: {one.message}", width, subsequent_indent="  ")
        out.append(f"  {one.where}")
        for line in one.students:
            out += textwrap.wrap(line, width, initial_indent="  * ", subsequent_indent="    ", break_on_hyphens=False)
        notes = [one.how, *([one.help] if one.help else [])]
        for note in notes:
            out += textwrap.wrap(note, width, initial_indent="  = ", subsequent_indent="    ", break_on_hyphens=False)
        out.append("")
    if open_:
        out += [*textwrap.wrap(open_, width, subsequent_indent="  ", break_on_hyphens=False), ""]
    return "\n".join(out[:-1] if out and not out[-1] else out)


def _table(section: Section, width: int) -> list[str]:
    if not section.rows:
        return []
    rows = [section.header, *section.rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(section.header))]
    widths[0] = max(12, min(widths[0], width - sum(widths[1:]) - 2 * len(widths)))
    out = []
    for row in rows:
        first = textwrap.wrap(row[0], widths[0]) or [""]
        rest = "  ".join(cell.rjust(size) for cell, size in zip(row[1:], widths[1:], strict=True))
        out.append(f"  {first[0].ljust(widths[0])}  {rest}".rstrip())
        out += [f"  {line}" for line in first[1:]]
    return out


def as_markdown(
    title: str, found: Sequence[Section], findings: Sequence[Shown], open_: str | None, words: Words
) -> str:
    """For a page or a wiki."""
    out = [f"# {escaped(title)}"]
    for section in found:
        out += ["", f"## {escaped(section.title)}", ""]
        if section.rows:
            out.append(f"| {' | '.join(map(escaped, section.header))} |")
            out.append("|---" + "|---:" * (len(section.header) - 1) + "|")
            out += [*(f"| {' | '.join(map(escaped, row))} |" for row in section.rows), ""]
        out += [f"- {escaped(line)}" for line in section.lines]
    if findings or open_:
        out += ["", f"## {words('Findings')}", ""]
    for one in findings:
        out.append(f"- **{escaped(one.message)}** ({one.kind}, {escaped(one.where)}; {escaped(one.how)})")
        out += [f"  - {escaped(line)}" for line in one.students]
        out += [f"  - {escaped(one.help)}"] if one.help else []
    if open_:
        out.append(f"- {escaped(open_)}")
    return "\n".join([*out, ""])
