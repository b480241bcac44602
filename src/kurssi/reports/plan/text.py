"""Blocks as Markdown, as plain text for the terminal, and as text that is pasted into the register."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from fractions import Fraction

from kurssi.diagnostics.words import Words
from kurssi.values.numbers import rounded

from .blocks import Block, Bullets, Chart, Field, Heading, Page, Paragraphs, Point, Points, Table

# ---- Markdown ----------------------------------------------------------------------------------------------


def as_markdown(page: Page, words: Words) -> str:
    """The page as Markdown (tables as in GitHub's). Text of the file is escaped: it shows as it was written."""
    lines = [f"# {escape(page.title)}", "", escape(words.say(page.subtitle)), ""]
    for section in page.sections:
        lines += [f"## {escape(words.say(section.title))}", ""]
        for field in section.fields:
            if field.short and len(field.blocks) == 1 and isinstance(field.blocks[0], Paragraphs):
                value = " ".join(_md(words, text) for text in field.blocks[0].texts)
                lines += [f"**{_md(words, field.label)}:** {value}", ""]
                continue
            lines += [f"### {_md(words, field.label)}", ""]
            for block in field.blocks:
                lines += [*_markdown(block, words), ""]
    lines += ["---", "", escape(words.say(page.source)), ""]
    return "\n".join(lines)


def _markdown(block: Block, words: Words) -> Iterator[str]:
    if isinstance(block, Paragraphs):
        yield "\n\n".join(_md(words, text) for text in block.texts)
    elif isinstance(block, Bullets):
        yield from (f"- {_md(words, item)}" for item in block.items)
    elif isinstance(block, Points):
        yield from (f"{'  ' * p.depth}- **{_md(words, p.topic)}:** {_md(words, p.text)}" for p in block.items)
    elif isinstance(block, Heading):
        yield f"#### {_md(words, block.text)}"
    elif isinstance(block, Table):
        yield _row([_md(words, cell) for cell in block.head])
        yield "|" + "|".join("---:" if n in block.right else "---" for n in range(len(block.head))) + "|"
        for row in block.rows:
            yield _row([_md(words, cell) for cell in row])
    else:
        yield f"{_md(words, block.caption)}: {escape(spoken(block, words))}"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _md(words: Words, value: object) -> str:
    return escape(words.say(value))


def escape(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no HTML, no list where there is none."""
    out = " ".join(text.split())
    for sign in "\\|*_`<>[]#~":
        out = out.replace(sign, "\\" + sign)
    out = out.replace("&", "&amp;")
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", out)  # else the line would begin a list or draw a rule


def spoken(chart: Chart, words: Words) -> str:
    """A chart in words: what it shows, week by week."""
    said = []
    for bar in chart.bars:
        total = sum(bar.hours.values(), Fraction(0))
        if bar.note is not None:
            said.append(words("week {week}: {note}", week=str(bar.week), note=bar.note))
            continue
        text = words("week {week}: {n} h", week=str(bar.week), n=rounded(total))
        if len(chart.kinds) > 1:
            parts = [
                words("{kind} {n} h", kind=label, n=rounded(bar.hours[kind]))
                for kind, label in chart.kinds.items()
                if bar.hours.get(kind)
            ]
            text += f" ({', '.join(parts)})" if parts else ""
        said.append(text)
    return "; ".join(said)


# ---- plain text --------------------------------------------------------------------------------------------


def as_text(page: Page, words: Words, width: int) -> str:
    """The page for a terminal of ``width`` columns."""
    lines = [*_wrapped(page.title, width, ""), *_wrapped(words.say(page.subtitle), width, "")]
    for section in page.sections:
        title = words.say(section.title)
        lines += ["", title, "=" * min(len(title), width)]
        for field in section.fields:
            label = words.say(field.label)
            if field.short and len(field.blocks) == 1 and isinstance(field.blocks[0], Paragraphs):
                value = " ".join(words.say(text) for text in field.blocks[0].texts)
                lines += _wrapped(f"{label}: {value}", width, "  ")
                continue
            lines += ["", label, "-" * min(len(label), width)]
            blocks = [block for block in field.blocks if not isinstance(block, Chart)]
            for index, block in enumerate(blocks):
                if index and not isinstance(blocks[index - 1], Heading):
                    lines.append("")
                lines += plain(block, words, width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def register(field: Field, words: Words) -> str:
    """A field as text for the register: no markup, a line per item, wrapped nowhere."""
    lines: list[str] = []
    blocks = [block for block in field.register or field.blocks if not isinstance(block, Chart)]
    for index, block in enumerate(blocks):
        if index and not isinstance(blocks[index - 1], Heading):
            lines.append("")
        lines += plain(block, words, None)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def plain(block: Paragraphs | Bullets | Points | Heading | Table, words: Words, width: int | None) -> list[str]:
    """A block in plain lines; ``None`` wraps nowhere and puts a table into sentences, for a form without columns."""
    if isinstance(block, Paragraphs):
        return [line for text in block.texts for line in _wrapped(words.say(text), width, "")]
    if isinstance(block, Bullets):
        return [line for item in block.items for line in _bullet(words.say(item), width, 0)]
    if isinstance(block, Points):
        return [line for point in block.items for line in _bullet(_point(point, words), width, point.depth)]
    if isinstance(block, Heading):
        return [f"{words.say(block.text)}:"]
    return _columns(block, words, width) if width else _sentences(block, words)


def _point(point: Point, words: Words) -> str:
    topic = words.say(point.topic)
    return f"{topic[:1].upper()}{topic[1:]}: {words.say(point.text)}"


def _bullet(text: str, width: int | None, depth: int) -> list[str]:
    indent = "  " * depth
    return _wrapped(f"{indent}- {text}", width, indent + "  ")


def _wrapped(text: str, width: int | None, indent: str) -> list[str]:
    if width is None:
        return [text]
    return textwrap.wrap(text, max(width, 24), subsequent_indent=indent, break_on_hyphens=False) or [""]


def _columns(table: Table, words: Words, width: int) -> list[str]:
    """Columns, the widest of which is wrapped so that the table fits; where it cannot, a paragraph per row."""
    cells = [[words.say(cell) for cell in row] for row in [table.head, *table.rows]]
    widths = [max(len(row[n]) for row in cells) for n in range(len(table.head))]
    most = max(range(len(widths)), key=lambda n: widths[n])
    room = width - 2 * (len(widths) - 1) - sum(w for n, w in enumerate(widths) if n != most)
    if room < min(widths[most], 24):
        return _sentences(table, words, width)
    widths[most] = min(widths[most], room)
    lines: list[str] = []
    for number, row in enumerate(cells):
        parts = [textwrap.wrap(cell, widths[n]) or [""] for n, cell in enumerate(row)]
        for line in range(max(len(part) for part in parts)):
            shown = [part[line] if line < len(part) else "" for part in parts]
            aligned = [
                text.rjust(widths[n]) if n in table.right else text.ljust(widths[n]) for n, text in enumerate(shown)
            ]
            lines.append("  ".join(aligned).rstrip())
        if number == 0:
            lines.append("  ".join("─" * w for w in widths))
    return lines


def _sentences(table: Table, words: Words, width: int | None = None) -> list[str]:
    """A line per row: what the row is, then the rest with their headings; a row of two cells needs no headings."""
    head = [words.say(cell) for cell in table.head]
    lines = []
    for row in table.rows:
        given = [(n, text) for n, cell in enumerate(row) if (text := words.say(cell)) not in ("", "–")]
        if len(given) == 2 and not given[0][0]:
            text = f"{given[0][1]}: {given[1][1]}"
        else:
            text = "; ".join(f"{head[n]}: {cell}" if n else cell for n, cell in given)
        lines += _bullet(text, width, 0)
    return lines
