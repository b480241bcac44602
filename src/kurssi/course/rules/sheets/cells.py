"""What findings on cells mean: scores, times, activity, and grades set by hand."""

from kurssi.course.rules.registry import documented
from kurssi.diagnostics.finding import Severity

documented(
    "bad-score",
    Severity.error,
    """A score is a plain number, a label of the policy's own scale, or one of the words -, ?, WITHHELD, EX, AHOT, RPL,
    H; in a pass-fail part also HYV.

    Why: nothing is guessed. 1,234.5 could be one or a thousand, a formula may say anything, H is no fail under
    4-10.

    Fails::

        opiskelijanumero;Tentti
        0000101;4 p

    Passes::

        opiskelijanumero;Tentti
        0000101;4
    """,
)
documented(
    "score-off-scale",
    Severity.error,
    """A score lies on its scale: from the lowest grade to the top, or from 0 to max.

    Why: a score off the scale is a slip, or the part is graded in points and the policy does not say so.

    Fails::

        opiskelijanumero;Tentti
        0000101;45

    Passes::

        opiskelijanumero;Tentti
        0000101;4,5
    """,
)
documented(
    "score-twice",
    Severity.error,
    """A part has one score: in a cell of its own, or made of the cells of its markers or criteria.

    Why: the cells of two markers, or of the criteria of a rubric, make the score; a cell for the whole part beside them
    would be a second answer.

    Fails::

        opiskelijanumero;Essee;Essee A;Essee B
        0000101;4;3;4

    Passes::

        opiskelijanumero;Essee A;Essee B
        0000101;3;4
    """,
)
documented(
    "markers-apart",
    Severity.warning,
    """Markers who are further apart than the policy allows agree on what holds.

    Why: the score stays open until a column “Essee agreed”, “Essee sovittu” or “Essee överenskommet” says it; no mean
    hides that two people have read a work differently.

    Fails::

        opiskelijanumero;Essee A;Essee B
        0000101;2;4

    Passes::

        opiskelijanumero;Essee A;Essee B;Essee sovittu
        0000101;2;4;3
    """,
)
documented(
    "marker-agreement",
    Severity.info,
    """How far the markers of a part are apart in this class.

    Why: the mean difference, how often both gave the same mark, and the weighted kappa (1 is full agreement, 0 what
    chance would bring; each difference counts by its size) say whether two markers read the criteria alike.

    Fails::

        opiskelijanumero;Essee A;Essee B
        0000101;2;4
        0000102;4;4

    Passes::

        opiskelijanumero;Essee
        0000101;3
        0000102;4
    """,
)
documented(
    "error-cell",
    Severity.error,
    """No cell that counts holds an error, or a formula that was never computed.

    Why: #N/A is not an empty cell: there is a score that the workbook cannot show.

    Fails::

        Tentti: #N/A

    Passes::

        Tentti: 4
    """,
)
documented(
    "bad-time",
    Severity.error,
    """A time is written 2024-03-05 10:12 or 5.3.2024 10.12, with a clock where it could be late.

    Why: a day alone does not say whether 23:59 was met. Before the day of the deadline it is enough.

    Fails::

        Yksilötyöt palautettu
        11.3.2024                             # due 2024-03-11 23:59

    Passes::

        Yksilötyöt palautettu
        11.3.2024 20.15
    """,
)
documented(
    "early-extension",
    Severity.error,
    """A student's own deadline is not before that of the part.

    Why: an extension gives time; what was published cannot be taken back for one student.

    Fails::

        Yksilötyöt määräaika
        4.3.2024                              # due 2024-03-11 23:59

    Passes::

        Yksilötyöt määräaika
        18.3.2024
    """,
)
documented(
    "unknown-level",
    Severity.error,
    """An activity level is one that the policy has.

    Why: a mistyped level would change nothing without a word.

    Fails::

        aktiivisuus
        aktive                                # levels: {active: 0.5, passive: -0.5}

    Passes::

        aktiivisuus
        active
    """,
)
documented(
    "bad-attendance",
    Severity.error,
    """The sessions attended are a whole number, not more than there were.

    Why: a share of sessions is computed from it.

    Fails::

        läsnä
        9                                     # attendance: {of: 8, …}

    Passes::

        läsnä
        8
    """,
)
documented(
    "conflicting-cells",
    Severity.error,
    """The same cell has the same value in every sheet.

    Why: of two values nobody knows which holds.

    Fails::

        arvostelu.csv: 0000101;4
        tentti.csv:    0000101;3

    Passes::

        arvostelu.csv: 0000101;
        tentti.csv:    0000101;3
    """,
)
documented(
    "not-submitted-with-time",
    Severity.warning,
    """Where the score says - (not submitted), there is no time.

    Why: one of the two is a slip. The statement holds until somebody looks.

    Fails::

        Yksilötyöt;Yksilötyöt palautettu
        -;11.3.2024 20.15

    Passes::

        Yksilötyöt;Yksilötyöt palautettu
        ?;11.3.2024 20.15
    """,
)
documented(
    "bad-override",
    Severity.error,
    """A grade set by hand has a student, a grade of the scale, a reason and a date.

    Why: without a reason there is no override: somebody may have to defend it.

    Fails::

        student,grade,reason,by,date
        0000101,3,,M. Opettaja,2024-03-20

    Passes::

        student,grade,reason,by,date
        0000101,3,oikaisupyyntö hyväksytty,M. Opettaja,2024-03-20
    """,
)
documented(
    "bad-rectification",
    Severity.error,
    """A request for rectification says who asked, when and about what; an answer has its day, outcome and reason.

    Why: the log (rectifications.csv beside the first sheet) goes into the lock, and shows later what was asked and
    what came of it.

    Fails::

        student,asked,about,answered,outcome,reason,by
        0000101,2024-03-12,Tentti,2024-03-15,,,M. Opettaja

    Passes::

        student,asked,about,answered,outcome,reason,by
        0000101,2024-03-12,Tentti,2024-03-15,kept,Tehtävä 3 arvioitu kriteerien mukaan,M. Opettaja
        0000102,2024-03-14,Essee,,,,
    """,
)
documented(
    "rectification-and-grade",
    Severity.warning,
    """The answer to a request for rectification is what overrides.csv says: changed and a grade set by hand since it
    was asked, kept and none.

    Why: a change that was promised and not made leaves a wrong grade; one that was made though the answer was no
    cannot be explained. Where a corrected score in the sheets has changed the grade, none is set by hand, and that is
    right.

    Fails::

        student,asked,about,answered,outcome,reason,by      # and overrides.csv has no row for 0000101
        0000101,2024-03-12,Tentti,2024-03-15,changed,Laskuvirhe,M. Opettaja

    Passes::

        student,grade,reason,by,date                        # overrides.csv
        0000101,4,oikaisupyyntö hyväksytty,M. Opettaja,2024-03-15
    """,
)
documented(
    "nothing-to-act-on",
    Severity.info,
    """Every rule of the policy had something to act on in this class: times and deadlines, levels, attendance, groups.

    Why: a late rule deducts nothing where no sheet says when anything came. That is right where nothing was late, and
    wrong where the column was forgotten.

    Fails::

        opiskelijanumero;Yksilötyöt                          # late: {deduct: 0.5, per: day}

    Passes::

        opiskelijanumero;Yksilötyöt;Yksilötyöt palautettu
    """,
)
documented(
    "all-the-same",
    Severity.warning,
    """The scores of a column are not one and the same for everybody, where there are five or more.

    Why: systems write 0 for what nobody has graded. All 0 would fail a whole class, all 5 would be a present.

    Fails::

        opiskelijanumero;Tentti
        0000101;0                             # and 0 for all others

    Passes::

        opiskelijanumero;Tentti
        0000101;?                             # not graded yet
    """,
)
