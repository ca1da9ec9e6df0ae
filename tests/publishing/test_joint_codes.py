"""Columns that are written together come out as they went in, and only columns of few values are."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from publishing import joint_codes
from publishing.joint_codes import joint_columns


def restored(rows: pa.Table) -> dict[str, list[object]]:
    return {
        name: [group.combinations[name][code].as_py() for code in group.codes.tolist()]
        for group in joint_columns(rows)
        for name in group.combinations.column_names
    }


def rows_of(count: int) -> pa.Table:
    number = np.arange(count)
    return pa.table(
        {
            "id": pa.array([f"P{value:06d}" for value in number], pa.large_string()),
            "sex": pa.array([None, "L", "P"] * (count // 3), pa.large_string()).dictionary_encode(),
            "born": pa.array([date(1950, 1, 1 + value % 28) for value in number.tolist()]).dictionary_encode(),
            "pregnant": pa.array([None if value % 7 == 0 else value % 2 == 0 for value in number.tolist()]),
            "publication": pa.array([1] * count, pa.int64()),
            "nothing": pa.nulls(count, pa.bool_()),
            "row_hash": pa.array(number * 7919, pa.int64()),
        }
    )


@pytest.mark.parametrize("most", [1 << 14, 60], ids=["one group", "several groups"])
def test_every_value_comes_back(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Prevents a person from getting the sex or the day of another, and nothing from becoming the first value."""
    monkeypatch.setattr(joint_codes, "_MOST_COMBINATIONS", most)
    rows = rows_of(3_000)
    found = restored(rows)
    assert set(found) >= {"sex", "pregnant", "publication", "nothing"}
    assert ("born" in found) == (most > 60)
    for name, values in found.items():
        assert values == rows[name].to_pylist(), name


def test_columns_of_many_values_stay_alone() -> None:
    """Prevents a table of combinations as long as the rows."""
    assert not set(restored(rows_of(3_000))) & {"id", "row_hash"}


def test_no_rows() -> None:
    assert list(joint_columns(rows_of(0))) == []
