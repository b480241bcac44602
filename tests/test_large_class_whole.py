"""A large class that is read whole: no more is kept of it than has to be, and nothing comes out different."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from kurssi.course.check import check
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook, grade
from kurssi.policy.model import resolve
from kurssi.reports import csv_and_markdown, rows
from kurssi.sheets import attempts, read_sheets, table_files

OVERRIDES = b"student,grade,reason,by,date\n0000003,5,appeal,Matti,2024-04-02\n0000028,0,plagiarism,Matti,2024-04-02\n"
WORDS = Words("en")
PLAN = b"""\
kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024}
assessment:
  evaluation_scale: H-5
  parts:
    - {id: essay, weight: 40, due: 2024-03-04 23:59}
    - {id: exam, weight: 60}
  late: {deduct: 0.5, per: day, closes: 7 d}
"""


def graded(only: str | None = None) -> Gradebook:
    rows = [f"{n:07},{n % 6},2024-03-{n % 9 + 1:02} 12:{n:02},{'?' if n == 7 else n % 4 + 2}" for n in range(30)]
    raw = "\n".join(["student,essay,essay submitted,exam", *rows]).encode()
    book, findings = grade(check(PLAN, "a.yaml"), PLAN, [("a.csv", raw)], ("overrides.csv", OVERRIDES), only=only)
    assert book is not None, findings
    return book


def test_one_student_of_a_class() -> None:
    (one,) = graded("0000028").results
    assert (one.student.student, one.grade, one.status) == ("0000028", 0, "failed")


def test_equal_texts_of_a_table_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def scores(most: int) -> list[object]:
        monkeypatch.setattr(table_files, "MOST_SHARED", most)
        ((table,), findings) = table_files.read_tables("a.csv", b"student,exam\n01,3.5\n02,3.5\n03,4.5\n04,4.5\n")
        assert findings == []
        assert [row.cells[1] for row in table.rows] == ["exam", "3.5", "3.5", "4.5", "4.5"]
        return [row.cells[1] for row in table.rows]

    all_shared, few_shared = scores(100), scores(5)
    assert all_shared[1] is all_shared[2]
    assert all_shared[3] is all_shared[4]
    assert few_shared[1] is few_shared[2]
    assert few_shared[3] is not few_shared[4]


def test_what_many_have_in_common_is_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    book = graded()
    one_by_one = [csv_and_markdown.line(book, result, WORDS) for result in book.results]
    made = []

    def counted(*given: Any) -> rows.CameTo:
        made.append(given)
        return came_to(*given)

    came_to = rows.came_to
    monkeypatch.setattr(csv_and_markdown, "came_to", counted)
    assert _cells(csv_and_markdown.as_csv(book, WORDS)) == one_by_one
    assert len(made) < len(one_by_one)
    assert sum("set by Matti" in cells[-1] for cells in one_by_one) == 2
    monkeypatch.setattr(csv_and_markdown, "MOST_KNOWN", 1)
    assert _cells(csv_and_markdown.as_csv(book, WORDS)) == one_by_one


def _cells(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))[1:]


def test_a_score_and_a_time_alone_are_read_as_all_attempts_are(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [
        (score, time) for score in ("", "3", "-", "?", "EX", "H") for time in ("", "2024-03-05 10:00", "2024-03-01")
    ]
    late = [("", "2024-03-06"), ("-", "2024-03-06"), ("3", "2024-03-06")]
    policy = resolve(check(PLAN, "a.yaml").file or pytest.fail("no shape"))
    for also in ((), late[:1], late[1:2], late):
        lines = [f"{n:07},{score},{time},4" for n, (score, time) in enumerate([*cells, *also])]
        raw = "\n".join(["student,essay,essay submitted,exam", *lines]).encode()
        fast = read_sheets([("a.csv", raw)], policy)
        with monkeypatch.context() as patch:
            patch.setattr(attempts, "_plain", attempts._attempt)
            slow = read_sheets([("a.csv", raw)], policy)
        assert (fast[0] is None) == (also in (late[:1], late))
        assert fast[1] == slow[1]
        if fast[0] is not None and slow[0] is not None:
            assert fast[0].students == slow[0].students
            for student in fast[0].students:
                found = [one.sources.of(student.student, "essay", 1) for one in (fast[0], slow[0])]
                assert found[0] == found[1]
