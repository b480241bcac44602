"""Members whose marks alone change somebody's grade are found: the same as by grading everything anew for each."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kurssi.course.check import check
from kurssi.gradebook.gradebook import Gradebook, grade
from kurssi.grading import Grader

PLAN = """\
kurssi: 1
course: {code: A, name: B, credits: 5}
implementation: {id: x}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: project, by: group, peer: {method: webpa, weight: 80 %}, weight: 60, due: 2024-03-04 23:59}
    - {id: exam, weight: 40}
  late: {deduct: 0.5, per: day, FREE}
"""
FREE = ["closes: 7 d", "free: {budget: 1 d, spend: in-order}", "free: {budget: 1 d, spend: where-it-helps}"]
STUDENTS = ["01", "02", "03", "04", "05"]
GROUPS = {"01": "A", "02": "A", "03": "A", "04": "B", "05": "B"}
PAIRS = [(a, b) for a in STUDENTS for b in STUDENTS if a != b and GROUPS[a] == GROUPS[b]]
GRADES = st.sampled_from(["0", "1", "2", "2.5", "3", "3.5", "4", "5", "?", "-"])


def graded(free: str, exams: list[str], projects: list[str], days: list[int], marks: list[int]) -> Gradebook | None:
    """The class of these cells."""
    scores = ["student,group,exam", *(f"{s},{GROUPS[s]},{e}" for s, e in zip(STUDENTS, exams, strict=True))]
    groups = ["group,project,project submitted"]
    groups += [f"{g},{p},2024-03-{4 + d:02} 12:00" for g, p, d in zip("AB", projects, days, strict=True)]
    peers = ["from,to,effort", *(f"{a},{b},{mark}" for (a, b), mark in zip(PAIRS, marks, strict=True) if mark >= 0)]
    checked = check(PLAN.replace("FREE", free).encode(), "x.yaml")
    sheets = [
        (name, "\n".join(rows).encode()) for name, rows in (("s.csv", scores), ("g.csv", groups), ("p.csv", peers))
    ]
    return grade(checked, b"", sheets)[0]


def expected(book: Gradebook) -> dict[str, list[str]]:
    """Whose marks change whose grade, each time with the class graded anew from its sheets."""
    computed = {r.student.student: r.computed for r in book.results}
    marks = book.class_list.peer_marks or ()
    out = {}
    for marker in sorted({mark.marker for mark in marks}):
        even = tuple(
            mark._replace(marks=dict.fromkeys(mark.marks, Fraction(1))) if mark.marker == marker else mark
            for mark in marks
        )
        grader = Grader(book.policy, book.class_list._replace(peer_marks=even))
        anew = {
            s.student: grader.grade(s).grade or 0
            for s in book.class_list.students
            if GROUPS[s.student] == GROUPS[marker]
        }
        moved = [s for s, g in anew.items() if s != marker and computed[s] not in (None, g)]
        if moved:
            out[marker] = moved
    return out


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FREE),
    st.lists(GRADES, min_size=5, max_size=5),
    st.lists(st.sampled_from(["1", "2", "3", "4", "4.5"]), min_size=2, max_size=2),
    st.lists(st.integers(0, 3), min_size=2, max_size=2),
    st.lists(st.integers(0, 5), min_size=8, max_size=8),
)
def test_they_are_those_that_grading_anew_finds(
    free: str, exams: list[str], projects: list[str], days: list[int], marks: list[int]
) -> None:
    book = graded(free, exams, projects, days, marks)
    assert book is not None
    found = {f.found: str(f.message.args["members"]).split(", ") for f in book.findings if f.rule == "peer-influence"}
    assert found == expected(book)


def test_one_member_moves_two_others() -> None:
    book = graded(FREE[0], ["3"] * 5, ["3", "3"], [0, 0], [5, 0, 1, 1, 1, 1, 1, 1])
    assert book is not None
    assert [(f.rule, f.found, f.message.args["members"]) for f in book.findings if f.rule == "peer-influence"] == [
        ("peer-influence", "01", "02, 03")
    ]
