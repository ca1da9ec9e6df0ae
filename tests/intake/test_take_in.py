"""From an inbox to records in force: who supersedes whom, what refuses a delivery, what is kept, and that nothing is lost."""

import json

import pandas as pd
import pytest
from intake_workbooks import (
    CONTRACTS,
    PKH_HEADER,
    pkh_row,
    pkh_rows,
    taken_in,
    write_csv,
    write_xlsx,
)

from intake.record_columns import records_schema
from schemas.canonical import BY_NAME, PROVENANCE_COLUMNS, TEXT
from schemas.contracts import MentionContract
from schemas.expectations import parse_expectations

SURVEY_HEADER = ["No", "Nama", "NIK", "Nama Desa", "Kecamatan", "Kondisi Rumah"]


def names(result):
    return sorted(result.records["name"])


# Types, ids, provenance


def test_records_have_their_types_and_their_place_in_the_file(tmp_path):
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": [["JUDUL"], [], *pkh_rows(3)]})
    result = taken_in(tmp_path, pool=None)  # opens workers of its own, as the graph does
    records = result.records
    assert records["row"].tolist() == [4, 5, 6]
    assert set(records["sheet"]) == {"PKH 1"}
    assert set(records["delivery_id"]) == {"dinsos_pkh/2026-09-20"} == set(result.in_force)
    for column in records:
        expected = BY_NAME[column].dtype if column in BY_NAME else PROVENANCE_COLUMNS.get(column, TEXT)
        assert records[column].dtype == expected, column
    assert list(records.columns) == records_schema(CONTRACTS["dinsos_pkh"]).names
    first = records.iloc[0]
    assert (first["hamlet"], first["rt"], first["rw"], first["area_code"]) == ("KRAJAN", "001", "002", "35.10.05.2003")
    assert (first["period"], first["amount"], first["programme"]) == ("2026-07/2026-09", 750000, "pkh")
    assert first["birth_date"] == pd.Timestamp(1980, 5, 2)
    header = result.quarantine[result.quarantine["disposition"] == "header"].iloc[0]
    assert json.loads(header["layout"])["nik"] == "C"
    assert json.loads(header["layout"])["area_code"] == "G+F"


def test_raw_rows_are_lossless_with_their_types(tmp_path):
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": pkh_rows(1), "Kosong": []})
    raw = taken_in(tmp_path).raw
    assert raw["row"].tolist() == [1, 2]
    assert raw["types"].tolist() == ["TTTTTTTTTTTT", "NTTTTTTTTNNN"]
    assert raw.loc[1, ["c000", "c001", "c011"]].tolist() == ["1", "SITI CAH", "750000"]


def test_keys_do_not_depend_on_the_file_and_do_depend_on_the_secret(tmp_path):
    write_xlsx(tmp_path / "one/dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": pkh_rows(3)})
    write_csv(tmp_path / "two/dinsos_pkh/2026-12-20/b.csv", pkh_rows(3), delimiter=";")
    one, two = taken_in(tmp_path / "one").records, taken_in(tmp_path / "two").records
    assert one["record_id"].tolist() == two["record_id"].tolist()
    assert one["record_key"].str.fullmatch(r"[0-9a-f]{24}").all()
    assert one["record_id"].tolist() == [f"dinsos_pkh:{key}:1" for key in one["record_key"]]


def test_two_different_rows_with_one_key_are_numbered(tmp_path):
    rows = [PKH_HEADER, pkh_row(1), pkh_row(1, NOMINAL=500000), pkh_row(2)]
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": rows})
    table = CONTRACTS["dinsos_pkh"].tables[0].model_copy(update={"record_key": ("nik",)})
    contract = CONTRACTS["dinsos_pkh"].model_copy(update={"tables": (table,)})
    ids = taken_in(tmp_path, contract=contract).records["record_id"]
    assert [text.rpartition(":")[2] for text in ids] == ["1", "2", "1"]


def test_exact_duplicates_are_one_fact(tmp_path):
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": [PKH_HEADER, pkh_row(1), pkh_row(2), pkh_row(1, NO=3)]})
    result = taken_in(tmp_path)
    assert len(result.records) == 2
    repeated = result.quarantine[result.quarantine["disposition"] == "exact_duplicate"]
    assert repeated["area_code"].notna().all(), "the report counts them by village"
    assert repeated["row"].tolist() == [4]
    assert result.conservation[["duplicates", "holds"]].iloc[0].tolist() == [1, True]


