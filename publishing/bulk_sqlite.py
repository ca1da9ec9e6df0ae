"""Rows into SQLite: prepared statements on the driver's own connection, many rows to a statement.

Three things make the driver slow, and are avoided: a statement per row; a Python text built anew for each cell of a column that
has a handful of different texts; and `None`, for which it looks for an adapter each time, at three times the cost of a text.
A cell without a value therefore travels as something that its column never holds, and the statement turns it into NULL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Table

from publishing.ahead import made_ahead
from publishing.bulk import BulkLoader, on_conflict, quoted
from publishing.joint_codes import joint_columns

_BATCH = 50_000
"""Rows turned into Python values at a time: enough to be fast, few enough to stay below 100 MB."""
_CELLS = 2_000
"""Cells per statement where SQLite takes so many: measured, more gain nothing."""

# Pages of big tables would otherwise be written to the log, read back and written again while indexes grow.
_LARGE_CACHE, _SMALL_CACHE = "PRAGMA cache_size=-1048576", "PRAGMA cache_size=-2048"
_PAGES_IN_MEMORY = 131_072
"""As many as the large cache holds."""

Objects = npt.NDArray[np.object_]


class SqliteLoader(BulkLoader):
    """SQLite: prepared statements, in batches."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        driver = connection.connection.dbapi_connection
        assert driver is not None
        self.cursor: Any = driver.cursor()
        self._most_cells: int = driver.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        self._sorts_in_files = False
        self.cursor.execute(_LARGE_CACHE)

    def stored_hashes(self, table: Table, *, current_only: bool) -> npt.NDArray[np.int64]:
        """One pass over the table; blocks of rows keep Python's memory small."""
        self.cursor.execute(f"SELECT row_hash FROM {table.name}" + (" WHERE valid_to IS NULL" if current_only else ""))
        blocks = []
        while block := self.cursor.fetchmany(_BATCH * 4):
            blocks.append(np.fromiter((row[0] for row in block), dtype=np.int64, count=len(block)))
        return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.int64)

    def insert(self, table: Table, rows: pa.Table, *, replace: bool) -> None:
        """By prepared statements of many rows, in batches."""
        if not replace:
            # A column that is left out is empty; but a row that is replaced would keep what it had there.
            rows = rows.select([name for name in rows.column_names if rows[name].null_count < len(rows)])
        if not len(rows):
            return
        with self._indexes_built_last(table):
            if replace:
                self._insert(table, rows, rows.column_names, "VALUES {rows}" + on_conflict(table, rows.column_names))
            else:
                self._insert_joined(table, rows)

    def _insert_joined(self, table: Table, rows: pa.Table) -> None:
        """Columns of few values travel as one number, and SQLite itself looks up what it stands for."""
        joint = list(joint_columns(rows))
        together = [name for group in joint for name in group.combinations.column_names]
        alone = rows.drop_columns(together)
        sources = ["(VALUES {rows}) AS arriving"]
        for place, group in enumerate(joint):
            known = f"temp.joint_{place}"
            names = ", ".join(quoted(name) for name in group.combinations.column_names)
            self.cursor.execute(f"DROP TABLE IF EXISTS {known}")
            self.cursor.execute(f"CREATE TABLE {known} (combination INTEGER PRIMARY KEY, {names})")
            values = [[_as_kept(value) for value in row.values()] for row in group.combinations.to_pylist()]
            marks = ", ".join(["?"] * (group.combinations.num_columns + 1))
            self.cursor.executemany(f"INSERT INTO {known} VALUES ({marks})", ([code, *row] for code, row in enumerate(values)))
            alone = alone.append_column(f"joint_{place}", pa.array(group.codes))
            sources.append(f"{known} ON joint_{place}.combination = arriving.column{alone.num_columns}")
        chosen = [f"arriving.column{place + 1}" for place in range(alone.num_columns - len(joint))]
        chosen += [f"joint_{place}.{quoted(name)}" for place, group in enumerate(joint) for name in group.combinations.column_names]
        named = [*alone.column_names[: alone.num_columns - len(joint)], *together]
        # CROSS JOIN: in this order, so that the rows arrive in theirs.
        self._insert(table, alone, named, f"SELECT {', '.join(chosen)} FROM " + " CROSS JOIN ".join(sources))
        for place in range(len(joint)):
            self.cursor.execute(f"DROP TABLE temp.joint_{place}")

    def _insert(self, table: Table, rows: pa.Table, names: list[str], what: str) -> None:
        """Insert `what` into the columns `names`; it says where the `{rows}` stand, many to a statement."""
        one = "(" + ", ".join(_parameter(column) for column in rows.columns) + ")"
        at_once = max(1, min(_CELLS, self._most_cells) // rows.num_columns)
        into = f"INSERT INTO {table.name} ({', '.join(quoted(name) for name in names)}) "
        # While SQLite works, the other core turns the next rows into Python's values.
        for count, cells in made_ahead(_cells(rows, at_once)):
            self.cursor.executemany(into + what.format(rows=", ".join([one] * count)), cells)

    @contextmanager
    def _indexes_built_last(self, table: Table) -> Iterator[None]:
        """While an empty table is filled its indexes wait: sorting once is much faster than placing each key."""
        filled = self.cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table.name})").fetchone()[0]
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
        waiting = [] if filled else self.cursor.execute(query, (table.name,)).fetchall()
        for name, _ in waiting:
            self.cursor.execute(f"DROP INDEX {name}")
        yield
        if self._sorts_in_files:
            self.cursor.execute(_SMALL_CACHE)
        for _, statement in waiting:
            self.cursor.execute(statement)
        self.cursor.execute(_LARGE_CACHE)

    @contextmanager
    def first_load(self, tables: Iterable[Table]) -> Iterator[None]:  # noqa: ARG002 - the connection's own settings
        """Indexes are sorted in pieces as large as the processor's cache, by way of files: of two million keys twice as fast.

        The pieces are as large as the cache of pages, which therefore is small meanwhile; changed pages stay in memory all the same.
        (That there may be files was said before the transaction: `database.writing`.)
        """
        before = self.cursor.execute("PRAGMA cache_spill").fetchone()[0]
        self.cursor.execute(f"PRAGMA cache_spill={_PAGES_IN_MEMORY}")
        self._sorts_in_files = True
        try:
            yield
        finally:
            self._sorts_in_files = False
            self.cursor.execute(f"PRAGMA cache_spill={before}")

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


