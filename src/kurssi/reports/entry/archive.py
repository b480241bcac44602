"""The last touch on a workbook that openpyxl has saved: the same bytes for the same content, and what it leaves out."""

from __future__ import annotations

import io
import re
import zipfile

_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")
_BEFORE = re.compile(
    rb"<(?:smartTags|drawing|legacyDrawing|legacyDrawingHF|picture|oleObjects|controls|tableParts|extLst)\b"
)
_IGNORED = b'<ignoredErrors><ignoredError sqref="%s" numberStoredAsText="1"/></ignoredErrors>'


def finish(raw: bytes, texts: dict[str, str], moment: str) -> bytes:
    """The workbook again, with no date but ``moment`` (ISO, UTC), the members in one order.

    ``texts`` names, by the file of a worksheet, the cells where a number as text is meant, so that no spreadsheet
    marks every student number as an error.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "docProps/core.xml":
                data = _STAMPS.sub(rb"\g<1>" + moment.encode() + rb"\g<3>", data)
            if info.filename in texts and b"<ignoredErrors" not in data:
                data = _with_ignored(data, texts[info.filename])
            new.writestr(zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _with_ignored(data: bytes, cells: str) -> bytes:
    body = data.rindex(b"</sheetData>") if b"</sheetData>" in data else 0
    after = _BEFORE.search(data, body)
    at = after.start() if after else data.rindex(b"</worksheet>")
    return data[:at] + _IGNORED % cells.encode() + data[at:]
