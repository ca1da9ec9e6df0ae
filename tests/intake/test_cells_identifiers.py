"""NIK and KK repair: certain repairs are made and named, what a spreadsheet destroyed is never invented."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cells.identifiers import parse_identity_numbers, repair_identity_number
from intake.raw_sheet import EMPTY_CELL, NUMBER_CELL, TEXT_CELL

GOOD = "3510161708450003"


def parse(values, *, numeric=(), kind="nik"):
    types = np.array([EMPTY_CELL if v is None else NUMBER_CELL if i in numeric else TEXT_CELL for i, v in enumerate(values)], np.uint8)
    column = parse_identity_numbers(pa.array(values, pa.large_string()), types, kind)
    errors = column.errors.to_pylist() if column.errors is not None else [None] * len(values)
    return column.values.to_pylist(), errors


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        pytest.param("3510 1617 0845 0003", "separators_removed", id="spaces"),
        pytest.param("35.10.16.170845.0003", "separators_removed", id="dots"),
        pytest.param("'3510161708450003", "separators_removed", id="apostrophe"),
        pytest.param("3510161708450003\u00a0", None, id="no-break space at the end, as in the population book"),
        pytest.param("3510\u200b161708450003", "separators_removed", id="zero-width space"),
        pytest.param("351O16l708450003", "letters_read_as_digits", id="letters O and l"),
        pytest.param("3510161708450003.0", "decimal_ending_removed", id="a float's ending from a csv"),
        pytest.param("NIK: 3510161708450003", "label_removed", id="label"),
        pytest.param("３５１０１６１７０８４５０００３", "separators_removed", id="full-width digits"),
    ],
)
def test_a_certain_repair_gives_the_number_and_its_rule(written, rule):
    outcome = repair_identity_number(written)
    assert (outcome.value, outcome.error) == (GOOD, None)
    if rule is not None:
        assert outcome.rule == rule


@pytest.mark.parametrize(
    ("written", "error"),
    [
        pytest.param("3,51E+15", "scientific_notation", id="decimal comma"),
        pytest.param("3.51002E+15", "scientific_notation", id="decimal point"),
        pytest.param("351016170845003", "length", id="15 digits"),
        pytest.param("35101617084500033", "length", id="17 digits"),
        pytest.param("3510161708450003 / 3510161708450004", "length", id="two numbers in one cell"),
        pytest.param("0000000000000000", "filler", id="zeros"),
        pytest.param("-", "filler", id="hyphen"),
        pytest.param("TIDAK ADA", "filler", id="words for nothing"),
        pytest.param("9999999999999999", "filler", id="nines"),
        pytest.param("35101617084500A3", "not_digits", id="another letter is not read as a digit"),
    ],
)
def test_what_is_not_certain_is_missing_with_its_reason(written, error):
    outcome = repair_identity_number(written)
    assert (outcome.value, outcome.error) == (None, error)


@pytest.mark.parametrize(
    ("nik", "error"),
    [
        pytest.param("3510163208450003", "impossible_day", id="day 32"),
        pytest.param("3510167208450003", "impossible_day", id="day 72, a woman's 32nd"),
        pytest.param("3510163002450003", "impossible_day", id="30 February"),
        pytest.param("3510161713450003", "impossible_month", id="month 13"),
        pytest.param("1234567890123456", "filler", id="rising digits"),
    ],
)
def test_a_number_that_can_be_nobodys_is_missing(nik, error):
    assert parse([nik, GOOD]) == ([None, GOOD], [error, None])


def test_area_and_birth_date_of_others_are_no_reason_to_refuse():
    # Older residents of young sub-districts carry the parent's prefix, and people move: 8 % were first registered elsewhere.
    assert parse(["1171015708450003"]) == (["1171015708450003"], [None])


def test_a_number_column_that_ends_in_zeros_is_excels_damage():
    values = [f"351016170845{n:03d}0" for n in range(1, 9)] + ["3510161708450013"]
    niks, errors = parse(values, numeric=range(9))
    assert niks == values, "15 digits are evidence and stay"
    assert errors == ["last_digit_lost"] * 8 + [None]


def test_exact_numbers_of_another_writer_are_not_called_damaged():
    # A numeric NIK is exact below 2^53; only Excel's own typing loses the 16th digit.
    values = [f"351016170845{n:04d}" for n in range(1, 31)]
    _, errors = parse(values, numeric=range(30))
    assert errors == [None] * 30


def test_a_few_damaged_numbers_among_text_are_found():
    values = [GOOD] * 50 + ["3510161708450010", "3510161708450000"]
    _, errors = parse(values, numeric=(50, 51))
    assert errors == [None] * 50 + ["last_digit_lost"] * 2


def test_serial_zero_does_not_exist_so_its_last_digit_was_lost():
    assert parse(["3510161708450000"]) == (["3510161708450000"], ["last_digit_lost"])


def test_family_cards_have_no_woman_day_and_are_judged_less():
    assert parse(["3510163208450003"], kind="kk") == (["3510163208450003"], [None])
    assert parse(["0000000000000000"], kind="kk") == ([None], ["filler"])


@given(st.text(max_size=30))
def test_any_text_gives_sixteen_digits_or_a_reason(text):
    outcome = repair_identity_number(text)
    if outcome.value is None:
        assert outcome.rule is None
    else:
        assert outcome.error is None
        assert len(outcome.value) == 16
        assert outcome.value.isascii()
        assert outcome.value.isdigit()


@given(st.lists(st.one_of(st.none(), st.text(max_size=20), st.from_regex(r"[0-9]{16}", fullmatch=True)), max_size=20))
def test_a_column_keeps_its_length_and_gives_only_numbers(values):
    values = [value or None for value in values]
    niks, errors = parse(values)
    assert len(niks) == len(errors) == len(values)
    assert all(nik is None or (len(nik) == 16 and nik.isdigit()) for nik in niks)
    assert all(nik is None or error in {None, "last_digit_lost"} for nik, error in zip(niks, errors, strict=True))


@given(st.from_regex(r"35(?:0[1-9]|[1-7][0-9])[0-9]{2}(?:0[1-9]|1[0-9]|2[0-8]|4[1-9]|5[0-9]|6[0-8])(?:0[1-9]|1[0-2])[0-9]{2}[0-9]{3}[1-9]", fullmatch=True),
       st.lists(st.sampled_from([" ", ".", "-", "\u00a0", "\u200b", "'"]), min_size=1, max_size=4), st.randoms(use_true_random=False))  # fmt: skip
def test_separators_anywhere_never_change_the_digits(nik, separators, random):
    written = list(nik)
    for sign in separators:
        written.insert(random.randint(0, len(written)), sign)
    assert repair_identity_number("".join(written)).value == nik
