"""The rows of spreadsheets as numbers, to tell which records stem from one row: its mentions, or tables that stand side by side."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Flags = npt.NDArray[np.bool_]


def row_numbers(records: pa.Table) -> npt.NDArray[np.int64]:
    """One number for each record's row of its sheet; equal only for records of the same delivery, file, sheet and row."""
    sheets = np.zeros(len(records), np.int64)
    for name in ("delivery_id", "file", "sheet"):
        encoded = pc.dictionary_encode(records.column(name).combine_chunks())
        sheets = sheets * max(len(encoded.dictionary), 1) + encoded.indices.to_numpy().astype(np.int64)
    _, sheets = np.unique(sheets, return_inverse=True)
    rows: npt.NDArray[np.int64] = sheets.astype(np.int64) * np.int64(1 << 32) + records.column("row").to_numpy().astype(np.int64)
    return rows


def all_of_the_row(records: pa.Table, chosen: Flags) -> Flags:
    """The chosen records of rows all of whose records are chosen."""
    if not chosen.any() or chosen.all():
        return chosen
    rows = row_numbers(records)
    others = rows[~chosen]
    torn = np.unique(others[np.isin(others, rows[chosen])])
    whole: Flags = chosen & ~np.isin(rows, torn) if len(torn) else chosen
    return whole


def spread_over_the_row(records: pa.Table, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each record the largest number that any record of its row has; 0 stands for none."""
    if not numbers.any():
        return numbers
    rows = row_numbers(records)
    marked, place = np.unique(rows[numbers > 0], return_inverse=True)
    largest = np.zeros(len(marked), np.int64)
    np.maximum.at(largest, place, numbers[numbers > 0])
    found = np.searchsorted(marked, rows)
    found[found == len(marked)] = 0
    spread: npt.NDArray[np.int64] = np.where(marked[found] == rows, largest[found], 0)
    return spread
