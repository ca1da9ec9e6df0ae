"""The expectation that a column is filled, also one that an office may leave out of its list."""

from __future__ import annotations

import re
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.expectations_base import ERRORS_COLUMN, ArrowColumns, ColumnExpectation, ExpectationResult, Flags

_ONE_TABLE = ("delivery_id", "file", "sheet", "mention")
"""Columns of a records frame that tell one table of one sheet, and whom of its rows a record is about."""


class ColumnFilled(ColumnExpectation):
    """At least this share of the rows has a value in the column; every row is judged.

    With `read_from` (the columns of the contract that it is read from) the column may be lacking: where a sheet has nothing in it,
    neither a value nor an unusable cell, nobody promised it there, and the sheet's rows are not judged. A column that no sheet has
    is reported (`warn`: filled in no row) and refuses nothing.
    """

    expect: Literal["column_filled"] = "column_filled"
    read_from: tuple[str, ...] = ()

    def verdicts(self, columns: ArrowColumns) -> pa.BooleanArray:
        """True where there is a value, null where there is no such column."""
        filled = columns.plain(self.column).is_valid()
        if not self.read_from or not len(filled):
            return filled
        there = self._column_is_there(columns, filled)
        if not there.any() and self.severity == "warn":
            return filled
        return pc.if_else(pa.array(there), filled, pa.scalar(None, pa.bool_()))

    def _column_is_there(self, columns: ArrowColumns, filled: pa.BooleanArray) -> Flags:
        """Rows of the sheets, and of the people whom their rows mention, for whom the column holds anything."""
        written = filled.to_numpy(zero_copy_only=False).astype(np.bool_)
        if ERRORS_COLUMN in columns:
            errors = columns.encoded(ERRORS_COLUMN)
            noted = pc.match_substring_regex(errors.dictionary, f"(?:^| )(?:{'|'.join(map(re.escape, self.read_from))}):")
            written |= pc.fill_null(noted.take(errors.indices), fill_value=False).to_numpy(zero_copy_only=False)
        groups = columns.groups(tuple(name for name in _ONE_TABLE if name in columns))
        holds: Flags = np.bincount(groups, weights=written) > 0
        return holds[groups]

    def judge_missing_column(self, rows: int) -> ExpectationResult:
        """A column that is not there is filled in no row."""
        return self.result(rows, rows, success=False, observed=0.0, column_missing=True)