def test_errors_and_repairs_are_noted_per_cell(tmp_path):
    rows = [
        PKH_HEADER,
        pkh_row(1, NIK_KTP="3510 0541 0180 0001", NMKEL="TEMBOKREJJO", TGL_LAHIR="01/01/1980"),
        pkh_row(2, NIK_KTP="351005410180000", TGL_LAHIR="31/02/1980"),
    ]
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": rows})
    records = taken_in(tmp_path).records
    assert json.loads(records["repairs"][0]) == [
        ["nik", "3510 0541 0180 0001", "separators_removed"],
        ["village", "TEMBOKREJJO", "village_spelling"],
    ]
    assert pd.isna(records["errors"][0])
    assert set(records["errors"][1].split()) == {"nik:length", "birth_date:impossible_day"}
    assert records.loc[1, ["nik", "birth_date"]].isna().all()


@pytest.mark.parametrize(
    ("birth_date", "sex", "flags"),
    [
        pytest.param("17/08/1945", "P", set(), id="both agree"),
        pytest.param("18/08/1945", "P", {"nik:birth_date_differs"}, id="another day"),
        pytest.param("17/08/1945", "L", {"nik:sex_differs"}, id="a man under a woman's number"),
        pytest.param("", "", set(), id="nothing to compare with"),
    ],
)
def test_what_the_nik_says_of_birth_and_sex_is_compared_and_the_number_kept(tmp_path, birth_date, sex, flags):
    """Evidence for matching; a number is never refused for it, since it is not changed when a birth date is corrected."""
    header = [*SURVEY_HEADER, "Tgl Lahir", "L/P"]
    row = [1, "SITI", "3510165708450003", "Tembokrejo", "Muncar", "Layak", birth_date, sex]
    write_csv(tmp_path / "village_survey/2026-08-31/a.csv", [header, row], delimiter=";")
    record = taken_in(tmp_path, "village_survey").records.iloc[0]
    assert record["nik"] == "3510165708450003"
    assert set((record["errors"] if pd.notna(record["errors"]) else "").split()) & {"nik:birth_date_differs", "nik:sex_differs"} == flags


def test_one_nik_on_two_people_is_flagged_on_both(tmp_path):
    same = pkh_row(1)[2]
    rows = [
        PKH_HEADER,
        pkh_row(1, NAMA_PENERIMA="SITI AMINAH", NIK_KTP=same),
        pkh_row(2, NAMA_PENERIMA="BAMBANG", NIK_KTP=same),
        pkh_row(3),
    ]
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": rows})
    errors = taken_in(tmp_path).records["errors"].fillna("").str.contains("nik:shared")
    assert errors.tolist() == [True, True, False]


# What a row needs


def test_a_row_that_names_nobody_is_set_aside_with_its_cells(tmp_path):
    rows = [PKH_HEADER, pkh_row(1), pkh_row(2, NAMA_PENERIMA="-", NIK_KTP="35100541"), pkh_row(3, NAMA_PENERIMA=None)]
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": rows})
    result = taken_in(tmp_path)
    set_aside = result.quarantine[result.quarantine["disposition"] == "quarantined"]
    assert set_aside[["row", "reason", "column"]].to_numpy().tolist() == [
        [3, "no_name_and_no_nik", "name"],
        [4, "required_value_missing", "name"],
    ]
    assert json.loads(set_aside["cells"].iloc[0])[2] == "35100541"
    assert "35100541" not in set_aside[["message_id", "message_en", "shape"]].to_string()
    assert names(result) == ["SITI CAH"]


def test_a_bad_nik_date_or_village_never_refuses_a_row(tmp_path):
    rows = [*pkh_rows(4), pkh_row(5, NIK_KTP="x", TGL_LAHIR="kapan", NMKEL="Atlantis", NOKK_DTKS="1", TAHAP=9)]
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": rows})
    assert len(taken_in(tmp_path).records) == 5


def test_lines_of_the_wrong_width_are_set_aside(tmp_path):
    path = write_csv(tmp_path / "dinsos_pkh/2026-09-20/a.csv", pkh_rows(3), delimiter=";")
    path.write_text(
        path.read_text() + "4;SITI;X;3510054101800009;1;BANYUWANGI;MUNCAR;TEMBOKREJO;JL;01/05/1980;3;2026;750000\n5;SITI;3510054101800008\n"
    )
    result = taken_in(tmp_path)
    set_aside = result.quarantine[result.quarantine["disposition"] == "quarantined"]
    assert set_aside[["row", "reason"]].to_numpy().tolist() == [[5, "too_many_fields"], [6, "too_few_fields"]]
    assert result.conservation["holds"].all()


