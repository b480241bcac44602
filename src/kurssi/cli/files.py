"""Files out: whole or not at all, and never over somebody else's work.

A file is written to a temporary name beside its target and renamed. A target that exists is replaced only if kurssi
wrote it and nobody has changed it since. To know that, kurssi keeps hashes of what it wrote, under hashed paths, in
the user's state folder; no name of a file or a student stands there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from kurssi import operating_system
from kurssi.diagnostics.message import Msg, msg


class NotWritten(Exception):
    """A file that was not written, and why."""

    def __init__(self, message: Msg) -> None:
        super().__init__(message.text)
        self.message = message


REASONS = {
    "FileNotFoundError": msg("its folder does not exist"),
    "PermissionError": msg("writing there is not permitted"),
    "NotADirectoryError": msg("what should be its folder is a file"),
}
"""Why a file cannot be written, by the kind of error."""


AHEAD = 1 << 22
"""After so many bytes the system is told to bring a draft to the disk, so that the wait at its end is short."""


class Draft:
    """What a file is to hold, as it comes piece by piece.

    It is kept beside the file, so that it need not be copied; where that cannot be, among the temporary files.
    """

    def __init__(self, path: str | None) -> None:
        import hashlib
        import tempfile

        self.hash = hashlib.sha256()
        self.ahead = 0
        self.name: str | None = None
        """Where it lies as long as it is nobody's file."""
        if path is not None and operating_system.can_rename_open_files():
            target = Path(os.path.realpath(path))
            try:
                handle, self.name = tempfile.mkstemp(prefix=_draft_prefix(target.parent), dir=target.parent)
            except OSError:  # writing it will fail, too, and say so
                pass
            else:
                self.file: IO[bytes] = os.fdopen(handle, "w+b")
                return
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - this is the context manager

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        if self.name is not None:
            os.unlink(self.name)

    def write(self, data: bytes) -> None:
        """Adds to its end."""
        self.file.write(data)
        self.hash.update(data)
        self.ahead += len(data)
        if self.ahead >= AHEAD:
            operating_system.bring_to_disk(self.file, self.file.tell() - self.ahead, self.ahead)
            self.ahead = 0

    def copy_to(self, file: IO[bytes]) -> None:
        """Writes all of it into another file."""
        import shutil

        self.file.seek(0)
        shutil.copyfileobj(self.file, file)

    def whole(self) -> bytes:
        """All of it."""
        self.file.seek(0)
        return self.file.read()

    def becomes(self, target: Path) -> bool:
        """Whether it took the place of the target, which it does where it lies beside it; it can still be read."""
        if self.name is None or Path(self.name).parent != target.parent:
            return False
        _sync(self.file)
        os.chmod(self.name, operating_system.permissions(target))
        os.replace(self.name, target)
        self.name = None
        return True


Content = bytes | Draft
"""What a file is to hold."""


_inputs: set[str] = set()


def protect(path: str) -> None:
    """Remembers a file that this run has read: :func:`write` does not replace it, not even by force."""
    _inputs.add(path)


def new_run() -> None:
    """Forgets what an earlier run in this process has read."""
    _inputs.clear()


def write(path: str, data: Content, *, force: bool = False) -> None:
    """Writes ``data`` to ``path``, whole or not at all. Raises :class:`NotWritten`."""
    write_all({path: data}, force=force)


def write_all(files: Mapping[str, Content], *, force: bool = False) -> None:
    """Writes every file, whole or not at all; none where one of them may not be replaced. Raises :class:`NotWritten`.

    All of them are brought to the disk beside their targets before the first takes its place: where the disk is full
    none does. The folders must be there.
    """
    known = {} if force else _ledger()
    targets = {path: Path(os.path.realpath(path)) for path in files}
    for path, target in targets.items():
        _check(path, target, known, force)
    drafts: dict[str, str] = {}
    written = {}
    try:
        for path, data in files.items():
            try:
                if len(files) > 1 or not (isinstance(data, Draft) and data.becomes(targets[path])):
                    drafts[path] = _draft(targets[path], data)
            except OSError as error:
                raise _impossible(path, error) from error
        for path, data in files.items():
            try:
                if path in drafts:
                    os.replace(drafts[path], targets[path])
                    del drafts[path]
            except OSError as error:
                raise _impossible(path, error) from error
            written[_key(targets[path])] = data.hash.hexdigest() if isinstance(data, Draft) else _digest(data)
    finally:
        for name in drafts.values():
            with suppress(OSError):
                os.unlink(name)
        _remember(written)


