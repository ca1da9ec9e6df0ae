"""Random tables, damaged as offices damage theirs, and the libraries that write them: what stands in the file is known cell by cell.

Nothing here comes from intake: what a reader should find is worked out from the values that were written.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from intake_workbooks import PKH_HEADER, pkh_row, write_csv, write_xlsb

SHEET = "PKH 1"
NAME, ADDRESS, VILLAGE = PKH_HEADER.index("NAMA_PENERIMA"), PKH_HEADER.index("ALAMAT"), PKH_HEADER.index("NMKEL")
Merged = tuple[int, int, int]
"""A column and the first and last row (0-based) that a cell spans."""


@dataclass(frozen=True)
class Written:
    """A table as it goes into a file: `rows` of cells, what each row is, and the village cells that span rows."""

    rows: tuple[tuple[Any, ...], ...]
    kinds: tuple[str, ...]
    merged: tuple[Merged, ...] = ()

    def shown(self) -> list[int]:
        """The numbers (from 1) of the rows in which anything can be seen."""
        return [number for number, row in enumerate(self.rows, start=1) if any(map(is_seen, row))]


def is_seen(value: Any) -> bool:
    """Whether a cell holds something that is not only space."""
    return value is not None and bool(str(value).strip())


# What offices and their programs leave in cells: signs that nobody sees, errors of formulas, numbers where text is due, and nothing.
_LETTERS = st.characters(codec="utf-8", max_codepoint=0xFFFF, exclude_categories=["Cc", "Cs", "Co", "Cn", "Zl", "Zp"])
_TEXTS = st.text(_LETTERS, min_size=1, max_size=12) | st.sampled_from(
    [
        "-",
        " ",
        " tepi",
        "tepi  ",
        "\u00a0",
        "\u200b",
        "#N/A",
        "#REF!",
        "=1+1",
        "'0123",
        "3,51E+15",
        "351005 410580 0001",
        'a "b"',
        "a;b|c,d",
        "x\u00a0",
        "\ufeffx",
        "terima kasih \U0001f64f",
    ]
)
_EDGED = _TEXTS.map(lambda text: f" {text}  ")
_NUMBERS = (
    st.integers(-(2**53) + 1, 2**53 - 1)
    | st.integers(-(10**12), 10**12).map(lambda thousandths: thousandths / 1000)
    | st.sampled_from([0, 1.5, 3510050180000010])
)
_DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2040, 1, 1))
ANY_CELL = st.none() | _TEXTS | _TEXTS | _NUMBERS | _DAYS | st.booleans()

BETWEEN: dict[str, tuple[Any, ...]] = {
    "blank": (),
    "spaces": (" ", "  "),
    "header": tuple(PKH_HEADER),
    "numbers": tuple(range(1, len(PKH_HEADER) + 1)),
    "total": (None, "JUMLAH", None, None, None, None, None, None, None, None, None, 1_500_000),
    "heading": ("KECAMATAN MUNCAR",),
    "signature": (None, None, "Mengetahui,"),
    "short": (7, "SRI"),
}
"""What stands between data rows, by kind."""


@st.composite
def damaged_tables(draw: st.DrawFn) -> Written:
    """A list of recipients with everything in it that is no recipient, repeated rows, fillers, merged villages and spoilt cells."""
    rows: list[Sequence[Any]] = [[text] for text in draw(st.lists(st.sampled_from(["DAFTAR PENERIMA", "TAHUN 2026", None]), max_size=3))]
    kinds = ["above"] * len(rows)
    rows.append(PKH_HEADER)
    kinds.append("head")
    parts = ["row", "row", "row", "twice", "twice", "spoilt", "spoilt", "nameless", *BETWEEN]
    for number, kind in enumerate(draw(st.lists(st.sampled_from(parts), min_size=5, max_size=18))):
        kinds.append(kind)
        if kind in BETWEEN:
            rows.append(BETWEEN[kind])
            continue
        row = pkh_row(1 if kind == "twice" else number + 2)
        if kind == "nameless":
            row[NAME] = row[PKH_HEADER.index("NIK_KTP")] = draw(st.sampled_from([None, "-", " "]))
        if kind == "spoilt":
            for place in draw(
                st.sets(st.sampled_from([place for place in range(len(PKH_HEADER)) if place != NAME]), min_size=1, max_size=5)
            ):
                row[place] = draw(ANY_CELL)
        rows.append(row)
    width = len(PKH_HEADER)
    full = [[*row, *[None] * (width - len(row))] for row in rows]
    merged = _merge_villages(draw, full, kinds)
    return Written(tuple(map(tuple, full)), tuple(kinds), merged)


def _merge_villages(draw: st.DrawFn, rows: list[list[Any]], kinds: list[str]) -> tuple[Merged, ...]:
    """Let some runs of data rows share one village cell; empties the cells that the first one covers."""
    merged = []
    row = 0
    while row < len(rows):
        last = row
        while last + 1 < len(rows) and kinds[row] == kinds[last + 1] == "row":
            last += 1
        if last > row and draw(st.booleans()):
            merged.append((VILLAGE, row, last))
            for below in range(row + 1, last + 1):
                rows[below][VILLAGE] = None
        row = last + 1
    return tuple(merged)


@st.composite
def free_tables(draw: st.DrawFn) -> Written:
    """Any cells at any places, with blank rows and columns: what a reader meets before anybody knows what it is."""
    width = draw(st.integers(1, 5))
    # Readers take a column of texts in another way than one of mixed cells.
    kinds = [draw(st.sampled_from([ANY_CELL, st.none() | _TEXTS | _EDGED, _EDGED])) for _ in range(width)]
    rows = draw(st.lists(st.just([None] * width) | st.tuples(*kinds).map(list), min_size=1, max_size=8))
    return Written(tuple(map(tuple, rows)), ("free",) * len(rows))


# Writers. A workbook holds typed cells; text tables and pages hold text.


def write_openpyxl(path: Path, table: Written) -> None:
    """An xlsx workbook by openpyxl, which shares no code with XlsxWriter."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    for i, row in enumerate(table.rows, start=1):
        for j, value in enumerate(row, start=1):
            if value is not None:
                cell = sheet.cell(i, j, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with = is a text
    for place, first, last in table.merged:
        sheet.merge_cells(start_row=first + 1, end_row=last + 1, start_column=place + 1, end_column=place + 1)
    book.save(path)


def _xlsxwriter(path: Path, table: Written) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet, day = book.add_worksheet(SHEET), book.add_format({"num_format": "dd/mm/yyyy"})
        for place, first, last in table.merged:
            sheet.merge_range(first, place, last, place, "")
        for i, row in enumerate(table.rows):
            for j, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_boolean(i, j, value)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(i, j, dt.datetime.combine(value, dt.time()), day)
                elif isinstance(value, str):
                    sheet.write_string(i, j, value)
                elif value is not None:
                    sheet.write_number(i, j, value)


def _xlwt(path: Path, table: Written) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet, day = book.add_sheet(SHEET, cell_overwrite_ok=True), xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for place, first, last in table.merged:
        sheet.merge(first, last, place, place)
    for i, row in enumerate(table.rows):
        for j, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write(i, j, dt.datetime.combine(value, dt.time()), day)
            elif value is not None:
                sheet.write(i, j, value)
    book.save(str(path))


def _odfpy(path: Path, table: Written) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import CoveredTableCell, Table, TableCell, TableRow

    document = OpenDocumentSpreadsheet()
    written = Table(name=SHEET)
    spans = {(first, place): last - first + 1 for place, first, last in table.merged}
    covered = {(row, place) for place, first, last in table.merged for row in range(first + 1, last + 1)}
    for i, values in enumerate(table.rows):
        row = TableRow()
        for j, value in enumerate(values):
            span = {"numberrowsspanned": str(spans[i, j]), "numbercolumnsspanned": "1"} if (i, j) in spans else {}
            row.addElement(CoveredTableCell() if (i, j) in covered else _ods_cell(value, TableCell, span))
        written.addElement(row)
    document.spreadsheet.addElement(written)
    document.save(str(path))


def _ods_cell(value: Any, cell_class: Any, span: dict[str, str]) -> Any:
    from odf.teletype import addTextToElement
    from odf.text import P

    if value is None:
        return cell_class(**span)
    if isinstance(value, bool):
        facts, text = {"valuetype": "boolean", "booleanvalue": str(value).lower()}, str(value).upper()
    elif isinstance(value, dt.date):
        facts, text = {"valuetype": "date", "datevalue": value.isoformat()}, value.strftime("%d/%m/%Y")
    elif isinstance(value, str):
        facts, text = {"valuetype": "string"}, value
    else:
        facts, text = {"valuetype": "float", "value": repr(value)}, str(value)
    cell, paragraph = cell_class(**facts, **span), P()
    addTextToElement(paragraph, text)
    cell.addElement(paragraph)
    return cell


def _pyxlsbwriter(path: Path, table: Written) -> None:
    write_xlsb(path, {SHEET: [list(row) for row in table.rows]})


def writable(table: Written, writer: str) -> Written:
    """The table as this writer and its format can hold it.

    pyxlsbwriter counts signs beyond U+FFFF as one where the format counts two; UTF-16 texts of xls and xlsb may begin with a mark of
    their byte order, which is none of the text; openpyxl does not say that a text of nothing but spaces is to be kept.
    """

    def held(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if writer == "openpyxl" and value.isspace():
            return None
        if writer == "pyxlsbwriter":
            value = "".join(sign for sign in value if ord(sign) <= 0xFFFF)
        return value.lstrip("\ufeff") or None if writer in {"pyxlsbwriter", "xlwt"} else value

    return replace(table, rows=tuple(tuple(map(held, row)) for row in table.rows))


def _text(delimiter: str) -> Callable[[Path, Written], None]:
    def write(path: Path, table: Written) -> None:
        write_csv(path, [list(row) for row in table.rows], delimiter=delimiter, encoding="utf-8-sig", quoting=csv.QUOTE_MINIMAL)

    return write


def _html(path: Path, table: Written) -> None:
    spans = {(first, place): last - first + 1 for place, first, last in table.merged}
    covered = {(row, place) for place, first, last in table.merged for row in range(first + 1, last + 1)}
    lines = []
    for i, row in enumerate(table.rows):
        cells = [
            f'<td rowspan="{spans.get((i, j), 1)}">{"" if value is None else html.escape(str(value))}</td>'
            for j, value in enumerate(row)
            if (i, j) not in covered
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    path.write_text(f'<html><meta charset="utf-8"><body><table>{"".join(lines)}</table></body></html>', encoding="utf-8")


WRITERS: dict[str, tuple[str, Callable[[Path, Written], None]]] = {
    "xlsxwriter": ("xlsx", _xlsxwriter),
    "openpyxl": ("xlsx", write_openpyxl),
    "xlwt": ("xls", _xlwt),
    "pyxlsbwriter": ("xlsb", _pyxlsbwriter),
    "odfpy": ("ods", _odfpy),
    "comma": ("csv", _text(",")),
    "semicolon": ("csv", _text(";")),
    "tab": ("tsv", _text("\t")),
    "pipe": ("txt", _text("|")),
    "html": ("html", _html),
}
"""By name: the ending of the file, and what writes it."""
WORKBOOKS = ("xlsxwriter", "openpyxl", "xlwt", "pyxlsbwriter", "odfpy")
MERGE_CELLS = ("xlsxwriter", "openpyxl", "xlwt", "odfpy", "html")
"""Writers that can let a cell span rows; the others leave the covered cells empty."""


def cell_in_file(value: Any, writer: str) -> tuple[str | None, str]:
    """The text and the type letter of a cell that this writer wrote: T text, N number, D date, B boolean, _ empty."""
    if writer not in WORKBOOKS:
        text = "" if value is None else str(value)
        if writer == "html":  # a page's spaces are one space, and none at the edges of a cell (CSS 2.2, 16.6.1)
            text = re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")
        return (text, "T") if text else (None, "_")
    if value is None or value == "":
        return None, "_"
    if isinstance(value, bool):
        return str(value).upper(), "B"
    if isinstance(value, dt.date):
        return value.isoformat(), "D"
    if isinstance(value, str):
        return value, "T"
    number = float(value)
    whole = number.is_integer() and abs(number) < 2**53
    return (str(int(number)) if whole else repr(number)), "N"
