"""Which letter each canonical column has in a table of a sheet: what intake writes into the header rows, read back by all that name cells.

Each table of a sheet has its layout in its own header row; tables side by side share one. In the layout, columns of a second table are
called `2/name`, and those of a further person whom the rows mention `mention:name`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from schemas.canonical import TEXT

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
    headers = quarantine.loc[quarantine["layout"].notna(), ["delivery_id", "file", "sheet", "layout"]]
    rows = [
        (header.delivery_id, header.file, header.sheet, table, column, letters.split("+")[0])
        for header in headers.itertuples()
        for table, column, letters in read_layout(str(header.layout))
    ]
    layouts = pd.DataFrame(rows, columns=[*_PLACE, "letter"]).astype({**_PLACE, "letter": TEXT})
    return layouts.drop_duplicates(list(_PLACE), ignore_index=True)


def with_tables(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the column `table`; one that an earlier version wrote has none, and speaks of the first table of each sheet."""
    return frame if "table" in frame else frame.assign(table=pd.Series(1, frame.index, "int32"))
