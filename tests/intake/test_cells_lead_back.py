"""Whoever is told a cell finds the value there: in sheets with tables side by side or one below the other, and with a sheet per village."""

from __future__ import annotations

import datetime as dt
import re

import openpyxl
import pandas as pd
import pytest
from intake_workbooks import AREAS, CONTRACTS, PKH_HEADER, pkh_row, taken_in, write_xlsx

import families
from intake import check_file
from publishing.quality_figures import quarantined_places
from schemas.canonical import BY_NAME, PROVENANCE_COLUMNS, TEXT, empty_frame
from schemas.cell_layouts import cell_layouts

NAME, NIK = PKH_HEADER.index("NAMA_PENERIMA"), PKH_HEADER.index("NIK_KTP")


def table(first, *, reversed_columns=False):
    """A table of five rows, one with a damaged NIK, another without a name: the last, or where columns are reversed the third."""
    rows = [PKH_HEADER, *(list(pkh_row(number)) for number in range(first, first + 5))]
    rows[4][NIK] = rows[4][NIK][:-1]
    rows[3 if reversed_columns else 5][NAME] = None
    return [row[::-1] for row in rows] if reversed_columns else rows


def beside(*tables):
    """Tables side by side, apart by an empty column."""
    return [[cell for row in rows for cell in (None, *row)][1:] for rows in zip(*tables, strict=True)]


SHEETS = {
    "side by side": {"Data": beside(table(1), table(11, reversed_columns=True))},
    "one below the other": {"Data": [["DAFTAR TAHAP 1"], *table(1), [], ["DAFTAR TAHAP 2"], *table(11, reversed_columns=True)]},
    "side by side, and others below": {
        "Data": [*beside(table(1), table(11, reversed_columns=True)), [], *beside(table(21, reversed_columns=True), table(31))]
    },
    "a sheet per village": {
        "Tembokrejo": table(1),
        "Kedungrejo": [["DAFTAR"], [], *([None, None, *row] for row in table(11, reversed_columns=True))],
        "Sumberberas": [*table(21), [], *table(31, reversed_columns=True)],
    },
}


@pytest.fixture(params=SHEETS)
def delivered(request, tmp_path):
    """What intake made of a workbook, how many tables it has, and a function that opens it at a cell."""
    sheets = SHEETS[request.param]
    path = tmp_path / "dinsos_pkh/2026-09-20/daftar.xlsx"
    write_xlsx(path, sheets)
    book = openpyxl.load_workbook(path)
    count = sum(cell == "NIK_KTP" for rows in sheets.values() for row in rows for cell in row)
    return taken_in(tmp_path), count, lambda sheet, cell: book[sheet][cell].value, path


def test_the_value_of_a_record_stands_in_its_cell(delivered):
    """The layout of the first table was taken for all: of a second table, people were sent to the wrong columns."""
    result, count, value_at, _ = delivered
    records = result.records
    assert len(records) >= 3 * count, "a row without a name takes the one beside it along"
    found = attribute_sources(result, ["name", "nik"])
    places = records.set_index("record_id")
    told = {(row.record_id, row.attribute): value_at(places.loc[row.record_id, "sheet"], row.cell) for row in found.itertuples()}
    for name in ("name", "nik"):
        stated = records.set_index("record_id")[name].dropna()
        assert {record: told[record, name] for record in stated.index} == stated.to_dict()


def attribute_sources(result, names):
    """The rows that a run would publish about these columns of the records."""
    records = result.records
    nothing = empty_frame([*families.families.FAMILY_COLUMNS, "register_status"])
    nobody = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("record_id", "family_id", "person_id")})
    stated = pd.concat(
        pd.DataFrame({"entity_id": "p", "attribute": name, "value": records[name], "source": records["source"], "record_id": records["record_id"],
                      "used": True, "stated_in": name}) for name in names
    )  # fmt: skip
    frame = records.reindex(columns=list(dict.fromkeys([*PROVENANCE_COLUMNS, *BY_NAME])))
    typed = frame.astype({name: TEXT for name in ("decile", "poverty_kind") if name in frame})
    return families.build_attribute_sources(nothing, typed, nobody, layouts=cell_layouts(result.quarantine), person_sources=stated)


def test_the_quality_report_leads_to_the_cell_at_fault(delivered):
    result, count, value_at, _ = delivered
    places = quarantined_places({"dinsos_pkh": result.quarantine})
    assert places["letter"].notna().all()
    assert len(places) == count
    assert [value_at(place.sheet, f"{place.letter}{place.row}") for place in places.itertuples()] == [None] * len(places)
    headers = {value_at(place.sheet, f"{place.letter}{header_above(result, place)}") for place in places.itertuples()}
    assert headers == {"NAMA_PENERIMA"}


def header_above(result, place):
    rows = result.quarantine[(result.quarantine["sheet"] == place.sheet) & (result.quarantine["disposition"] == "header")]["row"]
    return max(row for row in rows if row < place.row)


def test_check_prints_the_cells_in_which_something_is_wrong(delivered):
    _, _, value_at, path = delivered
    report = check_file(path, CONTRACTS["dinsos_pkh"], areas=AREAS, as_of=dt.date(2026, 10, 1))
    (short,) = [found for found in report.errors if (found.column, found.code) == ("nik", "length")]
    (missing,) = [found for found in report.quarantined if found.code == "required_value_missing"]
    only = report.sheets[0]["sheet"]

    def value(address):
        sheet, _, cell = address.rpartition("!")
        return value_at(sheet or only, cell)

    assert short.cells
    assert all(re.fullmatch(r"\d{15}", value(address)) for address in short.cells)
    assert missing.cells
    assert all(value(address) is None for address in missing.cells)


def test_what_the_line_of_a_family_card_says_is_found_in_that_line(tmp_path):
    """People were sent to the first column of a member's row, where the number of the card does not stand."""
    members = ["NO", "Nama Lengkap", "NIK", "Tanggal Lahir", "JK", "Stat Kwn", "SHDK"]
    book = [
        ["BUKU INDUK PENDUDUK"],
        ["KECAMATAN : MUNCAR   DESA/KELURAHAN : TEMBOKREJO"],
        [None, "Alamat : JL. MAWAR NO. 12", "No. KK : 351005010105000"],
        members,
        [1, "SUPARMAN", "3510050105800001", "01-05-1980", "Lk", "K", "KEPALA KELUARGA"],
        [2, "SITI AMINAH", "3510054205800002", "02-05-1980", "Pr", "K", "ISTRI"],
        ["No. KK", ":", None, "351005010105000"],
        members,
        [1, "MISNI", "3510054405800004", "04-05-1980", "Pr", "BK", "KEPALA KELUARGA"],
    ]
    path = tmp_path / "bip.xlsx"
    write_xlsx(path, {"TEMBOKREJO": book})
    report = check_file(path, CONTRACTS["dukcapil_population"], areas=AREAS, as_of=dt.date(2026, 10, 1))
    (short,) = [found for found in report.errors if (found.column, found.code) == ("kk_number", "length")]
    assert short.cells == ("C3", "D7")
    assert short.count == 2, "one cell is wrong for both members of the first card"