def test_a_row_expectation_sets_its_rows_aside(tmp_path):
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": [PKH_HEADER, pkh_row(1), pkh_row(2, NOMINAL=5)]})
    rule = parse_expectations([{"expect": "values_between", "column": "amount", "min": 1000, "severity": "row", "why": "less is no aid"}])
    result = taken_in(tmp_path, contract=CONTRACTS["dinsos_pkh"].model_copy(update={"expectations": rule}))
    set_aside = result.quarantine[result.quarantine["disposition"] == "quarantined"]
    assert set_aside[["row", "reason", "column"]].to_numpy().tolist() == [[3, "breaks_expectation", "amount"]]
    assert json.loads(set_aside["cells"].iloc[0])[1] == "SITI DAH"
    assert result.conservation["holds"].all()


# Which delivery speaks


def test_the_newest_delivery_replaces_the_source(tmp_path):
    write_csv(tmp_path / "dinsos_pkh/2026-06-20/a.csv", pkh_rows(2, start=1))
    write_csv(tmp_path / "dinsos_pkh/2026-09-20/a.csv", pkh_rows(2, start=5))
    result = taken_in(tmp_path)
    assert result.in_force == ("dinsos_pkh/2026-09-20",)
    assert names(result) == sorted(row[1] for row in pkh_rows(2, start=5)[1:])


BROKEN = {
    "missing_required_column": lambda path: write_csv(
        path, [["NO", "NIK_KTP", "NMKEC", "NMKEL"], [1, "3510054101800001", "MUNCAR", "TEMBOKREJO"]]
    ),
    "duplicate_column": lambda path: write_csv(path, [["NAMA", "NIK", "NO KTP"], ["A", "3510054101800001", "3510054101800001"]]),
    "empty_file": lambda path: path.write_bytes(b""),
    "no_rows": lambda path: write_csv(path, [PKH_HEADER]),
    "no_table": lambda path: write_csv(path, [["apel", "jeruk"], ["1", "2"]]),
    "truncated": lambda path: path.write_bytes(write_xlsx(path.with_suffix(".x"), {"S": pkh_rows(50)}).read_bytes()[:2000]),
}


@pytest.mark.parametrize("code", list(BROKEN))
def test_a_delivery_that_cannot_be_used_lets_the_last_good_one_speak(tmp_path, code):
    write_csv(tmp_path / "dinsos_pkh/2026-06-20/a.csv", pkh_rows(2))
    folder = tmp_path / "dinsos_pkh/2026-09-20"
    folder.mkdir(parents=True)
    BROKEN[code](folder / "a.csv")
    (folder / "a.x").unlink(missing_ok=True)
    result = taken_in(tmp_path)
    assert result.in_force == ("dinsos_pkh/2026-06-20",)
    assert [(refusal.delivery_id, refusal.file, refusal.code) for refusal in result.refused] == [("dinsos_pkh/2026-09-20", "a.csv", code)]
    assert result.refused[0].message_id != result.refused[0].message_en
    refused = result.quarantine[result.quarantine["disposition"] == "delivery_refused"]
    assert refused[["row", "reason"]].to_numpy().tolist() == [[0, code]]
    assert result.conservation["holds"].all()


def test_without_any_good_delivery_the_frames_are_empty_and_have_their_columns(tmp_path):
    (tmp_path / "dinsos_pkh/2026-09-20").mkdir(parents=True)
    BROKEN["empty_file"](tmp_path / "dinsos_pkh/2026-09-20/a.csv")
    for result in (taken_in(tmp_path), taken_in(tmp_path, "village_survey")):
        assert result.records.empty
        assert result.in_force == ()
        assert {"record_id", "nik", "errors", "repairs"} <= set(result.records.columns)
        assert result.records["birth_date"].dtype == "datetime64[ns]"
        assert {"disposition", "reason", "layout"} <= set(result.quarantine.columns)
        assert result.conservation.empty
        assert {"delivery_id", "file", "sheet", "row", "types"} <= set(result.raw.columns)


def test_a_bad_file_refuses_its_whole_delivery_where_the_source_is_replaced(tmp_path):
    write_csv(tmp_path / "dinsos_pkh/2026-06-20/a.csv", pkh_rows(2))
    write_csv(tmp_path / "dinsos_pkh/2026-09-20/a.csv", pkh_rows(2, start=9))
    BROKEN["no_table"](tmp_path / "dinsos_pkh/2026-09-20/b.csv")
    result = taken_in(tmp_path)
    assert result.in_force == ("dinsos_pkh/2026-06-20",)
    assert [refusal.code for refusal in result.refused] == ["delivery_incomplete", "no_table"]


