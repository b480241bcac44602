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
from kurssi.values.vocabulary import REPORT

from .limits import COPY, DEEPEST, MOST_SHEETS, Limits, damaged, is_far, limits_of, too_far
from .worksheet_xml import FAR, HIDDEN, ODD, Found, how_plain, reach_of

PIECE = 2**18
"""So many bytes of a member are unpacked at a time."""

LARGE = 2**22
"""So many bytes of a worksheet are worth a shortcut."""

READ = (".xml", ".rels", "mimetype")
"""How the names of those members end that a reader looks into; pictures and macros are left alone."""


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
            look = _Look(name, archive, limits_of(len(raw)))
            if "xl/workbook.bin" in look.members:
                raise Wrong(msg("{file} is a binary workbook (.xlsb)", file=name), msg("save it as .xlsx"))
            if "docProps/core.xml" in look.members:
                _refuse_report(name, look.text("docProps/core.xml"))
            if "xl/workbook.xml" in look.members:
                return _look_xlsx(look)
            if _CONTENT in look.members:
                return _look_ods(look)
    except Wrong:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, OverflowError):
        raise damaged(name) from None
    except RuntimeError:  # what zipfile raises for an encrypted member
        raise locked(name) from None
    raise Wrong(msg("{file} is an archive, but not a workbook", file=name), msg("give a .xlsx workbook or a CSV file"))


