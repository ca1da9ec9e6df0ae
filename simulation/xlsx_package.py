"""The fixed parts of an xlsx archive: what surrounds the sheets (ECMA-376, part 1, SpreadsheetML)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from xml.sax.saxutils import escape

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DATE_STYLE = 1
"""Number of the cell style for dates, day first."""

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT = "application/vnd.openxmlformats"


def _element(tag: str, content: str = "", /, **attributes: str | int) -> str:
    """An element; attribute names are written with ``__`` for the colon of a namespace."""
    written = "".join(f' {key.replace("__", ":")}="{value}"' for key, value in attributes.items())
    return f"<{tag}{written}>{content}</{tag}>"


def package_parts(sheet_names: Sequence[str], created: date, hidden: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Path in the archive and text of each part but the sheets, which are ``xl/worksheets/sheet1.xml`` and so on.

    The sheets named in ``hidden`` are not shown to who opens the workbook.
    """
    yield "[Content_Types].xml", XML + _content_types(len(sheet_names))
    yield (
        "_rels/.rels",
        XML
        + _relationships(
            (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
    )
    yield "docProps/core.xml", XML + _properties(created)
    sheets = "".join(
        _element(
            "sheet",
            name=escape(name, {'"': "&quot;"}),
            sheetId=number,
            **({"state": "hidden"} if name in hidden else {}),
            r__id=f"rId{number}",
        )
        for number, name in enumerate(sheet_names, start=1)
    )
    yield "xl/workbook.xml", XML + _element("workbook", _element("sheets", sheets), xmlns=MAIN, xmlns__r=_OFFICE)
    targets = [(f"{_OFFICE}/worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheet_names) + 1)]
    yield "xl/_rels/workbook.xml.rels", XML + _relationships(*targets, (f"{_OFFICE}/styles", "styles.xml"))
    yield "xl/styles.xml", XML + _styles()


def _content_types(sheets: int) -> str:
    spreadsheet = f"{_CONTENT}-officedocument.spreadsheetml"
    parts = [
        ("/xl/workbook.xml", f"{spreadsheet}.sheet.main+xml"),
        ("/xl/styles.xml", f"{spreadsheet}.styles+xml"),
        ("/docProps/core.xml", f"{_CONTENT}-package.core-properties+xml"),
        *((f"/xl/worksheets/sheet{number}.xml", f"{spreadsheet}.worksheet+xml") for number in range(1, sheets + 1)),
    ]
    defaults = _element("Default", Extension="rels", ContentType=f"{_CONTENT}-package.relationships+xml")
    defaults += _element("Default", Extension="xml", ContentType="application/xml")
    overrides = "".join(_element("Override", PartName=name, ContentType=kind) for name, kind in parts)
    return _element("Types", defaults + overrides, xmlns=f"{_PACKAGE}/content-types")


def _relationships(*targets: tuple[str, str]) -> str:
    links = (_element("Relationship", Id=f"rId{number}", Type=kind, Target=path) for number, (kind, path) in enumerate(targets, start=1))
    return _element("Relationships", "".join(links), xmlns=f"{_PACKAGE}/relationships")


def _properties(created: date) -> str:
    stamp = _element("dcterms:created", f"{created:%Y-%m-%d}T00:00:00Z", xsi__type="dcterms:W3CDTF")
    return _element(
        "cp:coreProperties",
        stamp,
        xmlns__cp=f"{_PACKAGE}/metadata/core-properties",
        xmlns__dcterms="http://purl.org/dc/terms/",
        xmlns__xsi="http://www.w3.org/2001/XMLSchema-instance",
    )


def _styles() -> str:
    plain: dict[str, str | int] = {"numFmtId": 0, "fontId": 0, "fillId": 0, "borderId": 0}
    day_first: dict[str, str | int] = plain | {"numFmtId": 164, "xfId": 0, "applyNumberFormat": 1}
    fills = "".join(_element("fill", _element("patternFill", patternType=kind)) for kind in ("none", "gray125"))
    return _element(
        "styleSheet",
        _element("numFmts", _element("numFmt", numFmtId=164, formatCode="dd/mm/yyyy"), count=1)
        + _element("fonts", _element("font", '<sz val="11"/><name val="Calibri"/>'), count=1)
        + _element("fills", fills, count=2)
        + _element("borders", _element("border", "<left/><right/><top/><bottom/><diagonal/>"), count=1)
        + _element("cellStyleXfs", _element("xf", **plain), count=1)
        + _element("cellXfs", _element("xf", **plain, xfId=0) + _element("xf", **day_first), count=2)
        + _element("cellStyles", _element("cellStyle", name="Normal", xfId=0, builtinId=0), count=1),
        xmlns=MAIN,
    )
