"""Results that may be published: how many got which grade, and where that is allowed, grades by student number.

No names, nothing in surname order, and no count from which a few students could be told: a count below
:data:`FEWEST`, 0 among them, is not shown, nor one from which it could be worked out (see the Data Protection
Ombudsman of Finland on publishing results, and the usual secondary suppression of small cells).
"""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.diagnostics.message import msg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.figures import FEWEST as FEWEST
from kurssi.gradebook.gradebook import Gradebook

from . import Column, Listing


def public(book: Gradebook, words: Words, *, numbers: bool) -> Listing:
    """The distribution; with ``numbers`` instead a row per student number, in the order of the numbers."""
    scale = book.policy.scale
    title = words("Results: {course} ({id})", course=book.file.course.name, id=book.id)
    if numbers:
        rows = sorted(
            (result.student.student, "–" if result.grade is None else scale.label(result.grade))
            for result in book.results
        )
        columns = [Column("student", words("student number")), Column("grade", words("grade"), True)]
        remarks = [msg("publish student numbers only where your institution allows it and others cannot link them")]
        return Listing("public", title, (), columns, rows, (), remarks)
    counts = list(book.distribution().values())
    total = sum(counts)
    columns = [Column("grade", words("grade"), True), Column("students", words("students"), True)]
    if total < FEWEST:
        small = words("Fewer than {n} students have a grade: nothing is shown.", n=FEWEST)
        return Listing("public", title, (small,), columns, (), (), ())
    shown = suppressed(counts)
    rows = [
        (scale.label(grade), "–" if count is None else str(count))
        for grade, count in zip(scale.grades, shown, strict=True)
    ]
    lines = []
    if None in shown:
        lines.append(words("– : not shown, because few students could be told by it."))
    return Listing("public", title, lines, columns, rows, [("students", words("students"), str(total))], ())


def suppressed(counts: Sequence[int]) -> list[int | None]:
    """The counts, ``None`` for those that say too much or from which these could be worked out.

    Counts below :data:`FEWEST` are hidden, 0 among them: a class whose grades are all alike shows nobody's. The total
    is shown, so what is hidden must be :data:`FEWEST` or more together, in several counts that can be spread in more
    than one way. Where it is not, the smallest of the other counts is hidden with them, and all that are equal to it.
    Then no hidden count is known, even to a reader who knows this rule, or who has got one of these grades: which count
    belongs to which grade is not shown, and they differ. That all of them are small may be known.
    """
    small = [count for count in counts if count < FEWEST]
    if not small:
        return list(counts)
    limit = FEWEST
    clear = len(small) == 1 or not FEWEST <= sum(small) < (FEWEST - 1) * len(small)
    if clear and len(small) < len(counts):
        limit = min(count for count in counts if count >= FEWEST) + 1
    return [None if count < limit else count for count in counts]
