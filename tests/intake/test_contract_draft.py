"""`padan contract new`. Mistakes prevented: a draft that can't be loaded, a person's data in a contract that is shared, a guess that looks
certain, a list without header whose first person becomes a header."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from intake_workbooks import AREAS, CONTRACTS, PKH_HEADER, pkh_row, write_csv, write_xlsx

from intake.contract_draft import draft_of
from intake.draft_yaml import draft_yaml
from intake.places import PlaceIndex
from pipelines.cli import cli
from schemas.contracts import SourceContract, load_contract
from schemas.header_vocabulary import header_vocabulary, synonyms

PLACES = PlaceIndex(AREAS)
VOCABULARY = header_vocabulary(CONTRACTS)


def drafted(path: Path, language: str = "id") -> tuple[str, SourceContract]:
    text = draft_yaml(draft_of(path, VOCABULARY, PLACES), "daftar_baru", language)
    target = path.with_suffix(".yaml")
    target.write_text(text, encoding="utf-8")
    return text, load_contract(target)


def line(text: str, name: str) -> str:
    return next(row for row in text.splitlines() if row.strip().startswith(f"{name}:"))


HEADER = ["No", "Nama Penerima", "N I K", "Nama Ibu Kandng", "Tgl Lahir", "L/P", "Desa", "Kolom X", "Usaha", "Status Rumah", "Kode Petugas"]


def rows(count: int = 12) -> list[list[object]]:
    letters = "ABCDEFGHIJKL"
    return [
        [
            number + 1, f"SITI {letter}", f"351005410580{number + 1:04d}", f"SUMI {letter}", f"{number % 12 + 1:02d}/05/1980", "P", "TEMBOKREJO",
            f"0812345678{number:02d}", "Ya" if number % 2 else "Tidak", "Milik sendiri" if number % 2 else "Numpang mertua", f"petugas {letter}{number}",
        ]
        for number, letter in enumerate(letters[:count])
    ]  # fmt: skip


def test_headers_become_columns_and_what_is_uncertain_is_marked(tmp_path: Path) -> None:
    text, contract = drafted(write_csv(tmp_path / "a.csv", [["DAFTAR PENERIMA"], [], HEADER, *rows()], delimiter=";"))
    (table,) = contract.tables
    assert {"name", "nik", "mother_name", "birth_date", "sex", "village", "phone", "has_business", "tenure"} == set(table.columns)
    assert table.columns["name"].required is True
    assert table.columns["birth_date"].dates == ("d/m/Y",)
    assert "atau business_kind?" in line(text, "has_business")
    for certain in ("name", "nik", "sex", "village"):
        assert "PERIKSA" not in line(text, certain), certain
    assert "hanya mirip" in line(text, "mother_name")
    assert "hari atau bulan lebih dulu?" in line(text, "birth_date"), "no day is past the twelfth"
    assert "ditebak dari isi sel" in line(text, "phone")
    assert "Numpang mertua" in line(text, "tenure"), "a label of an unknown code that repeats is named"
    assert table.ignore == ("No", "Kode Petugas")
    assert '- "No"' in text
    assert re.search(r"- Kode Petugas # PERIKSA: arti kolom ini belum diketahui", text)


@pytest.mark.parametrize("header", ["Tempat/Tgl Lahir", "Tempat, Tanggal Lahir", "TTL", "T T L", "Tempat dan Tanggal Lahir"])
def test_a_joined_place_and_date_of_birth_is_a_birth_date_of_which_the_draft_says_what_is_read(tmp_path: Path, header: str) -> None:
    people = [[number, f"SITI {'ABCDEFGHIJKL'[number]}", f"Banyuwangi, {number + 13}-05-1980"] for number in range(12)]
    text, contract = drafted(write_csv(tmp_path / "a.csv", [["No", "Nama Penyandang Disabilitas", header], *people], delimiter=";"))
    (table,) = contract.tables
    assert set(table.columns) == {"name", "birth_date"}
    assert table.columns["birth_date"].dates == ("d-m-Y",)
    assert "hanya tanggal yang dibaca" in line(text, "birth_date")
    assert "hari atau bulan" not in text, "days past the twelfth prove the order"
    assert "Banyuwangi," not in text


def test_a_column_of_zeros_is_no_village_and_three_digits_are_no_village_code(tmp_path: Path) -> None:
    people = [[f"SITI {letter}", "0", "050", f"{number % 3 + 1:03d}"] for number, letter in enumerate("ABCDEFGHIJKL")]
    text, contract = drafted(write_csv(tmp_path / "a.csv", [["Nama", "Jenis_cacat", "KDKEC", "KDDESA"], *people], delimiter=";"))
    assert set(contract.tables[0].columns) == {"name", "area_code"}
    assert "bukan kode desa 10 angka" in line(text, "area_code")


def test_no_cell_gets_into_the_draft_but_labels_that_repeat(tmp_path: Path) -> None:
    data = rows()
    text, _ = drafted(write_csv(tmp_path / "a.csv", [HEADER, *data], delimiter=";"))
    for row in data:
        for place in (1, 2, 3, 4, 7, 10):
            assert str(row[place]) not in text


def test_an_answer_that_stands_there_once_is_only_counted(tmp_path: Path) -> None:
    data = rows()
    data[0][9] = "rumah Pak Joko"
    text, _ = drafted(write_csv(tmp_path / "a.csv", [HEADER, *data], delimiter=";"))
    assert "Joko" not in text
    assert "jawaban tidak dikenal" in line(text, "tenure")


@pytest.mark.parametrize("header", ["Pendampng", "Pendamping", "Status Rumah"], ids=["near miss", "exact", "another question"])
def test_names_that_repeat_are_no_labels(tmp_path: Path, header: str) -> None:
    """Prevents the officers of a list, who stand on many of its rows, from getting into the contract as codes."""
    data = [[f"SITI {number}", f"351005410580{number:04d}", "A. RAHMAN" if number % 2 else "S. WAHYUNI"] for number in range(1, 13)]
    text, _ = drafted(write_csv(tmp_path / "a.csv", [["Nama", "NIK", header], *data], delimiter=";"))
    assert "RAHMAN" not in text
    assert "PERIKSA" in next(row for row in text.splitlines() if header in row)


def test_a_list_without_header_gives_no_draft(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [[row[1], row[6], row[5], row[2]] for row in rows()], delimiter=";")
    assert draft_of(path, VOCABULARY, PLACES).tables == []


@pytest.mark.parametrize(
    ("dates", "formats"),
    [
        pytest.param(["25/12/1980", "01/02/1980"], ("d/m/Y",), id="day first is proved"),
        pytest.param(["12/25/1980", "01/02/1980"], ("m/d/Y",), id="month first is proved"),
        pytest.param(["25-12-1980", "01-02-1980"], ("d-m-Y",), id="dashes"),
        pytest.param(["1980-12-25", "1981-01-02"], ("Y-m-d",), id="ISO"),
        pytest.param(["25 Desember 1980", "2 Januari 1981"], ("d month Y",), id="months by name"),
        pytest.param([dt.date(1980, 12, 25), dt.date(1981, 1, 2)], ("serial",), id="date cells"),
    ],
)
def test_the_way_of_writing_dates_is_seen(tmp_path: Path, dates: list[object], formats: tuple[str, ...]) -> None:
    data = [[f"SITI {number}", f"351005410580{number:04d}", date] for number, date in enumerate(dates, start=1)]
    text, contract = drafted(write_xlsx(tmp_path / "a.xlsx", {"Data": [["Nama", "NIK", "Tanggal Lahir"], *data]}))
    assert contract.tables[0].columns["birth_date"].dates == formats
    assert "PERIKSA" not in line(text, "birth_date")


def test_sheets_with_one_header_are_one_table_and_others_are_others(tmp_path: Path) -> None:
    other = [["Nama Siswa", "NIK", "Sekolah"], ["X", "3510054105800001", "SDN 1"]]
    sheets = {"Muncar": [PKH_HEADER, pkh_row(1)], "Cluring": [PKH_HEADER, pkh_row(2)], "Siswa": other, "Catatan": [["bebas"]]}
    text, contract = drafted(write_xlsx(tmp_path / "a.xlsx", sheets))
    assert [table.sheet for table in contract.tables] == ["/Muncar|Cluring/", "/Siswa/"]
    assert "1 lembar lain tanpa judul kolom" in text
    assert contract.tables[0].matches_sheet("Cluring")


def test_english(tmp_path: Path) -> None:
    text, _ = drafted(write_csv(tmp_path / "a.csv", [HEADER, *rows()], delimiter=";"), "en")
    assert "# CHECK: the header only comes near" in text
    assert "PERIKSA" not in text


def test_every_built_in_contract_is_found_again_from_its_own_headers(tmp_path: Path) -> None:
    """Prevents the vocabulary from losing what the contracts know: a sheet with each column's first alias drafts the same columns."""
    for contract in CONTRACTS.values():
        table = contract.tables[0]
        header = [column.aliases[0] for column in table.columns.values()]
        draft = draft_of(write_xlsx(tmp_path / f"{contract.id}.xlsx", {"Data": [header, ["x"] * len(header)]}), VOCABULARY, PLACES)
        found = set(draft.tables[0].columns)
        assert len(found & set(table.columns)) >= 0.8 * len(table.columns), (contract.id, set(table.columns) - found)


