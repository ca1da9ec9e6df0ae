"""Rows in the binary form of PostgreSQL's COPY, put together column by column: no loop over rows, no text to write and read again.

A row is the number of its fields (16 bits), then for each the length of its value in bytes (32 bits, -1 for none) and the value as
the server keeps it: numbers with the highest byte first, days since 2000-01-01, texts as UTF-8
(https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"). Arrow joins the fields of each row; what lies in its
memory then is what goes over the wire.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import BigInteger, Boolean, Date, Float, Integer, Text
from sqlalchemy.types import TypeEngine

from publishing.errors import StateError

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END = b"\xff\xff"
_BATCH = 50_000
"""Rows per block: some 20 MB."""
_DAYS_TO_2000 = 10_957
_NO_VALUE = b"\xff\xff\xff\xff"

Bytes = npt.NDArray[np.uint8]


def binary_blocks(rows: pa.Table, kinds: Mapping[str, TypeEngine[Any]]) -> Iterator[memoryview]:
    """The rows in blocks, header and end included. `kinds`: the type of each column in the database.

    Raises StateError when values are of another kind than their column, or too large for it; it names the column, not the value.
    """
    yield memoryview(HEADER)
    rows = rows.unify_dictionaries().combine_chunks()
    coded = [name for name in rows.column_names if rows.num_rows and pa.types.is_dictionary(rows[name].type)]
    texts = {name: _texts_known(rows[name].chunk(0)) for name in coded}
    for start in range(0, rows.num_rows, _BATCH):
        part = rows.slice(start, _BATCH)
        fields = [_pieces(np.full((part.num_rows, 1), rows.num_columns, dtype=">i2").view(np.uint8))]
        for name in rows.column_names:
            fields += _field(name, part[name].combine_chunks(), kinds[name], texts.get(name))
        joined = pc.binary_join_element_wise(*fields, pa.scalar(b"", pa.large_binary()))
        _, offsets, data = joined.buffers()
        yield memoryview(data)[: np.frombuffer(offsets, dtype=np.int64)[part.num_rows]]
    yield memoryview(END)


def _texts_known(column: pa.DictionaryArray) -> pa.Array:
    """A column's texts with their lengths, and after them what stands for none: made once, taken for each row."""
    texts = [text.encode() for text in column.dictionary.to_pylist()]
    return pa.array([len(text).to_bytes(4, "big") + text for text in texts] + [_NO_VALUE], pa.large_binary())


def _field(name: str, column: pa.Array, kind: TypeEngine[Any], texts: pa.Array | None) -> list[pa.Array]:
    """What a column adds to each row: lengths and values, in one piece or two. `texts`: those that its codes stand for."""
    holds_texts = pa.types.is_dictionary(column.type) or pa.types.is_large_string(column.type)
    if holds_texts != isinstance(kind, Text):
        # The server would take four letters for a number.
        raise StateError(f"column {name} holds values of another kind than its table")
    if texts is not None:
        return [texts.take(column.indices.fill_null(len(texts) - 1))]
    if pa.types.is_large_string(column.type):
        lengths = pc.fill_null(pc.binary_length(column), -1).to_numpy(zero_copy_only=False)
        return [_pieces(lengths.astype(">i4").reshape(-1, 1).view(np.uint8)), pc.fill_null(column, "").cast(pa.large_binary())]
    values = _values(name, column, kind)
    cells = np.empty((len(values), 4 + values.shape[1]), dtype=np.uint8)
    cells[:, :4] = np.frombuffer(values.shape[1].to_bytes(4, "big"), dtype=np.uint8)
    cells[:, 4:] = values
    if not column.null_count:
        return [_pieces(cells)]
    missing = column.is_null().to_numpy(zero_copy_only=False)
    cells[missing, :4] = np.frombuffer(_NO_VALUE, dtype=np.uint8)
    return [_pieces(cells, np.where(missing, 4, cells.shape[1]))]


def _values(name: str, column: pa.Array, kind: TypeEngine[Any]) -> Bytes:
    """The values as the server keeps them, one row each; anything where there is none."""
    if isinstance(kind, Boolean):
        return np.asarray(column.cast(pa.uint8()).fill_null(0).to_numpy(zero_copy_only=False), dtype=np.uint8).reshape(-1, 1)
    if isinstance(kind, Date):
        days = column.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64) - _DAYS_TO_2000
        return _as_bytes(days, ">i4")
    filled = column.fill_null(0).to_numpy(zero_copy_only=False)
    if isinstance(kind, Float):
        return _as_bytes(filled, ">f8")
    if isinstance(kind, BigInteger):
        return _as_bytes(filled, ">i8")
    if isinstance(kind, Integer):
        if len(filled) and (filled.min() < -(1 << 31) or filled.max() >= 1 << 31):
            raise StateError(f"column {name} holds numbers of more than 32 bits")
        return _as_bytes(filled, ">i4")
    raise TypeError(f"no binary form for {kind!r}")


def _as_bytes(values: npt.NDArray[Any], form: str) -> Bytes:
    return values.astype(form).reshape(-1, 1).view(np.uint8)


def _pieces(cells: Bytes, lengths: npt.NDArray[np.int64] | None = None) -> pa.Array:
    """Each row of bytes as one value of Arrow; with `lengths`, only its first bytes."""
    count, width = cells.shape
    if lengths is None:
        lengths = np.full(count, width)
    else:
        cells = cells[np.arange(width) < lengths[:, np.newaxis]]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return pa.Array.from_buffers(pa.large_binary(), count, [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(cells))])
