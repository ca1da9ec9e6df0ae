"""Workbooks for people, written so that what an office once typed stays text and can do nothing.

A cell of a stranger's list may begin with `=`: Excel would run it. Every text is written as text here, in a text format, so that it stays
text when somebody edits it, and an identity number keeps all its sixteen digits. Equal content gives equal bytes. What a cell says, which
cells are locked and which offer a list is the caller's: `open_workbook` gives xlsxwriter's own workbook.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - xlsx knows no zones; a fixed day, so that equal content gives equal bytes
LONGEST_CELL = 32_767
"""Characters that a cell of a workbook may hold."""
LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")

Value = str | int | float | bool | dt.date | None


@contextmanager
def open_workbook(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """A workbook that appears under its name only when it is whole, readable by its owner alone (0600).

    Use `text_format` for columns of text and `write_cell` or `write_row` for values that come from outside.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    workbook = xlsxwriter.Workbook(
        str(unfinished),
        # In memory, since files on disk would bring the umask's permissions into the archive.
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )
    workbook.set_properties({"created": CREATED, "author": "Padan"})
    try:
        yield workbook
        workbook.close()
        unfinished.chmod(0o600)
        with unfinished.open("rb") as stream:
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def text_format(workbook: xlsxwriter.Workbook, **properties: Any) -> Format:
    """A format in which what is typed stays text: for every column of names, identifiers and an office's own cells."""
    return workbook.add_format({"num_format": "@", "valign": "top"} | properties)


def write_cell(sheet: Worksheet, row: int, column: int, value: Value, cell_format: Format | None = None) -> None:
    """One value at a 0-based place: text always as text, a missing value (None, NaN) as an empty cell, dates as ISO text."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        sheet.write_blank(row, column, None, cell_format)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, cell_format)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, cell_format)
    else:
        text = value.isoformat() if isinstance(value, dt.date) else str(value)
        sheet.write_string(row, column, text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…", cell_format)


def write_row(sheet: Worksheet, row: int, values: Sequence[Value], cell_format: Format | None = None, *, first_column: int = 0) -> None:
    """Values side by side from a 0-based place."""
    for place, value in enumerate(values):
        write_cell(sheet, row, first_column + place, value, cell_format)


def sheet_name(wanted: str, taken: Sequence[str] = ()) -> str:
    """A name that Excel allows and that no other sheet has: at most 31 characters, without brackets, colons, stars and slashes."""
    base = _NOT_IN_SHEET_NAMES.sub("-", wanted).strip("' ")[:LONGEST_SHEET_NAME] or "-"
    names = {name.casefold() for name in taken}
    name, count = base, 1
    while name.casefold() in names:
        count += 1
        name = f"{base[: LONGEST_SHEET_NAME - len(str(count)) - 3]} ({count})"
    return name
