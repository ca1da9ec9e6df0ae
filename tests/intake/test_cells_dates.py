"""Dates: the column decides what a cell can't; impossible days are never moved to possible ones."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cells.dates import DateReading, order_of, parse_dates, read_date

LATEST = dt.date(2026, 9, 20)
READING = DateReading(latest=LATEST)


def parse(values, formats=("d/m/Y",), *, epoch_1904=False):
    column = parse_dates(pa.array(values, pa.large_string()), formats, epoch_1904=epoch_1904, latest=LATEST)
    errors = column.errors.to_pylist() if column.errors is not None else [None] * len(values)
    rules = column.rules.to_pylist() if column.rules is not None else [None] * len(values)
    return [None if v is None else v.date().isoformat() for v in column.values.to_pylist()], errors, rules


@pytest.mark.parametrize(
    "written",
    ["17/08/1945", "17-8-1945", "17.08.1945", "17 Agustus 1945", "17 agt 1945", "17-AUG-1945", "August 17, 1945", "Jum'at, 17 Agustus 1945",
     "1945-08-17", "1945-08-17T00:00:00", "17081945", "19450817", "17/8/45", "'17/08/1945", "17 / 08 / 1945", "16666"],
)  # fmt: skip
def test_one_day_in_many_writings(written):
    assert read_date(written, READING).value == dt.datetime(1945, 8, 17)


@pytest.mark.parametrize(
    ("written", "month"),
    [(name, month) for month, names in {2: ("Pebruari", "Feb"), 3: ("Maret", "Mrt"), 5: ("Mei", "May"), 8: ("Agustus", "Ags"), 10: ("Okt", "Oktober"),
      11: ("Nopember", "Nov"), 12: ("Des", "Desember")}.items() for name in names],
)  # fmt: skip
def test_indonesian_months_and_their_old_spellings(written, month):
    assert read_date(f"5 {written} 1980", READING).value == dt.datetime(1980, month, 5)


@pytest.mark.parametrize(
    ("written", "error"),
    [
        pytest.param("31/02/1990", "impossible_day", id="31 February is not moved to March"),
        pytest.param("29/02/1981", "impossible_day", id="29 February of no leap year"),
        pytest.param("45/13/1990", "impossible_day", id="no order makes it a date"),
        pytest.param("00/00/0000", "filler", id="zeros"),
        pytest.param("01/01/1900", "filler", id="an empty date cell shown as a date"),
        pytest.param("1965", "year_only", id="a year is not a serial of 1905"),
        pytest.param("3/4/2027", "future_date", id="born after the delivery"),
        pytest.param("3/4/1850", "too_old", id="older than anybody"),
        pytest.param("ABC", "unreadable_date", id="words"),
    ],
)  # fmt: skip
def test_what_is_no_date_has_a_reason(written, error):
    assert read_date(written, READING).error == error


def test_the_column_decides_the_order():
    dates, errors, rules = parse(["03/04/1980", "05/25/1990", "12/31/1970"])
    assert dates == ["1980-03-04", "1990-05-25", "1970-12-31"]
    assert errors == [None] * 3
    assert rules == ["month_first"] * 3


def test_day_first_is_the_custom_when_nothing_proves_it():
    assert parse(["03/04/1980"])[0] == ["1980-04-03"]


def test_a_contract_may_say_month_first():
    assert parse(["03/04/1980"], ["m/d/Y"])[0] == ["1980-03-04"]


def test_where_both_orders_are_proved_an_open_one_is_left_open():
    dates, errors, _ = parse(["25/04/1980", "04/25/1980", "03/04/1980", "07/07/1977"])
    assert dates == ["1980-04-25", "1980-04-25", None, "1977-07-07"]
    assert errors == [None, None, "ambiguous_order", None]


def test_one_slip_among_many_does_not_unsettle_the_column():
    values = [f"{day}/04/1980" for day in range(13, 29)] * 3 + ["05/25/1990", "03/04/1980"]
    dates, _, rules = parse(values)
    assert dates[-2:] == ["1990-05-25", "1980-04-03"]
    assert rules[-2:] == ["month_first", None]


def test_serials_count_from_the_workbooks_epoch():
    assert parse(["29449"], ["serial"])[0] == ["1980-08-16"]
    assert parse(["27987"], ["serial"], epoch_1904=True)[0] == ["1980-08-16"]


def test_a_serial_where_none_was_promised_is_a_named_repair():
    assert parse(["29449"], ["Y-m-d"])[2] == ["serial_number"]
    assert parse(["29449"], ["serial"])[2] == [None]


@pytest.mark.parametrize(("written", "year"), [("1/2/45", 1945), ("1/2/10", 2010), ("1/2/26", 2026), ("1/2/27", 1927), ("1/12/26", None)])
def test_two_digit_years_are_the_newest_possible(written, year):
    outcome = read_date(written, READING)
    assert (outcome.value and outcome.value.year) == year


@pytest.mark.parametrize(
    "written",
    [
        "Banyuwangi, 17-08-1945",
        "BANYUWANGI 17/8/1945",
        "Kab. Banyuwangi / 17 Agustus 1945",
        "Bwi,17081945",
        "Rogojampi; 1945-08-17",
        "Ma'ang (Kalibaru) 17.8.45",
    ],
)
def test_a_place_before_the_date_is_left_out(written):
    outcome = read_date(written, READING)
    assert outcome.value == dt.datetime(1945, 8, 17)
    assert outcome.rule.startswith("place_before_date")


@pytest.mark.parametrize("written", ["March 5, 1980", "Agustsu 5, 1980", "Senin, 5 Mei 1980"])
def test_a_month_or_a_weekday_before_the_day_is_no_place(written):
    outcome = read_date(written, READING)
    assert (outcome.value.day, "place" in (outcome.rule or "")) == (5, False)


@pytest.mark.parametrize("written", ["Banyuwangi 29000", "RT 3", "Banyuwangi, 1980", "Jl. Mawar 5, 12-3-1980", "Banyuwangi"])
def test_a_word_and_a_number_are_no_date(written):
    assert read_date(written, READING).error == "unreadable_date"


def test_the_order_is_proved_by_dates_behind_places_too():
    assert order_of(["Banyuwangi, 04/25/1980", "Muncar, 03/04/1980"], ()) == "month_first"


@given(st.dates(dt.date(1902, 1, 1), dt.date(2026, 9, 1)))
def test_every_writing_of_a_day_reads_back_to_that_day(day):
    if (day.year, day.month, day.day) in {(1904, 1, 1)}:
        return
    for written in (day.strftime("%d/%m/%Y"), day.isoformat(), day.strftime("%d %B %Y")):
        assert read_date(written, READING).value == dt.datetime(day.year, day.month, day.day)


@given(st.text(max_size=25))
def test_any_text_gives_a_possible_day_or_a_reason(text):
    outcome = read_date(text, READING)
    if outcome.value is not None:
        assert outcome.error is None
        assert LATEST.year - 125 <= outcome.value.year
        assert outcome.value.date() <= LATEST


@given(st.integers(0, 99_999_999).map(lambda number: f"{number:08d}"))
def test_eight_digits_are_never_a_plausible_date_in_two_ways(digits):
    # A premise of the reader, which takes the first reading that is a date.
    def plausible(year, month, day):
        try:
            return 1901 <= dt.date(year, month, day).year <= 2026
        except ValueError:
            return False

    assert not (
        plausible(int(digits[4:]), int(digits[2:4]), int(digits[:2])) and plausible(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    )


@given(st.lists(st.one_of(st.none(), st.text("0123456789/-. ", max_size=10)), max_size=15))
def test_a_column_keeps_its_length(values):
    dates, errors, _ = parse([value or None for value in values])
    assert len(dates) == len(errors) == len(values)


def test_the_order_needs_a_proof():
    assert order_of(["03/04/1980"], ["d/m/Y", "m/d/Y"]) == "day_first"
    assert order_of(["25/04/1980"], ["m/d/Y"]) == "day_first"