def _check(path: str, target: Path, known: Mapping[str, str], force: bool) -> None:
    """Raises :class:`NotWritten` where the target must not be replaced."""
    try:
        if target.is_dir():
            raise NotWritten(msg("{path} is a folder", path=path))
        there = target.exists()
        if there and not target.is_file():
            raise NotWritten(msg("{path} is a device or a pipe, not a file", path=path))
        if there and any(os.path.realpath(name) == str(target) for name in _inputs):
            raise NotWritten(msg("{path} is one of the files that are read; choose another name", path=path))
        if force:
            return
        digest = _digest_of(target) if there else None
    except OSError as error:
        raise _impossible(path, error) from error
    if not there:
        return
    if _key(target) not in known:
        raise NotWritten(
            msg("{path} exists and was not written by kurssi; choose another name, or --force to replace it", path=path)
        )
    if known[_key(target)] != digest:
        raise NotWritten(
            msg("{path} was changed since kurssi wrote it; choose another name, or --force to replace it", path=path)
        )


def _impossible(path: str, error: OSError) -> NotWritten:
    reason = REASONS.get(type(error).__name__) or error.strerror or str(error)
    return NotWritten(msg("{path} cannot be written: {reason}", path=path, reason=reason))


def rewrite(path: str, before: bytes, after: bytes) -> None:
    """Writes a file anew that somebody else wrote and that was read as ``before``. Raises :class:`NotWritten`.

    It stays somebody else's file: a later report does not overwrite it without being told to.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.read_bytes() != before:
            raise NotWritten(msg("{path} was changed while kurssi looked at it; run it again", path=path))
        _replace(target, after)
    except OSError as error:
        raise _impossible(path, error) from error


def _replace(target: Path, data: bytes) -> None:
    name = _draft(target, data)
    try:
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _draft(target: Path, data: Content) -> str:
    """The name of a new file beside the target that holds ``data`` on the disk."""
    import tempfile  # loads random and hashlib, which a command that only prints should not wait for

    handle, name = tempfile.mkstemp(prefix=_draft_prefix(target.parent), dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            if isinstance(data, Draft):
                data.copy_to(file)
            else:
                file.write(data)
            _sync(file)
        os.chmod(name, operating_system.permissions(target))
    except BaseException:
        os.unlink(name)
        raise
    return name


_swept: set[str] = set()
"""The folders in which this process has looked for drafts that others left."""


def _draft_prefix(folder: Path) -> str:
    """How the names of drafts begin: with this computer and this process, by which a later one knows them.

    Drafts of processes of this computer that are gone (killed, or without power) are removed first.
    """
    begin = f".kurssi-{_digest(os.fsencode(operating_system.computer()))[:8]}-"
    if str(folder) not in _swept:
        _swept.add(str(folder))
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                process = entry.name.removeprefix(begin).partition("-")[0]
                ours = entry.name.startswith(begin) and process.isascii() and process.isdecimal()
                if ours and not operating_system.is_running(int(process)):
                    with suppress(OSError):
                        os.unlink(entry.path)
    return f"{begin}{os.getpid()}-"


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _digest(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def _digest_of(file: Path) -> str:
    import hashlib

    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _key(target: Path) -> str:
    return _digest(os.fsencode(target))


def _state_file() -> Path:
    return operating_system.state_folder() / "kurssi" / "written"


_MOST_LINES = 20_000
"""A longer memory is written anew, without the lines that later ones replace."""


def _ledger() -> dict[str, str]:
    """The hash of what kurssi wrote last, by hashed path: a line each, the last one counts."""
    try:
        lines = _state_file().read_text("ascii").splitlines()
    except (OSError, ValueError, RuntimeError):
        return {}
    return {key: digest for key, _, digest in (line.partition(" ") for line in lines) if len(digest) == 64}


def _remember(written: Mapping[str, str]) -> None:
    """Adds lines in one piece, so that two kurssis writing at once forget nothing of each other.

    Where the state folder cannot be written the files are simply not known next time, and ask for --force.
    """
    if not written:
        return
    try:
        state = _state_file()
        state.parent.mkdir(parents=True, exist_ok=True)
        with state.open("ab", buffering=0) as file:
            file.write("".join(f"{key} {digest}\n" for key, digest in written.items()).encode())
            long = file.tell() > _MOST_LINES * 130
        if long and len(known := _ledger()) < _MOST_LINES / 2:
            _replace(state, "".join(f"{key} {digest}\n" for key, digest in known.items()).encode())
    except (OSError, RuntimeError):
        return
