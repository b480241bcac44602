"""The template engine of all pages: whatever a page is given is escaped, and what cannot be seen is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kurssi.diagnostics.visible import on_page

if TYPE_CHECKING:  # only pages need it
    from jinja2 import Environment


_UNIT = re.compile(r"(?<=\d) (?=%|h\b)")
_TIMES = re.compile(r"(?<=\d)(…?) × (?=\d)")
_BECOMES = re.compile(r"(?<=[\d%]|\b\w) → (?=\d|\w\b)")
_SPACE = "\xa0"

PAGES = "kurssi.reports"
"""Where most templates are, and the head that all pages share."""


def page_engine(package: str = PAGES, *, trim: bool = True) -> Environment:
    """An engine for the templates of a package; ``trim``: lines with nothing but an instruction leave none behind."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader

    loader = ChoiceLoader([PackageLoader(name) for name in dict.fromkeys((package, PAGES))])
    return Environment(loader=loader, autoescape=True, finalize=_finished, trim_blocks=trim, lstrip_blocks=trim)


def _finished(value: object) -> object:
    """What a template is given, with what cannot be seen shown, and what is read as one kept on one line."""
    shown = on_page(value)
    return type(shown)(unbroken(shown)) if isinstance(shown, str) else shown


def unbroken(text: str) -> str:
    """Text in which no line ends before the % or h of a number, or beside the × of a product or the → of a change.

    What would keep a range (1–12) together cannot be seen, and would come along with who copies it.
    """
    if "%" in text or " h" in text:
        text = _UNIT.sub(_SPACE, text)
    if "→" in text:
        text = _BECOMES.sub(f"{_SPACE}→{_SPACE}", text)
    return _TIMES.sub(rf"\1{_SPACE}×{_SPACE}", text) if "×" in text else text
