"""Sheets as the old Excel format and as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import xlwt

from simulation.sheets import Sheet


def write_xls(path: Path, sheets: Sequence[Sheet]) -> None:
    """A workbook of Excel 97 to 2003 (BIFF8), in which a sheet has room for 65,536 rows.

    Raises ValueError for a column of dates: this office writes them as text.
    """
    workbook = xlwt.Workbook(encoding="utf-8")
    for sheet in sheets:
        if any(pa.types.is_date(field.type) for field in sheet.table.schema):
            raise ValueError(f"sheet {sheet.name} has dates; write them as text")
        page = workbook.add_sheet(sheet.name)
        for number, cells in sheet.rows_above():
            for column, value in cells.items():
                page.write(number - 1, column, value)
        _write_records(page, sheet)
        for number, cells in sheet.rows_below():
            for column, value in cells.items():
                page.write(number - 1, column, value)
    workbook.save(str(path))


def _write_records(page: xlwt.Worksheet, sheet: Sheet) -> None:
    columns = [(number, sheet.cells(name)) for number, name in enumerate(sheet.table.column_names)]
    for offset in range(sheet.table.num_rows):
        row = page.row(sheet.first_data_row - 1 + offset)
        for number, values in columns:
            value = values[offset]
            if type(value) is str:
                row.set_cell_text(number, value)
            elif value is not None:
                row.set_cell_number(number, value)
        if offset % 1_000 == 999:
            page.flush_row_data()


def write_csv(path: Path, sheet: Sheet, delimiter: str) -> None:
    """Plain text in UTF-8: a header and the records, without titles and totals; texts are quoted, dates have the day first."""
    table = sheet.table
    for number, field in enumerate(table.schema):
        if pa.types.is_date(field.type):
            texts = pc.strftime(table.column(number).cast(pa.timestamp("s")), "%d/%m/%Y")
            table = table.set_column(number, field.name, texts)
    pa_csv.write_csv(table, path, pa_csv.WriteOptions(delimiter=delimiter))