def survey(path, *people, village="Tembokrejo"):
    return write_xlsx(path, {"Data": [SURVEY_HEADER, *([n, name, None, village, "Muncar", "Layak"] for n, name in enumerate(people, 1))]})


def test_a_bad_file_is_refused_alone_where_each_file_stands_for_itself(tmp_path):
    survey(tmp_path / "village_survey/2026-06-30/Muncar.xlsx", "LAMA SATU", "LAMA DUA")
    survey(tmp_path / "village_survey/2026-06-30/kebaman.xlsx", "TETAP")
    survey(tmp_path / "village_survey/2026-08-31/muncar.xlsx", "BARU")
    (tmp_path / "village_survey/2026-08-31/kebaman.xlsx").write_bytes(b"")
    result = taken_in(tmp_path, "village_survey")
    assert names(result) == ["BARU", "TETAP"], "a newer file of the same name replaces, whatever its case; a bad one does not"
    assert [(refusal.file, refusal.code) for refusal in result.refused] == [("kebaman.xlsx", "empty_file")]
    assert set(result.in_force) == {"village_survey/2026-06-30", "village_survey/2026-08-31"}


def test_where_nothing_replaces_all_deliveries_speak_and_a_file_sent_twice_speaks_once(tmp_path):
    contract = CONTRACTS["village_survey"].model_copy(update={"replaces": "nothing"})
    survey(tmp_path / "village_survey/2026-06-30/a.xlsx", "SATU")
    survey(tmp_path / "village_survey/2026-07-31/a.xlsx", "DUA")
    again = tmp_path / "village_survey/2026-08-31/lagi.xlsx"
    again.parent.mkdir(parents=True)
    again.write_bytes((tmp_path / "village_survey/2026-06-30/a.xlsx").read_bytes())
    result = taken_in(tmp_path, "village_survey", contract)
    assert names(result) == ["DUA", "SATU"]
    assert [refusal.code for refusal in result.refused] == ["duplicate_file"]


def test_an_expectation_of_severity_delivery_refuses_it(tmp_path):
    write_csv(tmp_path / "dinsos_pkh/2026-06-20/a.csv", pkh_rows(20))
    write_csv(tmp_path / "dinsos_pkh/2026-09-20/a.csv", pkh_rows(3))
    rule = parse_expectations([{"expect": "row_count_between", "min": 10, "severity": "delivery", "why": "52,687 families in 2019"}])
    result = taken_in(tmp_path, contract=CONTRACTS["dinsos_pkh"].model_copy(update={"expectations": rule}))
    assert result.in_force == ("dinsos_pkh/2026-06-20",)
    assert result.refused[0].code == "expectation_failed"
    assert "52,687 families" in result.refused[0].message_en


# Sheets


def test_a_list_without_an_optional_column_replaces_the_one_that_had_it(tmp_path):
    """The standard share of filled NIKs refused such a list, although its contract lets the column lack."""
    without = [
        [cell for header, cell in zip(PKH_HEADER, row, strict=True) if header not in {"NIK_KTP", "TGL_LAHIR"}] for row in pkh_rows(9)
    ]
    write_csv(tmp_path / "dinsos_pkh/2026-06-20/a.csv", pkh_rows(2))
    write_csv(tmp_path / "dinsos_pkh/2026-09-20/a.csv", without)
    result = taken_in(tmp_path)
    assert (result.in_force, result.refused) == (("dinsos_pkh/2026-09-20",), ())
    assert {("person", "nik"), ("person", "birth_date")} <= set(map(tuple, result.sheets[0]["absent"])), (
        "and the columns are reported by name"
    )


def test_sheets_that_are_no_table_are_ignored_and_counted(tmp_path):
    sheets = {
        "Petunjuk": [["Cara mengisi"], ["1. Isi nama"]],
        "PKH 1": pkh_rows(2),
        "PKH 2": pkh_rows(2, start=7),
        "Rekap": [["Kecamatan", "Desa", "Total"], ["Muncar", "Tembokrejo", 4]],
    }
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", sheets, hidden=["Petunjuk"])
    result = taken_in(tmp_path)
    assert len(result.records) == 4
    assert result.conservation.set_index("sheet")["ignored_sheet"].to_dict() == {"PKH 1": 0, "PKH 2": 0, "Petunjuk": 2, "Rekap": 2}
    assert result.conservation["holds"].all()


