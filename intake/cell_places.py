"""Where a value of a record stands in its spreadsheet, as people find a cell: `C17`, with its sheet where there are several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from schemas.cell_layouts import cell_layouts


class CellPlaces:
    """The columns of a file's sheets, by what they were taken for and whom they speak of."""

    def __init__(self, sheets: Sequence[Mapping[str, Any]], quarantine: pd.DataFrame) -> None:
        """`sheets` are intake's reports of them; the layouts stand in `quarantine`."""
        layouts = cell_layouts(quarantine)
        places = zip(layouts["sheet"].fillna(""), layouts["table"], layouts["column"], strict=True)
        self._letters: dict[tuple[str, int, str], str] = dict(zip(places, layouts["letter"], strict=True))
        self._several = sum(bool(sheet["header_rows"]) for sheet in sheets) > 1

    def addresses(self, rows: pd.DataFrame, column: str, count: int) -> tuple[str, ...]:
        """The cells of a column in the first rows of a frame (sheet, table, row; mention where it is known)."""
        first = rows.head(count)
        mentions = first["mention"] if "mention" in first else pd.Series("", index=first.index)
        return tuple(
            self._address("" if pd.isna(sheet) else str(sheet), int(table), int(row), column, str(mention))
            for sheet, table, row, mention in zip(first["sheet"], first["table"], first["row"], mentions, strict=True)
        )

    def letter(self, sheet: Any, table: int, column: str, mention: str) -> str:
        """The column of a table in which a value of a mention stands; A for what stands nowhere."""
        name = "" if pd.isna(sheet) else str(sheet)
        return self._letters.get((name, table, f"{mention}:{column}")) or self._letters.get((name, table, column), "A")

    def _address(self, sheet: str, table: int, row: int, column: str, mention: str) -> str:
        letter = self.letter(sheet, table, column, mention)
        return f"{sheet}!{letter}{row}" if self._several else f"{letter}{row}"
