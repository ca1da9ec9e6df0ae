"""Review workbooks: what an officer can do with them, what they cannot, and what a workbook can do to an officer."""

from __future__ import annotations

import stat
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from review_material import FORMULA, exported, filled, places, queue

from publishing.review_index import INDEX_SHEET


def by_place(folder: Path, language: str = "id", *, blind: bool = False) -> dict[str, Path]:
    return {path.name.split("_")[1]: path for path in exported(folder, language, blind=blind)}


def cells(path: Path) -> list[tuple[str, str]]:
    sheet = openpyxl.load_workbook(path)["Kasus"]
    return [(cell.coordinate, str(cell.value)) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_one_workbook_per_sub_district_for_the_owner_alone(tmp_path: Path) -> None:
    found = by_place(tmp_path / "review")
    assert sorted(found) == ["bangorejo", "pesanggaran"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in found.values()} == {0o600}
    assert stat.S_IMODE((tmp_path / "review").stat().st_mode) == 0o700


def test_a_formula_of_an_office_stays_text(tmp_path: Path) -> None:
    """Prevents a cell of a stranger's list from running on the officer's computer."""
    workbook = openpyxl.load_workbook(by_place(tmp_path)["pesanggaran"])
    cell = next(cell for row in workbook["Kasus"].iter_rows() for cell in row if cell.value == FORMULA)
    assert cell.data_type == "s"
    assert not [cell for row in workbook["Kasus"].iter_rows() for cell in row if cell.data_type == "f"]


def test_identifiers_are_text(tmp_path: Path) -> None:
    """Prevents Excel from rounding the sixteenth digit."""
    assert ("C3", "3510014201750003") in cells(by_place(tmp_path)["pesanggaran"])


def test_only_answers_and_comments_can_be_written(tmp_path: Path) -> None:
    path = by_place(tmp_path)["pesanggaran"]
    sheet = openpyxl.load_workbook(path)["Kasus"]
    assert sheet.protection.sheet
    free = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    wanted = {f"{get_column_letter(place.column + 1)}{row + 1}" for place in places(path) for row in (place.answer_row, place.comment_row)}
    assert free == wanted
    lists = {str(validation.sqref): validation.formula1 for validation in sheet.data_validations.dataValidation}
    assert set(lists.values()) == {'"sama,beda,ragu"'}
    assert len(lists) == 2
    assert openpyxl.load_workbook(path)[INDEX_SHEET].sheet_state == "veryHidden"


def test_poor_families_and_money_come_first(tmp_path: Path) -> None:
    """Prevents a queue in which the cases that matter wait behind those that don't."""
    assert queue().cases["record_key"].tolist() == ["r2", "r4", "r3", "r1"]
    titles = [
        text for coordinate, text in cells(by_place(tmp_path)["pesanggaran"]) if coordinate.startswith("A") and text.startswith("Kasus")
    ]
    assert "keluarga miskin" in titles[0]
    assert "Rp 5.400.000 setahun (pkh, sembako)" in titles[0]
    assert "keluarga miskin" not in titles[1]


def test_a_blind_workbook_tells_nothing_of_scores(tmp_path: Path) -> None:
    """Prevents people from repeating what the machine thinks."""
    text = " ".join(text for _, text in cells(by_place(tmp_path, blind=True)["pesanggaran"]))
    assert "%" not in text
    assert "Rp" not in text
    assert "miskin" not in text
    open_text = " ".join(text for _, text in cells(by_place(tmp_path)["pesanggaran"]))
    assert "40" in open_text
    assert "%" in open_text


def test_differences_are_marked(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(by_place(tmp_path)["pesanggaran"])["Kasus"]
    colour = {sheet.cell(row, 1).value: sheet.cell(row, 3).fill.fgColor.rgb for row in range(1, 12)}
    assert colour["Nama"] == "FFFFF1B8"  # alike
    assert colour["Tanggal lahir"] == "FFDDEFDC"  # equal
    assert colour["NIK"] == "FFEEEEEE"  # the record has none


def test_equal_cases_give_equal_bytes(tmp_path: Path) -> None:
    one, other = by_place(tmp_path / "one")["pesanggaran"], by_place(tmp_path / "other")["pesanggaran"]
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def test_a_workbook_that_somebody_fills_in_is_never_written_over(tmp_path: Path) -> None:
    """Prevents the nightly run from wiping out an afternoon's work."""
    path = by_place(tmp_path)["bangorejo"]
    filled(path, {("r3", "4"): "sama"}, path)
    before = path.read_bytes()
    again = by_place(tmp_path)["bangorejo"]
    assert again.read_bytes() == before
    english = exported(tmp_path, "en")
    assert path.read_bytes() == before
    left = {one.name for one in tmp_path.glob("*.xlsx")}
    assert left == {path.name, *(one.name for one in english)}, "untouched workbooks of another kind are removed, begun ones stay"


@pytest.mark.parametrize(("language", "sheet"), [("id", "Kasus"), ("en", "Cases")])
def test_both_languages(tmp_path: Path, language: str, sheet: str) -> None:
    path = exported(tmp_path, language)[0]
    assert sheet in openpyxl.load_workbook(path).sheetnames
