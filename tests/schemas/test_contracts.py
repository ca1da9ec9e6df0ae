"""Contracts: a mistake in a data officer's YAML is told by file, key and what is allowed, before any file is read."""

import pytest

from schemas.code_lists import code_list
from schemas.contracts import ContractError, load_contract, load_contracts, normalised_header

GOOD = """
id: office_list
office: Dinas
title: {id: Daftar, en: List}
cadence: monthly
trust: 50
tables:
  - role: recipients
    columns:
      name: {aliases: [Nama], required: true}
      sex: {aliases: [JK], codes: {1: L, 2: P}}
      works: {aliases: [Bekerja], codes: {1: true, 2: false}}
    ignore: [NO, No, Y]
"""


def contract(tmp_path, text):
    path = tmp_path / "office.yaml"
    path.write_text(text)
    return load_contract(path)


def test_a_header_called_no_is_a_header(tmp_path):
    # YAML 1.1 reads NO, No, Y as booleans, and every Indonesian list begins with a column NO.
    table = contract(tmp_path, GOOD).tables[0]
    assert table.ignore == ("NO", "No", "Y")
    assert table.columns["works"].codes == {"1": "true", "2": "false"}


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        pytest.param("name: {", "nama: {", "tables[1].columns: nama is none of the canonical columns (did you mean name?)", id="column"),
        pytest.param("{1: L, 2: P}", "{1: M, 2: F}", "codes may give L, P, not F, M", id="code value"),
        pytest.param("{1: true, 2: false}", "{1: mungkin}", "codes may give true, false, not mungkin", id="yes or no"),
        pytest.param("aliases: [JK]", "aliases: [JK, NAMA_]", "the alias NAMA_ is also one of name", id="alias of two columns"),
        pytest.param("aliases: [JK],", "aliases: [JK], code_list: siak,", "no code list siak", id="code list"),
        pytest.param("role: recipients", "role: recipients\n    sheet: '/(/'", "not a regular expression", id="sheet pattern"),
        pytest.param(
            "cadence: monthly", "cadence: often", "cadence: allowed are: daily, weekly, monthly, quarterly, yearly, once", id="cadence"
        ),
        pytest.param("trust: 50", "trust: 50\ncolour: red", "colour: unknown key; allowed are: id, office", id="unknown key"),
        pytest.param(
            "aliases: [JK]", "aliasses: [JK]", "tables[1].columns.sex.aliasses: unknown key (did you mean aliases?)", id="slip of a key"
        ),
        pytest.param("trust: 50", "trust: 101", "trust: at most 100", id="bound"),
        pytest.param("office: Dinas\n", "", "office: this required key is missing", id="missing key"),
        pytest.param("id: office_list", "id: Office List", "id: only small letters", id="id"),
        pytest.param(
            "role: recipients",
            "role: recipient",
            "allowed are: population, welfare, recipients, survey, reports (did you mean recipients?)",
            id="slip of a word",
        ),
        pytest.param(
            "trust: 50",
            "trust: 50\nexpectations: [{expect: row_count_betwen, min: 1}]",
            "(did you mean row_count_between?)",
            id="expectation",
        ),
        pytest.param(
            "trust: 50",
            "trust: 50\nexpectations: [{expect: row_count_between, mim: 1, severity: warn, why: because}]",
            "expectations[1].row_count_between.mim: unknown key (did you mean min?)",
            id="key of an expectation",
        ),
        pytest.param("role: recipients", "role: recipients\n    record_key: [nik]", "record_key names columns", id="record key"),
        pytest.param(
            "role: recipients", "role: recipients\n    constants: {bulan: 1}", "bulan is none of the canonical columns", id="constant"
        ),
        pytest.param("tables:", "tables: [", "not readable as YAML", id="yaml"),
    ],
)
def test_a_mistake_is_told_with_what_is_allowed(tmp_path, wrong, right, told):
    assert wrong in GOOD
    with pytest.raises(ContractError) as error:
        contract(tmp_path, GOOD.replace(wrong, right))
    assert "office.yaml" in str(error.value)
    assert told in str(error.value)


def test_every_mistake_is_told_at_once_and_in_indonesian_too(tmp_path):
    """Prevents an officer from mending one mistake after another, running the command each time."""
    with pytest.raises(ContractError) as error:
        contract(tmp_path, GOOD.replace("cadence: monthly", "cadence: bulanan").replace("name: {", "nama: {"))
    lines = error.value.text("id").splitlines()
    assert lines[0] == "office.yaml: 2 kesalahan"
    assert "yang boleh: daily, weekly" in lines[1]
    assert lines[2].endswith("nama bukan nama kolom kanonik (maksudnya name?); lihat `padan contract columns`")


def test_a_users_contract_replaces_the_built_in_one_whole(tmp_path):
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "mine.yaml").write_text(GOOD.replace("office_list", "dinsos_pkh"))
    (folder / "new.yaml").write_text(GOOD)
    contracts = load_contracts(tmp_path)
    assert list(contracts["dinsos_pkh"].tables[0].columns) == ["name", "sex", "works"]
    assert {"office_list", "dukcapil_population"} <= set(contracts)
    (folder / "again.yaml").write_text(GOOD)
    with pytest.raises(ContractError, match="already"):
        load_contracts(tmp_path)


def test_a_contract_that_lies_in_the_wrong_folder_is_told(tmp_path):
    """It was passed over in silence, and the built-in contract went on deciding."""
    (tmp_path / "mine.yaml").write_text(GOOD)
    with pytest.raises(ContractError) as error:
        load_contracts(tmp_path)
    assert error.value.text("id").splitlines() == ["mine.yaml: 1 kesalahan", f"  letakkan di {tmp_path.name}/sources"]


def test_headers_are_compared_without_case_spaces_and_punctuation():
    assert normalised_header(" No.\nKK_ ") == normalised_header("NO KK") == "nokk"


def test_interviews_report_deaths_and_moves_in_the_registers_words():
    """Prevents an answer of the questionnaire (who died, who moved) that reaches nobody: each code of Regsosek 404 is understood."""
    column = load_contracts(None)["dinsos_dtsen"].tables[0].columns["resident_status"]
    assert set(column.codes) == set(code_list("regsosek_404").codes)
    assert set(column.codes.values()) <= set(code_list("resident_status").values)
