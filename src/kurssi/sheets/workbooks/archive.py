"""A look inside an .xlsx or .ods workbook before the reader gets it: what must not be opened, and what it would lose.

The reader (calamine) needs memory for every cell from A1 to the last one, leaves out errors and formulas without a
word, and does not tell what is hidden. So every worksheet is looked through first (``docs/reading-workbooks.md``):

- the *quick look* here takes its XML in pieces, which never stand in memory together, and asks only whether everything
  in it is plain. Nearly every worksheet is;
- any other gets the *full look* of :mod:`.xlsx` or :mod:`.ods`, which says what is odd, and where.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Literal, NamedTuple

from kurssi.diagnostics.message import Wrong, msg
from kurssi.sheets.table import letters
from kurssi.values.vocabulary import REPORT

from .worksheet_xml import HIDDEN, Found, has_plain_cells

MOST_UNPACKED = 500 * 2**20
MOST_RATIO = 200
SMALL_UNPACKED = 50 * 2**20
"""An archive that unpacks to more than this may not be packed tighter than :data:`MOST_RATIO` to one."""

MOST_CELLS = 10_000_000
"""From A1 to the last cell with something in it; the reader needs memory for all of them, empty or not."""

PIECE = 2**18
"""So many bytes of a member are unpacked at a time."""

LARGE = 2**22
"""So many bytes of a worksheet are worth a shortcut."""

HOW_TO_MEND = msg("open it in the spreadsheet program and save it again as .xlsx")


class Inside(NamedTuple):
    """What a look inside a workbook found."""

    sheets: dict[str, Found] = {}
    """By the worksheet's name; one without anything odd may be left out."""
    large: frozenset[str] = frozenset()
    """The members of an .xlsx workbook that are large worksheets without anything odd, packed by deflate."""


def locked(name: str) -> Wrong:
    """What there is to say of a workbook that only opens with a password."""
    return Wrong(msg("{file} is locked with a password", file=name), msg("save it without the password, or as CSV"))


def look_inside(name: str, raw: bytes) -> Inside:
    """What the reader would not tell of a workbook, or choke on.

    Raises :class:`Wrong` for what must not be opened: damaged, locked, too large, reaching too far.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = {info.filename: info for info in archive.infolist()}
            _refuse_bombs(name, raw, sum(info.file_size for info in archive.infolist()))
            if "xl/workbook.bin" in members:
                raise Wrong(msg("{file} is a binary workbook (.xlsb)", file=name), msg("save it as .xlsx"))
            if "docProps/core.xml" in members:
                _refuse_report(name, _unpack(name, archive, members["docProps/core.xml"]))
            if "xl/workbook.xml" in members:
                return _look_xlsx(name, archive, members)
            if _CONTENT in members:
                return _look_ods(name, archive)
    except Wrong:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, OverflowError):
        raise _damaged(name) from None
    except RuntimeError:  # what zipfile raises for an encrypted member
        raise locked(name) from None
    raise Wrong(msg("{file} is an archive, but not a workbook", file=name), msg("give a .xlsx workbook or a CSV file"))


def _damaged(name: str) -> Wrong:
    return Wrong(msg("{file} is damaged or only a part of a workbook", file=name), HOW_TO_MEND)


def _refuse_bombs(name: str, raw: bytes, unpacked: int) -> None:
    if unpacked > MOST_UNPACKED or (unpacked > SMALL_UNPACKED and unpacked > MOST_RATIO * len(raw)):
        raise Wrong(
            msg("{file} would unpack to {size} MiB and is not opened", file=name, size=unpacked // 2**20),
            msg("a score sheet of a class is far smaller: copy the cells that count to a new workbook"),
        )


def _refuse_report(name: str, properties: bytes) -> None:
    if f"category>{REPORT}<".encode() in properties:
        raise Wrong(
            msg("{file} is a report that kurssi wrote, not a score sheet", file=name),
            msg("give the score sheet that it was made from; a score that was changed in the report is entered there"),
        )


def _refuse_far(name: str, sheet: str, found: Found) -> None:
    if found.rows * found.columns > MOST_CELLS:
        raise Wrong(
            msg(
                "the worksheet {sheet} of {file} reaches to {cell}: too far for a score sheet",
                sheet=sheet,
                file=name,
                cell=f"{letters(found.columns - 1)}{found.rows}",
            ),
            msg("a cell stands far below or far to the right of the table: copy the table into a new workbook"),
        )


def _pieces(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member; one that is longer or shorter than the archive says is refused at its end."""
    left = info.file_size
    info.file_size = left + 1  # so that one byte too many is seen, but not more of them
    with archive.open(info) as member:
        info.file_size = left
        while piece := member.read(PIECE):
            left -= len(piece)
            yield piece
    if left:
        raise _damaged(name)


