"""Sheets as offices lay them out: several tables, merged cells, a sheet per village, block reports; each row has its end, none is lost."""

import json

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_workbooks import CONTRACTS, PKH_HEADER, pkh_row, sheet_of, taken_in, write_csv, write_ods, write_xls, write_xlsx

from intake.row_kinds import ROW_KINDS, row_kinds
from intake.tables_in_sheet import tables_in

NIK = "351005{day:02d}0580{number:04d}"


def person(number, *more):
    """A running number, a name, a NIK, and what else a row holds."""
    return [number, f"WARGA {chr(65 + number % 26)}{chr(65 + number // 26)}AH", NIK.format(day=1 + number % 28, number=number + 1), *more]


def csv_of(path, sheets):
    (rows,) = sheets.values()
    return write_csv(path, rows, delimiter=";")


WRITERS = {"xlsx": write_xlsx, "xls": write_xls, "ods": write_ods, "csv": csv_of}


@pytest.fixture(params=WRITERS)
def written(request, tmp_path):
    """Write a survey in one of the formats, take it in, and hold its rows to account."""

    def write_and_take(rows, source="village_survey", **options):
        path = tmp_path / f"{source}/2026-08-31/daftar.{request.param}"
        WRITERS[request.param](path, {"Data": rows})
        result = taken_in(tmp_path, source, **options)
        assert not result.refused
        assert result.conservation["holds"].all()
        return result

    return write_and_take


def dispositions(result):
    """Row → what became of it, for all rows of the one sheet."""
    ends = dict(zip(result.quarantine["row"], result.quarantine["disposition"], strict=True))
    return ends | dict.fromkeys(result.records["row"], "accepted")


# Several tables


STACKED = [
    ["PENDATAAN DESA TEMBOKREJO KECAMATAN MUNCAR"],
    ["No", "Nama", "NIK", "RT"],
    person(1, "001"),
    person(2, "002"),
    ["JUMLAH", None, 2],
    [],
    ["PENDATAAN DESA SUMBERSEWU KECAMATAN MUNCAR"],
    ["NIK", "Nama Lengkap", "Kondisi Rumah"],
    [person(3)[2], person(3)[1], "Layak"],
    [person(4)[2], person(4)[1], "Rusak Berat"],
]


def test_a_table_below_another_is_read_by_its_own_header(written):
    """Read by the first header, the names of the second table would be taken for NIKs."""
    result = written(STACKED)
    records = result.records.set_index("row")
    assert records["name"].to_dict() == {3: person(1)[1], 4: person(2)[1], 9: person(3)[1], 10: person(4)[1]}
    assert records["nik"].notna().all()
    assert records["house_condition"].dropna().to_dict() == {9: "good", 10: "ruined"}
    assert records["area_code"].to_dict() == {3: "35.10.05.2003", 4: "35.10.05.2003", 9: "35.10.05.2004", 10: "35.10.05.2004"}
    assert [dispositions(result)[row] for row in (1, 2, 5, 7, 8)] == ["title", "header", "total", "title", "header"]


def test_the_fuller_of_two_tables_does_not_hide_the_first(written):
    """The second header names more columns; the rows above it are no titles."""
    result = written([["Nama", "NIK"], person(1)[1:], person(2)[1:], [], ["No", "Nama", "NIK", "RT", "RW", "Kondisi Rumah"],
                      person(3, "001", "002", "Layak")])  # fmt: skip
    assert sorted(result.records["row"]) == [2, 3, 6]


SIDE_BY_SIDE = [
    ["No", "Nama", "NIK", None, "No", "Nama", "NIK"],
    [*person(1), None, *person(3)],
    [*person(2), None, *person(4)],
    [*person(5), None, None, None, None],
]


def test_tables_side_by_side_are_two(written):
    result = written(SIDE_BY_SIDE)
    assert sorted(zip(result.records["row"], result.records["name"], strict=True)) == sorted(
        [(2, person(1)[1]), (2, person(3)[1]), (3, person(2)[1]), (3, person(4)[1]), (4, person(5)[1])]
    )
    assert result.records["record_id"].is_unique


def test_tables_side_by_side_without_a_column_between_are_two(written):
    result = written([[cell for place, cell in enumerate(row) if place != 3] for row in SIDE_BY_SIDE])
    assert len(result.records) == 5


def test_a_fault_in_one_of_two_tables_sets_the_row_aside_whole(written):
    """The row can have one end only; the person beside must not vanish unseen."""
    rows = [list(row) for row in SIDE_BY_SIDE]
    rows[1][5] = rows[1][6] = None
    rows[1][4] = 7
    result = written(rows)
    assert dispositions(result)[2] == "quarantined"
    assert sorted(result.records["row"]) == [3, 3, 4]
    cells = json.loads(result.quarantine.loc[result.quarantine["row"] == 2, "cells"].iloc[0])
    assert person(1)[1] in cells


