"""Workbooks for people. The mistakes prevented: a cell that runs, a NIK that loses its last digit, bytes that differ from day to day."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import openpyxl
import pytest

from publishing.workbook import LONGEST_CELL, open_workbook, sheet_name, text_format, write_cell, write_row

DANGEROUS = ["=1+1", "+6281", "-8.2", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "http://example.org", "{=1}", "_x0041_"]


def written(path: Path, values: list[object]) -> Path:
    with open_workbook(path) as workbook:
        sheet = workbook.add_worksheet("Data")
        write_row(sheet, 0, values, text_format(workbook))
    return path


def test_what_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", DANGEROUS)
    cells = next(openpyxl.load_workbook(path)["Data"].iter_rows())
    assert [cell.value for cell in cells] == DANGEROUS
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert {cell.number_format for cell in cells} == {"@"}, "typed over, an identifier must stay text"


def test_identifiers_keep_every_digit(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", ["3510160101800001"])
    assert openpyxl.load_workbook(path)["Data"]["A1"].value == "3510160101800001"


def test_missing_values_are_empty_and_long_ones_are_cut(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", [None, float("nan"), "x" * (LONGEST_CELL + 5), 7, True])
    values = [cell.value for cell in next(openpyxl.load_workbook(path)["Data"].iter_rows())]
    assert values[:2] == [None, None]
    assert len(values[2]) == LONGEST_CELL
    assert values[3:] == [7, True]


def test_equal_content_gives_equal_bytes_whatever_the_umask(tmp_path: Path) -> None:
    first = written(tmp_path / "a.xlsx", ["x", 1]).read_bytes()
    before = os.umask(0o077)
    try:
        second = written(tmp_path / "b.xlsx", ["x", 1]).read_bytes()
    finally:
        os.umask(before)
    assert first == second
    assert stat.S_IMODE((tmp_path / "a.xlsx").stat().st_mode) == 0o600


def test_an_interrupted_workbook_leaves_what_was_there(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", ["before"])

    def interrupted() -> None:
        with open_workbook(path) as workbook:
            write_cell(workbook.add_worksheet(), 0, 0, "after")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert openpyxl.load_workbook(path)["Data"]["A1"].value == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize(
    ("wanted", "taken", "expected"),
    [
        pytest.param("Data/2026: [x]", [], "Data-2026- -x-", id="forbidden characters"),
        pytest.param("x" * 40, [], "x" * 31, id="too long"),
        pytest.param("Sheet1", ["sheet1"], "Sheet1 (2)", id="Excel does not tell case apart"),
        pytest.param("", [], "-", id="empty"),
    ],
)
def test_sheet_names_are_ones_that_excel_opens(wanted: str, taken: list[str], expected: str) -> None:
    assert sheet_name(wanted, taken) == expected
