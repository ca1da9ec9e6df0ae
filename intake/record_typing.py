"""From the data rows of a table to canonical columns: each column read by its kind, errors and repairs noted per cell.

This is where the contract meets the cells. Columns that speak together are settled together: village with sub-district, latitude
with longitude, RT with RW, stage with year, and NIK and NIP with the birth date and sex that they hold inside.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from intake.cells.codes import CodeReader, parse_codes
from intake.cells.dates import parse_dates
from intake.cells.employee_numbers import read_employee_number
from intake.cells.identifiers import parse_identity_numbers
from intake.cells.neighbourhoods import read_unit
from intake.cells.numbers import read_decimal, read_whole_number
from intake.cells.parsed import ParsedColumn, Repaired, parse_distinct, spread
from intake.cells.periods import read_month, read_period
from intake.cells.phones import read_phone
from intake.cells.texts import parse_texts
from intake.employee_evidence import weigh_employee_numbers
from intake.header_mapping import HeaderMap
from intake.nik_evidence import weigh_niks
from intake.raw_sheet import NUMBER_CELL, TEXT_CELL, Bytes, RawSheet
from intake.settled_places import settle_places
from intake.settled_positions import settle_position
from intake.typed_table import ARROW_TYPES, TEXT_TYPE, TypedTable, TypingContext, distinct_rows
from schemas.canonical import BY_NAME
from schemas.contracts import ColumnContract, TableContract

_NIK_COLUMNS = ("nik", "father_nik", "mother_nik")
_NAME_COLUMNS = ("name", "father_name", "mother_name")
_SETTLED_TOGETHER = ("latitude", "longitude")


def type_table(sheet: RawSheet, rows: npt.NDArray[np.int64], header: HeaderMap, table: TableContract, context: TypingContext) -> TypedTable:
    """Read the data rows of a sheet by the contract of their table."""
    typed = TypedTable(len(rows))
    types: dict[str, Bytes] = {}
    contiguous = len(rows) > 0 and rows[-1] - rows[0] + 1 == len(rows)
    for name, place in header.columns.items():
        column = sheet.cells[place]
        typed.originals[name] = column.slice(int(rows[0]), len(rows)) if contiguous else column.take(pa.array(rows))
        types[name] = sheet.types[rows, place]
    for name in header.columns:
        if name in BY_NAME and name not in _SETTLED_TOGETHER:
            cells = typed.originals[name]
            typed.parsed[name] = _read_column(name, table.all_columns[name], cells, types[name], context, epoch_1904=sheet.epoch_1904)
    settle_places(typed, context)
    settle_position(typed, context)
    _settle_period(typed)
    weigh_employee_numbers(typed)
    weigh_niks(typed, context.places)
    for name, value in table.constants.items():
        kind = BY_NAME[name].kind
        typed.parsed[name] = ParsedColumn(pa.array([value] * len(rows), TEXT_TYPE).cast(ARROW_TYPES[kind]))
    return typed


def _read_column(
    name: str, contract: ColumnContract, cells: pa.Array, types: Bytes, context: TypingContext, *, epoch_1904: bool
) -> ParsedColumn:
    kind = BY_NAME[name].kind
    if name in _NIK_COLUMNS or name == "kk_number":
        if contract.numeric:  # a text file does not tell numbers from text; the contract does
            types = np.where(types == TEXT_CELL, NUMBER_CELL, types).astype(np.uint8)
        return parse_identity_numbers(cells, types, "kk" if name == "kk_number" else "nik")
    if kind == "date":
        return parse_dates(cells, contract.dates, epoch_1904=epoch_1904, latest=context.latest)
    if kind == "code":
        return parse_codes(cells, name, contract)
    read = _cell_reader(name, contract, context)
    if read is not None:
        return parse_distinct(cells, read, ARROW_TYPES[kind])
    return parse_texts(cells, names=name in _NAME_COLUMNS)


def _cell_reader(name: str, contract: ColumnContract, context: TypingContext) -> Callable[[str], Repaired[Any]] | None:
    """What reads one distinct text of a column; None for free text, which is read in its own way."""
    by_name: dict[str, Callable[[str], Repaired[Any]]] = {
        "rt": read_unit,
        "rw": read_unit,
        "phone": read_phone,
        "employee_number": read_employee_number,
        "area_code": partial(context.places.village_code, kecamatan=None, codes=context.village_codes),
    }
    by_kind: dict[str, Callable[[str], Repaired[Any]]] = {"integer": read_whole_number, "decimal": read_decimal}
    kind = BY_NAME[name].kind
    if kind == "boolean":
        return CodeReader(name, contract).read_yes_no
    return by_name.get(name) or by_kind.get(kind)


def _settle_period(typed: TypedTable) -> None:
    """The period of an aid from payment stage and year, or from month and year."""
    for name, read in (("stage", read_period), ("month", read_month)):
        if name in typed.originals and "year" in typed.originals:
            pairs, places = distinct_rows(typed.originals[name], typed.originals["year"])
            column = spread(pa.array(places), [read(part, year) for part, year in pairs], TEXT_TYPE)
            typed.fill("period", column.values)
            typed.notes[name] = column