def test_a_column_that_stands_twice_in_one_table_is_no_second_table(tmp_path):
    write_xlsx(tmp_path / "village_survey/2026-08-31/a.xlsx", {"Data": [["Nama", "NIK", "No KTP"], ["SITI", person(1)[2], person(2)[2]]]})
    (refusal,) = taken_in(tmp_path, "village_survey").refused
    assert refusal.code == "duplicate_column"


@pytest.mark.parametrize(
    "recapitulation", [["No", "Desa", "Jumlah"], ["Desa", "Kecamatan", "Jumlah", "Keterangan"]], ids=["one column", "two columns"]
)
def test_a_recapitulation_below_is_left_aside_and_counted(written, recapitulation):
    """Read by the header above it, its villages would be people."""
    rows = [["No", "Nama", "NIK"], person(1), person(2), [], recapitulation, ["1", "Tembokrejo", "Muncar", "2"][: len(recapitulation)]]
    result = written(rows)
    assert sorted(result.records["row"]) == [2, 3]
    assert [dispositions(result)[row] for row in (5, 6)] == ["ignored_table"] * 2


def test_a_row_of_header_words_before_more_people_hides_nobody(written):
    rows = [["No", "Nama", "NIK"], person(1), ["Nomor", "Jumlah", "Ket"], person(2), person(3)]
    result = written(rows)
    assert {2, 4, 5} <= set(result.records["row"])


# A sheet per village, headings, merged cells


def test_a_sheet_named_after_its_village_gives_the_village(tmp_path):
    sheets = {"Tembokrejo": [["Nama", "NIK"], person(1)[1:]], "DESA SUMBERSEWU": [["Nama", "NIK"], person(2)[1:]],
              "Srono": [["Nama", "NIK"], person(3)[1:]], "Sheet4": [["Nama", "NIK"], person(4)[1:]]}  # fmt: skip
    write_xlsx(tmp_path / "village_survey/2026-08-31/a.xlsx", sheets)
    records = taken_in(tmp_path, "village_survey").records.set_index("sheet")["area_code"]
    assert records["Tembokrejo"] == "35.10.05.2003"
    assert records["DESA SUMBERSEWU"] == "35.10.05.2004"
    assert pd.isna(records["Srono"]), "it may be the sub-district"
    assert pd.isna(records["Sheet4"])


def test_a_heading_between_the_rows_gives_its_village_to_the_rows_below(written):
    result = written(
        [["KECAMATAN MUNCAR"], ["No", "Nama", "NIK"], ["DESA TEMBOKREJO"], person(1), person(2), ["DESA SUMBERSEWU"], person(3)]
    )
    assert result.records.set_index("row")["area_code"].to_dict() == {4: "35.10.05.2003", 5: "35.10.05.2003", 7: "35.10.05.2004"}
    assert dispositions(result)[6] == "title"


MERGED = [
    ["KECAMATAN", "DESA", "NAMA PENERIMA", "NIK", "NO KK"],
    ["MUNCAR", "TEMBOKREJO", *person(1, "3510050101050001")[1:]],
    [None, None, *person(2, "3510050101050002")[1:]],
    [None, "SUMBERSEWU", *person(3, "3510050101050003")[1:]],
    [None, None, *person(4, "3510050101050004")[1:]],
]


def merged_xlsx(path, rows, ranges):
    import xlsxwriter

    path.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("KANGGO RIKO")
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
        for top, left, bottom in ranges:
            sheet.merge_range(top, left, bottom, left, rows[top][left])


def merged_xls(path, rows, ranges):
    import xlwt

    path.parent.mkdir(parents=True)
    book = xlwt.Workbook()
    sheet = book.add_sheet("KANGGO RIKO", cell_overwrite_ok=True)
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    for top, left, bottom in ranges:
        sheet.write_merge(top, bottom, left, left, rows[top][left])
    book.save(str(path))


def merged_ods(path, rows, ranges):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import CoveredTableCell, Table, TableCell, TableRow
    from odf.text import P

    path.parent.mkdir(parents=True)
    spans = {(top, left): bottom - top + 1 for top, left, bottom in ranges}
    covered = {(row, left) for top, left, bottom in ranges for row in range(top + 1, bottom + 1)}
    document = OpenDocumentSpreadsheet()
    table = Table(name="KANGGO RIKO")
    for i, values in enumerate(rows):
        row = TableRow()
        for j, value in enumerate(values):
            if (i, j) in covered:
                row.addElement(CoveredTableCell())
                continue
            cell = TableCell(valuetype="string", numberrowsspanned=spans.get((i, j), 1), numbercolumnsspanned=1) if value else TableCell()
            if value:
                cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(path))


