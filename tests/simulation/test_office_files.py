"""A truth that points at the wrong row condemns a right link; a file of another shape than the office's tests nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlrd

from simulation.population_register import HEADERS
from tests.simulation.conftest import VILLAGES, Simulated, read_sheet, read_workbook

SOURCES = ("dinsos_dtsen", "dinsos_pkh", "village_survey")
NAME_COLUMN = {"dinsos_dtsen": "nama", "dinsos_pkh": "NAMA_PENERIMA", "village_survey": "Nama"}
NIK_COLUMN = {"dinsos_dtsen": "nomor_induk_kependudukan", "dinsos_pkh": "NIK_KTP", "village_survey": "NIK"}
SURVEY_HEADER = ["No", "Nama", "NIK", "No. KK", "L/P", "Tgl Lahir", "Dusun", "RT", "RW", "Nama Desa", "Koordinat Rumah", "Kondisi Rumah"]
SURVEY_HEADER += ["Jenis Kemiskinan", "Janda/Duda", "Tinggal Sendiri", "Bekerja", "Usaha", "Pendamping", "Keterangan"]


def linked_cells(simulated: Simulated, source: str) -> pd.DataFrame:
    """What stands in the file at each place that the truth names: name and NIK beside the truth's own columns."""
    links = simulated.links[simulated.links["source"] == source]
    parts = []
    for (file, sheet), group in links.groupby(["file", "sheet"]):
        rows = read_sheet(simulated.delivery(source) / str(file), str(sheet))
        header = {text: place for number in range(1, 8) for place, text in enumerate(rows.get(number, [])) if text}
        name, nik = header[NAME_COLUMN[source]], header[NIK_COLUMN[source]]
        cells = [rows[row] for row in group["row"]]
        parts.append(group.assign(name=[row[name] for row in cells], nik=[row[nik] for row in cells]))
    return pd.concat(parts)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_truth_points_at_the_row_of_the_person(simulated: Simulated, simulated_csv: Simulated, source: str, file_format: str) -> None:
    corner = simulated if file_format == "xlsx" else simulated_csv
    cells = linked_cells(corner, source)
    assert len(cells) == corner.summary.records[source]
    assert not cells.duplicated(["file", "sheet", "row"]).any()
    people = corner.people.dropna(subset="register_nik").set_index("register_nik")
    harmed = cells["damage"].map(lambda labels: any(label.startswith(("name", "nick", "tekno")) for label in labels))
    clean = cells[~harmed & cells["register_nik"].notna()]
    assert len(clean) > 0.3 * len(cells)
    assert (clean["name"].to_numpy() == people["name"].reindex(clean["register_nik"]).to_numpy()).all()
    with_number = clean[~clean["damage"].map(lambda labels: any(label.startswith("nik_") for label in labels))]
    assert (with_number["nik"].to_numpy() == with_number["register_nik"].to_numpy()).all()


@pytest.mark.parametrize("source", SOURCES)
def test_the_truth_lists_every_row_with_a_name(simulated: Simulated, source: str) -> None:
    cells = linked_cells(simulated, source)
    nameless = cells["damage"].map(lambda labels: "nameless" in labels).astype(bool)
    assert cells.loc[~nameless, "name"].map(bool).all()
    assert not cells.loc[nameless, ["name", "nik"]].map(bool).to_numpy().any()
    for path in simulated.delivery(source).iterdir():
        for sheet, rows in read_workbook(path).items():
            column = 2 if source == "dinsos_dtsen" else 1
            listed = set(cells.loc[(cells["file"] == path.name) & (cells["sheet"] == sheet) & ~nameless, "row"])
            first = min(listed)
            named = {number for number, row in rows.items() if number >= first and row[column] not in (None, "", "JUMLAH")}
            assert named == listed


