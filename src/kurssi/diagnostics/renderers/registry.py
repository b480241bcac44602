"""The renderers by the name that ``--format`` gives them, each loaded when it is asked for.

JSON, SARIF and JUnit stand apart: they need more than the findings, because each makes a document of its own.
"""

from __future__ import annotations

from .common import Renderer
from .text import as_text


def renderer(name: str) -> Renderer:
    """The renderer of a name: ``text``, ``concise`` or ``github``."""
    if name == "concise":
        from .concise import as_concise

        return as_concise
    if name == "github":
        from .github import as_github

        return as_github
    return as_text
