"""Contracts: a mistake in a data officer's YAML is told by file, key and what is allowed, before any file is read."""

import pytest

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
        pytest.param("name: {", "nama: {", "not canonical columns: nama", id="column"),
        pytest.param("{1: L, 2: P}", "{1: M, 2: F}", "codes may give L, P, not F, M", id="code value"),
        pytest.param("{1: true, 2: false}", "{1: mungkin}", "codes may give true, false, not mungkin", id="yes or no"),
        pytest.param("aliases: [JK]", "aliases: [JK, NAMA_]", "the alias NAMA_ is also one of name", id="alias of two columns"),
        pytest.param("aliases: [JK],", "aliases: [JK], code_list: siak,", "no code list siak", id="code list"),
        pytest.param("role: recipients", "role: recipients\n    sheet: '/(/'", "not a regular expression", id="sheet pattern"),
        pytest.param("cadence: monthly", "cadence: often", "'daily', 'weekly'", id="cadence"),
        pytest.param("trust: 50", "trust: 50\ncolour: red", "colour", id="unknown key"),
        pytest.param("role: recipients", "role: recipients\n    record_key: [nik]", "record_key names columns", id="record key"),
        pytest.param("role: recipients", "role: recipients\n    constants: {bulan: 1}", "not canonical columns: bulan", id="constant"),
        pytest.param("tables:", "tables: [", "not readable as YAML", id="yaml"),
    ],
)
def test_a_mistake_is_told_with_what_is_allowed(tmp_path, wrong, right, told):
    assert wrong in GOOD
    with pytest.raises(ContractError) as error:
        contract(tmp_path, GOOD.replace(wrong, right))
    assert "office.yaml" in str(error.value)
    assert told in str(error.value)


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


def test_headers_are_compared_without_case_spaces_and_punctuation():
    assert normalised_header(" No.\nKK_ ") == normalised_header("NO KK") == "nokk"
