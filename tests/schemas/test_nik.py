"""The anatomy of NIK and KK: what is certain refuses a number, what is only unusual never does."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.canonical import TEXT
from schemas.nik import birth_inside, digit_matrix, kk_faults, masked, nik_faults


def series(*values):
    return pd.Series(list(values), dtype=TEXT)


@pytest.mark.parametrize(
    ("nik", "fault"),
    [
        pytest.param("3510161708450003", None, id="a man born on 17 August"),
        pytest.param("3510165708450003", None, id="a woman born on 17 August"),
        pytest.param("1171012902000001", None, id="another regency's area, 29 February"),
        pytest.param("351016170845003", "length", id="15 digits"),
        pytest.param("35101617084500033", "length", id="17 digits"),
        pytest.param("351016170845000X", "not_digits", id="a letter"),
        pytest.param("３５１０１６１７０８４５０００３", "not_digits", id="digits of another script"),
        pytest.param("3510160008450003", "impossible_day", id="day 0"),
        pytest.param("3510164008450003", "impossible_day", id="day 40 is neither a man's nor a woman's"),
        pytest.param("3510163104450003", "impossible_day", id="31 April"),
        pytest.param("3510161700450003", "impossible_month", id="month 0"),
        pytest.param("3510161708450000", "serial_zero", id="serial 0000"),
        pytest.param("0000000000000000", "filler", id="zeros"),
        pytest.param("1234567890123456", "filler", id="rising"),
        pytest.param(None, None, id="missing"),
    ],
)
def test_faults_of_a_nik(nik, fault):
    found = nik_faults(series(nik))[0]
    assert found == fault if fault else pd.isna(found)


def test_a_kk_number_has_no_womans_day_and_its_date_is_not_judged():
    assert kk_faults(series("3510163913450003", "351016", "3510161708450000")).fillna("").tolist() == ["", "length", "serial_zero"]


def test_the_birth_inside_a_nik():
    digits, _ = digit_matrix(series("3510165708450003", "3510161708450003"))
    assert [part.tolist() for part in birth_inside(digits)] == [[17, 17], [8, 8], [45, 45], [True, False]]


def test_a_masked_number_shows_its_area_and_no_more():
    assert masked(series("3510161708450003", None)).fillna("").tolist() == ["351016**********", ""]


@given(
    area=st.integers(110101, 949999),
    day=st.dates(dt.date(1920, 1, 1), dt.date(2026, 1, 1)),
    woman=st.booleans(),
    serial=st.integers(1, 9999),
)
def test_a_number_built_by_the_rules_has_no_fault_and_gives_its_parts_back(area, day, woman, serial):
    nik = f"{area}{day.day + 40 * woman:02d}{day.month:02d}{day.year % 100:02d}{serial:04d}"
    if len(set(nik)) == 1 or nik == "1234567890123456":
        return
    assert nik_faults(series(nik)).isna().all()
    digits, _ = digit_matrix(series(nik))
    assert [part.item() for part in birth_inside(digits)] == [day.day, day.month, day.year % 100, woman]


@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=10))
def test_any_text_has_a_fault_or_is_sixteen_digits(values):
    numbers = series(*values)
    faults = nik_faults(numbers)
    _, well_formed = digit_matrix(numbers)
    for value, fault, fine in zip(values, faults, well_formed, strict=True):
        assert (value is None and pd.isna(fault)) or fine or fault in {"length", "not_digits"}
