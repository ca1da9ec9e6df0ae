"""Workbooks (xlsx, xlsm, xlsb, xls, ods) read with python-calamine, every row and cell kept at its true place.

calamine skips leading blank rows unless told not to, fills only the first cell of a merged range, and turns error cells into
empty ones; it aborts the process on crafted files, so this runs only in a child process (`intake.isolation`).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import python_calamine

from intake.cell_arrays import mixed_column
from intake.formats import FileFormat
from intake.ods_merged import merged_ranges_of_ods
from intake.raw_sheet import EMPTY_CELL, ERROR_CELL, RawSheet
from intake.refusals import Refused

MAXIMUM_CELLS = 80_000_000
"""Rows times columns of one sheet: 1,048,576 rows of 64 columns stay below, one stray cell at XFD1048576 does not."""

_EPOCH_1904 = re.compile(rb"<workbookPr[^>]*\bdate1904=[\"'](1|true)[\"']")


def read_workbook(path: Path, file_format: FileFormat) -> Iterator[RawSheet]:
    """Yield each worksheet of a workbook in its order. Raises Refused when the workbook or a sheet can't be read."""
    epoch_1904 = file_format == "xlsx" and _counts_from_1904(path)
    ods_ranges = merged_ranges_of_ods(path) if file_format == "ods" else {}
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError:
        raise Refused("encrypted") from None
    except python_calamine.ZipError:
        raise Refused("truncated") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise Refused("unreadable") from None
    for place, facts in enumerate(workbook.sheets_metadata):
        if facts.typ != python_calamine.SheetTypeEnum.WorkSheet:
            yield _nothing(facts.name, hidden=True, remark="not_a_worksheet")
            continue
        try:
            sheet = workbook.get_sheet_by_index(place)
        except (python_calamine.CalamineError, OSError, ValueError):
            raise Refused("unreadable") from None
        hidden = facts.visible != python_calamine.SheetVisibleEnum.Visible
        read = _read_sheet(sheet, facts.name, hidden=hidden, epoch_1904=epoch_1904)
        yield replace(read, merged=ods_ranges[facts.name]) if facts.name in ods_ranges else read


def _nothing(name: str, *, hidden: bool, remark: str = "") -> RawSheet:
    return RawSheet(name, (), np.empty((0, 0), np.uint8), hidden=hidden, remarks=(remark,) if remark else ())


def _read_sheet(sheet: python_calamine.CalamineSheet, name: str, *, hidden: bool, epoch_1904: bool) -> RawSheet:
    if sheet.end is None:
        return _nothing(name, hidden=hidden)
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height * width > MAXIMUM_CELLS:
        raise Refused("too_large", limit=f"{height} x {width}")
    rows = sheet.to_python(skip_empty_area=False)
    merged = tuple((first[0], first[1], last[0], last[1]) for first, last in (sheet.merged_cell_ranges or ()))
    types = np.full((len(rows), width), EMPTY_CELL, np.uint8)
    cells = []
    for place, values in enumerate(zip(*rows, strict=True)):
        column, types[:, place] = mixed_column(values)
        cells.append(column)
    del rows
    return RawSheet(name, tuple(cells), types, hidden=hidden, merged=merged, epoch_1904=epoch_1904)


def _counts_from_1904(path: Path) -> bool:
    """Whether the workbook's date serials count from 1904; calamine applies it to date cells, plain numbers still need it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _EPOCH_1904.search(archive.read("xl/workbook.xml")) is not None
    except (KeyError, zipfile.BadZipFile, OSError):
        return False


__all__ = ["ERROR_CELL", "MAXIMUM_CELLS", "read_workbook"]
