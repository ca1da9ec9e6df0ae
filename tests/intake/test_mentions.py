"""Rows that speak of several people: each becomes a record with its own columns and role, and nobody gets another's name or aid."""

import json

import pandas as pd
import pytest
from intake_workbooks import CONTRACTS, taken_in, write_csv, write_xlsx

from intake.header_mapping import indexes_of, map_header
from schemas.contracts import SourceContract, TableContract

ASN = [
    ["DAFTAR KELUARGA ASUH"],
    ["NO", "DATA ASN", None, None, "KELUARGA ASUH", None, None, None, "DESIL"],
    [None, "NIP", "NAMA", "OPD", "NAMA", "NIK", "DESA", "KECAMATAN", None],
    [1, "198005022005011001", "SUPARMAN, S.Pd", "DINAS PENDIDIKAN", "MISNI", "3510054405500004", "TEMBOKREJO", "MUNCAR", 1],
    [2, "198005022005011001", "SUPARMAN, S.Pd", "DINAS PENDIDIKAN", "UNTUNG", "3510050305500003", "TEMBOKREJO", "MUNCAR", 1],
    [3, None, None, None, "TIRAH", "3510054505500005", "TEMBOKREJO", "MUNCAR", 1],
    [4, "198506022010012002", "SITI", "DINAS SOSIAL"],
    [None, None, None, None, "JUMLAH", "4 keluarga"],
]


@pytest.fixture
def adopted(tmp_path):
    write_xlsx(tmp_path / "asn_berbagi/2026-09-06/a.xlsx", {"ASN": ASN})
    result = taken_in(tmp_path, "asn_berbagi")
    assert not result.refused
    assert result.conservation["holds"].all()
    return result


def test_a_group_title_tells_whose_name_it_is(adopted):
    """Both columns are headed NAMA; only the merged cell above says who is meant."""
    who = adopted.records.groupby("mention")["name"].agg(list)
    assert who.to_dict() == {"adopted": ["MISNI", "UNTUNG", "TIRAH"], "civil_servant": ["SUPARMAN, S.Pd", "SUPARMAN, S.Pd", "SITI"]}


def test_the_civil_servant_gets_no_aid_and_the_family_does(adopted):
    records = adopted.records
    assert set(records.loc[records["mention"] == "civil_servant", "role"]) == {"reports"}
    assert records.loc[records["mention"] == "civil_servant", ["programme", "decile", "area_code"]].isna().all(axis=None)
    assert set(records.loc[records["mention"] == "adopted", "programme"]) == {"asn_berbagi"}


def test_a_civil_servants_number_tells_birth_date_and_sex(adopted):
    """The list has no such columns, and a name alone never finds anybody; the family beside it gets nothing of it."""
    servants = adopted.records[adopted.records["mention"] == "civil_servant"]
    assert servants["birth_date"].dt.strftime("%Y-%m-%d").tolist() == ["1980-05-02", "1980-05-02", "1985-06-02"]
    assert servants["sex"].tolist() == ["L", "L", "P"]
    assert adopted.records.loc[adopted.records["mention"] == "adopted", ["birth_date", "sex"]].isna().all(axis=None)


NIP_HEADER = ["NIP", "NAMA ASN", "TGL LAHIR ASN", "JK ASN", "NAMA KEPALA KELUARGA"]


