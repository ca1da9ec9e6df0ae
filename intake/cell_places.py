"""Where a value of a record stands in its spreadsheet, as people find a cell: `C17`, with its sheet where there are several."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd


class CellPlaces:
    """The columns of a file's sheets, by what they were taken for and whom they speak of."""

    def __init__(self, sheets: Sequence[Mapping[str, Any]], quarantine: pd.DataFrame) -> None:
        """`sheets` are intake's reports of them; the layouts in `quarantine` add columns that were read from another one."""
        headers = quarantine[quarantine["layout"].notna()]
        layouts = zip(headers["sheet"].fillna(""), headers["layout"], strict=True)
        self._derived = {
            (str(sheet), name): letters.split("+")[0] for sheet, layout in layouts for name, letters in json.loads(layout).items()
        }
        self._letters = {
            (sheet["sheet"], column["mention"], column["canonical"]): column["letter"] for sheet in sheets for column in sheet["columns"]
        }
        self._several = sum(bool(sheet["header_rows"]) for sheet in sheets) > 1

    def addresses(self, rows: pd.DataFrame, column: str, count: int) -> tuple[str, ...]:
        """The cells of a column in the first rows of a frame (sheet, row; mention where it is known)."""
        first = rows.head(count)
        mentions = first["mention"] if "mention" in first else pd.Series("", index=first.index)
        return tuple(
            self._address("" if pd.isna(sheet) else str(sheet), int(row), column, str(mention))
            for sheet, row, mention in zip(first["sheet"], first["row"], mentions, strict=True)
        )

    def letter(self, sheet: Any, column: str, mention: str) -> str:
        """The column in which a value of a mention stands; A for what stands nowhere."""
        name = "" if pd.isna(sheet) else str(sheet)
        letter: str = self._letters.get((name, mention, column)) or self._derived.get((name, column), "A")
        return letter

    def _address(self, sheet: str, row: int, column: str, mention: str) -> str:
        letter = self.letter(sheet, column, mention)
        return f"{sheet}!{letter}{row}" if self._several else f"{letter}{row}"
