"""The state of a house: of all that was recorded, the value that survives.

For each column on its own: the newest record that speaks; of equally new ones the most trusted source's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from schemas.canonical import BY_NAME, HOUSING_COLUMNS

_NATURAL_ORDER = ("source", "delivery_id", "file", "sheet", "row", "mention")


def by_survivorship(records: pd.DataFrame, trust: Mapping[str, int]) -> pd.DataFrame:
    """The records, the one that is believed first in front: newest, then most trusted, then by place in the files.

    `records` has delivered_on and source; undated deliveries are older than all dated ones.
    """
    order = pd.DataFrame(
        {"newest": records["delivered_on"].to_numpy(), "trust": records["source"].map(trust).fillna(0).to_numpy()}, index=records.index
    )
    natural = [name for name in _NATURAL_ORDER if name in records]
    order[natural] = records[natural]
    positions = pd.RangeIndex(len(records))
    ranked = order.set_axis(positions).sort_values(
        ["newest", "trust", *natural], ascending=[False, False, *([True] * len(natural))], na_position="last"
    )
    return records.iloc[ranked.index.to_numpy()]


def surviving_housing(records: pd.DataFrame, house: pd.Series, trust: Mapping[str, int]) -> pd.DataFrame:
    """One row per house (index): the columns of HOUSING_COLUMNS. `house` names the house of each record, by the same index."""
    present = [name for name in HOUSING_COLUMNS if name in records]
    speaking = records[records[present].notna().any(axis=1).to_numpy()]
    ranked = by_survivorship(speaking, trust)
    # `first` skips missing values, column by column.
    first = ranked[present].groupby(house.reindex(ranked.index), sort=False).first()
    columns = {name: first[name].astype(_dtype(name)) if name in first else _nothing(name, first.index) for name in HOUSING_COLUMNS}
    return pd.DataFrame(columns, index=first.index)


def _nothing(name: str, index: pd.Index) -> pd.Series:
    return pd.Series(index=index, dtype=_dtype(name))


def _dtype(name: str) -> Any:
    return BY_NAME[name].dtype
