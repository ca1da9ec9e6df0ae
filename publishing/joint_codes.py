"""Columns of few different values, taken together: one code for each combination that occurs.

Of a regency's persons, sex, religion, schooling and a dozen more columns make some hundred combinations: who writes the rows handles
one small number per row for all of them, and each combination once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from publishing.prepared import compact

_MOST_COMBINATIONS = 1 << 14
"""More would not stay in the processor's cache while they are looked up."""
_MOST_POSSIBLE = 1 << 22

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class JointColumns:
    """Columns that are written together. `codes`: for each row its combination, a row of `combinations`."""

    codes: Codes
    combinations: pa.Table


def joint_columns(rows: pa.Table) -> Iterator[JointColumns]:
    """The columns of few values in as few groups as the number of combinations allows; a column that stays alone is in none."""
    coded = {name: _coded(rows[name].combine_chunks()) for name in rows.column_names if len(rows)}
    few = {name: array for name, array in coded.items() if array is not None and len(array.dictionary) < _MOST_COMBINATIONS}
    group: list[str] = []
    codes, combinations = np.zeros(len(rows), dtype=np.int64), np.zeros((1, 0), dtype=np.int64)
    for name in sorted(few, key=lambda name: (len(few[name].dictionary), name)):
        values = len(few[name].dictionary) + 1
        own = few[name].indices.fill_null(values - 1).to_numpy(zero_copy_only=False).astype(np.int64)
        together = _together(codes, combinations, own, values) if len(combinations) * values <= _MOST_POSSIBLE else None
        if together is None:
            yield from _joint(codes, combinations, group, few)
            group, together = [], _together(np.zeros(len(rows), dtype=np.int64), np.zeros((1, 0), dtype=np.int64), own, values)
            assert together is not None
        codes, combinations = together
        group.append(name)
    yield from _joint(codes, combinations, group, few)


def _coded(array: pa.Array) -> pa.DictionaryArray | None:
    """A column as codes and its different values; None where these are many, or numbers that are hardly ever equal."""
    if pa.types.is_boolean(array.type):
        return pa.DictionaryArray.from_arrays(array.cast(pa.int32()), pa.array([False, True]))
    if pa.types.is_integer(array.type):
        array = compact(array)
    return array if pa.types.is_dictionary(array.type) else None


def _together(codes: Codes, combinations: Codes, own: Codes, values: int) -> tuple[Codes, Codes] | None:
    """The codes and combinations with one column more; None where the combinations become too many."""
    possible = codes * values + own
    occurs = np.zeros(len(combinations) * values, dtype=np.bool_)
    occurs[possible] = True
    found = np.flatnonzero(occurs)
    if len(found) > _MOST_COMBINATIONS:
        return None
    places = np.cumsum(occurs) - 1
    return places[possible], np.column_stack([combinations[found // values], found % values])


def _joint(codes: Codes, combinations: Codes, group: Sequence[str], few: dict[str, pa.DictionaryArray]) -> Iterator[JointColumns]:
    if len(group) < 2:
        return
    columns = []
    for place, name in enumerate(group):
        own = combinations[:, place]
        known = own < len(few[name].dictionary)
        columns.append(few[name].dictionary.take(pa.array(own, mask=~known)))
    yield JointColumns(codes, pa.table(columns, names=list(group)))