@pytest.mark.parametrize(
    ("number", "born", "sex", "kept", "errors"),
    [
        pytest.param("198005022005011001", "02/05/1980", "L", ("1980-05-02", "L"), None, id="agree"),
        pytest.param("198005022005011001", None, None, ("1980-05-02", "L"), None, id="silent"),
        pytest.param("198005022005011001", "03/05/1980", "L", ("1980-05-03", "L"), "employee_number:birth_date_differs", id="other_day"),
        pytest.param("198005022005011001", "02/05/1980", "P", ("1980-05-02", "P"), "employee_number:sex_differs", id="other_sex"),
        pytest.param("198013022005011001", None, None, (None, None), "employee_number:impossible_number", id="no_number"),
    ],
)
def test_columns_outrank_the_civil_servants_number(tmp_path, number, born, sex, kept, errors):
    """The number keeps the birth date of the day on which it was given: where a column says otherwise, the column stands."""
    contract = CONTRACTS["asn_berbagi"].model_dump(mode="json")
    contract["tables"][0]["also"][0]["columns"] |= {
        "birth_date": {"aliases": ["TGL LAHIR ASN"], "dates": ["d/m/Y"]},
        "sex": {"aliases": ["JK ASN"]},
    }
    write_xlsx(tmp_path / "asn_berbagi/2026-09-06/a.xlsx", {"ASN": [NIP_HEADER, [number, "SUPARMAN", born, sex, "MISNI"]]})
    result = taken_in(tmp_path, "asn_berbagi", contract=SourceContract.model_validate(contract))
    (servant,) = result.records[result.records["mention"] == "civil_servant"].to_dict("records")
    day = None if pd.isna(servant["birth_date"]) else servant["birth_date"].strftime("%Y-%m-%d")
    assert (day, None if pd.isna(servant["sex"]) else servant["sex"]) == kept
    assert (None if pd.isna(servant["errors"]) else servant["errors"]) == errors


def test_a_value_of_a_second_person_leads_to_that_persons_cell(adopted):
    """The civil servant's name was said to stand where the family's does, and the birth date nowhere."""
    (layout,) = adopted.quarantine["layout"].dropna()
    columns = json.loads(layout)
    assert (columns["name"], columns["nik"]) == ("E", "F")
    assert (columns["civil_servant:name"], columns["civil_servant:birth_date"]) == ("C", "B")


def test_each_mention_has_an_id_and_a_key_of_its_own(adopted):
    records = adopted.records
    assert records["record_id"].is_unique
    servants = records[records["mention"] == "civil_servant"]
    assert servants["record_key"].nunique() == 2, "the same civil servant twice has one key and two ordinals"
    assert [record_id.split(":")[2] for record_id in servants["record_id"]] == ["1", "2", "1"]


def test_a_mention_of_whom_the_row_says_nothing_makes_no_record(adopted):
    mentions = adopted.records.groupby("row")["mention"].agg(list).to_dict()
    assert mentions == {4: ["adopted", "civil_servant"], 5: ["adopted", "civil_servant"], 6: ["adopted"], 7: ["civil_servant"]}
    assert adopted.sheets[0]["mentions"] == {"adopted": 3, "civil_servant": 3}
    assert adopted.sheets[0]["accepted"] == 4, "rows are counted once"


def test_the_place_of_the_event_is_not_the_callers(tmp_path):
    header = ["No Tiket", "Waktu Lapor", "Nama Pelapor", "No HP Pelapor", "Nama Terlapor", "Alamat Kejadian", "Latitude", "Longitude"]
    rows = [
        [
            "T1",
            "2026-09-03 10:11:12",
            "SITI",
            "081234567890",
            "P. RUDI",
            "Dsn Krajan RT 1 RW 2 Desa Tembokrejo Kec. Muncar",
            "-8.43",
            "114.33",
        ],
        ["T2", "2026-09-04 10:11:12", "", "", "B. SRI", "", "", ""],
        ["T3", "2026-09-05 10:11:12", "WATI", "081234567891", "", "", "", ""],
    ]
    write_csv(tmp_path / "call_112/2026-09-29/a.csv", [header, *rows], encoding="utf-8-sig")
    result = taken_in(tmp_path, "call_112")
    assert not result.refused
    records = result.records.set_index(["row", "mention"])
    assert list(records.index) == [(2, "reported"), (3, "reported"), (2, "caller"), (4, "caller")]
    assert records.loc[(2, "reported"), ["area_code", "latitude"]].tolist() == ["35.10.05.2003", -8.43]
    assert records.loc[(2, "caller"), ["area_code", "latitude"]].isna().all()
    assert records.loc[(2, "caller"), "report_number"] == "T1", "the ticket belongs to both"
    assert not records["lists_person_once"].any()
    assert result.sheets[0]["unnamed"] == {}, "of the third call's person nothing is said at all"


