"""Rules whose findings come from reading sheets of course feedback. Here stands what they mean."""

from kurssi.diagnostics.finding import Severity

from .registry import documented

documented(
    "no-answers",
    Severity.error,
    """A sheet of course feedback has a header row and a row for each answer.

    Why: an empty sheet is a wrong file, not a course without feedback.

    Fails::

        Mikä oli hyvää?;Suosittelisitko opintojaksoa? (0-10)

    Passes::

        Mikä oli hyvää?;Suosittelisitko opintojaksoa? (0-10)
        Työpajat;9
    """,
)
documented(
    "no-question",
    Severity.error,
    """A sheet of course feedback has a column with a question.

    Why: columns that look like a person's identity, times and numbers of answers are left out; if nothing else is
    there, the sheet is a wrong one, or its first row is not its header.

    Fails::

        ID;Aloitusaika;Sähköposti
        1;2024-03-12 10:00;akseli@example.org

    Passes::

        ID;Aloitusaika;Sähköposti;Suosittelisitko opintojaksoa? (0-10)
        1;2024-03-12 10:00;akseli@example.org;9
    """,
)
documented(
    "bad-answer",
    Severity.error,
    """Every answer to a question with a scale is a step of that scale.

    Why: an answer off the scale is a slip, or the scale is another one; in both cases a mean would be wrong. So the
    question gets no figure until the cell is corrected or --column says what the column is.

    Fails::

        Suosittelisitko opintojaksoa? (0-10)
        9
        11
        7

    Passes::

        Suosittelisitko opintojaksoa? (0-10)
        9
        10
        7
    """,
)
