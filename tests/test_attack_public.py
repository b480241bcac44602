"""What ``--list public`` leaves out cannot be worked out from what it shows, by a reader who knows the rule."""

from __future__ import annotations

import re
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


@pytest.mark.parametrize("grades", [*range(2, 13), 20, MOST])
def test_nothing_hidden_follows_from_what_is_shown_in_any_class_of_up_to_thirty(grades: int) -> None:
    """The rule does not look at the order of the grades (see below), so it is enough to look at ascending counts.

    Of one output, every order of every possible hidden part is possible: a count is known only where all are alike.
    More grades than students have nothing new, as the grades beyond are all at 0. A reader who has got one of the
    hidden grades knows that one student more, and still no other count.
    """
    for students in range(FEWEST, MOST + 1):
        worlds: defaultdict[tuple[int | None, ...], set[tuple[int, ...]]] = defaultdict(set)
        for counts in sorted_counts(students, grades):
            shown = suppressed(counts)
            hidden = [count for count, kept in zip(counts, shown, strict=True) if kept is None]
            if hidden:
                assert sum(hidden) >= FEWEST
                assert len(hidden) > 1
                worlds[tuple(shown)].add(tuple(hidden))
            assert not any(kept is not None and kept < FEWEST for kept in shown)
        for output, possible in worlds.items():
            assert len({count for hidden in possible for count in hidden}) > 1, (students, output, possible)
            assert len(others(possible)) > 1, (students, output, possible)


def others(possible: set[tuple[int, ...]]) -> set[int]:
    """What the other hidden counts may be for a reader who has one of the hidden grades, so that it is not 0."""
    left: set[int] = set()
    for hidden in possible:
        for place, count in enumerate(hidden):
            if count:
                left.update((*hidden[:place], *hidden[place + 1 :]))
    return left


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


@pytest.mark.parametrize("format_", ["text", "csv", "md", "json"])
@pytest.mark.parametrize("suffix", ["csv", "md", "json"])
def test_no_true_count_is_said_beside_the_list(
    format_: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """22 students have a 3 and one failed: neither stands in the list, in what is said of it, or in an error."""
    plan = tmp_path / "x.yaml"
    plan.write_text(
        "kurssi: 1\ncourse: {code: X, name: Course, credits: 5}\nimplementation: {id: x-1, language: en}\n"
        "assessment: {evaluation_scale: 0-5, parts: [{id: essay, name: Essay, weight: 100}]}\n"
    )
    sheet = tmp_path / "s.csv"
    sheet.write_text("student,essay\n" + "".join(f"{n},{3 if n else 0}\n" for n in range(23)))
    out = tmp_path / f"p.{suffix}"
    wanted = ["--list", "public", "--format", format_, "-o", str(out)]
    assert run(["grade", str(plan), str(sheet), *wanted]) == 0
    said = "".join(capsys.readouterr()).replace(str(tmp_path), "")
    for text in (said, out.read_text("utf-8-sig")):
        assert "–" in text or "null" in text
        assert "22" not in text
        assert not re.search(r"\b1 (?:failed|student)", text)
    assert run(["grade", str(plan), str(sheet), "--list", "public", "-o", str(tmp_path / "p.pdf")]) == 2
    assert "22" not in "".join(capsys.readouterr()).replace(str(tmp_path), "")
