"""The standard expectations: every source gets them, good records pass them, and each typical disaster is caught by name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from intake.record_columns import canonical_columns_of
from schemas.canonical import BY_NAME, PROVENANCE_COLUMNS, TEXT, as_canonical
from schemas.code_lists import code_list
from schemas.contracts import SourceContract, load_contracts
from schemas.expectations import ColumnsPresent, evaluate
from schemas.expectations_canonical import all_expectations, canonical_expectations
from schemas.expectations_gx import validate_with_gx
from schemas.expectations_usual import NIK_CODES, USUAL_FILL

AS_OF = dt.date(2026, 10, 1)
CONTRACTS = load_contracts()
ROOT = Path(__file__).parents[2]
ROWS = 400


def good_records(contract: SourceContract) -> pd.DataFrame:
    """Records of a source as they should be: everything filled, in its list, in its range."""
    number = np.arange(ROWS)
    filled: dict[str, object] = dict.fromkeys(PROVENANCE_COLUMNS, "x") | {"delivered_on": pd.Timestamp("2026-09-20"), "row": number + 5}
    filled |= {"table": 1, "lists_person_once": True}
    text = pd.Series(number).astype(str)
    filled |= {"record_id": "s:" + text, "record_key": text}
    for name in canonical_columns_of(contract):
        column = BY_NAME[name]
        if column.code_list:
            values = code_list(column.code_list).values  # noqa: PD011 - not a frame
            filled[name] = np.array(values, dtype=object)[number % len(values)]
        else:
            filled[name] = {
                "nik": "35101601079" + text.str.zfill(5),
                "kk_number": "35101601080" + (text.astype(int) // 3).astype(str).str.zfill(5),
                "area_code": "35.10.16.1001",
                "period": "2026-07/2026-09",
                "birth_date": pd.Timestamp("1990-01-01") + pd.to_timedelta(number, unit="D"),
                "latitude": -8.2,
                "longitude": 114.3,
                "decile": number % 10 + 1,
                "amount": 750_000,
            }.get(name, {"integer": 3, "decimal": 36.0, "boolean": True, "date": pd.Timestamp("2026-09-01")}.get(column.kind, "ABC"))
    frame = pd.DataFrame(filled, index=pd.RangeIndex(ROWS))
    frame["errors"] = pd.Series(pd.NA, index=frame.index, dtype=TEXT)
    return as_canonical(frame)


def failed(contract: SourceContract, records: pd.DataFrame) -> set[str]:
    """Names of the expectations that the records break."""
    return {result.name for result in evaluate(records, all_expectations(contract), AS_OF) if not result.success}


@pytest.mark.parametrize("source", CONTRACTS)
def test_good_records_pass(source):
    """An expectation that good records break is switched off within a month, and its siblings with it."""
    assert failed(CONTRACTS[source], good_records(CONTRACTS[source])) == set()


@pytest.mark.parametrize("source", CONTRACTS)
def test_each_expectation_has_a_name_of_its_own_and_a_reason(source):
    """Dagster makes a check of each name; two of one name would hide one another."""
    expectations = all_expectations(CONTRACTS[source])
    names = [expectation.name for expectation in expectations]
    assert len(set(names)) == len(names) > 10
    assert all(re.fullmatch("[A-Za-z0-9_]+", name) for name in names)
    assert all(len(expectation.why.id) > 15 and len(expectation.why.en) > 15 for expectation in expectations)
    assert [expectation.name for expectation in expectations if expectation.why.id == expectation.why.en] == []


@pytest.mark.parametrize("source", CONTRACTS)
def test_only_a_missing_register_stops_a_publication(source):
    """A faulty list of one office must not keep the whole regency from its data."""
    stopping = [expectation.name for expectation in all_expectations(CONTRACTS[source]) if expectation.severity == "publication"]
    assert stopping == (["row_count_between_publication"] if CONTRACTS[source].is_population else [])


@pytest.mark.parametrize("source", CONTRACTS)
def test_what_is_expected_is_there(source):
    """An expectation about a column that intake never writes fails in each run."""
    (present,) = [one for one in canonical_expectations(CONTRACTS[source]) if isinstance(one, ColumnsPresent)]
    assert set(present.columns) <= {*PROVENANCE_COLUMNS, *canonical_columns_of(CONTRACTS[source]), "errors"}


def half(column: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Damage: every second row gets this value."""

    def damage(records: pd.DataFrame) -> pd.DataFrame:
        damaged = records.copy()
        damaged.loc[damaged.index[::2], column] = value
        return damaged

    return damage


