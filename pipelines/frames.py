"""The frames of the last run, read from the home by commands that work on them without starting a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.canonical import TEXT


def parquet_table(path: Path | str, *, columns: Sequence[str] | None = None, where: pc.Expression | None = None) -> pa.Table:
    """A Parquet file, or some of its columns, or the rows for which `where` holds (which needs its columns among those read).

    Not by `read_table` or pandas' `read_parquet`: threads of the scanner that both use may outlive the reading, and one that still
    lives when the program ends aborts it (apache/arrow issue 34314).
    """
    with pq.ParquetFile(path) as file:
        if where is None:
            return file.read(columns=None if columns is None else list(columns))
        groups = [file.read_row_group(group, columns=columns).filter(where) for group in range(file.num_row_groups)]
        return pa.concat_tables(groups) if groups else file.schema_arrow.empty_table()


def read_frame(home: Path, name: str, *, columns: Sequence[str] | None = None, where: pc.Expression | None = None) -> pd.DataFrame:
    """One frame of `<home>/frames`, text columns in the project's text type. Raises click.UsageError when no run has written it."""
    path = home / "frames" / f"{name}.parquet"
    if not path.is_file():
        raise click.UsageError(f"{name}: belum ada di {home}; jalankan `padan run` dahulu (no run has written it yet)")
    return text_typed_frame(parquet_table(path, columns=columns, where=where))


def text_typed_frame(table: pa.Table) -> pd.DataFrame:
    """A table as a pandas frame with text columns in the project's text type."""
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.string(): TEXT, pa.large_string(): TEXT}.get)
    return frame
