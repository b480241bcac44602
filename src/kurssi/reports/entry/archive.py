"""The last touch on a workbook that openpyxl has saved: the same bytes for the same content, and what it leaves out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from .unsupported_features import Computed, with_computed, worksheets

_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")
_BEFORE = re.compile(
    rb"<(?:smartTags|drawing|legacyDrawing|legacyDrawingHF|picture|oleObjects|controls|tableParts|extLst)\b"
)
_IGNORED = b'<ignoredErrors><ignoredError sqref="%s" numberStoredAsText="1"/></ignoredErrors>'


def finish(
    raw: bytes, texts: Mapping[str, str], moment: str | None, values: Mapping[str, Computed] | None = None
) -> bytes:
    """The workbook again: with no date but ``moment`` (ISO, UTC) where one is given, and its members without dates.

    ``texts`` names, by worksheet, the cells where a number as text is meant, so that no spreadsheet marks every student
    number as an error; ``values`` has what formulas were computed to.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        sheets = {file: name for name, file in worksheets(old).items()}
        for info in old.infolist():
            data = old.read(info)
            sheet = sheets.get(info.filename, "")
            if info.filename == "docProps/core.xml" and moment is not None:
                data = _STAMPS.sub(rb"\g<1>" + moment.encode() + rb"\g<3>", data)
            if values and sheet in values:
                data = with_computed(data, values[sheet])
            if sheet in texts:
                data = _with_ignored(data, texts[sheet])
            new.writestr(zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _with_ignored(data: bytes, cells: str) -> bytes:
    body = data.rindex(b"</sheetData>") if b"</sheetData>" in data else 0
    after = _BEFORE.search(data, body)
    at = after.start() if after else data.rindex(b"</worksheet>")
    return data[:at] + _IGNORED % cells.encode() + data[at:]
