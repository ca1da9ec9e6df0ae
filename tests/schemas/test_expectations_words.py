"""Sentences of expectations: an officer whose delivery is refused reads what was expected, in words, and what was found."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from schemas.contracts import load_contracts
from schemas.expectations import ExpectationBase, ExpectationResult, evaluate, parse_expectations
from schemas.expectations_canonical import all_expectations
from schemas.expectations_words import column_title, expectation_words, unmet_words

CONTRACTS = load_contracts()


def _one(**said: object) -> ExpectationBase:
    (expectation,) = parse_expectations([{"why": {"id": "alasannya", "en": "the reason"}, **said}])
    return expectation


@pytest.mark.parametrize(
    ("said", "indonesian", "english"),
    [
        pytest.param(
            {"expect": "column_filled", "column": "nik", "at_least": 0.755},
            "NIK terisi pada sekurang-kurangnya 75,5 % baris",
            "NIK filled in at least 75.5% of the rows",
            id="filled",
        ),
        pytest.param(
            {"expect": "row_count_between", "min": 1000, "max": 20000}, "1.000 sampai 20.000 baris", "1,000 to 20,000 rows", id="rows"
        ),
        pytest.param({"expect": "row_count_between", "min": 1}, "Sekurang-kurangnya 1 baris", "At least 1 rows", id="rows_open"),
        pytest.param(
            {"expect": "values_between", "column": "decile", "max": 4},
            "Desil nasional: paling banyak 4 pada setiap isian",
            "decile: at most 4 in each value",
            id="at_most",
        ),
        pytest.param(
            {"expect": "dates_between", "column": "birth_date", "min": "as_of-115y", "max": "as_of", "at_least": 0.999},
            "Tanggal lahir: 115 tahun sebelum tanggal perhitungan sampai tanggal perhitungan pada sekurang-kurangnya 99,9 % isian",
            "birth date: 115 years before the as-of date to the as-of date in at least 99.9% of the values",
            id="dates",
        ),
        pytest.param(
            {"expect": "error_share_at_most", "column": "village", "share": 0.05},
            "Desa/kelurahan: tidak terpakai pada paling banyak 5 % baris",
            "village: unusable in at most 5% of the rows",
            id="errors",
        ),
        pytest.param(
            {"expect": "error_share_at_most", "share": 0.05},
            "Semua kolom: tidak terpakai pada paling banyak 5 % baris",
            "All columns: unusable in at most 5% of the rows",
            id="errors_of_all",
        ),
        pytest.param(
            {"expect": "values_unique", "column": "nik"},
            "NIK: tidak berulang pada setiap isian",
            "NIK: not repeated in each value",
            id="once",
        ),
    ],
)
def test_an_expectation_is_said_in_both_languages(said, indonesian, english):
    assert expectation_words(_one(**said), "id") == indonesian
    assert expectation_words(_one(**said), "en") == english


@pytest.mark.parametrize("source", CONTRACTS)
def test_no_sentence_of_a_source_shows_a_name_meant_for_machines(source):
    """`nik_last_digit_lost_error_share_at_most` tells an officer nothing."""
    for expectation in all_expectations(CONTRACTS[source]):
        for language in ("id", "en"):
            assert not re.search(r"[a-z]_[a-z]", expectation_words(expectation, language)), expectation.name


def test_what_is_not_met_is_said_with_the_numbers_found_and_the_reason():
    frame = pd.DataFrame({"nik": pd.array(["3510010101010001", None, None], "string")})
    expectations = [_one(expect="column_filled", column="nik", at_least=0.5), _one(expect="row_count_between", min=10)]
    judged: list[tuple[ExpectationBase, ExpectationResult]] = list(
        zip(expectations, evaluate(frame, expectations, pd.Timestamp("2026-10-01").date()), strict=True)
    )
    said = unmet_words(judged)
    assert said["why_id"] == (
        "NIK terisi pada sekurang-kurangnya 50 % baris; tidak pada 2 dari 3 (alasannya); Sekurang-kurangnya 10 baris; ada 3 (alasannya)"
    )
    assert said["why_en"] == (
        "NIK filled in at least 50% of the rows; not so in 2 of 3 (the reason); At least 10 rows; there are 3 (the reason)"
    )
    assert unmet_words(judged[:0]) == {}


def test_columns_have_titles_and_an_unknown_one_stands_for_itself():
    assert [column_title(name, "id") for name in ("nik", "address_text", "delivered_on", "c07")] == [
        "NIK",
        "Alamat lengkap",
        "Tanggal serahan",
        "c07",
    ]
    assert column_title("kk_number", "en") == "KK number"
