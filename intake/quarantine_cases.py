"""Quarantined rows as cases that somebody has to settle: each with a number that stays, its cells, and whether it was answered.

A case is answered when the office sends back the corrected cells, or when a newer delivery brings the same person's row and it is good.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd

from intake.raw_sheet import column_place
from schemas.canonical import TEXT
from schemas.cell_layouts import read_layout, with_layout, with_tables
from schemas.correction_sheet import case_number

CASE_COLUMNS = (
    "case_id", "source", "delivery_id", "file", "sha256", "sheet", "table", "row", "reason", "column", "message_id", "message_en", "cells",
)  # fmt: skip


def cases_of(quarantine: pd.DataFrame, deliveries: pd.DataFrame) -> pd.DataFrame:
    """The quarantined rows of the deliveries in force, one case each, in the order of the quarantine frame (columns: CASE_COLUMNS)."""
    rows = with_tables(quarantine[quarantine["disposition"] == "quarantined"])
    rows = rows.merge(deliveries[["delivery_id", "file", "source", "sha256"]], on=["delivery_id", "file"], how="inner")
    # A text file's only sheet has no name: the empty text, in the frame as in the workbook that goes to the office.
    rows = rows.assign(sheet=rows["sheet"].fillna(""))
    numbers = [case_number(sha256, sheet, row) for sha256, sheet, row in zip(rows["sha256"], rows["sheet"], rows["row"], strict=True)]
    return rows.assign(case_id=pd.array(numbers, dtype=TEXT))[list(CASE_COLUMNS)].reset_index(drop=True)


def row_cells(text: str | None) -> list[str | None]:
    """The cells of a quarantined row, from column A on."""
    cells: list[str | None] = json.loads(text) if isinstance(text, str) else []
    return cells


def answered_by_newer(cases: pd.DataFrame, quarantine: pd.DataFrame, records: pd.DataFrame, deliveries: pd.DataFrame) -> pd.Series:
    """Which cases a newer delivery of the same source has answered: it holds a record with the NIK that stands in the case's row.

    `records` needs source, delivery_id and nik; `deliveries` in the order of `find_deliveries`, oldest first.
    """
    age = pd.Series(np.arange(len(deliveries)), index=deliveries["delivery_id"].astype(object)).groupby(level=0).max()
    niks = pd.Series(pd.array(_niks(cases, quarantine), dtype=TEXT), index=cases.index)
    known = records.loc[records["nik"].isin(niks.dropna().unique()), ["source", "nik", "delivery_id"]].drop_duplicates()
    newest = known.assign(age=known["delivery_id"].astype(object).map(age)).groupby(["source", "nik"])["age"].max()
    by_person = newest.to_dict()
    answers = pd.Series([by_person.get((source, nik), -1) for source, nik in zip(cases["source"], niks, strict=True)], index=cases.index)
    answered: pd.Series = answers > cases["delivery_id"].astype(object).map(age)
    return answered


def _niks(cases: pd.DataFrame, quarantine: pd.DataFrame) -> Sequence[str | None]:
    """The sixteen digits in each case's NIK cell, by the layout that its table's header row carries."""
    headers = with_layout(quarantine)
    places = {
        (delivery, file, sheet, table): column_place(letters)
        for delivery, file, sheet, layout in zip(
            headers["delivery_id"], headers["file"], headers["sheet"].fillna(""), headers["layout"], strict=True
        )
        for table, column, letters in read_layout(layout)
        if column == "nik" and "+" not in letters
    }
    found: list[str | None] = []
    for *table, cells in cases[["delivery_id", "file", "sheet", "table", "cells"]].itertuples(index=False):
        place, texts = places.get(tuple(table)), row_cells(cells)
        digits = "".join(filter(str.isdigit, (texts[place] or "") if place is not None and place < len(texts) else ""))
        found.append(digits if len(digits) == 16 else None)
    return found
