"""What ``--list public`` leaves out cannot be worked out from what it shows, by a reader who knows the rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.reports.lists.public import FEWEST, suppressed

MOST = 30
"""Classes of so many students are looked at, all of them."""


def sorted_counts(students: int, grades: int, least: int = 0) -> Iterator[tuple[int, ...]]:
    """All distributions without the names of the grades: ascending counts."""
    if grades == 1:
        if students >= least:
            yield (students,)
        return
    for count in range(least, students // grades + 1):
        for rest in sorted_counts(students - count, grades - 1, count):
            yield (count, *rest)


@pytest.mark.parametrize("grades", [2, 3, 4, 5, 6, 7, 8])
def test_nothing_hidden_follows_from_what_is_shown_in_any_class_of_up_to_thirty(grades: int) -> None:
    """The rule does not look at the order of the grades (see below), so it is enough to look at ascending counts.

    Of one output, every order of every possible hidden part is possible: a count is known only where all are alike.
    """
    for students in range(FEWEST, MOST + 1):
        values = defaultdict(set)
        for counts in sorted_counts(students, grades):
            shown = suppressed(counts)
            hidden = [count for count, kept in zip(counts, shown, strict=True) if kept is None]
            if hidden:
                assert sum(hidden) >= FEWEST
                assert len(hidden) > 1
                values[tuple(shown)].update(hidden)
            assert not any(kept is not None and kept < FEWEST for kept in shown)
        for output, possible in values.items():
            assert len(possible) > 1, (students, output, possible)


@pytest.mark.parametrize(("grades", "most"), [(2, 30), (3, 20), (4, 13), (6, 8)])
def test_the_same_for_all_orders_as_they_stand(grades: int, most: int) -> None:
    values: dict[tuple[int, tuple[int | None, ...]], list[set[int]]] = {}
    for counts in product(range(most + 1), repeat=grades):
        if FEWEST <= sum(counts) <= most:
            seen = values.setdefault((sum(counts), tuple(suppressed(counts))), [set() for _ in counts])
            for each, count in zip(seen, counts, strict=True):
                each.add(count)
    for (_, output), possible in values.items():
        assert all(kept is not None or len(each) > 1 for kept, each in zip(output, possible, strict=True)), output


@given(
    st.lists(st.integers(0, 40), min_size=2, max_size=12).flatmap(
        lambda c: st.tuples(st.just(c), st.permutations(range(len(c))))
    )
)
def test_the_rule_does_not_look_at_the_order_of_the_grades(given: tuple[list[int], list[int]]) -> None:
    counts, order = given
    shown = suppressed(counts)
    assert suppressed([counts[at] for at in order]) == [shown[at] for at in order]


def test_no_true_count_is_said_beside_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "x.yaml"
    plan.write_text(
        "kurssi: 1\ncourse: {code: X, name: Course, credits: 5}\nimplementation: {id: x-1, language: en}\n"
        "assessment: {evaluation_scale: 0-5, parts: [{id: essay, name: Essay, weight: 100}]}\n"
    )
    sheet = tmp_path / "s.csv"
    sheet.write_text("student,essay\n" + "".join(f"{n},{3 if n else 0}\n" for n in range(23)))
    assert run(["grade", str(plan), str(sheet), "--list", "public", "-o", str(tmp_path / "p.csv")]) == 0
    said = "".join(capsys.readouterr())
    assert "23" in said
    assert "22" not in said
    assert "1 failed" not in said
