"""The page as one HTML file that needs nothing else: styles and the chart are inside, and nothing is fetched.

Readable on a phone (tables become cards), on paper, in a dark room and with a screen reader. Text of the file is
escaped by the template engine; no value reaches the page around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from kurssi.diagnostics.message import Msg, Terms
from kurssi.diagnostics.words import Words
from kurssi.reports.page_engine import page_engine
from kurssi.values.numbers import rounded

from .blocks import Bullets, Chart, Field, Heading, Own, Page, Paragraphs, Points, Table
from .text import spoken

KINDS = {Paragraphs: "paragraphs", Bullets: "bullets", Points: "points", Heading: "heading", Table: "table"}


def as_html(page: Page, words: Words) -> str:
    """The page in the language of ``words``; the file's own text keeps its language where the file names it."""
    environment = page_engine("kurssi.reports.plan")
    foreign = page.language if page.language not in (None, words.language) else None

    def say(value: object) -> Markup:
        """A value in words; the file's own text is marked with its language where the page has another."""
        text = escape(words.say(value))
        if foreign and isinstance(value, Own):
            return Markup('<span lang="{}">{}</span>').format(foreign, text)
        if foreign and isinstance(value, Terms) and value.items and all(isinstance(i, Own) for i in value.items):
            return Markup('<span lang="{}">{}</span>').format(foreign, text)
        return text

    environment.filters["say"] = say
    environment.filters["capital"] = lambda value: _capital(say(value), value)
    environment.globals["chart"] = lambda block: svg(block, words)
    environment.globals["kind"] = lambda block: KINDS.get(type(block), "chart")
    environment.globals["runs"] = _runs
    environment.globals["fitting"] = _fitting
    labels = {"skip": words("Skip to the content"), "contents": words("Contents")}
    return environment.get_template("page.html").render(page=page, words=words, foreign=foreign, **labels) + "\n"


def _capital(text: Markup, value: object) -> Markup:
    """Words of ours begin with a capital; the file's own text stays as it is."""
    return text if isinstance(value, Own) or not isinstance(value, Msg) else text[:1].upper() + text[1:]


def _fitting(text: str) -> list[str]:
    """How a cell may break: a short one nowhere, one with a word as wide as a column anywhere."""
    if len(text) <= 16:
        return ["short"] if " " in text or "–" in text else []
    return ["long"] if any(len(word) > 24 for word in text.split()) else []


def _runs(fields: Sequence[Field]) -> Iterator[tuple[bool, list[Field]]]:
    """Neighbouring fields that are short facts together, and the long ones."""
    for short, run in groupby(fields, key=lambda field: field.short):
        yield short, list(run)


# ---- the chart ---------------------------------------------------------------------------------------------

_WIDTH, _ROW, _LEFT, _RIGHT = 340, 26, 62, 58


def svg(chart: Chart, words: Words) -> Markup:
    """Bars from left to right, a week per line, so that a phone shows them at the size of the text."""
    most = max((sum(bar.hours.values(), Fraction(0)) for bar in chart.bars), default=Fraction(0)) or Fraction(1)
    most = max(most, chart.limit or Fraction(0))
    room = _WIDTH - _LEFT - _RIGHT
    limit = None if chart.limit is None else _LEFT + chart.limit * room / most
    out: list[Markup] = []
    for row, bar in enumerate(chart.bars):
        y = row * _ROW
        label = words("wk {n}", n=str(bar.week))
        out.append(_text(_LEFT - 8, y, label, "end"))
        x = Fraction(_LEFT)
        for place, kind in enumerate(chart.kinds, 1):
            hours = bar.hours.get(kind, Fraction(0))
            width = hours * room / most
            if width:
                out.append(
                    Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                        f"k{place}", _number(x), y + 4, _number(width), _ROW - 8
                    )
                )
            x += width
        total = sum(bar.hours.values(), Fraction(0))
        shown = words.say(bar.note) if bar.note is not None and not total else words("{n} h", n=rounded(total))
        if limit is not None and limit - _RIGHT < x <= limit:
            x = limit  # else the line would go through the words
        out.append(_text(x + 6, y, shown, "start"))
    height = len(chart.bars) * _ROW
    if limit is not None:
        line = Markup('<line class="limit" x1="{}" y1="0" x2="{}" y2="{}"/>')
        out.append(line.format(_number(limit), _number(limit), height))
    return Markup(
        '<svg role="img" viewBox="0 0 {} {}" aria-labelledby="chart-title chart-text">'
        '<title id="chart-title">{}</title><desc id="chart-text">{}</desc>'
        '<line class="axis" x1="{}" y1="0" x2="{}" y2="{}"/>{}</svg>'
    ).format(_WIDTH, height, words.say(chart.caption), spoken(chart, words), _LEFT, _LEFT, height, Markup("").join(out))


def _text(x: Any, y: int, text: str, anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(_number(x), y + _ROW - 9, anchor, text)


def _number(value: Fraction | int) -> str:
    """A coordinate with at most one decimal."""
    tenths = round(Fraction(value) * 10)
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
