"""Rules for what stands beside an implementation file."""

from collections.abc import Iterator

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg

from .registry import Exists, Hit, referenced_files


@referenced_files("scores-missing", Severity.info)
def scores_missing(file: ImplementationFile, exists: Exists) -> Iterator[Hit]:
    """The default score sheets are where the file says.

    Why: a name left over from last year is noticed here, and not on the day when grades are due. Score sheets are often
    kept out of a shared folder, and then this is in order.

    Fails::

        scores: scores/KH00BT03-2023.csv

    Passes::

        scores: scores/KH00BT03-2024.csv
    """
    for index, name in enumerate(file.scores):
        if not exists(name):
            yield Hit(
                ("scores",) if len(file.scores) == 1 else ("scores", index),
                msg("there is no score sheet {name}", name=name),
                msg("the path is relative to this file; correct it, or leave it until the sheet is there"),
                name,
            )