@pytest.mark.parametrize("write", [merged_xlsx, merged_xls, merged_ods])
def test_a_merged_cell_speaks_for_the_rows_that_it_spans_and_no_further(tmp_path, write):
    """A spreadsheet keeps the value in the first row only; the last row here lies outside of the range, and its village is not known."""
    write(tmp_path / "dpmd_kanggo_riko/2026-07-03/a.file", MERGED, [(1, 0, 4), (1, 1, 2)])
    result = taken_in(tmp_path, "dpmd_kanggo_riko")
    records = result.records.set_index("row")
    assert records["area_code"].dropna().to_dict() == {2: "35.10.05.2003", 3: "35.10.05.2003", 4: "35.10.05.2004"}
    assert sorted(json.loads(records.loc[3, "repairs"]), reverse=True) == [
        ["village", "TEMBOKREJO", "merged_cell"],
        ["kecamatan", "MUNCAR", "merged_cell"],
    ]
    assert pd.isna(records.loc[2, "repairs"])
    assert result.conservation["holds"].all()


# Hidden sheets


def test_a_hidden_sheet_is_counted_and_not_read(tmp_path):
    """It is a list of codes or last year's list: read, it would give aid twice."""
    write_xlsx(
        tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH": [PKH_HEADER, pkh_row(1)], "2025": [PKH_HEADER, pkh_row(2)]}, hidden=["2025"]
    )
    result = taken_in(tmp_path)
    assert len(result.records) == 1
    assert (result.quarantine["disposition"] == "hidden_sheet").sum() == 2
    assert result.conservation["holds"].all()


def test_a_contract_may_have_hidden_sheets_read(tmp_path):
    write_xlsx(
        tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH": [PKH_HEADER, pkh_row(1)], "2025": [PKH_HEADER, pkh_row(2)]}, hidden=["2025"]
    )
    table = CONTRACTS["dinsos_pkh"].tables[0].model_copy(update={"hidden": "read"})
    assert len(taken_in(tmp_path, contract=CONTRACTS["dinsos_pkh"].model_copy(update={"tables": (table,)})).records) == 2


def test_a_file_whose_only_table_is_hidden_is_refused(tmp_path):
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"Sampul": [], "PKH": [PKH_HEADER, pkh_row(1)]}, hidden=["PKH"])
    (refusal,) = taken_in(tmp_path).refused
    assert refusal.code == "only_hidden_sheets"


# The population book


MEMBERS = ["NO", "Nama Lengkap", "NIK", "Tanggal Lahir", "JK", "Stat Kwn", "SHDK"]
TITLES = [["PEMERINTAH KABUPATEN BANYUWANGI"], ["BUKU INDUK PENDUDUK"], ["KECAMATAN : MUNCAR   DESA/KELURAHAN : TEMBOKREJO"], []]
BOOK = [
    *TITLES,
    ["No. KK : 3510050101050001", None, "Alamat : JL. MAWAR NO. 12, Nama Dusun : KRAJAN, RT/RW : 001/002"],
    MEMBERS,
    [1, "SUPARMAN", "3510050105800001\u00a0", "01-05-1980", "Lk", "K", "KEPALA KELUARGA"],
    [2, "SITI AMINAH", "3510054205800002\u00a0", "02-05-1980", "Pr", "K", "ISTRI"],
    [],
    ["No. KK : 3510050101050002"],
    ["Alamat : -, Nama Dusun : PALUREJO, RT/RW : 003/004"],
    MEMBERS,
    [1, "UNTUNG", "3510050305800003\u00a0", "03-05-1980", "Lk", "CM", "KEPALA KELUARGA"],
    [],
    [None, None, None, "Banyuwangi, 30-09-2026"],
    [None, None, None, "Kepala Dinas Kependudukan dan Pencatatan Sipil"],
    [None, None, None, "( …………………… )"],
    [],
    *TITLES,
    ["No. KK", ":", "3510050101050003"],
    MEMBERS,
    [1, "MISNI", "3510054405800004\u00a0", "04-05-1980", "Pr", "BK", "KEPALA KELUARGA"],
    ["Keterangan: BK = Belum Kawin, K = Kawin"],
]


