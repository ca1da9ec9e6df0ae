"""What a spreadsheet holds, before it is written in one format or another.

A ``Sheet`` is an Arrow table with what stands around it and in between: title rows, one or two header rows, subtotals, repeated headers,
totals, signatures. Text columns become text cells, integers and decimals numbers, dates Excel dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Cell = str | int | float | None
Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook."""

    name: str
    table: pa.Table
    title: tuple[str, ...] = ()
    """Rows above the header, followed by an empty one."""
    header_groups: tuple[tuple[int, int, str], ...] = ()
    """A second header row above the first: (first column, last column, text).

    Columns outside the groups have one header cell that spans both rows.
    """
    footer: tuple[dict[int, Cell], ...] = ()
    """Rows below the data: cells by column."""
    numeric: Mapping[str, pa.Array] = field(default_factory=dict)
    """Text columns of digits of which some cells were typed as numbers: true where the cell is a number."""
    inserted: tuple[tuple[int, dict[int, Cell]], ...] = ()
    """Rows between the records, in order: the number (from 0) of the record that follows, and cells by column."""
    groups: Mapping[str, Index] = field(default_factory=dict)
    """Columns whose cells are merged downward: for each the number of the first record of every merged cell, in order.

    The value stands in the first record of a merged cell; the others are null. Not together with ``inserted``.
    """
    hidden: bool = False

    @property
    def header_row(self) -> int:
        """The 1-based row of the (lower) header."""
        return len(self.title) + bool(self.title) + bool(self.header_groups) + 1

    @property
    def first_data_row(self) -> int:
        """The 1-based row of the first record."""
        return self.header_row + 1

    def record_rows(self) -> Index:
        """The 1-based row of each record."""
        number = np.arange(self.table.num_rows)
        before = np.array([place for place, _ in self.inserted], dtype=np.int64)
        rows: Index = self.first_data_row + number + np.searchsorted(before, number, side="right")
        return rows

    def inserted_rows(self) -> list[tuple[int, int, dict[int, Cell]]]:
        """Rows between the records: the record that follows, the 1-based row, and cells by column."""
        return [(place, self.first_data_row + place + count, cells) for count, (place, cells) in enumerate(self.inserted)]

    def rows_below(self) -> list[tuple[int, dict[int, Cell]]]:
        """Totals and signatures: row and cells by column."""
        first = self.first_data_row + self.table.num_rows + len(self.inserted)
        return [(first + offset, cells) for offset, cells in enumerate(self.footer)]

    def rows_above(self) -> list[tuple[int, dict[int, Cell]]]:
        """Titles and headers: row and cells by column."""
        rows: list[tuple[int, dict[int, Cell]]] = [(number + 1, {0: text}) for number, text in enumerate(self.title)]
        names: dict[int, Cell] = dict(enumerate(self.table.column_names))
        if self.header_groups:
            grouped = {column for first, last, _ in self.header_groups for column in range(first, last + 1)}
            upper: dict[int, Cell] = {column: name for column, name in names.items() if column not in grouped}
            upper |= {first: text for first, _, text in self.header_groups}
            rows.append((self.header_row - 1, upper))
            names = {column: name for column, name in names.items() if column in grouped}
        rows.append((self.header_row, names))
        return rows

    def merged_ranges(self) -> list[tuple[int, int, int, int]]:
        """Cells that span several: top, left, bottom, right; rows count from 1, columns from 0."""
        return self._merged_headers() + self._merged_groups()

    def _merged_groups(self) -> list[tuple[int, int, int, int]]:
        areas = []
        for name, starts in self.groups.items():
            column = self.table.column_names.index(name)
            ends = np.append(starts[1:], self.table.num_rows) - 1
            first = self.first_data_row
            areas += [
                (first + start, column, first + end, column)
                for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
                if end > start
            ]
        return areas

    def _merged_headers(self) -> list[tuple[int, int, int, int]]:
        if not self.header_groups:
            return []
        grouped = {column for first, last, _ in self.header_groups for column in range(first, last + 1)}
        top, bottom = self.header_row - 1, self.header_row
        across = [(top, first, top, last) for first, last, _ in self.header_groups]
        return across + [(top, column, bottom, column) for column in range(len(self.table.column_names)) if column not in grouped]

    def cells(self, name: str) -> list[Cell]:
        """A column as plain values, with the cells that were typed as numbers as integers."""
        cells: list[Cell] = self.table.column(name).to_pylist()
        for place, is_number in enumerate(self.numeric[name].to_pylist() if name in self.numeric else ()):
            text = cells[place]
            if is_number and text is not None:
                cells[place] = int(text)
        return cells
