"""Parts of a sheet as sheets of their own: some rows, some columns, or with columns that the office did not write but meant.

A part keeps the columns' numbers, so that a value still leads back to its cell; its rows count from its top.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from intake.raw_sheet import EMPTY_CELL, TEXT_CELL, Bytes, RawSheet

_TEXT = pa.large_string()


def rows_between(sheet: RawSheet, top: int, bottom: int) -> RawSheet:
    """The rows from `top` up to, not including, `bottom` (0-based)."""
    if top == 0 and bottom >= sheet.height:
        return sheet
    merged = tuple(
        (first - top, left, min(last, bottom - 1) - top, right) for first, left, last, right in sheet.merged if top <= first < bottom
    )
    counts = None if sheet.field_counts is None else sheet.field_counts[top:bottom]
    cells = tuple(column.slice(top, bottom - top) for column in sheet.cells)
    return replace(sheet, cells=cells, types=sheet.types[top:bottom], merged=merged, field_counts=counts)


def only_columns(sheet: RawSheet, places: Collection[int]) -> RawSheet:
    """The sheet with all other columns emptied."""
    nothing = pa.nulls(sheet.height, _TEXT)
    types = sheet.types.copy()
    others = [place for place in range(sheet.width) if place not in places]
    types[:, others] = EMPTY_CELL
    cells = tuple(column if place in places else nothing for place, column in enumerate(sheet.cells))
    merged = tuple(range_ for range_ in sheet.merged if range_[1] in places)
    return replace(sheet, cells=cells, types=types, merged=merged)


def with_columns(sheet: RawSheet, added: Sequence[pa.Array]) -> RawSheet:
    """The sheet with further columns of text to its right."""
    kinds = [np.where(pc.is_valid(column).to_numpy(zero_copy_only=False), TEXT_CELL, EMPTY_CELL).astype(np.uint8) for column in added]
    types: Bytes = np.column_stack([sheet.types, *kinds])
    return replace(sheet, cells=(*sheet.cells, *added), types=types)


def filled_down(sheet: RawSheet, after: int) -> tuple[RawSheet, dict[int, pa.Array]]:
    """The sheet with each merged cell's value in all rows that the cell spans, and by column which cells were filled.

    A spreadsheet keeps the value of a merged cell in its first row only. Only ranges below row `after` count: those of headers are titles.
    """
    sources: dict[int, np.ndarray] = {}
    for top, left, bottom, _ in sheet.merged:
        if bottom > top > after and left < sheet.width:
            taken = sources.setdefault(left, np.arange(sheet.height))
            taken[top : min(bottom, sheet.height - 1) + 1] = top
    if not sources:
        return sheet, {}
    cells, types, filled = list(sheet.cells), sheet.types.copy(), {}
    for place, taken in sources.items():
        before = cells[place]
        spread = before.take(pa.array(taken))
        filled[place] = pc.and_(pc.is_null(before), pc.is_valid(spread))
        cells[place] = pc.coalesce(before, spread)
        types[:, place] = np.where(filled[place].to_numpy(zero_copy_only=False), types[taken, place], types[:, place])
    return replace(sheet, cells=tuple(cells), types=types), filled
