"""Moving many rows at once, the way each engine does it fastest.

SQLAlchemy's own inserts build a dictionary per row; at the scale of a regency that costs minutes. Here rows go from Arrow columns
straight to the driver, on the connection of the publication's own transaction.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import Connection, Table


class BulkLoader(ABC):
    """What a publication asks of an engine."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @abstractmethod
    def stored_hashes(self, table: Table, *, current_only: bool) -> npt.NDArray[np.int64]:
        """The fingerprints of a table's rows (of its current versions)."""

    @abstractmethod
    def insert(self, table: Table, rows: pa.Table, *, replace: bool) -> None:
        """Insert rows; with `replace`, a row takes the place of the one with the same key."""

    @abstractmethod
    def remove(self, table: Table, hashes: npt.NDArray[np.int64]) -> None:
        """Remove the rows with these fingerprints."""

    @abstractmethod
    def close_versions(self, table: Table, hashes: npt.NDArray[np.int64], publication: int) -> None:
        """End the current versions with these fingerprints."""

    def grouped_by(self, table: Table) -> tuple[str, ...]:  # noqa: ARG002 - an engine may have no wish
        """The columns by which the rows of an empty table best arrive sorted, before their key."""
        return ()

    @contextmanager
    def first_load(self, tables: Iterable[Table]) -> Iterator[None]:  # noqa: ARG002 - an engine may have nothing to do
        """Around the publication that fills an empty database, its own row included."""
        yield


def quoted(name: str) -> str:
    """A column's name as both engines take it."""
    return f'"{name}"'


def on_conflict(table: Table, names: list[str]) -> str:
    """An update in place: the key stays, so that rows that point at it need not be looked up."""
    key = [column.name for column in table.primary_key]
    settings = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in names if name not in key)
    return f" ON CONFLICT ({', '.join(quoted(name) for name in key)}) DO UPDATE SET {settings}"


def loader_for(connection: Connection) -> BulkLoader:
    """The loader of this connection's engine."""
    if connection.dialect.name == "sqlite":
        from publishing.bulk_sqlite import SqliteLoader

        return SqliteLoader(connection)
    if connection.dialect.name == "postgresql":
        from publishing.bulk_postgresql import PostgresqlLoader

        return PostgresqlLoader(connection)
    raise NotImplementedError(connection.dialect.name)
