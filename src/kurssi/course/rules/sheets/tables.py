"""What findings on a sheet as a table mean: the file, its worksheets, header, columns and rows."""

from kurssi.course.rules.registry import documented
from kurssi.diagnostics.finding import Severity

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
    Severity.info,
    """Every student of the roster has a row in a sheet of scores, and every group one in a sheet of groups.

    Why: who has no row has submitted nothing, and fails. Lists of times and of second attempts seldom have everybody:
    there it is only said.

    Fails::

        arvostelu.csv: 0000101, 0000102; tentti.csv: 0000101

    Passes::

        arvostelu.csv: 0000101, 0000102; tentti.csv: 0000101, 0000102
    """,
    worst=Severity.warning,
)
documented(
    "names-differ",
    Severity.info,
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
    worst=Severity.warning,
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
    """A list of who took part in a peer review says who did, and how much is not read.

    Why: one answer and fourteen pass alike.

    Fails::

        ALIAS, AKSELI  14  2026-06-04 23:10:58

    Passes::

        opiskelijanumero;Vertaisarviointi
        0000101;HYV
    """,
)
