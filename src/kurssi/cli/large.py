"""A very large class on the command line: what is said of it, and into which files it goes."""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.course.check import Checked
from kurssi.diagnostics.finding import Severity
from kurssi.policy.model import Policy
from kurssi.reports.rows import STATUS, summed_up
from kurssi.streaming.large_class import StreamedClass, Sums, stream_csv, stream_workbook

from . import outputs, session
from .files import Draft
from .inputs import show
from .request import Request


def grade_large(checked: Checked, raw: bytes, request: Request) -> int | None:
    """Grades the one sheet of a request piece by piece, if the request allows it; an exit code.

    None, with nothing written and nothing said, where the table has to be read whole, and where a class is small
    enough to be shown on the screen.
    """
    if request.wanted <= {".csv", ".text"}:
        return _as_csv(checked, request)
    if request.wanted == {".xlsx", ".text"}:
        return _as_workbook(checked, raw, request)
    return None


def _as_csv(checked: Checked, request: Request) -> int | None:
    here = session.current
    to_stdout = request.printed == "csv"
    words = here.report_words(_language(checked))
    with Draft(request.output[0] if request.output else None) as out:
        streamed = stream_csv(checked, request.sheets[0], request.as_of, words, out)
        if streamed is None or (not to_stdout and streamed.sums.students < outputs.MOST_SHOWN):
            return None
        _show(checked, streamed)
        if to_stdout:
            here.out_data(out)
        else:
            _sum_up(streamed.sums, checked.policy, bool(request.output))
        return _written([outputs.write_one(path, out, request.force) for path in request.output])


def _as_workbook(checked: Checked, raw: bytes, request: Request) -> int | None:
    from kurssi.reports.excel.sheet import MOST_DETAILED

    words = session.current.report_words(_language(checked))
    made = stream_workbook(checked, raw, request.sheets[0], request.as_of, words)
    if made is None:
        return None
    streamed, book, report = made
    if streamed.sums.students <= MOST_DETAILED:
        return None
    _show(checked, streamed)
    _sum_up(streamed.sums, checked.policy, written=True)
    data = report.finish(streamed.sums.students, streamed.sums.counts, outputs.changed(book))
    return _written([outputs.write_one(path, data, request.force) for path in request.output])


def _show(checked: Checked, streamed: StreamedClass) -> None:
    about = [f for f in checked.findings if f.counts and f.severity >= Severity.warning]
    show([*about, *streamed.findings], checked)


def _written(codes: Sequence[int]) -> int:
    return max(codes, default=0)


def _language(checked: Checked) -> str:
    return checked.file.implementation.language if checked.file is not None else "en"


def _sum_up(sums: Sums, policy: Policy, written: bool) -> None:
    """What is said instead of a table on the screen."""
    here = session.current
    counts = {status: sum(n for (s, _), n in sums.counts.items() if s == status) for status in STATUS}
    spread = [sum(n for (_, g), n in sums.counts.items() if g == grade) for grade in policy.scale.grades]
    here.note(outputs.not_shown(sums.students, written))
    here.note(summed_up(sums.students, counts, spread, policy, here.words))
