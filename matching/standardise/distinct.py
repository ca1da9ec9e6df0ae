"""Apply a function once per distinct value of a text column and spread the results back by index."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pd.StringDtype("pyarrow")

_TEXTS = (pa.string(), pa.large_string())

Codes = npt.NDArray[np.int32]


def arrow_text(values: pd.Series) -> Any:
    """The column as one Arrow string array; numbers and dates are written out, missing stays null."""
    dtype = values.dtype
    if isinstance(dtype, pd.StringDtype) or (isinstance(dtype, pd.ArrowDtype) and dtype.pyarrow_dtype in _TEXTS):
        array = pa.array(values)
    elif pd.api.types.is_datetime64_any_dtype(values.dtype):
        array = pa.array(values.dt.strftime("%Y-%m-%d"), type=pa.string())
    else:
        array = pa.array(values.astype(TEXT))
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.cast(pa.string())


def encode(array: Any) -> tuple[Codes, Any]:
    """Integer code of each value (-1 where null) and the distinct values that the codes stand for."""
    dictionary = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    if isinstance(dictionary, pa.ChunkedArray):
        dictionary = dictionary.combine_chunks()
    codes = pc.fill_null(dictionary.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes, dictionary.dictionary


def encode_together(left: pd.Series, right: pd.Series) -> tuple[Codes, Any]:
    """The same for two columns, one behind the other; columns that come with dictionaries are not written out."""
    chunks = [chunk for values in (left, right) for chunk in _dictionary_chunks(values)]
    if len(chunks) < 2 or not all(pa.types.is_dictionary(chunk.type) for chunk in chunks):
        return encode(pa.concat_arrays([arrow_text(left), arrow_text(right)]))
    types = pa.dictionary(pa.int32(), pa.string())
    return encode(pa.chunked_array([chunk.cast(types) for chunk in chunks]).unify_dictionaries())


def _dictionary_chunks(values: pd.Series) -> list[Any]:
    """Chunks of a column of text that holds dictionaries; one that is none stands for any other column."""
    dtype = values.dtype
    if isinstance(dtype, pd.ArrowDtype) and pa.types.is_dictionary(dtype.pyarrow_dtype):
        array = pa.array(values)
        return list(array.chunks) if isinstance(array, pa.ChunkedArray) else [array]
    return [pa.nulls(0)]


def spread(distinct: Any, codes: Codes) -> pd.Series:
    """The distinct results at each row's code, as a text column; code -1 is missing."""
    indices = pa.array(codes, mask=codes < 0)
    return pd.Series(distinct.take(indices), dtype=TEXT)


def taken(values: pd.Series, places: npt.NDArray[np.int64]) -> pd.Series:
    """Values at these places as text, missing where the place is -1."""
    return pd.Series(arrow_text(values).take(pa.array(places, mask=places < 0)), dtype=TEXT)


def on_distinct(values: pd.Series, function: Callable[[Any], Any]) -> pd.Series:
    """``function`` (Arrow strings to Arrow strings of equal length) applied to the distinct values of ``values``.

    An empty result counts as missing. The index of ``values`` is kept.
    """
    codes, distinct = encode(arrow_text(values))
    return like(spread(blank_to_null(function(distinct)), codes), values)


def like(result: pd.Series, values: pd.Series) -> pd.Series:
    """The result with the index and the name of the column it was made from."""
    return pd.Series(result.array, index=values.index, name=values.name, dtype=result.dtype)


def blank_to_null(array: Any) -> Any:
    """Empty strings become null: a value that standardises to nothing says nothing."""
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