def test_the_population_book_gives_each_member_the_card_above(written):
    result = written(BOOK, "dukcapil_population")
    people = result.records.set_index("name")
    assert people["kk_number"].to_dict() == {
        "SUPARMAN": "3510050101050001", "SITI AMINAH": "3510050101050001", "UNTUNG": "3510050101050002", "MISNI": "3510050101050003",
    }  # fmt: skip
    assert people["nik"].str.fullmatch(r"\d{16}").all()
    assert set(people["area_code"]) == {"35.10.05.2003"}
    assert people.loc["SITI AMINAH", ["hamlet", "rt", "rw", "address"]].tolist() == ["KRAJAN", "001", "002", "JL. MAWAR NO. 12"]
    assert people.loc["UNTUNG", ["hamlet", "rt", "rw"]].tolist() == ["PALUREJO", "003", "004"]
    assert people.loc["MISNI", ["hamlet", "rt", "rw", "address"]].isna().all(), "the address of the family before is not hers"
    counts = result.quarantine["disposition"].value_counts()
    assert counts[["block_line", "header", "repeated_header"]].to_dict() == {"block_line": 6, "header": 1, "repeated_header": 2}


def test_a_population_book_whose_header_stands_once_above_all_families_is_read(written):
    """Only a header below each card's line was known for a book's, and the register of a whole village was refused."""
    book = [["BUKU INDUK PENDUDUK"], ["DESA TEMBOKREJO KECAMATAN MUNCAR"], [], MEMBERS, *(row for row in BOOK[4:14] if row != MEMBERS)]
    result = written(book, "dukcapil_population")
    people = result.records.set_index("name")
    assert people["kk_number"].to_dict() == {
        "SUPARMAN": "3510050101050001",
        "SITI AMINAH": "3510050101050001",
        "UNTUNG": "3510050101050002",
    }
    assert set(people["area_code"]) == {"35.10.05.2003"}
    assert people.loc["UNTUNG", ["hamlet", "rt", "rw"]].tolist() == ["PALUREJO", "003", "004"]


# Every row accounted for, whatever stands around a table


HEADER = ["No", "Nama", "NIK", "RT", "Kondisi Rumah"]
PIECES = {
    "blank": [],
    "title": ["PEMERINTAH KABUPATEN BANYUWANGI"],
    "header": HEADER,
    "total": [None, "JUMLAH", 12],
    "subtotal": ["Sub Total", None, 3],
    "signature": [None, None, None, "Banyuwangi, 31 Agustus 2026"],
    "heading": ["DESA TEMBOKREJO"],
}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    above=st.lists(st.sampled_from(["blank", "title"]), max_size=6),
    body=st.lists(
        st.sampled_from(["person", "person", "person", "blank", "header", "total", "subtotal", "heading"]), min_size=1, max_size=25
    ),
    below=st.lists(st.sampled_from(["blank", "signature", "title"]), max_size=5),
    without_nik=st.sets(st.integers(0, 24)),
)
def test_no_person_is_taken_for_anything_else_and_nothing_else_for_a_person(above, body, below, without_nik):
    rows = [PIECES[kind] for kind in above] + [HEADER]
    people, others = [], []
    for number, kind in enumerate(body):
        if kind == "person":
            people.append(len(rows))
            row = person(number, "001", "Layak")
            rows.append([None if place == 2 and number in without_nik else cell for place, cell in enumerate(row)])
        else:
            others.append(len(rows))
            rows.append(PIECES[kind])
    others += range(len(rows), len(rows) + len(below)) if people else []
    sheet = sheet_of([*rows, *(PIECES[kind] for kind in below)])
    filled = sheet.filled()
    tables = tables_in(sheet, filled, CONTRACTS["village_survey"].tables)
    kinds = {}
    for table in tables:
        assert table.chosen
        found = row_kinds(table.sheet, table.sheet.filled(), table.header, table.repeated)
        kinds |= {table.top + place: ROW_KINDS[kind] for place, kind in enumerate(found)}
    assert sorted(kinds) == list(range(sheet.height)), "each row belongs to one table"
    assert [row for row in people if kinds[row] != "data"] == []
    last = max(people, default=0)
    assert [row for row in others if row < sheet.height and kinds[row] == "data" and row < last] == []
    assert all(kinds[row] == "blank" for row in range(sheet.height) if not filled[row].any())


def test_one_pupil_on_the_sheets_of_two_programmes_is_two_records(tmp_path):
    """Called an exact duplicate, the second aid would vanish."""
    rows = [["NAMA SISWA", "NIK", "DESA", "KECAMATAN", "TGL LAHIR"], person(1, "TEMBOKREJO", "MUNCAR", "02/05/1980")[1:]]
    write_xlsx(tmp_path / "dispendik_pupils/2026-08-22/a.xlsx", {"Garda Ampuh": rows, "PIP": rows, "SAS": rows})
    result = taken_in(tmp_path, "dispendik_pupils")
    assert not result.refused
    records = result.records
    assert sorted(records["programme"]) == ["garda_ampuh", "pip", "siswa_asuh_sebaya"]
    assert records["record_key"].nunique() == 3
