"""Our own writer must be an ordinary workbook to other people's readers."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from simulation.other_writers import write_csv, write_xls
from simulation.sheets import Sheet
from simulation.xlsx_writer import column_letters, write_xlsx

CREATED = date(2026, 9, 15)


def written(path: Path, *sheets: Sheet) -> openpyxl.Workbook:
    write_xlsx(path, sheets, CREATED)
    return openpyxl.load_workbook(path)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30)),
        min_size=1,
        max_size=30,
    )
)
def test_every_text_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str | None]) -> None:
    path = tmp_path_factory.mktemp("texts") / "a.xlsx"
    table = pa.table({"key": pa.array(range(len(texts))), "text": pa.array(texts, pa.string())})
    page = written(path, Sheet("S", table))["S"]
    assert [row[1] if len(row) > 1 else None for row in page.iter_rows(min_row=2, values_only=True)] == texts


def test_kinds_of_cells(tmp_path: Path) -> None:
    table = pa.table(
        {
            "nik": pa.array(["3510010101900001", "3510010101900010", None]),
            "born": pa.array([date(1990, 1, 1), None, date(2026, 9, 30)]),
            "size": pa.array([3, None, 1]),
            "area": pa.array([36.5, 12.0, None]),
            "empty": pa.nulls(3, pa.string()),
        }
    )
    page = written(tmp_path / "a.xlsx", Sheet("S", table, numeric={"nik": pa.array([False, True, True])}))["S"]
    assert [list(row) for row in page.iter_rows(values_only=True)] == [
        ["nik", "born", "size", "area", "empty"],
        ["3510010101900001", datetime.fromisoformat("1990-01-01"), 3, 36.5, None],
        [3510010101900010, None, None, 12, None],
        [None, datetime.fromisoformat("2026-09-30"), 1, None, None],
    ]
    assert page["B2"].number_format == "dd/mm/yyyy"


def test_a_row_without_any_cell_keeps_its_place(tmp_path: Path) -> None:
    table = pa.table({"a": pa.array(["x", None, "z"]), "b": pa.array([None, None, "w"])})
    rows = list(written(tmp_path / "a.xlsx", Sheet("S", table))["S"].iter_rows(values_only=True))
    assert rows == [("a", "b"), ("x", None), (None, None), ("z", "w")]


def test_many_rows_in_several_batches(tmp_path: Path) -> None:
    count = 45_000
    table = pa.table({"number": pa.array(np.arange(count)), "text": pa.array([f"row {number}" for number in range(count)])})
    mask = pa.array(np.zeros(count, dtype=bool))
    write_xlsx(tmp_path / "a.xlsx", [Sheet("S", table, title=("T",), numeric={"text": mask})], CREATED)
    rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("S").to_python()
    assert len(rows) == count + 3
    assert rows[3:] == [[float(number), f"row {number}"] for number in range(count)]


def test_titles_two_headers_and_footers(tmp_path: Path) -> None:
    table = pa.table({"No": pa.array([1]), "RT": pa.array(["001"]), "RW": pa.array(["002"])})
    sheet = Sheet("S", table, title=("A & B",), header_groups=((1, 2, "ALAMAT"),), footer=({0: "JUMLAH", 2: 1}, {}, {1: "<ttd>"}))
    page = written(tmp_path / "a.xlsx", sheet)["S"]
    assert [list(row) for row in page.iter_rows(values_only=True)] == [
        ["A & B", None, None],
        [None, None, None],
        ["No", "ALAMAT", None],
        [None, "RT", "RW"],
        [1, "001", "002"],
        ["JUMLAH", None, 1],
        [None, None, None],
        [None, "<ttd>", None],
    ]
    assert {str(area) for area in page.merged_cells.ranges} == {"B3:C3", "A3:A4"}
    assert sheet.first_data_row == 5


def test_several_sheets_keep_their_names_and_order(tmp_path: Path) -> None:
    table = pa.table({"a": pa.array(["x"])})
    assert written(tmp_path / "a.xlsx", Sheet("PKH 1", table), Sheet('A & "B"', table)).sheetnames == ["PKH 1", 'A & "B"']


@pytest.mark.parametrize(("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (58, "BG"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(number: int, letters: str) -> None:
    assert column_letters(number) == letters


def test_old_workbooks_refuse_dates_rather_than_write_numbers(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="dates"):
        write_xls(tmp_path / "a.xls", [Sheet("S", pa.table({"born": pa.array([date(1990, 1, 1)])}))])


def test_text_files_write_the_day_first(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", Sheet("S", pa.table({"born": pa.array([date(1990, 2, 1), None]), "x": pa.array(["a;b", "c"])})), ";")
    assert (tmp_path / "a.csv").read_text() == '"born";"x"\n"01/02/1990";"a;b"\n;"c"\n'


def test_rows_between_records_move_the_records_below_them(tmp_path: Path) -> None:
    """Subtotals and page headers: were they to overwrite a record, or the truth not to count them, every row below would be another one."""
    count = 45_000
    table = pa.table({"number": pa.array(np.arange(count)), "text": pa.array([f"row {number}" for number in range(count)])})
    inserted = (
        (1, {0: "JUMLAH"}),
        (1, {0: "number", 1: "text"}),
        (20_000, {1: "page"}),
        (30_001, {1: "x"}),
        (count, {0: "JUMLAH", 1: "end"}),
    )
    sheet = Sheet("S", table, title=("T",), inserted=inserted, footer=({0: "TOTAL"},))
    write_xlsx(tmp_path / "a.xlsx", [sheet], CREATED)
    rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("S").to_python()
    records = [number for number, row in enumerate(rows, start=1) if isinstance(row[0], float)]
    assert records == sheet.record_rows().tolist()
    assert [rows[row - 1][0] for row in records] == list(range(count))
    assert [rows[row - 1] for _, row, _ in sheet.inserted_rows()] == [
        ["JUMLAH", ""],
        ["number", "text"],
        ["", "page"],
        ["", "x"],
        ["JUMLAH", "end"],
    ]
    assert rows[-1] == ["TOTAL", ""]
    assert len(rows) == count + 3 + 5 + 1


def test_hidden_sheets_are_hidden_and_merged_cells_merged(tmp_path: Path) -> None:
    table = pa.table({"village": pa.array(["A", None, "B", "C", None]), "name": pa.array(list("vwxyz"))})
    page = Sheet("S", table, groups={"village": np.array([0, 2, 3])})
    workbook = written(tmp_path / "a.xlsx", page, Sheet("REF", pa.table({"a": pa.array(["x"])}), hidden=True))
    assert [sheet.sheet_state for sheet in workbook.worksheets] == ["visible", "hidden"]
    assert {str(area) for area in workbook["S"].merged_cells.ranges} == {"A2:A3", "A5:A6"}, "a cell alone is not merged"
