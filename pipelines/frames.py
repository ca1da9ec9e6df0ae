"""The frames of the last run, read from the home by commands that work on them without starting a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.canonical import TEXT


def read_frame(home: Path, name: str, *, columns: Sequence[str] | None = None, filters: Any = None) -> pd.DataFrame:
    """One frame of `<home>/frames`, text columns in the project's text type. Raises click.UsageError when no run has written it."""
    path = home / "frames" / f"{name}.parquet"
    if not path.is_file():
        raise click.UsageError(f"{name}: belum ada di {home}; jalankan `padan run` dahulu (no run has written it yet)")
    table = pq.read_table(path, columns=None if columns is None else list(columns), filters=filters)
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.string(): TEXT, pa.large_string(): TEXT}.get)
    return frame