def test_a_call_about_somebody_whom_nobody_can_name_is_on_record_and_counted(tmp_path):
    """Neighbours report an old man without knowing his name: the call has a place and a number, and must not be lost for want of a name."""
    header = ["No Tiket", "Waktu Lapor", "Jenis Laporan", "Nama Pelapor", "Nama Terlapor", "Alamat Kejadian", "Status"]
    rows = [
        ["T1", "2026-09-03 10:11:12", "Lansia terlantar", "SITI", "-", "Desa Tembokrejo Kec. Muncar", "Proses"],
        ["T2", "2026-09-04 10:11:12", "Warga sakit", "WATI", "B. SRI", "", "Selesai"],
        ["T3", "2026-09-05 10:11:12", "ODGJ", "", "", "Desa Tembokrejo Kec. Muncar", "Proses"],
    ]
    write_csv(tmp_path / "call_112/2026-09-29/a.csv", [header, *rows], encoding="utf-8-sig")
    result = taken_in(tmp_path, "call_112")
    records = result.records.set_index(["row", "mention"])
    assert list(records.index) == [(3, "reported"), (2, "caller"), (3, "caller")]
    assert records.loc[(2, "caller"), ["report_number", "report_kind", "report_status"]].tolist() == ["T1", "Lansia terlantar", "Proses"]
    assert str(records.loc[(2, "caller"), "reported_on"].date()) == "2026-09-03"
    assert result.sheets[0]["mentions"] == {"reported": 1, "caller": 2}
    assert result.sheets[0]["unnamed"] == {"reported": 1}
    refused = result.quarantine[result.quarantine["disposition"] == "quarantined"]
    assert refused[["row", "reason"]].to_numpy().tolist() == [[4, "no_name_and_no_nik"]], (
        "where nobody is named at all, the office is asked"
    )
    assert result.conservation["holds"].all()
    assert result.conservation["holds"].all()


def test_a_header_of_another_mention_is_neither_unknown_nor_proposed():
    main, caller = indexes_of(CONTRACTS["call_112"].tables[0])
    levels = [("No Tiket",), ("Nama Pelapor",), ("Nama Terlapr",)]
    found = map_header(main, levels)
    assert found.missing == ("name",)
    assert found.proposals["name"] == 2, "the misspelt header, and not the caller's name"
    assert 1 not in found.unknown
    assert map_header(caller, levels).columns == {"report_number": 0, "name": 1}


MAIN = {"role": "reports", "mention": "reported", "columns": {"name": {"aliases": ["Nama"]}, "village": {"aliases": ["Desa"]}}}


@pytest.mark.parametrize(
    ("also", "told"),
    [
        pytest.param({"mention": "reported", "columns": {"nik": {"aliases": ["NIK"]}}}, "the mention reported is there twice", id="twice"),
        pytest.param(
            {"mention": "caller", "columns": {"father_name": {"aliases": ["NAMA"]}}}, "is also one of name of reported", id="alias"
        ),
        pytest.param(
            {"mention": "caller", "columns": {"nama": {"aliases": ["NAMA"]}}}, "nama is none of the canonical columns", id="column"
        ),
        pytest.param({"mention": "caller", "columns": {"nik": {"aliases": ["NIK"]}}, "record_key": ["name"]}, "record_key names", id="key"),
        pytest.param({"mention": "Pelapor 1", "columns": {"nik": {"aliases": ["NIK"]}}}, "pattern", id="name"),
    ],
)
def test_a_mistake_in_a_mention_is_told(also, told):
    with pytest.raises(ValueError, match=told):
        TableContract(**MAIN, also=[{"role": "reports"} | also])


def test_a_block_column_cannot_be_a_row_column_too():
    with pytest.raises(ValueError, match="block: name is also one of the columns"):
        TableContract(**MAIN, block={"name": {"aliases": ["Nama"]}})
