"""Rows into SQLite: `executemany` on the driver's own connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Table

from publishing.bulk import BulkLoader, on_conflict, quoted

_BATCH = 50_000
"""Rows turned into Python values at a time: enough to be fast, few enough to stay below 100 MB."""


class SqliteLoader(BulkLoader):
    """SQLite: prepared statements, in batches."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        driver = connection.connection.dbapi_connection
        assert driver is not None
        self.cursor: Any = driver.cursor()
        # Pages of big tables would otherwise be written to the log, read back and written again while indexes grow.
        self.cursor.execute("PRAGMA cache_size=-1048576")

    def stored_hashes(self, table: Table, *, current_only: bool) -> npt.NDArray[np.int64]:
        """One pass over the table; blocks of rows keep Python's memory small."""
        self.cursor.execute(f"SELECT row_hash FROM {table.name}" + (" WHERE valid_to IS NULL" if current_only else ""))
        blocks = []
        while block := self.cursor.fetchmany(_BATCH * 4):
            blocks.append(np.fromiter((row[0] for row in block), dtype=np.int64, count=len(block)))
        return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.int64)

    def insert(self, table: Table, rows: pa.Table, *, replace: bool) -> None:
        """By prepared statement, in batches."""
        names = ", ".join(quoted(name) for name in rows.column_names)
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * rows.num_columns)})"
        if replace:
            statement += on_conflict(table, rows.column_names)
        with self._indexes_built_last(table):
            for batch in _python_rows(rows):
                self.cursor.executemany(statement, batch)

    @contextmanager
    def _indexes_built_last(self, table: Table) -> Iterator[None]:
        """While an empty table is filled its indexes wait: sorting once is much faster than placing each key."""
        filled = self.cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table.name})").fetchone()[0]
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
        waiting = [] if filled else self.cursor.execute(query, (table.name,)).fetchall()
        for name, _ in waiting:
            self.cursor.execute(f"DROP INDEX {name}")
        yield
        for _, statement in waiting:
            self.cursor.execute(statement)

    def remove(self, table: Table, hashes: npt.NDArray[np.int64]) -> None:
        """By a temporary table of fingerprints."""
        self._stage(hashes)
        self.cursor.execute(f"DELETE FROM {table.name} WHERE row_hash IN (SELECT row_hash FROM temp.gone)")

    def close_versions(self, table: Table, hashes: npt.NDArray[np.int64], publication: int) -> None:
        """By a temporary table of fingerprints."""
        self._stage(hashes)
        self.cursor.execute(
            f"UPDATE {table.name} SET valid_to = ? WHERE valid_to IS NULL AND row_hash IN (SELECT row_hash FROM temp.gone)",
            (publication,),
        )

    def _stage(self, hashes: npt.NDArray[np.int64]) -> None:
        self.cursor.execute("CREATE TABLE IF NOT EXISTS temp.gone (row_hash INTEGER PRIMARY KEY)")
        self.cursor.execute("DELETE FROM temp.gone")
        self.cursor.executemany("INSERT INTO temp.gone VALUES (?)", zip(hashes.tolist(), strict=True))


def _python_rows(rows: pa.Table) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Batches of rows as tuples; days as ISO text, which is how SQLite keeps them."""
    for start in range(0, rows.num_rows, _BATCH):
        batch = rows.slice(start, _BATCH)
        yield zip(*(_python_values(column) for column in batch.columns), strict=True)


def _python_values(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_date32(column.type):
        column = pc.strftime(column, format="%Y-%m-%d").cast(pa.large_string())
    # Arrow turns a column to Python objects ten times faster by way of pandas than by to_pylist.
    values: list[Any] = column.to_pandas(integer_object_nulls=True).to_numpy(dtype=object, na_value=None).tolist()
    return values
