"""A 64-bit fingerprint for each row of a table, the same on every machine, in every process, in every version.

A publication writes only what changed, so it must tell in seconds which of millions of rows did. pandas and Python offer
hashes, but neither promises to keep its values from one version to the next, and these fingerprints are stored. This one is
defined by integer arithmetic alone (all modulo 2^64):

- A text is the polynomial T[b0]·R^0 + T[b1]·R^1 + … over its UTF-8 bytes, where T holds 256 fixed pseudo-random numbers and
  R is a fixed odd number; its length is added and the sum is mixed.
- A number is mixed as its 64-bit pattern (-0.0 as 0.0); days and instants are counts since 1970; a missing value has a constant of its own.
- A row folds its columns in order, so that a value that moves to another column changes the fingerprint.

Two different rows share a fingerprint with a chance of 2^-64; for three million rows the chance of any such pair is 2·10^-7.
It is not a cryptographic hash: it finds changes, it does not keep secrets.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Hashes = npt.NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_RADIX = 0xD6E8FEB86659FD93
_MISSING = np.uint64(0xA5A3564C1B2D87F1)
# Bytes handled at once: the tables of powers stay in the processor's cache (64 K numbers of 8 bytes).
_BLOCK = 1 << 16


def mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64: a bijection that spreads every bit of the input over the output."""
    values = values + _GOLDEN
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return cast("Hashes", values ^ (values >> np.uint64(31)))


def folded(first: Hashes, second: Hashes) -> Hashes:
    """One fingerprint from two, in this order."""
    return mixed(first * np.uint64(5) ^ second)


def table_hashes(table: pa.Table) -> Hashes:
    """A fingerprint per row over all columns, in the table's column order. Names of columns don't count."""
    rows = np.zeros(table.num_rows, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in table.columns:
            rows = folded(rows, column_hashes(column))
    return rows


def told_apart(hashes: Hashes) -> Hashes:
    """The same fingerprints, but with the second, third … of equal ones made different, so that each row has its own."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    new = np.ones(len(ordered), dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    if new.all():
        return hashes
    starts = np.flatnonzero(new)
    occurrence = np.arange(len(ordered), dtype=np.uint64) - np.repeat(starts, np.diff(np.append(starts, len(ordered)))).astype(np.uint64)
    apart = hashes.copy()
    again = occurrence > 0
    with np.errstate(over="ignore"):
        apart[order[again]] = folded(ordered[again], occurrence[again])
    return apart


def as_signed(hashes: Hashes) -> npt.NDArray[np.int64]:
    """The fingerprints as databases store them: signed 64-bit integers."""
    return hashes.view(np.int64)


def column_hashes(column: pa.ChunkedArray | pa.Array) -> Hashes:
    """A fingerprint per value of one Arrow column of text, integers, decimals, yes/no, days or instants."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(array.type):
        distinct = column_hashes(array.dictionary)
        codes = array.indices.fill_null(0).to_numpy(zero_copy_only=False)
        values = distinct[codes] if len(distinct) else np.zeros(len(array), dtype=np.uint64)
    elif pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        values = _text_hashes(array)
    else:
        values = _number_hashes(array)
    if array.null_count:
        missing = array.is_null().to_numpy(zero_copy_only=False)
        values = np.where(missing, _MISSING, values)
    return values


def _number_hashes(array: pa.Array) -> Hashes:
    kind = array.type
    if pa.types.is_boolean(kind):
        array = array.cast(pa.int8())
    elif pa.types.is_date32(kind):
        array = array.cast(pa.int32())
    elif pa.types.is_timestamp(kind):
        array = array.cast(pa.timestamp("us")).cast(pa.int64())
    filled: npt.NDArray[Any] = array.fill_null(0).to_numpy(zero_copy_only=False)
    with np.errstate(over="ignore"):
        if pa.types.is_floating(kind):
            return mixed((filled.astype(np.float64) + 0.0).view(np.uint64))
        if pa.types.is_integer(array.type):
            return mixed(filled.astype(np.int64).view(np.uint64))
    raise TypeError(f"no fingerprint for values of type {kind}")


@cache
def _byte_numbers() -> Hashes:
    with np.errstate(over="ignore"):
        return mixed(np.arange(1, 257, dtype=np.uint64) * _GOLDEN)


@cache
def _powers(length: int) -> tuple[Hashes, Hashes]:
    """R^0 … R^length and their inverses: R is odd, so it has an inverse modulo 2^64."""
    inverse = np.uint64(pow(_RADIX, -1, 1 << 64))
    with np.errstate(over="ignore"):
        up = np.cumprod(np.concatenate([[np.uint64(1)], np.full(length, _RADIX, dtype=np.uint64)]), dtype=np.uint64)
        down = np.cumprod(np.concatenate([[np.uint64(1)], np.full(length, inverse, dtype=np.uint64)]), dtype=np.uint64)
    return up, down


def _text_hashes(array: pa.Array) -> Hashes:
    """Prefix sums of T[b]·R^i give every text's polynomial by one subtraction, shifted down to its own start."""
    large = array.cast(pa.large_string()) if pa.types.is_string(array.type) else array
    if large.null_count:
        large = pc.fill_null(large, "")
    count = len(large)
    sums = np.zeros(count, dtype=np.uint64)
    if not count:
        return sums
    _, offset_buffer, data_buffer = large.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int64)[large.offset : large.offset + count + 1]
    data = np.frombuffer(data_buffer, dtype=np.uint8) if data_buffer is not None else np.zeros(0, dtype=np.uint8)
    table = _byte_numbers()
    start = 0
    with np.errstate(over="ignore"):
        while start < count:
            stop = max(start + 1, int(np.searchsorted(offsets, offsets[start] + _BLOCK, side="right")) - 1)
            stop = min(stop, count)
            first, last = int(offsets[start]), int(offsets[stop])
            up, down = _powers(max(_BLOCK, 1 << (last - first).bit_length()))
            prefix = np.zeros(last - first + 1, dtype=np.uint64)
            np.cumsum(table[data[first:last]] * up[: last - first], out=prefix[1:])
            at = offsets[start : stop + 1] - first
            sums[start:stop] = (prefix[at[1:]] - prefix[at[:-1]]) * down[at[:-1]]
            start = stop
        return mixed(sums + np.diff(offsets).astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F))
