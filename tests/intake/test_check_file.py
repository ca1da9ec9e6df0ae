"""`padan check`: what would happen, in the officer's words, quickly, and with no value of a cell."""

import datetime as dt
import itertools
import re
import resource
import subprocess
import sys

import pytest
from intake_workbooks import CONTRACTS, PKH_HEADER, pkh_row, pkh_rows, write_csv, write_xlsx

from intake import check_file
from schemas.cell_codes import WANTED
from schemas.expectations import parse_expectations

AS_OF = dt.date(2026, 10, 1)
RIGHT = {"id": "seharusnya", "en": "what would be right"}


def test_a_good_file_is_explained_column_by_column_and_cell_by_cell(tmp_path):
    rows = [["JUDUL"], [], [*PKH_HEADER, "GOLONGAN", "NAMA_IBUU"]]
    rows += [[*pkh_row(n), "x", "y"] for n in range(1, 9)]
    rows += [
        [*pkh_row(9, NAMA_PENERIMA=None), "x", "y"],
        [*pkh_row(10, NIK_KTP="3510 0541 0180 0009"), "x", "y"],
        [*pkh_row(11, NIK_KTP="351005"), "x", "y"],
    ]
    report = check_file(write_xlsx(tmp_path / "daftar.xlsx", {"PKH 1": rows}), as_of=AS_OF)
    assert (report.source, report.guessed, report.refused) == ("dinsos_pkh", True, False)
    assert (report.rows_read, report.accepted, report.conserved) == (13, 10, True)
    assert [(found.code, found.count, found.cells) for found in report.quarantined] == [("required_value_missing", 1, ("B12",))]
    assert ("nik", "length", ("C14",)) in [(found.column, found.code, found.cells) for found in report.errors]
    assert ("nik", "separators_removed", ("C13",)) in [(found.column, found.code, found.cells) for found in report.repairs]
    for language in ("id", "en"):
        text = report.as_text(language)
        assert re.search(r"GOLONGAN +→ (?:TIDAK DIKENAL|UNKNOWN)", text)
        assert "mother_name" in text.split("NAMA_IBUU")[1].splitlines()[0], "the near miss is proposed"
        assert "3510 0541" not in text


@pytest.mark.parametrize("source", list(CONTRACTS))
def test_the_contract_is_guessed_from_the_header(tmp_path, source):
    headers = [column.aliases[0] for column in CONTRACTS[source].tables[0].columns.values()]
    path = write_csv(tmp_path / "x.csv", [headers, ["x"] * len(headers)])
    assert check_file(path, as_of=AS_OF).source == source


def test_a_file_that_fits_no_contract_is_refused(tmp_path):
    report = check_file(write_csv(tmp_path / "x.csv", [["apel", "jeruk"], ["1", "2"]]))
    assert report.refused
    assert report.refusal.code == "no_contract"
    assert "dinsos_pkh" in report.as_text()


def test_a_list_that_a_condition_refuses_is_still_explained(tmp_path):
    """Prevents an office from learning only that its list is refused, and nothing of what it holds."""
    expectation = {"expect": "row_count_between", "min": 100, "severity": "delivery", "why": "PKH has more families than that"}
    contract = CONTRACTS["dinsos_pkh"].model_copy(update={"expectations": parse_expectations([expectation])})
    report = check_file(write_xlsx(tmp_path / "x.xlsx", {"PKH 1": pkh_rows(3)}), contract, as_of=AS_OF)
    assert report.refusal.code == "expectation_failed"
    assert report.accepted == 3
    text = report.as_text()
    assert "NAMA_PENERIMA" in text
    assert "menolak serahan: Sekurang-kurangnya 100 baris; ada 3" in text
    assert "PKH has more families than that [row_count_between_delivery]" in text
    assert "PKH has more families than that" in text
    assert text.endswith("Berkas ini akan ditolak.")


def test_cells_of_a_second_mention_are_found_in_its_own_columns(tmp_path):
    """Prevents the caller's telephone from being shown where the reported person's columns stand."""
    header = ["No Tiket", "Waktu Lapor", "Nama Pelapor", "No HP Pelapor", "Nama Terlapor", "NIK Terlapor"]
    rows = [[f"T{n}", "2026-09-01 10:00:00", f"BUDI {n}", "+62 812-3456-7890", f"SITI {n}", "351005"] for n in range(1, 4)]
    report = check_file(write_csv(tmp_path / "laporan.csv", [header, *rows]), CONTRACTS["call_112"], as_of=AS_OF)
    assert ("phone", ("D2", "D3", "D4")) in [(found.column, found.cells) for found in report.repairs]
    assert ("nik", ("F2", "F3", "F4")) in [(found.column, found.cells) for found in report.errors]
    assert "name (Nama) [pelapor]" in report.as_text()
    assert "[caller]" in report.as_text("en")


