"""Which letter each canonical column has in a sheet: the layouts that intake keeps with the header rows, as one table."""

from __future__ import annotations

import json

import pandas as pd

from schemas.canonical import TEXT


def cell_layouts(quarantine: pd.DataFrame) -> pd.DataFrame:
    """The header rows' layouts: delivery_id, file, sheet, column, letter, in the order of the file.

    A column that was read from several cells has their letters joined with `+`; the first of them is given. Columns of further people
    whom the rows mention are called `mention:column`.
    """
    headers = quarantine.loc[quarantine["layout"].notna(), ["delivery_id", "file", "sheet", "layout"]]
    rows = [
        (header.delivery_id, header.file, header.sheet, column, letters.split("+")[0])
        for header in headers.itertuples()
        for column, letters in json.loads(str(header.layout)).items()
    ]
    layouts = pd.DataFrame(rows, columns=["delivery_id", "file", "sheet", "column", "letter"], dtype=TEXT)
    return layouts.drop_duplicates(["delivery_id", "file", "sheet", "column"], ignore_index=True)
