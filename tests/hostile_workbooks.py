"""Hostile workbooks: archives that are not what they say, XML that claims or repeats too much, bad records in .xls."""

from __future__ import annotations

import io
import struct
import zipfile

from hostile import SIZE, hostile
from workbook_builders import (
    CELL,
    MAIN,
    ODS_ROWS,
    OFFICE,
    PACKAGE,
    ROWS,
    SPACES,
    STRINGS,
    XML,
    content_xml,
    ods,
    packed,
    sheet_xml,
    strings_xml,
    text_cell,
    xlsx,
    xlsx_members,
)


def repeated(piece: str, unpacked: int = 30 * 2**20) -> str:
    """A piece so often that it comes to so many bytes."""
    return piece * (unpacked // len(piece))


UNPACKED = (7 * 2**20, 30 * 2**20, 100 * 2**20)
"""What passes whatever the ratio; what a file of nearly 1 MB might be allowed; what no file is."""

for _name, _rows, _before, _after in (
    ("cells without a place", "<row>" + "<c><v>1</v></c>" * 26 + "</row>", "", ""),
    ("cells of one place", '<c r="B2"><v>1</v></c>', "", ""),
    ("texts without a place", '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>', "", ""),
    ("inline texts", '<row><c t="inlineStr"><is><t>ab</t></is></c></row>', "", ""),
    ("empty rows", "<row/>", "", ""),
    ("empty rows of one number", '<row r="7"/>', "", ""),
    ("empty cells", '<row><c s="0"/></row>', "", ""),
    ("errors", '<row><c t="e"><v>#N/A</v></c></row>', "", ""),
    ("formulas", "<row><c><f>A1</f><v>1</v></c></row>", "", ""),
    ("formulas without a value", "<row><c><f>A1</f></c></row>", "", ""),
    ("booleans", '<row><c t="b"><v>1</v></c></row>', "", ""),
    ("dates", '<row><c t="d"><v>2024-01-01</v></c></row>', "", ""),
    ("hidden rows", '<row hidden="1"><c><v>1</v></c></row>', "", ""),
    ("unknown types", '<row><c t="zz"><v>1</v></c></row>', "", ""),
    ("letters without a number", '<row><c r="A"><v>1</v></c></row>', "", ""),
    ("cells that never end", "<c><v>1", "", ""),
    ("rows that never end", "<row><c>", "", ""),
    ("prefixed cells", "<x:c><x:v>1</x:v></x:c>", "", ""),
    ("comments", "<!-- -->", "", ""),
    ("instructions", "<?a b?>", "", ""),
    ("sections of text", "<![CDATA[x]]>", "", ""),
    ("deep levels", "<a>", "", ""),
    ("spaces", " ", "", ""),
    ("ampersands", "&amp;", "", ""),
    ("merged cells", "", "", '<mergeCell ref="A1:B2"/>'),
    ("merged cells in a list", "", "", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    ("hidden columns", "", '<cols><col min="1" max="16384" hidden="1"/></cols>', ""),
    ("dimensions", "", '<dimension ref="A1:XFD1048576"/>', ""),
    ("links", "", "", '<hyperlink ref="A1:XFD1048576" location="A1"/>'),
    ("conditional formats", "", "", '<conditionalFormatting sqref="A1:XFD1048576"/>'),
    ("validations", "", "", '<dataValidation sqref="A1:XFD1048576"><formula1>A1</formula1></dataValidation>'),
):
    for _size in UNPACKED[:2]:

        def _make(rows: str = _rows, before: str = _before, after: str = _after, size: int = _size) -> bytes:
            body = sheet_xml(
                ROWS + repeated(rows, size) if rows else ROWS,
                repeated(before, size) if before else "",
                repeated(after, size) if after else "",
            )
            return xlsx(body)[:SIZE]

        hostile(f"xlsx of {_name}, {_size >> 20} MiB", ".xlsx")(_make)

for _name, _place in {
    "at the end": "XFD1048576",
    "at the last row": "A1048576",
    "at the last column": "XFD1",
    "within the quick look": "Z299999",
    "beyond the end": "ZZZ99999999",
    "beyond the last column": "ZZZZ1",
    "beyond the last row": "A9999999",
    "at row 0": "A0",
    "at a row of many digits": "A" + "9" * 400,
    "at a column of many letters": "A" * 400 + "1",
    "at row 100000": "Z100000",
}.items():
    for _what, _cell in {
        "a cell": f'<c r="{_place}"><v>1</v></c>',
        "an error": f'<c r="{_place}" t="e"><v>#N/A</v></c>',
        "an empty cell": f'<c r="{_place}" s="0"/>',
    }.items():
        hostile(f"xlsx with {_what} {_name}", ".xlsx")(
            lambda cell=_cell, place=_place: xlsx(
                sheet_xml(f"{ROWS}<row>{cell}</row>", f'<dimension ref="A1:{place}"/>')
            )
        )

for _name, _claims in {
    "4294967295 strings": ' count="4294967295" uniqueCount="4294967295"',
    "more strings than a number holds": ' uniqueCount="99999999999999999999"',
    "fewer strings than none": ' uniqueCount="-1"',
    "a hundred million strings": ' count="100000000" uniqueCount="100000000"',
    "a count alone": ' count="18446744073709551615"',
    "a count in quotes": " uniqueCount='4294967295'",
    "a count with spaces": ' uniqueCount = "4294967295"',
    "a count of words": ' uniqueCount="many"',
    "a count in figures of XML": ' uniqueCount="&#52;294967295"',
    "two counts": ' uniqueCount="2" uniqueCount="4294967295"',
}.items():
    hostile(f"xlsx that claims {_name}", ".xlsx")(lambda claims=_claims: xlsx(strings=strings_xml(STRINGS, claims)))
hostile("xlsx that claims strings in a comment first", ".xlsx")(
    lambda: xlsx(strings=strings_xml().replace("<sst", '<!-- <sst uniqueCount="2"> --><sst uniqueCount="4294967295"'))
)
hostile("xlsx that claims strings behind a prefix", ".xlsx")(
    lambda: xlsx(strings=f'{XML}<x:sst xmlns:x="{MAIN}" uniqueCount="4294967295"><x:si><x:t>a</x:t></x:si></x:sst>')
)

for _name, _string in {
    "empty strings": "<si/>",
    "strings": "<si><t>a</t></si>",
    "runs": "<si>" + "<r><t>a</t></r>" * 9 + "</si>",
    "strings that never end": "<si><t>a",
}.items():
    for _size in UNPACKED[:2]:
        hostile(f"xlsx with a table of {_name}, {_size >> 20} MiB", ".xlsx")(
            lambda string=_string, size=_size: xlsx(strings=strings_xml(STRINGS + repeated(string, size)))[:SIZE]
        )

for _length, _cells in ((32_000, 20_000), (1_000_000, 5_000), (200, 700_000), (5_000_000, 900)):
    hostile(f"xlsx with a string of {_length} letters in {_cells} cells", ".xlsx")(
        lambda length=_length, cells=_cells: xlsx(
            sheet_xml(ROWS + '<row><c t="s"><v>2</v></c></row>' * cells),
            strings=strings_xml(STRINGS + f"<si><t>{'a' * length}</t></si>"),
        )
    )

for _name, _piece in {
    "formats of numbers": '<numFmt numFmtId="200" formatCode="0%"/>',
    "formats of cells": '<xf numFmtId="9"/>',
    "fonts": "<font><b/></font>",
    "fills": '<fill><patternFill patternType="solid"/></fill>',
}.items():
    for _size in UNPACKED[:2]:
        hostile(f"xlsx with a table of {_name}, {_size >> 20} MiB", ".xlsx")(
            lambda piece=_piece, size=_size: xlsx(
                styles=f'{XML}<styleSheet xmlns="{MAIN}"><numFmts>{repeated(piece, size)}</numFmts><cellXfs>'
                f"{repeated(piece, size // 4)}</cellXfs></styleSheet>"
            )[:SIZE]
        )
hostile("xlsx with a format of very many letters", ".xlsx")(
    lambda: xlsx(
        styles=f'{XML}<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="200" formatCode="'
        + repeated("&quot;", 6 * 2**20)
        + '%"/></numFmts><cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'
    )
)
hostile("xlsx of percentages", ".xlsx")(
    lambda: xlsx(
        sheet_xml(ROWS + repeated('<row><c s="0"><v>0.5</v></c></row>')),
        styles=f'{XML}<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="9"/></cellXfs></styleSheet>',
    )
)

for _name, (_before, _piece, _after, _size) in {
    "defined names": ("<definedNames>", "<definedName name='a'>A!$A$1</definedName>", "</definedNames>", UNPACKED[1]),
    "pivot caches": ("<pivotCaches>", '<pivotCache cacheId="1" r:id="rId1"/>', "</pivotCaches>", UNPACKED[1]),
    "one long name": ("<definedNames><definedName name='", "a", "'>A1</definedName></definedNames>", UNPACKED[1]),
    "sheets that are nowhere": ("<sheets>", '<sheet name="B" sheetId="9" r:id="rId99"/>', "</sheets>", UNPACKED[1]),
    "sheets that are the first": ("<sheets>", '<sheet name="B" sheetId="9" r:id="rId1"/>', "</sheets>", 2**20),
    "defined names below the limit": ("<definedNames>", "<definedName name='a'>A!$A$1</definedName>", "", 4_000_000),
}.items():
    hostile(f"xlsx with {_name}", ".xlsx")(
        lambda before=_before, piece=_piece, after=_after, size=_size: xlsx(
            workbook=before + repeated(piece, size) + after
        )[:SIZE]
    )
hostile("xlsx of a thousand sheets", ".xlsx")(lambda: xlsx(sheets=[f"S{n}" for n in range(1000)])[:SIZE])
hostile("xlsx of large sheets, many times the same", ".xlsx")(
    lambda: xlsx(
        sheet_xml(ROWS + repeated("<row><c><v>1</v></c></row>", 7 * 2**20)),
        workbook="<sheets>" + '<sheet name="B" sheetId="9" r:id="rId1"/>' * 200 + "</sheets>",
    )
)
hostile("xlsx of relations", ".xlsx")(
    lambda: xlsx(
        rels=f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
        + repeated(f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>')
        + "</Relationships>"
    )
)
hostile("xlsx whose sheet is the workbook", ".xlsx")(
    lambda: xlsx(
        rels=f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet" '
        'Target="workbook.xml"/></Relationships>'
    )
)
hostile("xlsx whose sheet is elsewhere", ".xlsx")(
    lambda: xlsx(
        rels=f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet" '
        'Target="../../../../etc/passwd" TargetMode="External"/></Relationships>'
    )
)

LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>"
LAUGHS += "".join("<!ENTITY a{} '{}'>".format(n, f"&a{n - 1};" * 10) for n in range(1, 10)) + "]>"
for _name, _doctype in {
    "a billion laughs": LAUGHS,
    "one large entity": "<!DOCTYPE x [<!ENTITY a9 '" + "a" * 100_000 + "'>]>",
    "a file in an entity": '<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>',
    "a device in an entity": '<!DOCTYPE x [<!ENTITY a9 SYSTEM "/dev/zero">]>',
    "a page in a doctype": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % a9 SYSTEM "/dev/zero"> %a9;]>',
}.items():
    hostile(f"xlsx with {_name} in a sheet", ".xlsx")(
        lambda doctype=_doctype: xlsx(
            sheet_xml(ROWS + "<row><c t='str'><v>" + "&a9;" * 1000 + "</v></c></row>").replace(XML, XML + doctype)
        )
    )
    hostile(f"xlsx with {_name} in its strings", ".xlsx")(
        lambda doctype=_doctype: xlsx(
            strings=strings_xml(STRINGS + "<si><t>" + "&a9;" * 1000 + "</t></si>").replace(XML, XML + doctype)
        )
    )
for _code in ("utf-16", "utf-16-be", "utf-32", "cp037"):
    hostile(f"xlsx in {_code}", ".xlsx")(
        lambda code=_code: xlsx(
            sheet_xml(ROWS + '<row><c r="XFD1048576"><v>1</v></c></row>').replace("UTF-8", code).encode(code)
        )
    )
hostile("xlsx of zeros", ".xlsx")(lambda: xlsx(sheet_xml(ROWS + "\0" * 2**20)))

# ---- archives ----------------------------------------------------------------------------------------------


def _patched(raw: bytes, name: str, **fields: int) -> bytes:
    """The archive with other figures in the directory, for a member: ``size``, ``packed``, ``crc``, ``method``…"""
    at = {"flags": (8, "<H"), "method": (10, "<H"), "crc": (16, "<L"), "packed": (20, "<L"), "size": (24, "<L")}
    at |= {"extra": (30, "<H"), "offset": (42, "<L")}
    data = bytearray(raw)
    start = raw.find(b"PK\x01\x02")
    while raw[start + 46 : start + 46 + len(name)] != name.encode():
        start = raw.find(b"PK\x01\x02", start + 4)
        assert start > 0
    for field, value in fields.items():
        offset, form = at[field]
        struct.pack_into(form, data, start + offset, value)
    return bytes(data)


SHEET1 = "xl/worksheets/sheet1.xml"
for _name, _fields in {
    "a size of 0": {"size": 0},
    "a size of 1": {"size": 1},
    "a size of 4 GiB": {"size": 0xFFFFFFFE},
    "sizes for 64 bits": {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF},
    "a packed size of 4 GiB": {"packed": 0xFFFFFFFE},
    "a packed size of 0": {"packed": 0},
    "another checksum": {"crc": 1},
    "a place beyond the end": {"offset": 0xFFFFFFF0},
    "another member's place": {"offset": 0},
    "a long extra field": {"extra": 65535},
    "an unknown method": {"method": 99},
    "no method": {"method": 0},
    "the method bzip2": {"method": 12},
    "the method lzma": {"method": 14},
    "the method zstandard": {"method": 93},
    "the method deflate64": {"method": 9},
    "encryption": {"flags": 1},
    "strong encryption": {"flags": 0x41},
    "a masked directory": {"flags": 0x2000},
}.items():
    hostile(f"zip with {_name}", ".xlsx")(lambda fields=_fields: _patched(xlsx(), SHEET1, **fields))
for _name, _method in {"bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA, "nothing": zipfile.ZIP_STORED}.items():
    hostile(f"zip packed by {_name}", ".xlsx")(lambda method=_method: packed(xlsx_members(), method))
hostile("zip of 100 MiB", ".xlsx")(lambda: xlsx(b" " * UNPACKED[2]))
hostile("zip of 49 MiB", ".xlsx")(lambda: xlsx(b" " * (49 << 20)))
hostile("zip of 49 MiB by bzip2", ".xlsx")(lambda: packed(xlsx_members(b" " * (49 << 20)), zipfile.ZIP_BZIP2))
hostile("zip that says it is small", ".xlsx")(lambda: _patched(xlsx(b" " * UNPACKED[2]), SHEET1, size=1000))


@hostile("zip with an lzma dictionary of 4 GiB", ".xlsx")
def _lzma() -> bytes:
    raw = packed(xlsx_members(), zipfile.ZIP_LZMA)
    return raw.replace(struct.pack("<BBHBL", 9, 4, 5, 93, 1 << 23), struct.pack("<BBHBL", 9, 4, 5, 93, 0xFFFFFFFF))


@hostile("zip of many members", ".xlsx")
def _many_members() -> bytes:
    return packed({**xlsx_members(), **{f"x/{n}": "" for n in range(9000)}})


@hostile("zip of one name over and over", ".xlsx")
def _one_name() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in xlsx_members().items():
            archive.writestr(zipfile.ZipInfo(name), data)
        archive.filelist += [info for info in archive.filelist if info.filename == SHEET1] * 9000
    return out.getvalue()


@hostile("zip of overlapping members", ".xlsx")
def _overlapping() -> bytes:
    """Each member's packed bytes begin with the header of the next one (the bomb of David Fifield)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in xlsx_members(b" " * (45 << 20)).items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
        info = archive.getinfo(SHEET1)
        for n in range(5000):
            other = zipfile.ZipInfo(f"xl/worksheets/sheet{n + 2}.xml")
            for field in ("header_offset", "compress_size", "CRC", "compress_type", "file_size"):
                setattr(other, field, getattr(info, field))
            archive.filelist.append(other)
    return out.getvalue()


@hostile("zip in zip in zip", ".xlsx")
def _nested() -> bytes:
    raw = packed({"a.xlsx": b" " * (40 << 20)})
    for _ in range(20):
        raw = packed({"a.xlsx": raw})
    return packed({**xlsx_members(), "xl/embeddings/a.xlsx": raw})


@hostile("zip that holds itself", ".xlsx")
def _two_directories() -> bytes:
    """Two archives in one file: a reader may take the directory of either."""
    far = xlsx(sheet_xml(ROWS + '<row><c r="XFD1048576"><v>1</v></c></row>'))
    return far + xlsx()


@hostile("zip with an archive in its comment", ".xlsx")
def _comment() -> bytes:
    out = io.BytesIO(xlsx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = xlsx(sheet_xml(ROWS + '<row><c r="XFD1048576"><v>1</v></c></row>'))[:65535]
    return out.getvalue()


for _name, _other in {
    "in capitals": "XL/WORKSHEETS/SHEET1.XML",
    "with backslashes": "xl\\worksheets\\sheet1.xml",
    "with a slash in front": "/xl/worksheets/sheet1.xml",
    "from above": "../xl/worksheets/sheet1.xml",
    "with a zero": "xl/worksheets/sheet1.xml\0.txt",
}.items():
    hostile(f"zip with a member's name {_name}", ".xlsx")(
        lambda other=_other: packed(
            {**xlsx_members(), other: sheet_xml(ROWS + '<row><c r="XFD1048576"><v>1</v></c></row>')}
        )
    )
hostile("zip that is only its beginning", ".xlsx")(lambda: xlsx()[:900])
hostile("zip that is only its end", ".xlsx")(lambda: b"PK\x03\x04" + xlsx()[-400:])
hostile("zip of nothing", ".xlsx")(lambda: b"PK\x05\x06" + b"\0" * 18)
hostile("zip of headers", ".xlsx")(lambda: (b"PK\x03\x04" + b"\0" * 26) * 30_000)
hostile("zip of ends", ".xlsx")(lambda: b"PK\x03\x04" + (b"PK\x05\x06" + b"\0" * 18) * 40_000)
hostile("zip that claims 65535 members", ".xlsx")(
    lambda: xlsx()[:-22] + xlsx()[-22:-14] + b"\xff\xff\xff\xff" + xlsx()[-10:]
)
hostile("zip with a binary sheet", ".xlsx")(lambda: packed({**xlsx_members(), "xl/workbook.bin": b"\0" * 999}))

# ---- .ods --------------------------------------------------------------------------------------------------

for _name, _rows in {
    "spaces by a count": f"<table:table-row>{SPACES.format(10**9)}</table:table-row>",
    "spaces by a count of many digits": f"<table:table-row>{SPACES.format('9' * 30)}</table:table-row>",
    "spaces by many counts": f"<table:table-row>{SPACES.format(999)}</table:table-row>" * 30_000,
    "spaces by a count below 0": f"<table:table-row>{SPACES.format(-5)}</table:table-row>",
    "rows repeated": "<table:table-row table:number-rows-repeated='1048574'>"
    + CELL.format("") * 2
    + "</table:table-row>",
    "rows repeated, with many cells": "<table:table-row table:number-rows-repeated='20000'>"
    + CELL.format("") * 150
    + "</table:table-row>",
    "rows repeated without end": "<table:table-row table:number-rows-repeated='99999999999'>"
    + CELL.format("")
    + "</table:table-row>",
    "rows repeated many times": (
        "<table:table-row table:number-rows-repeated='1000'>" + CELL.format("") + "</table:table-row>"
    )
    * 1000,
    "empty rows repeated": "<table:table-row table:number-rows-repeated='1048000'><table:table-cell/>"
    "</table:table-row><table:table-row>" + CELL.format("") + "</table:table-row>",
    "empty rows repeated at the end": "<table:table-row table:number-rows-repeated='1048000'>"
    "<table:table-cell table:number-columns-repeated='16384'/></table:table-row>",
    "columns repeated": "<table:table-row>"
    + CELL.format(' table:number-columns-repeated="16384"')
    + "</table:table-row>",
    "columns repeated without end": "<table:table-row>"
    + CELL.format(' table:number-columns-repeated="4294967295"')
    + "</table:table-row>",
    "rows and columns repeated": "<table:table-row table:number-rows-repeated='1000'>"
    + CELL.format(' table:number-columns-repeated="3000"')
    + "</table:table-row>",
    "empty columns repeated": "<table:table-row><table:table-cell table:number-columns-repeated='2000000000'/>"
    + CELL.format("")
    + "</table:table-row>",
    "a count below 0": "<table:table-row table:number-rows-repeated='-1'>" + CELL.format("") + "</table:table-row>",
    "a count of 0": "<table:table-row table:number-rows-repeated='0'>" + CELL.format("") + "</table:table-row>",
    "a count of words": "<table:table-row table:number-rows-repeated='x'>" + CELL.format("") + "</table:table-row>",
    "counts with spaces": "<table:table-row table:number-rows-repeated = ' 1048000 '>"
    + CELL.format("")
    + "</table:table-row>",
    "a count in figures of XML": "<table:table-row table:number-rows-repeated='&#49;048000'>"
    + CELL.format("")
    + "</table:table-row>",
    "long texts repeated": "<table:table-row table:number-rows-repeated='20000'>"
    + text_cell("a" * 30_000)
    + "</table:table-row>",
    "long texts in repeated columns": "<table:table-row><table:table-cell table:number-columns-repeated='16000' "
    f"office:value-type='string'><text:p>{'a' * 100_000}</text:p></table:table-cell></table:table-row>",
    "long values in repeated columns": "<table:table-row><table:table-cell table:number-columns-repeated='16000' "
    f"office:value-type='string' office:string-value='{'a' * 100_000}'/></table:table-row>",
    "formulas repeated": "<table:table-row table:number-rows-repeated='200000'><table:table-cell "
    f"table:formula='{'A1+' * 3000}A1' office:value-type='float' office:value='1'/></table:table-row>",
    "errors repeated": "<table:table-row table:number-rows-repeated='100000'><table:table-cell "
    "calcext:value-type='error' office:value-type='string'><text:p>#N/A</text:p></table:table-cell></table:table-row>",
    "hidden rows repeated": "<table:table-row table:visibility='collapse' table:number-rows-repeated='1000000'>"
    "<table:table-cell/></table:table-row>" * 50,
    "spans": "<table:table-row>"
    + CELL.format(' table:number-rows-spanned="9999999" table:number-columns-spanned="9999999"')
    + "</table:table-row>",
    "tables in cells": "<table:table-row>" + "<table:table-cell><table:table><table:table-row>" * 900,
    "a time without end": "<table:table-row><table:table-cell office:value-type='time' "
    "office:time-value='PT99999999999999999999H'/></table:table-row>",
    "a date without end": "<table:table-row><table:table-cell office:value-type='date' "
    "office:date-value='99999999999-99-99'/></table:table-row>",
    "another prefix": "<t:table-row xmlns:t='urn:oasis:names:tc:opendocument:xmlns:table:1.0' "
    "t:number-rows-repeated='1048000'><t:table-cell xmlns:o='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "
    "o:value-type='float' o:value='1'/></t:table-row>",
    "rows in groups": "<table:table-row-group>" * 900
    + "<table:table-row>"
    + CELL.format("")
    + "</table:table-row>"
    + "</table:table-row-group>" * 900,
}.items():
    hostile(f"ods of {_name}", ".ods")(lambda rows=_rows: ods(content_xml(ODS_ROWS + rows))[:SIZE])

for _name, _piece in {
    "cells": "<table:table-row>" + "<table:table-cell/>" * 20 + "</table:table-row>",
    "numbers": "<table:table-row>" + CELL.format("") * 20 + "</table:table-row>",
    "short numbers": '<table:table-row><table:table-cell office:value-type="float" office:value="1"/>'
    "</table:table-row>",
    "texts": f"<table:table-row>{text_cell('ab')}</table:table-row>",
    "paragraphs": "<table:table-row>" + text_cell("</text:p><text:p>" * 9) + "</table:table-row>",
    "formulas": "<table:table-row><table:table-cell table:formula='1' office:value-type='float' office:value='1'/>"
    "</table:table-row>",
    "percentages": "<table:table-row><table:table-cell office:value-type='percentage' office:value='1'/>"
    "</table:table-row>",
    "errors": '<table:table-row><table:table-cell calcext:value-type="error" office:value-type="string">'
    "<text:p>#N/A</text:p></table:table-cell></table:table-row>",
    "rows": "<table:table-row/>",
    "hidden rows": '<table:table-row table:visibility="collapse"/>',
    "columns": '<table:table-column table:visibility="collapse" table:number-columns-repeated="16384"/>',
    "merged cells": '<table:table-row><table:table-cell table:number-rows-spanned="2"/></table:table-row>',
    "spaces": " ",
    "comments": "<!-- -->",
    "deep levels": "<a>",
    "spans of spaces": "<table:table-row>" + text_cell("<text:s/>" * 9) + "</table:table-row>",
    "annotations": "<table:table-row><table:table-cell><office:annotation><text:p>a</text:p></office:annotation>"
    "</table:table-cell></table:table-row>",
}.items():
    for _size in UNPACKED[:2]:
        hostile(f"ods of very many {_name}, {_size >> 20} MiB", ".ods")(
            lambda piece=_piece, size=_size: ods(content_xml(ODS_ROWS + repeated(piece, size)))[:SIZE]
        )
hostile("ods of a hundred thousand tables", ".ods")(
    lambda: ods(content_xml(more="<table:table table:name='B'><table:table-row/></table:table>" * 100_000))
)
hostile("ods of tables with one name", ".ods")(
    lambda: ods(content_xml(more=f'<table:table table:name="A">{ODS_ROWS}</table:table>' * 9000))
)
for _name, _doctype in {
    "a billion laughs": LAUGHS,
    "a file in an entity": '<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>',
    "one large entity": "<!DOCTYPE x [<!ENTITY a9 '" + "a" * 100_000 + "'>]>",
}.items():
    hostile(f"ods with {_name}", ".ods")(
        lambda doctype=_doctype: ods(
            content_xml(ODS_ROWS + f"<table:table-row>{text_cell('&a9;' * 1000)}</table:table-row>", doctype)
        )
    )
hostile("ods of 100 MiB", ".ods")(lambda: ods(b" " * UNPACKED[2]))
hostile("ods of 49 MiB", ".ods")(lambda: ods(content_xml() + " " * (49 << 20)))
hostile("ods in utf-16", ".ods")(
    lambda: ods(
        content_xml(
            ODS_ROWS + "<table:table-row table:number-rows-repeated='1048000'>" + CELL.format("") + "</table:table-row>"
        )
        .replace("UTF-8", "UTF-16")
        .encode("utf-16")
    )
)
hostile("ods that is encrypted", ".ods")(lambda: ods(manifest="<manifest><manifest:encryption-data/></manifest>"))
hostile("ods of half a document", ".ods")(lambda: ods(content_xml()[:-80]))
hostile("ods of nothing", ".ods")(lambda: ods(b""))
