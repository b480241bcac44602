"""The policy as spreadsheet formulas: from the cells of one student to the grade, as the contract's section 5 says.

Knows cells and the policy, and computes nothing. Only functions that Excel 2016, LibreOffice and Google Sheets have.
A formula is a template for one row: :data:`ROW` stands for the row's number.

A spreadsheet counts in binary floating point. Before a value meets a bound or is rounded it is rounded to
:data:`PLACES` decimals, which takes away what counting in binary adds; :func:`too_near` says which exact values lie so
near to a bound that this would change them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.policy.model import Late, Part, Peer, Policy
from kurssi.values.hours import Length
from kurssi.values.vocabulary import fold

from . import names

ROW = "\0"
PLACES = 9
HALF = "0." + "0" * PLACES + "5"
"""Half of the last of those decimals, for comparing with several bounds at once."""
LONGEST = 8000
"""Characters of a formula; Excel takes 8,192."""

MISSING, UNGRADED, EXCUSED, RECOGNISED, FAILED, PASSED = "–", "?", "EX", "AHOT", "H", "HYV"
"""What stands in the cell of a value where there is none."""
PASSES, FAILS = ("HYV", "S", "pass", "x", "hyväksytty"), ("H", "fail", "hylätty")
"""Words that may be typed into a score cell, by the contract."""
FAILED_EMPTY, UNGRADED_EMPTY = "(H)", "(?)"
"""The same for a part of parts in which nothing is left to weigh."""


class Key(NamedTuple):
    """A column of the sheet of parts: what it holds, of which part and of which attempt."""

    what: str
    part: str = ""
    attempt: int = 0


class Texts(NamedTuple):
    """Words that formulas write, in the report's language."""

    not_submitted: str
    closed: str
    failed: str
    below: str
    graded: str
    fails: str
    incomplete: str


class Needs(NamedTuple):
    """What this class has, beyond what the policy says."""

    late: frozenset[tuple[str, int]]
    """Parts and attempts that can be late: those with a late rule and a deadline."""
    peers: frozenset[str]
    """Parts with peer marks."""
    overrides: bool
    held: bool
    """Whether the grade of a student is held for another reason than an open cell."""
    guards: int
    """Columns that compare what is entered for a student with what kurssi read; 0 where nobody has anything open."""
    clock: bool
    """Whether anything can be late by a clock that changes."""


def too_near(value: Fraction, bound: Fraction) -> bool:
    """Whether the value and a bound that it does not reach, or passes, could be one after rounding to PLACES.

    Two fractions with the denominators p and q that are not the same are at least 1 / (p × q) apart: values of weights
    and scores with few decimals are never too near.
    """
    if value.denominator * bound.denominator <= 10 ** (PLACES - 1):
        return False
    return value != bound and abs(value - bound) < Fraction(1, 10 ** (PLACES - 1))


INSTANT = "0.000005"
"""Less than half a second, in days: two times that are no further apart are one, but for the last binary digits."""


def _changed(due: str) -> str:
    """Which changes of the clock lie before a deadline."""
    return f"({names.CLOCK_CHANGES}+{names.CLOCK_SECONDS}/86400-{due}<{INSTANT})"


def quoted(text: str) -> str:
    """A text inside a formula."""
    return '"' + text.replace('"', '""')[:250] + '"'


def near(expression: str) -> str:
    """The expression without what binary floating point adds to it."""
    return f"ROUND({expression},{PLACES})"


def elapsed(length: Length | None) -> bool:
    """Whether a length of time is counted by the clock's running rather than by the calendar."""
    return length is not None and not length.days