def test_a_sheet_meant_as_a_table_is_not_ignored_for_a_misspelt_header(tmp_path):
    # Otherwise a whole sheet of recipients would vanish because of one letter.
    misspelt = ["NAMA_PENERMA" if header == "NAMA_PENERIMA" else header for header in PKH_HEADER]
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": pkh_rows(2), "PKH 2": [misspelt, pkh_row(9)]})
    refusal = taken_in(tmp_path).refused[0]
    assert refusal.code == "missing_required_column"
    assert "NAMA_PENERMA" in refusal.message_id
    assert "NAMA_PENERIMA" in refusal.message_id


def test_two_mentions_in_a_row_are_two_records_of_one_row(tmp_path):
    base = CONTRACTS["village_survey"]
    person = base.tables[0].model_copy(
        update={"columns": {k: v for k, v in base.tables[0].columns.items() if k in {"name", "nik"}}, "ignore": ()}
    )
    helper = MentionContract(
        mention="companion", role="reports", columns={"name": person.columns["name"].model_copy(update={"aliases": ("Nama Pendamping",)})}
    )
    contract = base.model_copy(update={"tables": (person.model_copy(update={"also": (helper,)}),)})
    write_xlsx(
        tmp_path / "village_survey/2026-08-31/a.xlsx",
        {"S": [["Nama", "NIK", "Nama Pendamping"], ["SITI", None, "WATI"], ["UDIN", None, None], [None, None, "SRI"], [None, "x", None]]},
    )
    result = taken_in(tmp_path, "village_survey", contract)
    assert result.records[["row", "mention", "name"]].sort_values(["row", "mention"]).to_numpy().tolist() == [
        [2, "companion", "WATI"], [2, "person", "SITI"], [3, "person", "UDIN"], [4, "companion", "SRI"],
    ]  # fmt: skip
    assert dict(zip(result.records["mention"], result.records["lists_person_once"], strict=True)) == {"person": True, "companion": False}
    assert result.records["record_id"].is_unique
    assert result.quarantine.loc[result.quarantine["disposition"] == "quarantined", "row"].tolist() == [5]
    assert result.conservation["holds"].all()


# Whole inbox


def test_the_order_in_which_files_were_written_changes_nothing(tmp_path):
    for folder, order in (("one", (1, 2, 3)), ("two", (3, 1, 2))):
        for number in order:
            survey(tmp_path / folder / f"village_survey/2026-08-31/{number}.xlsx", f"WARGA {number}", f"WARGA {number} JUGA")
    one, two = taken_in(tmp_path / "one", "village_survey"), taken_in(tmp_path / "two", "village_survey")
    pd.testing.assert_frame_equal(one.records, two.records)
    pd.testing.assert_frame_equal(one.quarantine, two.quarantine)
    pd.testing.assert_frame_equal(one.raw, two.raw)


def test_no_value_of_a_cell_is_in_any_message(tmp_path):
    canary = "3510054101809999"
    rows = [PKH_HEADER, pkh_row(1, NAMA_PENERIMA=None, NIK_KTP=canary + "X"), pkh_row(2, NAMA_PENERIMA=None, NIK_KTP=canary), pkh_row(3)]
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": rows})
    result = taken_in(tmp_path)
    shown = (
        result.quarantine.drop(columns=["cells"]).to_string() + str(result.refused) + str(result.sheets) + result.conservation.to_string()
    )
    assert canary not in shown
    assert result.quarantine["cells"].str.contains(canary).any(), "the original stands in the quarantine row, where it belongs"


def test_a_bare_hamlet_is_recognised_where_its_village_announces_it(tmp_path):
    rows = [
        PKH_HEADER,
        pkh_row(1, ALAMAT="DUSUN KRAJAN RT 001 RW 002"),
        pkh_row(2, ALAMAT="Krajan RT 001 RW 002"),
        pkh_row(3, ALAMAT="KRAJAN RT 001 RW 002", NMKEL="SUMBERSEWU"),
        pkh_row(4, ALAMAT="JL. MAWAR RT 001 RW 002"),
    ]
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": rows})
    records = taken_in(tmp_path).records
    assert records["hamlet"].fillna("").tolist() == ["KRAJAN", "Krajan", "", ""]
    assert records["address"].fillna("").tolist() == ["", "", "KRAJAN", "JL. MAWAR"]
    assert json.loads(records["repairs"][1]) == [["address", "Krajan RT 001 RW 002", "hamlet_recognised"]]
