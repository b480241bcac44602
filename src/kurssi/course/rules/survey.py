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
documented(
    "ces-unclear",
    Severity.error,
    """A question on CES says in which of its two wordings it asks.

    Why: asked as effort (“How much effort …?”, 1–5) a low figure is good, asked as ease (“… made it easy for me”, 1–7)
    a high one. Numbers alone do not tell them apart, and the wrong guess turns the result round. So the question gets
    no figure until --column says which it is.

    Fails::

        CES
        2
        4
        3

    Passes::

        Paljonko opintojaksosta oli sinulle vaivaa?
        2
        4
        3
    """,
)
documented(
    "scale-not-said",
    Severity.warning,
    """The header of a statement names its scale, or --scale says it.

    Why: answers up to 5 fit a scale of five steps and one of six, and a mean of 4.2 is another result on each. The mean
    is shown without a scale, and is not set beside other runs, until the scale is said.

    Fails::

        Opin uutta
        5
        4
        4

    Passes::

        Opin uutta (1–5)
        5
        4
        4
    """,
)
