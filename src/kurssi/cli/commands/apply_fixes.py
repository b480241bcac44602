"""``kurssi validate --fix`` and ``--diff``: what has exactly one right answer, written or shown."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff

from kurssi.cli import session
from kurssi.cli.files import NotWritten, rewrite
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE
from kurssi.course.fixes import Edit, fix
from kurssi.course.yaml_reader import MAX_BYTES
from kurssi.diagnostics.message import msg, nmsg
from kurssi.diagnostics.visible import in_line


def apply_fixes(paths: Sequence[str], rules: frozenset[str]) -> int:
    """Mends the files and says of every change where it is; the result is 2 where a file could not be written."""
    here, code = session.current, 0
    for path in here.implementation_paths(paths):
        raw = here.read(path, MAX_BYTES)
        if raw is None:
            continue
        fixed = fix(raw, path, rules)
        if not fixed.edits:
            continue
        try:
            rewrite(path, raw, fixed.raw)
        except NotWritten as problem:
            here.complain(problem.message)
            code = EXIT_TROUBLE
            continue
        for edit in _in_order(fixed.edits):
            here.note(msg("{file}:{line}: {change}", file=path, line=str(edit.line + 1), change=edit.message))
        here.note(nmsg("{n} change written to {path}", "{n} changes written to {path}", n=len(fixed.edits), path=path))
    return code


def show_diff(paths: Sequence[str], rules: frozenset[str], stdin_filename: str) -> int:
    """A unified diff of all files on standard output; 1 where there is anything to change."""
    here, changes = session.current, 0
    for path in here.implementation_paths(paths):
        raw = here.read(path, MAX_BYTES)
        if raw is None:
            continue
        name = stdin_filename if path == "-" else path
        fixed = fix(raw, name, rules)
        if fixed.edits:
            changes += len(fixed.edits)
            before, after = (text.decode("utf-8").splitlines(keepends=True) for text in (raw, fixed.raw))
            shown = in_line(name)
            here.out_data("".join(map(_ended, unified_diff(before, after, shown, shown))).encode())
    here.note(
        nmsg("{n} change to be made", "{n} changes to be made", n=changes) if changes else msg("nothing to change")
    )
    if here.failed_to_open:
        return EXIT_TROUBLE
    return EXIT_FINDINGS if changes else 0


def _ended(line: str) -> str:
    """A line of a diff; a last line without its end says so, as patch expects it."""
    return line if line.endswith(("\n", "\r")) else line + "\n\\ No newline at end of file\n"


def _in_order(edits: Sequence[Edit]) -> list[Edit]:
    return sorted(edits, key=lambda edit: (edit.line, edit.column))
