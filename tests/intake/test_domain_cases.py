"""The hand-written cases of domain_cases.yaml: what offices really write, and what it means."""

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml
from intake_workbooks import AREAS, CONTRACTS

from intake.cells.codes import CodeReader
from intake.cells.dates import DateReading, read_date
from intake.cells.identifiers import parse_identity_numbers
from intake.cells.positions import read_position
from intake.header_mapping import HeaderIndex, map_header
from intake.places import PlaceIndex
from intake.shapes import shape_of
from schemas.areas import BANYUWANGI
from schemas.contracts import ColumnContract

CASES = yaml.safe_load((Path(__file__).parent / "domain_cases.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("source", "header", "canonical"), CASES["headers"], ids=lambda value: str(value))
def test_headers(source, header, canonical):
    found = map_header(HeaderIndex(CONTRACTS[source].tables[0]), [(header,)])
    assert list(found.columns) == ([canonical] if canonical else [])
    if canonical is None:
        assert found.ignored == (0,)


@pytest.mark.parametrize(("column", "written", "value"), CASES["codes"], ids=lambda value: str(value))
def test_codes(column, written, value):
    assert CodeReader(column, ColumnContract(aliases=("x",))).read(written).value == value


@pytest.mark.parametrize(("written", "number", "error"), CASES["niks"], ids=lambda value: repr(value))
def test_niks(written, number, error):
    column = parse_identity_numbers(pa.array([written], pa.large_string()), np.array([ord("T")], np.uint8), "nik")
    assert column.values.to_pylist() == [number]
    assert (column.errors.to_pylist() if column.errors is not None else [None]) == [error]


@pytest.mark.parametrize(("written", "day", "error"), CASES["dates"], ids=lambda value: str(value))
def test_dates(written, day, error):
    outcome = read_date(str(written), DateReading(latest=dt.date(2026, 9, 20)))
    assert (outcome.value and outcome.value.date().isoformat(), outcome.error) == (day and str(day), error)


@pytest.mark.parametrize(("village", "kecamatan", "code", "error"), CASES["villages"], ids=lambda value: str(value))
def test_villages(village, kecamatan, code, error):
    outcome = PlaceIndex(AREAS).village_code(village, kecamatan)
    assert (outcome.value, outcome.error) == (code, error)


@pytest.mark.parametrize(("written", "latitude", "longitude"), CASES["positions"], ids=lambda value: str(value))
def test_positions(written, latitude, longitude):
    outcome = read_position(written, BANYUWANGI)
    assert outcome.value == (None if latitude is None else pytest.approx((latitude, longitude), abs=1e-6))


@pytest.mark.parametrize(("written", "shape"), CASES["shapes"], ids=lambda value: str(value))
def test_shapes(written, shape):
    assert shape_of(written).en == shape
