"""Whether the files that a report was made from are still the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg

from .problems import Problem


class InputState(NamedTuple):
    """A file that the report names, and what was found of it."""

    path: str
    state: str
    """unchanged, changed or absent."""
    problem: Problem | None
    place: Path | None = None
    """Where the file is that the report was made from; None unless it is unchanged."""


def check_inputs(inputs: Sequence[tuple[str, str]], folders: Sequence[Path]) -> list[InputState]:
    """Looks for every (path, SHA-256) from each folder in turn. A file that is not there cannot be checked."""
    out = []
    for number, (path, wanted) in enumerate(inputs, 1):
        found = {digest: folder / path for folder in reversed(folders) for digest in _digests(folder, path)}
        where = f"inputs.{number}.sha256"
        if wanted in found:
            out.append(InputState(path, "unchanged", None, found[wanted]))
        elif found:
            message = msg("{path} is not the file that was read: it was changed, or it is another", path=path)
            out.append(InputState(path, "changed", Problem(None, where, message, wanted, [*found][-1])))
        else:
            message = msg("{path} is not here, so it cannot be checked", path=path)
            problem = Problem(None, where, message, wanted, None, Severity.warning)
            out.append(InputState(path, "absent", problem))
    return out


def _digests(folder: Path, path: str) -> Iterator[str]:
    try:
        place = folder / path
        if place.is_file():  # a device or a pipe is no input
            with place.open("rb") as file:
                yield hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return
