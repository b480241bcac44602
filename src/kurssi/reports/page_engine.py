"""The template engine of all pages: whatever a page is given is escaped, and what cannot be seen is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurssi.diagnostics.visible import on_page

if TYPE_CHECKING:  # only pages need it
    from jinja2 import Environment


def page_engine(package: str = "kurssi.reports", *, trim: bool = True) -> Environment:
    """An engine for the templates of a package; ``trim``: lines with nothing but an instruction leave none behind."""
    from jinja2 import Environment, PackageLoader

    return Environment(
        loader=PackageLoader(package), autoescape=True, finalize=on_page, trim_blocks=trim, lstrip_blocks=trim
    )
