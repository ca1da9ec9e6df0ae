"""The second readers of workbooks, asked only where python-calamine can't: openpyxl for xlsx, xlrd for xls.

What each of them reads that calamine does not is listed in `docs/decisions.md` and held by a test per case. Neither is asked first:
openpyxl finds no sheet in a workbook of the strict standard and loses rows that stand out of order, and both are many times slower.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import xlrd
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from intake.cell_arrays import mixed_column
from intake.formats import FileFormat
from intake.raw_sheet import EMPTY_CELL, MAXIMUM_CELLS, Range, RawSheet
from intake.refusals import Refused
from intake.xlsx_merged import merged_ranges_of_sheet

_ERRORS = frozenset(ERROR_CODES)
_BIFF8 = 80
_MOST_ROWS = 1_048_576


def read_with_openpyxl(path: Path, first: int) -> Iterator[RawSheet]:
    """Yield the worksheets of an xlsx workbook from the one with this number on. Raises Refused when it can't be read."""
    with path.open("rb") as stream:
        reader = _opened(stream)
        book, archive = reader.wb, reader.archive
        members = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
        for sheet in book.worksheets[first:]:
            with archive.open(members[sheet.title]) as part:
                merged = merged_ranges_of_sheet(part)
            yield _from_openpyxl(sheet, merged, epoch_1904=book.epoch == CALENDAR_MAC_1904)


def _opened(stream: IO[bytes]) -> ExcelReader:
    """The workbook with its parts: opened for reading row by row, because loaded whole it takes ten times the memory."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = ExcelReader(stream, read_only=True, data_only=True, keep_links=False)
            reader.read()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a damaged workbook makes the library fail in many ways
        raise Refused("unreadable") from None
    if not reader.wb.worksheets:  # it finds none in a workbook of the strict standard, and says nothing
        raise Refused("unreadable")
    return reader


def _from_openpyxl(sheet: Any, merged: tuple[Range, ...], *, epoch_1904: bool) -> RawSheet:
    sheet.reset_dimensions()  # what a writer declares is not believed: a wrong one would hide rows
    try:
        rows = _taken_rows(sheet.iter_rows(values_only=True))
    except (MemoryError, Refused):
        raise
    except Exception:  # noqa: BLE001 - as above
        raise Refused("unreadable") from None
    return _as_sheet(sheet.title, rows, merged=merged, hidden=sheet.sheet_state != "visible", epoch_1904=epoch_1904)


def _taken_rows(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    """The rows as lists, as the first reader gives them: error values as empty cells, numbers as floats."""
    taken: list[Sequence[Any]] = []
    width = 0
    for row in rows:
        # A cell far below comes after all the blank rows above it.
        taken.append([_from_openpyxl_cell(value) for value in row] if any(value is not None for value in row) else ())
        width = max(width, len(row))
        _check_size(len(taken), width)
    return taken


def _from_openpyxl_cell(value: Any) -> Any:
    if isinstance(value, str):
        return None if value in _ERRORS else value
    return float(value) if type(value) is int else value


def read_with_xlrd(path: Path, first: int) -> Iterator[RawSheet]:
    """Yield the worksheets of an xls workbook of any age from the one with this number on. Raises Refused when it can't be read."""
    try:
        book = _opened_by_xlrd(path, with_formats=False)
        if book.biff_version >= _BIFF8:  # only these have merged cells, and xlrd tells them with the formats
            book = _opened_by_xlrd(path, with_formats=True)
        sheets = range(first, book.nsheets)
    except MemoryError:
        raise
    except xlrd.XLRDError as error:
        raise Refused("encrypted" if "encrypted" in str(error) else "unreadable") from None
    except Exception:  # noqa: BLE001 - a damaged workbook makes the library fail in many ways
        raise Refused("unreadable") from None
    for number in sheets:
        yield _from_xlrd(book, number)
        book.unload_sheet(number)


def _opened_by_xlrd(path: Path, *, with_formats: bool) -> Any:
    return xlrd.open_workbook(str(path), logfile=io.StringIO(), on_demand=True, formatting_info=with_formats)


def _from_xlrd(book: Any, number: int) -> RawSheet:
    try:
        sheet = book.sheet_by_index(number)
        _check_size(sheet.nrows, sheet.ncols)
        rows = [
            [_from_xlrd_cell(kind, value, book.datemode) for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)]
            for row in range(sheet.nrows)
        ]
        merged = tuple((top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells)
    except (MemoryError, Refused):
        raise
    except Exception:  # noqa: BLE001 - as above
        raise Refused("unreadable") from None
    return _as_sheet(sheet.name, rows, merged=merged, hidden=sheet.visibility != 0, epoch_1904=book.datemode == 1)


def _from_xlrd_cell(kind: int, value: Any, datemode: int) -> Any:
    if kind == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate_as_datetime(value, datemode)
            return moment if value >= 1 else moment.time()
        except (ValueError, OverflowError):
            return value  # a number that only looks like a date
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return None if kind in {xlrd.XL_CELL_ERROR, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_EMPTY} else value


def _check_size(height: int, width: int) -> None:
    if height > _MOST_ROWS or height * width > MAXIMUM_CELLS:
        raise Refused("too_large", limit=f"{height} x {width}")


def _as_sheet(name: str, rows: Sequence[Sequence[Any]], *, merged: tuple[Range, ...], hidden: bool, epoch_1904: bool) -> RawSheet:
    filled = [any(value is not None and value != "" for value in row) for row in rows]
    height = max((number for number, shows in enumerate(filled, start=1) if shows), default=0)
    width = max((len(row) for row in rows[:height]), default=0)
    columns = [mixed_column([row[place] if place < len(row) else None for row in rows[:height]]) for place in range(width)]
    while columns and (columns[-1][1] == EMPTY_CELL).all():
        columns.pop()
    types = np.column_stack([types for _, types in columns]) if columns else np.empty((0, 0), np.uint8)
    cells = tuple(cells for cells, _ in columns)
    return RawSheet(name, cells, types, hidden=hidden, merged=merged, epoch_1904=epoch_1904, remarks=("second_reader",))


SecondReader = Callable[[Path, int], Iterator[RawSheet]]
SECOND_READERS: Mapping[FileFormat, SecondReader] = {"xlsx": read_with_openpyxl, "xls": read_with_xlrd}
