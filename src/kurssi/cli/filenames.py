"""Names of files that are made from names in files: such as every system can hold, and never in another folder."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SIGNS = re.compile(r"\w(?:[\w .+()-]{0,98}[\w+()-])?")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\..*)?", re.IGNORECASE)


def file_name(text: str) -> str:
    """The text, where it can be the name of a file anywhere; else what is good of it, and a number made from it all.

    A name of Windows' own devices, a sign that a folder or a stream is told by, a dot or a blank at the end, and the
    other spelling of the same letters (é as one sign or two) are no good name.
    """
    plain = unicodedata.normalize("NFC", text)
    if plain == text and _SIGNS.fullmatch(text) and not _DEVICES.fullmatch(text):
        return text
    kept = re.sub(r"[^\w-]+", "-", plain).strip("-")[:60] or "file"
    return f"{kept}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def collating(name: str) -> str:
    """The name as a disk compares it that knows neither case nor how a letter is put together."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
