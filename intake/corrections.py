"""Cells that an office has corrected: applied when the row is read again, each kept with what stood there before.

A correction belongs to one cell of one file, named by the file's SHA-256, so it can never reach another file's row. Corrections are
receipts like those of deliveries: only ever added, and where two speak of one cell the later one counts.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from intake.delivery_store import DeliveryStore, private_folder, write_once
from intake.raw_sheet import EMPTY_CELL, TEXT_CELL, RawSheet

RULE = "corrected_by_office"
"""The repair under which a corrected cell stands on its record."""
_TEXT = pa.large_string()


@dataclass(frozen=True)
class CellCorrection:
    """One corrected cell: 1-based row, 0-based column, what stood there and what the office says is right (None: nothing)."""

    sheet: str
    row: int
    column: int
    original: str | None
    corrected: str | None


@dataclass(frozen=True)
class CorrectedRow:
    """All corrected cells of one case, and whose file it is."""

    case_id: str
    source: str
    delivery_id: str
    file: str
    sha256: str
    cells: tuple[CellCorrection, ...]


@dataclass(frozen=True)
class CorrectionReceipt:
    """One returned workbook: who brought it and when, its own fingerprint, and what was taken from it."""

    at: str
    by: str
    workbook: str
    workbook_sha256: str
    rows: tuple[CorrectedRow, ...]


@dataclass(frozen=True)
class Corrections:
    """All corrections that hold, by the SHA-256 of the file that they belong to."""

    by_file: Mapping[str, tuple[CellCorrection, ...]]

    def of_file(self, sha256: str) -> tuple[CellCorrection, ...]:
        """The corrections of one file, in the order of its cells."""
        return self.by_file.get(sha256, ())

    def fingerprint(self, sha256: str) -> str:
        """What tells this file with its corrections from the same file without; empty when there are none."""
        cells = self.of_file(sha256)
        return hashlib.sha256(json.dumps([dataclasses.astuple(cell) for cell in cells]).encode()).hexdigest() if cells else ""


NO_CORRECTIONS = Corrections({})


def _folder(store: DeliveryStore) -> Path:
    return store.folder / "corrections"


def keep_corrections(store: DeliveryStore, receipt: CorrectionReceipt) -> None:
    """Add what a returned workbook brought; on disk when this returns."""
    folder = _folder(store)
    private_folder(folder)
    number = len(list(folder.glob("[0-9]*.json")))
    while not write_once(folder / f"{(number := number + 1):06d}.json", dataclasses.asdict(receipt)):
        pass


def correction_receipts(store: DeliveryStore) -> list[CorrectionReceipt]:
    """All receipts, oldest first."""
    return [_receipt(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(_folder(store).glob("[0-9]*.json"))]


def _receipt(facts: dict[str, Any]) -> CorrectionReceipt:
    rows = tuple(CorrectedRow(**(row | {"cells": tuple(CellCorrection(**cell) for cell in row["cells"])})) for row in facts.pop("rows"))
    return CorrectionReceipt(**facts, rows=rows)


def corrections_in_force(receipts: Sequence[CorrectionReceipt]) -> Corrections:
    """The last word on each cell."""
    last: dict[str, dict[tuple[str, int, int], CellCorrection]] = {}
    for receipt in receipts:
        for row in receipt.rows:
            for cell in row.cells:
                last.setdefault(row.sha256, {})[cell.sheet, cell.row, cell.column] = cell
    return Corrections({sha256: tuple(cells[place] for place in sorted(cells)) for sha256, cells in sorted(last.items())})


def corrected_sheet(sheet: RawSheet, corrections: Sequence[CellCorrection]) -> RawSheet:
    """The sheet as it would be had the office written it right. The row's own width no longer counts against it in a text file."""
    mine = [cell for cell in corrections if cell.sheet == sheet.name and cell.row <= sheet.height and cell.column < sheet.width]
    if not mine:
        return sheet
    types = sheet.types.copy()
    cells = list(sheet.cells)
    for column in sorted({cell.column for cell in mine}):
        here = [cell for cell in mine if cell.column == column]
        mask = np.zeros(sheet.height, bool)
        mask[[cell.row - 1 for cell in here]] = True
        # The mask takes the replacements in the order of the rows, which is that of the corrections.
        cells[column] = pc.replace_with_mask(cells[column], pa.array(mask), pa.array([cell.corrected for cell in here], _TEXT))
        types[mask, column] = [EMPTY_CELL if cell.corrected is None else TEXT_CELL for cell in here]
    counts = sheet.field_counts
    if counts is not None:
        counts = counts.copy()
        counts[[cell.row - 1 for cell in mine]] = sheet.width
    return dataclasses.replace(sheet, cells=tuple(cells), types=types, field_counts=counts)


def note_corrections(records: pa.Table, columns: Mapping[str, int], sheet: str, corrections: Sequence[CellCorrection]) -> pa.Table:
    """The records of a sheet with each corrected cell among their repairs: [column, what stood there, `corrected_by_office`].

    `columns` says at which place each contract column of the sheet stands.
    """
    names = {place: name for name, place in columns.items()}
    noted: dict[int, list[list[str | None]]] = {}
    for cell in corrections:
        if cell.sheet == sheet and cell.column in names:
            noted.setdefault(cell.row, []).append([names[cell.column], cell.original, RULE])
    if not noted:
        return records
    place = records.schema.get_field_index("repairs")
    repairs = records.column(place).to_pylist()
    rows = records.column("row").to_numpy()
    for position in np.flatnonzero(np.isin(rows, list(noted))).tolist():
        others = json.loads(repairs[position]) if repairs[position] else []
        repairs[position] = json.dumps(noted[int(rows[position])] + others, ensure_ascii=False)
    return records.set_column(place, records.schema.field(place), pa.array(repairs, _TEXT))
