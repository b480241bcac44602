"""Every cell of every sheet is used in the result or named as unused; ``benchmarks/conservation.py`` runs more."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

import conservation
import conservation_shrinking
from conservation import (
    RULES_ARE_NAMED,
    Case,
    Cell,
    Data,
    Runner,
    Table,
    Tally,
    examine,
    idle_rules,
    judge,
    students_of_document,
    unnamed_rules,
)
from conservation_layouts import ALL, export
from conservation_shrinking import shrunk
from conservation_silence import Silences, hunt, show
from conservation_tables import teacher
from effort import MORE

LANGUAGES = [(name, language) for name, (_, languages) in ALL.items() for language in languages]


def drawn(number: int, name: str) -> list[tuple[random.Random, Case]]:
    """Cases that are the same in every run; every third is a system's."""
    rngs = [random.Random(f"{name}.{at}") for at in range(number)]
    return [(rng, teacher(rng) if at % 3 else export(rng)) for at, rng in enumerate(rngs)]


def assert_nothing_new(tally: Tally) -> None:
    assert not tally.crashes, next(iter(tally.crashes))
    new = [violation for violation in tally.least.values() if not violation.known]
    assert not new, "\n\n".join(violation.show() for violation in new)


# ---- the property --------------------------------------------------------------------------------------------


def test_every_cell_of_a_teachers_tables_is_used_or_named() -> None:
    tally = Tally()
    for at in range(40 * MORE):
        rng = random.Random(f"teacher.{at}")
        examine(teacher(rng), rng, tally, 8)
    assert tally.tables > 30 * MORE
    assert tally.used > tally.cells / 2
    assert_nothing_new(tally)


@pytest.mark.parametrize(("layout", "language"), LANGUAGES)
def test_every_cell_of_an_export_is_used_or_named(layout: str, language: str) -> None:
    tally = Tally()
    for at in range(12):
        rng = random.Random(f"{layout}.{language}.{at}")
        examine(ALL[layout][0](rng, language), rng, tally, 12)
        if tally.tables == 3:
            break
    assert tally.tables == 3, tally.unread
    assert tally.used + tally.named > 0
    assert_nothing_new(tally)


def test_nothing_is_taken_away_in_silence() -> None:
    found = Silences()
    for rng, case in drawn(15 * MORE, "silence"):
        hunt(case, rng, found, 6)
    assert found.cases > 12 * MORE
    assert not found.unknown(), "\n\n".join(
        show(kind, *found.least[kind]) for kind in found.unknown() if kind in found.least
    )


@pytest.mark.skipif(not RULES_ARE_NAMED, reason="rules without anything to act on are not named yet")
def test_a_rule_without_anything_to_act_on_is_named_once() -> None:
    for _, case in drawn(40 * MORE, "rules"):
        outcome = Runner(case).run(case)
        if outcome.students is not None:
            assert not unnamed_rules(case, outcome), case.text()


# ---- the harness itself --------------------------------------------------------------------------------------


def test_there_is_a_writer_for_every_layout() -> None:
    assert set(ALL) == conservation.LAYOUT_NAMES


@pytest.mark.parametrize(("layout", "language"), LANGUAGES)
def test_what_is_written_is_recognised(layout: str, language: str) -> None:
    rng = random.Random(f"{layout}.{language}")
    case = ALL[layout][0](rng, language)
    outcome = Runner(case).run(case)
    assert outcome.students
    assert layout in {finding.found for finding in outcome.findings if finding.rule == "export-read"}


def test_the_short_ways_come_to_what_the_document_says() -> None:
    """One student of the class, without steps, is what the whole class has; and that is what the JSON says."""
    for _, case in drawn(10 * MORE, "short"):
        runner = Runner(case)
        students = runner.run(case).students
        if students is None:
            continue
        book, _ = runner.book(case)
        assert book is not None
        assert students == students_of_document(book)
        for student in students:
            assert runner.run(case, only=student["student"]).students == [student]


ASSESSMENT: Data = {"evaluation_scale": "0-5", "parts": [{"id": "essay"}, {"id": "exam"}]}


def small(*more: tuple[str, str], header: Sequence[str] = ("student", "essay", "exam")) -> Case:
    """A class of one, with further columns."""
    heads = [Cell(text) for text in (*header, *(name for name, _ in more))]
    row = [Cell("001", "student"), Cell("3", "score", ("4",)), Cell("5", "score", ("4",))]
    return Case("plain", ASSESSMENT, [Table("a.csv", [heads, [*row, *(Cell(t, "more", ("x",)) for _, t in more)]])])


class Deaf(Runner):
    """Reads ``3`` and ``4`` in the second column alike, without a word."""

    def files(self, case: Case) -> list[tuple[str, bytes]]:
        first = case.tables[0]
        rows = [[cell._replace(text="3") if at == 1 and cell.text == "4" else cell for at, cell in enumerate(row)]
                for row in first.rows]  # fmt: skip
        return super().files(replace(case, tables=[replace(first, rows=rows), *case.tables[1:]]))


def test_a_cell_that_nobody_looks_at_is_found_and_shrunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conservation, "Runner", Deaf)
    monkeypatch.setattr(conservation_shrinking, "Runner", Deaf)
    tally = Tally()
    examine(small(("Comment", "good")), random.Random(1), tally, None)
    assert (tally.cells, tally.used, tally.named, sum(tally.kinds.values())) == (3, 1, 1, 1)
    (violation,) = tally.least.values()
    assert not violation.known
    least = shrunk(violation)
    assert [[cell.text for cell in row] for row in least.case.tables[0].rows] == [["student", "essay"], ["001", "3"]]
    assert [part["id"] for part in least.case.assessment["parts"]] == ["essay"]
    assert "'3' -> '4'" in least.show()


@pytest.mark.parametrize(
    ("case", "at", "new", "came"),
    [
        (small(), (0, 1, 1), "4", "used"),
        (small(), (0, 1, 1), "4 of 5", "refused"),
        (small(("Comment", "good")), (0, 1, 3), "bad", "named"),
        (small(("", "good")), (0, 1, 3), "bad", "named"),
    ],
)
def test_judge(case: Case, at: tuple[int, int, int], new: str, came: str) -> None:
    runner = Runner(case)
    assert judge(runner, case, runner.run(case), at, new) == came


def test_what_is_raised_is_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    case = small()
    runner = Runner(case)
    base = runner.run(case)

    def fails(*_: object, **__: object) -> None:
        raise TypeError("no order")

    monkeypatch.setattr(conservation, "grade_sheets", fails)
    assert judge(runner, case, base, (0, 1, 1), "4") == "crash"


def test_rules_that_have_nothing_to_act_on() -> None:
    case = small()
    peer = {"by": "group", "peer": {"method": "webpa"}}
    parts = [{"id": "essay", "due": "2024-03-04", "late": {"deduct": 1}}, {"id": "exam", "retakes": [{}], **peer}]
    activity = {"levels": {"active": 1, "passive": -1}}
    case.assessment = {"evaluation_scale": "0-5", "parts": parts, "late": {"deduct": 1}, "activity": activity}
    assert sorted(map(str, idle_rules(case, Runner(case).run(case)))) == [
        "('assessment', 'activity')",
        "('assessment', 'late')",
        "('assessment', 'parts', 0, 'late')",
        "('assessment', 'parts', 1, 'peer')",
    ]
