"""The hand-written cases of domain_cases.yaml: what offices really write, and what it means."""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xlsxwriter
import yaml
from intake_workbooks import AREAS, CONTRACTS, taken_in

from intake.cells.codes import CodeReader
from intake.cells.dates import DateReading, read_date
from intake.cells.identifiers import parse_identity_numbers
from intake.cells.positions import read_position
from intake.header_mapping import HeaderIndex, map_header
from intake.places import PlaceIndex
from intake.shapes import shape_of
from schemas.areas import BANYUWANGI
from schemas.contracts import ColumnContract
from schemas.crosswalk import Crosswalk

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


@pytest.mark.parametrize(("column", "list_id", "written", "value", "error"), CASES["codes_of_other_lists"], ids=lambda value: str(value))
def test_codes_of_other_lists(column, list_id, written, value, error):
    outcome = CodeReader(column, ColumnContract(aliases=("x",), code_list=list_id)).read(written)
    assert (outcome.value, outcome.error) == (value, error)


@pytest.mark.parametrize(("written", "number", "error"), CASES["niks"], ids=lambda value: repr(value))
def test_niks(written, number, error):
    column = parse_identity_numbers(pa.array([written], pa.large_string()), np.array([ord("T")], np.uint8), "nik")
    assert pa.array(column.values).to_pylist() == [number]
    assert (column.errors.to_pylist() if column.errors is not None else [None]) == [error]


@pytest.mark.parametrize(("written", "day", "error"), CASES["dates"], ids=lambda value: str(value))
def test_dates(written, day, error):
    outcome = read_date(str(written), DateReading(latest=dt.date(2026, 9, 20)))
    assert (outcome.value and outcome.value.date().isoformat(), outcome.error) == (day and str(day), error)


@pytest.mark.parametrize(("village", "kecamatan", "code", "error"), CASES["villages"], ids=lambda value: str(value))
def test_villages(village, kecamatan, code, error):
    outcome = PlaceIndex(AREAS).village_code(village, kecamatan)
    assert (outcome.value, outcome.error) == (code, error)


@pytest.mark.parametrize(
    ("system", "with_crosswalk", "village", "kecamatan", "code", "error"), CASES["codes_of_villages"], ids=lambda value: str(value)
)
def test_codes_of_villages(system, with_crosswalk, village, kecamatan, code, error):
    crosswalk = Crosswalk({"3510171002": "35.10.24.2007"}, {"3510171": "35.10.24", "3510010": "35.10.01"}) if with_crosswalk else None
    outcome = PlaceIndex(AREAS, crosswalk).village_code(village, kecamatan, codes=system)
    assert (outcome.value, outcome.error) == (code, error)


@pytest.mark.parametrize("date1904", [False, True], ids=["epoch 1900", "epoch 1904"])
def test_a_real_workbook_goes_through_intake(tmp_path, date1904):
    # Written by another library than intake reads with; serial numbers count from the epoch that the workbook declares.
    case = CASES["in_a_workbook"]
    folder = tmp_path / "village_survey" / "2026-08-31"
    folder.mkdir(parents=True)
    workbook = xlsxwriter.Workbook(str(folder / "a.xlsx"), {"date_1904": date1904})
    sheet = workbook.add_worksheet("Data")
    for number, cells in enumerate([case["header"], *(row["cells"] for row in case["rows"])]):
        for place, cell in enumerate(cells):
            if cell == "16666":
                sheet.write_number(number, place, 16666 - (1462 if date1904 else 0))
            elif cell is not None:
                sheet.write_string(number, place, cell)
    workbook.close()
    result = taken_in(tmp_path, "village_survey")
    records = result.records.sort_values("row")
    assert len(records) == len(case["rows"])
    for (_, record), row in zip(records.iterrows(), case["rows"], strict=True):
        for name, value in row["holds"].items():
            found = record[name]
            if value is None:
                assert pd.isna(found), name
            elif name == "birth_date":
                assert found == pd.Timestamp(value)
            else:
                assert found == (pytest.approx(value, abs=1e-6) if isinstance(value, float) else value), name
        errors = set() if pd.isna(record["errors"]) else set(record["errors"].split())
        assert set(row.get("errors", ())) <= errors
        repairs = {} if pd.isna(record["repairs"]) else {column: original for column, original, _ in json.loads(record["repairs"])}
        for name in row.get("repaired", ()):
            assert repairs[name] in row["cells"], "the original is kept beside the rule"


@pytest.mark.parametrize(("written", "latitude", "longitude"), CASES["positions"], ids=lambda value: str(value))
def test_positions(written, latitude, longitude):
    outcome = read_position(written, BANYUWANGI)
    assert outcome.value == (None if latitude is None else pytest.approx((latitude, longitude), abs=1e-6))


@pytest.mark.parametrize(("written", "shape"), CASES["shapes"], ids=lambda value: str(value))
def test_shapes(written, shape):
    assert shape_of(written).en == shape
