"""What tables say, as numbers: whether a table is still the one that it was, and which of its rows say something else.

Everything here comes from the cells as they were written, so that it is known before anything is standardised or encoded. A cell that is
written another way is another one, even if it means the same: that costs looking at its row again, and changes nothing.
"""

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from matching.ordering import Order
from matching.standardise.distinct import arrow_text
from matching.standardise.tokens import Hashes, mixed
from matching.tables import Source

_WORD = 8  # bytes of a text that are taken at a time
_EVERYTHING = np.uint64(0xFFFFFFFFFFFFFFFF)  # all bits; it also stands for a missing cell, and an empty one


def table_fingerprint(table: Source, columns: Iterable[str], order: Order | None) -> str:
    """Hash of these columns of a table in the ``order`` of its content; columns that it does not have are passed over."""
    present = [name for name in columns if name in table]
    with ThreadPoolExecutor(2) as threads:  # hashing and Arrow leave Python's lock
        digests = list(threads.map(lambda name: _column_digest(table.column(name), order), present))
    whole = hashlib.sha256(str(table.rows).encode())
    for name, digest in zip(present, digests, strict=True):
        whole.update(f"\0{name}\0".encode() + digest)
    return whole.hexdigest()


def row_numbers(table: Source, columns: Iterable[str]) -> Hashes:
    """One number per row, equal where all these columns are written the same."""
    present = [name for name in columns if name in table]
    numbers = np.zeros(table.rows, dtype=np.uint64)
    with ThreadPoolExecutor(2) as threads:
        for of_column in threads.map(lambda name: cell_numbers(table.column(name)), present):
            numbers = mixed(numbers ^ of_column)
    return numbers


def cell_numbers(values: pd.Series) -> Hashes:
    """One number per cell, equal where the cell is; it does not depend on what other cells there are."""
    plain = _plain_numbers(values)
    return text_numbers(values) if plain is None else mixed(plain)


def text_numbers(values: pd.Series) -> Hashes:
    """A number per text, equal where the text is; it does not depend on which other texts there are."""
    text = arrow_text(values)
    if not len(text):
        return np.empty(0, dtype=np.uint64)
    offsets, letters = _letters(text)
    starts, lengths = offsets[:-1].astype(np.int64), np.diff(offsets).astype(np.int64)
    words = _eight_bytes(letters)
    numbers = mixed(lengths.astype(np.uint64))
    for place in range(0, int(lengths.max(initial=0)), _WORD):
        longer = np.flatnonzero(lengths > place)
        rest = np.minimum(lengths[longer] - place, _WORD).astype(np.uint64)
        read = words.take(starts[longer] + place) & (_EVERYTHING >> (np.uint64(8) * (np.uint64(_WORD) - rest)))
        numbers[longer] = mixed(numbers[longer] ^ read)
    says_nothing = lengths == 0
    if text.null_count:
        says_nothing |= text.is_null().to_numpy(zero_copy_only=False)
    numbers[says_nothing] = _EVERYTHING
    return numbers


def _letters(text: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each of some Arrow strings begins, with the end of the last one, and their bytes."""
    offsets = np.frombuffer(text.buffers()[1], dtype=np.int32)[text.offset : text.offset + len(text) + 1]
    data = text.buffers()[2]
    letters = np.empty(0, dtype=np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)
    return offsets - offsets[0], letters[int(offsets[0]) : int(offsets[-1])]


def _eight_bytes(letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """For each byte, it and the seven behind it as one number; behind the last one are zeros."""
    padded = np.concatenate((letters, np.zeros(_WORD, dtype=np.uint8)))
    return np.ndarray((len(letters) + 1,), dtype="<u8", buffer=padded, strides=(1,))


def _plain_numbers(values: pd.Series) -> Hashes | None:
    """Times, numbers and flags as 64 bits; ``None`` for everything else."""
    dtype = values.dtype
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return np.ascontiguousarray(values.to_numpy().astype("datetime64[s]")).view(np.uint64)
    if pd.api.types.is_bool_dtype(dtype) or pd.api.types.is_float_dtype(dtype):
        floats: npt.NDArray[np.float64] = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(np.isnan(floats), np.nan, floats + 0.0).view(np.uint64)
    if pd.api.types.is_integer_dtype(dtype):
        return np.ascontiguousarray(values.to_numpy(dtype=np.int64, na_value=np.iinfo(np.int64).min)).view(np.uint64)
    return None


def _column_digest(values: pd.Series, order: Order | None) -> bytes:
    plain = _plain_numbers(values)
    if plain is not None:
        return hashlib.sha256(_ordered(plain, order, np.take)).digest()
    text = _ordered(arrow_text(values), order, lambda array, places: array.take(pa.array(places)))
    digest = hashlib.sha256(np.packbits(text.is_valid().to_numpy(zero_copy_only=False)).data)
    if len(text):
        offsets, letters = _letters(text)
        digest.update(offsets.data)
        digest.update(letters.data)
    return digest.digest()


def _ordered(values: Any, order: Order | None, take: Callable[[Any, Order], Any]) -> Any:
    return values if order is None else take(values, order)
