"""``kurssi sheet --anonymise``: look-alikes of files with students, for a report of what goes wrong with them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from kurssi.cli import session
from kurssi.cli.files import NotWritten, write, write_folder
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble
from kurssi.course.check import check
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.message import Wrong, msg
from kurssi.reports.entry.look_alike import MOST_BYTES, look_alikes


def anonymise(paths: Sequence[str], implementation: str | None, output: str | None, force: bool) -> int:
    """Writes a look-alike of one file to ``output``, or of several into the folder of that name; the exit code.

    Words that the policy of ``implementation`` gives a meaning to stay.
    """
    here = session.current
    if output is None:
        raise Trouble(msg("name what to write: -o with the name of a file, or of a folder for several"))
    files = []
    for path in paths:
        raw = here.read(path, MOST_BYTES)
        if raw is None:
            return EXIT_TROUBLE
        if len(raw) > MOST_BYTES:
            raise Trouble(msg("{path} is too large; some rows that show what goes wrong are enough", path=path))
        files.append((path, raw))
    try:
        made = look_alikes(files, _words_of(implementation))
    except Wrong as wrong:
        here.complain(wrong.message)
        if wrong.hint is not None:
            here.note(wrong.hint)
        return EXIT_FINDINGS
    names = _names(paths, output)
    try:
        if names is None:
            write(output, made[0], force=force)
        else:
            write_folder(output, dict(zip(names, made, strict=True)), force=force)
    except NotWritten as problem:
        here.complain(problem.message)
        return EXIT_TROUBLE
    for path in [output] if names is None else [os.path.join(output, name) for name in names]:
        here.note(msg("written: {path}", path=path))
    here.note(msg("look through it before you hand it on: headers, scores and times are the real ones"))
    return 0


def _words_of(implementation: str | None) -> list[str]:
    """The levels of activity and the labels of the scale; none where the file has errors, which do not matter here."""
    raw = None if implementation is None else session.current.read(implementation, MAX_BYTES)
    checked = None if raw is None else check(raw, implementation or "")
    if checked is None or not checked.gradable or checked.file is None or checked.file.assessment is None:
        return []
    policy = checked.policy
    levels = (policy.activity.levels if policy.activity is not None else None) or {}
    return [*levels, *(policy.scale.label(grade) for grade in policy.scale.grades)]


def _names(paths: Sequence[str], output: str) -> list[str] | None:
    """How the look-alikes are called in the folder ``output``; None where there is one, of that name.

    Names of files may name somebody, too, so several are numbered.
    """
    if len(paths) == 1 and not os.path.isdir(output):
        return None
    return [f"look-alike-{n}{os.path.splitext(path)[1]}" for n, path in enumerate(paths, 1)]
