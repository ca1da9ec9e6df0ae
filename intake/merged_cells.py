"""Values that a merged cell gives to the rows that it spans, noted as repairs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.cells.parsed import ParsedColumn
from intake.typed_table import TypedTable

RULE = "merged_cell"
_TEXT = pa.large_string()


def note_filled(typed: TypedTable, columns: Mapping[str, int], rows: npt.NDArray[np.int64], filled: Mapping[int, pa.Array]) -> None:
    """Give each cell that was filled from a merged one the rule `merged_cell`, unless it was repaired otherwise too. Changes `typed`."""
    for name, place in columns.items():
        if place not in filled:
            continue
        was_filled = filled[place].take(pa.array(rows))
        if not pc.any(was_filled).as_py():
            continue
        group = typed.parsed if name in typed.parsed else typed.notes
        column = group.get(name, ParsedColumn(typed.originals[name]))
        rules = pa.nulls(typed.length, _TEXT) if column.rules is None else column.rules
        rules = pc.if_else(pc.and_(was_filled, pc.is_null(rules)), pa.scalar(RULE, _TEXT), rules)
        group[name] = ParsedColumn(column.values, column.errors, rules)