def _as_kept(value: Any) -> Any:
    """A day as ISO text; SQLite keeps everything else as Python has it."""
    return value.isoformat() if isinstance(value, date) else value


def _holds_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_large_string(kind) or pa.types.is_date32(kind) or pa.types.is_dictionary(kind))


def _stand_in(kind: pa.DataType) -> Any:
    """What stands for no value: a number where texts are, an empty text where numbers are. SQLite never takes one for the other."""
    return 0 if _holds_text(kind) else ""


def _parameter(column: pa.ChunkedArray) -> str:
    if not column.null_count:
        return "?"
    return "NULLIF(?, 0)" if _holds_text(column.type) else "NULLIF(?, '')"


def _cells(rows: pa.Table, at_once: int) -> Iterator[tuple[int, list[list[Any]]]]:
    """Batches of rows as Python's values: how many rows a list holds, and lists of so many rows, one row after the other."""
    columns = [_Cells(column) for column in rows.columns]
    for start in range(0, rows.num_rows, _BATCH):
        stop = min(start + _BATCH, rows.num_rows)
        cells = np.empty((stop - start, len(columns)), dtype=object)
        for place, column in enumerate(columns):
            cells[:, place] = column.values(start, stop)
        whole = len(cells) - len(cells) % at_once
        for count, part in ((at_once, cells[:whole]), (1, cells[whole:])):
            if len(part):
                yield count, part.reshape(-1, count * rows.num_columns).tolist()


class _Cells:
    """A column's cells; yes/no as 1 and 0, days as ISO text, which is how SQLite keeps them. Few different values are built once."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        array = column.combine_chunks()
        self._stand_in = _stand_in(array.type)
        if pa.types.is_date32(array.type):
            array = array.dictionary_encode()
        elif pa.types.is_boolean(array.type):
            array = pa.DictionaryArray.from_arrays(array.cast(pa.int32()), pa.array([0, 1]))
        self._array = array
        self._distinct: Objects | None = _distinct(array.dictionary, self._stand_in) if pa.types.is_dictionary(array.type) else None

    def values(self, start: int, stop: int) -> Objects:
        """The cells of some rows."""
        part = self._array.slice(start, stop - start)
        if self._distinct is not None:
            codes = part.indices.fill_null(len(self._distinct) - 1).to_numpy(zero_copy_only=False)
            return np.asarray(self._distinct[codes], dtype=object)
        if pa.types.is_large_string(part.type):
            found: Objects = part.to_numpy(zero_copy_only=False)
        else:
            found = part.fill_null(0).to_numpy(zero_copy_only=False).astype(object)
        if part.null_count:
            found[part.is_null().to_numpy(zero_copy_only=False)] = self._stand_in
        return found


def _distinct(values: pa.Array, stand_in: Any) -> Objects:
    """Each different value as Python's, and after them what stands for none."""
    if pa.types.is_date32(values.type):
        values = pc.strftime(values, format="%Y-%m-%d")
    found = np.empty(len(values) + 1, dtype=object)
    found[:-1] = values.to_pylist()
    found[-1] = stand_in
    return found
