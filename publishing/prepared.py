"""The rows that a publication would write, with a fingerprint for each: computed once, looked at by the audit, written as they are.

A `Prepared` holds copies: whoever changes a frame afterwards does not change what was prepared from it. So the audit and the
publication of one run may share it, and what was audited is what is published, down to the same columns in memory.

Rows find each other by fingerprints of their keys too (`row_hash`): comparing sorted integers is some thirty times faster than
looking up texts. That a row should find a wrong one has a chance of 2^-64 for each pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from publishing.row_hash import Hashes, column_hashes, folded, told_apart

WITHOUT_CONTENT = frozenset(
    {
        *("person_id", "family_id", "house_id", "head_person_id", "record_id", "position_source", "register_record", "office_record"),
        *("nik_hash", "kk_hash", "rule_version"),
    }
)
"""Columns that differ between two offices with the same files, or say nothing about the world."""

_LOOKED_UP = frozenset({*WITHOUT_CONTENT, "entity_id", "nik", "kk_number"} - {"nik_hash", "kk_hash", "rule_version"})
"""Columns by which rows find each other: their fingerprints are kept, the others' only go into the row's."""
_SAMPLE, _SHARE_OF_DISTINCT = 1000, 4
_THREADS = 2
"""numpy and Arrow work without Python's lock, so that a second core shortens the hashing; more than two wait for memory."""


@dataclass(frozen=True)
class PreparedTable:
    """The rows that one table is to hold: its business columns as Arrow, and a fingerprint per row."""

    name: str
    data: pa.Table
    """Text columns of few distinct values are dictionary-encoded (see `compact`)."""
    _of_columns: dict[str, Hashes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def hashes(self) -> Hashes:
        """One fingerprint per row, each different."""
        return self._told_apart[0]

    @property
    def sorted_hashes(self) -> Hashes:
        """The same, in ascending order: what the table holds as a set."""
        return self._told_apart[1]

    @property
    def content(self) -> Hashes:
        """One fingerprint per row over what it says by itself: no ids, no keyed hashes, no versions of rules."""
        return self._folded[1]

    def fingerprints(self, column: str) -> Hashes:
        """One fingerprint per value of a column; all missing values have the same."""
        if column not in self._of_columns:
            self._of_columns[column] = column_hashes(self.data[column])
        return self._of_columns[column]

    def missing(self, column: str) -> npt.NDArray[np.bool_]:
        """Where a column has no value."""
        return np.asarray(self.data[column].is_null().to_numpy(), dtype=np.bool_)

    @cached_property
    def _told_apart(self) -> tuple[Hashes, Hashes]:
        rows = self._folded[0]
        ordered = np.sort(rows)
        if bool((ordered[1:] == ordered[:-1]).any()):
            rows = told_apart(rows)
            ordered = np.sort(rows)
        return rows, ordered

    @cached_property
    def _folded(self) -> tuple[Hashes, Hashes]:
        """Both fingerprints in one pass over the columns, since hashing text is what takes time."""
        rows, content = np.zeros((2, self.data.num_rows), dtype=np.uint64)
        with np.errstate(over="ignore"):
            for name, column in zip(self.data.column_names, self.data.columns, strict=True):
                values = self.fingerprints(name) if name in _LOOKED_UP else column_hashes(column)
                rows = folded(rows, values)
                if name not in WITHOUT_CONTENT:
                    content = folded(content, values)
        return rows, content


@dataclass(frozen=True)
class Prepared(Mapping[str, PreparedTable]):
    """All tables of a state by name, and what only the audit and the registry of ids ask about."""

    tables: Mapping[str, PreparedTable]
    mentions: int
    """How many of the first rows of `source_record` are mentions in offices' lists; the others are rows of the register."""
    residents: Hashes
    """Fingerprints of the NIKs in the population register, one per resident."""
    linked_to: PreparedTable
    """One column, `register_nik`: whom each row of `person_link` is linked to in the register."""

    def __getitem__(self, name: str) -> PreparedTable:
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def fingerprinted(self) -> Prepared:
        """The same, with the rows' fingerprints computed: table by table, the large ones first, on two cores."""
        by_size = sorted(self.tables.values(), key=lambda table: table.data.nbytes, reverse=True)
        with ThreadPoolExecutor(_THREADS) as threads:
            list(threads.map(lambda table: table.sorted_hashes, by_size))
        return self


def compact(array: pa.Array) -> pa.Array:
    """Text with few distinct values as codes and the values once: less to hash, to sort and to turn into Python's objects.

    Whether it has few is guessed from a thousand of its values; empty cells say nothing. The fingerprints do not depend on it.
    """
    if len(array) < 2 * _SAMPLE:
        return array
    values = array.drop_null() if array.null_count else array
    if len(values) >= 2 * _SAMPLE:
        sample = values.take(pa.array(np.linspace(0, len(values) - 1, _SAMPLE).astype(np.int64)))
        if pc.count_distinct(sample).as_py() > _SAMPLE // _SHARE_OF_DISTINCT:
            return array
    return array.dictionary_encode()


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column without codes, for those who take texts only."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def among_sorted(values: Hashes, ordered: Hashes) -> npt.NDArray[np.bool_]:
    """Which values stand in a sorted list."""
    if not len(ordered):
        return np.zeros(len(values), dtype=np.bool_)
    places = np.searchsorted(ordered, values)
    places[places == len(ordered)] = 0
    return np.asarray(ordered[places] == values, dtype=np.bool_)
