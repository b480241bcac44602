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
    """Every part has a column in some sheet.

    Why: where it has none, nobody has submitted it. That is right for a part still to come, and wrong for a
    mistyped header.

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