def test_the_register_holds_each_person_once_in_37_columns(simulated: Simulated) -> None:
    numbers: list[object] = []
    for path in simulated.delivery("dukcapil_population").iterdir():
        rows = read_sheet(path, "Data Penduduk")
        assert rows[1] == list(HEADERS)
        assert len(rows[1]) == 37
        numbers += [row[1] for number, row in rows.items() if number > 1]
        assert all(isinstance(row[5], datetime) for number, row in rows.items() if number > 1)
        assert {row[3] for number, row in rows.items() if number > 1} <= {"HIDUP", "MATI", "PINDAH"}
        assert {row[6] for number, row in rows.items() if number > 1} == {"Laki-laki", "Perempuan"}
        assert all(len(str(row[17])) == len(str(row[18])) == 3 for number, row in rows.items() if number > 1)
    assert sorted(map(str, numbers)) == sorted(simulated.people["register_nik"].dropna())
    assert len(list(simulated.delivery("dukcapil_population").iterdir())) == len({code[:8] for code in VILLAGES})


def test_numbers_that_lost_a_digit_are_number_cells_in_modern_workbooks(simulated: Simulated) -> None:
    cells = linked_cells(simulated, "dinsos_dtsen")
    zeroed = cells["damage"].map(lambda labels: "nik_zeroed" in labels)
    assert cells.loc[zeroed, "nik"].map(lambda value: isinstance(value, int) and value % 10 == 0).all()
    assert cells.loc[~zeroed, "nik"].dropna().map(lambda value: isinstance(value, str)).all()


def test_household_answers_repeat_on_each_member(simulated: Simulated) -> None:
    [path] = simulated.delivery("dinsos_dtsen").iterdir()
    rows = read_sheet(path, "DTSEN")
    frame = pd.DataFrame([rows[number] for number in sorted(rows) if number > 1], columns=rows[1])
    links = simulated.links[simulated.links["source"] == "dinsos_dtsen"].sort_values("row")
    people = simulated.people.dropna(subset="register_nik").set_index("register_nik")
    family = people["family_id"].reindex(links["register_nik"]).to_numpy()
    for column in ("desil_nasional", "luas_lantai", "jenis_lantai_terluas", "aset_bergerak_sepeda_motor"):
        answers = frame[column].groupby(family)
        assert (answers.first() == answers.last()).all(), column


def test_pkh_is_an_old_workbook_with_titles_and_a_total(simulated: Simulated) -> None:
    [path] = simulated.delivery("dinsos_pkh").iterdir()
    assert path.read_bytes()[:4] == bytes.fromhex("d0cf11e0")
    page = xlrd.open_workbook(str(path)).sheet_by_name("PKH 1")
    assert page.cell_value(0, 0).startswith("DAFTAR PENERIMA")
    assert page.row_values(2) == [""] * page.ncols
    header = page.row_values(3)
    assert header[:3] == ["NO", "NAMA_PENERIMA", "NOMOR_KARTU"]
    amount = header.index("NOMINAL")
    last = page.nrows - 1
    assert page.cell_value(last, 1) == "JUMLAH"
    assert page.cell_value(last, amount) == sum(page.cell_value(row, amount) for row in range(4, last))


def test_survey_workbooks_are_printed_forms(simulated: Simulated) -> None:
    paths = sorted(simulated.delivery("village_survey").iterdir())
    assert len(paths) == len(VILLAGES)
    styles = set()
    for path in paths:
        page = openpyxl.load_workbook(path)["Pendataan"]
        rows = [list(row) for row in page.iter_rows(values_only=True)]
        assert rows[0][0] == "PEMERINTAH KABUPATEN BANYUWANGI"
        assert rows[4][6] == "ALAMAT"
        merged = [upper if upper and place != 6 else lower for place, (upper, lower) in enumerate(zip(rows[4], rows[5], strict=True))]
        assert merged == SURVEY_HEADER
        assert "G5:J5" in {str(area) for area in page.merged_cells.ranges}
        assert any(row[1] == "JUMLAH" for row in rows)
        assert any(str(row[15]).startswith(("Kepala Desa", "Lurah")) for row in rows)
        written = next(str(row[10]) for row in rows[6:] if row[10])
        styles.add(
            "link" if written.startswith("http") else "dms" if "°" in written else "comma" if ";" in written else written.startswith("-")
        )
    assert len(styles) > 1, "villages write positions in different ways"


