"""Rules whose findings come from reading score sheets. Here stands what they mean."""

from kurssi.diagnostics.finding import Severity

from .registry import documented

documented(
    "sheet-unreadable",
    Severity.error,
    """A score sheet is a CSV file or a workbook that can be opened.

    Why: nothing is graded from a file of which only a part was understood. A damaged, half-written or locked
    workbook, a file that is no text, an unclosed quotation mark, and a file far too large for a class are refused.

    Fails::

        opiskelijanumero;huomio;Tentti
        0000101;"palautti myöhässä;4

    Passes::

        opiskelijanumero;huomio;Tentti
        0000101;"palautti; myöhässä";4
    """,
)
documented(
    "sheet-encoding",
    Severity.warning,
    """A CSV file is text in UTF-8, or in UTF-16 with a byte order mark.

    Why: an older file in Windows-1252 is read, but nothing in it says that it is: ä and ö could be other letters.

    Fails::

        saved as “CSV (Windows)”

    Passes::

        saved as “CSV UTF-8”, or as .xlsx
    """,
)
documented(
    "old-workbook",
    Severity.warning,
    """A workbook is saved as .xlsx.

    Why: from an old .xls workbook a cell with an error such as #N/A cannot be told from an empty one, and a score
    would be missing without a word.

    Fails::

        arvostelu.xls

    Passes::

        arvostelu.xlsx
    """,
)
documented(
    "unread-worksheet",
    Severity.info,
    """Every worksheet of a workbook is read, or listed here.

    Why: scores on a hidden worksheet, or on one without a column for student or group, would be missing without a
    word.

    Fails::

        a hidden worksheet “Tentti”

    Passes::

        a visible worksheet “Tentti” with a column opiskelijanumero
    """,
)
documented(
    "merged-cells",
    Severity.error,
    """No cells of a score sheet are merged.

    Why: a workbook keeps the value in the first of merged cells alone. The others are empty, so the second of two
    students with one merged score would have submitted nothing.

    Fails::

        C3:C4 merged, with a 4

    Passes::

        C3 with a 4, C4 with a 4
    """,
)
documented(
    "formula-cells",
    Severity.info,
    """Scores are values, not formulas.

    Why: of a formula only the value is read that the spreadsheet program computed last. It is old where a program
    changed the workbook without computing it again.

    Fails::

        =B2+C2

    Passes::

        3.5
    """,
)
documented(
    "hidden-cells",
    Severity.info,
    """Nothing that is read is hidden: no row by hand or by a filter, no column.

    Why: hidden cells count like all others, and who looks at the sheet does not see them.

    Fails::

        a filter that shows the group R1 only

    Passes::

        a sheet without a filter
    """,
)
documented(
    "sheet-header",
    Severity.error,
    """A sheet's first row has headers, and one of them is student, or group, or from and to.

    Why: without it nobody knows whose row it is. Headers are in Finnish, English or Swedish; case and spaces don't
    matter.

    Fails::

        numero;nimi;Tentti
        0000101;Alias, Akseli;4

    Passes::

        opiskelijanumero;nimi;Tentti
        0000101;Alias, Akseli;4
    """,
)
documented(
    "duplicate-header",
    Severity.error,
    """No two columns of a sheet mean the same.

    Why: of two scores for one part one would be lost. A part is known by its id, its name and its alias, so exam
    and Tentti may be the same column. A header that comes again and that nothing uses is only listed.

    Fails::

        opiskelijanumero;exam;Tentti

    Passes::

        opiskelijanumero;Tentti;Tentti 2
    """,
)
documented(
    "too-many-attempts",
    Severity.error,
    """A part has no more columns of attempts than the policy allows: its retakes and one.

    Why: a grade from an attempt that the published rules do not have could not be defended.

    Fails::

        opiskelijanumero;Tentti;Tentti 2;Tentti 3;Tentti 4      # retakes: 2

    Passes::

        opiskelijanumero;Tentti;Tentti 2;Tentti 3
    """,
)
documented(
    "unused-columns",
    Severity.info,
    """Every column is used, or listed here.

    Why: a mistyped header would be a part that nobody has submitted.

    Fails::

        opiskelijanumero;Tenti

    Passes::

        opiskelijanumero;Tentti
    """,
)
documented(
    "no-rows",
    Severity.error,
    """A sheet has a row for each student below its header.

    Why: an empty sheet is a wrong file, not a class of nobody.

    Fails::

        opiskelijanumero;Tentti

    Passes::

        opiskelijanumero;Tentti
        0000101;4
    """,
)
documented(
    "no-part",
    Severity.error,
    """At least one sheet has a column for a part.

    Why: a class list without scores would fail everybody.

    Fails::

        opiskelijanumero;sukunimi;etunimi
        0000101;Alias;Akseli

    Passes::

        opiskelijanumero;sukunimi;etunimi;Tentti
        0000101;Alias;Akseli;4
    """,
)
documented(
    "part-without-column",
    Severity.warning,
    """Every part has a column of scores in some sheet.

    Why: where it has none, nobody has submitted it. That is right for a part still to come, and wrong for a
    mistyped header. Beside a column of times or of a second attempt the scores are likely forgotten.

    Fails::

        opiskelijanumero;essay               # the policy has essay and exam

    Passes::

        opiskelijanumero;essay;exam
    """,
)
documented(
    "ragged-row",
    Severity.error,
    """Every row of a CSV file has as many cells as the header.

    Why: where a cell is missing or one too many, all cells after it stand under the wrong header.

    Fails::

        opiskelijanumero;Yksilötyöt;Tentti
        0000101;4

    Passes::

        opiskelijanumero;Yksilötyöt;Tentti
        0000101;4;
    """,
)
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
    "bad-score",
    Severity.error,
    """A score is a plain number, a label of the policy's own scale, or one of the words -, ?, EX, AHOT, RPL, H; in a
    pass-fail part also HYV.

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
    "nothing-to-act-on",
    Severity.info,
    """Every rule of the policy had something to act on in this class: times and deadlines, levels, or attendance.

    Why: a late rule deducts nothing where no sheet says when anything came. That is right where nothing was late, and
    wrong where the column was forgotten.

    Fails::

        opiskelijanumero;Yksilötyöt                          # late: {deduct: 0.5, per: day}

    Passes::

        opiskelijanumero;Yksilötyöt;Yksilötyöt palautettu
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
documented(
    "group-score-in-rows",
    Severity.info,
    """In a part that is made in groups the score of a group stands in every member's row, or in a sheet of groups.

    Why: a member whose cell is empty gets the score that stands in the rows of the others; here it can be seen who. A
    cell that says -, EX or AHOT speaks of one member alone.

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
documented(
    "summary-row",
    Severity.info,
    """A row that sums up the others, an average or a sum, says so, and is left out.

    Why: an average is no student. A row without a student number that does not say what it is stops the sheet.

    Fails::

        opiskelijanumero;nimi;Tentti
        ;Keskiarvo;3,4

    Passes::

        opiskelijanumero;nimi;Tentti
        0000101;Alias, Akseli;3
    """,
)
documented(
    "rows-above-header",
    Severity.info,
    """The header is the first row, or what stands above it is listed here.

    Why: a title may stand above the header of a table, and is not read. Who sees a row of scores listed has a header in
    the wrong place.

    Fails::

        Palvelumuotoilu, kevät 2024
        opiskelijanumero;Tentti

    Passes::

        opiskelijanumero;Tentti
    """,
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
documented(
    "coloured-cells",
    Severity.info,
    """What counts stands in cells, not in their colour.

    Why: red for “not yet” or green for “passed” is seen by people alone. The number in the cell is read all the same.

    Fails::

        Tentti: 0 on red

    Passes::

        Tentti: ?
    """,
)

documented(
    "not-in-sheet",
    Severity.warning,
    """Every student of the roster has a row in a sheet of scores, and every group one in a sheet of groups.

    Why: who has no row has submitted nothing, and fails. Lists of times and of second attempts seldom have everybody:
    there it is only said.

    Fails::

        arvostelu.csv: 0000101, 0000102; tentti.csv: 0000101

    Passes::

        arvostelu.csv: 0000101, 0000102; tentti.csv: 0000101, 0000102
    """,
)
documented(
    "names-differ",
    Severity.warning,
    """Beside a student number stands the same person in every sheet.

    Why: the number decides, and a slip in it gives the points to somebody else; another name beside it shows that. It
    is only said where the two names share a word, or where an address differs.

    Fails::

        opiskelijanumero;nimi;Tentti
        0000101;Beta, Berta;4                 # the roster: 0000101 is Alias, Akseli

    Passes::

        opiskelijanumero;nimi;Tentti
        0000101;Alias, Akseli;4
    """,
)
documented(
    "group-cell-unused",
    Severity.info,
    """A cell in a sheet of groups counts for some member of the group.

    Why: what stands in a student's own row comes before what the group has. Where every member has such a cell, the
    group's says nothing.

    Fails::

        ryhmä;Pienryhmätöiden tuotokset
        R1;4                                  # and every member of R1 has a score of its own

    Passes::

        ryhmä;Pienryhmätöiden tuotokset
        R1;4
    """,
)
documented(
    "late-costs-nothing",
    Severity.info,
    """Where something came late, the policy says what that costs.

    Why: without a late rule nothing is deducted. That is right where lateness is forgiven, and wrong where the rule was
    forgotten.

    Fails::

        Essee palautettu: 2024-03-12 10:00    # due: 2024-03-11 23:59, and no late rule

    Passes::

        Essee palautettu: 2024-03-12 10:00    # due: 2024-03-11 23:59, late: {deduct: 0.5, per: day}
    """,
)
documented(
    "own-marks-unused",
    Severity.info,
    """Members give themselves peer marks only where the policy counts them.

    Why: without self: true such a row is left out, and whoever gave it may think otherwise.

    Fails::

        from;to;osuus
        0000101;0000101;5                     # peer: {self: false}

    Passes::

        from;to;osuus
        0000101;0000102;5
    """,
)
documented(
    "marks-without-effect",
    Severity.info,
    """Peer marks move somebody's score.

    Why: they share out the score of a group. While the group has none, or where members have scores of their own, they
    count for nothing.

    Fails::

        ryhmä;Pienryhmätöiden tuotokset
        R1;?                                  # and the members of R1 have given peer marks

    Passes::

        ryhmä;Pienryhmätöiden tuotokset
        R1;4
    """,
)
documented(
    "gave-no-marks",
    Severity.info,
    """Every member of a group in which peer marks are given has given some.

    Why: who gives none may lose points by the policy, and is only seen by being absent.

    Fails::

        from;to;osuus
        0000101;0000102;5                     # and 0000102 gives none

    Passes::

        from;to;osuus
        0000101;0000102;5
        0000102;0000101;5
    """,
)
documented(
    "rows-skipped",
    Severity.info,
    """Rows of an export that are no students are named.

    Why: systems write rows of their own between header and students. What stands there is not used.

    Fails::

        ,,,Manual Posting

    Passes::

        "Alias, Akseli",502,0000101,4
    """,
)
documented(
    "partly-read",
    Severity.info,
    """What a list of who took part in a peer review says beside that is named as unused.

    Why: marks, comments and times in it change no grade.

    Fails::

        Giver's Email,Recipient's Name,Feedback

    Passes::

        from;to;osuus                         # marks that count stand in a sheet of their own
    """,
)
