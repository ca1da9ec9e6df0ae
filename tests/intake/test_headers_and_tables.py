"""Headers and tables: nothing near is taken silently, nothing skipped is uncounted, no person is called a sum."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_workbooks import CONTRACTS, PKH_HEADER, pkh_row, sheet_of

from intake.header_mapping import HeaderIndex, map_header
from intake.row_kinds import ROW_KINDS, row_kinds
from intake.table_finding import find_header
from schemas.contracts import TableContract, normalised_header

PKH = HeaderIndex(CONTRACTS["dinsos_pkh"].tables[0])
SURVEY = HeaderIndex(CONTRACTS["village_survey"].tables[0])


def mapped(headers, index=PKH):
    return map_header(index, [(header,) for header in headers])


def kinds_of(rows, index=PKH, merged=()):
    sheet = sheet_of(rows, merged=merged)
    filled = sheet.filled()
    header = find_header(sheet, filled, [index])
    assert header is not None
    return [ROW_KINDS[kind] for kind in row_kinds(sheet, filled, header)], header


@pytest.mark.parametrize("written", ["NIK_KTP", "nik ktp", "Nik.KTP", "NIK\nKTP", " N I K - K T P ", "NIK_KTP *", "ＮＩＫ＿ＫＴＰ"])
def test_case_spaces_punctuation_and_line_breaks_do_not_matter(written):
    assert mapped([written]).columns == {"nik": 0}


def test_a_hint_in_parentheses_does_not_matter():
    assert mapped(["TGL_LAHIR (dd/mm/yyyy)"]).columns == {"birth_date": 0}


def test_a_near_miss_is_proposed_and_not_taken():
    found = mapped(["NAMA_PENERMA", "NIK_KTP"])
    assert "name" not in found.columns
    assert found.missing == ("name",)
    assert found.proposals["name"] == 0
    assert found.unknown == (0,)


def test_what_is_unknown_and_what_is_ignored_are_told_apart():
    found = mapped(["NAMA_PENERIMA", "NO", "GOLONGAN"])
    assert found.ignored == (1,)
    assert found.unknown == (2,)


def test_two_headers_for_one_column_are_refused_unless_the_contract_chooses():
    assert mapped(["NAMA", "NIK", "NO KTP"]).duplicates == {"nik": (1, 2)}
    chooses = TableContract(
        role="recipients", columns={"nik": {"aliases": ["NIK", "NO KTP"], "duplicates": "last"}, "name": {"aliases": ["NAMA"]}}
    )
    assert mapped(["NAMA", "NIK", "NO KTP"], HeaderIndex(chooses)).columns == {"name": 0, "nik": 2}


def test_an_ignore_pattern_covers_a_family_of_headers():
    dtsen = HeaderIndex(CONTRACTS["dinsos_dtsen"].tables[0])
    assert mapped(["nama", "aset_bergerak_sepeda", "jumlah_ternak_babi"], dtsen).ignored == (1, 2)


@given(st.permutations(PKH_HEADER))
def test_the_order_of_columns_does_not_matter(headers):
    found = mapped(headers)
    assert {name: headers[place] for name, place in found.columns.items()} == {
        name: PKH_HEADER[place] for name, place in mapped(PKH_HEADER).columns.items()
    }


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_header_is_taken_ignored_or_unknown(headers):
    found = mapped(headers)
    places = [*found.columns.values(), *found.ignored, *found.unknown, *(place for places in found.duplicates.values() for place in places)]
    assert sorted(places) == [place for place, header in enumerate(headers) if normalised_header(header)]


SURVEY_ROWS = [
    ["PEMERINTAH KABUPATEN BANYUWANGI"],
    ["PENDATAAN PEMBURU KEMISKINAN"],
    ["DESA TEMBOKREJO KECAMATAN MUNCAR"],
    [],
    ["No", "Nama", "NIK", "ALAMAT", None, None, None, "Kondisi Rumah", "Keterangan"],
    [None, None, None, "Dusun", "RT", "RW", "Nama Desa", None, None],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"],
    [1, "SITI AMINAH", "3510054101800001", "KRAJAN", "001", "002", "Tembokrejo", "Layak", None],
    [2, "SUPARMAN", None, "KRAJAN", "001", "002", "Tembokrejo", "Rusak Berat", "sakit"],
    ["No", "Nama", "NIK", "ALAMAT", None, None, None, "Kondisi Rumah", "Keterangan"],
    [None, None, None, "Dusun", "RT", "RW", "Nama Desa", None, None],
    [3, "P. RUDI", None, "KRAJAN", "001", "002", "Tembokrejo", "Layak", None],
    [4, "B. SRI"],
    ["JUMLAH", None, "4 KK"],
    [],
    [None, None, None, None, None, None, None, "Banyuwangi, 31 Agustus 2026"],
    ["Mengetahui,"],
    ["Kepala Desa Tembokrejo", None, None, None, None, None, None, "Pendata"],
    ["SUTRISNO, S.Sos", None, None, None, None, None, None, "WATI"],
    ["NIP. 196501011990031001"],
]
SURVEY_KINDS = [
    *["title"] * 3,
    "blank",
    *["header"] * 3,
    "data",
    "data",
    "repeated_header",
    "repeated_header",
    "data",
    "data",
    "total",
    "blank",
    *["signature"] * 5,
]


@pytest.mark.parametrize("merged", [(), ((4, 3, 4, 6), (4, 0, 5, 0), (4, 1, 5, 1))], ids=["no merged cells told", "merged cells told"])
def test_a_printed_form_is_understood_row_by_row(merged):
    kinds, header = kinds_of(SURVEY_ROWS, SURVEY, merged)
    assert kinds == SURVEY_KINDS
    assert header.maps[0].columns["hamlet"] == 3
    assert header.maps[0].columns["village"] == 6


def test_the_header_is_found_below_a_long_letterhead():
    kinds, _ = kinds_of([*([["KOP SURAT"]] * 40), PKH_HEADER, pkh_row(1)])
    assert kinds[-2:] == ["header", "data"]


def test_a_cell_as_long_as_excel_allows_is_looked_at_by_its_beginning():
    long = "DESA/KELURAHAN" * 2_340
    sheet = sheet_of([[*PKH_HEADER, long], [*pkh_row(1), "x"]])
    found = find_header(sheet, sheet.filled(), [PKH])
    assert found is not None
    assert found.rows == (0,)
    assert long.startswith(found.maps[0].headers[len(PKH_HEADER)])
    assert len(found.maps[0].headers[len(PKH_HEADER)]) == 500  # whole, twelve such cells cost seconds


def test_a_person_with_few_cells_is_no_sum_and_no_signature():
    rows = [PKH_HEADER, pkh_row(1), pkh_row(2), [3, "TOTAL SUPRAPTO", "3510054101800003"], [4, "JUMLAH"], pkh_row(5)]
    kinds, _ = kinds_of(rows)
    assert kinds[3] == "data", "a NIK beside it makes it a person"
    assert kinds[5] == "data"


def test_rows_after_the_sum_are_still_read():
    kinds, _ = kinds_of(
        [PKH_HEADER, pkh_row(1), [None, "JUMLAH", None, None, None, None, None, None, None, None, None, 750000], pkh_row(2)]
    )
    assert kinds == ["header", "data", "total", "data"]


def test_a_sum_that_fills_many_columns_is_still_a_sum():
    rows = [
        ["Nama", "NIK", *"abcdefgh"],
        *[["SITI", f"35100541018000{n:02d}", *range(8)] for n in range(10, 20)],
        ["JUMLAH", None, *range(4)],
    ]
    assert kinds_of(rows)[0][-1] == "total"


def test_sums_of_groups_are_sums_in_a_short_list_too():
    """Eight people, five sums and five signatures: the sums are no people because there are many of them."""
    rows = [["NO", "Nama", "NIK", "L/P", "RT", "RW", "Nama Desa", "Keterangan"]]
    for place, number in enumerate((2, 1, 4, 1)):
        rows += [[place, "SITI AMINAH", None, "P", "001", "002", "Tembokrejo", "ada"]] * number
        rows += [[None, f"JUMLAH KEC. {'ABCD'[place]}", f"{number} orang", None, None, None, None, number * 1000]]
    rows += [[None, "TOTAL", "8 orang"], [], *([[None, None, None, "Banyuwangi, 1 Agustus 2026"]] * 4)]
    assert [kind for kind in kinds_of(rows, SURVEY)[0] if kind in {"data", "total"}] == [
        *["data"] * 2, "total", "data", "total", *["data"] * 4, "total", "data", "total", "total",
    ]  # fmt: skip


def test_a_sum_that_begins_far_right_is_a_sum():
    rows = [["NO", "NIP", "OPD", "BENTUK BANTUAN", "FOTO", "Nama", "NIK"], *[[n, "1", "a", "b", "c", "SITI", None] for n in range(9)]]
    assert kinds_of([*rows, [None] * 5 + ["JUMLAH", "80 keluarga"]], SURVEY)[0][-1] == "total"


def test_a_group_heading_between_rows_is_a_title():
    kinds, _ = kinds_of([PKH_HEADER, pkh_row(1), [None, "DESA SUMBERSARI"], pkh_row(2)])
    assert kinds == ["header", "data", "title", "data"]


def test_a_list_of_names_without_numbers_is_no_signature_block():
    rows = [["Nama", "Alamat"], *[[f"WARGA {n}", None] for n in range(300)]]
    kinds, _ = kinds_of(rows)
    assert set(kinds[1:]) == {"data"}


def test_a_sheet_that_names_one_column_is_no_table():
    sheet = sheet_of([["Nama", "x"], ["a", 1]])
    assert find_header(sheet, sheet.filled(), [PKH]) is None


@given(st.lists(st.sampled_from(["blank", "data", "header", "total", "title"]), max_size=12), st.integers(0, 4))
def test_every_row_gets_a_kind_and_data_rows_stay_data(pattern, above):
    rows = [["JUDUL"]] * above + [PKH_HEADER]
    expected_data = []
    for number, kind in enumerate(pattern):
        if kind == "data":
            expected_data.append(len(rows))
        rows.append(
            {"blank": [], "data": pkh_row(number), "header": PKH_HEADER, "total": [None, "JUMLAH", number], "title": [None, "DESA X"]}[kind]
        )
    sheet = sheet_of([*rows, ["x"]])
    filled = sheet.filled()
    header = find_header(sheet, filled, [PKH])
    assert header is not None
    kinds = row_kinds(sheet, filled, header)
    assert len(kinds) == sheet.height
    assert all(ROW_KINDS[kinds[row]] == "data" for row in expected_data)
    assert (np.asarray(kinds)[~filled.any(axis=1)] == ROW_KINDS.index("blank")).all()
