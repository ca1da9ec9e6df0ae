"""Our comparisons inside ``recordlinkage.Compare``, for whoever works with that library.

``Compare([level_feature("name", "name", ColumnSpec(kind="name"), ("equal", "same_sound", "jaro_winkler 0.9"))])`` standardises both columns
and gives each pair a similarity: 1 at the first level, evenly less at each further one, 0 where none holds, missing where a value is.
"""

from typing import Any

import numpy as np
import pandas as pd

from matching.columns import encode_column
from matching.compare import levels_of
from matching.levels import parse_level
from matching.spec import ColumnSpec


def similarities(left: pd.Series, right: pd.Series, column: ColumnSpec, levels: tuple[str, ...]) -> pd.Series:
    """Similarity of each value on the left with the one at the same place on the right; the index is that of ``left``."""
    for level in levels:
        parse_level(level)
    encoded = encode_column(left.reset_index(drop=True), right.reset_index(drop=True), column)
    present = np.flatnonzero((encoded.left >= 0) & (encoded.right >= 0))
    result = np.full(len(left), np.nan)
    reached = levels_of(encoded.distinct, encoded.left[present], encoded.right[present], levels)
    result[present] = 1 - (reached - 1) / len(levels)
    return pd.Series(result, index=left.index)


def level_feature(left_on: str, right_on: str, column: ColumnSpec, levels: tuple[str, ...], label: str | None = None) -> Any:
    """A feature for ``recordlinkage.Compare``; needs recordlinkage installed. Raises ValueError for an unknown level."""
    from recordlinkage.base import BaseCompareFeature

    class LevelFeature(BaseCompareFeature):  # type: ignore[misc]
        """Levels of agreement as a similarity."""

        def _compute_vectorized(self, left: pd.Series, right: pd.Series) -> pd.Series:
            return similarities(left, right, column, levels)

    for level in levels:
        parse_level(level)
    return LevelFeature(left_on, right_on, label=label or left_on)
