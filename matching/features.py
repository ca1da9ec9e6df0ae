"""What blocking and comparisons will ask of the distinct values of each column, found out beforehand.

Each feature is found out once, by whoever asks first, while others wait for it. Asked for one by one during blocking and comparing they
would keep one core busy and the other waiting; beforehand, one column is at work beside another.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from matching.columns import Tables, key_feature
from matching.compare import Comparer
from matching.levels import parse_level
from matching.pairs import Pairs
from matching.spec import Comparison, LinkSpec, key_column

FindOut = Callable[[], object]


def features_needed(comparer: Comparer, spec: LinkSpec) -> list[FindOut]:
    """Independent pieces of work that leave nothing to be found out later but what single pairs need; the longest first."""
    tables = comparer.tables
    levels = [partial(_levels, tables, comparison) for comparison in sorted(spec.comparisons, key=lambda each: -len(each.levels))]
    bands: list[FindOut] = [partial(comparer.bands, each) for each in spec.comparisons if each.frequency is not None]
    if spec.relatives is not None:
        bands.append(comparer.relative_bands)
    keys = {key: None for rule in spec.blocking for key in rule.keys}
    return [*levels, *bands, *(partial(_key, tables, key) for key in keys)]


def _levels(tables: Tables, comparison: Comparison) -> None:
    values = tables.columns[comparison.column].distinct
    if len(values):
        place = np.zeros(1, dtype=np.int64)
        for predicate, parameter in map(parse_level, comparison.levels):
            predicate(Pairs.of(values, place, place), parameter)


def _key(tables: Tables, key: str) -> None:
    values = tables.columns[key_column(key)].distinct
    if values.words(key_feature(key)) is None:
        values.padded(key_feature(key))
