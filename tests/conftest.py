"""What every test shares: no colour, language or CI setting of the machine reaches the command.

Nor does what kurssi remembers of the files it wrote: each process of a test run remembers in a folder of its own, so
that tests leave nothing behind and processes that write at the same time do not forget each other's files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

import effort  # noqa: F401  # loads the profile of Hypothesis

_OF_THE_MACHINE = (
    *("GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR", "COLUMNS"),
    *("KURSSI_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"),
)
for _name in _OF_THE_MACHINE:
    os.environ.pop(_name, None)
os.environ["LANG"] = "C.UTF-8"


@pytest.fixture(scope="session", autouse=True)
def _own_memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = str(tmp_path_factory.mktemp("state"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", folder)
        patch.setenv("LOCALAPPDATA", folder)
        yield


@pytest.fixture(scope="session", autouse=True)
def _commands_built_once() -> Iterator[None]:
    """A process runs one command line, a test run ten thousand: a command is built once in each language."""
    from kurssi.cli import command_list, session

    build = command_list.built

    @cache
    def in_language(name: str, language: str) -> Any:  # its help is in that language
        return build(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command_list, "built", lambda name: in_language(name, session.current.words.language))
        yield


@pytest.fixture(scope="session", autouse=True)
def _catalogues_read_once() -> Iterator[None]:
    """As a process does, which speaks one language."""
    from kurssi.diagnostics.words import Words

    read = Words.__dict__["catalogue"].func

    @cache
    def of_language(language: str) -> Any:
        return read(Words(language))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "catalogue", property(lambda words: of_language(words.language)))
        yield
