"""The population book is a report, not a table: whoever reads it must find every resident once, on the right card."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import xlrd

from simulation import simulate
from simulation.population_book import FAMILIES_PER_PAGE, HEADERS
from tests.simulation.conftest import BOOK_VILLAGES, Simulated, read_sheet


def books(crowd: Simulated) -> list[Path]:
    return sorted(crowd.delivery("dukcapil_population").glob("bip_*.xls"))


def read_book(path: Path) -> pd.DataFrame:
    """Members with card and address, found as a person would: by what the lines say."""
    page = xlrd.open_workbook(str(path)).sheet_by_index(0)
    members, card, address = [], "", ""
    for number in range(page.nrows):
        row = page.row_values(number)
        line = " ".join(str(cell) for cell in row if cell)
        if line.startswith("No. KK : "):
            card = line.removeprefix("No. KK : ")[:16]
        if "Alamat : " in line:
            address = line[line.index("Alamat : ") :]
        if isinstance(row[0], float):
            members.append({**dict(zip(HEADERS, row, strict=True)), "card": card, "address": address})
    return pd.DataFrame(members)


def test_books_and_workbooks_hold_each_resident_once(crowd: Simulated) -> None:
    in_books = pd.concat([read_book(path) for path in books(crowd)])
    in_rows = [
        str(row[1])
        for path in crowd.delivery("dukcapil_population").glob("*.csv")
        for number, row in read_sheet(path, "").items()
        if number > 1
    ]
    numbers = [*in_books["NIK"].str.strip(), *in_rows]
    assert sorted(numbers) == sorted(crowd.people["register_nik"].dropna())
    assert in_books["NIK"].str.endswith("\u00a0").all()
    areas = crowd.families.set_index("family_id")["area_code"]
    people = crowd.people.dropna(subset="register_nik").set_index("register_nik")
    assert set(areas[people.loc[in_books["NIK"].str.strip(), "family_id"]]) == set(BOOK_VILLAGES)


def test_members_stand_below_their_own_card_and_address(crowd: Simulated) -> None:
    people = crowd.people.dropna(subset="register_nik").set_index("register_nik")
    families = crowd.families.set_index("family_id")
    for path in books(crowd):
        book = read_book(path)
        true = people.loc[book["NIK"].str.strip()]
        home = families.loc[true["family_id"]]
        assert (book["card"] == home["kk_number"].to_numpy()).all()
        assert (book["Nama Lengkap"] == true["name"].to_numpy()).all()
        assert (book["Tanggal Lahir"] == [f"{day:%d-%m-%Y}" for day in true["birth_date"]]).all()
        parts = book["address"].str.extract(r"Alamat : (.+), Nama Dusun : (.+), RT/RW : (\d{3})/(\d{3})$")
        assert parts.notna().all(axis=None)
        assert (parts[1] == home["hamlet"].to_numpy()).all()
        assert (parts[2] == home["rt"].to_numpy()).all()
        assert set(book["Stat Kwn"]) == {"BK", "K", "CH", "CM"}
        assert set(book["Ket"]) <= {"HIDUP", "MATI", "PINDAH"}


def test_both_forms_of_the_book_are_written(crowd: Simulated) -> None:
    first, second = (xlrd.open_workbook(str(path)).sheet_by_index(0) for path in books(crowd))
    letters = {tuple(sorted(set(read_book(path)["JK"]))) for path in books(crowd)}
    assert letters == {("L", "P"), ("Lk", "Pr")}
    beside = [str(page.cell_value(4, 2)).startswith("Alamat : ") for page in (first, second)]
    below = [str(page.cell_value(5, 0)).startswith("Alamat : ") for page in (first, second)]
    assert sorted(beside) == sorted(below) == [False, True]


def test_pages_end_with_a_signature_and_begin_with_titles(crowd: Simulated) -> None:
    for path in books(crowd):
        page = xlrd.open_workbook(str(path)).sheet_by_index(0)
        lines = [str(page.cell_value(row, 0)) for row in range(page.nrows)]
        cards = [row for row, line in enumerate(lines) if line.startswith("No. KK : ")]
        titles = [row for row, line in enumerate(lines) if line == "BUKU INDUK PENDUDUK"]
        assert len(titles) == -(-len(cards) // FAMILIES_PER_PAGE)
        signed = [row for row in range(page.nrows) if page.cell_value(row, 11) == "Banyuwangi, 30 September 2026"]
        assert len(signed) == len(cards) // FAMILIES_PER_PAGE
        assert [sum(card < row for card in cards) for row in signed] == [FAMILIES_PER_PAGE * (place + 1) for place in range(len(signed))]
        assert lines[-1].startswith("Keterangan: ")
        assert re.fullmatch(r"KECAMATAN : [A-Z ]+   DESA/KELURAHAN : [A-Z ]+", lines[2])


def test_a_book_changes_the_shape_of_the_register_and_nothing_else(tmp_path: Path) -> None:
    for name, codes in (("rows", ()), ("book", BOOK_VILLAGES[:1])):
        simulate(tmp_path / name, people=900, records=300, villages=BOOK_VILLAGES, seed=4, file_format="csv", population_book=codes)
    for file in ("links", "people", "families", "houses"):
        tables = [pd.read_parquet(tmp_path / name / "truth" / f"{file}.parquet") for name in ("rows", "book")]
        pd.testing.assert_frame_equal(*tables)


def test_a_book_of_a_village_without_people_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nobody lives there"):
        simulate(tmp_path, people=900, records=300, villages=BOOK_VILLAGES, seed=4, population_book=["35.10.01.2001"])
