"""Which letter each canonical column has in a table of a sheet: what intake writes into the header rows, read back by all that name cells.

Each table of a sheet has its layout in its own header row; tables side by side share one. In the layout, columns of a second table are
called `2/name`, and those of a further person whom the rows mention `mention:name`. A line of a block report that holds for the rows
below it, such as one of a family card, has a layout of its own: where in the line each value begins.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from schemas.canonical import TEXT

_LINE = "block_line"
"""The disposition of a line that holds for the rows below it."""
_PLACE: dict[str, Any] = {"delivery_id": TEXT, "file": TEXT, "sheet": TEXT, "table": "int32", "column": TEXT}


def write_layout(tables: Mapping[int, Mapping[str, Mapping[str, str]]]) -> str:
    """Column → letters as JSON. `tables` holds them by the table's number in its sheet, from 1, and by mention, the main one first."""
    letters: dict[str, str] = {}
    for number, mentions in tables.items():
        of_table = "" if number == 1 else f"{number}/"
        for place, (mention, columns) in enumerate(mentions.items()):
            of_mention = f"{mention}:" if place else ""
            letters |= {f"{of_table}{of_mention}{name}": places for name, places in columns.items()}
    return json.dumps(letters, ensure_ascii=False)


def read_layout(layout: str) -> Iterator[tuple[int, str, str]]:
    """Yield number of the table, column (of a further person: `mention:column`) and letters, joined with `+` where there are several."""
    for called, letters in json.loads(layout).items():
        number, _, column = called.rpartition("/")
        yield int(number or 1), column, letters


def cell_layouts(quarantine: pd.DataFrame) -> pd.DataFrame:
    """The header rows' layouts: delivery_id, file, sheet, table, column, letter, in the order of the file.

    A column that was read from several cells has the first of their letters.
    """
    layouts = _layouts(with_layout(quarantine)).drop(columns="row")
    return layouts.drop_duplicates(list(_PLACE), ignore_index=True)


def line_layouts(quarantine: pd.DataFrame) -> pd.DataFrame:
    """The layouts of lines that hold for the rows below them: as `cell_layouts`, with the line's row (from 1)."""
    return _layouts(with_layout(quarantine, of_lines=True))


def with_layout(quarantine: pd.DataFrame, *, of_lines: bool = False) -> pd.DataFrame:
    """The header rows, or the lines of block reports, that carry a layout."""
    return quarantine[quarantine["layout"].notna() & ((quarantine["disposition"] == _LINE) == of_lines)]


def _layouts(rows: pd.DataFrame) -> pd.DataFrame:
    told = [
        (place.delivery_id, place.file, place.sheet, table, column, letters.split("+")[0], place.row)
        for place in rows[["delivery_id", "file", "sheet", "row", "layout"]].itertuples()
        for table, column, letters in read_layout(str(place.layout))
    ]
    return pd.DataFrame(told, columns=[*_PLACE, "letter", "row"]).astype({**_PLACE, "letter": TEXT, "row": "int32"})


def with_tables(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the column `table`; one that an earlier version wrote has none, and speaks of the first table of each sheet."""
    return frame if "table" in frame else frame.assign(table=pd.Series(1, frame.index, "int32"))
