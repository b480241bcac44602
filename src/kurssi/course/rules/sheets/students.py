"""What findings on whose row it is mean: students, groups, and the marks that members give each other."""

from kurssi.course.rules.registry import documented
from kurssi.diagnostics.finding import Severity

documented(
    "missing-student",
    Severity.error,
    """Every row with something in it says whose it is: a student number, or a group in a sheet of groups.

    Why: a score without a student would be lost.

    Fails::

        opiskelijanumero;Tentti
        ;4

    Passes::

        opiskelijanumero;Tentti
        0000101;4
    """,
)
documented(
    "duplicate-student",
    Severity.error,
    """A student, or a group, has one row in a sheet.

    Why: of two rows one would be lost. A second attempt has a column of its own.

    Fails::

        opiskelijanumero;Tentti
        0000101;0
        0000101;4

    Passes::

        opiskelijanumero;Tentti;Tentti 2
        0000101;0;4
    """,
)
documented(
    "unknown-student",
    Severity.error,
    """Every student of a later sheet, and of the peer marks, stands in the first sheet with student numbers: the
    roster.

    Why: a slip in a number would give a grade to nobody, and none to somebody.

    Fails::

        opiskelijanumero;Tentti
        101;4                                 # the roster has 0000101

    Passes::

        opiskelijanumero;Tentti
        0000101;4
    """,
)
documented(
    "unknown-group",
    Severity.warning,
    """Every group with scores has students.

    Why: a slip in its name would leave its members without a score.

    Fails::

        ryhmä;Pienryhmätöiden tuotokset
        Ryhmä1;4                              # the roster has R1

    Passes::

        ryhmä;Pienryhmätöiden tuotokset
        R1;4
    """,
)
documented(
    "mixed-numbers",
    Severity.warning,
    """The student numbers of a workbook are all text, or all numbers.

    Why: a number has lost the zeros in front of it; beside text this is likely a slip.

    Fails::

        opiskelijanumero: 0000101 as text, then 102 as a number

    Passes::

        opiskelijanumero: 0000101, 0000102, both as text
    """,
)
documented(
    "group-sheet",
    Severity.error,
    """A sheet of groups has scores only for parts that are made in groups.

    Why: a score of an individual part belongs to a student.

    Fails::

        ryhmä;Tentti
        R1;4

    Passes::

        ryhmä;Pienryhmätöiden tuotokset
        R1;4
    """,
)
documented(
    "peer-sheet",
    Severity.error,
    """Peer marks name who gives and who gets them, both of one group, each pair once, with a number for every
    criterion.

    Why: a blank mark would count as nothing and lower the member's grade. Who gives no marks at all has no rows.

    Fails::

        from;to;osuus
        0000101;0000102;5
        0000101;0000103;

    Passes::

        from;to;osuus
        0000101;0000102;5
        0000101;0000103;4
    """,
)
documented(
    "no-peer-marks",
    Severity.warning,
    """Where the policy has peer marks, a sheet holds them.

    Why: without them every member of a group gets the group's value, and nobody loses anything for giving no marks.
    That is right while the marks are still to come, and not when their sheet was forgotten.

    Fails::

        kurssi grade FILE arvostelu.csv ryhmat.csv

    Passes::

        kurssi grade FILE arvostelu.csv ryhmat.csv vertaisarviot.csv
    """,
)

