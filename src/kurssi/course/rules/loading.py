"""Rules whose findings come from reading the file: YAML, keys and types. Here stands what they mean."""

from kurssi.diagnostics.finding import Severity

from .registry import documented

documented(
    "bad-yaml",
    Severity.error,
    """The file is YAML 1.2 text in UTF-8, without anchors, aliases, tags or a second document.

    Why: a teacher should see every value where it counts. What only a YAML expert can read, or what programs read
    in different ways, is refused. A file has at most 1 MiB, 20,000 lines and 32 levels.

    Fails::

        course:
          name: Palvelumuotoilu: perusteet

    Passes::

        course:
          name: "Palvelumuotoilu: perusteet"
    """,
)
documented(
    "duplicate-key",
    Severity.error,
    """A key stands once in its block.

    Why: of two values YAML programs silently take one, and nobody knows which.

    Fails::

        seats: {min: 0, max: 30, max: 40}

    Passes::

        seats: {min: 0, max: 40}
    """,
)
documented(
    "unknown-key",
    Severity.error,
    """Every key is one that kurssi knows at its place.

    Why: a mistyped key would be a rule that silently does not hold.

    Fails::

        - {id: exam, weigth: 20}

    Passes::

        - {id: exam, weight: 20}
    """,
)
documented(
    "missing-key",
    Severity.error,
    """The keys that everything rests on are there.

    Why: without the course's code, name and credits and the implementation's id nothing can be named or summed;
    where there is an assessment, it needs its scale and its parts.

    Fails::

        course: {code: KH00BT03, name: Palvelumuotoilu}

    Passes::

        course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
    """,
)
documented(
    "wrong-type",
    Severity.error,
    """Every value is of the kind that its key takes: text, a number, a date, a list, hours.

    Why: a value that is not understood would be left out of a sum or a check.

    Fails::

        timing: {start: 15.1.2024, end: 18.3.2024}

    Passes::

        timing: {start: 2024-01-15, end: 2024-03-18}
    """,
)
documented(
    "unknown-value",
    Severity.error,
    """Where a key takes one of a few words, the value is one of them.

    Why: a word that kurssi does not know would be a rule that silently does not hold.

    Fails::

        attempt: lates

    Passes::

        attempt: latest
    """,
)
documented(
    "accepted-unused",
    Severity.warning,
    """Every entry of accepted matches a finding: the same rule and, where the finding names a figure, the same found.

    Why: an entry that matches nothing is left over from an earlier version of the file, or its figure has changed
    and somebody should look again.

    Fails::

        accepted:
          - {rule: workload-total, found: 133 h, reason: As published.}

    Passes::

        accepted:
          - {rule: workload-total, found: 134 h, reason: As published.}
    """,
)
