"""Workbooks that the tests of intake write, by libraries that intake does not read with."""

from __future__ import annotations

import atexit
import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from intake import find_deliveries, take_in
from intake.cell_arrays import mixed_column
from intake.file_intake import IntakeSetup
from intake.isolation import WorkerPool
from intake.places import PlaceIndex
from intake.raw_sheet import RawSheet
from schemas.areas import BANYUWANGI, load_areas
from schemas.contracts import SourceContract, load_contracts

KEY = b"k" * 32
CONTRACTS = load_contracts()
AREAS = load_areas()
Rows = Sequence[Sequence[Any]]


def sheet_of(rows: Rows, *, merged: Sequence[tuple[int, int, int, int]] = (), name: str = "Data") -> RawSheet:
    """A sheet in memory from rows of Python values; None and '' are empty."""
    import numpy as np

    width = max((len(row) for row in rows), default=0)
    full = [[("" if value is None else value) for value in row] + [""] * (width - len(row)) for row in rows]
    columns = [mixed_column(list(values)) for values in zip(*full, strict=True)]
    types = np.column_stack([types for _, types in columns])
    return RawSheet(name, tuple(cells.cast(pa.large_string()) for cells, _ in columns), types, merged=tuple(merged))


def write_xlsx(path: Path, sheets: Mapping[str, Rows], *, merged: Sequence[str] = (), hidden: Sequence[str] = (), **options: Any) -> Path:
    """A workbook by xlsxwriter; `merged` are ranges such as `A1:C1` of the first sheet."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False, **options}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for place, (name, rows) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            for range_ in merged if place == 0 else ():
                sheet.merge_range(range_, "")
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(i, j, dt.datetime.combine(value, dt.time()), day)
                    elif value is not None:
                        sheet.write(i, j, value)
            if name in hidden:
                sheet.hide()
    return path


def write_xls(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A BIFF8 workbook by xlwt."""
    import xlwt

    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write(i, j, dt.datetime.combine(value, dt.time()), day)
                elif value is not None:
                    sheet.write(i, j, value)
    book.save(str(path))
    return path


def write_ods(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """An OpenDocument workbook by odfpy."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    path.parent.mkdir(parents=True, exist_ok=True)
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for values in rows:
            row = TableRow()
            for value in values:
                row.addElement(_ods_cell(value, TableCell, P))
            if not values:
                row.addElement(TableCell())
            table.addElement(row)
        document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def _ods_cell(value: Any, cell_class: Any, paragraph_class: Any) -> Any:
    if value is None or value == "":
        return cell_class()
    if isinstance(value, dt.date):
        cell = cell_class(valuetype="date", datevalue=value.isoformat())
    elif isinstance(value, int | float):
        cell = cell_class(valuetype="float", value=repr(value))
    else:
        cell = cell_class(valuetype="string")
    cell.addElement(paragraph_class(text=str(value)))
    return cell


def write_xlsb(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A binary workbook by pyxlsbwriter."""
    from pyxlsbwriter import XlsbWriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with XlsbWriter(str(path)) as writer:
        for name, rows in sheets.items():
            writer.add_sheet(name)
            writer.write_sheet([list(row) for row in rows])
    return path


def write_csv(path: Path, rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8", **options: Any) -> Path:
    """A text table by the standard library."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding=encoding) as stream:
        csv.writer(stream, delimiter=delimiter, **options).writerows(["" if value is None else value for value in row] for row in rows)
    return path


PKH_HEADER = ["NO", "NAMA_PENERIMA", "NIK_KTP", "NOKK_DTKS", "NMKAB", "NMKEC", "NMKEL", "ALAMAT", "TGL_LAHIR", "TAHAP", "TAHUN", "NOMINAL"]


def pkh_row(number: int, **changes: Any) -> list[Any]:
    """One plausible row under PKH_HEADER; changes by header."""
    facts: dict[str, Any] = {
        "NO": number,
        "NAMA_PENERIMA": f"SITI {_letters(number)}",
        "NIK_KTP": f"351005{41 + number % 28:02d}0580{number % 9000 + 1:04d}",
        "NOKK_DTKS": f"35100501052{number % 9000 + 1:05d}",
        "NMKAB": "BANYUWANGI",
        "NMKEC": "MUNCAR",
        "NMKEL": "TEMBOKREJO",
        "ALAMAT": "DUSUN KRAJAN RT 001 RW 002",
        "TGL_LAHIR": f"{1 + number % 28:02d}/05/1980",
        "TAHAP": 3,
        "TAHUN": 2026,
        "NOMINAL": 750000,
    }
    return list((facts | changes).values())


def _letters(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number, 26)
        letters += chr(65 + rest)
    return letters + "AH"


def pkh_rows(count: int, start: int = 1) -> list[list[Any]]:
    """Header and rows."""
    return [PKH_HEADER, *(pkh_row(number) for number in range(start, start + count))]


def taken_in(inbox: Path, source: str = "dinsos_pkh", contract: SourceContract | None = None, **options: Any) -> Any:
    """Take in one source of an inbox, by worker processes that all tests with this contract share."""
    contract = contract or CONTRACTS[source]
    deliveries = find_deliveries(inbox, {source: contract})
    options.setdefault("pool", shared_pool(source, contract))
    return take_in(deliveries, contract, AREAS, KEY, **options)


_POOLS: dict[str, WorkerPool] = {}


def shared_pool(source: str, contract: SourceContract) -> WorkerPool:
    """A running pool that knows this contract; starting one costs a second, so it lives until the tests end."""
    contracts = CONTRACTS if contract == CONTRACTS.get(source) else {source: contract}
    key = "" if contracts is CONTRACTS else source + contract.model_dump_json()
    if key not in _POOLS:
        pool = WorkerPool(IntakeSetup(contracts, PlaceIndex(AREAS), BANYUWANGI, KEY), workers=1)
        _POOLS[key] = pool.__enter__()
        atexit.register(pool.__exit__, None, None, None)
    return _POOLS[key]


def rows_accounted(result: Any) -> pd.DataFrame:
    """(file, sheet, row) of all records and quarantine rows but refusals."""
    columns = ["file", "sheet", "row"]
    quarantine = result.quarantine[result.quarantine["disposition"] != "delivery_refused"]
    return pd.concat([result.records[columns], quarantine[columns]], ignore_index=True)
