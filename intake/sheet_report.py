"""What intake understood of one sheet, in plain values: the answer that `padan check` prints and the quality report counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intake.header_mapping import HeaderMap
from intake.raw_sheet import RawSheet, column_letter
from intake.row_kinds import ROW_KINDS
from schemas.contracts import TableContract


@dataclass(frozen=True)
class ColumnReport:
    """One column of a table: its letter, its header as written, what it was taken for (None: unknown; `ignore`: ignored)."""

    table: int
    letter: str
    header: str
    canonical: str | None
    mention: str


@dataclass(frozen=True)
class SheetReport:
    """One sheet: where its header stands, what its columns are, how many rows of each kind it has."""

    sheet: str
    hidden: bool
    header_rows: tuple[int, ...]
    columns: tuple[ColumnReport, ...]
    proposals: tuple[tuple[str, str], ...]
    """(header as written, canonical column that it might be)."""
    absent: tuple[tuple[str, str], ...]
    """(mention, canonical column) of the contract that the sheet does not have."""
    kinds: dict[str, int]
    accepted: int
    quarantined: int
    remarks: tuple[str, ...]
    mentions: dict[str, int]
    """Records by mention, where rows speak of several people."""
    unnamed: dict[str, int]
    """By mention, of how many people rows speak without name and NIK; their rows are the records of the other people named there."""


def describe_sheet(
    sheet: RawSheet,
    kinds: npt.NDArray[np.uint8],
    header_rows: Sequence[int],
    tables: Sequence[Sequence[tuple[TableContract, HeaderMap]]],
    accepted: int,
    quarantined: int,
    mentions: Mapping[str, int],
    unnamed: Mapping[str, int],
) -> SheetReport:
    """Put together the report of one sheet from its tables' mentions; `header_rows` (0-based) is empty for a sheet that is no table."""
    counted = np.bincount(kinds, minlength=len(ROW_KINDS))
    columns: dict[tuple[int, int, str], ColumnReport] = {}
    proposals: dict[tuple[str, str], None] = {}
    absent: dict[tuple[str, str], None] = {}
    for number, chosen in enumerate(tables, start=1):
        _describe_table(number, chosen, columns, proposals, absent)
    return SheetReport(
        sheet=sheet.name,
        hidden=sheet.hidden,
        header_rows=tuple(row + 1 for row in header_rows),
        columns=tuple(columns[key] for key in sorted(columns)),
        proposals=tuple(proposals),
        absent=tuple(absent),
        kinds={kind: int(count) for kind, count in zip(ROW_KINDS, counted, strict=True) if kind != "data" and count},
        accepted=accepted,
        quarantined=quarantined,
        remarks=sheet.remarks,
        mentions=dict(mentions) if len(mentions) > 1 else {},
        unnamed=dict(unnamed),
    )


def _describe_table(
    number: int,
    chosen: Sequence[tuple[TableContract, HeaderMap]],
    columns: dict[tuple[int, int, str], ColumnReport],
    proposals: dict[tuple[str, str], None],
    absent: dict[tuple[str, str], None],
) -> None:
    """Add what the mentions of one table say of its columns."""
    mapped_anywhere = {place for _, found in chosen for place in found.columns.values()}
    for table, found in chosen:
        names = {place: name for name, place in found.columns.items()}
        for place, text in found.headers.items():
            if place in names:
                columns[number, place, table.mention] = ColumnReport(number, column_letter(place), text, names[place], table.mention)
            elif place not in mapped_anywhere:
                canonical = "ignore" if place in found.ignored else None
                columns.setdefault((number, place, ""), ColumnReport(number, column_letter(place), text, canonical, ""))
        proposals |= {(found.headers[place], name): None for name, place in found.proposals.items() if place not in mapped_anywhere}
        absent |= {(table.mention, name): None for name in table.columns if name not in found.columns}