def all_rows(column: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Damage: all rows get this value."""
    return lambda records: as_canonical(records.assign(**{column: value}))


DISASTERS = [
    pytest.param("dinsos_pkh", lambda records: records.iloc[:0], {"row_count_between_delivery"}, id="empty_list"),
    pytest.param("dukcapil_population", lambda records: records.iloc[:0], {"row_count_between_publication"}, id="empty_register"),
    pytest.param(
        "dinsos_pkh",
        lambda records: as_canonical(records.assign(nik=pd.NA, errors="nik:length")),
        {"nik_column_filled", "nik_column_filled_delivery"},
        id="wrong_nik_column",
    ),
    pytest.param("dinsos_pkh", all_rows("nik", pd.NA), {"nik_column_filled"}, id="no_nik_column"),
    pytest.param("dinsos_dtsen", half("decile", pd.NA), {"decile_column_filled"}, id="decile_half_empty"),
    pytest.param("dinsos_dtsen", half("decile", 11), {"decile_values_between"}, id="percentile_for_decile"),
    pytest.param("dinsos_pkh", half("birth_date", pd.Timestamp("2031-01-01")), {"birth_date_dates_between"}, id="two_digit_years_ahead"),
    pytest.param("village_survey", half("latitude", 114.3), {"latitude_values_between"}, id="latitude_swapped"),
    pytest.param("dinsos_pkh", half("amount", 75_000_000_000), {"amount_values_between"}, id="money_without_its_comma"),
    pytest.param("dinsos_pkh", half("nik", "3510160107900007"), {"nik_values_unique"}, id="one_nik_for_many"),
    pytest.param("dukcapil_population", half("relation", "ANAK KANDUNG"), {"relation_values_in_code_list"}, id="code_not_in_the_list"),
    pytest.param("dinsos_pkh", half("errors", "nik:last_digit_lost"), {"nik_last_digit_lost_error_share_at_most"}, id="excel_numbers"),
    pytest.param(
        "dinsos_dtsen",
        all_rows("errors", "nik:birth_date_differs"),
        {"nik_birth_date_differs_error_share_at_most", "nik_birth_date_differs_error_share_at_most_delivery"},
        id="columns_sorted_apart",
    ),
    pytest.param("village_survey", half("errors", "village:unknown_village"), {"village_error_share_at_most"}, id="unknown_villages"),
    pytest.param("dinsos_dtsen", half("errors", "tenure:unknown_code"), {"tenure_error_share_at_most"}, id="new_codes"),
    pytest.param(
        "dinsos_pkh",
        lambda records: records.drop(columns="kk_number"),
        {"columns_present_delivery", "kk_number_column_filled"},
        id="column_gone",
    ),
    pytest.param(
        "village_survey", all_rows("delivered_on", pd.Timestamp("2027-01-01")), {"delivered_on_dates_between"}, id="from_the_future"
    ),
]


@pytest.mark.parametrize(("source", "column"), [("dinsos_pkh", "nik"), ("dinsos_dtsen", "area_code"), ("village_survey", "area_code")])
def test_a_column_that_may_be_lacking_refuses_nothing_where_it_lacks(source, column):
    """A list without NIKs is what the contract allows: the last list with them must not stay in force for ever."""
    records = as_canonical(good_records(CONTRACTS[source]).assign(**{column: pd.NA}))
    assert f"{column}_column_filled" in failed(CONTRACTS[source], records), "it is reported"
    assert f"{column}_column_filled_delivery" not in failed(CONTRACTS[source], records)


def test_a_promised_column_refuses_where_it_is_empty():
    """The register promises birth dates and sexes; a file without any of them is not the register."""
    records = as_canonical(good_records(CONTRACTS["dukcapil_population"]).assign(sex=pd.NA))
    assert "sex_column_filled_delivery" in failed(CONTRACTS["dukcapil_population"], records)


@pytest.mark.parametrize(("table", "other"), [("sheet", "B"), ("mention", "caller"), ("file", "b.xlsx")])
def test_a_column_is_judged_where_it_stands(table, other):
    """One village's sheet with NIKs among nine without must not condemn them all, nor be excused by them."""
    records = good_records(CONTRACTS["dinsos_pkh"])
    tenth = records.index[: len(records) // 10]
    records.loc[records.index.difference(tenth), table] = other
    records.loc[records.index.difference(tenth), "nik"] = pd.NA
    assert "nik_column_filled_delivery" not in failed(CONTRACTS["dinsos_pkh"], records)
    records.loc[tenth[len(tenth) // 5 :], "nik"] = pd.NA
    assert "nik_column_filled_delivery" in failed(CONTRACTS["dinsos_pkh"], records), "a fifth filled where the column stands"


@pytest.mark.parametrize(("source", "damage", "expected"), DISASTERS)
def test_each_disaster_is_caught(source, damage, expected):
    """These happen: an office sends half a file, maps a header wrongly, sorts one column alone, or changes its codes."""
    records = damage(good_records(CONTRACTS[source]))
    assert expected <= failed(CONTRACTS[source], records)


def test_both_evaluators_agree_on_disasters():
    """The graph asks Great Expectations, `padan check` asks the predicates: an officer must hear the same from both."""
    for source, contract in CONTRACTS.items():
        records = good_records(contract)
        for case in DISASTERS:
            if case.values[0] == source:  # noqa: PD011 - not a frame
                records = case.values[1](records) if len(records) else records  # noqa: PD011
        for frame in (good_records(contract), records):
            assert validate_with_gx(frame, all_expectations(contract), AS_OF) == evaluate(frame, all_expectations(contract), AS_OF)


def test_a_contract_replaces_a_standard_expectation():
    """An office whose list never has NIKs would otherwise fail for ever."""
    said = CONTRACTS["dinsos_pkh"].model_dump(mode="json")
    own = {"expect": "column_filled", "column": "nik", "at_least": 0.1, "why": "this office never had NIKs"}
    contract = SourceContract.model_validate({**said, "expectations": [own]})
    (ours,) = [one for one in all_expectations(contract) if one.name == "nik_column_filled"]
    assert ours.at_least == 0.1
    assert len(all_expectations(contract)) == len(canonical_expectations(contract))


@pytest.mark.parametrize(
    ("own", "complaint"),
    [
        pytest.param({"expect": "column_filled", "column": "niks"}, "records have no column niks", id="unknown_column"),
        pytest.param({"expect": "column_filled", "column": "village"}, "records have no column village", id="input_column_has_no_values"),
        pytest.param(
            {"expect": "row_count_between", "severity": "publication"}, "only a missing population", id="an_office_cannot_stop_all"
        ),
    ],
)
def test_a_contract_cannot_expect_what_records_do_not_have(own, complaint):
    """Such a line would fail, or pass, in every run without anybody knowing why."""
    said = CONTRACTS["dinsos_pkh"].model_dump(mode="json")
    with pytest.raises(ValidationError, match=complaint):
        SourceContract.model_validate({**said, "expectations": [{**own, "why": "because of it"}]})


def test_the_codes_that_are_expected_exist():
    """A code that intake renames would make its expectation pass for ever."""
    written = "".join(path.read_text(encoding="utf-8") for path in [*(ROOT / "intake").rglob("*.py"), ROOT / "schemas" / "nik.py"])
    assert [code for code, *_ in NIK_CODES if f'"{code}"' not in written] == []


def test_refusing_needs_more_than_warning():
    """A list must be reported before it is refused."""
    usual = [one for roles in USUAL_FILL.values() for one in roles.values()]
    assert all(one.refuse is None or one.refuse < one.warn for one in usual)
