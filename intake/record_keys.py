"""Keys of records: an HMAC of the contract's key columns, or of the whole canonical row, so that a key tells nothing of a person.

People's decisions bind to a record's key; it stays the same from one delivery to the next as long as the key columns do.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pyarrow as pa
import pyarrow.compute as pc

KEY_LENGTH = 24
"""Hexadecimal digits: 96 bits, so that two of 10 million records share a key by chance once in 10^15 runs."""
_UNIT_SEPARATOR = "\x1f"
_NULL = "\x00"
_BLOCK = 64
"""Bytes that SHA-256 takes in at a time."""


def record_keys(hash_key: bytes, key_columns: Sequence[pa.Array], all_columns: Sequence[pa.Array], *, part: str = "") -> pa.Array:
    """One key per row. Rows that lack a key column, and tables without key columns, get the key of their whole canonical row.

    `part` names the part of the source where the same key means another fact, such as the programme of a sheet.
    """
    if not key_columns:
        return _digests(hash_key, _joined(all_columns, f"row{part}"))
    complete = pc.is_valid(key_columns[0])
    for column in key_columns[1:]:
        complete = pc.and_(complete, pc.is_valid(column))
    joined = _joined(key_columns, f"key{part}")
    if not pc.all(complete).as_py():
        joined = pc.if_else(complete, joined, _joined(all_columns, f"row{part}"))
    return _digests(hash_key, joined)


def _joined(columns: Sequence[pa.Array], kind: str) -> pa.Array:
    texts = [pc.cast(column, pa.large_string()) for column in columns]
    begin = pa.scalar(kind, pa.large_string())
    separator = pa.scalar(_UNIT_SEPARATOR, pa.large_string())
    return pc.binary_join_element_wise(begin, *texts, separator, null_handling="replace", null_replacement=_NULL)


def _digests(hash_key: bytes, texts: pa.Array) -> pa.Array:
    """HMAC-SHA-256 of each text (RFC 2104), cut to the length of a key.

    What the key itself adds to the two hashes is worked out once for all rows; the library's own HMAC begins anew at each, which takes
    twice as long.
    """
    block = (hash_key if len(hash_key) <= _BLOCK else sha256(hash_key).digest()).ljust(_BLOCK, b"\x00")
    begin_inner, begin_outer = (sha256(bytes(byte ^ padding for byte in block)).copy for padding in (0x36, 0x5C))
    keys = []
    for text in texts.to_pylist():
        inner, outer = begin_inner(), begin_outer()
        inner.update(text.encode())
        outer.update(inner.digest())
        keys.append(outer.hexdigest()[:KEY_LENGTH])
    return pa.array(keys, pa.large_string())
