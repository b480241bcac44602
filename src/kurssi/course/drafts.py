"""A file's data as somebody may have meant it: some values replaced, keys renamed, items gone.

Every path of a draft leads back to a path of the file, so that what is found in the draft is shown in the file.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from kurssi.course.yaml_reader import Document, at
from kurssi.diagnostics.finding import Path, Place


class Kind(Enum):
    """In which way a place is unknown."""

    value = 0
    """The value was refused."""
    key = 1
    """The key is not known; it may be another one's."""
    missing = 2
    """A key that must be there is not."""


class Fault(NamedTuple):
    """A place of the draft of which nobody can say what was meant."""

    path: Path
    kind: Kind


class Edit(NamedTuple):
    """One change: a value is set, renamed (and set), or taken away."""

    path: Path
    """Where, in the draft as it is without items that are gone."""
    value: Any = None
    gone: bool = False
    key: str | None = None
    """The key's new name."""


class Draft:
    """Data that is edited, and the file that it was made from."""

    def __init__(self, document: Document, data: Any = None, names: dict[Path, str] | None = None) -> None:
        self.document = document
        self.data = document.data if data is None else data
        self.names = names or {}
        """The name that a renamed key has in the file, by its path in the draft."""
        self.gone: dict[Path, list[int]] = {}
        """The items that were taken out of a list, as they were counted before; ascending."""

    def edited(self, edits: list[Edit]) -> Draft:
        """Another draft, with all the edits made. Items of lists go last, so that no path moves before."""
        draft = Draft(self.document, _copy(self.data), dict(self.names))
        for edit in edits:
            draft._edit(edit)
        for path, items in draft.gone.items():
            items.sort()
            rows = at(draft.data, path)
            for index in reversed(items):
                del rows[index]
        return draft

    def _edit(self, edit: Edit) -> None:
        parent, step = at(self.data, edit.path[:-1]), edit.path[-1]
        if isinstance(parent, list) and isinstance(step, int) and edit.gone:
            self.gone.setdefault(edit.path[:-1], []).append(step)
        elif isinstance(parent, list) and isinstance(step, int):
            parent[step] = edit.value
        elif isinstance(parent, dict):
            if edit.gone or edit.key is not None:
                parent.pop(step, None)
            if edit.key is not None:
                self.names[(*edit.path[:-1], edit.key)] = str(step)
            if not edit.gone:
                parent[edit.key or step] = edit.value

    def original(self, path: Path) -> Path:
        """The same place in the file."""
        counted: Path = ()
        for step in path:
            for index in self.gone.get(counted, ()):
                if isinstance(step, int) and index <= step:
                    step += 1
            counted = (*counted, step)
        return tuple(self.names.get(counted[: n + 1], step) for n, step in enumerate(counted))

    def place(self, path: Path, *, key: bool = False) -> Place:
        """The place in the file of a path of the draft."""
        return self.document.place(self.original(path), key=key)


def _copy(value: Any) -> Any:
    """Blocks and lists anew; what stands in them is not changed by anybody."""
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
