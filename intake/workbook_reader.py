"""Workbooks (xlsx, xlsm, xlsb, xls, ods) read with python-calamine, every row and cell kept at its true place.

calamine skips leading blank rows unless told not to, fills only the first cell of a merged range, and turns error cells into
empty ones; it aborts the process on crafted files, so this runs only in a child process (`intake.isolation`). Where it can't read a
workbook, the second readers are asked (`intake.readers`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import python_calamine

from intake.cell_arrays import mixed_column
from intake.formats import FileFormat
from intake.ods_merged import merged_ranges_of_ods
from intake.raw_sheet import EMPTY_CELL, MAXIMUM_CELLS, Bytes, RawSheet
from intake.refusals import Refused
from intake.workbook_facts import counts_from_1904, has_foreign_xml
from intake.xlsb_merged import merged_ranges_of_xlsb

_ROWS_AT_A_TIME = 4096


def read_workbook(path: Path, file_format: FileFormat) -> Iterator[RawSheet]:
    """Yield each worksheet of a workbook in its order. Raises Refused when the workbook or a sheet can't be read."""
    epoch_1904 = counts_from_1904(path, file_format)
    workbook = _opened(path, file_format)
    # calamine takes XML in UTF-16 for an empty sheet, and says nothing.
    if has_foreign_xml(path, file_format) or not workbook.sheets_metadata:
        raise Refused("unreadable")
    told = _merged_ranges(path, file_format)
    for place, facts in enumerate(workbook.sheets_metadata):
        if facts.typ != python_calamine.SheetTypeEnum.WorkSheet:
            yield _nothing(facts.name, hidden=True, remark="not_a_worksheet")
            continue
        sheet = _sheet(workbook, place)
        hidden = facts.visible != python_calamine.SheetVisibleEnum.Visible
        read = _read_sheet(sheet, facts.name, hidden=hidden, epoch_1904=epoch_1904)
        yield replace(read, merged=told[facts.name]) if facts.name in told else read


def _opened(path: Path, file_format: FileFormat) -> python_calamine.CalamineWorkbook:
    # The library goes by the end of a file's name, and offices rename files freely.
    with tempfile.TemporaryDirectory(prefix="padan-") as folder:
        link = Path(folder) / f"workbook.{file_format}"
        link.symlink_to(path.absolute())
        try:
            return python_calamine.CalamineWorkbook.from_path(str(link))
        except python_calamine.ZipError:
            raise Refused("truncated") from None
        except BaseException as error:  # noqa: BLE001 - sorted, and raised again, by `_reason`
            raise _reason(error) from None


def _sheet(workbook: python_calamine.CalamineWorkbook, place: int) -> python_calamine.CalamineSheet:
    try:
        return workbook.get_sheet_by_index(place)
    except BaseException as error:  # noqa: BLE001 - sorted, and raised again, by `_reason`
        raise _reason(error) from None


def _reason(error: BaseException) -> BaseException:
    """The refusal that an error of the library stands for; what is none of its errors stays what it is."""
    if isinstance(error, python_calamine.PasswordError):
        return Refused("encrypted")
    if isinstance(error, python_calamine.CalamineError) and "Cell limit exceeded" in str(error):
        return Refused("too_large", limit=f"{MAXIMUM_CELLS}")
    if isinstance(error, python_calamine.CalamineError | OSError | ValueError):
        return Refused("unreadable")
    # A crafted .xls makes the library panic, which is no Exception.
    return Refused("reader_crashed") if type(error).__name__ == "PanicException" else error


def _merged_ranges(path: Path, file_format: FileFormat) -> dict[str, tuple[tuple[int, int, int, int], ...]]:
    """By sheet the merged ranges of the formats in which calamine does not tell them."""
    if file_format == "ods":
        return merged_ranges_of_ods(path)
    return merged_ranges_of_xlsb(path) if file_format == "xlsb" else {}


def _nothing(name: str, *, hidden: bool, remark: str = "") -> RawSheet:
    return RawSheet(name, (), np.empty((0, 0), np.uint8), hidden=hidden, remarks=(remark,) if remark else ())


def _read_sheet(sheet: python_calamine.CalamineSheet, name: str, *, hidden: bool, epoch_1904: bool) -> RawSheet:
    if sheet.end is None:
        return _nothing(name, hidden=hidden)
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height * width > MAXIMUM_CELLS:
        raise Refused("too_large", limit=f"{height} x {width}")
    cells, types = _columns(sheet, height, width)
    merged = tuple((first[0], first[1], last[0], last[1]) for first, last in (sheet.merged_cell_ranges or ()))
    return RawSheet(name, cells, types, hidden=hidden, merged=merged, epoch_1904=epoch_1904)


def _columns(sheet: python_calamine.CalamineSheet, height: int, width: int) -> tuple[tuple[pa.Array, ...], Bytes]:
    """The columns of a sheet, from A, and their type letters.

    Rows become columns some thousand at a time: a whole sheet as Python's values takes gigabytes, and is never in the processor's cache.
    """
    # What the library gives out row by row begins with the first row, but not with the first column.
    left = sheet.start[1] if sheet.start is not None else 0
    types = np.full((height, width), EMPTY_CELL, np.uint8)
    parts: list[list[pa.Array]] = [[] for _ in range(width - left)]
    rows, top = sheet.iter_rows(), 0
    while block := list(islice(rows, _ROWS_AT_A_TIME)):
        for place, values in enumerate(zip(*block, strict=True)):
            part, types[top : top + len(block), left + place] = mixed_column(values)
            parts[place].append(part)
        top += len(block)
    empty = [pa.nulls(height, pa.large_string())] * left
    return (*empty, *(pa.concat_arrays(column) for column in parts)), types
