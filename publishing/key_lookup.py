"""Finding rows by a text key, fast: Arrow's hash lookup, where a pandas merge of a million text keys takes twenty seconds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.canonical import TEXT


def positions_of(values: pd.Series[Any], keys: pd.Series[Any]) -> npt.NDArray[np.int64]:
    """For each value its place among `keys` (the first, if there are several), -1 where it is missing or not among them."""
    found = pc.index_in(_arrow(values), value_set=_arrow(keys), skip_nulls=True)
    return np.asarray(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def looked_up(values: pd.Series[Any], places: npt.NDArray[np.int64], index: pd.Index[Any]) -> pd.Series[Any]:
    """The value at each place, with this index; missing where the place is -1."""
    taken = values.astype(TEXT).array.take(places, allow_fill=True)
    return pd.Series(taken, index=index, dtype=TEXT)


def _arrow(values: pd.Series[Any]) -> pa.Array:
    plain = pa.array(values.astype(TEXT), from_pandas=True)
    plain = plain.combine_chunks() if isinstance(plain, pa.ChunkedArray) else plain
    return plain.cast(pa.large_string())
