"""Fingerprints must be the same in every process, version and layout of memory: they are stored for years."""

from __future__ import annotations

import math
import struct
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.row_hash import as_signed, column_hashes, table_hashes, told_apart

M = (1 << 64) - 1


def mixed(value: int) -> int:
    value = (value + 0x9E3779B97F4A7C15) & M
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & M
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & M
    return value ^ (value >> 31)


def text_hash(text: str | None) -> int:
    """The definition, byte by byte, in plain Python."""
    if text is None:
        return 0xA5A3564C1B2D87F1
    data = text.encode()
    total = sum(mixed((byte + 1) * 0x9E3779B97F4A7C15 & M) * pow(0xD6E8FEB86659FD93, place, 1 << 64) for place, byte in enumerate(data))
    return mixed((total + len(data) * 0xC2B2AE3D27D4EB4F) & M)


@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=60))
def test_text_follows_its_definition(values: list[str | None]) -> None:
    """Prevents a faster way of computing that gives other fingerprints, upon which every stored row would look changed."""
    assert column_hashes(pa.array(values, pa.large_string())).tolist() == [text_hash(value) for value in values]


@given(st.lists(st.floats(allow_nan=False), max_size=20))
def test_decimals_follow_their_definition(values: list[float]) -> None:
    expected = [mixed(struct.unpack("<Q", struct.pack("<d", value + 0.0))[0]) for value in values]
    assert column_hashes(pa.array(values, pa.float64())).tolist() == expected


def test_pinned_values() -> None:
    """Prevents an upgrade of numpy, pandas or pyarrow from changing fingerprints unseen."""
    table = pa.table(
        {
            "text": pa.array(["SITI AMINAH", None], pa.large_string()),
            "number": pa.array([3, -1], pa.int64()),
            "decimal": pa.array([-8.25, None], pa.float64()),
            "day": pa.array([date(1957, 3, 1), None], pa.date32()),
            "yes": pa.array([True, False]),
        }
    )
    assert as_signed(table_hashes(table)).tolist() == PINNED


PINNED = [1715285317735706033, 6565744438170522404]


def test_long_texts_cross_the_blocks() -> None:
    """Prevents a text longer than one block, or one that ends at its edge, from being cut."""
    values = ["a" * length for length in (0, 65535, 65536, 65537, 200_000, 1)] + ["é" * 40_000, "x"]
    together = column_hashes(pa.array(values, pa.large_string()))
    assert together.tolist() == [column_hashes(pa.array([value], pa.large_string()))[0] for value in values]
    assert len(set(together.tolist())) == len(values)


@pytest.mark.parametrize("layout", ["chunks", "slice", "dictionary", "small offsets"])
def test_layout_of_memory_does_not_count(layout: str) -> None:
    """Prevents rows from looking changed because a frame came by way of Parquet, a filter or a categorical column."""
    values = ["MUNCAR", None, "", "ROGOJAMPI", "MUNCAR"] * 7
    plain = column_hashes(pa.array(values, pa.large_string()))
    same = {
        "chunks": pa.chunked_array([pa.array(values[:3], pa.large_string()), pa.array(values[3:], pa.large_string())]),
        "slice": pa.array(["before", *values, "after"], pa.large_string()).slice(1, len(values)),
        "dictionary": pa.array(values, pa.large_string()).dictionary_encode(),
        "small offsets": pa.array(values, pa.string()),
    }[layout]
    assert np.array_equal(column_hashes(same), plain)


def test_missing_is_neither_empty_nor_zero() -> None:
    """Prevents a value that was erased from counting as unchanged."""
    texts = column_hashes(pa.array(["", None], pa.large_string()))
    numbers = column_hashes(pa.array([0, None], pa.int64()))
    assert texts[0] != texts[1]
    assert numbers[0] != numbers[1]


def test_a_value_in_another_column_is_another_row() -> None:
    """Prevents a swap of two columns (RT and RW) from going unseen."""
    rows = table_hashes(pa.table({"rt": pa.array(["001", "002"], pa.large_string()), "rw": pa.array(["002", "001"], pa.large_string())}))
    assert rows[0] != rows[1]


def test_minus_zero_is_zero() -> None:
    zeros = column_hashes(pa.array([0.0, -0.0], pa.float64()))
    assert zeros[0] == zeros[1]
    assert math.copysign(1, -0.0) == -1


def test_equal_rows_are_told_apart_in_any_order() -> None:
    """Prevents two equal rows from becoming one, and their number from depending on the order."""
    hashes = np.array([7, 9, 7, 7, 9], dtype=np.uint64)
    apart = told_apart(hashes)
    assert len(set(apart.tolist())) == 5
    assert sorted(apart.tolist()) == sorted(told_apart(hashes[::-1]).tolist())
    assert {7, 9} <= set(apart.tolist())


def test_no_collisions_among_neighbours() -> None:
    """Prevents a weak polynomial: numbers and names that differ in one or two places are what registers are full of."""
    niks = [f"351001{number:010d}" for number in range(200_000)]
    assert len(np.unique(column_hashes(pa.array(niks, pa.large_string())))) == len(niks)
