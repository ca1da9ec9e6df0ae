"""An order of rows that comes from their content, so that the order of files, threads and rows changes no link."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.distinct import arrow_text, encode
from matching.tables import Source

Order = npt.NDArray[np.int64]


def content_order(table: Source, id_column: str, columns: tuple[str, ...]) -> Order | None:
    """Positions of the rows of ``table`` sorted by ``columns``, missing first, then by id; ``None`` when they are in order already.

    Raises ValueError when an id is missing or not unique, naming the table and the column, never a value.
    """
    values = table.column(id_column)
    others = [column_rank(table.column(column)) for column in columns if column != id_column]
    if _stands_in_order(others, values):
        return None
    ids = column_rank(values)
    if len(ids) and ids.min() < 0:
        raise ValueError(f"the {table.name} table's id {id_column!r} is missing in {int((ids < 0).sum())} rows")
    ranks = [*others, ids]
    by_id = np.sort(ids)
    if repeated := int(np.count_nonzero(by_id[1:] == by_id[:-1])):
        raise ValueError(f"the {table.name} table's id {id_column!r} is not unique: {repeated} rows repeat one")
    order = np.argsort(ids, kind="stable") if len(ranks) == 1 else np.lexsort(ranks[::-1])
    return None if bool((order[1:] > order[:-1]).all()) else order


def _stands_in_order(ranks: list[Order], ids: pd.Series) -> bool:
    """Whether rows stand in order by ranks, or by the texts of their ids alone, and ids are there and differ: quicker seen than sorted."""
    if pd.api.types.is_integer_dtype(ids.dtype):
        return False
    text = arrow_text(ids)
    if text.null_count:
        return False
    if not ranks:
        return bool(pc.all(pc.less(text[:-1], text[1:]), min_count=0).as_py())
    level = np.ones(max(len(text) - 1, 0), dtype=bool)
    for rank in ranks:
        if bool((rank[1:] < rank[:-1])[level].any()):
            return False
        level &= rank[1:] == rank[:-1]
    return not level.any() and pc.count_distinct(text).as_py() == len(text)


def column_rank(values: pd.Series) -> Order:
    """A number per row that sorts as the values do; missing is -1, the least."""
    if pd.api.types.is_integer_dtype(values.dtype):
        numbers = values.to_numpy(dtype=np.int64, na_value=np.iinfo(np.int64).min)
        return np.asarray(numbers) if len(numbers) and numbers.min() >= 0 else np.asarray(pd.factorize(numbers, sort=True)[0])
    text = arrow_text(values)
    if digits_of_one_length(text):
        return np.asarray(text.cast(pa.int64()).to_numpy(zero_copy_only=False))
    codes, distinct = encode(text)
    rank = np.empty(len(distinct) + 1, dtype=np.int64)
    rank[pc.sort_indices(distinct).to_numpy()] = np.arange(len(distinct))
    rank[-1] = -1
    return rank[codes]


def digits_of_one_length(text: pa.StringArray) -> bool:
    """Whether all values are digits of one length: such text sorts as numbers do, and numbers sort fast."""
    if len(text) == 0 or text.null_count:
        return False
    lengths = pc.min_max(pc.binary_length(text))
    least, most = lengths["min"].as_py(), lengths["max"].as_py()
    return bool(least == most and 0 < most <= 18 and pc.all(pc.ascii_is_decimal(text)).as_py())
