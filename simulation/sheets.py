"""What a spreadsheet holds, before it is written in one format or another.

A ``Sheet`` is an Arrow table with what stands around it: title rows, one or two header rows, totals, signatures. Text columns become text
cells, integers and decimals numbers, dates Excel dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

Cell = str | int | float | None


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

    @property
    def header_row(self) -> int:
        """The 1-based row of the (lower) header."""
        return len(self.title) + bool(self.title) + bool(self.header_groups) + 1

    @property
    def first_data_row(self) -> int:
        """The 1-based row of the first record."""
        return self.header_row + 1

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
        """Header cells that span several: top, left, bottom, right; rows count from 1, columns from 0."""
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