def test_a_remark_is_not_called_a_value_that_cannot_be_used(tmp_path):
    """A NIK from another sub-district is most often somebody who moved: an officer who is told it can't be used mends what is right."""
    rows = [PKH_HEADER, pkh_row(1, NIK_KTP="3510164205800001"), pkh_row(2, NIK_KTP="351005")]
    text = check_file(write_xlsx(tmp_path / "x.xlsx", {"PKH 1": rows}), CONTRACTS["dinsos_pkh"], as_of=AS_OF).as_text()
    unusable, remarks = text.split("Perlu diperhatikan (nilainya tetap dipakai):")
    assert "[length]" in unusable.split("Nilai yang tidak dapat dipakai")[1]
    assert "[area_differs]" in remarks


def test_a_sheet_and_the_file_tell_the_same_numbers(tmp_path):
    """Rows that repeat others were counted as accepted beside their sheet and as skipped below."""
    path = write_xlsx(tmp_path / "x.xlsx", {"PKH 1": [*pkh_rows(3), pkh_row(1), pkh_row(8, NAMA_PENERIMA="-", NIK_KTP=None)]})
    text = check_file(path, CONTRACTS["dinsos_pkh"], as_of=AS_OF).as_text()
    assert "3 diterima, 1 dikarantina; dilewati: 1 judul kolom, 1 ganda identik" in text
    assert "  3 diterima\n  1 dikarantina\n  dilewati: 1 judul kolom, 1 ganda identik" in text


def test_columns_that_say_the_same_are_not_missed(tmp_path):
    """`RT/RW` beside columns for RT and RW is one of two ways to write it; telling an office that it lacks sends them searching."""
    path = write_csv(tmp_path / "x.csv", [["No", "Nama", "NIK", "RT", "RW", "Desa"], ["1", "SITI", "", "1", "2", "Tembokrejo"]])
    text = check_file(path, CONTRACTS["village_survey"], as_of=AS_OF).as_text()
    (lacking,) = re.findall(r"Kolom yang tidak ada: (.*)", text)
    assert "rt_rw" not in lacking
    assert "kecamatan (Kecamatan)" in lacking


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_wrong_with_a_value_is_said_in_words(tmp_path, language):
    rows = [PKH_HEADER, *(pkh_row(n) for n in range(1, 5)), pkh_row(5, NIK_KTP="351005")]
    text = check_file(write_xlsx(tmp_path / "x.xlsx", {"PKH 1": rows}), CONTRACTS["dinsos_pkh"], as_of=AS_OF).as_text(language)
    assert {"id": "jumlah digit salah [length]", "en": "wrong number of digits [length]"}[language] in text


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_would_be_right_stands_beside_what_is_not(tmp_path, language):
    """An officer who reads only that a value is wrong does not know what to write; a remark is used as it is and asks for nothing."""
    rows = [PKH_HEADER, pkh_row(1, NIK_KTP="3510164205800001"), pkh_row(2, NIK_KTP="351005")]
    text = check_file(write_xlsx(tmp_path / "x.xlsx", {"PKH 1": rows}), CONTRACTS["dinsos_pkh"], as_of=AS_OF).as_text(language)
    after = {line.split("[")[-1].rstrip("]"): cells for line, cells in itertools.pairwise(text.splitlines()) if line.endswith("]")}
    assert f"; {RIGHT[language]}: {getattr(WANTED['length'], language)}" in after["length"]
    assert RIGHT[language] not in after["area_differs"]


def test_a_missing_column_refuses_and_names_it(tmp_path):
    report = check_file(write_csv(tmp_path / "x.csv", [PKH_HEADER[2:], pkh_row(1)[2:]]), CONTRACTS["dinsos_pkh"])
    assert report.refusal.code == "missing_required_column"
    assert "NAMA_PENERIMA" in report.as_text("id")


def test_an_unreadable_file_has_its_reason(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"x" * 100)
    assert check_file(path).refusal.code == "truncated"


def test_ten_thousand_rows_in_five_seconds_without_gx_or_dagster(tmp_path):
    path = write_xlsx(tmp_path / "besar.xlsx", {"PKH 1": pkh_rows(10_000)})
    program = (
        "import sys, datetime, intake, pathlib;"
        f"report = intake.check_file(pathlib.Path({str(path)!r}), as_of=datetime.date(2026, 10, 1));"
        "assert report.accepted + len(report.quarantined) > 9000;"
        "heavy = {'dagster', 'great_expectations', 'sqlalchemy', 'geopandas'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    before = _seconds_of_children()
    subprocess.run([sys.executable, "-c", program], check=True)
    assert 0.5 < _seconds_of_children() - before < 5, (
        "3 seconds were measured, of them 1.5 for importing libraries; time waited for other programs is not counted"
    )


def _seconds_of_children() -> float:
    """Processor time of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
