"""The raw rows of many sheets as one table: positional, lossless, as wide as the widest sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from intake.file_job import read_arrow

_TEXT = pa.large_string()
_PLACE: tuple[tuple[str, pa.DataType], ...] = (
    ("delivery_id", _TEXT),
    ("file", _TEXT),
    ("sheet", _TEXT),
    ("row", pa.int32()),
    ("types", _TEXT),
)


def joined_raw(paths: Sequence[Path]) -> pa.Table:
    """Stack raw tables; a sheet that is narrower than another has nothing in the columns that it lacks."""
    tables = [read_arrow(path) for path in paths]
    width = max((table.num_columns - len(_PLACE) for table in tables), default=0)
    schema = pa.schema([*_PLACE, *((f"c{place:03d}", _TEXT) for place in range(width))])
    widened = []
    for table in tables:
        # By place and not by name: a sheet may have 16,384 columns, and each search would pass all names.
        missing = len(schema.names) - table.num_columns
        widened.append(pa.table([*table.columns, *[pa.nulls(len(table), _TEXT)] * missing], schema=schema))
    return pa.concat_tables([schema.empty_table(), *widened])