def test_the_further_names_are_of_canonical_columns() -> None:
    assert synonyms()["kk_number"]


def test_the_command_writes_a_contract_that_passes_its_own_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADAN_CONTRACTS", str(tmp_path / "kontrak"))
    path = write_csv(tmp_path / "Daftar BLT 2026.csv", [HEADER, *rows()], delimiter=";")
    made = CliRunner().invoke(cli, ["contract", "new", str(path)], catch_exceptions=False)
    target = tmp_path / "kontrak/sources/daftar_blt_2026.yaml"
    assert target.exists(), made.output
    checked = CliRunner().invoke(cli, ["contract", "check", str(target)], catch_exceptions=False)
    assert checked.exit_code == 0
    assert "masih bertanda PERIKSA" in checked.output
    again = CliRunner().invoke(cli, ["contract", "new", str(path)])
    assert again.exit_code != 0
    assert "sudah ada" in again.output, "a contract that somebody has worked on is not overwritten"


SIAK = (
    "Nomor KK,NIK,Nama Penduduk,Status,Tempat Lahir,Tanggal Lahir,Kelamin,NIK Ayah,Ayah,NIK Ibu,Ibu,Status Kawin,SHDK,Agama,Kecamatan,Desa/Kel,"
    "Alamat,RW,RT,Pendidikan,Pekerjaan,Gol. Darah,Cacat,Tanggal Kwn"
)
OPENSID = "alamat,dusun,rw,rt,nama,no_kk,nik,sex,tempatlahir,tanggallahir,agama_id,pendidikan_kk_id,pekerjaan_id,status_kawin,kk_level,ayah_nik,nama_ayah"
BIP = "No,NIK,Nama,JK,Tempat Lahir,Tgl Lahir,Agama,Stat Kwn,SHDK,Pendidikan,Pekerjaan,Nama Ibu,Nama Ayah"
MEMBERS = "No KK,NIK,Nama Lengkap,L/P,Tempat Lahir,Tgl Lahir,Hub Keluarga,Pekerjaan,Alamat,RT,RW,Dusun"
PPKS = "nomor_kk,nomor_nik,nama,tanggal_lahir,tempat_lahir,jenis_kelamin,nama_ibu_kandung,hubungan_keluarga,tahun_data,jenis_pmks"
BDT = "IDBDT,NoPesertaPKH,Nama,JnsKel,TmpLahir,TglLahir,NIK,NoKK,Hubkel,Sta_kawin,Ijazah_tertinggi,namagadis_ibukandung"
P3KE = "desil_kesejahteraan,nama,nik,hubungan_dengan_kepala_keluarga,tanggal_lahir,status_kawin,pekerjaan,pendidikan"
DTSEN = "nomor_induk_kependudukan,nomor_kartu_keluarga,nama,tanggal_lahir,status_hubungan_keluarga,status_kawin,desil_nasional"
BPNT = "NAMA_PENERIMA,NOMOR_KARTU,NIK_KTP,NOKK_DTKS,IDARTBDT,NMKAB,NMKEC,NMKEL,ALAMAT,STATUS_BARU"
BPJS = "PSNOKA,NIK,NAMA,SEGMEN,BULAN,TAHUN"


