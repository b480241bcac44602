r"""Text from others on its way to a terminal, a log or a Markdown file: what would steer it is shown instead of done.

Names, reasons, file names and arguments may hold signs that nobody sees and that programs obey: ESC and the other
control characters, signs that turn the direction of writing or have no width, halves of a character (as in file names
that are not UTF-8), line breaks of other systems, and what the runner of GitHub Actions takes for a command. All such
text goes through this module. Each sign is shown as a program writes it: ``\x1b``, ``\u202e``. What belongs to a word
stays: a joiner between letters of scripts that need it, or in an emoji. A soft hyphen in a word is left out, as it is
where no line ends.

JSON keeps its data: there the same signs are escaped, which a reader of JSON undoes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from typing import Any

from kurssi.values.patterns import Regex

_HIDDEN = (
    ("\x00", "\x08"), ("\x0b", "\x1f"), ("\x7f", "\x9f"),  # control characters, but for tab and newline
    ("\xad", "\xad"), ("\u034f", "\u034f"), ("\u061c", "\u061c"), ("\u115f", "\u1160"), ("\u17b4", "\u17b5"),
    ("\u180b", "\u180f"), ("\u200b", "\u200f"), ("\u2028", "\u202e"), ("\u2060", "\u206f"), ("\u2800", "\u2800"),
    ("\u3164", "\u3164"), ("\ud800", "\udfff"), ("\ufe00", "\ufe0f"), ("\ufeff", "\ufeff"), ("\uffa0", "\uffa0"),
    ("\ufff0", "\ufffb"), ("\ufffe", "\uffff"), ("\U00013430", "\U0001343f"), ("\U0001bca0", "\U0001bca3"),
    ("\U0001d173", "\U0001d17a"), ("\U000e0000", "\U000e0fff"),
)  # fmt: skip
"""The first and the last of the signs that are shown."""
_STEERS = Regex(f"[{''.join([f'{first}-{last}' for first, last in _HIDDEN])}]|##(?=\\[)")
"""Compiling it takes as long as a twentieth of a whole run, so only what :func:`_steers` is asked."""
_PAINT = Regex(r"(\x1b\[(?:[012]|1;3[134])m)")
"""The codes of :class:`kurssi.diagnostics.renderers.text.Paint` and of bold text in a table, and no others."""
_COMMAND = Regex(r"(?m)^((?:[^\S\n]|\x1b\[[\d;]+m)*):(?=:)")
"""A line that GitHub Actions would take for a command: it looks past the space in front."""
_JOINERS, _SOFT_HYPHEN = "\u200c\u200d", "\xad"
_OTHER_SCRIPTS = "\u0600"
"""From here on are the scripts whose words may need a joiner."""


def visible(text: str) -> str:
    """Text whose hidden signs are shown; its lines stay lines."""
    return _STEERS.compiled.sub(_shown, text) if _steers(text) else text


def _steers(text: str) -> bool:
    """Whether there is anything to show."""
    if "##[" in text:
        return True
    return not (text.isascii() and text.isprintable()) and any(map(_hidden, set(text)))


@lru_cache(1 << 10)
def _hidden(sign: str) -> bool:
    return any(first <= sign <= last for first, last in _HIDDEN)


def in_line(text: str) -> str:
    """The same as one line: what breaks a line is a space."""
    if not text.isprintable():  # what breaks a line is not
        text = re.sub(r"\r\n|[\t\n\x0b\x0c\r\x85\u2028\u2029]", " ", text)
    return visible(text)


def on_page(value: object) -> object:
    """What a template of a page is given; text keeps its type, by which the engine knows what is escaped by now."""
    if not isinstance(value, str):
        return value
    shown = visible(value)
    return value if shown == value else type(value)(shown)


def for_stream(text: str, painted: bool = False, *, commands: bool = False) -> str:
    """A whole text as it is sent to a terminal or a log.

    ``painted`` text keeps the colours that kurssi gives, and ``commands`` are those of kurssi's own to GitHub.
    """
    text = text.replace("\r\n", "\n")
    if painted:
        text = "".join(part if at % 2 else visible(part) for at, part in enumerate(_PAINT.compiled.split(text)))
    else:
        text = visible(text)
    return _COMMAND.compiled.sub(r"\1\\x3a", text) if "::" in text and not commands else text


def json_text(document: Any, indent: int = 2) -> str:
    """A document as JSON in which hidden signs are escaped; it ends with a newline."""
    return escaped(json.dumps(document, ensure_ascii=False, indent=indent)) + "\n"


def escaped(text: str) -> str:
    """JSON with its hidden signs as a reader of JSON undoes them."""
    return _STEERS.compiled.sub(_escaped, text) if _steers(text) else text


def as_ascii(text: str) -> str:
    """JSON for a stream that cannot show every letter: the others are escaped."""
    return re.sub(r"[^\x00-\x7f]", _escaped, text)


def _shown(found: re.Match[str]) -> str:
    sign, text = found[0], found.string
    before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    if sign == "##":
        return "#\\x23"
    if sign == _SOFT_HYPHEN and before.isalpha() and after.isalpha():
        return ""
    if sign in _JOINERS and _joined(before, after):
        return sign
    if "\ufe00" <= sign <= "\ufe0f" and (_picture(before) or after == "\u20e3"):
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _joined(before: str, after: str) -> bool:
    """Whether a joiner stands inside a word or a picture, where it changes how these two are drawn."""
    if _picture(before) or before == "\ufe0f":
        return _picture(after)
    words = [sign for sign in (before, after) if sign >= _OTHER_SCRIPTS and unicodedata.category(sign)[0] in "LM"]
    return len(words) == 2


def _picture(sign: str) -> bool:
    return bool(sign) and sign > "\x7f" and unicodedata.category(sign) in ("So", "Sk", "Sm")


def _escaped(found: re.Match[str]) -> str:
    if found[0] in ("##", "\x7f"):
        return "\\u0023#" if found[0] == "##" else "\\u007f"
    return json.dumps(found[0])[1:-1]
