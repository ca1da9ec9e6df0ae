"""Which data rows become records and which go to quarantine, and with which reason.

Few reasons keep a row out: nobody is named, a required value is missing, a code that the contract insists on is unknown, or a text
line has too many or too few fields. A bad NIK, date or village never does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.raw_sheet import RawSheet
from intake.typed_table import TypedTable
from schemas.canonical import BY_NAME
from schemas.contracts import TableContract

_TEXT = pa.large_string()


@dataclass(frozen=True)
class Verdicts:
    """For each data row: null when it is accepted, else the reason code; and the column that the reason names."""

    reasons: pa.Array
    columns: pa.Array

    @property
    def accepted(self) -> npt.NDArray[np.bool_]:
        """Which rows are accepted."""
        return _flags(pc.is_null(self.reasons))


def _flags(mask: pa.Array) -> npt.NDArray[np.bool_]:
    flags: npt.NDArray[np.bool_] = pc.fill_null(mask, False).to_numpy(zero_copy_only=False)
    return flags


def judge_rows(typed: TypedTable, table: TableContract) -> Verdicts:
    """Apply the contract's conditions; the first that a row breaks is its reason."""
    reasons = np.full(typed.length, None, dtype=object)
    columns = np.full(typed.length, None, dtype=object)

    def refuse(rows: npt.NDArray[np.bool_], code: str, column: str | None) -> None:
        fresh = rows & (reasons == None)  # noqa: E711 - elementwise on an object array
        reasons[fresh] = code
        columns[fresh] = column

    if "name" in table.columns or "nik" in table.columns:
        nobody = _flags(pc.and_(pc.is_null(typed.values("name")), pc.is_null(typed.values("nik"))))
        refuse(nobody, "no_name_and_no_nik", "name")
    for name, contract in table.columns.items():
        if name not in typed.originals:
            continue
        if contract.required is True:
            refuse(_lacks(typed, name), "required_value_missing", name)
        if contract.unknown == "refuse_row":
            errors = typed.parsed[name].errors if name in typed.parsed else None
            if errors is not None:
                refuse(_flags(pc.equal(errors, "unknown_code")), "unknown_code_refused", name)
    return Verdicts(pa.array(reasons, _TEXT), pa.array(columns, _TEXT))


def _lacks(typed: TypedTable, name: str) -> npt.NDArray[np.bool_]:
    """Rows whose cell is empty or a filler; a value that was written but can't be read is not lacking."""
    cells = typed.originals[name]
    empty = _flags(pc.or_(pc.is_null(cells), pc.fill_null(pc.utf8_is_space(cells), False)))
    source = typed.parsed.get(name) or typed.notes.get(name)
    if source is None:
        return empty
    filler = _flags(pc.equal(source.errors, "filler")) if source.errors is not None else np.zeros(typed.length, bool)
    unread = _flags(pc.is_null(source.values)) if name in BY_NAME else np.zeros(typed.length, bool)
    return (empty & unread) | filler if name in BY_NAME else empty | filler


def misfitting_widths(sheet: RawSheet, header_rows: tuple[int, ...], kinds: npt.NDArray[np.uint8]) -> npt.NDArray[np.int8]:
    """In text files, data rows with more (+1) or fewer (-1) fields than the header, whose values stand in the wrong columns.

    Fields too many do no harm when they are empty: some programs end each line with a separator.
    """
    fits = np.zeros(sheet.height, np.int8)
    if sheet.field_counts is None:
        return fits
    expected = int(sheet.field_counts[header_rows[-1]])
    fits[sheet.field_counts < expected] = -1
    for place in range(expected, sheet.width):
        fits[_flags(pc.is_valid(sheet.cells[place]))] = 1
    fits[kinds != 0] = 0
    return fits
