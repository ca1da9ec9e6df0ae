"""Expectations: what each kind counts, what it lets pass, and what a contract may not say."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from schemas.canonical import TEXT
from schemas.expectations import evaluate, parse_expectations, unexpected_rows

AS_OF = dt.date(2026, 10, 1)


def one(**said: object):
    """One expectation from what would stand in YAML."""
    (expectation,) = parse_expectations([{"why": "because", **said}])
    return expectation


def judged(frame: pd.DataFrame, **said: object):
    """The result of one expectation on a frame."""
    (result,) = evaluate(frame, [one(**said)], AS_OF)
    return result


def text(*values: object) -> pd.Series:
    return pd.Series(list(values), dtype=TEXT)


FRAME = pd.DataFrame(
    {
        "nik": text("3510160107900001", "3510160107900001", pd.NA, "351016010790", "3510160107900002\n"),
        "sex": text("L", "P", pd.NA, "X", "l"),
        "birth_date": pd.Series(pd.to_datetime(["1990-07-01", "1890-01-01", None, "2026-10-01", "2026-10-02"])).astype("datetime64[ns]"),
        "decile": pd.Series([1, 10, pd.NA, 0, 11], dtype="Int64"),
        "latitude": [-8.2, np.nan, 114.3, -8.9, -8.0],
        "pregnant": pd.Series([True, False, pd.NA, pd.NA, True], dtype="boolean"),
        "errors": text("nik:length", pd.NA, "nik:length birth_date:impossible", "kk_number:length", "xnik:length nik:length_x"),
    }
)


@pytest.mark.parametrize(
    ("said", "evaluated", "unexpected", "success"),
    [
        pytest.param({"expect": "row_count_between", "min": 5, "max": 5}, 1, 0, True, id="row_count_bounds_are_allowed"),
        pytest.param({"expect": "row_count_between", "min": 6}, 1, 1, False, id="row_count_too_few"),
        pytest.param({"expect": "row_count_between", "max": 4}, 1, 1, False, id="row_count_too_many"),
        pytest.param({"expect": "columns_present", "columns": ["nik", "sex"]}, 2, 0, True, id="columns_there"),
        pytest.param({"expect": "columns_present", "columns": ["nik", "hamlet"]}, 2, 1, False, id="column_lacking"),
        pytest.param({"expect": "column_filled", "column": "nik", "at_least": 0.8}, 5, 1, True, id="filled_at_the_share"),
        pytest.param({"expect": "column_filled", "column": "nik", "at_least": 0.81}, 5, 1, False, id="filled_below_the_share"),
        pytest.param({"expect": "column_filled", "column": "pregnant", "at_least": 0.6}, 5, 2, True, id="filled_boolean"),
        pytest.param({"expect": "column_filled", "column": "latitude"}, 5, 1, False, id="filled_nan_is_missing"),
        pytest.param({"expect": "column_filled", "column": "hamlet", "at_least": 0.0}, 5, 5, False, id="filled_column_lacking"),
        pytest.param({"expect": "values_unique", "column": "nik"}, 4, 2, False, id="unique_counts_both_and_ignores_missing"),
        pytest.param({"expect": "values_in_code_list", "column": "sex", "code_list": "sex"}, 4, 2, False, id="code_list"),
        pytest.param({"expect": "values_in_code_list", "column": "sex", "values": ["L", "P", "X", "l"]}, 4, 0, True, id="own_list"),
        pytest.param({"expect": "values_match", "column": "nik", "regex": "[0-9]{16}"}, 4, 2, False, id="match_whole_value"),
        pytest.param({"expect": "values_match", "column": "sex", "regex": "L|P"}, 4, 2, False, id="match_alternatives_whole"),
        pytest.param({"expect": "values_between", "column": "decile", "min": 1, "max": 10}, 4, 2, False, id="between_integers"),
        pytest.param({"expect": "values_between", "column": "latitude", "max": 90, "at_least": 0.75}, 4, 1, True, id="between_decimals"),
        pytest.param(
            {"expect": "dates_between", "column": "birth_date", "min": "as_of-115y", "max": "as_of"}, 4, 2, False, id="dates_relative"
        ),
        pytest.param({"expect": "dates_between", "column": "birth_date", "max": "as_of+1d"}, 4, 0, True, id="dates_day_after"),
        pytest.param({"expect": "error_share_at_most", "column": "nik", "code": "length", "share": 0.4}, 5, 2, True, id="error_of_code"),
        pytest.param({"expect": "error_share_at_most", "column": "nik", "share": 0.59}, 5, 3, False, id="error_of_column"),
        pytest.param({"expect": "error_share_at_most", "code": "length", "share": 0.8}, 5, 4, True, id="error_of_any_column"),
        pytest.param({"expect": "error_share_at_most", "share": 0.8}, 5, 4, True, id="any_error"),
        pytest.param({"expect": "values_unique", "column": "hamlet"}, 0, 0, False, id="lacking_column_is_no_success"),
    ],
)
def test_counts_of_each_kind(said, evaluated, unexpected, success):
    """A predicate that judges empty cells, half a value, or lets a border case slip miscounts here."""
    result = judged(FRAME, **said)
    assert (result.evaluated, result.unexpected, result.success) == (evaluated, unexpected, success)


def test_missing_rows_are_never_unexpected():
    """A row whose cell is empty must not go to quarantine because of a shape that it does not have."""
    broken = unexpected_rows(FRAME, one(expect="values_match", column="nik", regex="[0-9]{16}", severity="row"), AS_OF)
    assert broken.tolist() == [False, False, False, True, True]
    assert broken.index.equals(FRAME.index)


def test_rows_keep_the_index_of_the_frame():
    """A frame that was filtered before has another index than 0..n; the mask must fit it."""
    part = FRAME.iloc[[3, 1]]
    broken = unexpected_rows(part, one(expect="values_between", column="decile", min=1, max=10, severity="row"), AS_OF)
    assert part[broken].index.tolist() == [3]


def test_table_expectations_have_no_rows():
    """A whole-table expectation cannot quarantine a row; asking for it is a mistake in the program."""
    with pytest.raises(TypeError, match="whole table"):
        unexpected_rows(FRAME, one(expect="row_count_between", min=1), AS_OF)


@pytest.mark.parametrize("expect", ["values_unique", "column_filled"])
def test_an_empty_table_breaks_no_share(expect):
    """Emptiness is what row_count_between speaks of; a share of nothing is not zero."""
    assert judged(FRAME.iloc[:0], expect=expect, column="nik").success
    assert not judged(FRAME.iloc[:0], expect="row_count_between", min=1).success


def test_the_share_of_errors_is_not_a_rounding_error():
    """1 - 0.58 is 0.42000000000000004 in floating point: exactly 58 % of rows in error must pass `share: 0.58`."""
    frame = pd.DataFrame({"errors": text(*["nik:length"] * 58, *[pd.NA] * 42)})
    assert judged(frame, expect="error_share_at_most", share=0.58).success


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        pytest.param({"expect": "row_count_between", "min": 9, "max": 1}, "greater than max", id="bounds_swapped"),
        pytest.param({"expect": "row_count_between", "severity": "row"}, "cannot be `row`", id="row_severity_for_a_table"),
        pytest.param({"expect": "values_between", "column": "decile"}, "min, max or both", id="no_bound"),
        pytest.param({"expect": "values_between", "column": "nik", "min": 1}, "kind identifier", id="number_range_of_text"),
        pytest.param({"expect": "dates_between", "column": "decile", "max": "as_of"}, "kind integer", id="date_range_of_number"),
        pytest.param({"expect": "dates_between", "column": "birth_date", "max": "tomorrow"}, "a date bound is", id="unknown_day"),
        pytest.param({"expect": "dates_between", "column": "birth_date", "min": "2026-02-30"}, "a date bound is", id="impossible_day"),
        pytest.param({"expect": "dates_between", "column": "birth_date", "min": "as_of", "max": "as_of-1y"}, "greater", id="dates_swapped"),
        pytest.param({"expect": "values_in_code_list", "column": "sex", "code_list": "gender"}, "no code list", id="unknown_list"),
        pytest.param({"expect": "values_in_code_list", "column": "sex"}, "either code_list", id="no_list"),
        pytest.param({"expect": "values_match", "column": "nik", "regex": "(?=a)"}, "RE2", id="look_ahead_is_not_re2"),
        pytest.param({"expect": "values_match", "column": "nik", "regex": "["}, "regular expression", id="broken_regex"),
        pytest.param({"expect": "column_filled", "column": "nik", "at_least": 80}, "less than or equal to 1", id="percent_for_share"),
        pytest.param({"expect": "column_filed", "column": "nik"}, "column_filled", id="unknown_kind_lists_the_known"),
        pytest.param({"expect": "column_filled", "column": "nik", "atleast": 1}, "Extra inputs", id="misspelt_key"),
        pytest.param({"expect": "column_filled", "column": "nik", "why": ""}, "at least 3", id="no_reason"),
    ],
)
def test_a_contract_cannot_say_what_makes_no_sense(said, complaint):
    """A misspelt key or a swapped bound that is taken silently would let every delivery pass."""
    with pytest.raises(ValidationError, match=complaint):
        one(**said)


def test_an_unquoted_yaml_date_is_a_day():
    """YAML reads 2020-01-31 without quotes as a date object, not as text."""
    assert one(expect="dates_between", column="birth_date", min=dt.date(2020, 1, 31)).min == "2020-01-31"


def test_relative_days_follow_the_calendar():
    """A year is not 365 days: counted so, the bound of 100 years slips by 25 days."""
    resolved = one(expect="dates_between", column="birth_date", min="as_of-100y", max="as_of-3m").on(AS_OF)
    assert (resolved.min, resolved.max) == ("1926-10-01", "2026-07-01")


def test_names_tell_expectations_apart():
    """Names become asset checks: two with one name would overwrite each other's results."""
    names = [
        one(expect="column_filled", column="nik", at_least=0.9).name,
        one(expect="column_filled", column="nik", at_least=0.3, severity="delivery").name,
        one(expect="error_share_at_most", column="nik", code="length", share=0.1).name,
        one(expect="error_share_at_most", column="nik", share=0.1).name,
        one(expect="error_share_at_most", share=0.1).name,
    ]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalnum() for name in names)
