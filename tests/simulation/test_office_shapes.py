"""A file of another shape than the office's tests nothing: each is read here with a library that shares no code with the writers."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from tests.simulation.conftest import Simulated, read_sheet, read_workbook

PUPIL_SHEETS = ["Garda Ampuh", "Banyuwangi Cerdas", "SAS", "PIP"]


def table_of(simulated: Simulated, source: str, header_row: int = 1, sheet: str = "") -> pd.DataFrame:
    """The records of a file below its header, by row number."""
    [path] = simulated.delivery(source).iterdir()
    rows = read_sheet(path, sheet)
    listed = sorted(set(simulated.links.loc[(simulated.links["source"] == source) & (simulated.links["sheet"] == sheet), "row"]))
    header = rows[header_row]
    return pd.DataFrame([rows[row][: len(header)] for row in listed], columns=header, index=listed)


def test_sembako_is_text_of_windows(crowd: Simulated) -> None:
    [path] = crowd.delivery("dinsos_bpnt").iterdir()
    content = path.read_bytes()
    assert b"\x96" in content, "a dash of Windows, which is no UTF-8"
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert content.count(b"\r\n") == content.count(b"\n") == crowd.summary.records["dinsos_bpnt"] + 1
    assert b'"' not in content
    assert content.startswith(b"NO;NAMA_PENERIMA;NOMOR_KARTU;NIK_KTP;NOKK_DTKS;IDKELUARGA;NMKEC;NMKEL;ALAMAT;BANK;TAHAP;TAHUN;")


def test_apostrophes_before_numbers_are_a_habit_of_whole_villages(crowd: Simulated, simulated: Simulated) -> None:
    marked = [
        table.loc[table["NOKK_DTKS"] != ""].groupby("NMKEL")["NOKK_DTKS"].agg(lambda values: values.str.startswith("'").mean())
        for table in (table_of(corner, "dinsos_bpnt") for corner in (crowd, simulated))
    ]
    assert set(pd.concat(marked)) == {0.0, 1.0}


def test_premiums_have_bare_numbers_some_of_them_scientific(crowd: Simulated) -> None:
    [path] = crowd.delivery("dinkes_pbi").iterdir()
    text = path.read_text(encoding="utf-8")
    assert '"' not in text
    assert text.startswith("PSNOKA|NIK|NAMA|JENKEL|TGLLHR|NOKK|HUBKEL|ALAMAT|RT|RW|NMDESA|NMKEC|SEGMEN|BULAN|TAHUN\n")
    table = table_of(crowd, "dinkes_pbi")
    scientific = table["NIK"].str.fullmatch(r"\d,\d{5}E\+15")
    assert scientific.mean() == pytest.approx(0.04, abs=0.012)
    assert (scientific | table["NIK"].str.fullmatch(r"\d{15,17}|")).all()
    damage = crowd.links[crowd.links["source"] == "dinkes_pbi"].set_index("row")["damage"]
    assert (scientific == damage.map(lambda labels: "nik_scientific" in labels)).all()
    assert set(table["SEGMEN"]) == {"PBI APBN", "PBI APBD"}


def test_pupils_have_a_sheet_for_each_programme_and_a_hidden_one(crowd: Simulated) -> None:
    [path] = crowd.delivery("dispendik_pupils").iterdir()
    pages = openpyxl.load_workbook(path).worksheets
    assert [page.title for page in pages] == [*PUPIL_SHEETS, "REF"]
    assert [page.sheet_state for page in pages] == ["visible"] * 4 + ["hidden"]
    used = {row[8] for row in read_workbook(path)["PIP"].values() if len(row) > 8 and str(row[0]).isdigit()}
    assert used <= {row[1] for row in read_workbook(path)["REF"].values()}


@pytest.mark.parametrize("sheet", PUPIL_SHEETS)
def test_pupil_sheets_are_printed_forms(crowd: Simulated, sheet: str) -> None:
    [path] = crowd.delivery("dispendik_pupils").iterdir()
    rows = read_sheet(path, sheet)
    assert rows[1][0] == "PEMERINTAH KABUPATEN BANYUWANGI"
    assert not any(rows[4])
    header = rows[5]
    repeated = [number for number, row in rows.items() if row == header]
    records = [number for number, row in rows.items() if isinstance(row[0], int)]
    assert len(repeated) == 1 + (len(records) - 1) // 50
    for number in repeated[1:]:
        assert len([record for record in records if record < number]) % 50 == 0
    subtotals = {number: row for number, row in rows.items() if str(row[1]).startswith("JUMLAH KEC. ")}
    assert next(iter(subtotals.values()))[1] == "JUMLAH KEC. MUNCAR"
    begin = 5
    for number, row in subtotals.items():
        part = [rows[record] for record in records if begin < record < number]
        assert row[-1] == sum(record[-1] for record in part)
        assert row[2] == f"{len(part)} siswa"
        begin = number
    [total] = [row for row in rows.values() if row[1] == "TOTAL"]
    assert total[-1] == sum(row[-1] for row in subtotals.values())
    below = [str(cell) for number, row in rows.items() if number > max(subtotals) for cell in row if cell]
    assert "Banyuwangi, 22 Agustus 2026" in below
    assert "Kepala Dinas Pendidikan" in below


def test_birth_dates_are_cells_words_or_text_by_sheet(crowd: Simulated) -> None:
    dates = {
        sheet: table_of(crowd, "dispendik_pupils", 5, sheet).filter(regex="(?i)^t.*lahir$").iloc[:, -1].dropna() for sheet in PUPIL_SHEETS
    }
    assert all(isinstance(value, datetime) for sheet in ("Garda Ampuh", "PIP") for value in dates[sheet])
    assert dates["SAS"].str.fullmatch(r"\d\d/\d\d/\d{4}").all()
    assert dates["Banyuwangi Cerdas"].str.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}").all()


def test_unfit_houses_are_saved_as_libreoffice_saves(crowd: Simulated) -> None:
    [path] = crowd.delivery("dpu_rtlh").iterdir()
    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert b'number-rows-repeated="10' in archive.read("content.xml")[-600:]
    by_calamine = CalamineWorkbook.from_path(path).get_sheet_by_name("RTLH").to_python()
    by_odfpy = read_sheet(path, "RTLH")
    for number, row in enumerate(by_calamine, start=1):
        cells = (by_odfpy[number] + [None] * len(row))[: len(row)]
        assert [cell if cell is not None else "" for cell in cells] == row
    assert by_odfpy[4][:4] == ["NO", "NAMA PEMILIK", "NIK", "NO KK"]
    table = table_of(crowd, "dpu_rtlh", 4, "RTLH")
    damage = crowd.links[crowd.links["source"] == "dpu_rtlh"].set_index("row")["damage"]
    typed_as_number = table["NIK"].map(lambda value: isinstance(value, int))
    assert (typed_as_number == damage.map(lambda labels: "nik_zeroed" in labels)).all()
    assert typed_as_number.any()


def degrees(text: str) -> float:
    """Any of the ways in which positions stand in a column."""
    numbers = [float(part.replace(",", ".")) for part in re.findall(r"\d+(?:[.,]\d+)?", text)]
    value = sum(number / 60**place for place, number in enumerate(numbers))
    return -value if re.search(r"S|^-", text) else value


def test_positions_in_two_columns_are_those_of_the_houses(crowd: Simulated) -> None:
    table = table_of(crowd, "dpu_rtlh", 4, "RTLH")
    links = crowd.links[(crowd.links["source"] == "dpu_rtlh") & crowd.links["register_nik"].notna()].set_index("row")
    wrong = links["damage"].map(lambda labels: any(label.startswith("position") for label in labels))
    links = links[~wrong]
    people = crowd.people.dropna(subset="register_nik").set_index("register_nik")
    families, houses = crowd.families.set_index("family_id"), crowd.houses.set_index("house_id")
    house = houses.loc[families.loc[people.loc[links["register_nik"], "family_id"], "house_id"]]
    rows = table.loc[links.index]
    north = np.array([degrees(text) for text in rows["LINTANG"]]) - house["latitude"].to_numpy()
    east = np.array([degrees(text) for text in rows["BUJUR"]]) - house["longitude"].to_numpy()
    assert np.abs(north).max() * 111_320 < 55, "whole seconds are 15 metres off, telephones a few more"
    assert np.abs(east).max() * 111_320 < 55
    shapes = {re.sub(r"[\d.,]+", "9", text) for text in rows["LINTANG"]}
    assert len(shapes) > 1, "surveyors write positions in different ways"


@pytest.mark.parametrize(
    ("source", "sheet", "header_row", "columns"),
    [("dinsos_rantang_kasih", "Rantang Kasih", 5, ["B"]), ("dpmd_kanggo_riko", "KANGGO RIKO", 4, ["B", "C"])],
)
def test_villages_are_merged_cells(crowd: Simulated, source: str, sheet: str, header_row: int, columns: list[str]) -> None:
    [path] = crowd.delivery(source).iterdir()
    page = openpyxl.load_workbook(path)[sheet]
    rows = crowd.links.loc[crowd.links["source"] == source, "row"]
    for letter in columns:
        areas = [area for area in page.merged_cells.ranges if area.coord.startswith(letter)]
        covered = [row for area in areas for row in range(area.min_row, area.max_row + 1)]
        assert len(covered) == len(set(covered)) > 0.8 * len(rows)
        assert set(covered) <= set(rows)
        filled = {row for row in rows if page[f"{letter}{row}"].value}
        assert filled == {area.min_row for area in areas} | (set(rows) - set(covered))
    assert min(rows) == header_row + 1


def test_a_merged_village_is_the_village_of_the_addresses_below_it(crowd: Simulated) -> None:
    table = table_of(crowd, "dpmd_kanggo_riko", 4, "KANGGO RIKO")
    village = table["DESA"].ffill().str.upper()
    assert all(name in address.upper() for name, address in zip(village, table["ALAMAT"], strict=True))
    assert (table["ALAMAT"].str.contains(r"(?i)RT")).mean() == pytest.approx(0.92, abs=0.07)
    assert (table["ALAMAT"].str.contains(r"(?i)Kec")).mean() == pytest.approx(0.85, abs=0.09)


def test_calls_are_quoted_text_with_a_byte_order_mark(crowd: Simulated) -> None:
    [path] = crowd.delivery("call_112").iterdir()
    content = path.read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"No Tiket","Waktu Lapor","Kanal","Nama Pelapor","NIK Pelapor"')
    table = table_of(crowd, "call_112")
    assert table["No Tiket"].is_unique
    times = pd.to_datetime(table["Waktu Lapor"], format="%Y-%m-%d %H:%M:%S")
    assert times.is_monotonic_increasing
    assert times.between(pd.Timestamp(2026, 8, 30), pd.Timestamp(2026, 9, 29)).all()
    located = table[table["Latitude"] != ""]
    assert located["Latitude"].str.replace(",", ".").astype(float).between(-8.8, -7.85).all()
    assert located["Longitude"].str.replace(",", ".").astype(float).between(113.83, 114.63).all()
    myself = table[table["Hubungan dengan Terlapor"] == "Diri sendiri"]
    callers = crowd.links[crowd.links["mention"] == "caller"].set_index("row")["register_nik"]
    reported = crowd.links[crowd.links["mention"] == "reported"].set_index("row")["register_nik"]
    assert (callers[myself.index] == reported[myself.index]).all()
    assert (callers.drop(myself.index).dropna() != reported.drop(myself.index).reindex(callers.drop(myself.index).dropna().index)).all()


def test_civil_servants_stand_under_a_double_header_with_numbers_of_staff(crowd: Simulated) -> None:
    [path] = crowd.delivery("asn_berbagi").iterdir()
    page = openpyxl.load_workbook(path)["ASN BERBAGI"]
    assert (page["B4"].value, page["F4"].value) == ("DATA ASN", "KELUARGA ASUH")
    assert {"B4:E4", "F4:L4", "A4:A5", "P4:P5"} <= {str(area) for area in page.merged_cells.ranges}
    links = crowd.links[(crowd.links["mention"] == "civil_servant") & crowd.links["register_nik"].notna()]
    people = crowd.people.dropna(subset="register_nik").set_index("register_nik").loc[links["register_nik"]]
    numbers = pd.Series([page[f"B{row}"].value for row in links["row"]])
    assert numbers.str.fullmatch(r"\d{18}").all()
    assert (numbers.str[:8] == [f"{day:%Y%m%d}" for day in people["birth_date"]]).all()
    assert (numbers.str[14] == people["sex"].map({"L": "1", "P": "2"}).to_numpy()).all()
    of_person = pd.Series(numbers.to_numpy()).groupby(links["register_nik"].to_numpy())
    assert (of_person.nunique() == 1).all(), "one number a person, in all of their rows"
    assert of_person.size().max() > 1


def test_offices_without_rows_send_nothing(simulated: Simulated, crowd: Simulated) -> None:
    for corner in (simulated, crowd):
        folders = {path.name for path in (corner.directory / "inbox").iterdir()}
        assert folders == {"dukcapil_population"} | {source for source, rows in corner.summary.records.items() if rows}


def test_the_day_of_delivery_stands_on_the_forms(crowd: Simulated) -> None:
    [path] = crowd.delivery("dinsos_rantang_kasih").iterdir()
    assert date.fromisoformat(path.parent.name) == date(2026, 9, 11)
    assert any("Banyuwangi, 11 September 2026" in row for row in read_sheet(path, "Rantang Kasih").values())
