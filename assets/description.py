"""What the Dagster UI shows of a frame: its columns with descriptions, where each comes from, counts. Never a value of a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg
import pandas as pd

from assets.frame_columns import frame_column_description
from schemas.canonical import BY_NAME

OWNER = "team:ugdk"


def column_schema(frame: pd.DataFrame) -> dg.TableSchema:
    """The frame's columns as a Dagster table schema, each with the words of the data dictionary."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name=str(name), type=str(dtype), description=column_description(str(name)))
            for name, dtype in frame.dtypes.items()
        ]
    )


def column_description(name: str) -> str | None:
    """The words for a column of any frame; None when nobody wrote them (a test names such columns)."""
    if name in BY_NAME:
        return BY_NAME[name].description
    if len(name) == 4 and name[0] == "c" and name[1:].isdigit():
        return f"Cell {int(name[1:]) + 1} of the row, as text"
    return frame_column_description(name)


def same_named_lineage(frame: pd.DataFrame, upstream: Mapping[dg.AssetKey, Iterable[str]]) -> dg.TableColumnLineage:
    """Each column comes from the columns of the same name upstream."""
    columns_of = {key: set(columns) for key, columns in upstream.items()}
    return dg.TableColumnLineage(
        deps_by_column={
            str(name): deps
            for name in frame.columns
            if (deps := [dg.TableColumnDep(asset_key=key, column_name=str(name)) for key, columns in columns_of.items() if name in columns])
        }
    )


def frame_metadata(
    frame: pd.DataFrame, *, lineage: dg.TableColumnLineage | None = None, numbers: Mapping[str, int | float] | None = None
) -> dict[str, Any]:
    """Standard metadata of a frame: row count, column schema, lineage, and the few numbers worth charting over runs."""
    metadata: dict[str, Any] = {"dagster/row_count": len(frame), "dagster/column_schema": column_schema(frame)}
    if lineage is not None and lineage.deps_by_column:
        metadata["dagster/column_lineage"] = lineage
    for name, number in (numbers or {}).items():
        metadata[name] = dg.MetadataValue.float(number) if isinstance(number, float) else dg.MetadataValue.int(int(number))
    return metadata


def counts_of(values: pd.Series) -> dict[str, int]:
    """How often each value of a small vocabulary occurs (statuses, methods): for numbers over runs, not for personal columns."""
    return {str(name): int(count) for name, count in values.value_counts(sort=False).sort_index().items()}
