"""Where a value of a record stands in its spreadsheet, as people find a cell: `C17`, with its sheet where there are several."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from schemas.cell_layouts import cell_layouts, line_layouts


class CellPlaces:
    """The columns of a file's sheets, by what they were taken for and whom they speak of."""

    def __init__(self, sheets: Sequence[Mapping[str, Any]], quarantine: pd.DataFrame) -> None:
        """`sheets` are intake's reports of them; the layouts stand in `quarantine`."""
        layouts = cell_layouts(quarantine)
        places = zip(layouts["sheet"].fillna(""), layouts["table"], layouts["column"], strict=True)
        self._letters: dict[tuple[str, int, str], str] = dict(zip(places, layouts["letter"], strict=True))
        self._lines: dict[tuple[str, int, str], list[tuple[int, str]]] = {}
        lines = line_layouts(quarantine).sort_values("row")
        for sheet, table, column, row, letter in lines[["sheet", "table", "column", "row", "letter"]].fillna({"sheet": ""}).to_numpy():
            self._lines.setdefault((sheet, table, column), []).append((row, letter))
        self._several = sum(bool(sheet["header_rows"]) for sheet in sheets) > 1

    def addresses(self, rows: pd.DataFrame, column: str, count: int) -> tuple[str, ...]:
        """The cells of a column in the first rows of a frame (sheet, table, row; mention where it is known)."""
        first = rows.head(count)
        mentions = first["mention"] if "mention" in first else pd.Series("", index=first.index)
        return tuple(
            self._address(*self.cell(sheet, int(table), int(row), column, str(mention)))
            for sheet, table, row, mention in zip(first["sheet"], first["table"], first["row"], mentions, strict=True)
        )

    def cell(self, sheet: Any, table: int, row: int, column: str, mention: str) -> tuple[str, int, str]:
        """Sheet, row and column letter of a value of a mention in a row of a table.

        What holds for all rows below a line, such as the number of a family card, stands in that line; what stands nowhere, in A.
        """
        name = "" if pd.isna(sheet) else str(sheet)
        of_mention = (name, table, f"{mention}:{column}")
        letter = self._letters.get(of_mention) or self._letters.get((name, table, column))
        if letter is not None:
            return name, row, letter
        lines = self._lines.get((name, table, column), [])
        above = bisect.bisect_left(lines, (row, ""))
        return (name, *lines[above - 1]) if above else (name, row, "A")

    def _address(self, sheet: str, row: int, letter: str) -> str:
        return f"{sheet}!{letter}{row}" if self._several else f"{letter}{row}"