documented(
    "peer-influence",
    Severity.warning,
    """In no group do one member's marks alone move somebody by a whole grade.

    Why: such marks decide a grade that the teacher answers for; look at them, talk to the group, or bound them with
    at_most in the policy.

    Fails::

        from,to,mark
        1,2,0
        1,3,10

    Passes::

        from,to,mark
        1,2,4
        1,3,5
    """,
)
documented(
    "test-student",
    Severity.info,
    """Test students of a system are left out, and named.

    Why: Student, Test is nobody, and would be a failed student in the statistics.

    Fails::

        "Student, Test",501,,,,0

    Passes::

        "Alias, Akseli",502,0000101,aaliaskseli,,4
    """,
)
documented(
    "enrolment-status",
    Severity.info,
    """Who is suspended, or has not confirmed, stays in the class and is named.

    Why: whether somebody is still a student is decided elsewhere; a student who disappears from a list is missed by
    nobody.

    Fails::

        Suspended: Yes

    Passes::

        Suspended:
    """,
)
documented(
    "two-candidates",
    Severity.error,
    """A row names one student: its number, e-mail address and login do not point at two.

    Why: a score given to the wrong one of two students is wrong twice.

    Fails::

        0000101,berta@example.fi              # the roster: 0000101 is Akseli, berta@example.fi is Berta

    Passes::

        0000101,akseli@example.fi
    """,
)
documented(
    "other-number",
    Severity.warning,
    """A row that is found by its e-mail address has the student number of the roster.

    Why: one of the two numbers is not the student's.

    Fails::

        9999999,akseli@example.fi             # the roster: 0000101

    Passes::

        0000101,akseli@example.fi
    """,
)
documented(
    "no-student-number",
    Severity.warning,
    """The roster has a student number for everybody.

    Why: an export without numbers can be graded, its students known by their e-mail addresses, but the grades have to
    be handed on by number.

    Fails::

        ID number: (empty), Email address: akseli@example.fi

    Passes::

        ID number: 0000101, Email address: akseli@example.fi
    """,
)
documented(
    "not-in-export",
    Severity.info,
    """Students of the roster whom an export lacks are named.

    Why: somebody may have been added to the course late, or to another room of the system.

    Fails::

        roster: 0000101, 0000102; export: 0000101

    Passes::

        roster: 0000101, 0000102; export: 0000101, 0000102
    """,
)
documented(
    "group-score-in-rows",
    Severity.info,
    """In a part that is made in groups the score of a group stands in every member's row, or in a sheet of groups.

    Why: a member whose cell is empty gets the score that stands in the rows of the others; here it can be seen who. A
    cell that says -, WITHHELD, EX or AHOT speaks of one member alone.

    Fails::

        opiskelijanumero;ryhmä;Pienryhmätöiden tuotokset
        0000101;R1;4
        0000102;R1;

    Passes::

        opiskelijanumero;ryhmä;Pienryhmätöiden tuotokset
        0000101;R1;4
        0000102;R1;4
    """,
)
documented(
    "group-cells-differ",
    Severity.warning,
    """The members of a group have the same score and the same time, or each has one of its own.

    Why: of two different scores in a group nobody knows which one a member with an empty cell gets.

    Fails::

        opiskelijanumero;ryhmä;Pienryhmätöiden tuotokset
        0000101;R1;4
        0000102;R1;3
        0000103;R1;

    Passes::

        opiskelijanumero;ryhmä;Pienryhmätöiden tuotokset
        0000101;R1;4
        0000102;R1;3
        0000103;R1;3
    """,
)
documented(
    "peer-not-applied",
    Severity.warning,
    """Where peer marks are given, they move the value of every member of every group.

    Why: peer marks share out the score of a group. A member whose cell differs from that of the group, or from those of
    the others, has a score of its own, which they do not move. It is an error where they move nobody's.

    Fails::

        opiskelijanumero;ryhmä;Pienryhmätöiden tuotokset      # with peer marks
        0000101;R1;4
        0000102;R1;3

    Passes::

        opiskelijanumero;ryhmä;Pienryhmätöiden tuotokset
        0000101;R1;4
        0000102;R1;4
    """,
    worst=Severity.error,
)
documented(
    "similar-groups",
    Severity.warning,
    """No two groups are called the same but for blanks and signs.

    Why: R1 and R 1 are likely one group. As two, neither gets the whole score or all its peer marks.

    Fails::

        opiskelijanumero;ryhmä
        0000101;R1
        0000102;R 1

    Passes::

        opiskelijanumero;ryhmä
        0000101;R1
        0000102;r1
    """,
)