class _Look:
    """The members of an archive, with what they may come to. Raises :class:`Wrong` where they lie about it."""

    def __init__(self, name: str, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.name = name
        self.archive = archive
        self.limits = limits
        self.members: dict[str, zipfile.ZipInfo] = {}
        names = set()
        unpacked = 0
        infos = archive.infolist()
        if len(infos) > MOST_MEMBERS:
            raise damaged(name)
        for info in infos:
            names.add(info.filename.replace("\\", "/").lstrip("/").casefold())
            self.members[info.filename] = info
            unpacked += info.file_size
        if len(names) < len(infos):
            raise damaged(name)  # of two members with one name nobody can say which one a reader takes
        if unpacked > limits.unpacked:
            raise Wrong(
                msg("{file} would unpack to {size} MiB and is not opened", file=name, size=unpacked // 2**20), COPY
            )

    def read(self) -> list[zipfile.ZipInfo]:
        """The members that a reader looks into."""
        return [info for info in self.members.values() if info.filename.endswith(READ)]

    def pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of a member; one that is longer or shorter than the archive says is refused at its end."""
        if info.compress_type not in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
            raise damaged(self.name)  # no program packs a workbook otherwise
        left = info.file_size
        info.file_size = left + 1  # so that one byte too many is seen, but not more of them
        first = True
        with self.archive.open(info) as member:
            info.file_size = left
            while piece := member.read(PIECE):
                if first and info.filename.endswith(READ[:2]) and not _PROLOG.match(piece[:MOST_PROLOG]):
                    raise damaged(self.name)
                first = False
                left -= len(piece)
                yield piece
        if left:
            raise damaged(self.name)

    def text(self, member: str) -> bytes:
        """A member as a whole; nothing where there is none."""
        return b"".join(self.pieces(self.members[member])) if member in self.members else b""


MOST_MEMBERS = 10_000
MOST_PROLOG = 10_000
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s*+(?:<\?[^<>]*+>|<!--(?:[^-]|-(?!->))*+-->))*+\s*+<[A-Za-z_]")
"""How the XML of a workbook begins: UTF-8, without a document type, which could define what a text stands for."""


def _refuse_report(name: str, properties: bytes) -> None:
    if f"category>{REPORT}<".encode() in properties:
        raise Wrong(
            msg("{file} is a report that kurssi wrote, not a score sheet", file=name),
            msg("give the score sheet that it was made from; a score that was changed in the report is entered there"),
        )


def _refuse_far(look: _Look, sheet: str, found: Found) -> None:
    if is_far(found.rows, found.columns, look.limits):
        raise too_far(look.name, sheet, found.rows, found.columns)


def _is_well_formed(xml: bytes) -> bool:
    """Whether it is XML, of no more than :data:`DEEPEST` levels."""
    from xml.parsers.expat import ExpatError, ParserCreate  # most workbooks need no check of their own

    begun = ended = 0

    def end(_: str) -> None:
        nonlocal ended
        ended += 1

    parser = ParserCreate()
    parser.EndElementHandler = end
    try:
        for at in range(0, len(xml), LEVELS):
            piece = xml[at : at + LEVELS]
            parser.Parse(piece)
            begun += piece.count(b"<") - piece.count(b"</")  # at least as many tags begin
            if begun - ended > DEEPEST:
                return False
        parser.Parse(b"", True)
    except (ExpatError, LookupError, ValueError):  # an encoding that is none, too
        return False
    return True


LEVELS = 2**16
"""So many bytes are parsed before the levels are counted."""


# ---- .xlsx ---------------------------------------------------------------------------------------------------

_SHEET = b"sheetData"
_ROW, _END = b"<row", b"</sheetData>"
_MERGED = b"mergeCell"

_PERCENT_FORMAT = re.compile(rb"numFmtId\s*=\s*[\"'](?:9|10)[\"']")
"""The two percentages that every spreadsheet program knows by number; any other is written with a percent sign."""


def _look_xlsx(look: _Look) -> Inside:
    styles = look.text("xl/styles.xml")
    percents = b"%" in styles or _PERCENT_FORMAT.search(styles) is not None
    names = _worksheets(look)
    odd: dict[str, Found] = {}
    large = set()
    for info in look.read():
        kind, end = _look_through(look.pieces(info), percents)
        if kind == "odd":
            from .xlsx import look_sheet  # most workbooks need no full look

            sheet = info.filename.rpartition("/")[2]
            odd[info.filename] = look_sheet(sheet, look.text(info.filename), styles, look.limits)
            _refuse_far(look, sheet, odd[info.filename])
        elif kind == "far":
            reach = reach_of(_by_rows(b"", look.pieces(info)))
            _refuse_far(look, info.filename.rpartition("/")[2], Found(*reach, {}))
        deflated = info.compress_type == zipfile.ZIP_DEFLATED
        if (
            kind in ("plain", "far")
            and info.file_size >= LARGE
            and deflated
            and _is_well_formed(b"<worksheet>" + end.rpartition(_END)[2])
        ):
            large.add(info.filename)
    _look_at_texts(look)
    return Inside({sheet: odd[file] for sheet, file in names.items() if file in odd}, frozenset(large))


def _worksheets(look: _Look) -> dict[str, str]:
    """The member that holds each worksheet, by the worksheet's name. Raises :class:`Wrong` where two share one."""
    from .xlsx import worksheets

    workbook, relations = look.text("xl/workbook.xml"), look.text("xl/_rels/workbook.xml.rels")
    if max(len(workbook), len(relations)) > MOST_LISTS:
        raise damaged(look.name)
    targets = worksheets(workbook, relations)
    files = {name: target if target in look.members else f"xl/{target}" for name, target in targets}
    count = len(targets)
    if count > MOST_SHEETS:
        raise Wrong(
            msg("{file} has more than {most} worksheets", file=look.name, most=MOST_SHEETS),
            COPY,
        )
    if len(set(files.values())) < count:
        raise damaged(look.name)
    return files


MOST_LISTS = 2**22
"""Bytes of the list of worksheets, names and all."""


def _look_at_texts(look: _Look) -> None:
    """Raises :class:`Wrong` where the table of texts claims what it does not hold, or unfolds into too much."""
    from .texts import Texts

    texts = Texts()
    for info in look.read():
        if info.filename.casefold().replace("\\", "/").lstrip("/") == "xl/sharedstrings.xml":
            texts.take(look.pieces(info))
    if texts.lie or texts.count > look.limits.tags:
        raise damaged(look.name)
    sheets = [info for info in look.read() if "sheet" in info.filename.casefold()]
    if texts.longest * sum(info.file_size for info in sheets) // LEAST_CELL > look.limits.text:
        shown = sum(texts.shown(look.pieces(info)) for info in sheets)
        if shown > look.limits.text:
            raise Wrong(
                msg("the texts in the cells of {file} come to {size} MiB", file=look.name, size=shown // 2**20), COPY
            )


LEAST_CELL = 20
"""A cell with a text takes at least so many bytes of XML."""


def _look_through(pieces: Iterator[bytes], percents: bool) -> tuple[Literal["plain", "far", "odd", "other"], bytes]:
    """What a member of the archive is: "plain" (and the last bytes of it), "odd", or "other": no worksheet.

    "far" is a plain one some of whose cells are further away than a reader's memory can be trusted with unasked.

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
    far = False
    for rows in _by_rows(piece, pieces):
        # In bytes without such a word Python looks much faster for the last one than for the first.
        if rows.rfind(_MERGED) >= 0 or HIDDEN.search(rows) or (plain := how_plain(rows)) == ODD:
            return "odd", b""
        far = far or plain == FAR
    return "far" if far else "plain", rows


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


def _look_ods(look: _Look) -> Inside:
    from .ods import look_tables  # only who has such a workbook pays for it

    if b"encryption-data" in look.text(_MANIFEST):
        raise locked(look.name)
    for info in look.read():
        if info.filename != _CONTENT:
            for _ in look.pieces(info):  # a damaged one is noticed
                pass
    content = look.text(_CONTENT)
    if not _is_well_formed(content):
        raise damaged(look.name)  # the reader would look for its end for ever
    found = look_tables(look.name, content, look.limits)
    for table, one in found.items():
        _refuse_far(look, table, one)
    return Inside(found)