class Formulas:
    """The formula of every column. ``at`` gives the letters of a column."""

    def __init__(self, policy: Policy, needs: Needs, texts: Texts, at: Callable[[Key], str]) -> None:
        self.policy = policy
        self.needs = needs
        self.texts = texts
        self._at = at
        self.lowest, self.top, self.passing = names.lowest(policy), names.top(policy), names.pass_value(policy)

    def at(self, what: str, part: Part | None = None, attempt: int = 0) -> str:
        """The cell of a column in the student's own row."""
        return f"${self._at(Key(what, part.id if part else '', attempt))}{ROW}"

    # ---- one attempt ---------------------------------------------------------------------------------------

    def labels(self, part: Part) -> bool:
        """Whether the part's cells take labels of an own scale."""
        return self.policy.scale.own and part.graded == "grade"

    def words(self, part: Part, *words: str) -> list[str]:
        """Words of a score cell, without those that are labels of the scale."""
        labels = {fold(label) for label in self.policy.scale.labels} if self.labels(part) else set()
        return [word for word in words if fold(word) not in labels]

    def says(self, part: Part, cell: str, *words: str) -> str:
        """Whether a score cell says one of these words."""
        return ",".join(f"{cell}={quoted(word)}" for word in self.words(part, *words)) or "FALSE"

    def is_score(self, part: Part, cell: str) -> str:
        """Whether a score cell holds a score of the part."""
        if self.labels(part):
            return f'AND({cell}<>"",SUMPRODUCT(--({names.SCALE_LABELS}={cell}))>0)'
        if part.graded == "points":
            return f"AND(ISNUMBER({cell}),{cell}>=0,{cell}<={names.of('max', part)})"
        return f"AND(ISNUMBER({cell}),{cell}>={names.SCALE_LOWEST},{cell}<={names.SCALE_TOP})"

    def units(self, part: Part, attempt: int) -> str:
        """Started late units; the word for closed where it came too late."""
        rule = part.late
        if rule is None:
            raise ValueError(f"never late: {part.id}")
        score, came, due = (self.at(what, part, attempt) for what in ("score", "submitted", "due"))
        out = self.takes_no_time(part, score)
        units = self._started(part, rule, attempt)
        if rule.closes is not None:
            late = self._beyond(part, attempt, self.late("closes", rule), elapsed(rule.closes))
            units = f"IF({late}>0,{quoted(self.texts.closed)},{units})"
        if rule.grace is not None:
            late = self._beyond(part, attempt, self.late("grace", rule), elapsed(rule.grace))
            units = f"IF({late}<=0,0,{units})"
        return f'IF(OR({came}="",{due}="",{out}),0,IF({self._late_by(part, attempt)}<=0,0,{units}))'

    def takes_no_time(self, part: Part, score: str) -> str:
        """Whether a score cell says a word with which nothing is late."""
        return f"OR({self.says(part, score, '-', MISSING, EXCUSED, RECOGNISED, 'RPL')})"

    def _late_by(self, part: Part, attempt: int, later: str = "") -> str:
        """The seconds that passed from a deadline, moved by hours of the calendar, to the hand-in.

        In the hour that the clock skips or runs twice the hand-in is the earlier instant and the deadline the later.
        So the clock has changed for a hand-in at what it showed before the change, and for a deadline at what it
        showed after it.
        """
        came, due = (self.at(what, part, attempt) for what in ("submitted", "due"))
        due = f"({due}+({later})/24)" if later else due
        local = f"ROUND(({came}-{due})*86400,0)"
        if not self.needs.clock:
            return local
        moved = f"({names.CLOCK_CHANGES}-{came}<{INSTANT})-{_changed(due)}"
        return f"({local}-SUMPRODUCT(({moved})*{names.CLOCK_SECONDS}))"

    def _beyond(self, part: Part, attempt: int, length: str, runs: bool) -> str:
        """The seconds by which an attempt came after its deadline and a length of time, elapsed or of the calendar."""
        return f"({self._late_by(part, attempt)}-{length}*3600)" if runs else self._late_by(part, attempt, length)

    def _started(self, part: Part, rule: Late, attempt: int) -> str:
        """The started units of an attempt that came after its deadline."""
        unit = self.late("unit", rule)
        if rule.per == "hour":
            return f"-INT(-{self._late_by(part, attempt)}/({unit}*3600))"
        came, due = (self.at(what, part, attempt) for what in ("submitted", "due"))
        units = f"-INT(-ROUND(({came}-{due})*86400,0)/({unit}*3600))"
        if not self.needs.clock:
            return units
        # where the deadline, moved, falls into the hour that runs twice, one unit less may be enough
        return f"({units}-IF({self._late_by(part, attempt, f'({units}-1)*{unit}')}<=0,1,0))"

    def late(self, what: str, rule: Late) -> str:
        """The name of a size of a late rule."""
        return names.late(what, rule, self.policy)

    def converted(self, part: Part, attempt: int) -> str:
        """Step 1: the score on the scale, or in per cent."""
        cell = self.at("score", part, attempt)
        value = f"SUMPRODUCT(({names.SCALE_LABELS}={cell})*{names.SCALE_GRADES})" if self.labels(part) else cell
        if part.graded == "points":
            value = self._points(part, value)
        elif self.policy.percent:
            value = f"({value}-{names.SCALE_LOWEST})*100/({names.SCALE_TOP}-{names.SCALE_LOWEST})"
        return f'IF({self.is_score(part, cell)},{value},"")'

    def _points(self, part: Part, score: str) -> str:
        if self.policy.percent:
            return f"{score}*100/{names.of('max', part)}"
        if part.boundaries is not None:
            return f"{names.SCALE_LOWEST}+SUMPRODUCT(--({score}>={names.of('boundaries', part)}))"
        low_points, low, high_points, high = (
            names.of(what, part) for what in ("points_low", "value_low", "points_high", "value_high")
        )
        line = f"{low}+({score}-{low_points})*({high}-{low})/({high_points}-{low_points})"
        return f"IF({score}<{low_points},{self.lowest},IF({score}>={high_points},{self.top},{line}))"

    def converts(self, part: Part) -> bool:
        """Whether a score and its value are not the same number."""
        return part.graded == "points" or (part.graded == "grade" and (self.policy.percent or self.policy.scale.own))

    def value_of(self, part: Part, attempt: int) -> str:
        """The cell with the converted score."""
        return self.at("converted" if self.converts(part) else "score", part, attempt)

    def deducts(self, part: Part, attempt: int) -> bool:
        """Whether lateness can take something from an attempt."""
        return part.late is not None and bool(part.late.deduct) and (part.id, attempt) in self.needs.late

    def deducted(self, part: Part, attempt: int) -> str:
        """What lateness takes (5.1), before the floor holds it back."""
        rule = part.late
        if rule is None:
            raise ValueError(f"never late: {part.id}")
        score, value = self.at("score", part, attempt), self.value_of(part, attempt)
        late, units = self.at("units", part, attempt), self.at("units", part, attempt)
        forgiven = self.policy.free is not None and attempt == 1
        if forgiven:
            units = f"({late}-{self.at('forgiven', part, 1)})"
        size = self.late("deduct", rule)
        base = value if rule.of == "earned" else self.top
        taken = f"INDEX({size},MIN({units},ROWS({size})))" if rule.table else f"{size}*{units}"
        if rule.percent:
            taken = f"{taken}*{base}/100"
        if rule.at_most is not None:
            most = self.late("at_most", rule)
            taken = f"MIN({taken},{most}*{base}/100)" if rule.at_most_percent else f"MIN({taken},{most})"
        return f"IF(AND({self.is_score(part, score)},ISNUMBER({late})),IF({units}>0,{taken},0),0)"

    # ---- a free budget that is spent in order of deadlines -------------------------------------------------

    def spenders(self) -> list[Part]:
        """The parts whose late first attempts spend the free budget in order of deadlines, as the file has them."""
        free = self.policy.free
        if free is None or free.helps:
            return []
        return [part for part in self.policy.leaves() if self.deducts(part, 1)]

    def spending(self, part: Part) -> str:
        """Late units that spend the free budget: those of closed and failed ones too, none while it is not graded."""
        rule = part.late
        if rule is None:
            raise ValueError(f"never late: {part.id}")
        score, late = self.at("score", part, 1), self.at("units", part, 1)
        graded = f"IF(OR({self.is_score(part, score)},{self.says(part, score, *FAILS)}),{late},0)"
        if rule.closes is None:
            return graded
        return f"IF(ISNUMBER({late}),{graded},{self._started(part, rule, 1)})"

    def turn(self, part: Part) -> str:
        """Which of the parts' deadlines the part's is, in order of time and, of equal ones, of the file."""
        parts = self.spenders()
        own, mine = parts.index(part), self._deadline(part)
        before = [
            f"IF({self._deadline(other)}{'<=' if index < own else '<'}{mine},1,0)"
            for index, other in enumerate(parts)
            if index != own
        ]
        return "+".join(("1", *before))

    def _deadline(self, part: Part) -> str:
        """The instant of the first attempt's deadline, in seconds from a fixed one."""
        due = self.at("due", part, 1)
        local = f"ROUND({due}*86400,0)"
        return f"({local}-SUMPRODUCT({_changed(due)}*{names.CLOCK_SECONDS}))" if self.needs.clock else local

    def left(self, turn: int) -> str:
        """Hours left of the free budget when the part with this turn spends of it: in whole units of its late rule."""
        if turn == 1:
            return names.LATE_BUDGET
        left = self.at("left", None, turn - 1)
        spent = [
            f"IF({self.at('turn', part)}={turn - 1},{unit}*MIN({self.at('spending', part, 1)},INT({left}/{unit})),0)"
            for part, unit in self._units()
        ]
        return f"{left}-({'+'.join(spent)})"

    def forgiven(self, part: Part) -> str:
        """Late units that the free budget forgives, by what is left of it at the part's turn."""
        first, last = (self.at("left", None, turn) for turn in (1, len(self.spenders())))
        left = f"INDEX({first}:{last},1,{self.at('turn', part)})"
        unit = next(unit for other, unit in self._units() if other is part)
        return f"MIN({self.at('spending', part, 1)},INT({left}/{unit}))"

    def _units(self) -> list[tuple[Part, str]]:
        """Those parts, and the name of the length of each one's late unit."""
        return [(part, self.late("unit", part.late)) for part in self.spenders() if part.late is not None]

    def outcome(self, part: Part, attempt: int) -> str:
        """What an attempt comes to: its value after lateness and the cap on retakes, or a sign for why it has none."""
        cell = self.at("score", part, attempt)
        can_be_late = (part.id, attempt) in self.needs.late
        blank = f'AND({cell}="",{self.at("submitted", part, attempt)}="")' if can_be_late else f'{cell}=""'
        if part.graded == "pass-fail":
            score, value = f"OR({self.says(part, cell, *PASSES)},AND(ISNUMBER({cell}),{cell}=1))", quoted(PASSED)
            failed = f"OR({self.says(part, cell, *FAILS)},AND(ISNUMBER({cell}),{cell}=0))"
        else:
            score, value = self.is_score(part, cell), self.value_of(part, attempt)
            failed = f"OR({self.says(part, cell, *FAILS)})"
            if self.deducts(part, attempt):
                held = f"MIN({value},{names.of('not_below', part)})"
                value = f"MAX({value}-{self.at('deducted', part, attempt)},{held},{self.lowest})"
            if attempt > 1 and part.retake_at_most is not None:
                value = f"MIN({value},{names.of('retake_at_most', part)})"
        rest = f"IF({failed},{quoted(FAILED)},{quoted(UNGRADED)})"
        if can_be_late:
            closed = f"{self.at('units', part, attempt)}={quoted(self.texts.closed)}"
            value = f"IF({closed},{quoted(self.texts.closed)},{value})"
            rest = f"IF({closed},{quoted(self.texts.closed)},{rest})"
        missing = self.says(part, cell, "-", MISSING)
        rest = f"IF(OR({self.says(part, cell, RECOGNISED, 'RPL')}),{quoted(RECOGNISED)},{rest})"
        rest = f"IF({self.says(part, cell, EXCUSED)},{quoted(EXCUSED)},{rest})"
        return f"IF({score},{value},IF(OR({blank},{missing}),{quoted(MISSING)},{rest}))"

    # ---- one part ------------------------------------------------------------------------------------------

    def single(self, part: Part) -> bool:
        """Whether a part has one attempt, whose outcome is the part's own."""
        return len(part.dues) == 1

    def outcomes(self, part: Part) -> list[str]:
        """The cells of the outcomes of all attempts."""
        if self.single(part):
            return [self.at(self._before_peers(part), part)]
        return [self.at("outcome", part, n) for n in range(1, len(part.dues) + 1)]

    def _before_peers(self, part: Part) -> str:
        return "group_value" if part.id in self.needs.peers else "value"

    def chosen(self, part: Part) -> str:
        """Step 3: of several attempts the best, or the latest that was handed in in time."""
        if self.single(part):
            return self.outcome(part, 1)
        cells = self.outcomes(part)
        passed, failed = quoted(PASSED), quoted(FAILED)
        if part.latest:
            chain = self._without(cells)
            for cell in cells:  # the last one put around is asked first
                chain = f"IF(OR(ISNUMBER({cell}),{cell}={failed},{cell}={passed}),{cell},{chain})"
            return chain
        rest = f"IF({_any(cells, FAILED)},{failed},{self._without(cells)})"
        if part.graded == "pass-fail":
            return f"IF({_any(cells, PASSED)},{passed},{rest})"
        best = f"MAX({','.join(cells)})"
        if part.minimum_raw and part.required:
            clears = [f"AND(ISNUMBER({cell}),{self._raw(part, n)})" for n, cell in enumerate(cells, 1)]
            clearing = ",".join(f"IF({test},{cell},-1)" for test, cell in zip(clears, cells, strict=True))
            best = f"IF(OR({','.join(clears)}),MAX({clearing}),{best})"
        return f"IF(COUNT({','.join(cells)})>0,{best},{rest})"

    def _raw(self, part: Part, attempt: int) -> str:
        score = self.at("score", part, attempt)
        return f"AND(ISNUMBER({score}),{score}>={names.of('minimum', part)})"

    def _without(self, cells: Sequence[str]) -> str:
        """The sign of a part of which no attempt counts."""
        closed = quoted(self.texts.closed)
        chain = f"IF({_any(cells, self.texts.closed)},{closed},{quoted(MISSING)})"
        for sign in (RECOGNISED, EXCUSED, UNGRADED):
            chain = f"IF({_any(cells, sign)},{quoted(sign)},{chain})"
        return chain

    def moved(self, part: Part, peer: Peer) -> str:
        """Step 4: what peer marks make of the group's value (5.4)."""
        value, factor = self.at("group_value", part), self.at("factor", part)
        weight = f"{names.of('peer_weight', part)}/100"
        floor = self.lowest
        if not peer.may_fail and not self.policy.percent:
            floor = f"IF({near(value + '-' + self.passing)}>=0,{self.passing},{self.lowest})"
        result = f"{value}*(1-{weight}+{weight}*{factor})"
        if peer.at_most is not None:
            most = names.of("peer_at_most", part)
            result = f"MIN(MAX({result},{value}-{most}),{value}+{most})"
        result = f"MAX(MIN(MAX({result},{self.lowest}),{self.top}),{floor})"
        if peer.penalty:
            less = f"MAX({result}*(1-{names.of('peer_penalty', part)}/100),{floor},{self.lowest})"
            result = f"IF({self.at('silent', part)}=1,{less},{result})"
        return f"IF(AND(ISNUMBER({value}),ISNUMBER({factor})),{result},{value})"

    def gate(self, part: Part) -> str:
        """Step 5: nothing where the gate is open, else the reason."""
        value, texts = self.at("value", part), self.texts
        below = f"{near(value + '-' + names.of('minimum', part))}<0"
        if part.parts:
            failed = self._gates_below(part)
            below = f'IF(ISNUMBER({value}),IF({below},{quoted(texts.below)},""),"")'
            if failed:
                below = f"IF({failed},{quoted(texts.failed)},{below})"
            out = f'OR({value}="{EXCUSED}",{value}="{RECOGNISED}")'
            return f'IF({value}="{MISSING}",{quoted(texts.not_submitted)},IF({out},"",{below}))'
        if part.graded == "pass-fail":
            rest = '""'
        else:
            if part.minimum_raw:
                below = f"NOT({self._raw_of_used(part)})"
            rest = f'IF(ISNUMBER({value}),IF({below},{quoted(texts.below)},""),"")'
        return (
            f'IF({value}="{MISSING}",{quoted(texts.not_submitted)},'
            f"IF({value}={quoted(texts.closed)},{quoted(texts.closed)},"
            f'IF({value}="{FAILED}",{quoted(texts.failed)},{rest})))'
        )

    def _raw_of_used(self, part: Part) -> str:
        """Whether the raw score of the attempt that counts reaches the minimum."""
        if self.single(part):
            return self._raw(part, 1)
        cells = list(enumerate(self.outcomes(part), 1))
        if part.latest:
            chain = "TRUE"
            for n, cell in cells:
                live = f'OR(ISNUMBER({cell}),{cell}="{FAILED}",{cell}="{PASSED}")'
                chain = f"IF({live},{self._raw(part, n)},{chain})"
            return chain
        used = self.at(self._before_peers(part), part)
        tests = [
            f"IF(ISNUMBER({cell}),AND({near(f'{cell}-{used}')}=0,{self._raw(part, n)}),FALSE)" for n, cell in cells
        ]
        return f"OR({','.join(tests)})"

    def _gates_below(self, part: Part) -> str:
        gates = [f'{self.at("gate", child)}<>""' for child in part.parts if child.required]
        return f"OR({','.join(gates)})" if gates else ""

    # ---- parts of parts ------------------------------------------------------------------------------------

    def counts(self, part: Part) -> str:
        """Whether a part stands in the mean of its siblings: 1 or 0."""
        cell = self.at("value", part)
        if part.parts:
            return f'(ISNUMBER({cell})+({cell}="{MISSING}")+({cell}="{UNGRADED}"))'
        return f'({cell}<>"{EXCUSED}")*({cell}<>"{RECOGNISED}")'

    def worth(self, part: Part) -> str:
        """A part's value in the mean: the lowest where it has none."""
        return f"MAX(N({self.at('value', part)}),{self.lowest})"

    def weight(self, part: Part) -> str:
        """A part's weight among its siblings."""
        return names.of("weight", part)

    def weights(self, part: Part | None) -> str:
        """Step 6: the weights of the parts that count, summed."""
        terms = [f"{self.counts(child)}*{self.weight(child)}" for child in self.counting(part)]
        return "+".join(terms) or "0"

    def counting(self, part: Part | None) -> list[Part]:
        """The children that have a weight: gates and bonus parts have none."""
        return [child for child in (part.parts if part else self.policy.parts) if child.counts]

    def chooses(self, part: Part | None) -> bool:
        """Whether only the best of a part's children count."""
        return part is not None and (part.best is not None or bool(part.drop_lowest))

    def counted(self, part: Part) -> str:
        """The value of a child among which the best are chosen; nothing where it is excused."""
        return f'IF({self.counts(part)}>0,{self.worth(part)},"")'

    def mean(self, part: Part | None) -> str:
        """Step 6: the mean of the children, with what bonus parts add; nothing where nothing is left to weigh."""
        bonus = "".join(
            f"+{self.weight(child)}*N({self.at('value', child)})/100"
            for child in (part.parts if part else self.policy.parts)
            if child.bonus
        )
        counting = self.counting(part)
        if part is not None and self.chooses(part):
            first, last = (self.at("counted", child) for child in (counting[0], counting[-1]))
            among = f"{first}:{last}"
            number = f"COUNT({among})"
            kept = (
                f"MIN({names.of('best', part)},{number})"
                if part.best is not None
                else f"MAX(1,{number}-{names.of('drop_lowest', part)})"
            )
            terms = "+".join(f"IF({n}<={kept},LARGE({among},{n}),0)" for n in range(1, len(counting) + 1))
            return f'IF({number}=0,"",({terms})/{kept}{bonus})'
        weights = self.at("weights", part)
        terms = "+".join(f"{self.counts(child)}*{self.weight(child)}*{self.worth(child)}" for child in counting)
        return f'IF({weights}=0,"",({terms or 0})/{weights}{bonus})'

    def node(self, part: Part) -> str:
        """A part of parts: its mean, or the sign for why it has none."""
        cells = [self.at("value", child) for child in part.parts]
        out = "+".join(f'({cell}="{sign}")' for cell in cells for sign in (EXCUSED, RECOGNISED))
        missing = "+".join(
            f'({cell}="{MISSING}")' + ("" if child.parts else f"+({cell}={quoted(self.texts.closed)})")
            for cell, child in zip(cells, part.parts, strict=True)
        )
        open_ = "+".join(
            f'({cell}="{sign}")'
            for cell, child in zip(cells, part.parts, strict=True)
            for sign in ((UNGRADED, UNGRADED_EMPTY) if child.parts else (UNGRADED,))
        )
        mean, number = self.at("mean", part), len(cells)
        value = f'IF({mean}="",{quoted(EXCUSED if part.counts else PASSED)},{mean})'
        ungraded = f'IF({mean}="","{UNGRADED_EMPTY}","{UNGRADED}")'
        value = f"IF({out}+{open_}={number},{ungraded},{value})"
        if failed := self._gates_below(part):
            value = f'IF({failed},IF({mean}="","{FAILED_EMPTY}",{mean}),{value})'
        value = f'IF({out}+{missing}={number},"{MISSING}",{value})'
        return f'IF({out}={number},IF({_any(cells, EXCUSED)},"{EXCUSED}","{RECOGNISED}"),{value})'

    # ---- the whole -----------------------------------------------------------------------------------------

    def adjust(self) -> str:
        """Step 7: what activity adds (5.2)."""
        activity = self.policy.activity
        if activity is None:
            raise ValueError("no activity rule")
        if activity.levels is not None:
            level = self.at("level")
            return f"SUMPRODUCT(({names.ACTIVITY_LEVELS}={level})*{names.ACTIVITY_ADJUST})"
        attended, bounds = self.at("attended"), names.ATTENDANCE_FROM
        reached = f"SUMPRODUCT(--({attended}>={bounds}))"
        adjust = f"INDEX({names.ATTENDANCE_ADJUST},ROWS({bounds})-{reached}+1)"
        return f'IF({attended}="",0,IF({reached}=0,0,{adjust}))'

    def exact(self) -> str:
        """The value before rounding: the mean, with activity within its bounds."""
        mean = self.at("mean")
        if self.policy.activity is None:
            return f'IF({mean}="","",{mean})'
        moved = f"MAX({mean}+{self.at('adjust')},MIN({mean},{self.passing}))"
        return f'IF({mean}="","",MIN(MAX({self.top},{mean}),{moved}))'

    def rounded(self) -> str:
        """Step 8: a whole number."""
        value = self.at("exact")
        exact = near(value)
        if self.policy.percent:
            whole = f"{names.SCALE_LOWEST}+SUMPRODUCT(--({value}-{names.BOUNDARIES}>-{HALF}))"
        elif self.policy.rounding == "down":
            whole = f"INT({exact})"
        elif self.policy.rounding == "up":
            whole = f"-INT(-{exact})"
        elif self.policy.rounding == "half-even":
            even = f"INT({exact})+MOD(INT({exact}),2)"
            whole = f"IF({exact}-INT({exact})=0.5,{even},INT({exact}+0.5))"
        else:
            whole = f"INT({exact}+0.5)"
        return f'IF({value}="","",{whole})'

    def closed(self) -> str:
        """How many gates are closed at the top level."""
        gates = [f'IF({self.at("gate", part)}<>"",1,0)' for part in self.policy.parts if part.required]
        return "+".join(gates) or "0"

    def reasons(self, heading: Callable[[Part], str]) -> str:
        """Every reason for which a gate is closed; ``heading`` gives the cell with a part's name."""
        return "&".join(self._reasons(self.policy.parts, heading)) or '""'

    def _reasons(self, parts: Sequence[Part], heading: Callable[[Part], str]) -> Iterator[str]:
        for part in parts:
            if not part.required:
                continue
            gate = self.at("gate", part)
            own = f'{heading(part)}&": "&{gate}&". "'
            below = list(self._reasons(part.parts, heading))
            if below:
                own = f"IF({gate}={quoted(self.texts.failed)},{'&'.join(below)},{own})"
            yield f'IF({gate}="","",{own})'

    def open(self) -> str:
        """How many cells are not graded yet, and what else keeps the grade from being decided here."""
        cells = [cell for part in self.policy.leaves() for cell in self.outcomes(part)]
        terms = [f'IF({cell}="{UNGRADED}",1,0)' for cell in cells]
        if self.needs.held:
            terms.append(self.at("held"))
        return "+".join(terms)

    def number(self) -> str:
        """The grade as a number, before somebody sets another: lowest where a gate is closed, else within the scale.

        Where something is open, kurssi's own result as long as nothing else was changed; – where there is none.
        """
        closed, opened = self.at("closed"), self.at("open")
        none = quoted(MISSING)
        if any(part.counts for part in self.policy.parts):
            rounded = self.at("rounded")
            grade = f"MIN(MAX({rounded},{names.AT_LEAST}),{names.SCALE_TOP})"
            grade = f'IF({rounded}="",{none},{grade})'
        else:
            grade = names.SCALE_TOP
        grade = f"IF({closed}>0,{names.SCALE_LOWEST},{grade})"
        grade = f"IF({opened}=0,{grade},IF({self.unchanged()},{self.at('kurssi_number')},{none}))"
        return f'IF({names.WEIGHTS_CHECK}="ok",{grade},{none})'

    def unchanged(self) -> str:
        """Whether a student stands as kurssi graded it. Where something is open all that is entered must be as kurssi
        read it: what is within reach depends on more than these results.
        """
        same = [f"{self.at(what)}={self.at(f'kurssi_{what}')}" for what in ("open", "closed")]
        same += [f'{self.at("kurssi_entered", None, n)}=""' for n in range(1, self.needs.guards + 1)]
        if any(part.counts for part in self.policy.parts):
            mine, theirs = self.at("exact"), self.at("kurssi_exact")
            same.append(f"{near(f'N({mine})-N({theirs})')}=0")
        return f"AND({','.join(same)})"

    def entered(self, held: Sequence[str], word: str) -> str:
        """The word where one of the cells no longer holds what kurssi read, or a size of the policy is another."""
        return f'IF({"*".join(held)}*({names.SIZES_CHANGED}=0),"",{quoted(word)})'

    def changed(self, word: str) -> str:
        """The word where a student does not stand as kurssi graded it."""
        return f'IF(AND({self.unchanged()},{self.at("grade")}={self.at("kurssi_grade")}),"",{quoted(word)})'

    def final(self) -> str:
        """The grade as the scale shows it, an override before what was computed."""
        number = self.at("number")
        label = f"INDEX({names.SCALE_LABELS},{number}-{names.SCALE_LOWEST}+1)"
        computed = f"IF(ISNUMBER({number}),{label},{quoted(MISSING)})"
        if not self.needs.overrides:
            return computed
        override = self.at("override")
        return f'IF({override}="",{computed},{override})'

    def status(self) -> str:
        """Graded, failed or incomplete."""
        number = self.at("number")
        if self.needs.overrides:
            override = self.at("override")
            number = f'IF({override}="",{number},SUMPRODUCT(({names.SCALE_LABELS}={override})*{names.SCALE_GRADES}))'
        texts = self.texts
        graded = f"IF({number}<{names.SCALE_PASS},{quoted(texts.fails)},{quoted(texts.graded)})"
        return f"IF(ISNUMBER({number}),{graded},{quoted(texts.incomplete)})"


def holds(cell: str, value: float | str | None) -> str:
    """Whether a cell holds this: 1 or 0."""
    if value is None:
        return f'({cell}="")'
    if isinstance(value, str):
        return f"({cell}={quoted(value)})"
    return f"ISNUMBER({cell})*({cell}={value!r})"  # an empty cell equals 0


def holds_time(cell: str, serial: float) -> str:
    """Whether a cell holds this time, to the second: 1 or 0."""
    return f"(ROUND(N({cell})*86400,0)={round(serial * 86400)})"


def _any(cells: Sequence[str], sign: str) -> str:
    """Whether one of the cells shows this sign."""
    return f"OR({','.join(f'{cell}={quoted(sign)}' for cell in cells)})"
