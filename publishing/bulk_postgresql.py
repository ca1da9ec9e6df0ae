"""Rows into PostgreSQL: COPY on the driver's own connection, and statements over whole sets.

Rows travel as CSV that Arrow writes (a missing value bare, a text always quoted, so that an empty text stays one); fingerprints
travel in COPY's binary form, which numpy reads and writes without a Python loop.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow_csv
from sqlalchemy import Connection, Table

from publishing.bulk import BulkLoader, on_conflict, quoted

_BATCH = 50_000
"""Rows per block of CSV: some 20 MB."""
_BINARY_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_BINARY_ROW = np.dtype([("fields", ">i2"), ("length", ">i4"), ("value", ">i8")])
_BINARY_END = b"\xff\xff"


class PostgresqlLoader(BulkLoader):
    """PostgreSQL: COPY straight into a table for what is new, by way of temporary tables for what is replaced or gone."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        driver: Any = connection.connection.driver_connection
        self.cursor: Any = driver.cursor()
        # Compiling a statement that runs once takes longer than running it.
        self.cursor.execute("SET LOCAL jit = off")
        self.cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")

    def stored_hashes(self, table: Table, *, current_only: bool) -> npt.NDArray[np.int64]:
        """By COPY in binary form."""
        query = f"SELECT row_hash FROM {table.name}" + (" WHERE valid_to IS NULL" if current_only else "")
        with self.cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:
            data = b"".join(copy)
        rows = data[len(_BINARY_HEADER) : len(data) - len(_BINARY_END)]
        return np.frombuffer(rows, dtype=_BINARY_ROW)["value"].astype(np.int64)

    def insert(self, table: Table, rows: pa.Table, *, replace: bool) -> None:
        """By COPY; rows that may replace others go into a temporary table first."""
        if not replace:
            self._copy(table.name, rows)
            return
        names = ", ".join(quoted(name) for name in rows.column_names)
        self.cursor.execute("DROP TABLE IF EXISTS pg_temp.arriving")
        self.cursor.execute(f"CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS SELECT {names} FROM {table.name} WHERE false")
        self._copy("pg_temp.arriving", rows)
        self.cursor.execute(
            f"INSERT INTO {table.name} ({names}) SELECT {names} FROM pg_temp.arriving" + on_conflict(table, rows.column_names)
        )

    def _copy(self, target: str, rows: pa.Table) -> None:
        names = ", ".join(quoted(name) for name in rows.column_names)
        without_header = arrow_csv.WriteOptions(include_header=False, batch_size=_BATCH)
        with self.cursor.copy(f"COPY {target} ({names}) FROM STDIN (FORMAT csv)") as copy:
            for start in range(0, rows.num_rows, _BATCH):
                block = io.BytesIO()
                arrow_csv.write_csv(rows.slice(start, _BATCH), block, without_header)
                copy.write(block.getbuffer())

    def remove(self, table: Table, hashes: npt.NDArray[np.int64]) -> None:
        """By a temporary table of fingerprints."""
        self._stage(hashes)
        self.cursor.execute(f"DELETE FROM {table.name} AS kept USING pg_temp.gone WHERE kept.row_hash = gone.row_hash")

    def close_versions(self, table: Table, hashes: npt.NDArray[np.int64], publication: int) -> None:
        """By a temporary table of fingerprints."""
        self._stage(hashes)
        self.cursor.execute(
            f"UPDATE {table.name} AS kept SET valid_to = %s FROM pg_temp.gone "
            "WHERE kept.valid_to IS NULL AND kept.row_hash = gone.row_hash",
            (publication,),
        )

    def _stage(self, hashes: npt.NDArray[np.int64]) -> None:
        self.cursor.execute("DROP TABLE IF EXISTS pg_temp.gone")
        self.cursor.execute("CREATE TEMPORARY TABLE gone (row_hash bigint NOT NULL) ON COMMIT DROP")
        rows = np.zeros(len(hashes), dtype=_BINARY_ROW)
        rows["fields"], rows["length"], rows["value"] = 1, 8, hashes
        with self.cursor.copy("COPY pg_temp.gone FROM STDIN (FORMAT binary)") as copy:
            copy.write(_BINARY_HEADER + rows.tobytes() + _BINARY_END)
        self.cursor.execute("ANALYZE pg_temp.gone")

    @contextmanager
    def first_load(self, tables: Iterable[Table]) -> Iterator[None]:
        """Indexes and foreign keys wait until all rows are there: sorted and checked once, in one pass each.

        Row by row, the deferred checks of a regency's first load take longer than everything else. Whoever already sits in a
        transaction on these empty tables keeps them locked; then the load takes the slower way instead of waiting.
        """
        names = [table.name for table in tables]
        restore = [*self._statements(_INDEXES, names), *self._statements(_FOREIGN_KEYS, names)]
        if not self._without_waiting([drop for drop, _ in reversed(restore)]):
            yield
            return
        yield
        for _, make in restore:
            self.cursor.execute(make)

    def _statements(self, query: str, names: list[str]) -> list[tuple[str, str]]:
        """Pairs of statements, as the database itself words them: one that drops, one that makes again."""
        self.cursor.execute(query, (names,))
        found: list[tuple[str, str]] = self.cursor.fetchall()
        return found

    def _without_waiting(self, statements: list[str]) -> bool:
        """Run the statements if no lock of somebody else's stands in the way; undone otherwise."""
        from psycopg.errors import LockNotAvailable

        savepoint = self.connection.begin_nested()
        self.cursor.execute("SELECT current_setting('lock_timeout')")
        patience = self.cursor.fetchone()[0]
        self.cursor.execute("SET LOCAL lock_timeout = '500ms'")
        try:
            for statement in statements:
                self.cursor.execute(statement)
        except LockNotAvailable:
            savepoint.rollback()
            return False
        savepoint.commit()
        self.cursor.execute(f"SET LOCAL lock_timeout = '{patience}'")
        return True


_FOREIGN_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) ORDER BY conrelid::regclass::text, conname
"""
_INDEXES = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE NOT indisprimary AND indrelid::regclass::text = ANY(%s) ORDER BY indexrelid::regclass::text
"""
