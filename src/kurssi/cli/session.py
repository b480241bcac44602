"""What every command shares: language, colour, the two streams, and how files come in."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TextIO

from kurssi.cli import incoming
from kurssi.diagnostics.finding import Finding, Severity, worst
from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.renderers.common import Paint
from kurssi.diagnostics.visible import as_ascii, for_stream, in_line
from kurssi.diagnostics.words import LANGUAGES, Words, choose_language
from kurssi.values.numbers import whole_number

from .files import Content, new_run, protect

MOST_COLUMNS = 10_000
FOLDER = "implementations"
"""Where implementation files are looked for when none is named."""

COLORS = ("auto", "always", "never")
EXIT_FINDINGS, EXIT_TROUBLE, EXIT_INTERRUPTED = 1, 2, 130


class Trouble(Exception):
    """Wrong usage, or a file that cannot be opened or written: exit 2 with one line."""

    def __init__(self, message: Msg) -> None:
        super().__init__(message.text)
        self.message = message


class Session:
    """The options that stand before or after any command, and what follows from them."""

    def __init__(self, lang: str | None = None, color: str = "auto", debug: bool = False) -> None:
        self.asked = lang
        """The language that ``--lang`` names; reports otherwise follow the implementation."""
        self.words = Words(choose_language(lang))
        self.color = color
        self.debug = debug
        self.failed_to_open = False
        new_run()

    def width(self, stream: TextIO) -> int | None:
        """How wide a text may be: as the terminal, or elsewhere as COLUMNS asks; None where nobody asks."""
        asked = os.environ.get("COLUMNS", "")
        if stream.isatty():
            return shutil.get_terminal_size().columns
        columns = whole_number(asked)
        return columns if columns is not None and 0 < columns < MOST_COLUMNS else None

    def paint(self, stream: TextIO) -> Paint:
        """Colours for a stream: as ``--color`` says, else on a terminal unless NO_COLOR is set."""
        columns = self.width(stream)
        if self.color != "auto":
            return Paint(self.color == "always", columns)
        if os.environ.get("NO_COLOR"):
            return Paint(False, columns)
        wanted = bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")
        return Paint(wanted, columns)

    def report_words(self, language: str) -> Words:
        """The words of a report: ``--lang``, else the implementation's language."""
        return self.words if self.asked or language not in LANGUAGES else Words(language)

    def out(self, text: str, *, commands: bool = False) -> None:
        """Results, to standard output; ``commands`` where its lines are commands to GitHub."""
        if text:
            text = text if text.endswith("\n") else text + "\n"
            sys.stdout.write(for_stream(text, self.paint(sys.stdout).on, commands=commands))

    def out_json(self, text: str) -> None:
        """JSON, to standard output: no letter of it is lost in :func:`kurssi.diagnostics.visible.json_text`."""
        try:
            text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
        except (UnicodeEncodeError, LookupError):
            text = as_ascii(text)
        sys.stdout.write(text)

    def out_as(self, kind: str, text: str) -> None:
        """A text in the format ``kind``, to standard output."""
        if kind in ("json", "sarif"):
            self.out_json(text)
        elif kind == "html":
            self.out_data(text.encode("utf-8", "replace"))
        else:
            self.out(text, commands=kind == "github")

    def out_data(self, data: Content) -> None:
        """A file, to standard output: as it is, but on a terminal or in a log of GitHub as text is shown there."""
        sys.stdout.flush()
        if sys.stdout.isatty() or os.environ.get("GITHUB_ACTIONS") == "true":
            self.out((data if isinstance(data, bytes) else data.whole()).decode("utf-8-sig", "replace"))
        elif isinstance(data, bytes):
            sys.stdout.buffer.write(data)
        else:
            data.copy_to(sys.stdout.buffer)
        sys.stdout.flush()

    def err(self, text: str) -> None:
        """Text of several lines, to standard error."""
        sys.stdout.flush()
        text = text if text.endswith("\n") else text + "\n"
        sys.stderr.write(for_stream(text, self.paint(sys.stderr).on))

    def note(self, message: object) -> None:
        """A line of progress or of a summary, to standard error."""
        self.err(in_line(self.words.say(message)))

    def complain(self, message: Msg | str) -> None:
        """One line on what went wrong, to standard error."""
        error = self.paint(sys.stderr)("error", self.words("error"))
        self.err(f"{error}: {in_line(self.words.say(message))}")

    # ---- files in ------------------------------------------------------------------------------------------

    def read(self, path: str, most: int = incoming.MOST_BYTES) -> bytes | None:
        """The bytes of a file, or of standard input for ``-``; None, with a complaint, where it cannot be opened.

        They are at most one more than ``most``: whoever reads them says then that it is too large.
        """
        try:
            if path == "-":
                return sys.stdin.buffer.read(most + 1) if sys.stdin is not None else b""
            data = incoming.read(path, most)
            protect(path)
            return data
        except incoming.NotAFile as no:
            reason = self.words.say(no.message)
        except OSError as error:
            reason = self.words.say(_REASONS.get(type(error).__name__) or error.strerror or str(error))
        except ValueError:
            reason = self.words("the name is not possible")
        self.failed_to_open = True
        self.complain(msg("{path} cannot be opened: {reason}", path=path, reason=reason))
        return None

    def named(self, paths: Sequence[str] | None) -> Sequence[str]:
        """The files and folders that were named, else the folder implementations/. Raises :class:`Trouble`."""
        if not paths and not os.path.isdir(FOLDER):
            raise Trouble(msg("name a file or a folder: there is no folder {folder} here to look into", folder=FOLDER))
        return paths or [FOLDER]

    def implementation_paths(self, paths: Sequence[str]) -> Iterator[str]:
        """The YAML files that ``paths`` name; of a folder, all below it, in order."""
        for path in paths:
            if path == "-" or not os.path.isdir(path):
                yield path
                continue
            found = sorted(_yaml_below(path))
            if not found:
                self.failed_to_open = True
                self.complain(msg("there is no implementation file (*.yaml) in {path}", path=path))
            yield from found

    def exit_code(self, findings: Sequence[Finding], strict: bool = False) -> int:
        """2 where a file could not be opened, 1 where something stands against the files, else 0."""
        if self.failed_to_open:
            return EXIT_TROUBLE
        severity = worst(findings)
        limit = Severity.warning if strict else Severity.error
        return EXIT_FINDINGS if severity is not None and severity >= limit else 0


_REASONS = {
    "FileNotFoundError": msg("there is no such file"),
    "PermissionError": msg("reading it is not permitted"),
    "IsADirectoryError": msg("it is a folder"),
}


def _yaml_below(folder: str) -> Iterator[str]:
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if name.endswith((".yaml", ".yml")) and not name.startswith("."):
                yield os.path.join(here, name)


current = Session()
"""The session of this run; :func:`kurssi.cli.run` sets it before a command is loaded."""
