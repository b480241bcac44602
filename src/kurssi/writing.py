"""Files out: whole or not at all, and never over somebody else's work.

A file is written to a temporary name beside its target and renamed. A target that exists is replaced only if kurssi
wrote it and nobody has changed it since. To know that, kurssi keeps hashes of what it wrote, under hashed paths, in
the user's state folder; no name of a file or a student stands there.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

from .messages import Msg, msg


class NotWritten(Exception):
    """A file that was not written, and why."""

    def __init__(self, message: Msg) -> None:
        super().__init__(message.text)
        self.message = message


def write(path: str, data: bytes, *, force: bool = False) -> None:
    """Writes ``data`` to ``path``, whole or not at all. Raises :class:`NotWritten`."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise NotWritten(msg("{path} is a folder", path=path))
    try:
        if target.exists() and not force:
            known = _ledger().get(_key(target))
            if known is None:
                raise NotWritten(
                    msg(
                        "{path} exists and was not written by kurssi; choose another name, or --force to replace it",
                        path=path,
                    )
                )
            if known != _digest(target.read_bytes()):
                raise NotWritten(
                    msg(
                        "{path} was changed since kurssi wrote it; choose another name, or --force to replace it",
                        path=path,
                    )
                )
        _replace(target, data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotWritten(msg("{path} cannot be written: {reason}", path=path, reason=reason)) from error
    _remember(target, data)


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _key(target: Path) -> str:
    return _digest(os.fsencode(target))


def _state_file() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "kurssi" / "written.json"


def _ledger() -> dict[str, str]:
    try:
        known = json.loads(_state_file().read_text("utf-8"))
    except (OSError, ValueError, RuntimeError):
        return {}
    return known if isinstance(known, dict) else {}


def _remember(target: Path, data: bytes) -> None:
    """Where the state folder cannot be written the file is simply not known next time, and asks for --force."""
    try:
        state = _state_file()
        state.parent.mkdir(parents=True, exist_ok=True)
        _replace(state, json.dumps({**_ledger(), _key(target): _digest(data)}, indent=0).encode())
    except (OSError, RuntimeError):
        return
