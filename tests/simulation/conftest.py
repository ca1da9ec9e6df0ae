"""One simulated corner of the regency for all tests of the package, and readers that share no code with the writers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlrd

from simulation import BenchmarkTruth, SimulationSummary, benchmark_profile, simulate
from simulation.names import NameMaker
from simulation.places import Places, known_villages
from simulation.residents import Residents, build_residents

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


@cache
def read_workbook(path: Path) -> dict[str, Rows]:
    """All rows of all sheets by their true number from 1, with openpyxl, xlrd or plain text; read once, so don't change them."""
    if path.suffix == ".xls":
        return {page.name: {row + 1: page.row_values(row) for row in range(page.nrows)} for page in xlrd.open_workbook(str(path)).sheets()}
    if path.suffix == ".xlsx":
        pages = openpyxl.load_workbook(path).worksheets
        return {page.title: {number: list(row) for number, row in enumerate(page.iter_rows(values_only=True), start=1)} for page in pages}
    separator = ";" if path.parent.parent.name in {"dinsos_pkh", "village_survey"} else ","
    frame = pd.read_csv(path, sep=separator, header=None, dtype=str, keep_default_na=False)
    return {"": dict(enumerate(frame.to_numpy().tolist(), start=1))}


def read_sheet(path: Path, sheet: str) -> Rows:
    """All rows of one sheet."""
    return read_workbook(path)[sheet]
