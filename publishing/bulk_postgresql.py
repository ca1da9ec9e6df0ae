"""Rows into PostgreSQL: COPY on the driver's own connection, and statements over whole sets.

Rows travel in COPY's binary form (`binary_copy`), which is put together on another core while the server takes what is ready.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import BigInteger, Connection, Table, Text
from sqlalchemy.types import TypeEngine

from publishing.ahead import made_ahead
from publishing.binary_copy import END, HEADER, binary_blocks
from publishing.bulk import BulkLoader, on_conflict, quoted

_FINGERPRINT = np.dtype([("fields", ">i2"), ("length", ">i4"), ("value", ">i8")])
"""A row of one 64-bit number in COPY's binary form."""


class PostgresqlLoader(BulkLoader):
    """PostgreSQL: COPY straight into a table for what is new, by way of temporary tables for what is replaced or gone."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        driver: Any = connection.connection.driver_connection
        self.cursor: Any = driver.cursor()
        # Compiling a statement that runs once takes longer than running it.
        self.cursor.execute("SET LOCAL jit = off")
        self.cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        self._made_after: dict[str, list[str]] = {}

    def stored_hashes(self, table: Table, *, current_only: bool) -> npt.NDArray[np.int64]:
        """By COPY in binary form."""
        query = f"SELECT row_hash FROM {table.name}" + (" WHERE valid_to IS NULL" if current_only else "")
        with self.cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:
            data = b"".join(copy)
        rows = data[len(HEADER) : len(data) - len(END)]
        return np.frombuffer(rows, dtype=_FINGERPRINT)["value"].astype(np.int64)

    def insert(self, table: Table, rows: pa.Table, *, replace: bool) -> None:
        """By COPY; rows that may replace others go into a temporary table first."""
        kinds = {name: table.columns[name].type for name in rows.column_names}
        if not replace:
            self._copy(table.name, rows, kinds)
            self._make_what_waits(table.name)
            return
        names = ", ".join(quoted(name) for name in rows.column_names)
        self.cursor.execute("DROP TABLE IF EXISTS pg_temp.arriving")
        self.cursor.execute(f"CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS SELECT {names} FROM {table.name} WHERE false")
        self._copy("pg_temp.arriving", rows, kinds)
        self.cursor.execute(
            f"INSERT INTO {table.name} ({names}) SELECT {names} FROM pg_temp.arriving" + on_conflict(table, rows.column_names)
        )

    def _copy(self, target: str, rows: pa.Table, kinds: Mapping[str, TypeEngine[Any]]) -> None:
        names = ", ".join(quoted(name) for name in rows.column_names)
        with self.cursor.copy(f"COPY {target} ({names}) FROM STDIN (FORMAT binary)") as copy:
            for block in made_ahead(binary_blocks(rows, kinds)):
                copy.write(block)

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
        self._copy("pg_temp.gone", pa.table({"row_hash": hashes}), {"row_hash": BigInteger()})
        self.cursor.execute("ANALYZE pg_temp.gone")

    def grouped_by(self, table: Table) -> tuple[str, ...]:
        """By the widest index of equal texts: the server sees that they are sorted, instead of comparing them time and again.

        Only where the key is a number: texts of a key that arrive sorted save more.
        """
        if isinstance(next(iter(table.primary_key)).type, Text):
            return ()
        shared = [index for index in table.indexes if len(index.columns) > 1 and not index.unique]
        return tuple(column.name for column in min(shared, key=lambda index: str(index.name)).columns) if shared else ()

    @contextmanager
    def first_load(self, tables: Iterable[Table]) -> Iterator[None]:
        """Keys, indexes and foreign keys wait until the rows are there: sorted and checked once, in one pass each.

        Row by row, the deferred checks of a regency's first load take longer than everything else. Keys and indexes of a table are
        made when its rows have come, so that the next table's are put together meanwhile; foreign keys when all tables are there.

        Whoever already sits in a transaction on these empty tables keeps them locked; then the load takes the slower way instead of
        waiting.
        """
        names = [table.name for table in tables]
        of_tables = [made for query in (_PRIMARY_KEYS, _INDEXES) for made in self._statements(query, names)]
        foreign_keys = self._statements(_FOREIGN_KEYS, names)
        if not self._without_waiting([drop for _, drop, _ in reversed(of_tables + foreign_keys)]):
            yield
            return
        for table, _, make in of_tables:
            self._made_after.setdefault(table, []).append(make)
        yield
        for table in list(self._made_after):
            self._make_what_waits(table)
        for _, _, make in foreign_keys:
            self.cursor.execute(make)

    def _make_what_waits(self, table: str) -> None:
        """The keys and indexes of a table that first_load dropped."""
        for make in self._made_after.pop(table, []):
            self.cursor.execute(make)

    def _statements(self, query: str, names: list[str]) -> list[tuple[str, str, str]]:
        """A table and two statements, as the database itself words them: one that drops, one that makes again."""
        self.cursor.execute(query, (names,))
        found: list[tuple[str, str, str]] = self.cursor.fetchall()
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


_CONSTRAINTS = """
SELECT conrelid::regclass::text,
       format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE {condition} ORDER BY conrelid::regclass::text, conname
"""
_PRIMARY_KEYS = _CONSTRAINTS.format(condition="contype = 'p' AND conrelid::regclass::text = ANY(%s)")
_FOREIGN_KEYS = _CONSTRAINTS.format(condition="contype = 'f' AND ARRAY[conrelid::regclass::text, confrelid::regclass::text] && %s::text[]")
_INDEXES = """
SELECT indrelid::regclass::text, format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE NOT indisprimary AND indrelid::regclass::text = ANY(%s) ORDER BY indexrelid::regclass::text
"""
