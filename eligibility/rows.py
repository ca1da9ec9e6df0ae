"""Finding rows of one frame by the identifiers of another, by Arrow's hashes: an index of a million texts would take seconds to build."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.canonical import TEXT

Rows = npt.NDArray[np.int64]
"""Row numbers; -1 where there is no row."""


def rows_of(values: pd.Series, among: pd.Series) -> Rows:
    """For each value its row in `among`, the first that holds it; -1 where it is not there or missing."""
    found = pc.index_in(_arrow(values), value_set=_arrow(among), skip_nulls=True)
    return np.asarray(pc.fill_null(found, -1), dtype=np.int64)


def _arrow(values: pd.Series) -> pa.Array:
    array = pa.array(values.astype(TEXT), from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.large_string())


def taken_at(values: pd.Series, rows: Rows) -> pd.Series:
    """The values at these rows, missing at -1; with a fresh index."""
    return pd.Series(values.array.take(rows, allow_fill=True), name=values.name)
