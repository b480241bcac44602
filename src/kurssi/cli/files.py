"""Files out: whole or not at all, and never over somebody else's work.

A file is written to a temporary name beside its target and renamed. A target that exists is replaced only if kurssi
wrote it and nobody has changed it since. To know that, kurssi keeps hashes of what it wrote, under hashed paths, in
the user's state folder; no name of a file or a student stands there.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from kurssi import operating_system
from kurssi.diagnostics.message import Msg, msg
from kurssi.values.patterns import Regex


class NotWritten(Exception):
    """A file that was not written, and why."""

    def __init__(self, message: Msg) -> None:
        super().__init__(message.text)
        self.message = message


REASONS = {
    "FileNotFoundError": msg("its folder does not exist"),
    "PermissionError": msg("writing there is not permitted"),
    "NotADirectoryError": msg("what should be its folder is a file"),
    "FileExistsError": msg("it is a file, not a folder"),
}
"""Why a file cannot be written, by the kind of error."""

FULL, PROTECTED = msg("the disk is full"), msg("the disk can only be read")


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
            _discard(self.name)

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
        _become(self.name, target)
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
    """Writes every file, whole or not at all; none where one of them cannot be written. Raises :class:`NotWritten`.

    All of them are brought to the disk beside their targets before the first takes its place, so that a full disk
    changes nothing. Where one cannot take its place, those before it get back what they were. The folders must be
    there.
    """
    known = {} if force else _ledger()
    targets = {path: Path(os.path.realpath(path)) for path in files}
    for path, target in targets.items():
        _check(path, target, known, force)
    digests = {
        path: data.hash.hexdigest() if isinstance(data, Draft) else _digest(data) for path, data in files.items()
    }
    _remember({_key(targets[path]): digest for path, digest in digests.items()})
    drafts: dict[str, str] = {}
    try:
        for path, data in files.items():
            try:
                if len(files) > 1 or not (isinstance(data, Draft) and data.becomes(targets[path])):
                    drafts[path] = _draft(targets[path], data)
            except OSError as error:
                raise _impossible(path, error) from error
        _take_places(drafts, targets)
    finally:
        for name in drafts.values():
            _discard(name)


def write_folder(folder: str, files: Mapping[str, Content], *, force: bool = False) -> None:
    """Writes files, by their names, into a folder that is made where there is none: all of them or none.

    Raises :class:`NotWritten`.
    """
    there = os.path.isdir(folder)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise _impossible(folder, error) from error
    try:
        write_all({os.path.join(folder, name): data for name, data in files.items()}, force=force)
    except NotWritten:
        if not there:
            with suppress(OSError):
                os.rmdir(folder)
        raise


def _take_places(drafts: Mapping[str, str], targets: Mapping[str, Path]) -> None:
    """Each draft becomes its target, or none does. Raises :class:`NotWritten`."""
    before: dict[Path, str | None] = {}
    """What stood there, by another name; None where there was nothing."""
    try:
        for path, draft in drafts.items():
            target = targets[path]
            try:
                if len(drafts) > 1:
                    before[target] = _second_name(target) if target.exists() else None
                _become(draft, target)
            except OSError as error:
                raise _impossible(path, error) from error
    except BaseException:
        for target, earlier in before.items():
            with suppress(OSError):
                os.unlink(target) if earlier is None else _become(earlier, target)
        raise
    finally:
        for earlier in before.values():
            if earlier is not None:
                _discard(earlier)


def _second_name(file: Path) -> str:
    """Another name for the same file beside it; where the disk knows no such thing, a copy."""
    import tempfile

    name = tempfile.mktemp(prefix=_draft_prefix(file.parent), dir=file.parent)  # noqa: S306 - a link fails where one is
    try:
        os.link(file, name)
    except OSError:
        return _draft(file, file.read_bytes())
    return name


def is_replaceable(path: str) -> bool:
    """Whether :func:`write` may put a file there: there is none, or one that kurssi wrote and nobody has changed."""
    try:
        _check(path, Path(os.path.realpath(path)), _ledger(), force=False)
    except NotWritten:
        return False
    return True


def _check(path: str, target: Path, known: Mapping[str, Sequence[str]], force: bool) -> None:
    """Raises :class:`NotWritten` where the target must not be replaced."""
    try:
        if target.is_dir():
            raise NotWritten(msg("{path} is a folder", path=path))
        there = target.exists()
        if there and not target.is_file():
            raise NotWritten(msg("{path} is a device or a pipe, not a file", path=path))
        if there and any(_is(name, target) for name in _inputs):
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
    if digest not in known[_key(target)]:
        raise NotWritten(
            msg("{path} was changed since kurssi wrote it; choose another name, or --force to replace it", path=path)
        )


def _is(name: str, target: Path) -> bool:
    """Whether both are one file, under whatever names: a disk may take capitals and small letters for the same."""
    try:
        return os.path.samefile(name, target)
    except OSError:  # it is gone
        return False


class _HeldOpen(OSError):
    """A file that another one cannot take the place of, because some program has it open."""


def _become(draft: str, target: Path) -> None:
    """The draft takes the place of the target. Raises :class:`OSError`."""
    try:
        os.replace(draft, target)
    except PermissionError as error:
        raise _HeldOpen(*error.args) from error


def _impossible(path: str, error: OSError) -> NotWritten:
    if isinstance(error, _HeldOpen):
        return NotWritten(
            msg(
                "{path} cannot be replaced, perhaps because another program has it open; close it in the other program "
                "and run again",
                path=path,
            )
        )
    return NotWritten(msg("{path} cannot be written: {reason}", path=path, reason=why(error)))


def why(error: OSError) -> Msg | str:
    """Why something cannot be written."""
    by_number = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: PROTECTED}
    known = REASONS.get(type(error).__name__) or by_number.get(error.errno or 0)
    return known or error.strerror or str(error)


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
        _become(name, target)
    except BaseException:
        _discard(name)
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
        _discard(name)
        raise
    return name


def _discard(draft: str) -> None:
    """Removes a draft, unless it has become a file just before whatever stopped the run."""
    with suppress(OSError):
        os.unlink(draft)


_DRAFT = Regex(r"\.kurssi-[0-9a-f]{8}-([0-9]+)-[a-z0-9_]{8}")
"""How drafts are called: by the computer, the process, and something that makes them different."""

_OLD = 24 * 3600
"""No run takes so many seconds."""

_swept: set[str] = set()
"""The folders in which this process has looked for drafts that others left."""


def _draft_prefix(folder: Path) -> str:
    """How the names of drafts begin: with this computer and this process, by which a later one knows them.

    Drafts of processes of this computer that are gone (killed, or without power) are removed first, and those of any
    computer that are too old to be at work: a container has another name each time.
    """
    begin = f".kurssi-{_digest(os.fsencode(operating_system.computer()))[:8]}-"
    if str(folder) not in _swept:
        _swept.add(str(folder))
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if (draft := _DRAFT.fullmatch(entry.name)) is not None:
                    gone = entry.name.startswith(begin) and not operating_system.is_running(int(draft[1]))
                    if gone or time.time() - entry.stat().st_mtime > _OLD:
                        _discard(entry.path)
    return f"{begin}{os.getpid()}-"


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _digest(data: Content) -> str:
    import hashlib

    if isinstance(data, Draft):
        return data.hash.hexdigest()
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
"""A longer memory is written anew, with the last two lines of each file alone."""


def _ledger() -> dict[str, list[str]]:
    """The hashes of what kurssi wrote, by hashed path, the last one at the end: a line each."""
    try:
        lines = _state_file().read_text("ascii").splitlines()
    except (OSError, ValueError, RuntimeError):
        return {}
    known: dict[str, list[str]] = {}
    for key, _, digest in (line.partition(" ") for line in lines):
        if len(digest) == 64:
            digests = known.setdefault(key, [])
            if digest in digests:
                digests.remove(digest)
            digests.append(digest)
    return known


def _remember(written: Mapping[str, str]) -> None:
    """Adds lines in one piece, so that two kurssis writing at once forget nothing of each other.

    That is done before the files take their places: a run that is killed in between leaves either the earlier file or
    the new one there, and both are known. Where the state folder cannot be written the files are simply not known
    next time, and ask for --force.
    """
    if not written:
        return
    try:
        state = _state_file()
        state.parent.mkdir(parents=True, exist_ok=True)
        with state.open("a+b", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - 1, 0))
            torn = file.read(1) not in (b"", b"\n")  # the disk was full when the last line was written
            lines = "".join(f"{key} {digest}\n" for key, digest in written.items())
            file.write(("\n" * torn + lines).encode())
            long = file.tell() > _MOST_LINES * 130
        if long and len(known := _ledger()) < _MOST_LINES / 4:
            last = (f"{key} {digest}\n" for key, digests in known.items() for digest in digests[-2:])
            _replace(state, "".join(last).encode())
    except (OSError, RuntimeError):
        return
