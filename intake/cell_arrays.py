"""From a spreadsheet library's Python values to Arrow text columns with type letters, a column at a time.

Sixty million cells pass here, so nothing is done per cell in Python: a column of one kind is converted whole, one of few distinct
values by them, any other is split by kind first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.raw_sheet import BOOLEAN_CELL, DATE_CELL, EMPTY_CELL, NUMBER_CELL, TEXT_CELL, Bytes

EXACT_INTEGERS = 2.0**53
"""Above this a float no longer holds each integer, so its digits would be invented."""

_FEW = 3
"""Values per distinct one from which it is cheaper to look values up than to convert each."""

_KIND_OF_TYPE: dict[type, int] = {
    str: TEXT_CELL,
    float: NUMBER_CELL,
    int: NUMBER_CELL,
    bool: BOOLEAN_CELL,
    dt.date: DATE_CELL,
    dt.datetime: DATE_CELL,
    dt.time: DATE_CELL,
    dt.timedelta: DATE_CELL,
    type(None): EMPTY_CELL,
}


def text_column(values: Sequence[str]) -> tuple[pa.Array, Bytes]:
    """A column of texts, where '' means empty."""
    cells = pa.array(values, pa.large_string())
    empty = pc.equal(pc.binary_length(cells), 0)
    types = np.full(len(values), TEXT_CELL, np.uint8)
    if pc.any(empty).as_py():
        cells = pc.if_else(empty, pa.scalar(None, pa.large_string()), cells)
        types[empty.to_numpy(zero_copy_only=False)] = EMPTY_CELL
    return cells, types


def mixed_column(values: Sequence[Any]) -> tuple[pa.Array, Bytes]:
    """A column of whatever values a spreadsheet library returns: text, numbers, dates, booleans, '' or None for empty."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return text_column(values)
    if bool in kinds:  # True would be found where 1.0 is looked for
        return _by_kind(values)
    distinct = dict.fromkeys(values)
    if len(distinct) * _FEW > len(values):
        return _by_kind(values)
    cells, types = _by_kind(list(distinct))
    distinct.update(zip(distinct, range(len(distinct)), strict=True))
    places = np.fromiter(map(distinct.__getitem__, values), np.int64, len(values))
    return cells.take(pa.array(places)), types[places]


def _by_kind(values: Sequence[Any]) -> tuple[pa.Array, Bytes]:
    value_types = list(map(type, values))
    types = np.fromiter(map(_KIND_OF_TYPE.__getitem__, value_types), np.uint8, len(values))
    cells = np.full(len(values), None, dtype=object)
    kinds = set(value_types)
    for kind in kinds:
        places = np.flatnonzero(types == _KIND_OF_TYPE[kind]) if len(kinds) > 1 else np.arange(len(values))
        chosen = [values[place] for place in places.tolist()]
        cells[places] = _as_text(_KIND_OF_TYPE[kind], chosen)
    types[cells == ""] = EMPTY_CELL
    cells[types == EMPTY_CELL] = None
    return pa.array(cells, pa.large_string()), types


def _as_text(kind: int, values: list[Any]) -> npt.NDArray[np.object_]:
    if kind == NUMBER_CELL:
        return number_texts(np.array(values, dtype=np.float64))
    if kind == DATE_CELL:
        only_dates = set(map(type, values)) == {dt.date}
        return np.array(list(map(dt.date.isoformat if only_dates else _date_text, values)), dtype=object)
    if kind == BOOLEAN_CELL:
        return np.array(["TRUE" if value else "FALSE" for value in values], dtype=object)
    return np.array(values, dtype=object)


def number_texts(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """Integers below 2^53 as their exact digits, everything else by repr, so that no digit is invented or lost."""
    texts = np.empty(len(numbers), dtype=object)
    with np.errstate(invalid="ignore"):
        whole = (np.floor(numbers) == numbers) & (np.abs(numbers) < EXACT_INTEGERS)
    texts[whole] = pc.cast(pa.array(numbers[whole].astype(np.int64)), pa.large_string()).to_numpy(zero_copy_only=False)
    texts[~whole] = [repr(float(number)) for number in numbers[~whole]]
    return texts


def _date_text(value: Any) -> str:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
