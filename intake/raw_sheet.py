"""One sheet as it stands in its file: every row, every cell as text, with the type that the file gave it.

All readers end here, and everything after starts here. Columns are Arrow arrays, because a register workbook has millions of
cells; the row and column numbers are those of the spreadsheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

TEXT_CELL, NUMBER_CELL, DATE_CELL, BOOLEAN_CELL, ERROR_CELL, EMPTY_CELL = (ord(letter) for letter in "TNDBE_")
MAXIMUM_CELLS = 80_000_000
"""Rows times columns of one sheet: 1,048,576 rows of 64 columns stay below, one stray cell at XFD1048576 does not."""
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column of a merged range, 0-based."""


@dataclass(frozen=True)
class RawSheet:
    """A sheet's cells. `cells[j]` holds column j as large_string, null where empty; `types[i, j]` its type letter.

    `field_counts` is known for text files only: how many fields each line really had, 0 for a blank line.
    """

    name: str
    cells: tuple[pa.Array, ...]
    types: Bytes
    hidden: bool = False
    merged: tuple[Range, ...] = ()
    epoch_1904: bool = False
    field_counts: npt.NDArray[np.int32] | None = None
    remarks: tuple[str, ...] = field(default=())
    """What the reader noticed, as codes: `encoding:cp1252`, `delimiter:;`."""

    @property
    def height(self) -> int:
        """Number of rows, from row 1 to the last one that holds anything."""
        return int(self.types.shape[0])

    @property
    def width(self) -> int:
        """Number of columns, from A to the last one that holds anything."""
        return len(self.cells)

    def row_texts(self, row: int) -> list[str | None]:
        """The cells of one row (0-based)."""
        return [column[row].as_py() for column in self.cells]

    def types_as_text(self) -> pa.Array:
        """One text per row, a letter per cell: the column `types` of a raw frame."""
        rows, width = self.types.shape
        offsets = np.arange(rows + 1, dtype=np.int64) * width
        letters = np.ascontiguousarray(self.types)
        return pa.LargeStringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(letters))

    def filled(self) -> npt.NDArray[np.bool_]:
        """Which cells hold something that can be seen: not empty, and not only spaces."""
        filled: npt.NDArray[np.bool_] = self.types != EMPTY_CELL
        for place, column in enumerate(self.cells):
            blank = pc.fill_null(pc.utf8_is_space(column), False)
            if pc.any(blank).as_py():
                filled[:, place] &= ~blank.to_numpy(zero_copy_only=False)
        return filled


def column_letter(place: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_place(letters: str) -> int:
    """The 0-based number of a column: A is 0, AA is 26. Raises ValueError for what is no column's name."""
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        raise ValueError("a column is named by one to three letters")
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1
