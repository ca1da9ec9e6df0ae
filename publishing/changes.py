"""What a publication must write: per table, the rows that are new and the fingerprints of those that are gone.

The stored fingerprints are compared with the prepared ones as sets, so that an unchanged table costs one scan and no write.
A row that changed is one that is gone and one that is new. On tables with history "gone" closes a version; on the others it
removes the row, or replaces it where the new row has the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Table

from publishing.ahead import made_ahead
from publishing.bulk import BulkLoader
from publishing.prepared import PreparedTable, among_sorted, plain
from publishing.row_hash import as_signed
from schemas import tables

KEPT_FOR_HISTORY = frozenset({"area", "code_list", "programme", "eligibility_reason"})
"""Rows that older versions of other rows may still point at: never removed, only replaced."""

Fingerprints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TableChange:
    """What must be written to one table. `new` are places in the prepared data."""

    table: Table
    prepared: PreparedTable
    new: npt.NDArray[np.int64]
    gone: Fingerprints
    fills: bool = False
    """Whether the table was empty before."""

    @property
    def empty(self) -> bool:
        """Whether the table stays as it is."""
        return not len(self.new) and not len(self.gone)

    @property
    def rows(self) -> int:
        """How many rows are inserted, closed or removed."""
        return len(self.new) + len(self.gone)

    def new_rows(self, grouped_by: Sequence[str] = ()) -> pa.Table:
        """The new rows with their fingerprints, in the order of the table's key, so that the index grows at its end.

        `grouped_by`: columns of few texts by which they are sorted before that.
        """
        hashes = as_signed(self.prepared.hashes)
        data = self.prepared.data
        key = [column.name for column in self.table.primary_key if column.name not in tables.BOOKKEEPING]
        if key:
            keys = pa.table({name: plain(data[name]) for name in key})
            keys = keys if self.fills else keys.take(pa.array(self.new))
            order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in key]).to_numpy()
        else:
            order = np.argsort(hashes[self.new], kind="stable")
        places = self.new[order]
        if grouped_by:
            places = places[np.lexsort([_ranks(data[name])[places] for name in reversed(grouped_by)])]
        return data.take(pa.array(places)).append_column("row_hash", pa.array(hashes[places])).combine_chunks()


def _ranks(column: pa.ChunkedArray) -> npt.NDArray[np.int32]:
    """For each value its place among the column's distinct texts; nothing comes last, as on PostgreSQL."""
    array = column.combine_chunks()
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    ranks = np.full(len(coded.dictionary) + 1, len(coded.dictionary), dtype=np.int32)
    ranks[pc.sort_indices(coded.dictionary).to_numpy()] = np.arange(len(coded.dictionary))
    return np.asarray(ranks[coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)])


def find_change(loader: BulkLoader, table: Table, prepared: PreparedTable) -> TableChange:
    """Compare one table's stored fingerprints with the prepared ones."""
    stored = np.sort(loader.stored_hashes(table, current_only=table.name in tables.HISTORY).view(np.uint64))
    new = np.flatnonzero(~among_sorted(prepared.hashes, stored))
    gone = stored[:0] if table.name in KEPT_FOR_HISTORY else stored[~among_sorted(stored, prepared.sorted_hashes)]
    return TableChange(table, prepared, new, as_signed(gone), fills=not len(stored))


def write_changes(loader: BulkLoader, changes: list[TableChange], publication: int, on_step: Callable[[str], None]) -> None:
    """Write all changes: first what is gone, children before parents, then what is new."""
    for change in reversed(changes):
        if len(change.gone):
            if change.table.name in tables.HISTORY:
                loader.close_versions(change.table, change.gone, publication)
            else:
                loader.remove(change.table, change.gone)
            on_step(f"gone from {change.table.name}")
    arriving = [change for change in changes if len(change.new)]
    made = (change.new_rows(loader.grouped_by(change.table) if change.fills else ()) for change in arriving)
    for change, new_rows in zip(arriving, made_ahead(made), strict=True):
        table, rows = change.table, new_rows
        if table.name in tables.HISTORY:
            rows = rows.append_column("valid_from", pa.array(np.full(len(rows), publication, dtype=np.int64)))
        loader.insert(table, rows, replace=table.name in KEPT_FOR_HISTORY and not change.fills)
        on_step(f"new in {table.name}")
