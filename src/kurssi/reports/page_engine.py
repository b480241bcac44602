"""The template engine of all pages: whatever a page is given is escaped, and what cannot be seen is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurssi.diagnostics.visible import on_page

if TYPE_CHECKING:  # only pages need it
    from jinja2 import Environment


PAGES = "kurssi.reports"
"""Where most templates are, and the head that all pages share."""


def page_engine(package: str = PAGES, *, trim: bool = True) -> Environment:
    """An engine for the templates of a package; ``trim``: lines with nothing but an instruction leave none behind."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader

    loader = ChoiceLoader([PackageLoader(name) for name in dict.fromkeys((package, PAGES))])
    return Environment(loader=loader, autoescape=True, finalize=on_page, trim_blocks=trim, lstrip_blocks=trim)