def _is_well_formed(xml: bytes) -> bool:
    from xml.parsers.expat import ExpatError, ParserCreate  # most workbooks need no check of their own

    try:
        ParserCreate().Parse(xml, True)
    except ExpatError:
        return False
    return True


def _unpack(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    return b"".join(_pieces(name, archive, info))


# ---- .xlsx ---------------------------------------------------------------------------------------------------

_SHEET = b"sheetData"
_ROW, _END = b"<row", b"</sheetData>"
_MERGED = b"mergeCell"

_PERCENT_FORMAT = re.compile(rb"numFmtId\s*=\s*[\"'](?:9|10)[\"']")
"""The two percentages that every spreadsheet program knows by number; any other is written with a percent sign."""


def _look_xlsx(name: str, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> Inside:
    def text(member: str) -> bytes:
        return _unpack(name, archive, members[member]) if member in members else b""

    styles = text("xl/styles.xml")
    percents = b"%" in styles or _PERCENT_FORMAT.search(styles) is not None
    odd: dict[str, Found] = {}
    large = set()
    for info in archive.infolist():
        kind, end = _look_through(_pieces(name, archive, info), percents)
        if kind == "odd":
            from .xlsx import look_sheet  # most workbooks need no full look

            odd[info.filename] = look_sheet(_unpack(name, archive, info), styles)
            _refuse_far(name, info.filename.rpartition("/")[2], odd[info.filename])
        deflated = info.compress_type == zipfile.ZIP_DEFLATED
        if (
            kind == "plain"
            and info.file_size >= LARGE
            and deflated
            and _is_well_formed(b"<worksheet>" + end.rpartition(_END)[2])
        ):
            large.add(info.filename)
    if len(members) < len(archive.infolist()):
        large = set()  # of two members with one name nobody can say which one the reader takes
    found = {}
    if odd:
        from .xlsx import worksheets

        for sheet, target in worksheets(text("xl/workbook.xml"), text("xl/_rels/workbook.xml.rels")).items():
            file = target if target in members else f"xl/{target}"
            if file in odd:
                found[sheet] = odd[file]
    return Inside(found, frozenset(large))


def _look_through(pieces: Iterator[bytes], percents: bool) -> tuple[Literal["plain", "odd", "other"], bytes]:
    """What a member of the archive is: "plain" (and the last bytes of it), "odd", or "other": no worksheet.

    A plain worksheet has nothing hidden, nothing merged and only plain cells. ``percents``: the workbook has formats
    that show numbers as percentages, so that every worksheet needs the full look. A member that is not odd is read to
    its end, which tests it for damage; an odd one is read again by the full look.
    """
    piece = next(pieces, b"")
    if _SHEET not in piece:
        for more in pieces:
            if _SHEET in piece[1 - len(_SHEET) :] + more:
                return "odd", b""
            piece = more
        return "other", b""
    if percents:
        return "odd", b""
    rows = b""
    for rows in _by_rows(piece, pieces):
        # In bytes without such a word Python looks much faster for the last one than for the first.
        if rows.rfind(_MERGED) >= 0 or HIDDEN.search(rows) or not has_plain_cells(rows):
            return "odd", b""
    return "plain", rows


def _by_rows(piece: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut only where a row begins, so that no cell and no word that is looked for is cut in two."""
    begun = [piece]
    for more in pieces:
        cut = more.rfind(_ROW)
        if cut < 0:
            begun.append(more)
        else:
            begun.append(more[:cut])
            yield b"".join(begun)
            begun = [more[cut:]]
    yield b"".join(begun)


# ---- .ods ----------------------------------------------------------------------------------------------------

_MANIFEST, _CONTENT = "META-INF/manifest.xml", "content.xml"


def _look_ods(name: str, archive: zipfile.ZipFile) -> Inside:
    from .ods import look_tables  # only who has such a workbook pays for it

    texts = dict.fromkeys((_MANIFEST, _CONTENT), b"")
    for info in archive.infolist():
        data = _unpack(name, archive, info)  # all of them, so that a damaged one is noticed
        if info.filename in texts:
            texts[info.filename] = data
    if b"encryption-data" in texts[_MANIFEST]:
        raise locked(name)
    if not _is_well_formed(texts[_CONTENT]):
        raise _damaged(name)  # the reader would look for its end for ever
    found = look_tables(texts[_CONTENT])
    for table, one in found.items():
        _refuse_far(name, table, one)
    return Inside(found)
