"""Finding rows of one frame by the identifiers of another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Rows = npt.NDArray[np.int64]
"""Row numbers; -1 where there is no row."""


def rows_of(values: pd.Series, among: pd.Series) -> Rows:
    """For each value its row in `among`, whose values differ; -1 where it is not there or missing."""
    rows = pd.Index(among).get_indexer(pd.Index(values)).astype(np.int64)
    return np.where(values.isna(), -1, rows)


def taken_at(values: pd.Series, rows: Rows) -> pd.Series:
    """The values at these rows, missing at -1; with a fresh index."""
    return pd.Series(values.array.take(rows, allow_fill=True), name=values.name)
