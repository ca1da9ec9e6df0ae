"""Finding rows by identifier, fast enough for a regency: the one join that this package needs, on Arrow hashes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Positions = npt.NDArray[np.int64]
"""Row positions; -1 where there is no row."""


def _arrow(values: pd.Series) -> pa.Array:
    array = pa.array(values)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def positions_of(values: pd.Series, among: pd.Series) -> Positions:
    """For each value the position of the first row of `among` that holds it; -1 where none does, and for missing values."""
    found = pc.index_in(_arrow(values.astype("string[pyarrow]")), value_set=_arrow(among.astype("string[pyarrow]")), skip_nulls=True)
    return np.asarray(pc.fill_null(found, -1)).astype(np.int64)


def taken_at(values: pd.Series, positions: Positions) -> pd.Series:
    """The values at these positions, missing where the position is -1; with a fresh index."""
    array = values.array.take(positions, allow_fill=True)
    return pd.Series(array, index=pd.RangeIndex(len(positions)), name=values.name)


def first_positions(entities: Positions, order: Positions, count: int) -> Positions:
    """For each of `count` entities the first row in `order` (best first) that belongs to it; -1 where none does.

    `entities` gives the entity of each row, -1 for none. Written backwards, so that the best row is the last to be written.
    """
    found = np.full(count, -1, dtype=np.int64)
    backwards = order[::-1]
    owner = entities[backwards]
    known = owner >= 0
    found[owner[known]] = backwards[known]
    return found
