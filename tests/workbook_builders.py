"""Workbooks made by hand, member by member: what no library would write."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

Members = Mapping[str, "str | bytes"]


def packed(members: Members, method: int = zipfile.ZIP_DEFLATED, level: int = 9) -> bytes:
    """An archive of these members."""
    out = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(out, "w", method, compresslevel=level if method == zipfile.ZIP_DEFLATED else None) as archive,
    ):
        warnings.simplefilter("ignore", UserWarning)  # two members of one name are what some are about
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


# ---- .xlsx -------------------------------------------------------------------------------------------------

HEADER = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
ROWS = HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>3</v></c></row>'
STRINGS = "<si><t>student</t></si><si><t>essay</t></si>"


def sheet_xml(rows: str = ROWS, before: str = "", after: str = "") -> str:
    """A worksheet."""
    return f'{XML}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def strings_xml(strings: str = STRINGS, claims: str = "") -> str:
    """The table of shared strings."""
    return f'{XML}<sst xmlns="{MAIN}"{claims}>{strings}</sst>'


def xlsx_members(
    sheet: str | bytes | None = None, *, sheets: Sequence[str] = ("A",), workbook: str = "", **others: str | bytes
) -> dict[str, str | bytes]:
    """The members of an .xlsx workbook; others by ``strings``, ``styles`` and ``rels``."""
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    related += f'<Relationship Id="rIdS" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    related += f'<Relationship Id="rIdY" Type="{OFFICE}/styles" Target="styles.xml"/>'
    rels = f'<Relationships xmlns="{PACKAGE}/relationships">'
    types = (
        f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        + '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    )
    styles = (
        f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>'
    )
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'{XML}{rels}<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets>{workbook}'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": others.get("rels", f"{XML}{rels}{related}</Relationships>"),
        "xl/sharedStrings.xml": others.get("strings", strings_xml()),
        "xl/styles.xml": others.get("styles", styles),
    }
    for n in range(1, len(sheets) + 1):
        members[f"xl/worksheets/sheet{n}.xml"] = sheet if sheet is not None and n == 1 else sheet_xml()
    return members


def xlsx(sheet: str | bytes | None = None, **others: object) -> bytes:
    """An .xlsx workbook."""
    return packed(xlsx_members(sheet, **others))  # type: ignore[arg-type]


# ---- .ods --------------------------------------------------------------------------------------------------

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
CELL = '<table:table-cell office:value-type="float" office:value="3"{}><text:p>3</text:p></table:table-cell>'


def text_cell(text: str) -> str:
    """A cell of an .ods workbook with a text in it."""
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


SPACES = text_cell('<text:s text:c="{}"/>')
ODS_ROWS = (
    f"<table:table-row>{text_cell('student')}{text_cell('essay')}</table:table-row>"
    f"<table:table-row>{text_cell('1')}{CELL.format('')}</table:table-row>"
)


def content_xml(rows: str = ODS_ROWS, doctype: str = "", more: str = "") -> str:
    """The content of an .ods workbook with one table."""
    return (
        f"{XML}{doctype}<office:document-content "
        f'xmlns:office="{OASIS}:office:1.0" xmlns:table="{OASIS}:table:1.0" xmlns:text="{OASIS}:text:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="A">{rows}</table:table>{more}</office:spreadsheet>'
        "</office:body></office:document-content>"
    )


def ods_members(content: str | bytes | None = None, **others: str | bytes) -> dict[str, str | bytes]:
    """The members of an .ods workbook; others by ``manifest`` and ``styles``."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'{XML}<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return {
        "mimetype": kind,
        "content.xml": content if content is not None else content_xml(),
        "META-INF/manifest.xml": others.get("manifest", manifest),
        **({"styles.xml": others["styles"]} if "styles" in others else {}),
    }


def ods(content: str | bytes | None = None, **others: str | bytes) -> bytes:
    """An .ods workbook."""
    return packed(ods_members(content, **others))
