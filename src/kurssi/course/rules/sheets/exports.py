"""What findings on exports of systems mean: units, columns, words, and how late something was."""

from kurssi.course.rules.registry import documented
from kurssi.diagnostics.finding import Severity

documented(
    "export-read",
    Severity.info,
    """The layout of an export is recognised by its header, and how it is read is shown.

    Why: a column that is taken for a part is taken on somebody's behalf; here it can be seen. --layout names another.

    Fails::

        First name,Surname,ID number,Quiz: Tentti (Real)     # read as moodle: Tentti ← “Quiz: Tentti (Real)”

    Passes::

        opiskelijanumero;Tentti                              # a table of one's own needs no word
    """,
)
documented(
    "unit-mismatch",
    Severity.error,
    """The header says what the numbers of an export are, and it is what the part takes: points, grades, or letters.

    Why: 4 of 5, 4 points and 4 per cent are three things. Percentages become points exactly where the part has max;
    nothing else is converted, and nothing is guessed.

    Fails::

        Assignment: Essay (Percentage)        # the part: {id: essay, graded: grade}

    Passes::

        Assignment: Essay (Percentage)        # the part: {id: essay, graded: points, max: 50, …}
    """,
)
documented(
    "export-max",
    Severity.error,
    """The largest number of points in an export is the part's max.

    Why: 20 of 20 points, read into a part with max: 100, would be a fail without a word. Where the points are to be
    converted, somebody says so: essay of 20.

    Fails::

        Points Possible: 20                   # the part: max: 100

    Passes::

        Points Possible: 20                   # columns: {Essay (101): essay of 20}
    """,
)
documented(
    "max-not-said",
    Severity.info,
    """Where an export does not say what points are out of, the highest of them stands beside the part's max.

    Why: 18 points, the highest of the class, of max: 20 are what somebody meant; of max: 100 perhaps not.

    Fails::

        Assignment: Essay (Real)              # Moodle does not say of how many points

    Passes::

        Assignment: Essay (Real), Assignment: Essay (Percentage)
    """,
)
documented(
    "converted-column",
    Severity.info,
    """Numbers that are converted to a part's points are named.

    Why: who reads 40 in a report and 80 % in the export should know why. The conversion is exact.

    Fails::

        Essay (Percentage): 80.00 %           # 40 of max: 50

    Passes::

        Essay (Real): 40
    """,
)
documented(
    "not-assigned",
    Severity.warning,
    """Every student was given the work that a part grades.

    Why: where a system says that a student never had it, the cell is no statement that nothing was handed in. It
    counts as not submitted until somebody says EX.

    Fails::

        Essay (101): N/A

    Passes::

        Essay (101): EX
    """,
)
documented(
    "mapped-column",
    Severity.warning,
    """Every column of ``columns:`` stands in a sheet.

    Why: a mistyped header leaves the part without scores. It is no error, for one export of a course may lack what
    another has.

    Fails::

        columns: {Esay: essay}                # the sheet has Essay

    Passes::

        columns: {Essay: essay}
    """,
)
documented(
    "map-without-effect",
    Severity.error,
    """Every --map is applied: some sheet has its column, nothing else is said of it, and the sheet has a use for it.

    Why: who maps a column relies on it. One that were passed over in silence would leave students without a number,
    or a part without scores.

    Fails::

        --map "Esay=essay"                    # the sheet has Essay

    Passes::

        --map "Essay=essay"
    """,
)
documented(
    "lateness-disagrees",
    Severity.warning,
    """How late the system says that something was is how late it is by the deadline, but for its rounding.

    Why: the system knew another deadline, or an extension that the policy does not know. The deadline and the time of
    submission hold until somebody writes the extension down; with late_from: export the system's lateness holds.

    Fails::

        Submission Time: 2024-03-12 10:00, Lateness: 00:00:00     # due: 2024-03-11 23:59

    Passes::

        Submission Time: 2024-03-12 10:00, Lateness: 10:01:00     # due: 2024-03-11 23:59
    """,
)
documented(
    "late-without-due",
    Severity.error,
    """Where something is said to have come late, and lateness costs something, there is a deadline to count from.

    Why: without one nothing would be deducted, and nobody would see it. The help has the line to write: the deadline
    that follows from the time and the lateness. Where the system's lateness is to count as it stands,
    late_from: export says so.

    Fails::

        Essay - Lateness (H:M:S): 25:00:00    # the part: {id: essay}, late: {deduct: 0.5, per: day}

    Passes::

        Essay - Lateness (H:M:S): 25:00:00    # the part: {id: essay, due: 2024-03-11 23:59}
    """,
)
documented(
    "late-not-exact",
    Severity.error,
    """Where a lateness is counted by itself, it is said so exactly that the started units follow from it.

    Why: “1 day late” of a system that cuts off the rest may be one started day or two.

    Fails::

        Status: Submitted for grading - 1 day late          # up to 25 hours

    Passes::

        Status: Submitted for grading - 1 day 2 hours late  # two started days
    """,
)
documented(
    "status-unread",
    Severity.error,
    """The words of a status column are understood where they decide what was handed in, and when.

    Why: work that waits for its grade would count as not submitted. The words of Moodle are known in English, Finnish,
    Swedish, German, French, Spanish, Norwegian, Danish, Dutch and Estonian; a site may have others.

    Fails::

        Status: Consegnato per la valutazione               # and no grade

    Passes::

        Status: Submitted for grading
    """,
)
documented(
    "time-from-lateness",
    Severity.info,
    """Where a system only says how late something was, the time is the deadline and so much more.

    Why: nobody wrote the time itself; here it is said where it comes from.

    Fails::

        Essay,Essay - Lateness (H:M:S)

    Passes::

        Essay,Essay - Submission Time
    """,
)
documented(
    "lateness-unknown",
    Severity.warning,
    """Where something is late, it can be counted how late: there is a length and a deadline, or a time.

    Why: late without a length would be graded as on time without a word.

    Fails::

        Essay late: yes

    Passes::

        Essay late: 26:05:00                  # the part has due:
    """,
)
