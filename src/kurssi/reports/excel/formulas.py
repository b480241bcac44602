"""The policy as spreadsheet formulas: from the cells of one student to the grade, as the contract's section 5 says.

Knows cells and the policy, and computes nothing. The formulas of a construct stand beside what it means, in its
``formula.py`` (:mod:`kurssi.grading.constructs`); here is what puts them together, and the
end: the grade as it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from kurssi.grading.activity.formula import stepped
from kurssi.grading.attempts.formula import chosen
from kurssi.grading.bonus.formula import with_all
from kurssi.grading.constructs import CONSTRUCTS, columns_of
from kurssi.grading.mean.formula import node
from kurssi.grading.peers.formula import moved
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import MISSING, Columns, Key, StudentRow, near, quoted
from kurssi.policy.model import Part


class Formulas(StudentRow):
    """The formula of every column."""

    def column(self, key: Key) -> str:
        """The formula of one column."""
        known, part = _columns(), self.part(key.part)
        if part is None and key.attempt:
            return known.numbered[key.what](self, key.attempt)
        if part is None:
            return self._end[key.what]() if key.what in self._end else known.whole[key.what](self)
        if key.attempt:
            return known.attempt[key.what](self, part, key.attempt)
        if key.what == "plain" or (key.what == "value" and part.id not in self.targets):
            return self._value(part)
        return with_all(self, part) if key.what == "value" else known.part[key.what](self, part)

    @property
    def _end(self) -> Mapping[str, Callable[[], str]]:
        """What belongs to no construct: the grade as it is shown."""
        return {"number": self.number, "grade": self.final, "status": self.status}

    def part(self, name: str) -> Part | None:
        """A part by its id."""
        return self.policy.by_id().get(name)

    def _value(self, part: Part) -> str:
        """What a part comes to, up to its gate, without what is added to it by steps."""
        if part.parts:
            return node(self, part)
        return (
            moved(self, part, part.peer)
            if part.peer is not None and part.source in self.needs.peers
            else chosen(self, part)
        )

    def number(self) -> str:
        """The grade as a number, before somebody sets another: lowest where a gate is closed, else within the scale.

        Where something is open, kurssi's own result as long as nothing else was changed; – where there is none.
        """
        closed, opened = self.at("closed"), self.at("open")
        none = quoted(MISSING)
        weighed = any(part.counts for part in self.policy.parts)
        if weighed:
            rounded = self.at("rounded")
            grade = f"MIN(MAX({rounded},{names.AT_LEAST}),{names.SCALE_TOP})"
            if self.policy.activity is not None and self.policy.activity.in_steps:
                grade = stepped(self, grade)
            grade = f'IF({rounded}="",{none},{grade})'
        else:
            grade = names.SCALE_TOP
        if self.policy.requires:
            grade = f"IF(ISNUMBER({grade}),MIN({grade},{self.at('limit')}),{none})" if weighed else self.at("limit")
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


@cache
def _columns() -> Columns:
    """Those of all constructs."""
    found = [columns_of(construct) for construct in CONSTRUCTS]
    return Columns(
        {what: text for columns in found for what, text in columns.attempt.items()},
        {what: text for columns in found for what, text in columns.part.items()},
        {what: text for columns in found for what, text in columns.whole.items()},
        {what: text for columns in found for what, text in columns.numbered.items()},
    )
