"""The two tables as they come in: a frame in memory, or a Parquet file that is read one column at a time.

Reading a file column by column keeps memory flat: each column is encoded as integers and let go before the next one is read, and columns
with few different values never become text at all.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

Table = pd.DataFrame | str | Path


class Source:
    """Columns of one table by name; ``name`` is what messages call it (left, right)."""

    def __init__(self, table: Table, name: str) -> None:
        self._frame = table if isinstance(table, pd.DataFrame) else None
        self._path = None if isinstance(table, pd.DataFrame) else Path(table)
        self.name = name
        if self._path is None:
            self.columns: tuple[str, ...] = tuple(str(column) for column in table.columns) if isinstance(table, pd.DataFrame) else ()
            self.rows = len(table) if isinstance(table, pd.DataFrame) else 0
        else:
            metadata = pq.read_metadata(self._path)
            self.columns, self.rows = tuple(metadata.schema.to_arrow_schema().names), metadata.num_rows

    def __contains__(self, column: str | None) -> bool:
        return column in self.columns

    def need(self, column: str, what: str) -> None:
        """Raises ValueError when there is no such column."""
        if column not in self:
            raise ValueError(f"the {self.name} table has no column {column!r} ({what} in the spec); it has {list(self.columns)}")

    def column(self, name: str, *, repeated: bool = False) -> pd.Series:
        """One column; ``repeated``: its values repeat much, so that a file's own dictionary of them is worth keeping."""
        if self._frame is not None:
            return self._frame[name]
        assert self._path is not None
        with pq.ParquetFile(self._path, read_dictionary=[name] if repeated else []) as file:
            values: Any = file.read(columns=[name], use_threads=False).column(0)
        return _as_series(values)

    def only(self, columns: Iterable[str], rows: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Chosen rows, by their place, of those of these columns that the table has."""
        present = [name for name in self.columns if name in set(columns)]
        if self._frame is not None:
            return self._frame[present].take(rows).reset_index(drop=True)
        if not len(rows):
            return self._without_rows(present)
        with ThreadPoolExecutor(2) as threads:  # one column beside another: a file must be read through for few rows as well
            taken = threads.map(lambda name: self.column(name).take(rows).reset_index(drop=True), present)
            return pd.DataFrame(dict(zip(present, taken, strict=True)), index=range(len(rows)))

    def _without_rows(self, columns: list[str]) -> pd.DataFrame:
        with pq.ParquetFile(self._path) as file:
            nothing = file.schema_arrow.empty_table().select(columns)
        return pd.DataFrame({name: _as_series(nothing.column(name)) for name in columns})

    def column_or_missing(self, name: str, *, repeated: bool = False) -> pd.Series:
        """One column; where the table does not have it, missing throughout."""
        if name in self:
            return self.column(name, repeated=repeated)
        return pd.Series(pd.NA, index=range(self.rows), dtype=pd.StringDtype("pyarrow"), name=name)


def _as_series(values: Any) -> pd.Series:
    if pa.types.is_temporal(values.type):
        return pd.Series(values.cast(pa.timestamp("s")).to_numpy())
    return pd.Series(pd.arrays.ArrowExtensionArray(values))