@pytest.mark.parametrize(
    ("headers", "role"),
    [
        pytest.param(headers, role, id=name)
        for name, headers, role in (
            ("SIAK", SIAK, "population"), ("OpenSID", OPENSID, "population"), ("BIP", BIP, "population"), ("members", MEMBERS, "population"),
            ("PPKS", PPKS, "recipients"), ("BDT", BDT, "recipients"), ("P3KE", P3KE, "welfare"), ("DTSEN", DTSEN, "welfare"),
            ("PKH", ",".join(PKH_HEADER), "recipients"), ("BPNT", BPNT, "recipients"), ("BPJS", BPJS, "recipients"),
        )
    ],
)  # fmt: skip
def test_a_register_of_residents_is_not_drafted_as_a_list_of_recipients(tmp_path: Path, headers: str, role: str) -> None:
    """As recipients, all residents of a village would get a programme's aid; as residents, the poor alone would be the register."""
    names = headers.split(",")
    people = [[f"{number}" if name.lower() != "nama" else f"SITI {number}" for name in names] for number in range(5)]
    text, contract = drafted(write_csv(tmp_path / "a.csv", [names, *people]))
    assert contract.tables[0].role == role
    assert "PERIKSA" in line(text, "role"), "it stays for a person to confirm"


def test_a_known_word_with_another_behind_it_is_no_misspelling(tmp_path: Path) -> None:
    """The day of a wedding was proposed as the day of a report, because `Tanggal Kwn` comes near `tanggal`."""
    names = SIAK.split(",")
    _, contract = drafted(write_csv(tmp_path / "a.csv", [names, ["1"] * len(names), ["2"] * len(names)]))
    assert "reported_on" not in contract.tables[0].columns
