"""Writes a sheet as an OpenDocument spreadsheet (ISO/IEC 26300), as LibreOffice saves it: rows of cells, then a million empty rows in one.

Rows become XML by joining whole columns in Arrow, as in ``xlsx_writer``. Two runs write the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.compute as pc

from simulation.sheets import Cell, Sheet

MIME_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ROWS_OF_A_SHEET = 1_048_576
COLUMNS_OF_A_SHEET = 1_024

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"
_CONTENT_START = (
    f'{_XML}<office:document-content xmlns:office="{_NAMESPACE}:office:1.0" xmlns:table="{_NAMESPACE}:table:1.0" '
    f'xmlns:text="{_NAMESPACE}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
)
_CONTENT_END = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    f'{_XML}<manifest:manifest xmlns:manifest="{_NAMESPACE}:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{MIME_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def write_ods(path: Path, sheet: Sheet, created: date) -> None:
    """Writes the document; ``created`` stands in its properties.

    Raises ValueError for a sheet with dates, rows between its records or merged cells: the office that uses this format has none.
    """
    if any(pa.types.is_date(field.type) for field in sheet.table.schema) or sheet.inserted or sheet.merged_ranges():
        raise ValueError(f"sheet {sheet.name} has dates, rows between records or merged cells")
    meta = (
        f'{_XML}<office:document-meta xmlns:office="{_NAMESPACE}:office:1.0" xmlns:meta="{_NAMESPACE}:meta:1.0" office:version="1.2">'
        f"<office:meta><meta:creation-date>{created:%Y-%m-%d}T00:00:00</meta:creation-date></office:meta></office:document-meta>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        # Readers know the format by this entry, which has to be the first and uncompressed.
        archive.writestr(_entry("mimetype", zipfile.ZIP_STORED), MIME_TYPE)
        archive.writestr(_entry("META-INF/manifest.xml"), _MANIFEST)
        archive.writestr(_entry("meta.xml"), meta)
        with archive.open(_entry("content.xml"), "w", force_zip64=True) as part:
            for chunk in _content(sheet):
                part.write(chunk)


def _entry(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = compression
    return entry


def _content(sheet: Sheet) -> Iterator[bytes]:
    width = sheet.table.num_columns
    yield _CONTENT_START.encode()
    yield f'<table:table table:name={quoteattr(sheet.name)}><table:table-column table:number-columns-repeated="{width}"/>'.encode()
    written = 0
    for row, cells in sheet.rows_above():
        yield b"<table:table-row><table:table-cell/></table:table-row>" * (row - written - 1)
        yield _row(cells, width).encode()
        written = row
    yield _records(sheet)
    for _, cells in sheet.rows_below():
        yield _row(cells, width).encode()
    rest = ROWS_OF_A_SHEET - sheet.first_data_row + 1 - sheet.table.num_rows - len(sheet.footer)
    yield (
        f'<table:table-row table:number-rows-repeated="{rest}"><table:table-cell '
        f'table:number-columns-repeated="{COLUMNS_OF_A_SHEET}"/></table:table-row></table:table>'
    ).encode()
    yield _CONTENT_END.encode()


def _row(cells: dict[int, Cell], width: int) -> str:
    return f"<table:table-row>{''.join(_cell(cells.get(column)) for column in range(width))}</table:table-row>"


def _cell(value: Cell) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'


def _records(sheet: Sheet) -> bytes:
    columns = []
    for name in sheet.table.column_names:
        values = sheet.table.column(name).combine_chunks()
        if pa.types.is_string(values.type):
            cells = _text_cells(values)
            numeric = sheet.numeric.get(name)
            if numeric is not None:
                cells = pc.if_else(numeric, _number_cells(values), cells)
        else:
            cells = _number_cells(values.cast(pa.string()))
        columns.append(pc.fill_null(cells, "<table:table-cell/>"))
    rows = pc.binary_join_element_wise("<table:table-row>", *columns, pa.scalar("</table:table-row>"), "")
    return "".join(rows.to_pylist()).encode()


def _text_cells(values: pa.Array) -> pa.Array:
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        values = pc.replace_substring(values, character, entity)
    return pc.binary_join_element_wise(
        '<table:table-cell office:value-type="string"><text:p>', values, pa.scalar("</text:p></table:table-cell>"), ""
    )


def _number_cells(texts: pa.Array) -> pa.Array:
    start = '<table:table-cell office:value-type="float" office:value="'
    return pc.binary_join_element_wise(start, texts, '"><text:p>', texts, pa.scalar("</text:p></table:table-cell>"), "")