def test_text_files_have_one_header_and_only_records(simulated_csv: Simulated) -> None:
    for source in SOURCES:
        rows = sum(len(read_sheet(path, "")) - 1 for path in simulated_csv.delivery(source).iterdir())
        assert rows == simulated_csv.summary.records[source]
    links = simulated_csv.links[simulated_csv.links["source"].isin(SOURCES)]
    assert set(links["sheet"]) == {""}
    assert set(links["row"].groupby(links["file"]).min()) == {2}


def test_both_formats_tell_the_same_story(simulated: Simulated, simulated_csv: Simulated) -> None:
    pd.testing.assert_frame_equal(simulated.people, simulated_csv.people)
    pd.testing.assert_frame_equal(simulated.links[["source", "register_nik"]], simulated_csv.links[["source", "register_nik"]])


def test_some_rows_are_exact_copies_and_others_tell_the_same_person_anew(simulated: Simulated) -> None:
    links = simulated.links[simulated.links["source"] == "dinsos_dtsen"]
    [path] = simulated.delivery("dinsos_dtsen").iterdir()
    rows = read_sheet(path, "DTSEN")
    copies = links[links["damage"].map(lambda labels: "exact_copy" in labels)]
    assert len(copies) > 0
    seen = pd.Series({number: repr(row) for number, row in rows.items()})
    assert seen.duplicated(keep=False).loc[copies["row"]].all()
    assert seen.duplicated().sum() == len(copies)
    repeated = links[links["register_nik"].notna() & links["register_nik"].duplicated(keep=False)]
    assert len(repeated) > 2 * len(copies)


def test_the_same_stranger_stands_in_several_lists(simulated: Simulated) -> None:
    strangers = simulated.links[simulated.links["register_nik"].isna()]
    assert strangers["cluster_id"].notna().all()
    assert simulated.links.loc[simulated.links["register_nik"].notna(), "cluster_id"].isna().all()
    assert len(strangers.drop_duplicates(["cluster_id", "source"])) > strangers["cluster_id"].nunique()
    assert set(strangers["cluster_id"]) <= set(simulated.people["cluster_id"].dropna())


def test_nothing_but_the_three_folders_is_written(simulated: Simulated) -> None:
    assert sorted(path.name for path in simulated.directory.iterdir()) == ["inbox", "reference", "truth"]
    assert [path.name for path in (simulated.directory / "reference").iterdir()] == ["villages.csv"]
    files = [path for path in (simulated.directory / "inbox").rglob("*") if path.is_file()]
    assert len(files) == simulated.summary.files


def test_shares_of_the_offices(simulated: Simulated) -> None:
    assert simulated.summary.records == {
        "dinsos_dtsen": 2_150,
        "dinsos_pkh": 400,
        "village_survey": 500,
        "dinsos_bpnt": 550,
        "dinkes_pbi": 1_100,
        "dispendik_pupils": 125,
        "dpu_rtlh": 60,
        "dinsos_rantang_kasih": 25,
        "dpmd_kanggo_riko": 30,
        "call_112": 20,
        "asn_berbagi": 40,
    }
    rows = simulated.links.drop_duplicates(["source", "file", "sheet", "row"])
    assert simulated.summary.office_rows == len(rows) == 5_000
    assert len(simulated.links) == 5_000 + 20 + 40, "two sources name two people in each row"


def delivered(directory: Path) -> dict[str, str]:
    return {source.name: next(source.iterdir()).name for source in (directory / "inbox").iterdir()}


def test_deliveries_are_dated_before_the_day_of_the_run(simulated: Simulated) -> None:
    assert delivered(simulated.directory) == {
        "dukcapil_population": "2026-09-30",
        "dinsos_dtsen": "2026-09-15",
        "dinsos_pkh": "2026-09-20",
        "village_survey": "2026-08-31",
        "dinsos_bpnt": "2026-09-19",
        "dinkes_pbi": "2026-09-26",
        "dispendik_pupils": "2026-08-22",
        "dpu_rtlh": "2026-08-02",
        "dinsos_rantang_kasih": "2026-09-11",
        "dpmd_kanggo_riko": "2026-07-03",
        "call_112": "2026-09-29",
        "asn_berbagi": "2026-09-06",
    }
