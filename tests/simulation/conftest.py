"""One simulated corner of the regency for all tests of the package, and readers that share no code with the writers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlrd
from odf.opendocument import load as load_ods
from odf.table import Table, TableCell, TableRow

from simulation import BenchmarkTruth, SimulationSummary, benchmark_profile, simulate
from simulation.names import NameMaker
from simulation.places import Places, known_villages
from simulation.residents import Residents, build_residents

BOOK_VILLAGES = ("35.10.05.2003", "35.10.13.2001")
VILLAGES = ("35.10.05.2003", "35.10.13.2001", "35.10.16.1007", "35.10.18.2001")
AS_OF = date(2026, 10, 1)


@dataclass(frozen=True)
class Simulated:
    """A directory that ``simulate`` wrote, with its truth loaded."""

    directory: Path
    summary: SimulationSummary
    links: pd.DataFrame
    people: pd.DataFrame
    families: pd.DataFrame
    houses: pd.DataFrame

    def delivery(self, source: str) -> Path:
        """The one delivery folder of a source."""
        [folder] = (self.directory / "inbox" / source).iterdir()
        return folder


def load(directory: Path, summary: SimulationSummary) -> Simulated:
    tables = {name: pd.read_parquet(directory / "truth" / f"{name}.parquet") for name in ("links", "people", "families", "houses")}
    return Simulated(directory, summary, **tables)


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    directory = tmp_path_factory.mktemp("xlsx")
    return load(directory, simulate(directory, people=12_000, records=5_000, villages=VILLAGES, as_of=AS_OF, seed=11))


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """Enough rows of the small lists to judge shares and shapes; two villages have their register as population books."""
    directory = tmp_path_factory.mktemp("crowd")
    summary = simulate(
        directory, people=40_000, records=24_000, villages=VILLAGES, as_of=AS_OF, seed=3, file_format="csv", population_book=BOOK_VILLAGES
    )
    return load(directory, summary)


@pytest.fixture(scope="session")
def simulated_csv(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    directory = tmp_path_factory.mktemp("csv")
    summary = simulate(directory, people=12_000, records=5_000, villages=VILLAGES, as_of=AS_OF, seed=11, file_format="csv")
    return load(directory, summary)


@pytest.fixture(scope="session")
def benchmark() -> BenchmarkTruth:
    return benchmark_profile(60_000, 24_000, seed=5)


@dataclass(frozen=True)
class Million:
    """A population of a million in memory."""

    maker: NameMaker
    residents: Residents
    places: Places


@pytest.fixture(scope="session")
def million() -> Million:
    maker = NameMaker()
    residents, places = build_residents(np.random.default_rng(3), maker, known_villages(), 1_000_000, AS_OF, even_villages=False)
    return Million(maker, residents, places)


Rows = dict[int, list[object]]
TEXT_FILES = {
    "dinsos_pkh": (";", "utf-8"),
    "village_survey": (";", "utf-8"),
    "dinsos_bpnt": (";", "cp1252"),
    "dinkes_pbi": ("|", "utf-8"),
    "call_112": (",", "utf-8-sig"),
}
"""Delimiter and encoding of the text files, by source; others have commas and UTF-8."""


@cache
def read_workbook(path: Path) -> dict[str, Rows]:
    """All rows of all sheets by their true number from 1, with openpyxl, xlrd or plain text; read once, so don't change them."""
    if path.suffix == ".xls":
        return {page.name: {row + 1: page.row_values(row) for row in range(page.nrows)} for page in xlrd.open_workbook(str(path)).sheets()}
    if path.suffix == ".xlsx":
        pages = openpyxl.load_workbook(path).worksheets
        return {page.title: {number: list(row) for number, row in enumerate(page.iter_rows(values_only=True), start=1)} for page in pages}
    if path.suffix == ".ods":
        return {page.getAttribute("name"): _ods_rows(page) for page in load_ods(path).spreadsheet.getElementsByType(Table)}
    separator, encoding = TEXT_FILES.get(path.parent.parent.name, (",", "utf-8"))
    with path.open(encoding=encoding, newline="") as file:
        return {"": dict(enumerate((list(row) for row in csv.reader(file, delimiter=separator)), start=1))}


def _ods_rows(page: Table) -> Rows:
    """Rows of a page; the empty rest of a sheet, which LibreOffice writes as one row repeated a million times, is left out."""
    rows: Rows = {}
    for element in page.getElementsByType(TableRow):
        assert not element.getAttribute("numberrowsrepeated") or not element.getElementsByType(TableCell)[0].getAttribute("valuetype")
        cells: list[object] = []
        for cell in element.getElementsByType(TableCell):
            value = float(cell.getAttribute("value")) if cell.getAttribute("valuetype") == "float" else str(cell) or None
            cells.append(int(value) if isinstance(value, float) and value.is_integer() else value)
        rows[len(rows) + 1] = cells
    return rows


def read_sheet(path: Path, sheet: str) -> Rows:
    """All rows of one sheet."""
    return read_workbook(path)[sheet]
