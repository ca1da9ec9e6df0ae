"""Bad files in the inbox: each is refused with a clear message, the other deliveries go on, and what is lost is said."""

import shutil
import sqlite3

import openpyxl
import pytest
from integration_places import SAMPLE, made_place


def without_column(source, target, header):
    workbook = openpyxl.load_workbook(source)
    sheet = workbook.active
    place = next(cell.column for cell in sheet[1] if cell.value == header)
    sheet.delete_cols(place)
    workbook.save(target)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """DTSEN lacks its names, PKH is cut off, one survey is empty, one names a village that does not exist."""
    place = made_place(tmp_path_factory.mktemp("office"))
    for source in ("dukcapil_population", "dinsos_dtsen", "dinsos_pkh", "village_survey"):
        shutil.copytree(SAMPLE / "inbox" / source, place.inbox / source)
    welfare = next((place.inbox / "dinsos_dtsen").rglob("*.xlsx"))
    without_column(welfare, welfare, "nama")
    recipients = next((place.inbox / "dinsos_pkh").rglob("*.xls"))
    recipients.write_bytes(recipients.read_bytes()[:20_000])
    empty, strange, *_ = sorted((place.inbox / "village_survey").rglob("*.xlsx"))
    empty.write_bytes(b"")
    workbook = openpyxl.load_workbook(strange)
    sheet = workbook.active
    column = next(cell.column for row in sheet.iter_rows(max_row=8) for cell in row if cell.value == "Nama Desa")
    sheet.cell(row=8, column=column).value = "Desa Antah Berantah"
    workbook.save(strange)
    return place, place.run(), {"welfare": welfare, "recipients": recipients, "empty": empty, "strange": strange}


def refusals(output):
    return [line for line in output.splitlines() if line.startswith("Ditolak:")]


def test_refused_deliveries_end_with_one_and_the_rest_is_published(office):
    _, result, _ = office
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Publikasi        1 (baru)" in result.stdout


@pytest.mark.parametrize(
    ("which", "says"), [("welfare", "kolom wajib tidak ada: nama"), ("recipients", "terpotong"), ("empty", "berkas kosong")]
)
def test_each_bad_file_is_named_with_its_reason(office, which, says):
    _, result, files = office
    lines = [line for line in refusals(result.stdout) if files[which].name in line]
    assert len(lines) == 1
    assert says in lines[0].split(files[which].name, 1)[1].casefold()


def test_what_depends_on_the_missing_sources_is_said(office):
    _, result, _ = office
    assert "Tanpa dinsos_dtsen: desil dan keadaan rumah tidak diketahui" in result.stdout
    assert "Tanpa dinsos_pkh: penerima program ini tidak diketahui" in result.stdout
    assert "Tanpa village_survey" not in result.stdout


def test_an_unknown_village_never_refuses_the_row(office):
    import pandas as pd

    place, _, files = office
    records = pd.read_parquet(place.home / "frames" / "records" / "village_survey.parquet")
    row = records[(records["file"] == files["strange"].name) & (records["row"] == 8)]
    assert len(row) == 1
    assert "unknown_village" in row["errors"].item()
    page = (place.home / "reports" / "laporan_mutu.html").read_text(encoding="utf-8")
    assert "Antah Berantah" not in page


def test_without_a_register_nothing_is_published(tmp_path):
    place = made_place(tmp_path / "office")
    shutil.copytree(SAMPLE / "inbox" / "dinsos_pkh", place.inbox / "dinsos_pkh")
    result = place.run()
    assert result.returncode == 2, result.stdout + result.stderr
    assert "TIDAK DITERBITKAN" in result.stdout
    assert "population: population_present" in result.stdout


def test_a_database_of_another_version_is_refused_with_a_sentence(tmp_path):
    """A traceback tells an officer nothing, and exit code 1 would say that a delivery was refused."""
    place = made_place(tmp_path / "office")
    shutil.copytree(SAMPLE / "inbox" / "dinsos_pkh", place.inbox / "dinsos_pkh")
    place.home.mkdir()
    with sqlite3.connect(place.home / "padan.sqlite") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    result = place.run()
    assert result.returncode == 2
    assert "skema 0000" in result.stderr
    assert "Traceback" not in result.stderr
