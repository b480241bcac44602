"""The one door: the page asks by a name and plain values, and is answered in plain values."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from kurssi.course.check import Checked, blocks_grading, check
from kurssi.diagnostics.finding import Finding, limited
from kurssi.diagnostics.renderers.json_finding import as_json
from kurssi.diagnostics.words import Words
from kurssi.editor.opened import Opened
from kurssi.gradebook.gradebook import Gradebook, grade
from kurssi.policy.model import Policy
from kurssi.sheets import Reading

from .kept_tables import KeptTables, Written
from .writing import Writing

OVERRIDES = "overrides.csv"

Texts = Sequence[Mapping[str, Any]]
"""What the person has written into sheets: the file, the name under which it goes out, and the cells."""


class Desk:
    """Files in one folder, the language of the person, and the class that was graded last."""

    def __init__(self, folder: str) -> None:
        os.makedirs(folder, exist_ok=True)
        os.chdir(folder)
        self.words = Words("en")
        self.writing = Writing(self.words)
        self._book: Gradebook | None = None
        self._tables = KeptTables()
        self._last: tuple[str, bytes, Checked] | None = None
        self._answers: dict[str, Callable[..., Any]] = {
            "language": self.language,
            "run": self.run,
            "findings": self.findings,
            "proposals": self.proposals,
            "help": self.help,
            "understood": self.understood,
            "grade": self.grade,
            "explain": self.explain,
            "edited": self.edited,
            "archive": self.archive,
            "figures": self.figures,
            "what_if": self.what_if,
        }

    def ask(self, question: str) -> str:
        """Answers one question, ``{"name": …, "with": {…}}``, both as JSON."""
        asked = json.loads(question)
        return json.dumps(self._answers[asked["name"]](**asked["with"]), ensure_ascii=False)

    def language(self, code: str) -> None:
        """From here on the answers are in this language; reports are in that of the implementation, as always."""
        self.words = Words(code)
        self.writing = Writing(self.words)
        os.environ["KURSSI_LANG"] = code

    def run(self, arguments: Sequence[str], written: Texts = ()) -> dict[str, Any]:
        """Runs a command line; the sheets are as the person has edited them."""
        from .command import run_command  # each answer waits for what it needs itself alone

        self._take(written)
        with self._tables.in_the_files():
            return run_command(arguments)

    def _take(self, written: Texts) -> None:
        self._tables.written = {one["file"]: Written.of(one) for one in written}

    def findings(self, file: str, everything: bool) -> dict[str, Any]:
        """What there is to say of an implementation file: at once, or ``everything``, which may take a while."""
        opened = self._opened(file)
        if everything and not opened.certain:
            opened.judge(lambda: True)
        # what is no text is for the reader of files to say
        raw = Path(file).read_bytes()
        findings = opened.findings if raw == opened.raw else check(raw, file).findings
        return {"findings": self._json(findings), "certain": opened.certain}

    def proposals(self, file: str, line: int, column: int) -> list[dict[str, Any]]:
        """What may be written at a place of the implementation file."""
        return self.writing.proposals(self._opened(file), line, column)

    def help(self, file: str, line: int, column: int) -> dict[str, Any] | None:
        """What there is to say of a place in the implementation file."""
        return self.writing.help(self._opened(file), line, column)

    def _opened(self, file: str) -> Opened:
        return self.writing.open(file, Path(file).read_bytes().decode("utf-8", "replace"))

    def _checked(self, file: str) -> tuple[bytes, Checked]:
        """The file and what there is to say of it; asked for at each changed score, and read when it changed."""
        raw = Path(file).read_bytes()
        if self._last is None or self._last[:2] != (file, raw):
            self._last = file, raw, check(raw, file)
        return raw, self._last[2]

    def understood(
        self, file: str, sheets: Sequence[str], maps: Sequence[Sequence[str]], written: Texts = ()
    ) -> dict[str, Any]:
        """How the sheets are read, and what a column can be said to be."""
        from .understood import targets, understood

        _, checked = self._checked(file)
        if not checked.gradable or checked.file is None or checked.file.assessment is None:
            return {"files": [], "targets": []}
        self._take(written)
        reading = Reading(checked.file.columns or {}, _pairs(maps), tables=self._tables)
        files = understood(_bytes_of(sheets), checked.policy, reading, self.words)
        return {"files": files, "targets": targets(checked.policy)}

    def grade(
        self, file: str, sheets: Sequence[str], maps: Sequence[Sequence[str]], written: Texts = ()
    ) -> dict[str, Any]:
        """The graded class, and the findings; no class where one of them is an error, or nothing is assessed."""
        from .class_table import class_table

        raw, checked = self._checked(file)
        self._book = None
        if not checked.gradable or checked.file is None or checked.file.assessment is None:
            wrong = [f._replace(accepted=None) for f in checked.findings if blocks_grading(f)]
            return {"class": None, "findings": self._json(wrong), "assessed": bool(wrong)}
        overrides = (OVERRIDES, Path(OVERRIDES).read_bytes()) if os.path.isfile(OVERRIDES) else None
        self._take(written)
        self._tables.forget(sheets)
        reading = Reading(maps=_pairs(maps), tables=self._tables)
        self._book, findings = grade(checked, raw, _bytes_of(sheets), overrides, reading=reading)
        table = None if self._book is None else class_table(self._book, self.words)
        return {"class": table, "findings": self._json(findings), "assessed": True}

    def explain(self, student: str) -> dict[str, Any] | None:
        """Every step of one student's grade."""
        from .class_table import explained

        found = (r for r in self._book.results if r.student.student == student) if self._book else iter(())
        result = next(found, None)
        return None if result is None or self._book is None else explained(self._book, result, self.words)

    def edited(self, written: Texts, into: str) -> list[str]:
        """Writes the edited sheets into a folder, and says under which names."""
        self._take(written)
        os.makedirs(into, exist_ok=True)
        for name, one in self._tables.written.items():
            Path(into, one.name).write_bytes(self._tables.edited(name))
        return [one.name for one in self._tables.written.values()]

    def archive(self, files: Sequence[str], into: str) -> None:
        """Puts files into one archive."""
        from zipfile import ZIP_DEFLATED, ZipFile

        with ZipFile(into, "w", ZIP_DEFLATED) as archive:
            for name in files:
                archive.write(name)

    def figures(self) -> list[dict[str, Any]] | None:
        """What each part and each group came to, as tables; of too few students nothing is said."""
        from kurssi.gradebook.figures import class_figures
        from kurssi.reports.class_figures import parts_and_groups

        if self._book is None:
            return None
        return [block._asdict() for block in parts_and_groups(class_figures(self._book), self.words)]

    def what_if(self, rule: str, part: str | None, change: int) -> dict[str, Any] | None:
        """Who would have another grade under another rule.

        ``weight``: a part weighs ``change`` more; ``grace``: there are so many more days of it; ``deduction``: lateness
        takes so many per cent more of what it takes, or fewer.
        """
        from kurssi.analysis.sensitivity import changed_by, with_deduction, with_grace, with_weight

        book = self._book
        if book is None:
            return None
        was = now = None
        other: Policy | None = None
        if rule == "grace":
            other = with_grace(book.policy, change)
        elif rule == "deduction":
            other = with_deduction(book.policy, 100 + change)
        elif part is not None and (found := with_weight(book.policy, part, Fraction(change))) is not None:
            other, was, now = found
        if other is None:
            return None
        moved = changed_by(other, book.class_list, book.results, book.as_of)

        def label(grade: int | None) -> str:
            return "" if grade is None else book.policy.scale.label(grade)

        return {
            "was": None if was is None else self.words.number(was),
            "now": None if now is None else self.words.number(now),
            "moved": [{"student": name, "old": label(old), "new": label(new)} for name, old, new in moved],
        }

    def _json(self, findings: Sequence[Finding]) -> list[dict[str, Any]]:
        return [as_json(finding, self.words) for finding in limited(findings)]


def _pairs(maps: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((header, target) for header, target in maps)


def _bytes_of(names: Sequence[str]) -> list[tuple[str, bytes]]:
    return [(name, Path(name).read_bytes()) for name in names]
